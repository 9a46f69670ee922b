"""The worksheet of a batch: Compounding Record (this batch) and Master Formulation Record (how it is made)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from lowdose.pharmacy.amounts.exact import counted, plain, rounded
from lowdose.pharmacy.records.release import uniformity, variation
from lowdose.pharmacy.worksheets.view import measured, screen_lines
from lowdose.report.paper.blocks import (
    Bullets,
    Callout,
    Checklist,
    Column,
    Heading,
    KeyValues,
    Numbered,
    PageBreak,
    Paragraph,
    Signature,
    Table,
)
from lowdose.report.paper.marks import sentence
from lowdose.report.paper.sheet import Approval, Sheet
from lowdose.spoken import long_date

_VERDICTS = {"pass": "Passes.", "next stage": "Not decided yet.", "reject": "Rejects the batch."}
_STORED = {"room": "room temperature", "refrigerator": "refrigerator, 2 to 8 °C"}
_APART = "Not dose-equivalent"
"""How creams and drops begin to say that nobody has shown a dose of them to do what it does by mouth."""
"""Left out of the screen: the template prints it on every page."""

if TYPE_CHECKING:
    from lowdose.pharmacy.amounts.line import Line
    from lowdose.pharmacy.records.compounding_record import CompoundingRecord, Weighing
    from lowdose.pharmacy.records.master import MasterFormulation


def worksheet_sheet(
    record: CompoundingRecord, master: MasterFormulation | None = None, *, reviewed: bool = True
) -> Sheet:
    """Both records of one batch, to be filled in at the bench; or its own alone, to be filed.

    Parameters
    ----------
    record : CompoundingRecord
        Of the batch; what was weighed already is printed, the rest is left open.
    master : MasterFormulation, optional
        What it is made after; its page is left out without one.
    reviewed : bool
        Whether the rules that screened the batch were reviewed.
    """
    approval = Approval(record.approval.words, record.digest) if record.approval and record.is_approved else None
    return Sheet(
        "worksheet",
        record.product,
        subtitle=f"Lot {record.lot}: {counted(record.made, record.unit)}, made on {long_date(record.made_on)}",
        blocks=(*_record(record), *((PageBreak(), *_master(master)) if master is not None else ())),
        made=record.made_on,
        digest=record.digest,
        about=f"lot {record.lot}",
        approval=approval,
        reviewed=reviewed,
    )


def _record(record: CompoundingRecord) -> Iterator[object]:
    yield KeyValues(
        (
            ("Strength", f"{plain(record.strength)} {record.strength_unit} naltrexone hydrochloride"),
            ("Prescription", record.prescription or "not given"),
            ("To make", f"{counted(record.made, record.unit)} ({plain(record.asked)} asked for)"),
            ("Beyond-use date", f"{long_date(record.beyond_use.on)} ({record.beyond_use.days} days)"),
            ("Master", f"{record.master_id}, version {record.master_version}"),
            ("Container", record.container),
        ),
        columns=2,
    )
    apart = [one for one in record.assumptions if one.startswith(_APART)]
    for one in apart:  # said as a callout, and then not once more
        yield Callout(_APART, sentence(one.removeprefix(f"{_APART}: ")), tone="stop")
    if record.warnings:
        yield Callout("Before you begin", items=tuple(map(sentence, record.warnings)), tone="warning")
    yield Heading("Weigh, measure, count")
    yield _weighings(record.weighings)
    yield Heading("Make it")
    yield Numbered(record.steps)
    yield Heading("The arithmetic, line by line")
    until = record.beyond_use
    yield _arithmetic(record.lines[: -len(until.lines)])
    yield Heading("How long it keeps")
    yield _arithmetic(until.lines)
    yield from _limits(record)
    yield from _said("Taken as given", [one for one in record.assumptions if one not in apart])
    yield from _said("Where it departs from the published formula", record.departures)
    yield from _said("Safety screen of the formula", _screened(record.screen))
    yield from _content(record)
    if record.batch_screen:
        yield from _said("Safety screen of the batch", _screened(record.batch_screen))
    yield Heading("Label of this batch")
    yield Bullets(record.label)
    yield Heading("Release")
    yield from _release(record)


def _weighings(weighings: Sequence[Weighing]) -> Table:
    columns = (
        Column("Ingredient", share=1.5, strong=True),
        Column("Lot, expiry", share=1),
        Column("Target", "right", strong=True),
        Column("Actual", "right", share=0.7),
        Column("Off", "right", share=0.5),
        Column("Weighed by", share=0.9),
        Column("Checked by", share=0.9),
    )
    return Table(columns, tuple(map(_weighing, weighings)), ruled=True)


def _weighing(one: Weighing) -> tuple[str, ...]:
    off = one.deviation_percent
    return (
        one.ingredient + (f" (into {one.into})" if one.into not in ("", "batch") else ""),
        "made here" if one.role == "aliquot" else ", ".join(str(part) for part in one.taken_from if part),
        (f"{one.handling} " if one.handling == "make up to" else "") + counted(one.target, one.unit),
        "" if one.actual is None else counted(one.actual, one.unit),
        "" if off is None else f"{plain(rounded(off, Decimal('0.01')))} %",
        one.weighed_by.name if one.weighed_by else "",
        one.checked_by.name if one.checked_by else "",
    )


def _arithmetic(lines: Sequence[Line]) -> Table:
    rows = tuple((line.what, *_equation(line)) for line in lines)
    return Table((Column("What", share=0.9), Column("How", share=1.6), Column("Result", "right", strong=True)), rows)


def _equation(line: Line) -> tuple[str, str]:
    """Formula and result of a line, cut from the text it prints itself, so that the two can never differ."""
    shown = str(line).removeprefix(f"{line.what}: ")
    result = shown.removeprefix(line.formula).strip()
    return line.formula, result


def _limits(record: CompoundingRecord) -> Iterator[object]:
    yield Paragraph(sentence(record.beyond_use.decided_by.what), start=f"Do not use after {record.beyond_use.on}.")
    for conflict in record.beyond_use.conflicts:
        yield Paragraph(sentence(conflict), start="Sources disagree.", small=True)
    if record.beyond_use.undated:
        yield Callout("No expiry is known of", ", ".join(record.beyond_use.undated), tone="warning")


def _screened(screen: Mapping[str, Any]) -> list[str]:
    from lowdose.safety import rule_set

    return [one for one in screen_lines(screen) if one != rule_set().not_reviewed]


def _said(title: str, sentences: Sequence[str]) -> Iterator[object]:
    if sentences:
        yield Heading(title)
        yield Bullets(tuple(map(sentence, sentences)))


def _content(record: CompoundingRecord) -> Iterator[object]:
    """What was measured, with its report; acceptance value and weight variation line by line."""
    content, weight = uniformity(record), variation(record)
    if found := measured(record):
        yield Heading("Yield and tests")
        yield KeyValues(found)
    if content is not None:
        yield Heading("Content uniformity, from the assay")
        yield _arithmetic(content.lines)
        yield Paragraph(sentence(content.reason), start=_VERDICTS[content.verdict])
    if weight is not None:
        yield Heading(f"Weights: {weight.is_called}")
        yield _arithmetic(weight.lines)
        yield Paragraph(sentence(weight.reason), small=True)


def _release(record: CompoundingRecord) -> Iterator[object]:
    if record.release is not None:
        by = f"{record.release.by} on {record.release.at:%Y-%m-%d %H:%M %Z}".strip()
        yield Callout(f"{record.release.decision.capitalize()} by {by}", items=record.release.reasons,
                      tone="note" if record.is_released else "stop")  # fmt: skip
        return
    yield Checklist(("released", "withheld", "rejected"), columns=3)
    yield Signature(("Yield", "Made by", "Checked by", "Pharmacist, date"))


def _master(master: MasterFormulation) -> Iterator[object]:
    yield Heading("Master Formulation Record")
    yield KeyValues(
        (
            ("Master", f"{master.id}, version {master.version}"),
            ("Standing", master.standing if master.is_signed else "not yet signed"),
            ("Product", master.product),
            ("Amounts for", f"{plain(master.size)} {master.size_unit}"),
            ("Follows", master.follows or "no published formula"),
            ("Container", master.container),
            ("Storage", _STORED.get(master.storage, master.storage)),
            ("Beyond use", f"{master.beyond_use_days} days, or until an ingredient expires"),
        ),
        columns=2,
    )
    yield Paragraph(sentence(master.beyond_use_reason), start="Why this date.")
    parts = tuple(
        (part.ingredient, part.role, part.handling, f"{plain(part.amount)} {part.unit}") for part in master.parts
    )
    yield Table((Column("Ingredient", share=1.4, strong=True), Column("Role", share=1), Column("How", share=1),
                 Column("Amount", "right", strong=True)), parts)  # fmt: skip
    yield Paragraph("What is weighed for a batch, corrected for its lot, stands on its Compounding Record.")
    yield Heading("How a batch is reckoned")
    yield Bullets(master.calculation)
    yield Heading("Equipment")
    yield Checklist(master.equipment, columns=2)
    yield Heading("How it is made")
    yield Numbered(master.steps)
    yield Heading("Checks")
    yield Checklist(master.checks, columns=1)
    yield Heading("Label")
    yield Paragraph(" ".join(map(sentence, master.label)))
    yield from _said("References", master.references)
    yield Signature(("Pharmacist", "Registration", "Date"))
