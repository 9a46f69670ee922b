"""``lowdose evidence list | show STUDY | search WORDS``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from lowdose.evidence.records.schema import AdverseEvent, Outcome, Study

_WIDEST = 30
"""Letters of a heading inside a column; the condition's id stands in for a longer name."""


@click.command("list")
@click.option("--json", "json_wanted", is_flag=True, help="Print everything as one JSON object.")
@click.option("--csv", "csv_wanted", is_flag=True, help="Print one CSV row a study.")
def list_(json_wanted: bool, csv_wanted: bool) -> None:
    """List every study by condition, then reviews and trials that have not reported."""
    from lowdose.cli.evidence.layout import as_csv, as_json, cells, footing, say, study_cells, table
    from lowdose.evidence.exports.documents import everything
    from lowdose.evidence.lookup.find import search as find
    from lowdose.evidence.records.registry import registry

    held = registry()
    if json_wanted:
        as_json(everything(held))
        return
    if csv_wanted:
        as_csv(find())
        return
    made = table("study", "design", "people", "mg a day", "risk of bias", right=("people",), whole=("study",))
    rows, last = [study_cells(study) for study in find()], ""
    for study, row in zip(find(), rows, strict=True):
        if study.condition != last:
            if last:
                made.add_section()
            name = held.conditions[study.condition].name
            made.add_row(f"[bold]{name if len(name) <= _WIDEST else study.condition}[/bold]")
            last = study.condition
        made.add_row(*cells(row))
    say(made, f"{len(held.studies)} studies, {len(held.reviews)} reviews, {len(held.ongoing)} trials not reported yet.")
    say("Next: lowdose evidence show STUDY, lowdose evidence condition NAME")
    footing(rows)


@click.command("search")
@click.argument("words", nargs=-1)
@click.option("--condition", metavar="NAME", help="Only this condition: a name or a synonym, such as FM or crohn.")
@click.option("--design", metavar="KIND", help="Only this design: rct, crossover, observational, case, ...")
@click.option("--dose", metavar="MG", help="Only studies that gave this many mg a day, or a class such as VLDN.")
@click.option("--group", metavar="GROUP", help="Only this group of conditions: pain, gi, neurology, ...")
@click.option("--only", type=click.Choice(["found"]), help="Leave out studies that are only recalled.")
@click.option("--json", "json_wanted", is_flag=True, help="Print the full records as one JSON object.")
@click.option("--csv", "csv_wanted", is_flag=True, help="Print one CSV row a study.")
def search(
    words: tuple[str, ...],
    condition: str | None,
    design: str | None,
    dose: str | None,
    group: str | None,
    only: str | None,
    json_wanted: bool,
    csv_wanted: bool,
) -> None:
    """Find studies by WORDS: conditions, outcomes, authors, drugs, numbers. A slip of the finger is forgiven."""
    from lowdose.cli.evidence.layout import as_csv, as_json, cells, footing, say, study_cells, table
    from lowdose.evidence.exports.documents import found as document
    from lowdose.evidence.lookup.find import search as find
    from lowdose.evidence.lookup.find import unknown_words
    from lowdose.evidence.records.registry import registry

    asked = " ".join(words)
    filters = {"condition": condition, "design": design, "dose": _dose(dose), "group": group}
    studies = find(asked, **filters, only_found=only == "found")  # type: ignore[arg-type]
    unknown = unknown_words(asked)
    if json_wanted:
        as_json(document(studies, {"words": asked, **filters, "only": only, "unknown_words": list(unknown)}))
        return
    for word, near in unknown.items():
        hint = f"; did you mean {' or '.join(near)}?" if near else ""
        click.echo(f"{word!r} is in no study{hint}", err=True)
    if csv_wanted:
        as_csv(studies)
        return
    if not studies:
        say("no study found, searched on " + ", ".join(registry().meta.searched))
        return
    made = table(
        "study", "condition", "design", "people", "mg a day", "risk of bias", right=("people",), whole=("study",)
    )
    rows = []
    for study in studies:
        name, *rest = study_cells(study)
        rows.append((name, registry().conditions[study.condition].name, *rest))
        made.add_row(*cells(rows[-1]))
    say(made, f"{len(studies)} of {len(registry().studies)} studies, the best match first")
    footing(rows)


