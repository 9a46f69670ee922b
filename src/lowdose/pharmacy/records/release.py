"""May this batch leave the pharmacy: only when every check is there, and a second person checked each weight."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal

from lowdose.audit import Professional
from lowdose.errors import InvalidInput
from lowdose.pharmacy.amounts.exact import HUNDRED, exactly, plain, rounded
from lowdose.pharmacy.quality.beyond_use import BeyondUse
from lowdose.pharmacy.quality.uniformity import (
    Uniformity,
    WeightVariation,
    acceptance_value,
    mean_bounds,
    weight_variation,
)
from lowdose.pharmacy.records.assay import Assay
from lowdose.pharmacy.records.compounding_record import CompoundingRecord, Decision, Release, Weighing
from lowdose.pharmacy.records.signing import same_person
from lowdose.safety.rules.logic import NOT_APPLICABLE

MOST_OFF_PERCENT = Decimal(5)
"""How far a weight may be from its target (assumed; the error accepted on one weighing)."""
LIKE_WEIGHTS_PERCENT = Decimal(3)
"""So near to the fill weight in mg, numbers given as contents may be weights that were typed in (assumed)."""
YIELD_PERCENT = (Decimal(90), Decimal(105))
"""What may come out of what was to be made (assumed)."""


def uniformity(record: CompoundingRecord) -> Uniformity | None:
    """The acceptance value of the assayed contents; None while there are none.

    Examples
    --------
    >>> from datetime import UTC, date, datetime
    >>> from lowdose.pharmacy import Balance, Bench, Excipient, Lot, Powder, capsules, papers
    >>> batch = capsules(
    ...     "1.5 mg", 90, source=Powder(Lot("N-1", date(2027, 6, 30), Decimal("98.5"), "as-is")), size="3",
    ...     filler=Excipient("Avicel PH-102"), bench=Bench(date(2026, 12, 1), Balance(Decimal(1), Decimal("0.1"))),
    ... )
    >>> uniformity(papers(batch, lot="LDN-7").record) is None
    True
    """
    return acceptance_value(record.contents) if record.contents else None


def variation(record: CompoundingRecord) -> WeightVariation | None:
    """The weight variation of the capsules; None while none was weighed or their target is not known.

    Examples
    --------
    >>> from dataclasses import replace
    >>> from datetime import UTC, date, datetime
    >>> from lowdose.pharmacy import Balance, Bench, Excipient, Lot, Powder, capsules, papers
    >>> batch = capsules(
    ...     "1.5 mg", 90, source=Powder(Lot("N-1", date(2027, 6, 30), Decimal("98.5"), "as-is")), size="3",
    ...     filler=Excipient("Avicel PH-102"), bench=Bench(date(2026, 12, 1), Balance(Decimal(1), Decimal("0.1"))),
    ... )
    >>> record = replace(papers(batch, lot="LDN-7").record, weights_mg=(Decimal(91),) * 10)
    >>> variation(record).rejects
    False
    """
    return weight_variation(record.weights_mg, record.fill_mg) if record.weights_mg and record.fill_mg else None


def quality_facts(record: CompoundingRecord) -> dict[str, object]:
    """What the rules for a finished batch ask; what was not assayed is left out.

    Examples
    --------
    >>> from dataclasses import replace
    >>> from datetime import UTC, date, datetime
    >>> from lowdose.pharmacy import Balance, Bench, Excipient, Lot, Powder, capsules, papers
    >>> batch = capsules(
    ...     "1.5 mg", 90, source=Powder(Lot("N-1", date(2027, 6, 30), Decimal("98.5"), "as-is")), size="3",
    ...     filler=Excipient("Avicel PH-102"), bench=Bench(date(2026, 12, 1), Balance(Decimal(1), Decimal("0.1"))),
    ... )
    >>> assayed = replace(papers(batch, lot="LDN-7").record, contents=(Decimal(99),) * 10)
    >>> quality_facts(assayed)
    {}
    >>> quality_facts(replace(assayed, assay=Assay("Quality Ltd", "Q-81", "HPLC", date(2026, 12, 3))))
    {'qc.av': Decimal('0'), 'qc.potency_pct': Decimal('99')}
    """
    found = uniformity(record)
    is_assayed = record.assay is not None and not (looks_like_weights(record) and record.assay.compared_by is None)
    known: dict[str, object] = found.facts() if found and is_assayed else {}
    if record.form != "capsules":
        known["qc.av"] = NOT_APPLICABLE
        if record.potency_percent is not None and is_assayed:
            known["qc.potency_pct"] = record.potency_percent
    return known


@exactly
def looks_like_weights(record: CompoundingRecord) -> bool:
    """Whether the contents, per cent, are as large as the fill of a capsule, mg: then weights may have been typed in.

    Examples
    --------
    >>> from dataclasses import replace
    >>> from datetime import UTC, date, datetime
    >>> from lowdose.pharmacy import Balance, Bench, Excipient, Lot, Powder, capsules, papers
    >>> batch = capsules(
    ...     "1.5 mg", 90, source=Powder(Lot("N-1", date(2027, 6, 30), Decimal("98.5"), "as-is")), size="3",
    ...     filler=Excipient("Avicel PH-102"), bench=Bench(date(2026, 12, 1), Balance(Decimal(1), Decimal("0.1"))),
    ... )
    >>> record = papers(batch, lot="LDN-7").record
    >>> looks_like_weights(replace(record, contents=(Decimal(91),) * 10)), round(record.fill_mg, 1)
    (True, Decimal('90.6'))
    >>> looks_like_weights(replace(record, contents=(Decimal(99),) * 10))
    False
    """
    if not record.contents or not record.fill_mg:
        return False
    mean = sum(record.contents, Decimal(0)) / len(record.contents)
    return abs(mean - record.fill_mg) / record.fill_mg * HUNDRED <= LIKE_WEIGHTS_PERCENT


def release(record: CompoundingRecord, by: Professional, at: datetime) -> CompoundingRecord:
    """Decide about a batch; the decision, with every reason, becomes part of the record.

    Rejected, and that is final, if a test rejects it. Withheld, if anything is missing. Released otherwise, by a
    pharmacist.

    Raises
    ------
    InvalidInput
        If the time has no time zone.
    SafetyStop
        If it was rejected before.

    Examples
    --------
    >>> from datetime import UTC, date, datetime
    >>> from lowdose.pharmacy import Balance, Bench, Excipient, Lot, Powder, capsules, papers
    >>> batch = capsules(
    ...     "1.5 mg", 90, source=Powder(Lot("N-1", date(2027, 6, 30), Decimal("98.5"), "as-is")), size="3",
    ...     filler=Excipient("Avicel PH-102"), bench=Bench(date(2026, 12, 1), Balance(Decimal(1), Decimal("0.1"))),
    ... )
    >>> brown = Professional("A. Brown", "pharmacist", "GPhC 0000000")
    >>> decided = release(papers(batch, lot="LDN-7").record, brown, datetime(2026, 12, 2, tzinfo=UTC)).release
    >>> decided.decision, decided.reasons[0]
    ('withheld', 'the worksheet is not approved')
    """
    if at.tzinfo is None:
        raise InvalidInput("the time of a release has no time zone", remedy="give one, such as UTC")
    record = record.open_again()
    against = tuple(_rejecting(record))
    missing = tuple(_missing(record, by, at))
    decision: Decision = "rejected" if against else "withheld" if missing else "released"
    reasons = against + missing or ("every check is there",)
    return record.decided(Release(decision, reasons, by, at))


def _rejecting(record: CompoundingRecord) -> Iterator[str]:
    content, weight = uniformity(record), variation(record)
    if content is not None and content.verdict == "reject":
        yield f"content uniformity: {content.reason}"
    low, high = mean_bounds()
    if record.potency_percent is not None and not low <= record.potency_percent <= high:
        yield f"the assay is {plain(record.potency_percent)} % of the label, outside {plain(low)} to {plain(high)} %"
    if weight is not None and weight.rejects:
        yield f"{weight.is_called}: {weight.reason}"
    blocked = [str(one["id"]) for one in record.batch_screen.get("fired", ()) if one["severity"] == "block"]
    if blocked:
        yield f"the safety screen of the batch ends in a block: {', '.join(blocked)}"


def _missing(record: CompoundingRecord, by: Professional, at: datetime) -> Iterator[str]:
    if not by.is_pharmacist:
        yield f"{by} is not a pharmacist"
    if not record.is_approved:
        yield "the worksheet is not approved"
    if not record.master_standing.startswith("approved by"):
        yield "the Master Formulation Record is not signed"
    for what, screen in (("formula", record.screen), ("batch", record.batch_screen)):
        if screen.get("exit_code") != 0:
            yield f"the safety screen of the {what}: {screen.get('outcome', 'not made')}"
    for one in record.weighings:
        yield from _unchecked(one, by)
        yield from _of_no_lot(one, record.beyond_use)
    if record.beyond_use.undated:
        yield f"no expiry is known of {', '.join(record.beyond_use.undated)}"
    if at.date() < record.made_on:
        yield f"it was made on {record.made_on}, after the decision"
    if at.date() > record.beyond_use.on:
        yield f"its beyond-use date, {record.beyond_use.on}, has passed"
    elif at.date() == record.beyond_use.on:
        yield f"its beyond-use date is {record.beyond_use.on}: no day is left to take it in"
    yield from _yield(record)
    if record.form != "capsules":
        if record.potency_percent is None:
            yield (
                "the batch is not assayed (rule CMP-008): write potency: and assay: into the filled-in worksheet, the "
                "one in per cent of the label, the other its report"
            )
    else:
        content = uniformity(record)
        if content is None:
            yield "no assayed contents: weights show weight variation, not content uniformity, and release nothing"
        elif content.verdict == "next stage":
            yield f"content uniformity: {content.reason}"
    if record.contents or record.potency_percent is not None:
        yield from _unproven(record, record.assay, by, at)


def _unproven(record: CompoundingRecord, assay: Assay | None, by: Professional, at: datetime) -> Iterator[str]:
    """Why what was written down as assayed does not count as an assay."""
    if assay is None:
        yield "the assay has no report: laboratory, report, method and date settle rule CMP-008"
        return
    if not record.made_on <= assay.on <= at.date():
        yield f"the report of the assay is of {assay.on}, and the batch was made on {record.made_on}"
    if looks_like_weights(record) and (assay.compared_by is None or same_person(assay.compared_by, by)):
        yield (
            f"the contents lie within {plain(LIKE_WEIGHTS_PERCENT)} % of the fill weight in mg: they may be weights; "
            "a second person holds them against the report (compared_by)"
        )


@exactly
def _unchecked(one: Weighing, by: Professional) -> Iterator[str]:
    if one.actual is None or one.deviation_percent is None or one.weighed_by is None:
        yield f"{one.ingredient} is not weighed"
        return
    if one.checked_by is None:
        yield f"the weight of {one.ingredient} is not checked"
    elif same_person(one.weighed_by, one.checked_by):
        yield f"{one.ingredient} was weighed and checked by the same person, {one.weighed_by.name}"
    if same_person(one.weighed_by, by):
        yield f"{one.ingredient} was weighed by the person who decides, {by.name}; another pharmacist releases it"
    if abs(one.deviation_percent) > MOST_OFF_PERCENT:
        off = plain(rounded(one.deviation_percent, Decimal("0.01")))
        yield f"{one.ingredient} is {off} % off its target; {plain(MOST_OFF_PERCENT)} % are allowed"


def _of_no_lot(one: Weighing, until: BeyondUse) -> Iterator[str]:
    """What lacks of lot and expiry; a triturate made on the day has none but those of what it is made of."""
    lot, expiry = one.taken_from
    if one.role == "aliquot":
        return
    if not lot:
        yield f"the lot of {one.ingredient} is not filled in"
    if expiry is None and one.ingredient not in until.undated:
        yield f"the expiry of {one.ingredient} is not filled in"
    if expiry is not None and expiry < until.on:
        yield (
            f"{one.ingredient}, lot {lot}, expires on {expiry}, before the beyond-use date {until.on}: "
            "make a worksheet with that lot"
        )


def _yield(record: CompoundingRecord) -> Iterator[str]:
    percent = record.yield_percent
    shells = [one.actual for one in record.weighings if one.role == "shell" and one.actual is not None]
    if shells and record.yielded is not None and record.yielded > sum(shells):
        yield f"{plain(record.yielded)} capsules came of {plain(sum(shells, Decimal(0)))} shells: count again"
    if percent is None:
        yield "the yield is not recorded"
    elif not YIELD_PERCENT[0] <= percent <= YIELD_PERCENT[1]:
        low, high = map(plain, YIELD_PERCENT)
        yield f"the yield is {plain(rounded(percent, Decimal('0.1')))} %, outside {low} to {high} %"
