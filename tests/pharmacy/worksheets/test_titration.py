"""A whole titration from what a plan orders: one arithmetic for supply, worksheet, label and prescription draft."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from lowdose.errors import InvalidInput
from lowdose.pharmacy import CannotBeMade, Excipient, SafetyStop, Supply
from lowdose.pharmacy.materials.formulas import Kind, formula
from lowdose.pharmacy.supply.dispensing import DoseStep, dispense
from lowdose.pharmacy.worksheets.making import Making
from lowdose.pharmacy.worksheets.prescription import UNSIGNED, directions, prescription_draft
from lowdose.pharmacy.worksheets.titration import Order, Titration, titration
from lowdose.pharmacy.worksheets.worksheet import Keeping
from lowdose.spoken import day_only

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
    assert now.later == ("Fill 2: 105 mL of 1 mg/mL, made fresh for 29 Dec 2026, not before 21 Dec 2026",)
    assert now.early == ""
    (sheet,) = now.papers
    assert sheet.batch.made == 42
    assert "Prescriber: C. Grey" in sheet.labels[0].lines
    assert [str(one) for one in sheet.labels[0].directions] == [
        "Take 1 mg (1 mL) by mouth at bedtime, from 1 Dec 2026 to 14 Dec 2026.",
        "Take 2 mg (2 mL) by mouth at bedtime, from 15 Dec 2026 to 28 Dec 2026.",
    ]
    then = liquid(on(date(2026, 12, 29)), fill=2, first_made=DAY)
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
    early = liquid(on(date(2026, 11, 22)))
    assert (early.fill.days, early.papers[0].beyond_use.on) == (27, date(2026, 12, 27))
    assert early.early == ("Made 9 days before its first day, fill 1 is for 27 days, and 2 fills are made; on 23 Nov "
                           "2026 or later it would be for 28, and 2 would be made.")  # fmt: skip
    assert liquid(on(date(2026, 11, 23))).fill.days == 28
    assert "to 27 Dec 2026" in str(early.papers[0].labels[0].directions[-1])
    then = liquid(on(date(2026, 12, 28)), fill=2, first_made=date(2026, 11, 22))
    assert then.dispensed.fills == early.dispensed.fills
    assert "from 28 Dec 2026" in str(then.papers[0].labels[0].directions[0])
    for wrong in (date(2026, 12, 2), date(2027, 1, 5)):
        with pytest.raises(InvalidInput, match="fill 1 cannot have been made on"):
            liquid(on(date(2026, 12, 28)), fill=2, first_made=wrong)
    with pytest.raises(InvalidInput, match="the day on which fill 1 was made is not given"):
        liquid(on(date(2026, 12, 28)), fill=2)
    with pytest.raises(InvalidInput, match=r"taken until 2027-01-25, and .* keeps until 2027-01-24"):
        liquid(on(date(2026, 12, 20)), fill=2, first_made=DAY)
    assert liquid(on(date(2026, 11, 22)), fill_days=14).fill.days == 14


@pytest.mark.parametrize(
    ("kind", "early"),
    [*(("aqueous-preserved", days) for days in (0, 1, 8, 9, 20, 28)),
     *(("aqueous-unpreserved", days) for days in (0, 1, 2, 5, 8))],
)  # fmt: skip
def test_whenever_the_first_is_made_every_fill_is_taken_within_its_date(kind: Kind, early: int) -> None:
    first_made, keeping = DAY - timedelta(days=early), Keeping(kind=kind)
    found = liquid(on(first_made), keeping=keeping)
    mg, day = D(0), DAY
    for number, fill in enumerate(found.dispensed.fills, 1):
        made = liquid(on(first_made if number == 1 else day), keeping=keeping, fill=number, first_made=first_made)
        (sheet,) = made.papers
        last = day + timedelta(days=fill.days - 1)
        assert last <= sheet.beyond_use.on
        assert f"to {day_only(last)}." in str(sheet.labels[0].directions[-1])
        mg, day = mg + sheet.labels[0].items[0].mg, last + timedelta(days=1)
    assert (mg, day) == (147, DAY + timedelta(days=56))


def test_what_would_be_out_of_date_on_its_first_day_is_refused() -> None:
    with pytest.raises(InvalidInput, match="made 36 days before its first day"):
        liquid(on(DAY - timedelta(days=36)))


def test_every_fill_comes_out_the_same_on_whichever_day_it_is_made() -> None:
    first = liquid(on(date(2026, 11, 24))).dispensed.fills
    assert liquid(on(date(2026, 12, 29)), fill=2, first_made=date(2026, 11, 24)).dispensed.fills == first
    short = {**SHELF, "glycerol": Supply("G-1", date(2027, 1, 10))}
    with pytest.raises(InvalidInput, match="earliest ingredient expiry: glycerol"):
        liquid(on(date(2026, 12, 29), replace(MAKING, shelf=short)), fill=2, first_made=DAY)


def test_too_late_or_no_such_fill() -> None:
    with pytest.raises(InvalidInput, match="needed from 2026-12-01"):
        liquid(on(date(2026, 12, 2)))
    with pytest.raises(InvalidInput, match="no fill 3"):
        liquid(fill=3, first_made=DAY)


def test_whole_tablets_make_a_little_more_than_is_handed_over() -> None:
    (sheet,) = liquid(replace(MAKING, source=tablets(None))).papers
    assert sheet.batch.made == 50
    assert "42 mL are handed over; 8 mL more are made of whole tablets, and discarded." in sheet.record.assumptions
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
