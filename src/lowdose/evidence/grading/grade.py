"""GRADE: how certain a pooled answer is, with each step down and its reason.

Risk of bias, inconsistency, indirectness and imprecision are computed by the rules below; publication bias, what
raises certainty, and any change a reader makes to a computed step, are judgements with a name, a date and a history
(``judgements.yaml``).
Words and order follow the GRADE handbook (Schünemann et al., 2013) and its guidance on imprecision (2011 and 2022).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from lowdose.blocks import Block
from lowdose.evidence.grading.judgements import RAISING, Domain, Judgement
from lowdose.evidence.pools.numbers import no_difference

Certainty = Literal["very low", "low", "moderate", "high"]
_LEVELS: tuple[Certainty, ...] = ("very low", "low", "moderate", "high")

HALF_OF_WEIGHT = 0.5
"""Studies that carry at least this share of the weight decide a step for risk of bias or indirectness."""
ENOUGH_EVENTS = 300
ENOUGH_PEOPLE = 400
"""Optimal information size by GRADE's rule of thumb: events for a risk, people for a mean."""
HIGH_I2 = 50.0
NO_DIFFERENCE = "the interval includes no difference"
ALMOST_NOTHING = 50.0
"""An interval wider than so many of 100 people, no difference among them, is extremely imprecise: three levels (GRADE
guidance of 2022). Of two trials the common-effect interval counts here: that of Hartung and Knapp is always so wide."""


class Step(Block):
    """One domain of GRADE: how many levels down (0 to -3) or up, why, and whether a rule or a person said so.

    ``before`` is what was said earlier, oldest first: the rule's own step, then judgements that others replaced.
    """

    domain: Domain
    steps: int
    reason: str
    by: str = "rule"
    on: str = ""
    before: tuple[Step, ...] = ()


class Grade(Block):
    """Certainty of one pooled answer: where it starts, each step, where it ends."""

    start: Certainty
    steps: tuple[Step, ...]
    certainty: Certainty


class Absolute(Block):
    """Out of 100 treated: how many without the drug, with it, and the interval of the latter.

    Of two trials ``common_low`` and ``common_high`` are the ends of the common-effect interval.
    """

    control_events: int
    control_total: int
    source: tuple[str, ...]
    recalled: bool
    without: float
    with_drug: float
    low: float
    high: float
    common_low: float | None = None
    common_high: float | None = None


def grade(question: Mapping[str, Any], judgements: Sequence[Judgement] = (), *, people: str = "") -> Grade:
    """Certainty of one question of the computed pools.

    Parameters
    ----------
    question : mapping
        An entry of ``computed()["questions"]``.
    judgements : sequence of Judgement
        What readers decided; the latest one on a domain replaces the rule's step, which stays in its ``before``.
    people : str
        A condition, where the question is a wider one: who else was studied is indirect evidence.

    Examples
    --------
    >>> from lowdose.evidence.pools.computed import computed
    >>> found = grade(computed()["questions"]["fibromyalgia.pain"])
    >>> found.start, [step.domain for step in found.steps][:2]
    ('high', ['risk of bias', 'inconsistency'])
    """
    designs = [one["design"] for one in question["entries"] or question["unusable"]]
    start: Certainty = "high" if designs and all("RCT" in design for design in designs) else "low"
    steps = [
        _risk_of_bias(question),
        _inconsistency(question),
        _indirectness(question, people),
        _imprecision(question),
        Step(domain="publication bias", steps=0, reason="not judged yet: no test is fair with so few studies"),
    ]
    judged = {judgement.domain for judgement in judgements}
    raised = "no rule raises certainty, only a reader"
    steps += [Step(domain=domain, steps=0, reason=raised) for domain in RAISING if domain in judged]
    steps = [_decided(step, [one for one in judgements if one.domain == step.domain]) for step in steps]
    level = _LEVELS.index(start) + sum(step.steps for step in steps)
    return Grade(start=start, steps=tuple(steps), certainty=_LEVELS[min(max(level, 0), 3)])


