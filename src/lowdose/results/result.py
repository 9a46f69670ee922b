"""What a run gives: arrays with their units, for the typical person and for each kind of spread."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

from lowdose import engine
from lowdose.model import Kinetics, Output
from lowdose.people import Person
from lowdose.regimen import Regimen
from lowdose.results.command import command_line
from lowdose.results.metrics import Metric, Timing, course_of, measure, per_person

if TYPE_CHECKING:
    import xarray

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
        The event records each person was solved with.
    """

    kind: Kind
    time: Array
    values: Mapping[str, Array]
    failures: Mapping[int, str]
    parameters: Mapping[str, Array]
    without_drug: Mapping[str, Array]
    records: tuple[tuple[Record, ...], ...] = ()

    def quantiles(self, output: str, probabilities: tuple[float, ...] = (0.05, 0.25, 0.5, 0.75, 0.95)) -> Array:
        """Quantiles over persons at each time, shape (len(probabilities), T); failed persons left out.

        Examples
        --------
        >>> one = Ensemble("people", np.arange(2.0), {"x": np.array([[1.0, 2.0], [3.0, 4.0]])}, {}, {}, {})
        >>> one.quantiles("x", (0.5,)).tolist()
        [[2.0, 3.0]]
        """
        values = self.values[output]
        kept = values[[i for i in range(len(values)) if i not in self.failures]]
        return np.asarray(np.quantile(kept, probabilities, axis=0))


@dataclass(frozen=True)
class Result:
    """One regimen, one person's covariates, one hypothesis: the typical course and its spreads.

    ``bands`` holds one ensemble for each kind that was asked for; ``drawn`` names the one a chart shows.
    """

    regimen: Regimen
    person: Person
    kinetics: Kinetics
    model_hash: str
    seed: int
    people: int
    drawn: Kind
    start: datetime | None
    timing: Timing
    typical: Ensemble
    bands: Mapping[str, Ensemble]
    outputs: Mapping[str, Output]
    weak_outputs: frozenset[str]
    """Outputs that rest on an assumed or animal parameter: their curves are dashed."""
    used_parameters: tuple[str, ...]
    """Symbols of every parameter the run depends on."""
    overrides: Mapping[str, float] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()
    domain: tuple[str, ...] = ()
    """What limits the validity of this run, one sentence each."""

    @property
    def command(self) -> str:
        """The command line that reproduces the run."""
        return command_line(self)

    @property
    def ensembles(self) -> tuple[Ensemble, ...]:
        """The typical person first, then each kind of spread."""
        return (self.typical, *self.bands.values())

    @property
    def clock_start(self) -> float:
        """Clock time of time 0, decimal hours."""
        return self.timing.clock_start

    @cached_property
    def metrics(self) -> dict[str, dict[str, Metric]]:
        """``metrics[output][name]``: value for the typical person, quantiles for each kind of spread, unit."""
        return {
            name: measure(name, output, self.timing, self.typical, self.bands) for name, output in self.outputs.items()
        }

    def per_person(self, output: str, metric: str, ensemble: Ensemble) -> Array:
        """One metric of every person of an ensemble, shape (n,); NaN where it does not exist.

        Examples
        --------
        >>> from lowdose import simulate
        >>> result = simulate("50 mg once")
        >>> result.per_person("naltrexone_plasma", "tmax", result.typical).round(2).tolist()
        [0.8]
        """
        return per_person(metric, course_of(output, self.outputs[output], self.timing, ensemble))

    @cached_property
    def dataset(self) -> xarray.Dataset:
        """All trajectories, dims (person, time), units as attributes; ``kind`` says what varies between persons."""
        from lowdose.results.tables import dataset

        return dataset(self)
