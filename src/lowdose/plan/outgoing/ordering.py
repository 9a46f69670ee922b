"""A plan as the order of a pharmacy: only an approved one, and exactly its doses and days."""

from __future__ import annotations

from typing import Literal, get_args

from lowdose.errors import InvalidInput, SafetyStop
from lowdose.pharmacy import DoseStep
from lowdose.pharmacy.worksheets.titration import Order
from lowdose.plan.approving.approval import require_approved
from lowdose.plan.records.plan import Plan

Form = Literal["capsules", "solution"]
_FORMS: dict[str, Form] = {"capsule": "capsules", "solution": "solution"}
_HOURS = {"bedtime": "at bedtime", "morning": "in the morning"}


def order(plan: Plan, form: Form | None = None) -> tuple[Order, Form]:
    """What a pharmacy is asked to make for a plan, and in which form.

    Raises
    ------
    NotApproved
        If the plan is not approved as it is.
    SafetyStop
        If the plan is for another form: that one was approved.
    InvalidInput
        If neither the plan nor ``form`` names one.

    Examples
    --------
    >>> from lowdose.plan import example
    >>> made, form = order(example.plan(), "capsules")
    >>> [(str(step.dose_mg), step.days) for step in made.steps]
    [('1.5', 14), ('3', 14), ('4.5', 84)]
    """
    approval = require_approved(plan, "nothing is worked out")
    approved = _FORMS.get(plan.form or "")
    if approved and form not in (None, approved):
        other = next(written for written, made in _FORMS.items() if made == form)
        raise SafetyStop(
            f"the approved plan is for a {plan.form}, and {form} {'is' if form == 'solution' else 'are'} asked for",
            where=plan.patient,
            remedy=f"make the plan again with --form {other}, where its protocol has that, and have it approved",
        )
    chosen = form or approved
    if chosen is None:
        raise InvalidInput("the plan leaves the form open", remedy=f"give --form {' or --form '.join(get_args(Form))}")
    made = Order(
        steps=tuple(DoseStep(one.dose_mg, plan.days_of(one), one.per_day) for one in plan.steps),
        times=tuple(_HOURS[one.time_of_day] for one in plan.steps),
        start=plan.start,
        patient=plan.patient,
        approved_by=approval.words,
        plan_sha256=plan.digest,
        prescriber=approval.by.name,
        stop_hours=plan.hold.hours,
    )
    return made, chosen
