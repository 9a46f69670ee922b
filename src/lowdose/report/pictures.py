"""A picture of a page: its name, its words, and how it looks inside the page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from lowdose import charts
from lowdose.report.slim import slim

Spec = dict[str, Any]


@dataclass(frozen=True)
class Picture:
    """One picture of a page: its name, what it shows, its words, the specification."""

    name: str
    title: str
    caption: str
    spec: Spec
    notes: tuple[str, ...] = ()

    @property
    def still(self) -> str:
        """As SVG for the inside of a page, which has a heading of its own."""
        plain = {key: value for key, value in self.spec.items() if key != "title"}
        return slim(charts.to_svg(plain), self.name)


def picture_name(kind: str, name: str) -> str:
    """Name of a picture, fit for an anchor and for a file.

    Examples
    --------
    >>> picture_name("forest", "fibromyalgia.pain")
    'forest-fibromyalgia-pain'
    """
    return f"{kind}-{name.replace('.', '-')}"
