"""Every value of a scheme is the source's, the prescriber's inside it, or a rule's: nothing else can come out."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lowdose.errors import InvalidInput
from lowdose.pharmacy.amounts.exact import plain
from lowdose.plan import Choices, OutsideSource, protocol, protocols
from lowdose.plan.scheme.choices import Limits, facts
from lowdose.plan.scheme.settling import settle

D = Decimal
PLANNABLE = [one for one in protocols() if one.is_plannable and one.id != "PED"]
amounts = st.sampled_from([None, *(D(n) / 4 for n in range(1, 21))])


@given(
    st.sampled_from(PLANNABLE), amounts, amounts, st.sampled_from([None, 3, 7, 10, 14, 21]), amounts,
    st.sampled_from([None, D("0.5"), D("1.5")]), st.sampled_from([None, 7, 14]), st.sampled_from([None, D("0.9")]),
)  # fmt: skip
def test_nothing_outside_the_source_ever_comes_out(one, start, step, interval, ceiling, most, least, cap):
    limits = Limits(
        start_max=(most, "R-1") if most else None,
        interval_min=(least, "R-2") if least else None,
        ceiling_max=(cap, "R-3") if cap else None,
    )
    choices = Choices(start_mg=start, step_mg=step, interval_days=interval, ceiling_mg=ceiling)
    try:
        found = settle(one, choices, limits)
    except InvalidInput:
        return
    _, scheme = one.scheme()
    assert scheme.start_mg.low <= found.doses[0] <= scheme.start_mg.high
    assert most is None or found.doses[0] <= most
    assert cap is None or max(found.doses) <= cap
    assert start is None or found.doses[0] == start
    if found.interval_days is not None:
        assert scheme.interval_days.low <= found.interval_days <= scheme.interval_days.high
        assert least is None or found.interval_days >= least
    top = scheme.ceiling_mg.high if scheme.ceiling_mg.high is not None else ceiling
    assert max(found.doses) <= top
    for before, after in zip(found.doses, found.doses[1:], strict=False):
        assert scheme.step_mg.low <= after - before <= scheme.step_mg.high or after == scheme.ceiling_mg.is_
    assert {one.what for one in found.chosen} >= {"start", "ceiling", "time"}


def test_the_cautious_end_of_a_range_is_used_and_said():
    found = settle(protocol("LDN-2021"), Choices(), Limits())
    assert [plain(dose) for dose in found.doses] == ["0.5", "1", "1.5", "2", "2.5", "3"]
    said = {one.what: one for one in found.chosen}
    assert said["step"].origin == "cautious end"
    assert "0.5 to 1 mg" in said["step"].because
    interval = {one.what: one for one in settle(protocol("standard"), Choices(), Limits()).chosen}["interval"]
    assert (interval.value, interval.origin) == ("14 days", "cautious end")


def test_the_last_step_of_dickson_is_the_sources_own_smaller_one():
    found = settle(protocol("DICK-1"), Choices(), Limits())
    assert [plain(dose) for dose in found.doses] == ["1", "2", "3", "4", "4.5"]


@pytest.mark.parametrize("name", ["SENS-0.5", "US-0.5", "THY-0.5"])
def test_a_ceiling_that_no_source_names_is_asked_for(name):
    with pytest.raises(InvalidInput, match="names no highest dose") as raised:
        settle(protocol(name), Choices(), Limits())
    assert not any(character.isdigit() for character in raised.value.remedy), "we suggest no dose"


@pytest.mark.parametrize(
    ("name", "choices", "words"),
    [
        ("standard", Choices(interval_days=6), "7 to 14 days"),
        ("standard", Choices(start_mg=D(1)), "start 1 mg is not"),
        ("standard", Choices(ceiling_mg=D(4)), "no step of STD-1.5"),
        ("standard", Choices(ceiling_mg=D(6)), "no step of STD-1.5"),
        ("LDN-2021", Choices(ceiling_mg=D(2)), "no step of LDN-2021"),
        ("IBS-ULD", Choices(ceiling_mg=D(1)), "has no steps"),
        ("UK-old", Choices(form="capsule"), "liquid"),
        ("PED", Choices(), "no weight"),
    ],
)  # fmt: skip
def test_a_choice_outside_the_source_is_refused(name, choices, words):
    with pytest.raises(InvalidInput) as raised:
        settle(protocol(name), choices, Limits())
    assert words in str(raised.value)


def test_the_liver_cap_cuts_the_ladder_and_never_bends_it():
    cap = Limits(ceiling_max=(D("0.9"), "HEP-003"))
    found = settle(protocol("HPI-0.5"), Choices(), cap)
    assert found.doses == (D("0.5"),)
    assert {one.what: one.origin for one in found.chosen}["ceiling"] == "adaptation"
    with pytest.raises(OutsideSource, match="HEP-003"):
        settle(protocol("THY-0.25"), Choices(), cap)
    with pytest.raises(OutsideSource, match="HEP-003"):
        settle(protocol("standard"), Choices(), cap)


@pytest.mark.parametrize(("kilograms", "milligrams"), [("22", "2.2"), ("45", "4.5"), ("50", "4.5"), ("23.4", "2.34")])
def test_a_childs_dose_follows_from_the_weight_and_stops_at_the_cap(kilograms, milligrams):
    found = settle(protocol("PED"), Choices(weight_kg=D(kilograms)), Limits(), age=11)
    assert found.doses == (D(milligrams),)
    assert found.form == ("capsule" if D(kilograms) >= 45 else "solution")
    assert found.facts(D(kilograms))["plan.dose_mg_per_kg"] <= 0.1


def test_the_facts_of_a_scheme_by_hand():
    found = facts([D("0.5"), D(1), D("2.5")], [14, 7], per_day=1, time_of_day="morning", weight_kg=None)
    assert found["plan.start_dose_mg"] == 0.5
    assert found["plan.max_dose_mg"] == 2.5
    assert found["plan.max_step_mg"] == 1.5
    assert found["plan.max_step_ratio_above_1mg"] == 2.5
    assert found["plan.min_step_days"] == 7
    assert found["plan.time_of_day"] == "morning"
    assert found["plan.intent"] == "ldn"
    assert facts([D(1)], [], per_day=1, time_of_day="bedtime", weight_kg=None)["plan.min_step_days"] == "not applicable"
