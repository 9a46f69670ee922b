"""The chart note: plain text, to be pasted into a record."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from importlib.metadata import version
from textwrap import fill
from typing import TYPE_CHECKING

from lowdose.audit import NOT_APPROVED
from lowdose.pharmacy.amounts.exact import plain
from lowdose.report.paper.due import days_shown, then
from lowdose.report.paper.marks import ANAESTHETIST, UNCONFIRMED, marked, sentence
from lowdose.report.paper.press import breaking, is_reviewed, not_reviewed
from lowdose.report.paper.screened import OUTCOMES, screened
from lowdose.report.paper.sheet import LOWER_TOLERANCE, of_plan
from lowdose.report.shell import text
from lowdose.spoken import day_only, long_date, short_date

if TYPE_CHECKING:
    from datetime import date

    from lowdose.plan.records.parts import Check
    from lowdose.plan.records.plan import Plan

WIDTH = 88
_CONSENT = "REG-001"
"""The rule that asks whether consent to off-label use is recorded."""


def chart_note(plan: Plan) -> str:
    """The plan as a note of plain text, at most 88 characters a line.

    Parameters
    ----------
    plan : Plan
        Approved, or a draft, which says so in its first line.
    """
    return "\n".join(_lines(plan)) + "\n"


def _lines(plan: Plan) -> Iterator[str]:
    approval = of_plan(plan)
    yield _wrapped(f"{approval.sentence}." if approval else NOT_APPROVED)
    if not (plan.reviewed and is_reviewed()):
        yield f"{not_reviewed()}."
    yield ""
    yield _wrapped(f"LOW-DOSE NALTREXONE: {plan.title}")
    yield f"Patient {plan.patient}. Made {long_date(plan.made_on)}. Review {long_date(plan.review)}."
    yield from _section("Steps, naltrexone hydrochloride", (
        f"{short_date(step.first)}: {plain(step.dose_mg)} mg"
        + ("" if step.per_day == 1 else f", {step.per_day} times a day")
        + (" at bedtime" if step.time_of_day == "bedtime" else " in the morning")
        + (f", {step.days} days" if step.days is not None else ", to the review")
        for step in plan.steps
    ))  # fmt: skip
    yield from _section("Opioids", (
        "None while this is taken; opioid status was asked before the plan was made.",
        f"{LOWER_TOLERANCE}: patient to be warned that an opioid dose that was once usual may then be too much.",
    ))  # fmt: skip
    yield from _section("Consent", _consent(plan))
    yield from _section("Screen", _screen(plan))
    yield from _section("Checks", (_check(check, plan.review) for check in plan.checks))
    yield from _section("If something happens", (
        marked(f"{sentence(one.title)} {sentence(one.clinician)}", one.provenance)
        for one in plan.advice if one.kind != "counselling"
    ))  # fmt: skip
    yield from _section("Before an operation", _operation(plan))
    if plan.note:
        yield from _section("Note", (sentence(plan.note),))
    if plan.not_known:
        yield from _section("Not known", (sentence(one) for one in plan.not_known))
    yield ""
    yield _wrapped(f"{UNCONFIRMED} not yet confirmed: recalled or assumed, not read in a source.")
    yield _wrapped(f"lowdose {version('lowdose')}, {plan.rule_set}, plan {plan.digest[:12]}.")
    yield ""
    yield _wrapped(text("intended_use.txt").strip())


def _check(check: Check, review: date) -> str:
    days = ", ".join((*map(day_only, days_shown(check, review)), *filter(None, (then(check, review),))))
    return marked(f"{check.what}: {check.when}{f' ({days})' if days else ''}", check.provenance)


def _operation(plan: Plan) -> Iterator[str]:
    from lowdose.plan.surgery.cards import before_surgery

    stop, anaesthetist = before_surgery(plan)
    yield f"{stop} Here: {plan.hold.words}."
    if anaesthetist:
        yield f"{ANAESTHETIST} {anaesthetist}"


def _consent(plan: Plan) -> Iterator[str]:
    """What the screen was told of the consent: the rule that asks for it was checked, and did not fire."""
    fired = {one["id"] for one in plan.screen.get("fired", ())}
    if _CONSENT in plan.screen.get("checked", ()) and _CONSENT not in fired:
        yield f"Consent to off-label use of a compounded preparation is recorded, as the screen was told ({_CONSENT})."
    else:
        yield f"Consent to off-label use is not recorded ({_CONSENT})."


def _screen(plan: Plan) -> Iterator[str]:
    yield f"Outcome: {OUTCOMES.get(plan.screen.get('outcome', ''), 'not made')}."
    kept = {one.rule: f" Here: {one.kept}." for one in plan.adaptations}
    for rule, said, provenance in screened(plan):
        yield marked(said + kept.get(rule, ""), provenance)


def _section(title: str, lines: Iterable[str]) -> Iterator[str]:
    yield ""
    yield title.upper()
    for line in lines:
        yield _wrapped(line, first="- ", then="  ")


def _wrapped(words: str, *, first: str = "", then: str = "") -> str:
    """Lines that part no number from its unit; a plain text has plain spaces all the same."""
    lines = fill(breaking(words), WIDTH, initial_indent=first, subsequent_indent=then)
    return lines.replace("\u00a0", " ").replace("\u200b", "")
