"""``lowdose hypotheses score``: rivals that learned from some studies, held against the others."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from lowdose.cli.mechanisms import experiments

if TYPE_CHECKING:
    from lowdose.calibrate.occupancy import Scores

HALVES = ("occupancy", "mechanism")
"""What can be scored."""


@click.group("hypotheses")
def command() -> None:
    """Score the rival hypotheses on data they have not seen."""


@command.command()
@click.option("--only", type=click.Choice(HALVES), help="Score one half of the hypotheses; all when left out.")
@click.option("--seed", type=click.IntRange(0), default=1, show_default=True, help="Of the sampler.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, file_okay=False),
    help="Also write scoring.md, mechanisms.md and their figures into this folder.",
)
def score(only: str | None, seed: int, as_json: bool, output: Path | None) -> None:
    """Kinetics: leave one study of scans out at a time. Mechanisms: hold trials out whole."""
    from lowdose.calibrate import occupancy
    from lowdose.cli import mechanisms
    from lowdose.cli.terminal import progress_bar
    from lowdose.report.scoring import write_scoring

    found = None
    if only != "mechanism":
        with progress_bar("scoring", 1) as progress:
            found = occupancy.score(seed=seed, progress=progress)
    trials = mechanisms.scored(seed) if only != "occupancy" else None
    if as_json:
        from json import dumps

        halves = {"occupancy": found and occupancy.document(found), "mechanism": trials and mechanisms.document(trials)}
        made = {name: half for name, half in halves.items() if half}
        document = {"schema": "lowdose.hypotheses-score/1", "inputs": {"only": only, "seed": seed}}
        for half in made.values():
            document |= half
        document["manifest"] = {"seed": seed, **{name: half["manifest"] for name, half in made.items()}}
        click.echo(dumps(document, indent=2, ensure_ascii=False))
    else:
        if found is not None:
            _show(found)
        if trials is not None:
            mechanisms.table(trials)
    if output is not None and found is not None:
        click.echo(f"written: {write_scoring(found, output)}", err=True)
    if output is not None and trials is not None:
        click.echo(f"written: {mechanisms.write(trials, output)}", err=True)


command.add_command(experiments)


def _show(found: Scores) -> None:
    from rich import box
    from rich.table import Table

    from lowdose.cli.terminal import show
    from lowdose.report.scoring import LIMITS, rows

    headings, *content = rows(found)
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for i, heading in enumerate(headings):
        table.add_column(heading, justify="right" if i else "left")
    for row in content:
        table.add_row(*row)
    show("[bold]Human scans of µ receptors, each study predicted from the others[/bold]", table, LIMITS)
