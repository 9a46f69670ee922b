"""``lowdose screen PATIENT.yaml``, or with answers as options, or asked one by one."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from lowdose.cli.options import overrides, professional
from lowdose.cli.screen.said import answer_options, known_of

if TYPE_CHECKING:
    from lowdose.safety import Facts, Question

_PHASES = ("start", "titrate", "continue", "event", "surgery", "formula", "batch", "compound")
_EXAMPLES = """\b
lowdose screen PATIENT.yaml
lowdose screen --taking tramadol --last-opioid "oxycodone immediate-release, 2026-11-20" --on 2026-12-01
lowdose screen --condition "kidney transplant" --child-pugh C --pregnant no
lowdose screen --questions
lowdose screen --template > PATIENT.yaml

For real people use a patient file or the questions: a shell keeps what was typed as options.
"""


@click.command("screen", epilog=_EXAMPLES)
@click.argument("patient_file", metavar="[PATIENT.yaml]", required=False,
                type=click.Path(path_type=Path, dir_okay=False))  # fmt: skip
@click.option("--taking", multiple=True, metavar="MEDICINE", help="Taken now; once for each.")
@click.option("--confirm", "confirmed", multiple=True, metavar="WRITTEN=INGREDIENT", help="What a medicine named is.")
@click.option("--nothing-else", is_flag=True, help="The medicines named are all there are.")
@click.option("--last-opioid", metavar='"NAME FORM, DATE"', help='Last opioid, or "never".')
@click.option("--condition", "conditions_there", multiple=True, metavar="NAME", help="A problem that is there.")
@click.option("--no-other-conditions", is_flag=True, help="The conditions named are all there are.")
@answer_options
@click.option("--set", "assignments", multiple=True, metavar="FACT=ANSWER", help="Any other fact, by its dotted name.")
@click.option("--on", type=click.DateTime(["%Y-%m-%d"]), metavar="DATE", help="The day it is for  [default: today].")
@click.option("--phase", type=click.Choice(_PHASES), default="start", show_default=True, help="Whose rules.")
@click.option(
    "--override", "reasons", multiple=True, metavar='"RULE: REASON"', help="Go on in spite of a rule; needs --by."
)
@click.option("--by", metavar='"NAME, ROLE, REGISTRATION"', help="The professional who answers for it.")
@click.option(
    "--questions", "only_questions", is_flag=True, help="Show what to ask, and the rules each answer settles."
)
@click.option(
    "--template", "only_template", is_flag=True, help="Print an empty patient file, each fact with its question."
)
@click.option("--ask", "asks", is_flag=True, help="Ask what is not known, one question at a time.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead of words.")
def command(
    patient_file: Path | None, only_questions: bool, only_template: bool, as_json: bool, asks: bool, **asked: Any
) -> None:
    """Screen one person: what stands against it, what is not known, and what would settle it.

    Exit code 0 when nothing stops it (clear, warning, or critical with a recorded reason for each), 5 otherwise.
    """
    from lowdose.safety import screen
    from lowdose.safety.screening.recording import record_screen

    if only_template:
        from lowdose.safety.asking.template import template

        click.echo(template(date.today()), nl=False)
        return
    on = asked.pop("on").date() if asked["on"] else date.today()
    by = professional(asked.pop("by"))
    reasons = overrides(asked.pop("reasons"), by)
    phase = asked.pop("phase")
    nothing_said = patient_file is None and not any(asked.values())
    patient, known = known_of(patient_file, asked, on)
    if only_questions:
        _questions(known, phase, as_json)
        return
    if asks or (nothing_said and sys.stdin.isatty() and not as_json):
        known = _asked(known, phase, on)
    elif nothing_said:
        raise click.UsageError("nothing is known: name a patient file, give answers as options, or use --questions")
    found = screen(known, phase=phase, on=on, overrides=reasons)
    record_screen(found, known, patient=patient, by=by, overrides=reasons)
    if as_json:
        _print({**found.document(), "inputs": known.document()})
    else:
        from lowdose.cli.screen.showing import show_screen

        show_screen(found, known)
    click.get_current_context().exit(found.exit_code)


def _asked(known: Facts, phase: str, on: date) -> Facts:
    from lowdose.safety.asking.dialogue import ask_all

    click.echo('Answer; "?", or nothing, says that it is not known.', err=True)

    def ask(words: str, plain: str) -> str:
        usual = f' (type "{plain}" if so)' if plain else ""
        return str(click.prompt(f"{words}{usual}", default="?", show_default=False, err=True))

    return ask_all(ask, lambda words: click.secho(words, fg="yellow", err=True), on=on, phase=phase, known=known)


def _questions(known: Facts, phase: str, as_json: bool) -> None:
    from lowdose.safety import questions, rule_set

    found = questions(known, phase=phase)
    if as_json:
        _print({"schema": "lowdose.screen.questions/1", "phase": phase, "questions": [_question(one) for one in found]})
        return
    for number, one in enumerate(found, 1):
        click.echo(f"{number}. {one.ask}\n   settles {', '.join(one.settles)}")
    if rule_set().reviewed_by is None:
        click.echo(rule_set().not_reviewed)
    if not found:
        click.echo("Nothing has to be asked: every rule that could block or be critical is settled.")


def _question(one: Question) -> dict[str, Any]:
    return {"id": one.id, "ask": one.ask, "plain": one.plain, "fields": list(one.fields), "settles": list(one.settles)}


def _print(document: dict[str, Any]) -> None:
    from json import dumps

    click.echo(dumps(document, indent=2, ensure_ascii=False))
