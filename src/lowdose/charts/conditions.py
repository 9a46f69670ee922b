"""Condition map: how much was tried against a control, and which way it points, all conditions at once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import log10, sqrt
from typing import Literal

from lowdose.charts import sheet
from lowdose.charts.look import BLUE, INK, MUTED, NIGHT, Spec
from lowdose.charts.sheet import SMALL, Scale, words
from lowdose.errors import InvalidInput

Way = Literal["favours LDN", "no clear difference", "favours placebo"]
WAYS: tuple[Way, ...] = ("favours LDN", "no clear difference", "favours placebo")
_LEFT = 130.0
_STEP = 19.0
_OPACITY = {"high": 1.0, "moderate": 0.75, "low": 0.4, "very low": 0.1}


@dataclass(frozen=True)
class MapPoint:
    """One condition: people in controlled trials, which way those point, how many trials, how certain."""

    label: str
    people: int
    way: Way
    trials: int
    certainty: str = ""
    recalled: bool = False

    @property
    def text(self) -> str:
        """Name with the sign of what is recalled."""
        return self.label + " ‡" * self.recalled


@dataclass(frozen=True)
class ConditionMap:
    """All that stands in the map; ``uncontrolled`` names conditions without a controlled trial."""

    title: str
    subtitle: str
    points: Sequence[MapPoint]
    uncontrolled: Sequence[str] = ()


@dataclass(frozen=True)
class _Spot:
    point: MapPoint
    x: float
    y: float
    radius: float
    named_right: bool


def condition_map(plot: ConditionMap) -> Spec:
    """Bubble chart: people in controlled trials across, direction as three bands; area is the number of trials.

    Raises
    ------
    InvalidInput
        Without points, or for a condition without people or trials.

    Examples
    --------
    >>> from lowdose import charts
    >>> point = charts.MapPoint("Fibromyalgia", 256, "no clear difference", 4, "low")
    >>> charts.condition_map(charts.ConditionMap("Where the evidence stands", "", [point]))["title"]["text"]
    'Where the evidence stands'
    """
    sheet.something([*plot.points, *plot.uncontrolled], "condition map")
    for point in plot.points:
        if point.people <= 0 or point.trials <= 0:
            raise InvalidInput("a condition on the map needs people and trials", where=point.label)
    axis = _axis(plot)
    layers, y = [], 0.0
    for way in WAYS:
        spots, height = _spots([point for point in plot.points if point.way == way], axis)
        layers += [*_band(way, y, height, plot), *_drawn(spots, y + height / 2)]
        y += height
    return sheet.whole([*layers, *_below(plot, axis, y)], y, plot.title, [plot.subtitle])


def _axis(plot: ConditionMap) -> Scale:
    counts = [point.people for point in plot.points] or [10, 100]
    return Scale(min(counts) / 1.6, max(counts) * 1.6, _LEFT, sheet.WIDTH - 8, log=True)


def _spots(points: Sequence[MapPoint], axis: Scale) -> tuple[list[_Spot], float]:
    """Discs with their names, moved up and down until none is on another; and the height of the band."""
    spots: list[_Spot] = []
    for point in sorted(points, key=lambda point: (-point.trials, -point.people, point.label)):
        radius = 5.5 * sqrt(point.trials)
        x = axis.at(point.people)
        right = x + radius + 5 + sheet.width(point.text, SMALL) <= sheet.WIDTH
        places = (_Spot(point, x, _STEP * step / 2, radius, right) for step in _outwards(80))
        spots.append(next(place for place in places if not any(_meet(place, other) for other in spots)))
    if not spots:
        return spots, 2 * _STEP
    top, bottom = (max(side * spot.y + spot.radius for spot in spots) for side in (-1, 1))
    middle = (bottom - top) / 2
    moved = [_Spot(one.point, one.x, one.y - middle, one.radius, one.named_right) for one in spots]
    return moved, max(top + bottom + 16, 2.5 * _STEP)


def _outwards(most: int) -> Iterator[int]:
    yield 0
    for step in range(1, most):
        yield step
        yield -step


def _meet(one: _Spot, other: _Spot) -> bool:
    (left, right), (from_, to) = _across(one), _across(other)
    close = abs(one.y - other.y) < max(one.radius, 8) + max(other.radius, 8) + 1
    return close and left < to and from_ < right


def _across(spot: _Spot) -> tuple[float, float]:
    """From the left to the right end of a disc with its name."""
    name = spot.radius + 12 + sheet.width(spot.point.text, SMALL)
    return (spot.x - spot.radius, spot.x + name) if spot.named_right else (spot.x - name, spot.x + spot.radius)


def _band(way: Way, y: float, height: float, plot: ConditionMap) -> Iterator[Spec]:
    if way == WAYS[1]:
        yield sheet.boxes([{"x": 0, "x2": sheet.WIDTH, "y": y, "y2": y + height}], color=NIGHT, opacity=0.6)
    yield words([{"x": 6, "y": y + height / 2, "text": way}], colour=INK, bold=True)


def _drawn(spots: Sequence[_Spot], middle: float) -> Iterator[Spec]:
    for certainty in dict.fromkeys(spot.point.certainty for spot in spots):
        discs = [
            {"x": spot.x, "y": middle + spot.y, "size": 3.1416 * spot.radius**2}
            for spot in spots
            if spot.point.certainty == certainty
        ]
        yield _discs(discs, certainty)
    for align, side in (("left", 1), ("right", -1)):
        said = [
            {"x": spot.x + side * (spot.radius + 5), "y": middle + spot.y, "text": spot.point.text}
            for spot in spots
            if spot.named_right == (side > 0)
        ]
        yield words(said, size=SMALL, align=align)


def _discs(rows: Sequence[dict[str, float]], certainty: str) -> Spec:
    colour = BLUE if certainty in _OPACITY else MUTED
    opacity = _OPACITY.get(certainty, 0.0)
    return sheet.dots(rows, shape="circle", fill=colour, fillOpacity=opacity, stroke=colour, strokeWidth=1.5)


def _below(plot: ConditionMap, axis: Scale, y: float) -> Iterator[Spec]:
    """Axis, what the signs mean, and the conditions that are not on the map."""
    powers = range(int(log10(axis.low)) - 1, int(log10(axis.high)) + 2)
    ticks = [factor * 10.0**n for n in powers for factor in (1, 3) if axis.low <= factor * 10.0**n <= axis.high]
    across = {**axis.x(ticks), "field": "people"}
    yield {"data": {"values": [{"people": axis.low}]}, "mark": {"type": "point", "opacity": 0},
           "encoding": {"x": across}}  # fmt: skip
    middle = (axis.left + axis.right) / 2
    said = "people in controlled trials (each step to the right: about three times as many)"
    yield words([{"x": middle, "y": y + 36, "text": said}], size=SMALL, colour=MUTED, align="center")
    y += 62
    yield words([{"x": 0, "y": y, "text": "Certainty:"}], size=SMALL, colour=MUTED)
    x = 70.0
    for certainty in [*_OPACITY, ""]:
        if any(point.certainty == certainty for point in plot.points):
            text = certainty or "not graded"
            yield _discs([{"x": x, "y": y, "size": 110}], certainty)
            yield words([{"x": x + 12, "y": y, "text": text}], size=SMALL)
            x += 40 + sheet.width(text, SMALL)
    lines = ["Area of a bubble: number of controlled trials."]
    if plot.uncontrolled:
        lines.append(f"No controlled trial, so not on the map: {', '.join(plot.uncontrolled)}.")
    if any(point.recalled for point in plot.points):
        lines.append(sheet.RECALLED)
    yield sheet.footnotes(lines, 0, y + 22, sheet.WIDTH)[0]
