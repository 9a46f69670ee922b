"""Kleene's logic: the tables, and what must hold of rules for any person."""

from __future__ import annotations

from itertools import product
from random import Random

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from lowdose.errors import InvalidInput
from lowdose.safety import Facts, Screen, fields, rule_set, screen
from lowdose.safety.rules.logic import All, AnyOf, Missing, Not, Test, all_of, any_of, negation
from tests.safety.people import ON, random_medicine, random_person, random_value
from tests.safety.reading import base

TRUTHS = (True, False, None)
ORDER = ("clear-of-known-rules", "warning", "critical", "incomplete", "block")
PHASES = ("start", "titrate", "continue", "surgery", "event", "formula", "batch")


@pytest.mark.parametrize(("left", "right"), list(product(TRUTHS, TRUTHS)))
def test_tables(left: bool | None, right: bool | None) -> None:
    number = {False: 0, None: 1, True: 2}
    assert number[all_of((left, right))] == min(number[left], number[right])
    assert number[any_of((left, right))] == max(number[left], number[right])
    assert number[negation(left)] == 2 - number[left]


def absent(test: Test) -> set[str]:
    """Fields whose absence a condition asks about: filling them in is meant to change it."""
    match test:
        case All(parts) | AnyOf(parts):
            return {name for part in parts for name in absent(part)}
        case Not(part):
            return absent(part)
        case Missing(field, _):
            return {field}
    return set()


@settings(max_examples=150)
@given(st.integers(0, 2**32))
def test_filling_in_an_unknown_never_changes_a_rule_that_was_settled(seed: int) -> None:
    rng = Random(seed)
    values, before = random_person(rng)
    unknown = [name for name in fields() if name not in values]
    name = rng.choice(unknown or ["meds.list"])
    try:
        after = Facts.of({**values, name: random_value(name, rng)}, on=ON) if unknown else before
    except InvalidInput:  # it contradicts what is known
        return
    for rule in rule_set().rules:
        phase = rule.phases[0]
        truth = rule.when.truth(before.in_phase(phase))
        if truth is not None and name not in absent(rule.when):
            assert rule.when.truth(after.in_phase(phase)) is truth, (rule.id, name)


@settings(max_examples=150)
@given(st.integers(0, 2**32))
@example(241810)  # a medicine nobody knows, in a phase whose rules do not ask for the list
def test_removing_a_datum_never_improves_the_outcome(seed: int) -> None:
    """A block may become incomplete, which stops as well; nothing else comes nearer to clear."""
    rng = Random(seed)
    values, before = random_person(rng)
    phase = rng.choice(PHASES)
    name = rng.choice(sorted(values) or ["lab.tsh"])
    after = Facts.of({key: value for key, value in values.items() if key != name}, on=ON)
    with_it, without = screen(before, phase=phase, on=ON), screen(after, phase=phase, on=ON)
    if with_it.outcome == "block":
        assert without.outcome in ("block", "incomplete"), name
    else:
        assert ORDER.index(without.outcome) >= ORDER.index(with_it.outcome), name
    assert not (without.passes and not with_it.passes)
    assert not set(without.checked) - set(with_it.checked) - {rule.id for rule in rule_set().rules if absent(rule.when)}


@settings(max_examples=100)
@given(st.integers(0, 2**32))
def test_removing_a_detail_of_a_medicine_never_improves_the_outcome(seed: int) -> None:
    rng = Random(seed)
    entry = random_medicine(rng)
    if entry["name"] == "Percocet":  # the brand itself says which form it has
        entry["name"] = "oxycodone"
    detail = rng.choice([key for key in entry if key != "name"] or ["confirmed"])
    less = {key: value for key, value in entry.items() if key != detail}
    with_it, without = (screen(Facts.of({**base(), "meds.list": [one]}, on=ON), on=ON) for one in (entry, less))
    stops = ("block", "incomplete")
    assert ORDER.index(without.outcome) >= ORDER.index(with_it.outcome) or without.outcome in stops, (entry, detail)
    assert not (without.passes and not with_it.passes), (entry, detail)


@settings(max_examples=100)
@given(st.integers(0, 2**32))
def test_adding_an_opioid_never_lowers_what_fires(seed: int) -> None:
    rng = Random(seed)
    values, before = random_person(rng)
    names = ("oxycodone", "methadone", "codeine", "tianeptine", "pentazocine")
    opioid = {**random_medicine(rng), "name": rng.choice(names)}
    held = values.get("meds.list")
    if held is None or isinstance(held, dict):
        return
    after = Facts.of({**values, "meds.list": [*held, opioid]}, on=ON)
    without, with_it = screen(before, on=ON), screen(after, on=ON)
    assert highest(with_it) >= highest(without)


def highest(found: Screen) -> int:
    return max((("info", "warning", "critical", "block").index(one.severity) for one in found.fired), default=-1)


def test_an_opioid_question_left_open_blocks_whatever_else_is_known() -> None:
    known = {name: value for name, value in base().items() if name != "history.last_opioid_use"}
    for phase in ("start", "titrate"):
        assert screen(Facts.of(known, on=ON), phase=phase, on=ON).outcome == "block"


@settings(max_examples=50)
@given(st.integers(0, 2**32))
@example(97117432)  # a last opioid of which only an uncertain date is known
def test_what_is_missing_is_what_could_make_it_true(seed: int) -> None:
    rng = Random(seed)
    _, facts = random_person(rng)
    for rule in rule_set().rules:
        known = facts.in_phase(rule.phases[0])
        gaps = rule.when.gaps(known)
        assert bool(gaps) is (rule.when.truth(known) is None)
        # A list can be there with an entry left open, and a date with the word that it is not certain.
        open_though_stated = {"meds.list", *(["history.last_opioid_use_certain"] if facts.last_opioid is None else [])}
        assert all(not facts.is_stated(name) or name in open_though_stated for name in gaps)
