"""What the page of a condition is told from, and the words its plain layer shares."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from lowdose.evidence.plain.phrases import DUMMY, FULL
from lowdose.evidence.pools.numbers import no_difference

if TYPE_CHECKING:
    from lowdose.evidence.grading.findings import Finding
    from lowdose.evidence.records.library import Condition
    from lowdose.evidence.records.registry import Registry
    from lowdose.evidence.records.schema import Study

HARMS = "any"
"""The condition whose questions are adverse events."""
NO_ILLNESS = ("safety", "mechanism")


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
    def behind(self) -> list[Study]:
        """Studies behind the rows of this condition alone."""
        return [self.known.studies[name] for name in dict.fromkeys(entry["study"] for entry in self.entries)]

    @property
    def has_low_dose(self) -> bool:
        """Whether a trial of this condition gave a low dose."""
        return any(study.intervention.dose_class == "LDN" for study in self.trials)

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
    rows = {name: finding(name, questions[name]) for name in own}
    rows |= {name: finding(name, questions[name], people=place.id) for name in shared}
    return Told(
        condition=place,
        studies=[known.studies[name] for name in (*place.studies, *place.related)],
        questions=questions,
        findings=rows,
        harms={name: finding(name, found) for name, found in questions.items() if name.split(".")[0] == HARMS},
        known=known,
    )


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


def against_words(question: Mapping[str, Any], known: Registry) -> str:
    """What the drug is set against in a question, in plain words; another drug by its name.

    Examples
    --------
    >>> found = told("diabetic-neuropathy")
    >>> against_words(found.questions["diabetic-neuropathy.pain"], found.known)
    'amitriptyline'
    """
    if question["question"]["comparator"] != "active":
        return DUMMY
    names = {known.studies[entry["study"]].comparator.partition(" ")[0] for entry in question["entries"]}
    return names.pop() if len(names) == 1 else "another drug"


def is_recalled(study: Study, field: str) -> bool:
    """Whether a field of a study comes from memory.

    Examples
    --------
    >>> from lowdose.evidence.records.registry import registry
    >>> [is_recalled(registry().studies["parkitny2017_cytokines"], name) for name in ("n", "intervention")]
    [False, True]
    """
    from lowdose.evidence.records.registry import provenance

    return provenance(study, field).tag == "recalled"


def is_dose_recalled(study: Study) -> bool:
    """Whether the dose of a study comes from memory.

    Examples
    --------
    >>> from lowdose.evidence.records.registry import registry
    >>> [is_dose_recalled(registry().studies[name]) for name in ("sharaf2010_ms", "cree2010_ms")]
    [True, False]
    """
    return study.intervention.dose_mg_per_day.recalled or is_recalled(study, "intervention.dose_mg_per_day")


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
