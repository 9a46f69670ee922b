"""The main job: a regimen, a person and a hypothesis -> what happens in the body."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import cached_property
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from lowdose import cache, engine
from lowdose.errors import InvalidInput, LowdoseError
from lowdose.model import (
    Kinetics,
    assemble,
    hypothesis,
    is_below_oral_studies,
    limits_of_validity,
    outputs,
    routes,
)
from lowdose.people import Person, Rows, rows
from lowdose.regimen import Regimen
from lowdose.results import Ensemble, Kind, Record, Result, Timing
from lowdose.results.grid import AFTERMATH_HOURS, DAY, FINE_DAY, observation_times
from lowdose.results.metrics import mean

Array = NDArray[np.float64]
Spread = Literal["people", "knowledge", "both"]
Progress = Callable[[int, int], None]

_ABSOLUTE_TOLERANCE_PER_MG = 1e-10
"""Absolute tolerance of the solver for each mg of the largest dose, so that a small dose is solved as well."""
_PEOPLE_A_WORKER = 8
"""Below so many people another process costs more than it saves."""
_LONGEST_WINDOW = 36.0
"""Hours after the last dose that the metrics look at."""
_KINDS: Mapping[str, tuple[Spread, ...]] = {
    "people": ("people",),
    "knowledge": ("knowledge",),
    "both": ("both", "people", "knowledge"),
}


def simulate(
    regimen: str | Regimen,
    person: Person | None = None,
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
    person : Person, optional
        Covariates; a healthy 70-kg adult when left out.
    people : int
        Number of persons drawn for each kind of spread; 0 for the typical person alone.
    seed : int
        Of the random numbers; person i is the same for any number of people.
    hypothesis_name : str, optional
        Kinetics, see ``lowdose.model.hypothesis_names``.
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
        Processes among which people are shared out; the result does not depend on it. With more than one, a
        script must be guarded by ``if __name__ == "__main__":``.
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
    schedule = Regimen.parse(regimen) if isinstance(regimen, str) else regimen
    if start is not None:
        dated = schedule.starting(start)
        schedule, start = dated.regimen, dated.first_dose
    person, kinetics, overrides = person or Person(), hypothesis(hypothesis_name), dict(overrides or {})
    model = engine.compile(assemble(kinetics.name), cache=cache.folder())
    timing = Timing(
        schedule.clock_start, np.array([dose.hours for dose in schedule.doses]), _end(schedule, aftermath_hours)
    )
    run = _Run(model, kinetics, schedule, timing, person, seed, overrides, workers)

    kinds = (_KINDS[spread] if bands is None else tuple(bands)) if people else ()
    total = 1 + people * len(kinds)
    done = 0

    def advance(finished: int, _: int) -> None:
        if progress is not None:
            progress(done + finished, total)

    typical = run.ensemble("typical", 1, advance)
    if typical.failures:
        raise LowdoseError(
            f"the typical person could not be solved: {typical.failures[0]}",
            where=f"kinetics {kinetics.name}, {schedule.canonical}",
            remedy="take back --set values, or report the regimen",
        )
    done += 1
    spreads: dict[str, Ensemble] = {}
    for kind in kinds:
        spreads[kind] = run.ensemble(kind, people, advance)
        done += people
    return Result(
        regimen=schedule,
        person=person,
        kinetics=kinetics,
        model_hash=model.hash,
        seed=seed,
        people=people,
        drawn=spread if people else "typical",
        start=start,
        timing=timing,
        typical=typical,
        bands=spreads,
        outputs=outputs(),
        overrides=overrides,
        warnings=schedule.warnings,
        domain=(*limits_of_validity(run.conditions()), *person.caveats),
    )


def rivals(result: Result) -> tuple[Result, ...]:
    """The typical course of the same regimen and person under every kinetics, in the order of the hypotheses.

    Examples
    --------
    >>> [rival.kinetics.name for rival in rivals(simulate("3 mg once"))][:2]
    ['effect-site', 'slow-binding']
    """
    from lowdose.model import hypothesis_names

    return tuple(
        simulate(
            result.regimen,
            result.person,
            hypothesis_name=name,
            seed=result.seed,
            overrides=result.overrides,
        )
        for name in hypothesis_names()
    )


class _Run:
    """What every ensemble of one call shares."""

    def __init__(
        self,
        model: engine.CompiledModel,
        kinetics: Kinetics,
        regimen: Regimen,
        timing: Timing,
        person: Person,
        seed: int,
        overrides: Mapping[str, float],
        workers: int,
    ) -> None:
        self.model, self.kinetics, self.regimen, self.timing = model, kinetics, regimen, timing
        self.person, self.seed, self.overrides = person, seed, overrides
        self.workers = workers
        self.low_dose = is_below_oral_studies((dose.form.route, dose.amount_mg) for dose in regimen.doses)
        self.routes = sorted({dose.form.route for dose in regimen.doses})

    def ensemble(self, kind: Kind, n: int, progress: Progress) -> Ensemble:
        fixed = {**self.kinetics.overrides, **self.overrides}
        drawn = rows(self.person, range(n), self.seed, kind, low_dose=self.low_dose, overrides=fixed)
        drawn["clock_start"] = np.full(n, self.timing.clock_start)
        records = self.records(drawn, n)
        times = observation_times(self.timing, [r.time for r in records[0] if isinstance(r, engine.Change)])
        course = self.solve(drawn, records, list(outputs()), times, progress)
        baseline, day = self.without_drug(drawn, n)
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

    def without_drug(self, drawn: Rows, n: int) -> tuple[engine.Solution, slice]:
        """The hormones at dose 0 over the clock hours of the last day, and which of its times that day is."""
        hormones = [name for name, output in outputs().items() if output.kind == "hormone"]
        begin = self.timing.last_dose % DAY
        times = np.concatenate([[0.0], begin + FINE_DAY]) if begin else FINE_DAY
        return self.solve(drawn, [()] * n, hormones, times), slice(1 if begin else 0, None)

    def solve(
        self,
        drawn: Rows,
        records: Sequence[Sequence[Record]],
        wanted: list[str],
        times: Array,
        progress: Progress | None = None,
    ) -> engine.Solution:
        solved = {symbol: drawn[symbol] for symbol in self.model.parameters}
        workers = min(self.workers, max(1, len(records) // _PEOPLE_A_WORKER))
        absolute = _ABSOLUTE_TOLERANCE_PER_MG * min(
            1.0, max((dose.amount_mg for dose in self.regimen.doses), default=1.0)
        )
        return engine.solve(
            self.model, solved, records, wanted, times, atol=absolute, workers=workers, progress=progress
        )

    def records(self, drawn: Rows, n: int) -> tuple[tuple[Record, ...], ...]:
        """Engine records of ``n`` persons: the doses, and what the hypothesis switches at each dose.

        Persons of whom nothing enters share one tuple, which the engine reads once.
        """
        switch = self.kinetics.on_dose
        if switch is None:
            return (self.doses,) * n
        settings = list(zip(drawn[switch.hours].tolist(), drawn[switch.size].tolist(), strict=True))
        known: dict[tuple[float, float], tuple[Record, ...]] = {
            (hours, size): (*self.doses, *_switched(switch.parameter, size, _merged(self.timing.doses, hours)))
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
        conditions = [f"route_{route}" for route in self.routes] + [f"kinetics_{self.kinetics.name}"]
        if self.low_dose:
            conditions.append("below_lowest_oral_study")
            if len(self.timing.doses) > 1:
                conditions.append("repeated_low_dose")
        if self.person.child_pugh is not None:
            conditions.append("cirrhosis")
        return conditions


def _end(regimen: Regimen, aftermath_hours: float) -> float:
    """Hour at which the run ends: the schedule is over and the aftermath of the last dose has been seen."""
    last = regimen.doses[-1].hours if regimen.doses else 0.0
    return max(regimen.duration_hours, last + max(aftermath_hours, _LONGEST_WINDOW))


def _switched(parameter: str, size: float, spans: Iterator[tuple[float, float]]) -> Iterator[engine.Change]:
    """A parameter at ``size`` within each of ``spans``, and at 0 outside."""
    for begin, end in spans:
        yield engine.Change(begin, parameter, size)
        yield engine.Change(end, parameter, 0.0)


def _merged(doses: Sequence[float] | Array, hours: float) -> Iterator[tuple[float, float]]:
    """Intervals of ``hours`` after each dose, overlapping ones joined."""
    begin = end = None
    for dose in doses:
        if begin is None or end is None or dose > end:
            if begin is not None and end is not None:
                yield begin, end
            begin = float(dose)
        end = float(dose) + hours
    if begin is not None and end is not None:
        yield begin, end
