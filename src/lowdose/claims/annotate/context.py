"""A sentence as it is compared, and what stands around it: antecedents, neighbours, headings."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from lowdose.claims.annotate.lexicon import Lexicon, Span
from lowdose.claims.annotate.negation import denied, is_called_false
from lowdose.claims.annotate.numbers import Quantity, quantities
from lowdose.claims.annotate.passages import Passage
from lowdose.claims.annotate.phrases import content
from lowdose.claims.annotate.words import Word, words

#: Concepts that say whom a statement is about: one in the sentence keeps another from being inherited.
CONDITIONS = frozenset(
    """ms fibromyalgia crohn colitis ibd ibs ra lupus eczema psoriasis hashimoto crps tm parkinson als autism ovarian
    pancreas ptsd epilepsy cfs hiv cancer skin_joint_autoimmune chronic_infection""".split()
)
_ANAPHORA = re.compile(
    r"\b(?:it|its|they|them|their|theirs|these|this|that|such|he|his|him|she|her|those|both|the others?|another"
    r"|the same|the drug|the medicine|the medication|the effect|the benefit|the trial|the study|patients|participants"
    r"|one|all|each|the condition|the disease|the group|the children|the cream|the patch|so|thus|thereby|half"
    r"|a third|the rest)\b"
)
_HIGH_MG, _LOW_MG, _VERY_LOW_MG, _ULTRA_LOW_MG = 25.0, 10.0, 1.0, 0.5
#: How much a concept counts by where it stands.
NEXT_TO, IN_HEADING, IN_PARAGRAPH, IN_SECTION = 0.9, 0.8, 0.8, 0.6
_SENTENCES_BACK = 3


@dataclass(frozen=True)
class Reading:
    """One sentence with its words, concepts, negations and quantities; ``near`` are the concepts around it."""

    text: str
    passage: int
    words: tuple[Word, ...]
    concepts: dict[str, list[Span]]
    denied: tuple[tuple[int, ...], ...]
    called_false: bool
    quantities: tuple[Quantity, ...]
    content: str
    near: dict[str, float] = field(default_factory=dict)
    before: int | None = None
    after: int | None = None

    def holds(self, name: str) -> bool:
        """Whether the sentence itself holds a concept, or a number: ``#n``, ``#mg=50``, ``#mg=range``."""
        if name in self.concepts or not name.startswith("#"):
            return name in self.concepts
        kind, _, value = name[1:].partition("=")
        if kind == "conditions":
            return len(CONDITIONS & set(self.concepts)) > 1
        found = [one for one in self.quantities if one.kind == kind]
        if value == "range":
            return any(one.low < one.high for one in found)
        return any(not value or one.low <= float(value) <= one.high for one in found)

    def refers_back(self) -> bool:
        """Whether the sentence has a pronoun or another word that stands for something said before."""
        return bool(_ANAPHORA.search(self.text.lower()))


def read(text: str, lexicon: Lexicon, passage: int = 0) -> Reading:
    """Read one sentence by itself.

    Examples
    --------
    >>> from lowdose.claims.annotate.lexicon import concepts
    >>> one = read("At 50 mg it blocks them.", concepts())
    >>> one.holds("high_dose"), one.holds("#mg=50"), one.refers_back()
    (True, True, True)
    """
    found = words(text)
    held = quantities(text)
    concepts = _outside_names(lexicon.find(found))
    for name in _doses(held):
        concepts.setdefault(name, [])
    return Reading(text, passage, found, concepts, denied(found), is_called_false(text), held, content(text))


def _outside_names(found: dict[str, list[Span]]) -> dict[str, list[Span]]:
    """Without what stands within the name of a condition: "multiple sclerosis" multiplies nothing."""
    names = [(a, b) for name in CONDITIONS & set(found) for a, b in found[name] if b - a > 1]
    kept = {
        name: [
            (start, end)
            for start, end in spans
            if not any(a <= start and end <= b and end - start < b - a for a, b in names)
        ]
        for name, spans in found.items()
    }
    return {name: spans for name, spans in kept.items() if spans}


def _doses(held: Sequence[Quantity]) -> Iterator[str]:
    for one in held:
        if one.kind != "mg":
            continue
        if one.low >= _HIGH_MG:
            yield "high_dose"
        elif _VERY_LOW_MG < one.high <= _LOW_MG:
            yield "low_dose"
        elif one.high <= _VERY_LOW_MG:
            yield "very_low_dose"
            if one.high <= _ULTRA_LOW_MG:
                yield "ultra_low_dose"


def readings(text: str, found: Sequence[Passage], lexicon: Lexicon) -> tuple[tuple[Reading, ...], ...]:
    r"""Sentences of every passage, each with the concepts around it.

    Examples
    --------
    >>> from lowdose.claims.annotate.lexicon import concepts
    >>> from lowdose.claims.annotate.passages import passages
    >>> text = "Fibromyalgia\n\nLDN was tried. It was safe."
    >>> near = readings(text, passages(text), concepts())[1][1].near
    >>> near["fibromyalgia"], near["drug"]
    (0.8, 0.9)
    """
    alone = [[read(text[a:b], lexicon, at) for a, b in one.sentences] for at, one in enumerate(found)]
    headings = {words_: read(words_, lexicon) for one in found for words_ in one.headings}
    return tuple(tuple(_placed(alone, found, headings, at, i) for i in range(len(one))) for at, one in enumerate(alone))


def _placed(
    alone: Sequence[Sequence[Reading]], found: Sequence[Passage], headings: dict[str, Reading], at: int, i: int
) -> Reading:
    one = alone[at][i]
    near: dict[str, float] = {}
    blocked = bool(CONDITIONS & set(one.concepts))
    for other, credit in _around(alone, found, headings, at, i):
        conditions = CONDITIONS & set(other.concepts)
        for name in other.concepts:
            if name in CONDITIONS and blocked:
                continue
            near[name] = max(credit, near.get(name, 0.0))
        for quantity in other.quantities:
            exact = f"#{quantity.kind}={quantity.low:g}"
            near[exact] = max(credit, near.get(exact, 0.0))
        blocked = blocked or bool(conditions)
    return Reading(
        one.text, one.passage, one.words, one.concepts, one.denied, one.called_false, one.quantities, one.content, near
    )


def _around(
    alone: Sequence[Sequence[Reading]], found: Sequence[Passage], headings: dict[str, Reading], at: int, i: int
) -> Iterator[tuple[Reading, float]]:
    """What a sentence may refer to, the nearest first."""
    sentences = alone[at]
    for back in range(i - 1, max(-1, i - 1 - _SENTENCES_BACK), -1):
        yield sentences[back], NEXT_TO if back == i - 1 else IN_PARAGRAPH
    lead = found[at].list_of
    if lead is not None:
        for other in alone[lead]:
            yield other, NEXT_TO
    follows = at > 0 and found[at - 1].section == found[at].section and found[at - 1].kind != "heading"
    if i == 0 and lead is None and follows:
        for other in reversed(alone[at - 1]):
            yield other, IN_SECTION
    for depth, heading in enumerate(reversed(found[at].headings[-2:])):
        yield headings[heading], IN_HEADING if depth == 0 else IN_SECTION
    if i + 1 < len(sentences):
        yield sentences[i + 1], IN_PARAGRAPH
    for back in range(at - 1, max(-1, at - 3), -1):
        if found[back].section == found[at].section and found[back].kind != "heading" and (i or back < at - 1):
            for other in reversed(alone[back]):
                yield other, IN_SECTION
