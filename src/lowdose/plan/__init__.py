"""Plans: a cited protocol for one person, in dated steps; and what to do before and after an operation.

Nothing is imported until it is asked for.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lowdose.plan.catalogue import NotPlannable, Protocol, protocol, protocols
    from lowdose.plan.documents import approve, approve_file, plan_of, read_plan
    from lowdose.plan.making import PlanRefused, make_plan
    from lowdose.plan.ordering import order
    from lowdose.plan.records import Approval, Blockade, Check, Plan, Step
    from lowdose.plan.scheme import Choices, OutsideSource

_HOMES = {
    "Approval": "records",
    "Blockade": "records",
    "Check": "records",
    "Choices": "scheme",
    "NotPlannable": "catalogue",
    "OutsideSource": "scheme",
    "Plan": "records",
    "PlanRefused": "making",
    "Protocol": "catalogue",
    "Step": "records",
    "approve": "documents",
    "approve_file": "documents",
    "make_plan": "making",
    "order": "ordering",
    "plan_of": "documents",
    "protocol": "catalogue",
    "protocols": "catalogue",
    "read_plan": "documents",
}

__all__ = [
    "Approval",
    "Blockade",
    "Check",
    "Choices",
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
    "read_plan",
]


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(import_module(f"lowdose.plan.{_HOMES[name]}"), name)
    raise AttributeError(f"module 'lowdose.plan' has no attribute {name!r}")
