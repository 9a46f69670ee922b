"""The wallet card: four sides in the size of a bank card, and an A4 page to cut it out of and fold."""

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
        Four pages of 85.6 by 54 mm, or one A4 page to cut and fold twice: all of it is set in type that can be read.

    Raises
    ------
    NotApproved
        If the plan was not approved.
    """
    approval = of_card(card)
    sides = (
        (Callout("For whoever treats me", items=card.urgent, tone="stop"),),
        (
            Paragraph(card.tolerance, start=f"{LOWER_TOLERANCE}."),
            Paragraph(card.surgery, start="Planned operation."),
            *(
                [Paragraph(card.anaesthetist.removeprefix(ANAESTHETIST), start=ANAESTHETIST)]
                if card.anaesthetist
                else []
            ),
        ),
        (Paragraph(f"Person\u00a0{card.patient}", start=f"{card.dose}."), Blanks(card.blanks, columns=2)),
        (Paragraph(f"{approval.sentence}."),) if approval else (),
    )
    if size == "card":
        first, *others = sides
        blocks: tuple[object, ...] = (*first, *(block for side in others for block in (PageBreak(), *side)))
    else:
        blocks = (
            Paragraph("Cut along the dashed edge, fold at the dotted lines, and keep it with your identity card."),
            Fold(((Heading(card.title), *sides[0]), *sides[1:])),
            Heading("When to show it"),
            Bullets(
                (
                    "Before every operation, at the dentist, and before any new medicine.",
                    "In an emergency: on paper, or as a photograph of all sides on the phone.",
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
        pages=4 if size == "card" else 1,
    )
