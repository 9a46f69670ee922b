"""What is handed out of a plan: ``lowdose plan calendar | page | leaflet | card | consent | note``."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import click

from lowdose.cli.plan.asking import DRAWN, FILE, JSON, PLAN, check_files
from lowdose.cli.plan.writing import draw, print_json, say_written, write_calendar, write_plan

_OUT = click.option("-o", "--output", type=FILE, required=True, help="File to write: .pdf, .svg or .png.")
_WRITTEN = click.option("--json", "as_json", is_flag=True, help="Print one JSON object: what was written.")


@click.command("calendar")
@PLAN
@click.option("-o", "--output", type=FILE, required=True, help="File to write: .ics.")
@_WRITTEN
def calendar_(plan_file: Path, output: Path, as_json: bool) -> None:
    """Write the calendar of an approved plan (iCalendar)."""
    from lowdose.plan import read_plan

    check_files((output,), (".ics",))
    plan = read_plan(plan_file)
    write_calendar(plan, output)
    say_written(plan, output, as_json)


@click.command("page")
@PLAN
@_OUT
@_WRITTEN
def page_(plan_file: Path, output: Path, as_json: bool) -> None:
    """Draw the plan for the clinician: one page."""
    from lowdose.plan import read_plan

    check_files((output,), DRAWN)
    plan = read_plan(plan_file)
    write_plan(plan, output)
    say_written(plan, output, as_json)


@click.command("leaflet")
@PLAN
@_OUT
@_WRITTEN
def leaflet_(plan_file: Path, output: Path, as_json: bool) -> None:
    """Draw the patient's leaflet; only of an approved plan."""
    from lowdose.plan import read_plan
    from lowdose.report.paper.leaflet import leaflet_sheet

    check_files((output,), DRAWN)
    plan = read_plan(plan_file)
    draw(leaflet_sheet(plan), output)
    say_written(plan, output, as_json)


@click.command("card")
@PLAN
@click.option(
    "--size",
    type=click.Choice(["card", "a4"]),
    default="card",
    show_default=True,
    help="Both sides as a bank card, or one page to cut and fold.",
)
@_OUT
@_WRITTEN
def card_(plan_file: Path, size: Literal["card", "a4"], output: Path, as_json: bool) -> None:
    """Draw the wallet card; only of an approved plan."""
    from datetime import date

    from lowdose.plan import read_plan
    from lowdose.plan.surgery import wallet_card
    from lowdose.report.paper.wallet import wallet_sheet

    check_files((output,), DRAWN)
    plan = read_plan(plan_file)
    draw(wallet_sheet(wallet_card(plan), made=date.today(), size=size), output)
    say_written(plan, output, as_json)


@click.command("consent")
@click.argument("plan_file", metavar="[PLAN.json]", type=FILE, required=False)
@click.option("--protocol", metavar="ID", help="Before there is a plan: what is thought of; no dose of it is printed.")
@click.option("--condition", metavar="NAME", help="What it is for: its evidence is shown, as in 'lowdose evidence'.")
@click.option("--alternative", "alternatives", multiple=True, help="Another treatment that was talked about.")
@_OUT
@_WRITTEN
def consent_(
    plan_file: Path | None,
    protocol: str | None,
    condition: str | None,
    alternatives: tuple[str, ...],
    output: Path,
    as_json: bool,
) -> None:
    """Draw the text of consent to off-label use: of a plan, or of --protocol before there is one."""
    from datetime import date

    from lowdose.audit.approval import NOT_APPROVED
    from lowdose.plan import protocol as find
    from lowdose.plan import read_plan
    from lowdose.report.paper.consent import consent_before_plan, consent_sheet

    if (plan_file is None) == (protocol is None):
        raise click.UsageError("give PLAN.json, or --protocol before there is a plan")
    check_files((output,), DRAWN)
    if protocol is not None:
        found = find(protocol)
        sheet = consent_before_plan(found, made=date.today(), condition=condition, alternatives=alternatives)
        draw(sheet, output)
        if as_json:
            standing = {"plan": None, "protocol": found.id, "approved": False, "standing": NOT_APPROVED}
            print_json({"schema": "lowdose.plan-written/1", **standing, "written": str(output)})
    elif plan_file is not None:
        plan = read_plan(plan_file)
        draw(consent_sheet(plan, condition=condition, alternatives=alternatives), output)
        say_written(plan, output, as_json)


@click.command("note")
@PLAN
@JSON
def note_(plan_file: Path, as_json: bool) -> None:
    """Print the note for the chart, plain text."""
    from lowdose.plan import read_plan
    from lowdose.report.paper.note import chart_note

    plan = read_plan(plan_file)
    if as_json:
        note = {"plan": plan.digest, "approved": plan.is_approved, "standing": plan.standing, "text": chart_note(plan)}
        print_json({"schema": "lowdose.plan-note/1", **note})
    else:
        click.echo(chart_note(plan))


COMMANDS = (calendar_, page_, leaflet_, card_, consent_, note_)
