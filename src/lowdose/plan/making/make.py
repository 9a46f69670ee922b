"""Making a plan: settle the scheme, screen it, restrict it to the person, and only then date it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from lowdose.errors import InvalidInput
from lowdose.plan.approving.approval import approve
from lowdose.plan.catalogue import Protocol, protocols, require_plannable
from lowdose.plan.catalogue import protocol as find_protocol
from lowdose.plan.foreseen.blockade import for_person
from lowdose.plan.hold.hold import Hold
from lowdose.plan.making.refusing import refused
from lowdose.plan.records.parts import Source, Step
from lowdose.plan.records.plan import Plan
from lowdose.plan.saying.guidance import advice, conflicts, side_effects
from lowdose.plan.saying.monitoring import checks
from lowdose.plan.scheme.adapt import Asked, asked_of, limits, listed, sleep_field
from lowdose.plan.scheme.choices import Choices, Limits, OutsideSource, Settled
from lowdose.plan.scheme.length import review_after
from lowdose.plan.scheme.settling import settle

if TYPE_CHECKING:
    from lowdose.audit import Professional
    from lowdose.safety import Facts, Override, Patient, Screen

MOST_DAYS_AHEAD = 90
"""A start further ahead than this is a slip of the pen: the answers would be stale."""


@dataclass(frozen=True)
class _Made:
    """A scheme that fits the person, and the screen it passed."""

    settled: Settled
    asked: tuple[Asked, ...]
    screen: Screen


def make_plan(
    protocol: str | Protocol,
    *,
    start: date,
    patient: Patient,
    on: date,
    by: Professional | None = None,
    overrides: Sequence[Override] = (),
    choices: Choices | None = None,
    hold: Hold | None = None,
    at: datetime | None = None,
) -> Plan:
    """Make a dated plan for one person, or refuse it.

    Parameters
    ----------
    protocol : str or Protocol
        Id or nickname of a published protocol.
    start : date
        Day of the first dose: the day that is screened.
    patient : Patient
        Answers of one person.
    on : date
        The day on which the plan is made.
    by : Professional, optional
        Who approves it. Without one it is a draft.
    overrides : sequence of Override
        Reasons a professional gave for rules that allow one.
    choices : Choices, optional
        What the prescriber chose inside what the source leaves open; the cautious end of its range otherwise.
    hold : Hold, optional
        The stop before an operation as this site keeps it; the rule's own by default.
    at : datetime, optional
        When it was approved; now.

    Raises
    ------
    NotFound
        If there is no such protocol.
    NotPlannable
        If the protocol is shown and gives no plan.
    InvalidInput
        If a choice is outside the source's range, or is missing and the source leaves it open.
    OutsideSource
        If a rule asks for something the protocol's source does not have; protocols that fit are named.
    PlanRefused
        While a block, an unanswered question or a critical rule without a recorded reason stands.

    Examples
    --------
    >>> from lowdose.plan import example
    >>> made = make_plan("standard", start=example.START, patient=example.patient(), on=example.MADE)
    >>> made.steps[0].dose_mg, made.standing
    (Decimal('1.5'), 'DRAFT – NOT APPROVED')
    """
    found = find_protocol(protocol) if isinstance(protocol, str) else protocol
    require_plannable(found)
    if not on <= start <= on + timedelta(days=MOST_DAYS_AHEAD):
        raise InvalidInput(
            f"a plan made on {on} cannot start on {start}", where="--start",
            remedy=f"start on that day or up to {MOST_DAYS_AHEAD} days later",
        )  # fmt: skip
    answered_on = _answered_on(patient)
    if answered_on > on:
        raise InvalidInput(
            f"there are answers of {answered_on}, and the plan is made on {on}", where=patient.id,
            remedy="check the year and month of the answers; a plan is made on their day or later (--on)",
        )  # fmt: skip
    facts = patient.facts(start)
    _may_start(found, facts, start, overrides)
    chosen = _with_weight(choices or Choices(), facts)
    try:
        made = _fitted(found, chosen, facts, start, overrides)
    except OutsideSource as outside:
        raise _with_alternatives(outside, found, chosen, facts, start, overrides) from None
    if made.screen.exit_code != 0:
        raise refused(made.screen, found)
    plan = _plan(found, made, chosen, patient, facts, start, on, hold or Hold())
    return approve(plan, by, at or datetime.now(UTC)) if by is not None else plan


def _answered_on(patient: Patient) -> date:
    """The day of the youngest answer."""
    dated: list[date] = [one["on"] for one in patient.values.values() if isinstance(one, Mapping) and "on" in one]
    return max([patient.recorded, *dated])


def _may_start(protocol: Protocol, facts: Facts, start: date, overrides: Sequence[Override]) -> None:
    """The person first, whatever the doses: nobody is told which protocols fit while a rule stands in the way."""
    from lowdose.safety import screen

    found = screen(facts, phase="start", on=start, facts={"plan.drawn_up": False}, overrides=overrides)
    if found.exit_code != 0:
        raise refused(found, protocol)


def _with_weight(choices: Choices, facts: Facts) -> Choices:
    """The weight that was chosen, or the one in the answers; never two of them."""
    from dataclasses import replace
    from decimal import Decimal

    known = facts.value("patient.weight_kg")
    if known is None:
        return choices
    known = Decimal(str(known))
    if choices.weight_kg not in (None, known):
        raise InvalidInput(
            f"the answers say {known} kg, and the choice {choices.weight_kg} kg", where="--weight",
            remedy="weigh again, and write it in the patient file",
        )  # fmt: skip
    return replace(choices, weight_kg=known)


def _fitted(found: Protocol, choices: Choices, facts: Facts, start: date, overrides: Sequence[Override]) -> _Made:
    """Settle the scheme as it was asked for, screen it, then settle and screen it within what the rules ask."""
    bad_nights = facts.value(sleep_field())
    age = facts.value("patient.age_y")
    _of_that_age(found, age)
    first = settle(found, choices, Limits(), age=age)
    acknowledged = {one.rule for one in overrides}
    asked = asked_of({one.id for one in _screen(facts, first, choices, start, overrides).fired}, acknowledged)
    settled = settle(found, choices, limits(asked, bad_nights=bad_nights), age=age)
    return _Made(settled, asked, _screen(facts, settled, choices, start, overrides))


def _of_that_age(found: Protocol, age: float | None) -> None:
    if found.ages is None or age is None:
        return
    youngest, oldest = found.ages
    if not youngest <= age < oldest + 1:
        raise InvalidInput(
            f"{found.id} was studied in people of {youngest} to {oldest} years, not {age:g}",
            where="--protocol", remedy="choose another protocol: lowdose plan list",
        )  # fmt: skip


def _screen(facts: Facts, settled: Settled, choices: Choices, start: date, overrides: Sequence[Override]) -> Screen:
    from lowdose.safety import screen

    return screen(facts, phase="start", on=start, facts=settled.facts(choices.weight_kg), overrides=overrides)


def _with_alternatives(
    outside: OutsideSource, found: Protocol, choices: Choices, facts: Facts, start: date,
    overrides: Sequence[Override],
) -> OutsideSource:  # fmt: skip
    """The refusal, with the protocols whose own scheme does fit; nothing is made up."""
    fits = [
        f"{one.id} ({one.indication})"
        for one in protocols()
        if one.is_plannable and one.id != found.id and _fits(one, choices, facts, start, overrides)
    ]
    named = f"by their schemes these fit: {', '.join(fits)}" if fits else "no protocol here fits: a specialist decides"
    return OutsideSource(outside.what, where=outside.where, remedy=f"nothing is made up; {named}")


def _fits(one: Protocol, choices: Choices, facts: Facts, start: date, overrides: Sequence[Override]) -> bool:
    scheme = next(iter(one.schemes.values()))
    # A protocol without a highest dose is tried up to its second dose: whoever prescribes states the ceiling.
    open_end = None
    if scheme.ceiling_mg.unknown and scheme.start_mg.low is not None and scheme.step_mg.low is not None:
        open_end = scheme.start_mg.low + scheme.step_mg.low
    try:
        _fitted(one, Choices(weight_kg=choices.weight_kg, ceiling_mg=open_end), facts, start, overrides)
    except (OutsideSource, InvalidInput):
        return False
    return True


def _plan(
    found: Protocol, made: _Made, choices: Choices, patient: Patient, facts: Facts, start: date, on: date, hold: Hold
) -> Plan:
    from lowdose.safety import rule_set

    settled, fired = made.settled, {one.id for one in made.screen.fired}
    age = facts.value("patient.age_y")
    steps = _steps(settled, start)
    weeks, length = review_after(found)
    review = steps[-1].first + timedelta(weeks=weeks)
    foreseen = for_person(settled.doses, facts, hold.hours)
    return Plan(
        protocol=found.id,
        scheme=settled.name,
        title=f"Low-dose naltrexone, protocol {found.id}",
        indication=found.indication,
        cited=tuple(Source(one.title, one.url) for one in found.cited),
        provenance=found.provenance,
        patient=patient.id,
        patient_digest=patient.digest,
        answered_on=_answered_on(patient),
        made_on=on,
        start=start,
        review=review,
        steps=steps,
        form=settled.form,
        weight_kg=choices.weight_kg,
        chosen=(*settled.chosen, length),
        adaptations=listed(made.asked, settled),
        checks=checks(found, steps, made_on=on, review=review, fired=fired),
        advice=advice(fired, age=age, is_stepped=len(steps) > 1),
        side_effects=side_effects(age=age, is_stepped=len(steps) > 1),
        conflicts=conflicts(fired, lowest_mg=min(settled.doses)),
        not_known=found.not_known,
        blockade=foreseen.blockade,
        blockade_note=foreseen.note,
        covariates=foreseen.covariates,
        hold=hold,
        block_after=foreseen.after,
        screen=_json(made.screen.document()),
        rule_set=rule_set().version,
        reviewed=made.screen.reviewed,
        model_hash=foreseen.model_hash,
        version=version("lowdose"),
        note=found.note,
    )


def _steps(settled: Settled, start: date) -> tuple[Step, ...]:
    interval = settled.interval_days or 0
    return tuple(
        Step(
            number=number,
            first=start + timedelta(days=interval * (number - 1)),
            days=interval if number < len(settled.doses) else None,
            dose_mg=dose,
            per_day=1,
            time_of_day=settled.time_of_day,
        )
        for number, dose in enumerate(settled.doses, 1)
    )


def _json(found: dict[str, Any]) -> dict[str, Any]:
    """Plain JSON: days as text, tuples as lists."""
    from json import dumps, loads

    plain: dict[str, Any] = loads(dumps(found, default=str))
    return plain
