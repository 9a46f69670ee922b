"""The plan for the clinician: one page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from lowdose.pharmacy.amounts.exact import plain
from lowdose.report.paper.blocks import Callout, Column, Due, Entries, Heading, Paragraph, Side, Table
from lowdose.report.paper.due import all_shown, days_shown, then
from lowdose.report.paper.marks import ANAESTHETIST, UNCONFIRMED, marked, sentence
from lowdose.report.paper.months import calendar
from lowdose.report.paper.screened import OUTCOMES, screened
from lowdose.report.paper.sheet import LOWER_TOLERANCE, Sheet, of_plan
from lowdose.report.paper.sparkline import NARROW, WIDE, sparkline
from lowdose.spoken import day_only, long_date, short_date

if TYPE_CHECKING:
    from datetime import date

    from lowdose.plan.records.parts import Check, SideEffect
    from lowdose.plan.records.plan import Plan

_FEW = 9
"""Steps that still stand beside the blockade."""
_SHORT = 3
"""Steps under which the words about an operation find room beside it."""
_KINDS = {"hold": "Hold", "step down": "Step down", "sleep": "", "missed": "", "stop": "Stop", "counselling": ""}
"""Every kind of advice in the order of print, with the word that goes before it unless it begins so itself."""
_LEFT_OUT = ("where each value comes from, and who disagrees", "the calendar", "how often side effects were seen")
"""What is left to the plan's JSON where a person has too much for one page, in this order."""
_ELSEWHERE = frozenset({"OPI-017", "OPI-019"})
"""Advice that is in the box at the top, and on the emergency page."""


def plan_sheet(plan: Plan) -> Sheet:
    """The plan on one page: steps, blockade, calendar, checks, side effects, when to stop.

    Parameters
    ----------
    plan : Plan
        Approved, or a draft, which says so.
    """
    whole, *shorter = (_blocks(plan, left_out) for left_out in range(len(_LEFT_OUT) + 1))
    return Sheet(
        "plan",
        plan.title,
        subtitle=f"Naltrexone hydrochloride, {doses(plan)}, {long_date(plan.start)} to {long_date(plan.review)}",
        blocks=whole,
        shorter=tuple(shorter),
        made=plan.made_on,
        digest=plan.digest,
        about=plan.patient,
        approval=of_plan(plan),
        reviewed=plan.reviewed,
        pages=1,
    )


def _blocks(plan: Plan, left_out: int) -> tuple[object, ...]:
    """The page without the first so many things that may be left out."""
    return (
        Callout(
            "No opioids with it.",
            f"{LOWER_TOLERANCE}: an opioid dose that was once usual may then be too much.",
            tone="stop",
            brief=True,
        ),
        found(plan),
        *_course(plan, dated=left_out < 2),
        Heading("If something happens"),
        events(plan, rates=left_out < 3),
        Entries(tuple(_small_print(plan, _LEFT_OUT[:left_out])), small=True),
    )


def doses(plan: Plan) -> str:
    """The doses of a plan in words."""
    first, last = plan.steps[0], plan.steps[-1]
    span = (
        f"{plain(first.dose_mg)} mg"
        if first.dose_mg == last.dose_mg
        else f"{plain(first.dose_mg)} to {plain(last.dose_mg)} mg"
    )
    times = "once a day" if last.per_day == 1 else f"{last.per_day} times a day"
    return (
        f"{span} {times} at {last.time_of_day}" if last.time_of_day == "bedtime" else f"{span} {times} in the morning"
    )


def found(plan: Plan) -> Callout | Paragraph:
    """What the safety screen found and could not check, the worst first, with what the plan does about it."""
    kept = {one.rule: f"Here: {one.kept}." for one in plan.adaptations}
    items = tuple(
        marked(f"{said} {kept[rule]}" if rule in kept else said, provenance)
        for rule, said, provenance in screened(plan)
    )
    outcome = OUTCOMES.get(plan.screen.get("outcome", ""), "not made")
    if not items:
        clear = outcome == OUTCOMES["clear-of-known-rules"]
        return Paragraph("No rule fired, and none was left open." if clear else "", start=f"Safety screen: {outcome}.")
    return Callout(f"Safety screen: {outcome}", items=items, tone="warning")


