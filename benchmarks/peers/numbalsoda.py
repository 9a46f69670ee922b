"""LSODA through numbalsoda: the whole person, nights included, is one compiled call."""

from __future__ import annotations

import math

import numpy as np

from benchmarks.peers.compiled import FASTMATH, compiled, equations
from benchmarks.peers.interface import Array, Engine, Failed, NotRun
from benchmarks.problem import ABSOLUTE, DAY, MOST, Problem


class NumbaLsoda(Engine):
    key = "numbalsoda"
    title = "numbalsoda LSODA"
    package = "numbalsoda"
    dosing = "a compiled loop over nights, the dose added between"
    form = "rates and the loop over nights compiled by Numba; it takes no Jacobian and makes its own by differences"

    def prepare(self, problem: Problem) -> None:
        try:
            import numba
            from numbalsoda import lsoda, lsoda_sig
        except (ImportError, OSError) as error:
            raise NotRun(str(error)) from error
        self.problem = problem
        code = equations(problem)
        names = {one: getattr(math, one) for one in ("exp", "log", "sqrt", "sin", "cos")}
        exec(code.rates().replace("rates(t, y, k, out)", "rates(t, y, out, k)"), names)
        address = numba.cfunc(lsoda_sig, fastmath=FASTMATH, error_model="numpy")(names["rates"]).address
        dosed, amount, nights, day = problem.dosed, problem.amount, problem.nights, int(DAY)

        @numba.njit
        def course(start: Array, known: Array, times: Array, rtol: float, atol: float) -> tuple[Array, bool]:
            found = np.empty((len(times), len(start)))
            state = start.copy()
            for night in range(nights):
                state[dosed] += amount
                first = day * night
                part, success = lsoda(address, state, times[first : first + day + 1], known, rtol, atol, 100_000)
                if not success:
                    return found, False
                found[first : first + day + 1] = part
                state = part[-1].copy()
            return found, True

        self.course = course
        self.people = [compiled(problem).person(number) for number in range(MOST)]
        self.solve(0, 1e-3)

    def solve(self, person: int, rtol: float) -> Array:
        found, success = self.course(*self.people[person], self.problem.times, rtol, rtol * ABSOLUTE)
        if not success:
            raise Failed("lsoda gave up")
        return found
