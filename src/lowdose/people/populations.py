"""Published populations: how age, sex, body size, kidneys and liver are spread among people."""

from __future__ import annotations

import math
from functools import cache
from statistics import NormalDist
from typing import Annotated, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, model_validator

from lowdose.blocks import Block
from lowdose.errors import InvalidInput, NotFound
from lowdose.model.parameters import Grade, Provenance
from lowdose.people import body
from lowdose.people.files import parse, read
from lowdose.people.person import ChildPugh
from lowdose.people.scores import Bound, Correlation, Rejection, Scores, correlated, plausible, triangle
from lowdose.people.streams import standard_normal

Array = NDArray[np.float64]
Columns = dict[str, NDArray[np.generic]]

DRAWN = ("age", "height", "bmi", "serum_creatinine")
"""Covariates that have a distribution of their own; sex and liver are shares, the rest follows."""
UNITS = {
    "age": "years", "sex": "", "height": "cm", "weight": "kg", "bmi": "kg/m2", "serum_creatinine": "mg/dL",
    "crcl": "mL/min", "child_pugh": "",
}  # fmt: skip

_CLASSES: tuple[ChildPugh, ...] = ("A", "B", "C")


class _Sourced(Block):
    provenance: Provenance
    grade: Grade
    source: str
    url: str = ""


class Share(_Sourced):
    """A share from 0 to 1."""

    value: Annotated[float, Field(ge=0, le=1)]


class Liver(Share):
    """Share with cirrhosis, and how these divide over the Child–Pugh classes."""

    classes: dict[ChildPugh, Annotated[float, Field(ge=0, le=1)]]

    @model_validator(mode="after")
    def _whole(self) -> Liver:
        if self.value and abs(sum(self.classes.values()) - 1) > 1e-9:
            raise ValueError("the Child–Pugh classes must add up to 1")
        return self


class Size(_Sourced):
    """Mean and standard deviation of a quantity."""

    mean: Annotated[float, Field(gt=0)]
    sd: Annotated[float, Field(gt=0)]
    unit: str


class Age(Size):
    """Mean and SD within limits: the beta distribution that has them."""

    low: Annotated[float, Field(ge=18)]
    high: Annotated[float, Field(le=100)]

    @model_validator(mode="after")
    def _possible(self) -> Age:
        if not self.low < self.mean < self.high or self.sd**2 >= (self.mean - self.low) * (self.high - self.mean):
            raise ValueError(f"no ages from {self.low:g} to {self.high:g} have mean {self.mean:g} and SD {self.sd:g}")
        return self

    def quantile(self, scores: Array) -> Array:
        """Age at a standard-normal score."""
        from scipy.special import betaincinv, ndtr

        span = self.high - self.low
        middle, spread = (self.mean - self.low) / span, (self.sd / span) ** 2
        both = middle * (1 - middle) / spread - 1
        shares: Array = betaincinv(middle * both, (1 - middle) * both, ndtr(scores))
        return self.low + span * shares


class BySex(Block):
    """One for women (F), one for men (M); the one that is there serves where nobody of the other sex is."""

    F: Size | None = None
    M: Size | None = None

    @model_validator(mode="after")
    def _somebody(self) -> BySex:
        if self.F is None and self.M is None:
            raise ValueError("give F, M or both")
        return self

    def of(self, women: NDArray[np.bool_]) -> tuple[Array, Array]:
        """Mean and SD for each person."""
        f, m = self.F or self.M, self.M or self.F
        assert f is not None
        assert m is not None
        return np.where(women, f.mean, m.mean), np.where(women, f.sd, m.sd)

    def filled(self, other: BySex | None) -> BySex:
        """With what is missing taken from ``other``."""
        return self if other is None else BySex(F=self.F or other.F, M=self.M or other.M)


