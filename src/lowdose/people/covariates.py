"""What weight, kidneys, liver and dose range do to a parameter row."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from lowdose.model import parameters
from lowdose.people.person import Person

_REFERENCE_WEIGHT_KG = 70.0
_REFERENCE_CRCL = 100.0
_ALLOMETRY = ("allometry_clearance", "allometry_volume")


def apply_covariates(
    values: dict[str, NDArray[np.float64]], person: Person, *, low_dose: bool
) -> dict[str, NDArray[np.float64]]:
    """A new set of rows in which the person's covariates act; ``values`` maps symbol to shape (n,).

    Weight scales clearances and volumes; creatinine clearance scales the renal part of 6β-naltrexol's clearance;
    cirrhosis raises oral bioavailability, never above 1 (its effect is on the first pass: a depot injection
    showed none); below 16 mg bioavailability may be lower than at 50 mg.

    Examples
    --------
    >>> from lowdose.people import Person, rows
    >>> rows(Person(child_pugh="C"))["F"]
    array([1.])
    """
    values = dict(values)
    relative = person.weight / _REFERENCE_WEIGHT_KG
    for exponent in _ALLOMETRY:
        for symbol in parameters()[exponent].acts_on:
            values[symbol] = values[symbol] * relative ** values[exponent]
    if person.crcl is not None:
        values["CLm_renal"] = values["CLm_renal"] * (person.crcl / _REFERENCE_CRCL)
    if low_dose:
        values["F"] = values["F"] * values["F_low_dose_ratio"]
    if person.child_pugh is not None:
        values["F"] = np.minimum(1.0, values["F"] * values[f"hepatic_ratio_{person.child_pugh}"])
    return values


def covariates_in_force(person: Person, *, low_dose: bool) -> tuple[str, ...]:
    """Symbols of the covariate numbers that change anything for this person.

    Examples
    --------
    >>> from lowdose.people import Person
    >>> covariates_in_force(Person(child_pugh="B"), low_dose=True)
    ('F_low_dose_ratio', 'hepatic_ratio_B')
    """
    symbols = ["F_low_dose_ratio"] if low_dose else []
    if person.weight != _REFERENCE_WEIGHT_KG:
        symbols += _ALLOMETRY
    if person.child_pugh is not None:
        symbols.append(f"hepatic_ratio_{person.child_pugh}")
    return tuple(symbols)
