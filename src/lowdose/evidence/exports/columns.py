"""Columns of the flat tables: name, kind, unit and meaning, the same in CSV and Parquet."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

Kind = Literal["text", "number", "count", "flag"]
Row = dict[str, Any]
"""Values by column name."""


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


PROVENANCE = (
    Column(
        "tag",
        "text",
        "",
        "found: read in an excerpt of src; recalled: from memory; derived: computed from found values",
    ),
    Column("src", "text", "", "ids of the table sources, with spaces between"),
    Column("confidence", "text", "", "high, medium or low"),
    Column("provenance_note", "text", "", "what else is to be said of where it comes from"),
)
ARM = (
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
STUDY = (
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
    Column("also", "text", "", "further conditions it bears on, with semicolons between"),
    Column("condition_words", "text", "", "condition in the words of the source"),
    Column("group", "text", "", "group of conditions"),
    Column("design", "text", "", "kind of study, by what it can show"),
    Column("design_words", "text", "", "design in the words of the source"),
    Column("blinding", "text", "", "who did not know"),
    Column("people", "count", "1", "randomised, else enrolled, else counted"),
    Column("randomised", "count", "1", "randomised"),
    Column("enrolled", "count", "1", "enrolled"),
    Column("analysed", "count", "1", "analysed"),
    Column("n", "text", "JSON", "people at every step and by arm"),
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
    Column("risk_of_bias_words", "text", "", "overall judgement in the compilers' words, where they differ"),
    Column("risk_of_bias_remarks", "text", "", "why, with semicolons between"),
    Column("risk_of_bias_basis", "text", "", "what the judgement rests on"),
    Column("meta_analysis", "text", "", "whether it may be pooled"),
    Column("meta_analysis_words", "text", "", "the same in words"),
    Column("simulator_validation", "text", "", "what a simulator may be compared with"),
    Column("citation_tag", "text", "", "provenance of the citation"),
    Column("n_tag", "text", "", "provenance of design and size"),
    Column("intervention_tag", "text", "", "provenance of the intervention"),
    Column("provenance", "text", "JSON", "provenance of every part"),
)
OUTCOME = (
    Column("study", "text", "", "id of the study"),
    Column("number", "count", "1", "place of the outcome in its study, from 1"),
    Column("outcome", "text", "", "name"),
    Column("concept", "text", "", "what it measures, the same word over studies"),
    Column("instrument", "text", "", "scale or way of counting"),
    Column("scale", "text", "", "id of the scale"),
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
_BY_NAME = {column.name: column for column in OUTCOME}
ADVERSE_EVENT = (
    *OUTCOME[:2],
    Column("event", "text", "", "what happened"),
    _BY_NAME["concept"],
    *ARM[:4],
    *ARM[-2:],
    *(_BY_NAME[name] for name in ("p", "contrasts", "derivations", "note")),
)
REVIEW = (
    Column("review", "text", "", "id of the review"),
    Column("first_author", "text", "", "family name and initials of the first author"),
    Column("year", "count", "a", "year of publication"),
    Column("journal", "text", "", "journal, volume, issue and pages"),
    Column("doi", "text", "", "digital object identifier"),
    Column("pmid", "text", "", "PubMed number"),
    Column("condition", "text", "", "id of the condition"),
    Column("condition_words", "text", "", "condition in the words of the source"),
    Column("k", "count", "1", "studies in the review"),
    Column("outcome", "text", "", "what was pooled"),
    Column("measure", "text", "", "kind of effect"),
    Column("est", "number", "measure", "pooled effect, ratios not logged"),
    Column("low", "number", "measure", "lower end of its 95 % interval"),
    Column("high", "number", "measure", "upper end of its 95 % interval"),
    Column("p", "number", "1", "p value"),
    Column("pct", "number", "%", "share"),
    Column("i2", "number", "%", "I squared"),
    Column("q", "number", "1", "Cochran's Q"),
    Column("studies", "count", "1", "studies in this pool"),
    Column("participants", "count", "1", "people in this pool"),
    Column("text", "text", "", "a conclusion in words"),
    Column("left_out", "text", "JSON", "trials that the pool does not hold, and how we know"),
    Column("remarks", "text", "", "what else is to be said"),
)
ONGOING = (
    Column("id", "text", "", "id of the trial"),
    Column("registration", "text", "", "registration numbers"),
    Column("condition", "text", "", "id of the condition"),
    Column("condition_words", "text", "", "condition in the words of the source"),
    Column("dose_mg", "text", "mg/d", "daily dose as written"),
    Column("n_target", "count", "1", "people wanted"),
    Column("duration_wk", "number", "wk", "length of treatment"),
    Column("primary", "text", "", "primary outcome"),
    Column("comparator", "text", "", "what it is compared with"),
    Column("end", "text", "", "expected end"),
)
SOURCE = (
    Column("id", "text", "", "id of the source, as in src"),
    Column("title", "text", "", "what it is"),
    Column("url", "text", "", "where it was read"),
)
CONDITION = (
    Column("id", "text", "", "id of the condition"),
    Column("name", "text", "", "name"),
    Column("plain", "text", "", "what it is, in plain words"),
    Column("synonyms", "text", "", "names people use, with semicolons between"),
    Column("group", "text", "", "group of conditions"),
    Column("studies", "count", "1", "studies on record"),
)
