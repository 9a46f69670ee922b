"""LSODA as SciPy has it, twice: through `solve_ivp`, which steps in Python, and through the older `odeint`."""

from __future__ import annotations

import numpy as np

from benchmarks.peers.compiled import compiled
from benchmarks.peers.interface import Array, Engine, Failed
from benchmarks.problem import ABSOLUTE, DAY, MOST, Problem


class ScipyLsoda(Engine):
    key = "scipy_lsoda"
    title = "SciPy solve_ivp LSODA"
    package = "scipy"
    dosing = "one call a night, the dose added between"
    form = "rates and analytic Jacobian compiled by Numba"
    quick_tolerances = (1e-6, 1e-7)

    def prepare(self, problem: Problem) -> None:
        self.problem, self.code = problem, compiled(problem)
        self.people = [self.code.person(number) for number in range(MOST)]
        self.solve(0, 1e-3)

    def solve(self, person: int, rtol: float) -> Array:
        problem, (start, known) = self.problem, self.people[person]
        size = len(start)
        compiled_rates, compiled_jacobian = self.code.rates, self.code.jacobian

        def rates(t: float, y: Array) -> Array:
            change = np.empty(size)
            compiled_rates(t, y, known, change)
            return change

        def jacobian(t: float, y: Array) -> Array:
            matrix = np.zeros((size, size))
            compiled_jacobian(t, y, known, matrix)
            return matrix

        found = np.empty((len(problem.times), size))
        state = start.copy()
        for night in range(problem.nights):
            state[problem.dosed] += problem.amount
            first = int(DAY) * night
            times = problem.times[first : first + int(DAY) + 1]
            part = self.night(rates, jacobian, state, times, rtol)
            found[first : first + int(DAY) + 1] = part
            state = part[-1].copy()
        return found

    def night(self, rates: object, jacobian: object, state: Array, times: Array, rtol: float) -> Array:
        """From one dose to the next, shape (times, states)."""
        from scipy.integrate import solve_ivp

        part = solve_ivp(
            rates,
            (times[0], times[-1]),
            state,
            method="LSODA",
            jac=jacobian,
            t_eval=times,
            rtol=rtol,
            atol=rtol * ABSOLUTE,
        )
        if not part.success:
            raise Failed(part.message)
        return part.y.T


class ScipyOdeint(ScipyLsoda):
    key = "scipy_odeint"
    title = "SciPy odeint LSODA"
    form = "as solve_ivp, but the steps are taken in compiled code"

    def night(self, rates: object, jacobian: object, state: Array, times: Array, rtol: float) -> Array:
        from scipy.integrate import odeint

        found, said = odeint(
            rates,
            state,
            times,
            Dfun=jacobian,
            tfirst=True,
            rtol=rtol,
            atol=rtol * ABSOLUTE,
            mxstep=100_000,
            full_output=True,
        )
        if said["message"] != "Integration successful.":
            raise Failed(said["message"])
        return found
