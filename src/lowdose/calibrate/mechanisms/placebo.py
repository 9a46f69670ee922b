"""What control arms lose without any drug: placebo response, regression to the mean, natural course.

The three terms are the model's own (module `symptoms`) and every rival has the same ones with the same priors, so
they say how far a whole arm falls and never which rival is right: they cancel in a difference between arms. What is
lost after some weeks is known for few arms, so the terms cannot be told apart; their sum can.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from lowdose.calibrate.mechanisms.outcomes import Control, Trial
from lowdose.calibrate.problem import Array, Problem, Unknown, Values
from lowdose.model import parameters

_WEEK = 168.0
_WHY = "neutral between nothing and most of what control arms of symptom trials are known to lose (5 to 40 %, recalled)"
TERMS = (
    Unknown("placebo_max", "1", 0.1, 1.0, "logit", reason=_WHY),
    Unknown("regression_max", "1", 0.05, 1.0, "logit", reason=_WHY),
    Unknown("course_max", "1", 0.0, 0.1, "plain", reason="chronic conditions may worsen as well as improve"),
    Unknown("between_trials", "1", 0.0, 0.15, "plain", reason="half-normal; control arms differ this much at least"),
)
_SPEEDS = {"placebo_max": "k_placebo", "regression_max": "k_regression", "course_max": "k_course"}
_DRAWS = 2**13


@dataclass(frozen=True)
class Arm:
    """A control arm beside what the fitted ones say of it."""

    trial: Trial
    predicted: float
    low: float
    high: float
    log_density: float

    @property
    def inside(self) -> bool:
        """Whether what was seen lies in the 90 % predictive interval."""
        assert self.trial.control is not None
        return self.low <= self.trial.control.fall <= self.high


def fall(values: Values, weeks: float) -> Array:
    """Share of the first level that a control arm has lost, shape (n,); as ``reported_pain`` of the model.

    Examples
    --------
    >>> none = {"placebo_max": np.array([0.12]), "regression_max": np.zeros(1), "course_max": np.zeros(1)}
    >>> fall(none, 1000.0).round(3).tolist()
    [0.12]
    """
    table, left = parameters(), np.ones_like(values["placebo_max"])
    for name, speed in _SPEEDS.items():
        left = left * (1.0 - values[name] * -math.expm1(-table[speed].value * weeks * _WEEK))
    return 1.0 - left


def problem(controls: Sequence[Control]) -> Problem:
    """The four unknowns and how likely these control arms are.

    Examples
    --------
    >>> len(problem([Control(12.0, 0.2, 0.05)]).unknowns)
    4
    """
    return Problem("control arms", TERMS, lambda values: sum((_of(one, values) for one in controls), np.zeros(1)))


def _of(control: Control, values: Values) -> Array:
    variance = control.standard_error**2 + values["between_trials"] ** 2
    gap = control.fall - fall(values, control.weeks)
    return np.asarray(-0.5 * (np.log(2 * math.pi * variance) + gap**2 / variance))


def predicted(fitted: Sequence[Trial], held_out: Sequence[Trial], seed: int = 1) -> tuple[Arm, ...]:
    """Control arms of held-out trials, predicted from those of fitted ones.

    The posterior is the prior (8192 points of a scrambled Sobol sequence) weighed by the likelihood.

    Examples
    --------
    >>> from lowdose.calibrate.mechanisms.outcomes import trials
    >>> [arm.inside for arm in predicted(trials("fitted"), trials("held-out"))]
    [True]
    """
    values, weights = _posterior([one.control for one in fitted if one.control], seed)
    noise = np.random.default_rng(seed).standard_normal(_DRAWS)
    return tuple(_arm(one, one.control, values, weights, noise) for one in held_out if one.control)


def _posterior(controls: Sequence[Control], seed: int) -> tuple[Mapping[str, Array], Array]:
    from scipy.special import logsumexp
    from scipy.stats import norm, qmc

    asked = problem(controls)
    values = asked.values(norm.ppf(qmc.Sobol(len(TERMS), rng=np.random.default_rng(seed)).random(_DRAWS)))
    found = np.broadcast_to(asked.log_likelihood(values), _DRAWS)
    return values, np.exp(found - logsumexp(found))


def _arm(trial: Trial, control: Control, values: Mapping[str, Array], weights: Array, noise: Array) -> Arm:
    from scipy.special import logsumexp

    middle = fall(values, control.weeks)
    drawn = middle + noise * np.sqrt(control.standard_error**2 + values["between_trials"] ** 2)
    order = np.argsort(drawn)
    low, high = np.interp([0.05, 0.95], np.cumsum(weights[order]), drawn[order])
    density = float(logsumexp(_of(control, values), b=weights))
    return Arm(trial, float(middle @ weights), float(low), float(high), density)
