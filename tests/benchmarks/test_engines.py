"""The adapters that need nothing beyond the test environment solve the same problem."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
import roadrunner

from benchmarks.peak import Peak
from benchmarks.peers.copasi import with_doses
from benchmarks.peers.interface import Failed
from benchmarks.peers.libroadrunner import LibRoadRunner
from benchmarks.peers.ours import Ours
from benchmarks.precision import Point, errors
from benchmarks.problem import ABSOLUTE, Problem, problem
from benchmarks.rounds import Course, Rounds
from benchmarks.summary import peak_share


@pytest.fixture(params=["main", "stiff34"])
def three_nights(request: pytest.FixtureRequest) -> Problem:
    return problem(request.param, 3)


def test_times_and_dose_instants() -> None:
    short = problem("stiff34", 2)
    assert len(problem("stiff34").times) == 2017
    assert short.times[~short.away_from_doses].tolist() == [0.0, 24.0]


def test_our_adapter_and_libroadrunner_solve_the_same_people(three_nights: Problem) -> None:
    ours, theirs = Ours(), LibRoadRunner()
    ours.batch = 2
    found = []
    for engine in (ours, theirs):
        engine.prepare(three_nights)
        measured = engine.measure(2, 1e-8)
        assert measured.values.shape == (2, 73, len(three_nights.states))
        assert measured.cpu > 0.0
        found.append(measured.values)
    largest, _ = errors(found[0], found[1], three_nights.away_from_doses)
    assert largest < 1e-5
    assert np.abs(found[0][0] - found[0][1]).max() > 0.01  # two persons, not one twice


def test_doses_as_sbml_events_are_the_same_doses(three_nights: Problem) -> None:
    nightly = LibRoadRunner()
    nightly.prepare(three_nights)
    expected = nightly.measure(1, 1e-8).values
    runner = roadrunner.RoadRunner(with_doses(three_nights))
    runner.timeCourseSelections = list(three_nights.states)
    for name, value in three_nights.person(0).items():
        runner.setValue(name, value)
    runner.reset()
    runner.setValue(three_nights.target, three_nights.amount)
    runner.integrator.relative_tolerance, runner.integrator.absolute_tolerance = 1e-8, 1e-8 * ABSOLUTE
    found = np.array(runner.simulate(0.0, 72.0, 73))[None]
    assert errors(found, expected, three_nights.away_from_doses)[0] < 1e-5


def test_the_share_of_the_peak_counts_steps_times_operations() -> None:
    """1000 steps of 200 operations in 1 ms are 2e8 a second: a tenth of a processor that does 2e9."""
    ours = Ours()
    ours.model = SimpleNamespace(work={"flops_per_step": 200.0})  # type: ignore[assignment]
    ours.steps = {1e-6: 1000.0, 1e-5: 400.0}
    course = Course(ours, cpu=[[Point(1e-5, 1e-4, 0.0005), Point(1e-6, 1e-6, 0.001)]])
    rounds = Rounds(problem("stiff34"), 1, [course], [Peak(2e9, 8)])
    assert peak_share(rounds) == pytest.approx(0.1)
    ours.steps = {1e-6: None}
    assert peak_share(rounds) is None


def test_a_person_that_fails_is_no_measurement(monkeypatch: pytest.MonkeyPatch) -> None:
    ours = Ours()
    ours.problem, ours.batch = problem("stiff34", 1), 1
    monkeypatch.setattr(ours, "solve_batch", lambda people, rtol: SimpleNamespace(failed={0: "status"}))
    with pytest.raises(Failed, match="persons"):
        ours.measure(1, 1e-6)
