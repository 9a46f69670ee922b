"""One lane: what is kept of it in the workspace, and code that reads it and the job."""

from __future__ import annotations

from typing import Any

import llvmlite.ir as ir

from lowdose.engine.native.code import BIT, DOUBLE, INT, POINTER, Code
from lowdose.engine.native.job import Field

__all__ = ["LANE_ROWS", "LaneCode"]

LANE_ROWS = (
    "time",  # where the lane is
    "length",  # of the step to be tried
    "later",  # end of the step being tried
    "end",  # of the segment: the next action
    "limit",  # output times from here on are those of the next action
    "next",  # output time to come
    "moment",  # output time being noted
    "memory",  # length of the first step accepted after the last restart
    "fresh_step",  # 1 until the first step after a restart is accepted
    "again",  # 1 after a step was refused
    "accepted",
    "refused",
    "since",  # steps tried since something was last noted or done
    "person",
    "action",
    "saved",
    "flushed",  # how many of them are in their place
    "pouring",  # not 0 while anything flows into any lane; one for all of them
)
"""Rows of the workspace with one number for each lane; the last five are whole numbers."""

NEARLY = 1e-12
"""Times closer than this, relative to their size, are one moment."""


class LaneCode(Code):
    """Code that also reads the job, its first argument, and whole numbers of a lane."""

    @property
    def job(self) -> Any:
        """Address of the job."""
        return self.arguments[0]

    def field(self, field: Field, kind: ir.Type = INT) -> Any:
        """A value of the job."""
        return self.read(self.job, self.integer(field), kind)

    def array(self, field: Field) -> Any:
        """Address of an array of the job."""
        return self.field(field, POINTER)

    def whole(self, region: str, lane: Any) -> Any:
        """A whole number of a lane."""
        return self.builder.load(self.place(region, 0, lane), typ=INT)

    def set_whole(self, value: Any, region: str, lane: Any) -> None:
        """Set a whole number of a lane."""
        self.builder.store(value, self.place(region, 0, lane))

    def equals(self, a: Any, b: int) -> Any:
        """Whether a whole number is ``b``."""
        return self.builder.icmp_signed("==", a, ir.Constant(a.type, b))

    def has(self, bits: Any, lane: Any) -> Any:
        """Whether the bit of a lane is set."""
        return self.builder.trunc(self.builder.lshr(bits, lane), BIT)

    def nearly(self, time: Any) -> Any:
        """How close to a time another is the same moment."""
        size = self.largest(self.absolute(time), ir.Constant(DOUBLE, 1.0))
        return self.multiply(size, ir.Constant(DOUBLE, NEARLY))

    def next_output(self, saved: Any) -> Any:
        """The output time with this number, infinity after the last."""
        result = self.variable(DOUBLE, self.scalar(float("inf")))
        with self.builder.if_then(self.builder.icmp_signed("<", saved, self.field(Field.TIME_COUNT))):
            result.value = self.read(self.array(Field.TIMES), saved)
        return result.value

    def is_there(self, pointer: Any) -> Any:
        """Whether an address was given."""
        return self.builder.icmp_unsigned("!=", self.builder.ptrtoint(pointer, INT), self.integer(0))
