"""Leave one study out: every rival learns from two studies and predicts the third, which nothing of it has seen."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from lowdose.calibrate.maximum import IDENTIFIED_BELOW, likely_maxima, maximum_a_posteriori
from lowdose.calibrate.observations import Scan
from lowdose.calibrate.occupancy.likelihood import Hours, Reading, Readout, mu_scans
from lowdose.calibrate.occupancy.rivals import Rival, rival, rivals
from lowdose.calibrate.problem import Array, Unknown
from lowdose.calibrate.sampling import Diagnostics, Sample, sample

Progress = Callable[[int, int], None]

READINGS: tuple[Reading, ...] = ("as-published", "relative")
RABINER_HOURS = (2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0)
WEERTS_HOURS = (4.0, 24.0)
LEVELS = (0.5, 0.9)
_STARTS = 16
"""Neutral starts of every fit without a prior: with fewer, one of two maxima of nearly the same height is missed."""
_AS_LIKELY = 0.1
"""Maxima within so much log density of the highest are as likely, and the data do not choose between them."""
_WIDEST = 10.0
"""A constant is not identified when the ends of its 90 % interval are further apart than so many times."""

SETTINGS = {"starts": _STARTS, "as_likely": _AS_LIKELY, "identified_below": IDENTIFIED_BELOW, "widest": _WIDEST}
"""What a score depends on beside data, model, priors and seed."""


@dataclass(frozen=True)
class Fold:
    """One study, predicted by a rival that learned from the others.

    Attributes
    ----------
    study : str
        Left out.
    constants : mapping
        Most likely constants after the other studies, with next to no prior.
    predicted, predicted_with_prior, predicted_on_average : ndarray, shape (scans,)
        At these constants, at the most probable ones under the prior, and averaged over all that the other studies
        and the prior allow. Far apart: the data do not decide.
    log_densities : ndarray, shape (scans,)
        Of each scan left out, averaged over all that the other studies allow.
    sampling_errors : ndarray, shape (scans,)
        Monte Carlo standard error of each; large where a scan lies far out in what the other studies allow.
    log_density_of_all, sampling_error_of_all : float
        Of the whole study at once, which asks one set of constants to be right about all its scans; what is scored.
    inside : mapping of float to int
        How many scans lie in the predictive interval of each level.
    not_identified : tuple of str
        Constants of which the other studies tell little more than the prior did.
    spread_left, intervals : mapping
        Share of the prior's spread that the other studies leave, and central 90 % interval, by constant.
    """

    study: str
    scans: Sequence[Scan]
    constants: Mapping[str, float]
    predicted: Array
    predicted_with_prior: Array
    predicted_on_average: Array
    log_densities: Array
    sampling_errors: Array
    log_density_of_all: float
    sampling_error_of_all: float
    inside: Mapping[float, int]
    not_identified: tuple[str, ...]
    spread_left: Mapping[str, float]
    intervals: Mapping[str, tuple[float, float]]
    diagnostics: Diagnostics
    agreeing_starts: int

    @property
    def errors(self) -> Array:
        """Predicted minus seen, in points of occupancy."""
        return 100 * (self.predicted - self._seen)

    @property
    def errors_with_prior(self) -> Array:
        """The same at the most probable constants under the prior."""
        return 100 * (self.predicted_with_prior - self._seen)

    @property
    def errors_on_average(self) -> Array:
        """The same of the prediction averaged over all that the other studies and the prior allow."""
        return 100 * (self.predicted_on_average - self._seen)

    @property
    def _seen(self) -> Array:
        return np.array([scan.occupancy for scan in self.scans])

    @property
    def rmse_points(self) -> float:
        """Root mean square of the errors of this study, in points."""
        return _root_mean_square(self.errors)


@dataclass(frozen=True)
class Score:
    """A rival over all folds, in one reading of Lee's numbers."""

    rival: Rival
    reading: Reading
    folds: tuple[Fold, ...]

    @property
    def rmse_points(self) -> float:
        """Root mean square error of all scans, each predicted without its study; points of occupancy."""
        return _root_mean_square(np.concatenate([fold.errors for fold in self.folds]))

    @property
    def rmse_points_with_prior(self) -> float:
        """The same at the most probable constants under the prior."""
        return _root_mean_square(np.concatenate([fold.errors_with_prior for fold in self.folds]))

    @property
    def rmse_points_on_average(self) -> float:
        """The same of predictions averaged over all that the other studies and the prior allow."""
        return _root_mean_square(np.concatenate([fold.errors_on_average for fold in self.folds]))

    @property
    def elpd(self) -> float:
        """Sum of the log densities of the studies, each predicted whole from the two others."""
        return float(self._log_densities.sum())

    @property
    def elpd_se(self) -> float:
        """Its standard error over studies; of three numbers, so it says little itself."""
        found = self._log_densities
        return float(math.sqrt(len(found)) * found.std(ddof=1))

    @property
    def elpd_sampling_error(self) -> float:
        """Monte Carlo standard error of elpd: how far another seed may be from this."""
        return float(np.sqrt(sum(fold.sampling_error_of_all**2 for fold in self.folds)))

    @property
    def _log_densities(self) -> Array:
        return np.array([fold.log_density_of_all for fold in self.folds])

    def coverage(self, level: float) -> float:
        """Share of scans inside the predictive interval of that level."""
        return sum(fold.inside[level] for fold in self.folds) / sum(len(fold.scans) for fold in self.folds)


