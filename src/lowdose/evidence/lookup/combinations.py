"""What is taken together with naltrexone: studies in people, what animals showed, what is said, what holds."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Any, Literal

from pydantic import Field

from lowdose.blocks import Block, data
from lowdose.evidence.lookup.words import one_of
from lowdose.evidence.records.schema import Tag


class StudySays(Block):
    """What one study of the registry says of the combination; ``id`` is the study's."""

    id: str
    says: str


class AnimalEvidence(Block):
    """What animals or tissue showed. ``source`` names where it stands; only ``tag`` "found" was read by us."""

    what: str
    source: str
    tag: Tag
    kind: Literal["animal", "laboratory"] = "animal"
    note: str = ""


class Combination(Block):
    """One page. ``claims`` are ids of the claims register; ``watch`` is a caution with its own source and tag."""

    id: str
    name: str
    synonyms: tuple[str, ...] = ()
    said: str
    claims: tuple[str, ...] = ()
    opioid: bool = False
    studies: tuple[StudySays, ...] = ()
    safety_studies: tuple[str, ...] = ()
    animal: tuple[AnimalEvidence, ...] = ()
    holds: str
    watch: str = ""
    watch_source: str = ""
    watch_tag: Tag | None = None
    searched: str = Field(description="Date of the search, ISO")
    stop: str = Field(default="", description="The sentence that comes first where the other drug is an opioid")

    @property
    def study_ids(self) -> tuple[str, ...]:
        """Every study the page names, those of harm last."""
        return (*(one.id for one in self.studies), *self.safety_studies)

    @property
    def found_words(self) -> str:
        """How many studies of people there are, or that none was found and when it was looked for.

        Examples
        --------
        >>> combination("cisplatin").found_words
        'no study found, searched on 2026-11-21'
        >>> combination("varenicline").found_words
        '3 studies, searched on 2026-11-21'
        """
        if not self.studies:
            return f"no study found, searched on {self.searched}"
        count = len(self.studies)
        return f"{count} {'study' if count == 1 else 'studies'}, searched on {self.searched}"


@cache
def combinations() -> dict[str, Combination]:
    """Every page, by its id, in the order of the file.

    Examples
    --------
    >>> list(combinations())[:2]
    ['cannabinoids', 'alpha-lipoic-acid']
    """
    content = _content()
    return {
        one["id"]: Combination(**one, searched=content["searched"], stop=stop_rule() if one.get("opioid") else "")
        for one in content["combinations"]
    }


def stop_rule() -> str:
    """What comes first wherever opioids are about.

    Examples
    --------
    >>> stop_rule()[:58]
    'Stop: naltrexone is not combined with an opioid at any dos'
    """
    return str(_content()["stop_rule"]).strip()


@cache
def _content() -> dict[str, Any]:
    content: dict[str, Any] = data(
        files("lowdose.evidence").joinpath("data/combinations.yaml").read_text(encoding="utf-8")
    )
    return content


def combination(name: str) -> Combination:
    """The page of one combination, by its id, name or a synonym such as ``ALA``, ``CBD`` or ``Chantix``.

    Raises
    ------
    NotFound
        If nothing has that name; near misses are suggested.

    Examples
    --------
    >>> combination("LDN+ALA").id
    'alpha-lipoic-acid'
    >>> combination("varenicline").claims
    ('C116', 'C117')
    >>> combination("clonidin")
    Traceback (most recent call last):
    lowdose.errors.NotFound: no combination is named 'clonidin'
      remedy: did you mean clonidine?
    """
    pages = combinations()
    spellings = {word: page.id for page in pages.values() for word in (page.id, page.name, *page.synonyms)}
    return pages[one_of("combination", name, spellings)]
