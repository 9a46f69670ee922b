"""Labels, drawn to their size on a page to cut out, one for each container."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING

from lowdose.report.paper.blocks import Cut, Heading, KeyValues, Paragraph
from lowdose.report.paper.marks import sentence
from lowdose.report.paper.sheet import Approval, Sheet, require_approval

if TYPE_CHECKING:
    from lowdose.pharmacy.worksheets.label import Label

WIDTH, HEIGHT = 86.0, 74.0
"""Millimetres of one label."""


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
        subtitle=f"{len(labels)} to cut out, {WIDTH:g} by {HEIGHT:g} mm. Print at full size.",
        blocks=(Cut(tuple(tuple(_text(label)) for label in labels), WIDTH, HEIGHT, across=2),),
        made=made,
        digest=approval.digest,
        approval=approval,
        reviewed=reviewed,
    )


def _text(label: Label) -> Iterator[object]:
    """The lines of a label as the pharmacy room has them: its name, doses, what has a name, then the warnings."""
    name, *lines = label.lines
    doses = list(map(str, label.directions))
    parts = {line: line.partition(": ") for line in lines if line not in doses}
    named = {line: (what, value) for line, (what, colon, value) in parts.items() if colon and what in _NAMED}
    rest = [line for line in parts if line not in named and line not in label.warnings]
    opioids, *warnings = label.warnings
    yield Heading(name)
    yield from (Paragraph("", start=dose) for dose in doses)
    yield KeyValues(tuple(named.values()))
    yield Paragraph(" ".join(warnings), start=opioids)
    yield Paragraph(" ".join(map(sentence, rest)))


_NAMED = frozenset({"Strength", "Quantity", "Lot", "Do not use after", "Patient", "Prescriber", "Pharmacy"})
