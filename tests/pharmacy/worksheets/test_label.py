"""Label text: nothing that can be read ten-fold, milligrams that are millilitres times strength, doses approved."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lowdose.errors import SafetyStop
from lowdose.pharmacy.supply.dispensing import Item
from lowdose.pharmacy.worksheets.direction import Direction
from lowdose.pharmacy.worksheets.label import DRUG, Label, check_style

D = Decimal
BOTTLE = Label((Item(D(1), "mg/mL", D(42), "mL"),), "oral solution", "LDN-7", date(2027, 1, 5), "refrigerator")
STOCK = Item(D(10), "mg/g", D(20000), "mg")
TABLE = Label((Item(D("1.5"), "mg", D(90), "capsules"),), "capsules", "LDN-8", date(2027, 5, 30), "room")


def direction(dose: str = "1.5", volume: str = "1.5") -> Direction:
    return Direction(D(dose), (Item(D(1), "mg/mL", D(volume), "mL"),), 1, "at bedtime", "by mouth")


def test_everything_a_label_must_say() -> None:
    approved = "approved by A. Brown, physician, GMC 1 on 2026-11-30"
    full = replace(BOTTLE, pharmacy="Corner Pharmacy", prescriber="A. Brown", patient="P-17",
                   directions=(direction(),), approved_by=approved)  # fmt: skip
    text = "\n".join(full.lines)
    for said in (
        DRUG, "1 mg/mL", "42 mg in 42 mL", "Take 1.5 mg (1.5 mL) by mouth at bedtime", "Quantity: 42 mL",
        "Compounded preparation", "Lot: LDN-7", "Do not use after: 5 Jan 2027", "refrigerator", "Shake well",
        "Protect from light", "Corner Pharmacy", "A. Brown", "P-17", "Do not take with opioids",
        "Stop at least 3 days before surgery", "approved by A. Brown, physician, GMC 1",
    ):  # fmt: skip
        assert said in text
    assert full.lines[0] == "naltrexone hydrochloride 1 mg/mL oral solution"
    assert "2027-" not in text


def test_who_is_not_known_is_filled_in_by_hand() -> None:
    blank = "____________"
    assert [line for line in TABLE.lines if blank in line] == [
        f"Patient: {blank}", f"Prescriber: {blank}", f"Pharmacy: {blank}",
    ]  # fmt: skip
    known = replace(TABLE, patient="P-17", prescriber="A. Brown", pharmacy="Corner Pharmacy")
    assert [line for line in known.lines if blank in line] == [f"Patient: {blank} (P-17)"]
    assert not any(blank in line for line in replace(BOTTLE, items=(STOCK,), form="triturate").lines)


def test_a_liquid_says_what_it_is_measured_with() -> None:
    measured = replace(BOTTLE, syringe="oral syringe marked every 0.1 mL that holds at least 2 mL")
    assert "Measure with an oral syringe marked every 0.1 mL that holds at least 2 mL." in measured.lines


def test_each_bottle_of_a_dose_names_only_what_is_taken_from_it() -> None:
    half, two = Item(D("0.5"), "mg", D(1), "capsules"), Item(D(2), "mg", D(3), "capsules")
    dose = Direction(D("6.5"), (two, half), 1, "at bedtime", "by mouth", "from 1 Dec 2026 to 14 Dec 2026")
    small = replace(TABLE, items=(replace(half, amount=D(14)),), directions=(dose,), approved_by="approved by A")
    large = replace(TABLE, items=(replace(two, amount=D(42)),), directions=(dose,), approved_by="approved by A")
    assert small.lines[0] == "naltrexone hydrochloride 0.5 mg capsules"
    assert large.lines[0] == "naltrexone hydrochloride 2 mg capsules"
    assert (
        "Take 1 capsule from this bottle, with 3 capsules from the 2 mg bottle: together 6.5 mg, by mouth at bedtime, "
        "from 1 Dec 2026 to 14 Dec 2026."
    ) in small.lines
    assert (
        "Take 3 capsules from this bottle, with 1 capsule from the 0.5 mg bottle: together 6.5 mg, by mouth at "
        "bedtime, from 1 Dec 2026 to 14 Dec 2026."
    ) in large.lines


@pytest.mark.parametrize(("hours", "said"), [(None, "3 days"), (72, "3 days"), (96, "4 days"), (60, "60 hours")])
def test_the_stop_before_an_operation_is_that_of_the_plan(hours: float | None, said: str) -> None:
    assert (
        f"Stop at least {said} before surgery, and tell the surgical team." in replace(BOTTLE, stop_hours=hours).lines
    )


def test_a_stock_label_holds_no_dose_and_needs_no_approval() -> None:
    assert not any("Take" in line for line in BOTTLE.lines)
    assert "Shake" not in "\n".join(TABLE.lines)
    assert "Strength: 1.5 mg in each capsule" in TABLE.lines


def test_one_capsule_is_one_capsule() -> None:
    assert "Quantity: 90 capsules" in TABLE.lines
    assert "Quantity: 1 capsule" in replace(TABLE, items=(replace(TABLE.items[0], amount=D(1)),)).lines


def test_a_dose_that_nobody_approved_is_refused() -> None:
    with pytest.raises(SafetyStop, match="named professional"):
        replace(BOTTLE, directions=(direction(),))


@given(mg=st.decimals("0.01", 10, places=3), off=st.sampled_from(["1e-8", "0.001", "1"]))
def test_milligrams_are_millilitres_times_strength(mg: Decimal, off: str) -> None:
    assert str(direction(str(mg), str(mg))).startswith("Take ")
    with pytest.raises(SafetyStop, match="DOS-008"):
        direction(str(mg), str(mg + D(off)))


@pytest.mark.parametrize("bad", ["Take 1.0 mg", "Take .5 mg", "Take 500 µg", "Take 500 ug", "give 5 cc"])
def test_dangerous_numbers_are_refused_wherever_they_stand(bad: str) -> None:
    with pytest.raises(SafetyStop, match="DOS-010"):
        check_style([bad])
    with pytest.raises(SafetyStop, match="DOS-010"):
        replace(BOTTLE, pharmacy=bad)


@given(strength=st.decimals("0.001", 10, places=3).filter(bool), amount=st.decimals("0.1", 500, places=2))
def test_no_label_of_ours_writes_a_dangerous_number(strength: Decimal, amount: Decimal) -> None:
    label = replace(BOTTLE, items=(Item(strength, "mg/mL", amount, "mL"),))
    assert label.facts == {
        "label.trailing_zero": False,
        "label.naked_decimal": False,
        "label.unit_abbrev": "mL",
    }


def test_two_strengths_on_one_direction_say_which() -> None:
    two = (Item(D(2), "mg", D(1), "capsules"), Item(D("0.5"), "mg", D(3), "capsules"))
    said = str(Direction(D("3.5"), two, 2, "after meals", "by mouth", "days 1 to 7"))
    assert (
        said
        == "Take 3.5 mg (1 capsule of 2 mg and 3 capsules of 0.5 mg) by mouth 2 times a day after meals, days 1 to 7."
    )


@pytest.mark.parametrize(
    ("form", "said"),
    [("sublingual drops", "For use under the tongue."), ("cream", "For use on the skin."), ("oral solution", "")],
)
def test_what_is_not_swallowed_says_where_it_is_used(form: str, said: str) -> None:
    label = replace(BOTTLE, form=form)
    assert label.use == said
    assert sum(line.startswith("For use") for line in label.lines) == bool(said)


def test_a_stock_is_no_medicine_for_a_patient() -> None:
    stock = replace(BOTTLE, items=(STOCK,), form="triturate")
    assert stock.items[0].mg == 200
    assert "Stock for compounding. Not for a patient." in stock.lines
    assert "Strength: 10 mg in each gram (10 mg/g)" in stock.lines
    assert not any("Do not take" in line or "Shake" in line for line in stock.lines)
