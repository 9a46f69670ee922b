"""What the simulator expects after the last dose: an explanation beside the rule, which never shortens or permits."""

from __future__ import annotations

import math
import os
from typing import TYPE_CHECKING

from lowdose.plan.foreseen.course import Course, courses
from lowdose.plan.records.block import BlockAfter, BlockAt

if TYPE_CHECKING:
    from lowdose.opioids import Setting
    from lowdose.regimen import Regimen

SHOWN_HOURS = (24.0, 48.0, 72.0, 96.0, 120.0)
"""Hours after the last dose at which the block is always shown beside the rule."""
PEOPLE = 200
"""Persons drawn for median and band where nobody said how many."""


def predict(regimen: Regimen | str, *hours: float, setting: Setting | None = None) -> BlockAfter:
    """Predict the block at 24, 48, 72, 96 and 120 h after the last dose of a regimen, and at further hours.

    Parameters
    ----------
    regimen : Regimen or str
        What is taken until the last dose.
    hours : float
        Further hours, 0 to 720.
    setting : Setting, optional
        Whose: covariates, persons drawn, seed; by default an average adult and 200 persons.

    Raises
    ------
    InvalidInput
        If nobody is drawn.

    Examples
    --------
    >>> from lowdose.opioids import Setting
    >>> found = predict("4.5 mg nightly at 22:00 for 4 weeks", setting=Setting(people=20))
    >>> [one.hours for one in found.at]
    [24.0, 48.0, 72.0, 96.0, 120.0]
    >>> found.hour(72).low < found.hour(72).median < found.hour(72).high
    True
    """
    from lowdose.opioids import Setting
    from lowdose.regimen import Regimen

    setting = setting or Setting(people=PEOPLE, workers=os.cpu_count() or 1)
    regimen = Regimen.parse(regimen) if isinstance(regimen, str) else regimen
    asked = tuple(sorted({*SHOWN_HOURS, *map(float, hours)}))
    return after_of(regimen, asked, courses(regimen, asked, setting), setting.people)


def after_of(regimen: Regimen, hours: tuple[float, ...], found: dict[str, Course], people: int) -> BlockAfter:
    """The record of what every rival says of a regimen: shares to 0.1 %, hours to a tenth."""
    from lowdose.model import hypothesis

    default = hypothesis().kinetics.name
    main = found[default]
    longest = max(found, key=lambda name: found[name].over.high)
    return BlockAfter(
        regimen=regimen.canonical,
        kinetics=default,
        people=people,
        at=tuple(_at(hour, number, main, list(found.values())) for number, hour in enumerate(hours)),
        over_hours=(_hours(main.over.median), _hours(main.over.low), _hours(main.over.high)),
        longest_over_hours=_hours(found[longest].over.high),
        longest_kinetics=longest,
        model_hash=main.model_hash,
    )


def _at(hours: float, number: int, main: Course, rivals: list[Course]) -> BlockAt:
    own = main.at[number]
    lowest, highest = min(one.at[number].low for one in rivals), max(one.at[number].high for one in rivals)
    return BlockAt(hours, *(round(share, 3) for share in (own.median, own.low, own.high, lowest, highest)))


def _hours(hours: float) -> float | None:
    return round(hours, 1) if math.isfinite(hours) else None
