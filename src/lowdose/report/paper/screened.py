"""What the safety screen said, for plan page and chart note: nothing that fired or stayed open is left out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from lowdose.report.paper.marks import sentence
from lowdose.safety.rules.rule_set import SEVERITIES

if TYPE_CHECKING:
    from lowdose.plan.records.plan import Plan

OUTCOMES = {
    "clear-of-known-rules": "clear of known rules",
    "warning": "warning",
    "critical": "critical, overridden by name",
}
"""How a screen ended that a plan may follow."""


def screened(plan: Plan) -> Iterator[tuple[str, str, str]]:
    """Each rule that fired or could not be checked: its name, what is said of it, and its provenance.

    What every patient is told anyway, that tolerance to opioids is lower afterwards, has its own place everywhere.

    Examples
    --------
    >>> from lowdose.plan import example
    >>> list(screened(example.plan()))
    []
    """
    always = {one["id"] for one in plan.screen.get("always_said", ())}
    fired = [one for one in plan.screen.get("fired", ()) if one["id"] not in always]
    for one in sorted(fired, key=lambda one: SEVERITIES.index(one["severity"])):
        yield one["id"], _fired(one), one.get("provenance", "")
    for one in sorted(plan.screen.get("not_checked", ()), key=lambda one: SEVERITIES.index(one["severity"])):
        yield one["id"], f"{one['id']}, {one['severity']}, could not be checked: {sentence(one['settled_by'])}", ""


def _fired(one: Mapping[str, Any]) -> str:
    """What fired, what it asks for, and who went on in spite of it, and why."""
    said = f"{one['id']}, {one['severity']}: {sentence(one['title'])} {one['text']}"
    override = one.get("override")
    return f"{said} Overridden by {override['by']}: {sentence(override['reason'])}" if override else said
