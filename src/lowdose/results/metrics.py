"""Metrics of a course: peaks, areas, half-lives, hours above a level, fold changes.

Non-compartmental rules: area linear while rising and logarithmic while falling; terminal half-life by log-linear
regression over a stated window; area to infinity refused when more than a fifth of it would be extrapolated.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from lowdose.model import Output
from lowdose.results.ensemble import Array, Ensemble

PERCENTILES = {"p05": 0.05, "p50": 0.50, "p95": 0.95}
MOST_EXTRAPOLATED = 0.20
"""Largest share of an area to infinity that may be extrapolated."""
BLOCK_IS_OVER = 0.20
"""Occupancy under which a block counts as over."""


@dataclass(frozen=True)
class Timing:
    """When things happen, hours after the first scheduled dose.

    ``clock_start`` is the clock time of hour 0; ``single`` tells whether there is only one dose.
    """

    clock_start: float
    doses: Array
    end: float

    @property
    def last_dose(self) -> float:
        """Hour of the last dose (0 without any)."""
        return float(self.doses[-1]) if len(self.doses) else 0.0

    @property
    def single(self) -> bool:
        """Whether there is exactly one dose."""
        return len(self.doses) == 1


@dataclass(frozen=True)
class Metric:
    """One number for the typical person, its quantiles for each kind of spread, and how it was made.

    ``value`` is None where the metric does not exist; ``note`` then says why.
    """

    value: float | None
    unit: str
    bands: Mapping[str, Mapping[str, float | None]]
    note: str = ""
    window_h: tuple[float, float] | None = None
    extrapolated: float | None = None


@dataclass(frozen=True)
class Course:
    """One output of one ensemble, as the rules see it: time (T,), values (n, T)."""

    time: Array
    values: Array
    timing: Timing
    without_drug: Array
    half_life_window: tuple[float, float] | None

    def between(self, start: float, stop: float) -> tuple[Array, Array]:
        """Times and values from ``start`` to ``stop`` hours, both included (they lie on the grid); views."""
        first, end = np.searchsorted(self.time, start - 1e-9), np.searchsorted(self.time, stop + 1e-9, side="right")
        return self.time[first:end], self.values[:, first:end]

    @property
    def last_day(self) -> tuple[Array, Array]:
        """The 24 hours that follow the last dose."""
        return self.between(self.timing.last_dose, self.timing.last_dose + 24.0)

    @cached_property
    def mean_last_day(self) -> Array:
        """Mean of each row over the 24 hours that follow the last dose, shape (n,)."""
        return mean(*self.last_day)

    @cached_property
    def terminal_half_life(self) -> Array:
        """Half-life of each row over the window after the last dose, shape (n,)."""
        assert self.half_life_window is not None
        start, stop = (self.timing.last_dose + hour for hour in self.half_life_window)
        return half_life(*self.between(start, stop))


def area(time: Array, values: Array) -> Array:
    """Area under each row of ``values`` (n, T): linear up, logarithmic down; shape (n,).

    Examples
    --------
    >>> t = np.linspace(0.0, 40.0, 81)
    >>> bool(abs(area(t, np.exp(-t)[None, :])[0] - 1) < 1e-9)
    True
    """
    left, right, step = values[:, :-1], values[:, 1:], np.diff(time)
    falling = (right < left) & (right > 0)
    ratio = np.where(falling, left / np.where(falling, right, 1.0), np.e)
    return _row_sums(np.where(falling, (left - right) / np.log(ratio), (left + right) / 2), step)


def _row_sums(values: Array, weights: Array) -> Array:
    """Weighted sum of each row, shape (n,); a row gives the same to the last bit alone or among others.

    A product of matrices does not: its order of summing goes by the number of rows.
    """
    return np.asarray((values * weights).sum(axis=1))


def time_above(time: Array, values: Array, level: float) -> Array:
    """Hours each row spends above ``level``, straight lines between points; shape (n,).

    Examples
    --------
    >>> time_above(np.array([0.0, 1.0, 2.0]), np.array([[0.0, 1.0, 0.0]]), 0.5).tolist()
    [1.0]
    """
    above = values - level
    distance = np.abs(above)
    height = distance[:, :-1] + distance[:, 1:]
    np.maximum(above, 0.0, out=above)
    share = above[:, :-1] + above[:, 1:]  # equal to height, so a share of exactly 1, where both ends lie above
    np.divide(share, height, out=share, where=height > 0)
    return _row_sums(share, np.diff(time))


def half_life(time: Array, values: Array) -> Array:
    """Terminal half-life of each row by log-linear regression over all points given; NaN where it does not fall.

    Examples
    --------
    >>> t = np.linspace(4.0, 16.0, 25)
    >>> half_life(t, 2.0 ** (-t[None, :] / 3)).round(9).tolist()
    [3.0]
    """
    if len(time) < 3:
        return np.full(len(values), np.nan)
    good = np.all(values > 0, axis=1)
    logs = np.log(np.where(values > 0, values, 1.0))
    centred = time - time.mean()
    slope = _row_sums(logs, centred) / (centred @ centred)
    falls = good & (slope < 0)
    return np.where(falls, np.log(2) / -np.where(falls, slope, -1.0), np.nan)


def time_below(time: Array, values: Array, level: float) -> Array:
    """Hours from the first point until each row falls below ``level`` for good; NaN where it never does.

    Examples
    --------
    >>> time_below(np.array([0.0, 1.0, 2.0]), np.array([[0.4, 0.3, 0.1]]), 0.2).tolist()
    [1.5]
    """
    above = values >= level
    result = np.where(above[:, -1], np.nan, 0.0)
    crosses = np.flatnonzero(above.any(axis=1) & ~above[:, -1])
    last = len(time) - 1 - np.argmax(above[crosses, ::-1], axis=1)
    high, low = values[crosses, last], values[crosses, last + 1]
    result[crosses] = time[last] + (high - level) / (high - low) * (time[last + 1] - time[last]) - time[0]
    return result


def area_to_infinity(course: Course) -> tuple[Array, Array]:
    """Area to infinity after a single dose and its extrapolated share, each (n,).

    Examples
    --------
    >>> t = np.linspace(0.0, 60.0, 241)
    >>> timing = Timing(22.0, np.array([0.0]), 24.0)
    >>> whole, share = area_to_infinity(Course(t, np.exp(-t)[None, :], timing, np.array([0.0]), (4.0, 16.0)))
    >>> bool(abs(whole[0] - 1) < 1e-9), bool(share[0] < 1e-9)
    (True, True)
    """
    assert course.half_life_window is not None
    stop = course.half_life_window[1] + course.timing.last_dose
    time, values = course.between(0.0, max(stop, 24.0))
    rest = values[:, -1] * course.terminal_half_life / np.log(2)
    whole = area(time, values) + rest
    return whole, rest / whole


def _area_if_supported(course: Course) -> Array:
    """Area to infinity; NaN after several doses or where too much of it would be extrapolated."""
    if not course.timing.single:
        return np.full(len(course.values), np.nan)
    whole, share = area_to_infinity(course)
    return np.where(share <= MOST_EXTRAPOLATED, whole, np.nan)


def mean(time: Array, values: Array) -> Array:
    """Mean of each row over the whole time given, straight lines between points; shape (n,).

    Examples
    --------
    >>> mean(np.array([0.0, 1.0, 3.0]), np.array([[0.0, 2.0, 2.0]])).round(3).tolist()
    [1.667]
    """
    return np.asarray(np.trapezoid(values, time, axis=1) / (time[-1] - time[0]))


def _after_dose(course: Course, time: Array) -> Array:
    """Hours since the latest dose at or before each of ``time``."""
    doses = course.timing.doses
    if not len(doses):
        return np.full(len(time), np.nan)
    return np.asarray(time - doses[np.searchsorted(doses, time, side="right") - 1])


_FIRST_DAY = (0.0, 24.0)
_OWN, _AREA = "the output's own", "area"
_ANY, _LEVEL, _SHARE, _HORMONE = (
    ("concentration", "occupancy", "share", "hormone", "response"),
    ("concentration",),
    ("occupancy",),
    ("hormone", "response"),
)


@dataclass(frozen=True)
class _Rule:
    """How a metric is made: for which kinds of output, in which unit, from a course to one number a person."""

    kinds: tuple[str, ...]
    unit: str
    of: Callable[[Course], Array]
    note: str = ""


_RULES: Mapping[str, _Rule] = {
    "cmax": _Rule(_LEVEL, _OWN, lambda c: np.max(c.values, axis=1), "largest value of the run"),
    "tmax": _Rule(
        _LEVEL,
        "h",
        lambda c: _after_dose(c, c.time[np.argmax(c.values, axis=1)]),
        "hours from the dose before the largest value",
    ),
    "auc_0_24": _Rule(_LEVEL, _AREA, lambda c: area(*c.between(*_FIRST_DAY)), "first 24 h"),
    "auc_inf": _Rule(
        _LEVEL,
        _AREA,
        _area_if_supported,
        f"after a single dose; refused when more than {MOST_EXTRAPOLATED:.0%} would be extrapolated",
    ),
    "half_life": _Rule(_LEVEL, "h", lambda c: c.terminal_half_life, "log-linear over the window after the last dose"),
    "peak": _Rule(_ANY, _OWN, lambda c: np.max(c.last_day[1], axis=1), "largest value of the 24 h after the last dose"),
    "mean_last_day": _Rule(_ANY, _OWN, lambda c: c.mean_last_day, "mean of the 24 h after the last dose"),
    "trough_last_day": _Rule(
        _ANY, _OWN, lambda c: np.min(c.last_day[1], axis=1), "smallest value of the 24 h after the last dose"
    ),
    "hours_above_50_first_day": _Rule(_SHARE, "h", lambda c: time_above(*c.between(*_FIRST_DAY), 0.5)),
    "hours_above_80_first_day": _Rule(_SHARE, "h", lambda c: time_above(*c.between(*_FIRST_DAY), 0.8)),
    "hours_above_50_last_day": _Rule(_SHARE, "h", lambda c: time_above(*c.last_day, 0.5)),
    "hours_above_80_last_day": _Rule(_SHARE, "h", lambda c: time_above(*c.last_day, 0.8)),
    "hours_to_below_20_after_last_dose": _Rule(
        _SHARE,
        "h",
        lambda c: time_below(*c.between(c.timing.last_dose, np.inf), BLOCK_IS_OVER),
        "hours from the last dose until below 20 % for good; not given when that is later than the end of the run",
    ),
    "fold_last_day": _Rule(
        _HORMONE, "1", lambda c: c.mean_last_day / c.without_drug, "24-h mean over the same clock hours at dose 0"
    ),
}


def course_of(name: str, output: Output, timing: Timing, ensemble: Ensemble) -> Course:
    """One output of an ensemble as the rules see it; failed persons hold NaN.

    Examples
    --------
    >>> from lowdose import simulate
    >>> result = simulate("50 mg once")
    >>> course_of("ACTH", result.outputs["ACTH"], result.timing, result.typical).values.shape[0]
    1
    """
    values = ensemble.values[name]
    without_drug = ensemble.without_drug.get(name, np.full(len(values), np.nan))
    return Course(ensemble.time, values, timing, without_drug, output.half_life_window_h)


def per_person(metric: str, course: Course) -> Array:
    """One metric of every person of a course, shape (n,); NaN where it does not exist for that person.

    Examples
    --------
    >>> t = np.array([0.0, 12.0, 24.0])
    >>> timing = Timing(22.0, np.array([0.0]), 24.0)
    >>> per_person("peak", Course(t, np.array([[0.1, 0.3, 0.2]]), timing, np.array([1.0]), None)).tolist()
    [0.3]
    """
    return _RULES[metric].of(course)


def measure(
    name: str, output: Output, timing: Timing, typical: Ensemble, bands: Mapping[str, Ensemble]
) -> dict[str, Metric]:
    """Every metric of one output: the typical person's value and the percentiles of each band.

    Examples
    --------
    >>> from lowdose import simulate
    >>> result = simulate("50 mg once")
    >>> found = measure("ACTH", result.outputs["ACTH"], result.timing, result.typical, {})
    >>> sorted(found)
    ['fold_last_day', 'mean_last_day', 'peak', 'trough_last_day']
    """
    own = course_of(name, output, timing, typical)
    courses = {kind: course_of(name, output, timing, ensemble) for kind, ensemble in bands.items()}
    units = {_OWN: output.unit, _AREA: "{}*h/{}".format(*output.unit.partition("/")[::2])}
    found = {}
    for metric, rule in _RULES.items():
        if output.kind in rule.kinds:
            value = float(rule.of(own)[0])
            found[metric] = Metric(
                value=value if np.isfinite(value) else None,
                unit=units.get(rule.unit, rule.unit),
                bands={kind: percentiles(rule.of(course), bands[kind].solved) for kind, course in courses.items()},
                note=rule.note,
                window_h=output.half_life_window_h if metric == "half_life" else None,
                extrapolated=float(area_to_infinity(own)[1][0]) if metric == "auc_inf" and timing.single else None,
            )
    return found


def percentiles(found: Array, solved: NDArray[np.bool_]) -> dict[str, float | None]:
    """Percentiles over the persons that were ``solved``; one who never reaches the event counts as later than all.

    Examples
    --------
    >>> percentiles(np.array([1.0, 2.0, 3.0, np.nan]), np.array([True, True, True, False]))["p50"]
    2.0
    """
    found = found[solved]
    if not len(found):
        return dict.fromkeys(PERCENTILES)
    ranked = np.where(np.isfinite(found), found, np.inf)
    method: Literal["nearest", "linear"] = "nearest" if np.isinf(ranked).any() else "linear"
    values = np.quantile(ranked, list(PERCENTILES.values()), method=method).tolist()
    return {label: value if np.isfinite(value) else None for label, value in zip(PERCENTILES, values, strict=True)}
