"""Studies, reviews and where they were published, as other programs read it: CSL-JSON and BibTeX."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from lowdose.evidence.records.labels import SAID_RECALLED, author_name
from lowdose.evidence.records.schema import Citation

_PLACE = re.compile(
    r"(?P<journal>.*?\D)\s+(?P<volume>\d{1,4})(?:\((?P<issue>[^)]+)\))?(?::(?P<page>\S+))?(?P<rest>\s.*)?"
)
FIRST_AUTHOR_ONLY = "Only the first author is on record here."
AUTHOR_NOT_KNOWN = "The author is not known to us."


def csl(records: Iterable[tuple[str, Citation, bool]]) -> list[dict[str, Any]]:
    """CSL-JSON items.

    Parameters
    ----------
    records : iterable of (id, Citation, bool)
        The last says whether the record is recalled, not found; then its note says so.

    Examples
    --------
    >>> cited = Citation(first_author="Due Bruun K", year=2024, journal="Lancet Rheumatology 6(1):e31-e39")
    >>> item, = csl([("bruun2024", cited, False)])
    >>> item["author"], item["container-title"], item["volume"], item["issue"], item["page"]
    ([{'family': 'Due Bruun', 'given': 'K'}], 'Lancet Rheumatology', '6', '1', 'e31-e39')
    """
    return [_csl_item(name, cited, recalled) for name, cited, recalled in records]


def bibtex(records: Iterable[tuple[str, Citation, bool]]) -> str:
    r"""BibTeX entries, escaped by pybtex; authors end in "and others", since only the first is on record.

    Examples
    --------
    >>> cited = Citation(first_author="unknown", year=2017, journal="Am J Emerg Med", title="LDN & oxycodone: 100%")
    >>> print(bibtex([("ajem2017", cited, False)]))  # doctest: +NORMALIZE_WHITESPACE
    @article{ajem2017,
        title = "LDN \& oxycodone: 100\%",
        journal = "Am J Emerg Med",
        year = "2017",
        note = "The author is not known to us."
    }
    """
    from pybtex.database import BibliographyData, Entry, Person

    entries = {}
    for item in csl(records):
        fields = {
            "title": item.get("title", ""),
            "journal": item.get("container-title", ""),
            "year": str(item["issued"]["date-parts"][0][0]),
            **{field: item.get(field, "") for field in ("volume",)},
            "number": item.get("issue", ""),
            "pages": item.get("page", ""),
            "doi": item.get("DOI", ""),
            "pmid": item.get("PMID", ""),
            "note": item["note"],
        }
        persons = [_person(author) for author in item.get("author", ())]
        entries[item["id"]] = Entry(
            "article" if fields["journal"] else "misc",
            fields=[(name, _balanced(value)) for name, value in fields.items() if value],
            persons={"author": [*persons, Person("others")]} if persons else {},
        )
    return str(BibliographyData(entries=entries).to_string("bibtex"))


def _csl_item(name: str, cited: Citation, recalled: bool) -> dict[str, Any]:
    author = cited.first_author.replace(SAID_RECALLED, "").strip()
    known = bool(author) and author.casefold() != "unknown"
    recalled = recalled or SAID_RECALLED in f"{cited.first_author} {cited.journal} {cited.title}"
    notes = [FIRST_AUTHOR_ONLY if known else AUTHOR_NOT_KNOWN]
    if recalled:
        notes.append("This record is recalled: from memory, not read in the source.")
    item = {
        "id": name,
        "type": "article-journal" if cited.journal else "document",
        "title": cited.title.replace(SAID_RECALLED, "").strip(),
        **_published_in(cited.journal.replace(SAID_RECALLED, "").strip()),
        "author": [author_name(author)] if known else [],
        "issued": {"date-parts": [[cited.year]]},
        "DOI": cited.doi,
        "PMID": cited.pmid,
        "note": " ".join(notes),
    }
    return {field: value for field, value in item.items() if value}


def _published_in(journal: str) -> dict[str, str]:
    """Journal, volume, issue and pages out of ``Pain Medicine 10(4):663-672``; else all is the journal."""
    found = _PLACE.fullmatch(journal)
    if not found or not (found["issue"] or found["page"]):
        return {"container-title": journal}
    rest = (found["rest"] or "").strip()
    return {
        "container-title": f"{found['journal'].strip()} {rest}".strip(),
        "volume": found["volume"],
        "issue": found["issue"] or "",
        "page": found["page"] or "",
    }


def _person(author: dict[str, str]) -> Any:
    from pybtex.database import Person

    if "literal" in author:
        return Person(last=f"{{{_balanced(author['literal'])}}}")
    return Person(first=author.get("given", ""), last=_balanced(author["family"]))


def _balanced(text: str) -> str:
    """Without braces where they do not pair, which BibTeX cannot write."""
    depth = 0
    for character in text:
        depth += (character == "{") - (character == "}")
        if depth < 0:
            break
    return text if depth == 0 else text.replace("{", "(").replace("}", ")")
