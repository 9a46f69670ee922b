"""Sobol and Morris designs and indices, through SALib.

The only module that knows SALib. A function is asked at many places at once: an array of shares (m, d), each in
(0, 1), gives an array of metrics (m, k). Factors of one group are moved together.

Methods: Sobol indices with Saltelli's sampling on a scrambled Sobol sequence and the estimators of Saltelli et al.
2010 (Comput Phys Commun 181:259); elementary effects after Morris 1991 (Technometrics 33:161) and Campolongo et al.
2007 (Environ Model Softw 22:1509). SALib: Iwanaga et al. 2022 (SESMO 4:18155), Herman and Usher 2017 (JOSS 2:97).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lowdose.errors import InvalidInput
from lowdose.sensitivity.indices import FEWEST, MOST, Effect, Index, MorrisStep, SobolStep
from lowdose.sensitivity.refusals import TooManyLost, need_salib

Array = NDArray[np.float64]
Function = Callable[[Array], Array]

POINTS_A_TRAJECTORY = 4
"""A Morris design has one trajectory for so many points of the Sobol design of the same n."""
MOST_LOST = 0.05
"""Largest share of points (with all the persons a point needs) that may have no number."""
NO_VARIANCE = 1e-5
"""Standard deviation, as a share of a metric's size, below which it counts as constant: the solver's error is 1e-6."""
_RESAMPLES = 200
_NOTHING = "nothing"
_LEVELS = 4
_FEWEST_COMPLETE = 8


@dataclass(frozen=True)
class Design:
    """The places a function is asked at: ``n`` blocks of ``block`` places each.

    ``places`` is what SALib made, a column of its own for `_NOTHING` where that is needed.
    """

    groups: tuple[tuple[str, ...], ...]
    n: int
    block: int
    places: Array
    seed: int

    @property
    def shares(self) -> Array:
        """One column a factor, in the order of the groups, shape (n * block, d)."""
        return self.places[:, : sum(map(len, self.groups))]

    @property
    def problem(self) -> dict[str, Any]:
        """As SALib wants it."""
        return _problem(self.groups)


def check_size(n: int) -> None:
    """Refuse a size that is no power of two, or too small or too large to mean anything.

    Raises
    ------
    InvalidInput
        With the nearest sizes.

    Examples
    --------
    >>> check_size(512)
    """
    if not FEWEST <= n <= MOST or n & (n - 1):
        below = 2 ** math.floor(math.log2(min(max(n, FEWEST), MOST)))
        near = [size for size in (below, 2 * below) if FEWEST <= size <= MOST]
        raise InvalidInput(
            f"n is {n}",
            where="n",
            remedy=f"a Sobol sequence is even only at powers of two: give {' or '.join(map(str, near))} "
            f"({FEWEST} to {MOST})",
        )


def sobol_design(groups: Sequence[Sequence[str]], n: int, seed: int) -> Design:
    """Saltelli's design: each of ``n`` points at len(groups) + 2 places.

    Examples
    --------
    >>> sobol_design([["a"], ["b", "c"]], 64, seed=1).shares.shape
    (256, 3)
    """
    need_salib()
    check_size(n)
    from SALib.sample import sobol

    kept = tuple(map(tuple, groups))
    # SALib takes a seed of 0 for none.
    shares = sobol.sample(_problem(kept), n, calc_second_order=False, seed=seed + 1)
    tiny = np.finfo(float).eps
    return Design(kept, n, len(_padded(kept)) + 2, np.clip(shares, tiny, 1 - tiny), seed)


def morris_design(groups: Sequence[Sequence[str]], n: int, seed: int) -> Design:
    """Trajectories over four levels of the central 90 % of each factor; one for every four points of a Sobol design.

    Examples
    --------
    >>> morris_design([["a"], ["b"]], 64, seed=1).shares.shape
    (48, 2)
    """
    need_salib()
    check_size(n)
    from SALib.sample import morris

    kept, trajectories = tuple(map(tuple, groups)), n // POINTS_A_TRAJECTORY
    levels = morris.sample(_problem(kept), trajectories, num_levels=_LEVELS, seed=seed + 1)
    return Design(kept, trajectories, len(_padded(kept)) + 1, 0.05 + 0.9 * levels, seed)


def sobol_steps(design: Design, values: Array) -> tuple[SobolStep, ...]:
    """Indices of one metric at a quarter, half and all of the points; ``values`` has shape (n * block,).

    A point of which any person has no number (NaN) is left out whole.

    Raises
    ------
    TooManyLost
        If more than 5 % of the points would be left out.

    Examples
    --------
    >>> design = sobol_design([["a"], ["b"]], 256, seed=1)
    >>> last = sobol_steps(design, 2 * design.shares[:, 0] + design.shares[:, 1])[-1]
    >>> [round(index.value, 1) for index in last.total]
    [0.8, 0.2]
    """
    from SALib.analyze import sobol

    found = []
    for n in (design.n // 4, design.n // 2, design.n):
        blocks = values[: n * design.block].reshape(n, design.block)
        kept = blocks[_complete(blocks, "points")]
        if varies(kept):
            given = {"calc_second_order": False, "num_resamples": _RESAMPLES, "seed": design.seed + 1}
            made = sobol.analyze(design.problem, kept.ravel(), **given)
        else:
            made = dict.fromkeys(("S1", "S1_conf", "ST", "ST_conf"), np.zeros(len(design.groups)))
        size = len(design.groups)
        first, total = (_indices(made[name][:size], made[f"{name}_conf"][:size]) for name in ("S1", "ST"))
        found.append(SobolStep(n, len(kept), first, total))
    return tuple(found)


def morris_steps(design: Design, values: Array) -> tuple[MorrisStep, ...]:
    """Elementary effects of one metric at a quarter, half and all of the trajectories; see `sobol_steps`.

    Examples
    --------
    >>> design = morris_design([["a"], ["b"]], 64, seed=1)
    >>> effects = morris_steps(design, 2 * design.shares[:, 0] + design.shares[:, 1])[-1].effects
    >>> [round(effect.mu_star.value, 2) for effect in effects]
    [1.8, 0.9]
    """
    from SALib.analyze import morris

    found = []
    for n in (design.n // 4, design.n // 2, design.n):
        blocks = values[: n * design.block].reshape(n, design.block)
        complete = _complete(blocks, "trajectories")
        places = ((design.places - 0.05) / 0.9)[: n * design.block].reshape(n, design.block, -1)[complete]
        flat = places.reshape(-1, places.shape[-1])
        made = morris.analyze(
            design.problem, flat, blocks[complete].ravel(), num_levels=_LEVELS, num_resamples=_RESAMPLES,
            seed=design.seed + 1,
        )  # fmt: skip
        size = len(design.groups)
        mu_star = _indices(made["mu_star"][:size], made["mu_star_conf"][:size])
        single = [len(group) == 1 for group in design.groups]
        effects = tuple(
            Effect(index, float(mu) if alone else None, float(sigma) if alone else None)
            for index, mu, sigma, alone in zip(mu_star, made["mu"][:size], made["sigma"][:size], single, strict=True)
        )
        found.append(MorrisStep(n, len(blocks[complete]), effects))
    return tuple(found)


def varies(values: Array) -> bool:
    """Whether a metric varies by more than the solver errs; NaN are left out.

    Examples
    --------
    >>> varies(np.array([1.0, 1.0 + 1e-9])), varies(np.array([1.0, 1.1]))
    (False, True)
    """
    known = values[np.isfinite(values)]
    return bool(len(known) > 1 and np.std(known) > NO_VARIANCE * np.max(np.abs(known)))


def _complete(blocks: Array, what: str) -> NDArray[np.bool_]:
    complete = np.asarray(np.isfinite(blocks).all(axis=1))
    lost = 1 - complete.mean()
    if lost > MOST_LOST or complete.sum() < min(_FEWEST_COMPLETE, len(blocks)):
        persons = int((~np.isfinite(blocks)).sum())
        raise TooManyLost(
            f"{persons} of {blocks.size} persons have no number for this metric, so {lost:.0%} of the {what} would be "
            f"left out; at most {MOST_LOST:.0%} may be, or the rest would stand for people it does not resemble",
            remedy="choose a metric that everybody has, such as a mean or a peak, or a longer run",
        )
    return complete


def _indices(values: Any, half_widths: Any) -> tuple[Index, ...]:
    return tuple(Index(float(value), float(half)) for value, half in zip(values, half_widths, strict=True))


def _padded(groups: Sequence[Sequence[str]]) -> Sequence[Sequence[str]]:
    """SALib takes a single group for none; beside a factor that does nothing it is one."""
    return [*groups, [_NOTHING]] if len(groups) == 1 and len(groups[0]) > 1 else groups


def _problem(groups: Sequence[Sequence[str]]) -> dict[str, Any]:
    groups = _padded(groups)
    names = [name for group in groups for name in group]
    problem: dict[str, Any] = {"num_vars": len(names), "names": names, "bounds": [[0.0, 1.0]] * len(names)}
    if len(groups) < len(names):
        problem["groups"] = [f"group {i}" for i, group in enumerate(groups) for _ in group]
    return problem
