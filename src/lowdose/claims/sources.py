"""What the register's notes call S135 or "this folder", in words that mean something outside the source folder."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lowdose.evidence.records.library import Source

OWN_REVIEW = "the model's own review of the literature"
"""What the file pharmacology.md of the source folder is."""
_NUMBER = re.compile(r"\bS\d{2,3}\b")
_FOLDER = re.compile(r"pharmacology\.md \(this folder\)|the pharmacology file")


def plainly(text: str) -> str:
    """A note with the title in place of a source's number, and with the name of what is only in the source folder.

    Examples
    --------
    >>> plainly("S109 and the pharmacology file differ")
    "“LiverTox naltrexone” and the model's own review of the literature differ"
    """
    titles = {source.id: f"“{source.title}”" for source in sources_in(text)}
    return _NUMBER.sub(lambda match: titles.get(match[0], match[0]), _FOLDER.sub(OWN_REVIEW, text))


def sources_in(*texts: str) -> tuple[Source, ...]:
    """Sources that texts name by number, in the order in which they are first named.

    Examples
    --------
    >>> [source.id for source in sources_in("S135 gives 1963", "found, S109, S135")]
    ['S135', 'S109']
    """
    named = dict.fromkeys(number for text in texts for number in _NUMBER.findall(text))
    if not named:
        return ()
    from lowdose.evidence.records.registry import registry

    known = registry().sources
    return tuple(known[number] for number in named if number in known)
