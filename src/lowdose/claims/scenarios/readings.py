"""What a scenario may read from a run of the typical person; identical runs are shared."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from lowdose.claims.lookups.found import UnknownValue

if TYPE_CHECKING:
    from lowdose.results import Result

Array = NDArray[np.float64]
_NO_DRUG: Mapping[str, float] = {"salt_factor": 0.0, "imposed_block_size": 0.0}
"""What leaves a regimen without drug and without imposed block, so that only time goes by."""
_DAY = 24.0


def run(
    regimen: str,
    hypothesis: str,
    overrides: Mapping[str, float] | None = None,
    person: Mapping[str, Any] | None = None,
    aftermath_hours: float = 36.0,
) -> Result:
    """The typical course of a regimen; the same question is solved once.

    Examples
    --------
    >>> run("3 mg once", "effect-site") is run("3 mg once", "effect-site", {})
    True
    """
    return _run(
        regimen,
        hypothesis,
        json.dumps(dict(overrides or {}), sort_keys=True),
        json.dumps(person or {}),
        aftermath_hours,
    )


@lru_cache(maxsize=256)
def _run(regimen: str, hypothesis: str, overrides: str, person: str, aftermath_hours: float) -> Result:
    from lowdose import simulate
    from lowdose.people import Person

    return simulate(
        regimen,
        Person(**json.loads(person)),
        hypothesis_name=hypothesis,
        overrides=json.loads(overrides),
        aftermath_hours=aftermath_hours,
    )


def metric(*, output: str, name: str, **question: Any) -> float:
    """A metric of the run's own: any of `lowdose.results.metrics`.

    Raises
    ------
    UnknownValue
        The metric does not exist for this run.

    Examples
    --------
    >>> metric(output="mu_occupancy_central", name="peak", regimen="3 mg once", hypothesis="effect-site") < 0.5
    True
    """
    found = run(**question).metrics[output][name]
    if found.value is None:
        raise UnknownValue(f"{output}: no {name} ({found.note})")
    return found.value


def at_hour(*, output: str, hours: float, **question: Any) -> float:
    """Value of an output so many hours after the last dose.

    Examples
    --------
    >>> at_hour(output="mu_occupancy_central", hours=0, regimen="3 mg once", hypothesis="effect-site")
    0.0
    """
    time, values, last = _course(output, **question)
    return float(np.interp(last + hours, time, values))


def between(*, output: str, start: float, stop: float, which: str = "mean", **question: Any) -> float:
    """Mean, least or largest value of an output from ``start`` to ``stop`` hours after the last dose.

    Examples
    --------
    >>> between(output="mu_occupancy_central", start=-1, stop=0, regimen="3 mg once", hypothesis="effect-site")
    0.0
    """
    time, values, last = _course(output, **question)
    return _of(which, *_window(time, values, last + start, last + stop))


def rise(*, output: str, start: float, stop: float, which: str = "mean", **question: Any) -> float:
    """The same of the rise over a person without drug at the same clock hours: 0 is none, 1 is twofold.

    Examples
    --------
    >>> round(rise(output="ACTH", start=-1, stop=0, regimen="3 mg once", hypothesis="effect-site"), 6)
    0.0
    """
    time, values, last = _course(output, **question)
    without = {**question, "overrides": {**(question.get("overrides") or {}), **_NO_DRUG}}
    other, resting, _ = _course(output, **without)
    above = values / np.interp(time, other, resting) - 1.0
    return _of(which, *_window(time, above, last + start, last + stop))


def hours_to_half_of_peak(*, output: str, **question: Any) -> float:
    """Hours from the first dose until an output first reaches half of its largest value.

    Examples
    --------
    >>> 0 < hours_to_half_of_peak(output="mu_occupancy_central", regimen="50 mg once", hypothesis="effect-site") < 2
    True
    """
    time, values, _ = _course(output, **question)
    reached = int(np.argmax(values >= values.max() / 2.0))
    if reached == 0:
        return 0.0
    return float(np.interp(values.max() / 2.0, values[reached - 1 : reached + 1], time[reached - 1 : reached + 1]))


def answer_to_own_release(*, hours: float, **question: Any) -> float:
    """Receptors that are free, in number, so many hours after the last dose: 1 is as without drug.

    Whatever the body releases acts in proportion to it.

    Examples
    --------
    >>> answer_to_own_release(hours=0, regimen="3 mg once", hypothesis="effect-site")
    1.0
    """
    number = at_hour(output="mu_receptors_central", hours=hours, **question)
    return number * (1.0 - at_hour(output="mu_occupancy_central", hours=hours, **question))


def share_made_between(*, clock: tuple[float, float], **question: Any) -> float:
    """Share of a day's β-endorphin that an untreated person makes between two clock hours.

    Examples
    --------
    >>> share_made_between(clock=(22.0, 22.0), regimen="1 mg once at 22:00", hypothesis="effect-site")
    1.0
    """
    hours, made = _making(**question)
    start, stop = clock
    inside = (hours - start) % _DAY < ((stop - start) % _DAY or _DAY)
    return float(made[inside].sum() / made.sum())


def least_making(**question: Any) -> float:
    """Slowest making of β-endorphin in an untreated day, over its mean: what the measured rhythm demands.

    Below 0 it is impossible: more would have to be un-made than cleared.

    Examples
    --------
    >>> 0 < least_making(regimen="1 mg once at 22:00", hypothesis="effect-site") < 1
    True
    """
    _, made = _making(**question)
    return float(made.min() / made.mean())


def _making(**question: Any) -> tuple[Array, Array]:
    """Making of β-endorphin at the middle of each tenth of an hour of an untreated day: its change, plus what goes."""
    from lowdose.model import parameters

    overrides = question.get("overrides") or {}
    time, values, last = _course("beta_endorphin", **{**question, "overrides": {**overrides, **_NO_DRUG}})
    result = run(**{**question, "overrides": {**overrides, **_NO_DRUG}})
    gone = overrides.get("kBE", parameters()["kBE"].value)
    grid = last + np.linspace(0.0, _DAY, 241)
    level = np.interp(grid, time, values)
    made = np.diff(level) / np.diff(grid) + gone * (level[1:] + level[:-1]) / 2.0
    return ((grid[1:] + grid[:-1]) / 2.0 + result.clock_start) % _DAY, made


def _course(output: str, **question: Any) -> tuple[Array, Array, float]:
    """Times, the typical person's values, and the hour of the last dose."""
    found = run(**question)
    return found.typical.time, found.typical.values[output][0], found.timing.last_dose


def _window(time: Array, values: Array, start: float, stop: float) -> tuple[Array, Array]:
    inside = np.unique(np.concatenate([[start, stop], time[(time > start) & (time < stop)]]))
    return inside, np.interp(inside, time, values)


def _of(which: str, time: Array, values: Array) -> float:
    if which == "mean":
        return float(np.trapezoid(values, time) / (time[-1] - time[0]))
    return float({"least": np.min, "largest": np.max}[which](values))