def _course(plan: Plan, *, dated: bool) -> Iterator[object]:
    """Steps and checks on the left, blockade and calendar on the right; a long ladder takes the whole width."""
    checks = (Heading("Checks"), checks_due(plan.checks, plan.review))
    operation = (Heading("Before an operation"), *_operation(plan))
    steps = (Heading("Steps"), *_ladder(plan))
    across = (*steps, *_blockade(plan, WIDE))
    if not dated:
        beside = len(plan.steps) <= _SHORT
        if len(plan.steps) > _FEW:
            yield from across
        else:
            yield Side((*steps, *(operation if beside else ())), tuple(_blockade(plan, NARROW)))
        yield from (*(() if beside else operation), Heading("Checks"), checks_due(plan.checks, plan.review, wide=True))
        return
    starts = [step.first for step in plan.steps]
    months = calendar(plan.start, plan.review, steps=starts, checks=all_shown(plan.checks, plan.review))
    when = (Heading("Months in which something is due"), months)
    if len(plan.steps) > _FEW:
        yield from across
        yield Side((*when, *operation), checks)
        return
    left, right = (*steps, *checks), (*_blockade(plan, NARROW), *when)
    # In lines, nearly enough to put what is left under the shorter side.
    lines_left = len(plan.steps) + 2 * len(plan.checks) + 5 + bool(plan.note)
    lines_right = (16 if plan.blockade else 3) + 5 * -(-len(months.months) // 3)
    yield Side((*left, *operation), right) if lines_left <= lines_right else Side(left, (*right, *operation))


def _operation(plan: Plan) -> Iterator[Paragraph]:
    """When to stop, and the line for the anaesthetist, by the highest dose of the plan."""
    from lowdose.plan.surgery.cards import before_surgery

    stop, anaesthetist = before_surgery(plan)
    yield Paragraph(stop)
    if anaesthetist:
        yield Paragraph(anaesthetist, start=ANAESTHETIST)


def _ladder(plan: Plan) -> Iterator[object]:
    table = steps_table(plan)
    if len(table.rows) <= _FEW:
        yield table
    else:
        half = -(-len(table.rows) // 2)
        yield Side((Table(table.columns, table.rows[:half]),), (Table(table.columns, table.rows[half:]),))
    yield Paragraph(f"Review on {short_date(plan.review)}. No dose is planned after it.", small=True)
    if plan.note:
        yield Paragraph(sentence(plan.note), start="Note.", small=True)


def steps_table(plan: Plan) -> Table:
    """The dated steps."""
    rows = tuple(
        (
            str(step.number),
            short_date(step.first),
            f"{step.days} days" if step.days is not None else "to the review",
            f"{plain(step.dose_mg)} mg" if step.per_day == 1 else f"{step.per_day} × {plain(step.dose_mg)} mg",
        )
        for step in plan.steps
    )
    columns = (Column("Step"), Column("From"), Column("For", share=1), Column("Dose", "right", strong=True))
    return Table(columns, rows)


def _blockade(plan: Plan, width: float) -> Iterator[object]:
    yield Heading("Opioid receptors blocked, predicted")
    if not plan.blockade:
        yield Paragraph(f"Not predicted: {plan.blockade_note}")
        return
    yield sparkline(plan, width)
    yield Paragraph(
        "Line: median of the people, over 24 hours. Dark: 9 in 10 of them. Light: all rival models, bands included. "
        f"{sentence(plan.blockade[0].label)}",
        small=True,
    )


def checks_due(checks: Iterable[Check], review: date, *, wide: bool = False) -> Due:
    """What to check, with a box to tick for each day that is shown, and what follows in words."""
    return Due(
        tuple(
            (
                sentence(check.what),
                marked(sentence(check.when), check.provenance),
                tuple(map(day_only, days_shown(check, review))),
                then(check, review),
            )
            for check in checks
        ),
        wide,
    )


def events(plan: Plan, *, rates: bool = True) -> Entries:
    """What may happen, what to do, and how often the side effects behind it were seen.

    A side effect stands beside the first advice that has one of its rules, so that nothing is said twice.
    """
    told = [
        advice for kind in _KINDS for advice in plan.advice if advice.kind == kind and advice.rule not in _ELSEWHERE
    ]
    homes = {
        effect.name: next((one.rule for one in told if one.rule in effect.rules), "") for effect in plan.side_effects
    }
    entries = []
    for advice in told:
        behind = [_seen(effect) for effect in plan.side_effects if homes[effect.name] == advice.rule and effect.rates]
        first = _KINDS[advice.kind]
        words = [f"{first}."] if first and not advice.clinician.startswith(first) else []
        words.append(marked(sentence(advice.clinician), advice.provenance))
        words += [f"Seen: {'; '.join(behind)}."] if behind and rates else []
        entries.append((sentence(advice.title), " ".join(words)))
    for effect in plan.side_effects:
        if not homes[effect.name]:
            words = [marked(sentence(effect.do), effect.provenance)]
            words += [f"Seen: {_seen(effect)}."] if effect.rates and rates else []
            entries.append((sentence(effect.name), " ".join(words)))
    return Entries(tuple(entries))


def _seen(effect: SideEffect) -> str:
    """How often, short: the first study only, the others stand in the JSON."""
    rate = effect.rates[0]
    seen = f"{effect.name} {100 * rate.events / rate.total:.0f} %"
    if rate.compared_total and rate.compared_events is not None:
        seen += f" and {100 * rate.compared_events / rate.compared_total:.0f} %"
    return f"{seen}, {rate.study}{' ' + UNCONFIRMED if rate.recalled else ''}"


def _small_print(plan: Plan, left_out: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """Where everything comes from, or what was left out and where it stands."""
    if not left_out:
        yield "Where each value comes from.", _origins(plan)
    for one in plan.adaptations:
        if one.rule not in {fired["id"] for fired in plan.screen.get("fired", ())}:
            yield f"{one.rule}.", marked(f"{sentence(one.asks)} {sentence(one.kept)}", one.provenance)
    for conflict in plan.conflicts:
        sides = "; ".join(f"{side.says.removesuffix('.')} ({side.source.title})" for side in conflict.sides)
        yield f"Sources disagree: {conflict.question}", conflict.here if left_out else f"{sides}. {conflict.here}"
    if plan.not_known:
        yield "Not known.", sentence("; ".join(plan.not_known))
    yield f"Protocol {plan.protocol}.", sentence("; ".join(source.title for source in plan.cited))
    if _LEFT_OUT[-1] not in left_out:
        never = ", ".join(effect.name for effect in plan.side_effects if not effect.rates)
        yield (
            "Seen:",
            (
                "people with it in one study, on naltrexone and in its comparison; the plan's JSON has every study."
                + (f" Not known how often: {never}." if never else "")
            ),
        )
    yield f"{UNCONFIRMED} Not yet confirmed:", "recalled or assumed, not read in a source."
    if left_out:
        yield "Left to the plan's JSON, to keep one page:", f"{', '.join(left_out)}."


def _origins(plan: Plan) -> str:
    """Values that come from the same place stand together."""
    reasons: dict[str, list[str]] = {}
    for one in plan.chosen:
        reasons.setdefault(f"{one.origin}: {one.because}", []).append(f"{one.what} {one.value}")
    said = [f"{', '.join(values)} ({reason})" for reason, values in reasons.items()]
    return sentence("; ".join((*said, f"stop before an operation {plan.hold.words}")))
