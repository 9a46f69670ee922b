"""Numbers that take seconds, found again: ``python -m lowdose.plan.compute``, after the model or the evidence changed.

A test compares what is kept in ``foreseen/computed.json`` with what comes out now.
"""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

from lowdose.evidence import harms
from lowdose.files import write_whole
from lowdose.pharmacy.amounts.exact import plain
from lowdose.plan.foreseen import computed
from lowdose.plan.foreseen.after import PEOPLE
from lowdose.plan.foreseen.blockade import DOSES, SEED, solved
from lowdose.plan.records.parts import Rate

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
    found = {plain(dose): solved(dose, None, PEOPLE) for dose in doses}
    return {
        "schema": computed.SCHEMA,
        "model_hash": next(iter(found.values())).after.model_hash,
        "seed": SEED,
        "doses": {name: one.model_dump(mode="json") for name, one in found.items()},
        "rates": {name: [vars(rate) for rate in rates(name)] for name in _CONCEPTS},
    }


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)


def _write() -> None:
    """Find everything again and write it where it is read."""
    text = json.dumps(compute(DOSES), indent=1, ensure_ascii=False) + "\n"
    write_whole(Path(computed.__file__).with_name(computed.FILE), text.encode())


if __name__ == "__main__":
    _write()
