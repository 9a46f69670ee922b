"""``lowdose model list | show PARAMETER | export``."""

from __future__ import annotations

from pathlib import Path

import click


@click.group("model")
def command() -> None:
    """List, show and export the model's parameters and hypotheses."""


@command.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead of tables.")
def list_(as_json: bool) -> None:
    """List the hypotheses and every parameter."""
    from lowdose.model import hypothesis, hypothesis_names, parameters

    if as_json:
        from json import dumps

        document = {
            "schema": "lowdose.model/1",
            "hypotheses": {n: hypothesis(n).model_dump(mode="json") for n in hypothesis_names()},
            "parameters": {s: p.model_dump(mode="json") for s, p in parameters().items()},
        }
        click.echo(dumps(document, indent=2, ensure_ascii=False))
        return
    from rich import box
    from rich.table import Table

    from lowdose.cli.terminal import show

    rivals = Table("kinetics", "what it says", box=box.SIMPLE_HEAD, pad_edge=False)
    for name in hypothesis_names():
        rivals.add_row(name, hypothesis(name).sentence)
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("symbol")
    table.add_column("value", justify="right")
    for heading in ("unit", "provenance", "grade", "what it is"):
        table.add_column(heading)
    for symbol, parameter in parameters().items():
        if not parameter.constant:
            row = (f"{parameter.value:g}", parameter.unit, parameter.provenance, parameter.grade, parameter.name)
            table.add_row(symbol, *row)
    show(rivals, table)


@command.command()
@click.argument("parameter")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def show(parameter: str, as_json: bool) -> None:
    """Show one PARAMETER: value, unit, both spreads, source, provenance, grade."""
    from lowdose.model import parameters

    found = parameters()[parameter]
    content = found.model_dump(mode="json")
    if as_json:
        from json import dumps

        click.echo(
            dumps({"schema": "lowdose.parameter/1", "symbol": parameter, **content}, indent=2, ensure_ascii=False)
        )
        return
    click.echo(f"{parameter} = {found.value:g} {found.unit}   {found.name}")
    for field in ("provenance", "grade", "species", "source", "url", "between_person", "uncertainty", "limits", "note"):
        if content[field]:
            words = content[field]
            if isinstance(words, dict):
                words = ", ".join(f"{key} {value}" for key, value in words.items())
            click.echo(f"  {field.replace('_', ' ')}: {words}")


@command.command()
@click.option("--hypothesis", "name", metavar="KINETICS", help="Which kinetics; the default when left out.")
@click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), required=True)
def export(name: str | None, output: Path) -> None:
    """Write the whole model as SBML Level 3 Version 2, with its sources."""
    from lowdose.model import assemble
    from lowdose.results.tables import check_folder

    check_folder(output)
    output.write_text(assemble(name), encoding="utf-8")
    click.echo(f"written: {output}", err=True)
