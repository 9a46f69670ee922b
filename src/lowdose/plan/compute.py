"""Numbers that take seconds, found again: ``python -m lowdose.plan.compute``, after the model or the evidence changed.

A test compares what is kept in ``computed.json`` with what comes out now.
"""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

from lowdose.evidence import harms
from lowdose.files import write_whole
from lowdose.plan.blockade import DOSES, PEOPLE, SEED, predict
from lowdose.plan.computed import FILE, SCHEMA
from lowdose.plan.records import Rate

_CONCEPTS = (
    "vivid-dreams", "sleep", "headache", "nausea", "gastrointestinal", "neurological", "dizziness", "fatigue",
    "serious", "stopped", "any",
)  # fmt: skip


def rates(concept: str) -> tuple[Rate, ...]:
    """How often a side effect was seen in studies of low doses, with a count; controlled studies first."""
    return tuple(
        Rate(
            study=one.label,
            dose=one.dose_words,
            events=one.treated.events,
            total=one.treated.total,
            low=round(one.treated.low, 4),
            high=round(one.treated.high, 4),
            compared_events=one.compared.events if one.compared else None,
            compared_total=one.compared.total if one.compared else None,
            compared_low=_rounded(one.compared.low) if one.compared else None,
            compared_high=_rounded(one.compared.high) if one.compared else None,
            controlled=one.controlled,
            recalled=one.recalled,
            note=one.note,
        )
        for one in harms(concept, dose_class="LDN")
        if one.treated.events is not None and one.treated.total and one.treated.arm != "all"
        and one.treated.low is not None and one.treated.high is not None
    )  # fmt: skip


def compute(doses: tuple[Decimal, ...]) -> dict[str, Any]:
    """The content of the file, found again."""
    found = [predict(dose) for dose in doses]
    return {
        "schema": SCHEMA,
        "model_hash": found[0].model_hash,
        "kinetics": found[0].kinetics,
        "people": PEOPLE,
        "seed": SEED,
        "block": {str(one.dose_mg): one.row.model_dump() for one in found},
        "rates": {name: [vars(rate) for rate in rates(name)] for name in _CONCEPTS},
    }


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)


def _write() -> None:
    """Find everything again and write it beside this module."""
    text = json.dumps(compute(DOSES), indent=1, ensure_ascii=False) + "\n"
    write_whole(Path(__file__).with_name(FILE), text.encode())


if __name__ == "__main__":
    _write()
