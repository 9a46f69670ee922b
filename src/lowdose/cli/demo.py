"""``lowdose demo``: the main job, once, as a report."""

from __future__ import annotations

from pathlib import Path

import click

REGIMEN = "4.5 mg nightly at 22:00 for 4 weeks"


@click.command("demo")
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    default=Path("lowdose-demo.html"),
    show_default=True,
    help="Where the report goes.",
)
@click.option("--people", type=click.IntRange(1, 100_000), default=100, show_default=True, help="Persons drawn.")
def command(output: Path, people: int) -> None:
    """Write a report on 4.5 mg every night: what it does, hour by hour."""
    from os import cpu_count

    from lowdose import rivals, simulate
    from lowdose.cli.terminal import progress_bar, show_run
    from lowdose.report import write
    from lowdose.results.tables import check_folder

    check_folder(output)
    with progress_bar(REGIMEN, people) as progress:
        result = simulate(REGIMEN, people=people, workers=cpu_count() or 1, progress=progress)
    write(result, rivals(result), output)
    show_run(result)
    click.echo(f"\nReport: {output.absolute()}")
