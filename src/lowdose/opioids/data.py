"""The opioids that can be asked about: their numbers with sources, and those withheld for want of numbers."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches
from functools import cache
from importlib.resources import files
from typing import Annotated, Any, Literal

from pydantic import Field, field_validator, model_validator

from lowdose.blocks import Block, data
from lowdose.errors import NotFound
from lowdose.model import Parameter, parameters
from lowdose.opioids.refusals import NotEnoughData

Provenance = Literal["found", "derived", "recalled", "assumed"]
Grade = Literal["high", "medium", "low"]
Cyp2d6 = Literal["poor", "intermediate", "normal", "ultrarapid"]


class Measured(Block):
    """A number with its source that is shown, not used in the equations."""

    value: float
    unit: str
    source: str
    url: str = ""
    provenance: Provenance
    grade: Grade


class Activity(Block):
    """CYP2D6 activity of a class compared with normal metabolisers."""

    value: Annotated[float, Field(ge=0)]
    unit: Literal["1"]
    source: str
    url: str = ""
    provenance: Provenance
    grade: Grade
    warning: str = ""


class OpioidRoute(Block):
    """Where a dose enters, how long a patch is worn, and above what no prediction is made, with the source of that.

    ``warning`` is said with every answer.
    ``usual_single`` is in mg (µg/h for a patch); ``on_board_a_day`` in mg a day (µg/h for a patch).
    """

    into: Literal["agonist_depot", "agonist_central"]
    hours: float = 0.0
    usual_single: Annotated[float, Field(gt=0)]
    on_board_a_day: Annotated[float, Field(gt=0)]
    cap: str
    cap_provenance: Provenance
    cap_url: str = ""
    warning: str = ""
    parameters: dict[str, Parameter] = Field(default_factory=dict)


class Opioid(Block):
    """One opioid: how it binds, what acts, its routes (the first is taken when none is named) and its numbers."""

    name: str = ""
    binding: Literal["fast", "slow"]
    acts: str
    kept_out: str = ""
    validation_only: bool = False
    routes: dict[str, OpioidRoute]
    parameters: dict[str, Parameter]
    receptor: dict[str, Measured] = Field(default_factory=dict)
    cyp2d6: dict[Cyp2d6, Activity] = Field(default_factory=dict)

    @property
    def modules(self) -> tuple[str, ...]:
        """The modules that a model of it needs beside naltrexone's.

        Examples
        --------
        >>> opioid("buprenorphine").modules
        ('antagonist', 'agonist', 'agonist_slow_binding')
        """
        return ("antagonist", "agonist", f"agonist_{self.binding}_binding")

    def table(self, route: str) -> dict[str, Parameter]:
        """Every number of the equations by symbol: morphine's by mouth, with what this opioid and route have instead.

        Examples
        --------
        >>> opioid("oxycodone").table("oral")["CL_agonist"].value
        72.0
        """
        return {**_shared(), **self.parameters, **self.routes[route].parameters}


class Alias(Block):
    """A brand name: the opioid behind it, and the routes it is made for (any, when none is named)."""

    opioid: str
    routes: tuple[str, ...] = ()


class _Book(Block):
    schema_: Literal["lowdose.opioids/1"] = Field(alias="schema")
    opioids: dict[str, Opioid]
    withheld: dict[str, str]
    aliases: dict[str, Alias]

    @field_validator("aliases", mode="before")
    @classmethod
    def _names_alone_are_short(cls, found: dict[str, Any]) -> dict[str, Any]:
        return {name: {"opioid": entry} if isinstance(entry, str) else entry for name, entry in found.items()}

    @model_validator(mode="after")
    def _symbols_are_known(self) -> _Book:
        for name, entry in self.opioids.items():
            for symbol in (*entry.parameters, *(s for r in entry.routes.values() for s in r.parameters)):
                if symbol not in _shared():
                    raise ValueError(f"{name}: no symbol {symbol} in parameters/agonist.yaml")
        for alias, brand in self.aliases.items():
            if brand.opioid not in self.opioids and brand.opioid not in self.withheld:
                raise ValueError(f"alias {alias}: no opioid {brand.opioid}")
            if brand.routes and not set(brand.routes) <= set(self.opioids[brand.opioid].routes):
                raise ValueError(f"alias {alias}: {brand.opioid} has not all of the routes {brand.routes}")
        return self


@cache
def _shared() -> Mapping[str, Parameter]:
    """The numbers of the agonist modules: every symbol that names an agonist, and the few beside them."""
    beside = ("two", "acts_through_metabolite", "fraction_to_metabolite", "CYP2D6_activity", "own_binding_rest")
    return {
        symbol: parameter
        for symbol, parameter in parameters().items()
        if "agonist" in symbol or symbol in (*beside, "block_surmountable")
    }


@cache
def _book() -> _Book:
    return _Book.model_validate(data(files("lowdose.opioids").joinpath("opioids.yaml").read_text(encoding="utf-8")))


def opioids() -> dict[str, Opioid]:
    """The opioids that can be asked about, by name.

    Examples
    --------
    >>> list(opioids())
    ['morphine', 'oxycodone', 'hydrocodone', 'codeine', 'fentanyl', 'methadone', 'buprenorphine', 'tramadol']
    """
    return {name: opioid(name) for name, entry in _book().opioids.items() if not entry.validation_only}


def withheld() -> Mapping[str, str]:
    """Opioids that are refused, and what is missing for each.

    Examples
    --------
    >>> withheld()["tapentadol"]
    'potency at a known concentration in people'
    """
    return _book().withheld


def brand(name: str) -> Alias:
    """What stands behind a name: the opioid itself, and the routes a brand is made for.

    Examples
    --------
    >>> brand("Butrans").opioid, brand("Butrans").routes
    ('buprenorphine', ('patch',))
    """
    name = name.strip().lower()
    return _book().aliases.get(name, Alias(opioid=name))


def opioid(name: str, *, for_validation: bool = False) -> Opioid:
    """The opioid called ``name``, or what stands behind a brand name.

    Raises
    ------
    NotEnoughData
        If it is known, but too little is known about it.
    NotFound
        If no opioid has that name; near misses are suggested.

    Examples
    --------
    >>> opioid("ultram").name
    'tramadol'
    >>> opioid("tapentadol")
    Traceback (most recent call last):
    lowdose.opioids.refusals.NotEnoughData: not enough data for tapentadol
      where: missing: potency at a known concentration in people
      remedy: ...
    """
    book = _book()
    typed, name = name.strip().lower(), brand(name).opioid
    found = book.opioids.get(name)
    if found is not None and (for_validation or not found.validation_only):
        return found.model_copy(update={"name": name})
    missing = book.withheld.get(name) or ("kept for the published challenges only" if found else "")
    if missing:
        known = [each for each, entry in book.opioids.items() if not entry.validation_only]
        near = get_close_matches(name, known, n=3, cutoff=0.5)
        raise NotEnoughData(
            f"not enough data for {name}" + (f" ({typed})" if typed != name else ""),
            where=f"missing: {missing}",
            remedy=f"nothing is guessed; with data: {', '.join(near or known)}",
        )
    raise NotFound.among("opioid", name, [*(n for n, e in book.opioids.items() if not e.validation_only),
                                          *book.withheld, *book.aliases])  # fmt: skip
