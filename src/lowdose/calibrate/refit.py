"""Where the human scans put the constants of a kinetics, from neutral starts and with next to no prior.

The shipped values of slow-binding come from here; those of the effect site come from a weighted fit and are held
beside this one. Blood levels are those of the typical person; every scan counts the same; scans of unknown hour are
taken at 4 h, as in the table they come from. The scores proper, without that liberty, are in
`lowdose.calibrate.occupancy`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lowdose.calibrate.maximum import maximum_likelihood
from lowdose.calibrate.observations import Scan
from lowdose.calibrate.occupancy.engine import occupancy
from lowdose.calibrate.occupancy.likelihood import Hours, Readout, mu_scans
from lowdose.calibrate.occupancy.rivals import SCATTER, rival
from lowdose.errors import InvalidInput

_HOURS = Hours(rabiner=4.0)
_FITTED = ("effect-site", "slow-binding")


@dataclass(frozen=True)
class Refit:
    """Most likely constants of a kinetics and what is left of the error, in points of occupancy."""

    kinetics: str
    values: Mapping[str, float]
    root_mean_square: float


def refit(kinetics: str, without: str = "") -> Refit:
    """Fit the two constants of ``kinetics`` to every mu scan, leaving out the study called ``without``.

    Raises
    ------
    InvalidInput
        If the kinetics has no constants fitted to scans.

    Examples
    --------
    >>> refit("imposed")
    Traceback (most recent call last):
    lowdose.errors.InvalidInput: imposed has no constants that scans could set
      remedy: choose effect-site or slow-binding
    """
    if kinetics not in _FITTED:
        remedy = f"choose {' or '.join(_FITTED)}"
        raise InvalidInput(f"{kinetics} has no constants that scans could set", remedy=remedy)
    rows = _mu_scans(without)
    values = maximum_likelihood(Readout(rival(kinetics), rows, hours=_HOURS).problem())
    del values[SCATTER.name]
    return Refit(kinetics, values, _error(kinetics, values, rows))


@dataclass(frozen=True)
class HeldOut:
    """Error on the scans of one study that the constants were not fitted to, in points of occupancy."""

    kinetics: str
    study: str
    scans: int
    root_mean_square: float


def held_out(kinetics: str, study: str) -> HeldOut:
    """Fit to every other study from a neutral start, then predict the scans of ``study``.

    Examples
    --------
    >>> held_out("slow-binding", "Weerts 2008").scans
    1
    """
    rows = [scan for scan in mu_scans() if scan.study == study]
    return HeldOut(kinetics, study, len(rows), _error(kinetics, refit(kinetics, without=study).values, rows))


def fitted_kinetics() -> tuple[str, ...]:
    """Names of the kinetics whose constants come from scans.

    Examples
    --------
    >>> fitted_kinetics()
    ('effect-site', 'slow-binding')
    """
    return _FITTED


def predicted_scans(kinetics: str, overrides: Mapping[str, float], without: str = "") -> NDArray[np.float64]:
    """Typical mu occupancy at each scan's hour, in the order of ``scans()``; shape (number of mu scans,).

    Examples
    --------
    >>> predicted_scans("effect-site", {}).shape
    (12,)
    """
    return _predicted(kinetics, overrides, _mu_scans(without))


def _predicted(kinetics: str, overrides: Mapping[str, float], rows: list[Scan]) -> NDArray[np.float64]:
    points = [(scan.regimen, float(_HOURS.of(scan)[0][0])) for scan in rows]
    found = occupancy(kinetics, {name: np.array([value]) for name, value in overrides.items()}, points)
    return np.asarray(found[0])


def _error(kinetics: str, values: Mapping[str, float], rows: list[Scan]) -> float:
    errors = _predicted(kinetics, values, rows) - np.array([scan.occupancy for scan in rows])
    return float(np.sqrt(np.mean(errors**2)) * 100)


def _mu_scans(without: str = "") -> list[Scan]:
    return [scan for scan in mu_scans() if scan.study != without]
