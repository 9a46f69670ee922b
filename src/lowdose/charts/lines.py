"""A few curves with their names at their ends: one quantity against time, dose or hours, under rival assumptions."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from lowdose.charts.look import BLUE, GREEN, INK, MUTED, ORANGE, PURPLE, SCHEMA, SLATE, WEAK_DASH, Spec, config
from lowdose.charts.sheet import LINE, SIZE, Scale, something, width

_COLOURS = (BLUE, ORANGE, GREEN, PURPLE, SLATE, INK)
_WIDE, _HIGH = 430, 190
_APART = 15.0
"""Pixels between two names that would touch."""


@dataclass(frozen=True)
class Line:
    """One curve: its name, where it is and what it is there; ``weak`` curves are dashed."""

    name: str
    x: Sequence[float]
    y: Sequence[float]
    weak: bool = True


def lines(
    title: str, subtitle: Sequence[str], x: str, y: str, curves: Sequence[Line], *, at: float | None = 1.0
) -> Spec:
    """Curves on one pair of axes; ``x`` and ``y`` are what the axes are called, ``at`` is where a rule is drawn.

    Raises
    ------
    InvalidInput
        If there is no curve.

    Examples
    --------
    >>> spec = lines("Growth", [], "hours", "relative", [Line("imposed", [0, 24], [1.0, 1.2])])
    >>> spec["layer"][-1]["data"]["values"][0]["text"]
    'imposed'
    """
    something(curves, "curve")
    low, high = _reach([value for curve in curves for value in curve.y], at)
    along = Scale(min(min(c.x) for c in curves), max(max(c.x) for c in curves), 0, _WIDE)
    up = Scale(low, high, _HIGH, 0)
    layers: list[Spec] = [_axes(along, up, x)]
    if at is not None and low <= at <= high:
        layers.append(_rule(up.at(at)))
    layers += [_curve(curve, _COLOURS[i % len(_COLOURS)], along, up) for i, curve in enumerate(curves)]
    heading = {"text": title, "subtitle": [*subtitle, y], "fontSize": 15, "offset": 12}
    return {
        "$schema": SCHEMA,
        "title": heading,
        "width": _WIDE,
        "height": _HIGH,
        "padding": {"left": 5, "top": 5, "bottom": 5, "right": 12 + max(width(c.name, SIZE) for c in curves)},
        "layer": [*layers, _names(curves, up)],
        "config": config(),
    }


def _reach(values: Sequence[float], at: float | None) -> tuple[float, float]:
    shown = [*values, *([] if at is None else [at])]
    low, high = min(shown), max(shown)
    room = max(high - low, 0.05 * max(abs(high), 1e-9)) * 0.08
    return (0.0 if low >= 0 and low < 0.5 * high else low - room), high + room


def _axes(along: Scale, up: Scale, name: str) -> Spec:
    below = along.x(along.ticks(7), title=name, domain=True, titlePadding=6)
    beside = {
        "type": "quantitative",
        "scale": {"domain": [up.low, up.high], "nice": False, "zero": False},
        "axis": {"values": up.ticks(4), "title": None, "grid": True, "domain": False, "ticks": False},
    }
    return {
        "data": {"values": [{"x": along.low, "y": up.low}]},
        "mark": {"type": "point", "opacity": 0},
        "encoding": {"x": {"field": "x", **below}, "y": {"field": "y", **beside}},
    }


def _rule(height: float) -> Spec:
    return {
        "data": {"values": [{"y": height}]},
        "mark": {"type": "rule", "color": MUTED, "strokeDash": [2, 3]},
        "encoding": {"y": {"field": "y", "type": "quantitative", "scale": None, "axis": None}},
    }


def _curve(curve: Line, colour: str, along: Scale, up: Scale) -> Spec:
    points = [{"x": along.at(a), "y": up.at(b)} for a, b in zip(curve.x, curve.y, strict=True) if math.isfinite(b)]
    dash = {"strokeDash": WEAK_DASH} if curve.weak else {}
    return {
        "data": {"values": points},
        "mark": {"type": "line", "color": colour, "strokeWidth": 2, **dash},
        "encoding": {axis: {"field": axis, "type": "quantitative", "scale": None, "axis": None} for axis in ("x", "y")},
    }


def _names(curves: Sequence[Line], up: Scale) -> Spec:
    """Names at the right ends, pushed apart where they would touch."""
    ends = sorted(((up.at(curve.y[-1]), i) for i, curve in enumerate(curves)), key=lambda end: end[0])
    placed: list[tuple[float, int]] = []
    for height, i in ends:
        placed.append((max(height, placed[-1][0] + _APART) if placed else height, i))
    over = max(0.0, placed[-1][0] - (_HIGH + LINE / 2))
    values = [
        {"x": _WIDE + 8, "y": height - over, "text": curves[i].name, "colour": _COLOURS[i % len(_COLOURS)]}
        for height, i in placed
    ]
    field = {"type": "quantitative", "scale": None, "axis": None}
    return {
        "data": {"values": sorted(values, key=lambda row: float(str(row["y"])))},
        "mark": {"type": "text", "align": "left", "baseline": "middle", "fontSize": SIZE},
        "encoding": {
            "x": {"field": "x", **field},
            "y": {"field": "y", **field},
            "text": {"field": "text"},
            "color": {"field": "colour", "type": "nominal", "scale": None, "legend": None},
        },
    }
