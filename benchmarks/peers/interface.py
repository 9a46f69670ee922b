"""What every engine looks like to the benchmark."""

from __future__ import annotations

import time
from abc import ABC, abstractmethod
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version

import numpy as np
from numpy.typing import NDArray

from benchmarks.problem import Problem

Array = NDArray[np.float64]


class NotRun(Exception):
    """An engine cannot run here; the message says why."""


class Failed(Exception):
    """An engine gave up on a person."""


@dataclass(frozen=True, slots=True)
class Measured:
    """One pass over people at one tolerance.

    Attributes
    ----------
    values : ndarray, shape (persons, times, states)
        In the problem's order; an engine may stop at an earlier night, and then says so.
    cpu, wall : float
        Seconds a person, all 84 nights.
    """

    values: Array
    cpu: float
    wall: float


class Engine(ABC):
    """A solver in its best form: compiled rates, an analytic Jacobian where it takes one.

    What is done once for a model belongs into `prepare`, what is only handing over into `collect`; neither is timed.
    """

    key: str
    """Its name in ``build/bench.json``."""
    title: str
    package: str
    dosing: str
    """How a dose gets in."""
    form: str
    """What makes this its best form."""
    tolerances: tuple[float, ...] = (1e-5, 1e-6, 1e-7, 1e-8, 1e-9)
    quick_tolerances: tuple[float, ...] = (1e-7, 1e-8)
    """Relative ones that are swept, around the error at which engines are compared."""

    @property
    def version(self) -> str:
        """Of the package that solves."""
        try:
            return version(self.package)
        except PackageNotFoundError:
            return "not known"

    @abstractmethod
    def prepare(self, problem: Problem) -> None:
        """Load and compile; raise `NotRun` where that cannot be done here."""

    @abstractmethod
    def solve(self, person: int, rtol: float) -> object:
        """All nights of one person; on the clock."""

    def collect(self, solved: object) -> Array:
        """What `solve` gave as an array, shape (times, states); off the clock."""
        return np.asarray(solved)

    def measure(self, persons: int, rtol: float) -> Measured:
        """Solve the first persons one after the other."""
        values, cpu, wall = [], 0.0, 0.0
        for person in range(persons):
            start_cpu, start_wall = time.process_time(), time.perf_counter()
            solved = self.solve(person, rtol)
            cpu += time.process_time() - start_cpu
            wall += time.perf_counter() - start_wall
            values.append(self.collect(solved))
        return Measured(np.stack(values), cpu / persons, wall / persons)