@dataclass(frozen=True)
class Scores:
    """All rivals in both readings, and how the error moves with hours the sources do not give.

    ``by_hours`` maps (rival, reading, Rabiner's hour, Weerts' hour) to the pooled error in points, least and largest
    over constants that are as likely.
    """

    seed: int
    scores: tuple[Score, ...]
    by_hours: Mapping[tuple[str, str, float, float], tuple[float, float]]

    def of(self, name: str, reading: Reading) -> Score:
        """The score of one rival in one reading."""
        return next(one for one in self.scores if (one.rival.name, one.reading) == (name, reading))

    @property
    def names(self) -> tuple[str, ...]:
        """Rivals, in their order."""
        return tuple(dict.fromkeys(one.rival.name for one in self.scores))

    def difference(self, name: str, other: str, reading: Reading) -> tuple[float, float]:
        """How much more elpd one rival has than another, and the standard error of that over studies."""
        here, there = (self.of(one, reading)._log_densities for one in (name, other))
        gap = here - there
        return float(gap.sum()), float(math.sqrt(len(gap)) * gap.std(ddof=1))


def score(
    names: Sequence[str] = (),
    *,
    seed: int = 1,
    hours_too: bool = True,
    progress: Progress | None = None,
) -> Scores:
    """Score rivals on the human scans of mu receptors by leaving one study out.

    Parameters
    ----------
    names : sequence of str
        Rivals; all when empty.
    seed : int
        Of the sampler.
    hours_too : bool
        Whether to repeat the error for other hours of Rabiner's and Weerts' scans.
    progress : callable, optional
        Called with (scores done, scores in all).

    Raises
    ------
    NotFound
        If a rival has no such name.
    NotEnoughKnown
        If a fit fails its diagnostics.

    Examples
    --------
    >>> found = score(["emax-of-dose"], hours_too=False)
    >>> 15 < found.of("emax-of-dose", "as-published").rmse_points < 40
    True
    """
    chosen = [rival(name) for name in names] or list(rivals())
    every = [Hours(rabiner, weerts) for rabiner in RABINER_HOURS for weerts in WEERTS_HOURS]
    total, done = len(chosen) * len(READINGS), 0
    found: list[Score] = []
    by_hours: dict[tuple[str, str, float, float], tuple[float, float]] = {}
    for one in chosen:
        sets = every if hours_too and one.has_time else []
        _prepare(one, [Hours(), *sets])
        learner = _Learner(one, seed)
        for reading in READINGS:
            found.append(Score(one, reading, tuple(learner.fold(reading, study) for study in studies())))
            for hours in sets:
                assert hours.rabiner is not None
                by_hours[one.name, reading, hours.rabiner, hours.weerts] = learner.error(reading, hours)
            done = _tell(progress, done, total)
    return Scores(seed, tuple(found), by_hours)


def studies() -> tuple[str, ...]:
    """Names of the studies that scanned mu receptors.

    Examples
    --------
    >>> studies()
    ('Rabiner 2011', 'Lee 1988', 'Weerts 2008')
    """
    return tuple(dict.fromkeys(scan.study for scan in mu_scans()))


def _prepare(rival: Rival, sets: Sequence[Hours]) -> None:
    """Ask for everything that any fold will ask, once, so that the model is solved once."""
    middle = {unknown.name: np.array([unknown.median]) for unknown in rival.unknowns}
    for hours in sets:
        Readout(rival, mu_scans(), "relative", hours).predicted(middle)


