"""For every protocol that gives a plan, what is dispensed is what was planned, as capsules and as a liquid."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lowdose.errors import InvalidInput
from lowdose.pharmacy.supply.dispensing import DoseStep, dispense
from lowdose.plan import Protocol, protocols
from lowdose.plan.scheme.choices import Choices, Limits
from lowdose.plan.scheme.settling import settle

D = Decimal
PLANNABLE = [(one, name) for one in protocols() if one.standing != "shown" for name in one.schemes]
MORE = ({}, {"ceiling_mg": D("4.5")}, {"weight_kg": D(22)}, {"weight_kg": D(31)})


def schemes(protocol: Protocol, name: str) -> list[list[DoseStep]]:
    found = []
    for choices in MORE:
        try:
            settled = settle(protocol, Choices(scheme=name, **choices), Limits())  # type: ignore[arg-type]
        except InvalidInput:
            continue
        days = [settled.interval_days or 84] * (len(settled.doses) - 1) + [84]
        found.append([DoseStep(dose, one) for dose, one in zip(settled.doses, days, strict=True)])
    return found


@settings(max_examples=80, deadline=None)
@given(which=st.sampled_from(PLANNABLE), keeps=st.integers(1, 180), share=st.floats(0, 1), choice=st.integers(0, 3))
def test_every_fill_is_taken_before_its_date_whenever_the_first_was_made(
    which: tuple[Protocol, str], keeps: int, share: float, choice: int
) -> None:
    plans = schemes(*which)
    plan = plans[choice % len(plans)]
    early = round(share * keeps)
    liquid = dispense(plan, form="solution", graduation_ml=D("0.01"), beyond_use_days=keeps, early_days=early)
    first, *others = liquid.fills
    assert max(early - 1, 0) + first.days <= keeps  # the day of making is day 0
    assert all(one.days <= keeps for one in others)
    day = 1
    for one in liquid.fills:
        assert one.first_day == day
        day += one.days
    assert day - 1 == sum(step.days for step in plan)
    planned = sum(step.dose_mg * step.times for step in plan)
    assert sum(item.mg for fill in liquid.fills for item in fill.items) == liquid.dispensed_mg == planned


def test_there_are_twelve() -> None:
    assert len({one.id for one, _ in PLANNABLE}) == 12


@pytest.mark.parametrize(("protocol", "name"), PLANNABLE, ids=lambda one: getattr(one, "id", one))
def test_dispensed_is_planned(protocol: Protocol, name: str) -> None:
    plans = schemes(protocol, name)
    assert plans
    for plan in plans:
        planned = sum(step.dose_mg * step.days for step in plan)
        capsules = dispense(plan, form="capsules", beyond_use_days=180)
        liquid = dispense(plan, form="solution", graduation_ml=D("0.01"), beyond_use_days=35)
        for found in (capsules, liquid):
            assert sum(item.strength * item.amount for item in found.items) == planned
            assert sum(item.mg for fill in found.fills for item in fill.items) == planned
        assert all(one.amount == int(one.amount) for one in capsules.items)
