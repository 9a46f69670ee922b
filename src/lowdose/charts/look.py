"""How every chart looks: colours, type, sizes. The one home of a colour."""

from __future__ import annotations

from typing import Any

Spec = dict[str, Any]
"""A Vega-Lite specification."""

SCHEMA = "https://vega.github.io/schema/vega-lite/v6.json"
"""Names the language; nothing is fetched from it."""

INK = "#14202b"
MUTED = "#51606e"
HAIRLINE = "#d9dedb"
NIGHT = "#e3e8f2"
# Series colours keep their distance from each other in print and under the common colour blindnesses.
BLUE, GREEN, ORANGE, PURPLE, SLATE = "#0072B2", "#007A5A", "#B34A00", "#8A4F7D", "#475569"

FONT = 'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif'

WEAK_DASH = [6, 3]
"""Dashes of a curve that rests on assumed or animal inputs."""

AXIS = 34
"""Pixels kept for the values of an axis, the same in every row so that panels line up."""
NARROWEST, MIDDLE, WIDEST = 64, 96, 150
"""Heights of panels, in pixels: four charts fit on three pages."""


def config() -> Spec:
    """Vega-Lite configuration shared by all charts.

    Examples
    --------
    >>> config()["background"]
    'white'
    """
    axis = {
        "labelColor": MUTED,
        "titleColor": MUTED,
        "labelFontSize": 11,
        "titleFontSize": 11,
        "titleFontWeight": "normal",
        "domainColor": HAIRLINE,
        "tickColor": HAIRLINE,
        "gridColor": HAIRLINE,
        "tickSize": 4,
    }
    return {
        "background": "white",
        "font": FONT,
        "view": {"stroke": None},
        "aria": False,
        "axis": axis,
        "axisX": {"labelFlush": True},
        "title": {
            "anchor": "start",
            "color": INK,
            "fontSize": 13,
            "fontWeight": 600,
            "subtitleColor": MUTED,
            "subtitleFontSize": 11,
            "offset": 8,
        },
        "concat": {"spacing": 18},
    }
