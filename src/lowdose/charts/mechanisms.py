"""Rival mechanisms: how each fares against placebo-only, and what each says of trials it has not seen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from lowdose.charts.look import BLUE, GREEN, HAIRLINE, INK, MUTED, ORANGE, SCHEMA, Spec, config

Row = dict[str, Any]

_WIDTH, _PANEL = 420, 150


def differences(rows: Sequence[Row], smallest: float = 4.0) -> Spec:
    """One line a rival: elpd minus that of placebo-only with two standard errors; grey where a difference is small.

    Each row: ``rival``, ``delta``, ``low``, ``high``, ``told`` (whether it is told apart).

    Examples
    --------
    >>> differences([])["width"]
    420
    """
    rivals = list(dict.fromkeys(row["rival"] for row in rows))
    y = {
        "field": "rival",
        "type": "nominal",
        "sort": rivals,
        "title": None,
        "axis": {"ticks": False, "labelLimit": 200},
    }
    most = max([smallest + 1.0, *(abs(row[end]) + 0.5 for row in rows for end in ("low", "high"))])
    axis = {"title": "worse ←  elpd minus that of placebo-only, ± 2 standard errors  → better"}
    x = {"type": "quantitative", "scale": {"domain": [-most, most], "nice": False}, "axis": axis}
    colour = {"condition": {"test": "datum.told", "value": ORANGE}, "value": BLUE}
    return {
        "$schema": SCHEMA,
        "title": f"Grey: too small to mean anything (under {smallest:g})",
        "width": _WIDTH,
        "height": {"step": 26},
        "data": {"values": list(rows)},
        "layer": [
            {
                "data": {"values": [{}]},
                "mark": {"type": "rect", "color": HAIRLINE, "opacity": 0.5},
                "encoding": {"x": {**x, "datum": -smallest}, "x2": {"datum": smallest}},
            },
            {
                "data": {"values": [{}]},
                "mark": {"type": "rule", "color": MUTED},
                "encoding": {"x": {**x, "datum": 0}},
            },
            {
                "mark": {"type": "rule", "strokeWidth": 2},
                "encoding": {"y": y, "x": {**x, "field": "low"}, "x2": {"field": "high"}, "color": colour},
            },
            {
                "mark": {"type": "point", "filled": True, "size": 70, "opacity": 1},
                "encoding": {"y": y, "x": {**x, "field": "delta"}, "color": colour},
            },
        ],
        "config": config(),
    }


def held_out(rows: Sequence[Row]) -> Spec:
    """One small panel an outcome of a held-out trial: each rival's prediction, its 90 % interval, and what was seen.

    Each row: ``panel`` (trial and outcome), ``rival``, ``predicted``, ``low``, ``high`` (standard deviations, plus is
    better on drug), ``seen_low`` and ``seen_high``: the values seen where ``edges``, else the ends of what may be.

    Examples
    --------
    >>> held_out([])["columns"]
    4
    """
    rivals = list(dict.fromkeys(row["rival"] for row in rows))
    panels = list(dict.fromkeys(row["panel"] for row in rows))
    y = {
        "field": "rival",
        "type": "nominal",
        "sort": rivals,
        "title": None,
        "axis": {"ticks": False, "labelLimit": 120},
    }
    axis = {"title": "SD, plus: better on drug", "values": [-1.5, -1, -0.5, 0, 0.5, 1, 1.5]}
    x = {"type": "quantitative", "scale": {"domain": [-1.5, 1.5]}, "axis": axis}
    header = {
        "title": None,
        "labelFontSize": 11,
        "labelFontWeight": 600,
        "labelColor": INK,
        "labelAnchor": "start",
        "labelLimit": 240,
    }
    return {
        "$schema": SCHEMA,
        "data": {"values": list(rows)},
        "facet": {"field": "panel", "type": "nominal", "sort": panels, "header": header},
        "columns": 4,
        "spacing": {"row": 24, "column": 18},
        "spec": {
            "width": _PANEL,
            "height": {"step": 17},
            "layer": [
                {
                    "transform": [{"filter": "!datum.edges"}],
                    "mark": {"type": "rect", "color": GREEN, "opacity": 0.07},
                    "encoding": {"x": {**x, "field": "seen_low"}, "x2": {"field": "seen_high"}},
                },
                {"mark": {"type": "rule", "color": MUTED}, "encoding": {"x": {**x, "datum": 0}}},
                {
                    "mark": {"type": "rule", "color": BLUE, "strokeWidth": 1.5, "clip": True},
                    "encoding": {"y": y, "x": {**x, "field": "low"}, "x2": {"field": "high"}},
                },
                {
                    "mark": {"type": "point", "filled": True, "color": BLUE, "size": 40, "opacity": 1},
                    "encoding": {"y": y, "x": {**x, "field": "predicted"}},
                },
                *(
                    {
                        "transform": [{"filter": "datum.edges"}],
                        "mark": {"type": "rule", "color": GREEN, "strokeWidth": 2},
                        "encoding": {"x": {**x, "field": end}},
                    }
                    for end in ("seen_low", "seen_high")
                ),
            ],
        },
        "config": config(),
    }  # fmt: skip
