import math

import numpy as np
import pytest

from lowdose.engine import Change, Dose, compile, solve
from lowdose.engine.native.build import write_program
from lowdose.engine.native.equations import Equations
from lowdose.engine.native.graph import Level
from lowdose.engine.native.machine import this_machine
from lowdose.engine.native.rodas5p import GAMMA
from lowdose.engine.sbml import Description

K_TIMES_X = ("times", "k", "x")


def describe(rates, *, assigned=None, constants=None, parameters=("k", "a", "n")):
    return Description(
        rates, dict.fromkeys(rates, 1.0), dict.fromkeys(parameters, 0.5), constants or {}, assigned or {}, {}
    )


def reached(equations, task):
    """Operations that a task's results need."""
    graph = equations.graph
    left, seen = [node for node, _, _ in equations.tasks[task].results], set()
    while left:
        node = left.pop()
        if node not in seen:
            seen.add(node)
            operation, *arguments = graph.nodes[node]
            if operation not in ("input", "number", "truth"):
                left += [argument for argument in arguments if isinstance(argument, int)]
    return [graph.nodes[node] for node in sorted(seen)]


def tamed(formula):
    """Whether the slope of a rate is looked at before it is used."""
    return any(node[0] == "select" for node in reached(Equations(describe({"x": formula})), "first"))


@pytest.mark.parametrize(
    "formula",
    [
        ("sqrt", "x"),
        ("power", "x", 0.5),
        ("power", "x", 0.3),
        ("power", "x", "n"),
        ("divide", "k", ("power", "x", 2.0)),
        ("divide", 1.0, "x"),
        ("ln", "x"),
        ("arcsin", "x"),
        ("times", "k", ("sqrt", ("plus", "x", ("time",)))),
        ("sinh", "x"),
        ("tan", "x"),
    ],
)
def test_a_slope_that_may_be_infinite_is_tamed(formula):
    assert tamed(formula)


@pytest.mark.parametrize(
    "formula",
    [
        K_TIMES_X,
        ("power", "x", 2.0),
        ("times", "x", "x", ("divide", "k", "a")),
        ("sin", "x"),
        ("exp", "x"),
        ("tanh", "x"),
        ("times", ("power", "k", "a"), "x"),
        ("times", "x", ("sin", ("time",))),
    ],
)
def test_a_slope_that_is_always_finite_costs_nothing_more(formula):
    assert not tamed(formula)


def test_a_slope_that_no_rule_gives_counts_as_none():
    equations = Equations(describe({"x": ("minus", ("factorial", "x")), "y": ("minus", "x")}))
    shift = equations.graph.input("shift", 0)
    assert ("pivot", shift) in reached(equations, "first")


def test_only_what_changes_with_time_drifts():
    rates = {"x": K_TIMES_X, "y": ("times", "k", ("time",)), "z": "s", "w": ("floor", ("time",))}
    equations = Equations(describe(rates, assigned={"s": ("times", "x", ("sin", ("time",)))}))
    assert equations.drifting == (1, 2)
    assert Equations(describe({"x": K_TIMES_X})).drifting == ()


def test_what_is_known_is_computed_before_the_steps():
    rates = {"x": ("times", "x", ("exp", ("times", "k", "a")), ("divide", 1.0, "n"))}
    equations = Equations(describe(rates))
    hoisted = [equations.graph.nodes[node][0] for node in equations.slots]
    assert "multiply" in hoisted or "call" in hoisted
    for task in ("rates", "stage"):
        for node, _, _ in equations.tasks[task].results:
            path, seen = [node], set()
            while path:
                node = path.pop()
                if node in equations.slots or node in seen:
                    continue
                seen.add(node)
                operation, *arguments = equations.graph.nodes[node]
                assert operation != "call"
                if operation not in ("input", "number", "truth"):
                    path += [argument for argument in arguments if isinstance(argument, int)]
    assert all(equations.graph.levels[node] == Level.GIVEN for node in equations.slots)


def test_every_name_can_be_put_out():
    model = describe({"x": K_TIMES_X}, assigned={"y": "x", "z": "k"}, constants={"c": ("times", 2.0, "k")})
    assert Equations(model).observable == ("x", "y", "z", "c")


@pytest.mark.parametrize("width", [1, 2, 4, 8])
def test_the_program_is_the_same_every_time(width):
    model = describe({"x": ("plus", K_TIMES_X, "y"), "y": ("power", "x", "n")}, assigned={"s": ("sin", ("time",))})
    assert write_program(model, this_machine(width)) == write_program(model, this_machine(width))


