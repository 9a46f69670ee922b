"""The pieces of a chart in Vega-Lite: one panel is one output over one period, a row is its panels side by side."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from lowdose.charts.curves import Curves, csv, curves
from lowdose.charts.look import INK, MUTED, NIGHT, WEAK_DASH, Spec
from lowdose.charts.periods import DAY, Period, clock, nights, periods
from lowdose.regimen import ScheduledDose
from lowdose.results import Result

FULL_WIDTH = 690
"""Pixels of all panels together: what fits on A4 and in a README; the report widens them to its page."""
_SHARES = {"first": 0.31, "course": 0.38, "last": 0.31}
_AXIS = 34
"""Pixels kept for the values of an axis, the same in every row so that panels line up."""
_MOST_TICKS = 60
_UNITS = {"1": "relative", "ug/dL": "µg/dL"}


@dataclass(frozen=True)
class Strip:
    """One row of a chart: an output of a run, in words, with its colour and height."""

    result: Result
    output: str
    title: str
    colour: str
    height: int

    @property
    def unit(self) -> str:
        """Unit in words: percent for shares of receptors.

        Examples
        --------
        >>> from lowdose import simulate
        >>> Strip(simulate("3 mg once"), "mu_occupancy_central", "", "", 90).unit
        '%'
        """
        output = self.result.outputs[self.output]
        return "%" if output.kind == "occupancy" else _UNITS.get(output.unit, output.unit)

    @property
    def is_weak(self) -> bool:
        """Whether its curve rests on assumed or animal inputs."""
        return self.output in self.result.weak_outputs


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
    top = 100.0 if strip.unit == "%" else _nice(max(max(found.highest for found in drawn), _baseline(strip) or 0.0))
    weights = [_SHARES[period.name] for period in shown]
    room = FULL_WIDTH - _AXIS * len(shown)
    panels = [
        _panel(strip, period, found, top, round(room * weight / sum(weights)), headed, footed)
        for period, found, weight in zip(shown, drawn, weights, strict=True)
    ]
    return {"title": _title(strip), "spacing": 12, "hconcat": panels}


def _title(strip: Strip) -> Spec:
    remarks = []
    if strip.is_weak:
        remarks.append("dashed: rests on assumed or animal values")
    if _baseline(strip) is not None:
        remarks.append("dotted: 24-hour mean without naltrexone")
    title: Spec = {"text": f"{strip.title}, {strip.unit}", "color": strip.colour}
    return title | ({"subtitle": "; ".join(remarks)} if remarks else {})


def _panel(strip: Strip, period: Period, found: Curves, top: float, width: int, headed: bool, footed: bool) -> Spec:
    name = f"{strip.output}_{period.name}"
    layers = [*_night(strip, period), *_bands(strip, found), _median(strip, top), *_reference(strip)]
    layers += [*_doses(strip, period, headed), _crosshair()]
    spec: Spec = {
        "name": name,
        "width": width,
        "height": strip.height,
        "data": {
            "name": name,
            "values": csv(found),
            "format": {"type": "csv", "parse": dict.fromkeys(["h", *found.lines], "number")},
        },
        "encoding": {"x": _time_axis(strip.result, period, width, footed)},
        "layer": layers,
    }
    if headed:
        spec["title"] = {"text": period.title, "fontSize": 11, "fontWeight": "normal", "color": MUTED, "offset": 6}
    return spec


def _time_axis(result: Result, period: Period, width: int, named: bool) -> Spec:
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


def _values_axis(strip: Strip, top: float) -> Spec:
    if strip.unit == "%":
        ticks = [0, 25, 50, 75, 100] if strip.height > 100 else [0, 50, 100]
    else:
        ticks = [0, top / 2, top]
    return {
        "type": "quantitative",
        "title": None,
        "scale": {"domain": [0, top], "nice": False},
        "axis": {
            "values": ticks,
            "format": ".3~r",
            "domain": False,
            "ticks": False,
            "labelPadding": 6,
            "minExtent": _AXIS,
            "maxExtent": _AXIS,
        },
    }


def _night(strip: Strip, period: Period) -> list[Spec]:
    if period.daily:
        return []
    spans = [{"h": low, "to": high} for low, high in nights(period, strip.result.clock_start)]
    return [{"data": {"values": spans}, "mark": {"type": "rect", "color": NIGHT}, "encoding": {"x2": {"field": "to"}}}]


def _bands(strip: Strip, found: Curves) -> list[Spec]:
    if "p05" not in found.lines:
        return []
    return [
        {
            "mark": {"type": "area", "color": strip.colour, "opacity": opacity, "clip": True},
            "encoding": {"y": {"field": low, "type": "quantitative"}, "y2": {"field": high}},
        }
        for low, high, opacity in (("p05", "p95", 0.16), ("p25", "p75", 0.26))
    ]


def _median(strip: Strip, top: float) -> Spec:
    line: Spec = {"type": "line", "color": strip.colour, "strokeWidth": 2, "clip": True}
    if strip.is_weak:
        line["strokeDash"] = WEAK_DASH
    return {"mark": line, "encoding": {"y": {"field": "p50"} | _values_axis(strip, top)}}


def _baseline(strip: Strip) -> float | None:
    """24-hour mean of the typical person without the drug, for the outputs that have one."""
    if strip.result.outputs[strip.output].kind != "hormone" or strip.output not in strip.result.typical.without_drug:
        return None
    return float(strip.result.typical.without_drug[strip.output][0])


def _reference(strip: Strip) -> list[Spec]:
    level = _baseline(strip)
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


def _doses(strip: Strip, period: Period, labelled: bool) -> list[Spec]:
    """A tick for each dose, just below the axis; a bar for each unbroken run where ticks would merge."""
    taken = [dose for dose in strip.result.regimen.doses if period.start - 1e-9 <= dose.hours <= period.stop]
    if not taken:
        return []
    place = {"y": {"value": strip.height + 4}}
    if len(taken) <= _MOST_TICKS:
        mark: Spec = {"type": "tick", "orient": "vertical", "size": 6, "color": INK, "thickness": 1.5, "opacity": 1}
        marks = [{"data": {"values": [{"h": dose.hours} for dose in taken]}, "mark": mark, "encoding": place}]
    else:
        bars = [{"h": begin, "to": end} for begin, end in _unbroken([dose.hours for dose in taken])]
        mark = {"type": "rule", "color": INK, "strokeWidth": 4}
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
    """The amount, written where it changes, as far as there is room."""
    if period.name != "course" or len({dose.amount_mg for dose in taken}) < 2:
        return []
    room, words = period.hours / 7, []
    for before, dose in zip([None, *taken], taken, strict=False):
        changed = before is None or dose.amount_mg != before.amount_mg
        if changed and (not words or dose.hours - words[-1]["h"] >= room):
            words.append({"h": dose.hours, "words": f"{dose.amount_mg:g} mg"})
    text = {"type": "text", "align": "left", "dx": 1, "fontSize": 9, "color": INK}
    # Where the curve is not: levels in blood stay low as daily means, shares and hormones stay high.
    height = 8 if strip.result.outputs[strip.output].kind == "concentration" else strip.height - 8
    above = {"y": {"value": height}, "text": {"field": "words"}}
    return [{"data": {"values": words}, "mark": text, "encoding": above}]


def _crosshair() -> Spec:
    """A vertical line at the hour ``at``, which a page may set to show the same time in all charts."""
    mark = {"type": "rule", "color": INK, "strokeWidth": 1, "clip": True}
    return {"data": {"values": [{"h": 0}]}, "mark": mark, "encoding": {"x": {"datum": {"expr": "at"}}}}


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
