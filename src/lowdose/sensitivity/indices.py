"""What an analysis finds for one metric: indices with intervals at three sizes, and whether they have settled."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

TOLERANCE = 0.05
"""Half the width of a 95 % interval, as a share of the variance, at which a Sobol index counts as known."""
MORRIS_TOLERANCE = 0.10
"""The same for a mean elementary effect, as a share of the largest of them."""
FEWEST, MOST = 64, 32_768
"""Smallest and largest size of a Sobol design; both are powers of two, as every size is."""


@dataclass(frozen=True)
class Index:
    """A number and half the width of its 95 % bootstrap interval."""

    value: float
    half_width: float

    @property
    def low(self) -> float:
        """Lower end of the interval."""
        return self.value - self.half_width

    @property
    def high(self) -> float:
        """Upper end of the interval."""
        return self.value + self.half_width


@dataclass(frozen=True)
class SobolStep:
    """Indices of every group from the first ``n`` points: shares of the variance of the metric.

    ``first`` is what is due to the group alone, ``total`` what is due to it together with all others.
    ``complete`` points had a number for every person.
    """

    n: int
    complete: int
    first: tuple[Index, ...]
    total: tuple[Index, ...]


@dataclass(frozen=True)
class Effect:
    """Elementary effects of one group: change of the metric per whole 5–95 % range, in its unit.

    ``sigma`` is None for a group of several factors, whose direction has no meaning.
    """

    mu_star: Index
    mu: float | None
    sigma: float | None


@dataclass(frozen=True)
class MorrisStep:
    """Effects of every group from the first ``n`` trajectories, ``complete`` of which had a number everywhere."""

    n: int
    complete: int
    effects: tuple[Effect, ...]


@dataclass(frozen=True)
class Verdict:
    """Whether indices have settled; ``ask`` is the size to ask for when they have not, None beyond the largest."""

    converged: bool
    largest_interval: float
    largest_move: float
    tolerance: float
    n: int
    ask: int | None
    method: Literal["sobol", "morris"]

    @property
    def sentence(self) -> str:
        """The verdict in plain words.

        Examples
        --------
        >>> Verdict(False, 0.12, 0.03, 0.05, 512, 4096, "sobol").sentence
        'not yet: the largest interval is ±0.12 (wanted: ±0.05); ask for n = 4096'
        """
        wanted, relative = f"±{self.tolerance:.2f}", " of the largest effect" if self.method == "morris" else ""
        if self.converged:
            return (
                f"converged: the largest interval is ±{self.largest_interval:.2f}{relative} (wanted: {wanted}), and "
                f"nothing moved by more than {self.largest_move:.2f} since n = {self.n // 2}"
            )
        wide = self.largest_interval > self.tolerance
        what = (
            f"the largest interval is ±{self.largest_interval:.2f}{relative} (wanted: {wanted})"
            if wide
            else f"a value moved by {self.largest_move:.2f}{relative} since n = {self.n // 2}"
        )
        return f"not yet: {what}; " + (
            f"ask for n = {self.ask}" if self.ask else f"more than n = {MOST} would be needed: vary fewer parameters"
        )


def sobol_verdict(steps: Sequence[SobolStep]) -> Verdict:
    """Whether Sobol indices have settled over ``steps``, smallest first.

    They have when no 95 % interval is wider than ±0.05 and none has moved by more since half as many points.

    Examples
    --------
    >>> wide, narrow = (Index(0.5, 0.2),), (Index(0.52, 0.02),)
    >>> sobol_verdict([SobolStep(64, 64, wide, wide), SobolStep(128, 128, narrow, narrow)]).converged
    True
    """
    rows = [[*step.first, *step.total] for step in steps]
    return _verdict(rows, [step.n for step in steps], 1.0, TOLERANCE, "sobol", 1)


def morris_verdict(steps: Sequence[MorrisStep], points_a_trajectory: int) -> Verdict:
    """Whether mean elementary effects have settled, in shares of the largest of them; asks in points of ``-n``.

    Examples
    --------
    >>> step = MorrisStep(16, 16, (Effect(Index(2.0, 0.5), 2.0, 0.1),))
    >>> morris_verdict([step, step], 4).ask
    512
    """
    rows = [[effect.mu_star for effect in step.effects] for step in steps]
    size = max((index.value for index in rows[-1]), default=0.0) or 1.0
    sizes = [step.n * points_a_trajectory for step in steps]
    return _verdict(rows, sizes, size, MORRIS_TOLERANCE, "morris", points_a_trajectory)


def _verdict(
    rows: Sequence[Sequence[Index]],
    sizes: Sequence[int],
    unit: float,
    tolerance: float,
    method: Literal["sobol", "morris"],
    points: int,
) -> Verdict:
    widest = max(index.half_width for index in rows[-1]) / unit
    moved = max(abs(now.value - before.value) for now, before in zip(rows[-1], rows[-2], strict=True)) / unit
    converged = widest <= tolerance and moved <= tolerance
    needed = max(2.0 * sizes[-1], sizes[-1] * (max(widest, moved) / tolerance) ** 2)
    ask = 2 ** math.ceil(math.log2(needed)) if math.isfinite(needed) else MOST + 1
    return Verdict(converged, widest, moved, tolerance, sizes[-1], None if converged or ask > MOST else ask, method)
