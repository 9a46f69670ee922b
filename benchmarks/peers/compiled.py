"""The equations compiled by Numba, shared by every peer that calls a compiled right-hand side."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import cache
from typing import cast

import numpy as np

from benchmarks.equations import Equations
from benchmarks.peers.interface import Array, NotRun
from benchmarks.problem import Problem

FASTMATH = {"contract", "nsz", "arcp"}
"""What the engine allows itself: fused multiply-add and reciprocals, no reordering of sums."""


@cache
def equations(problem: Problem) -> Equations:
    """Straight-line code of a problem; made once."""
    return Equations(problem.description)


class Compiled:
    """A problem's functions, compiled when first called.

    Attributes
    ----------
    rates : callable ``(t, y, k, out)``
    jacobian : callable ``(t, y, k, out)``
        ``out`` dense, its zeros already there.
    """

    def __init__(self, problem: Problem) -> None:
        try:
            import numba
        except ImportError as error:
            raise NotRun(f"numba: {error}") from error
        self.problem, self.equations = problem, equations(problem)
        code = self.equations

        def compile(source: str, name: str) -> Callable[..., None]:
            names = {one: getattr(math, one) for one in ("exp", "log", "sqrt", "sin", "cos")}
            exec(source, names)
            return cast(Callable[..., None], numba.njit(fastmath=FASTMATH, error_model="numpy")(names[name]))

        self.start = compile(code.start(), "start")
        self.known = compile(code.prepare(), "prepare")
        self.rates = compile(code.rates(), "rates")
        self.jacobian = compile(code.jacobian(lambda n: f"out[{code.rows[n]}, {code.columns[n]}]"), "jacobian")

    def person(self, number: int) -> tuple[Array, Array]:
        """A person's states before the first dose, and what is known of their parameters."""
        given = {**self.problem.description.parameters, **self.problem.person(number)}
        parameters = np.array([given[name] for name in self.equations.parameters])
        start, known = np.empty(len(self.equations.states)), np.empty(self.equations.size_known)
        self.start(0.0, parameters, start)
        self.known(parameters, known)
        return start, known


@cache
def compiled(problem: Problem) -> Compiled:
    """Compiled once for all peers."""
    return Compiled(problem)
