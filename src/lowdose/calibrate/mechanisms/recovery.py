"""Would the scoring find a mechanism if it were true? The same trials, with made-up outcomes, scored like the real."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from lowdose.calibrate.comparison import is_told_apart
from lowdose.calibrate.mechanisms.outcomes import Difference, Trial, assumption
from lowdose.calibrate.mechanisms.predictions import PLACEBO_ONLY
from lowdose.calibrate.mechanisms.scoring import (
    MechanismScores,
    difference,
    fitted_densities,
    grid,
    held_out_densities,
)
from lowdose.calibrate.problem import Array

GAIN, TAU = 2.0, 0.2
"""What the made-up outcomes are made with: the median of the gain's prior, and of that of the spread between trials."""
_GRID = (40, 12)


@dataclass(frozen=True)
class Recovery:
    """How often each rival scored best, by the mechanism that was true.

    Attributes
    ----------
    best : ndarray, shape (true mechanisms, rivals)
        Shares; rows and columns as ``names``.
    told_from_placebo : mapping
        True mechanism -> share of the data sets in which it was told apart from placebo-only, and better; where
        placebo-only was true, in which any other was: a false alarm.
    larger : float
        How many times the people of the real trials.
    """

    names: tuple[str, ...]
    best: Array
    told_from_placebo: Mapping[str, float]
    data_sets: int
    larger: float
    seed: int

    def recovered(self, name: str) -> float:
        """Share of data sets in which the true mechanism scored best."""
        place = self.names.index(name)
        return float(self.best[place, place])


def recover(
    scores: MechanismScores,
    *,
    data_sets: int = 20,
    larger: float = 1.0,
    seed: int = 1,
) -> Recovery:
    """Make outcomes under each mechanism and score all rivals on them.

    Parameters
    ----------
    scores : MechanismScores
        Gives the trials and what each mechanism predicts of them.
    data_sets : int
        For each true mechanism.
    larger : float
        How many times the people of the real trials, to see what it would take.
    seed : int
        Of the made-up outcomes.

    Examples
    --------
    >>> from lowdose.calibrate.mechanisms.scoring import score_mechanisms
    >>> found = recover(score_mechanisms(), data_sets=1)
    >>> found.best.sum(axis=1).tolist()
    [1.0, 1.0, 1.0, 1.0, 1.0, 1.0]
    """
    names = tuple(one.name for one in scores.mechanisms)
    best = np.zeros((len(names), len(names)))
    told: dict[str, float] = {}
    for row, truth in enumerate(names):
        apart = 0
        for number in range(data_sets):
            rng = np.random.default_rng([seed, row, number])
            found = _scored(scores, names, truth, larger, rng)
            best[row, int(np.argmax([found[name].sum() for name in names]))] += 1 / data_sets
            asked = [name for name in names if name != PLACEBO_ONLY] if truth == PLACEBO_ONLY else [truth]
            gaps = [difference(found[name], found[PLACEBO_ONLY]) for name in asked]
            apart += any(delta > 0 and is_told_apart(delta, error) for delta, error in gaps)
        told[truth] = apart / data_sets
    return Recovery(names, best, told, data_sets, larger, seed)


def _scored(
    scores: MechanismScores, names: Sequence[str], truth: str, larger: float, rng: np.random.Generator
) -> dict[str, Array]:
    """Log density of each held-out trial under each rival, for one made-up data set."""
    count, said = len(scores.fitted), scores.improvements
    everything = (*scores.fitted, *scores.held_out)
    made = [made_up(trial, GAIN * x, TAU, larger, rng) for trial, x in zip(everything, said[truth], strict=True)]
    gain, tau = grid(*_GRID)
    return {
        name: held_out_densities(
            fitted_densities(made[:count], said[name][:count], gain, tau), made[count:], said[name][count:], gain, tau
        )
        for name in names
    }


def made_up(trial: Trial, effects: Array, tau: float, larger: float, rng: np.random.Generator) -> Trial:
    """The trial with outcomes drawn from the observation model, each told as its authors told it.

    Where only "no difference" was published, a difference that would have been significant is given as a number.

    Examples
    --------
    >>> from lowdose.calibrate.mechanisms.outcomes import trials
    >>> final = trials("held-out")[1]
    >>> found = made_up(final, np.array([0.5]), 0.0, 1e9, np.random.default_rng(1))
    >>> round(found.differences[0].value, 3)
    0.5
    """
    share = assumption("correlation_of_outcomes") if len(trial.differences) > 1 else 0.0
    errors = np.array([one.standard_error for one in trial.differences]) / np.sqrt(larger)
    shared = np.sqrt(tau**2 + share * errors**2) * rng.standard_normal()
    values = effects + shared + np.sqrt(1 - share) * errors * rng.standard_normal(len(errors))
    told = zip(trial.differences, values.tolist(), errors.tolist(), strict=True)
    return replace(trial, differences=tuple(_told(one, value, error) for one, value, error in told))


def _told(one: Difference, value: float, error: float) -> Difference:
    limit = one.limit * error / one.standard_error
    if one.known == "not significant":
        if abs(value) < limit:
            return replace(one, standard_error=error, limit=limit)
        return replace(one, known="measured", value=value, standard_error=error, limit=limit)
    value = abs(value) if one.known == "size" else value
    return replace(one, value=value, standard_error=error, limit=limit)
