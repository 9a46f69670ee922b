"""What can be kept of an output instead of its whole course."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal, get_args

from lowdose.engine.errors import EngineError

__all__ = ["Summary", "SummaryKind"]

SummaryKind = Literal["max", "time_of_max", "min", "time_of_min", "integral", "mean", "time_above", "last"]


@dataclass(frozen=True, slots=True)
class Summary:
    """One number of the course of an output, taken while it is computed.

    The course is what an output at the same times would show, joined by straight lines.

    Parameters
    ----------
    output : str
        Name among ``model.variables``.
    kind : str
        ``max``, ``min`` (a trough), ``last``: in the output's unit; ``time_of_max``, ``time_of_min`` (the first, where
        there are several), ``time_above`` (strictly above ``level``): in the model's time unit; ``integral``: their
        product; ``mean``: the integral over its length.
    start, end : float
        The window, both ends included; it should begin and end on output times. Without any output time in it,
        ``integral`` and ``time_above`` are 0 and all else is NaN; ``mean`` needs two.
    level : float
        Of ``time_above``, in the output's unit.

    Raises
    ------
    EngineError
        The kind is not known, or the window is empty.

    Examples
    --------
    >>> Summary("C", "max", start=24.0, end=48.0).kind
    'max'
    """

    output: str
    kind: SummaryKind
    start: float = -math.inf
    end: float = math.inf
    level: float = 0.0

    def __post_init__(self) -> None:
        kinds = get_args(SummaryKind)
        if self.kind not in kinds:
            raise EngineError(f"no summary is called {self.kind!r}", where=str(self), remedy=f"use {', '.join(kinds)}")
        if not self.start <= self.end or math.isnan(self.level):
            raise EngineError("a summary without a window or level", where=str(self), remedy="start <= end; a level")

    def __str__(self) -> str:
        return f"{self.kind} of {self.output}"
