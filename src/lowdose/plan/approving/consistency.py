"""Before a plan from a file is approved: it is as lowdose wrote it, and its steps are its protocol's."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

from lowdose.errors import InvalidInput
from lowdose.pharmacy.amounts.exact import plain
from lowdose.pharmacy.bench.measuring import by_weight
from lowdose.plan.approving.screened import mismatch
from lowdose.plan.catalogue import Quantity, protocol
from lowdose.plan.foreseen.blockade import foresee
from lowdose.plan.records.plan import Plan
from lowdose.plan.scheme.length import review_after

_REMEDY = "a plan is not written by hand: make it again with lowdose plan"
_CLOCK = timedelta(days=1)
"""The clock of whoever approves may be a day ahead or behind."""


def check(plan: Plan, *, on: date) -> None:
    """Check that a plan is as lowdose wrote it, is not stale, and says what its protocol and its screen give.

    Parameters
    ----------
    plan : Plan
        As read from a file.
    on : date
        The day on which it is to be approved.

    Raises
    ------
    InvalidInput
        If its file was changed since lowdose wrote it, a step is not the protocol's, what is predicted is not the
        model's, the screen in the plan does not let it pass, its advice or checks are not those of the rules that
        fired, the rules have changed since, or the day of the first dose is past.
    """
    if not plan.is_as_written:
        raise InvalidInput("this plan was changed since lowdose wrote it", where=plan.patient, remedy=_REMEDY)
    _is_fresh(plan, on)
    _, scheme = protocol(plan.protocol).scheme(plan.scheme)
    doses = [step.dose_mg for step in plan.steps]
    if scheme.per_kg_mg is not None:
        _by_weight(plan, scheme.per_kg_mg, scheme.ceiling_mg)
    else:
        _within("first dose", scheme.start_mg, doses[0])
        for before, after in pairwise(doses):
            if after != scheme.ceiling_mg.is_ or not 0 < after - before < (scheme.step_mg.low or 0):
                _within(f"step to {plain(after)} mg", scheme.step_mg, after - before)
    top = scheme.ceiling_mg.high
    if top is not None and max(doses) > top:
        raise _not_ours(f"{plain(max(doses))} mg is above the ceiling of {plan.protocol}")
    for step, following in pairwise(plan.steps):
        days = (following.first - step.first).days
        if step.days != days:
            raise _not_ours(f"step {step.number} lasts {step.days} days and the next begins after {days}")
        _within(f"days of step {step.number}", scheme.interval_days, Decimal(days))
    _dates(plan)
    _predicted(plan)
    if (other := mismatch(plan)) is not None:
        raise _not_ours(other)


def _predicted(plan: Plan) -> None:
    """What is predicted is what the model says: on it hangs the line for the anaesthetist."""
    if plan.blockade_note:
        if plan.blockade or plan.block_after:
            raise _not_ours("something is predicted, and it says why nothing is")
        return
    doses = [step.dose_mg for step in plan.steps]
    if (plan.blockade, plan.block_after) != foresee(doses, plan.covariates, plan.hold.hours):
        raise _not_ours("what is predicted is not what the model says of its doses and its stop")


def _is_fresh(plan: Plan, on: date) -> None:
    from lowdose.safety import rule_set

    if plan.rule_set != rule_set().version:
        what = f"this plan was screened with the rules of {plan.rule_set}; they are now of {rule_set().version}"
        raise InvalidInput(what, remedy="screen again: make it again with lowdose plan")
    if plan.answered_on > plan.made_on:
        what = f"this plan was made on {plan.made_on}, and there are answers in it of {plan.answered_on}"
        raise InvalidInput(what, remedy=_REMEDY)
    if plan.made_on > on + _CLOCK:
        raise InvalidInput(f"this plan was made on {plan.made_on}, and it is {on}", remedy=_REMEDY)
    if on > plan.start + _CLOCK:
        what = f"the first dose was planned for {plan.start}: the answers that were screened may no longer hold"
        raise InvalidInput(what, remedy="ask again, and make it again with lowdose plan")


def _dates(plan: Plan) -> None:
    last = plan.steps[-1]
    if plan.steps[0].first != plan.start or last.days is not None:
        raise _not_ours("the first or the last step is not where the plan says")
    weeks, _ = review_after(protocol(plan.protocol))
    if plan.review - last.first != timedelta(weeks=weeks):
        raise _not_ours(f"the review is not {weeks} weeks after the last step begins")
    if any(step.per_day != 1 for step in plan.steps):
        raise _not_ours("more than one dose a day")
    if plan.screen.get("on") != str(plan.start) or plan.screen.get("outcome") in (None, "block", "incomplete"):
        raise _not_ours("the screen in the plan does not let it pass on the day of the first dose")


def _by_weight(plan: Plan, per_kg: Quantity, ceiling: Quantity) -> None:
    weight = plan.weight_kg
    if per_kg.is_ is None or ceiling.is_ is None or weight is None:
        raise _not_ours("there is no weight in it")
    if [step.dose_mg for step in plan.steps] != [by_weight(weight, per_kg.is_, ceiling.is_).value]:
        raise _not_ours(f"the dose does not follow from {plain(weight)} kg")


def _within(what: str, source: Quantity, value: Decimal) -> None:
    if source.low is None or source.high is None or not source.low <= value <= source.high:
        raise _not_ours(f"the {what} is {plain(value)}, and the source has {source.words('').strip()}")


def _not_ours(what: str) -> InvalidInput:
    return InvalidInput(f"this plan is not as its protocol has it: {what}", remedy=_REMEDY)
