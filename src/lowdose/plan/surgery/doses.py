"""The doses of a plan on the clock: which is the last before an hour, and what was taken until then."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from lowdose.pharmacy.amounts.exact import plain
from lowdose.regimen import Regimen
from lowdose.regimen.clocks import BEDTIME, MORNING
from lowdose.spoken import full_date

if TYPE_CHECKING:
    from lowdose.plan.records.parts import Step
    from lowdose.plan.records.plan import Plan

CLOCK = {"bedtime": BEDTIME, "morning": MORNING}
"""The hour that stands for a time of day; plans name no hour."""
_SIMULATED_DAYS = 28
"""Days before the last dose that are simulated: a longer course changes nothing any more."""


@dataclass(frozen=True)
class Dose:
    """One dose of a plan: when, with the hour that stands for its time of day, and how much."""

    at: datetime
    mg: Decimal
    time_of_day: str

    @property
    def words(self) -> str:
        """The dose and its day.

        Examples
        --------
        >>> Dose(datetime(2027, 1, 11, 22), Decimal("4.5"), "bedtime").words
        '4.5 mg at bedtime (taken as 22:00) on Monday 11 January 2027'
        """
        when = "at bedtime" if self.time_of_day == "bedtime" else "in the morning"
        return f"{dose_words(self.mg)} {when} (taken as {self.at:%H:%M}) on {full_date(self.at)}"


def dose_words(mg: Decimal) -> str:
    """An amount as people read it.

    Examples
    --------
    >>> dose_words(Decimal("4.50")), dose_words(Decimal("3.0"))
    ('4.5 mg', '3 mg')
    """
    return f"{plain(mg)} mg"


def moment_words(at: datetime) -> str:
    """A day and an hour.

    Examples
    --------
    >>> moment_words(datetime(2027, 1, 15, 8))
    'Friday 15 January 2027, 08:00'
    """
    return f"{full_date(at)}, {at:%H:%M}"


def last_dose(plan: Plan, until: datetime) -> Dose | None:
    """The last dose of a plan at or before a moment; None before all. Its very last is on the day before its review."""
    latest = min(until.date(), plan.review - timedelta(days=1))
    for day in (latest, latest - timedelta(days=1)):
        step = _step_on(plan, day)
        moments = [datetime.combine(day, clock) for clock in _clocks(step)] if step else []
        if step and (before := [one for one in moments if one <= until]):
            return Dose(max(before), step.dose_mg, step.time_of_day)
    return None


def has_ended(plan: Plan, by: datetime) -> bool:
    """Whether someone who goes on has had a dose that is not in the plan any more: what is taken is then not known."""
    return datetime.combine(plan.review, min(_clocks(plan.steps[-1]))) <= by


def ended_words(plan: Plan, now: datetime) -> str:
    """That a plan has an end, and its day: nothing from then on is planned."""
    return f"The plan {'ended' if now.date() >= plan.review else 'ends'} on {full_date(plan.review)}"


def _step_on(plan: Plan, day: date) -> Step | None:
    return next((step for step in reversed(plan.steps) if step.first <= day), None)


def taken_until(plan: Plan, last: date) -> Regimen | None:
    """What the plan had taken until a day, as a regimen: at most the last four weeks; None if nothing.

    After the end of the plan its last step is taken as going on: nothing shorter is known. The hours are those that
    stand for the times of day.
    """
    parts: list[str] = []
    left = _SIMULATED_DAYS
    for step in reversed(plan.steps):
        end = last if step.last is None else min(last, step.last)
        days = min(left, (end - step.first).days + 1)
        if days <= 0:
            continue
        parts.append(f"{plain(step.dose_mg)} mg {_often(step)} for {days} days")
        left -= days
    return Regimen.parse(", then ".join(reversed(parts))) if parts else None


def highest(plan: Plan) -> Regimen:
    """The highest dose of a plan, taken for four weeks: the longest block that the plan can leave."""
    step = max(plan.steps, key=lambda one: one.dose_mg * one.per_day)
    return Regimen.parse(f"{plain(step.dose_mg)} mg {_often(step)} for {_SIMULATED_DAYS} days")


def doses_words(plan: Plan) -> str:
    """The doses of a plan in a few words, for a card that is carried for months."""
    lowest, most = (pick(step.dose_mg for step in plan.steps) for pick in (min, max))
    amount = dose_words(most) if lowest == most else f"{plain(lowest)} to {dose_words(most)}"
    times = {step.time_of_day for step in plan.steps}
    when = "at bedtime" if times == {"bedtime"} else "in the morning" if times == {"morning"} else "a day"
    return f"{amount} {when}, by mouth"


def _often(step: Step) -> str:
    first = min(_clocks(step))
    if step.per_day == 1:
        return f"{'nightly' if step.time_of_day == 'bedtime' else 'daily'} at {first:%H:%M}"
    return f"every {24 // step.per_day} hours at {first:%H:%M}"


def _clocks(step: Step) -> list[time]:
    """The hours of a day at which a step has its doses: the one that is named, the others evenly around the clock."""
    named = datetime.combine(date.min + timedelta(days=1), CLOCK[step.time_of_day])
    return [(named - timedelta(hours=24 / step.per_day * dose)).time() for dose in range(step.per_day)]
