"""What a user asks for: one run in memory, any number of people in a folder, the rivals of a run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from lowdose.errors import InvalidInput
from lowdose.model import hypotheses
from lowdose.people import People, Person
from lowdose.regimen import Regimen
from lowdose.results import Ensemble, Result
from lowdose.results.grid import AFTERMATH_HOURS
from lowdose.results.population import Population, manifest, one_row_a_person, persons_in_a_part
from lowdose.results.stream import Stream, read_manifest
from lowdose.simulation.run import Progress, Run, Spread, Told

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
    run = Run(regimen, person, seed, hypothesis_name, start, overrides, aftermath_hours, workers)
    kinds = (_KINDS[spread] if bands is None else tuple(bands)) if people else ()
    told = Told(progress, 1 + people * len(kinds))
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
    run = Run(regimen, person, seed, hypothesis_name, start, overrides, aftermath_hours, workers)
    told = Told(progress, 1 + people)
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
