"""From scores to parameter rows: what `rows` makes of random numbers, made of numbers that are chosen.

An analysis decides where it looks; a population draws. Both go the same way from a standard-normal score to a
parameter: spread of the typical value, correlated uncertainties, exposure to which a potency was fitted, differences
between people that go together, covariates, limits. What is left to a population is to draw again, very rarely, a
person who is not plausible.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from lowdose.model import parameters
from lowdose.people.covariates import Covariates, apply_covariates
from lowdose.people.differences import variability
from lowdose.people.person import Person
from lowdose.people.scores import correlated, triangle
from lowdose.people.variability import Rows, held, typical_values

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
    values |= typical_values(table, _of_kind("knowledge", scores), overrides, low_dose=low_dose, size=size)
    for symbol, score in _alike(_of_kind("people", scores)).items():
        parameter = table[symbol]
        assert parameter.between_person is not None
        values[symbol] = values[symbol] * (parameter.between_person.quantile(score, parameter.value) / parameter.value)
    return held(table, apply_covariates(values, Covariates.of(person, size), low_dose=low_dose))


def _of_kind(kind: str, scores: Mapping[str, Array]) -> dict[str, Array]:
    return {
        symbol: score for stream, score in scores.items() for at, _, symbol in [stream.partition("/")] if at == kind
    }


def _alike(scores: dict[str, Array]) -> dict[str, Array]:
    """Scores between persons that go together as the data say."""
    pairs = [one for one in variability().correlations if set(one.pair) <= set(scores)]
    return correlated(scores, triangle(list(scores), pairs))
