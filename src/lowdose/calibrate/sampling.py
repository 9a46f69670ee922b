"""Draws from a posterior, through one kept sampler, with the diagnostics that allow or forbid reporting them.

emcee's ensembles need densities alone and take them for a whole batch of walkers at once, which is what our compiled
engine is fast at; a gradient sampler would need slopes of every likelihood. Walkers of an ensemble depend on each
other, so several ensembles are run from neutral starts of their own, and nested R-hat (Margossian 2024) compares
the ensembles, not the walkers.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from lowdose.calibrate.problem import Array, NotEnoughKnown, Problem

R_HAT_BELOW = 1.02
"""Ensembles agree: between-ensemble spread adds less than this factor."""
EFFECTIVE_ABOVE = 400.0
"""Effective draws, in the bulk and in the tails: enough for a 90 % interval (Vehtari 2021)."""
ACCEPTED_ABOVE = 0.1
"""Share of proposals taken by the median walker of the worst ensemble; below it the ensemble hardly moves."""
DRIFT_BELOW = 0.1
"""Means of the first and the second half of the draws, apart in standard deviations: ensembles that have not arrived
yet move together, which R-hat does not see."""
STUCK_BELOW = 0.02
"""A walker that takes fewer proposals than this is stuck where it is."""


@dataclass(frozen=True)
class Diagnostics:
    """What can be wrong with a sample, one number a parameter where they differ.

    Attributes
    ----------
    r_hat, effective_bulk, effective_tail, drift, error_of_mean : mapping
        Nested R-hat, effective draws; in standard deviations of the posterior, how far the second half of the draws
        lies from the first, and the Monte Carlo error of the mean.
    accepted : float
        Share of proposals taken, median walker of the worst ensemble.
    stuck : int
        Walkers that do not move.
    """

    r_hat: Mapping[str, float]
    effective_bulk: Mapping[str, float]
    effective_tail: Mapping[str, float]
    drift: Mapping[str, float]
    error_of_mean: Mapping[str, float]
    accepted: float
    stuck: int

    @property
    def failures(self) -> tuple[str, ...]:
        """What forbids to report the sample; empty when nothing does."""
        said = [f"R-hat of {name} is {value:.3f}" for name, value in self.r_hat.items() if not value <= R_HAT_BELOW]
        for words, counts in (("bulk", self.effective_bulk), ("tails", self.effective_tail)):
            said += [
                f"{name} has {value:.0f} effective draws in the {words}"
                for name, value in counts.items()
                if not value >= EFFECTIVE_ABOVE
            ]
        said += [f"{name} still drifts" for name, value in self.drift.items() if not value <= DRIFT_BELOW]
        if not self.accepted >= ACCEPTED_ABOVE:
            said.append(f"only {self.accepted:.0%} of proposals are taken")
        if self.stuck:
            said.append(f"{self.stuck} walkers are stuck")
        return tuple(said)


@dataclass(frozen=True)
class Sample:
    """Draws of a posterior that passed its diagnostics: scores, shape (draws, parameters), and values."""

    problem: Problem
    scores: Array
    diagnostics: Diagnostics
    steps: int

    @property
    def values(self) -> dict[str, Array]:
        """Parameter -> its draws."""
        return self.problem.values(self.scores)

    @property
    def spread_left(self) -> dict[str, float]:
        """Parameter -> its standard deviation after the data over that before them (both in scores)."""
        return {u.name: float(s) for u, s in zip(self.problem.unknowns, self.scores.std(axis=0), strict=True)}

    def interval(self, name: str, level: float = 0.9) -> tuple[float, float]:
        """Central interval of a parameter."""
        low, high = np.quantile(self.values[name], [(1 - level) / 2, (1 + level) / 2])
        return float(low), float(high)


def sample(
    problem: Problem,
    *,
    seed: int = 1,
    ensembles: int = 4,
    walkers: int = 100,
    steps: int = 320,
    tries: int = 5,
) -> Sample:
    """Draw from the posterior; a chain that fails its diagnostics is made twice as long, ``tries`` times in all.

    The first half of every chain is thrown away. Equal arguments give equal draws.

    Raises
    ------
    NotEnoughKnown
        If the diagnostics still fail: what failed, and what to do. There is no way to have the draws all the same.

    Examples
    --------
    >>> from lowdose.calibrate.problem import Unknown
    >>> known = Problem("normal", (Unknown("a", "1", 0.0, 1.0, "plain"),), lambda v: -0.5 * (v["a"] - 1) ** 2)
    >>> draws = sample(known).values["a"]
    >>> abs(float(draws.mean()) - 0.5) < 0.05, abs(float(draws.std()) - 0.5**0.5) < 0.05
    (True, True)
    """
    runs = [_Ensemble(problem, walkers, seed, number) for number in range(ensembles)]
    length = 0
    for attempt in range(tries):
        length = steps * 2**attempt
        chains = np.stack([run.extended_to(length)[length // 2 :] for run in runs])
        found = _diagnose(problem, chains, [run.accepted for run in runs])
        if not found.failures:
            # (ensemble, draw, walker, parameter) -> (all draws, parameter)
            return Sample(problem, chains.reshape(-1, chains.shape[-1]), found, length)
    raise NotEnoughKnown(
        f"{problem.name}: the sample may not be reported: {'; '.join(found.failures)}",
        where=f"{ensembles} ensembles of {walkers} walkers, {length} steps",
        remedy="give more steps, tighten a prior you can defend, or say that the data do not identify the parameters",
    )


class _Ensemble:
    """One ensemble of emcee that can be made longer."""

    def __init__(self, problem: Problem, walkers: int, seed: int, number: int) -> None:
        import emcee

        size = len(problem.unknowns)
        moves = [(emcee.moves.StretchMove(), 0.5), (emcee.moves.DEMove(), 0.5)]
        self.sampler = emcee.EnsembleSampler(walkers, size, problem.log_posterior, moves=moves, vectorize=True)
        child = int(np.random.SeedSequence([seed, number]).generate_state(1)[0])
        self.sampler.random_state = np.random.RandomState(child).get_state()
        start = np.random.default_rng([seed, number, 1]).standard_normal((walkers, size))
        self.next: object = _finite(problem, start, child)
        self.length = 0

    def extended_to(self, steps: int) -> Array:
        """Scores, shape (steps, walkers, parameters)."""
        if steps > self.length:
            self.next = self.sampler.run_mcmc(self.next, steps - self.length, skip_initial_state_check=True)
            self.length = steps
        return np.asarray(self.sampler.get_chain())

    @property
    def accepted(self) -> Array:
        """Share of proposals each walker took."""
        return np.asarray(self.sampler.acceptance_fraction)


def _finite(problem: Problem, start: Array, seed: int) -> Array:
    """The start with walkers of no density drawn anew."""
    rng = np.random.default_rng(seed)
    for _ in range(100):
        lost = ~np.isfinite(problem.log_posterior(start))
        if not lost.any():
            return start
        start[lost] = rng.standard_normal((int(lost.sum()), start.shape[1]))
    raise NotEnoughKnown(
        f"{problem.name}: the data have no finite density over most of the prior",
        remedy="check the data and the units of the priors",
    )


def _diagnose(problem: Problem, chains: Array, accepted: list[Array]) -> Diagnostics:
    """Of chains of shape (ensembles, draws, walkers, parameters)."""
    from arviz_stats.base import array

    statistics: Any = array.array_stats
    ensembles, draws, walkers, size = chains.shape
    each = np.moveaxis(chains, 2, 1).reshape(ensembles * walkers, draws, size)
    owner = np.repeat(np.arange(ensembles), walkers)
    names = [unknown.name for unknown in problem.unknowns]

    def of_each(numbers: Array) -> dict[str, float]:
        return dict(zip(names, np.atleast_1d(numbers).tolist(), strict=True))

    axes = {"chain_axis": 0, "draw_axis": 1}
    early, late = each[:, : draws // 2], each[:, draws // 2 :]
    drift = np.abs(late.mean(axis=(0, 1)) - early.mean(axis=(0, 1))) / each.std(axis=(0, 1))
    error = statistics.mcse(each, method="mean", **axes) / each.std(axis=(0, 1))
    return Diagnostics(
        r_hat=of_each(statistics.rhat_nested(each, owner, **axes)),
        effective_bulk=of_each(statistics.ess(each, method="bulk", **axes)),
        effective_tail=of_each(statistics.ess(each, method="tail", prob=(0.05, 0.95), **axes)),
        drift=of_each(drift),
        error_of_mean=of_each(error),
        accepted=min(float(np.median(one)) for one in accepted),
        stuck=int(sum((one < STUCK_BELOW).sum() for one in accepted)),
    )
