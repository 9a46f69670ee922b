"""The half of ``lowdose hypotheses`` on mechanisms: their scores, and experiments that would tell them apart."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from lowdose.calibrate.mechanisms import MechanismScores

DEFAULT = "effect-site"
MADE_UP = 100
"""Data sets for each true mechanism that the page shows."""


def scored(seed: int) -> MechanismScores:
    """All mechanisms under the default kinetics."""
    from lowdose.calibrate import mechanisms
    from lowdose.cli.terminal import progress_bar

    with progress_bar("scoring mechanisms", 1) as progress:
        return mechanisms.score_mechanisms(seed=seed, progress=progress)


def document(found: MechanismScores) -> dict[str, Any]:
    """For machines."""
    from lowdose.calibrate import mechanisms

    return mechanisms.document(found)


def table(found: MechanismScores) -> None:
    """For people."""
    from lowdose.cli.terminal import show
    from lowdose.report.mechanisms import NOTHING_TOLD, rows

    names = ", ".join(trial.label for trial in found.held_out)
    told = [one.name for one in found.mechanisms if found.is_distinguishable(one.name)]
    words = NOTHING_TOLD if not told else f"Told from placebo-only: {', '.join(told)}."
    show("[bold]Trials held out whole, predicted from trials up to 2022[/bold]", _table(rows(found)), words)
    show(f"Held out: {names}. Kinetics: {found.kinetics}.")


def write(found: MechanismScores, folder: Path) -> Path:
    """The page, with the other kinetics, made-up data sets and experiments."""
    from lowdose.calibrate import mechanisms
    from lowdose.cli.terminal import progress_bar
    from lowdose.model import hypothesis_names
    from lowdose.report.mechanisms import write_mechanisms

    scores, recovered = [], []
    for name in hypothesis_names():
        if name != found.kinetics:
            with progress_bar(f"scoring under {name}", 1) as progress:
                scores.append(mechanisms.score_mechanisms(name, seed=found.seed, progress=progress))
    for widened in (0.5, 2.0):
        scores.append(mechanisms.score_mechanisms(found.kinetics, seed=found.seed, widened=widened))
    for larger in (1.0, 10.0):
        recovered.append(mechanisms.recover(found, data_sets=MADE_UP, larger=larger, seed=found.seed))
    with progress_bar("experiments", 1) as progress:
        telling = mechanisms.experiments(found.kinetics, seed=found.seed, progress=progress)
    return write_mechanisms(found, folder, others=scores, recovered=recovered, telling=telling)


@click.command("experiments")
@click.option("--kinetics", default=DEFAULT, show_default=True, help="How receptors are filled.")
@click.option("--between", multiple=True, help="Mechanism to compare; give two or more, or none for all.")
@click.option("--people", type=click.IntRange(2, 100_000), help="In each arm; 30 when left out.")
@click.option("--top", type=click.IntRange(1), default=12, show_default=True, help="How many to show.")
@click.option("--seed", type=click.IntRange(0), default=1, show_default=True, help="Of what is not known.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object with all of them.")
def experiments(
    kinetics: str, between: tuple[str, ...], people: int | None, top: int, seed: int, as_json: bool
) -> None:
    """Rank experiments that would tell mechanisms apart, by predicted difference over its uncertainty."""
    from lowdose.calibrate import mechanisms
    from lowdose.cli.terminal import progress_bar, show

    with progress_bar("experiments", 1) as progress:
        found = mechanisms.experiments(kinetics, between=between, people=people, seed=seed, progress=progress)
    if as_json:
        from json import dumps

        inputs = {"kinetics": kinetics, "between": list(between), "people": people, "seed": seed}
        made = mechanisms.experiments_document(found, kinetics=kinetics, people=people, seed=seed)
        made = {"schema": "lowdose.experiments/1", "inputs": inputs, **made}
        click.echo(dumps(made, indent=2, ensure_ascii=False))
        return
    head = ["size / uncertainty", "experiment"]
    show(
        "[bold]Experiments that would tell mechanisms apart[/bold]",
        _table([head, *([f"{one.ratio:.1f}", one.sentence] for one in found[:top])]),
        "2 or more would tell the two apart. Designs for research, not advice.",
    )


def _table(content: list[list[str]]) -> Any:
    from rich import box
    from rich.table import Table

    made = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for heading in content[0]:
        made.add_column(heading)
    for row in content[1:]:
        made.add_row(*row)
    return made
