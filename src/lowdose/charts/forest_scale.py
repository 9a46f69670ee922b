"""How far the axis of a forest plot reaches: every estimate is on it, and no single wide interval rules it."""

from __future__ import annotations

import math
from collections.abc import Callable
from statistics import median
from typing import TYPE_CHECKING

from lowdose.charts import sheet
from lowdose.charts.sheet import Scale
from lowdose.errors import InvalidInput

if TYPE_CHECKING:
    from lowdose.charts.forest_table import Forest, ForestPool, ForestRow

_SIDE = 0.36
"""Least share of the axis on either side of no difference: room for the words under it."""
_WIDEST = 2.0
"""An interval reaches at most this many times as far as the middle one; the rest is an arrowhead."""


def scale(plot: Forest, left: float, right: float) -> Scale:
    """Axis of a plot between two pixels, checked for what cannot be drawn.

    Raises
    ------
    InvalidInput
        Without rows, for numbers that cannot be drawn, or for an interval that does not hold its estimate.

    Examples
    --------
    >>> from lowdose.charts import Forest, ForestRow
    >>> found = scale(Forest("", "", [ForestRow("a", "", 2.2, 1.1, 4.3)], log=True, null=1.0), 0, 100)
    >>> found.low < 1 < 4.3 < found.high
    True
    """
    sheet.something(plot.rows, "forest plot")
    for one in _all(plot):
        _check(one.label, one.estimate, one.low, one.high, plot.log)
    for pool in plot.pools:
        if pool.prediction:
            _check(f"{pool.label}, prediction", None, *pool.prediction, plot.log)
    forward: Callable[[float], float] = math.log if plot.log else float
    backward: Callable[[float], float] = math.exp if plot.log else float
    low, high = _reach(plot, forward)
    return Scale(backward(low), backward(high), left, right, plot.log)


def _all(plot: Forest) -> list[ForestRow | ForestPool]:
    return [*plot.rows, *plot.pools]


def _check(label: str, estimate: float | None, low: float | None, high: float | None, log: bool) -> None:
    sheet.finite({"estimate": estimate, "low": low, "high": high}, label)
    known = [value for value in (low, estimate, high) if value is not None]
    if known != sorted(known):
        raise InvalidInput(f"the interval {low} to {high} does not hold {estimate}", where=label)
    if log and any(value <= 0 for value in known):
        raise InvalidInput(f"a ratio must be above zero, not {min(known)}", where=label)


def _reach(plot: Forest, forward: Callable[[float], float]) -> tuple[float, float]:
    """Ends of the axis on the model scale."""
    null = forward(plot.null)
    estimates = [forward(one.estimate) - null for one in _all(plot) if one.estimate is not None]
    intervals = [
        (forward(one.low) - null, forward(one.high) - null)
        for one in _all(plot)
        if one.estimate is not None and one.low is not None and one.high is not None
    ]
    intervals += [
        (forward(pool.prediction[0]) - null, forward(pool.prediction[1]) - null)
        for pool in plot.pools
        if pool.prediction
    ]
    marked = [*estimates, *(forward(one) - null for one in plot.mid if one > 0 or not plot.log)]
    usual = median(max(abs(low), abs(high)) for low, high in intervals) if intervals else 0.0
    most = max(1.15 * max(map(abs, marked), default=0.0), _WIDEST * usual) or 1.0
    low = max(min((low for low, _ in intervals), default=0.0), -most)
    high = min(max((high for _, high in intervals), default=0.0), most)
    low, high = min(low, *marked, 0.0), max(high, *marked, 0.0)
    room = 1.05 * (max(high, 0.0) - min(low, 0.0)) or 1.0
    least = _SIDE / (1 - _SIDE)
    low, high = min(1.05 * low, -0.02 * room), max(1.05 * high, 0.02 * room)
    return null + min(low, -least * high), null + max(high, -least * low)
