"""What trials say that gave no number to pool, and what studies without a control group cannot say."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from lowdose.evidence.plain.phrases import LOOKED_AT, SURE, listed, many, number_words, sign, upper
from lowdose.evidence.plain.told import NO_ILLNESS, Told, is_recalled

if TYPE_CHECKING:
    from lowdose.evidence.records.schema import Study

_STARTS: Mapping[str, tuple[str, ...]] = {
    "favours_ldn": ("favours_ldn", "favours_drug", "favours_combination"),
    "favours_placebo": ("favours_placebo", "favours_control", "worse", "harm"),
    "no_difference": ("no_difference", "no_clear", "no_change", "little_change"),
}
_NOTHING_COMPARED = ("descriptive", "not_", "pk", "predictive", "sponsor_reported", "dose_response")
_FULL_DOSES = ("standard", "intermediate")


def main_way(study: Study) -> str:
    """Which way the main results of a trial point; other where they differ, untold where none compares the groups.

    Examples
    --------
    >>> from lowdose.evidence.records.registry import registry
    >>> [main_way(registry().studies[name]) for name in ("bruun2024_FINAL", "brewer2018_gwi")]
    ['no_difference', 'untold']
    """
    results = [one for one in study.outcomes if one.primary] or list(study.outcomes)
    told = [one.direction for one in results if not _says_nothing(one.direction)]
    kinds = set(map(_kind, told))
    if not kinds:
        return "untold"
    return kinds.pop() if len(kinds) == 1 else "other"


def _says_nothing(direction: str) -> bool:
    """Whether a result sets no group against another: counted only, or before against after."""
    return direction.startswith(_NOTHING_COMPARED) or direction.endswith("_before_after")


def _kind(direction: str) -> str:
    if direction.endswith(("not_significant", "exploratory")):
        return "other"
    return next((kind for kind, starts in _STARTS.items() if direction.startswith(starts)), "other")


def without_numbers(told: Told) -> Iterator[str]:
    """Sentences on trials none of which gave a number to pool.

    Examples
    --------
    >>> from lowdose.evidence.plain.told import told
    >>> list(without_numbers(told("cancer")))[1:3]
    ['It was in people with high-grade glioma.', 'It looked above all at daily life.']
    """
    trials = told.trials
    people = sum(study.n.took_part or 0 for study in trials)
    counted = f" with {people} people{_mark(trials, 'n')}" if people else ""
    against = "a dummy pill" if all("placebo" in study.comparator for study in trials) else "something else"
    yield f"{upper(many(len(trials), 'trial', 'trials'))}{counted} set the drug against {against}."
    if len(trials) == 1:
        yield from _what_it_was(trials[0], told)
    yield from given_too(trials)
    yield from _doses(trials)
    ways = [main_way(study) for study in trials]
    for way, said in (
        ("favours_ldn", "saw a gain"),
        ("no_difference", "saw no clear gain"),
        ("favours_placebo", "saw people do better without it"),
        ("other", "had mixed results"),
        ("untold", "did not tell, in what we read, how the groups compared"),
    ):
        count = ways.count(way)
        if count:
            marked = [study for study in trials if main_way(study) == way]
            which = "It" if len(trials) == 1 else f"{upper(number_words(count))} of them"
            yield f"{which} {said}{sign(any(_is_result_recalled(one) for one in marked))}."
    if not told.shared:
        yield "The reports we read gave no numbers that we could put side by side."
    yield SURE["very low"]


def _what_it_was(trial: Study, told: Told) -> Iterator[str]:
    words = trial.condition_words.partition(",")[0]
    if told.condition.group == "cancer" and words:
        yield f"It was in people with {words}."
    main = dict.fromkeys(LOOKED_AT[one.concept] for one in trial.outcomes if one.primary and one.concept in LOOKED_AT)
    if main:
        yield f"It looked above all at {listed(list(main))}."


def _doses(trials: Sequence[Study]) -> Iterator[str]:
    classes = [study.intervention.dose_class for study in trials]
    mark = _mark(trials, "intervention.dose_class")
    large = sum(one in _FULL_DOSES for one in classes)
    if set(classes) == {"VLDN"}:
        yield f"They took a very low dose, less than LDN{mark}."
    elif large == len(classes):
        yield f"All of them used a larger dose than LDN{mark}."
    elif large:
        yield f"Some of them used a larger dose than LDN{mark}."


def given_too(trials: Sequence[Study]) -> Iterator[str]:
    """A sentence on what everybody in the trials had besides, where all had the same.

    Examples
    --------
    >>> from lowdose.evidence.records.registry import registry
    >>> list(given_too([registry().studies["ray2021_smoking"]]))
    ['Both groups also had varenicline.']
    """
    given = {study.intervention.co_treatment.removesuffix(" in both arms") for study in trials}
    if len(given) == 1 and (also := given.pop()):
        yield f"Both groups also had {'a ' if also.endswith('taper') else ''}{also}{_mark(trials, 'intervention')}."


def other_trials(told: Told) -> Iterator[str]:
    """Sentences on trials of the condition that are not among those behind its rows.

    Examples
    --------
    >>> from lowdose.evidence.plain.told import told
    >>> next(other_trials(told("smoking-alcohol")))
    'Two more trials looked at other things, or were done in another way.'
    """
    counted = {entry["study"] for entry in told.entries}
    counted |= {left["study"] for one in told.own for left in told.questions[one.question]["unusable"]}
    others = [study for study in told.trials if study.id not in counted]
    if others:
        trials = many(len(others), "more trial", "more trials")
        yield f"{upper(trials)} looked at other things, or {'was' if len(others) == 1 else 'were'} done in another way."
        yield f"{'It is' if len(others) == 1 else 'They are'} not in these sums."


def worse_on(told: Told) -> Iterator[str]:
    """A sentence on what people did worse on with a low dose, in any trial of the condition.

    Examples
    --------
    >>> from lowdose.evidence.plain.told import told
    >>> list(worse_on(told("cancer")))
    ['People did worse on LDN on a scale of sleep.']
    """
    low = [study for study in told.trials if study.intervention.dose_class not in _FULL_DOSES]
    worse = [
        one
        for study in low
        for one in study.outcomes
        if one.direction.startswith(("favours_placebo", "favours_control")) and one.concept in LOOKED_AT
    ]
    if worse:
        concepts = list(dict.fromkeys(LOOKED_AT[one.concept] for one in worse))
        mark = sign(any(one.prov.tag == "recalled" for one in worse))
        yield f"People did worse on LDN on {listed([f'a scale of {one}' for one in concepts])}{mark}."


def kindred(told: Told) -> list[str]:
    """Names of illnesses with trials of their own whose studies stand on this page too.

    Examples
    --------
    >>> from lowdose.evidence.plain.told import told
    >>> kindred(told("ibd")), kindred(told("ibs"))
    (["Crohn's disease"], [])
    """
    others = dict.fromkeys(name for study in told.studies for name in (study.condition, *study.also))
    known = told.known
    return [
        place.name
        for name in others
        if (place := known.conditions[name]).id != told.condition.id
        and place.group not in NO_ILLNESS
        and any(known.studies[study].is_controlled for study in place.studies)
    ]


def untested(told: Told) -> Iterator[str]:
    """Sentences on a condition that no trial put to the test.

    Examples
    --------
    >>> from lowdose.evidence.plain.told import told
    >>> next(untested(told("pots")))
    'We found one report, which does not say how many people took it ‡.'
    """
    studies = told.studies
    if not studies:
        yield "We found no study at all."
        return
    kin = kindred(told)
    if kin:
        yield f"There are trials in {listed(kin)}: see that page."
    reports, mark = many(len(studies), "report", "reports"), _mark(studies, "n")
    counts = [study.n.took_part for study in studies]
    people = sum(count or 0 for count in counts)
    if not people:
        does = "does" if len(studies) == 1 else "do"
        yield f"We found {reports}, which {does} not say how many people took it{mark}."
    else:
        more = "" if all(counts) else "at least "
        yield f"We found {reports} on {more}{many(people, 'person', 'people')}{mark}."
    yield "There was no dummy pill to compare with, so we cannot tell what the drug did."


def _mark(studies: Sequence[Study], field: str) -> str:
    return sign(any(is_recalled(study, field) for study in studies))


def _is_result_recalled(study: Study) -> bool:
    return any(one.prov.tag == "recalled" for one in study.outcomes)
