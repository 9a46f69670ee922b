"""Dose and response: every study a bubble, so that what was never compared with placebo is seen to be so."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from lowdose.charts import sheet
from lowdose.charts.labels import Bubble, named
from lowdose.charts.look import BLUE, INK, MUTED, ORANGE, Spec
from lowdose.charts.sheet import SMALL, Scale, number, words
from lowdose.errors import InvalidInput

_HEIGHT, _LARGEST, _SMALLEST = 360, 1500.0, 60.0
_DOSES = (0.0001, 0.001, 0.01, 0.05, 0.1, 0.25, 0.5, 1, 1.5, 3, 4.5, 6, 9, 12, 16, 25, 50, 100, 200, 400)


@dataclass(frozen=True)
class DosePoint:
    """One arm on the drug: mg a day, what was seen, how many people, and whether it had a control group."""

    label: str
    dose_mg: float
    value: float
    people: int
    controlled: bool
    recalled: bool = False
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class DoseResponse:
    """All that stands in the chart; ``share`` writes values as percent, ``null`` draws a line of no effect."""

    title: str
    subtitle: str
    points: Sequence[DosePoint]
    axis: str
    share: bool = True
    null: float | None = None


def dose_response(plot: DoseResponse) -> Spec:
    """Bubble chart of response against mg a day, the dose on a logarithmic axis.

    Raises
    ------
    InvalidInput
        Without points, or for a dose or a number of people that is not above zero.

    Examples
    --------
    >>> from lowdose import charts
    >>> point = charts.DosePoint("Younger 2013", 4.5, 0.32, 28, controlled=True)
    >>> spec = charts.dose_response(charts.DoseResponse("Responders", "", [point], "share with 30 % less pain"))
    >>> spec["title"]["text"]
    'Responders'
    """
    _check(plot)
    x, y = _scales(plot)
    largest = max(point.people for point in plot.points)
    areas = [max(_SMALLEST, _LARGEST * point.people / largest) for point in plot.points]
    layers = [
        *_frame(plot, x, y),
        *_intervals(plot, x, y),
        _bubbles(plot, areas, x, y),
        *_names(plot, areas, x, y),
        *_below(plot),
    ]
    return sheet.whole(layers, _HEIGHT, plot.title, [plot.subtitle], x.right)


def _check(plot: DoseResponse) -> None:
    sheet.something(plot.points, "dose–response chart")
    for point in plot.points:
        sheet.finite({"dose": point.dose_mg, "value": point.value, "low": point.low, "high": point.high}, point.label)
        if point.dose_mg <= 0 or point.people <= 0:
            raise InvalidInput("a dose and a number of people must be above zero", where=point.label)


def _scales(plot: DoseResponse) -> tuple[Scale, Scale]:
    doses = [point.dose_mg for point in plot.points]
    x = Scale(min(doses) / 1.8, max(doses) * 1.8, 0, sheet.WIDTH - 50, log=True)
    if plot.share:
        return x, Scale(0, 1, _HEIGHT, 0)
    values = [end for point in plot.points for end in (point.value, point.low, point.high) if end is not None]
    values += [] if plot.null is None else [plot.null]
    room = 0.12 * (max(values) - min(values)) or 1.0
    return x, Scale(min(values) - room, max(values) + room, _HEIGHT, 0)


def _ticks(x: Scale) -> list[float]:
    """Doses that are used, as far as they have room."""
    found: list[float] = []
    for dose in sorted(_DOSES, key=lambda dose: dose not in (0.1, 1, 4.5, 50)):
        if x.low <= dose <= x.high and all(abs(x.at(dose) - x.at(other)) > 30 for other in found):
            found.append(dose)
    return sorted(found)


def _frame(plot: DoseResponse, x: Scale, y: Scale) -> Iterator[Spec]:
    """Axes, the words above, the line of no effect."""
    across = {**x.x(_ticks(x)), "field": "dose"}
    percent = {"format": ".0%"} if plot.share else {}
    up = {**y.x(y.ticks(5), grid=True, domain=False, **percent), "field": "value"}
    yield {"data": {"values": [{"dose": x.low, "value": y.low}]}, "mark": {"type": "point", "opacity": 0},
           "encoding": {"x": across, "y": up}}  # fmt: skip
    yield words([{"x": 0, "y": -12, "text": plot.axis}], size=SMALL, colour=MUTED, bold=True)
    if plot.null is not None:
        line = {"x": 0, "x2": x.right, "y": y.at(plot.null), "y2": y.at(plot.null)}
        yield sheet.rules([line], color=INK)


def _colour(point: DosePoint) -> str:
    return BLUE if point.controlled else ORANGE


def _intervals(plot: DoseResponse, x: Scale, y: Scale) -> Iterator[Spec]:
    for colour in (BLUE, ORANGE):
        ends = [
            {"x": x.at(one.dose_mg), "x2": x.at(one.dose_mg), "y": y.at(y.held(one.low)), "y2": y.at(y.held(one.high))}
            for one in plot.points
            if one.low is not None and one.high is not None and _colour(one) == colour
        ]
        yield sheet.rules(ends, color=colour, opacity=0.5)


def _bubbles(plot: DoseResponse, areas: Sequence[float], x: Scale, y: Scale) -> Spec:
    values: list[dict[str, Any]] = [
        {
            "dose": point.dose_mg,
            "value": point.value,
            "study": point.label,
            "people": point.people,
            "size": area,
            "fill": "white" if point.recalled else _colour(point),
            "stroke": _colour(point),
        }
        for point, area in sorted(zip(plot.points, areas, strict=True), key=lambda pair: -pair[1])
    ]
    raw = {channel: {"field": channel, "type": "nominal", "scale": None} for channel in ("fill", "stroke")}
    return {
        "data": {"values": values},
        "mark": {"type": "point", "shape": "circle", "strokeWidth": 1.5, "fillOpacity": 0.55, "opacity": 1},
        "encoding": {
            "x": {**x.x(_ticks(x)), "field": "dose"},
            "y": {**y.x([], format=".0%"), "field": "value"},
            "size": {"field": "size", "type": "quantitative", "scale": None},
            **raw,
        },
    }


def _names(plot: DoseResponse, areas: Sequence[float], x: Scale, y: Scale) -> Iterator[Spec]:
    bubbles = [
        Bubble(x.at(point.dose_mg), y.at(point.value), (area / 3.1416) ** 0.5, f"{point.label}{' ‡' * point.recalled}")
        for point, area in zip(plot.points, areas, strict=True)
    ]
    lines = [
        (x.at(one.dose_mg) - 2, y.at(y.held(one.high)), x.at(one.dose_mg) + 2, y.at(y.held(one.low)))
        for one in plot.points
        if one.low is not None and one.high is not None
    ]
    names = named(bubbles, (4, 0, x.right, _HEIGHT - 4), lines)
    pairs = list(zip(bubbles, names, strict=True))
    leaders = [
        {"x": one.x, "y": one.y, "x2": name.x - 3 if name.align == "left" else name.x + 3, "y2": name.y}
        for one, name in pairs
        if name.far
    ]
    yield sheet.rules(leaders, color=MUTED, strokeWidth=0.75)
    for align in ("left", "right"):
        said = [{"x": name.x, "y": name.y, "text": one.text} for one, name in pairs if name.align == align]
        yield words(said, size=SMALL, align=align)


def _below(plot: DoseResponse) -> Iterator[Spec]:
    said = {"x": (sheet.WIDTH - 50) / 2, "y": _HEIGHT + 34, "text": "mg a day, on a logarithmic axis"}
    yield words([said], size=SMALL, colour=MUTED, align="center")
    y = _HEIGHT + 62
    signs = [
        ("compared with a control group", BLUE, True),
        ("no control group: includes the placebo effect", ORANGE, False),
    ]
    shown = [sign for sign in signs if any(point.controlled == sign[2] for point in plot.points)]
    left = 6.0
    for text, colour, _ in shown:
        yield sheet.dots([{"x": left, "y": y}], shape="circle", size=110, fill=colour, stroke=colour, fillOpacity=0.55)
        yield words([{"x": left + 12, "y": y, "text": text}], size=SMALL)
        left += 36 + sheet.width(text, SMALL)
    counts = sorted({point.people for point in plot.points})
    several = f" ({counts[0]} to {counts[-1]})" if len(counts) > 1 else f" ({number(counts[0], 0)})"
    lines = [f"Area of a bubble: number of people{several}."]
    if any(point.low is not None for point in plot.points):
        lines[0] += " Line: interval."
    if any(point.recalled for point in plot.points):
        lines.append(f"{sheet.RECALLED}; hollow")
    yield sheet.footnotes(lines, 0, y + 22, sheet.WIDTH - 50)[0]
