"""Words of a text as they are compared: lower case, one kind of hyphen, no contractions, with their lemmas."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

_DASHES = re.compile("[\u2010-\u2015\u2212\ufe58\ufe63\uff0d-]")
_NOTHING = re.compile("[\u00ad\u200b-\u200d\u2060\ufeff]")
_QUOTES = re.compile("[\u2018\u2019\u02bc\u0060\u00b4]")
_NOTES = re.compile(r"\[\s*\d[\d\s,;–-]*\]")
#: Degrees written as a disease or this drug is: "MS (Pharmacy)", "Jane Doe, MS, RD, LDN" (a licensed dietitian).
_DEGREES = re.compile(
    r"\bM\.?S\.?(?=\s*\(\s*(?i:pharm|nutri|bio|chem|nurs|scien|neurosc|psych|toxic|immun|genet|physio|public|food))"
    r"|(?<=, )M\.?S\.?(?=,\s*(?:Ph\.?D|PharmD|M\.?D|RDN?|RN|MPH|MSN|CNS|BSc?|LAc|LD)\b)"
    r"|\b(?:received|earned|holds?|obtained|completed)\s+(?:an?|his|her|their)\s+M\.?S\b(?!\s+diagnos)"
    r"|(?<=\bRD, )LDN\b|(?<=\bRDN, )LDN\b"
)
_CONTRACTIONS = (
    (re.compile(r"\bwon't\b"), "will not"),
    (re.compile(r"\bcan't\b|\bcannot\b"), "can not"),
    (re.compile(r"n't\b"), " not"),
    (re.compile(r"'s\b|(?<=s)'(?=\s|$)"), ""),
    (re.compile(r"'(re|ve|ll|d|m)\b"), r" \1"),
)
_WORD = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d_]+|[%;,:()]")
_ENGLISH = "en"


@dataclass(frozen=True)
class Word:
    """One word of a text: as written (in lower case) and its lemma."""

    text: str
    lemma: str


def plain(text: str) -> str:
    """Text in one spelling: NFKC, lower case, one hyphen, one apostrophe; no soft hyphens, reference marks or degrees.

    Examples
    --------
    >>> plain("Low\u2011dose LDN  won\u2019t harm [6, 7].")
    "low-dose ldn won't harm ."
    """
    text = _NOTHING.sub("", unicodedata.normalize("NFKC", text.replace("½", " 1/2")))
    text = _DEGREES.sub(" ", text).lower()
    text = _QUOTES.sub("'", _DASHES.sub("-", text))
    return " ".join(_NOTES.sub(" ", text).split())


def words(text: str) -> tuple[Word, ...]:
    """Words, numbers and the stops between them.

    Examples
    --------
    >>> [word.lemma for word in words("It doesn't raise beta-endorphins, 4.5 mg.")]
    ['it', 'do', 'not', 'raise', 'beta', 'endorphin', ',', '4.5', 'mg']
    """
    text = plain(text)
    for pattern, instead in _CONTRACTIONS:
        text = pattern.sub(instead, text)
    return tuple(Word(one, lemma(one)) for one in _WORD.findall(text))


@lru_cache(maxsize=50_000)
def lemma(word: str) -> str:
    """Lemma of a lower-case word.

    Examples
    --------
    >>> lemma("endorphins"), lemma("slept")
    ('endorphin', 'sleep')
    """
    if not word.isalpha():
        return word
    from simplemma import lemmatize

    return lemmatize(word, lang=_ENGLISH).lower()


def is_known(word: str) -> bool:
    """Whether a word stands in the dictionary of English; a slip of the pen does not.

    Examples
    --------
    >>> is_known("receptor"), is_known("naltrexxone")
    (True, False)
    """
    from simplemma import is_known as known

    return bool(known(word, lang=_ENGLISH))
