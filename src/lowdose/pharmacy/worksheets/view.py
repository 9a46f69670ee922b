"""A worksheet as plain text: what it is, what to weigh, the arithmetic, how long it keeps, the label, what lacks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from lowdose.pharmacy.amounts.exact import counted, exactly, plain, rounded
from lowdose.pharmacy.quality.uniformity import limits
from lowdose.pharmacy.records.compounding_record import CompoundingRecord, Weighing
from lowdose.pharmacy.records.release import uniformity, variation

_TO_FILL_IN = "______"
_BETWEEN = ("made here", "")
"""A triturate of the day has no lot of its own."""
_OFF = Decimal("0.01")
_TENTH = Decimal("0.1")


def worksheet_text(record: CompoundingRecord) -> str:
    """The whole worksheet, for a terminal or a plain-text file.

    Blanks are for what is filled in by hand; nothing is left out that the record knows.

    Examples
    --------
    >>> from datetime import date
    >>> from lowdose.pharmacy import Balance, Bench, Excipient, Lot, Powder, capsules, papers
    >>> batch = capsules(
    ...     "1.5 mg", 90, source=Powder(Lot("N-1", date(2027, 6, 30), Decimal("98.5"), "as-is")), size="3",
    ...     filler=Excipient("Avicel PH-102"), bench=Bench(date(2026, 12, 1), Balance(Decimal(1), Decimal("0.1"))),
    ... )
    >>> print(worksheet_text(papers(batch, lot="LDN-7").record).splitlines()[0])
    naltrexone hydrochloride 1.5 mg capsules: 90 capsules asked, 95 capsules to make
    """
    return "\n".join(_lines(record))


def _lines(record: CompoundingRecord) -> Iterator[str]:
    yield f"{record.product}: {counted(record.asked, record.unit)} asked, {counted(record.made, record.unit)} to make"
    yield f"Compounding Record, lot {record.lot}, made on {record.made_on}: {record.standing}"
    yield f"Master Formulation {record.master_id}, version {record.master_version}: {record.master_standing}"
    yield from _section("To take", _taken(record.weighings))
    yield from _section("Arithmetic", map(str, record.lines[: -len(record.beyond_use.lines)]))
    until = record.beyond_use
    yield from _section(
        f"Do not use after {until.on} ({until.days} days; the day of making is day 0)",
        (f"{'» ' if one == until.decided_by else '  '}{line}"
         for one, line in zip(until.limits, until.lines[:-1], strict=True)),
    )  # fmt: skip
    yield from (f"  {one}" for one in until.conflicts)
    yield f"  Container: {record.container}"
    if until.undated:
        yield f"  Not known: the expiry of {', '.join(until.undated)}. The date can only become earlier."
    yield from _section("Method", (f"{number}. {step}" for number, step in enumerate(record.steps, 1)))
    yield from _section("Label", record.label)
    yield from _section("Mind", (*record.warnings, *record.departures, *record.assumptions))
    yield from _section("Screen", screen_lines(record.screen))
    yield from _section("Tests of the batch", _tests(record))
    if record.batch_screen:
        yield from _section("Screen of the batch", screen_lines(record.batch_screen))
    if record.release:
        yield from _section(f"{record.release.decision.upper()} by {record.release.by}", record.release.reasons)


def screen_lines(screen: Mapping[str, Any]) -> Iterator[str]:
    """What the safety screen of a record found, and what it could not check.

    Examples
    --------
    >>> list(screen_lines({}))
    ['no safety screen was made']
    """
    if not screen:
        yield "no safety screen was made"
        return
    yield f"outcome: {screen['outcome']}"
    for one in screen["fired"]:
        reason = one.get("override") or {}
        because = f" [goes on: {reason['reason']} ({reason['by']})]" if reason else ""
        yield f"{one['id']} {one['severity']}: {one['title']}. {one['text']}{because}"
    for one in screen["not_checked"]:
        yield f"not checked, {one['id']} ({one['severity']}): {one['settled_by']}"
    for rule in screen.get("overrides_not_used", ()):
        yield f"not needed: a reason was given for {rule}, which did not fire"
    if screen.get("note"):
        yield screen["note"]


@exactly
def measured(record: CompoundingRecord) -> tuple[tuple[str, str], ...]:
    """What was measured of the finished batch, by name: its yield, every unit, its assay and its report.

    Examples
    --------
    >>> from dataclasses import replace
    >>> from datetime import date
    >>> from lowdose.pharmacy import Balance, Bench, Excipient, Lot, Powder, capsules, papers
    >>> batch = capsules(
    ...     "1.5 mg", 90, source=Powder(Lot("N-1", date(2027, 6, 30), Decimal("98.5"), "as-is")), size="3",
    ...     filler=Excipient("Avicel PH-102"), bench=Bench(date(2026, 12, 1), Balance(Decimal(1), Decimal("0.1"))),
    ... )
    >>> measured(replace(papers(batch, lot="LDN-7").record, yielded=Decimal(94)))
    (('Yield', '94 of 95 capsules (98.9 %)'),)
    """
    found = []
    if record.yielded is not None and record.yield_percent is not None:
        percent = plain(rounded(record.yield_percent, _TENTH))
        found.append(("Yield", f"{plain(record.yielded)} of {plain(record.made)} {record.unit} ({percent} %)"))
    if record.contents:
        found.append(("Contents", f"{', '.join(map(plain, record.contents))} % of the label"))
    if record.weights_mg:
        found.append(("Weights, net", f"{', '.join(map(plain, record.weights_mg))} mg"))
    if record.potency_percent is not None:
        found.append(("Assay", f"{plain(record.potency_percent)} % of the label"))
    if record.assay is not None:
        found.append(("Report of the assay", record.assay.words))
    elif record.contents or record.potency_percent is not None:
        found.append(("Report of the assay", "none: what was written down as assayed settles nothing"))
    return tuple(found)


def _tests(record: CompoundingRecord) -> Iterator[str]:
    content, weight = uniformity(record), variation(record)
    yield from (f"{what}: {value}" for what, value in measured(record))
    if content is not None:
        yield f"content uniformity, {limits()['content']['edition']}: {content.verdict}, {content.reason}"
        yield from (f"  {one}" for one in content.lines)
    if weight is not None:
        yield f"{weight.is_called}: {weight.reason}"


def _section(title: str, lines: Iterator[str] | Sequence[str] | map[str]) -> Iterator[str]:
    body = list(lines)
    if body:
        yield ""
        yield title
        yield from (f"  {line}" for line in body)


def _taken(weighings: Sequence[Weighing]) -> Iterator[str]:
    """One line an ingredient, in columns."""
    rows = [("ingredient", "how", "target", "actual", "off", "lot", "expiry", "by", "checked")]
    rows += [
        (
            one.ingredient + (f" ({one.into})" if one.into != "batch" else ""),
            one.handling,
            counted(one.target, one.unit),
            _TO_FILL_IN if one.actual is None else plain(one.actual),
            "" if one.deviation_percent is None else f"{plain(rounded(one.deviation_percent, _OFF))} %",
            *(_BETWEEN if one.role == "aliquot" else (str(part or _TO_FILL_IN) for part in one.taken_from)),
            one.weighed_by.name if one.weighed_by else _TO_FILL_IN,
            one.checked_by.name if one.checked_by else _TO_FILL_IN,
        )
        for one in weighings
    ]
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    for row in rows:
        yield "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
