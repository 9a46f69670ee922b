"""What events come down to: primitive actions, each at one time, without names still to be looked up."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeAlias

__all__ = ["Action", "Assign", "Bolus", "InfusionEnd", "InfusionStart", "Restart", "Settle"]


@dataclass(frozen=True, slots=True)
class Bolus:
    """``amount`` enters the state ``target`` at once; of it, the ``share`` that a parameter of that name holds."""

    time: float
    target: str
    amount: float
    share: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class InfusionStart:
    """From now on ``rate`` flows into ``target``, until the `InfusionEnd` of the same ``key``."""

    time: float
    target: str
    rate: float
    key: int


@dataclass(frozen=True, slots=True)
class InfusionEnd:
    """The infusion ``key`` stops."""

    time: float
    key: int


@dataclass(frozen=True, slots=True)
class Restart:
    """All states take their initial values; no infusion runs."""

    time: float


@dataclass(frozen=True, slots=True)
class Assign:
    """``parameter`` takes ``value``."""

    time: float
    parameter: str
    value: float


@dataclass(frozen=True, slots=True)
class Settle:
    """The state becomes the steady state of a dose repeated for ever; with ``add`` it is added to the present one.

    ``phase`` is the time from the record to the next arrival, below ``interval``. ``interval`` 0 is an endless
    infusion at ``rate``; ``rate`` 0 a bolus of ``amount``. Times in the model's time unit.
    """

    time: float
    target: str
    amount: float
    rate: float
    duration: float
    interval: float
    phase: float
    add: bool


Action: TypeAlias = Bolus | InfusionStart | InfusionEnd | Restart | Assign | Settle
