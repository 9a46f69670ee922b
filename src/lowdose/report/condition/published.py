"""Answers that others published, beside ours, with what each left out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lowdose.evidence.plain.told import Told
from lowdose.evidence.records.labels import RECALLED
from lowdose.report.condition.cards import DERIVED

if TYPE_CHECKING:
    from lowdose.evidence.grading.findings import Finding
    from lowdose.evidence.records.library import LeftOut, Review, ReviewResult


@dataclass(frozen=True)
class Published:
    """One review: its results on the main outcome, its other results, its size, what it left out, remarks."""

    label: str
    url: str
    main: tuple[str, ...]
    others: tuple[str, ...]
    studies: str
    left_out: tuple[str, ...]
    remarks: str
    ours: bool = False


def published(told: Told) -> tuple[Published, ...]:
    """Reviews of a condition with what they found, and last our own answer; nothing where there is no review.

    Examples
    --------
    >>> from lowdose.evidence.plain.told import told
    >>> found = published(told("fibromyalgia"))
    >>> found[0].label, found[-1].ours
    ('Vatvani 2024', True)
    """
    named = told.condition.id
    reviews = [one for one in told.known.reviews.values() if named in (one.condition, *one.also) and one.results]
    if not reviews:
        return ()
    pooled = [one for one in told.own if one.k > 1]
    outcome = told.questions[pooled[0].question]["question"]["outcome"] if pooled else ""
    return (*(_of_review(one, outcome, told) for one in reviews), *_ours(pooled, told))


def _of_review(review: Review, outcome: str, told: Told) -> Published:
    on_it = [one for one in review.results if outcome and one.outcome.split()[0] == outcome]
    others = [one for one in review.results if one not in on_it]
    if not outcome:
        on_it, others = list(review.results), []
    sizes = dict.fromkeys(str(one.studies) for one in review.results if one.studies is not None)
    return Published(
        label=_label(review),
        url=f"https://doi.org/{review.citation.doi}" if review.citation.doi else "",
        main=tuple(map(_result, on_it)),
        others=tuple(map(_result, others)),
        studies=str(review.k) if review.k is not None else ", ".join(sizes) or "–",
        left_out=tuple(_left_out(one, told) for one in review.left_out),
        remarks=review.remarks,
    )


def _label(review: Review) -> str:
    """First author and year, or the journal where the authors are not known to us."""
    from lowdose.evidence.records.labels import family

    author = family(review.citation.first_author)
    return f"{author or review.citation.journal.split(':')[0]} {review.citation.year}"


def _result(one: ReviewResult) -> str:
    mark = f" {RECALLED}" if one.prov.tag == "recalled" else ""
    value = one.est if one.est is not None else one.pct
    if value is None:
        return f"{one.outcome}: {one.text}{mark}"
    ends = f" ({_signed(one.ci[0])} to {_signed(one.ci[1])})" if one.ci else ""
    unit = " %" if one.est is None else ""
    return f"{one.outcome}: {one.measure} {_signed(value)}{unit}{ends}{mark}".replace(f" {one.measure}:", ":")


def _signed(value: float) -> str:
    return f"{value:g}".replace("-", "−")


def _left_out(one: LeftOut, told: Told) -> str:
    from lowdose.evidence.records.labels import label

    study = told.known.studies.get(one.study)
    mark = {"recalled": f" {RECALLED}", "derived": f" ({DERIVED})"}.get(one.tag, "")
    return f"{label(study) if study else one.study}: {one.why}{mark}"


def _ours(pooled: list[Finding], told: Told) -> Iterator[Published]:
    for one in pooled:
        question = told.questions[one.question]
        removed = [f"{left['label']}: {left['reason']}" for left in question["removed"]]
        without = [f"{left['label']}: no usable number" for left in question["unusable"]]
        yield Published(
            label="This page",
            url="",
            main=(f"{one.outcome}: {one.effect_words}",),
            others=(),
            studies=str(one.k),
            left_out=(*removed, *without),
            remarks="" if removed or without else "nothing left out",
            ours=True,
        )
