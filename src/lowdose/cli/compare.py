"""``lowdose compare REGIMEN REGIMEN ...``."""

from __future__ import annotations

from typing import Any

import click

from lowdose.cli.options import RegimenCommand, run_options


@click.command("compare", cls=RegimenCommand)
@click.argument("regimens", nargs=-1, required=True)
@run_options
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead of a table.")
def command(regimens: tuple[str, ...], run: Any, as_json: bool) -> None:
    """Lay several regimens side by side, for the same person and hypothesis."""
    from lowdose.cli.terminal import show, summary, warn

    if len(regimens) < 2:
        raise click.UsageError("give at least two regimens, each in quotes")
    results = [run(regimen) for regimen in regimens]
    for result in results:
        warn([f"{result.regimen.canonical}: {warning}" for warning in result.warnings])
    if as_json:
        from json import dumps

        from lowdose.results.document import document

        runs = [document(result) for result in results]
        click.echo(dumps({"schema": "lowdose.compare/1", "runs": runs}, indent=2, ensure_ascii=False))
    else:
        show(f"hypothesis {results[0].hypothesis.name}: {results[0].hypothesis.sentence}", summary(results))
