"""How persons differ beyond their covariates: correlated, plausible, and keyed by the person's number alone."""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import cache
from typing import Annotated, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from lowdose.blocks import Block
from lowdose.errors import InvalidInput
from lowdose.model import ParameterTable, parameters, routes
from lowdose.model.parameters import Grade, Lognormal, Provenance
from lowdose.people.files import read
from lowdose.people.scores import Bound, Correlation, Rejection, Scores, correlated, log_variance, plausible, triangle
from lowdose.people.streams import standard_normal

Array = NDArray[np.float64]

_LEAST_LEFT = 0.1
"""At least this share of the variance between persons must be left when covariates and occasions had theirs."""


class Occasion(Block):
    """How much a parameter differs from dose to dose within one person (lognormal, its median the person's own)."""

    of: Literal["F", "ka"]
    cv: Annotated[float, Field(gt=0)]
    provenance: Provenance
    grade: Grade
    source: str
    url: str = ""


class Variability(Block):
    """What goes together, what differs from dose to dose, and what is not plausible."""

    schema_: Literal["lowdose.variability/1"] = Field(alias="schema")
    correlations: tuple[Correlation, ...]
    occasions: tuple[Occasion, ...]
    bounds: tuple[Bound, ...]


@cache
def variability() -> Variability:
    """The shipped data.

    Examples
    --------
    >>> [one.of for one in variability().occasions]
    ['F', 'ka']
    """
    found = read(Variability, "variability.yaml")
    known = {*parameters(), "accounted_for"}
    for bound in found.bounds:
        if bound.quantity not in known:
            raise InvalidInput(f"a bound names {bound.quantity}", where="variability.yaml", remedy="name a parameter")
    return found


def differences(
    table: ParameterTable, seed: int, persons: range, narrowing: Mapping[str, float] | None = None
) -> tuple[Scores, NDArray[np.int64], tuple[Rejection, ...]]:
    """How many times the typical value each of ``persons`` has, for every parameter in which persons differ.

    Parameters
    ----------
    table : ParameterTable
        With ``between_person``.
    seed : int
        Of the random streams.
    persons : range
        Consecutive numbers.
    narrowing : mapping, optional
        Variance of the logarithm that something else accounts for, by symbol; it is taken off.

    Returns
    -------
    tuple
        Ratios by symbol, shape (len(persons),); how often each was drawn again; what the bounds turned away.

    Examples
    --------
    >>> ratios, _, _ = differences(parameters(), 1, range(2000))
    >>> bool(abs(np.corrcoef(np.log(ratios["CL"]), np.log(ratios["V1"]))[0, 1] - 0.3) < 0.08)
    True
    """
    spreads = {symbol: p.between_person for symbol, p in table.items() if p.between_person is not None}
    made_of = triangle(list(spreads), variability().correlations)
    scale = {symbol: _scale(table, symbol, (narrowing or {}).get(symbol, 0.0)) for symbol in spreads}

    def draw(attempt: int) -> Scores:
        again = f"/again-{attempt}" if attempt else ""
        independent = {symbol: standard_normal(seed, f"people/{symbol}{again}", persons) for symbol in spreads}
        together = correlated(independent, made_of)
        return {
            symbol: spread.quantile(together[symbol] * scale[symbol], table[symbol].value) / table[symbol].value
            for symbol, spread in spreads.items()
        }

    return plausible(draw, lambda ratios: _quantities(table, ratios), variability().bounds, len(persons))


def narrowed(table: ParameterTable, explained: Mapping[str, float], occasions: bool) -> dict[str, float]:
    """Variance of the logarithm to take off between persons: what covariates explain, and what occasions add.

    Examples
    --------
    >>> round(narrowed(parameters(), {}, occasions=True)["F"], 4)
    0.0392
    """
    taken = dict(explained)
    for one in variability().occasions if occasions else ():
        for symbol in occasional(table, one.of):
            taken[symbol] = taken.get(symbol, 0.0) + log_variance(one.cv)
    return taken


def occasional(table: ParameterTable, of: str) -> tuple[str, ...]:
    """The parameters that ``of`` stands for: itself, or the absorption rate of every form that is swallowed.

    Examples
    --------
    >>> occasional(parameters(), "ka")
    ('ka_capsule', 'ka_oral_solution', 'ka_slow_release', 'ka_sublingual')
    """
    if of != "ka":
        return (of,)
    swallowed = {route for route, one in routes().items() if one.first_pass != "none"}
    return tuple(symbol for symbol, p in table.items() if symbol.startswith("ka_") and p.route in swallowed)


def _scale(table: ParameterTable, symbol: str, taken: float) -> float:
    spread = table[symbol].between_person
    if taken == 0 or not isinstance(spread, Lognormal):
        return 1.0
    whole = log_variance(spread.cv)
    if whole - taken < _LEAST_LEFT * whole:
        raise InvalidInput(
            f"covariates and occasions account for {taken / whole:.0%} of how {symbol} differs between persons",
            where=symbol,
            remedy="lower the occasion's coefficient of variation, or raise the parameter's between_person",
        )
    return math.sqrt((whole - taken) / whole)


def _quantities(table: ParameterTable, ratios: Scores) -> dict[str, Array]:
    """What the bounds are about, for a person with a healthy liver who takes 50 mg."""
    values = {symbol: table[symbol].value * ratio for symbol, ratio in ratios.items()}
    if "F" in values and "f_first_pass" in values:
        values["accounted_for"] = values["F"] + (1 - values["F"]) * values["f_first_pass"]
    return values
