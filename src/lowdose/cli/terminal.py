"""What a person sees in a terminal: tables that align, words before numbers, progress for long work."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

if TYPE_CHECKING:
    from rich.table import Table

    from lowdose.results import Result

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
    ("TLR4_inhibition", "peak", "TLR4 inhibited by the drug itself, at most"),
    ("TNF", "fold_last_day", "TNF-α, last day, compared with no drug"),
    ("Treg", "fold_last_day", "Regulatory T cells, last day, compared with no drug"),
    ("NK", "fold_last_day", "Natural killer activity, last day, compared with no drug"),
    ("growth", "fold_last_day", "Growth of dividing cells, last day, compared with no drug"),
    ("pain", "fold_last_day", "Pain, last day, compared with no drug"),
    ("fatigue", "fold_last_day", "Fatigue, last day, compared with no drug"),
    ("vivid_dreams", "mean_last_day", "Vivid dreams beyond those without drug, last day, share of people"),
)
"""(output, metric, words): what a summary shows, in this order, of what a run reports."""


def summary(results: Sequence[Result]) -> Table:
    """Side-by-side table of the shown metrics, one column a run (two with a band)."""
    from rich import box
    from rich.table import Table

    from lowdose.report.words import is_share, range_words, value_words

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, header_style="bold")
    table.add_column("")
    for result in results:
        table.add_column("typical" if len(results) == 1 else result.regimen.canonical, justify="right")
        if result.people:
            table.add_column("5–95 %", justify="right", style="dim")
    outputs = [result.outputs for result in results]
    for output, metric, words in (one for one in SHOWN if all(one[0] in known for known in outputs)):
        row = [words]
        for result in results:
            found = result.metrics[output][metric]
            share = is_share(result, output, found)
            row.append(value_words(found.value, found.unit, share))
            if result.people:
                row.append(range_words(found, result.drawn, share))
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

    from lowdose.report.sentences import basis, headline
    from lowdose.results import KIND_WORDS

    show(f"[bold]{escape(headline(result))}[/bold]", escape(basis(result)))
    for note in result.regimen.notes:
        show(f"note: {escape(note)}")
    warn(result.warnings)
    show(summary([result]))
    if result.people:
        show(f"5–95 % of {result.people} persons: {KIND_WORDS[result.drawn]}.")
    for kind, failures in result.failures.items():
        first = escape(next(iter(failures.values())))
        show(f"[bold red]{len(failures)} persons ({kind}) have no result: {first}[/]")
    show("", "[bold]What is not known[/bold]")
    for sentence in result.domain:
        show(f"• {escape(sentence)}")


def say_how_to_go_on(folder: Path, error: KeyboardInterrupt) -> NoReturn:
    """After an interruption: what is kept, and the command that goes on. Leaves with the exit code for that."""
    from lowdose.results.stream import finished, read_manifest

    manifest = read_manifest(folder)
    if manifest is None:
        raise error
    kept = sum(len(part.persons) for part in finished(folder))
    words = f"interrupted; {kept} of {manifest.people} persons are finished and kept in {folder}"
    click.echo(f"{words}\nto go on: {manifest.besides.get('command', 'give the same command again')}", err=True)
    click.get_current_context().exit(130)


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
