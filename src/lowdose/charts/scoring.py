"""What each rival got wrong about scans it had not seen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from lowdose.charts.look import BLUE, GREEN, HAIRLINE, MUTED, ORANGE, SCHEMA, Spec, config

Row = dict[str, Any]

_COLUMN = 250


def errors(rows: Sequence[Row]) -> Spec:
    """One dot a scan: predicted minus seen, in points, by rival and by reading of Lee's numbers.

    Each row: ``rival``, ``reading``, ``study``, ``error`` (points), ``scan`` (words).

    Examples
    --------
    >>> errors([])["spec"]["width"]
    250
    """
    rivals = list(dict.fromkeys(row["rival"] for row in rows))
    readings = list(dict.fromkeys(row["reading"] for row in rows))
    studies = list(dict.fromkeys(row["study"] for row in rows))
    y = {"field": "rival", "type": "nominal", "sort": rivals, "title": None, "axis": {"ticks": False, "grid": True}}
    axis = {"title": "predicted minus seen, points of occupancy", "values": [-90, -60, -30, 0, 30, 60, 90]}
    x = {"field": "error", "type": "quantitative", "scale": {"domain": [-90, 90]}, "axis": axis}
    colour = {
        "field": "study",
        "type": "nominal",
        "scale": {"domain": studies, "range": [BLUE, ORANGE, GREEN][: len(studies)]},
        "legend": {"title": "left out", "orient": "top"},
    }
    shape = {"field": "study", "type": "nominal", "scale": {"domain": studies}, "legend": None}
    header = {"title": None, "labelFontSize": 13, "labelFontWeight": 600, "labelAnchor": "start"}
    return {
        "$schema": SCHEMA,
        "data": {"values": list(rows)},
        "facet": {"column": {"field": "reading", "type": "nominal", "sort": readings, "header": header}},
        "spec": {
            "width": _COLUMN,
            "height": {"step": 30},
            "layer": [
                {
                    "mark": {"type": "rect", "color": HAIRLINE, "opacity": 0.25},
                    "encoding": {"x": {"datum": -10, "type": "quantitative"}, "x2": {"datum": 10}},
                },
                {"mark": {"type": "rule", "color": MUTED}, "encoding": {"x": {"datum": 0, "type": "quantitative"}}},
                {
                    "mark": {"type": "point", "filled": True, "size": 60, "opacity": 0.75},
                    "encoding": {"y": y, "x": x, "color": colour, "shape": shape},
                },
            ],
        },
        "config": config(),
    }
