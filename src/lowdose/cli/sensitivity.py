"""``lowdose sensitivity REGIMEN --metric OUTPUT.METRIC``."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from lowdose.cli.options import RegimenCommand

if TYPE_CHECKING:
    from rich.table import Table

    from lowdose.sensitivity import Found, Sensitivity

_MOST_ROWS = 12
_ENDINGS = (".svg", ".png", ".pdf")


@click.command("sensitivity", cls=RegimenCommand)
@click.argument("regimen")
@click.option(
    "--metric",
    "metrics",
    multiple=True,
    required=True,
    metavar="OUTPUT.METRIC",
    help="What is asked about, e.g. mu_occupancy_central.mean_last_day; may be given again.",
)
@click.option(
    "--method",
    type=click.Choice(["sobol", "morris", "both"]),
    default="sobol",
    show_default=True,
    help="Of the indices.",
)
@click.option("-n", type=int, default=512, show_default=True, help="Points of the design, a power of two.")
@click.option(
    "--spread",
    type=click.Choice(["knowledge", "people", "both"]),
    default="knowledge",
    show_default=True,
    help="What varies: how little is known, how people differ, or both.",
)
@click.option("--parameters", "named", metavar="SYMBOL,...", help="Only these vary  [default: all that can act].")
@click.option("--hypothesis", "hypothesis_name", metavar="KINETICS[+MECHANISM]", help="See 'lowdose model list'.")
@click.option("--set", "overrides", multiple=True, metavar="SYMBOL=VALUE", help="Another typical value.")
@click.option("--seed", type=click.IntRange(0), default=1, show_default=True, help="Of the random numbers.")
@click.option("--weight", type=float, default=70, show_default=True, help="Kilograms.")
@click.option("--crcl", type=float, help="Creatinine clearance, mL/min  [default: 100].")
@click.option("--child-pugh", type=click.Choice(["A", "B", "C"]), help="Class of liver cirrhosis.")
@click.option(
    "--start",
    type=click.DateTime(["%Y-%m-%dT%H:%M", "%Y-%m-%d"]),
    metavar="DATETIME",
    help="From when the first dose is looked for, e.g. 2026-12-01T22:00.",
)
@click.option(
    "-o",
    "--output",
    "--svg",
    "picture",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write the charts: .svg, .png or .pdf.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead of tables.")
@click.option("--csv", "as_csv", is_flag=True, help="Print one CSV row for each metric and parameter.")
def command(
    regimen: str,
    metrics: tuple[str, ...],
    named: str | None,
    overrides: tuple[str, ...],
    weight: float,
    crcl: float | None,
    child_pugh: Any,
    picture: Path | None,
    as_json: bool,
    as_csv: bool,
    **chosen: Any,
) -> None:
    """Say which numbers of the model decide a result of REGIMEN.

    Each parameter varies as far as it is not known, or as people differ: one at a time (tornado) and all at once
    (shares of the variance after Sobol, elementary effects after Morris), with intervals, and whether they have
    settled.
    """
    from lowdose.cli.terminal import warn
    from lowdose.results import tables

    if as_json and as_csv:
        raise click.UsageError("choose one of --json and --csv")
    if picture is not None:
        tables.check_folder(picture)
        if picture.suffix.lower() not in _ENDINGS:
            raise click.BadParameter(f"{picture.name!r} does not end in {', '.join(_ENDINGS)}", param_hint="-o")
    study = _run(regimen, metrics, named, overrides, {"weight": weight, "crcl": crcl, "child_pugh": child_pugh}, chosen)
    warn(study.result.warnings)
    if picture is not None:
        _draw(study, picture)
    if as_json:
        from json import dumps

        from lowdose.sensitivity.document import document

        click.echo(dumps(document(study), indent=2, ensure_ascii=False, allow_nan=False))
    elif as_csv:
        _print_csv(study)
    else:
        _show(study)
    if picture is not None:
        click.echo(f"written: {picture}", err=True)


def _run(
    regimen: str,
    metrics: tuple[str, ...],
    named: str | None,
    overrides: tuple[str, ...],
    covariates: dict[str, Any],
    chosen: dict[str, Any],
) -> Sensitivity:
    from os import cpu_count

    from lowdose import Person
    from lowdose.cli.options import _override, load_regimen
    from lowdose.cli.terminal import progress_bar
    from lowdose.sensitivity import sensitivity

    start: datetime | None = chosen.pop("start")
    with progress_bar(regimen, chosen["n"]) as progress:
        return sensitivity(
            load_regimen(regimen),
            metrics,
            Person(**covariates),
            named=[symbol.strip() for symbol in named.split(",") if symbol.strip()] if named else (),
            overrides=dict(map(_override, overrides)),
            start=start,
            workers=cpu_count() or 1,
            progress=progress,
            **chosen,
        )


def _draw(study: Sensitivity, path: Path) -> None:
    from lowdose.charts import to_pdf, to_png, to_svg
    from lowdose.sensitivity.pictures import picture

    spec = picture(study)
    if path.suffix.lower() == ".svg":
        path.write_text(to_svg(spec), encoding="utf-8")
    else:
        path.write_bytes({".png": to_png, ".pdf": to_pdf}[path.suffix.lower()](spec))


def _print_csv(study: Sensitivity) -> None:
    from csv import DictWriter
    from io import StringIO

    from lowdose.sensitivity.document import csv_rows

    rows = list(csv_rows(study))
    text = StringIO()
    writer = DictWriter(text, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    click.echo(text.getvalue(), nl=False)


def _show(study: Sensitivity) -> None:
    from rich.markup import escape

    from lowdose.cli.terminal import show
    from lowdose.sensitivity.pictures import SPREAD_WORDS, follow_words

    for found in study.found:
        show(f"[bold]{escape(found.target.label)}[/bold]")
        show(
            escape(f"{study.result.regimen.canonical} · {study.result.hypothesis.name} · {SPREAD_WORDS[study.spread]}")
        )
        if found.constant:
            show("Nothing that was varied moves it: there is no variance to apportion.", "")
            continue
        show(_table(study, found))
        for name, verdict in (("Sobol", found.sobol_verdict), ("Morris", found.morris_verdict)):
            if verdict is not None:
                show(escape(f"{name}: {verdict.sentence}"))
        if found.without_number:
            show(f"{found.without_number} persons have no number for it; the points they belong to were left out.")
        show("")
    show(f"{study.persons} persons solved, {len(study.failures)} failed.")
    if study.followers:
        show(escape(follow_words(study)))
    if study.held_fixed:
        show(
            escape(
                "Held fixed, because nobody has quantified their spread (their share is not known, it is not zero): "
                + ", ".join(study.held_fixed)
            )
        )


def _table(study: Sensitivity, found: Found) -> Table:
    from rich import box
    from rich.table import Table

    from lowdose.sensitivity.factors import KIND_WORDS
    from lowdose.sensitivity.pictures import value_words

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, header_style="bold")
    table.add_column("")
    for column in ("at its 5th percentile", "at its 95th"):
        table.add_column(column, justify="right")
    if found.sobol:
        for column in ("share alone", "share in all"):
            table.add_column(column, justify="right")
    if found.morris:
        table.add_column("mean effect µ*", justify="right")
        table.add_column("σ", justify="right")
    table.add_column("grade")
    swings = {swing.factor: swing for swing in found.swings}
    size = {group: max(swings[factor].size for factor in group.factors) for group in study.groups}
    order = sorted(
        range(len(study.groups)),
        key=lambda i: -(found.sobol[-1].total[i].value if found.sobol else size[study.groups[i]]),
    )
    for i in order[:_MOST_ROWS]:
        group = study.groups[i]
        swing = swings[group.factors[0]]
        sense = f" · {KIND_WORDS[group.factors[0].kind]}" if study.spread == "both" else ""
        cells = [f"{group.words} \\[{swing.factor.symbol}]{sense}"]
        cells += ["–" if e.metric is None else value_words(e.metric, found, 1) for e in (swing.low, swing.high)]
        if found.sobol:
            cells += [
                f"{100 * index.value:.0f} % ± {100 * index.half_width:.0f}"
                for index in (found.sobol[-1].first[i], found.sobol[-1].total[i])
            ]
        if found.morris:
            effect = found.morris[-1].effects[i]
            cells += [f"{effect.mu_star.value:.3g} ± {effect.mu_star.half_width:.1g}"]
            cells += ["–" if effect.sigma is None else f"{effect.sigma:.2g}"]
        table.add_row(*cells, " ".join(dict.fromkeys(factor.parameter.grade for factor in group.factors)))
    return table
