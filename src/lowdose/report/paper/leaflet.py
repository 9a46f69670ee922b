"""The leaflet for the patient: large type, short sentences, and no dose but those a named professional approved."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from lowdose.pharmacy.amounts.exact import plain
from lowdose.pharmacy.worksheets.label import stop_words
from lowdose.report.paper.blocks import Blanks, Bullets, Callout, Column, Heading, Paragraph, Table
from lowdose.report.paper.due import all_shown, days_in_words
from lowdose.report.paper.marks import sentence
from lowdose.report.paper.months import calendar
from lowdose.report.paper.patient_words import Words, patient_words
from lowdose.report.paper.sheet import LOWER_TOLERANCE, Sheet, of_plan, require_approval
from lowdose.spoken import full_date, long_date

if TYPE_CHECKING:
    from lowdose.plan.records.parts import Step
    from lowdose.plan.records.plan import Plan

_OPIOIDS = (
    "Strong painkillers such as morphine, oxycodone and fentanyl.",
    "Tramadol, and codeine in any form.",
    "Some cough syrups and some pills for a loose bowel.",
    "Kratom and tianeptine, too.",
)
_NO_OPIOIDS = "This medicine blocks them, and the two together can make you very ill. That means:"
_CALL = "Call us before you change anything. Our numbers:"
_TOLERANCE = (
    "When you stop, opioids can act more strongly on you than before. What was once safe for you can stop your breath. "
    "Tell those who live with you."
)
_NUMBERS = ("In the day", "At night and at weekends")


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
        Bullets(tuple(_how(plan))),
        Heading("If you do not feel well"),
        Blanks(_NUMBERS, columns=2, before=_CALL),
        Callout("Call us at once", items=tuple(_told(plan, patient_words().urgent)), tone="stop"),
        *(Paragraph(one.does, start=one.notices) for one in _said(plan, patient_words().noticed)),
        *_others(plan),
        Callout(LOWER_TOLERANCE, _TOLERANCE, tone="warning"),
        Heading("Your dates"),
        _calendar(plan),
        Heading("Tests and visits"),
        _checks(plan),
        Heading("Before an operation"),
        Paragraph(
            f"Stop this medicine at least {stop_words(plan.hold.hours)} before it, "
            "or longer if the surgical team asks. Tell each doctor, nurse and dentist that you take it. "
            "Show your wallet card. After the operation, do not start again on your own: ask us first."
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
        pages=4,
    )


def _doses(plan: Plan) -> Table:
    rows = tuple((full_date(step.first), _amount(step), _time(step)) for step in plan.steps)
    return Table(
        (Column("From", share=1), Column("Take", strong=True), Column("When")), rows, overleaf="More doses overleaf."
    )


def _amount(step: Step) -> str:
    return f"{plain(step.dose_mg)} mg"


def _time(step: Step) -> str:
    times = "" if step.per_day == 1 else f"{step.per_day} times a day, "
    return times + ("at bedtime" if step.time_of_day == "bedtime" else "in the morning")


def _how(plan: Plan) -> Iterator[str]:
    yield "Take only what stands here. Never take two doses at once."
    if len(plan.steps) > 1:
        yield "Do not take more, or go up sooner, on your own. Ask us first."
        yield "If you do not feel well, stay at the dose you take and call us. Do not go up on the next date."
    else:
        yield "Do not take more on your own. Ask us first."
    yield from _told(plan, patient_words().missed)


def _said(plan: Plan, words: Iterable[Words]) -> Iterator[Words]:
    """What is said of the rules in this plan."""
    rules = {advice.rule for advice in plan.advice}
    return (one for one in words if not rules.isdisjoint(one.rules))


def _told(plan: Plan, words: Iterable[Words]) -> Iterator[str]:
    return (f"{one.notices} {one.does}" for one in _said(plan, words))


def _others(plan: Plan) -> Iterator[Paragraph]:
    """Advice of a plan for which there are no words of the leaflet: as its rule says it, and not left out."""
    known = {rule for words in patient_words().every for rule in words.rules} | set(patient_words().kept_for)
    for advice in plan.advice:
        if advice.rule not in known and advice.patient:
            yield Paragraph(sentence(advice.patient), start=sentence(advice.title))


def _calendar(plan: Plan) -> object:
    steps = [step.first for step in plan.steps]
    return calendar(plan.start, plan.review, steps=steps, checks=all_shown(plan.checks, plan.review))


def _checks(plan: Plan) -> Table:
    rows = tuple((check.patient, days_in_words(check, plan.review)) for check in plan.checks)
    return Table((Column("What", share=1), Column("When", share=1)), rows, overleaf="More tests and visits overleaf.")
