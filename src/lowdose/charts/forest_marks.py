"""The marks of a forest plot: whiskers, squares, diamonds, and the words of each row."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any

from lowdose.charts import sheet
from lowdose.charts.forest_table import STEP, Columns, Forest, ForestPool, ForestRow, Place
from lowdose.charts.look import BLUE, GREEN, INK, MUTED, ORANGE, SLATE, Spec
from lowdose.charts.sheet import LINE, SMALL, Scale, number, pixels, words

_BIAS = {
    "low": ("L", GREEN, GREEN, "white"),
    "some concerns": ("S", "white", ORANGE, ORANGE),
    "moderate": ("S", "white", ORANGE, ORANGE),
    "high": ("H", ORANGE, ORANGE, "white"),
    "serious": ("H", ORANGE, ORANGE, "white"),
    "critical": ("H", ORANGE, ORANGE, "white"),
}
_NOT_JUDGED = ("?", "white", MUTED, MUTED)
"""Letter, inside, outline and colour of the letter of a risk of bias."""


def bias_letter(bias: str) -> str:
    """Letter of a risk of bias.

    Examples
    --------
    >>> bias_letter("some concerns"), bias_letter("no information")
    ('S', '?')
    """
    return _BIAS.get(bias, _NOT_JUDGED)[0]


def studies(plot: Forest, places: Sequence[Place], columns: Columns, axis: Scale) -> Iterator[Spec]:
    """Layers of the studies: words, whiskers, squares, risk of bias.

    Examples
    --------
    >>> plot = Forest("Pain", "", [ForestRow("Younger 2013", estimate=-0.5)])
    >>> places = [Place(plot.rows[0], 20, ["Younger 2013"], [], [])]
    >>> layers = studies(plot, places, Columns.fitting(plot), Scale(-1, 1, 0, 100))
    >>> "Younger 2013" in str(list(layers))
    True
    """
    rows = [(place, place.what) for place in places if isinstance(place.what, ForestRow)]
    headings = [place for place in places if isinstance(place.what, str)]
    yield words(_lines(0, [(place.y, place.label) for place in headings]), bold=True)
    yield words(_lines(0, [(place.y, place.label) for place, _ in rows]))
    yield words(_lines(columns.detail, [(place.y, place.detail) for place, _ in rows]), size=SMALL, colour=MUTED)
    used = [(place, row) for place, row in rows if row.estimate is not None]
    unused = [(place, row) for place, row in rows if row.estimate is None]
    beneath = [(place.y + LINE * len(place.label), place.small) for place, _ in used]
    reasons = [(place.y, place.small or ["no usable numbers"]) for place, _ in unused]
    yield words([*_lines(0, beneath), *_lines(columns.left, reasons)], size=SMALL, colour=MUTED)
    yield words([{"x": columns.effect, "y": place.y, "text": _effect(row, plot.log)} for place, row in used])
    shares = [
        {"x": columns.weight, "y": place.y, "text": f"{100 * row.weight:.0f} %"}
        for place, row in used
        if row.weight is not None
    ]
    yield words(shares, align="right")
    yield from _whiskers([(place.y, row) for place, row in used], axis)
    yield from _squares([(place.y, row) for place, row in used], axis)
    yield from _biases([(place.y, row.bias) for place, row in rows if row.bias], columns.bias)


def _lines(x: float, texts: Sequence[tuple[float, Sequence[str]]]) -> list[dict[str, Any]]:
    return [{"x": x, "y": y + LINE * n, "text": line} for y, lines in texts for n, line in enumerate(lines)]


def _effect(one: ForestRow | ForestPool, log: bool) -> str:
    assert one.estimate is not None
    if one.low is None or one.high is None:
        return _shown(one.estimate, log)
    return f"{_shown(one.estimate, log)} ({_shown(one.low, log)} to {_shown(one.high, log)})"


def _shown(value: float, log: bool) -> str:
    """Two decimals; a small ratio keeps two digits, for it is never zero."""
    return f"{value:.2g}" if log and value < 0.1 else number(value)


def _whiskers(rows: Sequence[tuple[float, ForestRow]], axis: Scale, colour: str = BLUE) -> Iterator[Spec]:
    """Intervals; an arrowhead where one goes on beyond the axis."""
    known = [(y, row.low, row.high) for y, row in rows if row.low is not None and row.high is not None]
    values = [
        {"y": y, "low": axis.held(low), "high": axis.held(high), "true_low": low, "true_high": high}
        for y, low, high in known
    ]
    x = axis.x(axis.ticks())
    yield {
        "data": {"values": values},
        "mark": {"type": "rule", "color": colour, "strokeWidth": 1.5},
        "encoding": {"x": {**x, "field": "low"}, "x2": {"field": "high"}, **pixels("y")},
    }
    yield from _arrows([(y, low, high) for y, low, high in known], axis, colour)


def _arrows(ends: Sequence[tuple[float, float, float]], axis: Scale, colour: str) -> Iterator[Spec]:
    for side, x, beyond in (
        ("left", axis.left, [y for y, low, _ in ends if low < axis.low]),
        ("right", axis.right, [y for y, _, high in ends if high > axis.high]),
    ):
        yield sheet.dots(
            [{"x": x, "y": y} for y in beyond], shape=f"triangle-{side}", size=55, fill=colour, stroke=colour
        )


def _squares(rows: Sequence[tuple[float, ForestRow]], axis: Scale) -> Iterator[Spec]:
    """Estimates: the area of the square is the weight; hollow when recalled."""
    values = [
        {
            "y": y,
            "estimate": row.estimate,
            "study": row.label,
            "size": 90 if row.weight is None else 30 + 230 * row.weight,
            "fill": "white" if row.recalled else BLUE,
        }
        for y, row in rows
    ]
    fill = {"field": "fill", "type": "nominal", "scale": None}
    size = {"field": "size", "type": "quantitative", "scale": None}
    yield {
        "data": {"values": values},
        "mark": {"type": "point", "shape": "square", "stroke": BLUE, "strokeWidth": 1.5, "opacity": 1},
        "encoding": {"x": {**axis.x(axis.ticks()), "field": "estimate"}, **pixels("y"), "fill": fill, "size": size},
    }


def _biases(rows: Sequence[tuple[float, str]], x: float) -> Iterator[Spec]:
    """A dot with a letter: colour is never alone."""
    known = [(y, _BIAS.get(bias, _NOT_JUDGED)) for y, bias in rows]
    discs = [{"x": x, "y": y, "fill": inside, "stroke": edge} for y, (_, inside, edge, _) in known]
    yield sheet.dots(discs, shape="circle", size=200, strokeWidth=1.5)
    for colour in dict.fromkeys(look[3] for _, look in known):
        letters = [{"x": x, "y": y + 0.5, "text": look[0]} for y, look in known if look[3] == colour]
        yield words(letters, size=SMALL, colour=colour, align="center", bold=True)


def pools(plot: Forest, places: Sequence[Place], columns: Columns, axis: Scale) -> Iterator[Spec]:
    """Layers of what is pooled: label, numbers, diamond, prediction interval.

    Examples
    --------
    >>> plot = Forest("Pain", "", [ForestRow("Younger 2013", estimate=-0.5)])
    >>> list(pools(plot, [], Columns.fitting(plot), Scale(-1, 1, 0, 100)))
    []
    """
    found = [(place, place.what) for place in places if isinstance(place.what, ForestPool)]
    if not found:
        return
    first = [after for before, after in pairwise(places) if not isinstance(before.what, ForestPool)]
    tops = [place.y - STEP / 2 - 1 for place in first if isinstance(place.what, ForestPool)]
    yield sheet.rules([{"x": 0, "x2": sheet.WIDTH, "y": y, "y2": y} for y in tops])
    yield words(_lines(0, [(place.y, place.label) for place, _ in found]), bold=True)
    beneath = [(place.y + LINE * len(place.label), place.small) for place, _ in found]
    yield words(_lines(0, beneath), size=SMALL, colour=MUTED)
    yield words(
        [{"x": columns.effect, "y": place.y, "text": _effect(pool, plot.log)} for place, pool in found], bold=True
    )
    yield from _diamonds([(place.y, pool) for place, pool in found], axis)
    yield from _predictions(
        [(place.y + LINE, pool) for place, pool in found if pool.prediction], columns, axis, plot.log
    )


def _diamonds(pools: Sequence[tuple[float, ForestPool]], axis: Scale) -> Iterator[Spec]:
    values = [
        {"pool": n, "x": x, "y": y - half, "y2": y + half}
        for n, (y, pool) in enumerate(pools)
        for x, half in _outline(pool, axis)
    ]
    yield {
        "data": {"values": values},
        "mark": {"type": "area", "color": INK, "opacity": 1, "line": False},
        "encoding": {**pixels("x", "y", "y2"), "detail": {"field": "pool", "type": "nominal"}},
    }
    yield from _arrows([(y, pool.low, pool.high) for y, pool in pools], axis, INK)


def _outline(pool: ForestPool, axis: Scale, half: float = 7.0) -> list[tuple[float, float]]:
    """Places and half heights of a diamond, cut off where the axis ends."""
    low, middle, high = (axis.at(end) for end in (pool.low, pool.estimate, pool.high))
    points = [(middle, half)]
    for end, held in ((low, max(low, axis.left)), (high, min(high, axis.right))):
        points.append((held, half * abs(held - end) / max(abs(middle - end), 1e-9)))
    return sorted(points)


def _predictions(pools: Sequence[tuple[float, ForestPool]], columns: Columns, axis: Scale, log: bool) -> Iterator[Spec]:
    spans = [(y, *pool.prediction) for y, pool in pools if pool.prediction]
    bars = [{"x": axis.at(axis.held(low)), "x2": axis.at(axis.held(high)), "y": y, "y2": y} for y, low, high in spans]
    yield sheet.rules(bars, color=SLATE, strokeWidth=4)
    yield from _arrows(spans, axis, SLATE)
    said = [
        {"x": columns.effect, "y": y, "text": f"prediction {_shown(low, log)} to {_shown(high, log)}"}
        for y, low, high in spans
    ]
    yield words(said, size=SMALL, colour=MUTED)
