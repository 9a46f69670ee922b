"""How likely scans are under a rival: what was measured, when, and relative to what.

Two things the sources do not settle are said here and nowhere else. The hour of Rabiner's scans is known to be under
8 h: each scan is averaged over 1 to 8 h. Lee's numbers are ratios to a scan at 1 h: they are read as occupancies,
as published (a full block at 1 h), or as ratios to what the rival itself says of 1 h.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np

from lowdose.calibrate.observations import Scan, scans
from lowdose.calibrate.occupancy.engine import Point
from lowdose.calibrate.occupancy.rivals import Rival
from lowdose.calibrate.problem import Array, Problem, Values

Reading = Literal["as-published", "relative"]

_EARLIEST, _LATEST, _NODES = 1.0, 8.0, 6
"""Hours between which an unknown scan hour lies, and the Gauss-Legendre nodes that stand for it."""
_FIRST_SCAN = 1.0
"""Hour of the scan that Lee's are divided by."""
_LEAST_BLOCK = 1e-4
"""A rival that sees less block than this at the first scan gets a ratio that no scan shows, not a division by 0."""


@dataclass(frozen=True)
class Hours:
    """What is taken for hours that the sources do not give.

    Attributes
    ----------
    rabiner : float or None
        After the dose; averaged over 1 to 8 h when None.
    weerts : float
        After the last of four daily doses; the abstract says day 18 of doses that began on day 15, and no hour.
    """

    rabiner: float | None = None
    weerts: float = 24.0

    def of(self, scan: Scan) -> tuple[Array, Array]:
        """Hours at which a scan may have been made, and how probable each is."""
        if scan.study.startswith("Rabiner") and self.rabiner is None:
            nodes, weights = np.polynomial.legendre.leggauss(_NODES)
            return (_LATEST - _EARLIEST) / 2 * nodes + (_LATEST + _EARLIEST) / 2, weights / 2
        known = {"Rabiner 2011": self.rabiner, "Weerts 2008": self.weerts}.get(scan.study, scan.hours)
        return np.array([known], dtype=np.float64), np.ones(1)


def mu_scans() -> tuple[Scan, ...]:
    """The scans that are scored: mu receptors only.

    Examples
    --------
    >>> len(mu_scans())
    12
    """
    return tuple(scan for scan in scans() if scan.receptor == "mu")


@dataclass(frozen=True)
class Readout:
    """Scans, as a rival is asked about them."""

    rival: Rival
    scans: Sequence[Scan]
    reading: Reading = "as-published"
    hours: Hours = Hours()

    def predicted(self, values: Values) -> tuple[Array, Array]:
        """What the rival says of every scan at every hour it may have been made, and how probable each hour is.

        Shapes (n, scans, hours) and (scans, hours); an hour that a scan cannot have has probability 0.
        """
        points, weights = self._asked
        found = self.rival.predict(values, points)
        shown = found[:, : weights.size].reshape(-1, *weights.shape)
        if self.reading == "relative" and self.rival.knows_ratios:
            ratio = np.array([scan.study.startswith("Lee") for scan in self.scans])
            first = np.maximum(found[:, weights.size :], _LEAST_BLOCK)
            shown[:, ratio] = shown[:, ratio] / first[:, ratio, None]
        return shown, weights

    @cached_property
    def _asked(self) -> tuple[list[Point], Array]:
        """Every scan at every hour it may have been made, then at the first scan; and how probable each hour is."""
        asked = [self.hours.of(scan) for scan in self.scans]
        weights = np.zeros((len(asked), max(len(hours) for hours, _ in asked)))
        points: list[Point] = []
        for i, (scan, (hours, chances)) in enumerate(zip(self.scans, asked, strict=True)):
            weights[i, : len(hours)] = chances
            padded = [*hours, *[hours[-1]] * (weights.shape[1] - len(hours))]
            points += [(scan.regimen, float(hour)) for hour in padded]
        return [*points, *((scan.regimen, _FIRST_SCAN) for scan in self.scans)], weights

    @cached_property
    def observed(self) -> Array:
        """What the scans show, fractions."""
        return np.array([scan.occupancy for scan in self.scans])

    def log_densities(self, values: Values) -> Array:
        """Log density of each scan, shape (n, scans)."""
        shown, weights = self.predicted(values)
        scatter = values["scatter"][:, None, None]
        exponents = -0.5 * ((self.observed[:, None] - shown) / scatter) ** 2
        highest = exponents.max(axis=2)
        mixed = np.log(np.sum(weights * np.exp(exponents - highest[..., None]), axis=2))
        return np.asarray(highest + mixed - np.log(scatter[..., 0]) - 0.5 * math.log(2 * math.pi))

    def mean(self, values: Values) -> Array:
        """Expected reading of each scan, over the hours it may have been made; shape (n, scans)."""
        shown, weights = self.predicted(values)
        return np.asarray(np.sum(shown * weights, axis=2))

    def drawn(self, values: Values, rng: np.random.Generator) -> Array:
        """One possible reading of each scan for each row of values, shape (n, scans)."""
        shown, weights = self.predicted(values)
        chosen = (rng.random((*shown.shape[:2], 1)) > np.cumsum(weights, axis=1)).sum(axis=2)
        chosen = np.minimum(chosen, weights.shape[1] - 1)
        means = np.take_along_axis(shown, chosen[..., None], axis=2)[..., 0]
        return np.asarray(means + values["scatter"][:, None] * rng.standard_normal(means.shape))

    def problem(self) -> Problem:
        """Learning the rival's constants from these scans."""
        name = f"{self.rival.name}, {self.reading}, {len(self.scans)} scans"
        return Problem(name, self.rival.unknowns, lambda values: self.log_densities(values).sum(axis=1))
