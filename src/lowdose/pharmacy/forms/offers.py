"""What comes nearest to capsules that cannot be made: one thing is changed at a time, and each offer was tried."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from lowdose.pharmacy.amounts.exact import below, exactly, plain
from lowdose.pharmacy.amounts.hydrochloride import Strength
from lowdose.pharmacy.amounts.line import Batch
from lowdose.pharmacy.amounts.quantities import Quantity
from lowdose.pharmacy.amounts.refusals import CannotBeMade
from lowdose.pharmacy.bench.balance import Bench
from lowdose.pharmacy.bench.sheet import Excipient
from lowdose.pharmacy.forms.packing import Densities, PackStatistics, Size, sizes
from lowdose.pharmacy.materials.lots import Supply
from lowdose.pharmacy.materials.sources import Source

_STRENGTH_STEP = Decimal("0.01")
_FILLER_STEP = Decimal("0.1")
_LARGEST_COUNT = 100_000


@dataclass(frozen=True)
class Request:
    """Capsules as they were asked for; see ``capsules`` for its parts."""

    strength: Strength
    count: int
    source: Source
    filler: Excipient
    bench: Bench
    packing: PackStatistics | Densities | None
    size: Size | None
    filler_each: Quantity | None
    overage_percent: Decimal
    shells: Mapping[str, Supply]


Make = Callable[[Request], Batch]


def offers(request: Request, make: Make) -> tuple[str, ...]:
    """Name what can be made instead: another size, a weaker capsule, more of them, or another filling.

    Parameters
    ----------
    request : Request
        What cannot be made.
    make : callable
        Works a request out, or raises ``CannotBeMade``; every offer has gone through it.
    """
    found = (
        _other_size(request, make),
        _weaker(request, make),
        _more(request, make),
        _other_filling(request, make),
    )
    return tuple(one for one in found if one)


def _made(request: Request, make: Make, **change: Any) -> Batch | None:
    try:
        return make(replace(request, **change))
    except CannotBeMade:
        return None


def _other_size(request: Request, make: Make) -> str:
    """The smallest size that does; pack statistics are of one size only, so nothing is known of another."""
    if isinstance(request.packing, PackStatistics):
        return ""
    found = next((size for size in sizes() if _made(request, make, size=size)), None)
    return f"size {found.name}" if found else ""


@exactly
def _weaker(request: Request, make: Make) -> str:
    """The strongest capsule below the one asked for, to a hundredth of a milligram."""

    def of(steps: int) -> dict[str, object]:
        return {"strength": Strength(Quantity(steps * _STRENGTH_STEP, "mg"))}

    dose = request.strength.of("mg")
    most = int((dose - _STRENGTH_STEP / 10) // _STRENGTH_STEP)
    steps = _last(most, lambda steps: _made(request, make, **of(steps)))
    batch = _made(request, make, **of(steps)) if steps else None
    return f"{plain(steps * _STRENGTH_STEP)} mg in {_shell(batch)}" if batch else ""


def _more(request: Request, make: Make) -> str:
    """The fewest capsules above the count asked for."""
    low, high = request.count, request.count
    while high < _LARGEST_COUNT:
        low, high = high, 2 * high
        if _made(request, make, count=high):
            break
    else:
        return ""
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if _made(request, make, count=middle) else (middle, high)
    return f"{high} capsules"


@exactly
def _other_filling(request: Request, make: Make) -> str:
    """As much filler as fills the capsule, where the pharmacy had set another."""
    filled = _made(request, make, filler_each=None) if request.filler_each else None
    each = (
        next((line.value for line in filled.lines if line.what == "Filler in one capsule"), Decimal(0)) if filled else 0
    )
    best = below(Decimal(each), _FILLER_STEP)
    if not filled or best <= 0 or not _made(request, make, filler_each=Quantity(best, "mg")):
        return ""
    return f"{plain(best)} mg of filler in {_shell(filled)}"


def _last(most: int, holds: Callable[[int], object]) -> int:
    """The largest number up to ``most`` for which it holds, when it holds for all below; 0 for none."""
    low, high = 0, most + 1
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if holds(middle) else (low, middle)
    return low


def _shell(batch: Batch) -> str:
    return batch.to_weigh[-1].ingredient.removesuffix(" capsule shells")
