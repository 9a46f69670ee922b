"""A picture of a page: its name, its words, how it looks inside the page, and as a file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from lowdose import charts
from lowdose.errors import InvalidInput
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


def content(spec: Spec, kind: str) -> bytes:
    """A chart as the content of a file: ``svg``, ``pdf`` or ``png``.

    Raises
    ------
    InvalidInput
        For another kind of file.

    Examples
    --------
    >>> from lowdose.charts import DosePoint, DoseResponse, dose_response
    >>> chart = dose_response(DoseResponse("Doses", "", [DosePoint("A 2020", 4.5, 0.4, 40, True, False)], "share"))
    >>> content(chart, "pdf")[:4]
    b'%PDF'
    """
    if kind == "svg":
        return charts.to_svg(spec).encode()
    if kind not in ("pdf", "png"):
        raise InvalidInput(f"no picture can be written as {kind!r}", remedy="choose svg, pdf or png")
    return charts.to_pdf(spec) if kind == "pdf" else charts.to_png(spec)
