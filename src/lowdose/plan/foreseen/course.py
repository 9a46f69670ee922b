"""Everyone drawn, under every rival, solved once: the day after the last dose of a regimen and the month after it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from lowdose.errors import InvalidInput

if TYPE_CHECKING:
    from lowdose.opioids import Setting
    from lowdose.regimen import Regimen

_OUTPUT = "mu_occupancy_central"
_BAND = (0.5, 0.05, 0.95)


@dataclass(frozen=True)
class Spread:
    """Median of the persons drawn, with their 5th and 95th percentile; infinite is beyond 30 days."""

    median: float
    low: float
    high: float


@dataclass(frozen=True)
class Course:
    """What one kinetics says: the block over the day after the last dose, at each hour asked for, and until when.

    Attributes
    ----------
    day : Spread
        Share of µ receptors in the brain, each person's mean over the 24 h after the last dose.
    at : tuple of Spread
        The share at each hour.
    over : Spread
        Hours until it stays under a fifth.
    model_hash : str
    """

    day: Spread
    at: tuple[Spread, ...]
    over: Spread
    model_hash: str


def courses(regimen: Regimen, hours: tuple[float, ...], setting: Setting) -> dict[str, Course]:
    """Every rival kinetics by name.

    Parameters
    ----------
    regimen : Regimen
        What is taken until the last dose.
    hours : tuple of float
        After the last dose, in order, 0 to 720.
    setting : Setting
        Whose, and how many are drawn.

    Raises
    ------
    InvalidInput
        If nobody is drawn: a median is that of persons.

    Examples
    --------
    >>> from lowdose.opioids import Setting
    >>> from lowdose.regimen import Regimen
    >>> found = courses(Regimen.parse("4.5 mg once"), (24.0,), Setting(people=5))
    >>> 0.2 < found["effect-site"].at[0].median < 0.8
    True
    """
    from lowdose.model import hypothesis_names

    if not setting.people:
        raise InvalidInput("nobody is drawn, so there is no median", where="people", remedy="draw 1 or more")
    return {name: _course(name, regimen, hours, setting) for name in hypothesis_names()}


@lru_cache(maxsize=512)
def _course(name: str, regimen: Regimen, hours: tuple[float, ...], setting: Setting) -> Course:
    import numpy as np

    from lowdose.opioids.block import OVER
    from lowdose.opioids.course import solve
    from lowdose.opioids.effect import SEEN_HOURS, back_at

    first_day = np.arange(0.0, 24.5, 0.5)
    grid = np.unique(np.concatenate([first_day, np.arange(24.0, SEEN_HOURS + 1), hours]))
    found = solve(name, setting, (_OUTPUT,), regimen.doses[-1].hours + grid, naltrexone=regimen)
    drawn = found[_OUTPUT][1:]  # the first row is the typical person, who is nobody in particular
    on_first_day = drawn[:, np.searchsorted(grid, first_day)]
    return Course(
        day=_spread(np.trapezoid(on_first_day, first_day, axis=1) / 24.0),
        at=tuple(_spread(drawn[:, place]) for place in np.searchsorted(grid, hours)),
        over=_spread(np.array([back_at(grid, 1.0 - row, 1.0 - OVER) for row in drawn]), method="inverted_cdf"),
        model_hash=found.model_hash,
    )


def _spread(values: Any, method: Any = "linear") -> Spread:
    """Hours may be infinite, so nothing lies between two of them: there a percentile is one person's own."""
    import numpy as np

    return Spread(*(float(value) for value in np.quantile(values, _BAND, method=method)))