class _Learner:
    """One rival in all folds, readings and hours; what does not matter to the studies it learns from is not redone."""

    def __init__(self, rival: Rival, seed: int) -> None:
        self.rival, self.seed = rival, seed
        self._likely: dict[tuple[object, ...], list[dict[str, float]]] = {}
        self._drawn: dict[tuple[object, ...], Sample] = {}

    def error(self, reading: Reading, hours: Hours) -> tuple[float, float]:
        """Pooled error of the most likely constants, each study predicted by the others; points, least and largest."""
        least, largest, count = 0.0, 0.0, 0
        for study in studies():
            trained, held = _apart(self.rival, reading, study, hours)
            squares = [
                float(np.sum((100 * (_at(held, constants) - held.observed)) ** 2))
                for constants in self.likely(trained, study)
            ]
            least, largest, count = least + min(squares), largest + max(squares), count + len(held.observed)
        return math.sqrt(least / count), math.sqrt(largest / count)

    def likely(self, trained: Readout, study: str) -> list[dict[str, float]]:
        """Most likely constants after all studies but one, and others that are as likely."""
        key = _matters(trained, study)
        if key not in self._likely:
            self._likely[key] = likely_maxima(trained.problem(), starts=_STARTS, seed=self.seed, within=_AS_LIKELY)
        return self._likely[key]

    def drawn(self, trained: Readout, study: str) -> Sample:
        """What all studies but one allow."""
        key = _matters(trained, study)
        if key not in self._drawn:
            self._drawn[key] = sample(trained.problem(), seed=self.seed)
        return self._drawn[key]

    def fold(self, reading: Reading, study: str) -> Fold:
        """One study predicted from the others."""
        from scipy.special import logsumexp

        trained, held = _apart(self.rival, reading, study, Hours())
        likely, drawn = self.likely(trained, study)[0], self.drawn(trained, study)
        believed = maximum_a_posteriori(trained.problem(), seed=self.seed)
        densities = held.log_densities(drawn.values)
        count = math.log(len(densities))
        possible = held.drawn(drawn.values, np.random.default_rng(self.seed))
        together, effective = densities.sum(axis=1), min(drawn.diagnostics.effective_bulk.values())
        left, ends = drawn.spread_left, {u.name: drawn.interval(u.name) for u in self.rival.constants}
        return Fold(
            study=study,
            scans=held.scans,
            constants=likely,
            predicted=_at(held, likely),
            predicted_with_prior=_at(held, believed.values),
            predicted_on_average=held.mean(drawn.values).mean(axis=0),
            log_densities=np.asarray(logsumexp(densities, axis=0) - count),
            sampling_errors=_sampling_errors(densities, effective),
            log_density_of_all=float(logsumexp(together) - count),
            sampling_error_of_all=float(_sampling_errors(together[:, None], effective)[0]),
            inside={level: _inside(possible, held.observed, level) for level in LEVELS},
            not_identified=tuple(u.name for u in self.rival.constants if not _is_identified(u, left, ends, likely)),
            spread_left=left,
            intervals=ends,
            diagnostics=drawn.diagnostics,
            agreeing_starts=believed.agreeing,
        )


def _is_identified(
    unknown: Unknown, left: Mapping[str, float], ends: Mapping[str, tuple[float, float]], likely: Mapping[str, float]
) -> bool:
    """Whether the data leave little of the prior, a narrow interval, and a most likely value inside it."""
    low, high = ends[unknown.name]
    narrow = unknown.scale != "log" or high <= _WIDEST * low
    return left[unknown.name] < IDENTIFIED_BELOW and narrow and low <= likely[unknown.name] <= high


def _matters(trained: Readout, study: str) -> tuple[object, ...]:
    """All of a readout that changes how likely constants are when ``study`` is left out."""
    return (
        study,
        None if study.startswith("Lee") else trained.reading,
        None if study.startswith("Rabiner") else trained.hours.rabiner,
        None if study.startswith("Weerts") else trained.hours.weerts,
    )


def _apart(rival: Rival, reading: Reading, study: str, hours: Hours) -> tuple[Readout, Readout]:
    """The other studies, and the study."""
    others = [scan for scan in mu_scans() if scan.study != study]
    held = [scan for scan in mu_scans() if scan.study == study]
    return Readout(rival, others, reading, hours), Readout(rival, held, reading, hours)


def _at(held: Readout, constants: Mapping[str, float]) -> Array:
    return np.asarray(held.mean({name: np.array([value]) for name, value in constants.items()})[0])


def _sampling_errors(log_densities: Array, effective: float) -> Array:
    """Of the logarithm of a mean over draws, by the delta method."""
    densities = np.exp(log_densities - log_densities.max(axis=0))
    return np.asarray(densities.std(axis=0) / densities.mean(axis=0) / math.sqrt(effective))


def _inside(possible: Array, observed: Array, level: float) -> int:
    low, high = np.quantile(possible, [(1 - level) / 2, (1 + level) / 2], axis=0)
    return int(((low <= observed) & (observed <= high)).sum())


def _root_mean_square(errors: Array) -> float:
    return float(np.sqrt(np.mean(errors**2)))


def _tell(progress: Progress | None, done: int, total: int) -> int:
    if progress is not None:
        progress(done + 1, total)
    return done + 1
