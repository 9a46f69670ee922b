"""Words as people type them: compared without case, accents and punctuation; near misses found by rapidfuzz."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping

from lowdose.errors import NotFound

_SHORTEST_WITH_A_SLIP = 4
_SHORTEST_BEGINNING = 3
_LONG = 8
_MANY = 50
"""So many names are too many to list in a message."""


def one_of(kind: str, words: str, spellings: Mapping[str, str]) -> str:
    """What ``spellings`` has under that word, whatever its case and punctuation.

    Raises
    ------
    NotFound
        If it has nothing; what is spelt nearly so is suggested, or all there is.

    Examples
    --------
    >>> one_of("fruit", " Red-Apple", {"red apple": "apple", "pear": "pear"})
    'apple'
    >>> one_of("fruit", "paer", {"red apple": "apple", "pear": "pear"})
    Traceback (most recent call last):
    lowdose.errors.NotFound: no fruit is named 'paer'
      remedy: did you mean pear?
    """
    by_plain: dict[str, str] = {}
    for spelling, value in spellings.items():
        if spelling:
            by_plain.setdefault(plain(spelling), value)
    asked = plain(words)
    if asked in by_plain:
        return by_plain[asked]
    nearest = near(asked, by_plain)
    known = tuple(dict.fromkeys(spellings.values()))
    listed = f"known: {', '.join(known)}" if len(known) <= _MANY else f"none of the {len(known)} is spelt like it"
    remedy = f"did you mean {' or '.join(nearest)}?" if nearest else listed
    raise NotFound(f"no {kind} is named {words!r}", remedy=remedy)


def plain(words: str) -> str:
    """Text as it is compared: no case, accents or punctuation, one space between words.

    Examples
    --------
    >>> plain("  Crohn's–Disease (ACTIVE)")
    'crohn s disease active'
    """
    stripped = "".join(c for c in unicodedata.normalize("NFKD", words) if not unicodedata.combining(c))
    return " ".join("".join(c if c.isalnum() else " " for c in stripped.casefold()).split())


def near(asked: str, by_plain: Mapping[str, str]) -> tuple[str, ...]:
    """Up to three values whose spelling is near, the nearest first.

    Examples
    --------
    >>> near("paer", {"pear": "Pear", "apple": "Apple"})
    ('Pear',)
    """
    from rapidfuzz import fuzz, process

    if not asked:
        return ()
    found = process.extract(asked, list(by_plain), scorer=fuzz.ratio, score_cutoff=60, limit=6)
    if not found:
        longer = [spelling for spelling in by_plain if len(spelling) >= len(asked) > _SHORTEST_BEGINNING]
        found = process.extract(asked, longer, scorer=fuzz.WRatio, score_cutoff=75, limit=6)
    nearest = [by_plain[spelling] for spelling, score, _ in found if score > found[0][1] - 15]
    return tuple(dict.fromkeys(nearest))[:3]


def alike(word: str, vocabulary: Mapping[str, float]) -> dict[str, float]:
    """Words of the vocabulary that a word means, with how surely: itself, as a beginning, or with a slip.

    A slip is a letter too many, too few, another, or two in the wrong order: one in words of four letters or more, two
    in words of eight or more; or all letters after the first in another order.

    Examples
    --------
    >>> alike("chron", {"crohn": 5.0, "pain": 3.0}), alike("fibro", {"fibromyalgia": 5.0})
    ({'crohn': 0.9}, {'fibromyalgia': 0.8})
    """
    from rapidfuzz.distance import OSA

    if word in vocabulary:
        return {word: 1.0}
    longer = {known: 0.8 for known in vocabulary if len(word) >= _SHORTEST_BEGINNING and known.startswith(word)}
    mixed = {
        known: 0.9 for known in vocabulary if len(word) >= _SHORTEST_WITH_A_SLIP and _in_another_order(word, known)
    }
    if longer or mixed or len(word) < _SHORTEST_WITH_A_SLIP or word.startswith("="):
        return longer | mixed
    slips = 2 if len(word) >= _LONG else 1
    long_enough = (known for known in vocabulary if len(known) > slips + 1)
    return {known: 0.5 for known in long_enough if OSA.distance(word, known, score_cutoff=slips) <= slips}


def _in_another_order(word: str, other: str) -> bool:
    """Whether the letters after the first were mixed up, as in ``chron``."""
    return len(word) == len(other) and word[0] == other[0] and sorted(word) == sorted(other)
