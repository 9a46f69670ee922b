"""What is dispensed is what was planned, to the last digit; fewest strengths, bottles that keep."""

from __future__ import annotations

from decimal import Decimal
from itertools import combinations, combinations_with_replacement

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lowdose.errors import InvalidInput, NotFound, SafetyStop
from lowdose.pharmacy.amounts.refusals import CannotBeMade
from lowdose.pharmacy.supply.capsule_strengths import choose, with_strengths
from lowdose.pharmacy.supply.dispensing import DoseStep, dispense

D = Decimal
TENTH = D("0.1")


def steps(*doses: str, days: int = 14, per_day: int = 1) -> list[DoseStep]:
    return [DoseStep(D(one), days, per_day) for one in doses]


def test_w8_147_mL_split_in_42_and_105() -> None:
    found = dispense(steps("1", "2", "3", "4.5"), form="solution", graduation_ml=TENTH, beyond_use_days=35)
    assert [(one.amount, one.strength) for one in found.items] == [(147, 1)]
    assert found.use_days == 56
    assert [(one.first_day, one.days, one.items[0].amount) for one in found.fills] == [(1, 28, 42), (29, 28, 105)]
    assert found.facts()["formula.use_days_minus_bud"] == 28 - 35


def test_w9_126_capsules_of_one_strength() -> None:
    plan = [DoseStep(D("1.5"), 14), DoseStep(D(3), 14), DoseStep(D("4.5"), 28)]
    found = dispense(plan, form="capsules")
    assert [str(one) for one in found.items] == ["126 capsules of 1.5 mg"]
    assert [dose.words for dose in found.doses] == [
        "1 capsule of 1.5 mg",
        "2 capsules of 1.5 mg",
        "3 capsules of 1.5 mg",
    ]
    assert found.planned_mg == found.dispensed_mg == 189
    assert [line.value for line in found.lines] == [14, 28, 84, 126, 189]
    assert found.facts()["plan.capsule_remainder_mg"] == 0


def test_one_bottle_within_its_date_is_not_split() -> None:
    found = dispense(steps("1", "2"), form="solution", graduation_ml=TENTH, beyond_use_days=28)
    assert len(found.fills) == 1
    assert len(dispense(steps("1", "2"), form="solution", graduation_ml=TENTH, beyond_use_days=27).fills) == 2
    assert len(dispense(steps("1", "2"), form="solution", graduation_ml=TENTH).fills) == 1


def test_a_bottle_ends_with_a_step_where_it_can() -> None:
    found = dispense([DoseStep(D(1), 30), DoseStep(D(2), 20)], form="solution", graduation_ml=TENTH, beyond_use_days=35)
    assert [one.days for one in found.fills] == [30, 20]


@pytest.mark.parametrize(
    ("early", "days"),
    [(0, [28, 28]), (1, [28, 28]), (8, [28, 28]), (9, [27, 29]), (22, [14, 28, 14]), (35, [1, 27, 28])],
)
def test_what_is_made_early_loses_those_days(early: int, days: list[int]) -> None:
    found = dispense(steps("1", "2", "3", "4.5"), form="solution", graduation_ml=TENTH, beyond_use_days=35,
                     early_days=early)  # fmt: skip
    assert [one.days for one in found.fills] == days
    assert found.dispensed_mg == found.planned_mg == 147
    assert found.facts()["formula.use_days_minus_bud"] == max(days[0] + max(early - 1, 0), *days[1:]) - 35 <= 0


def test_a_fill_may_be_asked_for_shorter() -> None:
    found = dispense(
        steps("1", "2", "3", "4.5"),
        form="solution",
        graduation_ml=TENTH,
        beyond_use_days=35,
        early_days=9,
        fill_days=14,
    )
    assert [one.days for one in found.fills] == [14, 14, 14, 14]
    assert found.facts()["formula.use_days_minus_bud"] == 14 + 8 - 35


def test_what_would_be_out_of_date_on_its_first_day_is_refused() -> None:
    with pytest.raises(InvalidInput, match="made 36 days before its first day"):
        dispense(steps("1"), form="solution", graduation_ml=TENTH, beyond_use_days=35, early_days=36)


