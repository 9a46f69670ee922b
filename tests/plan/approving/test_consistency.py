"""A plan that was changed by hand between making and approving: a slipped decimal is not approved."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from lowdose.errors import InvalidInput
from lowdose.plan import Choices, approve_file, make_plan, protocols
from lowdose.plan.approving.consistency import check
from lowdose.plan.records.block import Covariates
from tests.plan.people import BY, MADE, START, override, somebody

AT = datetime(2026, 11, 27, 9, 30, tzinfo=UTC)
D = Decimal


def draft(name="standard", **choices):
    return make_plan(name, start=START, patient=somebody(), on=MADE, choices=Choices(**choices))


@pytest.mark.parametrize("one", [p for p in protocols() if p.standing == "plan"], ids=lambda p: p.id)
def test_every_plan_that_is_made_passes(one):
    for scheme in one.schemes:
        ceiling = {"ceiling_mg": D(3)} if one.schemes[scheme].ceiling_mg.unknown else {}
        check(draft(one, scheme=scheme, **ceiling), on=MADE)


def test_a_childs_plan_passes_and_another_dose_does_not():
    child = somebody(patient__age_y=11, patient__weight_kg=22)
    plan = make_plan("PED", start=START, patient=child, on=MADE, overrides=[override("PED-001")])
    check(plan, on=MADE)
    with pytest.raises(InvalidInput, match="does not follow from 22 kg"):
        check(replace(plan, steps=(replace(plan.steps[0], dose_mg=D("4.4")),)), on=MADE)


def step(plan, number, **changed):
    steps = list(plan.steps)
    steps[number] = replace(steps[number], **changed)
    return replace(plan, steps=tuple(steps))


def harmless(after):
    """As if little were blocked after the stop, so that the anaesthetist is told nothing."""
    return replace(after, at=tuple(replace(one, median=0.1) for one in after.at))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda p: step(p, 0, dose_mg=D(15)), "first dose is 15"),
        (lambda p: step(p, 1, dose_mg=D(30)), "step to 30 mg"),
        (lambda p: step(p, 2, dose_mg=D(45)), "step to 45 mg"),
        (lambda p: step(p, 2, dose_mg=D(6)), "step to 6 mg"),
        (lambda p: step(p, 0, days=1), "lasts 1 days"),
        (lambda p: step(step(p, 0, days=4), 1, first=START + timedelta(days=4)), "days of step 1"),
        (lambda p: step(p, 2, per_day=10), "more than one dose a day"),
        (lambda p: step(p, 2, days=3), "not where the plan says"),
        (lambda p: replace(p, review=p.review + timedelta(days=365)), "review"),
        (lambda p: replace(p, review=p.review - timedelta(days=28)), "review is not 12 weeks"),
        (lambda p: replace(p, start=START + timedelta(days=1)), "not where the plan says"),
        (lambda p: replace(p, screen={**p.screen, "outcome": "block"}), "screen"),
        (lambda p: replace(p, screen={**p.screen, "on": "2026-01-01"}), "screen"),
        (lambda p: replace(p, blockade=(p.blockade[0], p.blockade[0], p.blockade[0])), "what is predicted"),
        (lambda p: replace(p, block_after=harmless(p.block_after)), "what is predicted"),
        (lambda p: replace(p, block_after=None), "what is predicted"),
        (lambda p: replace(p, blockade_note="nobody knows"), "says why nothing is"),
        (lambda p: replace(p, covariates=Covariates(70.0, 30.0, None)), "what is predicted"),
        (lambda p: replace(p, rule_set="2020-01-01"), "rules of 2020-01-01"),
        (lambda p: replace(p, answered_on=p.made_on + timedelta(days=1)), "answers .* of 2026-11-28"),
        (lambda p: replace(p, made_on=p.made_on + timedelta(days=2)), "made on 2026-11-29"),
    ],
)  # fmt: skip
def test_a_change_by_hand_is_not_approved(change, words, tmp_path):
    path = tmp_path / "plan.json"
    path.write_text(json.dumps(change(draft()).document()))
    with pytest.raises(InvalidInput, match=words):
        approve_file(path, BY, AT)


def fired(plan, **changed):
    """As if a rule had fired in its screen."""
    one = {"id": "OPI-001", "severity": "block", "override": None, **changed}
    return replace(plan, screen={**plan.screen, "fired": [one]})


def hour(plan, time):
    return replace(plan, steps=tuple(replace(one, time_of_day=time) for one in plan.steps))


def at(plan, value):
    other = tuple(replace(one, value=value) if one.what == "time" else one for one in plan.chosen)
    return replace(hour(plan, value), chosen=other)


BY_HAND = [
    (lambda p: replace(p, advice=()), "advice is not"),
    (lambda p: replace(p, advice=tuple(one for one in p.advice if one.rule != "PSY-001")), "advice is not"),
    (lambda p: replace(p, checks=()), "checks are not"),
    (lambda p: replace(p, checks=p.checks[:-1]), "checks are not"),
    (lambda p: replace(p, side_effects=p.side_effects[1:]), "side effects"),
    (lambda p: replace(p, conflicts=()), "disagreements"),
    (lambda p: hour(p, "morning"), "time of day"),
    (lambda p: at(p, "morning"), "not the one of its scheme"),
    (fired, "outcome of its screen"),
    (lambda p: fired(p, severity="info"), "outcome of its screen"),
    (lambda p: fired(p, override={"reason": "x", "by": "x"}), "outcome of its screen"),
    (lambda p: fired(p, id="REG-001"), "outcome of its screen"),
    (lambda p: fired(p, id="OPI-999"), "cannot be read"),
    (lambda p: replace(p, screen={**p.screen, "fired": None}), "cannot be read"),
    (lambda p: replace(p, screen={**p.screen, "contradicted": ["which?"]}), "outcome of its screen"),
    (lambda p: replace(p, screen={**p.screen, "not_checked": [{"id": "OPI-001", "missing": []}]}), "outcome of its"),
    (lambda p: replace(p, reviewed=True), "reviewed the rules"),
    (lambda p: replace(p, screen={**p.screen, "reviewed": True}), "reviewed the rules"),
    (lambda p: replace(p, note="Take with opioids"), "what the source has"),
]


@pytest.mark.parametrize(("change", "words"), BY_HAND)
def test_what_does_not_follow_from_the_screen_is_not_approved_whatever_its_hash(change, words):
    with pytest.raises(InvalidInput, match=words):
        check(change(draft()), on=MADE)


OF_NOBODY = [
    lambda p: replace(p, patient="P-99"),
    lambda p: replace(p, patient_digest="0" * 64),
]


@pytest.mark.parametrize("change", [*(change for change, _ in BY_HAND), *OF_NOBODY])
def test_a_file_that_was_changed_since_it_was_written_is_not_approved(change, tmp_path):
    path = tmp_path / "plan.json"
    path.write_text(json.dumps({**change(draft()).document(), "sha256": draft().digest}))
    with pytest.raises(InvalidInput, match="changed since lowdose wrote it"):
        approve_file(path, BY, AT)


def test_what_was_not_changed_is_approved(tmp_path):
    path = tmp_path / "plan.json"
    path.write_text(json.dumps(draft().document()))
    assert approve_file(path, BY, AT).is_approved


@pytest.mark.parametrize(("years", "weight"), [(8, 22), (15, 50), (17, 60)])
def test_a_childs_plan_of_any_age_passes(years, weight):
    child = somebody(patient__age_y=years, patient__weight_kg=weight)
    check(make_plan("PED", start=START, patient=child, on=MADE, overrides=[override("PED-001")]), on=MADE)


def test_a_dose_at_the_hour_that_was_chosen_or_that_sleep_asks_for_passes():
    check(draft(time_of_day="morning"), on=MADE)
    check(make_plan("standard", start=START, patient=somebody(diary__bad_nights_7d=4), on=MADE), on=MADE)


def test_a_plan_whose_first_day_is_past_is_made_again():
    check(draft(), on=START)
    with pytest.raises(InvalidInput, match="may no longer hold"):
        check(draft(), on=START + timedelta(days=2))
