"""The screen: which rules were checked, which fired, which could not be checked, and what all of it amounts to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Literal, Protocol

from lowdose.errors import InvalidInput
from lowdose.safety.check import Fired, NotChecked, Override, check
from lowdose.safety.conflicts import Conflict, conflicts
from lowdose.safety.facts import Facts
from lowdose.safety.listed import Listed
from lowdose.safety.rules import STOPPING, Rule, RuleSet, rule_set

if TYPE_CHECKING:
    from lowdose.safety.washout import Earliest

Outcome = Literal["block", "incomplete", "critical", "warning", "clear-of-known-rules"]
SAFETY_STOP = 5
"""Exit code of a screen that does not pass."""


class Person(Protocol):
    """Whoever can say what is known about one person on a day: a patient file, or facts themselves."""

    def facts(self, on: date) -> Facts:
        """What is known on that day."""


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
    unused: tuple[Override, ...]
    earliest: Earliest
    conflicts: tuple[Conflict, ...]
    medicines: tuple[Listed, ...]
    rules: RuleSet

    @property
    def outcome(self) -> Outcome:
        """The worst of block, incomplete, critical, warning, clear-of-known-rules.

        A warning that could not be checked keeps the outcome from being clear: what is not known is not safe.
        """
        fired = {one.severity for one in self.fired}
        open_ones = {one.severity for one in self.not_checked}
        if "block" in fired:
            return "block"
        if open_ones & set(STOPPING) or self.unrecognised:
            return "incomplete"
        if "critical" in fired:
            return "critical"
        return "warning" if "warning" in fired | open_ones else "clear-of-known-rules"

    @property
    def passes(self) -> bool:
        """Whether a plan may follow: clear, warning, or critical with every critical rule overridden by name."""
        return self.outcome not in ("block", "incomplete") and not any(one.is_open for one in self.fired)

    @property
    def exit_code(self) -> int:
        """0 when it passes, else 5."""
        return 0 if self.passes else SAFETY_STOP

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
        """That day, should the medicines that are only supposed prove right."""
        return self.earliest.if_confirmed

    def document(self) -> dict[str, Any]:
        """The screen as one JSON object, ``lowdose.screen/1``."""
        from lowdose.safety.screen_document import document

        return document(self)


def screen(
    who: Person,
    *,
    phase: str = "start",
    on: date,
    facts: Mapping[str, object] | None = None,
    overrides: Sequence[Override] = (),
) -> Screen:
    """Evaluate every rule of a phase.

    Parameters
    ----------
    who : Patient or Facts
        The person.
    phase : str
        ``start``, ``titrate``, ``continue``, ``event``, ``surgery``, ``formula``, ``batch``, or ``compound`` (formula
        and batch). Only the rules of that phase are evaluated.
    on : date
        The day for which it is made.
    facts : mapping, optional
        Further facts, such as those of a plan; they replace those of the person.
    overrides : sequence of Override
        Rules a named professional goes on in spite of.

    Raises
    ------
    InvalidInput
        If facts contradict one another or lie in the future, or a rule is overridden twice.
    NotFound
        If there is no such phase.

    Examples
    --------
    >>> found = screen(Facts.of({"conditions": {"transplant": True}}, on=date(2026, 12, 1)), on=date(2026, 12, 1))
    >>> found.outcome, [one.id for one in found.fired if one.severity == "block"]
    ('block', ['DAT-001', 'IMM-001'])
    """
    rules = rule_set()
    known = who.facts(on).also(facts or {}).in_phase(phase)
    evaluated = [(rule.id, check(rule, known)) for rule in rules.of_phase(phase)]
    answered = _by_rule(overrides)
    fired = [replace(one, override=answered.get(one.id)) for _, one in evaluated if isinstance(one, Fired)]
    open_rules = [one for _, one in evaluated if isinstance(one, NotChecked)]
    left_open = {one.id for one in open_rules}
    listed = known.medicines or ()
    return Screen(
        phase=phase,
        on=on,
        checked=tuple(name for name, _ in evaluated if name not in left_open),
        fired=tuple(sorted(fired, key=_worst_first)),
        not_checked=tuple(sorted(open_rules, key=_worst_first)),
        unrecognised=tuple(dict.fromkeys(one.name for one in listed if not one.is_recognised)),
        to_ask=_to_ask((*listed, *known.unnamed), open_rules),
        unused=tuple(one for one in overrides if one.rule not in {each.id for each in fired}),
        earliest=_earliest(known),
        conflicts=tuple(one for one in conflicts() if set(one.shown_with) & {each.id for each in fired}),
        medicines=listed,
        rules=rules,
    )


def _to_ask(listed: Sequence[Listed], open_rules: Sequence[NotChecked]) -> tuple[str, ...]:
    """Of every medicine that was written down which it is, if that is open; else only what a rule waits for."""
    waited_for = any("meds.list" in one.missing for one in open_rules)
    asked = (one.open_questions() for one in listed if waited_for or one.is_written_but_open)
    return tuple(dict.fromkeys(question for questions in asked for question in questions))


def _by_rule(overrides: Sequence[Override]) -> dict[str, Override]:
    found: dict[str, Override] = {}
    for one in overrides:
        if one.rule in found:
            raise InvalidInput(f"{one.rule} is overridden twice", remedy="give one reason")
        found[one.rule] = one
    return found


def _worst_first(one: Fired | NotChecked) -> int:
    return ("block", "critical", "warning", "info").index(one.severity)


_NO_DAY = ("OPI-006", "OPI-007", "OPI-008", "OPI-009", "OPI-015")
"""While one of these is true, an opioid-free interval alone permits nothing."""


def _earliest(known: Facts) -> Earliest:
    """By the dates of the opioids taken; no day while something else about opioids stands against any."""
    from lowdose.safety.washout import Taken, earliest_start

    found = earliest_start(
        [Taken(one.recognition, one.active is not False, one.form, one.last_taken) for one in known.medicines or ()],
        on=known.on,
        last_opioid_use=known.value("history.last_opioid_use"),
        long_term=known.value("conditions.opioid_dependence_history") is True,
        last_non_medical_use=_days_back(known, known.value("history.nonmedical_opioid_days")),
    )
    standing = [one for one in map(rule_set().__getitem__, _NO_DAY) if one.when.truth(known)]
    if standing:
        reasons = [f"{one.title[0].lower()}{one.title[1:]} ({one.id})" for one in standing]
        return replace(
            found, date=None, basis="", reason="; ".join(filter(None, [*reasons, found.reason])), if_confirmed=None
        )
    last = known.value("history.last_opioid_use")
    if isinstance(last, date) and known.last_opioid is None and found.date is not None:
        reason = f"the date of the last opioid is not certain; as far as known: {found.basis}"
        return replace(found, date=None, basis="", reason=reason, if_confirmed=found.date)
    if not known.is_stated("meds.list") and found.date is not None:
        reason = f"the medicine list is missing, not complete or too old (DAT-002); as far as known: {found.basis}"
        return replace(found, date=None, basis="", reason=reason, if_confirmed=found.date)
    return found


def _days_back(known: Facts, days: object) -> date | Literal["never"] | None:
    if isinstance(days, int | float):
        return (known.stated["history.nonmedical_opioid_days"].on or known.on) - timedelta(days=int(days))
    return "never" if days == "never" else None
