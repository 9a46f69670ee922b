"""What the simulator expects of the block, as a plan keeps it: numbers that explain, and decide nothing."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar, Literal

from pydantic import ConfigDict

_STRICT = ConfigDict(extra="forbid")


@dataclass(frozen=True)
class Covariates:
    """What of the person changes the predicted block: weight (kg), creatinine clearance (mL/min), Child–Pugh class."""

    __pydantic_config__: ClassVar[ConfigDict] = _STRICT
    weight: float
    crcl: float | None
    child_pugh: Literal["A", "B", "C"] | None


@dataclass(frozen=True)
class Blockade:
    """Predicted share of µ receptors in the brain held over the day, once a dose is taken every day.

    Attributes
    ----------
    dose_mg : Decimal
    median : float
        Of the persons drawn, each the mean over the 24 h after a dose.
    low, high : float
        5th and 95th percentile of the persons drawn.
    lowest, highest : float
        Over all rival kinetics, bands included.
    kinetics : str
        The default, whose median and band are given.
    people : int
        Persons drawn.
    label : str
        Always said with it: predicted, not measured at this dose.
    """

    __pydantic_config__: ClassVar[ConfigDict] = _STRICT
    dose_mg: Decimal
    median: float
    low: float
    high: float
    lowest: float
    highest: float
    kinetics: str
    people: int
    label: str


@dataclass(frozen=True)
class BlockAt:
    """Share of µ receptors in the brain that naltrexone is predicted to hold some hours after the last dose.

    Attributes
    ----------
    hours : float
    median : float
        Of the persons drawn, under the default kinetics.
    low, high : float
        5th and 95th percentile of the persons drawn.
    lowest, highest : float
        Over all rival kinetics, bands included.
    """

    __pydantic_config__: ClassVar[ConfigDict] = _STRICT
    hours: float
    median: float
    low: float
    high: float
    lowest: float
    highest: float


@dataclass(frozen=True)
class BlockAfter:
    """The block after the last dose of a regimen.

    Attributes
    ----------
    regimen : str
        What was taken until then.
    kinetics : str
        The default, whose median and band are given.
    people : int
        Persons drawn.
    at : tuple of BlockAt
        In the order of the hours.
    over_hours : tuple of three float or None
        Hours until under a fifth: median, 5th and 95th percentile; None is beyond 30 days.
    longest_over_hours : float or None
        The 95th percentile under the rival where it lasts longest; None is beyond 30 days.
    longest_kinetics : str
    model_hash : str
    """

    __pydantic_config__: ClassVar[ConfigDict] = _STRICT
    regimen: str
    kinetics: str
    people: int
    at: tuple[BlockAt, ...]
    over_hours: tuple[float | None, float | None, float | None]
    longest_over_hours: float | None
    longest_kinetics: str
    model_hash: str

    def hour(self, hours: float) -> BlockAt:
        """The prediction at one of the hours that were looked at.

        Examples
        --------
        >>> at = BlockAt(72.0, 0.4, 0.17, 0.67, 0.0, 0.7)
        >>> found = BlockAfter("4.5 mg nightly", "effect-site", 200, (at,), (130.0, 60.0, 210.0), 300.0, "x", "")
        >>> found.hour(72).median
        0.4
        """
        return next(one for one in self.at if one.hours == hours)
