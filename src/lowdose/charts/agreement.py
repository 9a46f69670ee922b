"""Observed against predicted: blood levels as ratios, receptor scans by kinetics."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from lowdose.charts.look import BLUE, GREEN, HAIRLINE, INK, MUTED, ORANGE, SCHEMA, Spec, config

Row = dict[str, Any]

_HEADER = {
    "title": None,
    "labelOrient": "top",
    "labelAngle": 0,
    "labelAlign": "left",
    "labelAnchor": "start",
    "labelFontSize": 13,
    "labelFontWeight": 600,
    "labelColor": INK,
}


def ratios(rows: Sequence[Row]) -> Spec:
    """One line an observation: predicted over observed, with the 90 % interval; hollow when recalled.

    Each row: ``label``, ``panel`` (fitted | predicted), ``ratio``, ``low``, ``high``, ``recalled``.

    Examples
    --------
    >>> ratios([])["facet"]["row"]["field"]
    'panel'
    """
    scale = {"type": "log", "domain": [0.1, 10], "clamp": True}
    axis = {
        "values": [0.1, 0.2, 0.5, 1, 2, 5, 10],
        "title": "predicted over observed",
        "labelExpr": "datum.value + ' ×'",
    }
    y = {"field": "label", "type": "nominal", "sort": None, "title": None, "axis": {"labelLimit": 420, "ticks": False}}
    x = {"field": "ratio", "type": "quantitative", "scale": scale, "axis": axis}
    filled = {"condition": {"test": "datum.recalled", "value": "white"}, "value": BLUE}
    return {
        "$schema": SCHEMA,
        "data": {"values": list(rows)},
        "facet": {"row": {"field": "panel", "type": "nominal", "header": _HEADER}},
        "resolve": {"scale": {"y": "independent"}},
        "spec": {
            "width": 420,
            "height": {"step": 17},
            "layer": [
                {
                    "mark": {"type": "rect", "color": HAIRLINE, "opacity": 0.5},
                    "encoding": {"x": {"datum": 0.5, "type": "quantitative", "scale": scale}, "x2": {"datum": 2}},
                },
                {"mark": {"type": "rule", "color": MUTED}, "encoding": {"x": {"datum": 1, "type": "quantitative"}}},
                {
                    "mark": {"type": "rule", "color": BLUE, "strokeWidth": 1.5, "clip": True},
                    "encoding": {"y": y, "x": {**x, "field": "low"}, "x2": {"field": "high"}},
                },
                {
                    "mark": {"type": "point", "size": 55, "stroke": BLUE, "strokeWidth": 1.5, "opacity": 1},
                    "encoding": {"y": y, "x": x, "fill": filled},
                },
            ],
        },
        "config": config(),
    }  # fmt: skip


def scans(rows: Sequence[Row]) -> Spec:
    """One small panel a kinetics: each human scan (dot) and what the kinetics says of it (bar of the 90 % interval).

    Each row: ``kinetics``, ``label``, ``observed``, ``predicted``, ``low``, ``high`` (fractions), ``receptor``.

    Examples
    --------
    >>> scans([])["columns"]
    3
    """
    y = {"field": "label", "type": "nominal", "sort": None, "title": None, "axis": {"labelLimit": 260, "ticks": False}}
    kinetics = list(dict.fromkeys(row["kinetics"] for row in rows))
    axis = {"format": ".0%", "title": "receptors blocked", "values": [0, 0.25, 0.5, 0.75, 1]}
    x = {"type": "quantitative", "scale": {"domain": [0, 1]}, "axis": axis}
    colour = {
        "field": "receptor",
        "type": "nominal",
        "scale": {"domain": ["µ", "δ", "κ"], "range": [BLUE, ORANGE, GREEN]},
        "legend": {"title": "scanned", "orient": "top"},
    }
    return {
        "$schema": SCHEMA,
        "data": {"values": list(rows)},
        "facet": {"field": "kinetics", "type": "nominal", "sort": kinetics, "header": _HEADER},
        "columns": 3,
        "spec": {
            "width": 200,
            "height": {"step": 17},
            "layer": [
                {
                    "mark": {"type": "bar", "color": HAIRLINE, "height": 9},
                    "encoding": {"y": y, "x": {**x, "field": "low"}, "x2": {"field": "high"}},
                },
                {
                    "mark": {"type": "tick", "color": MUTED, "thickness": 2, "height": 11},
                    "encoding": {"y": y, "x": {**x, "field": "predicted"}},
                },
                {
                    "mark": {"type": "point", "filled": True, "size": 50, "opacity": 1},
                    "encoding": {"y": y, "x": {**x, "field": "observed"}, "color": colour},
                },
            ],
        },
        "config": config(),
    }  # fmt: skip
