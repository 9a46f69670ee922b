"""The leaflet for the patient: large type, short sentences, and no dose but those a named professional approved."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from lowdose.pharmacy.amounts.exact import plain
from lowdose.pharmacy.worksheets.label import stop_words
from lowdose.report.paper.blocks import Bullets, Callout, Column, Heading, Paragraph, Table
from lowdose.report.paper.due import all_shown, days_in_words
from lowdose.report.paper.marks import sentence
from lowdose.report.paper.months import calendar
from lowdose.report.paper.sheet import LOWER_TOLERANCE, Sheet, of_plan, require_approval
from lowdose.spoken import full_date, long_date

if TYPE_CHECKING:
    from lowdose.plan.records.parts import Advice, Step
    from lowdose.plan.records.plan import Plan

_OPIOIDS = (
    "Strong painkillers such as morphine, oxycodone and fentanyl.",
    "Tramadol, and codeine in any form.",
    "Some cough syrups and some pills for a loose bowel.",
    "Kratom and tianeptine, too.",
)
_CRISIS = frozenset({"PSY-001"})
"""Advice that is urgent though nothing is stopped."""
_NO_HURRY = frozenset({"EFF-001"})
"""Advice to stop that can wait for the next visit."""


def leaflet_sheet(plan: Plan) -> Sheet:
    """What the patient takes home.

    Parameters
    ----------
    plan : Plan
        Approved, and unchanged since.

    Raises
    ------
    NotApproved
        If the plan is not approved, or was changed afterwards.
    """
    approval = require_approval("leaflet", of_plan(plan), plan.digest)
    blocks = (
        Callout("Do not take opioid medicines", _NO_OPIOIDS, _OPIOIDS, tone="stop"),
        Heading("What you take, and when"),
        _doses(plan),
        *_how(plan),
        Heading("If you do not feel well"),
        *_side_effects(plan),
        *_stop(plan),
        *_lower_tolerance(plan),
        Heading("Your dates"),
        _calendar(plan),
        Heading("Tests and visits"),
        _checks(plan),
        Heading("Before an operation"),
        Paragraph(
            f"Stop this medicine at least {stop_words(plan.hold.hours)} before it, or longer if the surgical team asks. "
            "Tell each doctor, nurse and dentist that you take it. Show your wallet card."
        ),
        Heading("What we do not know"),
        Paragraph(
            "This medicine is not approved in this low dose for any illness. A pharmacy makes it for you. "
            "We cannot promise that it will help you. You can stop at any time: tell us if you do."
        ),
    )
    return Sheet(
        "leaflet",
        "Your low-dose naltrexone",
        subtitle=f"From {long_date(plan.start)} to your visit on {long_date(plan.review)}",
        blocks=blocks,
        made=plan.made_on,
        digest=plan.digest,
        about=plan.patient,
        approval=approval,
        reviewed=plan.reviewed,
        pages=3,
    )


_NO_OPIOIDS = "This medicine blocks them, and the two together can make you very ill. That means:"


def _doses(plan: Plan) -> Table:
    rows = tuple((full_date(step.first), _amount(step), _time(step)) for step in plan.steps)
    return Table((Column("From", share=1), Column("Take", strong=True), Column("When")), rows)


def _amount(step: Step) -> str:
    return f"{plain(step.dose_mg)} mg"


def _time(step: Step) -> str:
    times = "" if step.per_day == 1 else f"{step.per_day} times a day, "
    return times + ("at bedtime" if step.time_of_day == "bedtime" else "in the morning")


def _how(plan: Plan) -> Iterator[object]:
    missed = [_told(advice) for advice in plan.advice if advice.kind == "missed" and advice.patient]
    yield Bullets(
        (
            "Take only what stands here. Never take two doses at once.",
            "Do not take more, or go up sooner, on your own. Ask us first.",
            *missed,
        )
    )


def _calendar(plan: Plan) -> object:
    steps = [step.first for step in plan.steps]
    return calendar(plan.start, plan.review, steps=steps, checks=all_shown(plan.checks))


def _checks(plan: Plan) -> Table:
    rows = tuple((check.patient, days_in_words(check)) for check in plan.checks)
    return Table((Column("What", share=1), Column("When", share=1)), rows)


def _side_effects(plan: Plan) -> Iterator[object]:
    """Side effects that ask for the same stand together; those to call for at once stand in the box below."""
    at_once = {advice.rule for advice in plan.advice if _is_urgent(advice)}
    asked: dict[str, list[str]] = {}
    for effect in plan.side_effects:
        if effect.patient and not at_once.issuperset(effect.rules):
            asked.setdefault(effect.patient, []).append(effect.name)
    for words, names in asked.items():
        yield Paragraph(sentence(words), start=sentence(_and(names)))


def _and(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} or {names[-1]}"


def _is_urgent(advice: Advice) -> bool:
    return bool(advice.patient) and (advice.kind == "stop" or advice.rule in _CRISIS) and advice.rule not in _NO_HURRY


def _stop(plan: Plan) -> Iterator[object]:
    urgent = tuple(_told(advice) for advice in plan.advice if _is_urgent(advice))
    if urgent:
        yield Callout("Call us at once", items=urgent, tone="stop")
    for advice in plan.advice:
        if advice.rule in _NO_HURRY and advice.patient:
            yield Paragraph(sentence(advice.patient), start=sentence(advice.title))


def _lower_tolerance(plan: Plan) -> Iterator[object]:
    yield Callout(
        LOWER_TOLERANCE,
        "When you stop, opioids can act more strongly on you than before. "
        "What was once safe for you can stop your breath. Tell those who live with you.",
        tone="warning",
    )
    said = {rule for effect in plan.side_effects for rule in effect.rules} | {"OPI-017"}
    for advice in plan.advice:
        if advice.kind == "counselling" and advice.patient and advice.rule not in said:
            yield Paragraph(sentence(advice.patient), start=sentence(advice.title))


def _told(advice: Advice) -> str:
    return f"{sentence(advice.title)} {sentence(advice.patient)}"
