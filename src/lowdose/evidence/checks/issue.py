"""What a check says, and the places in a study it looks at."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Literal

from lowdose.evidence.records.registry import Registry
from lowdose.evidence.records.schema import AdverseEvent, Contrast, Outcome, Study

Level = Literal["error", "note"]


@dataclass(frozen=True)
class Issue:
    """One thing that is wrong (``error``), or that a reader should know (``note``).

    ``where`` is the record and the field in it, ``file`` where the record stands.
    """

    check: str
    level: Level
    where: str
    what: str
    remedy: str
    file: str = ""

    def __str__(self) -> str:
        place = ", ".join(filter(None, (self.file, self.where)))
        return f"{self.level}: {self.what}\n  where: {place}\n  remedy: {self.remedy}"


Check = Callable[[Registry], Iterator[Issue]]


def blocks(study: Study) -> Iterator[tuple[str, Outcome | AdverseEvent]]:
    """Outcomes and adverse events of a study, each with where it stands.

    Examples
    --------
    >>> from lowdose.evidence.records.registry import registry
    >>> [where for where, _ in blocks(registry().studies["driver2023_mayo"])]
    ['driver2023_mayo, outcomes.0', 'driver2023_mayo, outcomes.1', 'driver2023_mayo, adverse_events.0']
    """
    yield from ((f"{study.id}, outcomes.{number}", block) for number, block in enumerate(study.outcomes))
    yield from ((f"{study.id}, adverse_events.{number}", block) for number, block in enumerate(study.adverse_events))


def contrasts(study: Study) -> Iterator[tuple[str, Outcome | AdverseEvent, Contrast]]:
    """Comparisons of a study, each with where it stands and the outcome or adverse event it belongs to.

    Examples
    --------
    >>> from lowdose.evidence.records.registry import registry
    >>> [where for where, _, _ in contrasts(registry().studies["beaudette2023_arthritis"])]
    ['beaudette2023_arthritis, outcomes.0.contrasts.0']
    """
    for where, block in blocks(study):
        for position, contrast in enumerate(block.contrasts):
            yield f"{where}.contrasts.{position}", block, contrast


def dangling(check: str, where: str, kind: str, name: str, known: Iterable[str]) -> Issue:
    """A name that refers to nothing, with the nearest that is known.

    Examples
    --------
    >>> dangling("units", "x", "unit", "pionts", ["points", "mg"]).remedy
    'did you mean points?'
    """
    near = get_close_matches(name, list(known), n=1)
    remedy = f"did you mean {near[0]}?" if near else f"add it, or write a {kind} that is known"
    return Issue(check, "error", where, f"no {kind} is named {name!r}", remedy)
