"""The three event records: a dose, a reset, a change of a parameter. Immutable, checked when made."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TypeAlias

from lowdose.engine.errors import BadEvent

__all__ = ["Change", "Dose", "Event", "Number", "Reset"]

Number: TypeAlias = float | str
"""A value, or the name of the model parameter that holds it for each person."""


@dataclass(frozen=True, slots=True)
class Dose:
    """A dose as NONMEM means it; the rules are in `lowdose.engine.events`.

    Parameters
    ----------
    time : float
        When it is due, in the model's time unit (TIME).
    amount : float
        How much, in the unit of the target state (AMT).
    target : str
        The state that receives it (CMT).
    rate : float or str
        Amount per time of an infusion (RATE), or a parameter's name (RATE=-1, modelled rate); 0 for none.
    duration : float or str
        Length of an infusion (modelled duration, RATE=-2); 0 for none.
    lag : float or str
        Delay of the arrival (ALAG).
    bioavailability : float or str
        The share that arrives (F).
    interval : float
        Time between repeated doses (II).
    additional : int
        Number of further doses (ADDL).
    steady_state : {0, 1, 2}
        1: start from the steady state of this dose; 2: add it to the present state (SS).
    reset : bool
        Put all states to their initial values first (EVID 4).

    Raises
    ------
    BadEvent
        A value makes no sense, alone or beside another.

    Examples
    --------
    >>> Dose(0.0, 4.5, "gut", lag=0.25, interval=24.0, additional=6).additional
    6
    """

    time: float
    amount: float
    target: str
    rate: Number = 0.0
    duration: Number = 0.0
    lag: Number = 0.0
    bioavailability: Number = 1.0
    interval: float = 0.0
    additional: int = 0
    steady_state: int = 0
    reset: bool = False

    def __post_init__(self) -> None:
        for field in ("time", "amount", "rate", "duration", "lag", "bioavailability", "interval"):
            value = getattr(self, field)
            if isinstance(value, str):
                continue
            object.__setattr__(self, field, _number(self, field, value))
            if field != "time" and value < 0.0:
                raise BadEvent(f"{field} is {value:g}", where=str(self), remedy=f"{field} must be 0 or more")
        self._check_repetition()
        if self.rate != 0.0 and self.duration != 0.0:
            raise BadEvent(
                "both a rate and a duration are given",
                where=str(self),
                remedy="give one: the other follows from the amount and the bioavailability",
            )

    def _check_repetition(self) -> None:
        if self.additional != int(self.additional) or self.additional < 0:
            raise BadEvent(
                f"additional is {self.additional}", where=str(self), remedy="count whole further doses: 0, 1, 2, ..."
            )
        if self.steady_state not in (0, 1, 2):
            raise BadEvent(f"steady_state is {self.steady_state}", where=str(self), remedy="use 0, 1 or 2")
        object.__setattr__(self, "additional", int(self.additional))
        if self.interval > 0.0:
            return
        if self.additional:
            raise BadEvent(
                "additional doses without an interval",
                where=str(self),
                remedy="give the time between doses as interval, above 0",
            )
        if self.steady_state and (self.amount > 0.0 or self.rate == 0.0):
            raise BadEvent(
                "a steady state without an interval",
                where=str(self),
                remedy="give the interval; or, for an endless infusion, amount 0 and a rate",
            )

    def __str__(self) -> str:
        return f"dose of {self.amount} into {self.target} at time {self.time}"


@dataclass(frozen=True, slots=True)
class Reset:
    """All states to their initial values; running infusions and doses still to come are cancelled (EVID 3).

    Parameters
    ----------
    time : float
        In the model's time unit.

    Examples
    --------
    >>> Reset(48.0)
    Reset(time=48.0)
    """

    time: float

    def __post_init__(self) -> None:
        object.__setattr__(self, "time", _number(self, "time", self.time))

    def __str__(self) -> str:
        return f"reset at time {self.time}"


@dataclass(frozen=True, slots=True)
class Change:
    """A parameter takes a new value, from that time on.

    Parameters
    ----------
    time : float
        In the model's time unit.
    parameter : str
        The parameter's name.
    value : float
        In the parameter's unit.

    Examples
    --------
    >>> Change(12.0, "CL", 1.1).value
    1.1
    """

    time: float
    parameter: str
    value: float

    def __post_init__(self) -> None:
        object.__setattr__(self, "time", _number(self, "time", self.time))
        object.__setattr__(self, "value", _number(self, "value", self.value))

    def __str__(self) -> str:
        return f"change of {self.parameter} at time {self.time}"


Event: TypeAlias = Dose | Reset | Change


def _number(event: Event, field: str, value: float) -> float:
    """A finite float, or a `BadEvent` that names the field."""
    try:
        number = float(value)
    except (TypeError, ValueError):
        number = math.nan
    if not math.isfinite(number):
        raise BadEvent(f"{field} is {value!r}", where=str(event), remedy=f"{field} must be a finite number")
    return number
