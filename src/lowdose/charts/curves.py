"""From the trajectories of a run to the few numbers a chart draws: median and bands, thinned."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from lowdose.charts.periods import DAY, Period, grid
from lowdose.results import Ensemble, Result

Array = NDArray[np.float64]

PROBABILITIES = {"p05": 0.05, "p25": 0.25, "p50": 0.50, "p75": 0.75, "p95": 0.95}
DRAWN = (
    "naltrexone_plasma", "naltrexol_plasma",
    "mu_occupancy_central", "mu_occupancy_peripheral", "kappa_occupancy_central", "delta_occupancy_central",
    "beta_endorphin", "met_enkephalin", "opioid_tone_central", "opioid_tone_peripheral",
)  # fmt: skip
"""Every output that some chart draws: they share their points in time, so that charts can be linked."""
_CLOSE_POINTS, _COURSE_POINTS = 64, 120


@dataclass(frozen=True)
class Curves:
    """One output over one period: hours (P,), and for each line its values (P,); only ``p50`` without people."""

    hours: Array
    lines: dict[str, Array]

    @property
    def highest(self) -> float:
        """Largest finite value of all lines; 0 without any."""
        return float(np.nanmax([np.nanmax(line, initial=0.0) for line in self.lines.values()]))


def ensemble_of(result: Result) -> Ensemble:
    """The ensemble a chart shows: the drawn band, or the typical person where nobody else was simulated."""
    return result.bands.get(result.drawn, result.typical)


def is_band(result: Result) -> bool:
    """Whether there are bands to draw."""
    return result.drawn in result.bands


def curves(result: Result, output: str, period: Period) -> Curves:
    """Median and 50 % and 90 % bands of an output over a period; percent for shares of receptors.

    Examples
    --------
    >>> from lowdose import simulate
    >>> from lowdose.charts.periods import periods
    >>> result = simulate("4.5 mg once")
    >>> found = curves(result, "mu_occupancy_central", periods(result)[0])
    >>> list(found.lines), bool(30 < found.highest < 70)
    (['p50'], True)
    """
    names = [name for name in DRAWN if name in result.typical.values]
    if period.daily:
        hours, values = _daily_means(ensemble_of(result), output, period)
        days = [_daily_means(result.typical, name, period)[1][0] for name in names]
        kept = grid(hours, period, days, _COURSE_POINTS)
        return _summed_up(result, output, hours[kept], values[:, kept])
    typical = [result.typical.values[name][0] for name in names]
    most = _CLOSE_POINTS if period.hours <= 2 * DAY else _COURSE_POINTS
    kept = grid(result.typical.time, period, typical, most)
    ensemble = ensemble_of(result)
    return _summed_up(result, output, ensemble.time[kept], ensemble.values[output][:, kept])


def curves_at(result: Result, output: str, period: Period, hours: Array) -> Curves:
    """The same at the points of the run nearest to ``hours`` (P,); days by their middle where the period is daily.

    Examples
    --------
    >>> from lowdose import simulate
    >>> from lowdose.charts.periods import periods
    >>> result = simulate("4.5 mg once")
    >>> curves_at(result, "naltrexone_plasma", periods(result)[0], np.array([0.0, 2.0])).hours.tolist()
    [0.0, 2.0]
    """
    if period.daily:
        times, values = _daily_means(ensemble_of(result), output, period)
    else:
        times, values = ensemble_of(result).time, ensemble_of(result).values[output]
    kept = np.abs(times[None, :] - hours[:, None]).argmin(axis=1)
    return _summed_up(result, output, times[kept], values[:, kept])


def _summed_up(result: Result, output: str, hours: Array, values: Array) -> Curves:
    """Quantiles over persons of ``values`` (n, P)."""
    scale = 100.0 if result.outputs[output].kind == "occupancy" else 1.0
    drawn = PROBABILITIES if is_band(result) else {"p50": 0.5}
    part = replace(ensemble_of(result), time=hours, values={output: values * scale})
    rows = part.quantiles(output, tuple(drawn.values()))
    return Curves(hours, dict(zip(drawn, rows, strict=True)))


def _daily_means(ensemble: Ensemble, output: str, period: Period) -> tuple[Array, Array]:
    """Middle of each day (D,) and every person's mean over it (n, D); days are counted from the first dose."""
    time, values = ensemble.time, ensemble.values[output]
    borders = np.arange(period.start, period.stop + 1e-9, DAY)
    area = np.zeros_like(values)
    steps = np.add(values[:, 1:], values[:, :-1], out=area[:, 1:])
    steps *= np.diff(time) / 2
    np.cumsum(steps, axis=1, out=steps)
    return borders[:-1] + DAY / 2, np.diff(_at(borders, time, area), axis=1) / DAY


def _at(hours: Array, time: Array, values: Array) -> Array:
    """Every row of ``values`` (n, T) at ``hours`` (H,), straight lines between points, level outside; shape (n, H)."""
    hours = np.clip(hours, time[0], time[-1])
    after = np.clip(np.searchsorted(time, hours, side="right"), 1, len(time) - 1)
    share = (hours - time[after - 1]) / (time[after] - time[after - 1])
    return np.asarray(values[:, after - 1] * (1 - share) + values[:, after] * share)


def csv(found: Curves) -> str:
    r"""The numbers as text, four significant digits: a third of the size of JSON.

    Examples
    --------
    >>> csv(Curves(np.array([0.0, 1.5]), {"p50": np.array([0.0, 12.3456])}))
    'h,p50\n0,0\n1.5,12.35'
    """
    rows = np.column_stack([found.hours, *found.lines.values()])
    body = "\n".join(",".join(f"{x:.6g}" if i == 0 else f"{x:.4g}" for i, x in enumerate(row)) for row in rows)
    return f"h,{','.join(found.lines)}\n{body}"
