"""The verb: a text in, its sentences out, each with the claims that it states, denies or states with another number."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lowdose.claims.annotate.context import Reading, readings
from lowdose.claims.annotate.gate import gated, names_drug, names_other
from lowdose.claims.annotate.matching import Match, match
from lowdose.claims.annotate.numbers import Quantity
from lowdose.claims.annotate.passages import passages
from lowdose.claims.annotate.phrases import Phrase, Phrases, phrases
from lowdose.claims.annotate.reading import LARGEST_BYTES, too_large

#: Score from which a sentence is marked. Set on article A alone: the highest step of 0.01 at which no keyed sentence
#: of A is lost (96 % of its marks are right there). Not higher, since other texts stay further from our own wordings.
THRESHOLD = 0.57
#: A second claim in a sentence is marked when it comes this near to the best.
MARGIN = 0.08
MOST_MARKS = 2
#: By how much a claim that says more may be worse than a general one and still be marked instead.
_GENERAL = 0.1
RELATIONS = ("states", "number differs", "opposite")
_SHOWN_DIGITS = 3


@dataclass(frozen=True)
class Mark:
    """A registered claim in a sentence.

    ``relation`` is "states", "opposite" (the sentence denies the claim) or "number differs" (then ``said`` is the
    sentence's number and ``registered`` the claim's).
    """

    claim: str
    score: float
    relation: str
    said: str = ""
    registered: str = ""


@dataclass(frozen=True)
class Sentence:
    """A sentence, list item, heading or reference of the text, with its offsets.

    ``unregistered``: it holds numbers about the drug, but no claim.
    """

    text: str
    start: int
    end: int
    paragraph: int
    marks: tuple[Mark, ...] = ()
    unregistered: bool = False
    kind: str = "paragraph"
    gated: bool = False


@dataclass(frozen=True)
class Annotated:
    """A text with its marks.

    Examples
    --------
    >>> annotate("LDN is a drug. It costs 7 dollars.").counts["not in the register"]
    1
    """

    name: str
    sentences: tuple[Sentence, ...]

    @property
    def unregistered(self) -> tuple[Sentence, ...]:
        """Sentences about the drug that hold numbers but no claim of the register."""
        return tuple(one for one in self.sentences if one.unregistered)

    @property
    def marked(self) -> tuple[Sentence, ...]:
        """Sentences that hold a claim of the register."""
        return tuple(one for one in self.sentences if one.marks)

    @property
    def counts(self) -> Mapping[str, int]:
        """How many sentences there are, are about the drug, are marked, are not in the register; marks by relation."""
        relations = Counter(mark.relation for one in self.sentences for mark in one.marks)
        return {
            "sentences": len(self.sentences),
            "about the drug": sum(one.gated for one in self.sentences),
            "marked": len(self.marked),
            "claims": len({mark.claim for one in self.sentences for mark in one.marks}),
            **{relation: relations[relation] for relation in RELATIONS},
            "not in the register": len(self.unregistered),
        }

    def to_document(self) -> dict[str, Any]:
        """Everything as plain values, for JSON.

        Examples
        --------
        >>> annotate("LDN blocks opioid receptors for about 3 hours.").to_document()["schema"]
        'lowdose.annotated/1'
        """
        return {
            "schema": "lowdose.annotated/1",
            "name": self.name,
            "threshold": THRESHOLD,
            "counts": dict(self.counts),
            "sentences": [_document(one) for one in self.sentences],
        }


def _document(one: Sentence) -> dict[str, Any]:
    marks = [{**vars(mark), "score": round(mark.score, _SHOWN_DIGITS)} for mark in one.marks]
    return {**vars(one), "marks": marks}


def annotate(text: str, *, name: str = "") -> Annotated:
    """Mark the sentences of a text that state a registered claim, deny it, or state it with another number.

    Only passages about naltrexone are looked at; headings, questions and entries of a bibliography state nothing. A
    claim about the bibliography itself is marked once, at the first entry that it names.

    Parameters
    ----------
    text : str
        Plain text or Markdown.
    name : str, optional
        What the text is called in a report.

    Raises
    ------
    InvalidInput
        The text is larger than reading.LARGEST_BYTES.

    Examples
    --------
    >>> found = annotate("LDN blocks opioid receptors for about 9 hours. It is blue. It was bought by 7 people.")
    >>> [(mark.claim, mark.relation, mark.said, mark.registered) for mark in found.sentences[0].marks]
    [('C016', 'number differs', '9 hours', '3 h')]
    >>> [one.text for one in found.unregistered]
    ['It was bought by 7 people.']
    """
    size = len(text.encode("utf-8", "surrogatepass"))
    if size > LARGEST_BYTES:
        raise too_large(size, name or "text")
    found = passages(text)
    known = phrases()
    gates = gated(text, found)
    read = readings(text, found, known.lexicon)
    return Annotated(name, tuple(_sentences(text, found, gates, read, known)))


def _sentences(text: str, found: Any, gates: Sequence[bool], read: Any, known: Phrases) -> Iterator[Sentence]:
    cited: set[str] = set()
    for at, (passage, gate) in enumerate(zip(found, gates, strict=True)):
        for i, ((start, end), one) in enumerate(zip(passage.sentences, read[at], strict=True)):
            if passage.kind == "reference":
                marks = tuple(mark for mark in _marks(one, (), known.of_references) if gate and mark.claim not in cited)
                cited |= {mark.claim for mark in marks}
                yield Sentence(text[start:end], start, end, at, marks, False, passage.kind, gate)
                continue
            looked_at = gate and passage.kind != "heading"
            marks = _marks(one, _neighbours(read, found, at, i), known.of_text) if looked_at else ()
            unregistered = looked_at and not marks and any(_is_exact(number) for number in one.quantities)
            yield Sentence(text[start:end], start, end, at, marks, unregistered, passage.kind, gate)


def _is_exact(number: Quantity) -> bool:
    """Whether a number can be checked; "a couple of" cannot."""
    return not number.said.endswith("couple of")


def _neighbours(read: Any, found: Any, at: int, i: int) -> tuple[Reading, ...]:
    """The sentences beside one in its paragraph, the line that leads its list in, and the items beside it."""
    beside = [read[at][j] for j in (i - 1, i + 1) if 0 <= j < len(read[at])]
    lead = found[at].list_of
    if lead is not None:
        beside += read[lead][-1:]
        beside += [
            one for j in (at - 1, at + 1) if 0 <= j < len(found) and found[j].list_of == lead for one in read[j][:1]
        ]
    if at + 1 < len(found) and found[at + 1].list_of == at:
        beside += read[at + 1][:1]
    return tuple(beside)


def _marks(one: Reading, neighbours: Sequence[Reading], known: Sequence[Phrase]) -> tuple[Mark, ...]:
    if one.text.rstrip().endswith("?") or (names_other(one.text) and not names_drug(one.text)):
        return ()
    tried = (match(phrase, one, neighbours) for phrase in known)
    found = sorted((m for m in tried if m and m.score >= THRESHOLD), key=lambda m: (-m.score, m.claim))
    return tuple(Mark(m.claim, m.score, m.relation, m.said, m.registered) for m in _best(found))


def _best(found: Sequence[Match]) -> list[Match]:
    """The best of each family; a further one only where it comes near the best and rests on words of its own.

    A general claim ("naltrexone blocks opioids") gives way to one that says more, and is never a further one.
    """
    kept: list[Match] = []
    for one in sorted(found, key=lambda m: (_GENERAL * m.general - m.score, m.claim)):
        if len(kept) >= MOST_MARKS or (kept and one.score < kept[0].score - MARGIN):
            break
        if kept and (one.general or any(one.family == other.family or one.places <= other.places for other in kept)):
            continue
        kept.append(one)
    return kept
