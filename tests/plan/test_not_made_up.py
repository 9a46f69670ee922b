"""What a source does not say is not filled in: lengths, ceilings, forms; and nothing for adults in a child's plan."""

from __future__ import annotations

import re
from datetime import timedelta
from decimal import Decimal

import pytest

from lowdose.errors import InvalidInput
from lowdose.plan import Choices, make_plan
from tests.plan.people import MADE, START, override, somebody

D = Decimal
CHILD = {"patient__age_y": 11, "patient__weight_kg": 22}


def make(name="standard", patient=None, *, overrides=(), **choices):
    return make_plan(
        name, start=START, patient=patient or somebody(), on=MADE, overrides=overrides, choices=Choices(**choices)
    )


@pytest.mark.parametrize(
    ("name", "weeks", "origin", "because"),
    [
        ("standard", 12, "our choice", "rule EFF-001"),
        ("IBD", 12, "protocol", "IBD"),
        ("IBS-ULD", 4, "protocol", "IBS-ULD"),
        ("PED", 8, "protocol", "PED"),
    ],
)
def test_the_review_is_at_the_length_of_the_source_or_said_to_be_ours(name, weeks, origin, because):
    person, reasons = (somebody(**CHILD), [override("PED-001")]) if name == "PED" else (None, [])
    plan = make(name, person, overrides=reasons)
    assert plan.review == plan.steps[-1].first + timedelta(weeks=weeks)
    said = next(one for one in plan.chosen if one.what == "review")
    assert (said.value, said.origin) == (f"{weeks} weeks at the last dose", origin)
    assert because in said.because
    assert ("not yet confirmed" in said.because) == (origin == "our choice")
    assert next(one.when for one in plan.checks if one.rule == "EFF-001") == f"{weeks} weeks at the last dose"
    assert bool([one for one in plan.not_known if one.startswith("length")]) == (origin == "our choice")
    assert "weeks" not in next(one.title for one in plan.advice if one.rule == "EFF-001")


def test_a_child_is_not_asked_what_is_made_for_adults_and_told_nothing_about_driving():
    for years, weight, drives in ((8, 22, False), (17, 60, True)):
        child = somebody(patient__age_y=years, patient__weight_kg=weight)
        plan = make("PED", child, overrides=[override("PED-001")])
        assert not [one for one in plan.checks if "PHQ-9" in one.what]
        assert not [one for one in plan.advice if "PHQ-9" in one.title + one.clinician]
        mood = next(one for one in plan.checks if one.rule == "PSY-002")
        assert "child" in mood.what
        assert "PHQ-9 is made for adults" in mood.why
        assert "recalled" in mood.provenance
        words = " ".join((*(one.patient for one in plan.advice), *(one.patient for one in plan.side_effects)))
        assert ("drive" in words) == drives
        dizzy = next(one for one in plan.side_effects if "dizziness" in one.name)
        assert dizzy.do
    assert "PHQ-9" in {one.what for one in make().checks}


def test_a_ceiling_that_the_source_does_not_name_is_said_to_be_the_prescribers_own():
    said = next(one for one in make("SENS-0.5", ceiling_mg=D("1.5")).chosen if one.what == "ceiling")
    assert said.origin == "prescriber"
    assert said.because == "the source names none; whoever prescribes chose it"
    inside = next(
        one for one in make("THY-0.25", step_mg=D("0.5"), ceiling_mg=D("2.25")).chosen if one.what == "ceiling"
    )
    assert inside.because == "chosen inside what the source has"


def test_a_form_that_the_source_does_not_have_is_refused():
    small, big = somebody(**{**CHILD, "patient__age_y": 8}), somebody(patient__age_y=12, patient__weight_kg=50)
    with pytest.raises(InvalidInput, match="mg capsule from 10 years and 45 kg"):
        make("PED", small, overrides=[override("PED-001")], form="capsule")
    with pytest.raises(InvalidInput, match="has liquid"):
        make("UK-old", form="capsule")
    assert make("PED", big, overrides=[override("PED-001")], form="capsule").form == "capsule"


def test_a_plan_of_one_dose_is_not_told_to_titrate():
    one, stepped = make("IBS-ULD"), make()
    for plan in (one, stepped):
        gap = next(said for said in plan.advice if said.rule == "MIS-001")
        assert ("itrate again" in gap.clinician) == (plan is stepped)
        assert ("assumed" in gap.provenance) == (plan is one)
        assert gap.patient
        assert ("TOL-004" in {said.rule for said in plan.advice}) == (plan is stepped)


def test_nobody_with_one_dose_is_told_of_steps():
    child = make("PED", somebody(**CHILD), overrides=[override("PED-001")])
    for plan in (child, make("IBS-ULD")):
        said = [
            text for one in plan.advice for text in (one.title, one.clinician, one.patient) if one.rule != "MIS-001"
        ]
        said += [text for one in plan.side_effects for text in (one.do, one.patient)]
        for text in said:
            assert not re.search(r"\bsteps?\b|last good dose|last dose that suited", text), text
        side = next(one for one in plan.side_effects if one.rules == ("TOL-001",))
        back = next(one for one in plan.advice if one.rule == "TOL-001")
        assert (side.do, side.patient) == (back.clinician, back.patient)
        assert "assumed, not yet confirmed" in (side.provenance, back.provenance)
        assert back.title == "Moderate side effect for more than 3 days"
    assert "last good dose" in next(one.clinician for one in make().advice if one.rule == "TOL-001")
