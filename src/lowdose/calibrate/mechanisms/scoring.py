"""Mechanisms learn from trials up to a year and predict the trials held out whole; placebo-only is always among them.

Gain and spread between trials are integrated over a grid of equal prior probability: two numbers need no sampler.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache as keep

import numpy as np

from lowdose.calibrate.comparison import is_told_apart
from lowdose.calibrate.mechanisms.likelihood import UNKNOWNS, log_density
from lowdose.calibrate.mechanisms.outcomes import Difference, Trial, trials
from lowdose.calibrate.mechanisms.placebo import Arm, predicted
from lowdose.calibrate.mechanisms.predictions import PLACEBO_ONLY, Progress, improvements
from lowdose.calibrate.problem import Array, Problem

LEVEL = 0.9
_GRID = (160, 48)


@dataclass(frozen=True)
class Predicted:
    """One held-out outcome as a mechanism predicts it: mean, 90 % interval, and whether what was seen lies inside.

    ``inside`` is None where the outcome is not a number with a sign.
    """

    outcome: Difference
    mean: float
    low: float
    high: float
    inside: bool | None


@dataclass(frozen=True)
class Mechanism:
    """How a mechanism fared.

    Attributes
    ----------
    gain, tau : tuple of float
        Posterior median and 90 % interval.
    log_densities : ndarray, shape (held-out trials,)
        Of each trial, its outcomes jointly, averaged over what the fitted trials allow.
    fitted_log_density : float
        Of all fitted trials at once, averaged over the prior.
    predicted : tuple of tuples
        For each held-out trial, its outcomes.
    """

    name: str
    gain: tuple[float, float, float]
    tau: tuple[float, float, float]
    log_densities: Array
    fitted_log_density: float
    predicted: tuple[tuple[Predicted, ...], ...]

    @property
    def elpd(self) -> float:
        """Sum of the log densities of the held-out trials."""
        return float(self.log_densities.sum())

    @property
    def elpd_se(self) -> float:
        """Its standard error over trials."""
        return _error_of_sum(self.log_densities)

    @property
    def coverage(self) -> tuple[int, int]:
        """Held-out outcomes inside their 90 % interval, of how many."""
        told = [one.inside for trial in self.predicted for one in trial if one.inside is not None]
        return sum(told), len(told)


@dataclass(frozen=True)
class MechanismScores:
    """All mechanisms under one kinetics, and the control arms, which are the same for all of them."""

    kinetics: str
    seed: int
    held_out: tuple[Trial, ...]
    fitted: tuple[Trial, ...]
    mechanisms: tuple[Mechanism, ...]
    controls: tuple[Arm, ...]
    improvements: Mapping[str, tuple[Array, ...]]
    widened: float = 1.0

    def of(self, name: str) -> Mechanism:
        """The score of one mechanism."""
        return next(one for one in self.mechanisms if one.name == name)

    def delta(self, name: str) -> tuple[float, float]:
        """How much more elpd than placebo-only, and the standard error of that over trials, paired."""
        return difference(self.of(name).log_densities, self.of(PLACEBO_ONLY).log_densities)

    def is_distinguishable(self, name: str) -> bool:
        """Whether it differs from placebo-only by 2 standard errors or more, and by 4 or more."""
        return is_told_apart(*self.delta(name))


def score_mechanisms(
    kinetics: str = "effect-site",
    *,
    seed: int = 1,
    widened: float = 1.0,
    progress: Progress | None = None,
) -> MechanismScores:
    """Fit every mechanism to the trials up to 2022 and predict those held out.

    Parameters
    ----------
    kinetics : str
        How receptors are filled; mechanisms it makes no sense with are left out.
    seed : int
        Of the control arms' integral; the rest has no random numbers.
    widened : float
        How many times as wide as stated the priors of gain and tau are, to see what hangs on them.
    progress : callable, optional
        Called with (mechanisms done, mechanisms in all).

    Raises
    ------
    NotFound
        If there is no such kinetics.

    Examples
    --------
    >>> found = score_mechanisms()
    >>> found.delta("placebo-only")
    (0.0, 0.0)
    >>> found.is_distinguishable("tlr4")
    False
    """
    fitted, held_out = trials("fitted"), trials("held-out")
    said = improvements((*fitted, *held_out), kinetics, progress)
    scored = tuple(
        score_one(name, fitted, held_out, shares[: len(fitted)], shares[len(fitted) :], widened)
        for name, shares in said.items()
    )
    return MechanismScores(kinetics, seed, held_out, fitted, scored, predicted(fitted, held_out, seed), said, widened)


def score_one(
    name: str,
    fitted: Sequence[Trial],
    held_out: Sequence[Trial],
    fitted_shares: Sequence[Array],
    held_shares: Sequence[Array],
    widened: float = 1.0,
) -> Mechanism:
    """One mechanism, by the improvements it predicts of each outcome of each trial.

    Examples
    --------
    >>> one = trials("held-out")[1:2]
    >>> score_one("none", (), one, (), [np.zeros(1)]).elpd < 0.7
    True
    """
    gain, tau = (widened * axis for axis in grid(*_GRID))
    fit = fitted_densities(fitted, fitted_shares, gain, tau)
    weights = np.exp(fit - _log_sum(fit))
    each = held_out_densities(fit, held_out, held_shares, gain, tau)
    return Mechanism(
        name=name,
        gain=_interval(gain, weights),
        tau=_interval(tau, weights),
        log_densities=each,
        fitted_log_density=_log_sum(fit) - math.log(len(fit)),
        predicted=tuple(
            tuple(_predicted(one, x, gain, tau, weights) for one, x in zip(trial.differences, share, strict=True))
            for trial, share in zip(held_out, held_shares, strict=True)
        ),
    )


def held_out_densities(
    fit: Array, held_out: Sequence[Trial], shares: Sequence[Array], gain: Array, tau: Array
) -> Array:
    """Log density of each held-out trial, averaged over the posterior; shape (trials,).

    ``fit`` are log densities of the fitted trials on the grid of ``gain`` and ``tau``.

    Examples
    --------
    >>> gain, tau = grid(20, 5)
    >>> held_out_densities(np.zeros(100), trials("held-out")[1:2], [np.zeros(1)], gain, tau).shape
    (1,)
    """
    weights = fit - _log_sum(fit)
    each = (log_density(trial.differences, x, gain, tau) for trial, x in zip(held_out, shares, strict=True))
    return np.array([_log_sum(weights + one) for one in each])


def fitted_densities(fitted: Sequence[Trial], shares: Sequence[Array], gain: Array, tau: Array) -> Array:
    """Log density of all fitted trials at each pair of gain and tau, shape (n,).

    Examples
    --------
    >>> fitted_densities((), (), *grid(3, 2)).tolist()
    [0.0, 0.0, 0.0, 0.0, 0.0, 0.0]
    """
    found = np.zeros(len(gain))
    for trial, share in zip(fitted, shares, strict=True):
        found += log_density(trial.differences, share, gain, tau)
    return found


def problem(fitted: Sequence[Trial], shares: Sequence[Array]) -> Problem:
    """The same fit for a sampler, which must agree with the grid.

    Examples
    --------
    >>> [unknown.name for unknown in problem((), ()).unknowns]
    ['gain', 'tau']
    """
    return Problem(
        "mechanism", UNKNOWNS, lambda values: fitted_densities(fitted, shares, values["gain"], values["tau"])
    )


@keep
def grid(gains: int, taus: int) -> tuple[Array, Array]:
    """Gain and tau on a grid of equal prior probability, flat, shape (gains * taus,) each.

    Examples
    --------
    >>> gain, tau = grid(200, 2)
    >>> round(float(np.median(gain)), 1), float(tau.min()) > 0
    (2.0, True)
    """
    from scipy.stats import norm

    axes = [
        unknown.value(norm.ppf(0.5 + (np.arange(count) + 0.5) / count / 2))
        for unknown, count in zip(UNKNOWNS, (gains, taus), strict=True)
    ]
    gain, tau = np.meshgrid(*axes, indexing="ij")
    return gain.ravel(), tau.ravel()


def difference(here: Array, there: Array) -> tuple[float, float]:
    """Sum of paired differences over trials and its standard error.

    Examples
    --------
    >>> difference(np.array([1.0, 2.0, 4.0]), np.array([1.0, 1.0, 1.0]))[0]
    4.0
    """
    gap = here - there
    return float(gap.sum()), _error_of_sum(gap)


def _predicted(one: Difference, improvement: float, gain: Array, tau: Array, weights: Array) -> Predicted:
    from scipy.optimize import brentq
    from scipy.special import ndtr

    middle, spread = gain * improvement, np.sqrt(tau**2 + one.standard_error**2)

    def below(value: float) -> float:
        return float(weights @ ndtr((value - middle) / spread))

    tails = (1 - LEVEL) / 2
    wide = float(np.max(np.abs(middle)) + 10 * np.max(spread))
    low, high = (float(brentq(lambda v, q=q: below(v) - q, -wide, wide)) for q in (tails, 1 - tails))
    inside = low <= one.value <= high if one.known == "measured" else None
    return Predicted(one, float(weights @ middle), low, high, inside)


def _interval(values: Array, weights: Array) -> tuple[float, float, float]:
    """Median and 90 % interval."""
    order = np.argsort(values)
    low, middle, high = np.interp([0.05, 0.5, 0.95], np.cumsum(weights[order]), values[order])
    return float(middle), float(low), float(high)


def _error_of_sum(values: Array) -> float:
    return float(math.sqrt(len(values)) * values.std(ddof=1)) if len(values) > 1 else 0.0


def _log_sum(values: Array) -> float:
    from scipy.special import logsumexp

    return float(logsumexp(values))
