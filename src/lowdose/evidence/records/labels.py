"""How studies and doses are called in tables and sentences."""

from __future__ import annotations

import re

from lowdose.evidence.records.schema import Citation, Study

RECALLED = "‡"
"""Stands after what is recalled: from memory, not read in the source."""
LEGEND = f"{RECALLED} recalled: from memory, not read in the source"

SAID_RECALLED = "(recalled)"
"""How a record itself says that part of its text is recalled."""
_ACRONYM = re.compile(r"_([A-Z]{3,})$")
_INITIALS = re.compile(r"[A-Z](?:[A-Z.-]{0,5})?")


def label(study: Study) -> str:
    """How a study is called in a table: first author's family name, year, and the trial's name where it has one.

    A recalled author carries the mark; where the author is not known, the id stands alone.

    Examples
    --------
    >>> from lowdose.evidence.records.registry import registry
    >>> [label(registry().studies[name]) for name in ("bruun2024_FINAL", "lpp_rct2020", "ajem2017_obtundation")]
    ['Due Bruun 2024 (FINAL)', 'Lajevardi‡ 2020', 'ajem2017_obtundation']
    """
    author = family(study.citation.first_author)
    if not author:
        return study.id
    mark = RECALLED if SAID_RECALLED in study.citation.first_author else ""
    acronym = _ACRONYM.search(study.id)
    return f"{author}{mark} {study.citation.year}" + (f" ({acronym[1]})" if acronym else "")


def short_name(name: str, cited: Citation) -> str:
    """The same for anything with a citation; its id where the author is not known.

    Examples
    --------
    >>> from lowdose.evidence.records.schema import Citation
    >>> short_name("ajem2017_obtundation", Citation(first_author="unknown", year=2017))
    'ajem2017_obtundation'
    """
    author = family(cited.first_author)
    return f"{author} {cited.year}" if author else name


def dose_words(study: Study) -> str:
    """Daily dose in short words: ``4.5 mg``, ``0.75–6 mg``, or as the source has it.

    Examples
    --------
    >>> from lowdose.evidence.lookup.find import resolve_study
    >>> dose_words(resolve_study("FINAL"))
    '6 mg'
    """
    dose = study.intervention.dose_mg_per_day
    if dose.range_mg is None:
        return "; ".join(map(str, dose.text))
    low, high = dose.range_mg
    return f"{low:g} mg" if low == high else f"{low:g}–{high:g} mg"


def family(first_author: str) -> str:
    """Family name of the first author, a group's whole name, or nothing where it is not known.

    Examples
    --------
    >>> family("Due Bruun K"), family("ALSUntangled Group"), family("unknown")
    ('Due Bruun', 'ALSUntangled Group', '')
    """
    name = first_author.replace(SAID_RECALLED, "").strip()
    author = author_name(name) if name and name.casefold() != "unknown" else {}
    return author.get("family") or author.get("literal", "")


def author_name(name: str) -> dict[str, str]:
    """Family and given name; a group keeps its name whole.

    Examples
    --------
    >>> author_name("Due Bruun K"), author_name("ALSUntangled Group")
    ({'family': 'Due Bruun', 'given': 'K'}, {'literal': 'ALSUntangled Group'})
    """
    *family, given = name.split()
    if family and _INITIALS.fullmatch(given):
        return {"family": " ".join(family), "given": given}
    return {"family": name} if not family else {"literal": name}
