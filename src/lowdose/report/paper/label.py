"""Labels, drawn to their size on a page to cut out, one for each container."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING

from lowdose.pharmacy.worksheets.label import KIND, STORED
from lowdose.report.paper.blocks import Blanks, Column, Cut, Heading, KeyValues, Paragraph, Size, Table
from lowdose.report.paper.sheet import Approval, Sheet, require_approval
from lowdose.spoken import long_date

if TYPE_CHECKING:
    from lowdose.pharmacy.worksheets.label import Label

SIZES = (Size(86, 74, 2), Size(86, 118, 2), Size(180, 118, 1))
"""From the usual one to one that is folded around the bottle: many doses need paper."""


def label_sheet(labels: Sequence[Label], approval: Approval | None, *, made: date, reviewed: bool = True) -> Sheet:
    """Labels to cut out.

    Parameters
    ----------
    labels : sequence of Label
        One a container, from `lowdose.pharmacy.worksheets.label`.
    approval : Approval or None
        Of the plan or the worksheet they come from; none is refused.
    made : date
        Printed on the page.
    reviewed : bool
        Whether what they come from met reviewed rules.

    Raises
    ------
    NotApproved
        If nothing was approved.
    """
    approval = require_approval("label", approval, "")
    return Sheet(
        "label",
        "Labels",
        subtitle=f"{len(labels)} to cut out. Print at full size.",
        blocks=(Cut(tuple(tuple(_text(label)) for label in labels), SIZES),),
        made=made,
        digest=approval.digest,
        approval=approval,
        reviewed=reviewed,
    )


def _text(label: Label) -> Iterator[object]:
    """What it is and how it is taken, the warnings, what has a name, and the lines to fill in."""
    yield Heading(label.title)
    if label.use:
        yield Paragraph("", start=label.use)
    yield from _doses(label)
    first, *warnings = label.warnings
    yield Paragraph(" ".join((*warnings, STORED[label.storage])), start=first)
    yield KeyValues(
        (
            ("Strength", label.strength),
            ("Quantity", label.quantity),
            ("Lot", label.lot),
            ("Do not use after", long_date(label.beyond_use)),
            *((what, who) for what, who in label.people if who and what != "Patient"),
        )
    )
    if blanks := [_to_fill_in(what, who) for what, who in label.people if not who or what == "Patient"]:
        yield Blanks(tuple(blanks))
    approved = f" Doses {label.approved_by}." if label.directions else ""
    yield Paragraph(f"{KIND}.{approved}")


def _doses(label: Label) -> Iterator[object]:
    """One dose as a sentence; several in a table by their days, as a pharmacist writes a changing dose."""
    if len(label.directions) == 1:
        yield Paragraph("", start=label.told[0])
    elif label.directions:
        strengths = [item.strength for item in label.items]
        hows = dict.fromkeys(one.how for one in label.directions)
        rows = tuple(
            (one.when.removeprefix("from "), one.taken(strengths) + (f", {one.how}" if len(hows) > 1 else ""))
            for one in label.directions
        )
        taken = "Take" if len(hows) > 1 else f"Take {next(iter(hows))}"
        yield Table((Column("From … to", share=0.55), Column(taken, share=1, strong=True)), rows)
    if label.syringe:
        yield Paragraph(f"Measure with an {label.syringe}.")


def _to_fill_in(what: str, who: str) -> str:
    return f"{what} ({who})" if who else f"{what}, telephone" if what == "Pharmacy" else what
