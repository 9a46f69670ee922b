"""The plain-language layer of a condition: short sentences made from the data, for anybody to read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any

from lowdose.report.condition_cards import RECALLED, is_controlled

if TYPE_CHECKING:
    from lowdose.evidence.findings import Finding
    from lowdose.evidence.library import Condition
    from lowdose.evidence.registry import Registry
    from lowdose.evidence.schema import Study

DUMMY = "a dummy pill"
_FULL = "a full dose"
_NO_ILLNESS = ("safety", "mechanism")
_NOT_SHOWN, _UNCLEAR = "Not shown to help.", "Trials gave no clear answer."
HELPS: Mapping[str, str] = {
    "high": "It helps.",
    "moderate": "It likely helps.",
    "low": "It may help.",
    "very low": "It may help, but the proof is very weak.",
}

DID: Mapping[str, str] = {
    "response": "felt clearly better",
    "response-70": "felt clearly better",
    "response-100": "felt much better",
    "remission": "had no more signs of the illness",
    "endoscopic-response": "had a gut that looked better",
    "endoscopic-remission": "had a gut that looked well",
    "infection": "got a new infection",
    "abstinence": "stopped smoking",
    "any-adverse-event": "had some side effect",
    "stopped": "gave up because of side effects",
    "serious": "had a grave health event",
    "vivid-dreams": "had vivid dreams",
    "headache": "had headaches",
}
"""What people did who are counted, by outcome."""
FELT: Mapping[str, str] = {
    "pain": "pain",
    "mental-quality-of-life": "mood and daily life",
    "quality-of-life": "daily life",
    "depression-hamd17": "low mood, on the main scale",
    "depression-hamd28": "low mood, on a longer scale",
    "depression-madrs10": "low mood, on a third scale",
    "depression-madrs15": "low mood, on a fourth scale",
    "depression-cgi": "how ill the doctor thought people were",
    "skin": "sore skin",
    "withdrawal": "the sickness of coming off opioids",
}
"""What was measured on a scale, by outcome."""
SURE: Mapping[str, str] = {
    "high": "We can trust this.",
    "moderate": "This is likely, but a new trial may change it.",
    "low": "We are not sure. A new trial may well change this.",
    "very low": "We are very unsure. This is not much more than a guess.",
}
_HARMS = ("any.any-adverse-event", "any.stopped", "any.vivid-dreams", "any.headache")


class Point(str):
    """A sentence that stands in a list of its likes."""

    __slots__ = ()


@dataclass(frozen=True)
class Passage:
    """A question a reader has, and the answer in short sentences."""

    heading: str
    sentences: tuple[str, ...]

    @property
    def blocks(self) -> list[tuple[bool, list[str]]]:
        """Sentences that stand together, and whether as a list."""
        return [(is_list, list(some)) for is_list, some in groupby(self.sentences, lambda one: isinstance(one, Point))]


@dataclass(frozen=True)
class Told:
    """All that the words are made from: the condition, its studies, its questions with their rows."""

    condition: Condition
    studies: Sequence[Study]
    questions: Mapping[str, Mapping[str, Any]]
    findings: Mapping[str, Finding]
    harms: Mapping[str, Finding]
    known: Registry

    @property
    def trials(self) -> list[Study]:
        """Studies of this condition itself that set the drug against something else."""
        return [study for study in self.studies if study.condition == self.condition.id and is_controlled(study)]

    @property
    def own(self) -> list[Finding]:
        """Rows with a number on this condition alone."""
        named = [one for name, one in self.findings.items() if name.split(".")[0] == self.condition.id]
        return [one for one in named if one.estimate is not None]

    @property
    def shared(self) -> list[Finding]:
        """Rows with a number in which this condition is taken together with others."""
        named = [one for name, one in self.findings.items() if name.split(".")[0] != self.condition.id]
        return [one for one in named if one.estimate is not None]

    @property
    def entries(self) -> list[Mapping[str, Any]]:
        """Trials behind the rows of this condition alone."""
        return [entry for one in self.own for entry in self.questions[one.question]["entries"]]


def passages(told: Told) -> tuple[Passage, ...]:
    """The plain layer: does it help, how many of 100, which harms, when to judge, what is not known.

    Examples
    --------
    >>> from lowdose.report.condition import told
    >>> [one.heading for one in passages(told("vulvodynia"))][:2]
    ['Does it help?', 'How many of 100 people?']
    """
    return (
        Passage("Does it help?", tuple(_helps(told))),
        Passage("How many of 100 people?", tuple(_of_a_hundred(told))),
        Passage("Which harms?", tuple(_harm_words(told))),
        Passage("When to judge?", tuple(_when(told))),
        Passage("What is not known?", tuple(_unknown(told))),
    )


def number_words(count: int) -> str:
    """A count at the start of a sentence or in it: small ones as words.

    Examples
    --------
    >>> number_words(2), number_words(19072)
    ('two', '19,072')
    """
    small = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
    return small[count] if count < len(small) else f"{count:,}"


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]


def _many(count: int, one: str, more: str) -> str:
    return f"{number_words(count)} {one if count == 1 else more}"


def headline(told: Told) -> str:
    """The answer in a few words, with GRADE's words for how sure it is.

    Examples
    --------
    >>> from lowdose.report.condition import told
    >>> headline(told("vulvodynia")), headline(told("fibromyalgia"))
    ('Not put to the test.', 'Not shown to help.')
    """
    if told.condition.group in _NO_ILLNESS:
        return "About safety, not about help." if told.condition.group == "safety" else "About people who were not ill."
    shown = told.own or told.shared
    if not shown:
        ways = {_main_way(study) for study in told.trials}
        by_way = {"favours_ldn": HELPS["very low"], "no_difference": _NOT_SHOWN}
        return by_way.get(ways.pop(), _UNCLEAR) if len(ways) == 1 else _UNCLEAR if ways else "Not put to the test."
    finding = shown[0]
    question = told.questions[finding.question]
    if not _is_clear(finding):
        return _NOT_SHOWN
    if any(one["direction"].startswith("no_") for one in question["unusable"]):
        return "Trials do not agree."
    if _is_more(finding) != (question["question"]["better"] == "higher"):
        return (
            "People did worse on a full dose." if _drug(question["question"]) == _FULL else "People did worse with it."
        )
    return HELPS[finding.certainty]


def _helps(told: Told) -> Iterator[str]:
    if told.condition.group in _NO_ILLNESS:
        yield "This page cannot tell. Each illness has a page of its own."
        yield from _untested(told)
        return
    if told.own:
        yield from _first(told, told.own[0])
        yield from (Point(_further(told, one)) for one in told.own[1:])
    elif told.trials:
        yield from _without_numbers(told)
    else:
        yield "We do not know."
        yield "No trial here has put LDN to the test against a dummy pill."
        yield from _untested(told)
    for one in told.shared:
        question = told.questions[one.question]
        way = _way(one, question["question"], _against(question))
        yield f"Then we put trials in more than one illness together, {one.participants} people in all."
        yield f"There, too: {way}" if told.own else f"There: {way}"
    if any(one.recalled for one in (*told.own, *told.shared)):
        yield f"{RECALLED} means recalled: some of the numbers come from memory, and were not read in the source."


def _first(told: Told, finding: Finding) -> Iterator[str]:
    question = told.questions[finding.question]
    asked, against = question["question"], _against(question)
    trials = _upper(_many(finding.k, "trial", "trials"))
    yield f"{trials} with {finding.participants} people gave numbers we can use{_sign(finding.recalled)}."
    if _drug(asked) == _FULL:
        yield "They took a full dose, which is not LDN."
    yield _way(finding, asked, against)
    if finding.k > 1:
        yield from (Point(_of_one_trial(entry, asked, against)) for entry in question["entries"])
    yield from _left_out(question)
    yield SURE[finding.certainty]
    if finding.probability_beyond_mid is not None and finding.certainty != "very low":
        chance = _of(100 * finding.probability_beyond_mid)
        yield f"The chance that it helps enough to matter is {chance} in 100."


def _of_one_trial(entry: Mapping[str, Any], asked: Mapping[str, Any], against: str) -> str:
    """What one trial of several saw: a gain, a loss, or which way it leaned."""
    shown, null = entry["shown"], 1.0 if entry["measure"] in ("RR", "OR") else 0.0
    side = "LDN" if (shown["estimate"] > null) == (asked["better"] == "higher") else against
    people = max(entry["n_treated"] or 0, entry["n_control"] or 0)
    if "crossover" not in entry["design"]:
        people = (entry["n_treated"] or 0) + (entry["n_control"] or 0)
    counted = f"{entry['label']} ({people} people){_sign(bool(entry['recalled']))}"
    if shown["low"] <= null <= shown["high"]:
        return f"{counted} leaned to {side}, but that could be chance."
    return f"{counted} came out for {side}."


def _left_out(question: Mapping[str, Any]) -> Iterator[str]:
    """Trials without numbers: they are not in the sum, and what they say must not be lost."""
    left = question["unusable"]
    if not left:
        return
    trials = _many(len(left), "more trial", "more trials")
    yield f"{_upper(trials)} gave no numbers we could use{_sign(any(one['recalled'] for one in left))}."
    if all(one["direction"].startswith("no_") for one in left):
        yield f"{'It' if len(left) == 1 else 'They'} saw no clear gain."


def _further(told: Told, finding: Finding) -> str:
    question = told.questions[finding.question]
    way = _way(finding, question["question"], _against(question))
    return f"{way[:-1]}{_sign(finding.recalled)}."


def _sign(recalled: bool) -> str:
    return f" {RECALLED}" if recalled else ""


def _is_clear(finding: Finding) -> bool:
    assert finding.low is not None
    assert finding.high is not None
    return not finding.low <= _null(finding) <= finding.high


def _null(finding: Finding) -> float:
    return 1.0 if finding.measure in ("RR", "OR") else 0.0


def _is_more(finding: Finding) -> bool:
    assert finding.estimate is not None
    return finding.estimate > _null(finding)


def _against(question: Mapping[str, Any]) -> str:
    return "the other drug" if question["question"]["comparator"] == "active" else DUMMY


def _drug(asked: Mapping[str, Any]) -> str:
    if "LDN" in asked["dose_classes"]:
        return "LDN"
    return "a very low dose" if "VLDN" in asked["dose_classes"] else _FULL


def _way(finding: Finding, asked: Mapping[str, Any], against: str) -> str:
    """Which way a result points, from its interval alone."""
    drug, outcome = _drug(asked), asked["outcome"]
    chance = "" if _is_clear(finding) else ", but this could be chance"
    if finding.measure in ("RR", "OR", "RD"):
        did = DID.get(outcome, f"had this: {finding.outcome}")
        return f"{'More' if _is_more(finding) else 'Fewer'} people {did} on {drug} than on {against}{chance}."
    felt = FELT.get(outcome, finding.outcome)
    if chance:
        return f"{_upper(drug)} did not clearly beat {against} for {felt}."
    good = _is_more(finding) == (asked["better"] == "higher")
    return f"People did {'better' if good else 'worse'} on {drug} than on {against} for {felt}."


def _of(share: float) -> str:
    """About how many out of 100, in whole people."""
    if share < 1:
        return "less than 1"
    return "more than 99" if share > 99 else f"about {share:.0f}"


def _without_numbers(told: Told) -> Iterator[str]:
    trials = told.trials
    people = sum(_people(study) for study in trials)
    counted = f" with {people} people" if people else ""
    yield f"{_upper(_many(len(trials), 'trial', 'trials'))}{counted} set the drug against something else."
    ways = [_main_way(study) for study in trials]
    for way, said in (
        ("favours_ldn", "saw a gain"),
        ("no_difference", "saw no clear gain"),
        ("favours_placebo", "did better without it"),
        ("other", "had mixed or unclear results"),
    ):
        count = ways.count(way)
        if count:
            which = "It" if len(trials) == 1 else f"{_upper(number_words(count))} of them"
            yield f"{which} {said}."
    if not told.shared:
        yield "The reports we read gave no numbers that we could put side by side."
    yield SURE["very low"]
    classes = {study.intervention.dose_class for study in trials}
    if classes == {"VLDN"}:
        yield "They took a very low dose, less than LDN."
    if classes & {"standard", "intermediate"}:
        yield "Some of them used a larger dose than LDN."


def _main_way(study: Study) -> str:
    """Which way the main results of a trial point; other where they differ or say nothing."""
    results = [one for one in study.outcomes if one.primary] or list(study.outcomes)
    kinds = {
        next(
            (
                kind
                for kind, starts in (
                    ("favours_ldn", ("favours_ldn", "favours_drug", "favours_combination")),
                    ("favours_placebo", ("favours_placebo", "favours_control", "worse", "harm")),
                    ("no_difference", ("no_difference", "no_clear", "no_change", "little_change")),
                )
                if one.direction.startswith(starts) and "not_significant" not in one.direction
            ),
            "other",
        )
        for one in results
    }
    return kinds.pop() if len(kinds) == 1 else "other"


def _people(study: Study) -> int:
    from lowdose.evidence.find import people

    return people(study) or 0


def _untested(told: Told) -> Iterator[str]:
    studies = told.studies
    people = sum(_people(study) for study in studies)
    if not studies:
        yield "We found no study at all."
        return
    yield f"We found {_many(len(studies), 'report', 'reports')} on {_many(people, 'person', 'people')}."
    yield "There was no dummy pill to compare with, so we cannot tell what the drug did."


def _of_a_hundred(told: Told) -> Iterator[str]:
    counted = [one for one in told.own if one.absolute and told.condition.group != "safety"]
    for finding in counted[:2]:
        risk = finding.absolute
        assert risk is not None
        question = told.questions[finding.question]
        asked, mark = question["question"], _sign(risk.recalled)
        did = DID.get(asked["outcome"], f"had this: {finding.outcome}")
        yield f"Of 100 people on {_against(question)}, {_of(risk.without)} {did}{mark}."
        yield f"Of 100 people on {_drug(asked)}, it may be {_of(risk.with_drug)}{mark}."
        yield f"It could be as few as {risk.low:.0f} and as many as {risk.high:.0f}{mark}."
        yield f"The first count comes from {risk.control_total} people on {_against(question)}."
    if not counted:
        yield "We cannot say. No trial of this illness gave such a count."


def _harm_words(told: Told) -> Iterator[str]:
    yield "These counts come from all trials of up to 6 mg a day, in any illness."
    recalled = False
    for name in _HARMS:
        finding = told.harms.get(name)
        if finding is None or finding.absolute is None:
            continue
        risk = finding.absolute
        did = DID[name.split(".")[1]]
        recalled = recalled or risk.recalled
        drug, dummy = _of(risk.with_drug), _of(risk.without)
        yield Point(f"Of 100 people, {drug} {did} on LDN, and {dummy} on {DUMMY}{_sign(risk.recalled)}.")
    yield "The trials are too small to find rare harms."
    if recalled:
        yield f"{RECALLED} means recalled: from memory, not read in the source."
    yield "LDN blocks opioid pain drugs."
    yield from _opioids(told)


def _opioids(told: Told) -> Iterator[str]:
    from lowdose.evidence.harms import single_cases

    cases = len(single_cases(told.known))
    if cases:
        yield f"In {_many(cases, 'report', 'reports')}, a person who had both fell very ill."


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
        return _many(round(7 * weeks[-1]), "day", "days")
    first, last = (max(1, round(one)) for one in (weeks[0], weeks[-1]))
    return _many(last, "week", "weeks") if first == last else f"{first} to {last} weeks"


def _unknown(told: Told) -> Iterator[str]:
    if not any("dose finding" in study.design for study in told.studies):
        yield "Which dose works best was not put to the test."
    yield "Which hour of the day is best was not put to the test in any illness."
    running = [one for one in told.known.ongoing.values() if one.condition == told.condition.id]
    if running:
        people = sum(one.n_target or 0 for one in running)
        yield f"{_upper(_many(len(running), 'trial is', 'trials are'))} on the way."
        if people:
            yield f"{'It aims' if len(running) == 1 else 'They aim'} for {people} people."
    yield "We read short reports of the studies, not the full ones. One person read them, so there may be slips."
