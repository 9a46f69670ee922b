"""Maximum a posteriori from several neutral starts, its curvature, and what the data do not identify."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from lowdose.calibrate.problem import Array, NotEnoughKnown, Problem

STARTS = 8
SAME = 0.02
"""Two starts that end within this much log density of each other have found the same maximum."""
IDENTIFIED_BELOW = 0.5
"""A parameter is identified when the data leave less than this share of its prior's spread."""
_ALMOST_NO_PRIOR = 0.01
_NOWHERE = 1e10
_STEP = 1e-4
_CURVATURE_STEP = 0.02


@dataclass(frozen=True)
class Maximum:
    """The most probable parameters.

    Attributes
    ----------
    values : mapping
        Parameter -> most probable value.
    scores : ndarray, shape (parameters,)
        The same in scores (see `Problem`).
    log_posterior : float
        There.
    covariance : ndarray, shape (parameters, parameters)
        Of the scores, from the curvature there.
    spread_left : mapping
        Parameter -> its standard deviation after the data over that before them.
    agreeing : int
        How many of the ``starts`` ended here.
    """

    values: Mapping[str, float]
    scores: Array
    log_posterior: float
    covariance: Array
    spread_left: Mapping[str, float]
    agreeing: int
    starts: int

    @property
    def not_identified(self) -> tuple[str, ...]:
        """Parameters of which the data tell little more than the prior did."""
        return tuple(name for name, left in self.spread_left.items() if left >= IDENTIFIED_BELOW)


def maximum_a_posteriori(problem: Problem, *, starts: int = STARTS, seed: int = 1) -> Maximum:
    """The highest of the maxima reached from ``starts`` neutral places.

    Raises
    ------
    NotEnoughKnown
        If no start has a finite density, or the density is not curved downwards at the maximum.

    Examples
    --------
    >>> from lowdose.calibrate.problem import Unknown
    >>> unknowns = (Unknown("a", "1", 1.0, 1.0), Unknown("b", "1", 1.0, 1.0))
    >>> flat = Problem("b is not in the data", unknowns, lambda v: -50 * (v["a"] - 2) ** 2)
    >>> found = maximum_a_posteriori(flat)
    >>> round(found.values["a"], 2), found.not_identified
    (2.0, ('b',))
    """
    best, agreeing = _highest(problem, starts, seed, prior_weight=1.0)
    covariance = _covariance(problem, best)
    return Maximum(
        values={name: float(value[0]) for name, value in problem.values(best[None, :]).items()},
        scores=best,
        log_posterior=float(problem.log_posterior(best[None, :])[0]),
        covariance=covariance,
        spread_left={
            unknown.name: float(left)
            for unknown, left in zip(problem.unknowns, np.sqrt(np.diag(covariance)), strict=True)
        },
        agreeing=agreeing,
        starts=starts,
    )


def maximum_likelihood(problem: Problem, *, starts: int = STARTS, seed: int = 1) -> dict[str, float]:
    """The most likely values, from neutral starts; the prior decides only where the data say nothing.

    Raises
    ------
    NotEnoughKnown
        If no start has a finite density.

    Examples
    --------
    >>> from lowdose.calibrate.problem import Unknown
    >>> found = maximum_likelihood(Problem("one", (Unknown("a", "1", 1.0, 1.0),), lambda v: -50 * (v["a"] - 9) ** 2))
    >>> round(found["a"], 2)
    9.0
    """
    return likely_maxima(problem, starts=starts, seed=seed, within=0.0)[0]


def likely_maxima(problem: Problem, *, starts: int = STARTS, seed: int = 1, within: float) -> list[dict[str, float]]:
    """The most likely values, and after them those of other maxima within so much log density of the highest.

    Raises
    ------
    NotEnoughKnown
        If no start has a finite density.

    Examples
    --------
    >>> from lowdose.calibrate.problem import Unknown
    >>> two = Problem("two", (Unknown("a", "1", 1.0, 1.0),), lambda v: -50 * (np.log(v["a"]) ** 2 - 1) ** 2)
    >>> len(likely_maxima(two, within=0.1)) > 1
    True
    """
    ends = _ends(problem, starts, seed, _ALMOST_NO_PRIOR)
    near = [end for end in ends if float(end.fun) - float(ends[0].fun) <= within]
    return [{name: float(value[0]) for name, value in problem.values(end.x[None, :]).items()} for end in near]


def _highest(problem: Problem, starts: int, seed: int, prior_weight: float) -> tuple[Array, int]:
    """Scores of the highest maximum, and how many starts ended there."""
    ends = _ends(problem, starts, seed, prior_weight)
    return np.asarray(ends[0].x), sum(float(end.fun) - float(ends[0].fun) <= SAME for end in ends)


def _ends(problem: Problem, starts: int, seed: int, prior_weight: float) -> list[Any]:
    """Where the starts ended, the highest first."""
    from scipy.optimize import minimize

    size = len(problem.unknowns)
    offsets = np.vstack([np.zeros(size), _STEP * np.eye(size), -_STEP * np.eye(size)])

    def downhill(scores: Array) -> tuple[float, Array]:
        heights = -problem.log_posterior(scores + offsets, prior_weight)
        heights = np.where(np.isfinite(heights), heights, _NOWHERE)
        return float(heights[0]), (heights[1 : size + 1] - heights[size + 1 :]) / (2 * _STEP)

    ends = [minimize(downhill, start, jac=True, method="BFGS") for start in problem.neutral(starts, seed)]
    ends.sort(key=lambda end: float(end.fun))
    if ends[0].fun >= _NOWHERE:
        raise NotEnoughKnown(
            f"{problem.name}: the data have no finite density at any of {starts} starts",
            remedy="check the data and the units of the priors",
        )
    return ends


def _covariance(problem: Problem, scores: Array) -> Array:
    """Inverse of minus the second derivatives of the log posterior, by central differences."""
    size = len(scores)
    steps = _CURVATURE_STEP * np.eye(size)
    corners = np.array([
        scores + first * steps[i] + second * steps[j]
        for i in range(size) for j in range(size) for first in (1, -1) for second in (1, -1)
    ])  # fmt: skip
    heights = problem.log_posterior(corners).reshape(size, size, 4)
    curvature = -(heights[..., 0] - heights[..., 1] - heights[..., 2] + heights[..., 3]) / (4 * _CURVATURE_STEP**2)
    curvature = (curvature + curvature.T) / 2
    if not np.all(np.isfinite(curvature)) or np.linalg.eigvalsh(curvature).min() <= 0:
        raise NotEnoughKnown(
            f"{problem.name}: the density is not curved downwards at its highest place",
            remedy="sample it instead (lowdose.calibrate.sample): the curvature tells nothing here",
        )
    return np.asarray(np.linalg.inv(curvature))
