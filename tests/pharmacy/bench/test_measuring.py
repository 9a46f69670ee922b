"""Measuring: the mark, the error, and a refusal below the first mark, above the syringe, or too far off."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lowdose.errors import InvalidInput
from lowdose.pharmacy import CannotBeMade, Syringe, measure

from ..made_up import attempt

ONE = Syringe(Decimal(1), Decimal("0.01"))
FIVE = Syringe(Decimal(5), Decimal("0.1"))


def test_below_the_first_mark() -> None:
    with pytest.raises(CannotBeMade, match=r"0\.004 mL") as stop:
        measure(Decimal("0.004"), Decimal(1), ONE)
    assert stop.value.nearest == ("0.01 mg",)
    assert stop.value.where == str(ONE)


def test_above_the_syringe() -> None:
    with pytest.raises(CannotBeMade, match="more than the syringe holds") as stop:
        measure(Decimal("4.5"), Decimal(1), ONE)
    assert stop.value.nearest == ("1 mg",)


def test_a_small_error_is_shown() -> None:
    measured = measure(Decimal("2.24"), Decimal(1), FIVE)
    assert measured.volume_mL == Decimal("2.2")
    assert "(−1.786 %)" in str(measured.lines[1])
    assert round(measured.error_percent, 3) == Decimal("-1.786")


def test_the_tolerance_is_the_pharmacist_s() -> None:
    with pytest.raises(CannotBeMade):
        measure(Decimal("2.24"), Decimal(1), FIVE, tolerance_percent=Decimal(1))


@pytest.mark.parametrize(("volume", "step"), [("1", "2"), ("0", "0.1"), ("1", "0")])
def test_a_syringe_is_checked(volume: str, step: str) -> None:
    with pytest.raises(InvalidInput):
        Syringe(Decimal(volume), Decimal(step))


@given(
    st.decimals("0.01", 6, places=2),
    st.sampled_from([Decimal("0.5"), Decimal(1), Decimal(2), Decimal(3), Decimal(5)]),
    st.sampled_from([ONE, FIVE]),
)
def test_a_mark_within_tolerance_or_a_refusal_that_can_be_measured(
    dose: Decimal, strength: Decimal, syringe: Syringe
) -> None:
    measured = attempt(lambda: measure(dose, strength, syringe))
    if isinstance(measured, CannotBeMade):
        assert measured.asked == {"dose_mg": dose, "strength_mg_per_mL": strength, "syringe": syringe}
        for near in measured.nearest:
            assert measure(Decimal(near.removesuffix(" mg")), strength, syringe).error_percent == 0
        return
    assert measured.volume_mL % syringe.graduation_mL == 0
    assert 0 < measured.volume_mL <= syringe.volume_mL
    assert abs(measured.volume_mL * strength - dose) <= dose * Decimal("0.05")
