"""What scans of people have measured: whether a run lies within it, and which of it each kinetics misses."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

import numpy as np

from lowdose import cache
from lowdose.calibrate import scans
from lowdose.calibrate.observations import Scan
from lowdose.calibrate.refit import fitted_kinetics, predicted_scans
from lowdose.report.phrases import joined
from lowdose.report.words import number
from lowdose.results import Result

_GREEK = {"mu": "µ", "kappa": "κ", "delta": "δ"}
_HIGHEST_LOW_DOSE_MG = 10.0
MISSED_BY_POINTS = 20
"""A scan counts as missed when the prediction is off by more points of occupancy."""


@dataclass(frozen=True)
class Measured:
    """All scans of one receptor by one study after one dose, taken once or daily."""

    study: str
    receptor: str
    dose_mg: float
    repeated: bool
    scans: tuple[Scan, ...]

    @property
    def words(self) -> str:
        """In one phrase: dose, hours where they differ, what was blocked, who saw it in how many people.

        Examples
        --------
        >>> measured()[1].words
        'single dose of 5 mg: 43 to 58 % of µ receptors (Rabiner 2011, 3 people)'
        """
        dose = f"{number(self.dose_mg)} mg daily" if self.repeated else f"single dose of {number(self.dose_mg)} mg"
        hours = sorted({scan.hours for scan in self.scans if scan.hours is not None})
        when = f", {hours[0]:g} to {hours[-1]:g} h after it" if len(hours) > 1 else ""
        less, more = (f"{100 * end(scan.occupancy for scan in self.scans):.0f}" for end in (min, max))
        share = less if less == more else f"{less} to {more}"
        receptor = _GREEK.get(self.receptor, self.receptor)
        return f"{dose}{when}: {share} % of {receptor} receptors ({self.study}{self._crowd()})"

    def _crowd(self) -> str:
        """How many people; at several hours the same people may have been scanned again."""
        at_hours: dict[float | None, int] = {}
        for scan in self.scans:
            if scan.n is None:
                return ""
            at_hours[scan.hours] = at_hours.get(scan.hours, 0) + scan.n
        most = max(at_hours.values())
        return f", {most} {'person' if most == 1 else 'people'}"


def measured() -> tuple[Measured, ...]:
    """Every scan on record, by study, receptor and dose.

    Examples
    --------
    >>> min(one.dose_mg for one in measured() if one.repeated)
    50.0
    """
    grouped = groupby(scans(), lambda scan: (scan.study, scan.receptor, scan.dose_mg, " once " not in scan.regimen))
    return tuple(Measured(*key, tuple(found)) for key, found in grouped)


def measured_at(result: Result) -> tuple[Measured, ...]:
    """Scans of µ receptors at exactly this dose, taken this way (once or repeatedly).

    Examples
    --------
    >>> from lowdose import simulate
    >>> [one.study for one in measured_at(simulate("5 mg once"))]
    ['Rabiner 2011']
    """
    amounts = {dose.amount_mg for dose in result.regimen.doses}
    repeated = len(result.regimen.doses) > 1
    return tuple(one for one in _mu() if {one.dose_mg} == amounts and one.repeated == repeated)


def measured_or_not(result: Result) -> str:
    """Whether anybody has been scanned on this regimen, in a sentence or two.

    Examples
    --------
    >>> from lowdose import simulate
    >>> print(measured_or_not(simulate("4.5 mg nightly for 3 days")))
    Predicted, not measured: no one has scanned people on nightly low doses.
    """
    if not result.regimen.doses:
        return ""
    found = measured_at(result)
    if found:
        return f"Measured at this dose: {'; '.join(one.words for one in found)}. Everything else is predicted."
    return f"Predicted, not measured: no one has scanned people on {_regimen_words(result)}."


def nearest(result: Result) -> tuple[Measured, ...]:
    """The scans of µ receptors closest in dose: of each way of dosing the nearest above and below.

    Examples
    --------
    >>> from lowdose import simulate
    >>> [one.dose_mg for one in nearest(simulate("4.5 mg nightly for 3 days"))]
    [2.0, 5.0, 50.0]
    """
    amount = max((dose.amount_mg for dose in result.regimen.doses), default=None)
    if amount is None:
        return ()
    chosen = []
    for repeated in (False, True):
        known = [one for one in _mu() if one.repeated == repeated]
        below = max((one.dose_mg for one in known if one.dose_mg <= amount), default=None)
        above = min((one.dose_mg for one in known if one.dose_mg >= amount), default=None)
        chosen += [one for one in known if one.dose_mg in (below, above)]
    return tuple(chosen)


def _mu() -> tuple[Measured, ...]:
    return tuple(one for one in measured() if one.receptor == "mu")


def _regimen_words(result: Result) -> str:
    doses = result.regimen.doses
    amounts = sorted({dose.amount_mg for dose in doses})
    if len(doses) == 1:
        return f"a single dose of {number(amounts[0])} mg"
    low = amounts[-1] < _HIGHEST_LOW_DOSE_MG
    size = "low doses" if low else f"doses of {joined([f'{number(amount)} mg' for amount in amounts])}"
    return f"{_how_often([dose.hours for dose in doses], result.clock_start)} {size}"


def _how_often(hours: Sequence[float], clock_start: float) -> str:
    steps = {round(after - before, 6) for before, after in pairwise(hours)}
    if steps != {24.0}:
        return "repeated"
    return "nightly" if clock_start >= 18 or clock_start < 4 else "daily"


@dataclass(frozen=True)
class Fit:
    """One kinetics beside the scans of µ receptors: root mean square error in points, and what it misses."""

    scans: int
    error_points: float
    missed: tuple[str, ...]
    fitted: bool
    """Whether the kinetics were set with these very scans."""


def fit(result: Result) -> Fit:
    """How well the kinetics of a run predict the scans of µ receptors; worked out once for each model.

    Examples
    --------
    >>> from lowdose import simulate
    >>> fit(simulate("3 mg once", hypothesis_name="equilibrium-parent")).missed[0]
    'Lee 1988 (4 of 4)'
    """
    rows = [scan for scan in scans() if scan.receptor == "mu"]
    error = 100 * (_predicted(result, rows) - np.array([scan.occupancy for scan in rows]))
    missed = []
    for study in dict.fromkeys(scan.study for scan in rows):
        of_study = [abs(off) > MISSED_BY_POINTS for scan, off in zip(rows, error, strict=True) if scan.study == study]
        if any(of_study):
            missed.append(f"{study} ({sum(of_study)} of {len(of_study)})")
    return Fit(len(rows), float(np.sqrt(np.mean(error**2))), tuple(missed), result.kinetics.name in fitted_kinetics())


def _predicted(result: Result, rows: Sequence[Scan]) -> np.ndarray:
    """Predicted occupancy at each scan, kept beside the model it was predicted with."""
    made_of = f"{result.model_hash}{result.kinetics.name}{rows}".encode()
    name = f"scans-{hashlib.sha256(made_of).hexdigest()[:32]}.json"
    kept = cache.read(name)
    if kept is None:
        kept = json.dumps(predicted_scans(result.kinetics.name, {}).tolist())
        cache.write(name, kept)
    return np.array(json.loads(kept))
