"""``lowdose opioid "oxycodone 10 mg" --after REGIMEN --hours 12 | block | withdrawal | naloxone | list``."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from lowdose.opioids import EffectLeft, Range, Setting

Function = TypeVar("Function", bound=Callable[..., Any])

_CLASSES = ("poor", "intermediate", "normal", "ultrarapid")
_SETTING = (
    click.option("--people", type=click.IntRange(0, 5000), default=0, show_default=True, help="Persons drawn."),
    click.option("--seed", type=click.IntRange(0), default=1, show_default=True, help="Of the random numbers."),
    click.option("--spread", type=click.Choice(["people", "knowledge", "both"]), default="people", show_default=True,
                 help="What the band shows: how people differ, how little is known, or both."),
    click.option("--weight", type=float, default=70, show_default=True, help="Kilograms."),
    click.option("--crcl", type=float, help="Creatinine clearance, mL/min  [default: 100]."),
    click.option("--child-pugh", type=click.Choice(["A", "B", "C"]), help="Class of liver cirrhosis."),
    click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead of sentences and a table."),
)  # fmt: skip
_CYP2D6 = click.option("--cyp2d6", type=click.Choice(_CLASSES), default="normal", show_default=True,
                       help="Class of CYP2D6, for codeine and tramadol.")  # fmt: skip
_RESEARCH = click.option("--research", is_flag=True, help="With --json: add receptor theory for research.")


class _EffectByDefault(click.Group):
    """A group whose first word may be an opioid dose: then it is the question about its effect."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        asks_help = bool(args) and args[0] in ctx.help_option_names
        if args and not asks_help and not set(args) & set(self.commands):
            args = ["effect", *args]
        return super().parse_args(ctx, args)


def setting_options(command: Function) -> Function:
    """Add the options that describe the person; the command gets them as one ``setting``."""

    @wraps(command)
    def with_setting(*arguments: Any, **options: Any) -> Any:
        from lowdose import Person
        from lowdose.opioids import Setting

        person = Person(**{name: options.pop(name) for name in ("weight", "crcl", "child_pugh")})
        names = [name for name in ("people", "seed", "spread", "cyp2d6") if name in options]
        setting = Setting(person=person, **{name: options.pop(name) for name in names})
        return command(*arguments, setting=setting, **options)

    for option in reversed(_SETTING):
        with_setting = option(with_setting)
    return with_setting  # type: ignore[return-value]


_EXAMPLES = """\b
lowdose opioid "oxycodone 10 mg" --after "4.5 mg nightly at 22:00" --hours 12
lowdose opioid block --after "4.5 mg nightly at 22:00" --hours 48
lowdose opioid withdrawal "methadone 40 mg daily" --then "1.5 mg once"
lowdose opioid naloxone "naloxone 4 mg intranasal"
"""


@click.group("opioid", cls=_EffectByDefault, epilog=_EXAMPLES)
def command() -> None:
    """Ask what a block does to an opioid, and what naltrexone does to someone with an opioid on board."""


@command.command("effect")
@click.argument("dose")
@click.option("--after", required=True, metavar="REGIMEN", help="The naltrexone that was taken.")
@click.option("--hours", type=float, required=True, help="From the last naltrexone dose to the opioid.")
@click.option(
    "--picture", type=click.Path(path_type=Path, dir_okay=False), help="Write the return of effect: .svg or .png."
)
@_CYP2D6
@setting_options
def effect(dose: str, after: str, hours: float, picture: Path | None, as_json: bool, setting: Setting) -> None:
    """Predict how much of an opioid's effect is left, and when nearly all of it is back."""
    from lowdose.cli.options import load_regimen
    from lowdose.cli.terminal import progress_bar
    from lowdose.opioids import document, effect_left, words

    _check_picture(picture)
    with progress_bar(dose, setting.people) as progress:
        found = effect_left(dose, load_regimen(after), hours, setting=setting, progress=progress)
    if picture is not None:
        _draw(found, picture)
    if as_json:
        _print(document(found))
        return
    rows = [
        (r.kinetics, _shares(r.left), _shares(r.left_of_area), _hours(r.back_hours), _shares(r.occupancy))
        for r in found.rivals
    ]
    _say(words.effect_sentences(found), words.CAUTIONS)
    _table(
        ("kinetics", "largest effect left", "effect over a day left", "back to 80 % after", "µ held when taken"), rows
    )
    _listed("What is not known", words.not_known(found))


@command.command("block")
@click.option("--after", required=True, metavar="REGIMEN", help="The naltrexone that was taken.")
@click.option("--hours", type=float, required=True, help="After the last naltrexone dose.")
@_RESEARCH
@setting_options
def block(after: str, hours: float, research: bool, as_json: bool, setting: Setting) -> None:
    """Predict how much of the block is left some hours after the last dose."""
    from lowdose.cli.options import load_regimen
    from lowdose.cli.terminal import progress_bar
    from lowdose.opioids import block_left, document, words

    _check_research(research, as_json)
    with progress_bar(after, setting.people) as progress:
        found = block_left(load_regimen(after), hours, setting=setting, progress=progress)
    if as_json:
        _print(document(found, research=research))
        return
    _say(words.block_sentences(found), words.CAUTIONS)
    rows = [(r.kinetics, _shares(r.brain), _shares(r.body), _hours(r.over_hours)) for r in found.rivals]
    _table(("kinetics", "µ held in the brain", "µ held outside it", "under 20 % in the brain after"), rows)
    _listed("What is not known", words.NOT_KNOWN)


