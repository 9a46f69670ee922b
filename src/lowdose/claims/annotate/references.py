"""Lines of a bibliography: they cite, and state nothing."""

from __future__ import annotations

import re

_YEAR = r"\b(?:19|20)\d\d[a-z]?\b"
_PAGES = r"(?:[A-Z]{1,3}|[a-z])?\d+"
_ISSUE = r"\([\w\s./,–-]{1,20}\)"
#: Where in a journal something stands: "2013 Feb;65(2):529-38", "2016; 9703729", "10(4), 663-672", "65:529-38".
_PLACE = re.compile(
    rf"{_YEAR}[\s\w-]{{0,12}};\s*(?:\d{{1,4}}\s*)?(?:{_ISSUE}\s*)?:\s*{_PAGES}"
    rf"|{_YEAR}\s*;\s*\w?\d{{5,}}"
    rf"|\b\d{{1,4}}\s*{_ISSUE}\s*[:,]\s*{_PAGES}"
    rf"|\b\d{{1,4}}\s*:\s*{_PAGES}\s*[-–]\s*{_PAGES}"
)
_IDENTIFIER = re.compile(r"(?:\bdoi\b|\bPMID\b|\bPMCID?\b)[\s:]*\S|\b10\.\d{4,9}/\S+", re.I)
_LINK = re.compile(r"https?://|www\.")
#: After the place come at most the last page, identifiers and links.
_REST = re.compile(
    r"[\s\d–-]*[.,;]?\s*(?:\(?(?:19|20)\d\d\)?)?[.,;]?\s*(?:(?:doi|pmid|pmc|epub|http|www|available|\[).*)?",
    re.I | re.S,
)
_HEADING = re.compile(
    r"\W*(?:\d+[.)]\s*)?(?:references?|bibliography|literature(?: cited)?|sources|works cited|citations"
    r"|further reading)\W*",
    re.I,
)
#: A longer passage is prose that cites.
_MOST_WORDS = 80


def is_reference(text: str, *, listed: bool = False) -> bool:
    """Whether a passage is one entry of a bibliography, and no statement.

    Parameters
    ----------
    text : str
        A paragraph or list item, its bullet taken off.
    listed : bool, optional
        Whether it stands under a heading such as "References": then a year, an identifier or a link is enough.

    Examples
    --------
    >>> is_reference("Arthritis Rheum. 2013 Feb;65(2):529-38."), is_reference("In 2013; 65 people took it.")
    (True, False)
    >>> is_reference("It reduced pain (Arthritis Rheum. 2013;65:529-38).")
    False
    """
    if len(text.split()) > _MOST_WORDS:
        return False
    if listed and (re.search(_YEAR, text) or _IDENTIFIER.search(text) or _LINK.search(text)):
        return True
    if not re.search(_YEAR, text):
        return False
    return any(_closes(text, match) for pattern in (_PLACE, _IDENTIFIER) for match in pattern.finditer(text))


def heads_references(heading: str) -> bool:
    """Whether a heading is that of a bibliography.

    Examples
    --------
    >>> heads_references("References:"), heads_references("References to pain")
    (True, False)
    """
    return bool(_HEADING.fullmatch(heading))


def _closes(text: str, match: re.Match[str]) -> bool:
    """A citation in brackets belongs to the sentence around it; one that the line ends with is the line."""
    before = text[: match.start()]
    return before.count("(") <= before.count(")") and bool(_REST.fullmatch(text, match.end()))
