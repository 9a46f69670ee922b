"""A screen on a terminal: outcome first, then why, then what to ask; in columns: what it is, which rule, words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.table import Table

    from lowdose.safety import Conflict, Facts, Fired, Screen
    from lowdose.safety.rules.rule_set import Source

Row = tuple[str, str, str]
"""What it is (once for a group), rule or number, words with their marks."""

_OUTCOMES = {
    "block": ("BLOCK", "red", "a rule stands against it that nobody can override here"),
    "incomplete": ("INCOMPLETE", "red", "a rule that could stop it is not settled"),
    "critical": ("CRITICAL", "red", "only with a recorded reason by a named professional"),
    "warning": ("WARNING", "yellow", "possible, with what follows acknowledged"),
    "clear-of-known-rules": ("CLEAR OF KNOWN RULES", "green", "no rule we know of stands against it"),
}
_COLOURS = {"block": "red", "critical": "red", "warning": "yellow"}
_WIDEST = 92
"""Letters in a line of words: longer ones are hard to follow."""


def show_screen(found: Screen, known: Facts) -> None:
    """Print it, readable in ten seconds."""
    from rich.markup import escape

    from lowdose.cli.terminal import show

    name, colour, words = _OUTCOMES[found.outcome]
    overridden = (
        "; every critical rule overridden, with reasons" if found.outcome == "critical" and found.passes else ""
    )
    note = "" if found.reviewed else f"; {escape(found.rules.not_reviewed)}"
    show(f"[bold {colour}]{name}[/]  {words}{overridden}")
    show(f"[dim]{found.phase}, {found.on:%-d %B %Y}{note}[/dim]", "")
    groups = (
        _interruptions(found), _start(found), _to_ask(found, known), _read(found), _told(found), _notes(found)
    )  # fmt: skip
    disagreements = (_disagreement(one, found) for one in found.conflicts)
    show(_table([*groups, *disagreements, _counted(found)]))


def _table(groups: Iterable[Iterable[Row]]) -> Table:
    from rich.table import Table

    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(no_wrap=True)
    table.add_column(no_wrap=True)
    table.add_column(max_width=_WIDEST)
    for group in groups:
        said = ""
        for what, rule, words in group:
            table.add_row("" if what == said else what, rule, words)
            said = what
        if said:
            table.add_row()
    return table


def _interruptions(found: Screen) -> Iterator[Row]:
    from rich.markup import escape

    for one in found.fired:
        if one.severity != "info":
            words = [f"[bold]{escape(one.title)}[/bold]{_label(one)}", escape(one.text), _cited(one.sources.values())]
            if one.override is not None:
                words.append(f"overridden by {escape(str(one.override.by))}: {escape(one.override.reason)}")
            yield f"[{_COLOURS[one.severity]}]{one.severity}[/]", one.id, "\n".join(words)


def _label(one: Fired) -> str:
    return f" [dim]({one.label})[/dim]" if one.label else ""


def _cited(sources: Iterable[Source]) -> str:
    from rich.markup import escape

    return f"[dim]{escape('; '.join(dict.fromkeys(one.short for one in sources)))}[/dim]"


def _start(found: Screen) -> Iterator[Row]:
    from rich.markup import escape

    if found.phase != "start":
        return
    earliest = found.earliest
    day = f"{earliest.date} ({earliest.basis})" if earliest.date else f"no day can be named; {earliest.reason}"
    words = f"earliest by opioids: {day}"
    if earliest.if_confirmed is not None:
        words += f"\n{earliest.if_confirmed} once this is confirmed: {earliest.confirmed_by}"
    yield "start", "", escape(words)


def _to_ask(found: Screen, known: Facts) -> Iterator[Row]:
    """What is open about medicines, then the other questions, each with the rules that wait for it."""
    from rich.markup import escape

    from lowdose.safety import questions

    left = questions(known, phase=found.phase)
    about_medicines = [one for one in left if one.fields == ("meds.list",) and found.to_ask]
    waiting = ", ".join(rule for one in about_medicines for rule in one.settles)
    asked = [(words, waiting) for words in found.to_ask]
    asked += [(one.ask, ", ".join(one.settles)) for one in left if one not in about_medicines]
    for number, (words, rules) in enumerate(asked, 1):
        yield "[bold]ask[/bold]", str(number), escape(words) + (f" [dim]{rules}[/dim]" if rules else "")


def _read(found: Screen) -> Iterator[Row]:
    """Names that are not those of their ingredients: whoever wrote them sees what they were taken for."""
    from rich.markup import escape

    for one in found.medicines:
        held = " and ".join(each.name for each in one.recognition.ingredients)
        if one.is_recognised and held.casefold() != one.name.casefold():
            how = f" [dim]{escape(one.recognition.how)}[/dim]" if one.recognition.how.startswith("confirmed") else ""
            yield "read", "", f"{escape(one.name)} as {escape(held)}{how}"


def _told(found: Screen) -> Iterator[Row]:
    from rich.markup import escape

    for one in found.always_said:
        yield "[bold]tell[/bold]", one.id, f"[bold]{escape(one.title)}[/bold]\n{escape(one.text)}"


def _notes(found: Screen) -> Iterator[Row]:
    from rich.markup import escape

    said = {one.id for one in found.always_said}
    for one in found.fired:
        if one.severity == "info" and one.id not in said:
            yield "note", one.id, f"{escape(one.title)}{_label(one)}: {escape(one.text)}"


def _disagreement(conflict: Conflict, found: Screen) -> Iterator[Row]:
    from rich.markup import escape

    known = found.rules.sources
    words = [f"[bold]Sources disagree[/bold]: {escape(conflict.title)}"]
    for side in conflict.sides:
        cited = dict.fromkeys(known[name].short for name in side.sources)
        words.append(f"• {escape(side.says)} [dim]{escape('; '.join(cited))}[/dim]")
    yield "conflict", "", "\n".join([*words, f"Here: {escape(conflict.here)}"])


def _counted(found: Screen) -> Iterator[Row]:
    """How many rules were checked, the version of them all, and which warnings and notes are open."""
    rules, asked = found.rules, len(found.checked) + len(found.not_checked)
    version = f"rule set {rules.version}, SHA-256 {rules.digest[:12]}"
    yield "checked", "", f"[dim]{len(found.checked)} of {asked} rules; {version}[/dim]"
    others = [one.id for one in found.not_checked if one.severity in ("warning", "info")]
    if others:
        words = f"{len(others)} warnings and notes, for want of the same answers: {', '.join(others)}"
        yield "open", "", f"[dim]{words}[/dim]"
