"""How a method begins: with powder, crushed tablets, a stock or a triturate, each called by what is really taken."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from lowdose.pharmacy.amounts.exact import plain
from lowdose.pharmacy.amounts.line import Amount
from lowdose.pharmacy.materials.sources import Source, Tablets

WHERE_TOO_LITTLE = (
    "Where the balance cannot weigh so little, make the triturate of the Compounding Record and use that in its place."
)
"""For a master: which batch needs one depends on its size, its lot and the balance."""


@dataclass(frozen=True)
class Beginning:
    """The first steps, and what the following ones call the drug that they go on with."""

    steps: tuple[str, ...]
    drug: str


def beginning(source: Source, *, counted: bool = False) -> Beginning:
    """How any batch from this source begins, whatever its size and its lot.

    Parameters
    ----------
    source : Source
        Powder, tablets or a stock.
    counted : bool
        Whether tablets are taken whole.

    Examples
    --------
    >>> from datetime import date
    >>> from lowdose.pharmacy import Supply
    >>> beginning(Tablets(Supply("T-5", date(2027, 6, 30))), counted=True)
    Beginning(steps=('Crush the tablets to a fine powder.',), drug='the crushed tablets')
    """
    if not isinstance(source, Tablets):
        return Beginning((), f"the weighed {source.name}")
    if counted:
        return Beginning(("Crush the tablets to a fine powder.",), "the crushed tablets")
    crush = "Crush the tablets to a fine powder and weigh what is needed of it; discard the rest."
    return Beginning((crush,), "the weighed powder of the tablets")


def with_triturates(source: Source, amounts: Sequence[Amount]) -> Beginning:
    """How one batch begins: where powder was diluted to be weighed, with each triturate and the aliquot of the last.

    Parameters
    ----------
    source : Source
        Where the drug comes from.
    amounts : sequence of Amount
        What the batch takes, in the order of use.

    Examples
    --------
    >>> from datetime import date
    >>> from decimal import Decimal
    >>> from lowdose.pharmacy import Balance, Bench, Excipient, Lot, Powder, capsules
    >>> batch = capsules(
    ...     "0.1 mg", 30, source=Powder(Lot("N-1", date(2027, 6, 30), Decimal(100), "as-is")), size="3",
    ...     filler=Excipient("Avicel PH-102"), bench=Bench(date(2026, 12, 1), Balance(Decimal("0.3"), Decimal("0.1"))),
    ... )
    >>> with_triturates(Powder(Lot("N-1", date(2027, 6, 30), Decimal(100), "as-is")), batch.to_weigh).drug
    'the 6.4 mg of triturate 1'
    """
    first = beginning(source)
    last = next((one for one in amounts if one.role == "aliquot" and one.into == "batch"), None)
    if last is None:
        return first
    made = dict.fromkeys(one.into for one in amounts if one.into != "batch")
    left = f"what is left of {' and '.join(made)}"
    return Beginning(
        (
            *(
                ["Crush the tablets to a fine powder; discard what is left of it."]
                if isinstance(source, Tablets)
                else []
            ),
            *(_triturate(name, [one for one in amounts if one.into == name]) for name in made),
            f"Weigh {_so_much(last)} for this batch. Discard {left}: a triturate is kept as a stock only where it was "
            "made, dated and released with a worksheet of its own.",
        ),
        f"the {_so_much(last)}",
    )


def _triturate(name: str, parts: Sequence[Amount]) -> str:
    drug, diluent = parts
    return f"Make {name}: rub {_so_much(drug)} down with {_so_much(diluent)}, in equal parts, until all is in."


def _so_much(one: Amount) -> str:
    what = one.ingredient.removesuffix(", crushed")
    return f"{plain(one.value)} {one.unit} of {what if what == one.ingredient else f'crushed {what}'}"
