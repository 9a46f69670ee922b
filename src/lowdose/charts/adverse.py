"""Adverse events: how many of 100 on the drug and on the control, side by side, with intervals."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from lowdose.charts import sheet
from lowdose.charts.look import BLUE, HAIRLINE, MUTED, SLATE, Spec
from lowdose.charts.sheet import LINE, SMALL, Scale, pixels, words, wrapped
from lowdose.errors import InvalidInput

_NAMED, _RATED = 190.0, 74.0
"""Pixels for the name of an event at most, and for a rate with its counts below."""
_STEP, _APART = 36.0, 7.0


@dataclass(frozen=True)
class Rate:
    """Share of people with an event (0 to 1), its interval, and the counts it comes from."""

    share: float
    low: float | None = None
    high: float | None = None
    events: int | None = None
    total: int | None = None


@dataclass(frozen=True)
class HarmRow:
    """One event at one class of doses: rate on the drug, rate on the control, and what is said beside them."""

    event: str
    drug: Rate | None
    control: Rate | None
    detail: str = ""
    text: str = ""
    recalled: bool = False
    group: str = ""


@dataclass(frozen=True)
class Harms:
    """All that stands in the chart; ``against`` is what the control group took."""

    title: str
    subtitle: str
    rows: Sequence[HarmRow]
    against: str = "placebo"
    beside: str = ""
    level: float = 0.95


@dataclass(frozen=True)
class _Columns:
    detail: float
    left: float
    right: float
    drug: float
    control: float
    beside: float


@dataclass(frozen=True)
class _Place:
    row: HarmRow
    y: float


def harms(plot: Harms) -> Spec:
    """Dot pairs with intervals, one row an event, grouped; counts and percentages beside them.

    Raises
    ------
    InvalidInput
        Without rows, or for a share that is not between 0 and 1.

    Examples
    --------
    >>> from lowdose import charts
    >>> row = charts.HarmRow("Any event", charts.Rate(0.84), charts.Rate(0.86))
    >>> charts.harms(charts.Harms("Adverse events", "", [row]))["width"]
    800
    """
    sheet.something(plot.rows, "adverse-event chart")
    for row in plot.rows:
        for rate in (row.drug, row.control):
            _check(rate, row.event)
    columns = _columns(plot)
    axis = Scale(0, _top(plot), columns.left, columns.right)
    places, titles, height = _places(plot)
    layers = [
        *_headings(plot, columns),
        _grid(axis, height),
        *_texts(places, titles, columns),
        *_rates(places, axis),
        *_below(plot, columns, height),
    ]
    return sheet.whole(layers, height, plot.title, [plot.subtitle])


def _check(rate: Rate | None, event: str) -> None:
    if rate is None:
        return
    sheet.finite({"share": rate.share, "low": rate.low, "high": rate.high}, event)
    if not all(0 <= one <= 1 for one in (rate.share, rate.low, rate.high) if one is not None):
        raise InvalidInput("a share of people lies between 0 and 1", where=event)


def _known(plot: Harms) -> list[Rate]:
    return [rate for row in plot.rows for rate in (row.drug, row.control) if rate is not None]


def _top(plot: Harms) -> float:
    """A round end of the axis above every share and most intervals."""
    highest = max([0.05, *(rate.high if rate.high is not None else rate.share for rate in _known(plot))])
    return next(step for step in (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.8, 1.0) if highest <= step)


def _columns(plot: Harms) -> _Columns:
    named = min(max(sheet.width(_label(row)) + 1 for row in plot.rows), _NAMED)
    detailed = min(max([0.0, *(sheet.width(row.detail, SMALL) + 1 for row in plot.rows if row.detail)]), 140.0)
    beside = min(max([0.0, *(sheet.width(row.text, SMALL) for row in plot.rows)]), 170.0)
    last = sheet.WIDTH - beside - (14 if beside else 0)
    left = named + 14 + (detailed + 14 if detailed else 0)
    return _Columns(named + 14, left, last - 2 * _RATED - 18, last - 2 * _RATED, last - _RATED, sheet.WIDTH - beside)


def _label(row: HarmRow) -> str:
    return row.event + (" ‡" if row.recalled else "")


def _places(plot: Harms) -> tuple[list[_Place], list[tuple[float, str]], float]:
    """Rows and headings of groups from the top, and where they end."""
    groups = list(dict.fromkeys(row.group for row in plot.rows))
    places, titles, y = [], [], 52.0
    for group, rows in groupby(sorted(plot.rows, key=lambda row: groups.index(row.group)), key=lambda row: row.group):
        if group:
            titles.append((y, group))
            y += _STEP - 6
        for row in rows:
            places.append(_Place(row, y))
            y += _STEP + LINE * max(0, len(wrapped(_label(row), _NAMED)) - 2)
    return places, titles, y - _STEP / 2 + 4


def _headings(plot: Harms, columns: _Columns) -> Iterator[Spec]:
    y = 14.0
    yield sheet.rules([{"x": 0, "x2": sheet.WIDTH, "y": 28, "y2": 28}], color=MUTED)
    yield words([{"x": 0, "y": y, "text": "Event"}], size=SMALL, colour=MUTED, bold=True)
    heads = (("circle", BLUE, columns.drug, "LDN"), ("diamond", SLATE, columns.control, plot.against))
    for shape, colour, x, text in heads:
        yield sheet.dots([{"x": x + 5, "y": y}], shape=shape, size=75, fill=colour, stroke=colour)
        yield words([{"x": x + 15, "y": y, "text": text}], size=SMALL, colour=colour, bold=True)
    yield words([{"x": columns.beside, "y": y, "text": plot.beside}], size=SMALL, colour=MUTED, bold=True)


def _texts(places: Sequence[_Place], titles: Sequence[tuple[float, str]], columns: _Columns) -> Iterator[Spec]:
    yield words([{"x": 0, "y": y, "text": title} for y, title in titles], bold=True)
    yield words(_column(0, [(place.y, wrapped(_label(place.row), columns.detail - 14)) for place in places]))
    room = columns.left - columns.detail - 14
    small = _column(columns.detail, [(place.y, wrapped(place.row.detail, room, SMALL)) for place in places])
    beside = _column(columns.beside, [(place.y, wrapped(place.row.text, 170, SMALL)) for place in places])
    yield words([*small, *beside], size=SMALL, colour=MUTED)
    for x, rates in (
        (columns.drug, [(place.y, place.row.drug) for place in places]),
        (columns.control, [(place.y, place.row.control) for place in places]),
    ):
        yield words([{"x": x, "y": y - _APART, "text": _percent(rate)} for y, rate in rates])
        counts = [
            {"x": x, "y": y + _APART + 1, "text": f"{rate.events} of {rate.total}"}
            for y, rate in rates
            if rate is not None and rate.events is not None and rate.total is not None
        ]
        yield words(counts, size=SMALL, colour=MUTED)


def _column(x: float, cells: Sequence[tuple[float, Sequence[str]]]) -> list[sheet.Row]:
    """Lines of each cell, centred on its row."""
    return [
        {"x": x, "y": y + LINE * (n - (len(lines) - 1) / 2), "text": line}
        for y, lines in cells
        for n, line in enumerate(lines)
    ]


def _percent(rate: Rate | None) -> str:
    if rate is None:
        return "–"
    return f"{100 * rate.share:.0f} %" if rate.share >= 0.01 or rate.share == 0 else f"{100 * rate.share:.1f} %"


def _grid(axis: Scale, height: float) -> Spec:
    lines = [{"x": axis.at(tick), "x2": axis.at(tick), "y": 30, "y2": height} for tick in axis.ticks(4)]
    return sheet.rules(lines, color=HAIRLINE)


def _rates(places: Sequence[_Place], axis: Scale) -> Iterator[Spec]:
    ticks = axis.ticks(4)
    x = axis.x(ticks, format=".0%")
    for shape, colour, shift, kind in (("circle", BLUE, -_APART, "drug"), ("diamond", SLATE, _APART, "control")):
        found = [(place.y + shift, place.row, getattr(place.row, kind)) for place in places]
        values = [
            {
                "y": y,
                "event": row.event,
                "share": rate.share,
                "low": rate.low,
                "high": rate.high,
                "fill": "white" if row.recalled else colour,
            }
            for y, row, rate in found
            if rate is not None
        ]
        spans = [one for one in values if one["low"] is not None and one["high"] is not None]
        yield {
            "data": {"values": spans},
            "mark": {"type": "rule", "color": colour, "strokeWidth": 1.5},
            "encoding": {"x": {**x, "field": "low"}, "x2": {"field": "high"}, **pixels("y")},
        }
        yield {
            "data": {"values": values},
            "mark": {"type": "point", "shape": shape, "size": 75, "stroke": colour, "strokeWidth": 1.5, "opacity": 1},
            "encoding": {
                "x": {**x, "field": "share"},
                **pixels("y"),
                "fill": {"field": "fill", "type": "nominal", "scale": None},
            },
        }


def _below(plot: Harms, columns: _Columns, height: float) -> Iterator[Spec]:
    middle = (columns.left + columns.right) / 2
    said = "share of people with the event"
    yield words([{"x": middle, "y": height + 34, "text": said}], size=SMALL, colour=MUTED, align="center")
    lines = []
    if any(rate.low is not None for rate in _known(plot)):
        lines.append(f"Lines: {100 * plot.level:.0f} % intervals.")
    if any(row.recalled for row in plot.rows):
        lines.append(f"{sheet.RECALLED}; hollow")
    yield sheet.footnotes(lines, 0, height + 58, sheet.WIDTH)[0]
