"""The shortest list of questions that settles every rule which could still stop a start, opioids first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any, Literal

from pydantic import Field as Setting

from lowdose.blocks import Block
from lowdose.safety import excipients
from lowdose.safety.facts.fields import CONDITION, conditions, field
from lowdose.safety.facts.known import Facts
from lowdose.safety.rules.rule_set import STOPPING, rule_set
from lowdose.safety.tables import table

_NAMES_LEFT = "{conditions}"


class _Grouped(Block):
    id: str
    ask: str
    fields: tuple[str, ...]
    plain: str = ""
    none: dict[str, Any] = Setting(default_factory=dict)
    opens: dict[str, Any] = Setting(default_factory=dict)


class _QuestionsFile(Block):
    schema_: Literal["lowdose.safety-questions/1"] = Setting(alias="schema")
    questions: tuple[_Grouped, ...]


@dataclass(frozen=True)
class Question:
    """One question.

    Parameters
    ----------
    id : str
        Short name.
    ask : str
        In plain words.
    fields : tuple of str
        The facts its answer states.
    plain : str
        The answer most people give, such as "never" or "no"; empty where a value is needed.
    states, opens : mappings
        What that plain answer states, and what a yes does before its fields are asked one by one.
    settles : tuple of str
        Ids of the rules that cannot be settled without it.
    """

    id: str
    ask: str
    fields: tuple[str, ...]
    plain: str
    states: Mapping[str, Any]
    opens: Mapping[str, Any]
    settles: tuple[str, ...]


def questions(known: Facts | None = None, *, phase: str = "start") -> tuple[Question, ...]:
    """What still has to be asked, in order, until no rule that blocks or is critical is open.

    A question is on the list only while a rule is open for want of its fields, those before it taken as answered
    plainly. Each field is asked by one question only, so that no shorter list settles every rule. An answer that is
    not the plain one can open others: ask again with what is then known.

    Examples
    --------
    >>> found = questions()
    >>> found[0].id, "DAT-001" in found[0].settles, len(found)
    ('opioids', True, 12)
    """
    facts = known if known is not None else Facts.of({}, on=date.today())
    asked: set[str] = set()
    found: list[Question] = []
    while wanted := _wanted(facts, phase, asked):
        group, fields = _next(wanted, facts, asked)
        stated = {name: value for name, value in group.none.items() if name in fields}
        facts = facts.also(stated) if stated else facts
        asked |= set(fields)
        open_now = {rule for rules in wanted.values() for rule in rules}
        open_then = {rule for rules in _wanted(facts, phase, asked).values() for rule in rules}
        waiting = {rule for name in fields for rule in wanted.get(name, ())}
        settles = tuple(sorted(waiting | (open_now - open_then), key=_place))
        found.append(
            Question(group.id, _words(group, fields, facts), fields, group.plain, stated, group.opens, settles)
        )
    return tuple(found)


def _wanted(facts: Facts, phase: str, asked: set[str]) -> dict[str, tuple[str, ...]]:
    """Fields that an open rule waits for, each with the ids of those rules."""
    found: dict[str, tuple[str, ...]] = {}
    looked_at = facts.in_phase(phase)
    for rule in rule_set().of_phase(phase):
        if rule.severity in STOPPING:
            for name in rule.when.gaps(looked_at) or rule.when.absences(looked_at):
                if name not in asked:
                    found[name] = (*found.get(name, ()), rule.id)
    return found


def _next(wanted: Mapping[str, object], facts: Facts, asked: set[str]) -> tuple[_Grouped, tuple[str, ...]]:
    """The next question and its fields: a group while nothing of it is known, else what is needed of it, one by one."""
    for group in _groups():
        left = tuple(name for name in group.fields if not facts.is_stated(name) and name not in asked)
        needed = [name for name in left if name in wanted]
        if needed and (left == group.fields or (_NAMES_LEFT in group.ask and len(left) > 1)):
            return group, left
        if needed:
            return _alone(needed[0]), (needed[0],)
    name = next(iter(wanted))
    return _alone(name), (name,)


def _alone(name: str) -> _Grouped:
    return _Grouped(id=name, ask=field(name).ask, fields=(name,))


def _words(group: _Grouped, fields: tuple[str, ...], facts: Facts) -> str:
    if group.id == "meds.list" and facts.medicines:
        held = (*facts.medicines, *facts.unnamed)
        return " ".join(dict.fromkeys(question for one in held for question in one.open_questions())) or group.ask
    if fields == ("formula.fillers",) and facts.is_stated(fields[0]):
        return " ".join(excipients.questions(facts.value(fields[0])))
    titles = [conditions()[name.removeprefix(CONDITION)].title for name in fields if name.startswith(CONDITION)]
    return group.ask.format(conditions=", ".join(titles))


def _place(name: str) -> int:
    return [rule.id for rule in rule_set().rules].index(name)


def grouped_fields() -> frozenset[str]:
    """Every field that a start asks for."""
    return frozenset(name for group in _groups() for name in group.fields)


@cache
def _groups() -> tuple[_Grouped, ...]:
    return _QuestionsFile.model_validate(table("asking/questions.yaml")).questions