@pytest.mark.parametrize("width", [1e-3, 0.1, 3.0])
def test_the_first_stage_solves_the_linear_system_of_the_step(computed, width):
    """Against slopes by differences, through names that use each other."""
    assigned = {
        "c": ("divide", "x", ("plus", 1.0, "y")),
        "d": ("times", "c", ("exp", ("minus", ("times", "k", ("time",))))),
        "e": ("piecewise", ("power", "d", "n"), ("gt", "d", 0.1), ("power", "z", 2.5)),
        "g": ("max", ("ln", ("plus", "z", 2.0)), ("times", "a", "e")),
    }
    rates = {
        "x": ("minus", ("times", "k", "y", "z"), ("times", "d", "x")),
        "y": ("plus", "e", ("minus", ("sqrt", "y")), ("sin", ("time",))),
        "z": ("minus", ("divide", ("times", "a", "g"), ("plus", "k", "x")), "z"),
        "w": ("minus", "z", ("times", "w", ("tanh", "w"))),
    }
    equations = Equations(describe(rates, assigned=assigned))
    graph = equations.graph
    point, moment = np.array([1.3, 0.7, 0.4, 2.1]), 0.6
    inflow = np.array([0.0, 0.5, 0.0, 0.2])

    def values(state, time):
        inputs = {("state", row): value for row, value in enumerate(state)}
        inputs |= {("parameter", row): value for row, value in enumerate([0.5, 0.8, 1.7])}
        inputs |= {("inflow", row): value for row, value in enumerate(inflow)}
        inputs |= {("right", row): 0.0 for row in range(4)} | {("time", 0): time, ("length", 0): width}
        inputs |= {("shift", 0): 1.0 / (width * GAMMA)} | {("factor", row): 1.0 for row in range(100)}
        return computed(graph, inputs)

    def speed(state, time):
        found = values(state, time)
        return np.array([found[node] for node, _, _ in equations.tasks["rates"].results])

    small = 1e-6
    jacobian = np.array(
        [
            (speed(point + small * unit, moment) - speed(point - small * unit, moment)) / (2 * small)
            for unit in np.eye(4)
        ]
    ).T
    drift = (speed(point, moment + small) - speed(point, moment - small)) / (2 * small)
    right = speed(point, moment) + width * GAMMA * drift
    found = values(point, moment)
    first = [found[node] for node, region, _ in equations.tasks["first"].results if region == "increment"]
    assert first == pytest.approx(np.linalg.solve(np.eye(4) / (width * GAMMA) - jacobian, right), rel=1e-7)
    drifts = [found[node] for node, region, _ in equations.tasks["first"].results if region == "drift"]
    assert drifts == pytest.approx(drift[list(equations.drifting)], rel=1e-7)


# What it means for a person


@pytest.fixture(scope="module")
def edges(make_sbml):
    """Rates whose slopes are infinite where the states start."""
    text = """
    model m
        p = 0.5; k = 1
        well = 0; well' = -sqrt(well)
        pump = 0; pump' = -k*pump^p
        lake = 0; lake' = 1 - lake^0.3
        counted = 1; counted' = -factorial(2)*counted + 0*factorial(abs(counted))
        jump = 0; jump' = piecewise(1/jump, jump > 1, 1)
    end
    """
    return compile(make_sbml(text, "m"))


def test_infinite_slopes_at_the_start_are_survived(edges):
    times = np.linspace(0.0, 3.0, 31)
    solution = solve(edges, {"p": [0.5, 0.9, 1.0, 2.0]}, [[]] * 4, edges.states, times, rtol=1e-8)
    assert not solution.failed, solution.details
    assert (solution.values["well"] == 0.0).all()
    assert (solution.values["pump"] == 0.0).all()
    lake = solution.values["lake"]
    assert (np.diff(lake) > 0.0).all()
    assert lake[0] == pytest.approx(lake[3], rel=1e-7)


def test_a_rate_without_a_derivative_is_solved_all_the_same(edges):
    times = np.linspace(0.0, 2.0, 5)
    values = solve(edges, {}, [[]], ["counted", "jump"], times, rtol=1e-8).values
    assert values["counted"][0] == pytest.approx(np.exp(-2.0 * times), rel=1e-6)
    after = np.sqrt(np.maximum(2.0 * times - 1.0, 0.0))  # x x' = 1 from x(1) = 1
    assert values["jump"][0] == pytest.approx(np.where(times < 1.0, times, after), rel=1e-6)


def test_what_is_known_follows_the_parameters(make_sbml):
    text = "model m; k = 0.5; a = 2; x = 1; x' = -k^a*exp(-a)*x; rate := k^a*exp(-a); end"
    model = compile(make_sbml(text, "m"))
    events = [[Change(1.0, "k", 1.5), Change(2.0, "a", 1.0)], [Dose(1.0, 1.0, "x")]]
    values = solve(model, {}, events, ["rate", "x"], [0.0, 1.0, 2.0, 3.0], rtol=1e-10).values
    exact = [k**a * math.exp(-a) for k, a in ((0.5, 2.0), (1.5, 2.0), (1.5, 1.0), (1.5, 1.0))]
    assert values["rate"][0] == pytest.approx(exact, rel=1e-14)
    decay = np.exp(-np.cumsum([0.0, exact[0], exact[1], exact[2]]))
    assert values["x"][0] == pytest.approx(decay, rel=1e-8)
    assert values["rate"][1] == pytest.approx(np.full(4, exact[0]), rel=1e-14)
