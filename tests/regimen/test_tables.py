"""The YAML and JSON form: what is read, what is refused and where it says so."""

from __future__ import annotations

import json

import pytest

from lowdose.errors import InvalidInput, NotFound
from lowdose.regimen import Form, Regimen

NIGHTLY = {"amount": "4.5 mg", "how_often": "nightly", "for": "12 weeks"}


def regimen_of(*steps, **more):
    return Regimen.from_dict({"schema": "lowdose.regimen/1", "steps": list(steps), **more})


YAML = """
schema: lowdose.regimen/1
form: oral solution
steps:
  - {days: 1-14, amount: 1.5 mg, how_often: nightly, at: 22:00}
  - {days: 15-28, amount: 3 mg}
  - {amount: 4.5 mg, for: 8 weeks}
missing_days: [3, 10-12]
"""


def test_yaml_reads_a_bare_clock_time(tmp_path):
    file = tmp_path / "mine.yaml"
    file.write_text(YAML)
    assert Regimen.load(file).canonical == (
        "1.5 mg nightly at 22:00 for 2 weeks, then 3 mg for 2 weeks, "
        "then 4.5 mg for 8 weeks as oral solution missing days 3, 10-12"
    )


def test_json_file(tmp_path):
    file = tmp_path / "mine.json"
    regimen = Regimen.parse("1 mg daily for 1 week as cream, then 2 mg for 1 week as capsule missing day 2")
    file.write_text(json.dumps(regimen.to_dict()))
    assert Regimen.load(str(file)) == regimen


def test_days_that_no_step_covers_are_a_pause_with_a_note():
    later = {"amount": "3 mg", "days": "29-42"}
    regimen = regimen_of({"amount": "1.5 mg", "how_often": "nightly", "at": "22:00", "days": "1-14"}, later)
    assert regimen.canonical == ("1.5 mg nightly at 22:00 for 2 weeks, then no dose for 2 weeks, then 3 mg for 2 weeks")
    assert regimen.notes == ("no dose on days 15-28: no step covers them",)


def test_the_form_stands_for_every_step():
    assert regimen_of(NIGHTLY, form="sublingual").form is Form.SUBLINGUAL


@pytest.mark.parametrize(
    ("steps", "more", "where", "what"),
    [
        (
            [{**NIGHTLY, "for": None, "days": "1-14"}, {"amount": "3 mg", "days": "10-28"}],
            {},
            "steps[1].days",
            "steps 1 and 2 both cover days 10-14",
        ),
        ([NIGHTLY, {"amount": "3 mg", "days": "84"}], {}, "steps[1].days", "steps 1 and 2 both cover day 84"),
        (
            [{**NIGHTLY, "for": None, "days": "1-5"}, {"amount": "3 mg", "days": "1-2, 4"}],
            {},
            "steps[1].days",
            "the days have a gap",
        ),
        ([{**NIGHTLY, "for": None, "days": "3-14"}], {}, "steps[0].days", "the first step starts on day 3"),
        ([{**NIGHTLY, "days": "1-14"}], {}, "steps[0]", "both days and for"),
        ([{**NIGHTLY, "amount": "4.5 ml"}], {}, "steps[0].amount: 4.5 ml", "unknown unit 'ml'"),
        ([{**NIGHTLY, "amount": 4.5}], {}, "steps[0].amount: 4.5", "a unit is missing"),
        ([{**NIGHTLY, "amount": "0 mg"}], {}, "steps[0].amount", "the dose is zero"),
        ([{**NIGHTLY, "amount": "-1 mg"}], {}, "steps[0].amount", "the dose is negative"),
        ([{**NIGHTLY, "amount": "151 mg"}], {}, "steps[0].amount", "more than 150 mg"),
        ([{**NIGHTLY, "for": "0 weeks"}], {}, "steps[0].for", "the duration is zero"),
        ([{**NIGHTLY, "at": "25:00"}], {}, "steps[0].at", "no such time of day"),
        ([{**NIGHTLY, "form": "patch"}], {}, "steps[0].form", "unknown form 'patch'"),
        ([{**NIGHTLY, "how_oft": "x"}], {}, "steps[0].how_oft", "no field is named 'how_oft'"),
        ([{"how_often": "nightly"}], {}, "steps[0].amount", "a field is missing"),
        ([NIGHTLY], {"missing_days": [90]}, "missing_days", "day 90 is after the last day"),
        ([NIGHTLY], {"schema": "lowdose.regimen/2"}, "schema", "lowdose.regimen/1"),
        ([], {}, "steps", "at least 1 item"),
        ([{"amount": "no dose", "for": "1 week"}, NIGHTLY], {}, "steps[0].amount", "starts with a pause"),
    ],
)
def test_refused(steps, more, where, what):
    data = {
        "schema": "lowdose.regimen/1",
        "steps": [{k: v for k, v in step.items() if v is not None} for step in steps],
    }
    with pytest.raises(InvalidInput) as caught:
        Regimen.from_dict({**data, **more})
    assert caught.value.exit_code == 3
    assert what in caught.value.what
    assert caught.value.where.startswith(where)
    assert caught.value.remedy


def test_what_is_no_mapping_is_refused():
    with pytest.raises(InvalidInput) as caught:
        Regimen.from_dict("4.5 mg nightly")  # type: ignore[arg-type]
    assert "schema" in caught.value.remedy


@pytest.mark.parametrize(
    ("name", "text", "what"),
    [
        ("a.yaml", "schema: [", "not YAML"),
        ("a.yaml", "schema: lowdose.regimen/1\nsteps: []\nsteps: []", "'steps' is said twice"),
        ("a.yaml", "? [1, 2]\n: 3", "not YAML"),
        ("a.yaml", "- &a [*a]", "not YAML"),
        ("a.yaml", "4.5 mg nightly", "valid dictionary"),
        ("a.json", "{", "not JSON"),
        ("a.json", '{"schema": 1, "schema": 2}', "'schema' is said twice"),
        ("a.json", "[" * 100_000, "not JSON"),
        ("a.txt", "4.5 mg nightly", "unknown kind of file '.txt'"),
        ("a.csv", "TIME,AMT", "no rows"),
        ("a.csv", "TIME,TIME,AMT\n0,0,1", "column TIME stands there twice"),
        ("a.csv", "TIME,AMT\n0,1,2", "3 cells under 2 columns"),
    ],
)
def test_files_that_are_refused(tmp_path, name, text, what):
    file = tmp_path / name
    file.write_text(text)
    with pytest.raises(InvalidInput) as caught:
        Regimen.load(file)
    assert what in caught.value.what
    assert str(file) in caught.value.where
    assert caught.value.remedy


def test_the_caret_of_a_file_is_under_the_place(tmp_path):
    file = tmp_path / "mine.yaml"
    file.write_text(YAML.replace("3 mg", "3 ml"))
    with pytest.raises(InvalidInput) as caught:
        Regimen.load(file)
    shown, carets = str(caught.value).splitlines()[1:3]
    assert shown[carets.index("^") : carets.rindex("^") + 1] == "ml"


def test_no_such_file_and_not_text(tmp_path):
    with pytest.raises(NotFound):
        Regimen.load(tmp_path / "nowhere.yaml")
    (tmp_path / "bytes.json").write_bytes(b"\xff\xfe\xff")
    with pytest.raises(InvalidInput, match="cannot be read"):
        Regimen.load(tmp_path / "bytes.json")
    (tmp_path / "folder.yaml").mkdir()
    with pytest.raises(InvalidInput, match="cannot be read"):
        Regimen.load(tmp_path / "folder.yaml")
