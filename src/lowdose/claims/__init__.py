"""Every statement the two articles make: its verdict in the literature, and what lowdose computes of it."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lowdose.claims.compute import compute_all
    from lowdose.claims.register import select

_HOMES = {"compute_all": "compute", "select": "register"}

__all__ = ["compute_all", "select"]


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(import_module(f"lowdose.claims.{_HOMES[name]}"), name)
    raise AttributeError(f"module 'lowdose.claims' has no attribute {name!r}")
