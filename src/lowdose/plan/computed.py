"""Numbers found beforehand: the block at each dose, and how often side effects were seen; ``compute`` finds them."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import Literal

from pydantic import Field

from lowdose.blocks import Block
from lowdose.plan.records import Rate

SCHEMA = "lowdose.plan-computed/1"
FILE = "computed.json"


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
    return Computed.model_validate(json.loads(files("lowdose.plan").joinpath(FILE).read_text("utf-8")))
