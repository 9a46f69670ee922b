"""The screen: every rule of a phase against what is known, and from when a start is possible."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Literal, Protocol

from lowdose.errors import InvalidInput
from lowdose.safety.facts.known import Facts
from lowdose.safety.facts.listed import OPIOIDS, Listed
from lowdose.safety.medicines import in_set
from lowdose.safety.rules.conflicts import conflicts
from lowdose.safety.rules.rule_set import SEVERITIES, Rule, rule_set
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
    contradicted = _contradicted(known) if any(rule.id == "OPI-001" for rule in rules.of_phase(phase)) else ()
    return Screen(
        phase=phase,
        on=on,
        checked=tuple(name for name, _ in evaluated if name not in left_open),
        fired=tuple(sorted(fired, key=_worst_first)),
        not_checked=tuple(sorted(open_rules, key=_worst_first)),
        unrecognised=tuple(dict.fromkeys(one.name for one in listed if not one.is_recognised)),
        to_ask=(*_to_ask((*listed, *known.unnamed), open_rules), *contradicted),
        contradicted=contradicted,
        unused=tuple(one for one in overrides if one.rule not in {each.id for each in fired}),
        earliest=_earliest(known, fired),
        conflicts=tuple(one for one in conflicts() if set(one.shown_with) & {each.id for each in fired}),
        medicines=listed,
        rules=rules,
    )


def _to_ask(listed: Sequence[Listed], open_rules: Sequence[NotChecked]) -> tuple[str, ...]:
    """Of every medicine that was written down which it is, if that is open; else only what a rule waits for."""
    waited_for = any("meds.list" in one.missing for one in open_rules)
    asked = (one.open_questions() for one in listed if waited_for or one.is_written_but_open)
    return tuple(dict.fromkeys(question for questions in asked for question in questions))


def _contradicted(known: Facts) -> tuple[str, ...]:
    """An opioid on the list of someone who is said never to have used one: until it is asked, nothing passes."""
    if known.value("history.last_opioid_use") != "never":
        return ()
    held = (one.name for one in known.medicines or () if one.is_in(OPIOIDS))
    return tuple(f"No opioid was ever used, it is said, and {name} is on the list: which is right?" for name in held)


def _by_rule(overrides: Sequence[Override]) -> dict[str, Override]:
    found: dict[str, Override] = {}
    for one in overrides:
        if one.rule in found:
            raise InvalidInput(f"{one.rule} is overridden twice", remedy="give one reason")
        found[one.rule] = one
    return found


def _worst_first(one: Fired | NotChecked) -> int:
    return SEVERITIES.index(one.severity)


_NO_DAY = ("OPI-006", "OPI-007", "OPI-008", "OPI-009")
"""While one of these is true, an opioid-free interval alone permits nothing."""
_OF_OPIOIDS = ("OPI-", "DAT-")
"""Rules that the dates of the opioids already speak of."""


def _earliest(known: Facts, fired: Sequence[Fired]) -> Earliest:
    """By the dates of the opioids taken; no day while something that is no matter of waiting stands against any."""
    found = earliest_start(
        [Taken(one.recognition, one.active is not False, one.form, one.last_taken) for one in known.medicines or ()],
        on=known.on,
        last_opioid_use=known.value("history.last_opioid_use"),
        long_term=known.value("conditions.opioid_dependence_history") is True,
        last_non_medical_use=_days_back(known, known.value("history.nonmedical_opioid_days")),
        above_label=known.value("meds.gut_opioid_above_label"),
    )
    standing = [_named(one) for one in map(rule_set().__getitem__, _NO_DAY) if one.when.truth(known)]
    if known.value("history.kratom") is True and not any(map(_is_kratom, known.medicines or ())):
        standing.append("it is not known when kratom was last taken (OPI-015)")
    standing += [_named(one) for one in fired if one.severity == "block" and not one.id.startswith(_OF_OPIOIDS)]
    if standing:
        return _no_day(
            found, "; ".join([f"not a matter of waiting: {', '.join(standing)}", *filter(None, [found.reason])])
        )
    if found.date is None:
        return found
    last = known.value("history.last_opioid_use")
    if isinstance(last, date) and known.last_opioid is None:
        return _no_day(found, "the date of the last opioid is not certain", "the date of the last opioid")
    if not known.is_stated("meds.list"):
        return _no_day(found, "the medicine list is missing, not complete or too old (DAT-002)", "the medicine list")
    return found


def _no_day(found: Earliest, reason: str, if_sure_of: str = "") -> Earliest:
    """No day can be named, for a reason; the day that would hold if somebody made sure of one thing."""
    if found.date is not None:
        reason = f"{reason}; as far as opioids are known: {found.date}, {found.basis}"
    day = found.date if if_sure_of else None
    return replace(found, date=None, basis="", reason=reason, if_confirmed=day, confirmed_by=if_sure_of)


def _is_kratom(one: Listed) -> bool:
    return any(in_set(each, "kratom") for each in one.recognition.ingredients)


def _named(one: Rule | Fired) -> str:
    return f"{one.title[0].lower()}{one.title[1:]} ({one.id})"


def _days_back(known: Facts, days: object) -> date | Literal["never"] | None:
    if isinstance(days, int | float):
        return (known.stated["history.nonmedical_opioid_days"].on or known.on) - timedelta(days=int(days))
    return "never" if days == "never" else None
