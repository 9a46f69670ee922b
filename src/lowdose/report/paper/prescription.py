"""The prescription draft: everything a prescriber needs to sign, and no signature."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lowdose.report.paper.blocks import (
    Blanks,
    Bullets,
    Callout,
    Column,
    Heading,
    KeyValues,
    Paragraph,
    Signature,
    Table,
)
from lowdose.report.paper.sheet import Approval, Sheet
from lowdose.spoken import long_date

if TYPE_CHECKING:
    from lowdose.pharmacy.worksheets.prescription import PrescriptionDraft


def prescription_sheet(draft: PrescriptionDraft, *, reviewed: bool = True) -> Sheet:
    """The prescription for a whole titration, unsigned.

    Parameters
    ----------
    draft : PrescriptionDraft
        From `lowdose.pharmacy.worksheets.prescription`, which refuses a plan that nobody approved.
    reviewed : bool
        Whether the plan it comes from met reviewed rules.
    """
    from lowdose.pharmacy.worksheets.prescription import OFF_LABEL, UNSIGNED

    what, _, meaning = UNSIGNED.partition(": ")
    blocks = (
        Callout(what, meaning[:1].upper() + meaning[1:], tone="stop"),
        Heading("Patient"),
        KeyValues((("Pseudonym", draft.patient),)),
        Blanks(("Name", "Date of birth", "Address", "Allergies"), columns=2),
        Heading("Supply"),
        _supply(draft),
        *([Bullets(draft.fills)] if draft.fills else []),
        Heading("Directions"),
        Bullets(tuple(map(str, draft.directions))),
        Paragraph(OFF_LABEL, small=True),
        Heading("Prescriber"),
        Blanks(("Name and qualification", "Registration", "Address", "Telephone"), columns=2),
        Signature(("Signature", "Date")),
    )
    return Sheet(
        "prescription",
        "Prescription draft",
        subtitle=f"Low-dose naltrexone for {draft.days} days from {long_date(draft.start)}",
        blocks=blocks,
        made=draft.made_on,
        digest=draft.plan_sha256,
        about=draft.patient,
        approval=Approval(draft.approved_by, draft.plan_sha256),
        reviewed=reviewed,
        pages=1,
    )


def _supply(draft: PrescriptionDraft) -> Table:
    """The lines of the draft, cut where it says how much, so that page and text cannot differ."""
    rows = tuple((what, amount) for what, _, amount in (line.partition(": ") for line in draft.supply))
    return Table((Column("Medicine", share=1, strong=True), Column("Quantity", "right", strong=True)), rows)
