"""Summary of findings: one row a question, as a clinician reads it. Everything comes from the pools computed before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from lowdose.blocks import Block
from lowdose.evidence.grading.grade import Absolute, Certainty, Grade, absolute, grade, participants
from lowdose.evidence.grading.judgements import Judgement, judgements
from lowdose.evidence.pools.computed import computed
from lowdose.evidence.pools.wording import effect
from lowdose.evidence.records.labels import RECALLED


class Finding(Block):
    """One row: what was asked, who was studied, the effect, its certainty and why.

    Numbers are on the shown scale (ratios not logged); None where no study gives a number.
    """

    question: str
    outcome: str
    measure: str
    k: int
    participants: int
    estimate: float | None
    low: float | None
    high: float | None
    effect_words: str
    absolute: Absolute | None
    absolute_words: str
    smallest_that_matters: float | None
    probability_beyond_mid: float | None
    probability_worse_beyond_mid: float | None
    grade: Grade
    recalled: bool
    warnings: tuple[str, ...]

    @property
    def is_harm(self) -> bool:
        """Whether it counts adverse events, of any condition."""
        return self.question.split(".")[0] == "any"

    @property
    def probability_that_matters(self) -> float | None:
        """Probability of a gain beyond the smallest that matters; of an adverse event, that of a harm."""
        return self.probability_worse_beyond_mid if self.is_harm else self.probability_beyond_mid

    @property
    def certainty(self) -> Certainty:
        """Where the grade ends."""
        return self.grade.certainty

    @property
    def reasons(self) -> tuple[str, ...]:
        """Each step down with its reason, in GRADE's order."""
        return tuple(f"{step.domain} {step.steps:+d}: {step.reason}" for step in self.grade.steps if step.steps)


def summary(condition: str, *, decided_in: Path | None = None) -> tuple[Finding, ...]:
    """Rows of one condition, in the order fixed before pooling; ``any`` has the adverse events.

    A condition without a question of its own has those of a wider one that takes it in.

    Parameters
    ----------
    condition : str
        An id of ``conditions.yaml``.
    decided_in : path, optional
        A file of readers' judgements of your own, instead of the package's.

    Examples
    --------
    >>> summary("fibromyalgia")[0].question, summary("arthritis")[0].question
    ('fibromyalgia.pain', 'chronic-pain.pain')
    """
    questions = computed()["questions"]
    own = [name for name in questions if name.split(".")[0] == condition]
    wider = [name for name, found in questions.items() if condition in found["question"]["conditions"]]
    decided = judgements(decided_in)
    people = "" if own else condition
    return tuple(finding(name, questions[name], decided, people=people) for name in own or wider)


def finding(
    name: str, question: Mapping[str, Any], decided: Sequence[Judgement] | None = None, *, people: str = ""
) -> Finding:
    """One row from one question of the computed pools; ``people`` as for `grade`.

    ``decided`` are readers' judgements, the package's own where none are given.

    Examples
    --------
    >>> finding("crohn.remission", computed()["questions"]["crohn.remission"]).k
    1
    """
    pool, entries = question["pool"], question["entries"]
    shown = pool["shown"] if pool else {"estimate": None, "low": None, "high": None}
    risk, beyond = absolute(question), question.get("beyond_mid")
    recalled = any(entry["recalled"] for entry in entries)
    return Finding(
        question=name,
        outcome=question["question"]["label"],
        measure=question["question"]["measure"],
        k=len(entries),
        participants=participants(entries),
        **{key: shown[key] for key in ("estimate", "low", "high")},
        effect_words=_effect_words(question) + (RECALLED if recalled else ""),
        absolute=risk,
        absolute_words=_absolute_words(risk),
        smallest_that_matters=beyond["value"] if beyond else None,
        probability_beyond_mid=beyond["probability"] if beyond else None,
        probability_worse_beyond_mid=beyond["probability_worse"] if beyond else None,
        grade=grade(
            question,
            [one for one in (judgements() if decided is None else decided) if one.question == name],
            people=people,
        ),
        recalled=recalled,
        warnings=tuple(question["warnings"]),
    )


def _effect_words(question: Mapping[str, Any]) -> str:
    pool = question["pool"]
    if pool is None:
        missing = len(question["unusable"])
        return f"no usable number ({missing} {'study' if missing == 1 else 'studies'} without)"
    return effect(pool["measure"], pool["shown"])


def _absolute_words(risk: Absolute | None) -> str:
    if risk is None:
        return "not computed"
    mark = RECALLED if risk.recalled else ""
    counted = f"{risk.control_events} of {risk.control_total} in the control arms{mark}"
    ends = f"{risk.low:.0f} to {risk.high:.0f}"
    if risk.common_low is not None and risk.common_high is not None:
        ends = f"{ends} by Hartung-Knapp; {risk.common_low:.0f} to {risk.common_high:.0f} by the common effect"
    treated = f"{risk.with_drug:.0f} of 100 with it ({ends})"
    return f"{risk.without:.0f} of 100 without it, {treated}; risk without it: {counted}"
