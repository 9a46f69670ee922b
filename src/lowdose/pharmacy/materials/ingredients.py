"""Ingredients as data: densities, release, what a certificate may say; see ``ingredients.yaml``."""

from __future__ import annotations

from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Literal

from pydantic import Field

from lowdose.blocks import Block, data
from lowdose.errors import InvalidInput, NotFound

Provenance = Literal["found", "derived", "recalled", "assumed"]
Release = Literal["immediate", "slow"]


class Number(Block):
    """A number with its source."""

    value: Decimal
    unit: Literal["g/mL", "mg/mL"]
    low: Decimal | None = None
    high: Decimal | None = None
    source: str
    url: str = ""
    provenance: Provenance


class Bounds(Block):
    """What can be believed on a certificate of analysis, per cent."""

    low: Decimal
    high: Decimal
    unit: Literal["%"]
    source: str
    provenance: Provenance


class Ingredient(Block):
    """One ingredient. ``rule_name`` is what the safety rules call it, where that differs."""

    name: str = ""
    role: Literal["active", "filler"]
    aliases: tuple[str, ...] = ()
    rule_name: str = ""
    release: Release | None = None
    density: Number | None = None
    solubility: Number | None = None
    contains: tuple[str, ...] = ()
    caution: str = ""


class _Book(Block):
    schema_: Literal["lowdose.ingredients/1"] = Field(alias="schema")
    ingredients: dict[str, Ingredient]
    bounds: dict[str, Bounds]


@cache
def _book() -> _Book:
    content = data(files(__package__).joinpath("ingredients.yaml").read_text(encoding="utf-8"))
    return _Book.model_validate(content)


@cache
def _names() -> dict[str, str]:
    """Every name in small letters, and the ingredient it stands for."""
    return {alias.casefold(): name for name, one in _book().ingredients.items() for alias in (name, *one.aliases)}


def ingredient(name: str) -> Ingredient:
    """Return an ingredient by its name or another name for it.

    Raises
    ------
    NotFound
        If it is not known; near misses are suggested.

    Examples
    --------
    >>> ingredient("Avicel PH-102").name, ingredient("HPMC").release
    ('microcrystalline cellulose', 'slow')
    """
    found = known(name)
    if found is None:
        raise NotFound.among("ingredient", name, [*_book().ingredients])
    return found


def known(name: str) -> Ingredient | None:
    """Return an ingredient by its name, or None: nothing is then known of its density or release.

    Examples
    --------
    >>> known("potato starch") is None
    True
    """
    full = _names().get(" ".join(name.casefold().split()))
    return _book().ingredients[full].model_copy(update={"name": full}) if full else None


def certificate_bounds(name: str) -> tuple[Decimal, Decimal]:
    """Return the lowest and highest per cent that is believed on a certificate of analysis.

    Raises
    ------
    InvalidInput
        If certificates are not held to bounds for that.

    Examples
    --------
    >>> certificate_bounds("assay")
    (Decimal('90'), Decimal('110'))
    """
    bounds = _book().bounds.get(name)
    if bounds is None:
        raise InvalidInput(f"no bounds are known for {name!r}", remedy=f"known: {', '.join(_book().bounds)}")
    return bounds.low, bounds.high
