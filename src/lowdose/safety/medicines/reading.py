"""Reading what somebody wrote: words, strengths, salts and forms around one or more names."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from lowdose.safety.medicines.table import Name, names
from lowdose.safety.tables import table

LONGEST = 8
"""Words that a name is made of, at most."""

CAUTION = {"": 0, "ir": 1, "unknown": 2, "er": 3, "patch": 4, "depot": 5, "implant": 6}
"""Forms by the caution they ask for: of two that are said, the later one counts."""


@dataclass(frozen=True)
class Piece:
    """A stretch of what was written: one name with what it may mean, a form, a word to pass over, or nothing known."""

    words: tuple[str, ...]
    meanings: tuple[Name, ...] = ()
    form: str = ""
    passed_over: bool = False

    @property
    def known(self) -> bool:
        """Whether the tables explain it."""
        return bool(self.meanings or self.form or self.passed_over)

    @property
    def cost(self) -> int:
        """A name explains most; a word to pass over explains more than a name that would have to be asked about."""
        is_open = any(each.ask for each in self.meanings)
        return 3 if is_open else 2 if self.passed_over else 1


@cache
def _vocabulary() -> tuple[Mapping[str, str], frozenset[str], re.Pattern[str]]:
    """Form of each form phrase, the words to pass over, and the pattern of a strength."""
    said = table("medicines/words.yaml")
    forms = {squashed(phrase): form for form, phrases in said["forms"].items() for phrase in phrases}
    neutral = frozenset(squashed(word) for kind in ("salts", "neutral", "connectors") for word in said[kind])
    units = "|".join(sorted(map(re.escape, said["units"]), key=len, reverse=True))
    per = r"(?:\s*(?:/|per)\s*\d*\s*(?:ml|l|h|hr|hour|day|dose|actuation|tablet|puff)(?![a-z]))?"
    return forms, neutral, re.compile(rf"\d[\d.,]*\s*(?:{units})(?![a-z]){per}")


def plain(written: str) -> str:
    """Small letters without accents and trade marks.

    Examples
    --------
    >>> plain("Codéine® 30 MG")
    'codeine 30 mg'
    """
    without_marks = re.sub(r"[®™©]|\((?:r|tm)\)", " ", written, flags=re.IGNORECASE)
    letters = unicodedata.normalize("NFKD", without_marks.casefold())
    return " ".join("".join(c for c in letters if not unicodedata.combining(c)).replace("’", "'").split())


def squashed(written: str) -> str:
    """Letters and digits only: how a name is looked up, so that a hyphen or a blank makes no difference.

    Examples
    --------
    >>> squashed("Co-codamol 30/500")
    'cocodamol30500'
    """
    if written.isascii() and "(" not in written:  # nearly every name, and there are thousands of them
        return "".join(filter(str.isalnum, written.lower()))
    return "".join(filter(str.isalnum, plain(written)))


@cache
def index() -> Mapping[str, tuple[Name, ...]]:
    """Every name by its squashed spelling; a spelling with several meanings holds them all."""
    found: dict[str, dict[tuple[frozenset[str], str], Name]] = {}
    for name in names():
        meanings = found.setdefault(squashed(name.written), {})
        meanings.setdefault((frozenset(name.ingredients), name.form), name)
    return {key: tuple(meanings.values()) for key, meanings in found.items()}


def words(written: str) -> tuple[str, ...]:
    """The words of an entry, strengths taken out of the way as ``0``.

    Examples
    --------
    >>> words("Oxycodone (hydrochloride) 5 mg/mL")
    ('oxycodone', 'hydrochloride', '0')
    """
    strength = _vocabulary()[2]
    return tuple(re.findall(r"[^\W_]+", strength.sub(" 0 ", plain(written).replace("'", ""))))


def pieces(written: str) -> tuple[Piece, ...]:
    """The entry cut into pieces so that as few words as possible stay unexplained, then into as few as possible.

    Examples
    --------
    >>> [(p.words, p.known) for p in pieces("oxycodone foobarine 5 mg")]
    [(('oxycodone',), True), (('foobarine',), False), (('0',), True)]
    """
    if squashed(written) in index():
        return (Piece((written,), meanings=index()[squashed(written)]),)
    found = words(written)
    best: list[tuple[int, int, tuple[Piece, ...]]] = [(0, 0, ())]
    for end in range(1, len(found) + 1):
        choices = []
        for piece in _ending_at(found, end):
            unexplained, cuts, before = best[end - len(piece.words)]
            choices.append((unexplained + (not piece.known), cuts + piece.cost, (*before, piece)))
        best.append(min(choices, key=lambda choice: choice[:2]))
    return best[-1][2]


def _ending_at(found: tuple[str, ...], end: int) -> Iterator[Piece]:
    """Every way to explain the words up to ``end``, the last of them unexplained included."""
    forms, neutral, _ = _vocabulary()
    for start in range(max(0, end - LONGEST), end):
        stretch = found[start:end]
        key = "".join(stretch)
        if key in index() and (len(found) == 1 or not key.isdigit()):
            yield Piece(stretch, meanings=index()[key])
        if key in forms:
            yield Piece(stretch, form=forms[key])
        elif key in neutral or (len(stretch) == 1 and key.isdigit()):
            yield Piece(stretch, passed_over=True)
    yield Piece(found[end - 1 : end])


def cautious(*forms: str) -> str:
    """The form that asks for most caution among those said.

    Examples
    --------
    >>> cautious("ir", "er"), cautious("", "ir"), cautious("")
    ('er', 'ir', 'unknown')
    """
    return max(forms, key=CAUTION.__getitem__) or "unknown"
