"""The engine of this repository, called as anybody calls it."""

from __future__ import annotations

import time
from collections.abc import Mapping

import numpy as np

from benchmarks.peers.interface import Array, Engine, Failed, Measured
from benchmarks.problem import ABSOLUTE, DAY, Problem
from lowdose import engine


class Ours(Engine):
    key = "lowdose"
    title = "lowdose"
    package = "lowdose"
    dosing = "84 dose events a person"
    form = "one call for a batch of people"
    batch = 256
    tolerances = (1e-4, 1e-5, 1e-6, 1e-7, 1e-8)
    quick_tolerances = (1e-4, 1e-5)

    def prepare(self, problem: Problem) -> None:
        self.problem = problem
        self.form = f"one call for a batch of {self.batch} people"
        self.model = engine.compile(problem.sbml)
        self.events = [engine.Dose(DAY * night, problem.amount, problem.target) for night in range(problem.nights)]
        self.steps: dict[float, float | None] = {}
        self.solve_batch(1, 1e-3)

    def solve(self, person: int, rtol: float) -> Array:
        raise NotImplementedError("people are solved together")

    def solve_batch(self, people: int, rtol: float, workers: int = 1) -> engine.Solution:
        """The first people, all states, every hour."""
        problem = self.problem
        return engine.solve(
            self.model,
            problem.parameters(people),
            [self.events] * people,
            problem.states,
            problem.times,
            rtol=rtol,
            atol=rtol * ABSOLUTE,
            workers=workers,
        )

    def measure(self, persons: int, rtol: float) -> Measured:
        people = max(persons, self.batch)
        start_cpu, start_wall = time.process_time(), time.perf_counter()
        solved = self.solve_batch(people, rtol)
        cpu, wall = time.process_time() - start_cpu, time.perf_counter() - start_wall
        if solved.failed:
            raise Failed(f"persons {sorted(solved.failed)}")
        self.steps[rtol] = attempted_steps(solved)
        states = [solved.values[name][:persons] for name in self.problem.states]
        return Measured(np.stack(states, axis=-1), cpu / people, wall / people)

    def scaling(self, rtol: float, workers: int) -> float:
        """Speed-up of several workers over one, on two batches."""
        walls = []
        for count in (1, workers):
            start = time.perf_counter()
            self.solve_batch(2 * self.batch, rtol, count)
            walls.append(time.perf_counter() - start)
        return walls[0] / walls[1]


def attempted_steps(solution: engine.Solution) -> float | None:
    """Steps a person, accepted and rejected, on average; None where the engine does not tell."""
    steps = getattr(solution, "steps", None)
    return None if steps is None else float(np.sum(steps)) / len(steps)


def work(model: engine.CompiledModel) -> Mapping[str, float]:
    """Operations of a step as the engine counted them in its own code; empty where it does not tell."""
    return dict(getattr(model, "work", None) or {})
