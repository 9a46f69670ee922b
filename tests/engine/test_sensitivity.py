"""Derivatives beside differences of high order, which know nothing of how the derivatives were made."""

import dataclasses

import numpy as np
import pytest

from lowdose.engine import (
    Amount,
    Change,
    Dose,
    EngineError,
    Reset,
    Start,
    Status,
    Time,
    UnknownName,
    compile,
    sensitivities,
    solve,
)
from lowdose.model import assemble, hypothesis_names

DEPOT = """
model depot
    KA = 1.5; CL = 1.1; V = 20; RATE = 10; DURATION = 4; LAG = 2; F = 0.5; n = 1.7
    Depot = 0; Central = 0; Effect = 1
    Depot' = -KA*Depot
    Central' = KA*Depot - CL/V*Central
    C := Central/V
    Effect' = (1 + 0.2*sin(time/4))/(1 + C^n) - 0.3*Effect
end
"""
STEPS = np.array([-3, -2, -1, 1, 2, 3])
WEIGHTS = np.array([-1, 9, -45, 45, -9, 1]) / 60.0
"""Central difference of order 6."""


@pytest.fixture(scope="module")
def depots(make_sbml):
    sbml = make_sbml(DEPOT, "depot")
    return compile(sbml), compile(sbml, slopes=True)


def step_of(model, parameters, direction):
    value = parameters.get(direction, model.parameters[direction]) if isinstance(direction, str) else 1.0
    return 1e-3 * (abs(value) or 1.0)


def differences(model, parameters, events, outputs, times, directions):
    """Derivatives of outputs, shape (outputs, directions, T), by differences of order 6, all people in one solve."""
    moves = [(direction, step) for direction in directions for step in STEPS]
    columns = {name: np.full(len(moves), parameters.get(name, value)) for name, value in model.parameters.items()}
    everyone = []
    for person, (direction, step) in enumerate(moves):
        by = step * step_of(model, parameters, direction)
        moved = list(events)
        if isinstance(direction, str):
            columns[direction][person] += by
        else:
            field, dose = "amount" if isinstance(direction, Amount) else "time", moved[direction.event]
            moved[direction.event] = dataclasses.replace(dose, **{field: getattr(dose, field) + by})
        everyone.append(moved)
    found = solve(model, columns, everyone, outputs, times, rtol=1e-12, atol=1e-14)
    assert not found.failed, found.details
    values = np.stack([found.values[name] for name in outputs]).reshape(len(outputs), len(directions), 6, -1)
    sizes = np.array([step_of(model, parameters, direction) for direction in directions])
    return np.einsum("s,odst->odt", WEIGHTS, values) / sizes[:, None]


def compare(pair, parameters, events, outputs, times, directions, *, close=1e-5):
    """Every derivative is that of the differences, within ``close`` of its largest value over time."""
    model, with_slopes = pair
    found = sensitivities(with_slopes, parameters, [events], outputs, times, directions, rtol=1e-9, atol=1e-13)
    assert not found.details
    expected = differences(model, parameters, events, outputs, times, directions)
    for row, name in enumerate(outputs):
        for number, direction in enumerate(directions):
            scale = np.abs(expected[row, number]).max()
            off = np.abs(found.slopes[name][0, number] - expected[row, number]).max()
            noise = 1e-13 * np.abs(found.values[name]).max() / step_of(model, parameters, direction)
            assert off <= close * scale + noise, (direction, name, off / scale)


TIMES = np.array([0.0, 0.7, 2.3, 3.9, 6.1, 8.2, 10.4, 15.0, 24.5, 30.0, 47.9])


def test_exponential_decay_is_exact(make_sbml):
    model = compile(make_sbml("model m; k = 0.3; A = 0; A' = -k*A; end", "m"), slopes=True)
    times = np.linspace(1.0, 20.0, 20)
    directions = ["k", Amount(0), Time(0), Start("A")]
    found = sensitivities(model, {}, [[Dose(0.5, 10.0, "A")]], ["A"], [0.0, *times], directions, rtol=1e-10)
    decay = np.exp(-0.3 * (times - 0.5))
    exact = [-(times - 0.5) * 10.0 * decay, decay, 3.0 * decay, np.exp(-0.3 * times)]
    assert found.values["A"][0, 1:] == pytest.approx(10.0 * decay, rel=1e-9)
    for number, expected in enumerate(exact):
        assert found.slopes["A"][0, number, 1:] == pytest.approx(expected, rel=1e-8)


@pytest.mark.parametrize(
    ("dose", "named"),
    [
        (Dose(1.0, 100.0, "Depot", bioavailability="F", interval=10.0, additional=2), ["F"]),
        (Dose(1.0, 100.0, "Central", rate="RATE", lag="LAG", bioavailability="F"), ["RATE", "LAG", "F"]),
        (Dose(1.0, 100.0, "Central", duration="DURATION", bioavailability="F", lag=0.4), ["DURATION", "F"]),
        (Dose(1.0, 60.0, "Central", rate=20.0, interval=8.0, additional=1), []),
    ],
)
def test_doses_in_every_way(depots, dose, named):
    directions = ["KA", "CL", "V", "n", *named, Amount(1), Time(1)]
    events = [Dose(0.5, 30.0, "Depot"), dose]
    compare(depots, {}, events, ["C", "Effect", "Depot"], TIMES, directions)


