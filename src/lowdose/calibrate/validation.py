"""Observations beside what the model says of the same regimen, with its 90 % interval."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from lowdose.calibrate.observations import Measure, Observation, Scan, observations, scans
from lowdose.calibrate.occupancy.scoring import studies
from lowdose.calibrate.refit import HeldOut, fitted_kinetics, held_out
from lowdose.model import hypothesis_names
from lowdose.people import Person
from lowdose.results import Ensemble, Result
from lowdose.results.metrics import half_life
from lowdose.simulation import simulate

Array = NDArray[np.float64]
Progress = Callable[[int, int], None]

_SEEN_FOR_HOURS = 7 * 24.0 + 1
"""How long a run goes on for a comparison: the latest scan is 168 h after its dose."""


@dataclass(frozen=True)
class Comparison:
    """One observation and its prediction: typical person, 5th and 95th percentile of the ``both`` band."""

    observation: Observation
    predicted: float
    low: float
    high: float

    @property
    def ratio(self) -> float:
        """Predicted over observed; NaN where the observed value is 0."""
        return self.predicted / self.observation.value if self.observation.value else float("nan")

    @property
    def is_inside(self) -> bool:
        """Whether the observed value lies within the 90 % interval."""
        return self.low <= self.observation.value <= self.high


@dataclass(frozen=True)
class ScanComparison:
    """One scan and its prediction under one kinetics; ``fitted`` tells whether those kinetics were set with it."""

    scan: Scan
    kinetics: str
    fitted: bool
    predicted: float
    low: float
    high: float

    @property
    def error(self) -> float:
        """Predicted minus observed occupancy, a fraction."""
        return self.predicted - self.scan.occupancy


@dataclass(frozen=True)
class Validation:
    """Every comparison of one version of the model."""

    model_hash: str
    people: int
    seed: int
    blood: tuple[Comparison, ...]
    scans: tuple[ScanComparison, ...]
    held_out: tuple[HeldOut, ...] = ()

    def of_role(self, role: str) -> tuple[Comparison, ...]:
        """Comparisons of one role whose observation was read in its source (recalled ones never count)."""
        return tuple(c for c in self.blood if c.observation.role == role and c.observation.provenance != "recalled")

    def root_mean_square(self, kinetics: str, receptor: str = "mu") -> float:
        """Root mean square error over scans, in points of occupancy (0 to 100)."""
        errors = [c.error for c in self.scans if c.kinetics == kinetics and c.scan.receptor == receptor]
        return float(np.sqrt(np.mean(np.square(errors))) * 100)


def validate(
    people: int = 100,
    seed: int = 1,
    *,
    leave_out: bool = True,
    workers: int = 1,
    progress: Progress | None = None,
) -> Validation:
    """Hold the model against every published blood level and scan.

    Parameters
    ----------
    people : int
        Persons drawn for each interval.
    leave_out : bool
        Whether to refit the kinetics that were set with scans, leaving out one study at a time.
    seed, workers
        As for ``lowdose.simulate``.
    progress : callable, optional
        Called with (runs done, runs in all).

    Examples
    --------
    >>> found = validate(people=2, leave_out=False)
    >>> found.root_mean_square("effect-site") < 12 < found.root_mean_square("equilibrium-parent")
    True
    """
    run = partial(
        simulate, people=people, seed=seed, spread="both", bands=("both",), workers=workers,
        aftermath_hours=_SEEN_FOR_HOURS,
    )  # fmt: skip
    compared = [row for row in observations() if row.measure is not None]
    conditions = list(dict.fromkeys((row.regimen, row.child_pugh) for row in compared))
    regimens = list(dict.fromkeys(scan.regimen for scan in scans()))
    left_out = [(kinetics, study) for kinetics in fitted_kinetics() for study in studies() if leave_out]
    total, done = len(conditions) + len(regimens) * len(hypothesis_names()) + len(left_out), 0
    blood: list[Comparison] = []
    pet: list[ScanComparison] = []
    model_hash = ""
    for regimen, child_pugh in conditions:
        result = run(regimen, Person(child_pugh=child_pugh))
        model_hash = result.model_hash
        here = (row for row in compared if (row.regimen, row.child_pugh) == (regimen, child_pugh))
        blood += [_compare(row, result) for row in here]
        done = _tell(progress, done, total)
    for kinetics in hypothesis_names():
        for regimen in regimens:
            result = run(regimen, hypothesis_name=kinetics)
            pet += _compare_scans((scan for scan in scans() if scan.regimen == regimen), result)
            done = _tell(progress, done, total)
    held: list[HeldOut] = []
    for kinetics, study in left_out:
        held.append(held_out(kinetics, study))
        done = _tell(progress, done, total)
    order = {id(row): i for i, row in enumerate(observations())}
    blood.sort(key=lambda c: order[id(c.observation)])
    return Validation(model_hash, people, seed, tuple(blood), tuple(pet), tuple(held))


def _tell(progress: Progress | None, done: int, total: int) -> int:
    if progress is not None:
        progress(done + 1, total)
    return done + 1


def _compare(row: Observation, result: Result) -> Comparison:
    assert row.measure is not None
    typical = _read(row.measure, result, result.typical)
    low, high = np.nanquantile(_read(row.measure, result, result.bands["both"]), (0.05, 0.95))
    return Comparison(row, float(typical[0]), float(low), float(high))


def _read(measure: Measure, result: Result, ensemble: Ensemble) -> Array:
    """The measured quantity of every person of an ensemble, shape (n,)."""
    after = ensemble.time - result.timing.last_dose
    if measure.metric:
        return result.per_person(measure.output, measure.metric, ensemble)
    if measure.half_life_h is not None:
        inside = (after >= measure.half_life_h[0]) & (after <= measure.half_life_h[1])
        return half_life(ensemble.time[inside], ensemble.values[measure.output][:, inside])
    assert measure.at_h is not None
    if measure.ratio is not None:
        above, below = (_at(after, ensemble.values[name], measure.at_h) for name in measure.ratio)
        return above / below
    return _at(after, ensemble.values[measure.output], measure.at_h)


def _at(time: Array, values: Array, hour: float) -> Array:
    return np.array([np.interp(hour, time, row) for row in values])


def _compare_scans(here: Iterable[Scan], result: Result) -> list[ScanComparison]:
    compared = []
    for scan in here:
        output = f"{scan.receptor}_occupancy_central"
        measure = (
            Measure(output=output, metric="mean_last_day")
            if scan.hours is None
            else Measure(output=output, at_h=scan.hours)
        )
        typical = _read(measure, result, result.typical)
        low, high = np.quantile(_read(measure, result, result.bands["both"]), (0.05, 0.95))
        fitted = scan.receptor == "mu" and result.kinetics.name in ("effect-site", "slow-binding")
        compared.append(ScanComparison(scan, result.kinetics.name, fitted, float(typical[0]), float(low), float(high)))
    return compared
