"""Papers: documents to print, set by Typst from data in the one bundled typeface.

A builder turns a plan, a record or a card into a `Sheet`; the press sets it as PDF, PNG or SVG. What must stand on
every document (intended use, version, approval, standing of the rules) is printed by the template: no builder can
forget it.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lowdose.report.paper.press import pdf, preview, write
    from lowdose.report.paper.sheet import Approval, Sheet

_HOMES = {
    **dict.fromkeys(("pdf", "preview", "write"), "press"),
    **dict.fromkeys(("Approval", "Sheet"), "sheet"),
}

__all__ = ["Approval", "Sheet", "pdf", "preview", "write"]


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(import_module(f"lowdose.report.paper.{_HOMES[name]}"), name)
    raise AttributeError(f"module 'lowdose.report.paper' has no attribute {name!r}")
