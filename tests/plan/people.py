"""Made-up people for the tests of plans: complete answers of a healthy adult, and what is changed in them."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from decimal import Decimal

from lowdose.audit import Professional
from lowdose.audit.approval import approve
from lowdose.plan import Choices, Plan, make_plan, protocols
from lowdose.plan.example import BY, HEALTHY, MADE, START
from lowdose.safety import Override, Patient

__all__ = ["BY", "HEALTHY", "MADE", "START", "override", "real", "sealed", "somebody"]


def somebody(**changed: object) -> Patient:
    """A healthy adult, with answers changed: ``lab__egfr=25`` is ``lab.egfr``."""
    values = {**HEALTHY, **{name.replace("__", "."): value for name, value in changed.items()}}
    return Patient("P-017", MADE, values)


def override(rule: str, reason: str = "agreed with the specialist") -> Override:
    return Override(rule, reason, BY)


def sealed(plan: Plan, by: Professional, at: datetime) -> Plan:
    """A made-up plan, approved without asking whether a protocol has such steps."""
    return replace(plan, approval=approve(plan.content, by, at))


def real(name: str, scheme: str | None = None) -> Plan:
    """The plan of a protocol, by id or nickname, for a healthy adult."""
    protocol = next(one for one in protocols() if name in (one.id, *one.names))
    _, published = protocol.scheme(scheme)
    choices = Choices(scheme=scheme, ceiling_mg=Decimal("4.5") if published.ceiling_mg.unknown else None)
    return make_plan(protocol, start=START, patient=somebody(), on=MADE, choices=choices)
