"""``lowdose surgery``, as a person meets it."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from click.testing import CliRunner
from pypdf import PdfReader

from lowdose.audit import verify
from lowdose.cli.surgery import command
from lowdose.plan import Hold

from ..plan.people import sealed
from ..plan.surgery.plans import BY as WHO
from ..plan.surgery.plans import approved, make

BY = "A. Brown, physician, GMC 0000000"
AT = ["--at", "2027-01-15 08:00"]
EARLY = ["--now", "2026-12-20 09:00"]


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("LOWDOSE_AUDIT", str(tmp_path / "audit"))
    for name, plan in (("draft", make("1.5", "3", "4.5")), ("plan", approved())):
        (tmp_path / f"{name}.json").write_text(json.dumps(plan.document()))
    return tmp_path


@pytest.fixture
def run(folder):
    def run(*arguments, plan="plan"):
        done = CliRunner().invoke(command, [str(folder / f"{plan}.json"), *arguments])
        error = done.exception
        code = getattr(error, "exit_code", done.exit_code) if error else done.exit_code
        return code, " ".join(done.output.split()), str(error or "")

    return run


def test_what_is_read_first_is_when_to_stop(run):
    code, out, _ = run(*AT, *EARLY)
    assert code == 0
    assert out.startswith("STOP No naltrexone after Tuesday 12 January 2027, 08:00: 72 hours, the default")
    for words in ("For the anaesthetist: 72 hours after the last dose about 40 %", "A longer stop is a choice",
                  "Monday 25 January 2027, 14 days after the last dose", "3 to 4 days (SPAQI", "not yet confirmed",
                  "approved by A. Brown", "Rule set not yet clinically reviewed", "Tolerance is lower"):  # fmt: skip
        assert words in out
    for hours in ("24 66 %", "48 53 %", "72 40 %", "96 28 %", "120 19 %"):
        assert hours in out


@pytest.mark.parametrize(
    ("more", "code", "says"),
    [
        (["--now", "2027-01-13 08:00"], 5, "NOT KNOWN The hour to stop has passed, and nobody said"),
        (
            ["--now", "2027-01-13 08:00", "--last-dose", "2027-01-12 22:00"],
            5,
            "NOT KEPT The last dose was taken on Tuesday",
        ),
        (["--now", "2027-01-13 08:00", "--last-dose", "2027-01-11 22:00"], 0, "82 hours before the operation"),
    ],
)
def test_a_stop_that_was_not_kept_or_is_not_known_ends_with_code_5(run, more, code, says):
    found = run(*AT, *more)
    assert found[0] == code
    assert says in found[1]


def test_an_operation_that_is_past_is_asked_about_for_the_start_again(run):
    code, _, error = run(*AT, "--now", "2027-01-17 09:00")
    assert code == 3
    assert "is past" in error
    assert "--restart" in error
    asked = ("--last-dose", "2027-01-11 22:00", "--restart", "2027-01-18", "--no-opioid")
    assert run(*AT, "--now", "2027-01-17 09:00", *asked)[0] == 0


def test_a_start_again_after_the_end_of_the_plan_needs_the_last_dose(run):
    late = ("--at", "2027-06-20 09:00", "--now", "2027-06-25 09:00", "--restart", "2027-06-26", "--no-opioid")
    code, _, error = run(*late)
    assert code == 3
    assert "--last-dose" in error
    assert run(*late, "--last-dose", "2027-06-17 08:00")[0] == 0


def test_json_is_one_object_and_the_decision_is_recorded(run, folder):
    code, out, _ = run(*AT, *EARLY, "--json")
    found = json.loads(out)
    assert code == 0
    assert found["schema"] == "lowdose.surgery/1"
    assert found["stop_by"] == "2027-01-12T08:00:00"
    assert found["kept"] is True
    assert found["restart_asked"] is None
    assert found["inputs"]["at"] == "2027-01-15T08:00:00"
    assert found["inputs"]["hold_hours"] == 72
    assert found["predicted"]["at"][0]["hours"] == 24
    record = verify(folder / "audit")
    assert record.whole
    assert (record.entries[0].what, record.entries[0].outcome) == ("surgery", "stop kept")


@pytest.mark.parametrize(
    ("more", "code", "kind"),
    [
        (["--restart", "2027-01-20", "--no-opioid"], 0, "same-dose"),
        (["--restart", "2027-01-26", "--no-opioid"], 0, "titrate-again"),
        (["--restart", "2027-01-20"], 5, "not-known"),
        (["--restart", "2027-01-20", "--opioid", "oxycodone immediate-release, 2027-01-17"], 5, "wait"),
        (["--restart", "2027-02-20", "--opioid", "oxycodone immediate-release, 2027-01-17"], 0, "titrate-again"),
        (["--restart", "2027-02-20", "--opioid", "oxycodnoe, 2027-02-17"], 5, "not-known"),
    ],
)
def test_starting_again(run, more, code, kind):
    found = run(*AT, *EARLY, *more, "--json")
    assert found[0] == code
    assert json.loads(found[1])["restart_asked"]["kind"] == kind


@pytest.mark.parametrize(
    ("more", "code"),
    [
        (["--no-opioid"], 2),
        (["--opioid", "oxycodone, 2027-01-17"], 2),
        (["--restart", "2027-01-20", "--no-opioid", "--opioid", "oxycodone, 2027-01-17"], 2),
        (["--restart", "2027-01-20", "--opioid", "oxycodone"], 5),
        (["--restart", "2027-01-20", "--opioid", "oxycodone, yesterday"], 5),
        (["--restart", "2027-01-20", "--opioid", ", 2027-01-17"], 3),
        (["--reason", "x"], 2),
        (["--hold-hours", "48"], 3),
        (["--hold-hours", "48", "--reason", "practice"], 3),
        (["--hold-hours", "48", "--reason", "practice", "--by", "A. Brown"], 3),
        (["--hold-hours", "48", "--reason", "practice", "--by", BY], 0),
        (["--hold-hours", "96", "--reason", "as asked"], 0),
        (["--site", "none.yaml"], 3),
        (["--site", "none.yaml", "--reason", "x"], 2),
        (["--at", "15 January"], 2),
        (["-o", "plan.docx"], 3),
    ],
)
def test_what_is_not_understood_or_not_allowed(run, more, code):
    assert run(*AT, *EARLY, *more)[0] == code


def test_the_stop_is_that_of_the_plan(run, folder):
    agreed = sealed(make("1.5", "3", "4.5", hold=Hold(96, reason="as agreed")), WHO, datetime(2026, 12, 1, tzinfo=UTC))
    (folder / "agreed.json").write_text(json.dumps(agreed.document()))
    code, out, _ = run(*AT, *EARLY, "--json", plan="agreed")
    assert code == 0
    assert json.loads(out)["stop_by"] == "2027-01-11T08:00:00"
    assert run(*AT, *EARLY, "--hold-hours", "72", "--reason", "in a hurry", plan="agreed")[0] == 3
    assert run(*AT, *EARLY, "--hold-hours", "72", "--reason", "in a hurry", "--by", BY, plan="agreed")[0] == 0


def test_another_stop_is_recorded_with_who_answers_for_it(run, folder):
    run(*AT, *EARLY, "--hold-hours", "48", "--reason", "practice", "--by", BY)
    assert verify(folder / "audit").entries[0].who == BY


def test_documents(run, folder):
    page = folder / "surgery.pdf"
    assert run(*AT, *EARLY, "-o", str(page))[0] == 0
    assert page.read_bytes()[:5] == b"%PDF-"
    said = " ".join(PdfReader(page).pages[0].extract_text().split())
    assert "Operation: stop and restart" in said
    assert "What the sources say" in said


def test_a_draft_says_so(run):
    assert "DRAFT – NOT APPROVED" in run(*AT, *EARLY, plan="draft")[1]


def test_a_file_that_is_no_plan(run):
    assert run(*AT, plan="none")[0] == 3
