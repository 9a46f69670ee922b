"""A plan written out by hand, so that documents are tested without the room that makes plans."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from lowdose.audit import Professional
from lowdose.audit.approval import approve
from lowdose.plan.foreseen.computed import computed
from lowdose.plan.records.parts import (
    Advice,
    Check,
    Chosen,
    Conflict,
    Side,
    SideEffect,
    Source,
    Step,
)
from lowdose.plan.records.plan import Plan

BY = Professional("Dr A. Brown", "physician", "GMC 0000000")
PHARMACIST = Professional("B. White", "pharmacist", "GPhC 0000000")
AT = datetime(2026, 12, 1, 9, 30, tzinfo=UTC)
START = date(2026, 12, 1)
_CLINIC = Source("clinic protocol", "https://example.org/protocol")


def draft(doses: tuple[str, ...] = ("1.5", "3", "4.5"), days: int = 14) -> Plan:
    """A plan that nobody approved."""
    steps = tuple(
        Step(number, START + timedelta(days=days * (number - 1)), None if number == len(doses) else days, Decimal(dose),
             1, "bedtime")
        for number, dose in enumerate(doses, start=1)
    )  # fmt: skip
    review = steps[-1].first + timedelta(days=84)
    return Plan(
        protocol="STD-1.5",
        scheme="stepped",
        title="Standard titration",
        indication="general",
        cited=(_CLINIC,),
        provenance="found",
        patient="P-0421",
        patient_digest="ab" * 32,
        answered_on=date(2026, 11, 30),
        made_on=date(2026, 11, 30),
        start=START,
        review=review,
        steps=steps,
        form="capsule",
        weight_kg=None,
        chosen=(
            Chosen("start", "1.5 mg", "protocol", "STD-1.5", "1.5 mg"),
            Chosen("interval", f"{days} days", "cautious end", "the longer of what the source allows", "7 to 14 days"),
        ),
        adaptations=(),
        checks=_checks(review),
        advice=_advice(),
        side_effects=_side_effects(),
        conflicts=(
            Conflict(
                "sleep",
                "What to do about poor sleep?",
                (Side("lower the dose", (Source("article A", ""),)), Side("move it to the morning", (_CLINIC,))),
                "Hold the step and offer both.",
            ),
        ),
        not_known=("the hour of the dose",),
        blockade=tuple(computed().doses[str(Decimal(dose).normalize())].taken for dose in doses),
        blockade_note="",
        screen={"outcome": "warning"},
        rule_set="lowdose rules 1",
        reviewed=False,
        model_hash="cd" * 32,
        version="0.1.0",
        block_after=computed().doses[str(max(map(Decimal, doses)).normalize())].after,
    )


def approved(doses: tuple[str, ...] = ("1.5", "3", "4.5")) -> Plan:
    """The same plan, approved."""
    return sealed(draft(doses))


def sealed(plan: Plan, by: Professional = BY, at: datetime = AT) -> Plan:
    """A plan with a valid approval, also where its steps are no protocol's: what is tested is the paper."""
    return replace(plan, approval=approve(plan.content, by, at))


def changed() -> Plan:
    """An approved plan in which a dose was changed afterwards."""
    plan = approved()
    return replace(plan, steps=(*plan.steps[:-1], replace(plan.steps[-1], dose_mg=Decimal("6"))))


def _checks(review: date) -> tuple[Check, ...]:
    week = timedelta(weeks=1)
    return (
        Check("ALT, AST, bilirubin", (START, START + 13 * week),
              "before the first dose, at about 3 months, then yearly", "liver", "HEP-007", (_CLINIC,), "recalled",
              "Blood test for your liver"),
        Check("PHQ-9", (START, START + 4 * week, START + 12 * week), "before the first dose, at 4 and 12 weeks", "mood",
              "PSY-002", (_CLINIC,), "found", "Some questions about your mood"),
        Check("diary of sleep, side effects and symptoms", tuple(START + timedelta(days=day) for day in range(28)),
              "every day for 4 weeks, and for 7 days after each change of dose", "diary", "EFF-002", (_CLINIC,),
              "found", "Your diary: sleep, side effects, how you feel"),
        Check("benefit: go on, or stop", (review,), "12 weeks at the last dose", "benefit", "EFF-001", (_CLINIC,),
              "found", "A talk: does it help? Go on, or stop?"),
    )  # fmt: skip


def _advice() -> tuple[Advice, ...]:
    return (
        Advice("hold", "SLP-001", "Poor sleep or vivid dreams on 3 of 7 nights",
               "Hold the step. Wait one to two weeks, move the dose to the morning, or lower it.",
               "This often passes in two weeks. Ask about a morning dose.", (_CLINIC,), "found"),
        Advice("step down", "TOL-001", "Moderate side effect for more than 3 days",
               "Back to the last good dose, or halve it; then slower steps.",
               "Go back to the last dose that suited you.", (_CLINIC,), "found"),
        Advice("missed", "MIS-002", "A missed dose", "Take it unless the next is within 6 hours; never double.",
               "Take it when you think of it, unless the next dose is less than 6 hours away. Never take two.",
               (_CLINIC,), "found"),
        Advice("stop", "TOL-002", "Severe side effect", "Stop, assess, report.", "Stop and call.", (_CLINIC,),
               "recalled"),
        Advice("counselling", "OPI-017", "Lower opioid tolerance after stopping",
               "Warn of overdose after stopping.",
               "When you stop this medicine, opioids can harm you at a dose that was safe before.", (_CLINIC,),
               "found"),
    )  # fmt: skip


def _side_effects() -> tuple[SideEffect, ...]:
    rates = computed().rates
    hold, back = "Hold the step; move to the morning, or lower the dose.", "Back to the last good dose, or halve it."
    return (
        SideEffect("vivid dreams", hold, "This often passes in two weeks.", ("SLP-001",), rates["vivid-dreams"][:1], "",
                   (_CLINIC,), "found"),
        SideEffect("headache", back, "Go back to the last dose that suited you.", ("TOL-001",), rates["headache"][:1],
                   "", (_CLINIC,), "found"),
        SideEffect("nausea", back, "Go back to the last dose that suited you.", ("TOL-001",), rates["nausea"][:1], "",
                   (_CLINIC,), "found"),
        SideEffect("signs of hepatitis", "Stop; liver tests the same day.", "Stop and call the same day.", ("HEP-006",),
                   (), "no rate was found", (_CLINIC,), "found"),
    )  # fmt: skip
