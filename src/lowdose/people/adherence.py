"""How doses are taken: missed, clustered, late, keyed by person and dose."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Annotated, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, model_validator

from lowdose.blocks import Block
from lowdose.errors import InvalidInput, NotFound
from lowdose.model.parameters import Grade, Provenance
from lowdose.people.files import parse, read
from lowdose.people.streams import standard_normal, uniform

Array = NDArray[np.float64]

_DAY = 24.0


class _Number(Block):
    provenance: Provenance
    grade: Grade
    source: str
    url: str = ""


class _Share(_Number):
    value: Annotated[float, Field(ge=0, le=1)]


class _Hours(_Number):
    value: Annotated[float, Field(ge=0)]
    unit: Literal["h"]


class _Spread(_Number):
    value: Annotated[float, Field(ge=0)]


class Pattern(Block):
    """One way of taking doses; see ``adherence.yaml``."""

    title: str
    missed: _Share
    cluster: _Share
    late: _Share
    delay_median: _Hours
    delay_spread: _Spread
    jitter: _Hours

    @model_validator(mode="after")
    def _possible(self) -> Pattern:
        if self.missed.value >= 1 or self.after_taken > 1:
            raise ValueError(
                f"no process misses {self.missed.value:g} of all doses and {self.cluster.value:g} of those after a "
                "missed one"
            )
        return self

    @property
    def after_taken(self) -> float:
        """Chance that a dose is missed when the one before was taken, so that ``missed`` holds on the whole."""
        return self.missed.value * (1 - self.cluster.value) / (1 - self.missed.value)

    @property
    def is_perfect(self) -> bool:
        """Whether every dose is taken at its hour."""
        return self.missed.value == self.late.value == self.jitter.value == 0


class Patterns(Block):
    """Every pattern."""

    schema_: Literal["lowdose.adherence/1"] = Field(alias="schema")
    patterns: dict[str, Pattern]


@dataclass(frozen=True)
class Intake:
    """When each person takes each scheduled dose.

    Parameters
    ----------
    hours : array, shape (persons, doses)
        Hours after the first scheduled dose; NaN for a missed one.
    missed : array of bool, shape (persons, doses)
        Not taken, those included that came too late.
    too_late : array of bool, shape (persons, doses)
        Missed because the next dose was already due; nobody takes two.
    """

    hours: Array
    missed: NDArray[np.bool_]
    too_late: NDArray[np.bool_]


def parse_patterns(text: str, where: str = "adherence.yaml") -> Patterns:
    """Read patterns of one's own, in the schema ``lowdose.adherence/1``.

    Raises
    ------
    InvalidInput
        If the text breaks the schema, or a pattern is impossible.
    """
    return parse(Patterns, text, where)


@cache
def _shipped() -> Patterns:
    return read(Patterns, "adherence.yaml")


def pattern_names() -> tuple[str, ...]:
    """Names of the patterns.

    Examples
    --------
    >>> pattern_names()
    ('perfect', 'monitored', 'careless')
    """
    return tuple(_shipped().patterns)


def pattern(name: str) -> Pattern:
    """A pattern by its name.

    Raises
    ------
    NotFound
        If there is none of that name.

    Examples
    --------
    >>> pattern("monitored").missed.value
    0.1
    """
    if name not in _shipped().patterns:
        raise NotFound.among("pattern of adherence", name, pattern_names())
    return _shipped().patterns[name]


def intake(scheduled: Array, how: Pattern, seed: int, persons: range) -> Intake:
    """When ``persons`` take the doses that are due at ``scheduled`` hours, shape (doses,), in order.

    Person and dose alone decide: neither other persons nor what happens to other doses moves a draw, though a dose
    after a missed one is missed more easily.

    Raises
    ------
    InvalidInput
        If two doses are due so near to each other that they would change places.

    Examples
    --------
    >>> taken = intake(np.arange(0, 2400, 24.0), pattern("monitored"), 1, range(200))
    >>> bool(0.08 < taken.missed.mean() < 0.14)
    True
    """
    n, doses = len(persons), len(scheduled)
    gaps = np.diff(scheduled)
    if doses > 1 and 2 * how.jitter.value >= gaps.min():
        raise InvalidInput(
            f"doses {gaps.min():g} h apart cannot each be taken within ±{how.jitter.value:g} h",
            where="adherence",
            remedy="choose another pattern of adherence, or doses further apart",
        )
    last = scheduled[-1:] + (gaps[-1] if doses > 1 else _DAY)
    latest = np.concatenate([scheduled[1:], last]) - how.jitter.value
    skipped, before = np.zeros((n, doses), bool), np.full(n, how.missed.value)
    hours = np.empty((n, doses))
    for k in range(doses):
        skipped[:, k] = uniform(seed, f"adherence/missed/{k}", persons) < before
        before = np.where(skipped[:, k], how.cluster.value, how.after_taken)
        hours[:, k] = scheduled[k] + _off(how, seed, k, persons)
    too_late = ~skipped & (hours >= latest)
    missed = skipped | too_late
    return Intake(np.where(missed, np.nan, hours), missed, too_late)


def _off(how: Pattern, seed: int, dose: int, persons: range) -> Array:
    """Hours by which a dose is off its time; the first, with which the clock begins, is never early."""
    even = 2 * uniform(seed, f"adherence/jitter/{dose}", persons) - 1
    usual = how.jitter.value * (np.abs(even) if dose == 0 else even)
    if how.late.value == 0:
        return usual
    delay = how.delay_median.value * np.exp(
        how.delay_spread.value * standard_normal(seed, f"adherence/delay/{dose}", persons)
    )
    return np.where(uniform(seed, f"adherence/late/{dose}", persons) < how.late.value, delay, usual)
