"""Crossover trials: everybody is their own control, so the comparison is within people.

The correlation between periods, which papers seldom give, turns the effect within people into one in standard
deviations between them, so that it can stand beside trials with two arms.
"""

from __future__ import annotations

import math

from lowdose.evidence.pools.numbers import (
    EffectSize,
    Measure,
    correlation_of,
    finite,
    positive,
    probability,
    side_of,
    size_of,
)


def paired_p(p: float, n: float, sign: float, correlation: float) -> EffectSize:
    """Effect size of a crossover trial from its two-sided paired p: t with n - 1 degrees of freedom, then `paired_t`.

    Examples
    --------
    >>> found = paired_p(0.016, 28, -1, 0.5)
    >>> round(found.estimate, 4), round(found.variance, 6)
    (-0.4857, 0.039927)
    """
    from scipy import stats

    size = size_of("n", n, least=2)
    return paired_t(float(stats.t.isf(probability(p) / 2, size - 1)), size, sign, correlation)


def paired_t(t: float, n: float, sign: float, correlation: float) -> EffectSize:
    """Effect size of a crossover trial from its paired t.

    ``dz = sign |t|/√n``, ``d = dz √(2(1-r))`` and ``v = (1/n + dz²/(2n)) 2(1-r)``, r being the correlation between
    periods, which papers seldom give.

    Examples
    --------
    >>> round(paired_t(2.0, 25, -1, 0.5).estimate, 6)
    -0.4
    """
    size, side, twice = size_of("n", n, least=2), side_of(sign), 2 * (1 - correlation_of(correlation))
    dz = side * abs(finite("t", t)) / math.sqrt(size)
    return EffectSize("SMD", dz * math.sqrt(twice), (1 / size + dz * dz / (2 * size)) * twice, correlation)


def paired_differences(mean: float, sd: float, n: float, measure: Measure, correlation: float) -> EffectSize:
    """Effect size of a crossover trial from the mean and standard deviation of the differences within people.

    The MD needs no correlation: the standard deviation of the differences holds it.

    Examples
    --------
    >>> paired_differences(-2.0, 4.0, 16, "MD", 0.5)
    EffectSize(measure='MD', estimate=-2.0, variance=1.0, correlation=None, note='')
    >>> paired_differences(-2.0, 4.0, 16, "SMD", 0.5).estimate
    -0.5
    """
    mean, spread, size = finite("mean", mean), positive("sd", sd), size_of("n", n, least=2)
    if measure == "MD":
        return EffectSize("MD", mean, spread * spread / size)
    return paired_t(mean / (spread / math.sqrt(size)), size, math.copysign(1, mean), correlation)
