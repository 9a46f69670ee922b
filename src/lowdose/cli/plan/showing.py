"""What a person sees of plans and protocols in a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from datetime import date

    from lowdose.plan import Plan, PlanRefused, Protocol
    from lowdose.plan.catalogue import Scheme

_ORIGINS = {"cautious end": "", "protocol": "from the source of ", "usual": "usual practice, "}
_STANDINGS = {"plan": "", "specialist": "specialist", "shown": "no plan"}
_CELLS = 20


def show_plan(plan: Plan) -> None:
    """Steps with their block, where each value comes from, checks, what fired, what is not known."""
    from lowdose.plan.surgery.cards import before_surgery

    say(f"{plan.title}, {plan.indication}: {plan.standing}", bold=True)
    table(("from", "to", "dose", "once a day", "µ receptors held in the brain"), _steps(plan))
    if plan.blockade:
        first = plan.blockade[0]
        say(f"Block: {first.label}; 5–95 % of {first.people} persons; {first.kinetics}.")
    else:
        say(f"Block: not predicted, {plan.blockade_note}.")
    say(f"before an operation: {before_surgery(plan)[0]}")
    for one in plan.chosen:
        say(f"{one.what} {one.value}: {_ORIGINS.get(one.origin, f'{one.origin}, ')}{one.because}")
    for adapted in plan.adaptations:
        kind = " (advice)" if adapted.is_advice else ""
        say(f"{adapted.rule}{kind} {adapted.asks}. Here: {adapted.kept}. [{adapted.provenance}]")
    table(("check", "when", "first on"), [(one.what, one.when, _day(one.on[0])) for one in plan.checks])
    for fired in plan.screen.get("fired", []):
        say(f"{fired['severity']} {fired['id']} {fired['title']}: {fired['text']}")
    for unknown in plan.screen.get("not_checked", []):
        say(f"not checked {unknown['id']} {unknown['title']}")
    if plan.note:
        say(f"note: {plan.note}")
    for said in plan.not_known:
        say(f"not known: {said}")
    if not plan.reviewed:
        say_not_reviewed()


def show_refusal(refused: PlanRefused) -> None:
    """Why there is no plan, and what to answer, on the error stream."""
    from lowdose.safety.rules.rule_set import STOPPING

    click.echo(refused.what, err=True)
    if refused.screen is not None:
        for fired in refused.screen.fired:
            if fired.is_open:
                click.echo(f"  {fired.severity} {fired.id} {fired.title}: {fired.text}", err=True)
        for unknown in refused.screen.not_checked:
            if unknown.severity in STOPPING:
                click.echo(f"  not known ({unknown.id}): {unknown.settled_by}", err=True)
        for name in refused.screen.unrecognised:
            click.echo(f"  not recognised: {name}", err=True)
    click.echo(f"  remedy: {refused.remedy}", err=True)


def refusal_document(refused: PlanRefused) -> dict[str, Any]:
    """The refusal as one JSON object."""
    screen = refused.screen.document() if refused.screen else None
    said = {"what": refused.what, "where": refused.where, "remedy": refused.remedy}
    return {"schema": "lowdose.plan-refused/1", **said, "screen": screen}


def show_protocols(known: Iterable[Protocol]) -> None:
    """One line a scheme."""
    rows = []
    for one in known:
        for name, scheme in one.schemes.items():
            named = one.id if len(one.schemes) == 1 else f"{one.id} ({name})"
            values = (words.partition(":")[0].replace("none", "–") for words in _values(scheme).values())
            rows.append((named, one.indication, *values, _STANDINGS[one.standing]))
    table(("protocol", "for", "start", "step", "every", "up to", ""), rows)
    say("A word in brackets is one of several schemes, asked for with --scheme.")
    say("What is not known stays unknown: 'lowdose plan show ID' says why, with the sources.")
    say_not_reviewed()


def show_protocol(found: Protocol) -> None:
    """Every value as its source has it."""
    say(f"{found.id}: {found.indication}", bold=True)
    if found.refused:
        say(f"Gives no plan: {found.refused}.")
    for name, scheme in found.schemes.items():
        table((f"scheme {name}", "as the source has it"), list(_values(scheme).items()))
    say(f"review: {_review(found)}")
    say(f"time: {found.timing.words or f'not known: {found.timing.unknown}'}")
    say(f"form: {found.formulation.words or f'not known: {found.formulation.unknown}'}")
    if found.note:
        say(f"note: {found.note}")
    for one in found.cited:
        say(f"source ({found.provenance}): {one.title} {one.url}".rstrip())
    say_not_reviewed()


def _review(found: Protocol) -> str:
    """When a plan of it ends, and whose choice that is."""
    if not found.is_plannable:
        return found.length_weeks.words("weeks")
    from lowdose.plan.scheme.length import review_after

    _, chosen = review_after(found)
    return f"{chosen.value} ({_ORIGINS.get(chosen.origin, f'{chosen.origin}, ')}{chosen.because})"


def standing() -> dict[str, Any]:
    """How the rules stand, for JSON."""
    from lowdose.safety import rule_set

    rules = rule_set()
    return {"reviewed_by": rules.reviewed_by, "note": rules.not_reviewed if rules.reviewed_by is None else ""}


def say_not_reviewed() -> None:
    """How the rules stand, which no page may leave out."""
    if standing()["note"]:
        say(f"! {standing()['note']}")


def protocol_document(found: Protocol) -> dict[str, Any]:
    """A protocol as plain JSON, its sources written out."""
    document = found.model_dump(mode="json", by_alias=True, exclude_none=True)
    return {**document, "sources": [one.model_dump() for one in found.cited]}


def _values(scheme: Scheme) -> dict[str, str]:
    start = scheme.per_kg_mg.words("mg/kg") if scheme.per_kg_mg else scheme.start_mg.words("mg")
    step, every = scheme.step_mg.words("mg"), scheme.interval_days.words("days")
    return {"start": start, "step": step, "every": every, "up to": scheme.ceiling_mg.words("mg")}


def _steps(plan: Plan) -> list[tuple[str, ...]]:
    from lowdose.pharmacy.amounts.exact import plain

    rows: list[tuple[str, ...]] = []
    for number, step in enumerate(plan.steps):
        held = "–"
        if plan.blockade:
            one = plan.blockade[number]
            held = f"{_bar(one.low, one.median, one.high)} {one.median:4.0%} ({one.low:.0%}–{one.high:.0%})"
        until = _day(step.last) if step.last else f"review {_day(plan.review)}"
        rows.append((_day(step.first), until, f"{plain(step.dose_mg)} mg", step.time_of_day, held))
    return rows


def _bar(low: float, median: float, high: float) -> str:
    """A row of cells: the band, and the median in it."""
    at, begin, end = (min(int(share * _CELLS), _CELLS - 1) for share in (median, low, high))
    return "".join("●" if cell == at else "━" if begin <= cell <= end else "·" for cell in range(_CELLS))


def _day(day: date) -> str:
    return f"{day:%a %Y-%m-%d}"


def say(*sentences: str, bold: bool = False) -> None:
    """Print sentences as they are."""
    from rich.markup import escape

    from lowdose.cli.terminal import show

    show(*(f"[bold]{escape(one)}[/bold]" if bold else escape(one) for one in sentences))


def table(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print a table."""
    from rich import box
    from rich.markup import escape
    from rich.table import Table

    from lowdose.cli.terminal import show

    made = Table(*headings, box=box.SIMPLE_HEAD, pad_edge=False, header_style="bold")
    for row in rows:
        made.add_row(*map(escape, row))
    show(made)
