"""Which words of a sentence stand under a "no" (after NegEx: a trigger, a scope, what ends it)."""

from __future__ import annotations

import re
from collections.abc import Sequence

from lowdose.claims.annotate.words import Word, words

_TRIGGERS = frozenset(
    """not no never without neither nor none nobody nothing hardly barely scarcely lack lacks lacked lacking
    absence unable unlikely nowhere""".split()
)
#: Words that make a wording a "no" by itself ("nothing for", "no better").
NOES = _TRIGGERS | {"little"}
#: Triggers of more than one word.
_LONGER = (
    ("rather", "than"), ("instead", "of"), ("far", "from"), ("contrary", "to"),
    ("no", "evidence"), ("no", "proof"), ("no", "sign"), ("little", "evidence"), ("no", "reason"), ("no", "truth"),
    ("fail", "to"), ("fails", "to"), ("failed", "to"), ("failing", "to"), ("anything", "but"), ("stop", "short"),
    ("refused", "to"), ("refuses", "to"), ("refuse", "to"), ("rarely", "go"), ("rarely", "goes"),
    ("rarely", "help"), ("rarely", "helps"), ("rarely", "work"), ("rarely", "works"), ("rarely", "pass"),
    ("rarely", "fade"), ("ruled", "out"), ("rule", "out"), ("opposite", "of"),
)  # fmt: skip
#: A "no" that denies nothing.
_NONE = """
not only; not just; no doubt; not merely; not simply; not surprising; no surprise; not a surprise; no
wonder; no longer than; no more than; no less than; no lower than; no higher than; not until; if not; or
not; not to mention; not more than; not less than; not below; not above; not exceed; not unusual; not
uncommon; not least; no fewer than; no later; no matter; without doubt; not surprisingly; not so much;
not alone; no exception; no secret; no question; cannot deny; not unlike; not to be confused; not
confuse; should not be confused; no small; not always; not everyone; not every; not all; not be until; not true; not
the case; nothing to do with;
nobody doubts; no one doubts; nobody disputes; no one disputes; nobody denies; no shortage of; no lack of
"""
_IDLE = re.compile("|".join(rf"(?<!\S){re.escape(' '.join(one.split()))}(?!\S)" for one in _NONE.split(";")))
_BREAKS = frozenset("but however although though whereas while ; : unless except because since until if".split())
#: After a comma these begin a new clause.
_SUBJECTS = frozenset(
    "their they it its he she the we you this that these most some all yet and-then many people a".split()
)
#: "If you cannot sleep, take ...": the comma ends what is denied.
_SUBORDINATE = frozenset("if when should once after before because since while although".split())
#: "No evidence that", "no need to": what follows is denied to the end of the clause.
FAR = frozenset("evidence proof sign reason truth true contrary opposite case need cause".split())
_REACH = 12
#: Words that turn the whole sentence round.
_FALSE = re.compile(
    r"\b(?:myth|falsehood|untrue|debunked|nonsense|(?:is|are|was) (?:false|wrong)|is incorrect|mistaken|simply false"
    r"|false that|wrong that|disproved|disproven|refuted|misconception|a mistake to|wrongly|falsely"
    r"|nothing to do with|(?<!the )impossible)\b"
)
#: "A rise was not seen": the "no" comes after what it denies.
_AFTER = frozenset(
    """seen found observed reported confirmed detected happen occur materialise materialize hold show shown proven
    proved true case evident apparent expected supported established there demonstrated noted appear""".split()
)


def denied(sentence: Sequence[Word]) -> tuple[tuple[int, ...], ...]:
    """For every word, the places of the negations whose scope it is in.

    Examples
    --------
    >>> found = denied(words("It does not raise endorphins, but it lowers pain."))
    >>> [bool(one) for one in found]
    [False, False, False, True, True, False, False, False, False, False]
    """
    texts = [word.text for word in sentence]
    scopes: list[list[int]] = [[] for _ in texts]
    idle = _idle(texts)
    for at, text in enumerate(texts):
        longer = next((len(one) for one in _LONGER if tuple(texts[at : at + len(one)]) == one), 0)
        waits = "until" in texts[at : at + _REACH]
        if at in idle or waits or not (text in _TRIGGERS or longer):
            continue
        far = is_far(texts[at + 1 : at + 4]) or text in ("contrary", "neither")
        for place in _forward(texts, at + max(1, longer), 40 if far else _REACH):
            scopes[place].append(at)
        for place in _backward(texts, at):
            scopes[place].append(at)
    return tuple(tuple(one) for one in scopes)


def is_far(following: Sequence[str]) -> bool:
    """Whether a "no" followed by these words denies all that comes after: "no evidence that", "not have to".

    Examples
    --------
    >>> is_far(["need", "to"]), is_far(["have", "to"]), is_far(["have", "pain"])
    (True, True, False)
    """
    return bool(FAR & set(following)) or list(following[:2]) == ["have", "to"]


def _idle(texts: Sequence[str]) -> set[int]:
    line = " ".join(texts)
    idle: set[int] = set()
    for match in _IDLE.finditer(line):
        if not line[: match.start()].endswith("can "):
            first = line[: match.start()].count(" ")
            idle.update(range(first, first + match.group().count(" ") + 1))
    return idle


def _forward(texts: Sequence[str], start: int, reach: int) -> list[int]:
    places: list[int] = []
    for place in range(start, min(len(texts), start + reach)):
        if texts[place] in _BREAKS or (texts[place] == "," and _ends_clause(texts, place)):
            break
        places.append(place)
    return places


def _ends_clause(texts: Sequence[str], comma: int) -> bool:
    following = [text for text in texts[comma + 1 : comma + 3] if text != "and"][:1]
    return texts[0] in _SUBORDINATE | {"contrary"} or bool(following and following[0] in _BREAKS | _SUBJECTS)


def _backward(texts: Sequence[str], at: int) -> list[int]:
    """What stands before "was not seen", back to the start of its clause."""
    if texts[at] not in ("not", "never", "hardly") or not _AFTER & set(texts[at + 1 : at + 4]):
        return []
    places: list[int] = []
    for place in range(at - 1, max(-1, at - 12), -1):
        if texts[place] in _BREAKS or texts[place] in (",", "that", "and", "or"):
            break
        places.append(place)
    return places


def is_called_false(text: str) -> bool:
    """Whether a sentence calls what it tells untrue.

    Examples
    --------
    >>> is_called_false("That LDN raises endorphins is a myth."), is_called_false("LDN raises endorphins.")
    (True, False)
    """
    line = " ".join(word.text for word in words(text))
    return bool(_FALSE.search(line)) or "not true" in line or "not the case" in line
