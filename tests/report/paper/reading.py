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
