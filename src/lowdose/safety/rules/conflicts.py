"""Where the sources disagree: both sides with their sources, what is done here, and the rules it is shown with."""

from __future__ import annotations

from functools import cache
from typing import Literal

from pydantic import Field

from lowdose.blocks import Block
from lowdose.safety.tables import table


class Side(Block):
    """What some of the sources say, by their names in the rule set."""

    says: str
    sources: tuple[str, ...] = Field(min_length=1)


class Conflict(Block):
    """One disagreement between sources."""

    topic: str
    title: str
    sides: tuple[Side, ...] = Field(min_length=2)
    here: str
    shown_with: tuple[str, ...]


class _ConflictsFile(Block):
    schema_: Literal["lowdose.safety-conflicts/1"] = Field(alias="schema")
    conflicts: tuple[Conflict, ...]


@cache
def conflicts() -> tuple[Conflict, ...]:
    """Every disagreement between the sources that lowdose knows of.

    Examples
    --------
    >>> [one.topic for one in conflicts()][:2]
    ['thyroid-dose', 'surgery-interval']
    """
    return _ConflictsFile.model_validate(table("rules/data/conflicts.yaml")).conflicts
