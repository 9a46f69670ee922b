"""``lowdose emergency PLAN.json --last-dose "2026-12-10 22:00"``: the page for the team that treats someone now."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from lowdose.cli.plan.writing import draw, print_json
from lowdose.cli.surgery import MOMENT, block_table, say_standing, setting_for

if TYPE_CHECKING:
    from lowdose.plan.records.plan import Plan
    from lowdose.plan.surgery import EmergencyPage


@click.command("emergency")
@click.argument("file", metavar="PLAN.json", type=click.Path(path_type=Path))
@click.option("--last-dose", type=MOMENT, metavar='"DATE HH:MM"', help="When naltrexone was taken last, if known.")
@click.option("--now", type=MOMENT, metavar='"DATE HH:MM"', help="As seen from then  [default: this minute].")
@click.option("--crcl", type=float, help="Creatinine clearance for the prediction, mL/min  [default: the plan's].")
@click.option(
    "--child-pugh",
    type=click.Choice(["A", "B", "C"]),
    help="Class of cirrhosis, for the prediction  [default: the plan's].",
)
@click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), help="Write it: .pdf, .png or .svg.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead of words.")
def command(
    file: Path,
    last_dose: datetime | None,
    now: datetime | None,
    crcl: float | None,
    child_pugh: str | None,
    output: Path | None,
    as_json: bool,
) -> None:
    """Say what matters when someone on naltrexone needs pain relief or anaesthesia now. No opioid dose is named."""
    from lowdose.plan import read_plan
    from lowdose.plan.surgery import document, emergency_page

    plan = read_plan(file)
    found = emergency_page(plan, last_taken=last_dose, now=now, setting=setting_for(plan, crcl, child_pugh))
    if output is not None:
        from lowdose.report.paper.emergency import emergency_sheet

        draw(emergency_sheet(found, made=(now or datetime.now()).date()), output)
    inputs = {
        "plan": found.plan_sha256,
        "last_dose": last_dose.isoformat() if last_dose else None,
        "now": now.isoformat() if now else None,
        "crcl": crcl,
        "child_pugh": child_pugh,
    }
    if as_json:
        print_json({**document(found), "inputs": inputs})
    else:
        _say(found)
    _record(plan, found, inputs)


def _say(found: EmergencyPage) -> None:
    from rich.markup import escape

    from lowdose.cli.terminal import show

    show(f"[bold red]NALTREXONE ON BOARD[/]  [bold]{escape(found.last_dose_words)}[/bold]", escape(found.dose), "")
    show(*(f"[bold]{number}[/bold] {escape(step)}" for number, step in enumerate(found.steps, 1)))
    show(*(f"[bold red]![/] {escape(warning)}" for warning in found.warnings))
    _listed("Naloxone", tuple(_marked(said, found.not_confirmed) for said in found.naloxone))
    _listed("What the simulator expects", found.predicted_sentences)
    if found.predicted:
        show(block_table(found.predicted))
    say_standing(found.standing, found.reviewed, found.not_known)


def _marked(said: str, not_confirmed: tuple[str, ...]) -> str:
    return next((one for one in not_confirmed if one.startswith(said)), said)


def _listed(heading: str, sentences: tuple[str, ...]) -> None:
    from rich.markup import escape

    from lowdose.cli.terminal import show

    if sentences:
        show("", f"[bold]{heading}[/bold]", *(f"• {escape(sentence)}" for sentence in sentences))


def _record(plan: Plan, found: EmergencyPage, inputs: dict[str, Any]) -> None:
    """Kept as well as can be, after the page is out: nobody waits for a log in an emergency."""
    from lowdose.audit import record
    from lowdose.cli.terminal import warn
    from lowdose.errors import LowdoseError

    versions = {"rules": plan.rule_set, "model": found.predicted.model_hash if found.predicted else ""}
    try:
        record("emergency", outcome="shown", patient=plan.patient, inputs=inputs, fired=("OPI-019",), versions=versions)
    except LowdoseError as error:
        warn([f"this was not recorded: {error.what}"])
