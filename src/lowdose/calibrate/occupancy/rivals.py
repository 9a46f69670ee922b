"""The rivals: what each says of a scan, with which unknown constants, and what was believed of these before any scan.

Medians of the priors come from a dish or from nothing at all, never from a fit to scans; their spreads cover a
thousandfold and more. Nothing here may come from `lowdose.model`'s shipped constants of the brain: these have seen
every scan.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache as keep

import numpy as np

from lowdose.calibrate.occupancy.engine import Point, occupancy
from lowdose.calibrate.problem import Array, Unknown, Values
from lowdose.errors import NotFound
from lowdose.regimen import Regimen

Predict = Callable[[Values, Sequence[Point]], Array]

_EDGE, _NODES, _TINY = 4.0, 65, 1e-9
"""Of the grid: prior standard deviations each way, nodes a constant, and the least occupancy told from none."""
_WIDE = 2.3
"""Standard deviation of a logarithm: tenfold; 95 % of the prior covers a factor of eight thousand."""
_DISH = "affinity in a dish about 1 nmol/L (6-beta-naltrexol half of it); tenfold a standard deviation"
_CLOCK = "half-life of 7 h, the middle of an hour and two days; tenfold a standard deviation"

SCATTER = Unknown(
    "scatter", "1", 0.1, 0.7, reason="scans of one person repeat to within 3 to 10 points; 2.5 to 40 points allowed"
)
"""Standard deviation of a scan around the truth of its kinetics, an occupancy."""


@dataclass(frozen=True)
class Rival:
    """One story of what a scan shows.

    Attributes
    ----------
    name, sentence : str
        Its name, and what it says.
    constants : tuple of Unknown
        What has to be learned from scans.
    predict : callable
        Values of the constants (n,) and points -> occupancies (n, points).
    has_time : bool
        Whether the hour of a scan means anything to it.
    knows_ratios : bool
        Whether it has a first scan of its own that later ones can be compared with; the training mean has none and
        predicts the numbers as they were printed.
    """

    name: str
    sentence: str
    constants: tuple[Unknown, ...]
    predict: Predict
    has_time: bool = True
    knows_ratios: bool = True

    @property
    def unknowns(self) -> tuple[Unknown, ...]:
        """Its constants, and the scatter that all rivals share."""
        return (*self.constants, SCATTER)


@dataclass(frozen=True)
class _Kinetics:
    """Predictions of a kinetics of the model, solved on a grid of its constants once and read off between.

    The grid spans four prior standard deviations each way; beyond, the value at its edge.
    """

    name: str
    constants: tuple[Unknown, ...]
    known: dict[Point, tuple[int, int]] = field(default_factory=dict)
    tables: list[Callable[[Array], Array]] = field(default_factory=list)

    def __call__(self, values: Values, points: Sequence[Point]) -> Array:
        new = [point for point in dict.fromkeys(points) if point not in self.known]
        if new:
            self._tabulate(new)
        scores = np.column_stack([unknown.score(values[unknown.name]) for unknown in self.constants])
        scores = np.clip(scores, -_EDGE, _EDGE)
        places = [self.known[point] for point in points]
        logits = np.empty((len(scores), len(points)))
        for table in {table for table, _ in places}:
            here = [i for i, (owner, _) in enumerate(places) if owner == table]
            logits[:, here] = self.tables[table](scores)[:, [places[i][1] for i in here]]
        return np.asarray(1.0 / (1.0 + np.exp(-logits)))

    def _tabulate(self, points: Sequence[Point]) -> None:
        from scipy.interpolate import NdBSpline, make_interp_spline

        line = np.linspace(-_EDGE, _EDGE, _NODES)
        mesh = np.meshgrid(*[line] * len(self.constants), indexing="ij")
        at = {unknown.name: unknown.value(part.ravel()) for unknown, part in zip(self.constants, mesh, strict=True)}
        found = np.clip(self.exactly(at, points), _TINY, 1 - _TINY).reshape(*mesh[0].shape, len(points))
        weights, knots = np.log(found / (1 - found)), []
        for axis in range(len(self.constants)):
            spline = make_interp_spline(line, weights, k=3, axis=axis)
            weights = np.moveaxis(spline.c, 0, axis)
            knots.append(spline.t)
        table = len(self.tables)
        self.known.update({point: (table, column) for column, point in enumerate(points)})
        self.tables.append(NdBSpline(tuple(knots), np.ascontiguousarray(weights), 3))

    def exactly(self, values: Values, points: Sequence[Point]) -> Array:
        """The same from the engine itself, without the grid."""
        return occupancy(self.name, {unknown.name: values[unknown.name] for unknown in self.constants}, points)


@keep
def _dose(regimen: str) -> float:
    return max(dose.amount_mg for dose in Regimen.parse(regimen).doses)


def _of_dose(values: Values, points: Sequence[Point]) -> Array:
    doses = np.array([_dose(regimen) for regimen, _ in points])
    return np.asarray(doses / (doses + values["ED50"][:, None]))


def _constant(values: Values, points: Sequence[Point]) -> Array:
    return np.repeat(values["mean"][:, None], len(points), axis=1)


_CONSTANTS: Mapping[str, tuple[str, tuple[Unknown, ...]]] = {
    "effect-site": (
        "brain receptors follow blood slowly",
        (
            Unknown("ke0", "1/h", 0.1, _WIDE, reason=_CLOCK),
            Unknown("EC50_mu", "nmol/L", 1.0, _WIDE, reason=_DISH),
        ),
    ),
    "slow-binding": (
        "brain receptors bind and let go slowly",
        (
            Unknown("kon_mu", "L/(nmol h)", 0.1, _WIDE, reason="rate of letting go over the affinity in a dish"),
            Unknown("koff_mu", "1/h", 0.1, _WIDE, reason=_CLOCK),
        ),
    ),
    "equilibrium-parent": (
        "receptors follow naltrexone in blood at once",
        (Unknown("Ki_mu", "nmol/L", 1.0, _WIDE, reason=_DISH),),
    ),
    "equilibrium-both": (
        "receptors follow naltrexone and 6β-naltrexol in blood at once",
        (
            Unknown("Ki_mu", "nmol/L", 1.0, _WIDE, reason=_DISH),
            Unknown("Ki_mu_naltrexol", "nmol/L", 2.0, _WIDE, reason=_DISH),
        ),
    ),
}


def _all() -> dict[str, Rival]:
    found = {
        name: Rival(name, sentence, constants, _Kinetics(name, constants))
        for name, (sentence, constants) in _CONSTANTS.items()
    }
    dose = Unknown(
        "ED50",
        "mg",
        10.0,
        _WIDE,
        reason="geometric middle of the doses given, 2 to 50 mg; tenfold a standard deviation",
    )
    mean = Unknown("mean", "1", 0.5, 1.5, "logit", reason="anything between 5 and 95 %")
    return found | {
        "emax-of-dose": Rival("emax-of-dose", "only the dose counts, not the hour", (dose,), _of_dose, has_time=False),
        "training-mean": Rival(
            "training-mean",
            "every scan shows the mean of the other studies' scans",
            (mean,),
            _constant,
            has_time=False,
            knows_ratios=False,
        ),
    }


_RIVALS = _all()


def rivals() -> tuple[Rival, ...]:
    """All rivals: the kinetics of the model, one curve of the dose without time, and no model at all.

    Examples
    --------
    >>> [rival.name for rival in rivals()]
    ['effect-site', 'slow-binding', 'equilibrium-parent', 'equilibrium-both', 'emax-of-dose', 'training-mean']
    """
    return tuple(_RIVALS.values())


def rival(name: str) -> Rival:
    """The rival of that name.

    Raises
    ------
    NotFound
        With near misses.

    Examples
    --------
    >>> [unknown.name for unknown in rival("effect-site").unknowns]
    ['ke0', 'EC50_mu', 'scatter']
    """
    if name not in _RIVALS:
        raise NotFound.among("rival", name, _RIVALS)
    return _RIVALS[name]
