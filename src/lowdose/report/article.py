"""An article with its claims in the margin: what the literature says of each, and what the program computed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

from lowdose.report.shell import rendered, written

if TYPE_CHECKING:
    from lowdose.claims.annotate import Annotated, Mark, Sentence
    from lowdose.claims.schema import Claim, Computed

RELATION_WORDS: Mapping[str, str] = {
    "states": "the sentence states the claim",
    "number differs": "the sentence gives another number than the claim",
    "opposite": "the sentence says the opposite of the claim",
}
COUNT_WORDS: Mapping[str, str] = {
    "sentences": "sentences and headings",
    "about the drug": "about the drug",
    "marked": "with a registered claim",
    "claims": "different claims",
    "states": "marks: states a claim",
    "number differs": "marks: number differs",
    "opposite": "marks: says the opposite",
    "not in the register": "with numbers, not in the register",
}
VERDICT_WORDS: Mapping[str, str] = {
    "supported": "studies bear it out",
    "partly": "true in part, or too strong",
    "contradicted": "studies say otherwise",
    "untested": "nobody has tested it",
    "mis-stated": "a source or a fact is told wrongly",
}


@dataclass(frozen=True)
class MarginNote:
    """One mark as the margin shows it; ``verdict`` and ``computed`` stand apart and are never merged."""

    number: int
    claim: str
    says: str
    relation: str
    relation_words: str
    said: str
    registered: str
    score: str
    verdict: str
    evidence: str
    computed: str
    computed_words: str
    criterion: str
    explanation: str
    remarks: str
    mind: str
    studies: tuple[str, ...]
    before: int
    """Number of the note that tells of the same claim already; 0 where this is the first."""

    @property
    def look(self) -> str:
        """Name of its colour: of the verdict where the sentence states the claim, else of the relation."""
        return self.verdict if self.relation == "states" else self.relation.replace(" ", "-")


@dataclass(frozen=True)
class Piece:
    """One sentence of the text, with its notes.

    ``look`` is how it is coloured: by the verdict on the claim that it states; a sentence that gives another number or
    says the opposite does not state the claim, and never has the colour of its verdict.
    """

    text: str
    notes: tuple[MarginNote, ...]
    look: str
    anchor: str


@dataclass(frozen=True)
class Paragraph:
    """Sentences that stand together; ``kind`` is heading, item, reference or paragraph."""

    kind: str
    pieces: tuple[Piece, ...]

    @property
    def notes(self) -> tuple[MarginNote, ...]:
        """All notes of the paragraph, in their order."""
        return tuple(note for piece in self.pieces for note in piece.notes)


def article_html(annotated: Annotated) -> str:
    """The annotated article as the text of one self-contained HTML file.

    Parameters
    ----------
    annotated : Annotated
        What ``lowdose.claims.annotate.annotate`` found in a text.

    Examples
    --------
    >>> from lowdose.claims.annotate import annotate
    >>> page = article_html(annotate("LDN blocks opioid receptors for about 9 hours.", name="a leaflet"))
    >>> "number differs" in page, "a leaflet" in page
    (True, True)
    """
    from lowdose.claims.annotate import THRESHOLD
    from lowdose.evidence.records.labels import LEGEND

    paragraphs = _paragraphs(annotated)
    notes = [note for paragraph in paragraphs for note in paragraph.notes]
    stated = [note.verdict for note in notes if note.relation == "states"]
    return rendered(
        "article.html.j2",
        styles=("report.css", "article.css"),
        name=annotated.name.replace("_", " ") or "An article",
        paragraphs=paragraphs,
        counts=annotated.counts,
        count_words=COUNT_WORDS,
        legend=LEGEND,
        by_verdict={verdict: stated.count(verdict) for verdict in VERDICT_WORDS},
        threshold=f"{THRESHOLD:g}",
        relations=RELATION_WORDS,
        verdicts=VERDICT_WORDS,
        unregistered=[piece for paragraph in paragraphs for piece in paragraph.pieces if piece.anchor],
    )


def write_article(annotated: Annotated, path: Path | str) -> Path:
    """Write the annotated article; the file is whole or not there.

    Raises
    ------
    InvalidInput
        If the folder does not exist or cannot be written.

    Examples
    --------
    >>> import tempfile
    >>> from lowdose.claims.annotate import annotate
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write_article(annotate("LDN is cheap."), Path(folder) / "article.html").name
    'article.html'
    """
    return written(article_html(annotated), path)


def _paragraphs(annotated: Annotated) -> tuple[Paragraph, ...]:
    from lowdose.claims.noted import noted
    from lowdose.claims.register import register

    claims, results = register(), noted().results
    found: list[Paragraph] = []
    number, told = 0, dict[str, int]()
    for _, sentences in groupby(annotated.sentences, lambda one: one.paragraph):
        pieces, kind = [], "paragraph"
        for sentence in sentences:
            kind = sentence.kind
            notes = []
            for mark in sentence.marks:
                number += 1
                notes.append(_note(number, mark, claims[mark.claim], results.get(mark.claim), told.get(mark.claim, 0)))
                told.setdefault(mark.claim, number)
            pieces.append(_piece(sentence, tuple(notes)))
        found.append(Paragraph(kind, tuple(pieces)))
    return tuple(found)


def _piece(sentence: Sentence, notes: tuple[MarginNote, ...]) -> Piece:
    return Piece(
        text=sentence.text.strip(),
        notes=notes,
        look=notes[0].look if notes else "",
        anchor=f"at-{sentence.start}" if sentence.unregistered else "",
    )


def _note(number: int, mark: Mark, claim: Claim, computed: Computed | None, before: int) -> MarginNote:
    from lowdose.claims.bearing import who
    from lowdose.claims.sources import plainly

    return MarginNote(
        number=number,
        claim=claim.id,
        says=claim.claim,
        relation=mark.relation,
        relation_words=RELATION_WORDS[mark.relation],
        said=mark.said,
        registered=mark.registered,
        score=f"{mark.score:.2f}",
        verdict=claim.verdict,
        evidence=claim.evidence,
        computed=computed.computed if computed else "not computed yet",
        computed_words=_computed_words(computed),
        criterion=computed.criterion if computed else "",
        explanation=claim.explanation,
        remarks=plainly(claim.note),
        mind=claim.mind,
        studies=tuple(map(who, claim.studies)),
        before=before,
    )


def _computed_words(computed: Computed | None) -> str:
    """The value that decided and what rivals say, or why there is none; what rests on memory carries its mark."""
    from lowdose.claims.words import computed_words

    return computed_words(computed) if computed else ""
