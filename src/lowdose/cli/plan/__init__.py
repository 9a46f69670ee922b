"""``lowdose plan --protocol ID --start DATE --patient FILE``, and what is done with a plan: approve, hand out."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import click

from lowdose.cli.options import overrides, professional
from lowdose.cli.plan.asking import DRAWN, WRITTEN, amount, check_files

if TYPE_CHECKING:
    from lowdose.plan import Plan
    from lowdose.report.paper import Sheet

SAFETY_STOP = 5
_WHO = '"NAME, ROLE, REGISTRATION"'
_DAY = click.DateTime(formats=["%Y-%m-%d"])
_FILE = click.Path(path_type=Path, dir_okay=False)
_JSON = click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead of tables.")
_PLAN = click.argument("plan_file", metavar="PLAN.json", type=_FILE)
_OUT = click.option("-o", "--output", type=_FILE, required=True, help="File to write: .pdf, .svg or .png.")
_JSON_WRITTEN = click.option("--json", "as_json", is_flag=True, help="Print one JSON object: what was written.")
_EXAMPLES = """\b
lowdose plan list
lowdose plan --protocol standard --start 2026-12-01 --patient PATIENT.yaml -o plan.json -o plan.pdf
lowdose plan approve plan.json --by "A. Brown, physician, GMC 0000000"
lowdose plan calendar plan.json -o plan.ics
"""


class _MakeByDefault(click.Group):
    """A group whose first word may be an option: then a plan is made."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if args and args[0].startswith("-") and args[0] not in ctx.help_option_names:
            args = ["make", *args]
        return super().parse_args(ctx, args)


@click.group("plan", cls=_MakeByDefault, epilog=_EXAMPLES)
def command() -> None:
    """Make a dated plan for one person from a published protocol, approve it, and hand it out."""


@command.command("make")
@click.option("--protocol", required=True, help="Id or nickname: see 'lowdose plan list'.")
@click.option("--start", type=_DAY, required=True, metavar="YYYY-MM-DD", help="Day of the first dose.")
@click.option("--patient", "patient_file", type=_FILE, required=True, help="Patient file (.yaml).")
@click.option("--by", metavar=_WHO, help="Who approves it; without it the plan is a draft.")
@click.option("--override", "reasons", multiple=True, metavar='"RULE: WHY"', help="Go on in spite of it; needs --by.")
@click.option("--scheme", help="Which scheme, where the protocol has several.")
@click.option("--start-dose", type=amount("mg"), metavar="MG", help="Inside the source's range  [default: its lowest].")
@click.option("--step", type=amount("mg"), metavar="MG", help="Inside the source's range  [default: its smallest].")
@click.option("--interval", type=click.IntRange(1, 365), metavar="DAYS", help="Inside it  [default: its longest].")
@click.option("--ceiling", type=amount("mg"), metavar="MG", help="Highest dose; needed where the source names none.")
@click.option("--time", type=click.Choice(["bedtime", "morning"]), help="[default: as the source, else bedtime]")
@click.option("--form", type=click.Choice(["capsule", "solution"]), help="[default: as the source, else left open]")
@click.option(
    "--weight", type=amount("kg"), metavar="KG", help="For doses by weight  [default: as in the patient file]."
)
@click.option("--site", type=_FILE, help="Settings of this site, such as its stop before an operation (.yaml).")
@click.option("--on", type=_DAY, metavar="YYYY-MM-DD", help="Day on which it is made  [default: today].")
@click.option("-o", "--output", "outputs", type=_FILE, multiple=True, help="File to write: .json, .pdf, .svg, .png.")
@click.option("--ics", type=_FILE, help="Calendar to write (.ics); only with --by, else exit code 5.")
@_JSON
def make_(outputs: tuple[Path, ...], ics: Path | None, as_json: bool, **asked: Any) -> None:
    """Make a plan, as 'lowdose plan --protocol ...' does. Refused while the safety screen stands against it."""
    from datetime import date

    from lowdose.cli.plan import asking, showing
    from lowdose.plan import PlanRefused, make_plan, read_hold
    from lowdose.plan.outgoing.recording import record_plan, record_refusal
    from lowdose.safety import read_patient

    check_files(outputs, WRITTEN)
    check_files((ics,) if ics else (), (".ics",))
    by = professional(asked["by"])
    reasons = overrides(asked["reasons"], by)
    hold = read_hold(asked["site"]) if asked["site"] else None
    patient, start = read_patient(asked["patient_file"]), asked["start"].date()
    try:
        plan = make_plan(
            asked["protocol"], start=start, patient=patient, on=asked["on"].date() if asked["on"] else date.today(),
            by=by, overrides=reasons, choices=asking.choices(asked), hold=hold,
        )  # fmt: skip
    except PlanRefused as refused:
        record_refusal(refused, patient, protocol=asked["protocol"], start=start, by=by, overrides=reasons)
        if as_json:
            _print(showing.refusal_document(refused))
        else:
            showing.show_refusal(refused)
        click.get_current_context().exit(SAFETY_STOP)
    record_plan(plan, patient, overrides=reasons)
    for path in outputs:
        _write(plan, path)
    missing = _refused_calendar(plan, ics) if ics else {}
    if as_json:
        _print({**plan.document(), **missing})
    else:
        showing.show_plan(plan)
    click.get_current_context().exit(SAFETY_STOP if missing else 0)


