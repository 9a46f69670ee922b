"""A plan of three steps to 4.5 mg at bedtime, as the tests of surgery and emergency use it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from lowdose.audit import Professional
from lowdose.plan.foreseen.blockade import of_dose
from lowdose.plan.hold.hold import Hold
from lowdose.plan.records.parts import Source, Step
from lowdose.plan.records.plan import Plan
from tests.plan.people import sealed

START = date(2026, 12, 1)
BY = Professional("A. Brown", "physician", "GMC 0000000")


def make(*doses, start=START, days=14, time_of_day="bedtime", hold=None):
    """A draft plan: each dose for so many days, the last one open; of an average adult."""
    hold = hold or Hold()
    after = of_dose(max(map(Decimal, doses)), None, hold.hours).after
    steps = tuple(
        Step(
            number,
            start + timedelta(days=days * (number - 1)),
            days if number < len(doses) else None,
            Decimal(dose),
            1,
            time_of_day,
        )
        for number, dose in enumerate(doses, 1)
    )
    return Plan(
        protocol="standard", scheme="STD-1.5", title="Standard", indication="general", cited=(Source("a clinic", ""),),
        provenance="found", patient="P-17", patient_digest="0" * 64, answered_on=start, made_on=start,
        start=start, review=start + timedelta(days=112), steps=steps, form="capsule", weight_kg=None, chosen=(),
        adaptations=(), checks=(), advice=(), side_effects=(), conflicts=(), not_known=(), blockade=(),
        blockade_note="", screen={"outcome": "clear-of-known-rules"}, rule_set="1", reviewed=False, model_hash="",
        version="0",
        hold=hold, block_after=after,
    )  # fmt: skip


def approved(*doses):
    """Such a plan, approved by a named professional."""
    return sealed(make(*doses or ("1.5", "3", "4.5")), BY, datetime(2026, 12, 1, 9, tzinfo=UTC))
