"""Where least squares over the human scans puts the constants of a kinetics, from a neutral start.

The shipped values of slow-binding come from here; those of the effect site come from a weighted fit and are
held beside this one. Blood levels are those of the typical person; every scan counts the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lowdose.calibrate.observations import Scan, scans
from lowdose.errors import InvalidInput
from lowdose.simulation import simulate

_NEUTRAL: Mapping[str, Mapping[str, float]] = {
    "effect-site": {"ke0": 0.1, "EC50_mu": 1.0},
    "slow-binding": {"kon_mu": 0.1, "koff_mu": 0.1},
}
"""Starts that know nothing of scans: half a day, and the affinity in a dish."""

_LONGEST_SCAN = 169.0


@dataclass(frozen=True)
class Refit:
    """Least-squares constants of a kinetics and what is left of the error, in points of occupancy."""

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
    if kinetics not in _NEUTRAL:
        remedy = f"choose {' or '.join(_NEUTRAL)}"
        raise InvalidInput(f"{kinetics} has no constants that scans could set", remedy=remedy)
    from scipy.optimize import least_squares

    start = _NEUTRAL[kinetics]
    rows = _mu_scans(without)
    observed = np.array([scan.occupancy for scan in rows])

    def error(logs: NDArray[np.float64]) -> NDArray[np.float64]:
        overrides = dict(zip(start, np.exp(logs).tolist(), strict=True))
        return np.asarray(predicted_scans(kinetics, overrides, without) - observed)

    found = least_squares(error, np.log(list(start.values())), x_scale=1.0, xtol=1e-6, ftol=1e-8)
    values = dict(zip(start, np.exp(found.x).tolist(), strict=True))
    return Refit(kinetics, values, float(np.sqrt(np.mean(found.fun**2)) * 100))


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
    values = refit(kinetics, without=study).values
    here = np.array([scan.study == study for scan in _mu_scans()])
    observed = np.array([scan.occupancy for scan in _mu_scans()])
    error = (predicted_scans(kinetics, values) - observed)[here]
    return HeldOut(kinetics, study, int(here.sum()), float(np.sqrt(np.mean(error**2)) * 100))


def fitted_kinetics() -> tuple[str, ...]:
    """Names of the kinetics whose constants come from scans.

    Examples
    --------
    >>> fitted_kinetics()
    ('effect-site', 'slow-binding')
    """
    return tuple(_NEUTRAL)


def scanned_studies() -> tuple[str, ...]:
    """Names of the studies that scanned mu receptors.

    Examples
    --------
    >>> scanned_studies()
    ('Rabiner 2011', 'Lee 1988', 'Weerts 2008')
    """
    return tuple(dict.fromkeys(scan.study for scan in _mu_scans()))


def _mu_scans(without: str = "") -> list[Scan]:
    return [scan for scan in scans() if scan.receptor == "mu" and scan.study != without]


def predicted_scans(kinetics: str, overrides: Mapping[str, float], without: str = "") -> NDArray[np.float64]:
    """Typical mu occupancy at each scan's hour, in the order of ``scans()``; shape (number of mu scans,).

    Examples
    --------
    >>> predicted_scans("effect-site", {}).shape
    (12,)
    """
    rows = _mu_scans(without)
    runs = {
        regimen: simulate(regimen, hypothesis_name=kinetics, overrides=overrides, aftermath_hours=_LONGEST_SCAN)
        for regimen in dict.fromkeys(scan.regimen for scan in rows)
    }
    return np.array(
        [
            np.interp(
                scan.hours or 0.0,
                runs[scan.regimen].typical.time - runs[scan.regimen].timing.last_dose,
                runs[scan.regimen].typical.values["mu_occupancy_central"][0],
            )
            for scan in rows
        ]
    )
