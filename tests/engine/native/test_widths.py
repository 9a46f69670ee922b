"""One lane or many: the same solution, to the tolerance; the same steps, but for rounding."""

import numpy as np
import pytest

from lowdose.engine import Change, Dose, Summary
from lowdose.engine import compiled as module
from lowdose.engine.native.machine import this_machine
from lowdose.engine.solve import solve

TEXT = """
model m
    KA = 1.5; CL = 4; V = 20; n = 2.3; p = 0.4; kin = 2; kout = 0.4; fast = 80; peak = 8
    gut = 0; gut' = -KA*gut
    blood = 0; blood' = KA*gut - CL/V*blood
    hour := time - 24*floor(time/24)
    light := piecewise(1, (hour >= 7) && (hour < 19), 0.2, hour >= 22, 0.5)
    drive := kin*(1 + 0.3*cos(2*pi*(time - peak)/24))*exp(-0.1*blood^p)
    response = 5; response' = drive - kout*response*response^n/(4^n + response^n)
    echo = 5; echo' = fast*(response - echo)
    mrna = 1; mrna' = light*ln(1 + echo) - 0.3*mrna^1.5 + sqrt(blood)*tanh(mrna)
    seen := max(min(mrna, 4), 0.5) + blood^2/(1 + blood^2) + arctan(echo)
end
"""
OUTPUTS = ("blood", "response", "echo", "mrna", "seen", "light", "drive")
TIMES = np.linspace(0.0, 60.0, 121)
EVENTS = [
    [Dose(0.0, 30.0, "gut", interval=24.0, additional=2)],
    [Dose(3.0, 20.0, "blood", duration=5.0), Change(20.0, "n", 1.1)],
    [],
    [Dose(10.0, 5.0, "blood")],
    [Dose(1.0, 5.0, "gut"), Change(30.0, "kin", 3.0)],
] * 3
PARAMETERS = {"KA": np.linspace(0.5, 2.0, 15), "n": np.linspace(1.0, 3.0, 15), "p": np.linspace(0.3, 2.5, 15)}
SUMMARIES = [Summary("seen", "mean", 10.0, 40.0), Summary("response", "max"), Summary("mrna", "time_above", level=2.0)]


@pytest.fixture(scope="module")
def solved(make_sbml):
    """The same people at each width."""
    text = make_sbml(TEXT, "m")
    found = {}
    for width in (1, 2, 4, 8):
        with pytest.MonkeyPatch.context() as patch:
            machine = this_machine(width)
            patch.setattr(module, "this_machine", lambda machine=machine: machine)
            model = module._build(text, f"width {width}")
            found[width] = solve(model, PARAMETERS, EVENTS, OUTPUTS, TIMES, summaries=SUMMARIES, rtol=1e-9, atol=1e-11)
    return found


@pytest.mark.parametrize("width", [1, 2, 4, 8])
def test_nobody_fails(solved, width):
    assert not solved[width].failed


@pytest.mark.parametrize("width", [2, 4, 8])
@pytest.mark.parametrize("output", OUTPUTS)
def test_every_width_gives_the_same_course(solved, width, output):
    assert solved[width].values[output] == pytest.approx(solved[1].values[output], rel=1e-7, abs=1e-8)


@pytest.mark.parametrize("width", [2, 4, 8])
def test_every_width_gives_the_same_summaries(solved, width):
    for summary, values in solved[width].summaries.items():
        assert values == pytest.approx(solved[1].summaries[summary], rel=1e-7)


@pytest.mark.parametrize("width", [2, 4, 8])
def test_every_width_takes_nearly_the_same_steps(solved, width):
    """Where a rate jumps, rounding decides where exactly the steps before it end."""
    ours, theirs = solved[width].steps.sum(axis=1), solved[1].steps.sum(axis=1)
    assert ours == pytest.approx(theirs, rel=0.08)
    assert ours.sum() == pytest.approx(theirs.sum(), rel=0.02)


def test_a_tighter_solve_agrees(solved, make_sbml):
    model = module._build(make_sbml(TEXT, "m"), "tight")
    tight = solve(model, PARAMETERS, EVENTS, OUTPUTS, TIMES, rtol=1e-12, atol=1e-13)
    assert not tight.failed
    for name, values in tight.values.items():
        assert solved[1].values[name] == pytest.approx(values, rel=2e-7, abs=1e-7)
