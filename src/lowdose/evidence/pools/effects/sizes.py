"""Effect sizes: what a trial reported, as an estimate and its variance.

Differences of means and of events are the library's (PyMetaAnalysis); what it does not convert is here: a published d,
a published difference with its interval or p, and both periods of a crossover trial.
A negative difference means that the treated arm has less of what was measured; which way is good is said elsewhere.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from statistics import NormalDist

from lowdose.errors import InvalidInput, NotFound
from lowdose.evidence.pools.effects.crossover import paired_differences, paired_p, paired_t
from lowdose.evidence.pools.meta_analysis import two_arms, two_by_two
from lowdose.evidence.pools.numbers import (
    OF_EVENTS,
    RATIOS,
    EffectSize,
    Measure,
    counts,
    finite,
    ordered,
    positive,
    probability,
    side_of,
    size_of,
)

__all__ = [
    "METHODS",
    "NEEDS",
    "OF_EVENTS",
    "PAIRED",
    "RATIOS",
    "EffectSize",
    "Measure",
    "arm_changes",
    "arm_means",
    "counts",
    "effect_size",
    "events",
    "measures",
    "paired_differences",
    "paired_p",
    "paired_t",
    "peto",
    "published_md",
    "published_smd",
    "sd_of_interval",
    "without_a_ratio",
]


def published_smd(d: float, n1: float, n2: float, sign: float) -> EffectSize:
    """Effect size of a published Cohen's d of two arms.

    ``v = 1/n1 + 1/n2 + d²/(2(n1+n2))``; the estimate is ``sign`` times the size of d, since papers drop the sign.
    The d is taken as published, without Hedges' correction.

    Examples
    --------
    >>> found = published_smd(0.23, 49, 50, -1)
    >>> found.estimate, round(found.variance, 6)
    (-0.23, 0.040675)
    """
    d, n1, n2, side = finite("d", d), size_of("n1", n1), size_of("n2", n2), side_of(sign)
    return EffectSize("SMD", side * abs(d), 1 / n1 + 1 / n2 + d * d / (2 * (n1 + n2)))


def published_md(
    est: float,
    *,
    low: float | None = None,
    high: float | None = None,
    se: float | None = None,
    p: float | None = None,
    df: float | None = None,
) -> EffectSize:
    """Published difference of means with its 95 % interval (normal), its standard error, or p and degrees of freedom.

    Examples
    --------
    >>> round(math.sqrt(published_md(-0.34, low=-0.95, high=0.27).variance), 6)
    0.31123
    >>> round(math.sqrt(published_md(3.3, p=0.04, df=59).variance), 6)
    1.571314
    """
    estimate = finite("est", est)
    if se is not None:
        error = positive("se", se)
    elif low is not None and high is not None:
        ordered(low, estimate, high)
        error = (high - low) / 2 / NormalDist().inv_cdf(0.975)
    elif p is not None and df is not None:
        from scipy import stats

        if estimate == 0:
            raise InvalidInput("a difference of zero has no standard error that p could tell", remedy="give se or ci")
        error = abs(estimate) / float(stats.t.isf(probability(p) / 2, positive("df", df)))
    else:
        raise InvalidInput("a published difference needs its spread", remedy="give low and high, or se, or p and df")
    return EffectSize("MD", estimate, error * error)


def arm_means(
    mean1: float, sd1: float, n1: float, mean2: float, sd2: float, n2: float, *, measure: Measure
) -> EffectSize:
    """Two arms' means and standard deviations: MD, or SMD as Hedges' g with the exact correction (the library's).

    Examples
    --------
    >>> found = arm_means(11.7, 7.7, 6, 17.8, 5.9, 6, measure="SMD")
    >>> round(found.estimate, 6), round(found.variance, 6)
    (-0.820601, 0.361391)
    """
    arms = (
        finite("mean1", mean1),
        positive("sd1", sd1),
        size_of("n1", n1, least=2),
        finite("mean2", mean2),
        positive("sd2", sd2),
        size_of("n2", n2, least=2),
    )
    return EffectSize(measure, *two_arms(arms, measure))


def arm_changes(
    change1: float,
    low1: float,
    high1: float,
    n1: float,
    change2: float,
    low2: float,
    high2: float,
    n2: float,
    *,
    measure: Measure,
) -> EffectSize:
    """Two arms' mean changes with 95 % intervals, whose width gives back the standard deviations.

    Examples
    --------
    >>> found = arm_changes(-1.3, -1.7, -0.8, 49, -0.9, -1.4, -0.5, 50, measure="MD")
    >>> round(found.estimate, 3), round(found.variance, 6)
    (-0.4, 0.100235)
    """
    ordered(low1, change1, high1)
    ordered(low2, change2, high2)
    sd1, sd2 = sd_of_interval(low1, high1, n1), sd_of_interval(low2, high2, n2)
    return arm_means(change1, sd1, n1, change2, sd2, n2, measure=measure)


def sd_of_interval(low: float, high: float, n: float, level: float = 0.95) -> float:
    """Standard deviation behind the t interval of one arm's mean.

    Examples
    --------
    >>> round(sd_of_interval(-1.7, -0.8, 49), 6)
    1.566669
    """
    from scipy import stats

    size = size_of("n", n, least=2)
    if not high > low:
        raise InvalidInput(f"an interval from {low:g} to {high:g} has no width", remedy="give the lower limit first")
    return (high - low) / 2 / float(stats.t.isf((1 - level) / 2, size - 1)) * math.sqrt(size)


def events(e1: float, n1: float, e2: float, n2: float, *, measure: Measure) -> EffectSize:
    """Events of two arms: log RR, log OR or RD (the library's).

    Half a person is added to every cell of a trial that has a zero cell, and of no other; the note says so.

    Raises
    ------
    InvalidInput
        If counts are not counts, or (RR, OR) nobody or everybody in both arms had the event.

    Examples
    --------
    >>> found = events(15, 18, 6, 16, measure="RR")
    >>> round(math.exp(found.estimate), 3)
    2.222
    >>> events(0, 22, 5, 16, measure="RD").note
    '1/2 added to each cell: one is zero'
    """
    table = counts(e1, n1, e2, n2)
    if measure != "RD":
        _informative(table)
    row = two_by_two([table], measure=measure, method="IV").study_results.iloc[0]
    estimate, note = float(row["effect"]), ""
    if row["continuity_corrected"]:
        note = "1/2 added to each cell: one is zero"
        if measure == "RD":  # the library corrects the variance of a risk difference only; both belong together
            estimate = (table[0] + 0.5) / (table[1] + 1) - (table[2] + 0.5) / (table[3] + 1)
    return EffectSize(measure, estimate, float(row["variance"]), note=note)


def peto(e1: float, n1: float, e2: float, n2: float, *, added: float = 0.0) -> EffectSize:
    """Peto's one-step log odds ratio (the library's), which needs nothing added to a zero.

    Some programs add half to each cell of a table with a zero even so: ``added=0.5`` gives theirs.

    Examples
    --------
    >>> round(peto(0, 22, 5, 16).estimate, 4), round(peto(0, 22, 5, 16, added=0.5).estimate, 4)
    (-2.6629, -2.3078)
    """
    table = counts(e1, n1, e2, n2)
    _informative(table)
    row = two_by_two([table], added=added, measure="OR", method="Peto").study_results.iloc[0]
    return EffectSize("OR", float(row["effect"]), float(row["variance"]), note="Peto's odds ratio")


METHODS: Mapping[str, tuple[Callable[..., EffectSize], tuple[Measure, ...]]] = {
    "published_smd": (published_smd, ("SMD",)),
    "paired_p": (paired_p, ("SMD",)),
    "paired_t": (paired_t, ("SMD",)),
    "paired_differences": (paired_differences, ("MD", "SMD")),
    "published_md": (published_md, ("MD",)),
    "arm_means": (arm_means, ("MD", "SMD")),
    "arm_changes": (arm_changes, ("MD", "SMD")),
    "events": (events, OF_EVENTS),
}
"""What a contrast of the data may name as its method, and the measures it gives."""
NEEDS: Mapping[str, tuple[frozenset[str], ...]] = {
    "published_smd": (frozenset({"d", "n1", "n2", "sign"}),),
    "paired_p": (frozenset({"p", "n", "sign"}),),
    "paired_t": (frozenset({"t", "n", "sign"}),),
    "paired_differences": (frozenset({"mean", "sd", "n"}),),
    "published_md": (frozenset({"est", "low", "high"}), frozenset({"est", "se"}), frozenset({"est", "p", "df"})),
    "arm_means": (frozenset({"mean1", "sd1", "n1", "mean2", "sd2", "n2"}),),
    "arm_changes": (frozenset({"change1", "low1", "high1", "n1", "change2", "low2", "high2", "n2"}),),
    "events": (frozenset({"e1", "n1", "e2", "n2"}),),
}
"""Which numbers a contrast gives to each method; of several sets, one."""
PAIRED = ("paired_p", "paired_t", "paired_differences")
_BY_MEASURE = ("arm_means", "arm_changes", "events", "paired_differences")


def measures(method: str) -> tuple[Measure, ...]:
    """Measures that a method gives.

    Examples
    --------
    >>> measures("events")
    ('RR', 'OR', 'RD')
    """
    if method not in METHODS:
        raise NotFound.among("method of effect sizes", method, METHODS)
    return METHODS[method][1]


def effect_size(method: str, measure: Measure, numbers: Mapping[str, float], *, correlation: float = 0.5) -> EffectSize:
    """Effect size by the name of its method.

    Parameters
    ----------
    method : str
        One of `METHODS`.
    measure : str
        What is wanted; the method must give it.
    numbers : mapping
        The method's arguments by name.
    correlation : float
        Between the periods of a crossover trial; other designs do not use it.

    Examples
    --------
    >>> effect_size("published_smd", "SMD", {"d": 0.19, "n1": 47, "n2": 49, "sign": 1}).estimate
    0.19
    """
    if measure not in measures(method):
        raise InvalidInput(
            f"{method} gives no {measure}", remedy=f"it gives {' or '.join(measures(method))}", where=f"method {method}"
        )
    options: dict[str, object] = {}
    if method in PAIRED:
        options["correlation"] = correlation
    if method in _BY_MEASURE:
        options["measure"] = measure
    try:
        return METHODS[method][0](**numbers, **options)
    except TypeError as error:
        what = f"{method} was given other numbers than it needs: {error}"
        raise InvalidInput(what, where=f"method {method}") from error


def without_a_ratio(table: tuple[int, int, int, int]) -> str:
    """Why events and totals of two arms tell no ratio; empty where they do.

    Examples
    --------
    >>> without_a_ratio((0, 22, 0, 16)), without_a_ratio((0, 22, 5, 16))
    ('nobody in either arm had the event', '')
    """
    for arms_had, who in (((0, 0), "nobody"), ((table[1], table[3]), "everybody")):
        if (table[0], table[2]) == arms_had:
            return f"{who} in either arm had the event"
    return ""


def _informative(table: tuple[int, int, int, int]) -> None:
    if why := without_a_ratio(table):
        raise InvalidInput(f"{why}: no ratio can be told", remedy="ask for RD")
