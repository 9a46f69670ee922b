"""``lowdose evidence harms`` and ``lowdose evidence combination NAME``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from lowdose.evidence.lookup.combinations import Combination
    from lowdose.evidence.lookup.harms import Harm, PublishedHarm, Share


@click.command("harms")
@click.option("--event", metavar="EVENT", help="Only this: any, serious, stopped, vivid-dreams, headache, sleep, ...")
@click.option("--condition", metavar="NAME", help="Only studies of this condition.")
@click.option("--dose-class", metavar="CLASS", help="Only this class: VLDN, LDN, ...")
@click.option("--only", type=click.Choice(["found"]), help="Leave out what is recalled.")
@click.option("--json", "json_wanted", is_flag=True, help="Print one JSON object.")
@click.option("--csv", "csv_wanted", is_flag=True, help="Print one CSV row a study and event.")
def harms(
    event: str | None,
    condition: str | None,
    dose_class: str | None,
    only: str | None,
    json_wanted: bool,
    csv_wanted: bool,
) -> None:
    """Show adverse events by dose: how many of how many, on naltrexone and compared with whom."""
    from lowdose.cli.evidence.layout import as_json, heading, say
    from lowdose.evidence.exports.documents import harms_page
    from lowdose.evidence.lookup import harms as room
    from lowdose.evidence.lookup.combinations import stop_rule

    rows = room.harms(event, condition=condition, dose_class=dose_class, only_found=only == "found")
    published = [one for one in room.published_harms(event) if only != "found" or one.tag != "recalled"]
    cases = room.single_cases()
    asked = {"event": event, "condition": condition, "dose_class": dose_class, "only": only}
    if json_wanted:
        as_json(harms_page(rows, published, cases, asked))
        return
    if csv_wanted:
        from lowdose.evidence.exports.export import csv_text
        from lowdose.evidence.exports.flat import harm_table

        click.echo(csv_text(harm_table(rows)), nl=False)
        return
    if rows:
        _rates(rows)
    else:
        say("no study found that counted it")
    if published:
        _published(published)
    if event is None:
        heading("Single cases: warnings, not rates")
        for case in cases:
            say(f"• {case.label}, {case.person}, LDN {case.dose_words}: {case.event}")
        say(stop_rule())
    _foot(rows, published)


def _rates(rows: Sequence[Harm]) -> None:
    from lowdose.cli.evidence.layout import cells, heading, say, table
    from lowdose.evidence.lookup.harms import EVENTS, added_up
    from lowdose.evidence.records.labels import RECALLED

    for concept, dose_class in dict.fromkeys((row.concept, row.dose_class) for row in rows):
        found = [row for row in rows if (row.concept, row.dose_class) == (concept, dose_class)]
        heading(f"{EVENTS[concept]}, {dose_class}")
        made = table("study", "mg a day", "weeks", "on naltrexone (95 %)", "compared (95 %)", right=("weeks",))
        for row in found:
            weeks = None if row.duration_wk is None else f"{row.duration_wk:g}"
            dose = row.dose_words.removesuffix(" mg")
            label = row.label + (RECALLED if row.recalled else "")
            made.add_row(*cells((label, dose, weeks, _rate(row.treated), _rate(row.compared))))
        if total := added_up(found):
            made.add_row(*(f"[dim]{cell}[/dim]" for cell in cells(("added up", "", "", *map(_rate, total)))))
        say(made)
        for row in found:
            if remark := "; ".join(filter(None, (_special(row), _arms(row), row.note))):
                say(f"  {row.label}: {remark}")
    say("", "Intervals are Wilson's. What is added up counts people; it does not compare: see lowdose evidence pool.")


def _rate(share: Share | None) -> str:
    """Counts, the rate in percent and its interval, as far as they are known."""
    if share is None:
        return ""
    counts = "" if share.events is None else f"{share.events}/{share.total or '?'}"
    if share.rate is None:
        return counts
    if share.low is None or share.high is None:
        return f"{100 * share.rate:.0f} %"
    return f"{counts}  {100 * share.rate:.0f} % ({100 * share.low:.0f}–{100 * share.high:.0f})"


def _arms(row: Harm) -> str:
    if row.treated.arm == "all":
        return "both arms together"
    if row.compared and row.compared.arm != "placebo":
        return f"compared with {row.compared.arm}"
    return ""


def _special(row: Harm) -> str:
    """The event in the study's words, where they say more than the heading."""
    from lowdose.evidence.lookup.harms import EVENTS

    return "" if row.event.casefold() == EVENTS[row.concept].casefold() else row.event


