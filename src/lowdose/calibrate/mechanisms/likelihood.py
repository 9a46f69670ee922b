"""How likely a trial's outcomes are: the one observation model, the same for every mechanism.

A difference between arms, in standard deviations, is the gain times the predicted improvement, plus what this trial's
people and methods add (the same for all its outcomes), plus sampling error::

    y = gain * x + s * z + e,   z ~ Normal(0, 1),   e ~ Normal(0, (1 - r) se²),   s² = tau² + r se²

z is one number a trial, so outcomes of the same people are correlated by r at least, and tau is the spread between
trials. Gain and tau are shared by all trials and endpoints. An outcome of which only the size is known counts both
directions; one that is only known not to have been significant counts all differences that would not have been.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import cache

import numpy as np

from lowdose.calibrate.mechanisms.outcomes import Difference, assumption
from lowdose.calibrate.problem import Array, Unknown

GAIN = Unknown(
    "gain",
    "1",
    0.0,
    3.0,
    "plain",
    reason=(
        "standard deviations a full change of a symptom is worth: entry means of chronic pain scales are about three "
        "standard deviations of their change (6.5 against 2 points of ten, recalled); a half-normal, so that a size "
        "that was assumed too large can shrink to nothing and no mechanism gets credit for the opposite of its sign"
    ),
)
"""Half-normal: the size of a normal of median 0."""
TAU = Unknown(
    "tau",
    "SD",
    0.0,
    0.3,
    "plain",
    reason="spread between trials of different conditions and scales; half-normal, 0.3 a common cautious choice",
)
UNKNOWNS = (GAIN, TAU)
_NODES = 21


def log_density(differences: Sequence[Difference], improvements: Array, gain: Array, tau: Array) -> Array:
    """Log density of one trial's outcomes at each pair of gain and tau, shape (n,).

    Parameters
    ----------
    differences : sequence
        The outcomes of one trial.
    improvements : ndarray, shape (outcomes,)
        Predicted by the mechanism.
    gain, tau : ndarray, shape (n,)
        Their sizes are used.

    Examples
    --------
    >>> seen = Difference("pain", "pain", "measured", 0.3, 0.2, 0.4)
    >>> found = log_density([seen], np.array([0.1]), np.array([3.0]), np.array([0.0]))
    >>> round(float(found[0]), 4), round(-math.log(0.2 * math.sqrt(2 * math.pi)), 4)
    (0.6905, 0.6905)
    """
    gain, tau = np.abs(gain), np.abs(tau)
    means = gain[:, None] * improvements
    share = assumption("correlation_of_outcomes") if len(differences) > 1 else 0.0
    errors = np.array([one.standard_error for one in differences])
    shared = np.sqrt(tau[:, None] ** 2 + share * errors**2)
    own = np.sqrt((1 - share) * errors**2)
    seen = np.array([one.known == "measured" for one in differences])
    values = np.array([one.value for one in differences])
    precision, middle, total = _measured(values[seen], means[:, seen], shared[:, seen], own[seen])
    if seen.all():
        return total
    nodes, log_weights = _hermite()
    z = middle[:, None] + nodes / np.sqrt(precision)[:, None]
    rest = np.tile(log_weights, (len(gain), 1))
    for place in np.flatnonzero(~seen):
        centre = means[:, place, None] + shared[:, place, None] * z
        rest += _partly_known(differences[int(place)], centre, float(own[place]))
    return np.asarray(total + _log_sum(rest))


def _measured(values: Array, means: Array, shared: Array, own: Array) -> tuple[Array, Array, Array]:
    """Precision and mean of z after the measured outcomes, and their log density; each shape (n,)."""
    residuals, loads = (values - means) / own, shared / own
    precision = 1.0 + np.sum(loads**2, axis=1)
    middle = np.sum(loads * residuals, axis=1) / precision
    squares = np.sum(residuals**2, axis=1) - precision * middle**2
    constant = np.sum(np.log(2 * math.pi * own**2))
    return precision, middle, -0.5 * (constant + np.log(precision) + squares)


def _partly_known(one: Difference, centre: Array, own: float) -> Array:
    from scipy.special import ndtr

    if one.known == "size":
        both = (-0.5 * ((sign * one.value - centre) / own) ** 2 for sign in (1.0, -1.0))
        return np.asarray(np.logaddexp(*both) - math.log(own * math.sqrt(2 * math.pi)))
    inside = ndtr((one.limit - centre) / own) - ndtr((-one.limit - centre) / own)
    return np.asarray(np.log(np.maximum(inside, 1e-300)))


@cache
def _hermite() -> tuple[Array, Array]:
    """Nodes and log weights of the standard normal."""
    nodes, weights = np.polynomial.hermite_e.hermegauss(_NODES)
    return nodes, np.log(weights / weights.sum())


def _log_sum(rows: Array) -> Array:
    from scipy.special import logsumexp

    return np.asarray(logsumexp(rows, axis=1))
