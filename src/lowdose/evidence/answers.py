"""What a condition's evidence comes to, in plain sentences: the first thing on its page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lowdose.evidence.find import people

if TYPE_CHECKING:
    from lowdose.evidence.findings import Finding
    from lowdose.evidence.registry import Registry
    from lowdose.evidence.schema import Study

_RATIOS = ("RR", "OR")
_SURE = {
    "high": "We can be sure of this",
    "moderate": "This is likely, but a new trial may change it",
    "low": "We cannot be sure: a new trial may well change it",
    "very low": "This is little more than a guess",
}


def answer(condition: str, source: Registry | None = None) -> tuple[str, ...]:
    """Sentences for one condition, the questions fixed before pooling in their order.

    Parameters
    ----------
    condition : str
        An id of ``conditions.yaml``.
    source : Registry, optional
        Where studies are counted; the package's own data when left out.

    Examples
    --------
    >>> print(answer("vulvodynia")[0])
    No trial has compared LDN with placebo in a way that gives a number.
    """
    from lowdose.evidence.find import search
    from lowdose.evidence.findings import summary

    sentences = [sentence(one) for one in summary(condition) if one.estimate is not None]
    studies = search(condition=condition, source=source)
    if not sentences:
        sentences = ["No trial has compared LDN with placebo in a way that gives a number.", *_there_is(studies)]
    return tuple(sentences)


def sentence(finding: Finding) -> str:
    """One finding in one sentence: which way it points, in how many people, how sure that is.

    Examples
    --------
    >>> from lowdose.evidence.findings import summary
    >>> sentence(summary("fibromyalgia")[0]).startswith("Pain")
    True
    """
    trials = "one trial" if finding.k == 1 else f"{finding.k} trials"
    recalled = " Some of these numbers are recalled." if finding.recalled else ""
    sure = _SURE[finding.certainty]
    return f"{finding.outcome}: {_way(finding)} ({trials}, {finding.participants} people). {sure}.{recalled}"


def _way(finding: Finding) -> str:
    """Which way an effect points, from its interval."""
    null = 1.0 if finding.measure in _RATIOS else 0.0
    if finding.low is None or finding.high is None or finding.low <= null <= finding.high:
        return "no clear difference from the comparison"
    return f"{'more' if finding.low > null else 'less'} on LDN than without it"


def _there_is(studies: tuple[Study, ...]) -> list[str]:
    if not studies:
        return ["No study found."]
    counted = [count for study in studies if (count := people(study))]
    number = "One study is" if len(studies) == 1 else f"{len(studies)} studies are"
    kinds = ", ".join(dict.fromkeys(study.design for study in studies))
    return [f"{number} on record here ({kinds}), with {sum(counted)} people in all."]
