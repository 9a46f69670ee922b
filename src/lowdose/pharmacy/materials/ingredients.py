"""Ingredients as data: densities, solubility, what a certificate may say; see ``ingredients.yaml``.

What an ingredient is called is in ``lowdose.safety.excipients``.
"""

from __future__ import annotations

from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Literal

from pydantic import Field

from lowdose.blocks import Block, data
from lowdose.errors import InvalidInput, NotFound
from lowdose.safety.excipients import Part, parts

Provenance = Literal["found", "derived", "recalled", "assumed"]


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
    """One ingredient."""

    name: str = ""
    role: Literal["active", "filler"]
    density: Number | None = None
    solubility: Number | None = None
    caution: str = ""


class _Book(Block):
    schema_: Literal["lowdose.ingredients/1"] = Field(alias="schema")
    ingredients: dict[str, Ingredient]
    bounds: dict[str, Bounds]


@cache
def _book() -> _Book:
    content = data(files(__package__).joinpath("ingredients.yaml").read_text(encoding="utf-8"))
    return _Book.model_validate(content)


def ingredient(name: str) -> Ingredient:
    """Return an ingredient by its name or another name for it.

    Raises
    ------
    NotFound
        If it is not known; near misses are suggested.

    Examples
    --------
    >>> ingredient("Avicel PH-102").density.value
    Decimal('0.3')
    """
    found = known(name)
    if found is None:
        raise NotFound.among("ingredient", name, [*_book().ingredients])
    return found


def known(name: str) -> Ingredient | None:
    """Return an ingredient by its name, or None for a mixture, or where nothing is known of it but its name.

    Examples
    --------
    >>> known("potato starch") is None
    True
    >>> known("CaCO3").name, known("Calcium Carbonate USP, precipitated").name
    ('calcium carbonate', 'calcium carbonate')
    >>> known("calcium carbonate + MCC") is None
    True
    """
    held = parts(name)
    full = name if name in _book().ingredients else held[0].grade if len(held) == 1 else ""
    found = _book().ingredients.get(full)
    return found.model_copy(update={"name": full}) if found else None


def cautions(name: str) -> tuple[tuple[Part, str], ...]:
    """Return what a pharmacist must know of what a name holds, part by part.

    Examples
    --------
    >>> [part.name for part, _ in cautions("MCC + CaCO3")]
    ['calcium carbonate']
    """
    held = ((part, _book().ingredients.get(part.grade)) for part in parts(name))
    return tuple((part, found.caution) for part, found in held if found and found.caution)


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
