"""What is unknown, what was believed before the data, and how likely the data are: the one shape of every fit.

Everything works on scores: how many prior standard deviations a parameter lies from its prior median, on the scale on
which its prior is normal. A score of the posterior that spreads like the prior tells that the data said nothing.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from lowdose.errors import LowdoseError

Array = NDArray[np.float64]
Values = Mapping[str, Array]
"""Parameter name -> one value a row, shape (n,) each."""
LogLikelihood = Callable[[Values], Array]
"""(n,) values of each parameter -> (n,) log densities of the data."""


class NotEnoughKnown(LowdoseError):
    """A fit that must not be reported: its own diagnostics say that it cannot be relied on (exit code 5)."""

    exit_code = 5


@dataclass(frozen=True)
class Unknown:
    """One parameter and its prior, normal on ``scale``.

    Parameters
    ----------
    name, unit : str
        As in the model.
    median : float
        Of the prior, in ``unit``.
    spread : float
        Standard deviation of the prior on the scale: of the logarithm, of the logit, or of the value itself.
    scale : {"log", "logit", "plain"}
        On which the prior is normal.
    reason : str
        Why this prior; shown wherever the fit is.

    Examples
    --------
    >>> rate = Unknown("ke0", "1/h", median=0.1, spread=2.0)
    >>> round(float(rate.value(np.array(0.0))), 3), round(float(rate.score(np.array(0.2))), 3)
    (0.1, 0.347)
    """

    name: str
    unit: str
    median: float
    spread: float
    scale: Literal["log", "logit", "plain"] = "log"
    reason: str = ""

    def value(self, score: Array) -> Array:
        """Values in the parameter's unit."""
        place = self._place(np.asarray(self.median)) + self.spread * score
        if self.scale == "log":
            return np.asarray(np.exp(place))
        return np.asarray(1.0 / (1.0 + np.exp(-place)) if self.scale == "logit" else place)

    def score(self, value: Array) -> Array:
        """The inverse of `value`."""
        return np.asarray((self._place(value) - self._place(np.asarray(self.median))) / self.spread)

    def _place(self, value: Array) -> Array:
        if self.scale == "log":
            return np.asarray(np.log(value))
        return np.asarray(np.log(value / (1.0 - value)) if self.scale == "logit" else value)


@dataclass(frozen=True)
class Problem:
    """Unknown parameters and the likelihood of the data given them.

    Examples
    --------
    >>> data = np.array([1.1, 0.9, 1.0])
    >>> problem = Problem(
    ...     "a mean",
    ...     (Unknown("mean", "1", median=1.0, spread=1.0),),
    ...     lambda values: -0.5 * np.sum((data - values["mean"][:, None]) ** 2, axis=1) / 0.01,
    ... )
    >>> problem.log_posterior(np.array([[0.0], [3.0]])).round(1).tolist()
    [-1.9, -54645.1]
    """

    name: str
    unknowns: tuple[Unknown, ...]
    log_likelihood: LogLikelihood

    def values(self, scores: Array) -> dict[str, Array]:
        """Parameter values of rows of scores, shape (n, number of parameters)."""
        return {unknown.name: unknown.value(scores[:, i]) for i, unknown in enumerate(self.unknowns)}

    def log_prior(self, scores: Array) -> Array:
        """Log density of the prior in scores, shape (n,)."""
        constant = 0.5 * math.log(2 * math.pi) * scores.shape[1]
        return np.asarray(-0.5 * np.sum(scores**2, axis=1) - constant)

    def log_posterior(self, scores: Array, prior_weight: float = 1.0) -> Array:
        """Log of prior (to the power of its weight) times likelihood, shape (n,); minus infinity for none."""
        with np.errstate(all="ignore"):
            likelihood = np.asarray(self.log_likelihood(self.values(scores)), dtype=np.float64)
        return np.where(np.isfinite(likelihood), likelihood + prior_weight * self.log_prior(scores), -np.inf)

    def neutral(self, count: int, seed: int) -> Array:
        """Places to start from that know the prior alone: its median, then draws; shape (count, parameters)."""
        draws = np.random.default_rng(seed).standard_normal((count, len(self.unknowns)))
        draws[0] = 0.0
        return draws
