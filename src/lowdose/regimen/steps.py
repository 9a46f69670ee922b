"""Steps of a regimen: as written, with gaps; joined, with every gap filled; and when their doses fall.

Days are calendar days. A step that lasts whole days is followed on the next calendar day at the next step's
own clock time; a step of hours is followed at its end, or at the next such clock time after it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import time, timedelta
from decimal import Decimal
from itertools import pairwise

from lowdose.errors import InvalidInput
from lowdose.regimen.amounts import amount_words, exact_mg
from lowdose.regimen.clocks import (
    BEDTIME,
    DAY,
    MORNING,
    clock_of,
    interval_words,
    is_morning,
    is_night,
    length_words,
    since_midnight,
)
from lowdose.regimen.forms import Form
from lowdose.regimen.words import Rate

#: Length read into a last step that states none.
ASSUMED_LENGTH = 28 * DAY


class BadStep(InvalidInput):
    """A step that cannot be; whoever knows the user's text says where it stands there.

    Parameters
    ----------
    step : int
        Index of the step, from 0; -1 for the regimen as a whole.
    field : str
        Which part: ``amount``, ``how_often``, ``at``, ``for``, ``form`` or ``missing``.

    Examples
    --------
    >>> print(BadStep(1, "amount", "the dose is zero", remedy="write an amount"))
    the dose is zero
      where: step 2, amount
      remedy: write an amount
    """

    def __init__(self, step: int, field: str, what: str, *, remedy: str) -> None:
        where = f"step {step + 1}, {field}" if step >= 0 else field
        super().__init__(what, where=where, remedy=remedy)
        self.step, self.field = step, field


@dataclass(frozen=True)
class Step:
    """One amount, taken again and again for a while; an amount of 0 is a pause.

    Parameters
    ----------
    amount_mg : Decimal
        Each dose, mg of naltrexone hydrochloride as labelled.
    every : timedelta or None
        Time between doses; None for one dose only.
    clock : time
        Clock time of the first dose of the step.
    duration : timedelta
        How long the step lasts.
    form : Form
        In what form it is taken.
    clock_assumed : bool
        Whether the clock time was not stated by the user.

    Examples
    --------
    >>> step = Step(Decimal("4.5"), timedelta(days=1), time(22), timedelta(weeks=12))
    >>> print(step)
    4.5 mg nightly at 22:00 for 12 weeks
    >>> step.count
    84
    """

    amount_mg: Decimal
    every: timedelta | None
    clock: time
    duration: timedelta
    form: Form = Form.CAPSULE
    clock_assumed: bool = False

    def __post_init__(self) -> None:
        object.__setattr__(self, "amount_mg", exact_mg(self.amount_mg))

    @property
    def is_pause(self) -> bool:
        """Whether nothing is taken.

        Examples
        --------
        >>> Step(Decimal(0), None, time(22), timedelta(weeks=1)).is_pause
        True
        """
        return not self.amount_mg

    @property
    def count(self) -> int:
        """Number of doses.

        Examples
        --------
        >>> Step(Decimal("0.5"), timedelta(hours=12), time(8), timedelta(hours=30)).count
        3
        """
        if self.is_pause:
            return 0
        return 1 if self.every is None else -(-self.duration // self.every)

    def __str__(self) -> str:
        if self.is_pause:
            return f"no dose for {length_words(self.duration)}"
        often = interval_words(self.every, self.clock)
        length = "" if self.every is None else f" for {length_words(self.duration)}"
        return f"{amount_words(self.amount_mg)} {often} at {self.clock:%H:%M}{length}"


@dataclass(frozen=True)
class Written:
    """A step as the user wrote it; None is "not stated". An amount of 0 is a pause."""

    amount_mg: Decimal
    rate: Rate | None = None
    at: time | None = None
    part: str = ""
    length: timedelta | None = None
    form: Form | None = None


def join(written: Sequence[Written]) -> tuple[tuple[Step, ...], list[str]]:
    """Fill what each step leaves out from the step before it, or from what is usual.

    Parameters
    ----------
    written : sequence of Written
        Steps in order.

    Returns
    -------
    tuple of (tuple of Step, list of str)
        The steps, and a note for everything assumed.

    Raises
    ------
    BadStep
        Something is missing that must not be guessed.

    Examples
    --------
    >>> steps, notes = join([Written(Decimal("4.5"), Rate(timedelta(days=1), "night"))])
    >>> print(steps[0])
    4.5 mg nightly at 22:00 for 4 weeks
    >>> notes
    ['no clock time given: 22:00 assumed', 'no length given: 4 weeks assumed']
    """
    steps: list[Step] = []
    notes: list[str] = []
    for index, (step, form) in enumerate(zip(written, _forms(written), strict=True)):
        before = steps[-1] if steps else None
        every = _every(index, step, before)
        clock, assumed = _clock(step, before)
        if assumed and not (before and before.clock_assumed and clock == next_clock(before)):
            notes.append(f"no clock time given: {clock:%H:%M} assumed")
        if step.at and step.rate and step.rate.part == "night" and not is_night(step.at):
            notes.append(f"nightly at {step.at:%H:%M} read as daily at {step.at:%H:%M}")
        length = step.length
        if not step.amount_mg and length is None:
            raise BadStep(index, "for", "a pause has no length", remedy="write for how long: for 2 weeks")
        if every is None and step.amount_mg:
            if length not in (None, DAY):
                raise BadStep(
                    index,
                    "for",
                    "'once' is one dose only and has no length",
                    remedy="leave out the length, or write once daily",
                )
            length = DAY
        elif length is None:
            if index < len(written) - 1:
                raise BadStep(index, "for", "the step has no length", remedy="write for how long: for 2 weeks")
            length = ASSUMED_LENGTH
            notes.append(f"no length given: {length_words(length)} assumed")
        steps.append(Step(step.amount_mg, every, clock, length, form, assumed))
    return tuple(steps), notes


def _forms(written: Sequence[Written]) -> list[Form]:
    """Form of each step: as stated, else as before; one stated only at the very end is meant for all."""
    doses = [step for step in written if step.amount_mg]
    stated = [step for step in doses if step.form]
    if len(stated) == 1 and stated[0] is doses[-1]:
        return [stated[0].form or Form.CAPSULE] * len(written)
    forms: list[Form] = []
    for step in written:
        forms.append(step.form or (forms[-1] if forms else Form.CAPSULE))
    return forms


def _every(index: int, step: Written, before: Step | None) -> timedelta | None:
    if step.rate is not None:
        return step.rate.every
    if not step.amount_mg or (before and before.every):
        return before.every if before else None
    if step.part:
        return DAY
    raise BadStep(index, "how_often", "how often is not said", remedy="write nightly, daily, every 12 hours or once")


def _clock(step: Written, before: Step | None) -> tuple[time, bool]:
    """Clock time of the first dose, and whether it is only assumed."""
    if step.at is not None:
        return step.at, False
    part = step.part or (step.rate.part if step.rate else "")
    if before is not None:
        clock = next_clock(before)
        if not part or (is_night(clock) if part == "night" else is_morning(clock)):
            return clock, before.clock_assumed
    return (BEDTIME if part == "night" else MORNING), True


def next_clock(before: Step) -> time:
    """Clock time that a following step has when it states none.

    Examples
    --------
    >>> next_clock(Step(Decimal(1), timedelta(hours=6), time(8), timedelta(hours=18)))
    datetime.time(2, 0)
    """
    return clock_of(since_midnight(before.clock) + before.duration)


def settled(steps: Sequence[Step]) -> tuple[Step, ...]:
    """Let every pause carry what the step after it inherits, so that equal regimens compare equal.

    Examples
    --------
    >>> night = Step(Decimal(1), timedelta(days=1), time(22), timedelta(days=14))
    >>> print(settled([night, Step(Decimal(0), None, time(0), timedelta(days=7))])[1].clock)
    22:00:00
    """
    found: list[Step] = []
    for step in steps:
        if step.is_pause and found:
            before = found[-1]
            found.append(
                Step(
                    step.amount_mg,
                    before.every,
                    next_clock(before),
                    step.duration,
                    before.form,
                    before.clock_assumed,
                )
            )
        else:
            found.append(step)
    return tuple(found)


def starts(steps: Sequence[Step]) -> list[timedelta]:
    """When each step begins, counted from the midnight before the first.

    Examples
    --------
    >>> night = Step(Decimal(1), timedelta(days=1), time(22), timedelta(days=14))
    >>> morning = Step(Decimal(1), timedelta(days=1), time(8), timedelta(days=14))
    >>> [str(start) for start in starts([night, morning])]
    ['22:00:00', '14 days, 8:00:00']
    """
    found = [since_midnight(steps[0].clock)]
    for before, step in pairwise(steps):
        begun = found[-1]
        earliest = begun + before.duration
        if not before.duration % DAY:
            earliest -= earliest % DAY
        start = earliest - earliest % DAY + since_midnight(step.clock)
        last = begun + (before.count - 1) * before.every if before.every and before.count else begun
        while start < earliest or start <= last:
            start += DAY
        found.append(start)
    return found


def dose_times(steps: Sequence[Step]) -> Iterator[tuple[timedelta, int]]:
    """When each dose falls, counted from the midnight before the first, and the index of its step.

    Examples
    --------
    >>> twice = Step(Decimal(1), timedelta(hours=12), time(8), timedelta(days=1))
    >>> [str(when) for when, _ in dose_times([twice])]
    ['8:00:00', '20:00:00']
    """
    for index, (start, step) in enumerate(zip(starts(steps), steps, strict=True)):
        for number in range(step.count):
            yield start + number * (step.every or DAY), index