def test_through_resets_and_changes(depots):
    events = [
        Dose(0.2, 50.0, "Depot", lag="LAG"),
        Change(5.0, "CL", 2.2),
        Dose(9.0, 80.0, "Central", rate=10.0),
        Reset(12.0),
        Dose(12.5, 50.0, "Depot"),
        Dose(20.0, 20.0, "Central", reset=True),
    ]
    directions = ["KA", "CL", "V", "LAG", Amount(0), Time(0), Amount(2), Time(2), Time(5)]
    compare(depots, {}, events, ["C", "Effect"], TIMES, directions)


def test_starts_and_what_follows_from_them(make_sbml):
    sbml = make_sbml("model m; k = 0.3; a = 2; x = a^2; c = 3*x; x' = -k*x*c; y := x + c; end", "m")
    pair = compile(sbml), compile(sbml, slopes=True)
    compare(pair, {}, [], ["x", "y", "c"], np.array([0.0, 0.1, 0.5]), ["a", "k"])


@pytest.mark.parametrize("name", hypothesis_names())
def test_every_parameter_of_every_shipped_model(name):
    sbml = assemble(name)
    pair = compile(sbml), compile(sbml, slopes=True)
    model = pair[0]
    events = [Dose(2.0 + 24.0 * night, 4.5, "capsule", bioavailability=0.05) for night in range(3)]
    if name == "imposed":
        block = next(parameter for parameter in model.parameters if "block" in parameter)
        events += [Change(2.0, block, 0.9), Change(8.0, block, 0.0)]
    outputs = ["naltrexone_central", "beta_endorphin", "met_enkephalin", "mu_receptors_central"]
    times = np.array([0.0, 1.5, 3.1, 6.0, 12.0, 25.0, 30.0, 49.0, 60.0, 72.0])
    compare(pair, {}, events, outputs, times, [*model.parameters, Amount(0), Time(1)])


def test_the_matrix_is_factorised_once_for_both():
    from lowdose.engine.native.equations import Equations
    from lowdose.engine.sbml import read
    from lowdose.engine.tangent import tangent

    plain = read(assemble())
    pivots = [
        sum(operation[0] == "pivot" for operation in Equations(model).graph.nodes) for model in (plain, tangent(plain))
    ]
    assert pivots[0] == pivots[1]


def test_people_and_failures_stay_apart(depots):
    _, model = depots
    events = [[Dose(0.5, 30.0, "Depot")], [Dose(0.5, 30.0, "Depot", lag="LAG")], [Dose(0.5, 30.0, "Depot")]]
    parameters = {"LAG": [1.0, -1.0, 1.0], "CL": [1.0, 1.0, 2.0]}
    found = sensitivities(model, parameters, events, ["C"], TIMES, ["CL", Time(0)])
    alone = sensitivities(model, {"CL": 2.0, "LAG": 1.0}, events[2:], ["C"], TIMES, ["CL", Time(0)], workers=2)
    assert found.status.tolist() == [0, int(Status.EVENT_ERROR), 0]
    assert "LAG" in found.details[1]
    assert np.isnan(found.slopes["C"][1]).all()
    assert np.isnan(found.values["C"][1]).all()
    assert np.array_equal(found.slopes["C"][2], alone.slopes["C"][0])


@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        ({"directions": ["CLx"]}, UnknownName, "no parameter is named 'CLx'"),
        ({"directions": [Start("x")]}, UnknownName, "no state is named 'x'"),
        ({"directions": [Amount(1)]}, EngineError, "event 1 is not a dose"),
        ({"outputs": ["Cx"]}, UnknownName, "no output is named 'Cx'"),
        ({"outputs": ["δC"]}, UnknownName, "no output is named"),
    ],
)
def test_refused(depots, change, error, message):
    call = {"parameters": {}, "events": [[Dose(0.0, 1.0, "Depot")]], "outputs": ["C"], "times": [0.0, 1.0]}
    with pytest.raises(error, match=message):
        sensitivities(depots[1], **{**call, "directions": ["CL"], **change})


def test_a_model_without_slopes_is_refused(depots):
    with pytest.raises(EngineError, match="carries no slopes"):
        sensitivities(depots[0], {}, [[]], ["C"], [0.0], ["CL"])


def test_a_steady_state_record_is_refused_for_that_person(depots):
    events = [[Dose(0.0, 10.0, "Depot", interval=12.0, steady_state=1)]]
    found = sensitivities(depots[1], {}, events, ["C"], [0.0, 1.0], ["CL"])
    assert found.status.tolist() == [int(Status.EVENT_ERROR)]
    assert "steady-state" in found.details[0]
