"""A whole titration from an approved plan: what to make now and what later, labels and prescription, one arithmetic."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import ROUND_CEILING, Decimal
from typing import TYPE_CHECKING, Any

from lowdose.errors import InvalidInput
from lowdose.pharmacy.amounts.exact import exactly, plain
from lowdose.pharmacy.amounts.hydrochloride import Strength
from lowdose.pharmacy.amounts.line import Batch
from lowdose.pharmacy.bench.balance import Bench
from lowdose.pharmacy.bench.sheet import Excipient
from lowdose.pharmacy.forms.capsules import OVERAGE_PERCENT, capsules
from lowdose.pharmacy.forms.creams import cream
from lowdose.pharmacy.forms.drops import DropCount, drops
from lowdose.pharmacy.forms.packing import PackStatistics
from lowdose.pharmacy.forms.solutions import solution
from lowdose.pharmacy.forms.triturates import triturate
from lowdose.pharmacy.materials.formulas import Formula, formula, formulas
from lowdose.pharmacy.materials.lots import Supply
from lowdose.pharmacy.materials.sources import Source, Tablets
from lowdose.pharmacy.supply.dispensing import Dispensed, DispensedForm, DoseStep, Fill, Item, dispense
from lowdose.pharmacy.worksheets.direction import Direction
from lowdose.pharmacy.worksheets.prescription import PrescriptionDraft, directions, prescription_draft
from lowdose.pharmacy.worksheets.shelf import check_lots
from lowdose.pharmacy.worksheets.worksheet import AS_FORMULA, Keeping, Papers, papers
from lowdose.spoken import day_only

if TYPE_CHECKING:
    from lowdose.audit import Professional


CELLULOSE = Excipient("microcrystalline cellulose")


@dataclass(frozen=True)
class Making:
    """What a pharmacy makes a batch from and with.

    Parameters
    ----------
    source : Source
        Powder, tablets or a stock.
    bench : Bench
        Day, balance, measure.
    filler : Excipient
        Of capsules.
    supplies : mapping of str to Supply
        Lots of the other ingredients; of a liquid, all must be in its formula.
    shelf : mapping of str to Supply
        Lots of whatever the pharmacy has; what a formula does not hold is left on it.
    formula : str
        Id of the formula of a liquid; "" takes the published one of that strength, else the first.
    preservative : str
        Of a liquid, one that its formula's source names; "" takes the first.
    packing, size, overage_percent, part_tablets, confirmed_by
        As in `capsules` and `solution`.
    """

    source: Source
    bench: Bench
    filler: Excipient = CELLULOSE
    supplies: Mapping[str, Supply] = field(default_factory=dict)
    shelf: Mapping[str, Supply] = field(default_factory=dict)
    formula: str = ""
    preservative: str = ""
    packing: PackStatistics | None = None
    size: str | None = None
    overage_percent: Decimal | None = None
    part_tablets: bool = False
    confirmed_by: Professional | None = None

    def formula_for(self, strength: Decimal) -> Formula:
        """The formula of a liquid of this strength.

        Raises
        ------
        NotFound
            If the formula that was named is not known.
        InvalidInput
            If its source does not name the preservative.
        """
        liquids = [one for one in formulas().values() if one.form == "solution"]
        published = next((one for one in liquids if one.strength == strength), liquids[0])
        follows = formula(self.formula) if self.formula else published
        return follows.preserved_with(self.preservative) if self.preservative else follows

    def capsules(self, strength: str, count: int) -> Batch:
        """Work out capsules of it."""
        overage = OVERAGE_PERCENT if self.overage_percent is None else self.overage_percent
        return self._with_every_lot(capsules(
            strength, count, source=self.source, filler=self.filler, bench=self.bench, packing=self.packing,
            size=self.size, overage_percent=overage, shells={**self.shelf, **self.supplies},
            confirmed_by=self.confirmed_by,
        ))  # fmt: skip

    def solution(self, strength: str, volume: str) -> Batch:
        """Work out an oral liquid of it."""
        return self._with_every_lot(solution(strength, volume, **self._liquid(strength)))

    def drops(self, strength: str, volume: str, dose: str, counted: DropCount) -> Batch:
        """Work out sublingual drops of it."""
        return self._with_every_lot(drops(strength, volume, dose=dose, counted=counted, **self._liquid(strength)))

    def triturate(self, ratio: str, total: str) -> Batch:
        """Work out a stock triturate of it."""
        return self._with_every_lot(triturate(ratio, total, source=self.source, diluent=self.filler, bench=self.bench))

    def cream(self, dose: str, dose_volume: str, days: int, per_day: int, base: Excipient) -> Batch:
        """Work out a cream of it."""
        named = replace(base, supply=base.supply or self.supplies.get(base.name) or self.shelf.get(base.name))
        return self._with_every_lot(cream(
            dose, dose_volume, days, source=self.source, base=named, bench=self.bench, per_day=per_day,
            overage_percent=self.overage_percent or Decimal(0), confirmed_by=self.confirmed_by,
        ))  # fmt: skip

    def _with_every_lot(self, batch: Batch) -> Batch:
        check_lots(batch, self.supplies, self.shelf, left_out=self.filler.name if batch.form == "capsules" else "")
        return batch

    def _liquid(self, strength: str) -> dict[str, Any]:
        concentration = Strength.parse(strength, confirmed_by=self.confirmed_by).of("mg/mL")
        follows = self.formula_for(concentration)
        shelf = {one.name: self.shelf[one.name] for one in follows.ingredients if one.name in self.shelf}
        return {
            "source": self.source, "formula": follows, "bench": self.bench,
            "supplies": {**shelf, **self.supplies}, "part_tablets": self.part_tablets,
            "overage_percent": self.overage_percent or Decimal(0), "confirmed_by": self.confirmed_by,
        }  # fmt: skip

    def batch(self, item: Item) -> Batch:
        """Work out the batch for one item that is handed over; a liquid from whole tablets may be a little more."""
        strength = f"{plain(item.strength)} {item.strength_unit}"
        if item.unit == "capsules":
            return self.capsules(strength, int(item.amount))
        return self.solution(strength, f"{plain(self._volume(item))} mL")

    @exactly
    def _volume(self, item: Item) -> Decimal:
        if not isinstance(self.source, Tablets) or self.part_tablets:
            return item.amount
        of_one = self.source.strength_mg / item.strength
        return (item.amount / of_one).to_integral_value(rounding=ROUND_CEILING) * of_one


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
    """What is dispensed in all, the papers of what is made now, when the rest is made, and the prescription draft."""

    dispensed: Dispensed
    fill: Fill
    papers: tuple[Papers, ...]
    later: tuple[str, ...]
    prescription: PrescriptionDraft


def titration(
    order: Order,
    making: Making,
    *,
    form: DispensedForm,
    lot: str,
    keeping: Keeping = AS_FORMULA,
    fill: int = 1,
    fill_days: int | None = None,
    strengths: Sequence[Decimal] = (),
    graduation_ml: Decimal | None = None,
    most_capsules: int = 4,
    pharmacy: str = "",
    prescription: str = "",
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
    fill_days : int, optional
        The longest that a fill lasts; by default as long as such a preparation keeps, whatever its lots. Every fill of
        a titration must be asked for with the same.
    strengths, graduation_ml, most_capsules
        As in `dispense`.
    pharmacy, prescription : str
        For label and record.

    Raises
    ------
    InvalidInput
        If nobody approved the order, there is no such fill, or it is made after its first day.
    CannotBeMade
        If a dose cannot be given exactly, or a batch not be made.

    Examples
    --------
    >>> from lowdose.pharmacy import Balance, Lot, Powder
    >>> powder = Powder(Lot("N-1", date(2027, 6, 30), Decimal("98.5"), "as-is"))
    >>> order = Order(tuple(DoseStep(Decimal(mg), 14) for mg in ("1.5", "3", "4.5")), ("at bedtime",) * 3,
    ...     date(2026, 12, 1), "P-17", "approved by A. Brown, physician, GMC 0000000 on 2026-11-30", "3f9c")
    >>> found = titration(order, Making(powder, Bench(date(2026, 12, 1), Balance(Decimal(1), Decimal("0.1")))),
    ...     form="capsules", lot="LDN-7")
    >>> [str(item) for item in found.dispensed.items], found.papers[0].batch.made
    (['84 capsules of 1.5 mg'], Decimal('89'))
    """
    options = {"form": form, "strengths": strengths, "graduation_ml": graduation_ml, "most_capsules": most_capsules}
    whole = dispense(order.steps, **options)  # type: ignore[arg-type]
    if fill_days is None:  # not by today's lots: every fill must come out the same on whichever day it is made
        fill_days = min(
            papers(making.batch(one), lot=lot, keeping=keeping).beyond_use.keeps_days for one in whole.items
        )
    dispensed = dispense(order.steps, **options, beyond_use_days=fill_days)  # type: ignore[arg-type]
    now = _fill(dispensed, fill, order, making.bench.on)
    taken = directions(dispensed, order.times, whens=_dates(order))
    made = tuple(
        papers(
            making.batch(item), lot=lot if len(now.items) == 1 else f"{lot}-{number}", keeping=keeping, item=item,
            pharmacy=pharmacy, prescription=prescription, dispensed=dispensed, patient=order.patient,
            prescriber=order.prescriber,
            directions=_of(item, taken, now, order), approved_by=order.approved_by, stop_hours=order.stop_hours,
        )
        for number, item in enumerate(now.items, 1)
    )  # fmt: skip
    _keeps(made, now, order)
    draft = prescription_draft(dispensed, taken, patient=order.patient, start=order.start, made_on=making.bench.on,
                               approved_by=order.approved_by, plan_sha256=order.plan_sha256,
                               form=made[0].batch.form_words)  # fmt: skip
    return Titration(dispensed, now, made, _later(dispensed, fill, order), draft)


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


def _later(dispensed: Dispensed, fill: int, order: Order) -> tuple[str, ...]:
    return tuple(
        f"Fill {one.number}: {' and '.join(map(str, one.items))}, made fresh for {day_only(_day(order, one.first_day))}"
        for one in dispensed.fills
        if one.number > fill
    )
