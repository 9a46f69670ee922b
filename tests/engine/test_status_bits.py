"""Every flag of `Status`, provoked by a real solve beside people who are well and must not notice."""

import math

import numpy as np
import pytest

from lowdose.engine import Change, Dose, Status, Summary, batch, compile, solve

TIMES = np.linspace(0.0, 2.0, 9)
HEALTHY = {
    "grow": 0.1,
    "beat": 1.0,
    "below": 0.5,
    "pull": 0.0,
    "start": 4.0,
    "divisor": 1.0,
    "edge": 5.0,
    "F": 0.5,
    "LAG": 0.25,
    "RATE": 2.0,
    "kout": 0.7,
}


@pytest.fixture(scope="module")
def model(make_sbml):
    text = """
    model m
        grow = 0.1; beat = 1; below = 0.5; pull = 0; start = 4; divisor = 1; edge = 5; F = 0.5; LAG = 0.25; RATE = 2
        kout = 0.7
        a = 1; a' = grow*a^2
        b = 0; b' = cos(beat*time)
        c = 0.1; c' = pull*(1 + sqrt(1 - c))
        d = 1; d' = below/divisor/(1 + time)
        e = 1/start; e' = -e
        g = 0; g' = -kout*g
        y := ln(edge - time)
    end
    """
    return compile(make_sbml(text, "m"))


@pytest.fixture(scope="module")
def settling(make_sbml):
    text = """
    model m
        kout = 0.7; grow = 0; pull = 0
        g = 0; g' = -kout*g
        a = 1; a' = grow*a^2 - 0.1*a
        c = 0; c' = pull*(1 + sqrt(1 - c))
    end
    """
    return compile(make_sbml(text, "m"))


def dosed(**changes):
    return [Dose(0.5, 10.0, "g", bioavailability="F", **changes)]


CASES = {
    "blow-up": ({"grow": 1.0}, [], Status.STEP_TOO_SMALL),
    "no step with a value": ({"pull": 1.0}, [], Status.SOLVER_FAILED),
    "missing parameter": ({"kout": math.nan}, [], Status.NON_FINITE),
    "infinite parameter": ({"kout": math.inf}, [], Status.NON_FINITE),
    "division by zero": ({"divisor": 0.0}, [], Status.NON_FINITE),
    "zero over zero": ({"divisor": 0.0, "below": 0.0}, [], Status.NON_FINITE),
    "division by zero on the way": ({}, [Change(1.0, "divisor", 0.0)], Status.NON_FINITE),
    "infinite initial value": ({"start": 0.0}, [], Status.NON_FINITE),
    "output without a value at the start": ({"edge": -1.0}, [], Status.NON_FINITE),
    "output without a value on the way": ({"edge": 1.1}, [], Status.NON_FINITE),
    "infinite output on the way": ({"edge": 1.0}, [], Status.NON_FINITE),
    "negative share": ({"F": -0.1}, dosed(), Status.EVENT_ERROR),
    "infinite share": ({"F": math.inf}, dosed(), Status.EVENT_ERROR),
    "missing share": ({"F": math.nan}, dosed(), Status.EVENT_ERROR),
    "share that turns negative": ({}, [*dosed(interval=0.5, additional=2), Change(0.9, "F", -1.0)], Status.EVENT_ERROR),
    "negative lag": ({"LAG": -1.0}, dosed(lag="LAG"), Status.EVENT_ERROR),
    "no rate": ({"RATE": 0.0}, dosed(rate="RATE"), Status.EVENT_ERROR),
    "lag that turns infinite": (
        {},
        [*dosed(lag="LAG", interval=0.5, additional=2), Change(0.9, "LAG", 1e308), Change(0.9, "F", -1.0)],
        Status.EVENT_ERROR,
    ),
}


def run(model, people, **options):
    """Solve people given as (what differs from the healthy, events)."""
    columns = {name: [{**HEALTHY, **changes}[name] for changes, _ in people] for name in HEALTHY}
    return solve(
        model,
        columns,
        [events for _, events in people],
        ["a", "b", "c", "d", "e", "g", "y"],
        TIMES,
        summaries=[Summary("g", "max"), Summary("y", "mean")],
        rtol=1e-6,
        **options,
    )


def bits(solution, person):
    """Everything about one person, to the last bit."""
    arrays = [*solution.values.values(), *solution.summaries.values(), solution.steps, solution.status]
    return [array[person].tobytes() for array in arrays]


@pytest.mark.parametrize("case", CASES)
def test_the_flag_says_what_happened(model, case):
    changes, events, flag = CASES[case]
    solution = run(model, [(changes, events)])
    assert solution.failed == {0: flag}
    assert list(solution.details) == [0]
    assert solution.details[0]
    assert all(np.isnan(values).all() for values in solution.values.values())
    assert all(np.isnan(values).all() for values in solution.summaries.values())


