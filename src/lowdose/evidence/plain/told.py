"""What the page of a condition is told from, and the words its plain layer shares."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from lowdose.evidence.pools.numbers import no_difference
from lowdose.evidence.records.labels import RECALLED

if TYPE_CHECKING:
    from lowdose.evidence.grading.findings import Finding
    from lowdose.evidence.records.library import Condition
    from lowdose.evidence.records.registry import Registry
    from lowdose.evidence.records.schema import Study

DUMMY = "a dummy pill"
FULL = "a full dose"
HARMS = "any"
"""The condition whose questions are adverse events."""
NO_ILLNESS = ("safety", "mechanism")

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


class Point(str):
    """A sentence that stands in a list of its likes."""

    __slots__ = ()


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
        return [study for study in self.studies if study.condition == self.condition.id and study.is_controlled]

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


def told(condition: str) -> Told:
    """What the page of a condition is made from.

    Raises
    ------
    NotFound
        No condition has that name; near misses are suggested.

    Examples
    --------
    >>> found = told("fibro")
    >>> found.condition.id, "fibromyalgia.pain" in found.findings
    ('fibromyalgia', True)
    """
    from lowdose.evidence.grading.findings import finding
    from lowdose.evidence.lookup.find import resolve_condition
    from lowdose.evidence.pools.computed import computed
    from lowdose.evidence.records.registry import registry

    known, questions = registry(), computed()["questions"]
    place = resolve_condition(condition)
    own = [name for name in questions if name.split(".")[0] == place.id]
    shared = [name for name in questions if name not in own and place.id in questions[name]["question"]["conditions"]]
    return Told(
        condition=place,
        studies=[known.studies[name] for name in (*place.studies, *place.related)],
        questions=questions,
        findings={name: finding(name, questions[name]) for name in (*own, *shared)},
        harms={name: finding(name, found) for name, found in questions.items() if name.split(".")[0] == HARMS},
        known=known,
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


def upper(text: str) -> str:
    """A sentence begins with a large letter; the rest stays.

    Examples
    --------
    >>> upper("one trial of LDN")
    'One trial of LDN'
    """
    return text[:1].upper() + text[1:]


def many(count: int, one: str, more: str) -> str:
    """A count with its noun.

    Examples
    --------
    >>> many(1, "trial", "trials"), many(12, "trial", "trials")
    ('one trial', '12 trials')
    """
    return f"{number_words(count)} {one if count == 1 else more}"


def sign(recalled: bool) -> str:
    """The sign of what is recalled, with the blank before it; nothing for the rest.

    Examples
    --------
    >>> sign(True), sign(False)
    (' ‡', '')
    """
    return f" {RECALLED}" if recalled else ""


def is_clear(finding: Finding) -> bool:
    """Whether the interval of a row leaves out no difference.

    Examples
    --------
    >>> from lowdose.evidence.grading.findings import summary
    >>> is_clear(summary("fibromyalgia")[0])
    False
    """
    assert finding.low is not None
    assert finding.high is not None
    return not finding.low <= no_difference(finding.measure) <= finding.high


def is_more(finding: Finding) -> bool:
    """Whether there was more of what was measured on the drug.

    Examples
    --------
    >>> from lowdose.evidence.grading.findings import summary
    >>> is_more(summary("fibromyalgia")[0])
    False
    """
    assert finding.estimate is not None
    return finding.estimate > no_difference(finding.measure)


def against_words(question: Mapping[str, Any]) -> str:
    """What the drug is set against in a question, in plain words.

    Examples
    --------
    >>> against_words({"question": {"comparator": "active"}})
    'the other drug'
    """
    return "the other drug" if question["question"]["comparator"] == "active" else DUMMY


def drug_plain(asked: Mapping[str, Any]) -> str:
    """What the drug is called at the doses a question asks about, in plain words.

    Examples
    --------
    >>> drug_plain({"dose_classes": ["LDN"]}), drug_plain({"dose_classes": ["VLDN"]})
    ('LDN', 'a very low dose')
    """
    if "LDN" in asked["dose_classes"]:
        return "LDN"
    return "a very low dose" if "VLDN" in asked["dose_classes"] else FULL


def of_a_hundred(share: float) -> str:
    """About how many out of 100, in whole people.

    Examples
    --------
    >>> of_a_hundred(38.2), of_a_hundred(0.3)
    ('about 38', 'less than 1')
    """
    if share < 1:
        return "less than 1"
    return "more than 99" if share > 99 else f"about {share:.0f}"
