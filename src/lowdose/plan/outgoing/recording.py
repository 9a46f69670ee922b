"""What the audit log keeps of plans: who, when, on which rules; refused ones too."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lowdose.audit import Professional
    from lowdose.plan.making.refusing import PlanRefused
    from lowdose.plan.records.plan import Plan
    from lowdose.safety import Override, Patient, Screen


def record_plan(plan: Plan, patient: Patient, *, overrides: Sequence[Override] = ()) -> None:
    """Keep that a plan was made: its inputs and outcome; whoever approved it answers for it.

    Raises
    ------
    InvalidInput
        If the log cannot be written; then nothing may be handed out.
    """
    from lowdose.audit import record

    record(
        "plan",
        outcome=str(plan.screen.get("outcome", "")),
        inputs={"plan": plan.document(), "recorded": patient.recorded, "answers": dict(patient.values)},
        patient=plan.patient,
        by=plan.approval.by if plan.approval else None,
        fired=_ids(plan, "fired"),
        not_checked=_ids(plan, "not_checked"),
        overrides=_overridden(overrides),
        versions=_versions(plan),
    )


def record_approval(plan: Plan) -> None:
    """Keep that a plan was approved as it is.

    Raises
    ------
    InvalidInput
        If the log cannot be written; then nothing may be handed out.
    """
    from lowdose.audit import record

    record(
        "plan approve",
        outcome="approved",
        inputs={"plan": plan.digest, "protocol": plan.protocol, "start": plan.start},
        patient=plan.patient,
        by=plan.approval.by if plan.approval else None,
        versions=_versions(plan),
    )


def record_refusal(
    refused: PlanRefused, patient: Patient, *, protocol: str, start: date, by: Professional | None,
    overrides: Sequence[Override] = (),
) -> None:  # fmt: skip
    """Keep that no plan was made, and which rules stood in the way."""
    from lowdose.audit import record

    screen: Screen | None = refused.screen
    record(
        "plan",
        outcome=f"refused: {screen.outcome}" if screen else "refused",
        inputs={"protocol": protocol, "start": start, "recorded": patient.recorded, "answers": dict(patient.values)},
        patient=patient.id,
        by=by,
        fired=[one.id for one in screen.fired] if screen else [],
        not_checked=[one.id for one in screen.not_checked] if screen else [],
        overrides=_overridden(overrides),
        versions={"rules": screen.rules.version} if screen else {},
    )


def _overridden(overrides: Sequence[Override]) -> list[Any]:
    from lowdose.audit import Overridden

    return [Overridden(one.rule, one.reason, one.by) for one in overrides]


def _ids(plan: Plan, name: str) -> list[str]:
    return [str(one["id"]) for one in plan.screen.get(name, [])]


def _versions(plan: Plan) -> dict[str, str]:
    return {"rules": plan.rule_set, "model": plan.model_hash}
