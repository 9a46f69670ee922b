"""A pharmacy that does not exist: lots, tablets, balances and a day, for the tests of this room."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import TypeVar

from lowdose.audit import Professional
from lowdose.pharmacy import Balance, Bench, CannotBeMade, Excipient, Lot, Powder, Supply, Tablets

Made = TypeVar("Made")

DAY = date(2026, 12, 1)
LATER = date(2027, 6, 30)
PHARMACIST = Professional("A. Brown", "pharmacist", "GPhC 0000000")
TORSION = Balance(Decimal(6), Decimal(1))
FINE = Balance(Decimal("0.1"), Decimal("0.1"))
BENCH = Bench(DAY, FINE)
COARSE = Bench(DAY, TORSION)
CELLULOSE = Excipient("Avicel PH-102", Supply("C-8", date(2027, 3, 1)))


def powder(percent: str = "100", expiry: date = LATER) -> Powder:
    return Powder(Lot("N-1", expiry, Decimal(percent), "as-is"))


def tablets(mean: str | None = "155") -> Tablets:
    supply = Supply("T-5", date(2027, 2, 28))
    return Tablets(supply, mean_mass_mg=Decimal(mean) if mean else None, weighed=20 if mean else None)


def attempt(make: Callable[[], Made]) -> Made | CannotBeMade:
    """Make something, or hand back why it cannot be made."""
    try:
        return make()
    except CannotBeMade as stop:
        return stop
