"""``lowdose claims list | show CLAIM | test [CLAIM...] | annotate ARTICLE``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import click

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lowdose.claims.annotate import Annotated
    from lowdose.claims.bearing import Bearing
    from lowdose.claims.scenarios.schema import Scenario
    from lowdose.claims.schema import Claim, Computed, Criterion


BASIS_WORDS = {
    "independent": "the model was free to say otherwise",
    "calibrated-to": "a datum on this very point set the model, so it is no test",
    "built-in": "the model assumes it, so it is no test",
}
FAILS = "fails: our criterion is not met, which proves no opposite; lowdose claims show CLAIM gives it with its reason"


@click.group("claims")
def command() -> None:
    """Check the articles' statements: what the literature says of each, and what lowdose computes."""


def _print(document: dict[str, Any]) -> None:
    from json import dumps

    click.echo(dumps(document, indent=2, ensure_ascii=False))


@command.command("list")
@click.option("--verdict", default="", help="Only these: supported, partly, contradicted, untested or mis-stated.")
@click.option("--article", default="", help="Only those of article A or B.")
@click.option("--subject", default="", help="Only these: dose, condition, mechanism, side effect, …")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead of a table.")
def list_(verdict: str, article: str, subject: str, as_json: bool) -> None:
    """List the claims: verdict of the literature and computed result, side by side."""
    from lowdose.claims.noted import noted
    from lowdose.claims.register import select

    claims = select(verdict=verdict, article=article, subject=subject)
    results = noted().results
    if as_json:
        from lowdose.claims.documents import document

        _print(document(claims, results))
        return
    from rich import box
    from rich.markup import escape
    from rich.table import Table

    from lowdose.claims.words import found_words
    from lowdose.cli.terminal import show
    from lowdose.evidence.records.labels import LEGEND

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("claim")
    table.add_column("by")
    table.add_column("what it says", ratio=3)
    table.add_column("literature")
    table.add_column("computed")
    table.add_column("what decided", ratio=2)
    for claim in claims:
        result = results[claim.id]
        found = escape(found_words(result))
        table.add_row(claim.id, claim.article, escape(claim.claim), claim.verdict, result.computed, found)
    show(table)
    show("1 claim" if len(claims) == 1 else f"{len(claims)} claims", FAILS)
    if any(results[claim.id].recalled and results[claim.id].value is not None for claim in claims):
        show(LEGEND)


@command.command("show")
@click.argument("claim")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def show_(claim: str, as_json: bool) -> None:
    """Show one CLAIM: its article and citation, the studies, the verdict, what is computed and why."""
    from lowdose.claims.bearing import bearing
    from lowdose.claims.compute import compute
    from lowdose.claims.criteria import rules
    from lowdose.claims.documents import block
    from lowdose.claims.register import register
    from lowdose.claims.sources import sources_in
    from lowdose.evidence.records.labels import LEGEND

    found = register()[claim.upper()]
    result = compute(found.id)
    rule = rules().get(found.id)
    if as_json:
        from dataclasses import asdict

        written = rule.model_dump(mode="json") if rule else None
        records = [asdict(one) for one in bearing(found)]
        _print({"schema": "lowdose.claim/1", **block(found, result), "rule": written, "bearing": records})
        return
    behind = bearing(found)
    _say_literature(found, behind)
    _say_computed(result, rule)
    from rich.markup import escape

    from lowdose.cli.terminal import show

    if found.explanation:
        show("", f"[bold]Why the two differ:[/bold] {escape(found.explanation)}")
    show("", f"[bold]What would change our mind:[/bold] {escape(found.mind)}")
    sources = sources_in(found.note, *(number for one in behind for number in one.sources), *result.records)
    if sources:
        show("", "[bold]Sources named above:[/bold]")
        for one in sources:
            # A broken address cannot be followed, so it is not wrapped.
            click.echo(f"  {one.id}  {one.title}\n       {one.url}")
    if any(part.recalled for part in result.parts) or any(one.recalled for one in behind):
        show("", LEGEND)


