"""The lots that a pharmacy named, held against what a batch takes: no lot is left out for a slip of the pen."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from functools import cache

from lowdose.errors import InvalidInput
from lowdose.pharmacy.amounts.line import Batch
from lowdose.pharmacy.forms.packing import sizes
from lowdose.pharmacy.materials.formulas import formulas
from lowdose.pharmacy.materials.lots import Supply
from lowdose.safety.excipients import called, parts


def lots_by_name(named: Iterable[tuple[str, Supply]]) -> dict[str, Supply]:
    """Lots by what their ingredient is called here, however it was written.

    Raises
    ------
    InvalidInput
        If two lots are of one ingredient: a worksheet names the one that is taken.

    Examples
    --------
    >>> from datetime import date
    >>> jar = Supply("G-1", date(2027, 12, 31))
    >>> list(lots_by_name([("glycerine", jar)]))
    ['glycerol']
    >>> lots_by_name([("glycerine", jar), ("glycerol", Supply("G-2", date(2028, 1, 31)))])
    Traceback (most recent call last):
    lowdose.errors.InvalidInput: lots G-1 and G-2 are both of glycerol
      remedy: give the one that is taken
    """
    found: dict[str, Supply] = {}
    for written, one in named:
        name = called(written)
        if name in found:
            raise InvalidInput(
                f"lots {found[name].number} and {one.number} are both of {name}", remedy="give the one that is taken"
            )
        found[name] = one
    return found


def check_lots(batch: Batch, supplies: Iterable[str], shelf: Iterable[str], *, left_out: str = "") -> None:
    """Refuse a lot of nothing in the batch, and one on the shelf whose name nobody knows.

    Parameters
    ----------
    batch : Batch
        What is made.
    supplies : iterable of str
        Names of lots that were given for this batch: each must be of something in it.
    shelf : iterable of str
        Names of lots that the pharmacy has: one that is not in the batch must at least be known.
    left_out : str
        A filler that was chosen and not needed.

    Raises
    ------
    InvalidInput
        With the name that comes nearest.

    Examples
    --------
    >>> from datetime import date
    >>> from decimal import Decimal
    >>> from lowdose.pharmacy import Balance, Bench, Excipient, Lot, Powder, capsules
    >>> batch = capsules(
    ...     "1.5 mg", 90, source=Powder(Lot("N-1", date(2027, 6, 30), Decimal("98.5"), "as-is")), size="3",
    ...     filler=Excipient("Avicel PH-102"), bench=Bench(date(2026, 12, 1), Balance(Decimal(1), Decimal("0.1"))),
    ... )
    >>> check_lots(batch, [], ["microcristalline cellulose"])
    Traceback (most recent call last):
    lowdose.errors.InvalidInput: 'microcristalline cellulose' is no ingredient that is known here
      remedy: did you mean microcrystalline cellulose? naltrexone hydrochloride 1.5 mg capsules takes microcrystalline cellulose, size 3 capsule shells
    """  # noqa: E501
    takes = {one.ingredient for one in batch.to_weigh if one.role not in ("active", "aliquot")}
    all_of_it = ", ".join(sorted(takes))
    if unused := sorted(set(supplies) - takes - {left_out}):
        raise InvalidInput(f"{batch.product} has no {' and no '.join(unused)}", remedy=f"lots are of {all_of_it}")
    for name in shelf:
        if name in takes or name == left_out or name in _known() or all(one.is_recognised for one in parts(name)):
            continue
        near = get_close_matches(name.casefold(), [*takes, *_known()], n=1)
        hint = f"did you mean {near[0]}? " if near else ""
        raise InvalidInput(
            f"{name!r} is no ingredient that is known here",
            remedy=f"{hint}{batch.product} takes {all_of_it}",
        )


@cache
def _known() -> frozenset[str]:
    """What formulas are made of, and the shells of every size; fillers are known by their parts."""
    named = [part for one in formulas().values() for part in one.ingredients]
    instead = [other.name for part in named for other in part.instead]
    return frozenset([*(part.name for part in named), *instead, *(size.shells for size in sizes())])
