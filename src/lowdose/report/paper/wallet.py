"""The wallet card: both sides in the size of a bank card, and an A4 page to cut it out of."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Literal

from lowdose.report.paper.blocks import Blanks, Bullets, Callout, Fold, Heading, PageBreak, Paragraph
from lowdose.report.paper.marks import ANAESTHETIST
from lowdose.report.paper.sheet import LOWER_TOLERANCE, Sheet, of_card

if TYPE_CHECKING:
    from lowdose.plan.surgery import WalletCard


def wallet_sheet(card: WalletCard, *, made: date, size: Literal["a4", "card"] = "card") -> Sheet:
    """The wallet card as a sheet.

    Parameters
    ----------
    card : WalletCard
        Its words, from `lowdose.plan.surgery`.
    made : date
        Printed on it.
    size : {"card", "a4"}
        Two pages of 85.6 by 54 mm, or one A4 page to cut and fold.

    Raises
    ------
    NotApproved
        If the plan was not approved.
    """
    approval = of_card(card)
    front = (
        Paragraph(f"Person\u00a0{card.patient}", start=f"{card.dose}."),
        Callout("For whoever treats me", items=card.urgent, tone="stop"),
        Paragraph(card.tolerance, start=f"{LOWER_TOLERANCE}."),
    )
    back = (
        Paragraph(card.surgery, start="Planned operation."),
        *([Paragraph(card.anaesthetist.removeprefix(ANAESTHETIST), start=ANAESTHETIST)] if card.anaesthetist else []),
        Blanks(card.blanks, columns=2),
        *([Paragraph(f"{approval.sentence}.", small=True)] if approval else []),
    )
    if size == "card":
        blocks: tuple[object, ...] = (*front, PageBreak(), *back)
    else:
        blocks = (
            Paragraph("Cut along the dashed edge, fold at the dotted line, and keep it with your identity card."),
            Fold((Heading(card.title), *front), back),
            Paragraph("The same once more, for a person who lives with you or looks after you."),
            Fold((Heading(card.title), *front), back),
            Heading("When to show it"),
            Bullets(
                (
                    "Before every operation, at the dentist, and before any new medicine.",
                    "In an emergency: on paper, or as a photograph of both sides on the phone.",
                )
            ),
        )
    return Sheet(
        "wallet-card",
        card.title if size == "card" else "Wallet card",
        blocks=blocks,
        made=made,
        digest=card.plan_sha256,
        about=card.patient,
        approval=approval,
        reviewed=card.reviewed,
        size=size,
        pages=2 if size == "card" else 1,
    )
