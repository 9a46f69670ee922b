"""The consent to off-label treatment: what is told before anything is taken. No dose is in it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from lowdose.plan.catalogue import require_plannable
from lowdose.report.paper.blocks import (
    Blanks,
    Bullets,
    Callout,
    Checklist,
    Heading,
    KeyValues,
    Paragraph,
    Ruled,
    Signature,
)
from lowdose.report.paper.sheet import LOWER_TOLERANCE, Sheet, of_plan, states_amount
from lowdose.spoken import long_date

if TYPE_CHECKING:
    from datetime import date

    from lowdose.plan.catalogue import Protocol
    from lowdose.plan.records.plan import Plan


def consent_sheet(plan: Plan, *, condition: str | None = None, alternatives: tuple[str, ...] = ()) -> Sheet:
    """The text to read together and sign; a draft too, since consent comes before the approval.

    Parameters
    ----------
    plan : Plan
        Whose indication is printed.
    condition : str, optional
        A condition of the evidence room, whose finding is printed in plain words.
    alternatives : tuple of str
        Other treatments that were talked about; lines to fill in stand there without them.

    Raises
    ------
    NotFound
        If the evidence room has no such condition.
    """
    whose = KeyValues((("Person", plan.patient), ("For", _named(condition) or plan.indication),
                       ("Protocol", plan.title), ("Date", long_date(plan.made_on))), columns=2)  # fmt: skip
    return Sheet(
        "consent",
        _TITLE,
        subtitle=_SUBTITLE,
        blocks=(whose, *_text(condition, alternatives)),
        made=plan.made_on,
        digest=plan.digest,
        about=plan.patient,
        approval=of_plan(plan),
        reviewed=plan.reviewed,
    )


def consent_before_plan(
    protocol: Protocol, *, made: date, condition: str | None = None, alternatives: tuple[str, ...] = ()
) -> Sheet:
    """The same text before there is a plan: none is made until consent is recorded. No dose of the protocol is in it.

    Parameters
    ----------
    protocol : Protocol
        What is thought of.
    made : date
        Printed on it.
    condition, alternatives
        As for a plan.

    Raises
    ------
    NotPlannable
        If the protocol is shown and gives no plan.
    NotFound
        If the evidence room has no such condition.

    Examples
    --------
    >>> from datetime import date
    >>> from lowdose.plan import protocol
    >>> consent_before_plan(protocol("standard"), made=date(2026, 11, 22)).title
    'Consent to low-dose naltrexone'
    """
    require_plannable(protocol)
    what = KeyValues((("For", _named(condition) or protocol.indication), ("Protocol", protocol.id)), columns=2)
    blocks = (Blanks(("Person", "Date"), columns=2), what, *_text(condition, alternatives))
    return Sheet("consent", _TITLE, subtitle=_SUBTITLE, blocks=blocks, made=made)


_TITLE = "Consent to low-dose naltrexone"
_SUBTITLE = "Off-label treatment with a medicine that a pharmacy prepares"


def _text(condition: str | None, alternatives: tuple[str, ...]) -> Iterator[object]:
    """All that is read together, and the lines to sign on."""
    yield from (
        Heading("What this treatment is"),
        Paragraph(
            "Naltrexone is approved as a tablet in a much higher dose, to help people stay off opioids or alcohol. "
            "In a low dose, called LDN, it is approved for nothing. Using it so is called off-label use: it is "
            "allowed, and a clinician has to explain why. No maker sells the low dose. A pharmacy prepares it, which "
            "is called compounding. No authority has tested what the pharmacy prepares."
        ),
        Heading("What is known of its effect"),
        *_evidence(condition),
        Heading("What else could be done"),
        *_alternatives(alternatives),
        Heading("What can go wrong"),
        Bullets(
            (
                "Opioid medicines may not work while you take it. Taken together, the two can make you very ill.",
                "Anyone who has opioids in the body, or is used to them, can go into sudden and severe withdrawal.",
                "Common side effects are vivid dreams, poor sleep, headache and nausea. They often pass.",
                "The liver can be harmed; this was seen at much higher doses. Blood tests look for it.",
                "Mood can change. Tell us at once if it gets low, or if you think of harming yourself.",
                "Rare harms are not known: the studies were too small to find them.",
            )
        ),
        Callout(
            LOWER_TOLERANCE,
            "After you stop, opioids can act more strongly than before. What was once safe can then stop your breath.",
            tone="stop",
        ),
        Heading("What I agree to"),
        Checklist(
            (
                "I was told what this is for, and how good the evidence is.",
                "I was told that it is off-label and that a pharmacy prepares it.",
                "I was told about other treatments, and about doing nothing.",
                "I gave a full list of my medicines, with every opioid and the last day I took one.",
                "I will not take opioids with it, and will say that I take it before any operation.",
                "I can stop at any time. I will say so when I do.",
                "I know what to do, and whom to call, if I feel unwell.",
            )
        ),
        Signature(("Patient or guardian: name, signature, date", "Clinician: name, registration, signature, date")),
    )  # fmt: skip


def _named(condition: str | None) -> str:
    from lowdose.evidence.records.registry import registry

    known = registry().conditions
    return known[condition].name if condition and condition in known else ""


def _evidence(condition: str | None) -> Iterator[object]:
    """What the evidence room says in plain words; sentences that name a dose of a trial are left out."""
    if condition is None:
        yield Paragraph(
            "No condition was named when this was printed. The clinician says what is known, and writes it here:"
        )
        yield Ruled(2)
        return
    from lowdose.evidence.plain.help import headline
    from lowdose.evidence.plain.passages import passages
    from lowdose.evidence.plain.told import told

    found = told(condition)
    yield Paragraph(headline(found), start=f"{found.condition.name}.")
    first = passages(found)[0]
    yield Paragraph(" ".join(words for words in first.sentences if not states_amount(words)))


def _alternatives(named: tuple[str, ...]) -> Iterator[object]:
    yield Paragraph("Doing nothing, or waiting, is one choice. Others that were talked about:")
    yield Bullets(named) if named else Ruled(2)
