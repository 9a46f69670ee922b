"""Engines in turn, round after round, so that a slow minute of the machine hits them all."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from benchmarks import peak
from benchmarks.peers.interface import Engine, Failed, NotRun
from benchmarks.precision import Point, errors
from benchmarks.problem import Problem
from benchmarks.reference import Reference


@dataclass
class Course:
    """What one engine did: a list of points for each round, and what went wrong.

    Attributes
    ----------
    cpu, wall : list of rounds, each a list of Point
        Seconds a person.
    rms : dict of float to float
        Root-mean-square error at each relative tolerance.
    failures : dict of float to str
        What the engine said at a relative tolerance it could not solve.
    not_run : str
        Why it was not run at all; empty where it was.
    """

    engine: Engine
    cpu: list[list[Point]] = field(default_factory=list)
    wall: list[list[Point]] = field(default_factory=list)
    rms: dict[float, float] = field(default_factory=dict)
    failures: dict[float, str] = field(default_factory=dict)
    not_run: str = ""


@dataclass
class Rounds:
    """All engines on one problem, and the processor's peak in each round."""

    problem: Problem
    persons: int
    courses: list[Course]
    peaks: list[peak.Peak] = field(default_factory=list)

    def course(self, key: str) -> Course | None:
        """Of an engine that ran."""
        return next((one for one in self.courses if one.engine.key == key and not one.not_run), None)


def prepared(problem: Problem, engines: Sequence[Engine]) -> list[Course]:
    """Engines made ready; one that cannot be is kept with the reason."""
    courses = []
    for engine in engines:
        course = Course(engine)
        try:
            engine.prepare(problem)
        except NotRun as error:
            course.not_run = str(error).splitlines()[0]
        except Exception as error:  # whatever a peer stumbles over, the others are measured
            if engine.key == "lowdose":
                raise
            course.not_run = f"{type(error).__name__}: {error}".splitlines()[0]
        courses.append(course)
    return courses


def run(
    problem: Problem,
    engines: Sequence[Engine],
    reference: Reference,
    *,
    persons: int,
    rounds: int,
    quick: bool = False,
    say: Callable[[str], object] = lambda text: print(text, file=sys.stderr, flush=True),
) -> Rounds:
    """Measure.

    Parameters
    ----------
    persons : int
        How many are solved and compared; an engine that solves batches is timed with its whole batch.
    rounds : int
        How often everything is repeated.
    quick : bool
        Sweep fewer tolerances.
    """
    done = Rounds(problem, persons, prepared(problem, engines))
    for number in range(rounds):
        say(f"{problem.name}: round {number + 1} of {rounds}")
        found = peak.measure()
        if found is not None:
            done.peaks.append(found)
        for course in done.courses:
            if not course.not_run:
                engine = course.engine
                tolerances = engine.quick_tolerances if quick else engine.tolerances
                _one_round(done, course, reference, [one for one in tolerances if one not in course.failures])
    return done


def _one_round(done: Rounds, course: Course, reference: Reference, tolerances: Sequence[float]) -> None:
    cpu, wall = [], []
    for rtol in tolerances:
        try:
            found = course.engine.measure(done.persons, rtol)
        except (Failed, RuntimeError) as error:
            course.failures[rtol] = str(error).splitlines()[0]
            continue
        times = found.values.shape[1]
        error, course.rms[rtol] = errors(
            found.values, reference.values[:, :times], done.problem.away_from_doses[:times]
        )
        cpu.append(Point(rtol, error, found.cpu))
        wall.append(Point(rtol, error, found.wall))
    course.cpu.append(cpu)
    course.wall.append(wall)