@command.command("list")
@_JSON
def list_(as_json: bool) -> None:
    """List the published protocols with their sources, and which of them give a plan."""
    from lowdose.cli.plan import showing
    from lowdose.plan import protocols

    if as_json:
        known = [showing.protocol_document(one) for one in protocols()]
        _print({"schema": "lowdose.plan-list/1", **showing.standing(), "protocols": known})
    else:
        showing.show_protocols(protocols())


@command.command("show")
@click.argument("name", metavar="ID")
@_JSON
def show_(name: str, as_json: bool) -> None:
    """Show the protocol ID: every value as its source has it, and what the source does not say."""
    from lowdose.cli.plan import showing
    from lowdose.plan import protocol

    found = protocol(name)
    if as_json:
        _print({"schema": "lowdose.plan-protocol/1", **showing.standing(), **showing.protocol_document(found)})
    else:
        showing.show_protocol(found)


@command.command("approve")
@_PLAN
@click.option("--by", required=True, metavar=_WHO, help="Who answers for this plan.")
@click.option("-o", "--output", type=_FILE, help="File to write  [default: PLAN.json itself].")
@_JSON
def approve_(plan_file: Path, by: str, output: Path | None, as_json: bool) -> None:
    """Approve PLAN.json as it is. Any later change un-approves it."""
    from datetime import UTC, datetime

    from lowdose.audit import Professional
    from lowdose.cli.plan.showing import say
    from lowdose.plan import approve_file
    from lowdose.plan.outgoing.recording import record_approval

    written = output or plan_file
    check_files((written,), (".json",))
    plan = approve_file(plan_file, Professional.parse(by), datetime.now(UTC))
    record_approval(plan)
    _write(plan, written)
    if as_json:
        _print(plan.document())
    else:
        say(f"{plan.title}: {plan.standing}.", bold=True)
        say(f"plan {plan.digest[:12]}, patient {plan.patient}, start {plan.start}")


@command.command("calendar")
@_PLAN
@click.option("-o", "--output", type=_FILE, required=True, help="File to write: .ics.")
@_JSON_WRITTEN
def calendar_(plan_file: Path, output: Path, as_json: bool) -> None:
    """Write the calendar of an approved plan (iCalendar)."""
    from lowdose.plan import read_plan

    check_files((output,), (".ics",))
    plan = read_plan(plan_file)
    _write_calendar(plan, output)
    _say_written(plan, output, as_json)


@command.command("page")
@_PLAN
@_OUT
@_JSON_WRITTEN
def page_(plan_file: Path, output: Path, as_json: bool) -> None:
    """Draw the plan for the clinician: one page."""
    from lowdose.plan import read_plan

    check_files((output,), DRAWN)
    plan = read_plan(plan_file)
    _write(plan, output)
    _say_written(plan, output, as_json)


@command.command("leaflet")
@_PLAN
@_OUT
@_JSON_WRITTEN
def leaflet_(plan_file: Path, output: Path, as_json: bool) -> None:
    """Draw the patient's leaflet; only of an approved plan."""
    from lowdose.plan import read_plan
    from lowdose.report.paper.leaflet import leaflet_sheet

    check_files((output,), DRAWN)
    plan = read_plan(plan_file)
    _draw(leaflet_sheet(plan), output)
    _say_written(plan, output, as_json)


