"""The questions: few, opioids first, and none that could be left out."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from lowdose.errors import InvalidInput, LowdoseError
from lowdose.safety import Facts, Question, fields, questions, rule_set, screen
from lowdose.safety.asking.answers import parse_answer, parse_medicine, parse_value
from lowdose.safety.asking.dialogue import ask_all
from lowdose.safety.asking.questions import _groups
from lowdose.safety.rules.logic import Missing
from lowdose.safety.screening.check import NotChecked, check

ON = date(2026, 12, 1)
STOPPING = {rule.id for rule in rule_set().of_phase("start") if rule.severity in ("block", "critical")}
TYPED = {"blood": "0.6, 0.5, 95 on 2026-11-20", "age": "45", "mood": "no, 0, 2", "consent": "yes"}


def answered(left_out: str = "") -> Facts:
    facts = Facts.of({}, on=ON)
    for one in questions(facts):
        if one.id != left_out:
            facts = facts.also(parse_answer(one, one.plain or TYPED[one.id], ON) or {})
    return facts


def test_opioid_status_is_asked_first() -> None:
    assert questions()[0].id == "opioids"
    assert "DAT-001" in questions()[0].settles


def test_every_block_and_critical_rule_of_a_start_is_settled_by_a_question_that_names_it() -> None:
    assert {name for one in questions() for name in one.settles} == STOPPING


def test_a_healthy_adult_needs_at_most_twelve_and_sees_only_the_lost_tolerance_item() -> None:
    asked = []

    def ask(words: str, plain: str) -> str:
        asked.append(words)
        return plain or next(TYPED[one.id] for one in questions() if one.ask == words)

    found = screen(ask_all(ask, pytest.fail, on=ON), on=ON)
    assert len(asked) <= 12
    assert found.outcome == "clear-of-known-rules"
    assert [one.id for one in found.fired] == ["OPI-017"]
    assert not found.not_checked
    assert found.exit_code == 0


@pytest.mark.parametrize("left_out", [one.id for one in questions()])
def test_no_question_can_be_left_out(left_out: str) -> None:
    facts = answered(left_out).in_phase("start")
    open_rules = {rule.id for rule in rule_set().of_phase("start") if isinstance(check(rule, facts), NotChecked)}
    missing = {name for name in ("DAT-001", "REG-001") if rule_set()[name].when.truth(facts)}
    assert (open_rules | missing) & STOPPING


def test_a_field_is_asked_by_one_question_only() -> None:
    asked = [name for group in _groups() for name in group.fields]
    assert len(asked) == len(set(asked))
    assert set(asked) <= set(fields())


def test_every_field_has_a_question_and_numbers_a_unit_and_a_range() -> None:
    for name, one in fields().items():
        assert one.ask.endswith(("?", ".")), name
        if one.kind in ("number", "whole", "days"):
            assert one.unit, name
            assert one.range, name
            assert one.step, name


def test_a_patient_who_answers_otherwise_is_asked_further() -> None:
    cirrhosis = answered().also({"conditions": {"cirrhosis": True}})
    assert [one.id for one in questions(cirrhosis)] == ["liver"]
    tacrolimus = Facts.of({"meds.list": [{"name": "tacrolimus", "active": True, "form": "ir"}]}, on=ON)
    assert "meds.immunosuppressant_indication" in [one.id for one in questions(tacrolimus)]


def test_asking_goes_on_after_an_answer_that_cannot_be_read_and_stops_at_not_known() -> None:
    said: list[str] = []
    typed = iter(["yesterday", "2026-11-30", "yes", "no", "no", "never", "codeine, 2026-11-30; foobarine", *["?"] * 60])
    facts = ask_all(lambda words, plain: next(typed), said.append, on=ON)
    assert any("cannot be" in words or "write" in words for words in said)
    assert facts.value("history.last_opioid_use") == date(2026, 11, 30)
    assert [one.name for one in facts.medicines or ()] == ["codeine", "foobarine"]
    assert screen(facts, on=ON).outcome == "block"


def test_a_medicine_that_is_not_recognised_is_asked_about_and_an_opioid_for_its_form() -> None:
    typed = iter(["never", "oxycodnoe, 2026-09-01; zenithol forte", "oxycodone", "unknown thing", *["?"] * 60])
    heard: list[str] = []

    def ask(words: str, plain: str) -> str:
        heard.append(words)
        return "er" if words.startswith("In which form") else next(typed)

    said: list[str] = []
    medicines = ask_all(ask, said.append, on=ON).medicines or ()
    assert [(one.is_recognised, one.form) for one in medicines] == [(True, "er"), (False, "unknown")]
    assert any("oxycodnoe" in words for words in heard)
    assert said == ["unknown thing is not recognised either; it stays open"]


def blood() -> Question:
    return next(one for one in questions() if one.id == "blood")


@pytest.mark.parametrize("text", ["0.6, 0.5", "a, b, c", "0.6, 0.5, 900", "0.6, 0.5, 95 on 2027-01-01"])
def test_an_answer_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(LowdoseError):
        Facts.of(parse_answer(blood(), text, ON) or {}, on=ON)


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("patient.pregnant", "Yes", True),
        ("assess.child_pugh", "c", "C"),
        ("assess.cows", "n/a", "not applicable"),
        ("history.nonmedical_opioid_days", "never", "never"),
        ("history.last_opioid_use", "2026-11-20", date(2026, 11, 20)),
        ("formula.fillers", "Lactose, sucrose", ("lactose", "sucrose")),
        ("formula.fillers", "Mix 7 (lactose, silica), MCC", ("mix 7 (lactose, silica)", "mcc")),
        ("lab.egfr", "not known", None),
    ],
)
def test_answers_in_words(name: str, text: str, value: Any) -> None:
    assert parse_value(name, text, ON) == value


def test_a_medicine_without_a_name_is_refused() -> None:
    with pytest.raises(InvalidInput):
        parse_medicine(", 2026-11-20", active=False)


def test_missing_is_three_valued_only_for_an_unknown_age() -> None:
    test = Missing("lab.tsh", 90)
    assert test.truth(Facts.of({}, on=ON)) is True
    assert test.truth(Facts.of({"lab.tsh": 1.8}, on=ON)) is False
    assert test.truth(Facts.of({"lab.tsh": {"value": 1.8, "on": None}}, on=ON)) is None


@pytest.mark.parametrize("typed", ["", "?", "unknown", "not known"])
def test_not_known_is_no_medicine(typed: str) -> None:
    facts = ask_all(lambda words, plain: typed if words.startswith("Everything taken") else "?", print, on=ON)
    assert facts.medicines is None


@pytest.mark.parametrize("typed", ["none", "no", "n", "false"])
def test_none_says_all_that_the_question_asks(typed: str) -> None:
    facts = ask_all(lambda words, plain: typed if words.startswith("Everything taken") else "?", print, on=ON)
    assert facts.medicines == ()
    assert facts.value("meds.other_naltrexone") is False
