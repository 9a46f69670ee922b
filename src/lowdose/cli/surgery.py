"""``lowdose surgery PLAN.json --at "2027-01-15 08:00"``: stop before an operation, start again after it."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from lowdose.cli.plan.writing import draw, print_json
from lowdose.errors import SafetyStop

if TYPE_CHECKING:
    from lowdose.plan import Hold, Plan
    from lowdose.plan.records.block import BlockAfter
    from lowdose.plan.surgery import Restart, SurgeryPlan

MOMENT = click.DateTime(["%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M"])
_DAY = click.DateTime(["%Y-%m-%d"])
_FILE = click.Path(path_type=Path, dir_okay=False)


@click.command("surgery")
@click.argument("file", metavar="PLAN.json", type=click.Path(path_type=Path))
@click.option("--at", type=MOMENT, required=True, metavar='"DATE HH:MM"', help="When the operation is.")
@click.option(
    "--hold-hours", type=float, help="Another stop than the plan has; needs --reason, and --by if it is short."
)
@click.option("--reason", default="", help="Why another stop.")
@click.option("--by", metavar='"NAME, ROLE, REGISTRATION"', help="Who answers for another stop.")
@click.option("--site", type=_FILE, help="Settings of another site: schema lowdose.surgery.site/1.")
@click.option("--last-dose", type=MOMENT, metavar='"DATE HH:MM"', help="When naltrexone was really taken last.")
@click.option("--now", type=MOMENT, metavar='"DATE HH:MM"', help="As seen from then  [default: this minute].")
@click.option("--restart", "restart_on", type=_DAY, metavar="DATE", help="Ask about starting again on that day.")
@click.option("--no-opioid", is_flag=True, help="With --restart: no opioid was given.")
@click.option("--opioid", "opioids", multiple=True, metavar='"NAME FORM, DATE"',
              help="With --restart: an opioid that was given, and its last day. May be repeated.")  # fmt: skip
@click.option("--crcl", type=float, help="Creatinine clearance for the prediction, mL/min  [default: the plan's].")
@click.option(
    "--child-pugh",
    type=click.Choice(["A", "B", "C"]),
    help="Class of cirrhosis, for the prediction  [default: the plan's].",
)
@click.option("-o", "--output", type=_FILE, help="Write it as a document: .pdf, .png or .svg.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead of words.")
def command(
    file: Path,
    at: datetime,
    last_dose: datetime | None,
    now: datetime | None,
    restart_on: datetime | None,
    no_opioid: bool,
    opioids: tuple[str, ...],
    output: Path | None,
    as_json: bool,
    **options: Any,
) -> None:
    """Say when to stop naltrexone before an operation and when to take it again. The dated rule decides.

    What the simulator expects stands beside it; it explains, and never shortens the stop or permits anything. Exit code
    5: the stop was not kept, or nobody knows.
    """
    from lowdose.errors import InvalidInput
    from lowdose.plan import read_plan
    from lowdose.plan.surgery import document, surgery_plan

    _check(restart_on, no_opioid, opioids)
    if at < (now or datetime.now()) and restart_on is None:
        raise InvalidInput(
            f"the operation on {at:%Y-%m-%d %H:%M} is past", where="--at",
            remedy="ask about taking naltrexone again: --restart DATE, with every --opioid, or --no-opioid",
        )  # fmt: skip
    plan, hold = read_plan(file), _hold(**{name: options[name] for name in ("hold_hours", "reason", "by", "site")})
    setting = setting_for(plan, options["crcl"], options["child_pugh"])
    found = surgery_plan(plan, at=at, hold=hold, last_taken=last_dose, now=now, setting=setting)
    again = _restart(plan, found, restart_on, no_opioid, opioids)
    inputs = _inputs(found, now, restart_on, no_opioid, opioids, options)
    _record(plan, found, again, inputs)
    made = (now or datetime.now()).date()
    if output is not None:
        from lowdose.report.paper.surgery import surgery_sheet

        draw(surgery_sheet(found, made=made), output)
    if as_json:
        print_json({**document(found), "restart_asked": document(again) if again else None, "inputs": inputs})
    else:
        _say(found, again)
    stands = found.kept and (again is None or again.kind in ("same-dose", "titrate-again"))
    click.get_current_context().exit(0 if stands else SafetyStop.exit_code)


def _check(restart_on: datetime | None, no_opioid: bool, opioids: tuple[str, ...]) -> None:
    if (no_opioid or opioids) and restart_on is None:
        raise click.UsageError("--no-opioid and --opioid need --restart: the day that is asked about")
    if no_opioid and opioids:
        raise click.UsageError("--no-opioid and --opioid say different things")


def _hold(hold_hours: float | None, reason: str, by: str | None, site: Path | None) -> Hold | None:
    """Another stop than that of the plan, where one is asked for."""
    from lowdose.audit import Professional
    from lowdose.plan import Hold, read_hold

    if site is not None:
        if hold_hours is not None or reason or by:
            raise click.UsageError("--site and --hold-hours, --reason, --by say the same thing twice")
        return read_hold(site)
    if hold_hours is None:
        if reason or by:
            raise click.UsageError("--reason and --by need --hold-hours")
        return None
    return Hold(hold_hours, reason, Professional.parse(by) if by else None)


def setting_for(plan: Plan, crcl: float | None, child_pugh: Any) -> Any:
    """Whose prediction: the person of the plan, with the kidneys and liver that were given."""
    from dataclasses import replace

    from lowdose.plan.foreseen.blockade import setting_of

    setting = setting_of(plan)
    known = setting.person
    person = replace(known, crcl=crcl or known.crcl, child_pugh=child_pugh or known.child_pugh)
    return replace(setting, person=person)


def _restart(
    plan: Plan, found: SurgeryPlan, on: datetime | None, no_opioid: bool, opioids: tuple[str, ...]
) -> Restart | None:
    from lowdose.errors import InvalidInput
    from lowdose.plan.surgery import restart

    if on is None:
        return None
    last = found.last_taken or found.last_dose
    if last is None:
        raise InvalidInput(
            "by the plan nothing is known to be taken before the operation", where="--restart",
            remedy="say when the last dose really was, with --last-dose, or begin the plan",
        )  # fmt: skip
    given = False if no_opioid else True if opioids else None
    taken = [_taken(written) for written in opioids]
    return restart(plan, last.date(), on=on.date(), opioid_given=given, taken=taken)


def _taken(written: str) -> Any:
    """One opioid as the option has it: name and form, a comma, the last day; without a day nobody knows when."""
    from lowdose.safety.asking.answers import parse_medicine
    from lowdose.safety.medicines import recognise
    from lowdose.safety.washout import Taken

    entry = parse_medicine(written, active=False)
    recognition = recognise(entry["name"])
    return Taken(recognition, active=False, form=recognition.form, last_taken=entry.get("last_taken"))


def _inputs(
    found: SurgeryPlan,
    now: datetime | None,
    restart_on: datetime | None,
    no_opioid: bool,
    opioids: tuple[str, ...],
    options: dict[str, Any],
) -> dict[str, Any]:
    """All that was asked with, plain."""
    moments = {"at": found.surgery, "last_dose": found.last_taken, "now": now, "restart": restart_on}
    return {
        "plan": found.plan_sha256,
        **{name: moment.isoformat() if moment else None for name, moment in moments.items()},
        "no_opioid": no_opioid,
        "opioids": list(opioids),
        "hold_hours": found.hold.hours,
        "reason": found.hold.reason,
        "by": str(found.hold.by) if found.hold.by else None,
        "crcl": options["crcl"],
        "child_pugh": options["child_pugh"],
    }


def _record(plan: Plan, found: SurgeryPlan, again: Restart | None, inputs: dict[str, Any]) -> None:
    from lowdose.audit import record

    outcome = {True: "stop kept", False: "stop not kept", None: "stop not known"}[found.kept]
    record(
        "surgery",
        outcome=f"{outcome}; restart {again.kind}" if again else outcome,
        patient=plan.patient,
        by=found.hold.by,
        inputs=inputs,
        fired=("OPI-018",) if found.kept is False else (),
        not_checked=("OPI-018",) if found.kept is None else (),
        versions={"rules": plan.rule_set, "model": found.predicted.model_hash if found.predicted else ""},
    )


def _say(found: SurgeryPlan, again: Restart | None) -> None:
    from rich.markup import escape

    from lowdose.cli.terminal import show

    first, *others, sources = found.sentences
    mark = (
        "[bold]STOP[/bold]"
        if found.kept
        else "[bold red]NOT KEPT[/]"
        if found.kept is False
        else "[bold red]NOT KNOWN[/]"
    )
    show(f"{mark}  [bold]{escape(first)}[/bold]", *map(escape, others))
    if found.anaesthetist:
        longer = (escape(found.longer_stop),) if found.longer_stop else ()
        show(f"[bold]For the anaesthetist:[/bold] {escape(found.anaesthetist)}", *longer)
    show("", "[bold]Taking it again[/bold]", *(f"• {escape(said)}" for said in (again or found.restart).sentences))
    if found.predicted:
        show("", "[bold]What the simulator expects[/bold]", *map(escape, found.predicted_sentences))
        show(block_table(found.predicted))
    show("", "[bold]The sources[/bold]", escape(sources))
    for caution in found.cautions:
        show(f"[bold red]![/] {escape(caution)}")
    say_standing(found.standing, found.reviewed, found.not_known)


def say_standing(standing: str, reviewed: bool, not_known: tuple[str, ...]) -> None:
    """What is not known, who approved the plan, and whether the rules were reviewed."""
    from rich.markup import escape

    from lowdose.cli.terminal import show
    from lowdose.report.paper.press import not_reviewed

    show("", "[bold]What is not known[/bold]", *(f"• {escape(sentence)}" for sentence in not_known))
    show("", f"[bold]{escape(standing)}[/bold]", *([] if reviewed else [f"{not_reviewed()}."]))


def block_table(predicted: BlockAfter) -> Any:
    """The predicted block at each hour after the last dose."""
    from rich import box
    from rich.table import Table

    from lowdose.spoken import share_words

    headings = ("hours after the last dose", "µ blocked in the brain, median", "9 in 10 people", "over all rivals")
    table = Table(*headings, box=box.SIMPLE_HEAD, pad_edge=False, header_style="bold")
    for one in predicted.at:
        band = f"{share_words(one.low)} to {share_words(one.high)}"
        rivals = f"{share_words(one.lowest)} to {share_words(one.highest)}"
        table.add_row(f"{one.hours:.3g}", share_words(one.median), band, rivals)
    return table
