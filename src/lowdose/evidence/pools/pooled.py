"""What a pool is: the answer, how it was made, and what it was made of."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from lowdose.evidence.pools.entry import Entry
from lowdose.evidence.pools.numbers import RATIOS, Measure

Model = Literal["random", "common"]
Tau2 = Literal["REML", "DL", "PM"]
Interval = Literal["hksj-floor", "hksj", "wald"]
Method = Literal["IV", "MH", "Peto"]

LARGEST_LOGARITHM = 700.0
"""A ratio beyond its exponential is more than a number can hold."""


@dataclass(frozen=True)
class Pool:
    """A pooled answer on the model scale (RR and OR as logarithms; `display` converts).

    ``i2`` is in percent and ``i2_definition`` says of what; ``q_df`` is k - 1; ``weights`` are shares of the entries,
    in their order. With two trials ``common_effect`` and ``hksj`` hold the same pool done the two other ways.
    """

    measure: Measure
    model: Model
    method: Method
    tau2_method: Tau2 | None
    ci_method: Interval
    level: float
    k: int
    estimate: float
    standard_error: float
    interval: tuple[float, float]
    tau2: float
    i2: float
    i2_definition: str
    q: float
    q_p: float
    prediction: tuple[float, float] | None
    prediction_rule: str
    weights: tuple[float, ...]
    entries: tuple[Entry, ...]
    warnings: tuple[str, ...] = ()
    common_effect: Pool | None = None
    hksj: Pool | None = None

    def display(self, value: float) -> float:
        """Model scale to the scale shown: ratios are exponentiated, to infinity where no number is large enough.

        Examples
        --------
        >>> from lowdose.evidence.pools.pooling import pool
        >>> made = pool([Entry("a", "A 2020", 2020, "RR", 0.0, 0.1)])
        >>> made.display(made.estimate)
        1.0
        """
        if self.measure not in RATIOS:
            return value
        return math.exp(value) if value < LARGEST_LOGARITHM else math.inf
