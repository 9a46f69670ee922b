"""Adverse events: how often, by dose class, in people on naltrexone and in those compared with them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from lowdose.evidence.lookup.find import DOSE_CLASSES, resolve_condition
from lowdose.evidence.lookup.words import one_of
from lowdose.evidence.records.labels import dose_words, label, short_name
from lowdose.evidence.records.schema import AdverseEvent, ArmResult, DoseClass, EventConcept, Tag

if TYPE_CHECKING:
    from lowdose.evidence.records.registry import Registry
    from lowdose.evidence.records.schema import Study

EVENTS: dict[EventConcept, str] = {
    "any": "Any adverse event",
    "serious": "Serious adverse event",
    "stopped": "Stopped because of an adverse event",
    "death": "Death",
    "vivid-dreams": "Vivid dreams",
    "headache": "Headache",
    "sleep": "Poor sleep",
    "nausea": "Nausea",
    "gastrointestinal": "Stomach or bowel",
    "neurological": "Nerves and mood",
    "dizziness": "Dizziness",
    "fatigue": "Fatigue",
    "skin": "Skin",
    "other": "Other",
}
"""Kinds of adverse event, in the order they are shown, with their words."""
_SPELLINGS: dict[str, str] = {
    **{str(name): str(name) for name in EVENTS},
    **{words: str(name) for name, words in EVENTS.items()},
    "SAE": "serious",
    "dreams": "vivid-dreams",
    "nightmares": "vivid-dreams",
    "insomnia": "sleep",
    "drop-out": "stopped",
    "discontinuation": "stopped",
    "GI": "gastrointestinal",
    "diarrhoea": "gastrointestinal",
    "rash": "skin",
}
_PUBLISHED: dict[str, EventConcept] = {
    "serious adverse": "serious",
    "SAE": "serious",
    "AE IRR": "any",
    "dizziness": "dizziness",
    "vomiting": "nausea",
    "nausea": "nausea",
    "vivid dreams": "vivid-dreams",
    "headache": "headache",
    "ALT": "other",
}
"""Words by which a review's result is known to be about harm."""
_TREATED = ("ldn", "naltrexone", "combination", "crossover")
LEVEL = 0.95


@dataclass(frozen=True)
class Share:
    """How many of how many in one arm. ``rate`` and its Wilson interval are shares of 1; None where not known."""

    arm: str
    events: int | None
    total: int | None
    rate: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True)
class Harm:
    """One adverse event of one study; ``compared`` is None where nobody was compared with.

    The arm is called ``all`` where the source counts both together. ``recalled`` is true where any of it is recalled,
    ``comparable`` where both arms were counted in the same way as in other studies, so that it may enter a pool.
    """

    study: str
    label: str
    year: int
    condition: str
    design: str
    controlled: bool
    dose_class: DoseClass
    dose_words: str
    duration_wk: float | None
    event: str
    concept: EventConcept
    treated: Share
    compared: Share | None
    tag: Tag
    recalled: bool
    comparable: bool
    note: str


@dataclass(frozen=True)
class PublishedHarm:
    """A number that a review published: a ratio (RR, IRR), a difference of shares (RD) or a share in percent (%)."""

    review: str
    label: str
    about: str
    outcome: str
    concept: EventConcept
    measure: str
    estimate: float
    low: float | None
    high: float | None
    studies: int | None
    participants: int | None
    tag: Tag
    remarks: str


@dataclass(frozen=True)
class SingleCase:
    """What happened to one person; a warning, never a rate."""

    study: str
    label: str
    person: str
    dose_words: str
    event: str
    tag: Tag


def harms(
    event: str | None = None,
    *,
    condition: str | None = None,
    dose_class: str | None = None,
    only_found: bool = False,
    source: Registry | None = None,
) -> tuple[Harm, ...]:
    """Adverse events with a count or a share, by kind, then dose class; controlled studies first.

    Raises
    ------
    NotFound
        If the event, condition or dose class is not known; near misses are suggested.

    Examples
    --------
    >>> first = harms("any")[0]
    >>> first.study, first.treated.events, first.treated.total, round(first.treated.low, 2)
    ('bruun2024_FINAL', 41, 49, 0.71)
    """
    held = _held(source)
    kind = one_of("adverse event", event, _SPELLINGS) if event else None
    place = resolve_condition(condition, held).id if condition else None
    dose = one_of("dose class", dose_class, {name: name for name in DOSE_CLASSES}) if dose_class else None
    found = [
        _harm(study, one)
        for study in held.studies.values()
        if (place is None or place in (study.condition, *study.also))
        and (dose is None or study.intervention.dose_class == dose)
        for one in study.adverse_events
        if (kind is None or one.concept == kind) and not (only_found and one.prov.tag == "recalled")
    ]
    kinds = list(EVENTS)
    return tuple(sorted(found, key=lambda h: (kinds.index(h.concept), DOSE_CLASSES.index(h.dose_class), *_weight(h))))


