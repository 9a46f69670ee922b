"""Numbers found beforehand: the block at each dose and after it, how often side effects were seen.

``lowdose.plan.compute`` finds them.
"""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import Literal

from pydantic import Field

from lowdose.blocks import Block
from lowdose.plan.records.block import Blockade, BlockAfter
from lowdose.plan.records.parts import Rate

SCHEMA = "lowdose.plan-computed/2"
FILE = "computed.json"


class OneDose(Block):
    """The block while one dose is taken every day, and after the last of it."""

    taken: Blockade
    after: BlockAfter


class Computed(Block):
    """The file of numbers found beforehand, all for an average adult; doses are named by their mg."""

    schema_: Literal["lowdose.plan-computed/2"] = Field(alias="schema")
    model_hash: str
    seed: int
    doses: dict[str, OneDose]
    rates: dict[str, tuple[Rate, ...]]


@cache
def computed() -> Computed:
    """What was found beforehand.

    Examples
    --------
    >>> sorted(computed().rates)[:2]
    ['any', 'dizziness']
    """
    return Computed.model_validate(json.loads(files("lowdose.plan.foreseen").joinpath(FILE).read_text("utf-8")))