@command.command("withdrawal")
@click.argument("on_board")
@click.option("--then", required=True, metavar="REGIMEN", help="The naltrexone that would be taken.")
@click.option("--hours", type=float, help="From the last opioid dose to naltrexone  [default: when the next is due].")
@_CYP2D6
@setting_options
def withdrawal_(on_board: str, then: str, hours: float | None, as_json: bool, setting: Setting) -> None:
    """Warn, with numbers, what naltrexone does to someone with an opioid ON_BOARD. Always a stop (exit code 5)."""
    from lowdose.cli.options import load_regimen
    from lowdose.cli.terminal import progress_bar
    from lowdose.errors import LowdoseError
    from lowdose.opioids import NotEnoughData, SafetyStop, document, refused_document, withdrawal, words

    regimen = load_regimen(then)
    try:
        with progress_bar(on_board, setting.people) as progress:
            found = withdrawal(on_board, regimen, hours, setting=setting, progress=progress)
    except LowdoseError as refused:  # without the stop a refusal would read as a gap, not as a danger
        if as_json:
            _print(refused_document(on_board, regimen, refused, setting))
        else:
            _say(words.refused_sentences(refused), words.CAUTIONS)
        if not isinstance(refused, NotEnoughData | SafetyStop):
            raise  # a slip of the pen keeps its own exit code and its hint
        click.get_current_context().exit(SafetyStop.exit_code)
    if as_json:
        _print(document(found))
    else:
        _say(words.withdrawal_sentences(found), words.CAUTIONS)
        rows = [
            (r.kinetics, _shares(r.held_before), *lost, _shares(r.body_blocked))
            for r in found.rivals
            for lost in [("–", "–") if found.almost_none else (_shares(r.displaced), _shares(r.effect_lost))]
        ]
        _table(("kinetics", "held by the opioid before", "displaced", "effect lost", "µ held outside the brain"), rows)
        _listed("What is not known", words.not_known(found))
    click.get_current_context().exit(SafetyStop.exit_code)


@command.command("naloxone")
@click.argument("dose")
@setting_options
def naloxone_(dose: str, as_json: bool, setting: Setting) -> None:
    """Predict onset, depth and duration of the block by DOSE, e.g. "naloxone 4 mg intranasal"."""
    from lowdose.opioids import document, naloxone, words

    found = naloxone(dose, setting=setting)
    if as_json:
        _print(document(found))
    else:
        _say(words.reversal_sentences(found), words.CAUTIONS)
        _listed("What is not known", words.REVERSAL_NOT_KNOWN)


@command.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead of tables.")
def list_(as_json: bool) -> None:
    """List the opioids that can be asked about, and those withheld for want of numbers."""
    from lowdose.opioids import opioids, withheld

    if as_json:
        from json import dumps

        known = {name: {"acts": entry.acts, "routes": list(entry.routes)} for name, entry in opioids().items()}
        document = {"schema": "lowdose.opioid.list/1", "opioids": known, "withheld": dict(withheld())}
        click.echo(dumps(document, indent=2, ensure_ascii=False))
        return
    _table(("opioid", "acts as", "routes"), [(n, e.acts, ", ".join(e.routes)) for n, e in opioids().items()])
    _table(("withheld", "what was not found"), list(withheld().items()))


def _check_research(research: bool, as_json: bool) -> None:
    if research and not as_json:
        raise click.UsageError("--research is a field of --json only")


def _check_picture(path: Path | None) -> None:
    """Before anything is computed: minutes of work are not lost to a slip of the pen."""
    from lowdose.errors import InvalidInput

    if path is None:
        return
    if path.suffix not in (".svg", ".png"):
        raise InvalidInput(f"{path.name} is no picture", where="--picture", remedy="end it in .svg or .png")
    if not path.parent.is_dir():
        raise InvalidInput(f"there is no folder {path.parent}", where="--picture", remedy="make it first")


def _print(found: dict[str, Any]) -> None:
    from json import dumps

    click.echo(dumps(found, indent=2, ensure_ascii=False))


def _draw(found: EffectLeft, path: Path) -> None:
    from lowdose.charts.opioid import effect_return
    from lowdose.charts.render import to_png, to_svg

    spec = effect_return(
        found.dose.text, found.regimen.canonical, {r.kinetics: (r.hours, r.course) for r in found.rivals}, found.default
    )
    if path.suffix == ".svg":
        path.write_text(to_svg(spec), encoding="utf-8")
    else:
        path.write_bytes(to_png(spec))
    click.echo(f"written: {path}", err=True)


def _say(sentences: Sequence[str], cautions: Sequence[str]) -> None:
    from rich.markup import escape

    from lowdose.cli.terminal import show

    show(f"[bold]{escape(sentences[0])}[/bold]", *map(escape, sentences[1:]))
    for caution in cautions:
        show(f"[bold red]![/] {escape(caution)}")


def _listed(heading: str, sentences: Sequence[str]) -> None:
    from rich.markup import escape

    from lowdose.cli.terminal import show

    show("", f"[bold]{heading}[/bold]", *(f"• {escape(sentence)}" for sentence in sentences))


def _table(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    from rich import box
    from rich.table import Table

    from lowdose.cli.terminal import show

    table = Table(*headings, box=box.SIMPLE_HEAD, pad_edge=False, header_style="bold")
    for row in rows:
        table.add_row(*row)
    show(table)


def _shares(value: Range) -> str:
    from lowdose.opioids.words import range_words
    from lowdose.spoken import share_words

    return f"{share_words(value.typical)}{range_words(value)}"


def _hours(value: Range) -> str:
    from lowdose.opioids.words import range_words
    from lowdose.spoken import hours_words

    return f"{hours_words(value.typical)}{range_words(value, hours=True)}"
