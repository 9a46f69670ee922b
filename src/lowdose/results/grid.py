"""The hours at which a run is looked at; every window of the metrics begins and ends on one of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from lowdose.regimen import Regimen
from lowdose.results.metrics import Timing

Array = NDArray[np.float64]

DAY = 24.0
AFTERMATH_HOURS = 30 * DAY
"""How long a run goes on after the last dose, to see the block end."""

FINE_DAY = np.unique(np.concatenate([np.arange(0, 80) * 0.05, np.arange(16, 97) * 0.25]))
"""A day seen closely: every 3 minutes for 4 hours, then every 15."""
_COARSE_DAY = np.array([0, 0.25, 0.5, 0.75, 1, 1.25, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10, 12, 14, 16, 18, 20, 22], float)
_AFTER = np.concatenate([np.arange(24, 240, 1.0), np.arange(240, AFTERMATH_HOURS + 1, 3.0)])
"""After the last day: hourly, then every 3 hours."""

_JUST_BEFORE = 1e-6
_LONGEST_WINDOW = 36.0
"""Hours after the last dose that the metrics look at."""


def observation_times(timing: Timing, switches: Iterable[float] = ()) -> Array:
    """Hours at which a run is looked at: closely on the first and last day, at each dose, hourly in every gap.

    ``switches`` are hours at which something jumps; each is seen just before and after.

    Examples
    --------
    >>> times = observation_times(Timing(22.0, np.array([0.0]), 720.0))
    >>> float(times[0]), float(times[-1])
    (0.0, 720.0)
    """
    parts: list[Array] = [FINE_DAY, np.array([timing.end])]
    parts += [dose + _COARSE_DAY for dose in timing.doses]
    seen_until = timing.last_dose
    if len(timing.doses):
        parts += [timing.last_dose + FINE_DAY, timing.last_dose + _AFTER]
        seen_until += AFTERMATH_HOURS
    edges = [0.0, *timing.doses.tolist(), seen_until, timing.end]
    gaps = ((begin, end) for begin, end in pairwise(edges) if end - begin > DAY and begin != timing.last_dose)
    parts += [np.arange(begin + DAY - 1.0, end, 1.0) for begin, end in gaps]
    jumps = np.array([hour for hour in switches if hour > 0.0])
    times = np.unique(np.concatenate([*parts, jumps, jumps - _JUST_BEFORE]).round(9))
    return times[times <= timing.end]


def end_of_run(regimen: Regimen, aftermath_hours: float) -> float:
    """Hour at which the run ends: the schedule is over and the aftermath of the last dose has been seen.

    Examples
    --------
    >>> end_of_run(Regimen.parse("3 mg nightly for 2 days"), 48.0)
    72.0
    """
    last = regimen.doses[-1].hours if regimen.doses else 0.0
    return max(regimen.duration_hours, last + max(aftermath_hours, _LONGEST_WINDOW))


def spans_after(doses: Sequence[float] | Array, hours: float) -> Iterator[tuple[float, float]]:
    """Intervals of ``hours`` after each dose, overlapping ones joined.

    Examples
    --------
    >>> list(spans_after([0.0, 2.0, 24.0], 3.0))
    [(0.0, 5.0), (24.0, 27.0)]
    """
    begin = end = None
    for dose in doses:
        if begin is None or end is None or dose > end:
            if begin is not None and end is not None:
                yield begin, end
            begin = float(dose)
        end = float(dose) + hours
    if begin is not None and end is not None:
        yield begin, end
