"""Reports: one HTML file of a run, of a condition, of an annotated article; each opens offline and prints on A4.

Nothing is imported until it is asked for: a page of evidence needs nothing of the simulator.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lowdose.report.article import article_html, write_article
    from lowdose.report.condition.overview import overview_picture
    from lowdose.report.condition.page import condition_html, condition_pictures, save_pictures, write_condition
    from lowdose.report.page import html, write

_HOMES = {
    **dict.fromkeys(("article_html", "write_article"), "article"),
    **dict.fromkeys(("condition_html", "condition_pictures", "save_pictures", "write_condition"), "condition.page"),
    "overview_picture": "condition.overview",
    **dict.fromkeys(("html", "write"), "page"),
}

__all__ = [
    "article_html",
    "condition_html",
    "condition_pictures",
    "html",
    "overview_picture",
    "save_pictures",
    "write",
    "write_article",
    "write_condition",
]


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(import_module(f"lowdose.report.{_HOMES[name]}"), name)
    raise AttributeError(f"module 'lowdose.report' has no attribute {name!r}")
