"""An approved plan as the patient's iCalendar file (RFC 5545): steps, checks, refill and visit as all-day events."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING
from uuid import NAMESPACE_URL, uuid5

from lowdose.pharmacy.amounts.exact import plain
from lowdose.plan.approving.approval import require_approved
from lowdose.spoken import full_date

if TYPE_CHECKING:
    from lowdose.plan.records.plan import Plan

REFILL_DAYS = 7
"""Days before the review at which the reminder about the next supply stands. Assumed: no source says how many."""

_NO_OPIOID = (
    "Do not take this medicine together with an opioid, such as codeine, tramadol or another strong painkiller. Ask "
    "before you take anything new for pain, cough or diarrhoea."
)


@dataclass(frozen=True)
class Event:
    """One day of the calendar; ``key`` names it for good, so that a newer file replaces it."""

    key: str
    day: date
    summary: str
    description: str


def calendar(plan: Plan) -> bytes:
    """The calendar file.

    Raises
    ------
    NotApproved
        If the plan is not approved as it is.
    """
    from icalendar import Calendar
    from icalendar import Event as Component

    approval = require_approved(plan, "no calendar is written")
    found = Calendar()
    found.add("prodid", "-//lowdose//plan//EN")
    found.add("version", "2.0")
    found.add("calscale", "GREGORIAN")
    found.add("method", "PUBLISH")
    found.add("x-wr-calname", f"Naltrexone plan {plan.patient}")
    for event in events(plan):
        one = Component()
        one.add("uid", _uid(plan, event.key))
        one.add("dtstamp", approval.at)
        one.add("dtstart", event.day)
        one.add("dtend", event.day + timedelta(days=1))
        one.add("summary", event.summary)
        one.add("description", f"{event.description}\n\n{_foot(plan)}")
        one.add("transp", "TRANSPARENT")
        one.add("categories", [event.key.split(" ")[0]])
        found.add_component(one)
    return bytes(found.to_ical())


def events(plan: Plan) -> tuple[Event, ...]:
    """What stands in the calendar, in the order of its days.

    The doses are those of the plan, so show them only of an approved one.
    """
    return tuple(sorted(_events(plan), key=lambda event: (event.day, event.key)))


def _events(plan: Plan) -> Iterator[Event]:
    for step in plan.steps:
        when = "at bedtime" if step.time_of_day == "bedtime" else "in the morning"
        dose = f"naltrexone {plain(step.dose_mg)} mg once a day {when}"
        until = f"until {full_date(step.last)}" if step.last else f"until your visit on {full_date(plan.review)}"
        stay = "Stay on the dose before and ask, if sleep is bad or a side effect does not pass."
        yield Event(
            f"step {step.number}", step.first, f"{'Start' if step.number == 1 else 'Next dose'}: {dose}",
            f"Step {step.number} of {len(plan.steps)}: {dose}, {until}."
            + ("" if step.number == 1 else f" {stay}"),
        )  # fmt: skip
    for check in plan.checks:
        for number, day in enumerate(check.on, 1):
            if day != plan.review:
                yield Event(f"check {check.what} {number}", day, check.patient, _sentence(check.when))
    yield Event(
        "refill", max(plan.start, plan.review - timedelta(days=REFILL_DAYS)), "Ask for your next supply",
        f"Your plan, and the supply for it, end with your visit on {full_date(plan.review)}. Ask in time.",
    )  # fmt: skip
    yield Event(
        "review", plan.review, "Visit: does it help? Go on, change, or stop",
        "Your plan ends here and has no dose from today on. What comes next is agreed at this visit.",
    )  # fmt: skip


def _uid(plan: Plan, key: str) -> str:
    """The same for the same event of the same plan, whenever it is written."""
    return f"{uuid5(NAMESPACE_URL, f'lowdose:plan:{plan.patient}:{plan.protocol}:{plan.start}:{key}')}@lowdose"


def _foot(plan: Plan) -> str:
    from lowdose.safety import rule_set

    said = [f"Plan {plan.digest[:12]}, {plan.standing}."]
    if not plan.reviewed:
        said.append(_sentence(rule_set().not_reviewed))
    said.append(_NO_OPIOID)
    return "\n".join(said)


def _sentence(words: str) -> str:
    return f"{words[:1].upper()}{words[1:]}."
