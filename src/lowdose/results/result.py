"""What a run gives: arrays with their units, for the typical person and for each kind of spread."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING

from lowdose.model import Hypothesis, Kinetics, Output, Parameter, inputs, is_below_oral_studies, parameters, rests_on
from lowdose.people import People, Person, covariates_in_force
from lowdose.regimen import Regimen
from lowdose.results.ensemble import Array, Ensemble, Kind
from lowdose.results.metrics import Metric, Timing, course_of, measure, per_person

if TYPE_CHECKING:
    import xarray

_PERSON_OPTIONS = {"age": "--age", "sex": "--sex", "weight": "--weight", "crcl": "--crcl", "child_pugh": "--child-pugh"}


@dataclass(frozen=True)
class Result:
    """One regimen, one person's covariates, one hypothesis: the typical course and its spreads.

    ``bands`` holds one ensemble for each kind that was asked for; ``drawn`` names the one a chart shows.
    """

    regimen: Regimen
    person: Person
    hypothesis: Hypothesis
    model_hash: str
    seed: int
    people: int
    drawn: Kind
    start: datetime | None
    timing: Timing
    typical: Ensemble
    bands: Mapping[str, Ensemble]
    outputs: Mapping[str, Output]
    overrides: Mapping[str, float] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()
    domain: tuple[str, ...] = ()
    """What limits the validity of this run, one sentence each."""
    virtual: People | None = None
    """The virtual people whose run it is, where it is not that of one person's covariates."""

    @property
    def kinetics(self) -> Kinetics:
        """How receptors are filled and emptied in this run."""
        return self.hypothesis.kinetics

    @property
    def routes(self) -> tuple[str, ...]:
        """Routes by which the doses enter."""
        return tuple(sorted({dose.form.route for dose in self.regimen.doses}))

    @property
    def low_dose(self) -> bool:
        """Whether all that is swallowed lies below the lowest oral dose with published blood levels."""
        return is_below_oral_studies((dose.form.route, dose.amount_mg) for dose in self.regimen.doses)

    @cached_property
    def covariates(self) -> tuple[str, ...]:
        """Symbols of the covariate numbers that act in this run."""
        switch = self.kinetics.on_dose
        imposed = () if switch is None else (switch.size, switch.hours)
        return covariates_in_force(self.person, low_dose=self.low_dose) + imposed

    def inputs(self, output: str) -> dict[str, Parameter]:
        """The parameters that an output of this run rests on and that move it, by symbol.

        Examples
        --------
        >>> from lowdose import simulate
        >>> "ke0" in simulate("3 mg once").inputs("mu_occupancy_central")
        True
        """
        return inputs(output, self.hypothesis.name, self.routes, self.covariates)

    @cached_property
    def weak_outputs(self) -> frozenset[str]:
        """Outputs that rest on an assumed or animal parameter: their curves are dashed."""
        return frozenset(name for name in self.outputs if any(p.is_weak for p in self.inputs(name).values()))

    @cached_property
    def used_parameters(self) -> tuple[str, ...]:
        """Symbols of every parameter the run depends on, constants included."""
        used = {*self.covariates}.union(*(rests_on(name, self.hypothesis.name, self.routes) for name in self.outputs))
        return tuple(symbol for symbol in parameters() if symbol in used)

    @property
    def command(self) -> str:
        """The command line that reproduces the run."""
        return command_line(self)

    @property
    def about(self) -> dict[str, str]:
        """Regimen, hypothesis and model, as every file of trajectories says them."""
        return {"regimen": self.regimen.canonical, "hypothesis": self.hypothesis.name, "model": self.model_hash}

    @property
    def ensembles(self) -> tuple[Ensemble, ...]:
        """The typical person first, then each kind of spread."""
        return (self.typical, *self.bands.values())

    @cached_property
    def failures(self) -> dict[str, dict[int, str]]:
        """Why persons have no result, by kind of spread and person; empty when all went well."""
        return {one.kind: dict(one.failures) for one in self.ensembles if one.failures}

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
        from lowdose.results.trajectories import dataset

        return dataset(self.ensembles, self.outputs, self.about)


def command_line(result: Result) -> str:
    """``lowdose simulate ...`` with every input that differs from its default.

    Examples
    --------
    >>> from lowdose import simulate
    >>> simulate("3 mg once at 08:00").command
    "lowdose simulate '3 mg once at 08:00' --hypothesis effect-site"
    """
    words = ["lowdose", "simulate", result.regimen.canonical]
    words += _person(result.person) if result.virtual is None else _virtual(result.virtual)
    words += ["--hypothesis", result.hypothesis.name]
    if result.people:
        words += ["--people", str(result.people), "--seed", str(result.seed), "--spread", result.drawn]
    if result.start is not None:
        words += ["--start", result.start.isoformat(timespec="minutes")]
    for symbol, value in result.overrides.items():
        words += ["--set", f"{symbol}={value!r}"]
    return shlex.join(words)


def _person(person: Person) -> list[str]:
    words = []
    for name, option in _PERSON_OPTIONS.items():
        value = getattr(person, name)
        if value != getattr(Person(), name):
            words += [option, f"{value:g}" if isinstance(value, float) else str(value)]
    return words


def _virtual(people: People) -> list[str]:
    words = ["--population", people.name, "--relations", people.relations, "--adherence", people.adherence]
    return [*words, "--occasions"] if people.occasions else words
