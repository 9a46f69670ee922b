"""Parameters of a population from people who differ: Laplace's approximation of what the people integrate out to.

First-order conditional estimation with interaction (FOCE-I), the standard of the field: for every person the most
probable deviations are found, and the curvature there says how much of their spread the data leave.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lowdose.calibrate.problem import Array, Problem, Unknown, Values

Whole = NDArray[np.int64]
Predict = Callable[[Array, Whole], Array]
"""Parameters of persons (n, parameters) and who they are (n,) -> predictions (n, times)."""

_STEP = 1e-3
_ROUNDS = 60
_CLOSE = 1e-5


@dataclass
class Population:
    """People measured at times of their own, each with parameters that are lognormal around typical ones.

    Attributes
    ----------
    typical : sequence of Unknown
        Typical values, with their priors.
    observed : ndarray, shape (people, times)
        NaN where a person was not measured.
    predict : callable
        Of any persons at all their times.
    between : Unknown
        Prior of every standard deviation between persons (of logarithms); named ``omega_`` and the parameter.
    additive, proportional : Unknown
        The scatter of a measurement: additive + proportional × prediction.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> seen = 2.0 * np.exp(0.3 * rng.standard_normal((40, 1))) + 0.05 * rng.standard_normal((40, 6))
    >>> people = Population(
    ...     [Unknown("level", "1", 1.0, 2.0)], seen, lambda persons, who: np.repeat(persons, 6, axis=1),
    ...     between=Unknown("omega", "1", 0.3, 1.0),
    ...     additive=Unknown("additive", "1", 0.1, 1.0), proportional=Unknown("proportional", "1", 0.01, 0.5),
    ... )
    >>> from lowdose.calibrate import maximum_a_posteriori
    >>> found = maximum_a_posteriori(people.problem(), starts=1).values
    >>> 1.8 < found["level"] < 2.2, 0.2 < found["omega_level"] < 0.4
    (True, True)
    """

    typical: Sequence[Unknown]
    observed: Array
    predict: Predict
    between: Unknown
    additive: Unknown
    proportional: Unknown

    def __post_init__(self) -> None:
        self._started = np.zeros((len(self.observed), len(self.typical)))

    def problem(self) -> Problem:
        """Typical values, spreads between persons and scatter, all at once."""
        b = self.between
        omegas = tuple(Unknown(f"omega_{u.name}", "1", b.median, b.spread, b.scale, b.reason) for u in self.typical)
        unknowns = (*self.typical, *omegas, self.additive, self.proportional)
        return Problem("a population", unknowns, self._log_likelihood)

    def _log_likelihood(self, values: Values) -> Array:
        typical = np.column_stack([values[u.name] for u in self.typical])
        omega = np.column_stack([values[f"omega_{u.name}"] for u in self.typical])
        scatter = np.column_stack([values[self.additive.name], values[self.proportional.name]])
        return np.asarray(self._integrated(np.log(typical), omega, scatter).sum(axis=1))

    def _integrated(self, typical: Array, omega: Array, scatter: Array) -> Array:
        """Log density of each person under each row of population parameters, deviations integrated out."""
        rows, people, size = len(typical), len(self.observed), len(self.typical)
        who = np.tile(np.arange(people, dtype=np.int64), rows)
        each = [np.repeat(part, people, axis=0) for part in (typical, omega, scatter)]
        deviations = np.tile(self._started, (rows, 1)) / each[1]
        found, height = self._climb(deviations, who, *each)
        self._started = (found * each[1])[:people]
        slopes, spread = self._slopes(found, who, *each)
        information = _information(slopes, spread, each[2]) + np.eye(size)
        return np.asarray((height - 0.5 * np.linalg.slogdet(information)[1]).reshape(rows, people))

    def _climb(self, at: Array, who: Whole, typical: Array, omega: Array, scatter: Array) -> tuple[Array, Array]:
        """Most probable deviations (in units of omega) by damped Gauss-Newton, and the log density there."""
        height = self._height(at, who, typical, omega, scatter)
        damping = np.full(len(at), 1e-3)
        active = np.arange(len(at))
        for _ in range(_ROUNDS):
            here = (who[active], typical[active], omega[active], scatter[active])
            slopes, spread = self._slopes(at[active], *here)
            uphill = self._uphill(at[active], slopes, spread, *here)
            information = _information(slopes, spread, here[3]) + np.eye(at.shape[1])
            information *= 1 + damping[active, None, None] * np.eye(at.shape[1])
            step = np.clip(np.linalg.solve(information, uphill[..., None])[..., 0], -1.0, 1.0)
            tried = at[active] + step
            reached = self._height(tried, *here)
            better = reached >= height[active]
            gain = reached - height[active]
            at[active[better]], height[active[better]] = tried[better], reached[better]
            damping[active] = np.where(better, damping[active] / 5, damping[active] * 10)
            active = active[~((better & (gain < _CLOSE)) | (damping[active] > 1e8))]
            if not len(active):
                break
        return at, height

    def _height(self, at: Array, who: Whole, typical: Array, omega: Array, scatter: Array) -> Array:
        """Log density of the measurements and the deviations of each person."""
        shown = self.predict(np.exp(typical + omega * at), who)
        spread = _spread(shown, scatter)
        off = (self.observed[who] - shown) / spread
        terms = -0.5 * off**2 - np.log(spread) - 0.5 * math.log(2 * math.pi)
        return np.asarray(np.nansum(terms, axis=1) - 0.5 * (at**2).sum(axis=1))

    def _slopes(self, at: Array, who: Whole, typical: Array, omega: Array, scatter: Array) -> tuple[Array, Array]:
        """Of every prediction by every deviation, shape (persons, times, deviations), and the predictions."""
        size = at.shape[1]
        moves = _STEP * np.vstack([np.zeros(size), np.eye(size), -np.eye(size)])
        moved = (at[None] + moves[:, None]).reshape(-1, size)
        count = len(moves)
        every = [np.tile(part, (count, 1)) for part in (typical, omega)]
        shown = self.predict(np.exp(every[0] + every[1] * moved), np.tile(who, count)).reshape(count, len(at), -1)
        slopes = (shown[1 : size + 1] - shown[size + 1 :]) / (2 * _STEP)
        missing = np.isnan(self.observed[who])
        return np.where(missing[..., None], 0.0, np.moveaxis(slopes, 0, 2)), np.asarray(shown[0])

    def _uphill(
        self, at: Array, slopes: Array, shown: Array, who: Whole, typical: Array, omega: Array, scatter: Array
    ) -> Array:
        spread = _spread(shown, scatter)
        off = np.where(np.isnan(self.observed[who]), 0.0, self.observed[who] - shown)
        proportional = scatter[:, 1:]
        weight = off / spread**2 + proportional * (off**2 / spread**3 - 1 / spread)
        return np.asarray(np.einsum("pt,ptk->pk", weight, slopes) - at)


def _spread(shown: Array, scatter: Array) -> Array:
    return np.asarray(scatter[:, :1] + scatter[:, 1:] * np.abs(shown))


def _information(slopes: Array, shown: Array, scatter: Array) -> Array:
    """Expected information of each person's measurements on their deviations, with that in the scatter itself."""
    spread = _spread(shown, scatter)
    weight = (1 + 2 * scatter[:, 1:] ** 2) / spread**2
    return np.asarray(np.einsum("ptk,pt,ptl->pkl", slopes, weight, slopes))
