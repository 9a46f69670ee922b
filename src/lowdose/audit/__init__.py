"""Who decided what, when, on which rules: the named professional, and a record that cannot be changed unseen."""

from lowdose.audit.entry import Entry, Overridden
from lowdose.audit.export import entries, exported
from lowdose.audit.folder import audit_folder
from lowdose.audit.professional import Professional
from lowdose.audit.recording import erase, mend, record
from lowdose.audit.verification import CANNOT_SAY, Problem, Verification, verify

__all__ = [
    "CANNOT_SAY",
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
