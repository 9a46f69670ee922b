"""What a screen found: which rules were checked, which fired, which could not be checked; and it as JSON."""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass
from datetime import date
from importlib.metadata import version
from typing import Any, Literal

from lowdose.errors import SafetyStop
from lowdose.safety.facts.listed import Listed
from lowdose.safety.rules.conflicts import Conflict
from lowdose.safety.rules.rule_set import STOPPING, Rule, RuleSet, Source
from lowdose.safety.screening.check import Fired, NotChecked, Override
from lowdose.safety.washout import Earliest

SCHEMA = "lowdose.screen/1"
Outcome = Literal["block", "incomplete", "critical", "warning", "clear-of-known-rules"]


def outcome_of(fired: Set[str], waiting: Set[str], *, is_unsettled: bool) -> Outcome:
    """The worst of all, from severities.

    Parameters
    ----------
    fired, waiting : set of str
        Severities of the rules that are true, and of those that could not be checked.
    is_unsettled : bool
        Whether a medicine is open that a rule waits for, or answers contradict one another.

    Examples
    --------
    >>> outcome_of({"critical"}, {"block"}, is_unsettled=False), outcome_of({"info"}, set(), is_unsettled=False)
    ('incomplete', 'clear-of-known-rules')
    """
    if "block" in fired:
        return "block"
    if is_unsettled or waiting & set(STOPPING):
        return "incomplete"
    if "critical" in fired:
        return "critical"
    return "warning" if "warning" in fired | waiting else "clear-of-known-rules"


@dataclass(frozen=True)
class Screen:
    """What a screen found.

    Parameters
    ----------
    phase : str
        What it was for.
    on : date
        The day for which it was made.
    checked : tuple of str
        Ids of the rules that could be evaluated.
    fired, not_checked : tuples
        Rules that are true, and rules that could still be; worst first.
    unrecognised : tuple of str
        Medicines whose ingredients are not settled.
    to_ask : tuple of str
        What has to be asked about medicines of the list.
    contradicted : tuple of str
        Answers that cannot both be true, as questions; the outcome is incomplete until somebody finds out.
    unused : tuple of Override
        Overrides of rules that did not fire.
    earliest : Earliest
        From when a start is possible by the opioids taken, and why.
    conflicts : tuple of Conflict
        Where the sources of the rules that fired disagree.
    medicines : tuple of Listed
        The medicine list, as it was read.
    rules : RuleSet
        The rules it was made with.
    """

    phase: str
    on: date
    checked: tuple[str, ...]
    fired: tuple[Fired, ...]
    not_checked: tuple[NotChecked, ...]
    unrecognised: tuple[str, ...]
    to_ask: tuple[str, ...]
    contradicted: tuple[str, ...]
    unused: tuple[Override, ...]
    earliest: Earliest
    conflicts: tuple[Conflict, ...]
    medicines: tuple[Listed, ...]
    rules: RuleSet

    @property
    def outcome(self) -> Outcome:
        """The worst of block, incomplete, critical, warning, clear-of-known-rules.

        A warning that could not be checked keeps the outcome from being clear: what is not known is not safe. A
        medicine that was not recognised leaves it incomplete wherever a rule waits for the medicine list.
        """
        waited_for = any("meds.list" in one.missing for one in self.not_checked)
        return outcome_of(
            {one.severity for one in self.fired},
            {one.severity for one in self.not_checked},
            is_unsettled=bool((self.unrecognised and waited_for) or self.contradicted),
        )

    @property
    def passes(self) -> bool:
        """Whether a plan may follow: clear, warning, or critical with every critical rule overridden by name."""
        return self.outcome not in ("block", "incomplete") and not any(one.is_open for one in self.fired)

    @property
    def exit_code(self) -> int:
        """0 when it passes, else 5."""
        return 0 if self.passes else SafetyStop.exit_code

    @property
    def always_said(self) -> tuple[Rule, ...]:
        """What every patient is told whatever fired: that tolerance to opioids is lower after stopping."""
        return tuple(one for one in self.rules.rules if one.action == "mandatory_counselling")

    @property
    def reviewed(self) -> bool:
        """Whether a clinician has reviewed the rule set."""
        return self.rules.reviewed_by is not None

    @property
    def earliest_start(self) -> date | None:
        """First day on which the opioid-free interval is over; None when no day can be named."""
        return self.earliest.date

    @property
    def earliest_if_confirmed(self) -> date | None:
        """The day that would hold once what is named beside it is made sure of, such as negative tests."""
        return self.earliest.if_confirmed

    def document(self) -> dict[str, Any]:
        """The screen as one JSON object, ``lowdose.screen/1``."""
        return _document(self)


def _document(screen: Screen) -> dict[str, Any]:
    """The screen as one JSON object."""
    earliest = screen.earliest
    start = None if earliest.date is None else {"date": earliest.date.isoformat(), "basis": earliest.basis}
    rules = screen.rules
    return {
        "schema": SCHEMA,
        "versions": {"lowdose": version("lowdose"), "rules": rules.version, "rules_sha256": rules.digest},
        "phase": screen.phase,
        "on": screen.on.isoformat(),
        "outcome": screen.outcome,
        "exit_code": screen.exit_code,
        "fired": [_fired(one) for one in screen.fired],
        "always_said": [
            {"id": one.id, "title": one.title, "text": one.text, "patient_text": one.patient_text}
            for one in screen.always_said
        ],
        "not_checked": [_not_checked(one) for one in screen.not_checked],
        "checked": list(screen.checked),
        "medicines": [one.document() for one in screen.medicines],
        "unrecognised": list(screen.unrecognised),
        "to_ask": list(screen.to_ask),
        "contradicted": list(screen.contradicted),
        "earliest_start": start,
        "earliest_start_reason": earliest.reason or None,
        "earliest_if_confirmed": earliest.if_confirmed.isoformat() if earliest.if_confirmed else None,
        "earliest_if_confirmed_by": earliest.confirmed_by or None,
        "washout": [
            {"about": one.about, "says": one.says, "source": one.source, "url": one.url, "label": one.label}
            for one in earliest.conflicts
        ],
        "conflicts": [_conflict(one, rules) for one in screen.conflicts],
        "overrides_not_used": [one.rule for one in screen.unused],
        "reviewed": screen.reviewed,
        "reviewed_by": rules.reviewed_by,
        "note": "" if screen.reviewed else rules.not_reviewed,
    }


def _fired(one: Fired) -> dict[str, Any]:
    return {
        "id": one.id,
        "title": one.title,
        "severity": one.severity,
        "text": one.text,
        "patient_text": one.patient_text,
        "source": _cited(one.sources),
        "provenance": one.provenance,
        "confidence": one.confidence,
        "label": one.label,
        "amended": one.amended,
        "action": one.action,
        "override_policy": one.policy,
        "override": _override(one.override),
    }


def _override(one: Override | None) -> dict[str, str] | None:
    return None if one is None else {"reason": one.reason, "by": str(one.by)}


def _not_checked(one: NotChecked) -> dict[str, Any]:
    return {
        "id": one.id,
        "title": one.title,
        "severity": one.severity,
        "missing": list(one.missing),
        "settled_by": one.settled_by,
    }


def _conflict(one: Conflict, rules: RuleSet) -> dict[str, Any]:
    sides = [
        {"says": side.says, "source": _cited({name: rules.sources[name] for name in side.sources})}
        for side in one.sides
    ]
    return {**one.model_dump(mode="json"), "sides": sides}


def _cited(sources: Mapping[str, Source]) -> list[dict[str, str | None]]:
    return [{"id": name, "title": one.title, "url": one.url} for name, one in sources.items()]
