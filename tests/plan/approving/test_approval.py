"""A plan as JSON: read back as the same plan; whatever is changed in it un-approves it, or it is no plan any more."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import fields, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lowdose.audit import Professional
from lowdose.errors import InvalidInput, LowdoseError, SafetyStop
from lowdose.plan import Hold, approve, make_plan, plan_of, read_plan
from lowdose.plan.records.block import BlockAfter, Covariates
from tests.plan.people import BY, MADE, START, somebody

AT = datetime(2026, 11, 27, 9, 30, tzinfo=UTC)


@cache
def approved():
    return make_plan("standard", start=START, patient=somebody(), on=MADE, by=BY, at=AT)


def paths(value, path=()):
    """Every place in a JSON value that holds a plain value."""
    if isinstance(value, dict):
        for key, part in value.items():
            yield from paths(part, (*path, key))
    elif isinstance(value, list):
        for index, part in enumerate(value):
            yield from paths(part, (*path, index))
    else:
        yield path


def changed(document, path, value):
    found = json.loads(json.dumps(document))
    part = found
    for key in path[:-1]:
        part = part[key]
    part[path[-1]] = value
    return found


def holds(document):
    """Whether a document is read and still approved."""
    try:
        return plan_of(document).is_approved
    except LowdoseError:
        return False


PATHS = sorted(paths(approved().document()), key=str)
LIKELY = [path for path in PATHS if path[-1] in ("dose_mg", "first", "days", "review", "name", "at", "start")]


def test_the_file_is_read_back_as_the_same_plan(tmp_path):
    plan = approved()
    path = tmp_path / "plan.json"
    path.write_text(json.dumps(plan.document(), indent=2), encoding="utf-8")
    again = read_plan(path)
    assert again == plan
    assert again.digest == plan.digest
    assert again.is_approved
    assert again.document() == plan.document()
    assert all(isinstance(step.dose_mg, Decimal) for step in again.steps)


def test_the_same_answers_give_the_same_hash_and_another_day_another():
    again = make_plan("standard", start=START, patient=somebody(), on=MADE)
    later = make_plan("standard", start=START + timedelta(days=1), patient=somebody(), on=MADE)
    assert again.digest == approved().digest != later.digest
    assert len(again.digest) == 64


@cache
def draft():
    return make_plan("standard", start=START, patient=somebody(), on=MADE)


@given(st.data())
def test_whatever_is_changed_in_a_draft_it_is_not_approved(data):
    document = draft().document()
    path = data.draw(st.sampled_from(sorted(paths(document), key=str)))
    before = document
    for key in path:
        before = before[key]
    after = data.draw(st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=5), st.just(f"{before} ")))
    if type(after) is type(before) and after == before:
        return
    with pytest.raises(InvalidInput):
        approve(plan_of(changed(document, path, after)), BY, AT)


def test_a_plan_that_was_changed_keeps_the_hash_that_lowdose_wrote():
    """Reading it and writing it again does not make it one that lowdose wrote."""
    document = changed(draft().document(), ("note",), "Take with opioids")
    again = plan_of(plan_of(document).document())
    assert again.document()["sha256"] == draft().digest != again.digest
    with pytest.raises(InvalidInput, match="changed since lowdose wrote it"):
        approve(again, BY, AT)
    assert approve(plan_of(draft().document()), BY, AT).is_approved


@given(st.data())
def test_whatever_is_changed_in_the_file_un_approves_it(data):
    document = approved().document()
    assert holds(document)
    path = data.draw(st.sampled_from(PATHS))
    before = document
    for key in path:
        before = before[key]
    after = data.draw(st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=5), st.just(f"{before} ")))
    if type(after) is type(before) and after == before:
        return
    assert not holds(changed(document, path, after)), path


@pytest.mark.parametrize("path", LIKELY)
def test_a_likely_forgery_is_seen(path):
    document = approved().document()
    for value in ("4.5", "2026-12-02", 7, "B. Brown", "2026-11-28T09:30:00Z"):
        found = changed(document, path, value)
        assert found == document or not holds(found)


@pytest.mark.parametrize("name", [one.name for one in fields(approved()) if one.name not in ("approval", "weight_kg")])
def test_replacing_any_field_of_the_object_un_approves_it(name):
    value = getattr(approved(), name)
    other = {
        Hold: lambda: Hold(96, reason="x"), BlockAfter: lambda: None,
        str: lambda: value + "x", date: lambda: value + timedelta(days=1), tuple: lambda: (*value, "x"),
        bool: lambda: not value, dict: lambda: {**value, "x": 1}, type(None): lambda: "capsule",
    }[type(value)]()  # fmt: skip
    if name == "covariates":
        other = Covariates(70.0, 30.0, None)
    if isinstance(value, tuple):
        other = value[1:] if value else None
        if other is None:
            return
    assert not replace(approved(), **{name: other}).is_approved


def test_removing_or_adding_anything_is_no_plan():
    document = approved().document()
    for key in document:
        without = {name: value for name, value in document.items() if name != key}
        assert not holds(without), key
    with pytest.raises(InvalidInput):
        plan_of({**document, "more": 1})
    with pytest.raises(InvalidInput, match="steps"):
        plan_of(changed(document, ("steps", 0, "dose_mg"), "much"))


@pytest.mark.parametrize("written", ["1e999", '"\\ud800"', "-0.0", "[[[[1]]]]"])
def test_strange_values_are_refused_and_never_crash(tmp_path, written):
    text = json.dumps(approved().document()).replace('"outcome": "clear-of-known-rules"', f'"outcome": {written}')
    assert written in text
    path = tmp_path / "plan.json"
    path.write_text(text)
    with suppress(InvalidInput):
        assert not read_plan(path).is_approved


def test_true_is_not_one():
    document = approved().document()
    ones = [path for path in PATHS if changed(document, path, True) == document and path[-1] != "reviewed"]
    assert ones, "Python takes true for 1, so somewhere they are equal"
    for path in ones:
        before = document
        for key in path:
            before = before[key]
        assert before is True or not holds(changed(document, path, True))


def test_a_number_written_as_a_number_or_with_a_zero_is_not_our_file():
    for value in (1.5, "1.50"):
        found = changed(approved().document(), ("steps", 0, "dose_mg"), value)
        assert not holds(found)


@pytest.mark.parametrize(
    "change",
    [
        lambda found: found["steps"].clear(),
        lambda found: found["steps"].pop(),
        lambda found: found["blockade"].pop(),
        lambda found: found["hold"].update(hours=97.0, reason="another site"),
        lambda found: found["block_after"]["at"].pop(2),
    ],
)
def test_what_is_predicted_of_other_steps_or_another_stop_is_no_plan(change):
    document = json.loads(json.dumps(approved().document()))
    change(document)
    with pytest.raises(InvalidInput, match="not of its steps and its stop"):
        plan_of(document)


@pytest.mark.parametrize("text", ["", "[]", "{", '{"schema": "lowdose.plan/1", "schema": "x"}', '{"a": NaN}'])
def test_a_broken_file_is_refused_with_its_name(tmp_path, text):
    path = tmp_path / "mine.json"
    path.write_text(text)
    with pytest.raises(InvalidInput, match=r"mine\.json|no plan"):
        read_plan(path)


def test_an_approval_is_of_one_person_at_one_time():
    draft = replace(approved(), approval=None)
    assert not draft.is_approved
    other = Professional("C. Dale", "physician", "GMC 0000001")
    again = approve(draft, other, AT)
    assert again.is_approved
    assert again.digest == approved().digest
    stolen = replace(again, approval=replace(again.approval, by=BY))
    assert not stolen.is_approved
    assert stolen.standing == "DRAFT – NOT APPROVED"
    with pytest.raises(InvalidInput, match="no time zone"):
        approve(draft, other, datetime(2026, 11, 27, 9))


@pytest.mark.parametrize("dose", ["15", "9", "0.15"])
def test_a_step_that_is_not_the_protocol_s_is_not_approved(dose):
    made = make_plan("standard", start=START, patient=somebody(), on=MADE)
    first, *others = made.steps
    with pytest.raises(InvalidInput, match="not as its protocol has it"):
        approve(replace(made, steps=(replace(first, dose_mg=Decimal(dose)), *others)), BY, AT)


def test_a_stale_plan_is_not_approved():
    with pytest.raises(InvalidInput, match="no longer hold"):
        approve(make_plan("standard", start=START, patient=somebody(), on=MADE), BY, datetime(2028, 1, 1, tzinfo=UTC))


@pytest.mark.parametrize("role", ["plumber", "AI", "secretary", "medical student"])
def test_nobody_else_approves_a_plan(role):
    with pytest.raises(SafetyStop, match="the plan is decided by a doctor, a pharmacist or another prescriber"):
        approve(approved(), Professional("J. Doe", role, "1"), AT)


def test_nobody_else_shortens_the_stop_before_an_operation():
    with pytest.raises(SafetyStop, match="a stop of 24 hours is decided by a doctor"):
        Hold(24, reason="in a hurry", by=Professional("J. Doe", "plumber", "1"))
