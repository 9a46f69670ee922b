"""`lowdose screen`: files, options, questions; what is shown first; exit codes."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from lowdose.cli.screen import command
from lowdose.errors import InvalidInput, NotFound
from lowdose.safety import questions, read_patient, rule_set, tables
from lowdose.safety.rules import rule_set as rules

ON = ["--on", "2026-12-01"]
HEALTHY = """\
schema: lowdose.patient/1
id: P-017
recorded: 2026-12-01
history: {last_opioid_use: never, kratom: no, cannabis: no}
meds: {list: [], other_naltrexone: no, prednisone_eq_mg: 0}
conditions_complete: yes
patient: {age_y: 45, pregnant: no, breastfeeding: no, pregnancy_possible: no}
assess: {withdrawal_signs: no, cows: not applicable, naloxone_challenge: not done}
lab: {urine_opioid: not done, alt_xuln: 0.6, ast_xuln: 0.5, egfr: 95}
allergy: {naltrexone: no, excipient_match: no}
pro: {phq9_item9: 0, phq9_total: 2}
diary: {suicidal: no}
consent: {off_label: yes}
plan: {drawn_up: no}
"""

Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("LOWDOSE_AUDIT", str(tmp_path / "audit"))

    def run(*arguments: str, typed: str | None = None) -> Result:
        return CliRunner().invoke(command, [*arguments, *ON], input=typed)

    return run


@pytest.fixture
def healthy(tmp_path: Path) -> Path:
    path = tmp_path / "p.yaml"
    path.write_text(HEALTHY, encoding="utf-8")
    return path


def document(found: Result) -> Any:
    return json.loads(found.stdout)


def test_the_example_of_the_issue(run: Run) -> None:
    found = run(
        "--taking", "tramadol", "--last-opioid", "oxycodone immediate-release, 2026-11-20",
        "--condition", "kidney transplant", "--child-pugh", "C", "--pregnant", "no", "--json",
    )  # fmt: skip
    assert found.exit_code == 5
    told = document(found)
    assert told["schema"] == "lowdose.screen/1"
    assert told["outcome"] == "block"
    assert {"OPI-001", "HEP-002", "IMM-001"} <= {one["id"] for one in told["fired"]}
    assert told["earliest_start"] is None
    assert "tramadol" in told["earliest_start_reason"]
    assert told["inputs"]["conditions.transplant"]["value"] is True


def test_a_drug_named_as_taken_and_as_the_last_opioid_is_one_entry_and_asked_about_once(run: Run) -> None:
    options = ["--taking", "tramadol", "--last-opioid", "tramadol, 2026-11-30"]
    shown = run(*options).stdout
    assert shown.count("In which form is tramadol taken") == 1
    (entry,) = document(run(*options, "--json"))["inputs"]["meds.list"]["value"]
    assert (entry["name"], entry["active"], entry["last_taken"]) == ("tramadol", True, "2026-11-30")


def test_of_two_names_for_one_drug_the_one_with_its_form_is_kept(run: Run) -> None:
    told = document(run("--taking", "Zydol", "--last-opioid", "tramadol immediate-release, 2026-11-30", "--json"))
    (entry,) = told["inputs"]["meds.list"]["value"]
    assert (entry["name"], entry["form"], entry["active"]) == ("tramadol immediate-release", "ir", True)
    assert not [one for one in told["to_ask"] if "form" in one]


@pytest.mark.parametrize(
    ("taking", "last"),
    [
        ("tramadol MR", "tramadol immediate-release"),  # two products
        ("tramadol", "codeine"),
        ("co-codamol", "codeine"),  # one holds more
        ("zenithol", "zenithal"),  # nobody knows what either is
    ],
)
def test_two_drugs_stay_two_entries(run: Run, taking: str, last: str) -> None:
    told = document(run("--taking", taking, "--last-opioid", f"{last}, 2026-11-30", "--json"))
    assert [one["name"] for one in told["inputs"]["meds.list"]["value"]] == [taking, last]


def test_no_question_about_a_medicine_is_put_twice(run: Run, healthy: Path) -> None:
    two = "list: [{name: tramadol, active: no, days_ago: 100}, {name: tramadol, active: no, days_ago: 9}]"
    text = HEALTHY.replace("last_opioid_use: never", "last_opioid_use: 2026-11-22, last_opioid_use_certain: yes")
    healthy.write_text(text.replace("list: []", two), encoding="utf-8")
    told = document(run(str(healthy), "--json"))
    assert told["to_ask"] == [
        "In which form is tramadol taken: immediate release (ir), slow release (er), patch, depot or implant?"
    ]


def test_a_healthy_adult(run: Run, healthy: Path) -> None:
    found = run(str(healthy))
    assert found.exit_code == 0, found.output
    assert found.stdout.startswith("CLEAR OF KNOWN RULES")
    assert "rule set not yet clinically reviewed" in found.stdout
    assert "OPI-017" in found.stdout
    assert "ask " not in found.stdout
    assert "72 of 72 rules" in found.stdout


def test_the_outcome_comes_first_then_what_interrupts_then_notes(run: Run, healthy: Path) -> None:
    text = HEALTHY.replace("age_y: 45", "age_y: 70").replace("egfr: 95", "egfr: 45")
    healthy.write_text(
        text.replace("list: []", "list: [{name: levothyroxine, form: ir, active: yes}]"), encoding="utf-8"
    )
    shown = run(str(healthy)).stdout
    places = [
        shown.index(words)
        for words in ("WARNING", "REN-002", "start ", "OPI-017", "ELD-001", "Sources disagree", "checked")
    ]
    assert places == sorted(places)
    assert "898" in shown


@pytest.mark.parametrize(
    ("medicines", "last", "told"),
    [
        ("{name: tramadol, active: yes}", "2026-12-01", "BLOCK"),
        ("{name: oxycodnoe, active: no, days_ago: 5}", "2026-11-26", "BLOCK"),
        ("{name: zenithol forte, active: yes}", "never", "INCOMPLETE"),
        ("{name: warfarin, active: yes}, {name: levothyroxine, active: yes}", "never", "WARNING"),
    ],
)
def test_no_line_of_a_screen_is_repeated_and_all_of_them_align(
    run: Run, healthy: Path, medicines: str, last: str, told: str
) -> None:
    text = HEALTHY.replace("last_opioid_use: never", f"last_opioid_use: {last}, last_opioid_use_certain: yes")
    healthy.write_text(text.replace("list: []", f"list: [{medicines}]"), encoding="utf-8")
    lines = [line.rstrip() for line in run(str(healthy)).stdout.splitlines() if line.strip()]
    assert lines[0].startswith(told)
    assert len(lines) == len(set(lines))
    assert max(map(len, lines)) <= 120
    rows = [re.fullmatch(r"(?:[a-z]+|) +([A-Z]{3}-\d{3}|\d+)  (\S.*)", line) for line in lines[2:]]
    assert len({row.start(1) for row in rows if row}) == len({row.start(2) for row in rows if row}) == 1


def test_nothing_known_without_a_terminal_is_a_mistake_of_use(run: Run) -> None:
    assert run().exit_code == 2


def test_questions(run: Run) -> None:
    shown = run("--questions").stdout
    assert shown.startswith("1. When was any opioid last used")
    assert "12. " in shown
    assert "13. " not in shown
    told = document(run("--questions", "--json"))
    assert told["questions"][0]["settles"][0] == "DAT-001"
    assert "Nothing has to be asked" in run("--questions", *_settling()).stdout


def _settling() -> list[str]:
    pairs = {
        "history.kratom": "no", "meds.other_naltrexone": "no", "assess.withdrawal_signs": "no", "assess.cows": "n/a",
        "assess.naloxone_challenge": "not done", "lab.urine_opioid": "not done", "allergy.naltrexone": "no",
        "allergy.excipient_match": "no", "pro.phq9_item9": "0", "diary.suicidal": "no", "plan.drawn_up": "no",
    }  # fmt: skip
    options = ["--last-opioid", "never", "--nothing-else", "--no-other-conditions", "--age", "45", "--pregnant", "no"]
    options += [
        "--breastfeeding",
        "no",
        "--alt",
        "0.5",
        "--ast",
        "0.5",
        "--egfr",
        "95 on 2026-11-20",
        "--consent",
        "yes",
    ]
    return [*options, *(word for name, value in pairs.items() for word in ("--set", f"{name}={value}"))]


def test_an_empty_patient_file_says_nothing(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "empty.yaml"
    path.write_text(CliRunner().invoke(command, ["--template"]).stdout, encoding="utf-8")
    patient = read_patient(path)
    assert {name for name, value in patient.values.items() if value is not None} == {"plan.drawn_up"}
    assert {name for one in questions() for name in one.fields if not name.startswith("plan.")} <= set(patient.values)


def test_options_alone_can_settle_everything(run: Run) -> None:
    assert run(*_settling()).exit_code == 0


def test_asked_one_by_one(run: Run) -> None:
    typed = "never\nnone\nno\nno\nno\n0.6, 0.5, 95 on 2026-11-20\n45\nno\nno\nno, 0, 2\nyes\nnot yet\n"
    found = run("--ask", typed=typed)
    assert found.exit_code == 0, found.output
    assert "CLEAR OF KNOWN RULES" in found.stdout


def test_overriding_by_name(run: Run, healthy: Path) -> None:
    healthy.write_text(HEALTHY.replace("breastfeeding: no", "breastfeeding: yes"), encoding="utf-8")
    by = ["--by", "A. Brown, physician, GMC 0000000"]
    assert run(str(healthy)).exit_code == 5
    found = run(str(healthy), "--override", "PRE-003: milk is discarded", *by)
    assert found.exit_code == 0
    assert "overridden by A. Brown, physician, GMC 0000000: milk is discarded" in found.stdout
    assert run(str(healthy), "--override", "PRE-003: why not").exit_code == 2
    assert run(str(healthy), "--override", "PRE-003 why not", *by).exit_code == 2
    assert isinstance(run(str(healthy), "--override", "OPI-001: why not", *by).exception, InvalidInput)


def test_a_screen_is_recorded(run: Run, healthy: Path, tmp_path: Path) -> None:
    from lowdose.audit import verify

    run(str(healthy))
    log = (tmp_path / "audit" / "log.jsonl").read_text(encoding="utf-8")
    assert '"clear-of-known-rules"' in log
    assert "P-017" not in log
    assert verify(tmp_path / "audit").problems == ()


def test_a_stale_or_changed_rule_is_seen_in_what_is_shown_and_kept(
    run: Run, healthy: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The SHA-256 of the rules stands in the JSON, in the audit log and, short, on the terminal."""

    def seen() -> set[str]:
        told = document(run(str(healthy), "--json"))["versions"]["rules_sha256"]
        shown = re.search(r"SHA-256 ([0-9a-f]{12})", run(str(healthy)).stdout)
        kept = (tmp_path / "audit" / "log.jsonl").read_text(encoding="utf-8").splitlines()
        logged = {json.loads(line)["versions"]["rules_sha256"] for line in kept[-2:]}
        assert shown is not None
        assert logged == {told}
        assert told.startswith(shown[1])
        return logged

    assert seen() == {rule_set().digest}
    contents = [tables.table(f"rules/data/{name}.yaml") for name in rules._head().files]
    contents[0]["rules"][0]["text"] += " And once more."
    changed = rules.build(contents)
    monkeypatch.setattr("lowdose.safety.screening.evaluation.rule_set", lambda: changed)
    assert seen() == {changed.digest} != {rule_set().digest}


