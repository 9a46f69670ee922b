"""CVODE through libRoadRunner, which compiles the SBML itself."""

from __future__ import annotations

import os

import numpy as np

from benchmarks.peers.interface import Array, Engine, NotRun
from benchmarks.problem import ABSOLUTE, DAY, MOST, Problem


class LibRoadRunner(Engine):
    key = "libroadrunner"
    title = "libRoadRunner CVODE"
    package = "libroadrunner"
    dosing = "one call a night, the dose added between"
    form = "SBML compiled by LLVM; its CVODE makes the Jacobian by differences (dosing by SBML events took as long)"

    def prepare(self, problem: Problem) -> None:
        os.environ.setdefault("SUNLOGGER_WARNING_FILENAME", os.devnull)
        try:
            import roadrunner
        except ImportError as error:
            raise NotRun(str(error)) from error
        self.problem = problem
        self.runner = roadrunner.RoadRunner(problem.sbml)
        self.runner.timeCourseSelections = list(problem.states)
        self.people = problem.parameters(MOST)

    def solve(self, person: int, rtol: float) -> Array:
        problem, runner = self.problem, self.runner
        runner.resetAll()
        for name, values in self.people.items():
            runner.setValue(name, float(values[person]))
        runner.reset()  # initial values that follow from parameters are computed again
        integrator = runner.integrator
        integrator.relative_tolerance, integrator.absolute_tolerance = rtol, rtol * ABSOLUTE
        found = np.empty((len(problem.times), len(problem.states)))
        day = int(DAY)
        for night in range(problem.nights):
            runner.setValue(problem.target, runner.getValue(problem.target) + problem.amount)
            found[day * night : day * (night + 1) + 1] = runner.simulate(DAY * night, DAY * (night + 1), day + 1)
        return found
