"""Approving a plan as it is: any later change takes the approval away."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path

from lowdose.audit import Professional
from lowdose.audit.approval import Approval
from lowdose.audit.approval import approve as approved
from lowdose.errors import SafetyStop
from lowdose.plan.approving.consistency import check
from lowdose.plan.records.plan import Plan
from lowdose.plan.records.reading import read_plan

APPROVE_FIRST = (
    'a named professional approves the plan first: lowdose plan approve PLAN.json --by "NAME, ROLE, REGISTRATION"'
)


class NotApproved(SafetyStop):
    """Something with a dose on it was asked for, but no named professional approved it as it is (exit code 5).

    Examples
    --------
    >>> NotApproved("no calendar is written").exit_code
    5
    """


def require_approved(plan: Plan, refused: str) -> Approval:
    """The approval of a plan, or the refusal to make something of it.

    Parameters
    ----------
    plan : Plan
        As it is.
    refused : str
        What is not made otherwise, such as "no calendar is written".

    Raises
    ------
    NotApproved
        If nobody approved it, or it was changed since.

    Examples
    --------
    >>> from lowdose.plan import example
    >>> require_approved(example.plan(), "no calendar is written").by.name
    'A. Brown'
    """
    if plan.approval is None or not plan.is_approved:
        what = f"{refused}: the plan is not approved, or was changed after it was"
        raise NotApproved(what, where=plan.patient, remedy=APPROVE_FIRST)
    return plan.approval


def approve(plan: Plan, by: Professional, at: datetime) -> Plan:
    """Freeze the plan as it is: any later change un-approves it.

    It must be as lowdose wrote it, with its protocol's steps, and not stale. The hash shows a change; it is no
    signature. Who approved what is also kept in the audit log.

    Parameters
    ----------
    plan : Plan
        As it is to be handed out.
    by : Professional
        Who answers for it.
    at : datetime
        With its time zone.

    Raises
    ------
    InvalidInput
        If the time has no zone, the plan was changed since lowdose wrote it, or it is stale.
    SafetyStop
        If it is nobody who may decide on a medicine.

    Examples
    --------
    >>> from lowdose.plan import example
    >>> approve(example.plan(), example.BY, example.AT).is_approved
    True
    """
    by.decides("the plan")
    approval = approved(plan.content, by, at)
    check(plan, on=approval.at.date())
    return replace(plan, approval=approval)


def approve_file(path: Path | str, by: Professional, at: datetime) -> Plan:
    """Read a plan's file, and `approve` it.

    Parameters
    ----------
    path : Path or str
        As `read_plan` reads it.
    by : Professional
        Who answers for it.
    at : datetime
        With its time zone.

    Raises
    ------
    InvalidInput
        If it cannot be read, was changed since lowdose wrote it, or is stale.

    Examples
    --------
    >>> from lowdose.plan import example
    >>> approve_file("nowhere.json", example.BY, example.AT)
    Traceback (most recent call last):
    lowdose.errors.InvalidInput: nowhere.json cannot be read as a plan: ...
    """
    return approve(read_plan(path), by, at)
