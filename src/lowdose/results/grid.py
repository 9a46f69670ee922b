"""The hours at which a run is looked at; every window of the metrics begins and ends on one of them."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

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
