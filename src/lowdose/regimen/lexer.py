"""Text to words, for the grammar: numbers, clock times and the longest phrases of the vocabulary."""

from __future__ import annotations

from collections.abc import Iterator

from lark import Token
from lark.lexer import Lexer

from lowdose.regimen.words import LONGEST, VOCABULARY

#: Characters read as another, one for one, so that a caret drawn under the original text stays in place.
_SAME = {ord("μ"): "µ", **dict.fromkeys(map(ord, "−–—‐‑‒"), "-")}
_SAME |= {capital: chr(capital + 32) for capital in range(ord("A"), ord("Z") + 1)}
DIGITS = frozenset("0123456789")


def one_line(text: str) -> str:
    r"""Every space, line end and control character as one space, for showing; the length stays.

    Examples
    --------
    >>> one_line("4.5 mg\u00a0nightly")
    '4.5 mg nightly'
    """
    return "".join(mark if mark.isprintable() and not mark.isspace() else " " for mark in text)


class Words(Lexer):
    """The lexer that Lark calls.

    Examples
    --------
    >>> [token.type for token in Words().lex("4.5 mg at bedtime")]
    ['NUMBER', 'UNIT', 'AT', 'BEDTIME']
    """

    def __init__(self, configuration: object = None) -> None:
        """Take and ignore Lark's configuration: the words are ours."""

    def lex(self, text: str) -> Iterator[Token]:  # type: ignore[override]
        """Yield the words of ``text`` with their places; what is not a word is an ``UNKNOWN`` token."""
        text = one_line(text).translate(_SAME)
        place, last, counting_days = 0, "", False
        while place < len(text):
            mark, after = text[place], text[place + 1 : place + 2]
            numeric = mark in DIGITS or (mark in ".,+-" and after in DIGITS)
            signed_point = mark in "+-" and after == "." and text[place + 2 : place + 3] in DIGITS
            if mark == " " or (mark in ",;" and (not numeric or counting_days)) or _full_stop(text, place):
                place += 1
                continue
            if mark == "-" and (last == "NUMBER" or not (numeric or signed_point)):
                kind, end = "DASH", place + 1
            elif numeric or signed_point:
                kind, end = _number(text, place, ".," if not counting_days else "")
            elif mark.isalpha() or mark in "/×@":
                kind, end = _phrase(text, place)
            else:
                kind, end = "UNKNOWN", place + 1
            if kind == "AND":
                place = end
                continue
            counting_days = kind == "MISSING" or (counting_days and kind in ("NUMBER", "DASH", "PERIOD", "NIGHT"))
            yield Token(kind, " ".join(text[place:end].split()), start_pos=place, end_pos=end)
            place, last = end, kind


def _full_stop(text: str, place: int) -> bool:
    """Whether the point here only ends a word or the sentence; after a digit it may be a lost decimal."""
    if text[place] != ".":
        return False
    before, rest = text[:place], text[place + 1 :]
    return not rest.strip() or (before[-1:].isalpha() and rest[0] not in DIGITS)


def _number(text: str, start: int, marks: str) -> tuple[str, int]:
    """Kind and end of the number, clock time or count of times (``3 times``) starting here."""
    end = start + 1
    while text[end : end + 1] in DIGITS or (text[end : end + 1] in marks and text[end + 1 : end + 2] in DIGITS):
        end += 1
    if text[end : end + 1] == ":":
        end += 1
        while end < len(text) and text[end] in DIGITS:
            end += 1
        kind = "CLOCK"
    else:
        kind = "NUMBER"
    follows = end + len(text[end:]) - len(text[end:].lstrip(" "))
    word = text[follows : _word_end(text, follows)]
    if word in ("am", "pm"):
        return "CLOCK", follows + 2
    if word in ("times", "x") and kind == "NUMBER":
        return "TIMES", follows + len(word)
    return kind, end


def _phrase(text: str, start: int) -> tuple[str, int]:
    """Kind and end of the longest phrase of the vocabulary starting here."""
    if not text[start].isalpha():
        return VOCABULARY[text[start]], start + 1
    ends = [_word_end(text, start)]
    while len(ends) < LONGEST:
        follows = ends[-1] + len(text[ends[-1] :]) - len(text[ends[-1] :].lstrip(" "))
        if follows == ends[-1] or not text[follows : follows + 1].isalpha():
            break
        ends.append(_word_end(text, follows))
    for end in reversed(ends):
        kind = VOCABULARY.get(" ".join(text[start:end].split()))
        if kind:
            return kind, end
    return "UNKNOWN", ends[0]


def _word_end(text: str, start: int) -> int:
    """End of the letters starting here; a hyphen between letters belongs to the word."""
    end = start
    while end < len(text) and (
        text[end].isalpha() or (text[end] == "-" and end > start and text[end + 1 : end + 2].isalpha())
    ):
        end += 1
    return end
