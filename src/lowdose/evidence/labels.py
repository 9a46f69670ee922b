"""How studies and doses are called in tables and sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lowdose.evidence.schema import Citation

if TYPE_CHECKING:
    from lowdose.evidence.schema import Study


def label(study: Study) -> str:
    """How a study is called in a table: first author's family name, year, and the trial's name where it has one.

    Examples
    --------
    >>> from lowdose.evidence.find import resolve_study
    >>> label(resolve_study("FINAL")), label(resolve_study("ajem2017_obtundation"))
    ('Due Bruun 2024 (FINAL)', 'ajem2017_obtundation')
    """
    from lowdose.evidence.citations import family
    from lowdose.evidence.contrasts import label_of

    if not family(study.citation.first_author):
        return short_name(study.id, study.citation)
    return label_of(study).replace(" (recalled)", "")


def short_name(name: str, cited: Citation) -> str:
    """The same for anything with a citation; its id where the author is not known.

    Examples
    --------
    >>> from lowdose.evidence.schema import Citation
    >>> short_name("ajem2017_obtundation", Citation(first_author="unknown", year=2017))
    'ajem2017_obtundation'
    """
    from lowdose.evidence.citations import family

    author = family(cited.first_author)
    return f"{author} {cited.year}" if author else name


def dose_words(study: Study) -> str:
    """Daily dose in short words: ``4.5 mg``, ``0.75–6 mg``, or as the source has it.

    Examples
    --------
    >>> from lowdose.evidence.find import resolve_study
    >>> dose_words(resolve_study("FINAL"))
    '6 mg'
    """
    dose = study.intervention.dose_mg_per_day
    if dose.range_mg is None:
        return "; ".join(map(str, dose.text))
    low, high = dose.range_mg
    return f"{low:g} mg" if low == high else f"{low:g}–{high:g} mg"
