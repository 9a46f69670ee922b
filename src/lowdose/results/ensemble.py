"""Trajectories of several persons, and what varies between them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from lowdose import engine

Kind = Literal["typical", "people", "knowledge", "both"]
Array = NDArray[np.float64]
Record = engine.Dose | engine.Change

KIND_WORDS: Mapping[str, str] = {
    "typical": "typical person",
    "people": "difference between people",
    "knowledge": "uncertainty of what is known",
    "both": "difference between people and uncertainty of what is known",
}
"""What a band of each kind shows, in words for a chart's legend."""


@dataclass(frozen=True)
class Ensemble:
    """Trajectories of n persons.

    Parameters
    ----------
    kind : {"typical", "people", "knowledge", "both"}
        What varies between the persons.
    time : array (T,)
        Hours after the first scheduled dose.
    values : mapping of output name to array (n, T)
        In the unit of that output; a person that failed holds NaN.
    failures : mapping of person number to sentence
        Why a person has no result; empty when all went well.
    parameters : mapping of symbol to array (n,)
        The row each person was solved with.
    without_drug : mapping of output name to array (n,)
        24-hour mean at dose 0 over the clock hours of the last day.
    records : tuple of tuples
        The event records each person was solved with; one tuple for all where nothing of it differs.
    status : array (n,)
        Flags of ``lowdose.engine.Status`` for each person; 0 is solved.
    """

    kind: Kind
    time: Array
    values: Mapping[str, Array]
    failures: Mapping[int, str]
    parameters: Mapping[str, Array]
    without_drug: Mapping[str, Array]
    records: tuple[tuple[Record, ...], ...] = ()
    status: NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, dtype=np.int64))

    @property
    def solved(self) -> NDArray[np.bool_]:
        """Whether each person has a result, shape (n,).

        Examples
        --------
        >>> Ensemble("people", np.arange(2.0), {"x": np.zeros((3, 2))}, {1: "why"}, {}, {}).solved.tolist()
        [True, False, True]
        """
        solved = np.ones(len(next(iter(self.values.values()))), dtype=bool)
        solved[list(self.failures)] = False
        return solved

    def quantiles(self, output: str, probabilities: tuple[float, ...] = (0.05, 0.25, 0.5, 0.75, 0.95)) -> Array:
        """Quantiles over persons at each time, shape (len(probabilities), T); failed persons left out.

        Examples
        --------
        >>> one = Ensemble("people", np.arange(2.0), {"x": np.array([[1.0, 2.0], [3.0, 4.0]])}, {}, {}, {})
        >>> one.quantiles("x", (0.5,)).tolist()
        [[2.0, 3.0]]
        """
        values = self.values[output]
        return np.asarray(np.quantile(values[self.solved] if self.failures else values, probabilities, axis=0))
