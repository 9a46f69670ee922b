"""The JSON documents of the evidence commands: one object each, complete, with the schema's name and the version."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lowdose.evidence.checks.issue import Issue
    from lowdose.evidence.grading.findings import Finding
    from lowdose.evidence.lookup.combinations import Combination
    from lowdose.evidence.lookup.harms import Harm, PublishedHarm, SingleCase
    from lowdose.evidence.pools.asking import Answered
    from lowdose.evidence.records.library import Condition
    from lowdose.evidence.records.registry import Registry
    from lowdose.evidence.records.schema import Study

SCHEMA = "lowdose.evidence/1"


def everything(source: Registry | None = None) -> dict[str, Any]:
    """All that is known: studies, reviews, ongoing trials, sources, conditions and instruments.

    Examples
    --------
    >>> found = everything()
    >>> found["schema"], len(found["studies"])
    ('lowdose.evidence/1', 89)
    """
    held = _held(source)
    parts = ("studies", "reviews", "ongoing", "conditions", "instruments")
    return {
        **head(held),
        **{name: [one.model_dump(mode="json") for one in getattr(held, name).values()] for name in parts},
        "sources": _sources(held.sources, held),
    }


def found(studies: Sequence[Study], asked: Mapping[str, Any], source: Registry | None = None) -> dict[str, Any]:
    """Studies that were searched for, what was asked, and the sources they cite.

    Examples
    --------
    >>> from lowdose.evidence.lookup.find import search
    >>> document = found(search("INNOVA"), {"words": "INNOVA"})
    >>> document["asked"], [study["id"] for study in document["studies"]]
    ({'words': 'INNOVA'}, ['rodriguez_freire2026_INNOVA'])
    """
    held = _held(source)
    dumped = [study.model_dump(mode="json") for study in studies]
    return {**head(held), "asked": dict(asked), "studies": dumped, "sources": _sources(_cited(dumped), held)}


def condition_page(condition: Condition, source: Registry | None = None) -> dict[str, Any]:
    """A condition: the plain answer, the findings with their grades, the pools behind them, and every study.

    Examples
    --------
    >>> from lowdose.evidence.lookup.find import resolve_condition
    >>> document = condition_page(resolve_condition("FM"))
    >>> document["condition"]["id"], document["findings"][0]["question"]
    ('fibromyalgia', 'fibromyalgia.pain')
    """
    from lowdose.evidence.grading.findings import summary
    from lowdose.evidence.lookup.find import reviews_of, search
    from lowdose.evidence.plain.help import headline
    from lowdose.evidence.plain.passages import passages
    from lowdose.evidence.plain.told import told
    from lowdose.evidence.pools.computed import computed

    held = _held(source)
    findings = summary(condition.id)
    told_of = told(condition.id)
    pools = computed()["questions"]
    studies = search(condition=condition.id, source=held)
    page = {
        **found(studies, {"condition": condition.id}, held),
        "condition": condition.model_dump(mode="json"),
        "answer": {"headline": headline(told_of), "passages": [asdict(one) for one in passages(told_of)]},
        "findings": [_finding(one) for one in findings],
        "pools": {one.question: pools[one.question] for one in findings},
        "reviews": [one.model_dump(mode="json") for one, _ in reviews_of(condition.id, held)],
        "ongoing": [one.model_dump(mode="json") for one in held.ongoing.values() if one.condition == condition.id],
    }
    return {**page, "sources": _sources(_cited([page["studies"], page["reviews"], page["ongoing"]]), held)}


def findings_page(condition: Condition, findings: Sequence[Finding], source: Registry | None = None) -> dict[str, Any]:
    """The summary of findings of a condition, every step of every grade with its reason.

    Examples
    --------
    >>> from lowdose.evidence.lookup.find import resolve_condition
    >>> findings_page(resolve_condition("psoriasis"), ())["findings"]
    []
    """
    listed = [_finding(one) for one in findings]
    return {**head(_held(source)), "condition": condition.model_dump(mode="json"), "findings": listed}


def check_page(issues: Sequence[Issue], known: Registry) -> dict[str, Any]:
    """What the checks found in a data set.

    Examples
    --------
    >>> from lowdose.evidence.records.registry import registry
    >>> check_page([], registry())["errors"]
    0
    """
    errors = sum(issue.level == "error" for issue in issues)
    listed = [asdict(issue) for issue in issues]
    return {**head(known), "checked": known.name, "studies": len(known.studies), "errors": errors, "issues": listed}


def harms_page(
    rows: Sequence[Harm],
    published: Sequence[PublishedHarm],
    cases: Sequence[SingleCase],
    asked: Mapping[str, Any],
    source: Registry | None = None,
) -> dict[str, Any]:
    """Adverse events with rates and intervals, what reviews published, single cases, and the studies' records.

    Examples
    --------
    >>> from lowdose.evidence.lookup.harms import harms
    >>> harms_page(harms("any"), [], [], {"event": "any"})["harms"][0]["treated"]["total"]
    49
    """
    held = _held(source)
    return {
        **found([held.studies[name] for name in dict.fromkeys(row.study for row in rows)], asked, held),
        "interval": "Wilson, 95 %",
        "harms": [asdict(one) for one in rows],
        "published": [asdict(one) for one in published],
        "cases": [asdict(one) for one in cases],
    }


def pool_page(answered: Answered, source: Registry | None = None) -> dict[str, Any]:
    """A pool with its entries, what was left out, and whatever else was looked at.

    Examples
    --------
    >>> from lowdose.evidence.pools.asking import ask, question_for
    >>> pool_page(ask(question_for("FM", "pain")))["pool"]["k"]
    3
    """
    from lowdose.evidence.pools.asking import answered_page

    return {**head(_held(source)), **answered_page(answered)}


def combination_page(page: Combination, source: Registry | None = None) -> dict[str, Any]:
    """A combination with the full record of every study it names.

    Examples
    --------
    >>> from lowdose.evidence.lookup.combinations import combination
    >>> document = combination_page(combination("ALA"))
    >>> document["combination"]["found"], len(document["studies"])
    ('3 studies, searched on 2026-11-21', 3)
    """
    held = _held(source)
    document = found([held.studies[name] for name in page.study_ids], {"combination": page.id}, held)
    return {**document, "combination": {**page.model_dump(mode="json"), "found": page.found_words}}


def combinations_page(pages: Iterable[Combination], source: Registry | None = None) -> dict[str, Any]:
    """Every combination, without the study records.

    Examples
    --------
    >>> from lowdose.evidence.lookup.combinations import combinations
    >>> combinations_page(combinations().values())["combinations"][2]["found"]
    'no study found, searched on 2026-11-21'
    """
    listed = [{**page.model_dump(mode="json"), "found": page.found_words} for page in pages]
    return {**head(_held(source)), "combinations": listed}


def head(source: Registry) -> dict[str, Any]:
    """What every document begins with: the schema, this version, when the data were compiled and how far to trust them.

    Examples
    --------
    >>> from lowdose.evidence.records.registry import registry
    >>> head(registry())["data"]["standing"]
    'provisional: abstract level, one reader, not a systematic review'
    """
    meta = source.meta
    said = {"title": meta.title, "compiled": meta.compiled, "searched": list(meta.searched)}
    return {"schema": SCHEMA, "lowdose": version("lowdose"), "data": {**said, "standing": meta.standing}}


def _finding(one: Finding) -> dict[str, Any]:
    return {**one.model_dump(mode="json"), "certainty": one.certainty, "reasons": list(one.reasons)}


def _cited(value: Any) -> Iterable[str]:
    """Every source id that stands in a ``src`` anywhere below."""
    if isinstance(value, Mapping):
        yield from value.get("src") or ()
        for one in value.values():
            yield from _cited(one)
    elif isinstance(value, (list, tuple)):
        for one in value:
            yield from _cited(one)


def _sources(names: Iterable[str], held: Registry) -> dict[str, Any]:
    return {name: held.sources[name].model_dump(mode="json") for name in sorted(set(names)) if name in held.sources}


def _held(source: Registry | None) -> Registry:
    if source is not None:
        return source
    from lowdose.evidence.records.registry import registry

    return registry()