def test_a_misspelt_opioid_is_asked_about(run: Run) -> None:
    told = document(run("--taking", "oxycodnoe", "--json"))
    assert told["unrecognised"] == ["oxycodnoe"]
    assert "oxycodone" in told["to_ask"][0]
    told = document(run("--taking", "oxycodnoe", "--confirm", "oxycodnoe=oxycodone", "--json"))
    assert told["unrecognised"] == []
    assert "OPI-001" in {one["id"] for one in told["fired"]}
    assert run("--taking", "oxycodnoe", "--confirm", "codeine=codeine").exit_code == 2


@pytest.mark.parametrize(
    ("options", "kind"),
    [
        (["--child-pugh", "D"], InvalidInput),
        (["--egfr", "900"], InvalidInput),
        (["--condition", "kidny transplant"], NotFound),
        (["--set", "lab.egrf=90"], NotFound),
        (["--last-opioid", "codeine"], InvalidInput),
        (["--last-opioid", "codeine, 2027-01-01"], InvalidInput),
        (["--by", "A. Brown"], InvalidInput),
    ],
)
def test_a_wrong_answer_is_refused(run: Run, options: list[str], kind: type[Exception]) -> None:
    assert isinstance(run(*options).exception, kind)


def test_file_and_options_may_not_disagree(run: Run, healthy: Path) -> None:
    assert isinstance(run(str(healthy), "--age", "50").exception, InvalidInput)
    assert isinstance(run(str(healthy), "--taking", "codeine").exception, InvalidInput)
    assert run(str(healthy), "--set", "lab.tsh=1.8").exit_code == 0
    assert run(str(healthy), "--set", "lab.tsh 1.8").exit_code == 2


def test_the_phase_decides_which_rules(run: Run) -> None:
    options = [
        "--phase",
        "surgery",
        "--set",
        "event.opioid_expected=yes",
        "--set",
        "plan.last_dose_to_surgery_hours=48",
    ]
    told = document(run(*options, "--json"))
    assert "OPI-018" in {one["id"] for one in told["fired"]}
    assert [one["id"] for one in told["always_said"]] == ["OPI-017"]
    assert "OPI-017" in run(*options).stdout.partition("tell")[2]
    assert {one["topic"] for one in told["conflicts"]} == {"surgery-interval"}
