"""Which numbers decide a result: tornado, shares of the variance, and whether these have settled."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from lowdose.charts import sheet
from lowdose.charts.look import BLUE, GREEN, HAIRLINE, INK, MUTED, ORANGE, PURPLE, SLATE, Spec, config
from lowdose.charts.sheet import LINE, SIZE, SMALL, WIDTH, Scale, number, words

_LABELS, _END = 296.0, 52.0
"""Pixels of the names on the left, and of what is written beyond the end of a bar."""
_BAR, _GAP = 16.0, 14.0
_GRADES: dict[str, dict[str, Any]] = {
    "high": {"fillOpacity": 1.0},
    "medium": {"fillOpacity": 0.5},
    "low": {"fillOpacity": 0.08, "strokeDash": [4, 2]},
}
_GRADE_WORDS = {"high": "well known", "medium": "fairly known", "low": "poorly known"}
_LINES = (BLUE, ORANGE, GREEN, PURPLE, SLATE)


@dataclass(frozen=True)
class SwingRow:
    """A number at its 5th (``low``) and 95th (``high``) percentile: what the result is then; None: it has none."""

    label: str
    detail: str
    grade: str
    low: float | None
    high: float | None


@dataclass(frozen=True)
class Tornado:
    """All that stands in a tornado chart; ``share`` writes results in percent."""

    title: str
    subtitle: Sequence[str]
    axis: str
    typical: float
    rows: Sequence[SwingRow]
    share: bool = False
    notes: Sequence[str] = ()


@dataclass(frozen=True)
class Part:
    """A share of the variance with its 95 % interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class ShareRow:
    """What is due to a number alone, and together with all others."""

    label: str
    detail: str
    grade: str
    first: Part
    total: Part


@dataclass(frozen=True)
class Shares:
    """All that stands in a chart of shares."""

    title: str
    subtitle: Sequence[str]
    rows: Sequence[ShareRow]
    notes: Sequence[str] = ()


@dataclass(frozen=True)
class SettlingLine:
    """One share at growing numbers of points."""

    label: str
    points: Sequence[tuple[int, Part]]


@dataclass(frozen=True)
class Settling:
    """All that stands in the panel of convergence."""

    title: str
    subtitle: Sequence[str]
    lines: Sequence[SettlingLine]


def tornado(plot: Tornado) -> Spec:
    """Bars from the result at a number's 5th to that at its 95th percentile, all else typical.

    Raises
    ------
    InvalidInput
        Without rows, or for a result that is not finite.

    Examples
    --------
    >>> row = SwingRow("Clearance", "72 to 272 L/h", "medium", 0.8, 0.6)
    >>> tornado(Tornado("Blockade", [], "share", 0.7, [row], share=True))["title"]["text"]
    'Blockade'
    """
    sheet.something(plot.rows, "tornado")
    for row in plot.rows:
        sheet.finite({"low": row.low, "high": row.high, "typical": plot.typical}, row.label)
    places, bottom = _places([(row.label, row.detail) for row in plot.rows])
    x = _swing_scale(plot)
    layers = [
        _axis(x, bottom, plot.axis, plot.share),
        *_names([(row.label, row.detail) for row in plot.rows], places),
        *_swings(plot, places, x),
        *_typical(plot, x, bottom),
    ]
    below, end = _legend(
        [("when the number is low (its 5th percentile)", ORANGE), ("when it is high (its 95th)", BLUE)],
        {row.grade for row in plot.rows},
        bottom + 62,
    )
    notes, end = sheet.footnotes(plot.notes, 0, end + 8, WIDTH)
    return sheet.whole([*layers, *below, notes], end, plot.title, plot.subtitle)


