"""Words and small phrases that the plain layer shares."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from lowdose.evidence.records.labels import RECALLED

DUMMY = "a dummy pill"
FULL = "a full dose"

DID: Mapping[str, str] = {
    "response": "felt clearly better",
    "response-70": "felt clearly better",
    "response-100": "felt much better",
    "remission": "were free of the illness for now",
    "endoscopic-response": "had a gut that looked better",
    "endoscopic-remission": "had a gut that looked well",
    "infection": "got a new infection",
    "abstinence": "stopped smoking",
    "any-adverse-event": "had some side effect",
    "stopped": "gave up because of side effects",
    "serious": "had a grave health event",
    "vivid-dreams": "had vivid dreams",
    "headache": "had headaches",
}
"""What people did who are counted, by outcome."""
FELT: Mapping[str, str] = {
    "pain": "pain",
    "mental-quality-of-life": "mental well-being",
    "quality-of-life": "daily life",
    "depression-hamd17": "low mood, on the main scale",
    "depression-hamd28": "low mood, on a longer scale",
    "depression-madrs10": "low mood, on a third scale",
    "depression-madrs15": "low mood, on a fourth scale",
    "depression-cgi": "how ill the doctor thought people were",
    "skin": "sore skin",
    "withdrawal": "the sickness of coming off opioids",
}
"""What was measured on a scale, by outcome."""
LOOKED_AT: Mapping[str, str] = {
    "pain": "pain",
    "pain-threshold": "how much pain people can bear",
    "response": "who felt clearly better",
    "remission": "who was free of the illness",
    "endoscopy": "how the gut looked",
    "fatigue": "tiredness",
    "sleep": "sleep",
    "mood": "mood",
    "quality-of-life": "daily life",
    "symptoms": "the signs of the illness",
    "skin": "the skin",
    "withdrawal": "the sickness of coming off opioids",
    "craving": "the wish for the drug",
    "behaviour": "how people acted",
    "cognition": "thought and memory",
    "immune-cells": "cells of the body's defence",
    "inflammation": "signs of swelling in the blood",
    "drug-use": "how much people took or drank",
    "abstinence": "who stopped smoking",
    "infection": "new infections",
    "survival": "how long people lived",
}
"""What a trial looked at, by the concept of its outcome."""
SURE: Mapping[str, str] = {
    "high": "We can trust this.",
    "moderate": "This is likely, but a new trial may change it.",
    "low": "We are not sure. A new trial may well change this.",
    "very low": "We are very unsure. This is not much more than a guess.",
}


class Point(str):
    """A sentence that stands in a list of its likes."""

    __slots__ = ()


def number_words(count: int) -> str:
    """A count at the start of a sentence or in it: small ones as words.

    Examples
    --------
    >>> number_words(2), number_words(19072)
    ('two', '19,072')
    """
    small = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
    return small[count] if count < len(small) else f"{count:,}"


def upper(text: str) -> str:
    """A sentence begins with a large letter; the rest stays.

    Examples
    --------
    >>> upper("one trial of LDN")
    'One trial of LDN'
    """
    return text[:1].upper() + text[1:]


def many(count: int, one: str, more: str) -> str:
    """A count with its noun.

    Examples
    --------
    >>> many(1, "trial", "trials"), many(12, "trial", "trials")
    ('one trial', '12 trials')
    """
    return f"{number_words(count)} {one if count == 1 else more}"


def sign(recalled: bool) -> str:
    """The sign of what is recalled, with the blank before it; nothing for the rest.

    Examples
    --------
    >>> sign(True), sign(False)
    (' ‡', '')
    """
    return f" {RECALLED}" if recalled else ""


def listed(words: Sequence[str], last: str = "and") -> str:
    """A list in a sentence.

    Examples
    --------
    >>> listed(["a"]), listed(["a", "b", "c"], "or")
    ('a', 'a, b or c')
    """
    return f" {last} ".join(filter(None, (", ".join(words[:-1]), *words[-1:])))


def of_a_hundred(share: float) -> str:
    """About how many out of 100, in whole people.

    Examples
    --------
    >>> of_a_hundred(38.2), of_a_hundred(0.3)
    ('about 38', 'less than 1')
    """
    if share < 1:
        return "less than 1"
    return "more than 99" if share > 99 else f"about {share:.0f}"
