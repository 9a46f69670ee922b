"""Who decided what, when, on which rules: the named professional, and a record that cannot be changed unseen.

Nothing is imported until it is asked for.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lowdose.audit.approval import NOT_APPROVED as NOT_APPROVED
    from lowdose.audit.approval import Approval as Approval
    from lowdose.audit.entry import Entry as Entry
    from lowdose.audit.entry import Overridden as Overridden
    from lowdose.audit.export import entries as entries
    from lowdose.audit.export import exported as exported
    from lowdose.audit.folder import audit_folder as audit_folder
    from lowdose.audit.professional import Professional as Professional
    from lowdose.audit.recording import erase as erase
    from lowdose.audit.recording import mend as mend
    from lowdose.audit.recording import record as record
    from lowdose.audit.verification import CANNOT_SAY as CANNOT_SAY
    from lowdose.audit.verification import Problem as Problem
    from lowdose.audit.verification import Verification as Verification
    from lowdose.audit.verification import verify as verify

_HOMES = {
    "Approval": "approval",
    "CANNOT_SAY": "verification",
    "Entry": "entry",
    "NOT_APPROVED": "approval",
    "Overridden": "entry",
    "Problem": "verification",
    "Professional": "professional",
    "Verification": "verification",
    "audit_folder": "folder",
    "entries": "export",
    "erase": "recording",
    "exported": "export",
    "mend": "recording",
    "record": "recording",
    "verify": "verification",
}

__all__ = [
    "CANNOT_SAY",
    "NOT_APPROVED",
    "Approval",
    "Entry",
    "Overridden",
    "Problem",
    "Professional",
    "Verification",
    "audit_folder",
    "entries",
    "erase",
    "exported",
    "mend",
    "record",
    "verify",
]


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(import_module(f"lowdose.audit.{_HOMES[name]}"), name)
    raise AttributeError(f"module 'lowdose.audit' has no attribute {name!r}")
