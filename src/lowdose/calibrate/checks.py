"""Does the calibration find what was put in? Coverage of known parameters, and simulation-based calibration."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lowdose.calibrate.problem import Array, Problem, Unknown, Values
from lowdose.calibrate.sampling import Sample, sample

Simulate = Callable[[Values, np.random.Generator], Problem]
"""Known parameters (one row) -> the fit of data simulated with them."""
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Recovery:
    """What became of known parameters.

    Attributes
    ----------
    ranks : mapping of str to ndarray of int, shape (data sets,)
        How many of ``of`` independent draws lie below the known value.
    inside : mapping of str to ndarray of bool, shape (data sets,)
        Whether the 90 % interval holds the known value.
    """

    ranks: dict[str, NDArray[np.int64]]
    inside: dict[str, NDArray[np.bool_]]
    of: int

    @property
    def coverage(self) -> float:
        """Share of 90 % intervals, over parameters and data sets, that hold the known value."""
        return float(np.mean([one.mean() for one in self.inside.values()]))

    def uniformity(self, name: str, bins: int = 10) -> float:
        """Probability of ranks at least as uneven as these if the calibration is right (chi-square)."""
        from scipy.stats import chisquare

        edges = np.linspace(-0.5, self.of + 0.5, bins + 1)
        counts, _ = np.histogram(self.ranks[name], edges)
        return float(chisquare(counts).pvalue)


def recover(
    unknowns: Sequence[Unknown],
    simulate: Simulate,
    *,
    data_sets: int,
    seed: int = 1,
    of: int = 99,
    draw: Callable[[Problem, int], Sample] | None = None,
    progress: Progress | None = None,
) -> Recovery:
    """Draw parameters from the prior, simulate data, fit them, and see where the known values fall.

    With parameters drawn from the prior, right code covers them with the stated probability and ranks them evenly
    (Talts 2018); code that is wrong anywhere between prior, likelihood and sampler does not.

    Parameters
    ----------
    unknowns : sequence of Unknown
        What is drawn.
    simulate : callable
        From one row of values and a generator to the `Problem` of data simulated with them.
    data_sets : int
        How many.
    seed : int
        Of parameters and data.
    of : int
        Independent draws that each known value is ranked among.
    draw : callable, optional
        From a problem and a seed to a sample; `sample` when left out.
    progress : callable, optional
        Called with (data sets done, data sets in all).

    Examples
    --------
    >>> unknown = Unknown("a", "1", 0.0, 1.0, "plain")
    >>> def simulated(known, rng):
    ...     seen = rng.normal(known["a"], 1.0)
    ...     return Problem("one number", (unknown,), lambda v: -0.5 * (seen - v["a"]) ** 2)
    >>> found = recover([unknown], simulated, data_sets=3)
    >>> found.ranks["a"].shape, 0 <= found.coverage <= 1
    ((3,), True)
    """
    draw = draw or (lambda problem, number: sample(problem, seed=number))
    names = [unknown.name for unknown in unknowns]
    ranks = {name: np.zeros(data_sets, dtype=np.int64) for name in names}
    inside = {name: np.zeros(data_sets, dtype=np.bool_) for name in names}
    for number in range(data_sets):
        rng = np.random.default_rng([seed, number])
        known = {unknown.name: unknown.value(rng.standard_normal(1)) for unknown in unknowns}
        found = draw(simulate(known, rng), number + 1)
        kept = _thinned(found.scores, of, rng)
        for i, unknown in enumerate(unknowns):
            truth = float(unknown.score(known[unknown.name])[0])
            ranks[unknown.name][number] = int((kept[:, i] < truth).sum())
            low, high = np.quantile(found.scores[:, i], [0.05, 0.95])
            inside[unknown.name][number] = low <= truth <= high
        if progress is not None:
            progress(number + 1, data_sets)
    return Recovery(ranks, inside, of)


def _thinned(scores: Array, count: int, rng: np.random.Generator) -> Array:
    """``count`` draws picked at random: far fewer than the effective ones, so as good as independent."""
    return np.asarray(scores[rng.choice(len(scores), size=count, replace=False)])
