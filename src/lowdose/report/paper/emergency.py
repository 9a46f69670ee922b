"""The emergency page: one page for a team that has ten seconds."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from lowdose.report.paper.blocks import Bullets, Callout, Column, Heading, Numbered, Paragraph, Table
from lowdose.report.paper.marks import UNCONFIRMED
from lowdose.report.paper.sheet import Sheet, of_card

if TYPE_CHECKING:
    from lowdose.plan.records.block import BlockAfter
    from lowdose.plan.surgery import EmergencyPage


def emergency_sheet(page: EmergencyPage, *, made: date) -> Sheet:
    """The emergency page as a sheet; no opioid dose is on it.

    Parameters
    ----------
    page : EmergencyPage
        Its words, from `lowdose.plan.surgery`.
    made : date
        Printed on it.
    """
    recalled = page.not_confirmed
    blocks = (
        Callout(page.last_dose_words, page.dose, tone="stop"),
        Heading("Do this, in this order"),
        Numbered(_marked(page.steps, recalled)),
        Heading("What is dangerous"),
        Bullets(_marked(page.warnings, recalled)),
        *([Heading("Naloxone"), Bullets(_marked(page.naloxone, recalled))] if page.naloxone else []),
        *_predicted(page),
        *([Paragraph(" ".join(page.not_known), start="Not known.", small=True)] if page.not_known else []),
        *([Paragraph("Recalled or from a page that needs a second look.", start=f"{UNCONFIRMED} Not yet confirmed.",
                     small=True)] if recalled else []),
    )  # fmt: skip
    return Sheet(
        "emergency",
        page.title,
        blocks=blocks,
        made=made,
        digest=page.plan_sha256,
        about=page.patient,
        approval=of_card(page),
        reviewed=page.reviewed,
        pages=1,
    )


def _marked(items: tuple[str, ...], recalled: tuple[str, ...]) -> tuple[str, ...]:
    """The items, those that are not yet confirmed with the mark."""
    return tuple(f"{item} {UNCONFIRMED}" if any(one.startswith(item) for one in recalled) else item for item in items)


def _predicted(page: EmergencyPage) -> list[object]:
    said = Paragraph(" ".join(page.predicted_sentences), small=True)
    table = [block_table(page.predicted)] if page.predicted else []
    return [Heading("How much is still blocked, predicted"), *table, said]


def block_table(predicted: BlockAfter) -> Table:
    """The predicted block at each hour, with its band and its range over the rivals."""
    columns = (
        Column("After the last dose", share=1),
        Column("Blocked, median person", "right", strong=True),
        Column("9 in 10 people", "right"),
        Column("All rival models", "right"),
    )
    rows = tuple(
        (
            f"{at.hours:g} hours",
            _percent(at.median),
            f"{_percent(at.low)} to {_percent(at.high)}",
            f"{_percent(at.lowest)} to {_percent(at.highest)}",
        )
        for at in predicted.at
    )
    return Table(columns, rows)


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %"
