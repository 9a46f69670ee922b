"""What to say when text is not understood: the text, a caret under the place, and what would be valid there."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from lark import Token, Tree
from lark.exceptions import UnexpectedToken

from lowdose.errors import InvalidInput
from lowdose.regimen import forms
from lowdose.regimen.lexer import one_line
from lowdose.regimen.steps import BadStep
from lowdose.regimen.words import MEANINGS, VOCABULARY

#: What ``LowdoseError`` prints before the place; the caret line is indented by as much.
_INDENT = " " * len("  where: ")
#: Characters shown on either side of the caret.
_AROUND = 60
_AMOUNT = "an amount with a unit: 4.5 mg, 500 micrograms"


def pointed(text: str, start: int, end: int, label: str = "") -> str:
    """The text and, under it, carets from ``start`` to ``end``; long text is cut around them.

    Examples
    --------
    >>> print("  where:", pointed("4.5 ml nightly", 4, 6))
      where: 4.5 ml nightly
                 ^^
    """
    line = one_line(text)
    end = max(end, start + 1)
    left, right = max(start - _AROUND, 0), min(end, start + _AROUND) + _AROUND
    before = f"{label}: " if label else ""
    before += "…" if left else ""
    shown = line[left:right] + ("…" if right < len(line) else "")
    carets = "^" * (min(end, right) - start)
    return f"{before}{shown}\n{_INDENT}{' ' * (len(before) + start - left)}{carets}"


@contextmanager
def pinning(text: str, start: int, end: int, label: str = "") -> Iterator[None]:
    """Give every refusal raised inside a place in ``text``, unless it has one.

    Examples
    --------
    >>> from .amounts import read_number
    >>> with pinning("1,000 mcg", 0, 5):
    ...     read_number("1,000")
    Traceback (most recent call last):
    lowdose.errors.InvalidInput: ambiguous number '1,000': a decimal comma or a thousands comma?
      where: 1,000 mcg
             ^^^^^
      remedy: write 1000, or 1 with a point
    """
    try:
        yield
    except InvalidInput as problem:
        if problem.where and not isinstance(problem, BadStep):
            raise
        where = pointed(text, start, end, label)
        raise InvalidInput(problem.what, where=where, remedy=problem.remedy) from None


def not_understood(problem: UnexpectedToken, text: str, label: str = "") -> InvalidInput:
    """Turn Lark's complaint into ours.

    Parameters
    ----------
    problem : UnexpectedToken
        What Lark raised.
    text : str
        What the user wrote.
    label : str
        Name of the field, where the text is part of a file.

    Examples
    --------
    >>> from lowdose.regimen import Regimen
    >>> Regimen.parse("4.5 mg nightly of 12 weeks")
    Traceback (most recent call last):
    lowdose.errors.InvalidInput: not understood: 'of'
      where: 4.5 mg nightly of 12 weeks
                            ^^
      remedy: valid here: at what time: at 22:00, at bedtime; how long: for 12 weeks; ...
    """
    token: Token = problem.token
    finished = token.type == "$END"
    start = len(text.rstrip()) if finished else token.start_pos or 0
    end = start + 1 if finished else token.end_pos or start + 1
    accepted = set(problem.accepts or problem.expected)
    what, remedy = _say(accepted, one_line(text)[start:end] if not finished else "", problem)
    return InvalidInput(what, where=pointed(text, start, end, label), remedy=remedy)


def _say(accepted: set[str], word: str, problem: UnexpectedToken) -> tuple[str, str]:
    """What is wrong, and what to do about it."""
    token = problem.token
    if accepted == {"UNIT"}:
        if token.type == "DASH":
            return "a range is not one regimen", "write one amount, e.g. 4.5 mg"
        if word.lower() == "ml":
            return "unknown unit 'ml': a volume is not a dose", "write the amount in it: mg or micrograms"
        if token.type == "UNKNOWN":
            return f"unknown unit {word!r}", "write mg or micrograms"
        return "a unit is missing after the number", "write mg or micrograms, e.g. 4.5 mg"
    if accepted == {"FORM"} and word:
        return f"unknown form {word!r}", forms.remedy(word.lower())
    if token.type == "NO_DOSE" and accepted == {"NUMBER"}:
        return "a regimen starts with a dose", f"write {_AMOUNT}"
    what = f"not understood: {word!r}" if word else "the text ends too early"
    hint = "; ".join(dict.fromkeys(_valid(accepted, problem)))
    if token.type == "NUMBER" and "THEN" in accepted:
        return what, f"write 'then' before the next step; valid here: {hint}"
    if token.type == "UNKNOWN" and len(word) > 3:
        from difflib import get_close_matches

        near = get_close_matches(word.lower(), VOCABULARY, n=1, cutoff=0.75)
        if near:
            return what, f"did you mean {near[0]}? valid here: {hint}"
    return what, f"valid here: {hint}"


def _valid(accepted: set[str], problem: UnexpectedToken) -> Iterator[str]:
    """Phrases for the terminals that may follow, without what the step has said already."""
    written = _written(problem)
    last = written[-1] if written else "THEN"
    if last == "THEN":
        yield _AMOUNT
    elif last == "FOR":
        yield "a length of time: 12 weeks"
    elif last == "EVERY":
        yield "how often: every 12 hours, every other day, every night"
    elif last == "MISSING":
        yield "days: 3, 10-12"
    elif "PERIOD" in accepted:
        yield MEANINGS["length"]
    said = {_CLAUSE_OF.get(kind, "") for kind in written}
    for terminal, words in MEANINGS.items():
        if terminal in accepted and terminal not in said:
            yield words


#: Terminals that show that a clause has been written -> the terminal that stands for the clause in MEANINGS.
_CLAUSE_OF = {
    "ADVERB": "ONCE",
    "EVERY": "ONCE",
    "ONCE": "ONCE",
    "TIMES": "ONCE",
    "AT": "AT",
    "FOR": "FOR",
    "FORM": "FORM",
}


def _written(problem: UnexpectedToken) -> list[str]:
    """Kinds of the words since the last ``then``, as far as Lark has read."""
    parser = problem.interactive_parser
    found: list[str] = []
    for part in parser.parser_state.value_stack if parser is not None else ():
        tokens = part.scan_values(lambda leaf: isinstance(leaf, Token)) if isinstance(part, Tree) else [part]
        for token in tokens:
            if token.type == "THEN":
                found = []
            elif not (token.type == "EVERY" and found[-1:] == ["FOR"]):  # the "a" of "for a week"
                found.append(token.type)
    return found
