"""A sheet: words and marks at places counted in pixels, for charts that are half a table."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lowdose.charts.look import HAIRLINE, INK, MUTED, SCHEMA, Spec, config
from lowdose.errors import InvalidInput

Row = dict[str, Any]

WIDTH = 800
"""Pixels of a whole sheet: on A4 its words are printed at 8 points; a phone scrolls it."""
SIZE, SMALL = 12, 10.5
"""Pixels of type: what is read, and what explains."""
LINE = 14
"""Pixels from one line of small type to the next."""
RECALLED = "‡ recalled: from memory, not read in the source"

# Widths of letters as shares of the type size in a wide sans-serif: text that fits with them fits in any of the stack.
_NARROW, _WIDE = frozenset("iljtfrI.,:;'|!()[]·- "), frozenset("mwMW%@—")
_SHARES = {"narrow": 0.37, "wide": 0.93, "capital": 0.7, "other": 0.62}


def width(text: str, size: float = SIZE) -> float:
    """Pixels a text takes at most.

    Examples
    --------
    >>> width("Younger 2013") < width("Younger 2013, crossover")
    True
    """
    return size * sum(_share(letter) for letter in text)


def _share(letter: str) -> float:
    if letter in _NARROW:
        return _SHARES["narrow"]
    return _SHARES["wide"] if letter in _WIDE else _SHARES["capital" if letter.isupper() else "other"]


def wrapped(text: str, room: float, size: float = SIZE) -> list[str]:
    """A text in lines that fit into ``room`` pixels; a word longer than that keeps a line of its own.

    Examples
    --------
    >>> wrapped("no means were reported for either arm", 150)
    ['no means were', 'reported for either arm']
    """
    lines: list[str] = []
    for word in text.split():
        joined = f"{lines[-1]} {word}" if lines else word
        if lines and width(joined, size) <= room:
            lines[-1] = joined
        else:
            lines.append(word)
    return lines


def words(
    rows: Iterable[Row], *, size: float = SIZE, colour: str = INK, align: str = "left", bold: bool = False
) -> Spec:
    """Layer of texts; each row: ``x``, ``y`` in pixels and ``text``.

    Examples
    --------
    >>> words([{"x": 0, "y": 10, "text": "Younger 2013"}])["mark"]["type"]
    'text'
    """
    mark = {"type": "text", "align": align, "baseline": "middle", "fontSize": size, "color": colour}
    if bold:
        mark["fontWeight"] = 600
    encoding = {**pixels("x", "y"), "text": {"field": "text", "type": "nominal"}}
    return {"data": {"values": list(rows)}, "mark": mark, "encoding": encoding}


def pixels(*channels: str, **fields: str) -> Spec:
    """Encoding of channels whose fields hold pixels; ``fields`` names one that is not called as its channel.

    Examples
    --------
    >>> pixels("y")["y"]["scale"] is None
    True
    """
    named = {**{channel: channel for channel in channels}, **fields}
    return {
        channel: {"field": field, "type": "quantitative", "scale": None, "axis": None}
        if channel in ("x", "y")
        else {"field": field}
        for channel, field in named.items()
    }


def dots(rows: Iterable[Row], **mark: Any) -> Spec:
    """Layer of points at pixels; each row: ``x``, ``y`` and, where they differ, ``size``, ``fill``, ``stroke``.

    Examples
    --------
    >>> dots([{"x": 1, "y": 2}], shape="triangle-left", size=40)["mark"]["shape"]
    'triangle-left'
    """
    values = list(rows)
    encoding = pixels("x", "y")
    for channel in ("size", "fill", "stroke"):
        if values and channel in values[0]:
            kind = "quantitative" if channel == "size" else "nominal"
            encoding[channel] = {"field": channel, "type": kind, "scale": None}
    return {"data": {"values": values}, "mark": {"type": "point", "opacity": 1, **mark}, "encoding": encoding}


def rules(rows: Iterable[Row], **mark: Any) -> Spec:
    """Layer of straight lines from ``x``, ``y`` to ``x2``, ``y2``, in pixels.

    Examples
    --------
    >>> rules([{"x": 0, "y": 5, "x2": 9, "y2": 5}])["mark"]["type"]
    'rule'
    """
    line = {"type": "rule", "color": HAIRLINE, **mark}
    return {"data": {"values": list(rows)}, "mark": line, "encoding": pixels("x", "y", "x2", "y2")}


def boxes(rows: Iterable[Row], **mark: Any) -> Spec:
    """Layer of rectangles between ``x``, ``y`` and ``x2``, ``y2``, in pixels.

    Examples
    --------
    >>> boxes([], color="white")["mark"]["color"]
    'white'
    """
    return {
        "data": {"values": list(rows)},
        "mark": {"type": "rect", **mark},
        "encoding": pixels("x", "y", "x2", "y2"),
    }


@dataclass(frozen=True)
class Scale:
    """An axis on the sheet: from ``low`` to ``high`` between two pixels; ``log`` for ratios and doses."""

    low: float
    high: float
    left: float
    right: float
    log: bool = False

    def at(self, value: float) -> float:
        """Pixel of a value.

        Examples
        --------
        >>> Scale(0.1, 10, 0, 100, log=True).at(1)
        50.0
        """
        low, high, here = (math.log(x) if self.log else x for x in (self.low, self.high, value))
        return round(self.left + (self.right - self.left) * (here - low) / (high - low), 2)

    def held(self, value: float) -> float:
        """The value, or the end of the axis it lies beyond.

        Examples
        --------
        >>> Scale(-1, 1, 0, 100).held(3)
        1
        """
        return min(max(value, self.low), self.high)

    def x(self, ticks: Sequence[float], **axis: Any) -> Spec:
        """Encoding of the channel, with its ticks.

        Examples
        --------
        >>> Scale(0, 1, 0, 100).x([0, 1])["scale"]["domain"]
        [0, 1]
        """
        scale: Spec = {"domain": [self.low, self.high], "range": [self.left, self.right], "nice": False, "zero": False}
        if self.log:
            scale["type"] = "log"
        written = {} if "format" in axis else {"labelExpr": "replace(toString(datum.value), '-', '−')"}
        described = {"values": list(ticks), "grid": False, "title": None, **written, **axis}
        return {"type": "quantitative", "scale": scale, "axis": described}

    def ticks(self, most: int = 6) -> list[float]:
        """Round numbers on the axis, at most ``most`` of them.

        Examples
        --------
        >>> Scale(-0.9, 0.4, 0, 100).ticks(), Scale(0.4, 9, 0, 100, log=True).ticks()
        ([-0.8, -0.6, -0.4, -0.2, 0.0, 0.2, 0.4], [0.5, 1.0, 1.5, 2.0, 3.0, 5.0])
        """
        return self._log_ticks(most) if self.log else self._even_ticks(most)

    def _even_ticks(self, most: int) -> list[float]:
        rough = (self.high - self.low) / most
        power = 10.0 ** math.floor(math.log10(rough))
        step = next(power * factor for factor in (1, 2, 5, 10) if power * factor >= 0.75 * rough)
        first, last = math.ceil(self.low / step - 1e-9), math.floor(self.high / step + 1e-9)
        return [round(n * step, 10) for n in range(first, last + 1)]

    def _log_ticks(self, most: int) -> list[float]:
        powers = range(math.floor(math.log10(self.low)), math.ceil(math.log10(self.high)) + 1)
        found: list[float] = []
        for factors in ((1, 1.2, 1.5, 2, 3, 4, 5, 6, 8), (1, 1.5, 2, 3, 5), (1, 2, 5), (1, 3), (1,)):
            found = [round(factor * 10.0**n, 10) for n in powers for factor in factors]
            found = [value for value in found if self.low <= value <= self.high]
            if len(found) <= most:
                break
        return found


def number(value: float, digits: int = 2) -> str:
    """A number with a proper minus sign.

    Examples
    --------
    >>> number(-0.363)
    '−0.36'
    """
    text = f"{value:.{digits}f}"
    return text.removeprefix("-") if float(text) == 0 else text.replace("-", "−")


def whole(layers: Sequence[Spec], height: float, title: str, subtitle: Sequence[str], wide: float = WIDTH) -> Spec:
    """The sheet: layers, title, size.

    Examples
    --------
    >>> whole([], 100, "Pain", ["fibromyalgia"])["width"]
    800
    """
    heading = {"text": title, "subtitle": [line for line in subtitle if line], "fontSize": 16, "offset": 14}
    filled = [layer for layer in layers if layer.get("data", {}).get("values", True)]
    return {"$schema": SCHEMA, "title": heading, "width": wide, "height": height, "layer": filled, "config": config()}


def finite(numbers: Mapping[str, float | None], where: str) -> None:
    """Refuse what cannot be drawn, with the row it stands in.

    Raises
    ------
    InvalidInput
        For a number that is infinite or not a number.

    Examples
    --------
    >>> finite({"low": 1.0, "high": None}, "Younger 2013")
    """
    for name, value in numbers.items():
        if value is not None and not math.isfinite(value):
            raise InvalidInput(f"{name} is not a number that can be drawn: {value}", where=where)


def something(rows: Sequence[object], what: str) -> None:
    """Refuse to draw a picture of nothing.

    Raises
    ------
    InvalidInput
        If there is no row.

    Examples
    --------
    >>> something([1], "forest plot")
    """
    if not rows:
        raise InvalidInput(
            f"nothing to draw: the {what} has no rows", remedy="choose a condition and an outcome with a study"
        )


def footnotes(lines: Sequence[str], x: float, y: float, room: float) -> tuple[Spec, float]:
    """Small grey lines below a chart, wrapped; and where they end.

    Examples
    --------
    >>> footnotes(["square: weight in the pool"], 0, 300, 700)[1]
    314
    """
    rows = []
    for line in lines:
        for part in wrapped(line, room, SMALL):
            rows.append({"x": x, "y": y, "text": part})
            y += LINE
    return words(rows, size=SMALL, colour=MUTED), y
