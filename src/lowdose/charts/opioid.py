"""The return of an opioid's effect after naltrexone, and the block by naloxone."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from lowdose.charts.look import (
    BLUE,
    GREEN,
    HAIRLINE,
    INK,
    MUTED,
    ORANGE,
    PURPLE,
    SCHEMA,
    SLATE,
    WEAK_DASH,
    Spec,
    config,
)

_SHOWN_DAYS = 12
_COLOURS = (BLUE, ORANGE, GREEN, PURPLE, SLATE)
_POINTS = 160


def effect_return(
    dose: str,
    regimen: str,
    courses: Mapping[str, tuple[NDArray[np.float64], NDArray[np.float64]]],
    main: str,
    enough: float = 0.8,
) -> Spec:
    """Share of the opioid's effect that is left against days after the last naltrexone dose.

    Parameters
    ----------
    dose, regimen : str
        As typed; they make the title.
    courses : mapping
        For each kinetics hours after the last dose (T,) and share left (T,).
    main : str
        The kinetics drawn solid and strong; the rivals are dashed.
    enough : float
        The share that counts as back, drawn as a line.

    Examples
    --------
    >>> spec = effect_return("oxycodone 10 mg", "3 mg once", {"a": (np.array([0.0, 24]), np.array([0.5, 1]))}, "a")
    >>> spec["title"]["text"]
    'Effect of oxycodone 10 mg left after 3 mg once'
    """
    rows, ends = [], []
    for name, (hours, share) in courses.items():
        days = np.linspace(0.0, _SHOWN_DAYS, _POINTS)
        left = 100.0 * np.interp(24.0 * days, hours, share)
        rows += [
            {"kinetics": name, "day": round(float(d), 3), "left": round(float(x), 2)}
            for d, x in zip(days, left, strict=True)
        ]
        ends.append(name)
    colour = {
        "field": "kinetics", "type": "nominal", "title": None, "sort": ends,
        "scale": {"domain": ends, "range": list(_COLOURS[: len(ends)])},
        "legend": {"orient": "bottom", "symbolType": "stroke", "symbolStrokeWidth": 2, "columns": 3},
    }  # fmt: skip
    solid = {"condition": {"test": f"datum.kinetics === '{main}'", "value": [1, 0]}, "value": WEAK_DASH}
    thick = {"condition": {"test": f"datum.kinetics === '{main}'", "value": 2.6}, "value": 1.5}
    x = {
        "field": "day", "type": "quantitative", "title": "days after the last naltrexone dose",
        "axis": {"tickCount": _SHOWN_DAYS, "grid": False}, "scale": {"domain": [0, _SHOWN_DAYS], "nice": False},
    }  # fmt: skip
    y = {"field": "left", "type": "quantitative", "title": "effect left, %", "scale": {"domain": [0, 100]}}
    return {
        "$schema": SCHEMA,
        "config": config(),
        "width": 520,
        "height": 240,
        "title": {
            "text": f"Effect of {dose} left after {regimen}",
            "subtitle": "typical person; predicted, never measured at low doses. The block can be overcome, "
            "and then breathing can fail.",
            "anchor": "start", "color": INK, "subtitleColor": MUTED, "subtitleFontSize": 11,
        },
        "layer": [
            {"data": {"values": [{"left": 100 * enough}]},
             "mark": {"type": "rule", "color": HAIRLINE, "strokeWidth": 2},
             "encoding": {"y": {"field": "left", "type": "quantitative"}}},
            {"data": {"values": [{"left": 100 * enough, "day": _SHOWN_DAYS, "text": f"{100 * enough:.0f} %: back"}]},
             "mark": {"type": "text", "align": "right", "dy": 12, "color": MUTED, "fontSize": 11},
             "encoding": {"x": {"field": "day", "type": "quantitative"}, "y": {"field": "left", "type": "quantitative"},
                          "text": {"field": "text"}}},
            {"data": {"values": rows}, "mark": {"type": "line", "interpolate": "monotone"},
             "encoding": {"x": x, "y": y, "color": colour, "strokeDash": solid, "strokeWidth": thick}},
        ],
    }  # fmt: skip


def naloxone_block(courses: Mapping[str, tuple[NDArray[np.float64], NDArray[np.float64]]], end: float = 6.0) -> Spec:
    """Share of brain receptors that naloxone blocks against hours, one line a dose.

    Parameters
    ----------
    courses : mapping
        For each dose as typed hours (T,) and share blocked (T,).
    end : float
        Hours drawn.

    Examples
    --------
    >>> spec = naloxone_block({"naloxone 2 mg intranasal": (np.array([0.0, 6.0]), np.array([0.0, 0.1]))})
    >>> spec["encoding"]["y"]["title"]
    'µ receptors blocked, %'
    """
    hours = np.unique(np.concatenate([np.linspace(0.0, 1.0, 61), np.linspace(1.0, end, 101)]))
    rows = [
        {"dose": name, "hour": round(float(hour), 3), "blocked": round(float(one), 2)}
        for name, (times, share) in courses.items()
        for hour, one in zip(hours, 100.0 * np.interp(hours, times, share), strict=True)
    ]
    names = list(courses)
    return {
        "$schema": SCHEMA,
        "config": config(),
        "width": 520,
        "height": 220,
        "title": {
            "text": "Naloxone comes within minutes and goes within hours",
            "subtitle": "typical person; most opioids last longer: breathing can fail again when it wears off",
            "anchor": "start", "color": INK, "subtitleColor": MUTED, "subtitleFontSize": 11,
        },
        "data": {"values": rows},
        "mark": {"type": "line", "strokeWidth": 2},
        "encoding": {
            "x": {"field": "hour", "type": "quantitative", "title": "hours after naloxone", "axis": {"grid": False}},
            "y": {"field": "blocked", "type": "quantitative", "title": "µ receptors blocked, %",
                  "scale": {"domain": [0, 100]}},
            "color": {"field": "dose", "type": "nominal", "title": None, "sort": names,
                      "scale": {"domain": names, "range": list(_COLOURS[: len(names)])},
                      "legend": {"orient": "bottom", "symbolType": "stroke", "symbolStrokeWidth": 2, "columns": 3}},
        },
    }  # fmt: skip
