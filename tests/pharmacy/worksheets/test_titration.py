"""A whole titration from what a plan orders: one arithmetic for supply, worksheet, label and prescription draft."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from lowdose.errors import InvalidInput
from lowdose.pharmacy import CannotBeMade, Excipient, SafetyStop, Supply
from lowdose.pharmacy.materials.formulas import formula
from lowdose.pharmacy.supply.dispensing import DoseStep, dispense
from lowdose.pharmacy.worksheets.prescription import UNSIGNED, directions, prescription_draft
from lowdose.pharmacy.worksheets.titration import Making, Order, Titration, titration

from ..made_up import BENCH, DAY, powder, tablets

D = Decimal
APPROVED = "approved by C. Grey, physician, GMC 0000000 on 2026-11-30 10:00 UTC"
W8 = Order(
    tuple(DoseStep(D(mg), 14) for mg in ("1", "2", "3", "4.5")),
    ("at bedtime",) * 4,
    DAY,
    "P-17",
    APPROVED,
    "3f9c",
    "C. Grey",
)
SHELF = {
    one.name: Supply("L-1", date(2027, 12, 31)) for one in formula("formula-a").ingredients if one.role != "active"
}
FILLER = Excipient("Avicel PH-102", Supply("C-9", date(2028, 6, 30)))
MAKING = Making(powder(expiry=date(2028, 6, 30)), BENCH, filler=FILLER, shelf=SHELF)


def order(**changed: Any) -> Order:
    return replace(W8, **changed)


def liquid(making: Making = MAKING, **changed: Any) -> Titration:
    return titration(W8, making, **{"form": "solution", "lot": "LDN-7", "graduation_ml": D("0.1"), **changed})


def on(day: date, making: Making = MAKING) -> Making:
    return replace(making, bench=replace(BENCH, on=day))


def test_w8_as_two_bottles_made_when_they_are_needed() -> None:
    now = liquid()
    assert [str(one) for one in now.fill.items] == ["42 mL of 1 mg/mL"]
    assert now.later == ("Fill 2: 105 mL of 1 mg/mL, made fresh for 29 Dec 2026",)
    (sheet,) = now.papers
    assert sheet.batch.made == 42
    assert "Prescriber: C. Grey" in sheet.labels[0].lines
    assert [str(one) for one in sheet.labels[0].directions] == [
        "Take 1 mg (1 mL) by mouth at bedtime, from 1 Dec 2026 to 14 Dec 2026.",
        "Take 2 mg (2 mL) by mouth at bedtime, from 15 Dec 2026 to 28 Dec 2026.",
    ]
    then = liquid(on(date(2026, 12, 29)), fill=2)
    assert (then.papers[0].batch.made, then.later) == (105, ())
    assert "Take 4.5 mg (4.5 mL)" in "\n".join(then.papers[0].labels[0].lines)


def test_every_paper_has_the_same_numbers() -> None:
    found = liquid()
    assert found.dispensed.dispensed_mg == found.dispensed.planned_mg == 147
    assert found.prescription.items == found.dispensed.items
    assert found.prescription.days == 56
    text = "\n".join(found.prescription.text)
    for said in (UNSIGNED, "1 mg/mL oral solution: 147 mL", "42 mL", "105 mL", "Days' supply: 56", "P-17", APPROVED):
        assert said in text
    assert found.papers[0].record.facts["formula.use_days_minus_bud"] == 28 - 35
    assert found.papers[0].record.facts["plan.max_dose_mg"] == D("4.5")


def test_what_is_made_early_must_still_keep() -> None:
    assert liquid(on(date(2026, 11, 24))).papers[0].beyond_use.on == date(2026, 12, 29)
    with pytest.raises(InvalidInput, match=r"taken until 2026-12-28, and .* keeps until 2026-12-27"):
        liquid(on(date(2026, 11, 22)))
    assert liquid(on(date(2026, 11, 22)), fill_days=14).fill.days == 14


def test_every_fill_comes_out_the_same_on_whichever_day_it_is_made() -> None:
    first = liquid(on(date(2026, 11, 24))).dispensed.fills
    assert liquid(on(date(2026, 12, 29)), fill=2).dispensed.fills == first
    short = {**SHELF, "glycerol": Supply("G-1", date(2027, 1, 10))}
    with pytest.raises(InvalidInput, match="earliest ingredient expiry: glycerol"):
        liquid(on(date(2026, 12, 29), replace(MAKING, shelf=short)), fill=2)


def test_too_late_or_no_such_fill() -> None:
    with pytest.raises(InvalidInput, match="needed from 2026-12-01"):
        liquid(on(date(2026, 12, 2)))
    with pytest.raises(InvalidInput, match="no fill 3"):
        liquid(fill=3)


def test_whole_tablets_make_a_little_more_than_is_handed_over() -> None:
    (sheet,) = liquid(replace(MAKING, source=tablets(None))).papers
    assert sheet.batch.made == 50
    assert sheet.labels[0].quantity == "42 mL"


def test_two_strengths_have_two_worksheets_and_lots() -> None:
    steps = tuple(DoseStep(D(n) / 2, 14) for n in range(1, 10))
    found = titration(order(steps=steps, times=("at bedtime",) * 9), MAKING, form="capsules", lot="LDN-7")
    assert found.dispensed.strengths == (2, D("0.5"))
    assert [one.record.lot for one in found.papers] == ["LDN-7-1", "LDN-7-2"]
    assert sum(one.labels[0].items[0].mg for one in found.papers) == found.dispensed.planned_mg == 315
    half = found.papers[1].labels[0].told
    assert half[3] == ("Take 1 capsule from this bottle, with 1 capsule from the 2 mg bottle: together 2.5 mg, "
                       "by mouth at bedtime, from 26 Jan 2027 to 8 Feb 2027.")  # fmt: skip
    assert not any("Take 2 mg" in one or "Take 4 mg" in one for one in half)


@pytest.mark.parametrize(
    ("making", "form"), [(MAKING, "oral solution"), (replace(MAKING, source=tablets(None)), "oral suspension")]
)
def test_one_liquid_has_one_name_and_one_syringe_on_every_paper(making: Making, form: str) -> None:
    found = liquid(making)
    (sheet,) = found.papers
    syringe = "oral syringe marked every 0.1 mL that holds at least 4.5 mL"
    assert sheet.record.product == f"naltrexone hydrochloride 1 mg/mL {form}"
    assert sheet.labels[0].lines[0] == sheet.record.product
    assert found.prescription.supply == (f"{sheet.record.product}: 147 mL", f"O{syringe[1:]}: 1")
    assert f"Measure with an {syringe}." in sheet.labels[0].lines
    assert f"Measure with an {syringe}." in sheet.record.label


def test_nothing_without_an_approval() -> None:
    with pytest.raises((InvalidInput, SafetyStop), match="approved"):
        titration(order(approved_by=""), MAKING, form="capsules", lot="LDN-7")
    found = dispense(W8.steps, form="capsules")
    with pytest.raises(InvalidInput, match="approved plan"):
        prescription_draft(found, directions(found, W8.times), patient="P-17", start=DAY, made_on=DAY, approved_by="",
                           plan_sha256="", form="capsules")  # fmt: skip


def test_what_cannot_be_given_exactly_is_refused() -> None:
    with pytest.raises(CannotBeMade):
        liquid(graduation_ml=D("0.4"), strengths=[D(1)])
    with pytest.raises(InvalidInput, match="4 steps have 1 times"):
        titration(order(times=("at bedtime",)), MAKING, form="capsules", lot="LDN-7")
