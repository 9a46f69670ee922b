"""Calculations found in published pages, worked out again with this room's own arithmetic."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Literal

from pydantic import Field

from lowdose.blocks import Block, data
from lowdose.pharmacy.amounts.exact import HUNDRED, exactly, rounded
from lowdose.pharmacy.forms.packing import blend_volume, filler_by_volume
from lowdose.pharmacy.materials.ingredients import Provenance


@exactly
def _strength(drug_mg: Decimal, volume_mL: Decimal) -> Decimal:
    return drug_mg / volume_mL


@exactly
def _share(amount: Decimal, volume_mL: Decimal) -> Decimal:
    return amount / volume_mL * HUNDRED


_CALCULATIONS: Mapping[str, Callable[..., Decimal]] = {
    "filler": filler_by_volume,
    "volume": blend_volume,
    "strength": _strength,
    "share": _share,
}


class Published(Block):
    """One calculation of one page: what it claims and what is right."""

    id: str
    page: str
    example: str
    says: str
    calculation: Literal["filler", "volume", "strength", "share"]
    numbers: tuple[Decimal, ...]
    claimed: Decimal
    right: Decimal
    unit: Literal["mg", "mL", "mg/mL", "%"]
    why: str
    provenance: Provenance

    @property
    def computed(self) -> Decimal:
        """The result, unrounded, from the same functions that write worksheets."""
        return _CALCULATIONS[self.calculation](*self.numbers)

    @property
    def holds(self) -> bool:
        """Whether the page is right, to the digits that it gives."""
        return rounded(self.computed, Decimal(1).scaleb(int(self.claimed.as_tuple().exponent))) == self.claimed


class _File(Block):
    schema_: Literal["lowdose.published/1"] = Field(alias="schema")
    calculations: tuple[Published, ...]


@cache
def published() -> tuple[Published, ...]:
    """Every recomputed calculation of ``published.yaml``.

    Examples
    --------
    >>> [one.id for one in published() if one.holds]
    ['capsule-size-1', 'capsule-size-0', 'formula-a', 'pharmacy-2025-drug']
    """
    content = data(files(__package__).joinpath("published.yaml").read_text(encoding="utf-8"))
    return _File.model_validate(content).calculations
