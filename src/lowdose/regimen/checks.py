"""What a regimen may be: one check per rule, each returning what is wrong or None (after petab's lint tasks)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal

from lowdose.regimen.amounts import amount_words, plain
from lowdose.regimen.clocks import DAY, HOUR, LONGEST
from lowdose.regimen.steps import BadStep, Step, dose_times

LEAST_A_DAY, MOST_A_DAY = Decimal("0.001"), Decimal(150)
#: From here a day's amount is no low dose (mg).
NOT_LOW = Decimal(10)
LICENSED_TABLET = Decimal(50)
#: The words by which every output warns.
TEN_FOLD = "not a low dose: possible ten-fold error"
_RANGE = "write 1 microgram to 150 mg a day"


def check(steps: Sequence[Step], missing_days: Sequence[int]) -> None:
    """Raise the first thing that is wrong with a regimen.

    Raises
    ------
    BadStep
        A check failed.

    Examples
    --------
    >>> from lowdose.regimen import Regimen
    >>> check(Regimen.parse("4.5 mg nightly").steps, [])
    """
    for rule in (check_steps, check_amounts, check_intervals, check_lengths, check_least, check_most):
        problem = rule(steps)
        if problem:
            raise problem
    problem = check_missing(steps, missing_days)
    if problem:
        raise problem


def check_steps(steps: Sequence[Step]) -> BadStep | None:
    """At least one step; no pause before the first dose, from which time is counted.

    Examples
    --------
    >>> print(check_steps([]).what)
    the regimen has no step
    """
    if steps and steps[0].is_pause and not all(step.is_pause for step in steps):
        remedy = "leave the first pause out: time is counted from the first dose"
        return BadStep(0, "amount", "the regimen starts with a pause", remedy=remedy)
    if steps:
        return None
    return BadStep(-1, "steps", "the regimen has no step", remedy="write one, e.g. 4.5 mg nightly for 12 weeks")


def check_amounts(steps: Sequence[Step]) -> BadStep | None:
    """No negative amount. Zero is a pause: a written zero dose is refused where it is read.

    Examples
    --------
    >>> from datetime import time
    >>> print(check_amounts([Step(Decimal("-4.5"), DAY, time(22), DAY)]).what)
    the dose is negative: -4.5 mg
    """
    for index, step in enumerate(steps):
        if step.amount_mg < 0:
            what = f"the dose is negative: {plain(step.amount_mg)} mg"
            return BadStep(index, "amount", what, remedy=f"{_RANGE}, without a sign")
    return None


def zero_dose(index: int) -> BadStep:
    """Refusal of a dose of zero that somebody wrote.

    Examples
    --------
    >>> zero_dose(0).what
    'the dose is zero'
    """
    return BadStep(index, "amount", "the dose is zero", remedy=f"{_RANGE}; a pause is 'no dose for 2 weeks'")


def check_intervals(steps: Sequence[Step]) -> BadStep | None:
    """Doses an hour apart at least.

    Examples
    --------
    >>> from datetime import time
    >>> print(check_intervals([Step(Decimal(1), 0 * DAY, time(8), DAY)]).what)
    the time between doses is zero
    """
    for index, step in enumerate(steps):
        if step.every is None or step.every >= HOUR or (step.every > 0 * DAY and step.count == 1):
            continue
        kind = "zero" if not step.every else "negative" if step.every < 0 * DAY else "less than one hour"
        what, remedy = f"the time between doses is {kind}", "write one hour or more, e.g. every 12 hours"
        return BadStep(index, "how_often", what, remedy=remedy)
    return None


def check_lengths(steps: Sequence[Step]) -> BadStep | None:
    """Every step lasts; all together no longer than ten years.

    Examples
    --------
    >>> from datetime import time
    >>> print(check_lengths([Step(Decimal(1), DAY, time(8), 0 * DAY)]).what)
    the duration is zero
    """
    total = 0 * DAY
    for index, step in enumerate(steps):
        if step.duration <= 0 * DAY:
            kind = "negative" if step.duration else "zero"
            return BadStep(index, "for", f"the duration is {kind}", remedy="write for how long, e.g. for 12 weeks")
        total += step.duration
        if total > LONGEST:
            return BadStep(index, "for", "longer than ten years", remedy="write at most 520 weeks in all")
    return None


def check_least(steps: Sequence[Step]) -> BadStep | None:
    """At least 1 microgram on the fullest day of each step.

    Examples
    --------
    >>> from datetime import time
    >>> print(check_least([Step(Decimal("0.0004"), DAY / 2, time(8), DAY)]).what)
    0.8 micrograms in a day is less than 1 microgram
    """
    for index, step in enumerate(steps):
        most = max(day_totals([step]).values(), default=(LEAST_A_DAY, 0))[0]
        if most < LEAST_A_DAY:
            what = f"{amount_words(most)} in a day is less than 1 microgram"
            return BadStep(index, "amount", what, remedy=f"{_RANGE}; was another unit meant?")
    return None


def check_most(steps: Sequence[Step]) -> BadStep | None:
    """No more than 150 mg on any calendar day.

    Examples
    --------
    >>> from datetime import time
    >>> print(check_most([Step(Decimal(4500), DAY, time(8), DAY)]))
    4500 mg in a day is more than 150 mg
      where: step 1, amount
      remedy: write 1 microgram to 150 mg a day; did you mean 4.5 mg?
    """
    for total, index in day_totals(steps).values():
        if total > MOST_A_DAY:
            meant = [steps[index].amount_mg / factor for factor in (10, 100, 1000)]
            near = [f"; did you mean {amount_words(mg)}?" for mg in meant if is_usual(mg)]
            what = f"{amount_words(total)} in a day is more than 150 mg"
            return BadStep(index, "amount", what, remedy=_RANGE + (near[0] if near else ""))
    return None


def check_missing(steps: Sequence[Step], missing_days: Sequence[int]) -> BadStep | None:
    """Missed days lie inside the regimen, and something is taken on another day.

    Examples
    --------
    >>> from lowdose.regimen import Regimen
    >>> print(check_missing(Regimen.parse("4.5 mg nightly for 2 weeks").steps, [15]))
    day 15 is after the last day, 14
      where: missing
      remedy: write days from 1 to 14; day 1 is the day of the first dose
    """
    if not missing_days:
        return None
    days = {when // DAY + 1 for when, _ in dose_times(steps)}
    last = max(-(-sum((step.duration for step in steps), timedelta()) // DAY), max(days, default=1))
    remedy = f"write days from 1 to {last}; day 1 is the day of the first dose"
    for day in missing_days:
        if not 1 <= day <= last:
            what = f"day {day} is after the last day, {last}" if day > 0 else f"there is no day {day}"
            return BadStep(-1, "missing", what, remedy=remedy)
    if days <= set(missing_days):
        return BadStep(-1, "missing", "every dose is missed", remedy="leave at least one day with a dose")
    return None


def low_dose_warnings(steps: Sequence[Step]) -> tuple[str, ...]:
    """One warning for each amount in a day that is no low dose, with the dose that may have been meant.

    Examples
    --------
    >>> from lowdose.regimen import Regimen
    >>> low_dose_warnings(Regimen.parse("45 mg nightly").steps)
    ('45 mg in a day is not a low dose: possible ten-fold error; did you mean 4.5 mg?',)
    >>> low_dose_warnings(Regimen.parse("50 mg once").steps)
    ('50 mg in a day is not a low dose: possible ten-fold error; 50 mg is the licensed tablet',)
    """
    found: dict[str, None] = {}
    for total, index in day_totals(steps).values():
        if total < NOT_LOW:
            continue
        amount, hint = steps[index].amount_mg, ""
        if amount == LICENSED_TABLET:
            hint = "; 50 mg is the licensed tablet"
        elif amount >= NOT_LOW and is_usual(amount / 10):
            hint = f"; did you mean {amount_words(amount / 10)}?"
        found[f"{amount_words(total)} in a day is {TEN_FOLD}{hint}"] = None
    return tuple(found)


def is_usual(amount_mg: Decimal) -> bool:
    """Whether this is a dose low-dose naltrexone is given at: 0.5 to 6 mg in quarters of a mg.

    Examples
    --------
    >>> is_usual(Decimal("4.5")), is_usual(Decimal(15))
    (True, False)
    """
    return Decimal("0.5") <= amount_mg <= 6 and not amount_mg % Decimal("0.25")


def day_totals(steps: Sequence[Step]) -> dict[int, tuple[Decimal, int]]:
    """Amount scheduled on each calendar day that has a dose.

    Returns
    -------
    dict
        Day (from 0) -> amount in mg, and the index of the step of the day's last dose.

    Examples
    --------
    >>> from lowdose.regimen import Regimen
    >>> day_totals(Regimen.parse("0.5 mg every 12 hours for 1 day").steps)
    {0: (Decimal('1.0'), 0)}
    """
    totals: dict[int, tuple[Decimal, int]] = {}
    for when, index in dose_times(steps):
        day = when // DAY
        before = totals[day][0] if day in totals else Decimal(0)
        totals[day] = before + steps[index].amount_mg, index
    return totals
