"""Standard-normal scores that go together, and persons who are drawn again when what comes out is not plausible."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, model_validator

from lowdose.blocks import Block
from lowdose.errors import InvalidInput, LowdoseError
from lowdose.model.parameters import Grade, Provenance

Array = NDArray[np.float64]
Scores = dict[str, Array]

_MOST_ATTEMPTS = 100


class Correlation(Block):
    """Two quantities whose standard-normal scores go together."""

    pair: tuple[str, str]
    value: Annotated[float, Field(gt=-1, lt=1)]
    provenance: Provenance
    grade: Grade
    source: str
    url: str = ""


class Bound(Block):
    """What is plausible; more than ``most_rejected`` of a population outside is an error."""

    quantity: str
    low: float
    high: float
    unit: str
    most_rejected: Annotated[float, Field(gt=0, lt=0.5)]
    provenance: Provenance
    source: str
    url: str = ""

    @model_validator(mode="after")
    def _ordered(self) -> Bound:
        if not self.low < self.high:
            raise ValueError(f"{self.quantity}: low {self.low:g} must lie below high {self.high:g}")
        return self


@dataclass(frozen=True)
class Rejection:
    """How often a bound turned a draw away.

    Parameters
    ----------
    bound : Bound
        Which.
    count : int
        Draws turned away.
    draws : int
        Draws in all, those turned away included.
    """

    bound: Bound
    count: int
    draws: int

    @property
    def share(self) -> float:
        """Of all draws.

        Examples
        --------
        >>> bound = Bound(quantity="bmi", low=14, high=65, unit="kg/m2", most_rejected=0.02,
        ...               provenance="assumed", source="example")
        >>> Rejection(bound, 3, 1003).share < bound.most_rejected
        True
        """
        return self.count / max(1, self.draws)


def triangle(names: Sequence[str], correlations: Sequence[Correlation]) -> dict[str, tuple[tuple[str, float], ...]]:
    """How to make each score out of independent ones: (name, weight) pairs, itself last (Cholesky).

    A name in no pair, or first in all of its pairs, keeps its independent score as it is.

    Raises
    ------
    InvalidInput
        If a pair is not known, named twice, or the correlations contradict each other.

    Examples
    --------
    >>> pair = Correlation(pair=("CL", "V1"), value=0.6, provenance="assumed", grade="low", source="example")
    >>> triangle(["F", "CL", "V1"], [pair])["V1"]
    (('CL', 0.6), ('V1', 0.8))
    """
    place, seen = {name: i for i, name in enumerate(names)}, set()
    matrix = np.eye(len(names))
    for one in correlations:
        for name in one.pair:
            if name not in place:
                raise InvalidInput(
                    f"{name} of the correlation {one.pair[0]}–{one.pair[1]} does not vary",
                    where=name,
                    remedy=f"name two of {', '.join(names)}",
                )
        if frozenset(one.pair) in seen or one.pair[0] == one.pair[1]:
            raise InvalidInput(f"the correlation {one.pair[0]}–{one.pair[1]} is named twice", remedy="keep one of them")
        seen.add(frozenset(one.pair))
        i, j = (place[name] for name in one.pair)
        matrix[i, j] = matrix[j, i] = one.value
    try:
        lower = np.linalg.cholesky(matrix)
    except np.linalg.LinAlgError:
        raise InvalidInput(
            "the correlations contradict each other: no persons could have them all",
            where=", ".join("–".join(one.pair) for one in correlations),
            remedy="bring the largest of them nearer to 0",
        ) from None
    return {
        name: tuple((names[j], round(float(lower[i, j]), 15)) for j in range(i + 1) if lower[i, j] != 0)
        for name, i in place.items()
    }


def correlated(scores: Scores, made_of: Mapping[str, tuple[tuple[str, float], ...]]) -> Scores:
    """Scores that go together, made of independent ones one product at a time.

    Not as a matrix product, whose last digits would depend on how many persons there are.

    Examples
    --------
    >>> ones = {"CL": np.ones(1), "V1": np.ones(1)}
    >>> correlated(ones, {"CL": (("CL", 1.0),), "V1": (("CL", 0.6), ("V1", 0.8))})["V1"]
    array([1.4])
    """
    found = {}
    for name, parts in made_of.items():
        total = scores[parts[0][0]] * parts[0][1]
        for other, weight in parts[1:]:
            total = total + scores[other] * weight
        found[name] = total
    return found


def plausible(
    draw: Callable[[int], Scores], quantities: Callable[[Scores], Mapping[str, Array]], bounds: Sequence[Bound], n: int
) -> tuple[Scores, NDArray[np.int64], tuple[Rejection, ...]]:
    """Draw ``n`` persons, and those outside the bounds again, each from her own stream, until all are inside.

    Parameters
    ----------
    draw : callable
        From the number of the attempt to columns of shape (n,).
    quantities : callable
        From these columns to what the bounds are about.
    bounds : sequence of Bound
        Within which every person must lie.
    n : int
        How many.

    Returns
    -------
    tuple
        Columns, how often each person was drawn again, and what each bound turned away.

    Raises
    ------
    LowdoseError
        If somebody is still outside after 100 attempts.
    """
    redraws, counts, draws = np.zeros(n, np.int64), [0] * len(bounds), n
    found = draw(0)
    outside, broken = _outside(quantities(found), bounds, n)
    attempt = 0
    while outside.any():
        attempt += 1
        if attempt > _MOST_ATTEMPTS:
            raise LowdoseError(
                f"{int(outside.sum())} persons are not plausible after {_MOST_ATTEMPTS} attempts",
                where=", ".join(bound.quantity for bound in bounds),
                remedy="widen the bounds, or correct the distributions",
            )
        counts = [count + int((one & outside).sum()) for count, one in zip(counts, broken, strict=True)]
        draws += int(outside.sum())
        redraws[outside] += 1
        again = draw(attempt)
        found = {name: np.where(outside, again[name], column) for name, column in found.items()}
        still, broken = _outside(quantities(found), bounds, n)
        outside = outside & still
    rejections = tuple(Rejection(bound, count, draws) for bound, count in zip(bounds, counts, strict=True))
    return found, redraws, rejections


def refuse_too_many(rejections: Sequence[Rejection], where: str) -> None:
    """Stop when a bound cuts away more of a population than it may: that would be another population.

    Raises
    ------
    InvalidInput
        With the bound, its share, and what it may take.
    """
    for one in rejections:
        if one.share > one.bound.most_rejected:
            bound = one.bound
            raise InvalidInput(
                f"{one.share:.1%} of the draws have {bound.quantity} outside {bound.low:g} to {bound.high:g} "
                f"{bound.unit}, more than the {bound.most_rejected:.1%} that may be turned away",
                where=where,
                remedy="widen the bound, or correct the distribution: what is left would be another population",
            )


def _outside(
    quantities: Mapping[str, Array], bounds: Sequence[Bound], n: int
) -> tuple[NDArray[np.bool_], list[NDArray[np.bool_]]]:
    broken = [~((quantities[b.quantity] >= b.low) & (quantities[b.quantity] <= b.high)) for b in bounds]
    outside = np.zeros(n, bool)
    for one in broken:
        outside |= one
    return outside, broken


def log_variance(cv: float) -> float:
    """Variance of the logarithm of a lognormal quantity with this coefficient of variation.

    Examples
    --------
    >>> round(log_variance(0.3), 4)
    0.0862
    """
    return math.log1p(cv**2)
