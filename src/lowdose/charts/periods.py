"""Which stretches of time a chart shows: the first two days, the whole course, the last two days of dosing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from lowdose.results import Result

Array = NDArray[np.float64]
Name = Literal["first", "course", "last"]

DAY = 24.0
NIGHT_FROM, NIGHT_TO = 22.0, 6.0
_CLOSE = 2 * DAY
_AFTERMATH = 10 * DAY
"""Least that is shown after the last dose."""
_HOURLY_UP_TO = 17 * DAY
"""A longer course is drawn as one mean a day: weeks of hours are unreadable."""


@dataclass(frozen=True)
class Period:
    """Hours ``start`` to ``stop`` after the first dose; ``daily`` when each day is drawn as its 24-hour mean."""

    name: Name
    title: str
    start: float
    stop: float
    daily: bool = False

    @property
    def hours(self) -> float:
        """Length in hours."""
        return self.stop - self.start


def periods(result: Result) -> tuple[Period, ...]:
    """What a chart of this run shows, from left to right.

    Examples
    --------
    >>> from lowdose import simulate
    >>> [period.title for period in periods(simulate("4.5 mg once"))]
    ['The first two days', 'The whole course, hour by hour']
    """
    end, last = float(result.typical.time[-1]), result.timing.last_dose
    stop = min(end, last + max(_AFTERMATH, _block_is_over(result) + DAY))
    stop = min(end, float(np.ceil(stop / DAY) * DAY))
    daily = stop > _HOURLY_UP_TO
    words = "day by day (24-hour means)" if daily else "hour by hour"
    found = [
        Period("first", "The first two days", 0.0, min(_CLOSE, end)),
        Period("course", f"The whole course, {words}", 0.0, stop, daily),
    ]
    if last >= _CLOSE:
        found.append(Period("last", "The last two days of dosing", last - DAY, min(last + DAY, end)))
    return tuple(found)


def _block_is_over(result: Result) -> float:
    """Hours after the last dose until nearly everybody's brain receptors are free again; 0 where unknown."""
    metric = result.metrics.get("mu_occupancy_central", {}).get("hours_to_below_20_after_last_dose")
    if metric is None:
        return 0.0
    late = [band["p95"] for band in metric.bands.values()] + [metric.value]
    return max((hours for hours in late if hours is not None), default=0.0)


def nights(period: Period, clock_start: float) -> Iterator[tuple[float, float]]:
    """Hours between which it is night (22:00 to 06:00) within the period.

    Examples
    --------
    >>> list(nights(Period("first", "", 0.0, 48.0), 22.0))
    [(0.0, 8.0), (24.0, 32.0)]
    """
    begin = NIGHT_FROM - clock_start - DAY
    length = (NIGHT_TO - NIGHT_FROM) % DAY
    while begin < period.stop:
        low, high = max(begin, period.start), min(begin + length, period.stop)
        if low < high:
            yield low, high
        begin += DAY


def grid(time: Array, period: Period, curves: Sequence[Array], most: int) -> NDArray[np.intp]:
    """Places of ``time`` (T,) to draw: about ``most`` of the period, more where ``curves`` move.

    Every peak of the first two curves is among them, and every trough of the first: where the next dose comes.

    Examples
    --------
    >>> time = np.arange(100.0)
    >>> spike = np.where(time == 33, 1.0, 0.0)
    >>> 33 in grid(time, Period("course", "", 0.0, 99.0), [spike], 10)
    True
    """
    inside = np.flatnonzero((time >= period.start - 1e-9) & (time <= period.stop + 1e-9))
    if len(inside) <= most:
        return inside
    # Even in time and in how far the curves move, half and half: more points where more happens.
    parts = [curve[inside] for curve in curves]
    moved = [np.abs(np.diff(part)) for part in parts]
    moved = [way / way.sum() / len(parts) for way in moved if way.sum() > 0]
    gone = np.cumsum(np.diff(time[inside]) / period.hours + sum(moved, np.zeros(len(inside) - 1)))
    wanted = np.linspace(0.0, gone[-1], most)
    kept = {0, *(1 + np.clip(np.searchsorted(gone, wanted), 0, len(inside) - 2)).tolist()}
    for number, part in enumerate(parts[:2]):
        steps = np.diff(part)
        least = 1e-5 * np.ptp(part)  # what is less is the solver's noise on a plateau
        up, down = steps > least, steps < -least
        turns = up[:-1] & down[1:]
        if number == 0:
            turns |= down[:-1] & up[1:]
        kept |= set((np.flatnonzero(turns) + 1).tolist())
    return inside[sorted(kept)]


def clock(hours: float, clock_start: float) -> str:
    """Clock time of an hour of the run.

    Examples
    --------
    >>> clock(9.5, 22.0)
    '07:30'
    """
    minutes = round((clock_start + hours) * 60) % (24 * 60)
    return f"{minutes // 60:02d}:{minutes % 60:02d}"
