"""Ingredients as data: densities, release, what a certificate may say; see ``ingredients.yaml``."""

from __future__ import annotations

import re
import unicodedata
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


class Inside(Block):
    """Letters that mean a substance wherever they stand in a name."""

    words: tuple[str, ...]
    source: str
    provenance: Provenance


class Ingredient(Block):
    """One ingredient. ``rule_name`` is what the safety rules call it, where that differs."""

    name: str = ""
    role: Literal["active", "filler"]
    aliases: tuple[str, ...] = ()
    inside: Inside | None = None
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
    return {_letters(alias): name for name, one in _book().ingredients.items() for alias in (name, *one.aliases)}


_BETWEEN_PARTS = re.compile(r"[+/&;]|\b(?:and|with|plus)\b", re.IGNORECASE)


def _letters(name: str) -> str:
    """Letters and digits alone: "CaCO₃", "Ca CO3" and "calcium-carbonate" are not told apart by their marks."""
    return "".join(filter(str.isalnum, unicodedata.normalize("NFKC", name).casefold()))


def _inside(name: str) -> list[str]:
    """Substances whose letters stand anywhere in a name."""
    written = _letters(name)
    listed = ((full, one.inside) for full, one in _book().ingredients.items())
    return [full for full, inside in listed if inside and any(_letters(word) in written for word in inside.words)]


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
    """Return an ingredient by its name, or None for a mixture, or where nothing is known of its density or release.

    Examples
    --------
    >>> known("potato starch") is None
    True
    >>> known("CaCO3").name, known("Calcium Carbonate USP, precipitated").name
    ('calcium carbonate', 'calcium carbonate')
    >>> known("calcium carbonate + MCC") is None
    True
    """
    found = parts(name)
    return found[0][1] if len(found) == 1 else None


def alias_of(name: str) -> str:
    """Return what an ingredient is called here, where the whole name is one for it; else the name as it was written.

    Examples
    --------
    >>> alias_of("avicel ph102"), alias_of("calcium carbonate  (precipitated)")
    ('microcrystalline cellulose', 'calcium carbonate (precipitated)')
    """
    return _names().get(_letters(name), " ".join(name.split()))


def parts(name: str) -> tuple[tuple[str, Ingredient | None], ...]:
    """Return everything that a name holds: what the safety rules call it, and what is known of it.

    Examples
    --------
    >>> [one for one, _ in parts("potato starch + Methocel K100 + MCC")]
    ['potato starch', 'hypromellose, slow-release grade', 'microcrystalline cellulose']
    """
    whole = _names().get(_letters(name))
    pieces = [whole] if whole else [piece for piece in _BETWEEN_PARTS.split(name) if _letters(piece)]
    names = [
        full
        for piece in pieces
        for full in ([alias_of(piece)] if _is_known(piece) else _inside(piece) or [piece.strip()])
    ]
    found = ((full, _entry(full)) for full in dict.fromkeys((*names, *_inside(name))))
    return tuple((entry.rule_name or full if entry else full, entry) for full, entry in found)


def _is_known(name: str) -> bool:
    return _letters(name) in _names()


def _entry(full: str) -> Ingredient | None:
    found = _book().ingredients.get(full)
    return found.model_copy(update={"name": full}) if found else None


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
