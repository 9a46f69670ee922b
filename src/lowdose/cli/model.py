"""``lowdose model list | show PARAMETER | diagram | equations | export``."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from lowdose.exchange import Structure

_hypothesis = click.option(
    "--hypothesis", "name", metavar="KINETICS[+MECHANISM]", help="Which hypothesis; the default kinetics if left out."
)
_FILE = click.Path(path_type=Path, dir_okay=False)


@click.group("model")
def command() -> None:
    """List, show, draw, write out and export the model."""


@command.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead of tables.")
def list_(as_json: bool) -> None:
    """List the hypotheses and every parameter."""
    from lowdose.model import hypothesis, hypothesis_names, mechanism_names, parameters

    mechanisms = {n: half for n in mechanism_names() if (half := hypothesis(n).mechanism) is not None}
    if as_json:
        from json import dumps

        document = {
            "schema": "lowdose.model/1",
            "hypotheses": {n: hypothesis(n).kinetics.model_dump(mode="json") for n in hypothesis_names()},
            "mechanisms": {n: half.model_dump(mode="json") for n, half in mechanisms.items()},
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
    seconds = Table("mechanism", "what it says", box=box.SIMPLE_HEAD, pad_edge=False)
    for name, half in mechanisms.items():
        seconds.add_row(name, half.sentence)
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("symbol")
    table.add_column("value", justify="right")
    for heading in ("unit", "provenance", "grade", "what it is"):
        table.add_column(heading)
    for symbol, parameter in parameters().items():
        if not parameter.constant:
            row = (f"{parameter.value:g}", parameter.unit, parameter.provenance, parameter.grade, parameter.name)
            table.add_row(symbol, *row)
    show(rivals, seconds, table)


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
@_hypothesis
@click.option("-o", "--output", type=_FILE, help="A .svg, .png or .pdf file; <hypothesis>.svg if left out.")
@click.option("--json", "as_json", is_flag=True, help="Print modules, quantities and links; draw only with -o.")
def diagram(name: str | None, output: Path | None, as_json: bool) -> None:
    """Draw what acts on what: modules, quantities, and how well each link is known."""
    from lowdose import charts
    from lowdose.errors import InvalidInput
    from lowdose.exchange import structure
    from lowdose.exchange.picture import document, picture
    from lowdose.results.tables import check_folder

    writers = {".svg": lambda spec: charts.to_svg(spec).encode(), ".png": charts.to_png, ".pdf": charts.to_pdf}
    if output is not None:
        check_folder(output)
        if output.suffix not in writers:
            raise InvalidInput(
                f"{output.name} is no kind of picture", where="-o", remedy=f"end its name in {' or '.join(writers)}"
            )
    model = structure(name)
    if as_json:
        _say_json("lowdose.model-diagram/1", model, document(model))
        if output is None:
            return
    output = output or Path(f"{model.hypothesis.name}.svg")
    check_folder(output)
    output.write_bytes(writers[output.suffix](picture(model)))
    click.echo(f"written: {output}", err=True)


@command.command()
@_hypothesis
@click.option("--format", "form", type=click.Choice(["text", "markdown", "html"]), default="text", show_default=True)
@click.option("-o", "--output", type=_FILE, help="Write to this file instead of the terminal.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def equations(name: str | None, form: str, output: Path | None, as_json: bool) -> None:
    """Write out every equation with the values, units, grades and sources of its numbers."""
    from lowdose.exchange import structure
    from lowdose.exchange.equations import FORMS, document

    if as_json:
        model = structure(name)
        _say_json("lowdose.model-equations/1", model, document(model))
        return
    _write(lambda: FORMS[form](structure(name)), output)


@command.command()
@_hypothesis
@click.option(
    "--format",
    "form",
    metavar="sbml|mrgsolve|rxode2|nonmem",
    default="sbml",
    show_default=True,
    help="SBML Level 3 Version 2, or model code for another program.",
)
@click.option("-o", "--output", type=_FILE, help="Write to this file instead of the terminal.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object that holds the text.")
def export(name: str | None, form: str, output: Path | None, as_json: bool) -> None:
    """Export the whole model with its units and sources, for other programs."""
    from lowdose.exchange import export as written
    from lowdose.exchange import structure

    if as_json:
        _say_json("lowdose.model-export/1", structure(name), {"format": form, "text": written(name, form)})
        return
    _write(lambda: written(name, form), output)


def _write(make: Callable[[], str], output: Path | None) -> None:
    """A text to a file, whose folder is looked at before any work, or to the terminal."""
    from lowdose.results.tables import check_folder

    if output is None:
        click.echo(make(), nl=False)
        return
    check_folder(output)
    output.write_text(make(), encoding="utf-8")
    click.echo(f"written: {output}", err=True)


def _say_json(schema: str, model: Structure, content: dict[str, Any]) -> None:
    from hashlib import sha256
    from importlib.metadata import version
    from json import dumps

    found = {
        "schema": schema,
        "versions": {"lowdose": version("lowdose")},
        "model": {
            "sbml_sha256": sha256(model.sbml.encode()).hexdigest(),
            "hypothesis": model.hypothesis.name,
            "sentence": model.hypothesis.sentence,
        },
        **content,
    }
    click.echo(dumps(found, indent=2, ensure_ascii=False))
