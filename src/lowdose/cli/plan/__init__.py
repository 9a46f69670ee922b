"""``lowdose plan --protocol ID --start DATE --patient FILE``, and what is done with a plan: approve, hand out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from lowdose.cli.options import overrides, professional
from lowdose.cli.plan.asking import FILE, JSON, PLAN, WRITTEN, amount, check_files
from lowdose.cli.plan.handing_out import COMMANDS
from lowdose.cli.plan.writing import print_json, refused_calendar, write_plan
from lowdose.errors import SafetyStop

_WHO = '"NAME, ROLE, REGISTRATION"'
_DAY = click.DateTime(formats=["%Y-%m-%d"])
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
@click.option("--patient", "patient_file", type=FILE, required=True, help="Patient file (.yaml).")
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
@click.option("--site", type=FILE, help="Settings of this site, such as its stop before an operation (.yaml).")
@click.option("--on", type=_DAY, metavar="YYYY-MM-DD", help="Day on which it is made  [default: today].")
@click.option("-o", "--output", "outputs", type=FILE, multiple=True, help="File to write: .json, .pdf, .svg, .png.")
@click.option("--ics", type=FILE, help="Calendar to write (.ics); only with --by, else exit code 5.")
@JSON
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
            print_json(showing.refusal_document(refused))
        else:
            showing.show_refusal(refused)
        click.get_current_context().exit(SafetyStop.exit_code)
    record_plan(plan, patient, overrides=reasons)
    for path in outputs:
        write_plan(plan, path)
    missing = refused_calendar(plan, ics) if ics else {}
    if as_json:
        print_json({**plan.document(), **missing})
    else:
        showing.show_plan(plan)
    click.get_current_context().exit(SafetyStop.exit_code if missing else 0)


@command.command("list")
@JSON
def list_(as_json: bool) -> None:
    """List the published protocols with their sources, and which of them give a plan."""
    from lowdose.cli.plan import showing
    from lowdose.plan import protocols

    if as_json:
        known = [showing.protocol_document(one) for one in protocols()]
        print_json({"schema": "lowdose.plan-list/1", **showing.standing(), "protocols": known})
    else:
        showing.show_protocols(protocols())


@command.command("show")
@click.argument("name", metavar="ID")
@JSON
def show_(name: str, as_json: bool) -> None:
    """Show the protocol ID: every value as its source has it, and what the source does not say."""
    from lowdose.cli.plan import showing
    from lowdose.plan import protocol

    found = protocol(name)
    if as_json:
        print_json({"schema": "lowdose.plan-protocol/1", **showing.standing(), **showing.protocol_document(found)})
    else:
        showing.show_protocol(found)


@command.command("approve")
@PLAN
@click.option("--by", required=True, metavar=_WHO, help="Who answers for this plan.")
@click.option("-o", "--output", type=FILE, help="File to write  [default: PLAN.json itself].")
@JSON
def approve_(plan_file: Path, by: str, output: Path | None, as_json: bool) -> None:
    """Approve PLAN.json as lowdose wrote it; one that was changed is refused. Any later change un-approves it."""
    from datetime import UTC, datetime

    from lowdose.audit import Professional
    from lowdose.cli.plan.showing import say
    from lowdose.plan import approve_file
    from lowdose.plan.outgoing.recording import record_approval

    written = output or plan_file
    check_files((written,), (".json",))
    plan = approve_file(plan_file, Professional.parse(by), datetime.now(UTC))
    record_approval(plan)
    write_plan(plan, written)
    if as_json:
        print_json(plan.document())
    else:
        say(f"{plan.title}: {plan.standing}.", bold=True)
        say(f"plan {plan.digest[:12]}, patient {plan.patient}, start {plan.start}")


for one in COMMANDS:
    command.add_command(one)
