"""How well a study matches what was asked: every word is looked for in what the study is about and what it mentions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING

from lowdose.evidence.lookup.words import alike, plain

if TYPE_CHECKING:
    from lowdose.evidence.records.library import Condition
    from lowdose.evidence.records.registry import Registry
    from lowdose.evidence.records.schema import Study

_FILLING = frozenset("a an and does for from help helps in is it of on or the to with work works".split())
"""Words of a question that say nothing about a study."""
_EVERYWHERE = frozenset("ldn low dose naltrexone".split())
"""Words that nearly every study has: they count only where nothing else was asked."""
_FORMS: Mapping[str, tuple[str, ...]] = {"ibd": ("crohn",)}
"""Who asks for the first also means the others."""


def scores(words: str, studies: Iterable[Study], held: Registry) -> dict[str, float]:
    """How well each study matches; 0 where one of the words is nowhere in it.

    Examples
    --------
    >>> from lowdose.evidence.records.registry import registry
    >>> found = scores("INNOVA", registry().studies.values(), registry())
    >>> max(found, key=found.get)
    'rodriguez_freire2026_INNOVA'
    """
    of_study = vocabularies(held)
    everything = {word: 0.0 for vocabulary in of_study.values() for word in vocabulary}
    asked = phrases(words, held)
    meant = {word: alike(word, everything) for phrase in asked for way in phrase for word in way}
    known = [phrase for phrase in asked if any(all(meant[word] for word in way) for way in phrase)]
    found = {}
    for study in studies:
        best = [max(_score(way, of_study[study.id], meant) for way in phrase) for phrase in known]
        found[study.id] = sum(best) if best and all(best) else 0.0
    return found


def _score(way: Sequence[str], vocabulary: Mapping[str, float], meant: Mapping[str, Mapping[str, float]]) -> float:
    best = [max((q * vocabulary[w] for w, q in meant[word].items() if w in vocabulary), default=0.0) for word in way]
    return sum(best) / len(best) if best and all(best) else 0.0


def phrases(words: str, held: Registry) -> list[tuple[tuple[str, ...], ...]]:
    """What was asked, in parts; each part is one word, or a name of a condition with the ways to say it.

    Examples
    --------
    >>> from lowdose.evidence.records.registry import registry
    >>> phrases("sleep in FM", registry())
    [(('sleep',),), (('fm',), ('=fibromyalgia',))]
    """
    names: dict[str, tuple[tuple[str, ...], ...]] = {}
    for one in held.conditions.values():
        for name in (one.name, *one.synonyms):
            names.setdefault(plain(name), (tuple(plain(name).split()), (f"={one.id}",)))
    said = [word for word in plain(words).split() if word not in _FILLING]
    asked = [word for word in said if word not in _EVERYWHERE] or said
    found: list[tuple[tuple[str, ...], ...]] = []
    longest = max((len(name.split()) for name in names), default=1)
    at = 0
    while at < len(asked):
        spans = (at + length for length in range(min(longest, len(asked) - at), 0, -1))
        end = next((end for end in spans if " ".join(asked[at:end]) in names), None)
        found.append(names[" ".join(asked[at:end])] if end else ((asked[at],),))
        at = end or at + 1
    return found


def vocabularies(held: Registry) -> dict[str, dict[str, float]]:
    """Words of every study with their weight; a word that begins with "=" is the id of its condition.

    Examples
    --------
    >>> from lowdose.evidence.records.registry import registry
    >>> vocabularies(registry())["bruun2024_FINAL"]["=fibromyalgia"]
    6.0
    """
    from lowdose.evidence.records.registry import registry

    if held is registry():
        return _of_the_package()
    return {study.id: _vocabulary(study, held) for study in held.studies.values()}


@cache
def _of_the_package() -> dict[str, dict[str, float]]:
    from lowdose.evidence.records.registry import registry

    held = registry()
    return {study.id: _vocabulary(study, held) for study in held.studies.values()}


def _vocabulary(study: Study, held: Registry) -> dict[str, float]:
    """Words of a study with their weight: what it is about weighs more than what it mentions."""
    condition, given, cited = held.conditions[study.condition], study.intervention, study.citation
    outcomes = [text for one in study.outcomes for text in (one.name, one.concept, one.instrument)]
    harms = [text for one in study.adverse_events for text in (one.event, one.concept)]
    treated = (given.co_treatment, given.formulation, given.drug, given.dose_class, given.schedule)
    fields = (
        (1.0, (cited.doi, cited.pmid, *study.registration, study.safety_summary)),
        (2.0, (*treated, study.comparator, study.population, study.design, study.design_words)),
        (3.0, (*outcomes, *harms)),
        (3.0, (cited.title, study.condition_words)),
        (4.0, (study.id, cited.first_author, str(cited.year))),
        (5.0, (condition.id, condition.name, *condition.synonyms)),
    )
    vocabulary = {word: weight for weight, texts in fields for text in texts for word in plain(text).split()}
    for one in held.conditions.values():
        if not {narrow.id for narrow in with_narrower(one, held)}.isdisjoint((study.condition, *study.also)):
            vocabulary[f"={one.id}"] = 6.0 if one.id == study.condition else 5.0
    return vocabulary


def with_narrower(condition: Condition, held: Registry) -> tuple[Condition, ...]:
    """A condition and those that are forms of it.

    Examples
    --------
    >>> from lowdose.evidence.records.registry import registry
    >>> [one.id for one in with_narrower(registry().conditions["ibd"], registry())]
    ['ibd', 'crohn']
    """
    return (condition, *(held.conditions[name] for name in _FORMS.get(condition.id, ()) if name in held.conditions))
