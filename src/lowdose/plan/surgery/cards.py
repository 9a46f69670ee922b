"""The wallet card, from an approved plan alone, and the emergency page."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

from lowdose.errors import InvalidInput
from lowdose.opioids.effect import SEEN_HOURS
from lowdose.opioids.refusals import SafetyStop
from lowdose.opioids.words import CAUTIONS, hours_words
from lowdose.plan.surgery import words
from lowdose.plan.surgery.documents import EmergencyPage, WalletCard
from lowdose.plan.surgery.doses import dose_words, doses_words, highest, last_dose, moment_words, taken_until
from lowdose.plan.surgery.hold import Hold
from lowdose.plan.surgery.predicted import LONGER_HOURS, predict, setting_of

if TYPE_CHECKING:
    from lowdose.opioids import Setting
    from lowdose.plan.records import Plan

BLANKS = (
    "Name",
    "Dose now, and since when",
    "Last dose: day and hour",
    "Prescriber and telephone",
    "Pharmacy and telephone",
    "Whom to call",
)
"""What is written in by hand: the card holds no name, and a dose changes."""


def before_surgery(plan: Plan, *, hold: Hold | None = None, setting: Setting | None = None) -> tuple[str, str]:
    """What plan and card say about a planned operation, by the highest dose of the plan.

    Parameters
    ----------
    plan : Plan
        What is taken.
    hold : Hold, optional
        The stop before surgery; by default 72 hours.
    setting : Setting, optional
        Whose prediction; `Setting()` draws nobody and takes a fifth of a second.

    Returns
    -------
    tuple of two str
        When to stop, with the longer stop as a choice where one is offered; and the line for the anaesthetist, empty
        when the block at the rule's hour is not predicted above one third. Where nothing is predicted for the person,
        such as a child, it says so.

    Examples
    --------
    >>> from lowdose.plan import example
    >>> before_surgery(example.plan())[0]
    'Stop 72 hours (3 days) before it, ...
    """
    hours = (hold or Hold()).hours
    if plan.blockade_note:
        return words.card_stop(None, hours), words.not_predicted(plan.blockade_note)
    predicted = predict(highest(plan), hours, *LONGER_HOURS, setting=setting or setting_of(plan))
    return words.card_stop(predicted, hours), words.anaesthetist_line(predicted, hours)


def wallet_card(plan: Plan, *, hold: Hold | None = None, setting: Setting | None = None) -> WalletCard:
    """Make the card that someone on naltrexone carries.

    Parameters
    ----------
    plan : Plan
        Approved by a named professional, and unchanged since.
    hold : Hold, optional
        The stop before surgery; by default 72 hours.
    setting : Setting, optional
        Whose prediction for the line for the anaesthetist.

    Raises
    ------
    SafetyStop
        If the plan is not approved, or was changed afterwards.

    Examples
    --------
    >>> from lowdose.plan import example
    >>> wallet_card(example.plan()).dose
    'Naltrexone hydrochloride, 1.5 to 4.5 mg at bedtime, by mouth'
    """
    if not plan.is_approved:
        raise SafetyStop(
            "no wallet card is made: the plan is not approved, or was changed after it was",
            where="plan",
            remedy='lowdose plan approve PLAN.json --by "NAME, ROLE, REGISTRATION"',
        )
    stop, anaesthetist = before_surgery(plan, hold=hold, setting=setting)
    fixed = words.texts()
    return WalletCard(
        title="I take low-dose naltrexone",
        patient=plan.patient,
        dose=f"Naltrexone hydrochloride, {doses_words(plan)}",
        urgent=tuple(one.text for one in fixed.card),
        surgery=stop,
        anaesthetist=anaesthetist,
        tolerance=fixed.tolerance.text,
        blanks=BLANKS,
        is_approved=True,
        standing=plan.standing,
        plan_sha256=plan.digest,
        reviewed=plan.reviewed,
    )


def emergency_page(
    plan: Plan, *, last_taken: datetime | None = None, now: datetime | None = None, setting: Setting | None = None
) -> EmergencyPage:
    """Make the page for the team that treats someone on naltrexone in an emergency.

    Parameters
    ----------
    plan : Plan
        What was planned; a draft is said to be one.
    last_taken : datetime, optional
        The last dose, if someone knows; otherwise the page says what the plan expects, and to ask.
    now : datetime, optional
        By default this minute.
    setting : Setting, optional
        Whose prediction.

    Raises
    ------
    InvalidInput
        If the last dose lies in the future, or a moment has a time zone.

    Examples
    --------
    >>> from datetime import datetime
    >>> from lowdose.plan import example
    >>> emergency_page(example.plan(), now=datetime(2026, 12, 20, 9)).title
    'Naltrexone on board: emergency'
    """
    now, fixed = now or datetime.now(), words.texts()
    for moment in (now, last_taken):
        if moment is not None and moment.tzinfo is not None:
            raise InvalidInput(f"{moment.isoformat()} has a time zone", remedy="write the clock of the place")
    if last_taken is not None and last_taken > now:
        raise InvalidInput(f"the last dose on {last_taken} lies in the future", where="last dose")
    hours = None if last_taken is None else (now - last_taken) / timedelta(hours=1)
    regimen = taken_until(plan, (last_taken or now).date()) or highest(plan)  # taken before the plan: its most
    asked = () if hours is None or hours > SEEN_HOURS else (hours,)
    predicted = None if plan.blockade_note else predict(regimen, *asked, setting=setting or setting_of(plan))
    return EmergencyPage(
        title="Naltrexone on board: emergency",
        patient=plan.patient,
        dose=f"Naltrexone hydrochloride, {doses_words(plan)}",
        last_dose=last_taken,
        last_dose_words=_last_words(plan, last_taken, now),
        hours_since=hours,
        steps=tuple(one.text for one in fixed.steps),
        warnings=(*(one.text for one in fixed.warnings), CAUTIONS[0]),
        naloxone=tuple(one.text for one in fixed.naloxone),
        predicted=predicted,
        predicted_sentences=words.predicted_sentences(predicted, *asked or (None,))
        if predicted
        else (words.not_predicted(plan.blockade_note),),
        not_known=words.NOT_KNOWN,
        not_confirmed=words.not_confirmed(*fixed.steps, *fixed.warnings, *fixed.naloxone),
        is_approved=plan.is_approved,
        standing=plan.standing,
        plan_sha256=plan.digest,
        reviewed=plan.reviewed,
    )


def _last_words(plan: Plan, last_taken: datetime | None, now: datetime) -> str:
    if last_taken is not None:
        ago = hours_words((now - last_taken) / timedelta(hours=1))
        planned = last_dose(plan, datetime.combine(last_taken.date(), time.max))
        amount = f"{dose_words(planned.mg)} by the plan" if planned else "how much is not known"
        return f"Last dose: {moment_words(last_taken)}, {ago} before this page; {amount}."
    expected = last_dose(plan, now)
    if expected is None:
        return "Last dose: not known; by the plan none was due yet. Ask."
    return f"Last dose: not known. By the plan it was {expected.words}. Ask."
