"""The work-precision plot: error achieved against time taken, one line an engine."""

from __future__ import annotations

import statistics
from collections.abc import Sequence

from benchmarks.precision import TARGET, short
from benchmarks.rounds import Rounds
from lowdose.charts import look
from lowdose.charts.look import Spec

LOOKS = {
    "lowdose": (look.BLUE, "circle"),
    "libroadrunner": (look.GREEN, "square"),
    "scikit_sundae": (look.GREEN, "triangle-up"),
    "scipy_lsoda": (look.ORANGE, "square"),
    "scipy_odeint": (look.ORANGE, "triangle-up"),
    "copasi": (look.ORANGE, "diamond"),
    "numbalsoda": (look.ORANGE, "cross"),
    "diffrax": (look.PURPLE, "square"),
}
"""Colour says the method (Rosenbrock, BDF, LSODA, explicit), shape the package."""

MILLISECONDS = [share * 10.0**power for power in range(-1, 5) for share in (1, 2, 5)]
"""Where the axis of time may have a line."""

TITLES = {"stiff34": "Stiff stand-in, 34 states", "main": "The main job's model, 22 states"}


def specification(several: Sequence[Rounds]) -> Spec:
    """One panel a model."""
    rows = [
        {
            "engine": course.engine.title,
            "model": TITLES[rounds.problem.name],
            "error": point.error,
            "milliseconds": 1e3 * statistics.median(one[at].seconds for one in course.cpu),
            "order": -point.rtol,
        }
        for rounds in several
        for course in rounds.courses
        if not course.not_run
        for at, point in enumerate(course.cpu[0])
    ]
    shown = {course.engine.key: course.engine.title for rounds in several for course in rounds.courses}
    shown = {key: title for key, title in shown.items() if any(row["engine"] == title for row in rows)}
    titles = list(shown.values())
    colour = {"scale": {"domain": titles, "range": [LOOKS[key][0] for key in shown]}, "title": None}
    shape = {"scale": {"domain": titles, "range": [LOOKS[key][1] for key in shown]}, "title": None}
    power = "format(datum.value, '.0e')"
    x = {
        "field": "error",
        "type": "quantitative",
        "scale": {"type": "log", "reverse": True},
        "axis": {"title": "largest error achieved (smaller to the right)", "labelExpr": power, "tickCount": 6},
    }
    y = {
        "field": "milliseconds",
        "type": "quantitative",
        "scale": {"type": "log", "nice": False, "padding": 12},
        "axis": {"title": "CPU milliseconds a person", "values": MILLISECONDS, "format": "~g"},
    }
    curve = {"color": {"field": "engine", "type": "nominal", **colour}}
    panel = {
        "width": 330,
        "height": 300,
        "layer": [
            {
                "mark": {"type": "rule", "strokeDash": look.WEAK_DASH, "color": look.MUTED},
                "encoding": {"x": {"datum": TARGET}},
            },
            {
                "mark": {"type": "line", "strokeWidth": 1.5},
                "encoding": {"x": x, "y": y, "order": {"field": "order", "type": "quantitative"}, **curve},
            },
            {
                "mark": {"type": "point", "filled": True, "size": 55, "opacity": 1},
                "encoding": {"x": x, "y": y, "shape": {"field": "engine", "type": "nominal", **shape}, **curve},
            },
        ],
    }
    return {
        "$schema": look.SCHEMA,
        "resolve": {"scale": {"y": "shared"}},
        "config": look.config(),
        "title": {
            "text": "Time against error: one person, 12 weeks, 84 doses, every hour, all states",
            "subtitle": f"Lower is faster, further right more exact. Dashed: where ratios are taken, {short(TARGET)}.",
        },
        "data": {"values": rows},
        "hconcat": [
            {
                "title": TITLES[rounds.problem.name],
                "transform": [{"filter": {"field": "model", "equal": TITLES[rounds.problem.name]}}],
                **panel,
            }
            for rounds in several
        ],
    }
