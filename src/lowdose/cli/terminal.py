"""What a person sees in a terminal: tables that align, words before numbers, progress for long work."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from rich.table import Table

    from lowdose.results import Metric, Result

Progress = Callable[[int, int], None]

SHOWN = (
    ("naltrexone_plasma", "cmax", "Highest naltrexone level"),
    ("naltrexol_plasma", "cmax", "Highest 6β-naltrexol level"),
    ("mu_occupancy_central", "mean_last_day", "µ receptors blocked in the brain, last day, mean"),
    ("mu_occupancy_central", "trough_last_day", "… at its lowest"),
    ("mu_occupancy_central", "hours_above_50_last_day", "… hours above half, last day"),
    ("mu_occupancy_central", "hours_to_below_20_after_last_dose", "… hours until below 20 % after the last dose"),
    ("mu_occupancy_peripheral", "mean_last_day", "µ receptors blocked outside the brain, last day, mean"),
    ("beta_endorphin", "fold_last_day", "Own β-endorphin, last day, compared with no drug"),
    ("met_enkephalin", "fold_last_day", "Own met-enkephalin, last day, compared with no drug"),
    ("cortisol", "fold_last_day", "Cortisol, last day, compared with no drug"),
    ("opioid_tone_central", "mean_last_day", "Opioid tone in the brain, last day, mean (1 = no drug)"),
)
"""(output, metric, words): what a summary shows, in this order."""


def number(value: float | None, unit: str, percent: bool = False) -> str:
    """A number for people: three significant digits, fractions of receptors as percent.

    Examples
    --------
    >>> number(0.7064, "1", percent=True), number(1.117, "ng/mL"), number(None, "h")
    ('71 %', '1.12 ng/mL', '–')
    """
    if value is None:
        return "–"
    if percent:
        return f"{value * 100:.0f} %"
    digits = f"{value:.3g}" if abs(value) < 1000 else f"{value:.0f}"
    return {"1": f"{digits} ×", "h": f"{digits} h"}.get(unit, f"{digits} {unit}")


def interval(metric: Metric, kind: str, percent: bool = False) -> str:
    """The 5th to 95th percentile of a band, with its unit; open when the event is not always reached."""
    band = metric.bands.get(kind)
    if band is None:
        return ""
    low, high = (number(band[end], metric.unit, percent) for end in ("p05", "p95"))
    return f"{low} to {high}"


def is_percent(output: str, metric: str) -> bool:
    """Whether a metric is a share of receptors."""
    return "occupancy" in output and not metric.startswith("hours")


def summary(results: Sequence[Result]) -> Table:
    """Side-by-side table of the shown metrics, one column a run (two with a band)."""
    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, header_style="bold")
    table.add_column("")
    for result in results:
        table.add_column("typical" if len(results) == 1 else result.regimen.canonical, justify="right")
        if result.people:
            table.add_column("5–95 %", justify="right", style="dim")
    for output, metric, words in SHOWN:
        row = [words]
        for result in results:
            found, percent = result.metrics[output][metric], is_percent(output, metric)
            row.append(number(found.value, found.unit, percent))
            if result.people:
                row.append(interval(found, result.drawn, percent))
        table.add_row(*row)
    return table


def show(*things: object) -> None:
    """Print to the terminal, or plainly and unwrapped where there is none."""
    from rich.console import Console

    console = Console(soft_wrap=False, width=None if sys.stdout.isatty() else 160, highlight=False)
    for thing in things:
        console.print(thing)


def show_run(result: Result) -> None:
    """Print one run: what it was, the table, its band, warnings and what is not known."""
    from rich.markup import escape

    from lowdose.results import KIND_WORDS

    kinetics = result.kinetics
    show(f"[bold]{escape(result.regimen.canonical)}[/bold]", f"kinetics {kinetics.name}: {kinetics.sentence}")
    for note in result.regimen.notes:
        show(f"note: {escape(note)}")
    warn(result.warnings)
    show(summary([result]))
    if result.people:
        show(f"5–95 % of {result.people} persons: {KIND_WORDS[result.drawn]}.")
    for ensemble in result.ensembles:
        if ensemble.failures:
            first = next(iter(ensemble.failures.values()))
            show(f"[bold red]{len(ensemble.failures)} persons ({ensemble.kind}) have no result: {first}[/]")
    show("", "[bold]What is not known[/bold]")
    for sentence in result.domain:
        show(f"• {escape(sentence)}")


def warn(warnings: Sequence[str]) -> None:
    """Say warnings on the error stream, where they are not lost in a pipe."""
    for warning in warnings:
        click.secho(f"warning: {warning}", fg="yellow", err=True)


@contextmanager
def progress_bar(label: str, people: int) -> Iterator[Progress | None]:
    """A bar on the error stream for long work on a terminal; None otherwise."""
    if not people or not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(label, total=None)

        def advance(done: int, total: int) -> None:
            bar.update(task, completed=done, total=total)

        yield advance
