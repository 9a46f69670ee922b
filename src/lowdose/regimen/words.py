"""Every word of the regimen language: its part of speech (a terminal of ``grammar.lark``) and its meaning."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from lowdose.regimen import forms
from lowdose.regimen.clocks import DAY, HOUR, MINUTE


@dataclass(frozen=True)
class Rate:
    """How often: the interval and the part of the day that the word itself says.

    Parameters
    ----------
    every : timedelta or None
        Time between doses; None for one dose only.
    part : str
        ``"night"``, ``"morning"`` or nothing.
    """

    every: timedelta | None
    part: str = ""


UNITS: dict[str, Decimal] = {
    **dict.fromkeys(["mg", "mgs", "milligram", "milligrams"], Decimal(1)),
    **dict.fromkeys(["microgram", "micrograms", "mcg", "mcgs", "µg", "ug"], Decimal("0.001")),
}
PERIODS: dict[str, timedelta] = {
    **dict.fromkeys(["minute", "minutes", "min", "mins"], MINUTE),
    **dict.fromkeys(["hour", "hours", "hr", "hrs", "h"], HOUR),
    **dict.fromkeys(["day", "days", "d"], DAY),
    **dict.fromkeys(["week", "weeks", "wk", "wks", "w"], 7 * DAY),
    **dict.fromkeys(["month", "months"], 30 * DAY),
    **dict.fromkeys(["year", "years", "yr", "yrs"], 365 * DAY),
}
NIGHTS, MORNINGS = ["night", "nights", "evening", "evenings"], ["morning", "mornings"]
ADVERBS: dict[str, Rate] = {
    **dict.fromkeys(["nightly", "qhs"], Rate(DAY, "night")),
    "daily": Rate(DAY),
    "weekly": Rate(7 * DAY),
    "monthly": Rate(30 * DAY),
    "hourly": Rate(HOUR),
}
_COUNT = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
NUMBERS: dict[str, Decimal] = {word: Decimal(number) for number, word in enumerate(_COUNT, start=1)}

#: Phrase in lower case, its words one space apart -> terminal of the grammar (``AND`` is only skipped).
VOCABULARY: dict[str, str] = {
    **dict.fromkeys(forms.SPELLINGS, "FORM"),
    **dict.fromkeys(UNITS, "UNIT"),
    **dict.fromkeys(PERIODS, "PERIOD"),
    **dict.fromkeys(NIGHTS, "NIGHT"),
    **dict.fromkeys(MORNINGS, "MORNING"),
    **dict.fromkeys(ADVERBS, "ADVERB"),
    **dict.fromkeys(NUMBERS, "NUMBER"),
    **dict.fromkeys(["every", "each", "per", "a", "an", "/"], "EVERY"),
    **dict.fromkeys(["other", "second"], "OTHER"),
    **dict.fromkeys(["twice", "thrice"], "TIMES"),
    "once": "ONCE",
    **dict.fromkeys(["at", "before", "in", "in the", "@"], "AT"),
    **dict.fromkeys(["bedtime", "bed", "bed-time", "bed time", "sleep"], "BEDTIME"),
    **dict.fromkeys(["for", "x", "×"], "FOR"),
    **dict.fromkeys(["as", "as a", "as an"], "AS"),
    **dict.fromkeys(["missing", "missed", "skipping", "except"], "MISSING"),
    "to": "DASH",
    "and": "AND",
    **dict.fromkeys(["then", "followed by"], "THEN"),
    **dict.fromkeys(["no dose", "no doses", "nothing", "pause"], "NO_DOSE"),
}
#: The most words in one phrase.
LONGEST = max(phrase.count(" ") for phrase in VOCABULARY) + 1

#: What a person would call the terminals that may follow, in the order in which they are usually written.
MEANINGS: dict[str, str] = {
    "UNIT": "a unit: mg or micrograms",
    "ONCE": "how often: nightly, daily, every 12 hours, every other day, once",
    "length": "hours, days, nights, weeks or months",
    "AT": "at what time: at 22:00, at bedtime",
    "CLOCK": "a clock time: 22:00, bedtime",
    "FOR": "how long: for 12 weeks",
    "FORM": f"in what form: as {', '.join(form.value for form in list(forms.Form)[:5])}",
    "MISSING": "what was not taken: missing days 3, 10-12",
    "DASH": "the end of a range of days: 10-12",
    "NO_DOSE": "no dose, for a pause",
    "THEN": "then, for the next step",
    "$END": "the end",
}