def _say_literature(claim: Claim, behind: Sequence[Bearing]) -> None:
    from rich import box
    from rich.markup import escape
    from rich.table import Table

    from lowdose.claims.sources import plainly
    from lowdose.cli.terminal import show

    show(f"[bold]{claim.id}[/bold]  {escape(claim.claim)}")
    show(f"  article {claim.article}, {claim.subject}; it cites: {escape(claim.citation)}")
    show("", f"[bold]The literature:[/bold] {claim.verdict} (strength of the evidence: {claim.evidence})")
    if claim.note:
        show(f"  {escape(plainly(claim.note))}")
    if not behind:
        show("  no study in the register bears on it")
        return
    table = Table("study", "what it was", "what it showed", "read in", box=box.SIMPLE_HEAD, pad_edge=False)
    for one in behind:
        called = one.who if one.id in one.who else f"{one.who}, {one.id}"
        row = (called, one.what, one.showed, ", ".join(one.sources))
        table.add_row(*map(escape, row))
    show(table)


def _say_computed(result: Computed, rule: Criterion | Scenario | None) -> None:
    from rich import box
    from rich.markup import escape
    from rich.table import Table

    from lowdose.claims.words import value_words
    from lowdose.cli.terminal import show
    from lowdose.evidence.records.labels import RECALLED

    show("", f"[bold]Computed:[/bold] {result.computed}" + (f": {escape(result.reason)}" if result.reason else ""))
    if result.parts:
        table = Table("", "criterion", "found", box=box.SIMPLE_HEAD, pad_edge=False)
        for part in result.parts:
            word = {True: "holds", False: "fails", None: "not known"}[part.holds]
            said = value_words(part.value, part.unit) + (f" {RECALLED}" if part.recalled else "")
            table.add_row(word, escape(part.criterion), escape(said if part.value is not None else part.reason))
        show(table)
        for record in result.records:
            show(f"  from {escape(record)}")
    if rule and rule.reason:
        show(f"  why this criterion: {escape(rule.reason)} (written on {rule.written_on})")
    if rule:
        for change in rule.history:
            show(f"  changed on {change.changed_on}: {escape(change.why)}")
    if result.hypothesis and rule:
        _say_scenario(result, cast("Scenario", rule))


def _say_scenario(result: Computed, scenario: Scenario) -> None:
    """Under which hypothesis, on what it rests, what each rival says, and what turns the answer."""
    from rich import box
    from rich.markup import escape
    from rich.table import Table

    from lowdose.claims.words import flip_words, value_words
    from lowdose.cli.terminal import show

    show(f"  under {result.hypothesis}; basis: {result.basis} ({escape(BASIS_WORDS[str(result.basis)])})")
    if result.rests_on and not result.reason:
        show(f"  rests on {escape(result.rests_on)}")
    if result.rivals:
        table = Table("rival", "", "what decided", box=box.SIMPLE_HEAD, pad_edge=False)
        for rival in result.rivals:
            said = (
                f"{rival.metric}: {value_words(rival.value, rival.unit)}" if rival.value is not None else rival.metric
            )
            table.add_row(rival.hypothesis, rival.computed, escape(said))
        show(table)
    if scenario.left_out:
        show(f"  left out: {escape(scenario.left_out)}")
    if scenario.flips:
        show("  turned by " + escape("; ".join(map(flip_words, scenario.flips))))
    for words in (scenario.no_flip, scenario.remark):
        if words:
            show(f"  {escape(words)}")


@command.command("test")
@click.argument("claims", nargs=-1, metavar="[CLAIM]...")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead of words.")
@click.option("--note", metavar="WHY", help="Keep these results as noted, and say why.")
def put_to_test(claims: tuple[str, ...], as_json: bool, note: str | None) -> None:
    """Compute the claims anew, all when none is named, and compare with what was last noted.

    Leaves with 1 when a result changed and nobody noted it, when a criterion was changed without an entry in its
    history, or when literature and result point opposite ways without an explanation.
    """
    from datetime import date

    from lowdose.claims.compute import compute
    from lowdose.claims.criteria import rules, unaccounted
    from lowdose.claims.noted import document, noted, problems, write
    from lowdose.claims.register import dangling, register
    from lowdose.errors import InvalidInput

    known = register()
    asked = [known[claim.upper()] for claim in claims] or list(known.values())
    missing = dangling(asked)
    if missing:
        first, names = next(iter(missing.items()))
        raise InvalidInput(f"{first} names studies that are not there: {', '.join(names)}", where="register.yaml")
    results = {claim.id: compute(claim.id) for claim in asked}
    if note is not None:
        wrong = unaccounted({name: found for name, found in noted().hashes.items() if name in results})
        if not wrong:
            hashes = {name: rule.hash for name, rule in rules().items()}
            path = write(document(noted(), results, hashes, note, date.today()))
            click.echo(f"noted: {path}", err=True)
    found = problems(results)
    if as_json:
        from lowdose.claims.documents import document as plain

        _print({**plain(asked, results), "problems": found})
    else:
        _say_outcome(results, found)
    click.get_current_context().exit(1 if found else 0)


