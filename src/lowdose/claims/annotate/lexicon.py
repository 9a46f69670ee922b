"""Concepts: which words mean the same thing, and where a sentence holds each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from lowdose.blocks import data
from lowdose.claims.annotate.negation import NOES
from lowdose.claims.annotate.words import Word, is_known, words
from lowdose.claims.files import read

_GAP, _STAR = "..", "*"
_WIDEST_GAP = 3
#: "Can .. combine" is not said by "can not combine".
_NOT_SKIPPED = NOES | {";", ":"}
_LEAST_LETTERS_OF_A_SLIP = 8
_NEAR = 88

Span = tuple[int, int]


@dataclass(frozen=True)
class Wording:
    """One way to say a concept: words in order, ``stem*`` and ``..`` allowed."""

    concept: str
    parts: tuple[str, ...]


class Lexicon:
    """Wordings of concepts, found by their first word.

    Examples
    --------
    >>> small = Lexicon({"rise": ["increas*", "go .. up"], "endorphin": ["endorphin*"]}, {})
    >>> sorted(small.find(words("Endorphins go right up")))
    ['endorphin', 'rise']
    """

    def __init__(self, concepts: Mapping[str, Iterable[str]], opposites: Mapping[str, Sequence[str]]) -> None:
        self.names = set(concepts)
        self.opposites = {name: tuple(against) for name, against in opposites.items()}
        self._exact: dict[str, list[Wording]] = {}
        self._stems: dict[str, list[Wording]] = {}
        self._long: set[str] = set()
        for concept, wordings in concepts.items():
            self.add(concept, wordings)

    def add(self, concept: str, wordings: Iterable[str]) -> None:
        """Add wordings of a concept."""
        self.names.add(concept)
        for wording in wordings:
            parts = _parts(wording)
            if not parts:
                continue
            first, stems = parts[0], parts[0].endswith(_STAR)
            into = self._stems if stems else self._exact
            into.setdefault(first.rstrip(_STAR), []).append(Wording(concept, parts))
            self._long.update(
                part.rstrip(_STAR) for part in parts if len(part.rstrip(_STAR)) >= _LEAST_LETTERS_OF_A_SLIP
            )

    def find(self, sentence: Sequence[Word]) -> dict[str, list[Span]]:
        """Concepts of a sentence, each with where it stands (first word, word after the last)."""
        sentence = [self._mended(word) for word in sentence]
        found: dict[str, list[Span]] = {}
        for at, word in enumerate(sentence):
            for wording in self._beginning(word):
                end = _ends(wording.parts, sentence, at)
                if end and (at, end) not in found.setdefault(wording.concept, []):
                    found[wording.concept].append((at, end))
        return {concept: spans for concept, spans in found.items() if spans}

    def _beginning(self, word: Word) -> Iterable[Wording]:
        for form in (word.text,) if word.text == word.lemma else (word.text, word.lemma):
            yield from self._exact.get(form, ())
            for length in range(2, len(form) + 1):
                yield from self._stems.get(form[:length], ())

    def _mended(self, word: Word) -> Word:
        """A word with a slip of the pen, as the lexicon's nearest long word."""
        if len(word.text) < _LEAST_LETTERS_OF_A_SLIP or not word.text.isalpha() or not word.text.isascii():
            return word
        instead = _slip(word.text, frozenset(self._long)) if not is_known(word.text) else None
        return Word(instead, instead) if instead else word


@cache
def _slip(word: str, known: frozenset[str]) -> str | None:
    from rapidfuzz import fuzz, process

    if any(word.startswith(one) for one in known):
        return None
    best = process.extractOne(word, sorted(known), scorer=fuzz.ratio, score_cutoff=_NEAR)
    return str(best[0]) if best else None


def _parts(wording: str) -> tuple[str, ...]:
    parts: list[str] = []
    for piece in wording.split():
        if piece == _GAP:
            parts.append(piece)
            continue
        bare = piece.rstrip(_STAR)
        simple = bare.isascii() and bare.isalpha() and bare.islower() and bare != "cannot"
        inner = [bare] if simple else [word.text for word in words(bare)]
        if inner and piece.endswith(_STAR):
            inner[-1] += _STAR
        parts += inner
    return tuple(parts)


def _is(part: str, word: Word) -> bool:
    if part.endswith(_STAR):
        stem = part[:-1]
        return word.text.startswith(stem) or word.lemma.startswith(stem)
    return part in (word.text, word.lemma)


def _ends(parts: Sequence[str], sentence: Sequence[Word], at: int) -> int:
    """Place after a wording that begins here, 0 where it does not."""
    place, part = at, 0
    while part < len(parts):
        if parts[part] == _GAP:
            for skip in range(_WIDEST_GAP + 1):
                end = _ends(parts[part + 1 :], sentence, place + skip) if place + skip < len(sentence) else 0
                if end:
                    return end
                if place + skip < len(sentence) and sentence[place + skip].text in _NOT_SKIPPED:
                    return 0
            return 0
        if place >= len(sentence) or not _is(parts[part], sentence[place]):
            return 0
        place, part = place + 1, part + 1
    return place


def split(group: str) -> tuple[str, ...]:
    """Alternatives of a group: ``a|b``.

    Examples
    --------
    >>> split("raise|~more/higher")
    ('raise', '~more/higher')
    """
    return tuple(one.strip() for one in group.split("|") if one.strip())


@cache
def concepts() -> Lexicon:
    """The lexicon of data/concepts.yaml.

    Examples
    --------
    >>> "vivid_dreams" in concepts().find(words("nightmares"))
    True
    """
    block = data(read("concepts.yaml"))
    listed = {name: str(wordings).split(",") for name, wordings in block["concepts"].items()}
    opposites: dict[str, list[str]] = {}
    for one, against in block["opposites"].items():
        for other in split(against):
            opposites.setdefault(one, []).append(other)
            opposites.setdefault(other, []).append(one)
    return Lexicon(listed, opposites)