@pytest.mark.parametrize("workers", [1, 2])
def test_those_who_fail_leave_the_others_untouched(model, workers):
    well = [({}, dosed()), ({"kout": 3.0}, []), ({"grow": 0.2}, [Change(1.0, "kout", 0.1)])]
    failing = [(changes, events) for changes, events, _ in CASES.values()]
    mixed = [person for number, one in enumerate(failing) for person in (one, well[number % 3])]
    alone = run(model, well)
    beside = run(model, mixed, workers=workers)
    assert not alone.failed
    assert list(beside.failed) == list(range(0, len(mixed), 2))
    assert list(beside.failed.values()) == [flag for _, _, flag in CASES.values()]
    for number in range(len(failing)):
        assert bits(beside, 2 * number + 1) == bits(alone, number % 3)


def test_too_many_steps(model, monkeypatch):
    well = run(model, [({}, [])])
    monkeypatch.setattr(batch, "MAX_STEPS", 40)
    solution = run(model, [({}, []), ({"beat": 1e4}, []), ({}, [])])
    assert solution.failed == {1: Status.MAX_STEPS}
    assert solution.details[1].startswith("after time")
    assert solution.steps[1].sum() == 41
    assert bits(solution, 0) == bits(solution, 2) == bits(well, 0)


def test_too_many_steps_without_any_output_in_sight(make_sbml):
    fast = compile(make_sbml("model m; x = 1; x' = cos(1e7*time); end", "m"))
    solution = solve(fast, {}, [[]], ["x"], [0.0, 1.0])
    assert solution.failed == {0: Status.MAX_STEPS}
    assert solution.steps[0].sum() == batch.MAX_STEPS + 1


def test_what_is_not_asked_for_may_have_no_value(model):
    columns = {**HEALTHY, "edge": -1.0}
    solution = solve(model, columns, [[]], ["a"], TIMES)
    assert not solution.failed


def test_a_detail_names_the_time_or_the_output(model):
    assert "y is not finite at time 1.25" in run(model, [({"edge": 1.1}, [])]).details[0]
    assert run(model, [({"grow": 1.0}, [])]).details[0].startswith("after time 1")
    assert "LAG" in run(model, [({"LAG": -1.0}, dosed(lag="LAG"))]).details[0]
    assert "F = -0.1" in run(model, [({"F": -0.1}, dosed())]).details[0]


@pytest.mark.parametrize(
    ("rate", "start", "flag"),
    [
        ("1 + sqrt(1 - x)", 0.0, Status.SOLVER_FAILED),
        ("1 - 0.1*ln(1 - x)", 0.0, Status.SOLVER_FAILED),
        ("1 + (1 - x)^p", 0.0, Status.SOLVER_FAILED),
        ("-1 - sqrt(x)", 1.0, Status.SOLVER_FAILED),
        ("x^2", 1.0, Status.STEP_TOO_SMALL),
        ("exp(x)", 0.0, Status.STEP_TOO_SMALL),
        ("400*x", 1.0, Status.NON_FINITE),
        ("1/(1 - x)", 0.0, Status.STEP_TOO_SMALL),
        ("sqrt(-1 - x)", 0.0, Status.NON_FINITE),
    ],
)
def test_why_no_step_is_small_enough(make_sbml, rate, start, flag):
    model = compile(make_sbml(f"model m; p = 0.3; x = {start}; x' = {rate}; end", "m"))
    solution = solve(model, {}, [[]], ["x"], [0.0, 0.25, 4.0])
    assert solution.failed == {0: flag}


@pytest.mark.parametrize(
    ("changes", "dose", "flag"),
    [
        ({"kout": 0.0}, {"interval": 1.0}, Status.NO_STEADY_STATE),
        ({"kout": -0.1}, {"interval": 1.0, "lag": 0.5}, Status.NO_STEADY_STATE),
        ({"kout": 0.0}, {"amount": 0.0, "rate": 1.0}, Status.NO_STEADY_STATE),
        ({"grow": 1.0}, {"interval": 1.0}, Status.STEP_TOO_SMALL),
        ({"pull": 1.0}, {"interval": 3.0}, Status.SOLVER_FAILED),
        ({"kout": math.nan}, {"interval": 1.0}, Status.NON_FINITE),
    ],
)
@pytest.mark.parametrize("kind", [1, 2])
def test_a_steady_state_that_is_not_found(settling, changes, dose, flag, kind):
    dose = Dose(**{"time": 1.0, "amount": 10.0, "target": "g", "steady_state": kind, **dose})
    columns = {name: [default, changes.get(name, default)] for name, default in settling.parameters.items()}
    solution = solve(settling, columns, [[dose]] * 2, ["g", "a"], [0.0, 1.0, 2.0])
    assert solution.failed == {1: flag}
    assert np.isfinite(solution.values["g"][0]).all()


def test_a_number_of_the_model_without_a_value_is_found_in_a_steady_state_too(make_sbml):
    model = compile(make_sbml("model m; c = 2/0; x = c; x' = -x; g = 0; g' = -g; end", "m"))
    dose = Dose(0.0, 1.0, "g", interval=1.0, steady_state=1)
    solution = solve(model, {}, [[dose], []], ["g"], [0.0, 2.0])
    assert solution.failed == {0: Status.NON_FINITE, 1: Status.NON_FINITE}
