"""Whoever it is: a plan or a refusal with its reason, and a plan never is more than the protocol without the person."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lowdose.errors import LowdoseError
from lowdose.plan import Choices, make_plan, protocols
from lowdose.plan.approving.consistency import check
from lowdose.plan.scheme.choices import Limits
from lowdose.plan.scheme.settling import settle
from tests.plan.people import HEALTHY, MADE, START, override, somebody

PLANNABLE = [one for one in protocols() if one.standing == "plan"]
CHANGES = {
    "lab.egfr": [20, 45, 95, None],
    "patient.age_y": [5, 11, 30, 70, None],
    "patient.weight_kg": [22, 80, None],
    "history.drug_sensitive": [True, False, None],
    "diary.bad_nights_7d": [0, 5, None],
    "conditions.long_covid": [True, False, None],
    "conditions.cirrhosis": [True, False],
    "assess.child_pugh": ["A", "B", None],
    "assess.decompensated_cirrhosis": [True, False, None],
    "conditions.hashimoto": [True, False],
    "lab.alt_xuln": [0.5, 3.5, None],
    "pro.phq9_item9": [0, 1, None],
    "history.last_opioid_use": ["never", None],
    "conditions_complete": [True, False],
    "meds.list": [
        [],
        None,
        [{"name": "levothyroxine", "active": True, "form": "ir"}],
        [{"name": "levodopa", "active": True, "form": "ir"}],
        [{"name": "morphine", "active": True, "form": "er"}],
        [{"name": "zzyxine", "active": True}],
    ],
}
OVERRIDDEN = [override(rule) for rule in ("DOS-006", "THY-001", "REN-001", "REN-002", "HEP-003", "HEP-004", "PED-001")]
people = st.fixed_dictionaries({}, optional={name: st.sampled_from(values) for name, values in CHANGES.items()})


@pytest.fixture(scope="module", autouse=True)
def few_people():
    """The band is not what is looked at here."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("lowdose.plan.foreseen.blockade.PEOPLE_AT_ONCE", 1)
        yield


def made_or_refused(one, patient, overridden, choices):
    try:
        return make_plan(one, start=START, patient=patient, on=MADE, overrides=overridden, choices=choices)
    except LowdoseError as refused:
        return refused


@settings(max_examples=100)
@given(people, st.sampled_from(PLANNABLE), st.sets(st.sampled_from(OVERRIDDEN)), st.sampled_from([None, 7, 14]))
def test_a_plan_or_a_refusal_and_never_more_than_the_protocol(changed, one, overridden, interval):
    ceiling = Decimal(3) if one.scheme()[1].ceiling_mg.unknown else None
    choices = Choices(ceiling_mg=ceiling, interval_days=interval)
    answers = {name.replace(".", "__"): value for name, value in changed.items()}
    plan = made_or_refused(one, somebody(**answers), tuple(overridden), choices)
    if isinstance(plan, LowdoseError):
        assert plan.exit_code in (3, 5)
        assert plan.where or plan.remedy
        return
    assert not [rule for rule in plan.screen["not_checked"] if rule["severity"] in ("block", "critical")]
    assert plan.screen["outcome"] not in ("block", "incomplete")
    assert plan.screen["unrecognised"] == []
    asked = settle(one, choices, Limits())
    assert {step.dose_mg for step in plan.steps} <= set(asked.doses)
    assert plan.steps[0].dose_mg == asked.doses[0]
    assert all(step.days is None or step.days >= asked.interval_days for step in plan.steps)
    check(plan, on=MADE)


@settings(max_examples=40)
@given(st.sampled_from(sorted(HEALTHY)), st.sampled_from(PLANNABLE))
def test_leaving_an_answer_out_never_lets_more_through(name, one):
    ceiling = Decimal(3) if one.scheme()[1].ceiling_mg.unknown else None
    whole = make_plan(one, start=START, patient=somebody(), on=MADE, choices=Choices(ceiling_mg=ceiling))
    less = made_or_refused(one, somebody(**{name.replace(".", "__"): None}), (), Choices(ceiling_mg=ceiling))
    if isinstance(less, LowdoseError):
        return
    assert [step.dose_mg for step in less.steps] == [step.dose_mg for step in whole.steps]
    assert len(less.screen["not_checked"]) >= len(whole.screen["not_checked"])
