"""Why no plan is made, and what to do about it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lowdose.errors import SafetyStop
from lowdose.safety.rules.rule_set import STOPPING

if TYPE_CHECKING:
    from lowdose.plan.catalogue import Protocol
    from lowdose.safety import Screen

_STANDS = {"block": "a rule blocks it", "incomplete": "answers are missing", "critical": "a critical rule stands"}
_REMEDIES = {
    "block": "none inside the program, unless the answer was wrong",
    "incomplete": "answer: lowdose screen PATIENT.yaml --questions",
    "critical": "a named professional records a reason for the rule, where it allows one",
}
_CONSENT = "REG-001"
"""The rule that asks for consent: nobody overrides it, so its remedy is the text to read together and sign."""


class PlanRefused(SafetyStop):
    """No plan while the screen stands in the way; ``screen`` says what to answer (exit code 5).

    Examples
    --------
    >>> PlanRefused("no plan is made").exit_code
    5
    """

    def __init__(self, what: str, *, screen: Screen | None = None, where: str = "", remedy: str = "") -> None:
        super().__init__(what, where=where, remedy=remedy)
        self.screen = screen


def refused(screen: Screen, protocol: Protocol) -> PlanRefused:
    """The refusal for what a screen found: each rule in the way, each question that is open, and the remedy.

    Examples
    --------
    >>> from dataclasses import replace
    >>> from lowdose.plan import example, protocol
    >>> from lowdose.safety import screen
    >>> person = example.patient()
    >>> without = replace(person, values={**person.values, "consent.off_label": False})
    >>> found = screen(without, phase="start", on=example.START, facts={"plan.drawn_up": False})
    >>> refused(found, protocol("standard")).remedy.partition(": ")[2]
    'lowdose plan consent --protocol STD-1.5 --condition NAME -o consent.pdf; then write consent.off_label: yes'
    """
    fired = [one for one in screen.fired if one.is_open]
    unknown = [one.settled_by for one in screen.not_checked if one.severity in STOPPING]
    strange = [f"“{name}” is not recognised as a medicine" for name in screen.unrecognised]
    others = [one for one in fired if one.id != _CONSENT]
    remedies = [] if screen.outcome == "critical" and not others else [_REMEDIES.get(screen.outcome, "")]
    if screen.outcome != "block" and len(others) < len(fired):
        remedies.append(
            f"read the text of consent together and sign it: lowdose plan consent --protocol {protocol.id} "
            "--condition NAME -o consent.pdf; then write consent.off_label: yes"
        )
    return PlanRefused(
        f"no plan is made: {_STANDS.get(screen.outcome, screen.outcome)}",
        screen=screen,
        where="; ".join(
            [*(f"{one.id} {one.title}" for one in fired), *strange, *dict.fromkeys(unknown), *screen.contradicted]
        ),
        remedy="; ".join(filter(None, remedies)),
    )
