"""A screen on a terminal: the outcome first, what interrupts, the rest grouped, what is not known, what was checked."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lowdose.safety import Conflict, Facts, Fired, Screen

_OUTCOMES = {
    "block": ("BLOCK", "bold red", "no plan can be made"),
    "incomplete": ("INCOMPLETE", "bold red", "a rule that could stop it was not settled"),
    "critical": ("CRITICAL", "bold red", "only with a recorded reason by a named professional"),
    "warning": ("WARNING", "bold yellow", "possible, with what follows acknowledged"),
    "clear-of-known-rules": ("CLEAR OF KNOWN RULES", "bold green", "no rule we know of stands against it"),
}
_COLOURS = {"block": "red", "critical": "red", "warning": "yellow"}


def show_screen(found: Screen, known: Facts) -> None:
    """Print it, readable in ten seconds."""
    from rich.markup import escape

    from lowdose.cli.terminal import show

    name, colour, words = _OUTCOMES[found.outcome]
    overridden = (
        " (every critical rule overridden, with reasons)" if found.outcome == "critical" and found.passes else ""
    )
    show(f"[{colour}]{name}[/]: {words}{overridden}. {found.phase}, {found.on:%-d %B %Y}.")
    if not found.reviewed:
        show(f"[dim]{escape(found.rules.not_reviewed)}[/dim]")
    for one in found.fired:
        if one.severity != "info":
            show("", *_interruption(one))
    for question in found.to_ask:
        show("", f"[yellow]medicine[/]  {escape(question)}")
    _show_start(found)
    for always in found.always_said:
        show("", f"[bold]Say it[/bold]  {always.id} {escape(always.title)}. {escape(always.text)}")
    said = {one.id for one in found.always_said}
    notes = [one for one in found.fired if one.severity == "info" and one.id not in said]
    if notes:
        show(
            "",
            "[bold]Also[/bold]",
            *(f"• {one.id} {escape(one.title)}: {escape(one.text)}{_label(one)}" for one in notes),
        )
    for conflict in found.conflicts:
        show("", *_conflict(conflict, found))
    _show_open(found, known)
    show("", f"Checked: {len(found.checked)} rules. Rule set {found.rules.version}.")


def _interruption(one: Fired) -> tuple[str, ...]:
    from rich.markup import escape

    head = f"[{_COLOURS[one.severity]}]{one.severity}[/]  {one.id} [bold]{escape(one.title)}[/bold]{_label(one)}"
    sources = "; ".join(source.title for source in one.sources.values())
    lines = [head, f"  {escape(one.text)}", f"  [dim]{escape(sources)}[/dim]"]
    if one.override is not None:
        lines.append(f"  overridden by {escape(str(one.override.by))}: {escape(one.override.reason)}")
    return tuple(lines)


def _label(one: Fired) -> str:
    return f" [dim]({one.label})[/dim]" if one.label else ""


def _show_start(found: Screen) -> None:
    from rich.markup import escape

    from lowdose.cli.terminal import show

    if found.phase != "start":
        return
    earliest = found.earliest
    if earliest.date is not None:
        show("", f"[bold]Earliest start by opioids[/bold]  {earliest.date} ({escape(earliest.basis)})")
    else:
        show("", f"[bold]Earliest start by opioids[/bold]  no day can be named: {escape(earliest.reason)}")
    if earliest.if_confirmed is not None:
        show(f"  {earliest.if_confirmed} if what is open is confirmed, by tests or by answers")


def _conflict(conflict: Conflict, found: Screen) -> tuple[str, ...]:
    from rich.markup import escape

    known = found.rules.sources
    sides = (
        f"• {side.says} [dim]{'; '.join(known[name].title if name in known else name for name in side.sources)}[/dim]"
        for side in conflict.sides
    )
    return (f"[bold]Sources disagree[/bold]  {escape(conflict.title)}", *sides, f"  Here: {escape(conflict.here)}")


def _show_open(found: Screen, known: Facts) -> None:
    from rich.markup import escape

    from lowdose.cli.terminal import show
    from lowdose.safety import questions

    asked = [one for one in questions(known, phase=found.phase) if one.ask != " ".join(found.to_ask)]
    if asked:
        show("", "[bold]Not checked; ask[/bold]")
        for number, one in enumerate(asked, 1):
            show(f"{number}. {escape(one.ask)} [dim]{', '.join(one.settles)}[/dim]")
    others = [one.id for one in found.not_checked if one.severity in ("warning", "info")]
    if others:
        show("", f"[dim]Not checked either (warnings and notes): {', '.join(others)}[/dim]")
