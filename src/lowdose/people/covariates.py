"""What weight, age, kidneys, liver and dose range do to a parameter row."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from lowdose.blocks import Block
from lowdose.errors import NotFound
from lowdose.model import parameters
from lowdose.model.parameters import Grade, Provenance
from lowdose.people.files import read
from lowdose.people.person import Person

Array = NDArray[np.float64]

_REFERENCE_WEIGHT_KG = 70.0
_REFERENCE_CRCL = 100.0
_ALLOMETRY = ("allometry_clearance", "allometry_volume")
_CLEARANCES_OF = {"naltrexone": ("CL",), "naltrexol": ("CLm_renal", "CLm_other")}


@dataclass(frozen=True)
class Covariates:
    """Covariates of several persons, one array of shape (n,) each.

    Parameters
    ----------
    age : array
        Years.
    weight : array
        Kilograms.
    crcl : array
        Creatinine clearance, mL/min; NaN where it is not known.
    child_pugh : array of str
        Class of cirrhosis, empty for a healthy liver.
    """

    age: Array
    weight: Array
    crcl: Array
    child_pugh: NDArray[np.str_]

    @classmethod
    def of(cls, person: Person, n: int) -> Covariates:
        """The same person ``n`` times.

        Examples
        --------
        >>> Covariates.of(Person(weight=82), 2).weight
        array([82., 82.])
        """
        return cls(
            np.full(n, float(person.age)),
            np.full(n, float(person.weight)),
            np.full(n, np.nan if person.crcl is None else float(person.crcl)),
            np.full(n, person.child_pugh or ""),
        )


class Relation(Block):
    """A clearance that changes with a covariate, as published: ``slope`` on ``typical``, centred on our person."""

    covariate: Literal["age", "weight", "crcl"]
    centre: float
    of: Literal["naltrexone", "naltrexol"]
    slope: float
    slope_unit: str
    typical: float
    typical_unit: str
    provenance: Provenance
    grade: Grade
    source: str
    url: str

    def change(self, covariates: Covariates) -> Array:
        """By what share the clearance of each person differs from that at the centre; 0 where it is not known."""
        value: Array = getattr(covariates, self.covariate)
        return np.where(np.isnan(value), 0.0, self.slope / self.typical * (value - self.centre))


class RelationSet(Block):
    """Named relations between covariates and parameters."""

    sentence: str
    relations: tuple[Relation, ...]


class _NoEffect(Block):
    covariate: str
    provenance: Provenance
    grade: Grade
    source: str
    url: str


class _NotUsed(Block):
    what: str
    why: str


class Relations(Block):
    """Every set, what was found to have no effect, and what is published but not used."""

    schema_: Literal["lowdose.relations/1"] = Field(alias="schema")
    sets: dict[str, RelationSet]
    no_effect: tuple[_NoEffect, ...]
    not_used: tuple[_NotUsed, ...]


@cache
def relations() -> Relations:
    """The shipped relations.

    Examples
    --------
    >>> relations().sets["depot"].relations[0].slope
    0.548
    """
    return read(Relations, "relations.yaml")


def relation_set(name: str) -> RelationSet:
    """One set of relations by its name.

    Raises
    ------
    NotFound
        If there is none of that name.

    Examples
    --------
    >>> relation_set("convention").relations
    ()
    """
    sets = relations().sets
    if name not in sets:
        raise NotFound.among("set of relations", name, sets)
    return sets[name]


def apply_covariates(
    values: dict[str, Array], covariates: Covariates, *, low_dose: bool, relations: str = "convention"
) -> dict[str, Array]:
    """A new set of rows in which the persons' covariates act; ``values`` maps symbol to shape (n,).

    Weight scales clearances and volumes by the allometric convention. Where creatinine clearance is known it scales
    the renal part of 6β-naltrexol's clearance, and weight does not a second time: mL/min is of the whole body.
    ``relations="depot"`` puts the published relations of the monthly depot in the place of both for the clearances
    they are about. Cirrhosis raises oral bioavailability, never above 1 (its effect is on the first pass: a depot
    injection showed none); below 16 mg bioavailability may be lower than at 50 mg.

    Examples
    --------
    >>> from lowdose.people import Person, rows
    >>> rows(Person(child_pugh="C"))["F"]
    array([1.])
    >>> one = Covariates.of(Person(weight=90), 1)
    >>> values = {symbol: np.array([p.value]) for symbol, p in parameters().items()}
    >>> round(float(apply_covariates(values, one, low_dose=False, relations="depot")["CL"][0]), 2)
    150.96
    """
    values = dict(values)
    published = relation_set(relations).relations
    replaced = {symbol for one in published for symbol in _CLEARANCES_OF[one.of]}
    relative = covariates.weight / _REFERENCE_WEIGHT_KG
    known = ~np.isnan(covariates.crcl)
    for exponent in _ALLOMETRY:
        for symbol in set(parameters()[exponent].acts_on) - replaced:
            scaled = values[symbol] * relative ** values[exponent]
            values[symbol] = np.where(known, values[symbol], scaled) if symbol == "CLm_renal" else scaled
    if "CLm_renal" not in replaced:
        values["CLm_renal"] = values["CLm_renal"] * np.where(known, covariates.crcl / _REFERENCE_CRCL, 1.0)
    _publish(values, published, covariates)
    if low_dose:
        values["F"] = values["F"] * values["F_low_dose_ratio"]
    for letter in ("A", "B", "C"):
        ill = covariates.child_pugh == letter
        if ill.any():
            raised = np.minimum(1.0, values["F"] * values[f"hepatic_ratio_{letter}"])
            values["F"] = np.where(ill, raised, values["F"])
    return values


def _publish(values: dict[str, Array], published: tuple[Relation, ...], covariates: Covariates) -> None:
    """Let published relations act: on naltrexone's clearance, and on the renal part of 6β-naltrexol's.

    The kidneys change the whole of 6β-naltrexol's apparent clearance by the published share; all of that change is
    put into the renal part, which is what the kidneys can change.
    """
    change = {
        of: sum((one.change(covariates) for one in published if one.of == of), np.zeros(1)) for of in _CLEARANCES_OF
    }
    if any(one.of == "naltrexone" for one in published):
        values["CL"] = values["CL"] * (1 + change["naltrexone"])
    if any(one.of == "naltrexol" for one in published):
        renal, other = (parameters()[symbol].value for symbol in _CLEARANCES_OF["naltrexol"])
        values["CLm_renal"] = values["CLm_renal"] * (1 + change["naltrexol"] * (renal + other) / renal)


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
