"""Lots: the correction from a certificate, and everything that is refused on one."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lowdose.errors import InvalidInput
from lowdose.pharmacy import Lot, Powder, SafetyStop, Supply, capsules, papers
from lowdose.pharmacy.amounts.exact import rounded

from ..made_up import BENCH, CELLULOSE, LATER, powder


def lot(assay: object = Decimal("99.1"), basis: str = "anhydrous", **more: object) -> Lot:
    return Lot("N-1", LATER, assay, basis, **more)  # type: ignore[arg-type]


def test_the_lot_of_the_issue() -> None:
    factor = lot(water_percent=Decimal("4.2")).factor
    assert factor == Decimal("0.949378")
    assert rounded(factor, Decimal("0.00001")) == Decimal("0.94938")


def test_water_and_residual_solvent() -> None:
    both = lot(basis="anhydrous-solvent-free", water_percent=Decimal("4.2"), residual_solvent_percent=Decimal("0.5"))
    assert both.factor == Decimal("0.991") * Decimal("0.958") * Decimal("0.995")
    assert "(100 % − 0.5 % residual solvent)" in str(both.lines[0])


def test_as_is_needs_nothing_else() -> None:
    assert lot(Decimal("98.5"), "as-is").factor == Decimal("0.985")


@pytest.mark.parametrize(
    ("basis", "more", "missing"),
    [
        ("anhydrous", {}, "water is not given"),
        ("anhydrous-solvent-free", {}, "water is not given"),
        ("anhydrous-solvent-free", {"water_percent": Decimal(4)}, "residual solvent is not given"),
    ],
)
def test_what_the_basis_leaves_out_must_be_given(basis: str, more: dict[str, Decimal], missing: str) -> None:
    with pytest.raises(InvalidInput, match=missing):
        lot(basis=basis, **more)


def test_zero_must_be_written_as_zero() -> None:
    assert lot(water_percent=0).factor == Decimal("0.991")


@pytest.mark.parametrize("part", ["water_percent", "residual_solvent_percent"])
def test_a_fraction_is_not_taken_for_per_cent(part: str) -> None:
    given = {"water_percent": Decimal(4), "residual_solvent_percent": Decimal(0), part: Decimal("0.042")}
    with pytest.raises(InvalidInput, match=r"4\.2 % as a fraction, or 0\.042 %") as refused:
        lot(basis="anhydrous-solvent-free", **given)
    assert "write per cent: 4.2, or 0.042 with confirm=yes" in str(refused.value)
    assert lot(basis="anhydrous-solvent-free", **given, small_confirmed=True).factor < 1
    assert lot(basis="anhydrous-solvent-free", **{**given, part: Decimal("0.1")}).factor < 1


def test_water_is_not_taken_off_twice() -> None:
    with pytest.raises(InvalidInput, match="not corrected for it"):
        lot(basis="as-is", water_percent=Decimal(4))


@pytest.mark.parametrize(
    ("assay", "water"),
    [("89.9", "4"), ("110.1", "4"), ("0.991", "4"), ("99.1", "15.1"), ("99.1", "-1")],
)
def test_bounds(assay: str, water: str) -> None:
    with pytest.raises(InvalidInput):
        lot(Decimal(assay), water_percent=Decimal(water))


@pytest.mark.parametrize("value", [99.1, "99.1", True, Decimal("NaN"), Decimal("Infinity"), None])
def test_an_assay_is_exact(value: object) -> None:
    with pytest.raises(InvalidInput):
        lot(value, "as-is")


def test_a_basis_is_named() -> None:
    with pytest.raises(InvalidInput, match="no basis of an assay"):
        lot(basis="dried")


@pytest.mark.parametrize(("number", "expiry"), [("", LATER), (" ", LATER), ("N-1", "2027-06-30")])
def test_a_jar_is_named_and_dated(number: str, expiry: object) -> None:
    with pytest.raises(InvalidInput):
        Supply(number, expiry)  # type: ignore[arg-type]


def test_out_of_date_on_the_day_after() -> None:
    last_day = capsules("1.5 mg", 90, source=powder(expiry=BENCH.on), filler=CELLULOSE, bench=BENCH)
    assert any("expires on the day of making" in str(one) for one in last_day.warnings)
    with pytest.raises(SafetyStop, match="no day left after the day of making"):
        papers(last_day, lot="LDN-7")
    day_after = capsules("1.5 mg", 90, source=powder(expiry=date(2026, 12, 2)), filler=CELLULOSE, bench=BENCH)
    assert not any("expires on" in str(one) for one in day_after.warnings)
    assert papers(day_after, lot="LDN-7").beyond_use.days == 1
    with pytest.raises(SafetyStop, match="expired on 2026-11-30") as stop:
        capsules("1.5 mg", 90, source=powder(expiry=date(2026, 11, 30)), filler=CELLULOSE, bench=BENCH)
    assert stop.value.exit_code == 5


@given(st.decimals(90, 110, places=2), st.decimals(0, 15, places=2), st.decimals(0, 5, places=2), st.integers(1, 10**6))
def test_the_correction_and_its_inverse(assay: Decimal, water: Decimal, solvent: Decimal, drug: int) -> None:
    parts = {"water_percent": water, "residual_solvent_percent": solvent, "small_confirmed": True}
    one = Powder(lot(assay, "anhydrous-solvent-free", **parts))
    amount, _ = one.holding(Decimal(drug))
    assert rounded(amount * one.lot.factor, Decimal("1e-12")) == drug