def _published(published: Sequence[PublishedHarm]) -> None:
    from lowdose.cli.evidence.layout import cells, heading, say, table
    from lowdose.evidence.records.labels import RECALLED

    heading("What reviews published")
    made = table("review", "about", "event", "effect (95 %)")
    remarks = {}
    for one in published:
        interval = f" ({one.low:g} to {one.high:g})" if one.low is not None and one.high is not None else ""
        value = f"{one.estimate:g} %" if one.measure == "%" else f"{one.measure} {one.estimate:g}{interval}"
        mark = RECALLED if one.tag == "recalled" else ""
        made.add_row(*cells((one.label, one.about, one.outcome, value + mark)))
        remarks[one.label] = one.remarks
    say(made)
    for label, remark in remarks.items():
        if remark:
            say(f"  {label}: {remark}")


def _foot(rows: Sequence[Harm], published: Sequence[PublishedHarm]) -> None:
    from lowdose.cli.evidence.layout import footing
    from lowdose.evidence.records.labels import RECALLED

    recalled = any(row.recalled for row in rows) or any(one.tag == "recalled" for one in published)
    footing(RECALLED if recalled else "")


@click.command("combination")
@click.argument("name", required=False)
@click.option("--json", "json_wanted", is_flag=True, help="Print one JSON object with the full study records.")
@click.option("--csv", "csv_wanted", is_flag=True, help="Print one CSV row a study.")
def combination(name: str | None, json_wanted: bool, csv_wanted: bool) -> None:
    """Show what is known of LDN with something else: NAME is a drug or a synonym, such as ALA, CBD, Chantix.

    Without a NAME, list them all.
    """
    from lowdose.cli.evidence.layout import as_csv, as_json, cells, footing, say, table
    from lowdose.evidence.exports.documents import combination_page, combinations_page
    from lowdose.evidence.lookup.combinations import combination as page_of
    from lowdose.evidence.lookup.combinations import combinations
    from lowdose.evidence.records.registry import registry

    if name is None and csv_wanted:
        raise click.UsageError("--csv prints the studies of one combination: give its NAME")
    if name is not None:
        page = page_of(name)
        if json_wanted:
            as_json(combination_page(page))
        elif csv_wanted:
            as_csv([registry().studies[one] for one in page.study_ids])
        else:
            _page(page)
        return
    if json_wanted:
        as_json(combinations_page(combinations().values()))
        return
    made = table("combination", "name", "studies", whole=("combination",))
    for page in combinations().values():
        made.add_row(*cells((page.id, page.name, page.found_words)))
    say(made)
    footing()


def _page(page: Combination) -> None:
    from rich.markup import escape

    from lowdose.cli.evidence.layout import cells, footing, heading, say, study_cells, table
    from lowdose.cli.terminal import show
    from lowdose.evidence.records.labels import RECALLED
    from lowdose.evidence.records.registry import registry

    studies = registry().studies
    marks: list[str] = []
    heading(page.name)
    if page.stop:
        show(f"[bold red]{escape(page.stop)}[/bold red]")
    say("", f"What holds: {page.holds}", f"What is said: {page.said}{_claims(page)}")
    if page.watch:
        mark = RECALLED if page.watch_tag == "recalled" else ""
        marks.append(mark)
        say(f"Watch: {page.watch}{mark} ({page.watch_source})")
    heading(f"In people: {page.found_words}")
    said = {one.id: one.says for one in page.studies}
    for title, names in (("", list(said)), ("What went wrong with opioids on LDN", page.safety_studies)):
        if not names:
            continue
        if title:
            heading(title)
        made = table("study", "design", "people", "mg a day", "what it says", right=("people",))
        for name in names:
            key, design, count, dose, _ = study_cells(studies[name])
            harm = "; ".join(one.name for one in studies[name].outcomes)
            made.add_row(*cells((key, design, count, "" if page.opioid else dose, said.get(name, harm))))
            marks += [key, count, dose]
        say(made)
    if page.animal:
        heading("In animals and the laboratory: this says nothing about people by itself")
    for one in page.animal:
        mark = RECALLED if one.tag == "recalled" else ""
        note = f"; {one.note}" if one.note else ""
        say(f"• {one.kind}{mark}: {one.what} ({one.source}{note})")
        marks.append(mark)
    footing(*marks)


def _claims(page: Combination) -> str:
    return f" (claims {', '.join(page.claims)}: lowdose claims show {page.claims[0]})" if page.claims else ""
