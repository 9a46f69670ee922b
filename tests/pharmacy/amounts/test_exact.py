"""Exactness: no float gets in, and the caller's decimal context changes nothing."""

from __future__ import annotations

from collections.abc import Callable
from decimal import ROUND_DOWN, Decimal, localcontext

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lowdose.errors import InvalidInput
from lowdose.pharmacy import (
    Balance,
    CannotBeMade,
    Densities,
    DropCount,
    PackStatistics,
    Quantity,
    Size,
    Syringe,
    Tablets,
    capsules,
    dilute,
    measure,
)
from lowdose.pharmacy.amounts.exact import below, exact, plain, rounded, shown

from ..made_up import BENCH, CELLULOSE, FINE, powder, tablets

FLOATS: dict[str, Callable[[], object]] = {
    "sensitivity": lambda: Balance(6.0, Decimal(1)),  # type: ignore[arg-type]
    "readability": lambda: Balance(Decimal(6), 0.1),  # type: ignore[arg-type]
    "error": lambda: Balance(Decimal(6), Decimal(1), 5.0),  # type: ignore[arg-type]
    "need": lambda: dilute(3.0, FINE),  # type: ignore[arg-type]
    "tablet strength": lambda: Tablets(tablets().supply, 50.0),  # type: ignore[arg-type]
    "tablet mass": lambda: Tablets(tablets().supply, mean_mass_mg=155.0, weighed=20),  # type: ignore[arg-type]
    "filler packing": lambda: PackStatistics(90.0, Decimal(150)),  # type: ignore[arg-type]
    "drug packing": lambda: PackStatistics(Decimal(90), 150.0),  # type: ignore[arg-type]
    "density": lambda: Densities(0.3, Decimal("0.5")),  # type: ignore[arg-type]
    "size": lambda: Size("3", 0.3),  # type: ignore[arg-type]
    "drop volume": lambda: DropCount("D2", 40, 2.0),  # type: ignore[arg-type]
    "syringe": lambda: Syringe(1.0, Decimal("0.01")),  # type: ignore[arg-type]
    "dose": lambda: measure(0.25, Decimal(1), Syringe(Decimal(1), Decimal("0.01"))),  # type: ignore[arg-type]
    "quantity": lambda: Quantity(1.5, "mg"),  # type: ignore[arg-type]
    "count": lambda: capsules("1.5 mg", 90.0, source=powder(), filler=CELLULOSE, bench=BENCH),  # type: ignore[arg-type]
    "overage": lambda: capsules(
        "1.5 mg", 90, source=powder(), filler=CELLULOSE, bench=BENCH, overage_percent=5.0  # type: ignore[arg-type]
    ),
}  # fmt: skip


@pytest.mark.parametrize("where", FLOATS)
def test_a_float_is_refused_with_what_to_write(where: str) -> None:
    with pytest.raises(InvalidInput, match="which is not exact") as error:
        FLOATS[where]()
    assert "Decimal(" in error.value.remedy


@pytest.mark.parametrize("value", [True, None, "1", Decimal("NaN"), Decimal("-1"), 0, Decimal("1e-13"), 10**12])
def test_what_is_no_amount(value: object) -> None:
    with pytest.raises(InvalidInput):
        exact(value, "it")


def test_another_context_changes_nothing() -> None:
    here = capsules("4.5 mg", 100, source=powder("98.5"), filler=CELLULOSE, bench=BENCH)
    with localcontext(prec=3, rounding=ROUND_DOWN):
        there = capsules("4.5 mg", 100, source=powder("98.5"), filler=CELLULOSE, bench=BENCH)
        printed = [str(line) for line in there.lines]
    assert there == here
    assert printed == [str(line) for line in here.lines]


def test_a_refusal_keeps_the_request() -> None:
    request = {"strength": "25 mg", "count": 90, "size": "5", "filler_each": None, "source": tablets()}
    with pytest.raises(CannotBeMade) as stop:
        capsules("25 mg", 90, source=tablets(), filler=CELLULOSE, bench=BENCH, size="5")
    assert stop.value.asked == request


NUMBERS = st.decimals(min_value="0.0001", max_value=10**6, places=4)


@given(NUMBERS, st.sampled_from([Decimal(1), Decimal("0.1"), Decimal("0.25"), Decimal("0.01"), Decimal(20)]))
def test_rounding_is_to_the_nearest_step(number: Decimal, step: Decimal) -> None:
    near = rounded(number, step)
    assert near % step == 0
    assert abs(near - number) * 2 <= step
    assert 0 <= number - below(number, step) < step


@given(NUMBERS)
def test_printing_loses_nothing_and_hides_nothing(number: Decimal) -> None:
    assert Decimal(plain(number)) == number
    text, whole = shown(number)
    assert whole
    assert Decimal(text) == number
    third, whole = shown(number / 3)
    assert whole == (Decimal(third) * 3 == number)
