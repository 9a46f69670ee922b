"""Plans: a cited protocol for one person, in dated steps; and what to do before and after an operation.

Nothing is imported until it is asked for.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lowdose.audit import Approval
    from lowdose.plan.approving.approval import NotApproved, approve, approve_file
    from lowdose.plan.catalogue import NotPlannable, Protocol, protocol, protocols
    from lowdose.plan.hold.hold import Hold, read_hold
    from lowdose.plan.making.make import make_plan
    from lowdose.plan.making.refusing import PlanRefused
    from lowdose.plan.outgoing.ordering import order
    from lowdose.plan.records.block import Blockade
    from lowdose.plan.records.parts import Check, Step
    from lowdose.plan.records.plan import Plan
    from lowdose.plan.records.reading import plan_of, read_plan
    from lowdose.plan.scheme.choices import Choices, OutsideSource

_HOMES = {
    "Approval": "lowdose.audit",
    "Blockade": "lowdose.plan.records.block",
    "Check": "lowdose.plan.records.parts",
    "Choices": "lowdose.plan.scheme.choices",
    "Hold": "lowdose.plan.hold.hold",
    "NotApproved": "lowdose.plan.approving.approval",
    "NotPlannable": "lowdose.plan.catalogue",
    "OutsideSource": "lowdose.plan.scheme.choices",
    "Plan": "lowdose.plan.records.plan",
    "PlanRefused": "lowdose.plan.making.refusing",
    "Protocol": "lowdose.plan.catalogue",
    "Step": "lowdose.plan.records.parts",
    "approve": "lowdose.plan.approving.approval",
    "approve_file": "lowdose.plan.approving.approval",
    "make_plan": "lowdose.plan.making.make",
    "order": "lowdose.plan.outgoing.ordering",
    "plan_of": "lowdose.plan.records.reading",
    "protocol": "lowdose.plan.catalogue",
    "protocols": "lowdose.plan.catalogue",
    "read_hold": "lowdose.plan.hold.hold",
    "read_plan": "lowdose.plan.records.reading",
}

__all__ = [
    "Approval",
    "Blockade",
    "Check",
    "Choices",
    "Hold",
    "NotApproved",
    "NotPlannable",
    "OutsideSource",
    "Plan",
    "PlanRefused",
    "Protocol",
    "Step",
    "approve",
    "approve_file",
    "make_plan",
    "order",
    "plan_of",
    "protocol",
    "protocols",
    "read_hold",
    "read_plan",
]


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module 'lowdose.plan' has no attribute {name!r}")
