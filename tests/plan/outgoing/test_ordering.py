"""A plan as the order of a pharmacy: only approved, and with exactly its doses and days."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from lowdose.errors import InvalidInput, SafetyStop
from lowdose.pharmacy import Balance, Bench, Lot, Powder
from lowdose.pharmacy.worksheets.making import Making
from lowdose.pharmacy.worksheets.titration import titration
from lowdose.plan import Hold, NotApproved, approve, make_plan, order
from tests.plan.people import BY, MADE, START, somebody

AT = datetime(2026, 11, 27, 9, 30, tzinfo=UTC)


def make(**more):
    return make_plan("standard", start=START, patient=somebody(), on=MADE, **more)


def test_the_labels_say_the_stop_of_the_plan():
    plan = make(by=BY, at=AT, hold=Hold(96, reason="as the anaesthetist asks"))
    powder = Powder(Lot("N-1", date(2027, 6, 30), Decimal("98.5"), "as-is"))
    bench = Bench(date(2026, 12, 1), Balance(Decimal(1), Decimal("0.1")))
    found = titration(order(plan, "capsules")[0], Making(powder, bench), form="capsules", lot="LDN-7")
    for papers in found.papers:
        assert "Stop at least 4 days before surgery, and tell the surgical team." in papers.labels[0].lines
        assert "Stop at least 4 days before surgery, and tell the surgical team." in papers.record.label


def test_an_order_holds_the_doses_and_days_of_the_plan():
    plan = make(by=BY, at=AT)
    made, form = order(plan, "capsules")
    assert form == "capsules"
    assert [(one.dose_mg, one.days, one.per_day) for one in made.steps] == [
        (one.dose_mg, plan.days_of(one), one.per_day) for one in plan.steps
    ]
    assert sum(one.days for one in made.steps) == (plan.review - plan.start).days
    assert (made.plan_sha256, made.prescriber, made.patient) == (plan.digest, BY.name, plan.patient)


def test_nothing_is_ordered_from_a_plan_that_is_not_approved_as_it_is():
    draft = make()
    with pytest.raises(NotApproved):
        order(draft, "capsules")
    approved = make(by=BY, at=AT)
    changed = replace(approved, steps=(replace(approved.steps[0], dose_mg=Decimal(45)), *approved.steps[1:]))
    with pytest.raises(NotApproved):
        order(changed, "capsules")
    with pytest.raises(NotApproved):
        order(replace(approved, start=date(2027, 1, 1)), "capsules")


@pytest.mark.parametrize(
    ("form", "other", "asked"), [("solution", "capsule", "capsules"), ("capsule", "solution", "solution")]
)
def test_another_form_than_the_plan_has_is_refused(form, other, asked):
    approved = approve(replace(make(), form=form), BY, AT)
    with pytest.raises(SafetyStop, match=f"the approved plan is for a {form}, and .* asked for") as raised:
        order(approved, asked)
    assert raised.value.exit_code == 5
    assert f"--form {other}" in raised.value.remedy
    assert order(approved)[1] == order(approved, order(approved)[1])[1]


def test_a_form_that_nobody_named_is_asked_for():
    with pytest.raises(InvalidInput, match="leaves the form open"):
        order(approve(replace(make(), form=None), BY, AT))
