"""One run: what every ensemble of a call shares, from parameter rows and dose records to courses."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import cached_property
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from lowdose import cache, engine
from lowdose.errors import InvalidInput, LowdoseError
from lowdose.model import assemble, hypothesis, is_below_oral_studies, limits_of_validity, outputs, routes
from lowdose.people import People, Person, Rows, rows
from lowdose.regimen import Regimen
from lowdose.results import Ensemble, Kind, Record, Result, Timing
from lowdose.results.grid import DAY, FINE_DAY, end_of_run, observation_times, spans_after
from lowdose.results.metrics import mean

Array = NDArray[np.float64]
Spread = Literal["people", "knowledge", "both"]
Progress = Callable[[int, int], None]

_ABSOLUTE_TOLERANCE_PER_MG = 1e-10
"""Absolute tolerance of the solver for each mg of the largest dose, so that a small dose is solved as well."""
_TYPICAL_TOLERANCE = 1e-8
_PEOPLE_TOLERANCE = 1e-6
"""Relative tolerance for the typical person, and for people who are drawn: their curves are true to a millionth of
their size, far closer than people are to each other."""


class Told:
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


class Run:
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

    def typical(self, told: Told) -> Ensemble:
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
            virtual=self.virtual,
        )

    def ensemble(self, kind: Kind, persons: range, told: Told) -> Ensemble:
        """The course of each of ``persons``; what they are numbered by in it is their place in the range."""
        fixed = {**self.hypothesis.overrides, **self.overrides}
        drawn = rows(
            self.who, persons, self.seed, kind, low_dose=self.low_dose, overrides=fixed, only=self.model.parameters
        )
        records = scheduled = self.records(drawn, len(persons))
        if self.virtual is not None and self.virtual.is_personal and kind in ("people", "both"):
            records = self.virtual.records(self.regimen, persons, drawn)
        found = self.course(kind, drawn, records, list(self.outputs), told.within, times=self.times(scheduled[0]))
        told(len(persons))
        return found

    def course(
        self,
        kind: Kind,
        drawn: Rows,
        records: Sequence[Sequence[Record]],
        wanted: list[str],
        progress: Progress | None = None,
        *,
        times: Array | None = None,
        baseline: bool = True,
    ) -> Ensemble:
        """The course of ``wanted`` outputs for given parameters; ``baseline`` asks for hormones without drug too."""
        n = len(records)
        drawn = {**drawn, "clock_start": np.full(n, self.timing.clock_start)}
        times = self.times(records[0]) if times is None else times
        course = self.solve(kind, drawn, records, wanted, times, progress)
        failed, status, without = dict(course.details), course.status, {}
        if baseline:
            rest, day = self.without_drug(kind, drawn, n)
            failed, status = {**rest.details, **failed}, status | rest.status
            without = {name: mean(rest.times[day], found[:, day]) for name, found in rest.values.items()}
        return Ensemble(
            kind=kind,
            time=times,
            values=course.values,
            failures={i: f"{engine.Status(int(status[i])).explain()} ({why})" for i, why in failed.items()},
            parameters=drawn,
            without_drug=without,
            records=tuple(map(tuple, records)),
            status=status,
        )

    def times(self, records: Sequence[Record]) -> Array:
        """When outputs are kept: the same for all persons, finer after doses and where records switch a parameter."""
        return observation_times(self.timing, [one.time for one in records if isinstance(one, engine.Change)])

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
        """Every person at ``times``; the typical one more closely than those who are drawn."""
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
        """What limits of validity are asked by: routes, kinetics, modules, doses, liver."""
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
