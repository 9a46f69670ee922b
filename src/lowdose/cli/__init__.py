"""Commands: thin faces of the public verbs, one file each, loaded only when called."""

from __future__ import annotations

import os
import sys
from importlib import import_module
from typing import Any

import click

_COMMANDS = {
    "demo": "Write a report on 4.5 mg every night: what it does, hour by hour.",
    "simulate": "Predict what a regimen does in the body.",
    "compare": "Lay several regimens side by side.",
    "model": "List, show, draw, write out and export the model's parameters, equations and hypotheses.",
    "people": "Draw virtual people from published populations.",
    "screen": "Who must not take it, what to check first, and what is not known yet.",
    "plan": "Turn a published protocol into dated steps for one person, approve it, and write its documents.",
    "compound": "Work out a preparation line by line: capsules, solution, drops, cream, or all that a plan needs.",
    "surgery": "When to stop before an operation and how to begin again.",
    "emergency": "A page for whoever treats pain in an emergency.",
    "audit": "Who decided what, when and why: list, verify, export, erase.",
    "opioid": "Ask what a block does to an opioid, and what naltrexone does to someone with an opioid on board.",
    "sensitivity": "Which parameter moves a result most.",
    "hypotheses": "Score rival hypotheses on data they were not fitted to.",
    "validate": "Compare the model with published data and write what holds.",
    "evidence": "Look up what was studied in people: studies, adverse events, pools, grades.",
    "claims": "Check the articles' statements: what the literature says, and what lowdose computes.",
    "doctor": "Check this installation.",
}
"""Name -> one line; the command itself is ``lowdose.cli.<name>:command``."""


class _LazyGroup(click.Group):
    """A group that imports a command only when it runs, so that ``--help`` stays quick."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in _COMMANDS:
            return None
        command: click.Command = import_module(f"lowdose.cli.{name}").command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        from difflib import get_close_matches

        if args and args[0] not in _COMMANDS and not args[0].startswith("-"):
            near = get_close_matches(args[0], _COMMANDS, n=1)
            hint = f" Did you mean {near[0]!r}?" if near else f" Commands: {', '.join(_COMMANDS)}."
            ctx.fail(f"There is no command {args[0]!r}.{hint}")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(_COMMANDS.items()))


@click.group(cls=_LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="lowdose")
def cli() -> None:
    """What a dose of naltrexone does in the body, with units, uncertainty and sources.

    For professionals' decisions, not instead of them.
    """


def main(arguments: list[str] | None = None) -> None:
    """Run a command and leave with its exit code.

    0 fine, 1 unexpected, 2 usage, 3 input not valid, 4 not found, 5 safety stop, 6 a missing extra, 130 interrupted.
    """
    try:
        code = cli.main(arguments, standalone_mode=False)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (KeyboardInterrupt, click.Abort):
        click.echo("interrupted; nothing was written", err=True)
        sys.exit(130)
    except BrokenPipeError:
        _close_quietly()
    except Exception as error:
        code = getattr(error, "exit_code", None)
        if code is None and os.environ.get("LOWDOSE_DEBUG"):
            raise
        click.echo(_say(error, code), err=True)
        sys.exit(code or 1)
    sys.exit(code if isinstance(code, int) else 0)


def _say(error: Exception, code: Any) -> str:
    if code is not None:
        return f"error: {error}"
    return (
        f"unexpected error: {type(error).__name__}: {error}\n  remedy: set LOWDOSE_DEBUG=1 to see where, and report it"
    )


def _close_quietly() -> None:
    """The reader of our output has gone: leave without a second complaint."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    sys.exit(0)
