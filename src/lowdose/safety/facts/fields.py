"""Every fact a rule may ask for: kind, unit, range, allowed values, how old it may be, the question that settles it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import date, datetime
from difflib import get_close_matches
from functools import cache
from typing import Any, Literal

from pydantic import Field as Setting

from lowdose.blocks import Block
from lowdose.errors import InvalidInput, NotFound
from lowdose.safety.rules.logic import NOT_APPLICABLE
from lowdose.safety.rules.rule_set import rule
from lowdose.safety.tables import table

Kind = Literal["yes-no", "number", "whole", "days", "choice", "date", "words", "medicines"]
_NUMBERS = ("number", "whole", "days")
CONDITION = "conditions."


class Field(Block):
    """One fact."""

    kind: Kind
    ask: str
    unit: str = ""
    range: tuple[float, float] | None = None
    step: float | None = None
    values: tuple[str, ...] = ()
    not_applicable: bool = False
    max_age_days: int | str | None = None

    @property
    def age_limit(self) -> int | None:
        """Days after which an answer counts as not known; some are set by a rule's own number."""
        if isinstance(self.max_age_days, str):
            name, _, number = self.max_age_days.partition(".")
            return int(rule(name).params[number].value)
        return self.max_age_days


class Condition(Block):
    """A problem that is there, is not there, or is not known to be; and the other names it goes by."""

    title: str
    also: tuple[str, ...]


class Entailment(Block):
    """What one answer says about others, by the meaning of the words."""

    when: dict[str, Any]
    then: dict[str, Any]
    unless_stated: dict[str, Any] = Setting(default_factory=dict)
    phases: tuple[str, ...] = ()


class _FieldsFile(Block):
    schema_: Literal["lowdose.safety-fields/1"] = Setting(alias="schema")
    ages: dict[str, str]
    fields: dict[str, Field]
    conditions: dict[str, Condition]
    condition_max_age_days: int
    entails: tuple[Entailment, ...]


@cache
def _file() -> _FieldsFile:
    return _FieldsFile.model_validate(table("facts/fields.yaml"))


@cache
def fields() -> Mapping[str, Field]:
    """Every field by its dotted name, each condition as ``conditions.NAME``.

    Examples
    --------
    >>> fields()["lab.egfr"].unit
    'mL/min/1.73 m²'
    """
    limit = _file().condition_max_age_days
    asked = {
        f"{CONDITION}{name}": Field(kind="yes-no", ask=f"{one.title[0].upper()}{one.title[1:]}?", max_age_days=limit)
        for name, one in _file().conditions.items()
    }
    return {**_file().fields, **asked}


@cache
def age_limit(name: str) -> int | None:
    """Days after which an answer to a field counts as not known; None where it does not age."""
    return field(name).age_limit


def conditions() -> Mapping[str, Condition]:
    """The conditions by their short names.

    Examples
    --------
    >>> "cirrhosis" in conditions()
    True
    """
    return _file().conditions


def entailments() -> tuple[Entailment, ...]:
    """What answers say about one another."""
    return _file().entails


def field(name: str) -> Field:
    """A field by its dotted name.

    Raises
    ------
    NotFound
        With near misses.

    Examples
    --------
    >>> field("lab.egrf")
    Traceback (most recent call last):
    lowdose.errors.NotFound: no fact is named 'lab.egrf'
      remedy: did you mean lab.egfr...
    """
    if name not in fields():
        raise NotFound.among("fact", name, fields())
    return fields()[name]


def condition_named(words: str) -> str:
    """The short name of a condition from plain words.

    Raises
    ------
    NotFound
        With near misses: a close match is never taken.

    Examples
    --------
    >>> condition_named("Kidney transplant")
    'transplant'
    >>> condition_named("kidney transplnt")
    Traceback (most recent call last):
    lowdose.errors.NotFound: no rule asks about a condition named 'kidney transplnt'
      remedy: did you mean kidney transplant...
    """
    known = {
        _plain(word): name for name, one in conditions().items() for word in (name, one.title, *one.also)
    }  # fmt: skip
    if _plain(words) not in known:
        near = get_close_matches(_plain(words), known, n=3, cutoff=0.6)
        raise NotFound(
            f"no rule asks about a condition named {_plain(words)!r}",
            remedy=f"did you mean {' or '.join(near)}?" if near else f"leave it out; {_asked_about()}",
        )
    return known[_plain(words)]


def _asked_about() -> str:
    return f"the rules ask about: {', '.join(one.title for one in conditions().values())}"


def checked(name: str, value: object, on: date) -> Any:
    """``value`` as the field takes it.

    Raises
    ------
    InvalidInput
        What is wrong with it, naming the field, what is allowed and the unit.
    NotFound
        If there is no such field.

    Examples
    --------
    >>> checked("assess.child_pugh", "D", date(2026, 12, 1))
    Traceback (most recent call last):
    lowdose.errors.InvalidInput: assess.child_pugh cannot be 'D'
      remedy: write A, B, C or not applicable
    """
    one = field(name)
    if one.not_applicable and value == NOT_APPLICABLE:
        return value
    if one.kind == "yes-no" and isinstance(value, bool):
        return value
    if one.kind in _NUMBERS and (number := _number(one, value)) is not None:
        return number
    if one.kind == "choice" and isinstance(value, str) and value in one.values:
        return value
    if one.kind == "date" and (day := _day(value)) is not None:
        return _not_after(name, day, on)
    if one.kind == "words" and isinstance(value, list | tuple) and all(isinstance(word, str) for word in value):
        return tuple(str(word).strip().lower() for word in value)
    raise InvalidInput(f"{name} cannot be {_shown(value)}", remedy=f"write {allowed(one)}")


def allowed(one: Field) -> str:
    """What may be written for a field, in words."""
    other = [NOT_APPLICABLE] if one.not_applicable else []
    match one.kind:
        case "yes-no":
            kinds = ["yes", "no"]
        case "choice":
            kinds = list(one.values)
        case "date":
            kinds = ["a date such as 2026-11-20", "never"]
        case "words":
            kinds = ["a list of words"]
        case "medicines":
            kinds = ["a list of medicines"]
        case _:
            low, high = one.range or (0, 0)
            whole = "a whole number" if one.kind == "whole" else "a number"
            kinds = [f"{whole} from {low:g} to {high:g}{f' {one.unit}' if one.unit else ''}"]
            kinds += ["never"] if one.kind == "days" else []
    words = kinds + other
    return " or ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


def _number(one: Field, value: object) -> float | str | None:
    if one.kind == "days" and value == "never":
        return "never"
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return None
    low, high = one.range or (-math.inf, math.inf)
    if not low <= value <= high or (one.kind == "whole" and value != int(value)):
        return None
    return value


def _day(value: object) -> date | str | None:
    if value == "never":
        return "never"
    if isinstance(value, str):
        try:
            return date.fromisoformat(value)
        except ValueError:
            return None
    return value if isinstance(value, date) and not isinstance(value, datetime) else None


def _not_after(name: str, day: date | str, on: date) -> date | str:
    if isinstance(day, date) and day > on:
        raise InvalidInput(f"{name}: {day} is after {on}, the day it is looked at", remedy="check the year and month")
    return day


def _plain(words: str) -> str:
    return " ".join(words.replace("_", " ").lower().split())


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."