def _say_outcome(results: dict[str, Computed], found: dict[str, str]) -> None:
    from rich import box
    from rich.markup import escape
    from rich.table import Table

    from lowdose.claims.register import register
    from lowdose.claims.schema import OUTCOMES, VERDICTS
    from lowdose.cli.terminal import show

    claims = register()
    table = Table("literature", box=box.SIMPLE_HEAD, pad_edge=False)
    for outcome in OUTCOMES:
        table.add_column(outcome, justify="right")
    for verdict in VERDICTS:
        rows = [result for name, result in results.items() if claims[name].verdict == verdict]
        if rows:
            table.add_row(verdict, *(str(sum(one.computed == outcome for one in rows)) for outcome in OUTCOMES))
    show(table)
    asked = {claim: result for claim, result in results.items() if claims[claim].testable.simulator}
    if asked:
        from lowdose.claims.page import counted

        show("of those that a model could address: " + counted(asked))
    for name, words in found.items():
        show(f"[bold red]{name}[/]: {escape(words)}")
    if found:
        show("note results with --note WHY; explanations and histories are written in the data files")
    else:
        show("all as noted; where literature and result point opposite ways it is explained")


@command.command("annotate")
@click.argument("article", type=click.Path(path_type=Path))
@click.option("--report", type=click.Path(path_type=Path, dir_okay=False), help="Write a page with the marks here.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead of a list.")
def annotate(article: Path, report: Path | None, as_json: bool) -> None:
    """Mark the sentences of ARTICLE (a text file) that state a registered claim, each with its verdict.

    A sentence whose number is another is marked "number differs", one that denies the claim "opposite".
    """
    from lowdose.claims.annotate import annotate as mark
    from lowdose.claims.annotate.reading import read_text
    from lowdose.claims.noted import noted
    from lowdose.claims.register import register
    from lowdose.results.tables import check_folder

    if report:
        check_folder(report)
    found = mark(read_text(article), name=article.stem)
    if report:
        from lowdose.report.article import write_article

        write_article(found, report)
        click.echo(f"written: {report}", err=True)
    if as_json:
        from lowdose.claims.documents import annotated

        _print(annotated(found, register(), noted().results))
    else:
        _say_marks(found)


def _say_marks(found: Annotated) -> None:
    from rich import box
    from rich.markup import escape
    from rich.table import Table

    from lowdose.claims.annotate import THRESHOLD
    from lowdose.claims.noted import noted
    from lowdose.claims.register import register
    from lowdose.cli.terminal import show

    claims, results = register(), noted().results
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("the article says", ratio=3)
    for heading in ("claim", "it", "literature", "computed"):
        table.add_column(heading)
    table.add_column("score", justify="right")
    for sentence in found.marked:
        text = escape(" ".join(sentence.text.split()))
        for mark in sentence.marks:
            said = f"{mark.relation}: {mark.said}, not {mark.registered}" if mark.said else mark.relation
            row = (mark.claim, escape(said), claims[mark.claim].verdict, results[mark.claim].computed)
            table.add_row(text, *row, f"{mark.score:.2f}")
            text = ""
    if found.marked:
        show(table)
    about = f"{len(found.marked)} of {len(found.sentences)} sentences"
    show(f"{about} are about a claim of the register (score {THRESHOLD:g} or more)")
    if found.unregistered:
        show("", "[bold]Statements with numbers that are not in the register[/bold]")
        for sentence in found.unregistered:
            show(f"• {escape(' '.join(sentence.text.split()))}")