def shares(plot: Shares) -> Spec:
    """Two bars a number: what is due to it alone, and with its interactions, each with its interval.

    Raises
    ------
    InvalidInput
        Without rows, or for a share that is not finite.

    Examples
    --------
    >>> row = ShareRow("Clearance", "", "medium", Part(0.4, 0.35, 0.45), Part(0.5, 0.44, 0.56))
    >>> shares(Shares("Blockade", [], [row]))["width"]
    800
    """
    sheet.something(plot.rows, "chart of shares")
    for row in plot.rows:
        sheet.finite({"alone": row.first.value, "in all": row.total.value}, row.label)
    places, bottom = _places([(row.label, row.detail) for row in plot.rows])
    most = max(part.high for row in plot.rows for part in (row.first, row.total))
    x = Scale(0, min(max(1.0, most), 1.25), _LABELS, WIDTH - _END)
    layers = [
        _axis(x, bottom, "share of the variance of the result", share=True),
        *_names([(row.label, row.detail) for row in plot.rows], places),
        *_share_bars(plot, places, x),
    ]
    below, end = _legend(
        [("due to the number alone", BLUE), ("in all, with what it does together with others", SLATE)],
        {row.grade for row in plot.rows},
        bottom + 62,
    )
    said = ["Thin line: 95 % bootstrap interval.", *plot.notes]
    notes, end = sheet.footnotes(said, 0, end + 8, WIDTH)
    return sheet.whole([*layers, *below, notes], end, plot.title, plot.subtitle)


def settling(plot: Settling) -> Spec:
    """Shares with their intervals at a quarter, half and all of the points.

    Examples
    --------
    >>> line = SettlingLine("Clearance", [(128, Part(0.4, 0.3, 0.5)), (256, Part(0.42, 0.37, 0.47))])
    >>> settling(Settling("Settled?", [], [line]))["height"] > 100
    True
    """
    sheet.something(plot.lines, "panel of convergence")
    sizes = sorted({n for line in plot.lines for n, _ in line.points})
    high = 190.0
    names = WIDTH - _LABELS - 30
    x = Scale(sizes[0] / 1.3, sizes[-1] * 1.3, 40, names, log=True)
    top = max(1.0, max(part.high for line in plot.lines for _, part in line.points))
    y = Scale(min(0.0, min(part.low for line in plot.lines for _, part in line.points)), top, high, 0)
    layers: list[Spec] = [_grid(y, names), _sizes(x, sizes, high)]
    middle = (len(plot.lines) - 1) / 2
    for i, line in enumerate(plot.lines):
        layers += _settling_line(line, x, y, _LINES[i % len(_LINES)], 7.0 * (i - middle))
    layers += _ends(plot.lines, y, names, high)
    said = {"x": (40 + names) / 2, "y": high + 34, "text": "points of the design"}
    layers.append(words([said], size=SMALL, colour=MUTED, align="center"))
    return sheet.whole(layers, high + 44, plot.title, plot.subtitle)


def stacked(parts: Sequence[Spec]) -> Spec:
    """Several sheets as one picture, below each other.

    Examples
    --------
    >>> len(stacked([sheet.whole([], 10, "a", []), sheet.whole([], 10, "b", [])])["vconcat"])
    2
    """
    inner = [{key: value for key, value in part.items() if key not in ("$schema", "config")} for part in parts]
    return {"$schema": parts[0]["$schema"], "vconcat": inner, "spacing": 32, "config": config()}


def _places(texts: Sequence[tuple[str, str]]) -> tuple[list[float], float]:
    """Middle of each row, and the lower end of all."""
    places, y = [], 10.0
    for label, detail in texts:
        lines = len(sheet.wrapped(label, _LABELS - 20)) + len(sheet.wrapped(detail, _LABELS - 20, SMALL))
        tall = max(_BAR, LINE * lines)
        places.append(y + tall / 2)
        y += tall + _GAP
    return places, y


def _names(texts: Sequence[tuple[str, str]], places: Sequence[float]) -> Iterator[Spec]:
    large, small = [], []
    for (label, detail), middle in zip(texts, places, strict=True):
        upper, lower = sheet.wrapped(label, _LABELS - 20), sheet.wrapped(detail, _LABELS - 20, SMALL)
        y = middle - LINE * (len(upper) + len(lower) - 1) / 2
        for line in upper:
            large.append({"x": 0, "y": y, "text": line})
            y += LINE
        for line in lower:
            small.append({"x": 0, "y": y, "text": line})
            y += LINE
    yield words(large, size=SIZE)
    yield words(small, size=SMALL, colour=MUTED)


