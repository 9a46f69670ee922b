"""A person's numbers are the same to the last bit in any batch, in any order, on any number of threads."""

import math

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from lowdose.engine import Change, Dose, Reset, Status, Summary, compile, solve

OUTPUTS = ("gut", "blood", "effect", "slow", "total")
TIMES = np.array([-1.0, 0.0, 0.5, 3.0, 7.25, 12.0, 20.0, 24.0, 30.0])
SUMMARIES = (Summary("effect", "time_above", level=4.0), Summary("blood", "max", 0.0, 24.0), Summary("total", "mean"))


@pytest.fixture(scope="module")
def model(make_sbml):
    text = """
    model m
        KA = 1.5; CL = 1.1; V = 20; F = 0.7; LAG = 0.5; RATE = 10; n = 2.5; kin = 2; kout = 0.4; fast = 30; base = 5
        burst = 0
        gut = 0; gut' = -KA*gut
        blood = 0; blood' = KA*gut - CL/V*blood
        drive := kin*(1 + 0.5*sin(2*pi*time/24))
        inhibition := piecewise(blood^n/(3^n + blood^n), blood > 0, 0)
        effect = base; effect' = drive*(1 - 0.8*inhibition) - kout*effect
        slow = base; slow' = fast*(effect - slow) + burst*slow^2
        total := gut + blood + exp(-effect) + ln(1 + slow^2)
    end
    """
    return compile(make_sbml(text, "m"))


def person(changes, *events):
    return changes, list(events)


PEOPLE = [
    person({}),
    person({}, Dose(0.0, 100.0, "gut")),
    person({"KA": 0.3}, Dose(0.25, 50.0, "blood", rate="RATE", lag="LAG", bioavailability="F")),
    person({"V": 35.0}, Dose(0.0, 100.0, "gut", bioavailability="F", interval=6.0, additional=4), Reset(14.0)),
    person({"n": 1.2, "kout": 0.9}, Dose(1.0, 20.0, "blood", duration=4.0), Change(2.5, "CL", 4.0)),
    person({"LAG": 3.0}, Dose(0.0, 10.0, "blood", lag="LAG", interval=24.0, steady_state=1)),
    person({}, Dose(6.0, 10.0, "blood", rate=4.0, interval=12.0, steady_state=2), Dose(20.0, 5.0, "gut", reset=True)),
    person({"base": 0.0}, Dose(-3.0, 4.5, "gut", interval=24.0, additional=1), Change(0.0, "kin", 3.0)),
    person({"burst": 20.0}, Dose(0.0, 1.0, "gut")),
    person({"kin": math.nan}),
    person({"LAG": -1.0}, Dose(0.0, 1.0, "gut", lag="LAG")),
    person({"F": -1.0}, Dose(2.0, 1.0, "gut", bioavailability="F")),
    person({"CL": 0.0}, Dose(3.0, 1.0, "blood", interval=24.0, steady_state=1)),
]
FAILING = {
    8: Status.STEP_TOO_SMALL,
    9: Status.NON_FINITE,
    10: Status.EVENT_ERROR,
    11: Status.EVENT_ERROR,
    12: Status.NO_STEADY_STATE,
}


def run(model, people, workers=1):
    """Each person's numbers as bytes."""
    columns = {
        name: [changes.get(name, default) for changes, _ in people] for name, default in model.parameters.items()
    }
    solution = solve(
        model,
        columns,
        [events for _, events in people],
        OUTPUTS,
        TIMES,
        summaries=SUMMARIES,
        rtol=1e-5,
        workers=workers,
    )
    arrays = [*solution.values.values(), *solution.summaries.values(), solution.status, solution.steps]
    said = [solution.details.get(number) for number in range(len(people))]
    return [(*(array[number].tobytes() for array in arrays), said[number]) for number in range(len(people))]


@pytest.fixture(scope="module")
def alone(model):
    """Everybody solved without anybody beside them."""
    return [run(model, [one])[0] for one in PEOPLE]


def test_the_people_are_as_different_as_they_should_be(model):
    columns = {name: [c.get(name, default) for c, _ in PEOPLE] for name, default in model.parameters.items()}
    solution = solve(model, columns, [events for _, events in PEOPLE], OUTPUTS, TIMES, rtol=1e-5)
    assert solution.failed == FAILING
    assert len({row.tobytes() for row in solution.values["effect"]}) == len(PEOPLE) - len(FAILING) + 1


cheap = st.sampled_from([number for number in range(len(PEOPLE)) if number not in (5, 6, 12)])
"""Steady states of a rhythmic model take a hundred times as long as anything else."""


@settings(max_examples=60)
@example(list(range(13)), 1)
@example(list(range(12, -1, -1)), 2)
@example([5, 8, 5, 6, 1, 2, 9, 6, 11] * 2, 3)
@given(st.lists(cheap, min_size=1, max_size=40), st.integers(1, 3))
def test_anybody_in_any_batch_on_any_number_of_threads(model, alone, chosen, workers):
    assert run(model, [PEOPLE[number] for number in chosen], workers) == [alone[number] for number in chosen]


amounts = st.floats(0.0, 50.0)
moments = st.floats(-2.0, 29.0)
records = st.one_of(
    st.builds(
        Dose,
        moments,
        amounts,
        st.sampled_from(["gut", "blood", "slow"]),
        rate=st.sampled_from([0.0, 3.0, "RATE"]),
        lag=st.sampled_from([0.0, "LAG", 2.0]),
        bioavailability=st.sampled_from([1.0, "F"]),
        interval=st.sampled_from([3.0, 8.0]),
        additional=st.integers(0, 3),
        reset=st.booleans(),
    ),
    st.builds(Reset, moments),
    st.builds(Change, moments, st.sampled_from(["CL", "F", "LAG", "n", "kin", "base"]), st.floats(-0.2, 3.0)),
)
people = st.lists(
    st.tuples(
        st.fixed_dictionaries(
            {},
            optional={
                "KA": st.floats(0.1, 3.0),
                "fast": st.sampled_from([0.0, 1.0, 1e4]),
                "F": st.floats(-0.1, 1.0),
                "base": st.sampled_from([0.0, -0.0, 5.0, math.inf]),
                "burst": st.sampled_from([0.0, 20.0]),
            },
        ),
        st.lists(records, max_size=4),
    ),
    min_size=2,
    max_size=11,
)


@settings(max_examples=100)
@given(people, st.randoms(use_true_random=False), st.integers(1, 3))
def test_any_crowd_and_any_part_of_it(model, crowd, shuffle, workers):
    together = run(model, crowd)
    order = list(range(len(crowd)))
    shuffle.shuffle(order)
    part = order[: shuffle.randint(1, len(order))]
    assert run(model, [crowd[number] for number in part], workers) == [together[number] for number in part]


def test_solving_again_changes_nothing(model):
    crowd = [PEOPLE[number % 5] for number in range(64)]
    first = run(model, crowd, 2)
    assert all(run(model, crowd, workers) == first for workers in (2, 3, 2))
