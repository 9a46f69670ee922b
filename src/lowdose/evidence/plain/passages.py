"""The plain-language layer of a condition: short sentences made from the data, for anybody to read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from lowdose.evidence.lookup.combinations import stop_rule
from lowdose.evidence.plain.help import counted_words, help_words
from lowdose.evidence.plain.phrases import DID, DUMMY, Point, many, number_words, of_a_hundred, sign, upper
from lowdose.evidence.plain.told import HARMS, NO_ILLNESS, Told, is_clear, is_dose_recalled, is_recalled
from lowdose.evidence.records.labels import RECALLED

if TYPE_CHECKING:
    from lowdose.evidence.grading.findings import Finding
    from lowdose.evidence.records.library import Ongoing
    from lowdose.evidence.records.schema import Study

OPIOIDS = ("opioid-interaction", "opioid-detox")
"""Conditions whose page begins with the stop rule."""
_HARMS = ("any.any-adverse-event", "any.stopped", "any.serious", "any.vivid-dreams", "any.headache")
_FEW = 5
"""Fewer events than this are told as they were counted: of 100 they would look surer than they are."""
_DEADLY = ("cancer", "hiv", "als")


@dataclass(frozen=True)
class Passage:
    """A question a reader has, and the answer in short sentences."""

    heading: str
    sentences: tuple[str, ...]

    @property
    def blocks(self) -> list[tuple[bool, list[str]]]:
        """Sentences that stand together, and whether as a list."""
        return [(is_list, list(some)) for is_list, some in groupby(self.sentences, lambda one: isinstance(one, Point))]


def passages(told: Told) -> tuple[Passage, ...]:
    """The plain layer: does it help, how many of 100, which harms, when to judge, what is not known.

    Examples
    --------
    >>> from lowdose.evidence.plain.told import told
    >>> [one.heading for one in passages(told("vulvodynia"))][:2]
    ['Does it help?', 'How many of 100 people?']
    """
    first = (Passage("Before anything else", (stop_rule(),)),) if told.condition.id in OPIOIDS else ()
    about_help = (
        Passage("Does it help?", tuple(help_words(told))),
        Passage("How many of 100 people?", tuple(counted_words(told))),
    )
    judged = told.condition.group not in NO_ILLNESS or told.condition.id == HARMS
    return (
        *first,
        *(about_help[:1] if told.condition.group in NO_ILLNESS else about_help),
        Passage("Which harms?", tuple(_harms(told))),
        *((Passage("When to judge?", tuple(_when(told))),) if judged else ()),
        Passage("What is not known?", tuple(_unknown(told))),
    )


def _harms(told: Told) -> Iterator[str]:
    opioids_first = told.condition.id in OPIOIDS
    if opioids_first:
        yield from _opioids(told)
    yield "The counts come from the few trials of up to 6 mg a day that gave them, in any illness."
    if told.trials and told.condition.group not in NO_ILLNESS and not told.has_low_dose:
        yield "The trials on this page gave other doses, and these counts do not speak for them."
    counted = [told.harms[name] for name in _HARMS if name in told.harms and told.harms[name].absolute]
    yield from (Point(_of_harm(one, told)) for one in counted)
    if counted and not any(map(is_clear, counted)):
        yield "Each of these gaps could be chance."
    yield "The trials are too small to find rare harms."
    if any(one.absolute and one.absolute.recalled for one in counted):
        yield f"{RECALLED} means recalled: from memory, not read in the source."
    if not opioids_first:
        yield from _opioids(told)


def _of_harm(finding: Finding, told: Told) -> str:
    """How many of 100 had a harm, and from how many people that is known; of a rare one, how many had it at all."""
    risk, outcome = finding.absolute, finding.question.split(".")[1]
    assert risk is not None
    mark, did = sign(risk.recalled), DID[outcome]
    (entry, *more) = told.questions[finding.question]["entries"]
    if not more and entry["events"] and entry["events"][0] + entry["events"][2] < _FEW:
        treated, of_treated, control, of_control = entry["events"]
        return (
            f"In one trial {_none_or(treated)} of {of_treated} people on LDN and {_none_or(control)} of {of_control} "
            f"on {DUMMY} {did}{mark}."
        )
    drug, dummy = of_a_hundred(risk.with_drug), of_a_hundred(risk.without)
    counted = f"{many(finding.k, 'trial', 'trials')}, {finding.participants} people"
    return f"Of 100 people, {drug} {did} on LDN, and {dummy} on {DUMMY}{mark} ({counted}{mark})."


def _none_or(count: int) -> str:
    return number_words(count) if count else "none"


def _opioids(told: Told) -> Iterator[str]:
    from lowdose.evidence.lookup.harms import single_cases

    yield "LDN blocks opioid drugs, such as morphine and codeine."
    cases = single_cases(told.known)
    if cases:
        mark = sign(any(one.tag == "recalled" for one in cases))
        yield f"In {many(len(cases), 'report', 'reports')}, a person who had both fell very ill{mark}."
    yield "The two are not taken together."


def _when(told: Told) -> Iterator[str]:
    low_dose = [study for study in told.trials if study.intervention.dose_class in ("VLDN", "LDN")]
    studies = told.behind or low_dose or told.trials or told.studies
    kind = ("trial" if told.trials or told.behind else "report") + ("" if len(studies) == 1 else "s")
    read = sorted({entry["timepoint_wk"] for entry in told.entries if entry["timepoint_wk"]})
    lasted = [study for study in studies if study.intervention.duration_wk]
    weeks = sorted({study.intervention.duration_wk for study in lasted if study.intervention.duration_wk})
    if read:
        yield f"The results above were read after {_time(read)}."
    elif weeks:
        those = f"In {_these(kind)}" if len(lasted) == len(studies) else f"In {_these(kind)}, where the time is told"
        mark = sign(any(is_recalled(study, "intervention.duration_wk") for study in lasted))
        yield f"{those}, people took it for {_time(weeks)}{mark}."
    if read or weeks:
        yield "What comes sooner or later, these numbers cannot tell."
    else:
        yield f"The {kind} we read {'does' if len(studies) == 1 else 'do'} not say how long people took it."
    yield from _doses(studies)


def _these(kind: str) -> str:
    return f"these {kind}" if kind.endswith("s") else f"this {kind}"


def _doses(studies: Sequence[Study]) -> Iterator[str]:
    """The range of the doses that are told in mg; of the others only that they were larger."""
    given = [study for study in studies if study.intervention.dose_mg_per_day.range_mg]
    doses = [dose for study in given if (dose := study.intervention.dose_mg_per_day.range_mg)]
    if doses:
        low, high = min(dose[0] for dose in doses), max(dose[1] for dose in doses)
        said = f"{low:g} mg" if low == high else f"{low:g} to {high:g} mg"
        those = "The dose was" if len(given) == len(studies) else "Where the dose is told, it was"
        yield f"{those} {said} a day{sign(any(map(is_dose_recalled, given)))}."
    elif studies and all(study.intervention.dose_class == "standard" for study in studies):
        yield f"The dose was a full one, larger than LDN{sign(any(map(is_dose_recalled, studies)))}."


def _time(weeks: Sequence[float]) -> str:
    if weeks[-1] < 1:
        return many(round(7 * weeks[-1]), "day", "days")
    first, last = (max(1, round(one)) for one in (weeks[0], weeks[-1]))
    return many(last, "week", "weeks") if first == last else f"{first} to {last} weeks"


def _unknown(told: Told) -> Iterator[str]:
    if told.condition.group not in NO_ILLNESS:
        yield from _untried(told)
    running = on_the_way(told)
    if running:
        people = [one.n_target for one in running if one.n_target]
        mark = sign(any(one.prov.tag == "recalled" for one in running))
        yield f"{upper(many(len(running), 'trial is', 'trials are'))} on the way{mark}."
        if people:
            more = "" if len(people) == len(running) else " or more"
            yield f"{'It aims' if len(running) == 1 else 'They aim'} for {sum(people)} people{more}{mark}."
    yield "We read short reports of the studies, not the full ones. One person read them, so there may be slips."


def _untried(told: Told) -> Iterator[str]:
    if any("dose finding" in study.design for study in told.studies):
        yield "Which dose works best is not known. One study sought it, but had no dummy pill to compare with."
    else:
        yield "Which dose works best was not put to the test."
    yield "Which hour of the day is best was not put to the test in any illness."
    if told.condition.id in _DEADLY:
        yield "No trial has shown that people live longer on it."


def on_the_way(told: Told) -> list[Ongoing]:
    """Trials that take in this condition and have not reported yet.

    Examples
    --------
    >>> from lowdose.evidence.plain.told import told
    >>> [one.id for one in on_the_way(told("long-covid"))]
    ['BC_PCFS', 'Griffith_MECFS']
    """
    return [one for one in told.known.ongoing.values() if told.condition.id in (one.condition, *one.also)]
