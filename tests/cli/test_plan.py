"""``lowdose plan``, as a person meets it: made, refused, approved, handed out; exit codes."""

from __future__ import annotations

import json
from datetime import date, timedelta

import pytest
from click.testing import CliRunner
from icalendar import Calendar
from pypdf import PdfReader

from lowdose.cli.plan import command

TODAY = date.today()
START = TODAY + timedelta(days=4)
ANSWERS = f"""\
schema: lowdose.patient/1
id: P-017
recorded: {TODAY}
history: {{last_opioid_use: never, kratom: no, drug_sensitive: no}}
meds: {{list: [], other_naltrexone: no}}
patient: {{age_y: 40, pregnancy_possible: no, breastfeeding: no}}
assess: {{withdrawal_signs: no, cows: not applicable, naloxone_challenge: not done}}
lab: {{urine_opioid: not done, alt_xuln: 0.8, ast_xuln: 0.8, bili_xuln: 0.5, egfr: 95}}
allergy: {{naltrexone: no, excipient_match: no}}
pro: {{phq9_item9: 0, phq9_total: 2}}
diary: {{suicidal: no}}
consent: {{off_label: yes}}
conditions_complete: yes
"""
BY = "A. Brown, physician, GMC 0000000"
ASKED = ("--protocol", "standard", "--start", str(START))


@pytest.fixture
def run(tmp_path, monkeypatch):
    monkeypatch.setenv("LOWDOSE_AUDIT", str(tmp_path / "audit"))
    monkeypatch.chdir(tmp_path)
    (tmp_path / "patient.yaml").write_text(ANSWERS)

    def run(*arguments):
        done = CliRunner().invoke(command, list(arguments))
        error = done.exception
        code = getattr(error, "exit_code", done.exit_code) if error else done.exit_code
        return code, done.stdout, f"{error or ''}{done.stderr}"

    return run


def log(tmp_path):
    from lowdose.audit import entries

    return [entry for entry, _ in entries(tmp_path / "audit")]


def test_a_plan_is_read_in_ten_seconds(run):
    code, out, _ = run(*ASKED, "--patient", "patient.yaml")
    lines = out.splitlines()
    assert code == 0
    assert lines[0] == "Low-dose naltrexone, protocol STD-1.5, general: DRAFT – NOT APPROVED"
    steps = [line for line in lines if "bedtime" in line and "●" in line]
    assert [line.split()[1] for line in steps] == [str(START + timedelta(days=n)) for n in (0, 14, 28)]
    assert "predicted, not measured at this dose" in out
    assert "before an operation: Stop at least 72 hours (3 days) before it" in out
    assert "the cautious end of the source's range, 7 to 14 days" in out
    assert "not yet clinically reviewed" in out


def test_json_is_the_plan_itself_and_can_be_approved(run, tmp_path):
    code, out, _ = run(*ASKED, "--patient", "patient.yaml", "--json")
    assert code == 0
    plan = json.loads(out)
    assert plan["schema"] == "lowdose.plan/1"
    assert plan["protocol"] == "STD-1.5"
    assert plan["approval"] is None
    assert [step["dose_mg"] for step in plan["steps"]] == ["1.5", "3", "4.5"]
    (tmp_path / "plan.json").write_text(out)
    code, out, _ = run("approve", "plan.json", "--by", BY)
    assert code == 0
    assert f"approved by {BY}" in " ".join(out.split())
    assert json.loads((tmp_path / "plan.json").read_text())["approval"]["by"]["name"] == "A. Brown"


def test_only_an_approved_plan_becomes_a_calendar_or_a_leaflet(run, tmp_path):
    assert run(*ASKED, "--patient", "patient.yaml", "-o", "plan.json")[0] == 0
    drawn = (("leaflet", "plan.json", "-o", "leaflet.pdf"), ("card", "plan.json", "-o", "card.pdf"))
    for arguments in (("calendar", "plan.json", "-o", "plan.ics"), *drawn):
        code, _, error = run(*arguments)
        assert code == 5
        assert "approve" in error
    assert not (tmp_path / "plan.ics").exists()
    assert not (tmp_path / "leaflet.pdf").exists()
    assert not (tmp_path / "card.pdf").exists()
    assert run("approve", "plan.json", "--by", BY)[0] == 0
    code, out, _ = run("calendar", "plan.json", "-o", "plan.ics", "--json")
    assert code == 0
    assert json.loads(out)["approved"] is True
    assert len(Calendar.from_ical((tmp_path / "plan.ics").read_bytes()).walk("VEVENT")) > 8
    for arguments in drawn:
        assert run(*arguments)[0] == 0
        assert (tmp_path / arguments[-1]).read_bytes().startswith(b"%PDF")


