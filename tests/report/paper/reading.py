"""A document read back from its PDF."""

from __future__ import annotations

import io
import re

from pypdf import PdfReader

from lowdose.report.paper import press
from lowdose.report.paper.sheet import Sheet


def read(sheet: Sheet) -> PdfReader:
    return PdfReader(io.BytesIO(press.pdf(sheet)))


def words(pages: object) -> str:
    """All words of some pages; where a line was broken does not matter."""
    joined = " ".join(page.extract_text() for page in pages)  # type: ignore[attr-defined]
    return re.sub(r"\s+", " ", joined.replace("\u00a0", " "))


def squeezed(text: str) -> str:
    """Without any space: extraction may put one beside a change of weight."""
    return re.sub(r"\s", "", text)


def sizes(sheet: Sheet) -> dict[float, str]:
    """What is printed in each size of type, in points; signs of one letter, such as that of a stop, are left out."""
    found: dict[float, str] = {}

    def visit(said: str, at: list[float], line: list[float], _font: object, size: float) -> None:
        if len(said.strip()) > 1:
            points = round(size * abs(line[3]) * abs(at[3]), 2)
            found[points] = f"{found.get(points, '')} {said.strip()}"

    for page in read(sheet).pages:
        page.extract_text(visitor_text=visit)
    return found
