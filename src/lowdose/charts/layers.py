"""The layers of a panel in Vega-Lite: night, bands, median, reference, doses, crosshair; and its two axes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

import numpy as np

from lowdose.charts.curves import Curves
from lowdose.charts.look import AXIS, INK, MUTED, NIGHT, WEAK_DASH, Spec
from lowdose.charts.periods import DAY, Period, nights
from lowdose.charts.strips import Strip
from lowdose.regimen import ScheduledDose
from lowdose.results import Result

_MOST_TICKS = 60
_LINES_OF_AMOUNTS = 3


def time_axis(result: Result, period: Period, width: int, named: bool) -> Spec:
    """Encoding of time: clock times on close looks, days over the whole course; ``named`` writes its labels.

    Examples
    --------
    >>> from lowdose import simulate
    >>> strip = Strip(simulate("4.5 mg once at 22:00"), "mu_occupancy_central", "", "#B34A00", 150)
    >>> period = Period("first", "", 0.0, 48.0)
    >>> time_axis(strip.result, period, 200, named=True)["axis"]["values"]
    [2.0, 14.0, 26.0, 38.0]
    """
    start = result.clock_start
    if period.name == "course":
        every = next(days for days in (1, 2, 7, 14, 28, 56, 112, 364, 728) if period.hours / DAY / days * 34 <= width)
        ticks = np.arange(0, period.stop + 1e-6, every * DAY).tolist()
        axis: Spec = {"values": ticks, "labelExpr": f"datum.value / {DAY:g}", "title": "days since the first dose"}
    else:
        first = period.start + (-start - period.start) % 12
        ticks = np.arange(first, period.stop + 1e-6, 12.0).tolist()
        axis = {"values": ticks, "labelExpr": _clock_expression(start), "title": "time of day"}
    return {
        "field": "h",
        "type": "quantitative",
        "scale": {"domain": [period.start, period.stop], "nice": False, "zero": False},
        "axis": axis
        | {"grid": False, "ticks": False, "labelPadding": 10}
        | ({} if named else {"title": None, "labels": False}),
    }


def _clock_expression(start: float) -> str:
    """Vega expression for the clock time of a tick on the full hour."""
    hour = f"round(datum.value + {start:.6g}) % 24"
    return f"({hour} < 10 ? '0' : '') + {hour} + ':00'"


def values_axis(strip: Strip, top: float) -> Spec:
    """Encoding of a value from 0 to ``top``, with a few round ticks.

    Examples
    --------
    >>> from lowdose import simulate
    >>> strip = Strip(simulate("4.5 mg once at 22:00"), "mu_occupancy_central", "", "#B34A00", 150)
    >>> values_axis(strip, 100.0)["axis"]["values"]
    [0.0, 25.0, 50.0, 75.0, 100.0]
    """
    if strip.unit == "%":
        ticks = [0.0, 25.0, 50.0, 75.0, 100.0] if strip.height > 100 else [0.0, 50.0, 100.0]
    else:
        ticks = [0.0, top / 2, top]
    return {
        "type": "quantitative",
        "title": None,
        "scale": {"domain": [0, top], "nice": False},
        "axis": {
            "values": ticks,
            "tickCount": len(ticks),
            "format": ".3~r",
            "domain": False,
            "ticks": False,
            "labelPadding": 6,
            "minExtent": AXIS,
            "maxExtent": AXIS,
        },
    }


def night(strip: Strip, period: Period) -> list[Spec]:
    """Shading from 22:00 to 06:00, where days are not drawn as means.

    Examples
    --------
    >>> from lowdose import simulate
    >>> strip = Strip(simulate("4.5 mg once at 22:00"), "mu_occupancy_central", "", "#B34A00", 150)
    >>> night(strip, Period("first", "", 0.0, 24.0))[0]["data"]["values"]
    [{'h': 0.0, 'to': 8.0}]
    """
    if period.daily:
        return []
    spans = [{"h": low, "to": high} for low, high in nights(period, strip.result.clock_start)]
    return [{"data": {"values": spans}, "mark": {"type": "rect", "color": NIGHT}, "encoding": {"x2": {"field": "to"}}}]


def bands(strip: Strip, found: Curves) -> list[Spec]:
    """The 90 % and the 50 % band; none where only the typical person was simulated.

    Examples
    --------
    >>> from lowdose import simulate
    >>> strip = Strip(simulate("4.5 mg once at 22:00"), "mu_occupancy_central", "", "#B34A00", 150)
    >>> bands(strip, Curves(np.array([0.0]), {"p50": np.array([1.0])}))
    []
    """
    if "p05" not in found.lines:
        return []
    return [
        {
            "mark": {"type": "area", "color": strip.colour, "opacity": opacity, "clip": True},
            "encoding": {"y": {"field": low, "type": "quantitative"}, "y2": {"field": high}},
        }
        for low, high, opacity in (("p05", "p95", 0.16), ("p25", "p75", 0.26))
    ]


def median(strip: Strip, period: Period, top: float) -> Spec:
    """The line, which brings the axis of values; dashed where it rests on assumed or animal inputs.

    Examples
    --------
    >>> from lowdose import simulate
    >>> strip = Strip(simulate("4.5 mg once at 22:00"), "mu_occupancy_central", "", "#B34A00", 150)
    >>> "strokeDash" in median(strip, Period("first", "", 0.0, 48.0), 100.0)["mark"]
    False
    """
    line: Spec = {"type": "line", "color": strip.colour, "strokeWidth": 2, "clip": True}
    if strip.is_weak:
        line["strokeDash"] = WEAK_DASH
    if strip.jumps and not period.daily:
        line["interpolate"] = "step-after"
    return {"mark": line, "encoding": {"y": {"field": "p50"} | values_axis(strip, top)}}


def reference(strip: Strip) -> list[Spec]:
    """The dotted 24-hour mean without the drug, for outputs that have one.

    Examples
    --------
    >>> from lowdose import simulate
    >>> strip = Strip(simulate("4.5 mg once at 22:00"), "mu_occupancy_central", "", "#B34A00", 150)
    >>> reference(strip)
    []
    """
    level = strip.baseline
    if level is None:
        return []
    mark = {"type": "rule", "color": MUTED, "strokeDash": [1, 3], "strokeWidth": 1.2, "clip": True}
    return [
        {
            "data": {"values": [{}]},
            "mark": mark,
            "encoding": {"x": {"value": 0}, "x2": {"value": "width"}, "y": {"datum": level}},
        }
    ]


def doses(strip: Strip, period: Period, labelled: bool) -> list[Spec]:
    """A tick for each dose, just below the axis; a bar for each unbroken run where ticks would merge.

    Examples
    --------
    >>> from lowdose import simulate
    >>> strip = Strip(simulate("4.5 mg once at 22:00"), "mu_occupancy_central", "", "#B34A00", 150)
    >>> doses(strip, Period("first", "", 0.0, 48.0), labelled=False)[0]["data"]["values"]
    [{'h': 0.0}]
    """
    taken = [dose for dose in strip.result.regimen.doses if period.start - 1e-9 <= dose.hours <= period.stop]
    if not taken:
        return []
    place = {"y": {"value": strip.height + 4}}
    if len(taken) <= _MOST_TICKS:
        mark: Spec = {"type": "tick", "orient": "vertical", "size": 6, "color": INK, "thickness": 1.5, "opacity": 1}
        marks = [{"data": {"values": [{"h": dose.hours} for dose in taken]}, "mark": mark, "encoding": place}]
    else:
        bars = [{"h": begin, "to": end} for begin, end in _unbroken([dose.hours for dose in taken])]
        mark = {"type": "rule", "color": INK, "strokeWidth": 4, "strokeCap": "square"}
        marks = [{"data": {"values": bars}, "mark": mark, "encoding": place | {"x2": {"field": "to"}}}]
    return [*marks, *(_amounts(strip, period, taken) if labelled else [])]


def _unbroken(hours: Sequence[float]) -> Iterator[tuple[float, float]]:
    """First and last dose of each run of doses that are at most two days apart."""
    begin = hours[0]
    for before, after in pairwise(hours):
        if after - before > 2 * DAY:
            yield begin, before
            begin = after
    yield begin, hours[-1]


def _amounts(strip: Strip, period: Period, taken: Sequence[ScheduledDose]) -> list[Spec]:
    """The amount, written where it changes; on up to three lines where changes are close."""
    if period.name != "course" or len({dose.amount_mg for dose in taken}) < 2:
        return []
    changes = [
        dose
        for before, dose in zip([None, *taken], taken, strict=False)
        if before is None or dose.amount_mg != before.amount_mg
    ]
    # Where the curve is not: levels in blood stay low as daily means, shares and hormones stay high.
    on_top = period.daily and strip.result.outputs[strip.output].kind == "concentration"
    room = period.hours / 7
    lines: list[list[ScheduledDose]] = [[] for _ in range(_LINES_OF_AMOUNTS)]
    for dose in [changes[-1], *changes[:-1]]:  # the amount that stays must have its place
        free = (line for line in lines if all(abs(dose.hours - other.hours) >= room for other in line))
        next(free, []).append(dose)
    text = {"type": "text", "align": "left", "dx": 1, "fontSize": 9, "color": INK}
    layers = []
    for i, line in enumerate(lines):
        words = [{"h": dose.hours, "words": f"{dose.amount_mg:g} mg"} for dose in line]
        height = 8 + 11 * i if on_top else strip.height - 8 - 11 * i
        place = {"y": {"value": height}, "text": {"field": "words"}}
        layers += [{"data": {"values": words}, "mark": text, "encoding": place}] if words else []
    return layers


def crosshair() -> Spec:
    """A vertical line at the hour ``at``, which a page may set to show the same time in all charts.

    Examples
    --------
    >>> crosshair()["encoding"]["x"]
    {'datum': {'expr': 'at'}}
    """
    mark = {"type": "rule", "color": INK, "strokeWidth": 1, "clip": True}
    return {"data": {"values": [{"h": 0}]}, "mark": mark, "encoding": {"x": {"datum": {"expr": "at"}}}}
