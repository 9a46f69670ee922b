"""The stop before an operation: the dated rule, what the sources say, and the prediction beside it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from lowdose.errors import InvalidInput
from lowdose.plan.foreseen.after import predict
from lowdose.plan.foreseen.blockade import setting_of
from lowdose.plan.hold.hold import Hold
from lowdose.plan.hold.intervals import intervals
from lowdose.plan.surgery import words
from lowdose.plan.surgery.documents import SurgeryPlan
from lowdose.plan.surgery.doses import Dose, ended_words, has_ended, last_dose, moment_words, taken_until
from lowdose.plan.surgery.restart import restart_ahead
from lowdose.spoken import full_date

if TYPE_CHECKING:
    from lowdose.opioids import Setting
    from lowdose.plan.records.plan import Plan

TELL = "Tell surgeon and anaesthetist of naltrexone, its dose, and the day and hour of the last dose; carry the card."
_TALK = "Tell surgeon and anaesthetist now; they decide whether an operation that can wait is moved."


def surgery_plan(
    plan: Plan,
    *,
    at: datetime,
    hold: Hold | None = None,
    last_taken: datetime | None = None,
    now: datetime | None = None,
    setting: Setting | None = None,
) -> SurgeryPlan:
    """When to stop naltrexone before an operation, when to take it again, and what the simulator expects.

    The dated rule decides. The prediction stands beside it, and neither shortens nor permits anything.

    Parameters
    ----------
    plan : Plan
        What is taken.
    at : datetime
        Day and hour of the operation, on the clock of the place, without a zone.
    hold : Hold, optional
        Other hours without naltrexone than those of the plan.
    last_taken : datetime, optional
        The dose that was really the last, if it is past.
    now : datetime, optional
        By default this minute: an hour to stop that has passed is said to have passed.
    setting : Setting, optional
        Whose prediction: covariates, persons drawn.

    Raises
    ------
    InvalidInput
        If a moment has a zone, the last dose lies before the plan, after the operation or in the future, or another
        stop is shorter than that of the plan and nobody answers for it.
    SafetyStop
        If whoever shortens the stop of the plan may not decide it.

    Examples
    --------
    >>> from lowdose.plan import example
    >>> found = surgery_plan(example.plan(), at=datetime(2027, 1, 15, 8), now=datetime(2026, 12, 20, 9))
    >>> str(found.stop_by)
    '2027-01-12 08:00:00'
    """
    from lowdose.opioids.words import CAUTIONS

    hold, now = hold or plan.hold, now or datetime.now()
    _check(at, last_taken, now)
    _no_shorter(hold, plan.hold)
    if last_taken is not None and last_taken.date() < plan.start:
        raise InvalidInput(
            f"the last dose on {full_date(last_taken.date())} lies before the plan",
            where="last dose", remedy=f"check the year; the plan begins on {full_date(plan.start)}",
        )  # fmt: skip
    stop_by = at - timedelta(hours=hold.hours)
    planned, ended = last_dose(plan, stop_by), has_ended(plan, stop_by)
    last = last_taken or (planned.at if planned and not ended else None)
    kept = True if _not_begun(plan, last_taken, now) else _kept(stop_by, last_taken, now)
    free = None if last is None or kept is None else (at - last) / timedelta(hours=1)
    regimen = taken_until(plan, (last or stop_by).date()) if last or ended else None
    hours = hold.hours if kept is not False or free is None else free  # what the anaesthetist will meet
    asks = regimen if plan.block_after else None
    predicted = None if asks is None else predict(asks, hours, setting=setting or setting_of(plan))
    explained = words.predicted_sentences(predicted, hours) if predicted else ()
    rule = (
        f"No naltrexone after {moment_words(stop_by)}: {hold.words}, before the operation on {moment_words(at)}.",
        _by_the_plan(plan, planned, now, ended),
    )
    whether = _kept_sentences(kept, last_taken, free, hold, is_past=at < now)
    return SurgeryPlan(
        patient=plan.patient,
        surgery=at,
        hold=hold,
        stop_by=stop_by,
        last_dose=planned.at if planned and not ended else None,
        last_taken=last_taken,
        hours_free=free,
        kept=kept,
        sources=intervals().sources,
        restart=restart_ahead(plan, last, ended=ended),
        predicted=predicted,
        anaesthetist=words.anaesthetist_line(predicted, hours)
        if predicted
        else (words.not_predicted(plan.blockade_note) if regimen else ""),
        longer_stop=words.longer_stop(predicted, hours) if predicted else "",
        sentences=(*((*rule, *whether) if kept else (*whether, *rule)), TELL, _sources_words(hold)),
        predicted_sentences=(*((words.GOES_ON,) if ended and explained else ()), *explained),
        cautions=CAUTIONS,
        not_known=words.NOT_KNOWN,
        is_approved=plan.is_approved,
        standing=plan.standing,
        plan_sha256=plan.digest,
        reviewed=plan.reviewed,
    )


def _no_shorter(asked: Hold, kept: Hold) -> None:
    """The stop of the plan, which somebody approved, is shortened by name and with a reason, or not at all."""
    if asked.hours < kept.hours and (asked.by is None or not asked.reason):
        raise InvalidInput(
            f"a stop of {asked.hours:g} h is shorter than the {kept.hours:g} h of the plan, and nobody answers for it",
            where="hold_hours",
            remedy='give the reason and the professional who decides it: reason, and by "NAME, ROLE, REGISTRATION"',
        )
    if asked.hours < kept.hours and asked.by is not None:
        asked.by.decides(f"a stop of {asked.hours:g} hours")


def _check(at: datetime, last_taken: datetime | None, now: datetime) -> None:
    for name, moment in (("at", at), ("last dose", last_taken), ("now", now)):
        if moment is not None and moment.tzinfo is not None:
            raise InvalidInput(
                f"{moment.isoformat()} has a time zone", where=name, remedy="write the clock of the place, without one"
            )
    if last_taken is not None and last_taken > min(at, now):
        what = "lies after the operation" if last_taken > at else "lies in the future"
        raise InvalidInput(f"the last dose on {last_taken} {what}", where="last dose", remedy="write the one taken")


def _kept(stop_by: datetime, last_taken: datetime | None, now: datetime) -> bool | None:
    """Whether the rule is kept; an hour that has passed without anybody saying what was taken is not known."""
    if now <= stop_by:
        return True
    return None if last_taken is None else last_taken <= stop_by


def _not_begun(plan: Plan, last_taken: datetime | None, now: datetime) -> bool:
    """Whether no dose of the plan was due yet, and nobody says that one was taken."""
    return last_taken is None and last_dose(plan, now) is None


def _kept_sentences(
    kept: bool | None, last_taken: datetime | None, free: float | None, hold: Hold, *, is_past: bool
) -> tuple[str, ...]:
    if kept is None and is_past:
        return ("The operation is past, and nobody said when the last dose before it was taken: find out.",)
    if kept is None:
        return (
            "The hour to stop has passed, and nobody said when the last dose was taken: stop now, and find out. "
            f"Until then count on the block of a dose just taken. {_TALK}",
        )
    if last_taken is None:
        return ()
    hours = int(10 * (free or 0.0)) / 10  # cut, not rounded: 71.96 hours are not 72
    said = f"The last dose was taken on {moment_words(last_taken)}, {hours:g} hours before the operation"
    if kept:
        return (f"{said}.",)
    return (f"{said}: shorter than {hold.hours:g} hours." + ("" if is_past else f" Take no more. {_TALK}"),)


def _by_the_plan(plan: Plan, planned: Dose | None, now: datetime, ended: bool) -> str:
    """Which dose is the last by the plan; or that it has not begun, or has ended, and what follows."""
    if ended:
        return (
            f"{ended_words(plan, now)}, and no dose from that day on is in it: ask what is taken since, and when last. "
            "Whoever takes naltrexone stops by that hour all the same."
        )
    if planned:
        return f"By the plan the last dose is {planned.words}."
    if last_dose(plan, now):
        return f"The plan began on {full_date(plan.start)}, after that hour."
    return (
        f"The plan begins on {full_date(plan.start)}, and nothing of it was taken yet: do not begin it before the "
        "operation. Ask whether naltrexone was taken all the same."
    )


def _sources_words(hold: Hold) -> str:
    said = "; ".join(one.words for one in intervals().sources)
    return f"Sources differ: {said}. Here {hold.hours:g} hours are kept."
