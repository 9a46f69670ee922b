"""What is handed on: a surgery plan, a wallet card, an emergency page. Words and numbers; nothing here draws."""

from __future__ import annotations

import platform
from dataclasses import dataclass
from datetime import date, datetime
from importlib.metadata import version
from typing import Any

from lowdose.plan.hold.hold import Hold
from lowdose.plan.hold.intervals import Interval
from lowdose.plan.records.block import BlockAfter


@dataclass(frozen=True)
class Restart:
    """When naltrexone may be taken again, and at which dose.

    Attributes
    ----------
    kind : str
        "same-dose", "titrate-again", "wait" (not yet, from `earliest`), "not-known" (no date can be said), or "ahead"
        (said before the operation, when nobody knows what will be given).
    earliest : date or None
        The first day, once it is known.
    same_dose_until : date or None
        Last day on which the dose before the gap may be resumed; None when nothing was taken before.
    sentences : tuple of str
        The same in words.
    """

    kind: str
    earliest: date | None
    same_dose_until: date | None
    sentences: tuple[str, ...]


@dataclass(frozen=True)
class SurgeryPlan:
    """The stop before an operation and the start after it.

    Attributes
    ----------
    patient : str
        Pseudonymous id.
    surgery : datetime
        Day and hour of the operation, on the clock of the place.
    hold : Hold
        The hours without naltrexone, and who chose them.
    stop_by : datetime
        No dose after this minute.
    last_dose : datetime or None
        The last dose of the plan that the rule leaves; None when no dose of the plan lies before `stop_by`, or the plan
        has ended by then and nobody planned what is taken.
    last_taken : datetime or None
        The dose that was really the last, where someone said so.
    hours_free : float or None
        From the last dose to the operation.
    kept : bool or None
        False when the rule was not kept; None when the hour to stop has passed and nobody said when the last dose was.
    sources : tuple of Interval
        What each source says, where they disagree.
    restart : Restart
    predicted : BlockAfter or None
        What the simulator expects, as an explanation.
    anaesthetist : str
        The line for the anaesthetist; empty when the predicted block is not above one third, at the rule's hour or,
        where the rule was not kept, at the hours that there really were.
    longer_stop : str
        The longer stop that is offered as a choice; empty when there is no such line.
    sentences : tuple of str
        The rule: stop, last dose, whether it is kept, whom to tell, what the sources say.
    predicted_sentences : tuple of str
        The explanation beside it; empty without a prediction.
    cautions, not_known : tuple of str
    is_approved : bool
        Whether a named professional approved exactly the plan this comes from.
    standing : str
        Who and when, or DRAFT – NOT APPROVED; printed on every page.
    plan_sha256 : str
    reviewed : bool
        Whether the rule set was signed by a clinician.
    """

    patient: str
    surgery: datetime
    hold: Hold
    stop_by: datetime
    last_dose: datetime | None
    last_taken: datetime | None
    hours_free: float | None
    kept: bool | None
    sources: tuple[Interval, ...]
    restart: Restart
    predicted: BlockAfter | None
    anaesthetist: str
    longer_stop: str
    sentences: tuple[str, ...]
    predicted_sentences: tuple[str, ...]
    cautions: tuple[str, ...]
    not_known: tuple[str, ...]
    is_approved: bool
    standing: str
    plan_sha256: str
    reviewed: bool


@dataclass(frozen=True)
class WalletCard:
    """What someone on naltrexone carries. Made from an approved plan only.

    Attributes
    ----------
    title : str
        Largest line.
    patient : str
        Pseudonymous id.
    dose : str
        The approved doses in words, such as "up to 4.5 mg by mouth, at bedtime".
    urgent : tuple of str
        For whoever finds the card, the most urgent first.
    surgery : str
        When to stop before a planned operation.
    anaesthetist : str
        Line for the anaesthetist; may be empty.
    tolerance : str
        That tolerance is lower after stopping.
    blanks : tuple of str
        Labels of what is written in by hand.
    is_approved, standing, plan_sha256, reviewed
        As in `SurgeryPlan`; a wallet card is always of an approved plan.
    """

    title: str
    patient: str
    dose: str
    urgent: tuple[str, ...]
    surgery: str
    anaesthetist: str
    tolerance: str
    blanks: tuple[str, ...]
    is_approved: bool
    standing: str
    plan_sha256: str
    reviewed: bool


@dataclass(frozen=True)
class EmergencyPage:
    """For the team that treats an injured or acutely ill person on naltrexone: one page, read in ten seconds.

    Attributes
    ----------
    title, patient, dose : str
    last_dose : datetime or None
        None when nobody knows.
    last_dose_words : str
        The first line under the title.
    hours_since : float or None
    steps : tuple of str
        What to do, in order.
    warnings : tuple of str
        What is dangerous.
    naloxone : tuple of str
        Facts, no advice.
    predicted : BlockAfter or None
    predicted_sentences : tuple of str
    not_known : tuple of str
    not_confirmed : tuple of str
        What rests on a machine-written page or on memory.
    is_approved, standing, plan_sha256, reviewed
        As in `SurgeryPlan`.
    """

    title: str
    patient: str
    dose: str
    last_dose: datetime | None
    last_dose_words: str
    hours_since: float | None
    steps: tuple[str, ...]
    warnings: tuple[str, ...]
    naloxone: tuple[str, ...]
    predicted: BlockAfter | None
    predicted_sentences: tuple[str, ...]
    not_known: tuple[str, ...]
    not_confirmed: tuple[str, ...]
    is_approved: bool
    standing: str
    plan_sha256: str
    reviewed: bool


def document(found: SurgeryPlan | Restart | WalletCard | EmergencyPage) -> dict[str, Any]:
    """Everything about it, ready for ``json.dumps``; ``schema`` says what it is.

    Examples
    --------
    >>> found = document(Restart("not-known", None, None, ("Nobody said whether an opioid was given.",)))
    >>> found["schema"], found["earliest"]
    ('lowdose.surgery.restart/1', None)
    """
    from pydantic import TypeAdapter

    names = {SurgeryPlan: "surgery", Restart: "surgery.restart", WalletCard: "wallet-card", EmergencyPage: "emergency"}
    return {
        "schema": f"lowdose.{names[type(found)]}/1",
        "versions": {"lowdose": version("lowdose"), "python": platform.python_version()},
        **TypeAdapter(type(found)).dump_python(found, mode="json"),
    }
