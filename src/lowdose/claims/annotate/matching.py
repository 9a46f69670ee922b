"""How well a sentence states a claim, in one score; and whether it says yes, no or another number."""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz

from lowdose.claims.annotate.agreement import compare
from lowdose.claims.annotate.context import NEXT_TO, Reading
from lowdose.claims.annotate.lexicon import Span
from lowdose.claims.annotate.negation import NOES, is_far
from lowdose.claims.annotate.phrases import Group, Phrase, content

#: A sentence that holds all a claim needs starts here; the rest moves it up or down.
_BASE = 0.52
_LIKELY, _SIMILAR, _NUMBERS, _SPECIFIC = 0.12, 0.24, 0.12, 0.015
_NEVER, _FAR, _OTHER_NUMBER, _BORROWED, _MISSING, _TURNED = 0.2, 0.2, 0.04, 0.05, 0.2, 0.02
_LEAST_SIMILARITY, _MOST_SIMILARITY = 0.35, 0.85
#: From here a paraphrase makes up for one concept that was not found.
_MAKES_UP = 0.78
#: A claim's own words of denial weigh more than an opposite of the lexicon.
_NAMED = 1.5
#: A "no" within so many words of a wording of denial turns it round ("not without").
_BESIDE = 2
#: With another number in it, a sentence is called the opposite only from here.
_UNCLEAR = 0.5
#: "Did not" is worth more than a word of the other direction somewhere in the sentence.
_PLAIN, _DENIED = 1.0, 2.1


@dataclass(frozen=True)
class Match:
    """A claim found in a sentence."""

    claim: str
    family: str
    score: float
    relation: str
    said: str
    registered: str
    places: frozenset[int]
    general: bool = False


def match(phrase: Phrase, one: Reading, neighbours: Sequence[Reading] = ()) -> Match | None:
    """Compare a sentence with a claim; None where it does not hold what the claim needs.

    Examples
    --------
    >>> from lowdose.claims.annotate.context import read
    >>> from lowdose.claims.annotate.phrases import phrases
    >>> known = phrases()
    >>> said = read("LDN blocks the receptors for nine hours.", known.lexicon)
    >>> found = match(known.by_claim["C016"], said)
    >>> found.relation, found.said, found.registered
    ('number differs', 'nine hours', '3 h')
    """
    if phrase.need and not any(one.holds(f"#{kind}") or one.holds(kind) for kind in phrase.need):
        return None
    lacking, borrowed = _within(phrase, one, neighbours)
    if lacking > 1:
        return None
    far = _near(phrase, one)
    if far is None:
        return None
    if phrase.listed and sum(_has(group, one) for group in phrase.listed) < 1:
        return None
    similar = similarity(phrase, one)
    if lacking and similar < _MAKES_UP:
        return None
    number, said, shown = compare(phrase.numbers, one.quantities)
    # A sentence with another number is called the opposite only where it clearly is.
    turned = polarity(phrase, one) < (-_UNCLEAR if number < 0 else 0)
    score = _BASE + _SPECIFIC * (len(phrase.within) + len(phrase.near) - 2)
    score += _SIMILAR * max(0.0, min(1.0, (similar - _LEAST_SIMILARITY) / (_MOST_SIMILARITY - _LEAST_SIMILARITY)))
    score += _LIKELY * _likely(phrase, one)
    score += _NUMBERS * number if number > 0 else (-_OTHER_NUMBER if number < 0 else 0.0)
    score -= _FAR * far + _BORROWED * borrowed + _MISSING * lacking + _TURNED * turned
    score -= _NEVER * any(all(one.holds(part) for part in both.split("&")) for both in phrase.never)
    relation = "opposite" if turned else "number differs" if number < 0 else "states"
    return Match(
        phrase.claim,
        phrase.family,
        max(0.0, min(1.0, score)),
        relation,
        said,
        shown,
        _places(phrase, one),
        phrase.general,
    )


