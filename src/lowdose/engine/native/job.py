"""What the driver is given: one row of addresses, whole numbers and tolerances, and the kinds of its actions."""

from __future__ import annotations

from enum import IntEnum

__all__ = ["PAUSED", "SNAPSHOT_HEAD", "SUMMARY_ROWS", "TOGETHER", "WAITING", "Act", "Field", "Fold"]


class Field(IntEnum):
    """Places in the job, 8 bytes each. Addresses are of C-contiguous arrays of doubles or 64-bit whole numbers."""

    PEOPLE = 0
    NEXT = 1
    FINISHED = 2
    STOP = 3
    RELATIVE = 4
    ABSOLUTE = 5
    MOST_STEPS = 6
    PARAMETERS = 7
    START = 8
    PROGRAM = 9
    PROGRAMS = 10
    ACT_TIME = 11
    ACT_KIND = 12
    ACT_INDEX = 13
    ACT_VALUE = 14
    ACT_SHARE = 15
    TIMES = 16
    TIME_COUNT = 17
    OUTPUTS = 18
    OUTPUT_COUNT = 19
    VALUES = 20
    SUMMARY_COUNT = 21
    SUMMARY_KIND = 22
    SUMMARY_OUTPUT = 23
    SUMMARY_RANGE = 24
    SUMMARIES = 25
    STATUS = 26
    STEPS = 27
    STOPPED = 28
    RESUME = 29
    SNAPSHOTS = 30
    SNAPSHOT_SIZE = 31
    ORDER = 32
    QUEUE = 33
    FORMULAS = 34


class Act(IntEnum):
    """What an action does. ``index`` is a state or parameter, ``value`` an amount, rate or value."""

    ADD = 0
    """value times the parameter ``share`` (alone where that is -1) enters a state."""
    INFLOW = 1
    """From now on this much per time flows into a state."""
    ASSIGN = 2
    """A parameter takes a value."""
    RESTART = 3
    """States and constants as at a start, nothing flows in."""
    SHIFT = 4
    """value times the present rates of change of the first ``index`` states enter the ``index`` states after them."""
    PAUSE = 5
    """Leave the person where it is, to be resumed."""
    END = 6
    """The person is done."""


class Fold(IntEnum):
    """How a summary takes in one more value."""

    LARGEST = 0
    SMALLEST = 1
    INTEGRAL = 2
    ABOVE = 3
    LAST = 4


SNAPSHOT_HEAD = ("time", "action", "saved", "memory", "accepted", "refused")
"""First numbers of a snapshot; then states, inflow, constants, parameters and the rows of the summaries."""

SUMMARY_ROWS = 4
"""Rows of the workspace for each summary: its value, what goes with it, and the value and time before."""

TOGETHER = 8
"""Moments of a person whose outputs go to their place at once: one line of the cache."""

WAITING, PAUSED = -1, -2
"""In the place of a `Status`: of a person who has not been solved, or waits for a steady state to be found."""
