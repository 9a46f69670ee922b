"""A whole titration from an approved plan: what to make now and what later, labels and prescription, one arithmetic."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from lowdose.errors import InvalidInput
from lowdose.pharmacy.records.master import MasterFormulation
from lowdose.pharmacy.supply.dispensing import Dispensed, DispensedForm, DoseStep, Fill, Item, dispense
from lowdose.pharmacy.worksheets.direction import Direction
from lowdose.pharmacy.worksheets.making import Making
from lowdose.pharmacy.worksheets.prescription import PrescriptionDraft, directions, prescription_draft
from lowdose.pharmacy.worksheets.worksheet import AS_FORMULA, Keeping, Papers, papers
from lowdose.spoken import day_only


@dataclass(frozen=True)
class Order:
    """What is ordered: the steps of an approved plan, and who approved it.

    ``times`` are the time of day of each step in words, ``stop_hours`` the stop before an operation as in `Label`.
    """

    steps: tuple[DoseStep, ...]
    times: tuple[str, ...]
    start: date
    patient: str
    approved_by: str
    plan_sha256: str
    prescriber: str = ""
    stop_hours: float | None = None


@dataclass(frozen=True)
class Titration:
    """What is dispensed in all, the papers of what is made now, when the rest is made, and the prescription draft.

    ``early`` says what making the first fill before its first day changed; empty where that is nothing.
    """

    dispensed: Dispensed
    fill: Fill
    papers: tuple[Papers, ...]
    later: tuple[str, ...]
    prescription: PrescriptionDraft
    early: str = ""


def titration(
    order: Order,
    making: Making,
    *,
    form: DispensedForm,
    lot: str,
    keeping: Keeping = AS_FORMULA,
    fill: int = 1,
    first_made: date | None = None,
    fill_days: int | None = None,
    strengths: Sequence[Decimal] = (),
    graduation_ml: Decimal | None = None,
    most_capsules: int = 4,
    pharmacy: str = "",
    prescription: str = "",
    master: MasterFormulation | None = None,
    master_version: int = 1,
) -> Titration:
    """Work out everything for a titration, and the papers of one fill of it.

    Parameters
    ----------
    order, making : Order, Making
        What is ordered, and what it is made from.
    form : {"capsules", "solution"}
        What is handed over.
    lot : str
        Lot number of what is made now; several strengths get -1, -2 and so on behind it.
    keeping : Keeping
        Where and by whose limit it is kept.
    fill : int
        Which fill is made now; the day of making is that of the bench.
    first_made : date, optional
        When the first fill was made; needed for every other, since the days that it was made early part the rest.
    fill_days : int, optional
        The longest that a fill lasts; by default as long as such a preparation keeps, whatever its lots, counted from
        the day it is made. Every fill of a titration must be asked for with the same.
    strengths, graduation_ml, most_capsules
        As in `dispense`.
    pharmacy, prescription : str
        For label and record.
    master : MasterFormulation, optional
        The signed master of one of the strengths.
    master_version : int
        Of the masters that are written for the others.

    Raises
    ------
    InvalidInput
        If nobody approved the order, there is no such fill, it is made after its first day or would be taken past its
        date, or it is not said when the first was made.
    CannotBeMade
        If a dose cannot be given exactly, or a batch not be made.

    Examples
    --------
    >>> from lowdose.pharmacy import Balance, Bench, Lot, Powder
    >>> powder = Powder(Lot("N-1", date(2027, 6, 30), Decimal("98.5"), "as-is"))
    >>> order = Order(tuple(DoseStep(Decimal(mg), 14) for mg in ("1.5", "3", "4.5")), ("at bedtime",) * 3,
    ...     date(2026, 12, 1), "P-17", "approved by A. Brown, physician, GMC 0000000 on 2026-11-30", "3f9c")
    >>> found = titration(order, Making(powder, Bench(date(2026, 12, 1), Balance(Decimal(1), Decimal("0.1")))),
    ...     form="capsules", lot="LDN-7")
    >>> [str(item) for item in found.dispensed.items], found.papers[0].batch.made
    (['84 capsules of 1.5 mg'], Decimal('89'))
    """

    def parted(keeps: int | None, early: int = 0) -> Dispensed:
        return dispense(order.steps, form=form, strengths=strengths, graduation_ml=graduation_ml, fill_days=fill_days,
                        most_capsules=most_capsules, beyond_use_days=keeps, early_days=early)  # fmt: skip

    # Not by today's lots: every fill must come out the same on whichever day it is made.
    whole = [papers(making.batch(one), lot=lot, keeping=keeping) for one in parted(None).items]
    keeps = min(one.beyond_use.keeps_days for one in whole)
    dispensed = parted(keeps, _early(order, making.bench.on, fill, first_made))
    now = _fill(dispensed, fill, order, making.bench.on)
    taken = directions(dispensed, order.times, whens=_dates(order))
    made = tuple(
        papers(
            making.batch(item), lot=lot if len(now.items) == 1 else f"{lot}-{number}", keeping=keeping, item=item,
            pharmacy=pharmacy, prescription=prescription, dispensed=dispensed, patient=order.patient,
            prescriber=order.prescriber, version=master_version,
            master=master if master is not None and master.strength == item.strength else None,
            directions=_of(item, taken, now, order), approved_by=order.approved_by, stop_hours=order.stop_hours,
        )
        for number, item in enumerate(now.items, 1)
    )  # fmt: skip
    if master is not None and not any(one.master is master for one in made):
        raise InvalidInput(f"no strength of fill {fill} is that of the master {master.id}", remedy="leave it out")
    _keeps(made, now, order)
    draft = prescription_draft(dispensed, taken, patient=order.patient, start=order.start, made_on=making.bench.on,
                               approved_by=order.approved_by, plan_sha256=order.plan_sha256,
                               form=made[0].batch.form_words)  # fmt: skip
    later = _later(dispensed, fill, order, keeps)
    return Titration(dispensed, now, made, later, draft, _shortened(dispensed, parted(keeps), order))


def _early(order: Order, on: date, fill: int, first_made: date | None) -> int:
    """Days that the first fill is made before its first day."""
    made = on if fill == 1 else first_made
    if made is None:
        raise InvalidInput(
            f"the day on which fill 1 was made is not given, and fill {fill} begins where that one ends",
            remedy="give the day of making on its worksheet (first made)",
        )
    if fill > 1 and made > min(order.start, on):
        raise InvalidInput(
            f"fill 1 cannot have been made on {made}: it was needed from {order.start}, and this one is made on {on}",
            remedy="read the day of making off its worksheet (first made)",
        )
    return max((order.start - made).days, 0)


def _shortened(dispensed: Dispensed, in_time: Dispensed, order: Order) -> str:
    """What making the first fill early changed, in words; nothing where it did not."""
    ours, other, keeps = dispensed.fills, in_time.fills, in_time.beyond_use_days
    if keeps is None or [one.days for one in ours] == [one.days for one in other]:
        return ""
    late_enough = _day(order, other[0].days - keeps)
    return (
        f"Made {dispensed.early_days} days before its first day, fill 1 is for {ours[0].days} days, and {len(ours)} "
        f"fills are made; on {day_only(late_enough)} or later it would be for {other[0].days}, and {len(other)} would "
        "be made."
    )


def _fill(dispensed: Dispensed, number: int, order: Order, on: date) -> Fill:
    if not 1 <= number <= len(dispensed.fills):
        raise InvalidInput(f"there is no fill {number}", remedy=f"there are {len(dispensed.fills)}, from 1")
    found = dispensed.fills[number - 1]
    if on > _day(order, found.first_day):
        raise InvalidInput(
            f"fill {number} is needed from {_day(order, found.first_day)}, and would be made on {on}",
            remedy="make it on that day or before, or make a new plan",
        )
    return found


def _keeps(made: Sequence[Papers], fill: Fill, order: Order) -> None:
    """Refuse a fill that would be taken past its date, because it is made early or its lots expire."""
    last = _day(order, fill.first_day + fill.days - 1)
    for one in made:
        if last > one.beyond_use.on:
            raise InvalidInput(
                f"fill {fill.number} is taken until {last}, and {one.batch.product} keeps until {one.beyond_use.on}",
                where=one.beyond_use.decided_by.what,
                remedy="make it later, use lots that last longer, or make all fills shorter (fill days)",
            )


def _day(order: Order, number: int) -> date:
    return order.start + timedelta(days=number - 1)


def _dates(order: Order) -> list[str]:
    said, first = [], order.start
    for step in order.steps:
        last = first + timedelta(days=step.days - 1)
        said.append(f"from {day_only(first)} to {day_only(last)}")
        first = last + timedelta(days=1)
    return said


def _of(item: Item, taken: Sequence[Direction], fill: Fill, order: Order) -> tuple[Direction, ...]:
    """The steps that use this container, cut to the days of the fill; a dose of two strengths stands on both."""
    begins, ends = _day(order, fill.first_day), _day(order, fill.first_day + fill.days - 1)
    told, first = [], order.start
    for step, one in zip(order.steps, taken, strict=True):
        last = first + timedelta(days=step.days - 1)
        uses = any(part.strength == item.strength for part in one.items)
        if uses and first <= ends and last >= begins:
            told.append(replace(one, when=f"from {day_only(max(first, begins))} to {day_only(min(last, ends))}"))
        first = last + timedelta(days=1)
    return tuple(told)


def _later(dispensed: Dispensed, fill: int, order: Order, keeps: int) -> tuple[str, ...]:
    return tuple(
        f"Fill {one.number}: {' and '.join(map(str, one.items))}, made fresh for "
        f"{day_only(_day(order, one.first_day))}, not before "
        f"{day_only(_day(order, one.first_day + one.days - 1 - keeps))}"
        for one in dispensed.fills
        if one.number > fill
    )
