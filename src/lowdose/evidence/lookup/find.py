"""Finding studies by words: names and their synonyms, one slip of the finger forgiven, the best match first."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from lowdose.errors import NotFound
from lowdose.evidence.lookup.ranking import phrases, scores, vocabularies, with_narrower
from lowdose.evidence.lookup.words import alike, near, one_of, plain

if TYPE_CHECKING:
    from lowdose.evidence.records.library import Condition, Review, ReviewResult
    from lowdose.evidence.records.registry import Registry
    from lowdose.evidence.records.schema import Study

DESIGNS: tuple[str, ...] = (
    "parallel RCT",
    "crossover RCT",
    "factorial RCT",
    "fixed-order crossover",
    "dose finding",
    "cohort",
    "register",
    "single arm",
    "survey",
    "case series",
    "case report",
)
"""From what tells most about a drug to what tells least; studies that match equally well stand in this order."""

_RANDOMISED = ("parallel RCT", "crossover RCT", "factorial RCT")
_KINDS: Mapping[str, tuple[str, ...]] = {
    "rct": _RANDOMISED,
    "randomised": _RANDOMISED,
    "randomized": _RANDOMISED,
    "trial": (*_RANDOMISED, "fixed-order crossover", "dose finding", "single arm"),
    "controlled": (*_RANDOMISED, "fixed-order crossover"),
    "parallel": ("parallel RCT",),
    "crossover": ("crossover RCT", "fixed-order crossover"),
    "factorial": ("factorial RCT",),
    "uncontrolled": ("single arm", "case series", "case report"),
    "open-label": ("single arm",),
    "observational": ("cohort", "register", "survey"),
    "case": ("case series", "case report"),
    "cases": ("case series", "case report"),
}
DOSE_CLASSES = ("ULDN", "VLDN", "LDN", "intermediate", "standard")


def search(
    words: str = "",
    *,
    condition: str | None = None,
    design: str | None = None,
    dose: float | str | None = None,
    group: str | None = None,
    only_found: bool = False,
    source: Registry | None = None,
) -> tuple[Study, ...]:
    """Studies that match every word and every filter, the best match first.

    Parameters
    ----------
    words : str
        Looked for in conditions with their synonyms, titles, authors, outcomes, adverse events, treatments and
        identifiers. One slip is forgiven in words of four letters or more, two in words of eight or more. A word that
        stands in no study at all is left out (``unknown_words`` names it). Without words every study matches, in the
        order of the conditions.
    condition : str, optional
        Name or synonym of a condition: ``FM``, ``crohn``.
    design : str, optional
        A design of ``DESIGNS`` or a kind of them: ``rct``, ``crossover``, ``observational``, ``case``.
    dose : float or str, optional
        mg of naltrexone a day, found in a study's range, or a dose class such as ``VLDN``.
    group : str, optional
        Group of conditions: ``pain``, ``gi``.
    only_found : bool
        Leave out studies that are only remembered: recalled citation, size or every outcome.
    source : Registry, optional
        Where to look; the package's own data when left out.

    Raises
    ------
    NotFound
        If the condition, design, dose class or group is not known; near misses are suggested.

    Examples
    --------
    >>> [study.id for study in search("fibro", design="rct")][:2]
    ['bruun2024_FINAL', 'rodriguez_freire2026_INNOVA']
    >>> search("chrons", dose=4.5)[0].condition
    'crohn'
    """
    held = _held(source)
    wanted = {one.id for one in with_narrower(resolve_condition(condition, held), held)} if condition else None
    designs = resolve_design(design) if design else None
    in_group = one_of("group", group, {study.group: study.group for study in held.studies.values()}) if group else None
    chosen = [
        study
        for study in held.studies.values()
        if (wanted is None or not wanted.isdisjoint((study.condition, *study.also)))
        and (designs is None or study.design in designs)
        and (dose is None or _has_dose(study, dose))
        and (in_group is None or study.group == in_group)
        and not (only_found and is_only_recalled(study))
    ]
    if not words.strip():
        order = {name: place for place, name in enumerate(held.conditions)}
        return tuple(sorted(chosen, key=lambda study: (order.get(study.condition, len(order)), *_strength(study))))
    found = scores(words, chosen, held)
    matching = (study for study in chosen if found[study.id] > 0)
    return tuple(sorted(matching, key=lambda study: (-found[study.id], *_strength(study))))


def resolve_condition(words: str, source: Registry | None = None) -> Condition:
    """The condition with that id, name or synonym.

    Raises
    ------
    NotFound
        If there is none; near misses are suggested.

    Examples
    --------
    >>> resolve_condition("FM").id, resolve_condition("Crohn's disease").id
    ('fibromyalgia', 'crohn')
    """
    conditions = _held(source).conditions
    spellings = {word: one.id for one in conditions.values() for word in (one.id, one.name, *one.synonyms)}
    return conditions[one_of("condition", words, spellings)]


def resolve_study(words: str, source: Registry | None = None) -> Study:
    """The study with that id, a clear part of it, or its DOI, PubMed or registration number.

    Raises
    ------
    NotFound
        If no study has it, or several have; they are named.

    Examples
    --------
    >>> resolve_study("INNOVA").id, resolve_study("10.1002/art.37734").id
    ('rodriguez_freire2026_INNOVA', 'younger2013_fm')
    """
    studies = _held(source).studies
    spellings: dict[str, str] = {}
    for study in studies.values():
        for word in (study.citation.doi, study.citation.pmid, *study.registration, study.id):
            spellings.setdefault(word, study.id)
    asked = plain(words)
    if asked and asked not in {plain(word) for word in spellings}:
        partly = [name for name in studies if f" {asked}" in f" {plain(name)}" or asked in plain(name).split()]
        if len(partly) == 1:
            return studies[partly[0]]
        if partly:
            raise NotFound(f"{len(partly)} studies match {words!r}", remedy=f"say which: {', '.join(partly)}")
    return studies[one_of("study", words, spellings)]


def resolve_design(words: str) -> tuple[str, ...]:
    """Designs that a word means.

    Raises
    ------
    NotFound
        If it means none.

    Examples
    --------
    >>> resolve_design("rct")
    ('parallel RCT', 'crossover RCT', 'factorial RCT')
    """
    kinds = {**{design: (design,) for design in DESIGNS}, **_KINDS}
    return kinds[one_of("design", words, {kind: kind for kind in kinds})]


def unknown_words(words: str, source: Registry | None = None) -> dict[str, tuple[str, ...]]:
    """Words that stand in no study at all, each with the nearest that do.

    Examples
    --------
    >>> unknown_words("pain zzzzzz")
    {'zzzzzz': ()}
    """
    held = _held(source)
    heard = {word: weight for vocabulary in vocabularies(held).values() for word, weight in vocabulary.items()}
    names = {word: word for word in heard if not word.startswith("=")}
    asked = [word for phrase in phrases(words, held) if len(phrase) == 1 for word in phrase[0]]
    return {word: near(word, names) for word in asked if not alike(word, heard)}


def reviews_of(condition: str, source: Registry | None = None) -> tuple[tuple[Review, tuple[ReviewResult, ...]], ...]:
    """Published reviews of a condition with their results, and what reviews of wider questions say of it.

    Examples
    --------
    >>> [review.id for review, _ in reviews_of("fibromyalgia")][-1]
    'hegde2025_ma'
    """
    held = _held(source)
    name = held.conditions[condition].name.casefold()
    found = []
    for review in held.reviews.values():
        about = review.results if review.condition == condition else ()
        about = about or tuple(one for one in review.results if name in one.outcome.casefold())
        if about or review.condition == condition:
            found.append((review, about))
    return tuple(found)


def is_recalled(study: Study, *fields: str) -> bool:
    """Whether any of these fields of a study is from memory; ``people`` is the count that `people` gives.

    Examples
    --------
    >>> is_recalled(resolve_study("bested2023_fm"), "people", "citation"), is_recalled(resolve_study("FINAL"), "people")
    (True, False)
    """
    from lowdose.evidence.records.registry import provenance

    parts = {
        "people": (f"n.{study.n.first_counted}",),
        "citation": ("citation", "citation.first_author", "citation.journal"),
    }
    paths = [path for field in fields for path in parts.get(field, (field,))]
    dose = "intervention.dose_mg_per_day" in paths and study.intervention.dose_mg_per_day.recalled
    return dose or any(provenance(study, path).tag == "recalled" for path in paths)


def is_only_recalled(study: Study) -> bool:
    """Whether memory is all there is of a study: of its citation, its size, or every outcome.

    Examples
    --------
    >>> is_only_recalled(resolve_study("FINAL")), is_only_recalled(resolve_study("bested2023_fm"))
    (False, True)
    """
    core = [study.prov[name].tag for name in ("citation", "design_n") if name in study.prov]
    outcomes = [outcome.prov.tag for outcome in study.outcomes]
    return "recalled" in core or (bool(outcomes) and set(outcomes) == {"recalled"})


def _held(source: Registry | None) -> Registry:
    if source is not None:
        return source
    from lowdose.evidence.records.registry import registry

    return registry()


def _strength(study: Study) -> tuple[int, int, int]:
    return (DESIGNS.index(study.design), -(study.n.took_part or 0), -study.citation.year)


def _has_dose(study: Study, dose: float | str) -> bool:
    given = study.intervention
    if isinstance(dose, str):
        return given.dose_class == one_of("dose class", dose, {name: name for name in DOSE_CLASSES})
    within = given.dose_mg_per_day.range_mg
    return given.drug == "naltrexone" and within is not None and within[0] <= dose <= within[1]
