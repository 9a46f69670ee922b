"""``lowdose people list | show NAME | make``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from lowdose.people import People

_PICTURES = (".svg", ".png", ".pdf")
_MOST = 1_000_000
_JSON = click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead of a table.")
_SHOWN = ("age", "height", "weight", "bmi", "serum_creatinine", "crcl", "F", "CL", "V1", "CLm_renal", "EC50_mu")


@click.group("people")
def command() -> None:
    """Draw virtual people from published populations, and show what they are drawn from."""


@command.command("list")
@_JSON
def list_(as_json: bool) -> None:
    """List the populations, patterns of adherence and sets of covariate relations."""
    from lowdose.people import pattern, pattern_names, population, population_names
    from lowdose.people.covariates import relations

    if as_json:
        _print(
            {
                "schema": "lowdose.populations-list/1",
                "populations": {name: population(name).title for name in population_names()},
                "adherence": {name: pattern(name).title for name in pattern_names()},
                "relations": {name: one.sentence for name, one in relations().sets.items()},
            }
        )
        return
    from lowdose.cli.terminal import show

    show(
        _table("population", {name: population(name).title for name in population_names()}),
        _table("--adherence", {name: pattern(name).title for name in pattern_names()}),
        _table("--relations", {name: one.sentence for name, one in relations().sets.items()}),
    )


@command.command("show")
@click.argument("name")
@_JSON
def show_(name: str, as_json: bool) -> None:
    """Show the population NAME: every distribution, bound and correlation with its source."""
    from lowdose.people import population
    from lowdose.people.covariates import relations
    from lowdose.people.differences import variability

    found = population(name)
    content = {
        "population": found.model_dump(mode="json"),
        "variability": variability().model_dump(mode="json", by_alias=True),
        "relations": relations().model_dump(mode="json", by_alias=True),
    }
    if as_json:
        _print({"schema": "lowdose.population-source/1", "name": name, **content})
        return
    from rich import box
    from rich.table import Table

    from lowdose.cli.terminal import show

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, title=found.title, title_justify="left")
    for heading in ("covariate", "value", "provenance", "grade", "source"):
        table.add_column(heading)
    for row in _rows(content["population"]):
        table.add_row(*row)
    show(table)
    for one in relations().no_effect:
        show(f"• {one.covariate}: no effect ({one.provenance}; {one.source})")


@command.command("make")
@click.option("-n", "number", type=click.IntRange(1, _MOST), required=True, help="How many people.")
@click.option(
    "-o", "--output", type=click.Path(path_type=Path, dir_okay=False), help="Write one row a person: .parquet."
)
@click.option("--seed", type=click.IntRange(0), default=1, show_default=True, help="Of the random numbers.")
@click.option("--population", default="healthy-adults", show_default=True, help="See 'lowdose people list'.")
@click.option("--relations", default="depot", show_default=True, help="What covariates do: depot or convention.")
@click.option("--adherence", default="perfect", show_default=True, help="How doses are taken.")
@click.option("--occasions", is_flag=True, help="Let one dose differ from the next in the same person.")
@click.option("--picture", type=click.Path(path_type=Path, dir_okay=False), help="Draw them: .svg, .png or .pdf.")
@_JSON
def make_(output: Path | None, number: int, picture: Path | None, as_json: bool, **chosen: Any) -> None:
    """Draw virtual people: covariates, and the parameters in which they differ.

    Person i is the same for any number of people.
    """
    from lowdose.errors import InvalidInput
    from lowdose.people import make
    from lowdose.people.tables import document, write
    from lowdose.results.tables import check_folder

    files = [path for path in (output, picture) if path is not None]
    for path in files:
        check_folder(path)
    if picture is not None and picture.suffix not in _PICTURES:
        raise InvalidInput(
            f"a picture cannot be written as {picture.suffix!r}",
            where=str(picture),
            remedy=f"end the name in {', '.join(_PICTURES)}",
        )
    people = make(number, **chosen)
    if output is not None:
        write(people, output)
    if picture is not None:
        _draw(people, picture)
    found = document(people)
    if as_json:
        _print(found)
    else:
        _show_made(people.population.title, found)
    for path in files:
        click.echo(f"written: {path}", err=True)


def _draw(people: People, picture: Path) -> None:
    from lowdose.charts import to_pdf, to_png, to_svg
    from lowdose.charts.people import people as chart
    from lowdose.files import write_whole

    made = {".svg": lambda spec: to_svg(spec).encode(), ".png": to_png, ".pdf": to_pdf}[picture.suffix]
    write_whole(picture, made(chart(people)))


def _show_made(title: str, found: dict[str, Any]) -> None:
    from rich import box
    from rich.markup import escape
    from rich.table import Table

    from lowdose.cli.terminal import show

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("")
    for heading in ("mean", "SD", "CV", "5 %", "median", "95 %"):
        table.add_column(heading, justify="right")
    table.add_column("unit")
    for name in _SHOWN:
        one = found["columns"][name]
        numbers = [_short(one[key]) for key in ("mean", "sd", "cv", "p05", "p50", "p95")]
        table.add_row(name, *numbers, one["unit"])
    show(f"[bold]{found['people']} virtual people[/bold]: {escape(title)}; {found['shares']['women']:.0%} women", table)
    show(", ".join(f"r({pair}) {value:.2f}" for pair, value in found["correlations"].items() if value is not None))
    turned = [f"{one['quantity']} {one['rejected']}" for one in found["rejections"] if one["rejected"]]
    show(f"{found['drawn_again']} drawn again because not plausible ({', '.join(turned) or 'none'}).")
    for sentence in found["caveats"]:
        show(f"• {escape(sentence)}")


def _rows(population: dict[str, Any]) -> list[tuple[str, str, str, str, str]]:
    """Name, value, provenance, grade and source of every number of a population."""
    found = []
    for name, content in population.items():
        parts = {name: content}
        if isinstance(content, dict) and "F" in content:
            parts = {f"{name} {sex}": content[sex] for sex in ("F", "M") if content[sex]}
        elif isinstance(content, list):
            parts = {"–".join(one["pair"]) if "pair" in one else f"{one['quantity']} within": one for one in content}
        for label, one in parts.items():
            if isinstance(one, dict):
                found.append((label, _value(one), one["provenance"], one.get("grade") or "", one["source"]))
    return found


def _value(one: dict[str, Any]) -> str:
    if "mean" in one:
        limits = f", {one['low']:g} to {one['high']:g}" if "low" in one else ""
        return f"{one['mean']:g} ± {one['sd']:g} {one['unit']}{limits}"
    if "low" in one:
        return f"{one['low']:g} to {one['high']:g} {one['unit']}"
    return f"{one['value']:g}"


def _short(value: float | None) -> str:
    return "" if value is None else f"{value:.3g}"


def _table(heading: str, content: dict[str, str]) -> Any:
    from rich import box
    from rich.table import Table

    table = Table(heading, "what it is", box=box.SIMPLE_HEAD, pad_edge=False)
    for name, words in content.items():
        table.add_row(name, words)
    return table


def _print(document: dict[str, Any]) -> None:
    from json import dumps

    click.echo(dumps(document, indent=2, ensure_ascii=False))