def published_harms(event: str | None = None, *, source: Registry | None = None) -> tuple[PublishedHarm, ...]:
    """Pools of adverse events that reviews published; what they left out is not known to us.

    Examples
    --------
    >>> [(one.review, one.estimate) for one in published_harms() if one.outcome == "dizziness"]
    [('bolton2019_safety', 1.45), ('women_fm_ma2024', 1.99)]
    """
    found = []
    for name, review in _held(source).reviews.items():
        for one in review.results:
            concept = next((kind for words, kind in _PUBLISHED.items() if words in one.outcome), None)
            estimate = one.est if one.est is not None else one.pct
            if concept is None or estimate is None or (event and concept != one_of("adverse event", event, _SPELLINGS)):
                continue
            low, high = one.ci or (None, None)
            found.append(
                PublishedHarm(
                    review=name,
                    label=short_name(name, review.citation),
                    about=review.condition_words,
                    outcome=one.outcome.removesuffix(f" {one.measure}"),
                    concept=concept,
                    measure=one.measure if one.est is not None else "%",
                    estimate=estimate,
                    low=low,
                    high=high,
                    studies=one.studies,
                    participants=one.participants,
                    tag=one.prov.tag,
                    remarks=review.remarks,
                )
            )
    return tuple(found)


def single_cases(source: Registry | None = None) -> tuple[SingleCase, ...]:
    """Case reports of harm.

    Examples
    --------
    >>> [case.study for case in single_cases()]
    ['naumann2023_withdrawal', 'ajem2017_obtundation']
    """
    return tuple(
        SingleCase(study.id, label(study), _person(study), dose_words(study), one.name, one.prov.tag)
        for study in _held(source).studies.values()
        if study.design in ("case report", "case series")
        for one in study.outcomes
        if one.direction == "harm"
    )


def added_up(rows: Sequence[Harm]) -> tuple[Share, Share] | None:
    """Events and people of comparable studies simply added, both arms; None for fewer than two with counts.

    It says how many were seen, not what naltrexone causes: that takes a pool of the comparisons.

    Examples
    --------
    >>> treated, compared = added_up(harms("any", dose_class="LDN"))
    >>> treated.events / treated.total < compared.events / compared.total
    True
    """
    pairs = [(one.treated, one.compared) for one in rows if one.comparable and one.compared is not None]
    pairs = [pair for pair in pairs if _counted(*pair)]
    if len(pairs) < 2:
        return None
    both = []
    for arm, shares in zip(("ldn", "comparator"), zip(*pairs, strict=True), strict=True):
        both.append(share(arm, sum(s.events or 0 for s in shares), sum(s.total or 0 for s in shares)))
    return both[0], both[1]


def share(arm: str, events: int | None, total: int | None, pct: float | None = None) -> Share:
    """A share with its Wilson interval, or without one where only the percentage is known.

    Examples
    --------
    >>> found = share("ldn", 0, 10)
    >>> found.rate, found.low, round(found.high, 3)
    (0.0, 0.0, 0.278)
    >>> share("ldn", None, None, 37.0).rate
    0.37
    """
    if events is None or not total:
        return Share(arm, events, total, None if pct is None else pct / 100, None, None)
    low, high = wilson(events, total)
    return Share(arm, events, total, events / total, low, high)


@cache
def wilson(events: int, total: int, level: float = LEVEL) -> tuple[float, float]:
    """Wilson's interval of a share, by SciPy; both ends between 0 and 1.

    Examples
    --------
    >>> low, high = wilson(41, 49)
    >>> round(low, 3), round(high, 3)
    (0.71, 0.915)
    """
    from scipy.stats import binomtest

    found = binomtest(events, total).proportion_ci(confidence_level=level, method="wilson")
    return float(found.low), float(found.high)


def _person(study: Study) -> str:
    """Who it was. The dose of an opioid is not repeated: nobody shall take it for a safe one, or one that works."""
    return re.sub(r"\s*\d[\d.,]*\s*(?:mg|µg|mcg)\b(?:/\w+)?", "", study.condition_words)


def _harm(study: Study, one: AdverseEvent) -> Harm:
    named = list(one.arms)
    treated = next((arm for arm in named if arm in _TREATED or arm.startswith("ldn")), named[0] if named else "")
    others = [arm for arm in named if arm != treated]
    return Harm(
        study=study.id,
        label=label(study),
        year=study.citation.year,
        condition=study.condition,
        design=study.design,
        controlled=bool(others),
        dose_class=study.intervention.dose_class,
        dose_words=dose_words(study),
        duration_wk=study.intervention.duration_wk,
        event=one.event,
        concept=one.concept,
        treated=_share_of(treated, one.arms.get(treated)),
        compared=_share_of(others[0], one.arms[others[0]]) if others else None,
        tag=one.prov.tag,
        recalled=one.prov.tag == "recalled" or any(made.recalled for made in one.derivations),
        comparable=any(contrast.method for contrast in one.contrasts),
        note=one.note,
    )


def _share_of(arm: str, found: ArmResult | None) -> Share:
    return share(arm, found.events, found.total, found.pct) if found else share(arm, None, None)


def _counted(*shares: Share) -> bool:
    return all(one.events is not None and one.total for one in shares)


def _weight(harm: Harm) -> tuple[bool, int, str]:
    return (not harm.controlled, -(harm.treated.total or 0), harm.study)


def _held(source: Registry | None) -> Registry:
    if source is not None:
        return source
    from lowdose.evidence.records.registry import registry

    return registry()