def test_the_card_is_four_sides_or_one_page_to_cut_and_needs_no_operation(run, tmp_path):
    run(*ASKED, "--patient", "patient.yaml", "--by", BY, "-o", "plan.json")
    code, out, _ = run("card", "plan.json", "-o", "card.pdf", "--json")
    assert code == 0
    assert json.loads(out)["approved"] is True
    assert run("card", "plan.json", "--size", "a4", "-o", "cut.pdf")[0] == 0
    assert [len(PdfReader(tmp_path / name).pages) for name in ("card.pdf", "cut.pdf")] == [4, 1]


def test_the_stop_of_a_site_is_in_the_plan_and_on_the_card(run, tmp_path):
    (tmp_path / "site.yaml").write_text("{schema: lowdose.surgery.site/1, hold_hours: 96, reason: as we agreed}")
    asked = (*ASKED, "--patient", "patient.yaml", "--by", BY, "-o", "plan.json")
    assert run(*asked, "--site", "site.yaml")[0] == 0
    assert json.loads((tmp_path / "plan.json").read_text())["hold"]["hours"] == 96
    run("card", "plan.json", "-o", "card.pdf")
    said = " ".join(page.extract_text() for page in PdfReader(tmp_path / "card.pdf").pages)
    assert "Stop at least 96 hours (4 days) before it" in " ".join(said.split())
    assert run(*asked, "--site", "none.yaml")[0] == 3


def test_a_changed_file_is_a_draft_again(run, tmp_path):
    run(*ASKED, "--patient", "patient.yaml", "--by", BY, "-o", "plan.json")
    text = (tmp_path / "plan.json").read_text()
    (tmp_path / "plan.json").write_text(text.replace('"dose_mg": "4.5"', '"dose_mg": "45"'))
    assert run("calendar", "plan.json", "-o", "plan.ics")[0] == 5
    code, out, _ = run("note", "plan.json", "--json")
    assert code == 0
    assert json.loads(out)["standing"] == "DRAFT – NOT APPROVED"
    code, _, error = run("approve", "plan.json", "--by", BY)
    assert code == 3
    assert "changed since lowdose wrote it" in error


def test_everything_at_once_with_a_named_professional(run, tmp_path):
    files = ("-o", "plan.json", "-o", "plan.pdf", "--ics", "plan.ics")
    assert run(*ASKED, "--patient", "patient.yaml", "--by", BY, *files)[0] == 0
    assert (tmp_path / "plan.pdf").read_bytes().startswith(b"%PDF")
    assert (tmp_path / "plan.ics").exists()
    code, out, _ = run("note", "plan.json")
    assert code == 0
    assert "Lower opioid tolerance" in " ".join(out.split())
    assert run("consent", "plan.json", "--condition", "fibromyalgia", "-o", "consent.pdf")[0] == 0
    assert [(entry.what, entry.who) for entry in log(tmp_path)] == [("plan", BY)]


def test_a_calendar_is_not_written_of_a_draft_and_everything_else_is(run, tmp_path):
    (tmp_path / "plan.ics").write_text("of an older plan")
    line = (*ASKED, "--patient", "patient.yaml", "-o", "plan.pdf", "-o", "plan.json", "--ics", "plan.ics")
    code, out, error = run(*line, "--json")
    assert code == 5
    (refused,) = json.loads(out)["not_written"]
    assert refused["file"] == "plan.ics"
    assert refused["what"] == (
        "no calendar is written: the plan is not approved, or was changed after it was. "
        "The plan.ics that is there is older and left as it is."
    )
    assert "lowdose plan approve" in refused["remedy"]
    assert refused["what"] in error
    assert (tmp_path / "plan.ics").read_text() == "of an older plan"
    for page in PdfReader(tmp_path / "plan.pdf").pages:
        assert "DRAFT – NOT APPROVED" in " ".join(page.extract_text().split())
    (tmp_path / "printed.json").write_text(out)
    for name in ("plan.json", "printed.json"):
        assert run("approve", name, "--by", BY)[0] == 0
        assert "not_written" not in json.loads((tmp_path / name).read_text())
    code, out, _ = run(*line, "--json", "--by", BY)
    assert code == 0
    assert "not_written" not in json.loads(out)
    assert Calendar.from_ical((tmp_path / "plan.ics").read_bytes())
    assert run(*line)[0] == 5


def test_a_refusal_says_what_to_answer_leaves_with_5_and_is_recorded(run, tmp_path):
    (tmp_path / "patient.yaml").write_text(ANSWERS.replace(", egfr: 95", ""))
    code, _, error = run(*ASKED, "--patient", "patient.yaml", "-o", "plan.json")
    assert code == 5
    assert "not known (REN-001)" in error
    assert not (tmp_path / "plan.json").exists()
    code, out, _ = run(*ASKED, "--patient", "patient.yaml", "--json")
    found = json.loads(out)
    assert (code, found["schema"], found["screen"]["outcome"]) == (5, "lowdose.plan-refused/1", "incomplete")
    assert {entry.outcome for entry in log(tmp_path)} == {"refused: incomplete"}


