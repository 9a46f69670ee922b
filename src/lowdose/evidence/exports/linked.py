"""The data set as linked data: a schema.org Dataset, its studies and the articles that published them."""

from __future__ import annotations

from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from lowdose.evidence.lookup.find import is_recalled
from lowdose.evidence.records.labels import dose_words, label

if TYPE_CHECKING:
    from lowdose.evidence.records.registry import Registry
    from lowdose.evidence.records.schema import Citation, Study

LICENCE = "https://spdx.org/licenses/Apache-2.0.html"
_TRIALS = {
    "parallel RCT": "https://schema.org/RandomizedTrial",
    "crossover RCT": "https://schema.org/RandomizedTrial",
    "factorial RCT": "https://schema.org/RandomizedTrial",
    "fixed-order crossover": "https://schema.org/OpenTrial",
    "dose finding": "https://schema.org/OpenTrial",
    "single arm": "https://schema.org/OpenTrial",
}
_OBSERVED = {
    "cohort": "https://schema.org/CohortStudy",
    "register": "https://schema.org/Registry",
    "survey": "https://schema.org/CrossSectional",
    "case series": "https://schema.org/CaseSeries",
    "case report": "https://schema.org/CaseSeries",
}


def linked(source: Registry) -> dict[str, Any]:
    """JSON-LD of the data set: citation, licence, version, dates, and every study with its article.

    Examples
    --------
    >>> from lowdose.evidence.records.registry import registry
    >>> found = linked(registry())
    >>> found["@type"], len(found["hasPart"])
    ('Dataset', 89)
    """
    meta = source.meta
    return {
        "@context": "https://schema.org/",
        "@type": "Dataset",
        "@id": "#lowdose-evidence",
        "name": meta.title,
        "description": (
            "Studies of low-dose naltrexone in people: designs, doses, outcomes, adverse events and risk of bias, "
            f"every value with its provenance. {meta.standing[0].upper()}{meta.standing[1:]}; {meta.level}."
        ),
        "version": version("lowdose"),
        "license": LICENCE,
        "isAccessibleForFree": True,
        "dateModified": str(meta.compiled),
        "creator": {"@type": "Organization", "name": "lowdose"},
        "citation": f"lowdose {version('lowdose')}: {meta.title}, compiled {meta.compiled}",
        "keywords": ["low-dose naltrexone", "naltrexone", "meta-analysis", "evidence"],
        "measurementTechnique": "data extraction from abstracts and open excerpts",
        "variableMeasured": ["design", "dose", "outcome", "adverse event", "risk of bias"],
        "hasPart": [_study(study) for study in source.studies.values()],
        "mentions": [
            *(_article(name, review.citation, ["ScholarlyArticle"]) for name, review in source.reviews.items()),
            *(_ongoing(name, one.registration) for name, one in source.ongoing.items()),
        ],
        "isBasedOn": [
            {"@type": "WebPage", "@id": f"#{name}", "identifier": name, "url": one.url, "name": one.title}
            for name, one in source.sources.items()
        ],
    }


def _study(study: Study) -> dict[str, Any]:
    kind = "MedicalTrial" if study.design in _TRIALS else "MedicalObservationalStudy"
    design = (
        {"trialDesign": _TRIALS[study.design]} if study.design in _TRIALS else {"studyDesign": _OBSERVED[study.design]}
    )
    return {
        "@type": kind,
        "@id": f"#{study.id}",
        "identifier": study.id,
        "name": f"{label(study)}: {study.intervention.drug} {dose_words(study)} in {study.condition_words}",
        "description": f"{study.design_words}{_recalled(study)}",
        "healthCondition": {"@type": "MedicalCondition", "name": study.condition_words, "identifier": study.condition},
        "studySubject": {
            "@type": "Drug",
            "name": study.intervention.drug,
            "nonProprietaryName": study.intervention.drug,
        },
        **design,
        **({"population": study.population} if study.population else {}),
        **({"additionalType": list(study.registration)} if study.registration else {}),
        "subjectOf": _article(f"{study.id}-article", study.citation, ["ScholarlyArticle"], of=study.id),
    }


def _recalled(study: Study) -> str:
    """What of the record is from memory, in words."""
    fields = {"citation": "citation", "people": "people", "dose": "intervention.dose_mg_per_day"}
    parts = [name for name, field in fields.items() if is_recalled(study, field)]
    return f"; recalled, not read in the source: {', '.join(parts)}" if parts else ""


def _article(name: str, cited: Citation, kinds: list[str], of: str = "") -> dict[str, Any]:
    from lowdose.evidence.records.labels import family

    same = [f"https://doi.org/{cited.doi}"] if cited.doi else []
    same += [f"https://pubmed.ncbi.nlm.nih.gov/{cited.pmid}/"] if cited.pmid else []
    author = family(cited.first_author)
    found = {
        "@type": kinds[0],
        "@id": f"#{name}",
        "identifier": of or name,
        "name": cited.title,
        "author": {"@type": "Person", "name": cited.first_author} if author else None,
        "datePublished": str(cited.year),
        "isPartOf": {"@type": "Periodical", "name": cited.journal} if cited.journal else None,
        "sameAs": same,
    }
    return {key: value for key, value in found.items() if value}


def _ongoing(name: str, registration: str | tuple[str, ...]) -> dict[str, Any]:
    numbers = registration if isinstance(registration, str) else "; ".join(registration)
    return {"@type": "MedicalTrial", "@id": f"#{name}", "identifier": name, "name": numbers, "status": "Recruiting"}
