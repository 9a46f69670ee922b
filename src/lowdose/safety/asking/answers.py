"""What somebody types, on the command line or to a question, turned into facts. Nothing is guessed."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from lowdose.errors import InvalidInput
from lowdose.safety.asking.questions import Question
from lowdose.safety.facts.fields import CONDITION, allowed, checked, condition_named, field
from lowdose.safety.medicines import Recognition, recognise
from lowdose.safety.medicines.reading import squashed
from lowdose.safety.rules.logic import NOT_APPLICABLE

NOT_KNOWN = ("", "?", "unknown", "not known")
NO = ("no", "n", "false", "none")
_YES = ("yes", "y", "true")
_DATED = re.compile(r"(?P<value>.*\S)\s+on\s+(?P<day>\d{4}-\d{2}-\d{2})")
_COMMA = re.compile(r",(?![^()]*\))")
"""Between words of a list; brackets hold what one of them is made of."""
_DAY = re.compile(r"[\s,]*(?P<day>\d{4}-\d{2}-\d{2})\s*$")


def parse_value(name: str, text: str, on: date) -> Any:
    """The value of a field from its words, or None when they say that it is not known.

    Raises
    ------
    InvalidInput
        If the words are not an answer to it; with what may be written.

    Examples
    --------
    >>> parse_value("lab.egfr", "95 on 2026-11-20", date(2026, 12, 1))
    {'value': 95.0, 'on': datetime.date(2026, 11, 20)}
    >>> [parse_value("patient.pregnant", words, date(2026, 12, 1)) for words in ("no", "?")]
    [False, None]
    """
    words = text.strip()
    if words.lower() in NOT_KNOWN:
        return None
    if found := _DATED.fullmatch(words):
        return {"value": parse_value(name, found["value"], on), "on": _day(found["day"])}
    return checked(name, _read(name, words), on)


def parse_medicine(text: str, *, active: bool) -> dict[str, Any]:
    """An entry of a medicine list from "NAME FORM" or "NAME FORM, DATE" (the day it was last taken).

    Examples
    --------
    >>> parse_medicine("oxycodone immediate-release, 2026-11-20", active=False)
    {'name': 'oxycodone immediate-release', 'active': False, 'last_taken': datetime.date(2026, 11, 20)}
    """
    found = _DAY.search(text)
    entry: dict[str, Any] = {"name": (text[: found.start()] if found else text).strip(" ,"), "active": active}
    if not entry["name"]:
        raise InvalidInput(
            f"{text!r} names no medicine", remedy='write "NAME FORM, DATE", such as "codeine, 2026-11-20"'
        )
    return entry | ({"last_taken": _day(found["day"])} if found else {})


def parse_last_opioid(text: str, on: date) -> tuple[dict[str, Any], dict[str, Any] | None]:
    """The answer about the last opioid, and the entry of the medicine list that it names, if it names one.

    Examples
    --------
    >>> parse_last_opioid("never", date(2026, 12, 1))
    ({'history.last_opioid_use': 'never'}, None)
    >>> parse_last_opioid("codeine, 2026-11-20", date(2026, 12, 1))[1]["name"]
    'codeine'
    """
    words = text.strip()
    if words.lower() in NOT_KNOWN:
        return {}, None
    if words.lower() == "never" or re.fullmatch(r"\d{4}-\d{2}-\d{2}", words):
        return {"history.last_opioid_use": parse_value("history.last_opioid_use", words, on)}, None
    entry = parse_medicine(words, active=False)
    if "last_taken" not in entry:
        raise InvalidInput(
            f"when was {words} last taken?", where="--last-opioid", remedy='such as "codeine, 2026-11-20", or "never"'
        )
    return {"history.last_opioid_use": entry["last_taken"]}, entry


def with_last_opioid(taking: Sequence[dict[str, Any]], last: dict[str, Any]) -> list[dict[str, Any]]:
    """The medicines taken and the last opioid, as one entry where both surely name the same drug in the same form.

    Of the two names the one that says a form is kept.

    Examples
    --------
    >>> last = parse_medicine("tramadol immediate-release, 2026-11-20", active=False)
    >>> with_last_opioid([parse_medicine("Zydol", active=True)], last)
    [{'name': 'tramadol immediate-release', 'active': True, 'last_taken': datetime.date(2026, 11, 20)}]
    """
    for place, entry in enumerate(taking):
        if _is_same_drug(entry, last):
            kept = min(entry, last, key=lambda one: _recognised(one).form == "unknown")
            days = [one["last_taken"] for one in (entry, last) if "last_taken" in one]
            return [*taking[:place], {**kept, "active": True, "last_taken": max(days)}, *taking[place + 1 :]]
    return [*taking, last]


def _is_same_drug(entry: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    if squashed(entry["name"]) == squashed(other["name"]):
        return True
    one, two = _recognised(entry), _recognised(other)
    same_form = one.form == two.form or "unknown" in (one.form, two.form)
    return one.is_settled and two.is_settled and same_form and set(one.ingredients) == set(two.ingredients)


def _recognised(entry: Mapping[str, Any]) -> Recognition:
    return recognise(entry["name"], confirmed=entry.get("confirmed"))


def parse_medicines(text: str) -> list[dict[str, Any]]:
    """A medicine list from entries parted by semicolons; one with a day is no longer taken.

    Examples
    --------
    >>> [(one["name"], one["active"]) for one in parse_medicines("levothyroxine; codeine, 2026-11-20")]
    [('levothyroxine', True), ('codeine', False)]
    """
    if text.strip().lower() in NO:
        return []
    parts = [part for part in text.split(";") if part.strip()]
    return [parse_medicine(part, active=not _DAY.search(part)) for part in parts]


def parse_conditions(text: str) -> dict[str, bool]:
    """Conditions that are there, by plain names parted by commas.

    Examples
    --------
    >>> parse_conditions("kidney transplant, long COVID")
    {'conditions.transplant': True, 'conditions.long_covid': True}
    """
    return {f"{CONDITION}{condition_named(part)}": True for part in text.split(",") if part.strip()}


def parse_answer(question: Question, text: str, on: date) -> dict[str, Any] | None:
    """The facts that an answer to a question states; None when its fields have to be asked one by one.

    Raises
    ------
    InvalidInput
        If it is no answer to the question.

    Examples
    --------
    >>> from lowdose.safety.asking.questions import questions
    >>> blood = next(one for one in questions() if one.id == "blood")
    >>> parse_answer(blood, "0.6, 0.5, 95", date(2026, 12, 1))
    {'lab.alt_xuln': 0.6, 'lab.ast_xuln': 0.5, 'lab.egfr': 95.0}
    """
    words = text.strip().lower()
    if words in NOT_KNOWN:
        return {}
    if question.plain:
        return _plain_answer(question, words)
    if len(question.fields) == 1:
        return {question.fields[0]: parse_value(question.fields[0], text, on)}
    found = _DATED.fullmatch(text.strip())
    parts = [part.strip() for part in (found["value"] if found else text).split(",")]
    if len(parts) != len(question.fields):
        raise InvalidInput(
            f"{len(question.fields)} answers are asked for, not {len(parts)}", remedy="part them by commas"
        )
    day = f" on {found['day']}" if found else ""
    return {name: parse_value(name, f"{part}{day}", on) for name, part in zip(question.fields, parts, strict=True)}


def _plain_answer(question: Question, words: str) -> dict[str, Any] | None:
    if words == question.plain or words in NO:
        return dict(question.states)
    return dict(question.opens) if question.opens and words in _YES else None


def _read(name: str, words: str) -> Any:
    one, low = field(name), words.lower()
    if low in (NOT_APPLICABLE, "n/a"):
        return NOT_APPLICABLE
    if one.kind == "yes-no" and low in (*_YES, *NO):
        return low in _YES
    if one.kind in ("number", "whole", "days") and low != "never":
        try:
            return float(words)
        except ValueError:
            raise InvalidInput(f"{name} cannot be {words!r}", remedy=f"write {allowed(one)}") from None
    if one.kind == "choice":
        return next((value for value in one.values if value.lower() == low), words)
    if one.kind == "words":
        return [part.strip() for part in _COMMA.split(words)]
    return low if low == "never" else words


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise InvalidInput(f"{text} is no day", remedy="write a date such as 2026-11-20") from None