def _has(group: Group | frozenset[str], one: Reading) -> bool:
    names = one.concepts
    return any(name in names or (name[0] == "#" and one.holds(name)) for name in group)


def _within(phrase: Phrase, one: Reading, neighbours: Sequence[Reading]) -> tuple[int, int]:
    """How many concepts are lacking, and how many are only in the sentence beside it (or what it refers to)."""
    most = len(phrase.within) if phrase.spans else 1
    missing = []
    for group, accepted in zip(phrase.within, phrase.accepted, strict=True):
        # Most claims end here, so the sets are compared first, and numbers only where a claim asks for them.
        if accepted.isdisjoint(one.concepts) and not any(name[0] == "#" and one.holds(name) for name in accepted):
            missing.append(group)
            if len(missing) > most:
                return len(missing), 0
    if not missing or len(missing) == len(phrase.within):
        return len(missing), 0
    allowed = len(missing) if phrase.spans else 1
    borrowed = 0
    for group in missing:
        beside = phrase.spans and any(_has(group, other) for other in neighbours)
        back = (
            _turns_on(phrase, group) is False
            and one.refers_back()
            and any(one.near.get(name, 0) >= NEXT_TO for name in group)
        )
        borrowed += bool(beside or back)
    borrowed = min(borrowed, allowed)
    return len(missing) - borrowed, borrowed


def _turns_on(phrase: Phrase, group: Group) -> bool:
    return bool(set(group) & {name.removeprefix("-") for name in phrase.says})


def _near(phrase: Phrase, one: Reading) -> float | None:
    """How far away the setting stands, 0 within the sentence; None where it is nowhere."""
    far = 0.0
    for group in phrase.near:
        if _has(group, one):
            continue
        credit = max((one.near.get(name, 0.0) for name in group), default=0.0)
        if not credit:
            return None
        far = max(far, 1 - credit)
    return far


def _likely(phrase: Phrase, one: Reading) -> float:
    if not phrase.likely:
        return 0.5
    found = sum(_has(group, one) for group in phrase.likely)
    return min(1.0, found / min(2, len(phrase.likely)))


def similarity(phrase: Phrase, one: Reading) -> float:
    """How near a sentence comes to the nearest paraphrase, 0 to 1, by its lemmas in any order.

    Examples
    --------
    >>> from lowdose.claims.annotate.context import read
    >>> from lowdose.claims.annotate.phrases import phrases
    >>> known = phrases()
    >>> similarity(known.by_claim["C146"], read("Very few drug interactions", known.lexicon)) > 0.9
    True
    """
    best = 0.0
    for paraphrase in phrase.say:
        other = _content(paraphrase)
        best = max(
            best, 0.5 * fuzz.token_set_ratio(one.content, other) + 0.5 * fuzz.token_sort_ratio(one.content, other)
        )
    return best / 100


_CONTENT: dict[str, str] = {}


def _content(text: str) -> str:
    if text not in _CONTENT:
        _CONTENT[text] = content(text)
    return _CONTENT[text]


def polarity(phrase: Phrase, one: Reading) -> float:
    """Above 0 where a sentence says what the claim says, below 0 where it denies it, 0 where it does neither.

    Examples
    --------
    >>> from lowdose.claims.annotate.context import read
    >>> from lowdose.claims.annotate.phrases import phrases
    >>> known = phrases()
    >>> polarity(known.by_claim["C019"], read("Endorphins do not stay high all day", known.lexicon)) < 0
    True
    """
    against = phrase.against
    for_it, other = _spans({name.removeprefix("-") for name in phrase.says}, one), _spans(against, one)
    # "Increasing endorphins, it lowers pain": a word before what the claim only mentions says nothing of its subject.
    elsewhere = {start for start, _ in _spans(_only_mentioned(phrase), one)}
    other = [(start, end) for start, end in other if end not in elsewhere]
    total = 0.0
    for name in phrase.says:
        expected = -1.0 if name.startswith("-") else 1.0
        total += expected * _mentions(name.removeprefix("-"), one, for_it, other)
    for name in sorted(against):
        weight = _NAMED if name in phrase.denies else _PLAIN
        mentioned = weight * _mentions(name, one, other, for_it, elsewhere)
        # "Neither raises nor lowers" denies that it raises, though the opposite is denied too.
        total -= max(mentioned, 0.0) if total < 0 else mentioned
    if not total:
        total = _nearest(phrase, one, for_it, other) if for_it or other else _bare(phrase, one)
    if one.called_false:
        total = -abs(total) or -1.0
    return total