@click.command("show")
@click.argument("name", metavar="STUDY")
@click.option("--json", "json_wanted", is_flag=True, help="Print the full record as one JSON object.")
@click.option("--csv", "csv_wanted", is_flag=True, help="Print one CSV row.")
def show_(name: str, json_wanted: bool, csv_wanted: bool) -> None:
    """Show all that is known of one STUDY: an id or a clear part of it, a DOI, a PubMed or registration number."""
    from lowdose.cli.evidence.layout import as_csv, as_json, footing, heading, say
    from lowdose.evidence.exports.documents import found as document
    from lowdose.evidence.lookup.find import is_recalled, resolve_study
    from lowdose.evidence.records.labels import RECALLED, label
    from lowdose.evidence.records.registry import registry

    study = resolve_study(name)
    if json_wanted:
        as_json(document([study], {"study": name}))
        return
    if csv_wanted:
        as_csv([study])
        return
    cited = study.citation
    marks = [RECALLED if is_recalled(study, "citation") else ""]
    heading(f"{label(study)}{marks[0]}: {cited.title or study.condition_words}")
    numbers = (
        f"doi:{cited.doi}" if cited.doi else "",
        f"PubMed {cited.pmid}" if cited.pmid else "",
        *study.registration,
    )
    say("  ".join(filter(None, (cited.journal, *numbers))))
    marks += _facts(study)
    marks += _outcomes("Outcomes", study, study.outcomes)
    marks += _outcomes("Adverse events", study, study.adverse_events)
    if study.safety_summary:
        marks.append(RECALLED if is_recalled(study, "safety_summary") else "")
        say(f"Adverse events in words: {study.safety_summary}{marks[-1]}")
    heading(f"Risk of bias ({study.rob.tool}): {study.rob.overall}")
    say(", ".join(f"{domain}: {judged}" for domain, judged in study.rob.domains.items()))
    for remark in study.rob.remarks:
        say(f"• {remark}")
    heading("Where it was read")
    sources = _sources(study)
    for source in sources:
        one = registry().sources[source]
        say(f"{source}  {one.title}  {one.url}")
    if not sources:
        say("nowhere: all of it is recalled")
    footing(*marks)


def _facts(study: Study) -> list[str]:
    """What was done, with whom; gives back what it said."""
    from lowdose.cli.evidence.layout import cells, say, table
    from lowdose.evidence.lookup.find import is_recalled
    from lowdose.evidence.records.labels import RECALLED, dose_words

    given = study.intervention
    arms = ", ".join(f"{arm} {count}" for arm, count in study.n.arms.items())
    duration = None if given.duration_wk is None else f"{given.duration_wk:g} weeks"
    rows = (
        ("condition", study.condition_words, "condition"),
        ("design", study.design_words, "design"),
        ("blinding", study.blinding, "blinding"),
        ("people", f"{study.n.took_part or 'not known'}{f' ({arms})' if arms else ''}", "people"),
        ("dose", f"{given.drug} {dose_words(study)} a day ({given.dose_class})", "intervention.dose_mg_per_day"),
        ("form", given.formulation, "intervention.formulation"),
        ("when", given.schedule, "intervention.schedule"),
        ("raised", given.titration, "intervention.titration"),
        ("how long", duration, "intervention.duration_wk"),
        ("besides", given.co_treatment, "intervention.co_treatment"),
        ("compared with", study.comparator, "comparator"),
        ("before", study.washout_run_in, "washout_run_in"),
        ("who", study.population, "population"),
        ("left", study.dropouts, "dropouts"),
        ("paid by", study.funding, "funding"),
    )
    made = table("what", "how it was", whole=("what",))
    made.show_header = False
    said = []
    for name, text, field in rows:
        if text:
            said.append(f"{text}{RECALLED if is_recalled(study, field) else ''}")
            made.add_row(*cells((name, said[-1])))
    made.add_row(*cells(("may be pooled", study.use.meta_analysis_words or study.use.meta_analysis)))
    say(made)
    return said


def _outcomes(title: str, study: Study, measured: tuple[Outcome, ...] | tuple[AdverseEvent, ...]) -> list[str]:
    """A row an outcome: what each arm showed, the difference, and what it says; gives back what it said."""
    from lowdose.cli.evidence.layout import cells, heading, say, table
    from lowdose.evidence.plain.results import arm_words, effect_words, way_words
    from lowdose.evidence.records.labels import RECALLED

    if not measured:
        return []
    heading(title)
    made = table("what", "when", "arms", "difference", "says")
    said: list[str] = []
    for one in measured:
        effect, primary = getattr(one, "effect", None), getattr(one, "primary", False)
        week = getattr(one, "timepoint_wk", None)
        recalled = one.prov.tag == "recalled" or any(derived.recalled for derived in one.derivations)
        name = f"{getattr(one, 'name', '') or getattr(one, 'event', '')}{' (primary)' if primary else ''}"
        instrument = getattr(one, "instrument", "")
        arms = "\n".join(f"{arm}: {words}" for arm, found in one.arms.items() if (words := arm_words(found)))
        direction = getattr(one, "direction", "")
        says = way_words(direction, study.is_controlled) if direction else ""
        row = (
            f"{name}{RECALLED if recalled else ''}{f' · {instrument}' if instrument else ''}",
            "" if week is None else f"{week:g} wk",
            arms,
            effect_words(effect),
            "\n".join(filter(None, (says, one.note))),
        )
        said += row
        made.add_row(*cells(row))
    say(made)
    return said


def _sources(study: Study) -> list[str]:
    measured = [*(one.prov for one in study.outcomes), *(one.prov for one in study.adverse_events)]
    return sorted({source for prov in (*study.prov.values(), *measured) for source in prov.src})


def _dose(text: str | None) -> float | str | None:
    """Milligrams out of ``4.5``, ``4,5`` or ``4.5 mg``; else the words, which may name a dose class."""
    if text is None:
        return None
    try:
        return float(text.strip().lower().removesuffix("mg").strip().replace(",", "."))
    except ValueError:
        return text