def test_a_long_step_is_split_within() -> None:
    found = dispense([DoseStep(D("4.5"), 84)], form="solution", graduation_ml=TENTH, beyond_use_days=35)
    assert [one.days for one in found.fills] == [28, 28, 28]


def test_w12_a_volume_that_is_not_on_the_syringe_is_refused_with_its_neighbours() -> None:
    with pytest.raises(CannotBeMade) as error:
        dispense(steps("0.25"), form="solution", strengths=[D(1)], graduation_ml=TENTH)
    assert error.value.nearest == ("0.2 mg", "0.3 mg")
    found = dispense(steps("0.25", "0.33"), form="solution", strengths=[D(1)], graduation_ml=D("0.01"))
    assert [dose.items[0].amount for dose in found.doses] == [D("0.25"), D("0.33")]


def test_below_a_tenth_of_a_millilitre_nothing_is_drawn_up() -> None:
    with pytest.raises(CannotBeMade) as error:
        dispense(steps("0.05"), form="solution", strengths=[D(1)], graduation_ml=D("0.01"))
    assert "0.1 mg" in error.value.nearest


def test_two_liquids_where_one_does_not_do() -> None:
    found = dispense(steps("0.25", "25"), form="solution", graduation_ml=D("0.05"))
    assert found.strengths == (5, 1)


def test_capsules_that_cannot_be_made_up_are_refused_with_the_nearest() -> None:
    with pytest.raises(CannotBeMade) as error:
        dispense(steps("1.5", "2"), form="capsules", strengths=[D("1.5")])
    assert error.value.nearest == ("1.5 mg", "3 mg")
    with pytest.raises(CannotBeMade) as error:
        dispense(steps("9"), form="capsules", strengths=[D("1.5")], most_capsules=4)
    assert error.value.nearest == ("6 mg",)


def test_twice_a_day() -> None:
    found = dispense(steps("1.5", per_day=2, days=10), form="capsules")
    assert found.items[0].amount == 20
    assert found.planned_mg == 30


@pytest.mark.parametrize(
    ("mistake", "message"),
    [
        ({"form": "solution"}, "marks of the syringe"),
        ({"form": "capsules", "most_capsules": 0}, "above zero"),
        ({"form": "solution", "graduation_ml": D(0)}, "above zero"),
        ({"form": "capsules", "strengths": [D(-1)]}, "above zero"),
        ({"form": "solution", "graduation_ml": TENTH, "beyond_use_days": 0}, "above zero"),
    ],
)
def test_mistakes(mistake: dict[str, object], message: str) -> None:
    with pytest.raises(InvalidInput, match=message):
        dispense(steps("1.5"), **mistake)  # type: ignore[arg-type]


def test_more_mistakes() -> None:
    with pytest.raises(InvalidInput, match="no step"):
        dispense([], form="capsules")
    with pytest.raises(NotFound, match="capsules"):
        dispense(steps("1"), form="capsule")  # type: ignore[arg-type]
    for wrong in ((1.5, 14, 1), (D("1.5"), 0, 1), (D("1.5"), 14, 0), (D("NaN"), 1, 1), (D(0), 1, 1)):
        with pytest.raises(InvalidInput):
            DoseStep(*wrong)  # type: ignore[arg-type]


DOSES = st.integers(1, 24).map(lambda n: D(n) / 4)
PLANS = st.lists(st.builds(DoseStep, DOSES, st.integers(1, 60), st.integers(1, 3)), min_size=1, max_size=6)


@settings(max_examples=60)
@given(plan=PLANS, limit=st.none() | st.integers(14, 60))
def test_capsules_dispensed_are_as_planned(plan: list[DoseStep], limit: int | None) -> None:
    found = dispense(plan, form="capsules", beyond_use_days=limit)
    planned = sum(step.dose_mg * step.days * step.per_day for step in plan)
    assert sum(item.mg for item in found.items) == found.dispensed_mg == found.planned_mg == planned
    for dose in found.doses:
        assert sum(item.mg for item in dose.items) == dose.step.dose_mg
        assert sum(item.amount for item in dose.items) <= 4
        assert all(item.amount == int(item.amount) > 0 for item in dose.items)
    check_fills(found, limit)


