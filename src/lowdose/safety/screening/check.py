"""One rule against what is known: it fires, it cannot be checked, or there is nothing to say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from lowdose.audit import Professional
from lowdose.audit.professional import says_nothing
from lowdose.errors import InvalidInput
from lowdose.safety import excipients
from lowdose.safety.facts.fields import age_limit, field
from lowdose.safety.facts.known import Facts
from lowdose.safety.rules.rule_set import STOPPING, Policy, Rule, Severity, Source, rule_set


@dataclass(frozen=True)
class Override:
    """A named professional goes on in spite of a rule, and says why.

    Parameters
    ----------
    rule : str
        Id of the rule.
    reason : str
        Why; it is kept in the audit log.
    by : Professional
        Who answers for it.

    Raises
    ------
    NotFound
        If there is no such rule.
    InvalidInput
        If the rule's policy does not allow it, or the reason says nothing.
    SafetyStop
        If it is nobody who may decide on a medicine.

    Examples
    --------
    >>> Override("OPI-002", "in a hurry", Professional("A. Brown", "physician", "GMC 0000000"))
    Traceback (most recent call last):
    lowdose.errors.InvalidInput: OPI-002 cannot be overridden
      where: Opioid in the last 7 days
      remedy: cannot be overridden in the program
    """

    rule: str
    reason: str
    by: Professional

    def __post_init__(self) -> None:
        rules = rule_set()
        meant = rules[self.rule]
        if meant.override != "reason":
            raise InvalidInput(
                f"{meant.id} cannot be overridden", where=meant.title, remedy=rules.policies[meant.override]
            )
        self.by.decides(f"an override of {meant.id}")
        if says_nothing(self.reason):
            raise InvalidInput(f"the override of {meant.id} gives no reason", remedy="say why, in a few words")


@dataclass(frozen=True)
class Fired:
    """A rule that is true: what it says to the professional and to the patient, and what that rests on.

    ``label`` is "not yet confirmed" (or "partly …") for a rule that is recalled or rests on a machine-written page;
    ``amended`` says where it differs from the draft it comes from, and why.
    """

    id: str
    title: str
    severity: Severity
    text: str
    patient_text: str
    label: str
    sources: Mapping[str, Source]
    provenance: str
    confidence: str
    amended: str | None
    action: str | None
    policy: Policy
    override: Override | None = None

    @property
    def is_open(self) -> bool:
        """Whether it still stops a plan: block or critical, and nobody answers for going on."""
        return self.severity in STOPPING and self.override is None


@dataclass(frozen=True)
class NotChecked:
    """A rule that could still be true: the fields whose answers decide it, and the question that asks for them."""

    id: str
    title: str
    severity: Severity
    missing: tuple[str, ...]
    settled_by: str


Issue = Fired | NotChecked


def check(rule: Rule, facts: Facts) -> Issue | None:
    """Evaluate one rule.

    Examples
    --------
    >>> from datetime import date
    >>> from lowdose.safety.rules.rule_set import rule
    >>> facts = Facts.of({"lab.egfr": 25}, on=date(2026, 12, 1))
    >>> check(rule("REN-001"), facts).severity, check(rule("PRE-001"), facts).missing
    ('critical', ('patient.pregnant',))
    """
    truth = rule.when.truth(facts)
    if truth is None:
        missing = rule.when.gaps(facts)
        return NotChecked(rule.id, rule.title, rule.severity, missing, " ".join(_questions(missing, facts)))
    if not truth:
        return None
    return Fired(
        rule.id, rule.title, rule.severity, rule.text, rule.patient_text, rule.label,
        rule.sources, rule.provenance, rule.confidence, rule.amended, rule.action, rule.override,
    )  # fmt: skip


def _questions(missing: tuple[str, ...], facts: Facts) -> list[str]:
    asked: list[str] = []
    for name in missing:
        age, limit = facts.age_days(name), age_limit(name)
        if name == "meds.list" and facts.is_stated(name):
            asked += [
                question for one in (*(facts.medicines or ()), *facts.unnamed) for question in one.open_questions()
            ]
        elif name == "formula.fillers" and facts.is_stated(name):
            asked += excipients.questions(facts.value(name))
        elif age is not None and limit is not None and age > limit:
            asked.append(f"{field(name).ask} (The last answer is {age} days old; {limit} are allowed.)")
        else:
            asked.append(field(name).ask)
    return asked
