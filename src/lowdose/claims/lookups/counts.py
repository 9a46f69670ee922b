"""Counts over all studies: how many there are, when the first appeared, which way their comparisons point."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from lowdose.claims.lookups.found import Found, UnknownValue, how_known
from lowdose.evidence.records.registry import registry
from lowdose.evidence.records.schema import Outcome, Study

TRIALS = ("parallel RCT", "crossover RCT", "factorial RCT", "fixed-order crossover")
"""Designs with a control in the same study."""
FAVOURS = ("favours_ldn", "favours_drug")
AGAINST = (
    "no_difference",
    "no_clear_difference",
    "no_change",
    "favours_placebo",
    "favours_control",
    "favours_ldn_not_significant",
    "favours_ldn_exploratory",
    "worse",
)
"""Directions of a placebo comparison that found nothing for the drug, or only by chance or by many looks."""
MOST_NAMED = 8
Words = Collection[str]


def studies_with(
    *,
    conditions: Words = (),
    designs: Words = (),
    dose_classes: Words = (),
    studies: Words = (),
    least_people: int = 0,
) -> list[Study]:
    """Studies that fit every filter given; an empty filter lets all through.

    Examples
    --------
    >>> [study.id for study in studies_with(conditions=["ibs"], designs=["single arm"])]
    ['kariv2006_ibs']
    """
    return [
        study
        for study in registry().studies.values()
        if (not conditions or study.condition in conditions or set(conditions) & set(study.also))
        and (not designs or study.design in designs)
        and (not dose_classes or study.intervention.dose_class in dose_classes)
        and (not studies or study.id in studies)
        and (not least_people or _size(study) >= least_people)
    ]


def count_studies(
    *,
    conditions: Words = (),
    designs: Words = (),
    dose_classes: Words = (),
    directions: Words = (),
    least_people: int = 0,
    primary: bool = False,
) -> Found:
    """How many studies fit; with ``directions``, only those with an outcome (a ``primary`` one) of that direction.

    Examples
    --------
    >>> count_studies(conditions=["opioid-interaction"], directions=["harm"]).value
    2
    """
    fitting = [
        study
        for study in studies_with(
            conditions=conditions, designs=designs, dose_classes=dose_classes, least_people=least_people
        )
        if not directions or any(one.direction in directions for one in study.outcomes if one.primary or not primary)
    ]
    return Found(len(fitting), named(fitting))


def count_outcomes(
    *, conditions: Words = (), studies: Words = (), concepts: Words = (), directions: Words = ()
) -> Found:
    """How many outcomes of these concepts and directions there are.

    Raises
    ------
    UnknownValue
        A direction is asked for, and no study measured any of the concepts.

    Examples
    --------
    >>> count_outcomes(studies=["gironi2008_ms"], concepts=["endorphin"]).value
    1
    """
    looked = studies_with(conditions=conditions, studies=studies)
    measured = [(study, outcome) for study in looked for outcome in study.outcomes if outcome.concept in concepts]
    if directions and not measured:
        raise UnknownValue(f"no study of it in the register measured: {', '.join(concepts)}")
    fitting = [pair for pair in measured if not directions or pair[1].direction in directions]
    return Found(len(fitting), tuple(map(_outcome, fitting)) or (f"none in {', '.join(named(looked))}",))


def share_favouring(
    *, conditions: Words = (), concepts: Words = (), dose_classes: Words = (), primary: bool = False
) -> Found:
    """Of the placebo-controlled comparisons that have a direction, how many of a hundred favour the drug (%).

    Examples
    --------
    >>> share_favouring(conditions=["lichen-planopilaris"]).value
    0.0
    """
    compared = [
        (study, outcome)
        for study in studies_with(conditions=conditions, dose_classes=dose_classes, designs=TRIALS)
        if _against_placebo(study)
        for outcome in _directed(study, concepts, primary)
    ]
    if not compared:
        raise UnknownValue("no placebo-controlled comparison of it is in the register")
    favour = [pair for pair in compared if pair[1].direction in FAVOURS]
    words = f"{len(favour)} of {len(compared)} comparisons in {len({study.id for study, _ in compared})} studies"
    listed = tuple(map(_outcome, favour[:MOST_NAMED]))
    return Found(100 * len(favour) / len(compared), (words, *(f"for: {one}" for one in listed)))


def share_of_studies(*, conditions: Words, dose_classes: Words, least_studies: int = 1) -> Found:
    """Share of a condition's studies at these dose classes, as its 95 % Wilson interval (%).

    Raises
    ------
    UnknownValue
        The condition has fewer than ``least_studies``.

    Examples
    --------
    >>> low, high = share_of_studies(conditions=["autism"], dose_classes=["standard"]).value
    >>> 0 < low < high < 100
    True
    """
    from scipy.stats import binomtest

    every = studies_with(conditions=conditions)
    inside = studies_with(conditions=conditions, dose_classes=dose_classes)
    interval = binomtest(len(inside), len(every)).proportion_ci(0.95, method="wilson")
    low, high = 100 * float(interval.low), 100 * float(interval.high)
    counted = f"{len(inside)} of {len(every)} studies"
    if len(every) < least_studies:
        raise UnknownValue(f"{counted} ({low:.0f} to {high:.0f} %) are too few: {least_studies} are needed")
    return Found((low, high), (f"{counted}: {', '.join(study.id for study in inside)}",))


def share_of_doses(*, dose_classes: Words, low: float, high: float) -> Found:
    """Share of studies with a known dose whose doses all lie from ``low`` to ``high`` mg a day (%).

    Examples
    --------
    >>> share_of_doses(dose_classes=["LDN"], low=0, high=1000).value
    100.0
    """
    every = [study for study in studies_with(dose_classes=dose_classes) if study.intervention.dose_mg_per_day.range_mg]
    inside = [study for study in every if _within(study, low, high)]
    outside = ", ".join(study.id for study in every if study not in inside)
    recalled = sum(study.intervention.dose_mg_per_day.recalled for study in every)
    words = f"{len(inside)} of {len(every)} studies" + (f", {recalled} of the doses recalled" if recalled else "")
    return Found(100 * len(inside) / len(every), (words, f"outside: {outside}" if outside else "none outside"))


def first_year(*, dose_classes: Words, designs: Words) -> Found:
    """Year of the earliest study of these dose classes and designs.

    Examples
    --------
    >>> first_year(dose_classes=["LDN"], designs=["parallel RCT"]).value
    1988
    """
    first = min(studies_with(dose_classes=dose_classes, designs=designs), key=lambda study: study.citation.year)
    return Found(first.citation.year, named([first]))


def count_ongoing(*, conditions: Words) -> Found:
    """How many trials of these conditions have not reported yet.

    Raises
    ------
    UnknownValue
        The register has none: it holds the trials its compilers met, and is no full search.

    Examples
    --------
    >>> count_ongoing(conditions=["vulvodynia"]).value
    1
    """
    known = registry().ongoing.values()
    fitting = [one for one in known if one.condition in conditions]
    if not fitting:
        raise UnknownValue(f"none is among the {len(known)} ongoing trials of the register, which is no full search")
    return Found(len(fitting), tuple(f"{one.id} ({how_known(one.prov)})" for one in fitting))


def named(studies: list[Study]) -> tuple[str, ...]:
    """Ids of studies with how their design and number are known, the first few.

    Examples
    --------
    >>> named([])
    ('no study of the register',)
    """
    words = [f"{study.id} ({how_known(study.prov['design_n'])})" for study in studies[:MOST_NAMED]]
    if len(studies) > MOST_NAMED:
        words.append(f"and {len(studies) - MOST_NAMED} more")
    return tuple(words) or ("no study of the register",)


def _directed(study: Study, concepts: Words, primary: bool) -> Iterator[Outcome]:
    for outcome in study.outcomes:
        fits = (not concepts or outcome.concept in concepts) and (outcome.primary or not primary)
        if fits and outcome.direction in FAVOURS + AGAINST:
            yield outcome


def _against_placebo(study: Study) -> bool:
    return "placebo" in study.comparator.lower()


def _within(study: Study, low: float, high: float) -> bool:
    given = study.intervention.dose_mg_per_day.range_mg
    return given is not None and low <= given[0] and given[1] <= high


def _size(study: Study) -> int:
    return max((study.n.randomised or 0), (study.n.enrolled or 0), (study.n.analysed or 0))


def _outcome(pair: tuple[Study, Outcome]) -> str:
    study, outcome = pair
    return f"{study.id}, {outcome.name} ({how_known(outcome.prov)})"