@command.command("card")
@_PLAN
@click.option(
    "--size",
    type=click.Choice(["card", "a4"]),
    default="card",
    show_default=True,
    help="Both sides as a bank card, or one page to cut and fold.",
)
@_OUT
@_JSON_WRITTEN
def card_(plan_file: Path, size: Literal["card", "a4"], output: Path, as_json: bool) -> None:
    """Draw the wallet card; only of an approved plan."""
    from datetime import date

    from lowdose.plan import read_plan
    from lowdose.plan.surgery import wallet_card
    from lowdose.report.paper.wallet import wallet_sheet

    check_files((output,), DRAWN)
    plan = read_plan(plan_file)
    _draw(wallet_sheet(wallet_card(plan), made=date.today(), size=size), output)
    _say_written(plan, output, as_json)


@command.command("consent")
@click.argument("plan_file", metavar="[PLAN.json]", type=_FILE, required=False)
@click.option("--protocol", metavar="ID", help="Before there is a plan: what is thought of; no dose of it is printed.")
@click.option("--condition", metavar="NAME", help="What it is for: its evidence is shown, as in 'lowdose evidence'.")
@click.option("--alternative", "alternatives", multiple=True, help="Another treatment that was talked about.")
@_OUT
@_JSON_WRITTEN
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
        _draw(sheet, output)
        if as_json:
            standing = {"plan": None, "protocol": found.id, "approved": False, "standing": NOT_APPROVED}
            _print({"schema": "lowdose.plan-written/1", **standing, "written": str(output)})
    elif plan_file is not None:
        plan = read_plan(plan_file)
        _draw(consent_sheet(plan, condition=condition, alternatives=alternatives), output)
        _say_written(plan, output, as_json)


@command.command("note")
@_PLAN
@_JSON
def note_(plan_file: Path, as_json: bool) -> None:
    """Print the note for the chart, plain text."""
    from lowdose.plan import read_plan
    from lowdose.report.paper.note import chart_note

    plan = read_plan(plan_file)
    if as_json:
        note = {"plan": plan.digest, "approved": plan.is_approved, "standing": plan.standing, "text": chart_note(plan)}
        _print({"schema": "lowdose.plan-note/1", **note})
    else:
        click.echo(chart_note(plan))


def _write(plan: Plan, path: Path) -> None:
    from lowdose.files import write_whole

    if path.suffix.lower() == ".json":
        from json import dumps

        write_whole(path, (dumps(plan.document(), indent=2, ensure_ascii=False) + "\n").encode())
        click.echo(f"written: {path}", err=True)
    else:
        from lowdose.report.paper.plan_page import plan_sheet

        _draw(plan_sheet(plan), path)


def _draw(sheet: Sheet, path: Path) -> None:
    from lowdose.report.paper import write

    for written in write(sheet, path):
        click.echo(f"written: {written}", err=True)


def _write_calendar(plan: Plan, path: Path) -> None:
    from lowdose.files import write_whole
    from lowdose.plan.outgoing.calendar import calendar

    write_whole(path, calendar(plan))
    click.echo(f"written: {path}", err=True)


def _refused_calendar(plan: Plan, path: Path) -> dict[str, Any]:
    """Write the calendar, or say why not: the field of the JSON that names what was asked for and not written."""
    from lowdose.plan import NotApproved
    from lowdose.plan.records.reading import NOT_WRITTEN

    try:
        _write_calendar(plan, path)
    except NotApproved as refused:
        older = f" The {path.name} that is there is older and left as it is." if path.exists() else ""
        click.echo(f"not written: {path}\n  {refused.what}.{older}\n  remedy: {refused.remedy}", err=True)
        return {NOT_WRITTEN: [{"file": str(path), "what": f"{refused.what}.{older}", "remedy": refused.remedy}]}
    return {}


def _say_written(plan: Plan, path: Path, as_json: bool) -> None:
    if as_json:
        standing = {"plan": plan.digest, "approved": plan.is_approved, "standing": plan.standing}
        _print({"schema": "lowdose.plan-written/1", **standing, "written": str(path)})


def _print(found: dict[str, Any]) -> None:
    from json import dumps

    click.echo(dumps(found, indent=2, ensure_ascii=False))
