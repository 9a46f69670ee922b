"""From the steps of a plan to what is handed over: fewest strengths, whole capsules or marked volumes, fresh bottles.

What is dispensed is what was planned, to the last digit, or it is refused with the nearest that can be.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, cast, get_args

from lowdose.errors import InvalidInput, NotFound, SafetyStop
from lowdose.pharmacy.amounts.exact import counted, exact, exactly, plain, trimmed, whole
from lowdose.pharmacy.amounts.line import Line
from lowdose.pharmacy.supply.capsule_strengths import MOST_AT_ONCE, choose, with_strengths
from lowdose.pharmacy.supply.liquid_strengths import choose_liquid

DispensedForm = Literal["capsules", "solution"]
NOT_SWALLOWED = {"drops": "under the tongue", "cream": "on the skin"}
"""Forms in which nobody has shown that a dose does what it does by mouth."""


def swallowed(form: str) -> DispensedForm:
    """The form that a plan's doses are dispensed in: one that is swallowed, as the doses of its protocol were.

    Raises
    ------
    SafetyStop
        If it is drops under the tongue or a cream: no dose of a plan is known to be the same dose there.
    NotFound
        If it is no form at all.

    Examples
    --------
    >>> swallowed("drops")
    Traceback (most recent call last):
    lowdose.errors.SafetyStop: a plan is not dispensed as drops: its doses are for swallowing, and not dose-equivalent under the tongue
      remedy: dispense it as capsules or solution; for drops that a prescriber wants, with a dose of its own: lowdose compound drops
    """  # noqa: E501
    if form in NOT_SWALLOWED:
        raise SafetyStop(
            f"a plan is not dispensed as {form}: its doses are for swallowing, and not dose-equivalent "
            f"{NOT_SWALLOWED[form]}",
            remedy=f"dispense it as {' or '.join(get_args(DispensedForm))}; for {form} that a prescriber wants, with a "
            f"dose of its own: lowdose compound {form}",
        )
    if form not in get_args(DispensedForm):
        raise NotFound.among("form to dispense", form, get_args(DispensedForm))
    return cast("DispensedForm", form)


@dataclass(frozen=True)
class DoseStep:
    """One step of a titration: this dose, so many times a day, for so many days."""

    dose_mg: Decimal
    days: int
    per_day: int = 1

    def __post_init__(self) -> None:
        object.__setattr__(self, "dose_mg", exact(self.dose_mg, "the dose of a step"))
        object.__setattr__(self, "days", whole(self.days, "the days of a step"))
        object.__setattr__(self, "per_day", whole(self.per_day, "the doses a day"))

    @property
    def times(self) -> int:
        """How often the dose is taken in this step."""
        return self.days * self.per_day


@dataclass(frozen=True)
class Item:
    """So much of one strength: capsules, millilitres, or milligrams of a stock triturate."""

    strength: Decimal
    strength_unit: Literal["mg", "mg/mL", "mg/g"]
    amount: Decimal
    unit: Literal["capsules", "mL", "mg"]

    @property
    @exactly
    def mg(self) -> Decimal:
        """Drug in it, mg."""
        return self.strength * self.amount / (1000 if self.strength_unit == "mg/g" else 1)

    def __str__(self) -> str:
        return f"{counted(self.amount, self.unit)} of {plain(self.strength)} {self.strength_unit}"


@dataclass(frozen=True)
class Dose:
    """How one dose of a step is taken."""

    step: DoseStep
    items: tuple[Item, ...]

    @property
    @exactly
    def off_mg(self) -> Decimal:
        """Drug in what is taken, less the dose, mg: nothing, or it was not dispensed."""
        return sum((one.mg for one in self.items), Decimal(0)) - self.step.dose_mg

    @property
    def words(self) -> str:
        """For a label: the amount in capsules or millilitres."""
        return " and ".join(str(one) for one in self.items)


@dataclass(frozen=True)
class Fill:
    """What is made and handed over at one time: a bottle, or the capsules until the next."""

    number: int
    first_day: int
    days: int
    items: tuple[Item, ...]

    @property
    def when(self) -> str:
        """The days of the plan it is for."""
        return f"days {self.first_day} to {self.first_day + self.days - 1}"


@dataclass(frozen=True)
class Dispensed:
    """Everything for a titration, with the arithmetic."""

    form: DispensedForm
    steps: tuple[DoseStep, ...]
    doses: tuple[Dose, ...]
    items: tuple[Item, ...]
    fills: tuple[Fill, ...]
    planned_mg: Decimal
    dispensed_mg: Decimal
    use_days: int
    beyond_use_days: int | None
    early_days: int
    graduation_ml: Decimal | None
    why: str
    lines: tuple[Line, ...]

    @property
    def strengths(self) -> tuple[Decimal, ...]:
        """Every strength, in the order of `items`."""
        return tuple(one.strength for one in self.items)

    @exactly
    def facts(self) -> dict[str, object]:
        """What the safety rules ask about how it is measured and how long it lasts."""
        off = max(abs(dose.off_mg) / dose.step.dose_mg * 100 for dose in self.doses)
        facts: dict[str, object] = {"plan.mg_ml_mismatch_pct": off}
        if self.form == "capsules":
            facts["plan.capsule_remainder_mg"] = max(abs(dose.off_mg) for dose in self.doses)
        else:
            facts["plan.min_volume_ml"] = min(item.amount for dose in self.doses for item in dose.items)
            facts["plan.graduation_error_pct"] = off
        if self.beyond_use_days is not None:
            first = self.fills[0].days + max(self.early_days - 1, 0)
            facts["formula.use_days_minus_bud"] = max(first, *(one.days for one in self.fills)) - self.beyond_use_days
        return facts


@exactly
def dispense(
    steps: Sequence[DoseStep],
    *,
    form: DispensedForm,
    strengths: Sequence[Decimal] = (),
    beyond_use_days: int | None = None,
    early_days: int = 0,
    fill_days: int | None = None,
    graduation_ml: Decimal | None = None,
    most_capsules: int = MOST_AT_ONCE,
) -> Dispensed:
    """Work out strengths, counts or volumes, and bottles for a whole titration.

    Parameters
    ----------
    steps : sequence of DoseStep
        In order of time.
    form : {"capsules", "solution"}
        What is handed over.
    strengths : sequence of Decimal
        mg, or mg/mL, to make do with; without them the fewest are searched for, liquids among the published formulas.
    beyond_use_days : int, optional
        Days that a fill may be used from the day it is made; a longer titration is split. None: not split.
    early_days : int
        Days that the first fill is made before its first day, which its date loses; the others are made on theirs, or
        the day before.
    fill_days : int, optional
        The longest that a fill is to last, where that is less.
    graduation_ml : Decimal, optional
        Marks of the syringe; needed for a solution.
    most_capsules : int
        Capsules at one time.

    Raises
    ------
    InvalidInput
        If a number is not valid, a solution has no graduation, or the first fill would be out of date on its first day.
    SafetyStop
        If the form is not swallowed.
    CannotBeMade
        If a dose cannot be given exactly; the nearest that can be come with it.

    Examples
    --------
    >>> steps = [DoseStep(Decimal(mg), 14) for mg in ("1", "2", "3", "4.5")]
    >>> found = dispense(steps, form="solution", graduation_ml=Decimal("0.1"), beyond_use_days=35)
    >>> [str(item) for item in found.items], [str(item) for fill in found.fills for item in fill.items]
    (['147 mL of 1 mg/mL'], ['42 mL of 1 mg/mL', '105 mL of 1 mg/mL'])
    """
    steps, form = tuple(steps), swallowed(form)
    if not steps:
        raise InvalidInput("there is no step to dispense for", remedy="give at least one dose with its days")
    if form == "capsules":
        doses, why = _capsules(steps, strengths, most_capsules)
    else:
        doses, why = _volumes(steps, strengths, graduation_ml)
    lengths = _split(steps, beyond_use_days, early_days, fill_days)
    fills = _fills(doses, lengths)
    items = _added([(item, Decimal(1)) for fill in fills for item in fill.items])
    planned = trimmed(sum((step.dose_mg * step.times for step in steps), Decimal(0)))
    dispensed = trimmed(sum((item.mg for item in items), Decimal(0)))
    if dispensed != planned:  # cannot happen; if it does, nobody gets a worksheet
        raise InvalidInput(f"{plain(dispensed)} mg would be dispensed for {plain(planned)} mg planned")
    return Dispensed(
        form=form, steps=steps, doses=doses, items=items, fills=fills, planned_mg=planned, dispensed_mg=dispensed,
        use_days=sum(step.days for step in steps), beyond_use_days=beyond_use_days, early_days=early_days,
        graduation_ml=graduation_ml if form == "solution" else None,
        why=why, lines=_lines(doses, items, fills, planned),
    )  # fmt: skip


def _times(steps: Sequence[DoseStep]) -> dict[Decimal, int]:
    times: dict[Decimal, int] = {}
    for step in steps:
        times[step.dose_mg] = times.get(step.dose_mg, 0) + step.times
    return times


def _capsules(steps: tuple[DoseStep, ...], strengths: Sequence[Decimal], most: int) -> tuple[tuple[Dose, ...], str]:
    times = _times(steps)
    chosen = with_strengths(times, strengths, most=most) if strengths else choose(times, most=most)
    return tuple(
        Dose(step, tuple(
            Item(strength, "mg", Decimal(count), "capsules")
            for strength, count in zip(chosen.strengths, chosen.made_of[step.dose_mg], strict=True) if count
        ))
        for step in steps
    ), chosen.why  # fmt: skip


def _volumes(
    steps: tuple[DoseStep, ...], strengths: Sequence[Decimal], graduation: Decimal | None
) -> tuple[tuple[Dose, ...], str]:
    if graduation is None:
        raise InvalidInput("the marks of the syringe are not known", remedy="give its graduation, such as 0.1 mL")
    chosen = choose_liquid({step.dose_mg for step in steps}, graduation, strengths)
    return tuple(
        Dose(step, (Item(chosen.strength_of[step.dose_mg], "mg/mL", chosen.volume(step.dose_mg), "mL"),))
        for step in steps
    ), chosen.why


def _split(steps: Sequence[DoseStep], keeps: int | None, early: int, most: int | None) -> list[int]:
    """Days of each fill: the fewest fills, then the fewest that begin within a step, then the most even."""
    total = sum(step.days for step in steps)
    limit, first = _longest(total, keeps, early, most)
    if total <= first:
        return [total]
    starts, day = set(), 0
    for step in steps:
        starts.add(day)
        day += step.days
    best: list[tuple[int, int, int, list[int]]] = [(0, 0, 0, [])]  # fills, cuts within a step, longest, lengths
    for end in range(1, total + 1):
        options = []
        for length in range(1, min(limit, end) + 1):
            if length == end and length > first:
                continue
            fills, cuts, longest, lengths = best[end - length]
            within = int(end < total and end not in starts)
            options.append((fills + 1, cuts + within, max(longest, length), [*lengths, length]))
        best.append(min(options, key=lambda one: one[:3]))
    return best[total][3]


def _longest(total: int, keeps: int | None, early: int, most: int | None) -> tuple[int, int]:
    """Days that any fill may last, and the first one; the day of making is day 0."""
    limit = total if most is None else whole(most, "the days of a fill")
    if keeps is None:
        return limit, limit
    whole(keeps, "the days until the beyond-use date")
    if early > keeps:
        raise InvalidInput(
            f"made {early} days before its first day, it would be out of date on it: it keeps {keeps} days",
            remedy=f"make it {keeps} days before, or later",
        )
    return min(limit, keeps), min(limit, keeps, keeps - early + 1)


def _fills(doses: Sequence[Dose], lengths: Sequence[int]) -> tuple[Fill, ...]:
    by_day = [dose for dose in doses for _ in range(dose.step.days)]
    fills, first = [], 0
    for number, length in enumerate(lengths, 1):
        taken = [(item, Decimal(day.step.per_day)) for day in by_day[first : first + length] for item in day.items]
        fills.append(Fill(number, first + 1, length, _added(taken)))
        first += length
    return tuple(fills)


def _added(taken: Sequence[tuple[Item, Decimal]]) -> tuple[Item, ...]:
    amounts: dict[Decimal, Item] = {}
    for item, times in taken:
        had = amounts[item.strength].amount if item.strength in amounts else Decimal(0)
        amounts[item.strength] = Item(item.strength, item.strength_unit, had + item.amount * times, item.unit)
    return tuple(sorted(amounts.values(), key=lambda one: one.strength, reverse=True))


def _lines(doses: Sequence[Dose], items: Sequence[Item], fills: Sequence[Fill], planned: Decimal) -> tuple[Line, ...]:
    each = [
        Line(f"step {number}, {plain(dose.step.dose_mg)} mg",
             f"{item} × {dose.step.per_day} a day × {dose.step.days} days", item.amount * dose.step.times, item.unit)
        for number, dose in enumerate(doses, 1) for item in dose.items
    ]  # fmt: skip
    totals = [Line(f"in all, {plain(item.strength)} {item.strength_unit}", "sum of the steps", item.amount, item.unit)
              for item in items]  # fmt: skip
    parts = [Line(f"fill {fill.number}", fill.when, item.amount, item.unit) for fill in fills for item in fill.items]
    parts = parts if len(fills) > 1 else []
    drug = " + ".join(f"{plain(one.amount)} × {plain(one.strength)}" for one in items)
    return (*each, *totals, *parts, Line("drug dispensed, as planned", drug, planned, "mg"))
