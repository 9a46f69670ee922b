"""What the simulator expects after the last dose: an explanation beside the rule, which never shortens or permits."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from lowdose.model import hypothesis, hypothesis_names
from lowdose.opioids import Range, Setting
from lowdose.opioids.block import OVER
from lowdose.opioids.course import solve
from lowdose.opioids.effect import SEEN_HOURS, back_at
from lowdose.plan.blockade import person_of
from lowdose.regimen import Regimen

if TYPE_CHECKING:
    from lowdose.plan.records import Plan

SHOWN_HOURS = (24.0, 48.0, 72.0, 120.0)
"""Hours after the last dose at which the block is shown beside the rule."""
ABOVE = 1 / 3
"""A predicted block above this share at the rule's hour puts a line for the anaesthetist on plan and card."""
LONGER_HOURS = (96.0, 120.0)
"""Longer stops that are offered as a choice: the longest any source names, and the last that is shown."""
PEOPLE = 100
"""Persons drawn for the band where nobody said how many."""


@dataclass(frozen=True)
class BlockAt:
    """Share of µ receptors in the brain that naltrexone is predicted to hold at one hour after the last dose.

    Attributes
    ----------
    hours : float
    typical : float
        The typical person, under the default kinetics; stands for the median.
    low, high : float or None
        5th and 95th percentile of the persons drawn; None when nobody was drawn.
    lowest, highest : float
        Over all rival kinetics, bands included.
    """

    hours: float
    typical: float
    low: float | None
    high: float | None
    lowest: float
    highest: float


@dataclass(frozen=True)
class Predicted:
    """The block after the last dose.

    Attributes
    ----------
    regimen : str
        What was simulated.
    kinetics : str
        The default kinetics, whose typical person and band are shown.
    people : int
        Persons drawn for the band.
    at : tuple of BlockAt
        At 24, 48, 72 and 120 h, and at the hours asked for besides.
    over_hours : tuple of three float or None
        Hours until under a fifth: typical, 5th and 95th percentile; None is beyond 30 days, or nobody drawn.
    longest_over_hours : float or None
        The same for the rival under which it lasts longest; None is beyond 30 days.
    longest_kinetics : str
    model_hash : str
    """

    regimen: str
    kinetics: str
    people: int
    at: tuple[BlockAt, ...]
    over_hours: tuple[float | None, float | None, float | None]
    longest_over_hours: float | None
    longest_kinetics: str
    model_hash: str

    def hour(self, hours: float) -> BlockAt:
        """The prediction at one of the hours that were asked for."""
        return next(one for one in self.at if one.hours == hours)


def setting_of(plan: Plan, *, people: int = PEOPLE) -> Setting:
    """Whose prediction: the person of the plan, with so many drawn for the band.

    Examples
    --------
    >>> from lowdose.plan import example
    >>> setting_of(example.plan(), people=0).person.weight
    70.0
    """
    return Setting(person_of(plan.covariates), people=people, workers=os.cpu_count() or 1)


def predict(regimen: Regimen | str, *hours: float, setting: Setting | None = None) -> Predicted:
    """Predict the block at 24, 48, 72 and 120 h after the last dose of a regimen, and at further hours.

    Parameters
    ----------
    regimen : Regimen or str
        What is taken until the last dose.
    hours : float
        Further hours, 0 to 720.
    setting : Setting, optional
        Whose: covariates, persons drawn, seed; by default a typical adult and 100 persons.

    Examples
    --------
    >>> found = predict("4.5 mg nightly at 22:00 for 4 weeks", setting=Setting())
    >>> [round(one.typical, 2) for one in found.at]
    [0.67, 0.55, 0.41, 0.2]
    """
    setting = setting or Setting(people=PEOPLE, workers=os.cpu_count() or 1)
    regimen = Regimen.parse(regimen) if isinstance(regimen, str) else regimen
    asked = tuple(sorted({*SHOWN_HOURS, *map(float, hours)}))
    courses = {name: _course(name, regimen, asked, setting) for name in hypothesis_names()}
    default = hypothesis().kinetics.name
    main = courses[default]
    longest = max(courses, key=lambda name: _or_infinite(courses[name].over.longest))
    return Predicted(
        regimen=regimen.canonical,
        kinetics=default,
        people=setting.people,
        at=tuple(_at(hour, number, main, courses.values()) for number, hour in enumerate(asked)),
        over_hours=(main.over.typical, main.over.low, main.over.high),
        longest_over_hours=courses[longest].over.longest,
        longest_kinetics=longest,
        model_hash=main.model_hash,
    )


@dataclass(frozen=True)
class _Course:
    """What one kinetics says: the block at each hour that was asked for, and hours until it is over."""

    at: tuple[Range, ...]
    over: Range
    model_hash: str


def _course(name: str, regimen: Regimen, hours: tuple[float, ...], setting: Setting) -> _Course:
    """As `lowdose.opioids.block_left`, for all hours in one solution: five times as quick."""
    grid = np.unique(np.concatenate([np.arange(0.0, SEEN_HOURS + 1), hours]))
    wanted = "mu_occupancy_central"
    found = solve(name, setting, (wanted,), regimen.doses[-1].hours + grid, naltrexone=regimen)
    over = np.array([back_at(grid, 1.0 - row, 1.0 - OVER) for row in found[wanted]])
    at = tuple(Range.of(found[wanted][:, place]) for place in np.searchsorted(grid, hours))
    return _Course(at, Range.of(over), found.model_hash)


def _at(hours: float, number: int, main: _Course, all_: Iterable[_Course]) -> BlockAt:
    brain, rivals = main.at[number], [course.at[number] for course in all_]
    lowest, highest = min(rival.least or 0.0 for rival in rivals), max(rival.most or 0.0 for rival in rivals)
    return BlockAt(hours, brain.typical or 0.0, brain.low, brain.high, lowest, highest)


def _or_infinite(hours: float | None) -> float:
    return np.inf if hours is None else hours