def test_the_text_of_consent_is_drawn_before_there_is_a_plan(run, tmp_path):
    (tmp_path / "patient.yaml").write_text(ANSWERS.replace("off_label: yes", "off_label: no"))
    code, _, error = run(*ASKED, "--patient", "patient.yaml")
    assert code == 5
    line = "lowdose plan consent --protocol STD-1.5 --condition NAME -o consent.pdf"
    assert line in error
    asked = line.replace("NAME", "fibromyalgia").split()[2:]
    code, out, _ = run(*asked, "--json")
    assert code == 0
    assert json.loads(out) == {
        "schema": "lowdose.plan-written/1", "plan": None, "protocol": "STD-1.5", "approved": False,
        "standing": "DRAFT – NOT APPROVED", "written": "consent.pdf",
    }  # fmt: skip
    said = " ".join(page.extract_text() for page in PdfReader(tmp_path / "consent.pdf").pages)
    assert "Fibromyalgia" in said
    assert "What I agree to" in said
    for wrong in (("-o", "x.pdf"), ("plan.json", "--protocol", "standard", "-o", "x.pdf")):
        assert run("consent", *wrong)[0] == 2
    assert run("consent", "--protocol", "FINAL", "-o", "x.pdf")[0] == 5
    assert run("consent", "--protocol", "standard", "--condition", "nonsense", "-o", "x.pdf")[0] == 4
    assert not (tmp_path / "x.pdf").exists()


def test_a_rule_is_overridden_only_by_name_and_with_a_reason(run, tmp_path):
    (tmp_path / "patient.yaml").write_text(ANSWERS.replace("alt_xuln: 0.8", "alt_xuln: 3.5"))
    arguments = (*ASKED, "--patient", "patient.yaml")
    assert run(*arguments)[0] == 5
    assert run(*arguments, "--override", "HEP-004: cause found, it falls")[0] == 2
    assert run(*arguments, "--by", BY, "--override", "HEP-004")[0] == 2
    assert run(*arguments, "--by", BY, "--override", "OPI-001: in a hurry")[0] == 3
    code, _, _ = run(*arguments, "--by", BY, "--override", "HEP-004: cause found, it falls")
    assert code == 0
    assert log(tmp_path)[-1].overrides[0]["reason"] == "cause found, it falls"


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("--protocol", "FINAL"), 5),
        (("--protocol", "nonsense"), 4),
        (("--protocol", "SENS-0.5"), 3),
        (("--protocol", "standard", "--interval", "5"), 3),
        (("--protocol", "standard", "--ceiling", "a lot"), 2),
        (("--protocol", "standard", "--ceiling", "nan"), 2),
        (("--protocol", "standard", "--ics", "plan.txt"), 3),
        (("--protocol", "standard", "-o", "plan.docx"), 3),
        (("--protocol", "standard", "-o", "nowhere/plan.pdf"), 3),
        (("--protocol", "standard", "--by", "somebody"), 3),
    ],
)  # fmt: skip
def test_exit_codes(run, arguments, code):
    rest = ("--start", str(START), "--patient", "patient.yaml")
    assert run(*arguments, *rest)[0] == code


def test_the_list_shows_all_sixteen_and_says_which_give_no_plan(run):
    code, out, _ = run("list")
    assert code == 0
    assert sum(line.strip().endswith("no plan") for line in out.splitlines()) == 4
    found = json.loads(run("list", "--json")[1])
    assert len(found["protocols"]) == 16


def test_a_scheme_as_the_list_names_it_is_refused_with_how_to_ask_for_it(run):
    listed = run("list")[1]
    assert "IBD (stepped)" in listed
    assert "--scheme" in listed
    code, _, error = run("--protocol", "IBD (stepped)", "--start", str(START), "--patient", "patient.yaml")
    assert code == 4
    assert "--protocol IBD --scheme stepped" in error
    asked = ("--protocol", "IBD", "--scheme", "stepped", "--start", str(START), "--patient", "patient.yaml")
    assert run(*asked)[0] == 0


def test_a_draft_that_was_changed_is_not_approved_and_left_as_it_is(run, tmp_path):
    run(*ASKED, "--patient", "patient.yaml", "-o", "plan.json")
    path = tmp_path / "plan.json"
    path.write_text(path.read_text().replace('"note": ""', '"note": "Take with opioids"'))
    changed = path.read_bytes()
    code, _, error = run("approve", "plan.json", "--by", BY)
    assert code == 3
    assert "changed since lowdose wrote it" in error
    assert "make it again" in error
    assert path.read_bytes() == changed


def test_a_protocol_is_shown_with_its_source_and_its_gaps(run):
    code, out, _ = run("show", "FINAL")
    assert code == 0
    assert "Gives no plan" in out
    assert "not known: the copy breaks off" in out
    assert "NCT04270877" in out
    assert json.loads(run("show", "sens-0.5", "--json")[1])["id"] == "SENS-0.5"
