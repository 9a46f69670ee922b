"""Before and after an operation: when to stop, what the anaesthetist should know, when to start again."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from lowdose.report.paper.blocks import Bullets, Callout, Heading, Paragraph
from lowdose.report.paper.emergency import block_table
from lowdose.report.paper.sheet import Sheet, of_card

if TYPE_CHECKING:
    from lowdose.plan.surgery import SurgeryPlan


def surgery_sheet(plan: SurgeryPlan, *, made: date) -> Sheet:
    """The stop before an operation and the start after it, on one page.

    Parameters
    ----------
    plan : SurgeryPlan
        Its words, from `lowdose.plan.surgery`; the last of its sentences is about the sources.
    made : date
        Printed on it.
    """
    first, *others, sources = plan.sentences
    anaesthetist = " ".join(part for part in (plan.anaesthetist, plan.longer_stop) if part)
    blocks = (
        Callout(first, items=tuple(others), tone="stop"),
        *([Callout("For the anaesthetist", anaesthetist, tone="warning")] if anaesthetist else []),
        Heading("Taking it again"),
        Bullets(plan.restart.sentences),
        *([Heading("How much is still blocked, predicted"), block_table(plan.predicted),
           Paragraph(" ".join(plan.predicted_sentences), small=True)] if plan.predicted else []),
        Heading("What the sources say"),
        Paragraph(sources),
        *([Heading("Take care"), Bullets(plan.cautions)] if plan.cautions else []),
        *([Paragraph(" ".join(plan.not_known), start="Not known.", small=True)] if plan.not_known else []),
    )  # fmt: skip
    return Sheet(
        "surgery",
        "Naltrexone and an operation",
        blocks=blocks,
        made=made,
        digest=plan.plan_sha256,
        about=plan.patient,
        approval=of_card(plan),
        reviewed=plan.reviewed,
        pages=1,
    )
