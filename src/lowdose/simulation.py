"""The main job: a regimen, a person and a hypothesis -> what happens in the body."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from lowdose import cache, engine
from lowdose.errors import InvalidInput, LowdoseError
from lowdose.model import (
    assemble,
    hypotheses,
    hypothesis,
    is_below_oral_studies,
    limits_of_validity,
    outputs,
    routes,
)
from lowdose.people import People, Person, Rows, rows
from lowdose.regimen import Regimen
from lowdose.results import Ensemble, Kind, Record, Result, Timing
from lowdose.results.grid import AFTERMATH_HOURS, DAY, FINE_DAY, end_of_run, observation_times, spans_after
from lowdose.results.metrics import mean
from lowdose.results.population import Population, manifest, one_row_a_person, persons_in_a_part
from lowdose.results.stream import Stream, read_manifest

Array = NDArray[np.float64]
Spread = Literal["people", "knowledge", "both"]
Progress = Callable[[int, int], None]

_ABSOLUTE_TOLERANCE_PER_MG = 1e-10
"""Absolute tolerance of the solver for each mg of the largest dose, so that a small dose is solved as well."""
_TYPICAL_TOLERANCE = 1e-8
_PEOPLE_TOLERANCE = 1e-6
"""Relative tolerance for the typical person, and for people who are drawn: their curves are true to a millionth of
their size, far closer than people are to each other."""
_KINDS: Mapping[str, tuple[Spread, ...]] = {
    "people": ("people",),
    "knowledge": ("knowledge",),
    "both": ("both", "people", "knowledge"),
}


def simulate(
    regimen: str | Regimen,
    person: Person | People | None = None,
    *,
    people: int = 0,
    seed: int = 1,
    hypothesis_name: str | None = None,
    spread: Spread = "both",
    bands: Sequence[Spread] | None = None,
    start: datetime | None = None,
    overrides: Mapping[str, float] | None = None,
    aftermath_hours: float = AFTERMATH_HOURS,
    workers: int = 1,
    progress: Progress | None = None,
) -> Result:
    """Predict the course of drug, receptors, own opioids and tone under a regimen.

    Parameters
    ----------
    regimen : str or Regimen
        For example ``"4.5 mg nightly at 22:00 for 12 weeks"``.
    person : Person or People, optional
        Covariates; a healthy 70-kg adult when left out. Virtual people (`lowdose.people.make`) are all drawn when
        ``people`` is left out, with their own seed, covariates and habits of taking doses.
    people : int
        Number of persons drawn for each kind of spread; 0 for the typical person alone.
    seed : int
        Of the random numbers; person i is the same for any number of people.
    hypothesis_name : str, optional
        ``KINETICS``, ``MECHANISM`` or ``KINETICS+MECHANISM``, see ``lowdose.model.hypothesis``.
    spread : {"people", "knowledge", "both"}
        What the drawn band shows.
    bands : sequence of spreads, optional
        Which bands to compute; the drawn one, and with "both" the two others too, when left out.
    start : datetime, optional
        Date and time from which the first dose is looked for.
    overrides : mapping, optional
        Other typical values by parameter symbol.
    aftermath_hours : float
        How long the run goes on after the last dose, at least 36.
    workers : int
        Threads among which people are shared out; the result does not depend on it.
    progress : callable, optional
        Called with (persons done, persons in all).

    Raises
    ------
    InvalidInput
        If the regimen or a number is not valid.
    NotFound
        If the hypothesis or an override has no such name.

    Examples
    --------
    >>> result = simulate("4.5 mg nightly at 22:00 for 3 days")
    >>> result.metrics["mu_occupancy_central"]["mean_last_day"].unit
    '1'
    """
    if people < 0:
        raise InvalidInput(f"{people} people", where="people", remedy="give 0 for the typical person alone, or more")
    people = people or (len(person) if isinstance(person, People) else 0)
    run = _Run(regimen, person, seed, hypothesis_name, start, overrides, aftermath_hours, workers)
    kinds = (_KINDS[spread] if bands is None else tuple(bands)) if people else ()
    told = _Told(progress, 1 + people * len(kinds))
    typical = run.typical(told)
    ensembles: dict[str, Ensemble] = {kind: run.ensemble(kind, range(people), told) for kind in kinds}
    return run.result(typical, ensembles, people, spread if people else "typical")


def population(
    regimen: str | Regimen,
    person: Person | People | None = None,
    *,
    people: int,
    folder: Path | str,
    chunk: int | None = None,
    seed: int = 1,
    hypothesis_name: str | None = None,
    spread: Spread = "both",
    start: datetime | None = None,
    overrides: Mapping[str, float] | None = None,
    aftermath_hours: float = AFTERMATH_HOURS,
    workers: int = 1,
    progress: Progress | None = None,
) -> Population:
    """Simulate any number of people in the memory of a few, keeping one row a person in a folder.

    The parameters, metrics and status of ``chunk`` people at a time are written as a Parquet file of their own.
    Whatever stops the run, finished parts are kept: the same call goes on with those that are missing, and gives the
    same numbers as if it had not been stopped.

    Parameters
    ----------
    regimen, person, seed, hypothesis_name, spread, start, overrides, aftermath_hours, workers, progress
        As in `simulate`; only the spread that is named is computed.
    people : int
        Number of persons drawn, at least 1; person i is the one of `simulate`.
    folder : path
        New, empty, or of the same run.
    chunk : int, optional
        Persons solved and written together; as many as fit into a quarter of a gigabyte when left out. No number
        depends on it.

    Raises
    ------
    InvalidInput
        If a number is not valid, the folder belongs to another run, or it cannot be written.
    LowdoseError
        If there is no room left on the disk, or another process is writing to the folder.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     found = population("3 mg once", people=4, folder=folder, chunk=3, spread="people", aftermath_hours=36)
    ...     sorted(found.metrics["cortisol"]["peak"].bands["people"]), found.table.count_rows()
    (['p05', 'p50', 'p95'], 4)
    """
    for name, number in (("people", people), ("chunk", 1 if chunk is None else chunk)):
        if number < 1:
            raise InvalidInput(f"{name} is {number}", where=name, remedy="give 1 or more")
    folder = Path(folder)
    run = _Run(regimen, person, seed, hypothesis_name, start, overrides, aftermath_hours, workers)
    told = _Told(progress, 1 + people)
    result = run.result(run.typical(told), {}, people, spread)
    if chunk is None:
        known = read_manifest(folder)
        chunk = known.chunk if known else persons_in_a_part(len(result.typical.time), len(result.outputs))
    marks = manifest(result, folder, chunk)
    if run.virtual is not None:
        marks = replace(marks, run={**marks.run, "virtual": run.virtual.identity})
    with Stream(folder, marks) as stream:
        missing = stream.missing()
        told(people - sum(len(part.persons) for part in missing))
        for part in missing:
            stream.write(part, one_row_a_person(result, run.ensemble(spread, part.persons, told), part.persons.start))
    return Population.of(result, folder)


def rivals(result: Result) -> tuple[Result, ...]:
    """The typical course of the same regimen and person under every kinetics, in the order of the hypotheses.

    The mechanism, where there is one, stays the same; a kinetics it makes no sense with is left out.

    Examples
    --------
    >>> [rival.kinetics.name for rival in rivals(simulate("3 mg once"))][:2]
    ['effect-site', 'slow-binding']
    """
    mechanism = result.hypothesis.mechanism
    names = [one.name for one in hypotheses() if one.mechanism == mechanism]
    return tuple(
        simulate(
            result.regimen,
            result.person,
            hypothesis_name=name,
            seed=result.seed,
            overrides=result.overrides,
        )
        for name in names
    )


class _Told:
    """Adds up the persons that are done in one solve after another, and tells whoever wants to know."""

    def __init__(self, progress: Progress | None, total: int) -> None:
        self.progress, self.total, self.before = progress, total, 0

    def __call__(self, done: int) -> None:
        """``done`` more persons are through."""
        self.before += done
        self.within(0, 0)

    def within(self, done: int, _: int) -> None:
        """So many of the persons at work are through."""
        if self.progress is not None:
            self.progress(self.before + done, self.total)


class _Run:
    """What every ensemble of one call shares."""

    def __init__(
        self,
        regimen: str | Regimen,
        person: Person | People | None,
        seed: int,
        hypothesis_name: str | None,
        start: datetime | None,
        overrides: Mapping[str, float] | None,
        aftermath_hours: float,
        workers: int,
    ) -> None:
        schedule = Regimen.parse(regimen) if isinstance(regimen, str) else regimen
        if start is not None:
            dated = schedule.starting(start)
            schedule, start = dated.regimen, dated.first_dose
        self.virtual = person if isinstance(person, People) else None
        self.regimen, self.start, self.who = schedule, start, person or Person()
        self.person = self.who.typical if isinstance(self.who, People) else self.who
        self.hypothesis, self.overrides = hypothesis(hypothesis_name), dict(overrides or {})
        self.model = engine.compile(assemble(self.hypothesis), cache=cache.folder())
        self.outputs = outputs(self.hypothesis)
        self.timing = Timing(
            schedule.clock_start,
            np.array([dose.hours for dose in schedule.doses]),
            end_of_run(schedule, aftermath_hours),
        )
        self.seed, self.workers = seed if self.virtual is None else self.virtual.agree(seed), workers
        if self.virtual is not None and self.virtual.is_personal and self.hypothesis.kinetics.on_dose is not None:
            raise InvalidInput(
                f"{self.hypothesis.kinetics.name} imposes its block at scheduled doses, not at those people take",
                where="people",
                remedy="make the people with perfect adherence and without occasions, or choose other kinetics",
            )
        self.low_dose = is_below_oral_studies((dose.form.route, dose.amount_mg) for dose in schedule.doses)
        self.routes = sorted({dose.form.route for dose in schedule.doses})

    def typical(self, told: _Told) -> Ensemble:
        """The typical person, without whom nothing else is worth doing."""
        typical = self.ensemble("typical", range(1), told)
        if typical.failures:
            raise LowdoseError(
                f"the typical person could not be solved: {typical.failures[0]}",
                where=f"hypothesis {self.hypothesis.name}, {self.regimen.canonical}",
                remedy="take back --set values, or report the regimen",
            )
        return typical

    def result(self, typical: Ensemble, bands: Mapping[str, Ensemble], people: int, drawn: Kind) -> Result:
        """What was found, with what it was asked for and what limits it."""
        return Result(
            regimen=self.regimen,
            person=self.person,
            hypothesis=self.hypothesis,
            model_hash=self.model.hash,
            seed=self.seed,
            people=people,
            drawn=drawn,
            start=self.start,
            timing=self.timing,
            typical=typical,
            bands=bands,
            outputs=self.outputs,
            overrides=self.overrides,
            warnings=self.regimen.warnings,
            domain=(*limits_of_validity(self.conditions()), *(self.virtual or self.person).caveats),
        )

    def ensemble(self, kind: Kind, persons: range, told: _Told) -> Ensemble:
        """The course of each of ``persons``; what they are numbered by in it is their place in the range."""
        n, fixed = len(persons), {**self.hypothesis.overrides, **self.overrides}
        drawn = rows(self.who, persons, self.seed, kind, low_dose=self.low_dose, overrides=fixed)
        drawn["clock_start"] = np.full(n, self.timing.clock_start)
        records = self.records(drawn, n)
        times = observation_times(self.timing, [r.time for r in records[0] if isinstance(r, engine.Change)])
        if self.virtual is not None and self.virtual.is_personal and kind in ("people", "both"):
            records = self.virtual.records(self.regimen, persons, drawn)
        course = self.solve(kind, drawn, records, list(self.outputs), times, told.within)
        baseline, day = self.without_drug(kind, drawn, n)
        told(n)
        failed = {**baseline.details, **course.details}
        return Ensemble(
            kind=kind,
            time=times,
            values=course.values,
            failures={
                i: f"{engine.Status(int(course.status[i] | baseline.status[i])).explain()} ({why})"
                for i, why in failed.items()
            },
            parameters=drawn,
            without_drug={name: mean(baseline.times[day], found[:, day]) for name, found in baseline.values.items()},
            records=records,
            status=course.status | baseline.status,
        )

    def without_drug(self, kind: Kind, drawn: Rows, n: int) -> tuple[engine.Solution, slice]:
        """The hormones at dose 0 over the clock hours of the last day, and which of its times that day is."""
        hormones = [name for name, output in self.outputs.items() if output.kind in ("hormone", "response")]
        begin = self.timing.last_dose % DAY
        times = np.concatenate([[0.0], begin + FINE_DAY]) if begin else FINE_DAY
        return self.solve(kind, drawn, [()] * n, hormones, times), slice(1 if begin else 0, None)

    def solve(
        self,
        kind: Kind,
        drawn: Rows,
        records: Sequence[Sequence[Record]],
        wanted: list[str],
        times: Array,
        progress: Progress | None = None,
    ) -> engine.Solution:
        solved = {symbol: drawn[symbol] for symbol in self.model.parameters if symbol in drawn}
        absolute = _ABSOLUTE_TOLERANCE_PER_MG * min(
            1.0, max((dose.amount_mg for dose in self.regimen.doses), default=1.0)
        )
        return engine.solve(
            self.model,
            solved,
            records,
            wanted,
            times,
            rtol=_TYPICAL_TOLERANCE if kind == "typical" else _PEOPLE_TOLERANCE,
            atol=absolute,
            workers=self.workers,
            progress=progress,
        )

    def records(self, drawn: Rows, n: int) -> tuple[tuple[Record, ...], ...]:
        """Engine records of ``n`` persons: the doses, and what the hypothesis switches at each dose.

        Persons of whom nothing enters share one tuple, which the engine reads once.
        """
        switch = self.hypothesis.kinetics.on_dose
        if switch is None:
            return (self.doses,) * n
        settings = list(zip(drawn[switch.hours].tolist(), drawn[switch.size].tolist(), strict=True))
        known: dict[tuple[float, float], tuple[Record, ...]] = {
            (hours, size): (*self.doses, *_switched(switch.parameter, size, spans_after(self.timing.doses, hours)))
            for hours, size in set(settings)
        }
        return tuple(known[setting] for setting in settings)

    @cached_property
    def doses(self) -> tuple[engine.Dose, ...]:
        """The doses of the regimen, each into the state its form feeds."""
        return tuple(
            engine.Dose(dose.hours, dose.amount_mg, route.state, bioavailability=route.bioavailability or 1.0)
            for dose in self.regimen.doses
            for route in (routes()[dose.form.route],)
        )

    def conditions(self) -> list[str]:
        conditions = [f"route_{route}" for route in self.routes] + [f"kinetics_{self.hypothesis.kinetics.name}"]
        conditions += [f"module_{module}" for module in self.hypothesis.modules]
        if self.low_dose:
            conditions.append("below_lowest_oral_study")
            if len(self.timing.doses) > 1:
                conditions.append("repeated_low_dose")
        if self.person.child_pugh is not None:
            conditions.append("cirrhosis")
        return conditions


def _switched(parameter: str, size: float, spans: Iterator[tuple[float, float]]) -> Iterator[engine.Change]:
    """A parameter at ``size`` within each of ``spans``, and at 0 outside."""
    for begin, end in spans:
        yield engine.Change(begin, parameter, size)
        yield engine.Change(end, parameter, 0.0)
