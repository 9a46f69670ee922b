"""``lowdose evidence condition NAME`` and ``lowdose evidence grade CONDITION``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from lowdose.evidence.grading.findings import Finding
    from lowdose.evidence.grading.grade import Step
    from lowdose.evidence.records.library import Condition, Ongoing, Review, ReviewResult

_FILE = click.Path(path_type=Path, dir_okay=False)
_FOLDER = click.Path(path_type=Path, file_okay=False)


@click.command("condition")
@click.argument("name")
@click.option("--html", type=_FILE, help="Write the page as one HTML file, in three layers.")
@click.option("--pictures", type=_FOLDER, help="Write every picture of the page into FOLDER.")
@click.option("--kind", type=click.Choice(["svg", "pdf", "png"]), help="Of the pictures  [default: svg].")
@click.option("--json", "json_wanted", is_flag=True, help="Print one JSON object: answer, findings, pools, studies.")
@click.option("--csv", "csv_wanted", is_flag=True, help="Print one CSV row a study.")
def condition(
    name: str, html: Path | None, pictures: Path | None, kind: Any, json_wanted: bool, csv_wanted: bool
) -> None:
    """Show what is known for one condition: the answer, how sure it is, and every study.

    NAME is a condition or a synonym, such as FM, crohn or "long COVID".
    """
    from lowdose.cli.evidence.layout import as_csv, as_json
    from lowdose.evidence.lookup.find import resolve_condition, search

    one = resolve_condition(name)
    if kind and pictures is None:
        raise click.UsageError("--kind is that of the pictures: give --pictures FOLDER")
    _write(one.id, html, pictures, kind or "svg")
    if json_wanted:
        from lowdose.evidence.exports.documents import condition_page

        as_json(condition_page(one))
    elif csv_wanted:
        as_csv(search(condition=one.id))
    else:
        _page(one)


def _write(name: str, html: Path | None, pictures: Path | None, kind: Any) -> None:
    """The page and the pictures of a condition, where they were asked for."""
    if html is not None:
        from lowdose.report import write_condition

        write_condition(name, html)
        click.echo(f"written: {html}", err=True)
    if pictures is not None:
        from lowdose.evidence.exports.export import make_folder
        from lowdose.report import save_pictures

        make_folder(pictures)
        made = save_pictures(name, pictures, kind)
        for path in made:
            click.echo(f"written: {path}", err=True)
        if not made:
            click.echo("nothing to draw", err=True)


def _page(one: Condition) -> None:
    from lowdose.cli.evidence.layout import cells, footing, heading, say, study_cells, table
    from lowdose.evidence.grading.findings import summary
    from lowdose.evidence.lookup.find import reviews_of, search
    from lowdose.evidence.plain.help import headline
    from lowdose.evidence.plain.passages import passages
    from lowdose.evidence.plain.told import told
    from lowdose.evidence.records.registry import registry

    studies = search(condition=one.id)
    heading(one.name)
    about = told(one.id)
    say(one.plain, "", headline(about))
    for passage in passages(about):
        heading(passage.heading)
        for is_list, sentences in passage.blocks:
            say(*(f"• {sentence}" for sentence in sentences) if is_list else (" ".join(sentences),))
    findings = summary(one.id)
    marks = _findings(findings) if findings else []
    marks += _trials(findings)
    marks += _reviews(reviews_of(one.id))
    heading(f"Studies ({len(studies)})")
    made = table("study", "design", "people", "mg a day", "risk of bias", right=("people",), whole=("study",))
    for study in studies:
        row = study_cells(study)
        marks += row
        made.add_row(*cells(row))
    say(made)
    _ongoing([trial for trial in registry().ongoing.values() if trial.condition == one.id])
    footing(*marks)


@click.command("judge", context_settings={"ignore_unknown_options": True})
@click.argument("question")
@click.argument("domain")
@click.argument("steps", type=int)
@click.option("--reason", required=True, metavar="TEXT", help="Why, in a sentence.")
@click.option("--by", required=True, metavar="NAME", help="The reader who decides.")
@click.option("--judgements", type=_FILE, required=True, help="The YAML file it is added to; made if need be.")
def judge(question: str, domain: str, steps: int, reason: str, by: str, judgements: Path) -> None:
    """Add a reader's decision on a grade to a file of your own; earlier ones stay as its history.

    QUESTION is such as fibromyalgia.pain; DOMAIN such as "risk of bias"; STEPS are levels of certainty: -3 to 0, or 0
    to 2 for what raises it (large effect, dose response, opposing confounding).
    """
    from datetime import date

    from lowdose.evidence.grading.judgements import judge as add

    made = add(judgements, question, domain, steps, reason, by, date.today())
    click.echo(f"{made.question}, {made.domain}: {_steps(made.steps).strip()} ({made.by}, {made.on})")
    click.echo(f"written: {judgements}", err=True)
    name = made.question.split(".")[0]
    click.echo(f"Next: lowdose evidence grade {name} --judgements {judgements}", err=True)


@click.command("grade")
@click.argument("name", metavar="CONDITION")
@click.option("--judgements", type=_FILE, help="A YAML file of judgements of your own.")
@click.option("--json", "json_wanted", is_flag=True, help="Print one JSON object.")
def grade(name: str, judgements: Path | None, json_wanted: bool) -> None:
    """Show how certain each pooled answer is, step by step, with the reasons."""
    from lowdose.cli.evidence.layout import as_json, footing, heading, say
    from lowdose.evidence.exports.documents import findings_page
    from lowdose.evidence.grading.findings import summary
    from lowdose.evidence.lookup.find import resolve_condition

    one = resolve_condition(name)
    findings = summary(one.id, decided_in=judgements)
    if json_wanted:
        as_json(findings_page(one, findings))
        return
    heading(f"{one.name}: certainty (GRADE)")
    if not findings:
        say("No question was fixed before pooling: no trial has compared two arms.")
    for finding in findings:
        heading(f"{_capital(finding.outcome)}: {finding.certainty}")
        say(f"effect: {finding.effect_words}", f"starts {finding.grade.start}")
        for step in finding.grade.steps:
            by = _said_by(step) if step.before else ""
            say(f"{_steps(step.steps)} {step.domain}: {step.reason}{by}")
            say(*(f"     before: {_steps(one.steps)} {one.reason}{_said_by(one)}" for one in reversed(step.before)))
    footing(*(finding.effect_words for finding in findings))


def _said_by(step: Step) -> str:
    return f" ({', '.join(filter(None, (step.by, step.on)))})"


def _steps(steps: int) -> str:
    return f"{steps:+d}".replace("-", "−") if steps else " 0"


def _capital(text: str) -> str:
    return text[0].upper() + text[1:]


def _findings(findings: Sequence[Finding]) -> list[str]:
    from lowdose.cli.evidence.layout import cells, heading, say, table

    heading("Summary of findings")
    made = table("outcome", "trials", "people", "effect (95 %)", "certainty", right=("trials", "people"))
    marks = []
    for one in findings:
        marks += [one.effect_words, one.absolute_words]
        made.add_row(*cells((_capital(one.outcome), one.k, one.participants, one.effect_words, one.certainty)))
    say(made)
    for one in findings:
        say(f"{_capital(one.outcome)}")
        if one.absolute:
            say(f"  out of 100: {one.absolute_words}")
        if one.probability_that_matters is not None:
            kind = "harm" if one.is_harm else "gain"
            say(f"  chance of a {kind} large enough to matter: {100 * one.probability_that_matters:.0f} %")
        if one.reasons:
            say(f"  {one.certainty} certainty: {'; '.join(one.reasons)}")
        for warning in one.warnings:
            say(f"  ! {warning}")
    return marks


def _trials(findings: Sequence[Finding]) -> list[str]:
    """The trials behind each finding: those with numbers, how each moves the answer, those without."""
    from lowdose.cli.evidence.layout import cells, heading, say, table
    from lowdose.evidence.pools.computed import computed
    from lowdose.evidence.pools.wording import effect
    from lowdose.evidence.records.labels import RECALLED

    marks: list[str] = []
    shown = [(one, computed()["questions"][one.question]) for one in findings]
    if not any(question["entries"] or question["unusable"] for _, question in shown):
        return marks
    heading("Trials behind it")
    made = table("outcome", "trial", "effect (95 %)", "weight", "risk of bias", right=("weight",))
    for one, question in shown:
        rows = []
        for entry in question["entries"]:
            mark = RECALLED if entry["recalled"] else ""
            weight = "" if entry["weight"] is None else f"{100 * entry['weight']:.0f} %"
            rows.append((entry["label"] + mark, effect(one.measure, entry["shown"]), weight, entry["risk_of_bias"]))
        for left in question["unusable"]:
            mark = RECALLED if left["recalled"] else ""
            rows.append((left["label"] + mark, "no number that can be used", "", ""))
        for number, row in enumerate(rows):
            made.add_row("" if number else cells((_capital(one.outcome),))[0], *cells(row))
            marks += row
    say(made)
    for one, question in shown:
        for line in _moves(question):
            say(f"{_capital(one.outcome)}: {line}")
    return marks


def _moves(question: Mapping[str, Any]) -> Iterable[str]:
    """How the answer changes without each trial, without what is recalled, and why some trials have no number."""
    from lowdose.evidence.pools.wording import effect
    from lowdose.evidence.records.labels import RECALLED

    only, pool = question["only_found"], question["pool"]
    mark = RECALLED if any(entry["recalled"] for entry in question["entries"]) else ""
    yield from (f"{left['says']}{mark}" for left in question["leave_one_out"])
    if pool and only["removed"]:
        if only["pool"]:
            kept = only["pool"]
            yield f"without recalled values {effect(pool['measure'], kept['shown'])}, from {kept['k']} of {pool['k']}"
        else:
            yield "without recalled values nothing is left"
    yield from without_number(question)
    yield from (f"{left['label']} is left out: {left['reason']}" for left in question["removed"])


def without_number(question: Mapping[str, Any]) -> Iterable[str]:
    """Trials that cannot be pooled, and what of them was not seen."""
    from lowdose.evidence.records.labels import RECALLED

    for left in question["unusable"]:
        why = f"cannot be used: {left['why']}" if left["seen"] else f"has no number here; not seen: {left['why']}"
        yield f"{left['label']}{RECALLED if left['recalled'] else ''} {why}"


def _reviews(found: Sequence[tuple[Review, Sequence[ReviewResult]]]) -> list[str]:
    from lowdose.cli.evidence.layout import cells, heading, say, table
    from lowdose.evidence.records.labels import RECALLED, short_name

    if not found:
        return []
    heading("What published reviews found, side by side")
    made = table("review", "studies", "outcome", "effect (95 %)", right=("studies",))
    marks = []
    for review, results in found:
        label = short_name(review.id, review.citation) + (RECALLED if review.prov.tag == "recalled" else "")
        marks.append(label)
        for number, one in enumerate(results):
            interval = f" ({one.ci[0]:g} to {one.ci[1]:g})" if one.ci else ""
            value = f"{one.measure} {one.est:g}{interval}".replace("-", "−") if one.est is not None else one.text
            mark = RECALLED if one.prov.tag == "recalled" else ""
            row = ("", "") if number else tuple(cells((label, review.k)))
            made.add_row(*row, *cells((one.outcome.replace(f" {one.measure}", ""), value + mark)))
            marks.append(mark)
        if not results:
            made.add_row(*cells((label, review.k, "no pooled number", "")))
    say(made)
    for review, _ in found:
        label = short_name(review.id, review.citation)
        for left in review.left_out:
            mark = RECALLED if left.tag == "recalled" else ""
            say(f"{label} is without {left.study}{mark}: {left.why}")
            marks.append(mark)
        if review.remarks:
            say(f"{label}: {review.remarks}")
    return marks


def _ongoing(trials: Iterable[Ongoing]) -> None:
    from lowdose.cli.evidence.layout import heading, say

    for number, one in enumerate(trials):
        if number == 0:
            heading("Not reported yet")
        parts = [f"{one.n_target} people" if one.n_target else "", f"{one.dose_mg} mg a day" if one.dose_mg else ""]
        parts.append(f"{one.duration_wk:g} weeks" if one.duration_wk else "")
        parts.append(f"against {one.comparator}" if one.comparator else "")
        say(f"• {one.registration} ({one.condition_words}): {', '.join(filter(None, parts))}")