def _swing_scale(plot: Tornado) -> Scale:
    ends = [plot.typical, *(end for row in plot.rows for end in (row.low, row.high) if end is not None)]
    room = 0.05 * (max(ends) - min(ends)) or 0.1 * abs(plot.typical) or 1.0
    return Scale(min(ends) - room, max(ends) + room, _LABELS + _END, WIDTH - _END)


def _swings(plot: Tornado, places: Sequence[float], x: Scale) -> Iterator[Spec]:
    boxes: dict[tuple[str, str], list[sheet.Row]] = {}
    texts: dict[str, list[sheet.Row]] = {"left": [], "right": []}
    for row, y in zip(plot.rows, places, strict=True):
        same_side = (
            row.low is not None and row.high is not None and (row.low - plot.typical) * (row.high - plot.typical) > 0
        )
        for i, (end, colour) in enumerate(((row.low, ORANGE), (row.high, BLUE))):
            top, deep = (y - _BAR / 2 + i * _BAR / 2, _BAR / 2) if same_side else (y - _BAR / 2, _BAR)
            if end is None:
                continue
            left, right = sorted((x.at(plot.typical), x.at(end)))
            boxes.setdefault((row.grade, colour), []).append({"x": left, "x2": right, "y": top, "y2": top + deep})
        known = [end for end in (row.low, row.high) if end is not None]
        if known:
            least, most = min(*known, plot.typical), max(*known, plot.typical)
            texts["right"].append({"x": x.at(least) - 5, "y": y, "text": _said(least, plot.share)})
            texts["left"].append({"x": x.at(most) + 5, "y": y, "text": _said(most, plot.share)})
        if len(known) < 2:
            none = {"x": x.right + _END, "y": y - _BAR, "text": "no value at one end"}
            yield words([none], size=SMALL, colour=MUTED, align="right")
    for (grade, colour), rows in boxes.items():
        yield sheet.boxes(rows, fill=colour, stroke=colour, strokeWidth=1, **_GRADES[grade])
    for align, said in texts.items():
        yield words(said, size=SMALL, align=align)


def _typical(plot: Tornado, x: Scale, bottom: float) -> Iterator[Spec]:
    at = x.at(plot.typical)
    yield sheet.rules([{"x": at, "x2": at, "y": 0, "y2": bottom}], color=INK)
    said = {"x": at, "y": -4, "text": f"typical: {_said(plot.typical, plot.share)}"}
    yield words([said], size=SMALL, align="center")


def _share_bars(plot: Shares, places: Sequence[float], x: Scale) -> Iterator[Spec]:
    boxes: dict[tuple[str, str], list[sheet.Row]] = {}
    whiskers, said = [], []
    for row, middle in zip(plot.rows, places, strict=True):
        for part, colour, y in ((row.first, BLUE, middle - 6), (row.total, SLATE, middle + 6)):
            end = x.held(part.value)
            boxes.setdefault((row.grade, colour), []).append({"x": x.at(0), "x2": x.at(end), "y": y - 5, "y2": y + 5})
            whiskers.append({"x": x.at(x.held(part.low)), "x2": x.at(x.held(part.high)), "y": y, "y2": y})
        furthest = max(x.held(part.high) for part in (row.first, row.total))
        said.append({"x": x.at(furthest) + 6, "y": middle, "text": _said(min(max(row.total.value, 0), 1), share=True)})
    for (grade, colour), rows in boxes.items():
        yield sheet.boxes(rows, fill=colour, stroke=colour, strokeWidth=1, **_GRADES[grade])
    yield sheet.rules(whiskers, color=INK, strokeWidth=1.25)
    yield words(said, size=SIZE, bold=True)


def _axis(x: Scale, bottom: float, title: str, share: bool) -> Spec:
    """Ticks, their values and the title of a horizontal axis."""
    ticks = [tick for tick in x.ticks() if not share or tick <= 1]
    rows = [{"x": x.at(tick), "y": bottom + 12, "text": _said(tick, share)} for tick in ticks]
    lines = [{"x": x.at(tick), "x2": x.at(tick), "y": 0, "y2": bottom} for tick in ticks]
    said = [{"x": (x.left + x.right) / 2, "y": bottom + 30, "text": title}]
    return {
        "layer": [
            sheet.rules(lines, color=HAIRLINE, opacity=0.7),
            words(rows, size=SMALL, colour=MUTED, align="center"),
            words(said, size=SMALL, colour=MUTED, align="center"),
        ]
    }


