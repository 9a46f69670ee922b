"""Panels: one is one output over one period; a row is the panels of a strip side by side, on one scale."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from lowdose.charts.curves import Curves, csv, curves
from lowdose.charts.layers import bands, crosshair, doses, median, night, reference, time_axis
from lowdose.charts.look import AXIS, MUTED, Spec
from lowdose.charts.periods import Period, periods
from lowdose.charts.strips import Strip

FULL_WIDTH = 690
"""Pixels of all panels together: what fits on A4 and in a README; the report widens them to its page."""
_SHARES = {"first": 0.31, "course": 0.38, "last": 0.31}


def rows(strips: Sequence[Strip]) -> list[Spec]:
    """One row of panels for each strip; the first names the periods, the last the time axes.

    Examples
    --------
    >>> rows([])
    []
    """
    return [row(strip, headed=i == 0, footed=i == len(strips) - 1) for i, strip in enumerate(strips)]


def row(strip: Strip, *, headed: bool = True, footed: bool = True) -> Spec:
    """The panels of one strip, all periods side by side with one scale.

    ``headed`` names the periods above, ``footed`` the time axes below.

    Examples
    --------
    >>> from lowdose import simulate
    >>> spec = row(Strip(simulate("3 mg once"), "naltrexone_plasma", "Naltrexone", "#0072B2", 90))
    >>> [panel["name"] for panel in spec["hconcat"]]
    ['naltrexone_plasma_first', 'naltrexone_plasma_course']
    """
    shown = periods(strip.result)
    drawn = [curves(strip.result, strip.output, period) for period in shown]
    top = 100.0 if strip.unit == "%" else _nice(max(max(found.highest for found in drawn), strip.baseline or 0.0))
    weights = [_SHARES[period.name] for period in shown]
    room = FULL_WIDTH - AXIS * len(shown)
    panels = [
        _panel(strip, period, found, top, round(room * weight / sum(weights)), headed, footed)
        for period, found, weight in zip(shown, drawn, weights, strict=True)
    ]
    return {"title": _title(strip), "spacing": 12, "hconcat": panels}


def _title(strip: Strip) -> Spec:
    remarks = []
    if strip.is_weak:
        remarks.append("dashed: rests on assumed or animal values")
    if strip.baseline is not None:
        remarks.append("dotted: 24-hour mean without naltrexone")
    title: Spec = {"text": f"{strip.title}, {strip.unit}", "color": strip.colour}
    return title | ({"subtitle": "; ".join(remarks)} if remarks else {})


def _panel(strip: Strip, period: Period, found: Curves, top: float, width: int, headed: bool, footed: bool) -> Spec:
    name = f"{strip.output}_{period.name}"
    layers = [*night(strip, period), *bands(strip, found), median(strip, period, top), *reference(strip)]
    layers += [*doses(strip, period, headed), crosshair()]
    spec: Spec = {
        "name": name,
        "width": width,
        "height": strip.height,
        "data": {
            "name": name,
            "values": csv(found),
            "format": {"type": "csv", "parse": dict.fromkeys(["h", *found.lines], "number")},
        },
        "encoding": {"x": time_axis(strip.result, period, width, footed)},
        "layer": layers,
    }
    if headed:
        spec["title"] = {"text": period.title, "fontSize": 11, "fontWeight": "normal", "color": MUTED, "offset": 6}
    return spec


def at_param() -> Spec:
    """The parameter all crosshairs follow: an hour of the run, before its begin when none is chosen.

    Examples
    --------
    >>> at_param()["name"]
    'at'
    """
    return {"name": "at", "value": -1e6}


def stacked(rows: Sequence[Spec]) -> Spec:
    """Rows below each other.

    Examples
    --------
    >>> stacked([])["vconcat"]
    []
    """
    return {"spacing": 14, "vconcat": list(rows)}


def _nice(highest: float) -> float:
    """A round number not below ``highest``, whose half is round too."""
    if not highest > 0:
        return 1.0
    power = 10.0 ** np.floor(np.log10(highest))
    return float(next(step * power for step in (1, 1.2, 1.6, 2, 2.4, 3, 4, 5, 6, 8, 10) if highest <= step * power))