def _decided(step: Step, judgements: Sequence[Judgement]) -> Step:
    """The latest judgement in place of the rule's step, with all that it replaced."""
    said = [step]
    for one in judgements:
        day = one.on.isoformat()
        said.append(Step(domain=one.domain, steps=one.steps, reason=one.reason, by=one.by, on=day))
    *before, last = said
    return last.model_copy(update={"before": tuple(before)})


def _weights(question: Mapping[str, Any]) -> Mapping[str, float]:
    pool = question["pool"]
    return pool["weights"] if pool else {}


def _share(question: Mapping[str, Any], chosen: Sequence[str]) -> float:
    weights = _weights(question)
    return sum(weights.get(study, 0.0) for study in chosen) / (sum(weights.values()) or 1.0)


def _risk_of_bias(question: Mapping[str, Any]) -> Step:
    if not question["entries"]:
        return Step(domain="risk of bias", steps=0, reason="no study with a number carries weight")
    by_word: dict[str, list[str]] = {}
    for entry in question["entries"]:
        by_word.setdefault(entry["risk_of_bias"], []).append(entry["study"])
    high = _share(question, [study for word in ("high", "serious", "critical") for study in by_word.get(word, [])])
    low = _share(question, by_word.get("low", []))
    if high >= HALF_OF_WEIGHT:
        return Step(domain="risk of bias", steps=-2, reason=f"{100 * high:.0f} % of the weight is at high risk of bias")
    if 1 - low >= HALF_OF_WEIGHT:
        unknown = " or no information" if by_word.get("no information") else ""
        reason = f"{100 * (1 - low):.0f} % of the weight has some concerns or more{unknown}"
        return Step(domain="risk of bias", steps=-1, reason=reason)
    return Step(domain="risk of bias", steps=0, reason=f"{100 * low:.0f} % of the weight is at low risk of bias")


def _inconsistency(question: Mapping[str, Any]) -> Step:
    pool, entries = question["pool"], question["entries"]
    if pool is None:
        return Step(domain="inconsistency", steps=0, reason="no study with a number to compare")
    if len(entries) < 2:
        return Step(domain="inconsistency", steps=0, reason="one study cannot disagree with itself")
    signs = {entry["estimate"] > 0 for entry in entries if entry["estimate"] != 0}
    if pool["i2"] > HIGH_I2 and len(signs) > 1:
        return Step(
            domain="inconsistency",
            steps=-1,
            reason=f"studies point both ways and I² is {pool['i2']:.0f} %",
        )
    predicted = (pool.get("prediction_low"), pool.get("prediction_high"))
    if None not in predicted and predicted[0] < 0 < predicted[1] and not pool["low"] < 0 < pool["high"]:
        return Step(domain="inconsistency", steps=-1, reason="the next trial could well point the other way")
    return Step(domain="inconsistency", steps=0, reason=f"I² is {pool['i2']:.0f} %")


def _indirectness(question: Mapping[str, Any], people: str) -> Step:
    if not question["entries"]:
        return Step(domain="indirectness", steps=0, reason="no study with a number carries weight")
    wanted = question["question"]["dose_classes"]
    other = [entry["study"] for entry in question["entries"] if entry["dose_class"] not in wanted]
    active = [entry["study"] for entry in question["entries"] if entry["active_control"]]
    if _share(question, other) >= HALF_OF_WEIGHT:
        return Step(domain="indirectness", steps=-1, reason="most of the weight comes from other doses")
    if _share(question, active) >= HALF_OF_WEIGHT:
        return Step(domain="indirectness", steps=-1, reason="compared with another drug, not with placebo")
    if (
        people
        and _share(question, [one["study"] for one in question["entries"] if one["group"] != people]) >= HALF_OF_WEIGHT
    ):
        return Step(
            domain="indirectness", steps=-1, reason="most of the weight comes from people with other conditions"
        )
    return Step(domain="indirectness", steps=0, reason="the doses and comparisons asked about")


