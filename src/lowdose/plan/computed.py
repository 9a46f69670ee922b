"""Numbers that take seconds to find, found beforehand: the block at each dose, and how often side effects were seen.

Run ``python -m lowdose.plan.computed`` to find them again after the model or the evidence changed; a test compares.
"""

from __future__ import annotations

import json
from decimal import Decimal
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, Literal

from pydantic import Field

from lowdose.blocks import Block
from lowdose.plan.records import Rate

SCHEMA = "lowdose.plan-computed/1"
_FILE = "computed.json"
_CONCEPTS = (
    "vivid-dreams", "sleep", "headache", "nausea", "gastrointestinal", "neurological", "dizziness", "fatigue",
    "serious", "stopped", "any",
)  # fmt: skip


class BlockRow(Block):
    """The predicted block at one dose: typical person, band of people, range over rival kinetics."""

    median: float
    low: float
    high: float
    lowest: float
    highest: float


class Computed(Block):
    """The file of numbers found beforehand."""

    schema_: Literal["lowdose.plan-computed/1"] = Field(alias="schema")
    model_hash: str
    kinetics: str
    people: int
    seed: int
    block: dict[str, BlockRow]
    rates: dict[str, tuple[Rate, ...]]


@cache
def computed() -> Computed:
    """What was found beforehand.

    Examples
    --------
    >>> sorted(computed().rates)[:2]
    ['any', 'dizziness']
    """
    return Computed.model_validate(json.loads(files("lowdose.plan").joinpath(_FILE).read_text("utf-8")))


def rates(concept: str) -> tuple[Rate, ...]:
    """How often a side effect was seen in studies of low doses, with a count; controlled studies first."""
    from lowdose.evidence import harms

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
    from lowdose.plan.blockade import PEOPLE, SEED, predict

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
    from lowdose.files import write_whole
    from lowdose.plan.blockade import DOSES

    text = json.dumps(compute(DOSES), indent=1, ensure_ascii=False) + "\n"
    write_whole(Path(__file__).with_name(_FILE), text.encode())


if __name__ == "__main__":
    _write()
