"""Error, work-precision curves, and how much faster one is than another at equal achieved error."""

from __future__ import annotations

import math
import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

TARGET = 5e-6
"""The achieved error at which engines are compared."""

FLOOR = 1e-3
"""Share of a state's largest value below which its error counts as absolute."""


def short(value: float, digits: int = 0) -> str:
    """A small number as people write it.

    Examples
    --------
    >>> short(5e-6), short(1.234e-4, 1)
    ('5e-6', '1.2e-4')
    """
    return f"{value:.{digits}e}".replace("e-0", "e-").replace("e+0", "e+")


@dataclass(frozen=True, slots=True)
class Point:
    """One tolerance of one engine: what it cost and what it achieved."""

    rtol: float
    error: float
    seconds: float


@dataclass(frozen=True, slots=True)
class Ratio:
    """How many times faster, over the rounds; None where one of the two never reached the error."""

    median: float | None
    low: float | None
    high: float | None


def errors(found: NDArray[np.float64], reference: NDArray[np.float64], where: NDArray[np.bool_]) -> tuple[float, float]:
    """Largest and root-mean-square error.

    ``|found - reference| / (|reference| + 1e-3 max_t |reference|)`` over persons, times ``where`` and states; a state
    that stays 0 must be 0.

    Parameters
    ----------
    found, reference : ndarray, shape (persons, times, states)
    where : ndarray of bool, shape (times,)

    Examples
    --------
    >>> errors(np.full((1, 2, 1), 1.1), np.ones((1, 2, 1)), np.array([True, False]))[0].__round__(4)
    0.0999
    """
    size = np.abs(reference)
    scale = size + FLOOR * size.max(axis=1, keepdims=True)
    gap = np.abs(found - reference)
    relative = np.divide(gap, scale, out=np.where(gap > 0.0, np.inf, 0.0), where=scale > 0.0)[:, where]
    if not np.isfinite(found).all():
        return math.inf, math.inf
    return float(relative.max()), float(np.sqrt(np.mean(relative**2)))


def front(points: Iterable[Point]) -> list[Point]:
    """The points that no other beats in both error and time, smallest error first."""
    kept: list[Point] = []
    for point in sorted(points, key=lambda one: (one.seconds, one.error)):
        if math.isfinite(point.error) and (not kept or point.error < kept[-1].error):
            kept.append(point)
    return kept[::-1]


def seconds_at(points: Iterable[Point], target: float = TARGET) -> float | None:
    """Time to achieve an error: between two measured points along the straight line of the logarithms.

    Never beyond what was measured: with every point better than asked it is the cheapest point's time, with none good
    enough it is None.

    Examples
    --------
    >>> seconds_at([Point(1e-4, 1e-4, 1.0), Point(1e-6, 1e-6, 100.0)], 1e-5).__round__(9)
    10.0
    """
    good = front(points)
    if not good or good[0].error > target:
        return None
    for better, worse in pairwise(good):
        if better.error <= target < worse.error:
            share = math.log(target / better.error) / math.log(worse.error / better.error)
            return better.seconds * (worse.seconds / better.seconds) ** share
    return good[-1].seconds


def cheapest(points: Iterable[Point], target: float = TARGET) -> Point | None:
    """The measured point of least time among those that reach the error."""
    return min((point for point in points if point.error <= target), key=lambda one: one.seconds, default=None)


def ratio(theirs: Sequence[Sequence[Point]], ours: Sequence[Sequence[Point]], target: float = TARGET) -> Ratio:
    """Their time over ours at equal error: each round on its own, then the median and the range.

    Parameters
    ----------
    theirs, ours : sequence of rounds, each a sequence of Point
        Measured side by side, round by round.
    """
    pairs = [(seconds_at(a, target), seconds_at(b, target)) for a, b in zip(theirs, ours, strict=True)]
    found = [a / b for a, b in pairs if a is not None and b is not None]
    if not found or len(found) < len(pairs):
        return Ratio(None, None, None)
    return Ratio(statistics.median(found), min(found), max(found))
