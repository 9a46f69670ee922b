"""Strength means the hydrochloride: nothing is ever converted, and "as base" stops until a pharmacist has asked."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest

from lowdose.audit import Professional
from lowdose.errors import InvalidInput
from lowdose.pharmacy import (
    Batch,
    DropCount,
    Excipient,
    Lot,
    Powder,
    SafetyStop,
    Stock,
    Strength,
    Supply,
    capsules,
    cream,
    drops,
    solution,
    triturate,
)
from lowdose.pharmacy.materials.formulas import formula

from ..made_up import BENCH, CELLULOSE, COARSE, LATER, PHARMACIST, powder, tablets


@pytest.mark.parametrize(
    "written", ["1.5 mg as base", "1.5 mg base", "1.5 mg (as base)", "1.5 mg free base", "1.5 mg as naltrexone base",
                "1.5 mg, as the base", "1.5 mg of naltrexone base"],
)  # fmt: skip
def test_as_base_is_stopped(written: str) -> None:
    with pytest.raises(SafetyStop, match=r"1\.5 mg is prescribed as naltrexone base") as stop:
        Strength.parse(written)
    assert stop.value.exit_code == 5


@pytest.mark.parametrize(
    "who",
    [None, "A. Brown, pharmacist, GPhC 0000000", Professional("C. Green", "physician", "GMC 0000000"),
     Professional("D. White", "pharmacist assistant", "X 1")],
)  # fmt: skip
def test_only_a_pharmacist_confirms(who: Professional | None) -> None:
    with pytest.raises(SafetyStop):
        Strength.parse("1.5 mg as base", confirmed_by=who)


def test_confirmed_it_is_the_same_number_of_milligrams() -> None:
    plain = capsules("1.5 mg", 90, source=powder(), filler=CELLULOSE, bench=BENCH)
    asked = capsules("1.5 mg as base", 90, source=powder(), filler=CELLULOSE, bench=BENCH, confirmed_by=PHARMACIST)
    assert asked.lines == plain.lines
    assert asked.to_weigh == plain.to_weigh
    assert "confirmed that the hydrochloride is meant" in str(asked.warnings[0])


@pytest.mark.parametrize(
    "written", ["1.5 mg", "1.5 mg hydrochloride", "1.5 mg as HCl", "1.5 mg (as naltrexone hydrochloride)"]
)
def test_hydrochloride_needs_no_one(written: str) -> None:
    assert Strength.parse(written).of("mg") == Decimal("1.5")


def test_naltrexone_alone_is_not_guessed() -> None:
    with pytest.raises(InvalidInput):
        Strength.parse("1.5 mg as naltrexone")


def water_lot() -> Powder:
    return Powder(Lot("N-2", LATER, Decimal("99.1"), "anhydrous", water_percent=Decimal("4.2")))


def from_stock() -> Batch:
    made = triturate("1:10", "20 g", source=water_lot(), diluent=CELLULOSE, bench=COARSE)
    stock = Stock(made, Supply("S-1", CELLULOSE.supply.expiry if CELLULOSE.supply else LATER))
    return capsules("0.5 mg", 60, source=stock, filler=CELLULOSE, bench=BENCH)


EVERY_FORM: dict[str, Callable[[], Batch]] = {
    "capsules": lambda: capsules("4.5 mg", 100, source=water_lot(), filler=CELLULOSE, bench=BENCH),
    "diluted": lambda: capsules("0.1 mg", 30, source=water_lot(), filler=CELLULOSE, bench=COARSE),
    "from tablets": lambda: capsules("1.5 mg", 90, source=tablets(), filler=CELLULOSE, bench=BENCH),
    "from a stock": from_stock,
    "solution": lambda: solution("1 mg/mL", "120 mL", source=water_lot(), formula=formula("formula-a"), bench=BENCH),
    "drops": lambda: drops("5 mg/mL", "20 mL", dose="1 mg", counted=DropCount("D2", 40, Decimal(2)), source=water_lot(),
                           formula=formula("formula-b"), bench=BENCH),
    "cream": lambda: cream("4.5 mg", "0.5 mL", 30, source=water_lot(), base=Excipient("base"), bench=BENCH),
}  # fmt: skip


@pytest.mark.parametrize("name", EVERY_FORM)
def test_no_salt_factor_in_any_worksheet(name: str) -> None:
    batch = EVERY_FORM[name]()
    text = "\n".join(map(str, [batch, *batch.lines, *batch.to_weigh, *batch.warnings, *batch.assumptions]))
    assert "0.9035" not in text
    assert "0.903" not in text
    assert "1.1068" not in text
    assert "hydrochloride" in batch.product


@pytest.mark.parametrize("name", EVERY_FORM)
def test_strength_times_count_is_the_drug_before_the_lot(name: str) -> None:
    batch = EVERY_FORM[name]()
    drug = next(
        line.value
        for line in batch.lines
        if line.what.startswith(("Drug in 1", "Drug in 2", "Drug in 3", "Drug in 6", "Drug in 9"))
    )
    assert drug == batch.strength * batch.made
