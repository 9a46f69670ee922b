"""The data set as flat tables: one row a study, an outcome, an arm, an adverse event; each row with its provenance."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from lowdose.evidence.exports.columns import (
    ADVERSE_EVENT,
    ARM,
    CONDITION,
    ONGOING,
    OUTCOME,
    PROVENANCE,
    REVIEW,
    SOURCE,
    STUDY,
    Column,
    FlatTable,
    Row,
)
from lowdose.evidence.records.schema import AdverseEvent, ArmResult, Outcome, Provenance, Study

if TYPE_CHECKING:
    from lowdose.evidence.lookup.harms import Harm
    from lowdose.evidence.records.library import Ongoing, Review
    from lowdose.evidence.records.registry import Registry


def tables(source: Registry | None = None) -> tuple[FlatTable, ...]:
    """Studies, outcomes, arms, adverse events, reviews, ongoing trials, sources and conditions.

    Examples
    --------
    >>> [table.name for table in tables()][:4]
    ['studies', 'outcomes', 'arms', 'adverse_events']
    >>> next(iter(tables())).rows[0]["drug"]
    'naltrexone'
    """
    if source is None:
        from lowdose.evidence.records.registry import registry

        source = registry()
    studies = list(source.studies.values())
    outcomes = [(study, number, one) for study in studies for number, one in enumerate(study.outcomes, 1)]
    return (
        study_table(studies),
        FlatTable("outcomes", (*OUTCOME, *PROVENANCE), tuple(_outcome_row(*one) for one in outcomes)),
        FlatTable(
            "arms",
            (*OUTCOME[:4], *ARM, *PROVENANCE),
            tuple(
                {**_which(study, number, one), **_arm_row(arm, found, one.derivations), **_provenance(one.prov)}
                for study, number, one in outcomes
                for arm, found in one.arms.items()
            ),
        ),
        FlatTable("adverse_events", (*ADVERSE_EVENT, *PROVENANCE), tuple(_harm_rows(studies))),
        FlatTable("reviews", (*REVIEW, *PROVENANCE), tuple(_review_rows(source.reviews.values()))),
        FlatTable("ongoing", (*ONGOING, *PROVENANCE), tuple(map(_ongoing_row, source.ongoing.values()))),
        FlatTable("sources", SOURCE, tuple(one.model_dump() for one in source.sources.values())),
        FlatTable(
            "conditions",
            CONDITION,
            tuple(
                {**one.model_dump(), "synonyms": "; ".join(one.synonyms), "studies": len(one.studies)}
                for one in source.conditions.values()
            ),
        ),
    )


def study_table(studies: Iterable[Study]) -> FlatTable:
    """One row a study.

    Examples
    --------
    >>> from lowdose.evidence.lookup.find import search
    >>> study_table(search("INNOVA")).rows[0]["people"]
    98
    """
    return FlatTable("studies", STUDY, tuple(map(_study_row, studies)))


def harm_table(rows: Sequence[Harm]) -> FlatTable:
    """Adverse events as a flat table, rates as shares of 1 with their Wilson intervals.

    Examples
    --------
    >>> from lowdose.evidence.lookup.harms import harms
    >>> harm_table(harms("any")).rows[0]["events"]
    41
    """
    text, number, count = ("text", "", ""), ("number", "1", "share of 1"), ("count", "1", "people")
    kinds: dict[str, tuple[Any, str, str]] = {
        **dict.fromkeys(("study", "label"), text),
        "year": ("count", "a", "year of publication"),
        **dict.fromkeys(("condition", "design", "dose_class", "dose_words", "event", "concept"), text),
        "duration_wk": ("number", "wk", "length of treatment"),
        "controlled": ("flag", "", "whether anybody was compared with"),
        "arm": text,
        **dict.fromkeys(("events", "total"), count),
        **dict.fromkeys(("rate", "low", "high"), number),
        "compared_arm": text,
        **dict.fromkeys(("compared_events", "compared_total"), count),
        **dict.fromkeys(("compared_rate", "compared_low", "compared_high"), number),
        "tag": text,
        "recalled": ("flag", "", "whether any of it is from memory"),
        "note": text,
    }
    flat = []
    for row in rows:
        plain = asdict(row)
        treated, compared = plain.pop("treated"), plain.pop("compared") or {}
        flat.append({**plain, **treated, **{f"compared_{name}": value for name, value in compared.items()}})
    return FlatTable("harms", tuple(Column(name, *kind) for name, kind in kinds.items()), tuple(flat))


def _harm_rows(studies: Iterable[Study]) -> Iterator[Row]:
    """One row an arm; an event without numbers has one row without an arm."""
    for study in studies:
        for number, one in enumerate(study.adverse_events, 1):
            said = {"study": study.id, "number": number, "event": one.event, "concept": one.concept, "note": one.note}
            said |= {"p": None if one.p is None else str(one.p), **_working(one)}
            for arm, found in (one.arms or {"": ArmResult()}).items():
                yield {**_arm_row(arm, found, one.derivations), **said, **_provenance(one.prov)}


def _review_rows(reviews: Iterable[Review]) -> Iterator[Row]:
    """One row a result; a review without results has one row without an outcome."""
    for review in reviews:
        said = {
            **review.citation.model_dump(),
            **review.model_dump(include={"condition", "condition_words", "k", "remarks"}),
            "review": review.id,
            "left_out": _json([one.model_dump(mode="json") for one in review.left_out]),
        }
        for one in review.results:
            low, high = one.ci or (None, None)
            yield {**said, **one.model_dump(exclude={"prov", "ci"}), "low": low, "high": high, **_provenance(one.prov)}
        if not review.results:
            yield {**said, **_provenance(review.prov)}


def _ongoing_row(one: Ongoing) -> Row:
    dose = None if one.dose_mg is None else str(one.dose_mg)
    return {**one.model_dump(exclude={"prov"}), "dose_mg": dose, **_provenance(one.prov)}


def _study_row(study: Study) -> Row:
    cited, n, given = study.citation, study.n, study.intervention
    dose, bias = given.dose_mg_per_day, study.rob
    low, high = dose.range_mg or (None, None)
    own = study.model_dump(mode="json", include={column.name for column in STUDY})
    return {
        **own,
        **{name: getattr(cited, name) for name in ("first_author", "year", "title", "journal", "doi", "pmid")},
        "registration": "; ".join(study.registration),
        "people": study.n.took_part,
        "randomised": n.randomised,
        "enrolled": n.enrolled,
        "analysed": n.analysed,
        "n": _json(n.model_dump(mode="json", exclude_defaults=True)),
        "also": "; ".join(study.also),
        **{name: getattr(given, name) for name in ("drug", "dose_class", "formulation", "schedule", "titration")},
        "dose_low": low,
        "dose_high": high,
        "dose_text": "; ".join(map(str, dose.text)),
        "dose_recalled": dose.recalled,
        "duration": given.duration_wk,
        "co_treatment": given.co_treatment,
        "risk_of_bias_tool": bias.tool,
        "risk_of_bias": bias.overall,
        "risk_of_bias_domains": _json(bias.domains),
        "risk_of_bias_words": bias.overall_words,
        "risk_of_bias_remarks": "; ".join(bias.remarks),
        "risk_of_bias_basis": bias.basis,
        "meta_analysis": study.use.meta_analysis,
        "meta_analysis_words": study.use.meta_analysis_words,
        "simulator_validation": study.use.simulator_validation,
        **{f"{name}_tag": _tag(study, part) for name, part in _PARTS.items()},
        "provenance": _json({name: prov.model_dump(mode="json") for name, prov in study.prov.items()}),
    }


_PARTS = {"citation": "citation", "n": "design_n", "intervention": "intervention"}


def _tag(study: Study, part: str) -> str | None:
    return study.prov[part].tag if part in study.prov else None


def _which(study: Study, number: int, outcome: Outcome) -> Row:
    return {"study": study.id, "number": number, "outcome": outcome.name, "concept": outcome.concept}


def _outcome_row(study: Study, number: int, outcome: Outcome) -> Row:
    effect = outcome.effect
    low, high = (effect.ci if effect else None) or (None, None)
    return {
        **_which(study, number, outcome),
        **{name: getattr(outcome, name) for name in ("instrument", "scale", "better", "direction", "primary", "note")},
        "timepoint": outcome.timepoint_wk,
        "measure": effect.measure if effect else None,
        "estimate": effect.est if effect else None,
        "low": low,
        "high": high,
        "se": effect.se if effect else None,
        "p": None if effect is None or effect.p is None else str(effect.p),
        "cohen_d": effect.cohen_d if effect else None,
        "unit": effect.unit if effect else None,
        "others": _json(effect.others) if effect else None,
        "individuals": _json(outcome.individuals),
        **_working(outcome),
        **_provenance(outcome.prov),
    }


def _working(measured: Outcome | AdverseEvent) -> Row:
    """How the numbers come about and what they may be used for, as JSON."""
    return {
        name: _json([one.model_dump(mode="json") for one in getattr(measured, name)])
        for name in ("contrasts", "derivations")
    }


def _arm_row(arm: str, found: ArmResult, derivations: Any) -> Row:
    low, high = found.ci or (None, None)
    plain = ("events", "total", "pct", "n", "mean", "sd", "mean_change", "mean_pct_change")
    prefix = f"arms.{arm}."
    return {
        "arm": arm,
        **{name: getattr(found, name) for name in plain},
        "ci_low": low,
        "ci_high": high,
        **dict(_pair("baseline", found.baseline, found.baseline_mean)),
        "baseline_spread": found.baseline_spread,
        **dict(_pair("end", found.end, None)),
        "end_spread": found.end_spread,
        "others": _json(found.others),
        "derived": " ".join(one.field.removeprefix(prefix) for one in derivations if one.field.startswith(prefix))
        or None,
    }


def _pair(
    name: str, value: tuple[float, float] | float | None, mean: float | None
) -> Iterator[tuple[str, float | None]]:
    """Mean and standard deviation, of which the source may have given only the first."""
    both = value if isinstance(value, tuple) else (value if value is not None else mean, None)
    yield f"{name}_mean", both[0]
    yield f"{name}_sd", both[1]


def _provenance(prov: Provenance) -> Row:
    return {"tag": prov.tag, "src": " ".join(prov.src), "confidence": prov.conf, "provenance_note": prov.note}


def _json(value: Any) -> str | None:
    return json.dumps(value, ensure_ascii=False) if value else None
