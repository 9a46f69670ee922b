"""The table twin of a chart: the same numbers to read, at round hours and days."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from lowdose.charts.curves import curves_at, is_band
from lowdose.charts.figures import Chart, rival_strips, strips
from lowdose.charts.periods import DAY, Period, clock, periods
from lowdose.charts.strips import Strip
from lowdose.results import Result

_MOST_DAYS = 42
_EVERY_HOURS = 2.0


@dataclass(frozen=True)
class Table:
    """Rows for people; ``columns`` starts with the two that say when."""

    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def table(result: Result, chart: Chart) -> tuple[Table, ...]:
    """One table for each period of a chart: day and clock time, then median and 5–95 % of each row of the chart.

    Examples
    --------
    >>> from lowdose import charts, simulate
    >>> first = charts.table(simulate("4.5 mg once at 22:00"), "drug")[0]
    >>> first.columns[:3], first.rows[1][:2]
    (('Day', 'Clock', 'Naltrexone in blood, ng/mL'), ('2', '00:00'))
    """
    return _tables(result, strips(result, chart))


def rivals_table(results: Sequence[Result]) -> tuple[Table, ...]:
    """The table twin of ``rivals``.

    Examples
    --------
    >>> from lowdose import simulate
    >>> len(rivals_table([simulate("4.5 mg once")])[0].columns)
    3
    """
    return _tables(results[0], rival_strips(results))


def _tables(result: Result, shown: Sequence[Strip]) -> tuple[Table, ...]:
    what = "median (5–95 %)" if is_band(result) else "typical person"
    heads = tuple(f"{strip.title}, {strip.unit}" for strip in shown)
    return tuple(
        Table(f"{period.title}: {what}", _when(period) + heads, _rows(result, period, shown))
        for period in periods(result)
    )


def _when(period: Period) -> tuple[str, ...]:
    return ("Day", "From") if period.daily else ("Day", "Clock")


def _rows(result: Result, period: Period, shown: Sequence[Strip]) -> tuple[tuple[str, ...], ...]:
    hours = _hours(period)
    columns = [_cells(strip, period, hours) for strip in shown]
    return tuple(
        (*_label(hour, period, result.clock_start), *(column[i] for column in columns)) for i, hour in enumerate(hours)
    )


def _hours(period: Period) -> list[float]:
    """Round hours to read off; for a daily period the middle of each day."""
    every, begin = _EVERY_HOURS, period.start
    if period.daily:
        every, begin = DAY * max(1.0, np.ceil(period.hours / DAY / _MOST_DAYS)), begin + DAY / 2
    elif period.name == "course":
        every = 6.0 if period.hours <= 10 * DAY else 12.0
    return [float(hour) for hour in np.arange(begin, period.stop + 1e-9, every)]


def _label(hour: float, period: Period, clock_start: float) -> tuple[str, str]:
    if period.daily:
        return str(int(hour // DAY) + 1), clock(0.0, clock_start)
    # Calendar days: the day of the first dose is day 1.
    return str(int((clock_start + hour + 1e-9) // DAY) + 1), clock(hour, clock_start)


def _cells(strip: Strip, period: Period, hours: Sequence[float]) -> list[str]:
    found = curves_at(strip.result, strip.output, period, np.asarray(hours))
    middle = found.lines["p50"]
    if "p05" not in found.lines:
        return [_number(value) for value in middle]
    low, high = found.lines["p05"], found.lines["p95"]
    return [
        f"{_number(value)} ({_number(below)}–{_number(above)})"
        for value, below, above in zip(middle, low, high, strict=True)
    ]


def _number(value: float) -> str:
    """Three significant digits at most, no exponent, no more than needed."""
    if not np.isfinite(value):
        return "–"
    if abs(value) >= 10:
        return f"{value:.0f}"
    return f"{value:.2f}" if abs(value) >= 0.01 or value == 0 else f"{value:.1g}"
