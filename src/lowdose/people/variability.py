"""From a person to parameter rows: covariates, how people differ, and how well typical values are known.

Two spreads that are never mixed by accident: ``people`` keeps the typical values and lets persons differ;
``knowledge`` keeps one typical person and lets the typical values be wrong; ``both`` does both.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from lowdose.errors import InvalidInput
from lowdose.model import EXPOSURE_PER_DOSE, ParameterTable, parameters
from lowdose.people.covariates import Covariates, apply_covariates
from lowdose.people.differences import differences
from lowdose.people.person import Person
from lowdose.people.streams import standard_normal

Spread = Literal["typical", "people", "knowledge", "both"]
Rows = dict[str, NDArray[np.float64]]


class Varied(Protocol):
    """What parameters need to know of virtual people: covariates of each, and what those account for."""

    @property
    def typical(self) -> Person:
        """A person in the middle of them."""

    @property
    def narrowing(self) -> Mapping[str, float]:
        """Variance between persons that covariates account for, by parameter (of its logarithm)."""

    @property
    def relations(self) -> str:
        """Set of relations between covariates and parameters."""

    def covariates(self, persons: range) -> Covariates:
        """Covariates of some of them, by number."""


def rows(
    person: Person | Varied,
    persons: range = range(1),
    seed: int = 1,
    spread: Spread = "typical",
    *,
    low_dose: bool = True,
    overrides: Mapping[str, float] | None = None,
    only: Collection[str] | None = None,
) -> Rows:
    """One value of every parameter for each of ``persons``, shape (len(persons),) each.

    Parameters
    ----------
    person : Person or People
        Whose covariates all of them share; or virtual people, each with her own. Without a spread between persons
        ("typical", "knowledge") all are the typical one of these people.
    persons : range
        Consecutive numbers; a person's row depends on its number, never on the others.
    seed : int
        Of the random streams.
    spread : {"typical", "people", "knowledge", "both"}
        What varies.
    low_dose : bool
        Whether all oral doses lie below the lowest with oral concentration data (16 mg).
    overrides : mapping, optional
        Typical values to use instead of the table's; they carry no uncertainty.
    only : collection of str, optional
        Symbols that are wanted, where not all are; those of exposure and of covariates always are, and no value
        depends on what else is.

    Raises
    ------
    NotFound
        If an override names no parameter.
    InvalidInput
        If an override is negative, not finite, or outside the parameter's limits.

    Examples
    --------
    >>> ten = rows(Person(), range(10), seed=7, spread="people")
    >>> last = rows(Person(), range(9, 10), seed=7, spread="people")
    >>> bool(ten["CL"][9] == last["CL"][0])
    True
    """
    table, overrides = parameters(), dict(overrides or {})
    for symbol, value in overrides.items():
        _check_override(table, symbol, value)
    acted_on = {symbol for parameter in table.values() for symbol in parameter.acts_on}
    wanted = table if only is None else table.only({*only, *acted_on, *EXPOSURE_PER_DOSE})
    values = {symbol: np.full(len(persons), overrides.get(symbol, p.value)) for symbol, p in wanted.items()}
    if spread in ("knowledge", "both"):
        scores = {
            symbol: standard_normal(seed, f"knowledge/{symbol}", persons)
            for symbol, parameter in wanted.items()
            if parameter.uncertainty is not None
        }
        values |= typical_values(wanted, scores, overrides, low_dose=low_dose, size=len(persons))
    one, narrowing, relations = (
        (person, None, "convention")
        if isinstance(person, Person)
        else (person.typical, person.narrowing, person.relations)
    )
    covariates = Covariates.of(one, len(persons))
    if spread in ("people", "both"):
        ratios, _, _ = differences(table, seed, persons, narrowing)
        values = {symbol: value * ratios.get(symbol, 1.0) for symbol, value in values.items()}
        covariates = covariates if isinstance(person, Person) else person.covariates(persons)
    return held(table, apply_covariates(values, covariates, low_dose=low_dose, relations=relations))


def _check_override(table: ParameterTable, symbol: str, value: float) -> None:
    low, high = table[symbol].limits or (0.0, math.inf)
    if not (low <= value <= high and math.isfinite(value)):
        remedy = (
            f"give a number from {low:g} to {high:g}" if math.isfinite(high) else "give a number that is not negative"
        )
        raise InvalidInput(f"{symbol} cannot be {value:g} {table[symbol].unit}", where=symbol, remedy=remedy)


def typical_values(
    table: ParameterTable, scores: Rows, overrides: Mapping[str, float], *, low_dose: bool, size: int
) -> Rows:
    """Typical values as they may be in truth, at independent standard-normal ``scores`` by symbol, shape (size,) each.

    Those that are known together move together. A potency that was fitted to scans through exposure follows exposure,
    whether it is among the scores or not.

    Examples
    --------
    >>> none = np.zeros(1)
    >>> float(typical_values(parameters(), {"CL": none}, {}, low_dose=True, size=1)["CL"][0])
    140.0
    """
    drawn = {
        symbol: uncertainty.quantile(score, table[symbol].value)
        for symbol, score in _together(table, scores).items()
        if symbol not in overrides and (uncertainty := table[symbol].uncertainty) is not None
    }
    exposure = np.ones(size)
    for symbol, power in EXPOSURE_PER_DOSE.items():
        if symbol in drawn and (low_dose or symbol != "F_low_dose_ratio"):
            exposure = exposure * (drawn[symbol] / table[symbol].value) ** power
    for symbol, parameter in table.items():
        if parameter.fitted_through_exposure and parameter.uncertainty is not None and symbol not in overrides:
            value = drawn.get(symbol, np.full(size, parameter.value))
            drawn[symbol] = value * exposure**parameter.fitted_through_exposure
    return drawn


def _together(table: ParameterTable, scores: Rows) -> Rows:
    """Scores that move together as the table says; where only one of a pair varies, it keeps its own."""
    moved = dict(scores)
    for correlation in table.uncertainty_correlation:
        (first, second), rho = correlation.pair, correlation.value
        if first in moved and second in moved:
            moved[second] = rho * moved[first] + math.sqrt(1 - rho**2) * moved[second]
    return moved


def held(table: ParameterTable, values: Rows) -> Rows:
    """Every value within the limits of its parameter.

    Examples
    --------
    >>> held(parameters(), {"F": np.array([1.2])})["F"].tolist()
    [1.0]
    """
    limits = {symbol: table[symbol].limits for symbol in values}
    return {s: value if (ends := limits[s]) is None else np.clip(value, *ends) for s, value in values.items()}
