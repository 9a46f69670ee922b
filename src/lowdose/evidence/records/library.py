"""What stands beside the studies: reviews, ongoing trials, sources, conditions, instruments and the data set itself."""

from __future__ import annotations

import json
from typing import Literal

from pydantic import Field

from lowdose.blocks import Block
from lowdose.evidence.records.schema import Better, Citation, Provenance, Study, Tag


class Source(Block):
    """Where something was read."""

    id: str
    title: str
    url: str


class ReviewResult(Block):
    """One pooled number, or one conclusion, that a review published."""

    outcome: str
    measure: str = ""
    est: float | None = None
    ci: tuple[float, float] | None = None
    p: float | None = None
    pct: float | None = None
    i2: float | None = None
    q: float | None = None
    studies: int | None = None
    participants: int | None = None
    text: str = ""
    prov: Provenance


class LeftOut(Block):
    """A trial that a published pool does not hold, and how we know."""

    study: str
    why: str
    tag: Tag


class Review(Block):
    """A published review or guideline; ``k`` is its number of studies, ``also`` further conditions it speaks of."""

    id: str
    citation: Citation
    condition: str
    also: tuple[str, ...] = ()
    condition_words: str = ""
    k: int | None = None
    results: tuple[ReviewResult, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    remarks: str = ""
    prov: Provenance


class Ongoing(Block):
    """A trial that has not reported yet."""

    id: str
    registration: str
    condition: str
    also: tuple[str, ...] = ()
    condition_words: str = ""
    dose_mg: float | str | None = None
    n_target: int | None = None
    duration_wk: float | None = None
    primary: str = ""
    comparator: str = ""
    end: str = ""
    prov: Provenance


class Condition(Block):
    """An illness or a group of people; ``studies`` and ``related`` are filled when the data are read."""

    id: str
    name: str
    plain: str
    synonyms: tuple[str, ...] = ()
    group: str
    studies: tuple[str, ...] = ()
    related: tuple[str, ...] = ()


class Difference(Block):
    """The smallest change that matters to people, from ``low`` to ``high`` of ``unit``."""

    low: float
    high: float
    unit: str
    source: str
    tag: Tag


class Instrument(Block):
    """A scale: its range, its unit and which way is good. ``tag`` says how the range is known."""

    id: str
    name: str
    range: tuple[float, float] | None = None
    unit: str
    better: Better
    mid: tuple[Difference, ...] = ()
    tag: Tag
    note: str = ""


READERS_NEEDED = 2
"""So many named readers confirm the data set."""


class Meta(Block):
    """The data set: when it was compiled, how it was read, and who has confirmed it: two named readers do.

    ``conventions``, ``counts`` and ``gaps`` are the compilers' words; ``added`` says what was added in this package.
    """

    title: str
    compiled: str
    searched: tuple[str, ...]
    level: str
    provisional: str
    readers: tuple[str, ...] = ()
    conventions: tuple[str, ...] = ()
    added: tuple[str, ...] = ()
    counts: dict[str, int | dict[str, int]]
    gaps: tuple[str, ...] = ()

    @property
    def standing(self) -> str:
        """How far to trust the whole: provisional, until two named readers have confirmed it.

        Examples
        --------
        >>> from lowdose.evidence.records.registry import registry
        >>> registry().meta.standing
        'provisional: abstract level, one reader, not a systematic review'
        """
        if len(set(self.readers)) < READERS_NEEDED:
            return self.provisional
        return f"confirmed by {' and '.join(self.readers)}; {self.level}"


class StudyFile(Block):
    """One file of ``data/studies``: the studies of one condition."""

    schema_: Literal["lowdose.studies/1"] = Field(alias="schema")
    studies: tuple[Study, ...]


def json_schema() -> str:
    """The published JSON Schema of a file of studies, as text; ``data/study.schema.json`` holds it.

    ``python -m lowdose.evidence.records.library`` prints it.

    Examples
    --------
    >>> json.loads(json_schema())["$defs"]["Study"]["additionalProperties"]
    False
    """
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "urn:lowdose:studies:1",
        **StudyFile.model_json_schema(by_alias=True),
    }
    return json.dumps(schema, indent=1, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    import sys

    sys.stdout.write(json_schema())
