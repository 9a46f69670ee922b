"""What sources say about the stop before surgery, where they disagree, and what a gap does to the dose."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Literal

from pydantic import Field, PositiveFloat, PositiveInt

from lowdose.blocks import Block, data

Provenance = Literal["found", "derived", "recalled", "assumed"]


class Interval(Block):
    """How long to stop before surgery, as one source says it.

    Examples
    --------
    >>> [one.confirmed for one in intervals().sources]
    [True, True, True, True, False]
    """

    says: str
    from_hours: PositiveFloat
    to_hours: PositiveFloat | None
    source: str
    url: str
    about: str
    provenance: Provenance
    machine_written: bool = False

    @property
    def confirmed(self) -> bool:
        """Whether it was read where someone stands behind it."""
        return self.provenance == "found" and not self.machine_written

    @property
    def words(self) -> str:
        """One line: what, who, and that it is not confirmed where it is not.

        Examples
        --------
        >>> intervals().sources[4].words
        '3 to 4 days (SPAQI consensus, quoted by a machine-written page; full-dose tablets) – not yet confirmed'
        """
        doubt = "" if self.confirmed else " – not yet confirmed"
        return f"{self.says} ({self.source}; {self.about}){doubt}"


class Default(Block):
    """The stop before surgery where nobody chose another."""

    rule: str
    param: str
    provenance: Provenance
    why: str

    @property
    def hours(self) -> float:
        """The number of the safety rule, which is its only home."""
        from lowdose.safety import rule

        return float(rule(self.rule).params[self.param].value)


class Gap(Block):
    """The longest gap after which the dose before it may be resumed."""

    days: PositiveInt
    unit: Literal["d"]
    rule: str
    source: str
    url: str
    provenance: Provenance


class Intervals(Block):
    """The whole of ``intervals.yaml``."""

    schema_: Literal["lowdose.surgery.intervals/1"] = Field(alias="schema")
    about: str
    default: Default
    same_dose_gap: Gap
    sources: tuple[Interval, ...]


@cache
def intervals() -> Intervals:
    """What was found, read once.

    Examples
    --------
    >>> intervals().default.hours, intervals().same_dose_gap.days
    (72.0, 14)
    """
    return Intervals.model_validate(data(files("lowdose.plan.hold").joinpath("intervals.yaml").read_text("utf-8")))