def _legend(colours: Sequence[tuple[str, str]], grades: set[str], y: float) -> tuple[list[Spec], float]:
    layers: list[Spec] = []
    left = 0.0
    for text, colour in colours:
        box = {"x": left, "x2": left + 14, "y": y - 6, "y2": y + 6}
        layers.append(sheet.boxes([box], fill=colour, stroke=colour))
        layers.append(words([{"x": left + 20, "y": y, "text": text}], size=SMALL))
        left += 44 + sheet.width(text, SMALL)
    y, left = y + 22, 0.0
    layers.append(words([{"x": left, "y": y, "text": "The number itself is:"}], size=SMALL, colour=MUTED))
    left += 20 + sheet.width("The number itself is:", SMALL)
    for grade in (grade for grade in _GRADES if grade in grades):
        box = {"x": left, "x2": left + 14, "y": y - 6, "y2": y + 6}
        layers.append(sheet.boxes([box], fill=INK, stroke=INK, **_GRADES[grade]))
        layers.append(words([{"x": left + 20, "y": y, "text": _GRADE_WORDS[grade]}], size=SMALL))
        left += 44 + sheet.width(_GRADE_WORDS[grade], SMALL)
    return layers, y + 14


def _settling_line(line: SettlingLine, x: Scale, y: Scale, colour: str, aside: float) -> Iterator[Spec]:
    rows: list[dict[str, Any]] = [
        {"x": x.at(n) + aside, "y": y.at(part.value), "low": y.at(part.low), "high": y.at(part.high)}
        for n, part in line.points
    ]
    paths = [{"x": one["x"], "y": one["y"], "x2": other["x"], "y2": other["y"]} for one, other in pairwise(rows)]
    yield sheet.rules(paths, color=colour, strokeWidth=1.5)
    yield sheet.rules(
        [{"x": row["x"], "x2": row["x"], "y": row["low"], "y2": row["high"]} for row in rows], color=colour, opacity=0.6
    )
    yield sheet.dots(
        [{"x": row["x"], "y": row["y"]} for row in rows], shape="circle", size=36, fill=colour, stroke=colour
    )


def _ends(lines: Sequence[SettlingLine], y: Scale, left: float, high: float) -> Iterator[Spec]:
    """Names at the right, in the order of the lines' ends, apart enough to be read."""
    order = sorted(range(len(lines)), key=lambda i: -lines[i].points[-1][1].value)
    wanted = [y.at(lines[i].points[-1][1].value) for i in order]
    places: list[float] = []
    for at in wanted:
        places.append(max(at, places[-1] + LINE) if places else at)
    over = max(0.0, places[-1] - high)
    for i, at in zip(order, places, strict=True):
        text = sheet.wrapped(lines[i].label, WIDTH - left - 24, SMALL)
        shown = text[0] + (" …" if len(text) > 1 else "")
        yield words([{"x": left + 24, "y": at - over, "text": shown}], size=SMALL, colour=_LINES[i % len(_LINES)])


def _grid(y: Scale, right: float) -> Spec:
    ticks = [tick for tick in y.ticks(5) if 0 <= tick <= 1]
    lines = [{"x": 40, "x2": right, "y": y.at(tick), "y2": y.at(tick)} for tick in ticks]
    texts = [{"x": 34, "y": y.at(tick), "text": _said(tick, share=True)} for tick in ticks]
    return {"layer": [sheet.rules(lines), words(texts, size=SMALL, colour=MUTED, align="right")]}


def _sizes(x: Scale, sizes: Sequence[int], high: float) -> Spec:
    rows = [{"x": x.at(n), "y": high + 14, "text": f"{n}"} for n in sizes]
    return words(rows, size=SMALL, colour=MUTED, align="center")


def _said(value: float, share: bool) -> str:
    """A number as it is written in these charts."""
    if share:
        return f"{number(100 * value, 0)} %"
    if value == 0:
        return "0"
    if abs(value) >= 100:
        return number(value, 0)
    text = f"{value:.3g}" if abs(value) >= 1e-3 else f"{value:.1e}"
    return text.replace("-", "−")
