"""The screen: every rule of a phase against what is known, and from when a start is possible."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Literal, Protocol

from lowdose.errors import InvalidInput
from lowdose.safety.facts.known import Facts
from lowdose.safety.facts.listed import Listed
from lowdose.safety.rules.conflicts import conflicts
from lowdose.safety.rules.rule_set import SEVERITIES, rule_set
from lowdose.safety.screening.check import Fired, NotChecked, Override, check
from lowdose.safety.screening.result import Screen
from lowdose.safety.washout import Earliest, Taken, earliest_start


class Person(Protocol):
    """Whoever can say what is known about one person on a day: a patient file, or facts themselves."""

    def facts(self, on: date) -> Facts:
        """What is known on that day."""


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
    return SEVERITIES.index(one.severity)


_NO_DAY = ("OPI-006", "OPI-007", "OPI-008", "OPI-009", "OPI-015")
"""While one of these is true, an opioid-free interval alone permits nothing."""


def _earliest(known: Facts) -> Earliest:
    """By the dates of the opioids taken; no day while something else about opioids stands against any."""
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
