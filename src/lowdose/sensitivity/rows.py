"""From scores to parameter rows: what ``people.rows`` makes of random numbers, made of numbers that are chosen.

An analysis decides where it looks; a population draws. Both go the same way from a standard-normal score to a
parameter: spread of the typical value, correlated uncertainties, exposure to which a potency was fitted, differences
between people that go together, covariates, limits. What is left to a population is to draw again, about once in a
hundred thousand, a person who is not plausible.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from lowdose.model import EXPOSURE_PER_DOSE, ParameterTable, parameters
from lowdose.people import Person, Rows
from lowdose.people.covariates import Covariates, apply_covariates
from lowdose.people.differences import variability
from lowdose.people.scores import correlated, triangle

Array = NDArray[np.float64]


def rows_at(
    person: Person, scores: Mapping[str, Array], *, low_dose: bool, overrides: Mapping[str, float] | None = None
) -> Rows:
    """One value of every parameter for each place in ``scores``, shape (n,) each.

    Parameters
    ----------
    person : Person
        Whose covariates all share.
    scores : mapping of stream to array (n,)
        Independent standard-normal scores, ``"knowledge/CL"`` or ``"people/CL"``; what is not named stays typical.
    low_dose : bool
        Whether all oral doses lie below the lowest with oral concentration data.
    overrides : mapping, optional
        Typical values to use instead of the table's; they carry no uncertainty.

    Examples
    --------
    >>> ends = rows_at(Person(), {"knowledge/CL": np.array([-1.645, 0.0, 1.645])}, low_dose=True)
    >>> ends["CL"].round(0).tolist(), ends["V1"].tolist()
    ([72.0, 140.0, 272.0], [250.0, 250.0, 250.0])
    """
    table, overrides = parameters(), dict(overrides or {})
    size = len(next(iter(scores.values()))) if scores else 1
    values = {symbol: np.full(size, overrides.get(symbol, p.value)) for symbol, p in table.parameters.items()}
    values |= _typical_values(table, _together(table, _of_kind("knowledge", scores)), overrides, low_dose, size)
    for symbol, score in _alike(_of_kind("people", scores)).items():
        parameter = table[symbol]
        assert parameter.between_person is not None
        values[symbol] = values[symbol] * (parameter.between_person.quantile(score, parameter.value) / parameter.value)
    values = apply_covariates(values, Covariates.of(person, size), low_dose=low_dose)
    return {symbol: _held(table, symbol, value) for symbol, value in values.items()}


def _of_kind(kind: str, scores: Mapping[str, Array]) -> dict[str, Array]:
    return {
        symbol: score for stream, score in scores.items() for at, _, symbol in [stream.partition("/")] if at == kind
    }


def _together(table: ParameterTable, scores: dict[str, Array]) -> dict[str, Array]:
    """Scores that move together as the table says; where only one of a pair varies, it keeps its own."""
    for correlation in table.uncertainty_correlation:
        (first, second), rho = correlation.pair, correlation.value
        if first in scores and second in scores:
            scores[second] = rho * scores[first] + math.sqrt(1 - rho**2) * scores[second]
    return scores


def _alike(scores: dict[str, Array]) -> dict[str, Array]:
    """Scores between persons that go together as the data say."""
    pairs = [one for one in variability().correlations if set(one.pair) <= set(scores)]
    return correlated(scores, triangle(list(scores), pairs))


def _typical_values(
    table: ParameterTable, scores: Mapping[str, Array], overrides: Mapping[str, float], low_dose: bool, size: int
) -> Rows:
    """Typical values as they may be in truth; a potency fitted to scans follows exposure, whether it varies or not."""
    drawn = {
        symbol: uncertainty.quantile(score, table[symbol].value)
        for symbol, score in scores.items()
        if symbol not in overrides and (uncertainty := table[symbol].uncertainty) is not None
    }
    exposure = np.ones(size)
    for symbol, power in EXPOSURE_PER_DOSE.items():
        if symbol in drawn and (low_dose or symbol != "F_low_dose_ratio"):
            exposure = exposure * (drawn[symbol] / table[symbol].value) ** power
    for symbol, parameter in table.parameters.items():
        if parameter.fitted_through_exposure and parameter.uncertainty is not None and symbol not in overrides:
            value = drawn.get(symbol, np.full(size, parameter.value))
            drawn[symbol] = value * exposure**parameter.fitted_through_exposure
    return drawn


def _held(table: ParameterTable, symbol: str, value: Array) -> Array:
    limits = table.parameters[symbol].limits
    return value if limits is None else np.clip(value, *limits)
