"""The trusted answer: one solver far tighter than any that is compared, checked by a second of another kind."""

from __future__ import annotations

from dataclasses import dataclass

from benchmarks.peers.interface import Array
from benchmarks.peers.scikit_sundae import ScikitSundae
from benchmarks.peers.scipy_lsoda import ScipyOdeint
from benchmarks.precision import errors, short
from benchmarks.problem import Problem

TIGHT = 1e-12


@dataclass(frozen=True, slots=True, eq=False)
class Reference:
    """Values to compare with, shape (persons, times, states), and how far the check lies from them."""

    values: Array
    difference: float
    words: str


def reference(problem: Problem, persons: int) -> Reference:
    """CVODE (implicit, backward differences) checked by LSODA (which changes between Adams and them)."""
    first, second = ScikitSundae(), ScipyOdeint()
    found = []
    for solver in (first, second):
        solver.prepare(problem)
        found.append(solver.measure(persons, TIGHT).values)
    difference, _ = errors(found[1], found[0], problem.away_from_doses)
    names = f"{first.title} at {short(TIGHT)}; {second.title} at {short(TIGHT)}"
    words = f"{names} differs from it by {short(difference, 1)} at most"
    return Reference(found[0], difference, words)
