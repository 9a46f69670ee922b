"""Criteria: written down with reason, date and hash; none is changed in silence."""

from __future__ import annotations

import inspect
from datetime import date
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lowdose.claims.compute import TESTS
from lowdose.claims.criteria import criteria, hash_of, parse, unaccounted
from lowdose.claims.register import register
from lowdose.claims.schema import Change
from lowdose.errors import InvalidInput

TEXT = (files("lowdose.claims") / "data" / "criteria.yaml").read_text(encoding="utf-8")
BEFORE = "0" * 64


def test_every_claim_that_a_rule_or_a_pool_can_test_has_a_criterion():
    testable = {one.id for one in register().values() if one.testable.rule or one.testable.meta_analysis}
    assert testable <= set(criteria())
    assert len(testable) == 80


def test_every_criterion_gives_its_reason_and_its_date():
    for criterion in criteria().values():
        assert len(criterion.reason.split()) >= 5, criterion.id
        assert criterion.written_on <= date(2026, 11, 22) or criterion.history, criterion.id


def test_every_hash_is_that_of_its_criterion():
    for criterion in criteria().values():
        assert hash_of(criterion) == criterion.hash, criterion.id


def test_every_test_named_is_known_and_takes_the_arguments_given():
    for criterion in criteria().values():
        for part in criterion.parts:
            inspect.signature(TESTS[part.test]).bind(**part.arguments)


def test_every_test_is_general():
    """No test knows a claim: their code names no claim and no study."""
    for test in TESTS.values():
        body = inspect.getsource(test).replace(test.__doc__, "")
        assert not any(claim in body for claim in register())


def test_a_bound_changed_in_silence_is_refused():
    changed = TEXT.replace("bound: [1960, 1969]", "bound: [1950, 1969]")
    assert changed != TEXT
    with pytest.raises(InvalidInput, match="not the one that was hashed") as caught:
        parse(changed)
    assert "history" in str(caught.value)


@given(st.sampled_from(sorted(criteria())), st.sampled_from(["reason", "written_on", "kind", "parts", "id"]))
def test_the_hash_holds_everything_a_criterion_says(name, field):
    other = {
        "reason": "another reason",
        "written_on": date(2030, 1, 1),
        "kind": "other",
        "parts": criteria()["C175" if name != "C175" else "C003"].parts,
        "id": "C999",
    }
    assert hash_of(criteria()[name].model_copy(update={field: other[field]})) != criteria()[name].hash


def test_hash_and_history_do_not_enter_the_hash():
    criterion = criteria()["C003"]
    assert hash_of(criterion.model_copy(update={"hash": BEFORE, "history": ()})) == criterion.hash


def test_a_changed_criterion_needs_an_entry_in_its_history():
    criterion = criteria()["C003"]
    noted = {"C003": BEFORE}
    assert "history has no entry" in unaccounted(noted)["C003"]
    entry = Change(hash=BEFORE, written_on=date(2026, 11, 1), changed_on=date(2026, 11, 22), why="a wider decade")
    told = criterion.model_copy(update={"history": (entry,)})
    assert unaccounted(noted, {"C003": told}) == {}
    assert unaccounted({"C003": criterion.hash}) == {}
    assert "taken away" in unaccounted({"C003": criterion.hash}, {})["C003"]


BLOCK = """criteria:
- id: C001
  kind: rule
  parts:
  - {metric: a ratio, test: ratio, arguments: {numerator: 1, denominator: 2}, holds: <, bound: 1}
  reason: because
  written_on: 2026-11-22
  hash: HASH
"""


def hashed(text):
    """The text with the hash that it should have."""
    with pytest.raises(InvalidInput, match="its hash is") as caught:
        parse(text)
    return text.replace("HASH", str(caught.value).split("its hash is ")[1].split(",")[0])


def test_a_criterion_reads_with_its_hash():
    assert parse(hashed(BLOCK))["C001"].parts[0].bound == 1


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (BLOCK.replace("kind: rule", "kind: none"), "parts or says why"),
        (BLOCK.replace("  reason", "  cannot: no data\n  reason"), "parts or says why"),
        (BLOCK.replace("holds: <", "holds: about"), "not a criterion"),
        (BLOCK.replace("  reason: because\n", ""), "not a criterion"),
    ],
)
def test_a_criterion_that_is_wrong_is_refused(text, words):
    with pytest.raises(InvalidInput, match=words):
        parse(text)


def test_two_criteria_for_one_claim_are_refused():
    good = hashed(BLOCK)
    with pytest.raises(InvalidInput, match="two criteria"):
        parse(good + good.removeprefix("criteria:\n"))


def test_a_history_runs_forward():
    later = f"  history: [{{hash: '{BEFORE}', written_on: 2027-01-01, changed_on: 2027-01-02, why: late}}]\n"
    with pytest.raises(InvalidInput, match="goes back"):
        parse(hashed(BLOCK) + later)
