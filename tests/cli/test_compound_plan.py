"""Everything for an approved plan: dispensed as it was approved, in a form that is swallowed, or not at all."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from lowdose.audit import Professional, erase, verify
from lowdose.plan.records.parts import Source, Step
from lowdose.plan.records.plan import Plan
from tests.plan.people import sealed

from .compounding import BY, CAPSULES, COMMON, run

START = date(2026, 12, 1)
pytestmark = pytest.mark.usefixtures("pharmacy")


def a_plan() -> Plan:
    steps = tuple(
        Step(number, START + timedelta(14 * number - 14), 14 if number < 3 else None, Decimal(dose), 1, "bedtime")
        for number, dose in enumerate(("1.5", "3", "4.5"), 1)
    )
    return Plan(
        protocol="STD-1.5", scheme="stepped", title="Standard", indication="general", cited=(Source("a clinic", ""),),
        provenance="found", patient="P-17", patient_digest="0" * 64, answered_on=START, made_on=START,
        start=START, review=START + timedelta(days=56), steps=steps, form="capsule", weight_kg=None, chosen=(),
        adaptations=(), checks=(), advice=(), side_effects=(), conflicts=(), not_known=(), blockade=(),
        blockade_note="", screen={"outcome": "clear-of-known-rules"}, rule_set="1", reviewed=False, model_hash="",
        version="0",
    )  # fmt: skip


def write_plan(plan: Plan, *, approved: bool = True) -> str:
    who = Professional("C. Grey", "physician", "GMC 0000000")
    found = sealed(plan, who, datetime(2026, 11, 30, 10, tzinfo=UTC)) if approved else plan
    Path("plan.json").write_text(json.dumps(found.document()), encoding="utf-8")
    return "plan.json"


@pytest.mark.parametrize(
    ("asked", "code", "message"),
    [
        (("--form", "drops"), 5, "its doses are for swallowing, and not dose-equivalent under the tongue"),
        (("--form", "cream"), 5, "not dose-equivalent on the skin"),
        (("--form", "capsules", "--preservative", "parabens"), 2, "--preservative says nothing about capsules"),
        (("--form", "solution", "--graduation", "0.1", "--size", "3"), 2, "--size says nothing about solution"),
    ],
)
def test_a_plan_is_dispensed_as_what_is_swallowed(asked: tuple[str, ...], code: int, message: str) -> None:
    got, _, err = run("--from", write_plan(replace(a_plan(), form=None)), *COMMON, *asked)
    assert got == code
    assert message in err


def test_a_whole_titration_from_an_approved_plan() -> None:
    asked = ("--from", write_plan(a_plan()), *COMMON, "--by", BY, "-o", "record.json", "--prescription-draft", "rx.txt")
    code, out, _ = run(*asked)
    assert code == 0
    assert "To dispense for 56 days: 126 capsules of 1.5 mg (189 mg, as planned)" in out
    assert "Take 4.5 mg (3 capsules of 1.5 mg) by mouth at bedtime, from 29 Dec 2026 to 25 Jan 2027." in out
    assert "Doses approved by C. Grey, physician, GMC 0000000" in out
    assert "UNSIGNED DRAFT" in Path("rx.txt").read_text(encoding="utf-8")
    found = json.loads(run(*asked, "--json")[1])
    assert found["dispensed"]["dispensed_mg"] == found["dispensed"]["planned_mg"] == "189"
    assert found["prescription"]["plan_sha256"]
    liquid = (*asked[:2], *COMMON, "--form", "solution", "--graduation", "0.1")
    code, out, err = run(*liquid)
    assert (code, out) == (5, "")
    assert "the approved plan is for a capsule" in err
    write_plan(replace(a_plan(), form=None))
    code, out, _ = run(*liquid)
    assert code == 0
    assert "Made now, fill 1 of 2: 63 mL of 1 mg/mL" in out
    assert "Later: Fill 2: 126 mL of 1 mg/mL, made fresh for 29 Dec 2026" in out


def test_a_patient_who_is_erased_stands_in_no_record_of_what_was_made(pharmacy: Path) -> None:
    asked = ("--from", write_plan(a_plan()), *COMMON, "--by", BY, "-o", "record.json")
    assert run(*asked)[0] == 0
    assert run("release", "record.json", "--filled", "filled.yaml", "--by", BY, "--on", "2026-12-05")[0] == 5

    def found() -> list[Path]:
        return [one for one in (pharmacy / "audit").rglob("*") if one.is_file() and b"P-17" in one.read_bytes()]

    assert len(found()) == 1
    erase("P-17")
    assert found() == []
    assert verify().whole


def test_only_an_approved_plan_and_only_as_it_was_approved() -> None:
    plan = a_plan()
    code, out, err = run("--from", write_plan(plan, approved=False), *COMMON)
    assert (code, out) == (5, "")
    assert "not approved" in err
    document = json.loads(Path(write_plan(plan)).read_text(encoding="utf-8"))
    document["steps"][2]["dose_mg"] = "45"
    Path("plan.json").write_text(json.dumps(document), encoding="utf-8")
    code, out, _ = run("--from", "plan.json", *COMMON)
    assert code in (3, 5)
    assert "Take" not in out


def test_the_form_is_named_where_the_plan_leaves_it_open() -> None:
    code, _, err = run("--from", write_plan(replace(a_plan(), form=None)), *COMMON)
    assert (code, "--form capsules" in err) == (3, True)


def test_papers_are_drawn() -> None:
    asked = ("--from", write_plan(a_plan()), *COMMON, "--by", BY)
    code, _, err = run(*asked, "-o", "sheet.pdf", "--labels", "labels.pdf", "--prescription-draft", "rx.pdf")
    assert code == 0, err
    for name in ("sheet.pdf", "labels.pdf", "rx.pdf"):
        assert Path(name).read_bytes().startswith(b"%PDF")


def test_a_first_fill_made_early_is_shorter_and_said_so_and_the_next_asks_when_it_was_made() -> None:
    asked = ("--from", write_plan(replace(a_plan(), form=None)), *COMMON, "--form", "solution", "--graduation", "0.1")
    code, out, _ = run(*asked, "--on", "2026-11-22")
    assert code == 0
    assert "Made 9 days before its first day, fill 1 is for 27 days" in out
    code, _, err = run(*asked, "--fill", "2", "--on", "2026-12-28")
    assert (code, "the day on which fill 1 was made is not given" in err) == (3, True)
    code, out, _ = run(*asked, "--fill", "2", "--on", "2026-12-28", "--first-made", "2026-11-22")
    assert code == 0
    assert "by mouth at bedtime, from 28 Dec 2026 to 28 Dec 2026." in out


def test_a_titration_is_made_by_a_signed_master_of_its_strength() -> None:
    asked = ("--from", write_plan(a_plan()), *COMMON, "--by", BY)
    assert run(*CAPSULES, "--by", BY, "--save-master", "master.json")[0] == 0
    found = json.loads(run(*asked, "--master", "master.json", "--json")[1])
    assert found["batches"][0]["master"] == json.loads(Path("master.json").read_text(encoding="utf-8"))
    other = [one.replace("1.5 mg", "3 mg") for one in CAPSULES]
    assert run(*other, "--by", BY, "--save-master", "other.json")[0] == 0
    code, _, err = run(*asked, "--master", "other.json")
    assert (code, "no strength of fill 1 is that of the master naltrexone-capsules-3-mg" in err) == (3, True)
