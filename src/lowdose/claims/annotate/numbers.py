"""Quantities in a sentence: how many people, how much, how long, when; and whether two of them agree."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from lowdose.claims.annotate.words import plain

#: Hours of a day, and days of what is counted in days.
_HOURS = {
    "hour": 1.0,
    "hours": 1.0,
    "hr": 1.0,
    "hrs": 1.0,
    "h": 1.0,
    "minute": 1 / 60,
    "minutes": 1 / 60,
    "min": 1 / 60,
}
_DAYS = {"day": 1.0, "week": 7.0, "month": 30.4, "year": 365.25, "fortnight": 14.0}
_DAYS |= {f"{unit}s": days for unit, days in _DAYS.items()} | {"wk": 7.0, "wks": 7.0, "yr": 365.25, "yrs": 365.25}
_MG = {"mg": 1.0, "mgs": 1.0, "milligram": 1.0, "milligrams": 1.0, "mcg": 1e-3, "µg": 1e-3, "μg": 1e-3, "ug": 1e-3}
_MG |= {"microgram": 1e-3, "micrograms": 1e-3, "gram": 1e3, "grams": 1e3, "g": 1e3}
_UNITS = {
    **{unit: ("hours", factor) for unit, factor in _HOURS.items()},
    **{unit: ("span", factor) for unit, factor in _DAYS.items()},
    **{unit: ("mg", factor) for unit, factor in _MG.items()},
    **dict.fromkeys(("%", "percent", "pct"), ("percent", 1.0)),
    **dict.fromkeys(("fold", "x"), ("factor", 1.0)),
    **dict.fromkeys(("am", "pm", "o'clock"), ("clock", 1.0)),
}
_PEOPLE = frozenset(
    """people person persons patient patients participant participants volunteer volunteers subject subjects man men
    woman women child children adult adults smoker smokers drinker drinkers user users sufferer sufferers case cases
    kid kids youngster youngsters boy boys girl girls teenager teenagers individual individuals addict addicts member
    members respondent respondents lady ladies survivor survivors someone somebody adolescents teens families
    outpatients inpatients veterans""".split()
)
_SMALL = """zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen
seventeen eighteen nineteen""".split()
_TENS = {word: 10.0 * (i + 2) for i, word in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split())}
_WORDS = {word: float(i) for i, word in enumerate(_SMALL)} | _TENS | {"dozen": 12.0}
_PARTS = {"half": 2, "halves": 2, "third": 3, "quarter": 4, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7}
_PARTS |= {"eighth": 8, "ninth": 9, "tenth": 10, "10th": 10}
_PARTS |= {f"{word}s": part for word, part in _PARTS.items() if word not in ("half", "halves")}
_DECADES = {"twenties": 1920, "thirties": 1930, "forties": 1940, "fifties": 1950, "sixties": 1960}
_DECADES |= {"seventies": 1970, "eighties": 1980, "nineties": 1990}
_MANY = {
    0.5: "halved halving",
    2: "double doubles doubled doubling twice twofold",
    3: "triple triples tripled tripling treble trebles trebled trebling thrice threefold",
    4: "quadruple quadruples quadrupled quadrupling fourfold",
    5: "quintuple quintuples quintupled fivefold",
    10: "tenfold",
    100: "hundredfold",
}
_TIMES = {word: factor for factor, listed in _MANY.items() for word in listed.split()}
#: What may stand between a number and its unit: "8-week", "two more years".
_BETWEEN = frozenset("- more full whole long consecutive additional further short straight".split())
#: "30 of them".
_OF_THEM = (["of", "them"], ["of", "whom"], ["of", "these"], ["in", "all"], ["in", "total"], ["of", "us"])
_DOSE = frozenset("dose doses strength amount tablet pill milligram mg usual standard typical regular normal".split())
_STOPS = frozenset(
    """to and or but for with on at by from after before over , ; : ( ) is was were are did of than as that when while
    mg percent not""".split()
)
_TOKEN = re.compile(
    r"\d+(?:,\d{3})+|\d+(?:\.\d+)?(?:th|st|nd|rd)\b|\d+(?:\.\d+)?|[^\W\d_]+(?:'clock)?|[%/;,:()=*-]|'\d0s"
)


@dataclass(frozen=True)
class Quantity:
    """A number of a kind in a sentence; ``low`` and ``high`` differ for a range."""

    kind: str
    low: float
    high: float
    said: str
    rough: bool = False


def quantities(text: str) -> tuple[Quantity, ...]:
    """Every number of a sentence with its kind, words of number included.

    Kinds: n (people), percent, mg, hours, span (in days), year, factor, fraction (of a dose), ratio, clock, count.

    Examples
    --------
    >>> [(one.kind, one.low, one.high) for one in quantities("In forty-two people 0.5–1 mg helped three quarters.")]
    [('n', 42.0, 42.0), ('mg', 0.5, 1.0), ('percent', 75.0, 75.0)]
    """
    tokens = _TOKEN.findall(plain(text).replace("per cent", "percent").replace("×", " x "))
    return tuple(_read(tokens))


def _read(tokens: Sequence[str]) -> Iterator[Quantity]:
    at = 0
    while at < len(tokens):
        for reader in (_decade, _times, _part, _ratio, _measure):
            found, after = reader(tokens, at)
            if after > at:
                yield from found
                at = after
                break
        else:
            at += 1


_Read = tuple[list[Quantity], int]


def _word(tokens: Sequence[str], at: int) -> str:
    return tokens[at] if 0 <= at < len(tokens) else ""


def _decade(tokens: Sequence[str], at: int) -> _Read:
    word, after = tokens[at], _word(tokens, at + 1)
    if word in _DECADES and _word(tokens, at - 1) in ("the", "early", "late", "mid", "-", "in"):
        return [_years(_DECADES[word], word)], at + 1
    digits = word.strip("'s")
    if after == "s" and digits.isdigit() and len(digits) in (2, 4) and digits[-1] == "0":
        return [_years(int(digits) if len(digits) == 4 else 1900 + int(digits), f"{digits}s")], at + 2
    if word.startswith("'") and digits.isdigit():
        return [_years(1900 + int(digits), word)], at + 1
    return [], at


def _years(first: int, said: str) -> Quantity:
    return Quantity("year", float(first), first + 9.0, said)


def _times(tokens: Sequence[str], at: int) -> _Read:
    word, after = tokens[at], _word(tokens, at + 1)
    if (word in _TIMES and after not in ("a", "daily", "blind", "weekly", "per", "the", "-")) or word in (
        "tripled",
        "trebled",
    ):
        return [Quantity("factor", float(_TIMES[word]), float(_TIMES[word]), word)], at + 1
    if word.endswith("fold") and word[:-4] in _WORDS:
        return [Quantity("factor", _WORDS[word[:-4]], _WORDS[word[:-4]], word)], at + 1
    by_factor = tokens[at : at + 2] == ["factor", "of"]
    value, after_number = _number(tokens, at + 2 if by_factor else at)
    if value is None:
        return [], at
    if by_factor:
        return [Quantity("factor", value, value, f"factor of {value:g}")], after_number
    follows = _word(tokens, after_number)
    if follows == "-" and _word(tokens, after_number + 1) == "fold":
        after_number, follows = after_number + 1, "fold"
    if follows in ("times", "fold") and not _is_how_often(tokens, after_number + 1):
        return [Quantity("factor", value, value, f"{value:g} {follows}")], after_number + 1
    return [], at


def _is_how_often(tokens: Sequence[str], at: int) -> bool:
    """Whether "twice" or "three times" is followed by "a day"."""
    if _word(tokens, at) in ("daily", "weekly", "monthly", "nightly", "yearly"):
        return True
    return _word(tokens, at) in ("a", "per", "each", "every") and _word(tokens, at + 1) in {*_DAYS, "night", "evening"}


def _part(tokens: Sequence[str], at: int) -> _Read:
    """Half, a third, two-thirds: of people a percentage, of a dose a fraction, of a milligram its value."""
    value, after = _number(tokens, at)
    top = 1.0 if value is None else value
    if value is None and tokens[at] in ("a", "an"):
        after = at + 1
    if _word(tokens, after) == "-":
        after += 1
    part = _PARTS.get(_word(tokens, after))
    if part is None and value is not None and _word(tokens, after) == "/":
        below, end = _number(tokens, after + 1)
        below, end = (float(_PARTS.get(_word(tokens, after + 1), 0)), after + 2) if below is None else (below, end)
        part, after = (int(below), end - 1) if below in (2.0, 3.0, 4.0, 5.0, 10.0) and top < below else (None, after)
    if part is None or top >= part or (value is None and _word(tokens, after) in ("second", "fourth", "thirds")):
        return [], at
    rest = [_word(tokens, after + i) for i in range(1, 5)]
    said = " ".join(tokens[at : after + 1]).replace(" - ", "-")
    if _word(tokens, after + 1) == "life" or (rest[0] == "-" and rest[1] == "life"):
        return [], at
    if value is None and tokens[at] in ("third", "fourth", "fifth", "sixth", "tenth", "seventh", "eighth", "ninth"):
        return [], at
    return [_share(top / part, rest, said)], after + 1


def _share(share: float, rest: Sequence[str], said: str) -> Quantity:
    for word in rest[:3]:
        if word in ("milligram", "mg"):
            return Quantity("mg", share, share, f"{said} {word}")
        if word in _HOURS:
            return Quantity("hours", share * _HOURS[word], share * _HOURS[word], f"{said} {word}")
        if word == "day":
            return Quantity("hours", 24 * share, 24 * share, f"{said} {word}")
        if word in ("year", "month"):
            return Quantity("span", share * _DAYS[word], share * _DAYS[word], f"{said} {word}")
    if _DOSE & set(rest):
        return Quantity("fraction", share, share, said)
    return Quantity("percent", 100 * share, 100 * share, said, rough=True)


def _ratio(tokens: Sequence[str], at: int) -> _Read:
    """11 of 15, one in four, nine out of ten."""
    top, after = _number(tokens, at)
    if top is None or _word(tokens, after) not in ("of", "in", "out", "/"):
        return [], at
    slash = _word(tokens, after) == "/"
    after += 2 if [_word(tokens, after), _word(tokens, after + 1)] == ["out", "of"] else 1
    if _word(tokens, after) in ("the", "every", "all", "these", "those", "his", "her", "our"):
        after += 1
    bottom, end = _number(tokens, after)
    if not bottom or bottom < top or bottom >= 1900 or (slash and bottom > 20) or _word(tokens, end) in _UNITS:
        return [], at
    said = " ".join(tokens[at:end])
    found = [
        Quantity("ratio", top, bottom, said),
        Quantity("percent", 100 * top / bottom, 100 * top / bottom, said, True),
    ]
    if bottom > 10:
        found.append(Quantity("n", bottom, bottom, f"{bottom:g}"))
    return found, end


def _measure(tokens: Sequence[str], at: int) -> _Read:
    """A number or a range, and the unit or the people after it."""
    high: float | None
    if tokens[at] == "couple" or (tokens[at] == "a" and _word(tokens, at + 1) == "couple"):
        # Loosely said: two or three.
        low, high, after = 2.0, 3.0, at + (1 if tokens[at] == "couple" else 2)
        after += 1 if _word(tokens, after) == "of" else 0
    else:
        found, after = _number(tokens, at)
        if found is None:
            return [], at
        low = found
        high, after = _upper(tokens, low, after)
    unit_at = after + 1 if _word(tokens, after) in _BETWEEN else after
    if high is None and _word(tokens, after) in ("and", "or"):
        # "5 and 4 months": the unit of the second is the unit of both.
        other, end = _number(tokens, after + 1)
        unit_at = end if other is not None and _word(tokens, end) in _UNITS else unit_at
    said = " ".join(tokens[at : unit_at + 1]).replace(" - ", "-").replace(" %", "%")
    top = low if high is None else high
    unit = _UNITS.get(_word(tokens, unit_at))
    if unit and unit_at > after + 1:
        shown = f"{tokens[at]} {tokens[unit_at]}"
        return [Quantity(unit[0], low * unit[1], low * unit[1], shown)], after
    if unit:
        return _with_unit(tokens, unit, low, top, high is None, unit_at, said)
    said = " ".join(tokens[at:after])
    if _of_people(tokens, at, unit_at):
        return [Quantity("n", low, top, said)], after
    if 1900 <= low < 2100 and low == int(low) and (high is None or 1900 <= high < 2100):
        return [Quantity("year", low, top, said)], after
    if tokens[at] == "one":
        return [], at
    return [Quantity("count", low, top, said)], after


def _with_unit(
    tokens: Sequence[str], unit: tuple[str, float], low: float, top: float, single: bool, at: int, said: str
) -> _Read:
    kind, factor = unit
    if single and kind in ("hours", "span", "mg", "clock"):
        # "10 days to 2 weeks", "1 mg to 3 mg": each end has its unit.
        end, after = _upper(tokens, 0.0, at + 1)
        other = _UNITS.get(_word(tokens, after))
        if end is not None and other and other[0] == kind and end * other[1] > low * factor:
            said = f"{said} to {' '.join(tokens[after - 1 : after + 1])}"
            return [Quantity(kind, low * factor, end * other[1], said)], after + 1
    return [Quantity(kind, low * factor, top * factor, said)], at + 1


def _of_people(tokens: Sequence[str], at: int, after: int) -> bool:
    if _word(tokens, at - 1) == "=" and _word(tokens, at - 2) == "n":
        return True
    if list(tokens[after : after + 2]) in _OF_THEM and tokens[at] != "one":
        return True
    for word in tokens[after : after + 5]:
        if word in _PEOPLE:
            return True
        if word in _STOPS or word in _UNITS:
            return word == "of" and bool(_PEOPLE & set(tokens[after : after + 4])) and tokens[at] != "one"
    return False


def _upper(tokens: Sequence[str], low: float, after: int) -> tuple[float | None, int]:
    """Other end of a range."""
    between = _word(tokens, after)
    if between in ("-", "to", "and", "or", "up"):
        start = after + 1
        while _word(tokens, start) in ("to", "about", "around", "roughly", "maybe", "even"):
            start += 1
        high, end = _number(tokens, start)
        if high is not None and high > low and (between != "and" or "between" in tokens[max(0, after - 4) : after]):
            return high, end
    return None, after


def _number(tokens: Sequence[str], at: int) -> tuple[float | None, int]:
    """A number in figures or words at a place, and the place after it."""
    word = _word(tokens, at)
    if word[:1].isdigit():
        value: float | None = _figures(word)
        if value is not None and _word(tokens, at + 1) in ("thousand", "million"):
            return value * (1e3 if tokens[at + 1] == "thousand" else 1e6), at + 2
        return value, at + 1
    if word in ("a", "an") and _word(tokens, at + 1) in ("hundred", "dozen", "thousand"):
        word, at = tokens[at + 1], at + 1
    if word not in _WORDS and word not in ("hundred", "thousand"):
        return None, at
    return _spelt(tokens, at)


def _spelt(tokens: Sequence[str], at: int) -> tuple[float, int]:
    total, part = 0.0, 0.0
    while True:
        word = _word(tokens, at)
        if word in _WORDS:
            part += _WORDS[word]
        elif word == "hundred":
            part = (part or 1.0) * 100
        elif word == "thousand":
            total, part = total + (part or 1.0) * 1000, 0.0
        else:
            break
        at += 1
        follows, then = _word(tokens, at), _word(tokens, at + 1)
        joined = follows == "-" and word in _TENS and then in _SMALL[1:10]
        joined = joined or (follows == "and" and word in ("hundred", "thousand") and then in _WORDS)
        if joined:
            at += 1
        elif (
            (follows in _SMALL[1:10] and word in _TENS)
            or follows in ("hundred", "thousand")
            or word in ("hundred", "thousand")
        ):
            continue
        else:
            break
    if _word(tokens, at) == "point" and _word(tokens, at + 1) in _SMALL:
        return total + part + _WORDS[tokens[at + 1]] / 10, at + 2
    return total + part, at


def _figures(word: str) -> float | None:
    if word[-2:] in ("th", "st", "nd", "rd"):
        return None
    return float(word.replace(",", ""))
