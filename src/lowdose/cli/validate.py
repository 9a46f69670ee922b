"""``lowdose validate``: the model against published data."""

from __future__ import annotations

from pathlib import Path

import click


@click.command("validate")
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("docs"),
    show_default=True,
    help="Folder for validation.md and its figures.",
)
@click.option("--people", type=click.IntRange(2, 100_000), default=100, show_default=True, help="Persons an interval.")
@click.option("--seed", type=click.IntRange(0), default=1, show_default=True, help="Of the random numbers.")
def command(output: Path, people: int, seed: int) -> None:
    """Compare the model with published blood levels and receptor scans, and write what holds and what fails."""
    from os import cpu_count

    from lowdose.calibrate import validate
    from lowdose.cli.terminal import progress_bar, show
    from lowdose.model import hypothesis_names
    from lowdose.opioids import compare_challenges
    from lowdose.report.validation import write_validation

    with progress_bar("comparing", people) as progress:
        found = validate(people, seed, workers=cpu_count() or 1, progress=progress)
    challenged = compare_challenges(people)
    page = write_validation(found, output, challenged)
    for role in ("fitted", "predicted"):
        rows = found.of_role(role)
        show(f"blood levels, {role}: {sum(c.is_inside for c in rows)} of {len(rows)} inside the 90 % interval")
    for kinetics in hypothesis_names():
        show(f"scans, {kinetics}: error {found.root_mean_square(kinetics):.1f} points over µ scans")
    click.echo(f"written: {page}", err=True)
