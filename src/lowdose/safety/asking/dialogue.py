"""Asking one question at a time until no rule that could stop it is open, or nobody knows the answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from lowdose.errors import LowdoseError
from lowdose.safety.asking.answers import NO, NOT_KNOWN, parse_answer, parse_conditions, parse_medicines, parse_value
from lowdose.safety.asking.questions import Question, questions
from lowdose.safety.facts.fields import CONDITION, field
from lowdose.safety.facts.known import Facts
from lowdose.safety.facts.listed import OPIOIDS, listed
from lowdose.safety.medicines import FORM_WORDS, FORMS

Ask = Callable[[str, str], str]
"""Shows a question and the plain answer to it (or nothing), and gives back what was typed."""
Say = Callable[[str], None]


def ask_all(ask: Ask, say: Say, *, on: date, phase: str = "start", known: Facts | None = None) -> Facts:
    """Ask until nothing that could stop it is open; a question answered with "?" is left open and not asked again.

    Parameters
    ----------
    ask : callable
        Shows a question with its plain answer, and gives back what was typed.
    say : callable
        Told what was wrong with an answer, before the question is put again.
    on : date
        The day for which is asked.
    phase : str
        Whose rules are to be settled.
    known : Facts, optional
        What need not be asked.

    Examples
    --------
    >>> answers = {"never": "never", "none": "none", "no": "no", "not yet": "not yet"}
    >>> facts = ask_all(lambda words, plain: answers.get(plain, "?"), print, on=date(2026, 12, 1))
    >>> facts.value("history.last_opioid_use"), facts.value("patient.age_y")
    ('never', None)
    """
    facts = known if known is not None else Facts.of({}, on=on)
    given_up: set[str] = set()
    while True:
        left = [one for one in questions(facts, phase=phase) if not set(one.fields) <= given_up]
        if not left:
            return facts
        before = facts
        facts = _ask_one(left[0], facts, ask, say, on)
        if facts == before or any(name == "meds.list" for name in left[0].fields):
            given_up |= set(left[0].fields)


def _ask_one(question: Question, facts: Facts, ask: Ask, say: Say, on: date) -> Facts:
    """One question, put again until its answer can be read."""
    while True:
        try:
            text = ask(question.ask, question.plain)
            stated = _early(question, text, on)
            stated = parse_answer(question, text, on) if stated is None else stated
            if stated is None:
                return _one_by_one(question, facts, ask, say, on)
            if "meds.list" in stated:
                stated = {**stated, "meds.list": [_settled(one, ask, say, on) for one in stated["meds.list"]]}
            return facts.also(stated) if stated else facts
        except LowdoseError as error:
            say(str(error))


def _early(question: Question, text: str, on: date) -> dict[str, Any] | None:
    """A date or a list of medicines answers the first field of a question; the others are asked by themselves."""
    first, words = question.fields[0], text.strip().lower()
    if field(first).kind == "medicines" and words not in (*NOT_KNOWN, *NO, question.plain):
        return {first: parse_medicines(text)}
    if field(first).kind == "date" and words[:1].isdigit():
        return {first: parse_value(first, text, on)}
    return None


def _settled(entry: dict[str, Any], ask: Ask, say: Say, on: date) -> dict[str, Any]:
    """An entry with the ingredient it was confirmed as, and the form of an opioid that is no longer taken."""
    (found,) = listed([entry], on, on)
    if not found.is_recognised:
        answer = ask(found.open_questions()[0], "").strip()
        if answer.lower() in NOT_KNOWN:
            return entry
        (found,) = listed([{**entry, "confirmed": answer}], on, on)
        if not found.is_recognised:
            say(f"{answer} is not recognised either; it stays open")
            return entry
        entry = {**entry, "confirmed": answer}
    if found.is_in(OPIOIDS) and found.form == "unknown" and not found.active:
        form = ask(f"In which form was {found.name} taken: {FORM_WORDS}?", "unknown").strip().lower()
        return {**entry, "form": form} if form in FORMS else entry
    return entry


def _one_by_one(question: Question, facts: Facts, ask: Ask, say: Say, on: date) -> Facts:
    conditions = [name for name in question.fields if name.startswith(CONDITION)]
    if len(conditions) == len(question.fields) and len(conditions) > 2:
        return facts.also(_named(conditions, ask, say))
    for name in question.fields:
        if not facts.is_stated(name):
            facts = _ask_field(name, facts, ask, say, on)
    return facts


def _named(conditions: list[str], ask: Ask, say: Say) -> Mapping[str, Any]:
    while True:
        try:
            there = parse_conditions(ask("Which of them? Names parted by commas; the others then count as absent.", ""))
        except LowdoseError as error:
            say(str(error))
            continue
        return {**dict.fromkeys(conditions, False), **there}


def _ask_field(name: str, facts: Facts, ask: Ask, say: Say, on: date) -> Facts:
    while True:
        try:
            value = parse_value(name, ask(field(name).ask, ""), on)
            return facts if value is None else facts.also({name: value})
        except LowdoseError as error:
            say(str(error))
