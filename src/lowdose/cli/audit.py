"""``lowdose audit verify | list | export | erase ID | mend``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from lowdose.audit import Verification

NOT_WHOLE = 5
_FOLDER = click.option(
    "--folder",
    type=click.Path(path_type=Path, file_okay=False),
    help="Where the record is kept  [default: LOWDOSE_AUDIT, or a folder of your own data].",
)
_JSON = click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead of words.")
_LIST_COLUMNS = ("line", "when (UTC)", "what", "outcome", "who", "patient", "fired", "overridden")


@click.group("audit")
def command() -> None:
    """See who decided what and when, check that the record is whole, and erase a person's inputs.

    For real people give answers in a patient file or to the questions, not as options: a shell keeps what was typed.
    """


@command.command("verify")
@click.option("--head", default="", metavar="COUNT:HASH", help="As noted earlier: that line must still be the same.")
@_FOLDER
@_JSON
def verify_(head: str, folder: Path | None, as_json: bool) -> None:
    """Check that no line was changed, removed, moved or put in (exit code 5 if one was)."""
    from lowdose.audit import CANNOT_SAY, verify

    found = verify(folder, head=head)
    if as_json:
        _print({**_verification(found), "cannot_say": list(CANNOT_SAY)})
    else:
        from rich.markup import escape

        from lowdose.cli.terminal import show

        state = "[bold]The record is whole.[/]" if found.whole else "[bold red]The record is NOT whole.[/]"
        show(f"{state} {len(found.entries)} lines in {escape(str(found.folder))}.")
        show(f"Inputs: {found.kept} kept, {found.erased} erased.")
        for problem in found.problems:
            show(f"[bold red]![/] {escape(problem.what)}", f"  where: {escape(problem.where)}")
            show(f"  remedy: {escape(problem.remedy)}")
        for note in found.notes:
            show(f"note: {escape(note)}")
        show(f"Note this elsewhere: {len(found.entries)}:{found.head}")
        show("", "[bold]What this cannot say[/]", *(f"• {escape(sentence)}" for sentence in CANNOT_SAY))
    click.get_current_context().exit(0 if found.whole else NOT_WHOLE)


@command.command("list")
@click.option("--id", "name", metavar="ID", help="Of one person: own id, or the pseudonym in the log.")
@click.option("--last", type=click.IntRange(1), help="So many lines from the end.")
@_FOLDER
@_JSON
def list_(name: str | None, last: int | None, folder: Path | None, as_json: bool) -> None:
    """List the decisions, the latest last."""
    from lowdose.audit import entries

    found = entries(folder, name=name)
    found = found[-last:] if last else found
    if as_json:
        _print({"schema": "lowdose.audit.list/1", "entries": [{**e.document(), "patient": p} for e, p in found]})
        return
    from rich import box
    from rich.table import Table

    from lowdose.cli.terminal import show

    table = Table(*_LIST_COLUMNS, box=box.SIMPLE_HEAD, pad_edge=False, header_style="bold")
    for entry, patient in found:
        overridden = "; ".join(f"{one['rule']}: {one['reason']}" for one in entry.overrides)
        who = entry.who or f"account {entry.account}"
        whom = patient or (f"{entry.subject} (no id, or erased)" if entry.subject else "")
        cells = (str(entry.number), entry.at[:19].replace("T", " "), entry.what, entry.outcome, who, whom)
        table.add_row(*map(_plain, (*cells, " ".join(entry.fired), overridden)))
    show(table)


@command.command("export")
@click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), help="Write it to a file: .json.")
@click.option("--id", "name", metavar="ID", help="Of one person alone: own id, or pseudonym.")
@click.option("--inputs", "with_inputs", is_flag=True, help="With what the decisions were made from: health data.")
@_FOLDER
@click.option("--json", "as_json", is_flag=True, help="Print the whole of it, which is what happens without --output.")
def export(output: Path | None, name: str | None, with_inputs: bool, folder: Path | None, as_json: bool) -> None:
    """Write out the record, with whether it is whole: to hand over, or to keep elsewhere."""
    from json import dumps

    from lowdose.audit import exported
    from lowdose.files import write_whole

    found = exported(folder, name=name, with_inputs=with_inputs)
    if output is not None:
        write_whole(output, (dumps(found, indent=2, ensure_ascii=False) + "\n").encode())
        click.echo(f"written: {output} ({len(found['entries'])} lines)", err=True)
    if output is None or as_json:
        _print(found)


@command.command("erase")
@click.argument("name", metavar="ID")
@click.option("--by", metavar='"NAME, ROLE, REGISTRATION"', help="Who decided it.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@_FOLDER
@_JSON
def erase_(name: str, by: str | None, yes: bool, folder: Path | None, as_json: bool) -> None:
    """Erase the inputs of the person ID and the keys of their digests. The log stays, and stays whole.

    It cannot be undone. Copies and backups made elsewhere are not reached.
    """
    from lowdose.audit import Professional, erase

    who = Professional.parse(by) if by else None
    if not yes:
        click.confirm(f"Erase all inputs kept under {name!r}? This cannot be undone", abort=True, err=True)
    entry = erase(name, by=who, folder=folder)
    if as_json:
        _print({"schema": "lowdose.audit.erase/1", "erased": entry.subject, "entry": entry.document()})
    else:
        click.echo(f"erased: the inputs under {entry.subject}; line {entry.number} says so")


@command.command("mend")
@_FOLDER
@_JSON
def mend_(folder: Path | None, as_json: bool) -> None:
    """Complete a last line that a crash or a full disk tore. Nothing else is ever mended."""
    from lowdose.audit import mend

    done = mend(folder)
    if as_json:
        _print({"schema": "lowdose.audit.mend/1", "completed": done})
    else:
        click.echo("the last line was completed" if done else "there was no torn line to complete")


def _verification(found: Verification) -> dict[str, Any]:
    from dataclasses import asdict

    return {
        "schema": "lowdose.audit.verify/1",
        "folder": str(found.folder),
        "whole": found.whole,
        "entries": len(found.entries),
        "head": found.head,
        "inputs": {"kept": found.kept, "erased": found.erased},
        "problems": [asdict(problem) for problem in found.problems],
        "notes": list(found.notes),
    }


def _plain(cell: str) -> str:
    from rich.markup import escape

    return escape(cell)


def _print(found: dict[str, Any]) -> None:
    from importlib.metadata import version
    from json import dumps

    click.echo(dumps({"versions": {"lowdose": version("lowdose")}, **found}, indent=2, ensure_ascii=False))
