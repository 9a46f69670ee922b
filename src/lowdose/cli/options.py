"""Options that several commands share, and what they are turned into."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial, wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from lowdose.audit import Professional
    from lowdose.people import People, Person
    from lowdose.results import Result
    from lowdose.results.population import Population
    from lowdose.safety import Override

Function = TypeVar("Function", bound=Callable[..., Any])
Found = TypeVar("Found")

_MOST_IN_MEMORY = 100_000
"""So many persons' trajectories may be asked for at once."""
_PERSON = (
    click.option("--age", type=float, default=45, show_default=True, help="Years."),
    click.option("--sex", type=click.Choice(["F", "M"]), help="Changes nothing in the model; see its caveats."),
    click.option("--weight", type=float, default=70, show_default=True, help="Kilograms."),
    click.option("--crcl", type=float, help="Creatinine clearance, mL/min  [default: 100]."),
    click.option("--child-pugh", type=click.Choice(["A", "B", "C"]), help="Class of liver cirrhosis."),
)
_VIRTUAL = (
    click.option(
        "--population", metavar="NAME", help="Virtual people instead of one person's covariates; see 'lowdose people'."
    ),
    click.option("--relations", default="depot", metavar="NAME", help="What their covariates do  [default: depot]."),
    click.option("--adherence", default="perfect", metavar="NAME", help="How they take doses  [default: perfect]."),
    click.option("--occasions", is_flag=True, help="Let one dose differ from the next in the same one of them."),
)
_RUN = (
    click.option("--people", type=click.IntRange(0, 10_000_000), default=0, show_default=True, help="Persons drawn."),
    click.option("--seed", type=click.IntRange(0), default=1, show_default=True, help="Of the random numbers."),
    click.option(
        "--spread",
        type=click.Choice(["people", "knowledge", "both"]),
        default="both",
        show_default=True,
        help="What the band shows: how people differ, how little is known, or both.",
    ),
    click.option("--hypothesis", "hypothesis_name", metavar="KINETICS[+MECHANISM]", help="See 'lowdose model list'."),
    click.option("--set", "overrides", multiple=True, metavar="SYMBOL=VALUE", help="Another typical value."),
    click.option(
        "--start",
        type=click.DateTime(["%Y-%m-%dT%H:%M", "%Y-%m-%d"]),
        metavar="DATETIME",
        help="From when the first dose is looked for, e.g. 2026-12-01T22:00.",
    ),
)


class RegimenCommand(click.Command):
    """A command whose argument may begin with a minus and a number: that is a wrong dose, not an option."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Keep such an argument from being read as an option, so that the regimen language can refuse it."""
        negative = {word for word in args if word[:1] == "-" and word[1:2] in ".,0123456789" and word[1:]}
        return super().parse_args(ctx, [f" {word}" if word in negative else word for word in args])


def run_options(command: Function) -> Function:
    """Add the options that describe the person and the run; the command gets them as one ``run`` callable.

    ``run(regimen, people=…)`` simulates with everything that was said on the command line.
    """

    @wraps(command)
    def with_run(*arguments: Any, **options: Any) -> Any:
        names = ("age", "sex", "weight", "crcl", "child_pugh")
        covariates = {name: options.pop(name) for name in names}
        habits = {name: options.pop(name) for name in ("population", "relations", "adherence", "occasions")}
        run_names = ("people", "seed", "spread", "hypothesis_name", "overrides", "start")
        chosen = {name: options.pop(name) for name in run_names}
        chosen["overrides"] = dict(map(_override, chosen["overrides"]))
        return command(*arguments, run=_Runner(covariates, habits, chosen), **options)

    for option in reversed(_PERSON + _VIRTUAL + _RUN):
        with_run = option(with_run)
    return with_run  # type: ignore[return-value]


class _Runner:
    """Simulates a regimen with the person and the settings of the command line, showing progress."""

    def __init__(self, covariates: dict[str, Any], habits: dict[str, Any], chosen: dict[str, Any]) -> None:
        self.covariates, self.habits, self.chosen = covariates, habits, chosen

    def __call__(self, regimen: str) -> Result:
        from lowdose import simulate

        if self.chosen["people"] > _MOST_IN_MEMORY:
            words = (
                f"more than {_MOST_IN_MEMORY} are too many to keep; 'lowdose simulate' can --stream them to a folder"
            )
            raise click.BadParameter(words, param_hint="--people")
        return self._shown(simulate, regimen)

    def stream(self, regimen: str, folder: Path) -> Population:
        """Keep one row a person in ``folder`` instead of every trajectory."""
        from lowdose import population

        if not self.chosen["people"]:
            raise click.UsageError("--stream needs --people: how many persons are drawn")
        return self._shown(partial(population, folder=folder), regimen)

    def _shown(self, verb: Callable[..., Found], regimen: str) -> Found:
        from os import cpu_count

        from lowdose.cli.terminal import progress_bar

        person = self._whom()
        with progress_bar(regimen, self.chosen["people"]) as progress:
            return verb(load_regimen(regimen), person, workers=cpu_count() or 1, progress=progress, **self.chosen)

    def _whom(self) -> Person | People:
        from lowdose import Person
        from lowdose.people import make

        people, seed = self.chosen["people"], self.chosen["seed"]
        habits = dict(self.habits)
        population = habits.pop("population")
        if population is None:
            if habits != {"relations": "depot", "adherence": "perfect", "occasions": False}:
                raise click.UsageError("--relations, --adherence and --occasions need --population: whose they are")
            return Person(**self.covariates)
        if not people:
            raise click.UsageError("--population needs --people: how many persons are drawn")
        return make(people, seed, population, **habits)


def load_regimen(text: str) -> Any:
    """A regimen from words, or from a .yaml, .json or .csv file when the text names one."""
    from lowdose import Regimen

    if text.lower().endswith((".yaml", ".yml", ".json", ".csv")):
        return Regimen.load(Path(text))
    return Regimen.parse(text)


def professional(written: str | None) -> Professional | None:
    """Who answers for it, of --by "NAME, ROLE, REGISTRATION"; None where it was not given."""
    from lowdose.audit import Professional

    return None if written is None else Professional.parse(written)


def overrides(reasons: Sequence[str], by: Professional | None) -> tuple[Override, ...]:
    """Rules to go on in spite of, of --override "RULE: REASON", and the professional who answers for each."""
    from lowdose.safety import Override

    if not reasons:
        return ()
    if by is None:
        raise click.UsageError("--override needs --by: a named professional answers for it")
    found = []
    for written in reasons:
        rule, colon, reason = written.partition(":")
        if not colon:
            raise click.UsageError(f'--override {written!r}: write "RULE: REASON"')
        found.append(Override(rule.strip(), reason.strip(), by))
    return tuple(found)


def _override(text: str) -> tuple[str, float]:
    symbol, _, value = text.partition("=")
    try:
        return symbol.strip(), float(value)
    except ValueError:
        raise click.BadParameter(f"{text!r} is not SYMBOL=VALUE, e.g. CL=120", param_hint="--set") from None
