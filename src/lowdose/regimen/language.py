"""What a sentence of the regimen language means: text → words and tree (Lark) → steps as written → regimen."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import time, timedelta
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Any

from lark import Lark, Token, Tree
from lark.exceptions import UnexpectedToken

from lowdose.errors import InvalidInput
from lowdose.regimen import clocks
from lowdose.regimen.amounts import exact_mg, read_number
from lowdose.regimen.checks import zero_dose
from lowdose.regimen.clocks import DAY
from lowdose.regimen.forms import SPELLINGS, Form
from lowdose.regimen.lexer import Words
from lowdose.regimen.mistakes import not_understood, pinning, pointed
from lowdose.regimen.regimen import Regimen
from lowdose.regimen.steps import BadStep, Written, join
from lowdose.regimen.words import ADVERBS, NUMBERS, PERIODS, UNITS, Rate

#: Longer text is no regimen.
LONGEST_TEXT = 5000
_STARTS = ["regimen", "amount", "how_often", "time_of_day", "length", "days"]

Span = tuple[int, int]


@cache
def _parser() -> Lark:
    """The parser, built when first needed (tens of milliseconds)."""
    grammar = (files(__package__) / "grammar.lark").read_text(encoding="utf-8")
    return Lark(grammar, parser="lalr", lexer=Words, start=_STARTS, maybe_placeholders=False)


@dataclass
class Reader:
    """Reads the parts of one text, collecting notes; every refusal points into the text.

    Parameters
    ----------
    text : str
        What the user wrote.
    label : str
        Name of the field, where the text is part of a file.
    """

    text: str
    label: str = ""
    notes: list[str] = field(default_factory=list)

    def tree(self, start: str) -> Tree[Token]:
        """Parse the text from the rule ``start``.

        Raises
        ------
        InvalidInput
            Not understood, empty or too long.

        Examples
        --------
        >>> print(Reader("12 weeks").tree("length").data)
        length
        """
        if len(self.text) > LONGEST_TEXT:
            raise InvalidInput(
                f"a text of {len(self.text)} characters is no regimen",
                where=self.label,
                remedy=f"write at most {LONGEST_TEXT} characters, or the YAML form",
            )
        try:
            return _parser().parse(self.text, start=start)
        except UnexpectedToken as problem:
            raise not_understood(problem, self.text, self.label) from None

    def refuse(self, node: Tree[Token] | Token, what: str, remedy: str) -> InvalidInput:
        """A refusal that points at ``node``."""
        return InvalidInput(what, where=pointed(self.text, *span(node), self.label), remedy=remedy)

    def number(self, token: Token) -> Decimal:
        """A number in digits or as a word."""
        if token in NUMBERS:
            return NUMBERS[token]
        with pinning(self.text, *span(token), self.label):
            value, note = read_number(str(token))
        self.note(note)
        return value

    def note(self, note: str) -> None:
        """Keep a note once."""
        if note and note not in self.notes:
            self.notes.append(note)

    def amount(self, tree: Tree[Token]) -> Decimal:
        """``NUMBER UNIT`` as mg."""
        number, unit = _tokens(tree)
        with pinning(self.text, *span(tree), self.label):
            return exact_mg(self.number(number) * UNITS[unit])

    def period(self, tree: Tree[Token]) -> timedelta:
        """One day, week, ...; months and years are read as days, with a note."""
        (word,) = _tokens(tree)
        unit = PERIODS.get(word, DAY)
        if unit >= 30 * DAY:
            self.note(f"1 {'month' if unit == 30 * DAY else 'year'} read as {unit.days} days")
        return unit

    def length(self, tree: Tree[Token]) -> timedelta:
        """``12 weeks``, ``a week``."""
        count, period = tree.children
        assert isinstance(count, Token)
        assert isinstance(period, Tree)
        if count.type == "EVERY" and count not in ("a", "an"):
            raise self.refuse(count, f"not a length of time: {count!r}", "write a number, e.g. 12 weeks")
        number = Decimal(1) if count.type == "EVERY" else self.number(count)
        with pinning(self.text, *span(tree), self.label):
            return clocks.length(number, self.period(period))

    def time_of_day(self, tree: Tree[Token]) -> tuple[time | None, str]:
        """A clock time, or the part of the day that was said instead."""
        (word,) = _tokens(tree)
        if word.type not in ("CLOCK", "NUMBER"):
            return None, "morning" if word.type == "MORNING" else "night"
        with pinning(self.text, *span(tree), self.label):
            return clocks.read_clock(str(NUMBERS.get(word, word))), ""

    def how_often(self, tree: Tree[Token]) -> Rate:
        """``nightly``, ``every 12 hours``, ``twice a day``, ``once``."""
        parts = list(tree.children)
        times = Decimal(1)
        if isinstance(parts[0], Token) and parts[0].type in ("ONCE", "TIMES"):
            word = parts.pop(0)
            if not parts:
                return Rate(None)
            times = self._times(word)
        if len(parts) == 1:
            rate = ADVERBS[str(parts[0])]
        else:
            period = parts[-1]
            assert isinstance(period, Tree)
            unit, (said,) = self.period(period), _tokens(period)
            count = Decimal(1)
            if len(parts) == 3:
                middle = parts[1]
                assert isinstance(middle, Token)
                count = Decimal(2) if middle.type == "OTHER" else self.number(middle)
            with pinning(self.text, *span(tree), self.label):
                part = {"NIGHT": "night", "MORNING": "morning"}.get(said.type, "")
                rate = Rate(clocks.length(count, unit), part)
        return rate if times == 1 else self._divided(tree, rate, times)

    def _times(self, word: Tree[Token] | Token) -> Decimal:
        known = {"once": 1, "twice": 2, "thrice": 3}
        first = str(word).split()[0].rstrip("x") if str(word) not in known else ""
        digits = first.removesuffix("times")
        number = Decimal(known[str(word)]) if not digits else NUMBERS.get(digits) or Decimal(digits)
        if number <= 0 or number % 1 or number > 24:
            raise self.refuse(word, f"not a number of times: {digits}", "write 1 to 24 times a day")
        return number

    def _divided(self, tree: Tree[Token], rate: Rate, times: Decimal) -> Rate:
        """Several times a day: evenly spread over it."""
        if rate.every != DAY or rate.part:
            raise self.refuse(tree, "several times in something else than a day", "write how often: every 12 hours")
        every = DAY / int(times)
        if every % clocks.MINUTE:
            raise self.refuse(tree, "the day does not divide so", "write how often: every 4 hours")
        self.note(f"{times} times a day read as every {clocks.length_words(every)}")
        return Rate(every)

    def days(self, tree: Tree[Token]) -> set[int]:
        """Single days and ranges of days."""
        found: set[int] = set()
        for part in tree.find_data("day_range"):
            ends = []
            for token in (token for token in _tokens(part) if token.type == "NUMBER"):
                number = self.number(token)
                if number % 1 or not 1 <= number <= clocks.LONGEST.days:
                    raise self.refuse(token, f"not a day: {token!s}", "write whole numbers from 1, e.g. days 3, 10-12")
                ends.append(int(number))
            if ends[-1] < ends[0]:
                raise self.refuse(part, "the range ends before it starts", f"write {ends[-1]}-{ends[0]}")
            found |= set(range(ends[0], ends[-1] + 1))
        return found


@dataclass
class _Sentence:
    """The steps of a text, the days to miss, and where everything stands."""

    written: list[Written] = field(default_factory=list)
    missing: set[int] = field(default_factory=set)
    places: dict[tuple[int, str], Span] = field(default_factory=dict)


def parse(text: str) -> Regimen:
    """Read a regimen.

    Raises
    ------
    InvalidInput
        Not understood or not allowed.

    Examples
    --------
    >>> parse("3 mg every other day at 08:00 for 1 month").notes
    ('1 month read as 30 days',)
    """
    reader = Reader(text)
    sentence = _Sentence()
    tree = reader.tree("regimen")
    for part in tree.children:
        if isinstance(part, Tree):
            _step(reader, sentence, part)
    try:
        steps, assumed = join(sentence.written)
        return Regimen(steps, tuple(sentence.missing), (*reader.notes, *assumed))
    except BadStep as problem:
        places = sentence.places
        whole = places.get((problem.step, "step"), (0, len(text)))
        place = places.get((problem.step, problem.field))
        if place is None:  # something is missing: point behind the step
            place = (whole[1], whole[1] + 1)
        with pinning(text, *place):
            raise


def read_length(text: str, label: str = "") -> tuple[timedelta, list[str]]:
    """Read a length of time alone.

    Examples
    --------
    >>> read_length("12 weeks")
    (datetime.timedelta(days=84), [])
    """
    reader = Reader(text, label)
    return reader.length(reader.tree("length")), reader.notes


def _step(reader: Reader, sentence: _Sentence, tree: Tree[Token]) -> None:
    """Read one step or pause into the sentence."""
    index = len(sentence.written)
    said: dict[str, Any] = {"amount_mg": Decimal(0)}
    sentence.places[index, "step"] = span(tree)
    for part in tree.children:
        if isinstance(part, Token):
            continue
        name, field_name = str(part.data), _FIELDS[str(part.data)]
        if (index, field_name) in sentence.places and name != "missing":
            raise reader.refuse(part, f"{_SAID_TWICE[name]} is said twice", "leave one of them out")
        sentence.places[index, field_name] = span(part)
        last = part.children[-1]
        if name == "amount":
            said["amount_mg"] = reader.amount(part)
            if not said["amount_mg"]:
                with pinning(reader.text, *span(part)):
                    raise zero_dose(index)
        elif name == "how_often":
            said["rate"] = reader.how_often(part)
        elif name == "form":
            said["form"] = _form(last)
        elif isinstance(last, Tree):
            if name == "clock":
                said["at"], said["part"] = reader.time_of_day(last)
            elif name == "duration":
                said["length"] = reader.length(last)
            else:
                if len(part.children) == 3 and isinstance(part.children[1], Tree):
                    _only_days(reader, part.children[1])
                sentence.places[-1, "missing"] = span(part)
                sentence.missing |= reader.days(last)
    sentence.written.append(Written(**said))


_FIELDS = {
    "amount": "amount",
    "how_often": "how_often",
    "clock": "at",
    "duration": "for",
    "form": "form",
    "missing": "missing",
}
_SAID_TWICE = {
    "how_often": "how often",
    "clock": "the clock time",
    "duration": "the duration",
    "form": "the form",
}


def _only_days(reader: Reader, period: Tree[Token]) -> None:
    if reader.period(period) != DAY:
        raise reader.refuse(period, "only days can be missed", "write missing days 3, 10-12")


def _form(word: Tree[Token] | Token) -> Form:
    return SPELLINGS[str(word)]


def _tokens(tree: Tree[Token]) -> list[Token]:
    return list(tree.scan_values(lambda leaf: isinstance(leaf, Token)))


def span(node: Tree[Token] | Token) -> Span:
    """First and last place of a part of the text."""
    tokens = [node] if isinstance(node, Token) else _tokens(node)
    return tokens[0].start_pos or 0, tokens[-1].end_pos or 0
