"""Reading an article: which of its sentences state a registered claim, deny it, or give another number."""

from __future__ import annotations

from lowdose.claims.annotate.marks import MARGIN, RELATIONS, THRESHOLD, Annotated, Mark, Sentence, annotate
from lowdose.claims.annotate.reading import LARGEST_BYTES, read_text

__all__ = [
    "LARGEST_BYTES",
    "MARGIN",
    "RELATIONS",
    "THRESHOLD",
    "Annotated",
    "Mark",
    "Sentence",
    "annotate",
    "read_text",
]
