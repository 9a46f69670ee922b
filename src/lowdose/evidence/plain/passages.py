"""The plain-language layer of a condition: short sentences made from the data, for anybody to read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from lowdose.evidence.lookup.combinations import stop_rule
from lowdose.evidence.plain.help import counted_words, help_words
from lowdose.evidence.plain.told import DID, DUMMY, NO_ILLNESS, Point, Told, many, of_a_hundred, sign, upper
from lowdose.evidence.records.labels import RECALLED

OPIOIDS = ("opioid-interaction", "opioid-detox")
"""Conditions whose page begins with the stop rule."""
_HARMS = ("any.any-adverse-event", "any.stopped", "any.vivid-dreams", "any.headache")


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
    return (
        *first,
        *(about_help[:1] if told.condition.group in NO_ILLNESS else about_help),
        Passage("Which harms?", tuple(_harms(told))),
        Passage("When to judge?", tuple(_when(told))),
        Passage("What is not known?", tuple(_unknown(told))),
    )


def _harms(told: Told) -> Iterator[str]:
    yield "These counts come from all trials of up to 6 mg a day, in any illness."
    recalled = False
    for name in _HARMS:
        finding = told.harms.get(name)
        if finding is None or finding.absolute is None:
            continue
        risk = finding.absolute
        did = DID[name.split(".")[1]]
        recalled = recalled or risk.recalled
        drug, dummy = of_a_hundred(risk.with_drug), of_a_hundred(risk.without)
        yield Point(f"Of 100 people, {drug} {did} on LDN, and {dummy} on {DUMMY}{sign(risk.recalled)}.")
    yield "The trials are too small to find rare harms."
    if recalled:
        yield f"{RECALLED} means recalled: from memory, not read in the source."
    yield "LDN blocks opioid pain drugs."
    yield from _opioids(told)


def _opioids(told: Told) -> Iterator[str]:
    from lowdose.evidence.lookup.harms import single_cases

    cases = len(single_cases(told.known))
    if cases:
        yield f"In {many(cases, 'report', 'reports')}, a person who had both fell very ill."


def _when(told: Told) -> Iterator[str]:
    low_dose = [study for study in told.trials if study.intervention.dose_class in ("VLDN", "LDN")]
    studies = low_dose or told.trials or told.studies
    kind = "trials" if told.trials else "reports"
    read = sorted({entry["timepoint_wk"] for entry in told.entries if entry["timepoint_wk"]})
    weeks = sorted({study.intervention.duration_wk for study in studies if study.intervention.duration_wk})
    if read:
        yield f"The results above were read after {_time(read)}."
    elif weeks:
        yield f"In these {kind}, people took it for {_time(weeks)}."
    if read or weeks:
        yield "What comes sooner or later, these numbers cannot tell."
    else:
        yield f"The {kind} we read do not say how long people took it."
    doses = [dose for study in studies if (dose := study.intervention.dose_mg_per_day.range_mg)]
    if doses:
        low, high = min(dose[0] for dose in doses), max(dose[1] for dose in doses)
        said = f"{low:g} mg" if low == high else f"{low:g} to {high:g} mg"
        yield f"The dose was {said} a day."


def _time(weeks: Sequence[float]) -> str:
    if weeks[-1] < 1:
        return many(round(7 * weeks[-1]), "day", "days")
    first, last = (max(1, round(one)) for one in (weeks[0], weeks[-1]))
    return many(last, "week", "weeks") if first == last else f"{first} to {last} weeks"


def _unknown(told: Told) -> Iterator[str]:
    if not any("dose finding" in study.design for study in told.studies):
        yield "Which dose works best was not put to the test."
    yield "Which hour of the day is best was not put to the test in any illness."
    running = [one for one in told.known.ongoing.values() if one.condition == told.condition.id]
    if running:
        people = sum(one.n_target or 0 for one in running)
        yield f"{upper(many(len(running), 'trial is', 'trials are'))} on the way."
        if people:
            yield f"{'It aims' if len(running) == 1 else 'They aim'} for {people} people."
    yield "We read short reports of the studies, not the full ones. One person read them, so there may be slips."
