"""A document before it is set: what it is, whose approval it carries, and what it may not say without one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass
from datetime import date
from html import unescape
from typing import TYPE_CHECKING, Any, Literal

from lowdose.plan.approving.approval import APPROVE_FIRST, NotApproved

if TYPE_CHECKING:
    from lowdose.plan.records.plan import Plan
    from lowdose.plan.surgery import EmergencyPage, SurgeryPlan, WalletCard

Kind = Literal[
    "plan", "consent", "leaflet", "worksheet", "label", "prescription", "wallet-card", "emergency", "surgery", "note"
]  # fmt: skip

KINDS: dict[str, str] = {
    "plan": "Treatment plan",
    "note": "Chart note",
    "consent": "Consent to off-label treatment",
    "leaflet": "Patient leaflet",
    "worksheet": "Compounding record",
    "label": "Labels",
    "prescription": "Prescription draft",
    "wallet-card": "Wallet card",
    "emergency": "Emergency page",
    "surgery": "Operation: stop and restart",
}
"""Every document and the name printed on it."""
ONLY_APPROVED = frozenset({"leaflet", "label", "wallet-card"})
"""What a patient takes home with a dose on it: made from an approved plan or not at all."""
FOR_PATIENTS = ONLY_APPROVED | {"consent"}
"""Everything a patient reads."""
LOWER_TOLERANCE = "Lower opioid tolerance after stopping"
"""The warning that leaflet, wallet card and note carry in these words."""

_AMOUNT = re.compile(
    r"(?:\d[\d.,]*|[¼½¾]|\b(?:half|one|two|three|four|five|six|seven|eight|nine|ten)\b(?: an?)?)[\s\-‐‑–]*"
    r"(?:mgs?|mls?|cc|mcgs?|[µμu]g|g|grams?|micrograms?|milligram(?:me)?s?|millilit(?:re|er)s?|drops?|capsules?|tablets?"
    r"|pills?|puffs?|pumps?|clicks?|sprays?|spoonfuls?|teaspoons?)\b",
    re.IGNORECASE,
)
_SVG_TEXT = re.compile(r">([^<>]+)<")


@dataclass(frozen=True)
class Approval:
    """That a named professional approved: the line that says who and when, and the digest of what was approved.

    Examples
    --------
    >>> Approval("approved by A. Brown, pharmacist, GPhC 0000000 on 2026-12-01 09:30 UTC", "3f9c21ab77e0").sentence
    'Approved by A. Brown, pharmacist, GPhC 0000000 on 2026-12-01 09:30 UTC'
    """

    standing: str
    digest: str

    @property
    def sentence(self) -> str:
        """Who and when, as a sentence begins."""
        return self.standing[:1].upper() + self.standing[1:]


@dataclass(frozen=True)
class Sheet:
    """A document: words and numbers, no layout.

    Parameters
    ----------
    kind : str
        One of `KINDS`.
    title, subtitle : str
        The two lines that say what this is.
    blocks : tuple
        Of `lowdose.report.paper.blocks`.
    made : date
        Of what is printed, not of the printing: equal inputs give equal bytes.
    digest : str
        Of the plan or record this is made from.
    about : str
        The pseudonymous id of the person, or what else it is about.
    approval : Approval, optional
        Without one every page says DRAFT – NOT APPROVED.
    reviewed : bool
        False where what this is made from met rules that no clinician had reviewed.
    size : {"a4", "card"}
        The card is that of a bank: 85.6 by 54 mm.
    pages : int
        How many it must fit on, with smaller type where needed, down to three quarters; 0 for as many as it takes.
    shorter : tuple of tuples
        The blocks again, each time shortened more: printed where even the smallest type does not keep to the pages.

    Raises
    ------
    NotApproved
        If a patient would read a dose that no professional approved.

    Examples
    --------
    >>> Sheet("leaflet", "Your medicine", made=date(2026, 12, 1), digest="3f9c")
    Traceback (most recent call last):
    lowdose.plan.approving.approval.NotApproved: the patient leaflet is made only from an approved plan
      where: 3f9c
      remedy: a named professional approves the plan first: lowdose plan approve PLAN.json --by ...
    """

    kind: Kind
    title: str
    subtitle: str = ""
    blocks: tuple[Any, ...] = ()
    made: date = date.min
    digest: str = ""
    about: str = ""
    approval: Approval | None = None
    reviewed: bool = True
    size: Literal["a4", "card"] = "a4"
    pages: int = 0
    shorter: tuple[tuple[Any, ...], ...] = ()

    def __post_init__(self) -> None:
        if self.approval is None and self.kind in ONLY_APPROVED:
            require_approval(self.kind, None, self.digest)
        if self.approval is None and self.for_patient:
            for text in self.words():
                if states_amount(text):
                    raise NotApproved(
                        f"the {KINDS[self.kind].lower()} states an amount that no professional approved: {text!r}",
                        remedy="approve the plan first, or leave the amount out",
                    )

    @property
    def for_patient(self) -> bool:
        """Whether a patient reads it."""
        return self.kind in FOR_PATIENTS

    def words(self) -> Iterator[str]:
        """Every text that is printed from this sheet, in order; of pictures the words in them and those for them."""
        yield from (self.title, self.subtitle, self.about)
        yield from _texts(self.blocks)


def states_amount(text: str) -> bool:
    """Whether a text names an amount of a medicine.

    Examples
    --------
    >>> [states_amount(text) for text in ("Take 4.5 mg.", "one 1.5 mg capsule", "72 hours before it", "28 people")]
    [True, True, False, False]
    """
    return _AMOUNT.search(text) is not None


def require_approval(kind: Kind, approval: Approval | None, digest: str) -> Approval:
    """The approval, or the refusal to make the document without it.

    Raises
    ------
    NotApproved
        If there is none.

    Examples
    --------
    >>> require_approval("leaflet", Approval("approved by A. Brown, pharmacist, 1", "3f"), "3f").digest
    '3f'
    """
    if approval is None:
        raise NotApproved(
            f"the {KINDS[kind].lower()} is made only from an approved plan",
            where=digest,
            remedy=APPROVE_FIRST,
        )
    return approval


def of_plan(plan: Plan) -> Approval | None:
    """The approval of a plan, or none: a plan that was changed since has none."""
    return Approval(plan.standing, plan.digest) if plan.is_approved else None


def of_card(card: WalletCard | EmergencyPage | SurgeryPlan) -> Approval | None:
    """The approval of the plan a card was made from, or none."""
    return Approval(card.standing, card.plan_sha256) if card.is_approved else None


def words_of_svg(svg: str) -> list[str]:
    """The words in a picture.

    Examples
    --------
    >>> words_of_svg("<svg><text>1.5 mg</text><text>&#181;</text></svg>")
    ['1.5 mg', 'µ']
    """
    return [unescape(found) for found in _SVG_TEXT.findall(svg)]


def _texts(block: Any) -> Iterator[str]:
    if isinstance(block, str):
        yield block
    elif isinstance(block, (tuple, list)):
        for each in block:
            yield from _texts(each)
    elif is_dataclass(block):
        for each in fields(block):
            if each.name == "svg":
                yield from words_of_svg(getattr(block, each.name))
            elif each.name not in _NOT_WORDS:
                yield from _texts(getattr(block, each.name))


_NOT_WORDS = frozenset({"align", "tone", "weeks"})
"""Fields of blocks that are not printed as words."""
