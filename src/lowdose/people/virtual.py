"""Virtual people: persons with covariates, differences and habits of their own, the same in any batch."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from lowdose.errors import InvalidInput
from lowdose.model import parameters
from lowdose.people import populations
from lowdose.people.adherence import pattern
from lowdose.people.covariates import Covariates, apply_covariates, relation_set
from lowdose.people.differences import differences, narrowed, variability
from lowdose.people.doses import Record, personal_records
from lowdose.people.person import Person
from lowdose.people.populations import Population
from lowdose.people.scores import Rejection, refuse_too_many
from lowdose.people.variability import rows

if TYPE_CHECKING:
    from lowdose.regimen import Regimen

Array = NDArray[np.float64]
Columns = Mapping[str, NDArray[np.generic]]

_REFERENCE = range(4096)
"""Persons by whom a population is judged, whoever is asked for: its typical person, and what its bounds turn away."""
_REFERENCE_SEED = 0
_MEASURED_IN = "healthy-adults"
"""The differences between persons of the parameter table were measured among such people."""


@dataclass(frozen=True)
class People:
    """Virtual people, keyed by number.

    Parameters
    ----------
    persons : range
        Their numbers.
    seed : int
        Of the random streams.
    name : str
        Of the population.
    population : Population
        What they were drawn from.
    columns : mapping
        Covariates, shape (len(persons),) each, in the units of ``UNITS``.
    redraws : array
        How often each was drawn again because a bound turned her away, for covariates.
    covariate_rejections : tuple
        What each bound on covariates turned away.
    relations : str
        Set of relations between covariates and parameters.
    adherence : str
        How they take their doses.
    occasions : bool
        Whether one dose differs from the next in the same person.
    """

    persons: range
    seed: int
    name: str
    population: Population
    columns: Columns
    redraws: NDArray[np.int64]
    covariate_rejections: tuple[Rejection, ...]
    relations: str
    adherence: str
    occasions: bool

    def __len__(self) -> int:
        return len(self.persons)

    def covariates(self, persons: range) -> Covariates:
        """Covariates of some of them, by number.

        Raises
        ------
        InvalidInput
            If they are not among these people.

        Examples
        --------
        >>> people = make(10, seed=7)
        >>> bool(people.covariates(range(9, 10)).weight[0] == people.columns["weight"][9])
        True
        """
        first = persons.start - self.persons.start
        if first < 0 or persons.stop > self.persons.stop:
            raise InvalidInput(
                f"persons {persons.start} to {persons.stop - 1} are not among these people, "
                f"{self.persons.start} to {self.persons.stop - 1}",
                where="people",
                remedy="make as many people as the run asks for",
            )
        some = slice(first, first + len(persons))
        found: dict[str, Any] = {name: self.columns[name][some] for name in ("age", "weight", "crcl", "child_pugh")}
        return Covariates(**found)

    @cached_property
    def typical(self) -> Person:
        """A person in the middle of the population: medians of age, weight and creatinine clearance.

        Examples
        --------
        >>> make(1, population="fibromyalgia").typical.sex
        'F'
        """
        middle = _reference(self.population)
        age, weight, crcl = (
            round(float(np.median(np.asarray(middle[name], np.float64))), 1) for name in ("age", "weight", "crcl")
        )
        return Person(age=age, sex="F" if self.population.women.value >= 0.5 else "M", weight=weight, crcl=crcl)

    @cached_property
    def narrowing(self) -> dict[str, float]:
        """Variance between persons that covariates and occasions account for, by parameter (of its logarithm)."""
        return narrowed(parameters(), _explained(self.relations), self.occasions)

    @cached_property
    def parameters(self) -> dict[str, Array]:
        """Parameters in which persons differ, covariates included, shape (len(persons),) each."""
        found = rows(self, self.persons, self.seed, "people", low_dose=True)
        return {symbol: found[symbol] for symbol, p in parameters().items() if p.between_person is not None}

    @cached_property
    def _differences(self) -> tuple[NDArray[np.int64], tuple[Rejection, ...]]:
        return differences(parameters(), self.seed, self.persons, self.narrowing)[1:]

    @property
    def rejections(self) -> tuple[Rejection, ...]:
        """What every bound turned away, on covariates and on parameters."""
        return (*self.covariate_rejections, *self._differences[1])

    @property
    def all_redraws(self) -> NDArray[np.int64]:
        """How often each person was drawn again, for covariates or for parameters."""
        return self.redraws + self._differences[0]

    @property
    def is_personal(self) -> bool:
        """Whether persons take their doses differently, so that each has records of her own."""
        return self.occasions or not pattern(self.adherence).is_perfect

    def agree(self, seed: int) -> int:
        """The people's own seed, for a run that asks for it or for none in particular (1).

        Raises
        ------
        InvalidInput
            If the run asks for another.
        """
        if seed not in (1, self.seed):
            raise InvalidInput(
                f"the people were made with seed {self.seed}, the run asks for {seed}",
                where="seed",
                remedy="leave the run's seed out, or make the people with it",
            )
        return self.seed

    @property
    def identity(self) -> dict[str, Any]:
        """What makes them these people and no others, but for their number."""
        return {
            "population": self.name,
            "distributions": sha256(self.population.model_dump_json().encode()).hexdigest(),
            "variability": sha256(variability().model_dump_json().encode()).hexdigest(),
            "seed": self.seed,
            "relations": self.relations,
            "adherence": self.adherence,
            "taking": sha256(pattern(self.adherence).model_dump_json().encode()).hexdigest(),
            "occasions": self.occasions,
        }

    @property
    def command(self) -> str:
        """The command line that makes them again.

        Examples
        --------
        >>> make(5, population="crohn").command
        'lowdose people make -n 5 --seed 1 --population crohn --relations depot --adherence perfect'
        """
        words = ["lowdose", "people", "make", "-n", str(self.persons.stop), "--seed", str(self.seed)]
        words += ["--population", self.name, "--relations", self.relations, "--adherence", self.adherence]
        return shlex.join(words + ["--occasions"] * self.occasions)

    @property
    def caveats(self) -> tuple[str, ...]:
        """What limits what can be said about these people.

        Examples
        --------
        >>> "assumed" in make(1).caveats[0]
        True
        """
        said = [
            f"Virtual people ({self.population.title}): covariates from published or assumed distributions, each "
            "with its source; no naltrexone study measured how these covariates act after a low swallowed dose.",
            f"Covariate relations: {relation_set(self.relations).sentence}",
            f"The typical person stands in the middle of these people; to make them again: {self.command}",
        ]
        if self.occasions:
            said.append("How much one dose differs from the next in the same person is assumed.")
        if not pattern(self.adherence).is_perfect:
            said.append(
                f"Doses are taken as in '{self.adherence}' ({pattern(self.adherence).title}); times after the last "
                "dose are counted from the last one scheduled."
            )
        return tuple(said)

    def records(self, regimen: Regimen, persons: range, drawn: Mapping[str, Array]) -> tuple[tuple[Record, ...], ...]:
        """Doses of some of them as each takes them; see `lowdose.people.doses.personal_records`."""
        return personal_records(regimen, self, persons, drawn)


def make(
    n: int | range,
    seed: int = 1,
    population: str | Population = _MEASURED_IN,
    *,
    relations: str = "depot",
    adherence: str = "perfect",
    occasions: bool = False,
) -> People:
    """Draw virtual people from a published population.

    Parameters
    ----------
    n : int or range
        How many, numbered from 0; or which numbers.
    seed : int
        Of the random streams; a person depends on seed and number alone.
    population : str or Population
        See ``population_names``.
    relations : str
        Covariate relations: "depot", as estimated in 453 people, or "convention", as for a single `Person`.
    adherence : str
        See ``pattern_names``.
    occasions : bool
        Whether one dose differs from the next in the same person.

    Raises
    ------
    InvalidInput
        If a number is not valid, or a bound turns away more of the population than it may.
    NotFound
        If a name is not known.

    Examples
    --------
    >>> many, few = make(1000, seed=7), make(range(990, 995), seed=7)
    >>> bool(many.columns["crcl"][992] == few.columns["crcl"][2])
    True
    """
    persons = n if isinstance(n, range) else range(n)
    if len(persons) < 1 or persons.start < 0 or persons.step != 1:
        raise InvalidInput(f"{n} people", where="n", remedy="give 1 or more, or consecutive numbers from 0")
    if seed < 0:
        raise InvalidInput(f"seed {seed}", where="seed", remedy="give 0 or more")
    relation_set(relations), pattern(adherence)
    name, found = (
        (population, populations.population(population)) if isinstance(population, str) else ("own", population)
    )
    columns, redraws, rejections = found.draw(seed, persons)
    people = People(persons, seed, name, found, columns, redraws, rejections, relations, adherence, occasions)
    _judge(people)
    return people


def _judge(people: People) -> None:
    """Refuse a population of which the bounds leave another one, by persons who are always the same."""
    _reference(people.population)
    _, _, rejections = differences(parameters(), _REFERENCE_SEED, _REFERENCE, people.narrowing)
    refuse_too_many(rejections, "variability.yaml")


_known: dict[str, Columns] = {}


def _reference(population: Population) -> Columns:
    """Covariates of the reference persons; refused when the bounds turn away too many."""
    key = population.model_dump_json()
    if key not in _known:
        columns, _, rejections = population.draw(_REFERENCE_SEED, _REFERENCE)
        refuse_too_many(rejections, population.title)
        _known[key] = columns
    return _known[key]


@cache
def _explained(relations: str) -> dict[str, float]:
    """Variance of the logarithm that covariates bring to each parameter among the people it was measured in.

    It is taken off what persons differ by beyond their covariates, so that nothing is counted twice.
    """
    columns: dict[str, Any] = dict(_reference(populations.population(_MEASURED_IN)))
    covariates = Covariates(columns["age"], columns["weight"], columns["crcl"], columns["child_pugh"])
    typical = {symbol: np.full(len(_REFERENCE), p.value) for symbol, p in parameters().items()}
    found = apply_covariates(typical, covariates, low_dose=False, relations=relations)
    varying = [symbol for symbol, p in parameters().items() if p.between_person is not None]
    return {s: float(np.var(np.log(found[s]))) for s in varying if np.ptp(found[s]) > 0}
