"""What a condition's evidence comes to, in plain sentences: the first thing on its page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lowdose.evidence.find import people

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from lowdose.evidence.findings import Finding
    from lowdose.evidence.registry import Registry
    from lowdose.evidence.schema import Study

_OPIOIDS = ("opioid-interaction", "opioid-detox")
"""Conditions whose answer begins with the stop rule."""
_RATIOS = ("RR", "OR")
_SURE = {
    "high": "We can be sure of this",
    "moderate": "This is likely, but a new trial may change it",
    "low": "We cannot be sure: a new trial may well change it",
    "very low": "This is little more than a guess",
}


def findings_of(condition: str, *, decided_in: Path | None = None) -> tuple[Finding, ...]:
    """Findings of a condition: its own questions, or those of a wider one where it has none.

    Parameters
    ----------
    condition : str
        An id of ``conditions.yaml``.
    decided_in : path, optional
        A file of readers' judgements of your own, instead of the package's.

    Examples
    --------
    >>> [one.question for one in findings_of("arthritis")]
    ['chronic-pain.pain']
    """
    from lowdose.evidence.computed import computed
    from lowdose.evidence.findings import finding, summary

    own = summary(condition, decided_in=decided_in)
    if own:
        return own
    wider = ((name, one) for name, one in computed()["questions"].items() if condition in one["question"]["conditions"])
    return tuple(finding(name, one, decided_in=decided_in) for name, one in wider)


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
    >>> answer("vulvodynia")[0]
    'No randomised trial has been reported.'
    """
    from lowdose.evidence.combinations import stop_rule
    from lowdose.evidence.computed import computed
    from lowdose.evidence.find import search

    asked = computed()["questions"]
    stop = (stop_rule(),) if condition in _OPIOIDS else ()
    sentences = [sentence(one, asked[one.question]) for one in findings_of(condition) if one.estimate is not None]
    if sentences:
        return (*stop, *sentences)
    return (*stop, *_without_numbers(search(condition=condition, source=source)))


def sentence(finding: Finding, question: Mapping[str, Any]) -> str:
    """One finding in one sentence: which way it points, in how many people, how sure that is.

    Parameters
    ----------
    finding : Finding
        What was found.
    question : mapping
        Its entry in ``computed()["questions"]``.

    Examples
    --------
    >>> from lowdose.evidence.computed import computed
    >>> from lowdose.evidence.findings import summary
    >>> first = summary("fibromyalgia")[0]
    >>> print(sentence(first, computed()["questions"][first.question])[:70])
    Pain, change: no clear difference from placebo (3 trials, 223 people).
    """
    asked = question["question"]
    name = finding.outcome[0].upper() + finding.outcome[1:]
    if len(asked["conditions"]) > 1:
        name += " (pooled over several conditions)"
    trials = "one trial" if finding.k == 1 else f"{finding.k} trials"
    recalled = " Some of these numbers are recalled." if finding.recalled else ""
    way = _way(finding, asked)
    return f"{name}: {way} ({trials}, {finding.participants} people). {_SURE[finding.certainty]}.{recalled}"


def _way(finding: Finding, asked: Mapping[str, Any]) -> str:
    """Which way an effect points, from its interval."""
    other = "the other drug" if asked["comparator"] == "active" else "placebo"
    null = 1.0 if finding.measure in _RATIOS else 0.0
    if finding.low is None or finding.high is None or finding.low <= null <= finding.high:
        return f"no clear difference from {other}"
    drug = "LDN" if "LDN" in asked["dose_classes"] else "naltrexone"
    more = finding.low > null
    if finding.measure in (*_RATIOS, "RD"):
        return f"{'more' if more else 'less'} often on {drug} than on {other}"
    return f"{'better' if more == (asked['better'] == 'higher') else 'worse'} on {drug} than on {other}"


def _without_numbers(studies: tuple[Study, ...]) -> list[str]:
    """What there is where nothing can be pooled."""
    if not studies:
        return ["No study found."]
    randomised = sum(study.design.endswith("RCT") for study in studies)
    trials = "One randomised trial has" if randomised == 1 else f"{randomised} randomised trials have"
    first = (
        f"{trials} been reported, without numbers that can be used here."
        if randomised
        else "No randomised trial has been reported."
    )
    counted = [count for study in studies if (count := people(study))]
    number = "One study is" if len(studies) == 1 else f"{len(studies)} studies are"
    kinds = ", ".join(dict.fromkeys(study.design for study in studies))
    return [first, f"{number} on record here ({kinds}), with {sum(counted)} people in all."]
