"""The data set as flat tables: one row a study, an outcome, an arm, an adverse event; each row with its provenance."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from lowdose.evidence.find import people
from lowdose.evidence.schema import ArmResult, Outcome, Provenance, Study

if TYPE_CHECKING:
    from lowdose.evidence.registry import Registry

Kind = Literal["text", "number", "count", "flag"]
Row = dict[str, Any]


@dataclass(frozen=True)
class Column:
    """A column: its name, what kind of value it holds, in which unit, and what it means."""

    name: str
    kind: Kind
    unit: str
    meaning: str


@dataclass(frozen=True)
class FlatTable:
    """Rows by column name; a value that is not known is None."""

    name: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]


_PROVENANCE = (
    Column("tag", "text", "", "found: read in an excerpt of src; recalled: from memory; derived: computed from found values"),
    Column("src", "text", "", "ids of the table sources, with spaces between"),
    Column("confidence", "text", "", "high, medium or low"),
    Column("provenance_note", "text", "", "what else is to be said of where it comes from"),
)
_ARM = (
    Column("arm", "text", "", "name of the arm; ldn is naltrexone"),
    Column("events", "count", "1", "people in whom it happened"),
    Column("total", "count", "1", "people counted"),
    Column("pct", "number", "%", "share in whom it happened, as published"),
    Column("n", "count", "1", "people in the mean"),
    Column("mean", "number", "instrument", "mean"),
    Column("sd", "number", "instrument", "standard deviation"),
    Column("mean_change", "number", "instrument", "mean change from baseline"),
    Column("mean_pct_change", "number", "%", "mean change as a share of baseline"),
    Column("ci_low", "number", "instrument", "lower end of the 95 % interval"),
    Column("ci_high", "number", "instrument", "upper end of the 95 % interval"),
    Column("baseline_mean", "number", "instrument", "mean at baseline"),
    Column("baseline_sd", "number", "instrument", "standard deviation at baseline"),
    Column("baseline_spread", "number", "instrument", "a ± at baseline that the source did not name"),
    Column("end_mean", "number", "instrument", "mean at the end"),
    Column("end_sd", "number", "instrument", "standard deviation at the end"),
    Column("end_spread", "number", "instrument", "a ± at the end that the source did not name"),
    Column("others", "text", "JSON", "what else the source gives of the arm"),
    Column("derived", "text", "", "which of these numbers were computed by us"),
)
_STUDY = (
    Column("id", "text", "", "id of the study"),
    Column("first_author", "text", "", "family name and initials of the first author"),
    Column("year", "count", "a", "year of publication"),
    Column("title", "text", "", "title"),
    Column("journal", "text", "", "journal, volume, issue and pages"),
    Column("doi", "text", "", "digital object identifier"),
    Column("pmid", "text", "", "PubMed number"),
    Column("registration", "text", "", "trial registration numbers, with semicolons between"),
    Column("patient_set", "text", "", "studies with the same value share patients"),
    Column("condition", "text", "", "id of the condition"),
    Column("condition_words", "text", "", "condition in the words of the source"),
    Column("group", "text", "", "group of conditions"),
    Column("design", "text", "", "kind of study, by what it can show"),
    Column("design_words", "text", "", "design in the words of the source"),
    Column("blinding", "text", "", "who did not know"),
    Column("people", "count", "1", "randomised, else enrolled, else counted"),
    Column("randomised", "count", "1", "randomised"),
    Column("enrolled", "count", "1", "enrolled"),
    Column("analysed", "count", "1", "analysed"),
    Column("n_by_arm", "text", "JSON", "people by arm"),
    Column("drug", "text", "", "naltrexone or naloxone"),
    Column("dose_class", "text", "", "ULDN, VLDN, LDN, intermediate, standard"),
    Column("dose_low", "number", "mg/d", "lowest daily dose"),
    Column("dose_high", "number", "mg/d", "highest daily dose"),
    Column("dose_text", "text", "", "daily dose as written"),
    Column("dose_recalled", "flag", "", "whether the dose is recalled"),
    Column("formulation", "text", "", "tablet, capsule, cream"),
    Column("schedule", "text", "", "when it was taken"),
    Column("titration", "text", "", "how the dose was raised"),
    Column("duration", "number", "wk", "length of treatment"),
    Column("co_treatment", "text", "", "what was given besides"),
    Column("comparator", "text", "", "what it was compared with"),
    Column("washout_run_in", "text", "", "wash-out and run-in"),
    Column("population", "text", "", "who took part"),
    Column("safety_summary", "text", "", "adverse events in words"),
    Column("dropouts", "text", "", "who left"),
    Column("funding", "text", "", "who paid"),
    Column("risk_of_bias_tool", "text", "", "RoB 2 or ROBINS-I"),
    Column("risk_of_bias", "text", "", "overall judgement, provisional until two readers confirm it"),
    Column("risk_of_bias_domains", "text", "JSON", "judgement by domain"),
    Column("risk_of_bias_basis", "text", "", "what the judgement rests on"),
    Column("meta_analysis", "text", "", "whether it may be pooled"),
    Column("simulator_validation", "text", "", "what a simulator may be compared with"),
    Column("citation_tag", "text", "", "provenance of the citation"),
    Column("n_tag", "text", "", "provenance of design and size"),
    Column("intervention_tag", "text", "", "provenance of the intervention"),
    Column("provenance", "text", "JSON", "provenance of every part"),
)
_OUTCOME = (
    Column("study", "text", "", "id of the study"),
    Column("number", "count", "1", "place of the outcome in its study, from 1"),
    Column("outcome", "text", "", "name"),
    Column("concept", "text", "", "what it measures, the same word over studies"),
    Column("instrument", "text", "", "scale or way of counting"),
    Column("better", "text", "", "which way is good: lower, higher, neither"),
    Column("direction", "text", "", "what it says of LDN beside its comparator"),
    Column("primary", "flag", "", "whether it was the primary outcome"),
    Column("timepoint", "number", "wk", "when it was measured"),
    Column("measure", "text", "", "kind of effect"),
    Column("estimate", "number", "instrument", "effect as published"),
    Column("low", "number", "instrument", "lower end of its 95 % interval"),
    Column("high", "number", "instrument", "upper end of its 95 % interval"),
    Column("se", "number", "instrument", "standard error"),
    Column("p", "text", "1", "p value, a number or the words of the source"),
    Column("cohen_d", "number", "SD", "Cohen's d as published, without sign"),
    Column("unit", "text", "", "unit of the effect where it has its own"),
    Column("others", "text", "JSON", "what else the source gives of the effect"),
    Column("individuals", "text", "JSON", "pairs of single people, before and after"),
    Column("contrasts", "text", "JSON", "how it becomes a number that can be pooled"),
    Column("derivations", "text", "JSON", "arithmetic of the numbers we computed"),
    Column("note", "text", "", "what else is to be said"),
)
_WHICH = (*_OUTCOME[:4],)


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
        from lowdose.evidence.registry import registry

        source = registry()
    studies = list(source.studies.values())
    outcomes = [(study, number, one) for study in studies for number, one in enumerate(study.outcomes, 1)]
    harms = [(study, number, one) for study in studies for number, one in enumerate(study.adverse_events, 1)]
    harm_columns = (*_OUTCOME[:2], Column("event", "text", "", "what happened"), _OUTCOME[3])
    return (
        FlatTable("studies", _STUDY, tuple(map(_study_row, studies))),
        FlatTable("outcomes", (*_OUTCOME, *_PROVENANCE), tuple(_outcome_row(*one) for one in outcomes)),
        FlatTable(
            "arms",
            (*_WHICH, *_ARM, *_PROVENANCE),
            tuple(
                {**_which(study, number, one), **_arm_row(arm, found, one.derivations), **_provenance(one.prov)}
                for study, number, one in outcomes
                for arm, found in one.arms.items()
            ),
        ),
        FlatTable(
            "adverse_events",
            (*harm_columns, *_ARM[:5], *_ARM[-2:], _OUTCOME[-1], *_PROVENANCE),
            tuple(
                {
                    "study": study.id,
                    "number": number,
                    "event": one.event,
                    "concept": one.concept,
                    **{c.name: v for c in (*_ARM[:5], *_ARM[-2:]) for v in [_arm_row(arm, found, one.derivations)[c.name]]},
                    "note": one.note,
                    **_provenance(one.prov),
                }
                for study, number, one in harms
                for arm, found in one.arms.items()
            ),
        ),
    )


def _study_row(study: Study) -> Row:
    cited, n, given = study.citation, study.n, study.intervention
    dose, bias = given.dose_mg_per_day, study.rob
    low, high = dose.range_mg or (None, None)
    own = study.model_dump(mode="json", include={column.name for column in _STUDY})
    return {
        **own,
        **{name: getattr(cited, name) for name in ("first_author", "year", "title", "journal", "doi", "pmid")},
        "registration": "; ".join(study.registration),
        "people": people(study),
        "randomised": n.randomised,
        "enrolled": n.enrolled,
        "analysed": n.analysed,
        "n_by_arm": _json(n.arms),
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
        "risk_of_bias_basis": bias.basis,
        "meta_analysis": study.use.meta_analysis,
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
        **{name: getattr(outcome, name) for name in ("instrument", "better", "direction", "primary", "note")},
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
        "contrasts": _json([one.model_dump(mode="json") for one in outcome.contrasts]),
        "derivations": _json([one.model_dump(mode="json") for one in outcome.derivations]),
        **_provenance(outcome.prov),
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
        "derived": " ".join(one.field.removeprefix(prefix) for one in derivations if one.field.startswith(prefix)) or None,
    }


def _pair(name: str, value: tuple[float, float] | float | None, mean: float | None) -> Iterator[tuple[str, float | None]]:
    """Mean and standard deviation, of which the source may have given only the first."""
    both = value if isinstance(value, tuple) else (value if value is not None else mean, None)
    yield f"{name}_mean", both[0]
    yield f"{name}_sd", both[1]


def _provenance(prov: Provenance) -> Row:
    return {"tag": prov.tag, "src": " ".join(prov.src), "confidence": prov.conf, "provenance_note": prov.note}


def _json(value: Any) -> str | None:
    return json.dumps(value, ensure_ascii=False) if value else None
