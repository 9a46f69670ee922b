"""Names that may have been meant by an entry that is not recognised: they are only ever offered, never taken."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cache

from lowdose.safety.medicines.reading import Piece, index, squashed
from lowdose.safety.medicines.table import Name, in_set, ingredients

LIKENESS = 0.75
"""Share of letters that must agree, measured on misspellings and on invented names (tests/safety/medicines)."""

OFFERED = 5

GRAVE = (("opioid_washout", "opioid_systemic"), ("opioid_gut", "opioid_antagonist_other"))
"""Sets whose medicines must not be read as something harmless, the gravest first."""

_SOUNDS = (
    (r"ph", "f"),
    (r"th", "t"),
    (r"ck|c(?=[aoulrk])|q", "k"),
    (r"c(?=[eiy])|z", "s"),
    (r"x", "ks"),
    (r"ae|oe", "e"),
    (r"y", "i"),
    (r"w", "v"),
    (r"h", ""),
    (r"(.)\1+", r"\1"),
    (r"e$", ""),
)


def sound(squashed_name: str) -> str:
    """Roughly how a name sounds, so that "morfine" lies beside "morphine".

    Examples
    --------
    >>> sound("morphine") == sound("morfin")
    True
    """
    for pattern, heard in _SOUNDS:
        squashed_name = re.sub(pattern, heard, squashed_name, flags=re.MULTILINE)
    return squashed_name


@cache
def _spellings() -> tuple[str, ...]:
    """Spellings to compare with, codes left out."""
    return tuple(key for key, meanings in index().items() if any("code" not in each.kind for each in meanings))


@cache
def _sounds() -> tuple[str, ...]:
    """How each spelling sounds, in one go: every line is a name."""
    return tuple(sound("\n".join(_spellings())).split("\n"))


def _scores(query: str) -> Iterable[tuple[str, float]]:
    from rapidfuzz import process
    from rapidfuzz.distance import OSA

    keys = _spellings()
    for asked, choices in ((query, keys), (sound(query), _sounds())):
        compared = process.extract(asked, choices, scorer=OSA.normalized_similarity, score_cutoff=LIKENESS, limit=20)
        yield from ((keys[place], score) for _, score, place in compared)


@cache
def grave(name: str) -> int:
    """How grave it is to miss it: 2 for a systemic opioid, 1 for one of the gut or a second antagonist, else 0.

    Examples
    --------
    >>> grave("codeine"), grave("loperamide"), grave("ibuprofen")
    (2, 1, 0)
    """
    held = ingredients()[name]
    places = [place for place, sets in enumerate(GRAVE) if any(in_set(held, each) for each in sets)]
    return len(GRAVE) - min(places, default=len(GRAVE))


def gravest(names: Iterable[str]) -> int:
    """The gravest of some ingredients; 0 for none."""
    return max(map(grave, names), default=0)


def shown(name: Name) -> str:
    """A name with what is in it, unless the name says that already."""
    inside = " and ".join(name.ingredients)
    return inside if squashed(name.written) == squashed(inside) else f"{name.written} ({inside})"


def opioid_one_letter_away(written: str, cut: Sequence[Piece], least: int) -> tuple[str, ...]:
    """Names at least as grave as ``least`` that one wrong, missing or added letter would turn into what stands there.

    The entry as a whole is compared, the entry without strengths, and each of its names that no word beside it repeats.
    """
    from rapidfuzz import process
    from rapidfuzz.distance import OSA

    without_strength = "".join(word for piece in cut for word in piece.words if word != "0")
    named = [piece for piece in cut if piece.meanings]
    alone = [each for each in named if not any(_say_the_same(each, other) for other in named if other is not each)]
    found: dict[str, None] = {}
    for query in {squashed(written), squashed(without_strength), *(squashed("".join(each.words)) for each in alone)}:
        for key, _, _ in process.extract(query, _keys_of(least), scorer=OSA.distance, score_cutoff=1, limit=OFFERED):
            found.update(dict.fromkeys(shown(each) for each in index()[key] if gravest(each.ingredients) >= least))
    return tuple(sorted(found))


def _say_the_same(one: Piece, other: Piece) -> bool:
    return any(set(a.ingredients) == set(b.ingredients) for a in one.meanings for b in other.meanings)


def _best_first(pair: tuple[float, Name]) -> tuple[float, int, bool, str]:
    score, name = pair
    return -score, -gravest(name.ingredients), name.kind != "ingredient", name.written


@cache
def _keys_of(least: int) -> tuple[str, ...]:
    return tuple(key for key in _spellings() if any(gravest(each.ingredients) >= least for each in index()[key]))


def near_names(written: str, cut: Sequence[Piece], open_names: Sequence[Piece]) -> tuple[str, ...]:
    """Every meaning of the names that are open, then close spellings: best first, of equals opioids, ingredients."""
    offered = [each for piece in open_names for each in piece.meanings]
    unknown = [word for piece in cut if not piece.known for word in piece.words]
    queries = {squashed(written), "".join(unknown), *unknown}
    best: dict[str, float] = {}
    for query in sorted(queries - {""}):
        for key, score in _scores(query):
            best[key] = max(score, best.get(key, 0.0))
    meant = [(score, each) for key, score in best.items() for each in index()[key] if "code" not in each.kind]
    meant.sort(key=_best_first)
    offered += [each for _, each in meant]
    return tuple(dict.fromkeys(shown(each) for each in offered))[:OFFERED]
