"""The wallet card, from an approved plan alone, and the emergency page."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

from lowdose.errors import InvalidInput
from lowdose.plan.approving.approval import require_approved
from lowdose.plan.foreseen.after import predict
from lowdose.plan.foreseen.blockade import setting_of
from lowdose.plan.surgery import words
from lowdose.plan.surgery.documents import EmergencyPage, WalletCard
from lowdose.plan.surgery.doses import (
    dose_words,
    doses_words,
    ended_words,
    has_ended,
    highest,
    last_dose,
    moment_words,
    taken_until,
)
from lowdose.spoken import hours_words

if TYPE_CHECKING:
    from lowdose.opioids import Setting
    from lowdose.plan.records.plan import Plan

BLANKS = (
    "Name",
    "Dose now, and since when",
    "Last dose: day and hour",
    "Prescriber and telephone",
    "Pharmacy and telephone",
    "Whom to call",
)
"""What is written in by hand: the card holds no name, and a dose changes."""


def before_surgery(plan: Plan) -> tuple[str, str]:
    """What plan, card, leaflet and note say about a planned operation: as the plan keeps it, by its highest dose.

    Parameters
    ----------
    plan : Plan
        With its stop and what is predicted after it.

    Returns
    -------
    tuple of two str
        When to stop, with the longer stop as a choice where one is offered; and the line for the anaesthetist, empty
        when the median at the stop's hour is not above one third. Where nothing is predicted for the person, such as a
        child, it says so.

    Examples
    --------
    >>> from lowdose.plan import example
    >>> before_surgery(example.plan())[0]
    'Stop at least 72 hours (3 days) before it, ...
    """
    hours, predicted = plan.hold.hours, plan.block_after
    stop = words.card_stop(predicted, hours)
    return stop, words.anaesthetist_line(predicted, hours) if predicted else words.not_predicted(plan.blockade_note)


def wallet_card(plan: Plan) -> WalletCard:
    """Make the card that someone on naltrexone carries.

    Parameters
    ----------
    plan : Plan
        Approved by a named professional, and unchanged since.

    Raises
    ------
    NotApproved
        If the plan is not approved, or was changed afterwards.

    Examples
    --------
    >>> from lowdose.plan import example
    >>> wallet_card(example.plan()).dose
    'Naltrexone hydrochloride, 1.5 to 4.5 mg at bedtime, by mouth'
    """
    require_approved(plan, "no wallet card is made")
    stop, anaesthetist = before_surgery(plan)
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
    from lowdose.opioids.effect import SEEN_HOURS
    from lowdose.opioids.words import CAUTIONS

    now, fixed = now or datetime.now(), words.texts()
    for moment in (now, last_taken):
        if moment is not None and moment.tzinfo is not None:
            raise InvalidInput(f"{moment.isoformat()} has a time zone", remedy="write the clock of the place")
    if last_taken is not None and last_taken > now:
        raise InvalidInput(f"the last dose on {last_taken} lies in the future", where="last dose")
    hours = None if last_taken is None else (now - last_taken) / timedelta(hours=1)
    regimen = taken_until(plan, (last_taken or now).date()) or highest(plan)  # taken before the plan: its most
    asked = () if hours is None or hours > SEEN_HOURS else (hours,)
    predicted = predict(regimen, *asked, setting=setting or setting_of(plan)) if plan.block_after else None
    return EmergencyPage(
        title="Naltrexone on board: emergency",
        patient=plan.patient,
        dose=f"Naltrexone hydrochloride, {'the plan that ended: ' if has_ended(plan, now) else ''}{doses_words(plan)}",
        last_dose=last_taken,
        last_dose_words=_last_words(plan, last_taken, now),
        hours_since=hours,
        steps=tuple(one.text for one in fixed.steps),
        warnings=(*(one.text for one in fixed.warnings), CAUTIONS[0]),
        naloxone=tuple(one.text for one in fixed.naloxone),
        predicted=predicted,
        predicted_sentences=(
            *((words.GOES_ON,) if predicted and has_ended(plan, last_taken or now) else ()),
            *(
                words.predicted_sentences(predicted, *asked or (None,))
                if predicted
                else (words.not_predicted(plan.blockade_note),)
            ),
            words.can_wait(plan.hold),
        ),
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
        said = f"Last dose: {moment_words(last_taken)}, {ago} before this page"
        night = datetime.combine(last_taken.date(), time.max)
        if has_ended(plan, night):
            ended = ended_words(plan, now)
            return f"{said}; how much is not known: {ended[0].lower()}{ended[1:]}."
        planned = last_dose(plan, night)
        return f"{said}; {f'{dose_words(planned.mg)} by the plan' if planned else 'how much is not known'}."
    if has_ended(plan, now):
        return f"Last dose: not known. {ended_words(plan, now)}; what is taken since is not in it. Ask."
    expected = last_dose(plan, now)
    if expected is None:
        return "Last dose: not known; by the plan none was due yet. Ask."
    return f"Last dose: not known. By the plan it was {expected.words}. Ask."
