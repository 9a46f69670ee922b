"""A made-up batch of capsules, its worksheet filled in as it should be, and the decision about it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from lowdose.audit import Professional
from lowdose.pharmacy import Batch, capsules
from lowdose.pharmacy.records.compounding_record import CompoundingRecord
from lowdose.pharmacy.records.filled import fill_in
from lowdose.pharmacy.records.release import release

from ..made_up import BENCH, CELLULOSE, PHARMACIST, powder

D = Decimal
GREEN = Professional("B. Green", "technician", "T 0000001")
AT = datetime(2026, 12, 1, 9, tzinfo=UTC)
PASSES = {"outcome": "clear-of-known-rules", "exit_code": 0, "fired": [], "not_checked": [], "note": ""}
REPORT = {"laboratory": "Quality Ltd", "report": "Q-2026-81", "method": "HPLC", "on": date(2026, 12, 1)}
WHITE = Professional("D. White", "pharmacist", "GPhC 0000002")
W13 = [98, 101, 99, 102, 97, 100, 103, 96, 101, 99]


def batch(strength: str = "1.5 mg", count: int = 90, **more: Any) -> Batch:
    return capsules(
        strength, count, **{"source": powder("98.5"), "filler": CELLULOSE, "bench": BENCH, "size": "3", **more}
    )


def filled(record: CompoundingRecord, **changed: Any) -> dict[str, Any]:
    """A worksheet filled in as it should be."""
    weighings = [
        {"ingredient": one.ingredient, "actual": one.target, "weighed_by": str(GREEN), "checked_by": str(PHARMACIST),
         **({} if one.lot else {"lot": "S-3", "expiry": date(2028, 1, 31)})}
        for one in record.weighings
    ]  # fmt: skip
    return {
        "schema": "lowdose.filled/1",
        "weighings": weighings,
        "yield": 94,
        "contents": W13,
        "assay": REPORT,
        **changed,
    }


def decided(
    record: CompoundingRecord, by: Professional = PHARMACIST, at: datetime = AT, **changed: Any
) -> CompoundingRecord:
    done = fill_in(record, filled(record, **changed))
    return release(replace(done, batch_screen=PASSES), by, at)


def without(record: CompoundingRecord, name: str) -> dict[str, Any]:
    return {key: value for key, value in filled(record).items() if key != name}
