"""Taking naltrexone again after an operation: the same dose after a short gap, and never with an opioid on board."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from lowdose.errors import InvalidInput
from lowdose.plan.hold.intervals import intervals
from lowdose.plan.surgery.documents import Restart
from lowdose.plan.surgery.doses import dose_words, has_ended, last_dose
from lowdose.spoken import full_date

if TYPE_CHECKING:
    from lowdose.plan.records.plan import Plan
    from lowdose.safety.washout import Taken

SAYS_NOTHING = "The predicted block says nothing about dependence on an opioid: the wash-out rule alone decides."
_AFTER_OPIOIDS = (
    "If any opioid was given: the intervals before a first dose apply again, counted from the last opioid, and they "
    "decide even where the gap is short."
)
_BEFORE = "the dose of naltrexone before the gap"
_ENDED = "The plan has ended: whoever prescribes makes a new one before naltrexone is taken again."
_SCREEN = "Screen again before the first dose, with every opioid that was given."


def restart_ahead(plan: Plan, last: datetime | None, *, ended: bool = False) -> Restart:
    """What will decide about the start again, said before the operation, when nobody knows what will be given.

    Parameters
    ----------
    plan : Plan
        What is taken until then.
    last : datetime or None
        The last dose before the operation; None when the plan has none before it, or nobody knows it.
    ended : bool
        Whether the plan has ended before the last dose.

    Examples
    --------
    >>> from lowdose.plan import example
    >>> restart_ahead(example.plan(), None).sentences[0]
    'Begin the plan after the operation, when surgeon and prescriber agree.'
    """
    if last is None and not ended:
        begin = "Begin the plan after the operation, when surgeon and prescriber agree."
        return Restart("ahead", None, None, (begin, _AFTER_OPIOIDS, _SCREEN, SAYS_NOTHING))
    until = _same_dose_until(last.date()) if last else None
    resumed = _resumed(plan, last.date()) if last and not ended else _BEFORE
    days = f"{intervals().same_dose_gap.days} days after the last dose"
    sentences = (
        "Start again only when surgeon and prescriber agree.",
        f"If no opioid was given: {resumed} again until {f'{full_date(until)}, {days}' if until else days}; after that "
        f"day {_from_the_start(plan)}.",
        *((_ENDED,) if ended else ()),
        _AFTER_OPIOIDS,
        _SCREEN,
        SAYS_NOTHING,
    )
    return Restart("ahead", None, until, sentences)


def restart(plan: Plan, last: date, *, on: date, opioid_given: bool | None, taken: Sequence[Taken] = ()) -> Restart:
    """Say whether naltrexone may be taken again on a day, and at which dose.

    Parameters
    ----------
    plan : Plan
        What was taken until then.
    last : date
        Day of the last naltrexone dose.
    on : date
        The day that is asked about.
    opioid_given : bool or None
        Whether any opioid was given since; None is not known, which is never a leave.
    taken : sequence of Taken
        Every opioid that was given, with its last day.

    Raises
    ------
    InvalidInput
        If the day lies before the last dose, or opioids are named that were said not to have been given.

    Examples
    --------
    >>> from datetime import date
    >>> from lowdose.plan import example
    >>> restart(example.plan(), date(2027, 1, 11), on=date(2027, 1, 18), opioid_given=None).sentences[0]
    'Whether an opioid was given is not known: no day can be named. Unknown is not none.'
    """
    if on < last:
        raise InvalidInput(f"{on} lies before the last dose", where="restart", remedy="give a day after the operation")
    if taken and not opioid_given:
        raise InvalidInput("an opioid is named and none was given", where="restart", remedy="say which is right")
    until = _same_dose_until(last)
    if opioid_given is None or (opioid_given and not taken):
        lacking = "Whether an opioid was given" if opioid_given is None else "Which opioid was given, and when last,"
        unknown = f"{lacking} is not known: no day can be named. Unknown is not none."
        return Restart("not-known", None, until, (unknown, _SCREEN))
    earliest: date | None = on
    said: tuple[str, ...] = ()
    if opioid_given:
        earliest, said = _after_opioids(taken, on)
    if earliest is None:
        return Restart("not-known", None, until, (*said, _SCREEN, SAYS_NOTHING))
    first = max(on, earliest)
    if first <= until:
        kind, dose = "same-dose", _resumed(plan, last)
        how = f"The gap is {(first - last).days} days, not over {intervals().same_dose_gap.days}: {dose} again."
    else:
        kind = "titrate-again"
        how = (
            f"The gap is {(first - last).days} days, over {intervals().same_dose_gap.days}: {_from_the_start(plan)} "
            f"(naltrexone {dose_words(plan.steps[0].dose_mg)})."
        )
    if earliest > on:
        kind, how = "wait", f"Not on {full_date(on)}. From {full_date(earliest)}: {how[0].lower()}{how[1:]}"
    ended = (_ENDED,) if has_ended(plan, datetime.combine(first, time.max)) else ()
    ending = (_SCREEN, SAYS_NOTHING) if opioid_given else (_SCREEN,)
    return Restart(kind, earliest, until, (*said, how, *ended, *ending))


def _after_opioids(taken: Sequence[Taken], on: date) -> tuple[date | None, tuple[str, ...]]:
    """The start intervals again, from the last opioid: the rule of the wash-out room, with what its sources say."""
    from lowdose.safety.washout import earliest_start

    dates = [one.last_taken for one in taken if one.last_taken is not None]
    found = earliest_start(taken, on=on, last_opioid_use=max(dates, default=None))
    decided = f"Decided by {found.basis}." if found.date else f"No day can be named: {found.reason}."
    said = "; ".join(f"{one.says} ({one.source}{_mark(one.label)})" for one in found.conflicts)
    return found.date, (decided, *([f"Sources differ: {said}."] if said else ()), *found.notes)


def _mark(label: str) -> str:
    return f"; {label}" if label else ""


def _resumed(plan: Plan, last: date) -> str:
    night = datetime.combine(last, time.max)
    dose = None if has_ended(plan, night) else last_dose(plan, night)
    return f"naltrexone {dose_words(dose.mg)}" if dose else _BEFORE


def _from_the_start(plan: Plan) -> str:
    """What a long gap asks for: titration, or for a plan of one dose what its first day asked for."""
    if len(plan.steps) > 1:
        return "titrate again, from the first step of the plan"
    return "begin again as on the first day of the plan"


def _same_dose_until(last: date) -> date:
    return last + timedelta(days=intervals().same_dose_gap.days)