@settings(max_examples=60)
@given(plan=PLANS, limit=st.none() | st.integers(14, 60), mark=st.sampled_from([D("0.01"), D("0.05")]))
def test_volumes_dispensed_are_as_planned(plan: list[DoseStep], limit: int | None, mark: Decimal) -> None:
    found = dispense(plan, form="solution", beyond_use_days=limit, graduation_ml=mark)
    assert sum(item.mg for item in found.items) == sum(step.dose_mg * step.times for step in plan)
    for dose in found.doses:
        (item,) = dose.items
        assert item.mg == dose.step.dose_mg
        assert item.amount % mark == 0
        assert item.amount >= TENTH
    check_fills(found, limit)


def check_fills(found: object, limit: int | None) -> None:
    """Fills follow one another, hold everything, outlast nothing, and are as few as can be."""
    days = [one.days for one in found.fills]
    assert sum(days) == found.use_days
    assert [one.first_day for one in found.fills] == [1 + sum(days[:n]) for n in range(len(days))]
    for item in found.items:
        parts = [one.amount for fill in found.fills for one in fill.items if one.strength == item.strength]
        assert sum(parts) == item.amount
    if limit is not None:
        assert max(days) <= limit
        assert len(days) == -(-found.use_days // limit)


@settings(max_examples=40)
@given(doses=st.sets(st.integers(1, 12), min_size=1, max_size=4), most=st.integers(2, 4))
def test_no_set_of_fewer_strengths_would_do(doses: set[int], most: int) -> None:
    """Against trying every smaller set of half milligrams."""
    found = choose({D(one) / 2: 7 for one in doses}, most=most)

    def gives(strengths: tuple[int, ...], dose: int) -> bool:
        return any(
            sum(some) == dose for n in range(1, most + 1) for some in combinations_with_replacement(strengths, n)
        )

    for size in range(1, len(found.strengths)):
        for fewer in combinations(range(1, max(doses) + 1), size):
            assert not all(gives(fewer, dose) for dose in doses)


def test_any_plan_is_searched_quickly_and_kept_exactly() -> None:
    odd = {D(n) / 1000: 14 for n in (137, 411, 977, 1301, 2003, 2999, 3607, 4507, 5501)}
    found = choose(odd)
    assert len(found.strengths) > 4
    assert all(sum(counts) == 1 for counts in found.made_of.values())
    assert "a capsule for every dose" in found.why
    fine = {D(n) / 20: 14 for n in (3, 17, 29, 41, 58, 77, 90, 113)}
    parts = choose(fine)
    for dose, counts in parts.made_of.items():
        assert sum(one * n for one, n in zip(parts.strengths, counts, strict=True)) == dose


def test_fewest_capsules_of_equally_few_strengths() -> None:
    found = choose({D(1): 10, D(2): 10, D(3): 10, D(4): 10, D("4.5"): 84})
    assert len(found.strengths) == 2
    taken = {dose: sum(counts) for dose, counts in found.made_of.items()}
    assert max(taken.values()) <= 4
    other = with_strengths(dict.fromkeys(found.made_of, 1), [D(1), D("1.5")])
    times = {D(1): 10, D(2): 10, D(3): 10, D(4): 10, D("4.5"): 84}
    count = lambda one: sum(times[dose] * sum(parts) for dose, parts in one.made_of.items())  # noqa: E731
    assert count(found) <= count(other)
    assert "no smaller set" in found.why


@pytest.mark.parametrize(
    "protocol", ["1.5 3 4.5", "1 2 3 4 4.5", "0.5 1 1.5 2 2.5 3 3.5 4 4.5", "0.25 0.5 0.75 1 1.5 4.5"]
)
def test_every_published_ladder(protocol: str) -> None:
    plan = steps(*protocol.split())
    planned = sum(step.dose_mg * 14 for step in plan)
    assert dispense(plan, form="capsules").dispensed_mg == planned
    assert dispense(plan, form="solution", graduation_ml=D("0.01"), beyond_use_days=35).dispensed_mg == planned


@pytest.mark.parametrize("form", ["drops", "cream"])
def test_a_plan_is_swallowed(form: str) -> None:
    with pytest.raises(SafetyStop, match=f"not dispensed as {form}: its doses are for swallowing") as stop:
        dispense([DoseStep(Decimal("1.5"), 14)], form=form)  # type: ignore[arg-type]
    assert f"lowdose compound {form}" in stop.value.remedy