class Population(Block):
    """One population; see ``populations.yaml``."""

    title: str
    women: Share
    age: Age
    height: BySex | None = None
    bmi: BySex
    serum_creatinine: BySex | None = None
    cirrhosis: Liver
    correlations: tuple[Correlation, ...] = ()
    bounds: tuple[Bound, ...] = ()

    @model_validator(mode="after")
    def _sensible(self) -> Population:
        try:
            triangle(DRAWN, self.correlations)
        except InvalidInput as error:
            raise ValueError(str(error)) from error
        numbers = [name for name, unit in UNITS.items() if unit]
        if unknown := {bound.quantity for bound in self.bounds} - set(numbers):
            raise ValueError(f"a bound names {min(unknown)}; known: {', '.join(numbers)}")
        return self

    def draw(self, seed: int, persons: range) -> tuple[Columns, NDArray[np.int64], tuple[Rejection, ...]]:
        """Covariates of ``persons``, how often each was drawn again, and what the bounds turned away."""
        found, redraws, rejections = plausible(
            lambda attempt: self._attempt(seed, persons, attempt), lambda columns: columns, self.bounds, len(persons)
        )
        columns: Columns = {name: found[name] for name in UNITS if name in found}
        columns["sex"] = np.where(found["woman"] > 0, "F", "M")
        columns["child_pugh"] = np.array(["", "A", "B", "C"])[found["liver"].astype(int)]
        return {name: columns[name] for name in UNITS}, redraws, rejections

    def _attempt(self, seed: int, persons: range, attempt: int) -> Scores:
        again = f"/again-{attempt}" if attempt else ""
        independent = {
            name: standard_normal(seed, f"covariates/{name}{again}", persons) for name in ("sex", "liver", *DRAWN)
        }
        women = independent["sex"] < _score(self.women.value)
        scores = correlated({name: independent[name] for name in DRAWN}, triangle(DRAWN, self.correlations))
        assert self.height is not None
        assert self.serum_creatinine is not None
        age = self.age.quantile(scores["age"])
        height = _normal(*self.height.of(women), scores["height"])
        bmi = _lognormal(*self.bmi.of(women), scores["bmi"])
        creatinine = _normal(*self.serum_creatinine.of(women), scores["serum_creatinine"])
        weight = body.weight(height, bmi)
        with np.errstate(divide="ignore"):
            crcl = body.creatinine_clearance(age, body.kidney_weight(weight, height, women), creatinine, women)
        return {
            "age": age, "height": height, "bmi": bmi, "weight": weight, "serum_creatinine": creatinine, "crcl": crcl,
            "woman": women.astype(float), "liver": self._liver(independent["liver"]),
        }  # fmt: skip

    def _liver(self, scores: Array) -> Array:
        """0 for a healthy liver, 1, 2, 3 for Child–Pugh A, B, C."""
        grade, above = np.zeros(len(scores)), 1 - self.cirrhosis.value
        for number, letter in enumerate(_CLASSES, start=1):
            grade[scores > _score(above)] = number
            above += self.cirrhosis.value * self.cirrhosis.classes.get(letter, 0.0)
        return grade if self.cirrhosis.value else np.zeros(len(scores))


class _Common(Block):
    height: BySex
    serum_creatinine: BySex
    bounds: tuple[Bound, ...]


class Populations(Block):
    """Every population, and what they have in common."""

    schema_: Literal["lowdose.populations/1"] = Field(alias="schema")
    common: _Common
    populations: dict[str, Population]

    def named(self, name: str) -> Population:
        """One population, completed with what all have in common."""
        if name not in self.populations:
            raise NotFound.among("population", name, self.populations)
        found = self.populations[name]
        own = {bound.quantity for bound in found.bounds}
        update = {
            "height": (found.height or self.common.height).filled(self.common.height),
            "serum_creatinine": (found.serum_creatinine or self.common.serum_creatinine).filled(
                self.common.serum_creatinine
            ),
            "bounds": (*found.bounds, *(bound for bound in self.common.bounds if bound.quantity not in own)),
        }
        return found.model_copy(update=update)


def parse_populations(text: str, where: str = "populations.yaml") -> Populations:
    """Read populations of one's own, in the schema ``lowdose.populations/1``.

    Raises
    ------
    InvalidInput
        If the text breaks the schema.
    """
    return parse(Populations, text, where)


@cache
def _shipped() -> Populations:
    return read(Populations, "populations.yaml")


def population_names() -> tuple[str, ...]:
    """Names of the populations.

    Examples
    --------
    >>> population_names()[0]
    'healthy-adults'
    """
    return tuple(_shipped().populations)


@cache
def population(name: str) -> Population:
    """A population by its name.

    Raises
    ------
    NotFound
        If there is none of that name.

    Examples
    --------
    >>> population("fibromyalgia").age.mean
    50.6
    """
    return _shipped().named(name)


def _score(share: float) -> float:
    """Standard-normal score below which the share lies."""
    return NormalDist().inv_cdf(share) if 0 < share < 1 else math.copysign(math.inf, share - 0.5)


def _normal(mean: Array, sd: Array, scores: Array) -> Array:
    return mean + sd * scores


def _lognormal(mean: Array, sd: Array, scores: Array) -> Array:
    """With this mean and SD of the quantity itself, not of its logarithm."""
    variance = np.log1p((sd / mean) ** 2)
    return mean * np.exp(np.sqrt(variance) * scores - variance / 2)
