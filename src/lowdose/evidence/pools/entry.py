"""One comparison ready to be pooled, and what was gathered for a question: used, without numbers, left out."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from statistics import NormalDist
from typing import Any, Literal

from lowdose.evidence.pools.numbers import Measure

Kind = Literal["change", "percent change", "final", "events", "generic"]


@dataclass(frozen=True)
class Entry:
    """One study's answer to a question.

    ``estimate`` and ``variance`` are on the model scale (RR and OR as logarithms). ``recalled`` names what of it was
    recalled, ``events`` are events and total of the treated, then of the control arm, ``percentages`` are (percent,
    of how many) as published, ``correlation`` is that assumed between the periods of a crossover trial, ``scale`` is
    the instrument.
    """

    study: str
    label: str
    year: int
    measure: Measure
    estimate: float
    variance: float
    kind: Kind = "generic"
    better: str = "neither"
    design: str = ""
    controlled: bool = True
    active_control: bool = False
    comparator: str = ""
    dose_mg: float | None = None
    dose_class: str = ""
    drug: str = "naltrexone"
    patient_set: str = ""
    risk_of_bias: str = "no information"
    tag: str = "found"
    recalled: tuple[str, ...] = ()
    n_treated: int | None = None
    n_control: int | None = None
    events: tuple[int, int, int, int] | None = None
    percentages: tuple[tuple[float, int], ...] = ()
    correlation: float | None = None
    method: str = ""
    sensitivity_only: bool = False
    timepoint_wk: float | None = None
    outcome: str = ""
    scale: str = ""
    group: str = ""
    note: str = ""

    @property
    def standard_error(self) -> float:
        """Root of the variance, on the model scale."""
        return math.sqrt(self.variance)

    def interval(self, level: float = 0.95) -> tuple[float, float]:
        """Normal interval of this study alone, on the model scale.

        Examples
        --------
        >>> low, high = Entry("a", "A 2020", 2020, "MD", 1.0, 0.25).interval()
        >>> round(low, 3), round(high, 3)
        (0.02, 1.98)
        """
        margin = NormalDist().inv_cdf(0.5 + level / 2) * self.standard_error
        return self.estimate - margin, self.estimate + margin


@dataclass(frozen=True)
class Unusable:
    """A controlled comparison without usable numbers: a row without a marker, so that it is not forgotten.

    ``why`` says which numbers were not seen; where they were ``seen``, why none of them can be used.
    """

    study: str
    label: str
    year: int
    why: str
    direction: str = ""
    n: int | None = None
    recalled: bool = False
    design: str = ""
    seen: bool = False


@dataclass(frozen=True)
class Removed:
    """What was left out of a pool, by which rule, and why."""

    study: str
    label: str
    reason: str
    rule: str


@dataclass(frozen=True)
class Gathered:
    """What is known about one question: entries to pool, rows without numbers, what was left out, notes of the rules.

    ``sensitivity`` are entries that join in a sensitivity analysis only.
    """

    entries: tuple[Entry, ...]
    unusable: tuple[Unusable, ...] = ()
    removed: tuple[Removed, ...] = ()
    notes: tuple[str, ...] = ()
    sensitivity: tuple[Entry, ...] = ()
    options: Mapping[str, Any] = field(default_factory=dict)
