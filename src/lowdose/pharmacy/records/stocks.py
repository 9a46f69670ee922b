"""A stock that was made and released here, as an ingredient: its record says what it holds, its assay and its date."""

from __future__ import annotations

from typing import Literal, cast

from lowdose.errors import SafetyStop
from lowdose.pharmacy.amounts.line import Amount, Batch, Handling
from lowdose.pharmacy.materials.lots import Supply
from lowdose.pharmacy.materials.sources import Stock
from lowdose.pharmacy.records.compounding_record import CompoundingRecord

Form = Literal["capsules", "oral solution", "sublingual drops", "cream", "triturate"]


def stock_of(record: CompoundingRecord) -> Stock:
    """Take a released batch as an ingredient: its own lot number, its assay, and its beyond-use date as its expiry.

    Parameters
    ----------
    record : CompoundingRecord
        Of a triturate or an oral liquid.

    Raises
    ------
    SafetyStop
        If it is not released as it is.
    InvalidInput
        If it is no stock.

    Examples
    --------
    >>> from decimal import Decimal
    >>> from datetime import date
    >>> from lowdose.pharmacy import Balance, Bench, Excipient, Lot, Powder, capsules, papers
    >>> batch = capsules(
    ...     "1.5 mg", 90, source=Powder(Lot("N-1", date(2027, 6, 30), Decimal("98.5"), "as-is")), size="3",
    ...     filler=Excipient("Avicel PH-102"), bench=Bench(date(2026, 12, 1), Balance(Decimal(1), Decimal("0.1"))),
    ... )
    >>> stock_of(papers(batch, lot="LDN-7").record)
    Traceback (most recent call last):
    lowdose.errors.SafetyStop: the stock LDN-7 is not released as it is
    ...
    """
    if record.release is None or not record.is_released:
        raise SafetyStop(
            f"the stock {record.lot} is not released as it is", remedy="lowdose compound release RECORD.json --filled …"
        )
    return Stock(_batch(record), Supply(record.lot, record.beyond_use.on), record.potency_percent,
                 record.release.at.date())  # fmt: skip


def _batch(record: CompoundingRecord) -> Batch:
    """What was worked out, from what was written down of it; targets are what a stock is reckoned with."""
    return Batch(
        product=record.product, form=cast("Form", record.form), strength=record.strength,
        strength_unit=cast("Literal['mg', 'mg/mL', 'mg/g']", record.strength_unit), asked=record.asked,
        made=record.made, unit=cast("Literal['capsules', 'mL', 'mg']", record.unit), made_on=record.made_on,
        lines=record.lines, steps=record.steps, assumptions=record.assumptions, departures=record.departures,
        to_weigh=tuple(
            Amount(one.ingredient, one.target, one.unit, cast("Handling", one.handling), one.target, one.role,
                   *one.taken_from, one.into)
            for one in record.weighings
        ),
        facts={name: value for name, value in record.facts.items() if name.startswith("formula.")},
        dose_equivalent=record.dose_equivalent,
    )  # fmt: skip
