"""Patient files: exact errors with their line, and nothing of the input lost."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from lowdose.errors import InvalidInput, LowdoseError, NotFound
from lowdose.safety import Facts, parse_patient, read_patient, screen
from tests.safety.people import ON
from tests.safety.reading import base

HEAD = "schema: lowdose.patient/1\nid: P-017\nrecorded: 2026-11-20\n"
WHOLE = (
    HEAD
    + """\
history: {last_opioid_use: never, kratom: no}
meds:
  other_naltrexone: no
  list:
  - {name: levothyroxine, form: ir, active: yes}
  - {name: codeine, form: ir, active: no, last_taken: 2026-10-01}
patient: {age_y: 44, pregnant: no, breastfeeding: no, pregnancy_possible: no}
lab:
  alt_xuln: {value: 0.8, on: 2026-11-01}
  egfr: 95
conditions: {Hashimoto thyroiditis: yes, thyroid_disease: yes}
conditions_complete: yes
allergy:
"""
)


def test_what_is_written_is_what_is_known(tmp_path: Path) -> None:
    file = tmp_path / "patient.yaml"
    file.write_text(WHOLE, encoding="utf-8")
    patient = read_patient(file)
    facts = patient.facts(ON)
    assert patient.id == "P-017"
    assert facts.value("lab.alt_xuln") == 0.8
    assert facts.age_days("lab.alt_xuln") == 30
    assert facts.age_days("lab.egfr") == 11
    assert facts.value("conditions.hashimoto") is True
    assert facts.value("conditions.cirrhosis") is False
    assert facts.value("allergy.naltrexone") is None
    assert facts.medicines is not None
    assert facts.medicines[1].last_taken == date(2026, 10, 1)


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("assess: {child_pugh: D}", ["assess.child_pugh cannot be 'D'", "line 4", "A, B, C"]),
        ("lab: {egfr: 900}", ["lab.egfr cannot be 900", "line 4", "from 1 to 200 mL/min/1.73 m²"]),
        ("lab: {egrf: 90}", ["lab.egrf", "line 4", "lab.egfr"]),
        ("laboratory: {egfr: 90}", ["laboratory", "line 4", "lab"]),
        ("patient: {age_y: yes}", ["patient.age_y cannot be yes", "line 4"]),
        ("patient: {pregnant: maybe}", ["patient.pregnant cannot be 'maybe'", "yes or no"]),
        ("patient: {pregnant: 0}", ["patient.pregnant cannot be 0"]),
        ("pro: {phq9_item9: 1.5}", ["a whole number from 0 to 3"]),
        ("history: {last_opioid_use: 2027-01-01}", ["2027-01-01 is after 2026-11-20"]),
        ("history: {last_opioid_use: 2026-13-01}", ["line 4"]),
        ("lab: {egfr: {value: 90, on: 2026-12-24}}", ["after"]),
        ("lab: {egfr: {value: 90, at: 2026-11-01}}", ["value and on"]),
        ("lab:\n  egfr: 90\n  egfr: 45", ["lab.egfr stands twice", "line 6"]),
        ("lab: {egfr: 0x5A}", ["'0x5A'", "line 4"]),
        ("lab: {egfr: 1:30}", ["'1:30'"]),
        ("lab: {egfr: &a 90, alt_xuln: *a}", ["alias"]),
        ("lab: {egfr: !!python/name:os.system x}", ["line 4"]),
        ("lab: [90]", ["lab", "line 4"]),
        ("conditions: {kidney transplnt: yes}", ["kidney transplnt", "kidney transplant"]),
        ("conditions: {kidney transplant: no}", ["leaves other kinds open", "transplant: no"]),
        ("conditions: {transplant: no, kidney transplant: yes}", ["there and not to be there"]),
        ("conditions: [cirrhosis, foo]", ["foo", "line 4"]),
        ("conditions: 5", ["conditions"]),
        ("conditions_complete: 7", ["conditions_complete"]),
        ("meds: {list: codeine}", ["a list of medicines"]),
        ("meds: {list: [{name: codeine, dose: 5}]}", ["medicine 1", "'dose'"]),
        ("meds: {list: [{form: ir}]}", ["a name and what is known of it"]),
        ("meds: {list: [ibuprofen]}", ["medicine 1", "{name: ibuprofen, active: yes}"]),
        ("meds: {list: [{name: codeine, form: tablet}]}", ["'tablet'", "ir, er, patch"]),
        ("meds: {list: [{name: codeine, active: 3}]}", ["active"]),
        ("meds: {list: [{name: codeine, days_ago: -3}]}", ["days_ago"]),
        ("meds: {list: [{name: codeine, days_ago: 3, last_taken: 2026-11-01}]}", ["twice"]),
        ("meds: {list: [{name: codeine, last_taken: soon}]}", ["last_taken"]),
        ("meds: {list: [{name: codeine, last_taken: 2027-01-01}]}", ["after"]),
        ("meds: {list: [{name: codeine, confirmed: 5}]}", ["confirmed"]),
        ("? [a]\n: b", ["a key is one word"]),
        ("lab: {egfr: 90", ["not valid YAML", "line"]),
        ("history: {last_opioid_use: never, nonmedical_opioid_days: 3}", ["contradicts"]),
    ],
)  # fmt: skip
def test_a_mistake_is_told_with_its_place_and_remedy(line: str, says: list[str]) -> None:
    with pytest.raises(LowdoseError) as caught:
        parse_patient(HEAD + line, "p.yaml")
    assert "p.yaml" in caught.value.where
    for words in says:
        assert words in str(caught.value)


def test_the_day_of_the_record_may_stand_in_quotes() -> None:
    text = 'schema: lowdose.patient/1\nid: P-1\nrecorded: "2026-11-20"'
    assert parse_patient(text).recorded.isoformat() == "2026-11-20"


@pytest.mark.parametrize(
    "text",
    [
        "", "[]", "a", "schema: lowdose.patient/2", "schema: lowdose.patient/1\nid: Jane Doe\nrecorded: 2026-11-20",
        "schema: lowdose.patient/1\nid: P-1", "x: " + "[" * 50 + "]" * 50, "a: b\n" * 300_000, "a: b\n---\nc: d",
    ],
)  # fmt: skip
def test_a_file_that_is_no_patient_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput):
        parse_patient(text)


def test_a_missing_file_and_one_that_is_no_text(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="cannot be read"):
        read_patient(tmp_path / "nobody.yaml")
    (tmp_path / "p.yaml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(InvalidInput, match="UTF-8"):
        read_patient(tmp_path / "p.yaml")


def test_a_record_made_after_the_day_of_the_screen_is_refused() -> None:
    patient = parse_patient(WHOLE)
    with pytest.raises(InvalidInput, match="after"):
        patient.facts(date(2026, 11, 10))


def test_the_digest_changes_with_any_answer() -> None:
    assert parse_patient(WHOLE).digest == parse_patient(WHOLE).digest
    assert parse_patient(WHOLE).digest != parse_patient(WHOLE.replace("egfr: 95", "egfr: 94")).digest


def test_a_whole_file_is_screened_as_its_facts_are() -> None:
    lines = [HEAD.replace("2026-11-20", "2026-12-01")]
    sections: dict[str, list[str]] = {}
    for name, value in base().items():
        section, _, key = name.partition(".")
        text = ("yes" if value else "no") if isinstance(value, bool) else str(value)
        sections.setdefault(section, []).append(f"  {key}: {text}\n")
    for section, answers in sections.items():
        lines += [f"{section}:\n", *answers]
    from_file = screen(parse_patient("".join(lines)), on=ON)
    assert from_file.document() == screen(Facts.of(base(), on=ON), on=ON).document()


def test_an_unknown_fact_in_python_has_near_misses() -> None:
    with pytest.raises(NotFound, match=r"lab\.egrf"):
        Facts.of({"lab.egrf": 95}, on=ON)
