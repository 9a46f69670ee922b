"""``lowdose simulate REGIMEN``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from lowdose.cli.options import RegimenCommand, run_options

_FILE = click.Path(path_type=Path, dir_okay=False)


@click.command("simulate", cls=RegimenCommand)
@click.argument("regimen")
@run_options
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead of a table.")
@click.option("--report", type=_FILE, help="Write an HTML report.")
@click.option("-o", "--output", type=_FILE, help="Write all trajectories: .parquet, .csv, .nc, or metrics: .json.")
@click.option("--records", type=_FILE, help="Write the event records (CSV), for another tool.")
@click.option("--individuals", type=_FILE, help="Write one row of parameters a person (CSV).")
@click.option(
    "--stream",
    "folder",
    type=click.Path(path_type=Path),
    metavar="FOLDER",
    help="For very many people: write one row a person, part by part. The same command again goes on after a stop.",
)
def command(
    regimen: str,
    run: Any,
    as_json: bool,
    report: Path | None,
    output: Path | None,
    records: Path | None,
    individuals: Path | None,
    folder: Path | None,
) -> None:
    """Predict what REGIMEN does in the body.

    REGIMEN is words, such as "4.5 mg nightly at 22:00 for 12 weeks", or a .yaml, .json or .csv file.
    """
    from lowdose.cli.terminal import show_run, warn
    from lowdose.results import tables

    files = [path for path in (report, output, records, individuals) if path is not None]
    for path in files:
        tables.check_folder(path)
    if output is not None:
        tables.check_ending(output)
    if folder is not None:
        if files:
            raise click.UsageError("with --stream no trajectories are kept, so no other file can be written")
        _stream(run, regimen, folder, as_json)
        return
    result = run(regimen)
    if output is not None:
        tables.save(result, output)
    if records is not None:
        tables.write_records(result, records)
    if individuals is not None:
        tables.write_individuals(result, individuals)
    if report is not None:
        from lowdose.report import write
        from lowdose.simulation import rivals

        write(result, rivals(result), report)
    if as_json:
        from lowdose.results.document import document

        warn(result.warnings)
        _print(document(result))
    else:
        show_run(result)
    for path in files:
        click.echo(f"written: {path}", err=True)


def _stream(run: Any, regimen: str, folder: Path, as_json: bool) -> None:
    from lowdose.cli.terminal import say_how_to_go_on, show_run, warn
    from lowdose.results.document import population_document

    try:
        population = run.stream(regimen, folder)
    except KeyboardInterrupt as error:
        say_how_to_go_on(folder, error)
    if as_json:
        warn(population.warnings)
        _print(population_document(population))
    else:
        show_run(population)
    click.echo(f"one row a person in {folder}: {population.people} rows", err=True)


def _print(document: dict[str, Any]) -> None:
    from json import dumps

    click.echo(dumps(document, indent=2, ensure_ascii=False))
