"""SUNDIALS' CVODE through scikit-sundae, right-hand side and Jacobian compiled by Numba."""

from __future__ import annotations

import os

import numpy as np

from benchmarks.peers.compiled import compiled
from benchmarks.peers.interface import Array, Engine, Failed, NotRun
from benchmarks.problem import ABSOLUTE, DAY, MOST, Problem


class ScikitSundae(Engine):
    key = "scikit_sundae"
    title = "scikit-sundae CVODE"
    package = "scikit-sundae"
    dosing = "one call a night, the dose added between"
    form = "BDF, rates and analytic Jacobian compiled by Numba, dense linear solver (sparse and LAPACK were slower)"

    def prepare(self, problem: Problem) -> None:
        os.environ.setdefault("SUNLOGGER_WARNING_FILENAME", os.devnull)
        try:
            from sksundae.cvode import CVODE
        except ImportError as error:
            raise NotRun(str(error)) from error
        self.solver, self.problem, self.code = CVODE, problem, compiled(problem)
        self.people = [self.code.person(number) for number in range(MOST)]
        self.solve(0, 1e-3)

    def solve(self, person: int, rtol: float) -> Array:
        problem, (start, known) = self.problem, self.people[person]
        compiled_rates, compiled_jacobian = self.code.rates, self.code.jacobian
        now, copy = np.empty(len(start)), np.copyto

        # Numba takes twenty times as long to be called with a read-only array, which is what CVODE hands over.
        def rates(t: float, y: Array, change: Array) -> None:
            copy(now, y)
            compiled_rates(t, now, known, change)

        def jacobian(t: float, y: Array, change: Array, matrix: Array) -> None:
            copy(now, y)
            compiled_jacobian(t, now, known, matrix)

        solver = self.solver(
            rates,
            jacfn=jacobian,
            rtol=rtol,
            atol=rtol * ABSOLUTE,
            max_num_steps=100_000,
            linsolver="dense",
        )
        found = np.empty((len(problem.times), len(start)))
        state = start.copy()
        for night in range(problem.nights):
            state[problem.dosed] += problem.amount
            first = int(DAY) * night
            part = solver.solve(problem.times[first : first + int(DAY) + 1], state)
            if not part.success:
                raise Failed(part.message)
            found[first : first + int(DAY) + 1] = part.y
            state = part.y[-1].copy()
        return found