def _nearest(phrase: Phrase, one: Reading, for_it: Sequence[Span], other: Sequence[Span]) -> float:
    """Where a sentence says both, what stands nearest to the claim's subject decides: below 0 for what denies it."""
    turning = {name.removeprefix("-") for name in phrase.says} | phrase.against
    about = [name for group in phrase.within for name in group if name not in turning]
    subject = [span for name in about for span in one.concepts.get(name, ())]
    if not (subject and for_it and other) or any(name.startswith("-") for name in phrase.says):
        return 0.0
    yes, no = (min(max(a - end, start - b, 0) for a, b in spans for start, end in subject) for spans in (for_it, other))
    denied = any(one.denied[a] for a, _ in (*for_it, *other))
    return -1.0 if no < yes and not denied else 0.0


def _bare(phrase: Phrase, one: Reading) -> float:
    """Below 0 where the words on which a claim turns are not there, and most of its others stand under a "no"."""
    if not phrase.says or any(name.startswith("-") for name in phrase.says):
        return 0.0
    spans = [span for group in phrase.within for name in group for span in one.concepts.get(name, ())]
    denied = [
        any(at < start or at >= end for place in range(start, end) for at in one.denied[place]) for start, end in spans
    ]
    return -1.0 if denied and sum(denied) > len(denied) / 2 else 0.0


def _only_mentioned(phrase: Phrase) -> set[str]:
    """Concepts that make a claim likelier and that it does not turn on."""
    needed = {name for group in phrase.within for name in group}
    return {name for group in phrase.likely for name in group} - needed - phrase.against


def _spans(names: Iterable[str], one: Reading) -> list[Span]:
    return [span for name in names for span in one.concepts.get(name, ())]


def _mentions(
    name: str, one: Reading, same: Sequence[Span], wider: Sequence[Span], elsewhere: Container[int] = ()
) -> float:
    """Sum over where a concept stands: 1 where it is said, less than -1 where it is denied.

    Within a wider wording of either side ("tolerated" in "tolerated it badly") it does not count, nor does a "no" that
    is part of such a wording ("no side effects"); nor before a word that stands ``elsewhere``.
    """
    total = 0.0
    for start, end in one.concepts.get(name, []):
        if end in elsewhere:
            continue
        if any((a, b) != (start, end) and a <= start and end <= b for a, b in (*same, *wider)):
            continue
        noes = {at for place in range(start, end) for at in one.denied[place] if not start <= at < end}
        noes = {at for at in noes if not any(a <= at < b for a, b in same)}
        if any(word.text in NOES for word in one.words[start:end]):
            far = any(start - at <= _BESIDE or is_far(_texts(one, at + 1, at + 3)) for at in noes)
            total += -_DENIED if far else _DENIED
        else:
            total += -_DENIED if noes else _PLAIN
    return max(-2 * _DENIED, min(2 * _PLAIN, total))


def _texts(one: Reading, start: int, end: int) -> list[str]:
    return [word.text for word in one.words[start:end]]


def _places(phrase: Phrase, one: Reading) -> frozenset[int]:
    """Words on which the match rests."""
    names = {name.removeprefix("-") for group in (*phrase.within, phrase.says) for name in group}
    return frozenset(
        place for name in names for start, end in one.concepts.get(name, ()) for place in range(start, end)
    )