def _imprecision(question: Mapping[str, Any]) -> Step:
    pool = question["pool"]
    if pool is None:
        return Step(domain="imprecision", steps=-3, reason="no study gives a number that can be used")
    span, doubts = _span_of_a_hundred(question), _interval_reasons(question)
    if span > ALMOST_NOTHING and NO_DIFFERENCE in doubts:
        reason = f"{NO_DIFFERENCE} and spans {span:.0f} of 100 people: it says almost nothing"
        return Step(domain="imprecision", steps=-3, reason=reason)
    reasons = [*doubts, *_size_reasons(question["entries"])]
    steps = -min(len(reasons), 2)
    return Step(domain="imprecision", steps=steps, reason="; ".join(reasons) or "a narrow interval from enough people")


def _span_of_a_hundred(question: Mapping[str, Any]) -> float:
    """How many of 100 people lie between the ends of the interval; 0 where no risks are known."""
    pool = question.get("common") or question["pool"]
    if pool["measure"] == "RD":
        return 100 * float(pool["shown"]["high"] - pool["shown"]["low"])
    risk = absolute({**question, "pool": pool})
    return risk.high - risk.low if risk else 0.0


def _interval_reasons(question: Mapping[str, Any]) -> list[str]:
    pool, smallest = question["pool"], question["question"].get("mid")
    shown = pool["shown"]
    null = no_difference(pool["measure"])
    if shown["low"] < null < shown["high"]:
        return [NO_DIFFERENCE]
    if smallest and any(shown["low"] < null + side * smallest["value"] < shown["high"] for side in (-1, 1)):
        return ["the interval includes differences too small to matter"]
    return []


def _size_reasons(entries: Sequence[Mapping[str, Any]]) -> list[str]:
    if all(entry["events"] for entry in entries):
        events = sum(entry["events"][0] + entry["events"][2] for entry in entries)
        counted = "one event" if events == 1 else f"{events} events"
        return [f"{counted}, fewer than {ENOUGH_EVENTS}"] if events < ENOUGH_EVENTS else []
    people = participants(entries)
    return [f"{people} people, fewer than {ENOUGH_PEOPLE}"] if people < ENOUGH_PEOPLE else []


def participants(entries: Sequence[Mapping[str, Any]]) -> int:
    """People in the pooled comparisons; those of a crossover count once.

    Examples
    --------
    >>> participants([{"design": "crossover RCT", "n_treated": 28, "n_control": 28},
    ...               {"design": "parallel RCT", "n_treated": 49, "n_control": 50}])
    127
    """
    return sum(
        max(entry["n_treated"], entry["n_control"])
        if "crossover" in entry["design"]
        else entry["n_treated"] + entry["n_control"]
        for entry in entries
    )


def absolute(question: Mapping[str, Any]) -> Absolute | None:
    """Numbers out of 100 treated, for a risk ratio; None where risks are not known.

    The risk without the drug is that of the pooled control arms, named as ``source``.

    Examples
    --------
    >>> from lowdose.evidence.pools.computed import computed
    >>> absolute(computed()["questions"]["fibromyalgia.pain"]) is None
    True
    """
    pool, entries = question["pool"], question["entries"]
    if pool is None or pool["measure"] != "RR" or not all(entry["events"] for entry in entries):
        return None
    events = sum(entry["events"][2] for entry in entries)
    total = sum(entry["events"][3] for entry in entries)
    if not events:
        return None
    risk, shown = events / total, pool["shown"]
    with_drug, low, high = (min(100.0, 100 * risk * shown[name]) for name in ("estimate", "low", "high"))
    common = question.get("common")
    ends = (min(100.0, 100 * risk * common["shown"][name]) for name in ("low", "high")) if common else (None, None)
    common_low, common_high = ends
    return Absolute(
        control_events=events,
        control_total=total,
        source=tuple(entry["study"] for entry in entries),
        recalled=any(entry["recalled"] for entry in entries),
        without=100 * risk,
        with_drug=with_drug,
        low=low,
        high=high,
        common_low=common_low,
        common_high=common_high,
    )
