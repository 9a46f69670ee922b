"""How much of an opioid's effect naltrexone leaves, and when nearly all of it is back."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lowdose.errors import InvalidInput
from lowdose.model import hypothesis, hypothesis_names
from lowdose.opioids.course import Course, Progress, Setting, solve
from lowdose.opioids.dose import OpioidDose, opioid_dose
from lowdose.regimen import Regimen

Array = NDArray[np.float64]

BACK = 0.80
"""The share of effect that counts as back."""
SEEN_HOURS = 720.0
"""How long after the last naltrexone dose is looked at."""
_FINE = np.unique(
    np.concatenate([np.arange(0, 192) * 0.25, np.arange(48, 240, 1.0), np.arange(240, SEEN_HOURS + 1, 3.0)])
)
_COURSE_HOURS = 24.0
_FLOOR = 1e-9


@dataclass(frozen=True)
class Range:
    """A number of the typical person, with 5th and 95th percentile of those drawn; None where it is beyond the end."""

    typical: float | None
    low: float | None = None
    high: float | None = None

    @classmethod
    def of(cls, values: Array) -> Range:
        """From one value a person, the typical one first; infinite ones are beyond the end."""
        known: list[float | None] = [None, None]
        if len(values) > 1:
            known = [_finite(q) for q in np.quantile(values[1:], (0.05, 0.95), method="inverted_cdf")]
        return cls(_finite(values[0]), *known)

    @property
    def longest(self) -> float | None:
        """The 95th percentile, or the typical value when nobody was drawn; None when it is beyond the end."""
        return self.typical if self.low is None and self.high is None else self.high

    @property
    def least(self) -> float | None:
        """The lower of 5th percentile and typical value."""
        return min((value for value in (self.low, self.typical) if value is not None), default=None)

    @property
    def most(self) -> float | None:
        """The higher of 95th percentile and typical value, of a share: it has no end to be beyond."""
        return max((value for value in (self.high, self.typical) if value is not None), default=None)


def _finite(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None


@dataclass(frozen=True)
class RivalEffect:
    """What one kinetics says.

    Attributes
    ----------
    kinetics : str
        Its name.
    left : Range
        Largest effect with naltrexone over largest effect without.
    left_of_area : Range
        The same for the area under the effect over 24 h.
    back_hours : Range
        Hours after the last naltrexone dose from which on the share left stays at 80 % or more; None is "not within
        30 days".
    occupancy : Range
        µ receptors in the brain that naltrexone holds when the opioid is taken.
    most_after : float
        Largest effect of the opioid at any hour over its usual effect when receptors have grown in number (typical
        person): above 1 the same amount acts more strongly than it used to.
    hours, course : ndarray
        Share left of the typical person at each hour after the last naltrexone dose.
    """

    kinetics: str
    left: Range
    left_of_area: Range
    back_hours: Range
    occupancy: Range
    most_after: float
    hours: Array
    course: Array


@dataclass(frozen=True)
class EffectLeft:
    """The answer: what was asked, and what every kinetics says."""

    dose: OpioidDose
    regimen: Regimen
    hours: float
    setting: Setting
    rivals: tuple[RivalEffect, ...]
    default: str
    model_hash: str

    @property
    def main(self) -> RivalEffect:
        """What the default kinetics says."""
        return next(rival for rival in self.rivals if rival.kinetics == self.default)

    @property
    def longest(self) -> RivalEffect:
        """The kinetics under which effect comes back last."""
        return max(self.rivals, key=lambda rival: np.inf if (h := rival.back_hours.longest) is None else h)

    @property
    def earliest(self) -> RivalEffect:
        """The kinetics under which effect comes back first."""
        return min(self.rivals, key=lambda rival: np.inf if (h := rival.back_hours.least) is None else h)

    @property
    def least(self) -> RivalEffect:
        """The kinetics that leaves least at the hour asked about."""
        return min(self.rivals, key=lambda rival: rival.left.least or 0.0)


def effect_left(
    dose: str | OpioidDose,
    after: str | Regimen | None,
    hours: float,
    *,
    setting: Setting | None = None,
    progress: Progress | None = None,
) -> EffectLeft:
    """Predict the share of an opioid's effect that is left ``hours`` after the last naltrexone dose.

    Parameters
    ----------
    dose : str or OpioidDose
        For example ``"oxycodone 10 mg"``.
    after : str, Regimen or None
        The naltrexone schedule, for example ``"4.5 mg nightly at 22:00"``; None for someone who takes none.
    hours : float
        From the last naltrexone dose to the opioid, 0 to 720.
    setting : Setting, optional
        The person, how many are drawn, CYP2D6 class.
    progress : callable, optional
        Called with (kinetics done, kinetics in all).

    Raises
    ------
    InvalidInput, NotFound, NotEnoughData, SafetyStop
        See `opioid_dose`.

    Examples
    --------
    >>> found = effect_left("oxycodone 10 mg", "4.5 mg nightly at 22:00", 12)
    >>> bool(0.2 < found.main.left.typical < 0.6)
    True
    """
    taken = opioid_dose(dose) if isinstance(dose, str) else dose
    regimen = Regimen.parse(after) if isinstance(after, str) else after or Regimen.none("1 day")
    setting = setting or Setting()
    if not 0.0 <= hours <= SEEN_HOURS:
        raise InvalidInput(f"{hours:g} hours", where="hours", remedy=f"give 0 to {SEEN_HOURS:g}")
    if taken.every:
        raise InvalidInput("the question is about one dose", where=taken.text, remedy="leave the schedule out")
    probe = peak_in_the_brain(taken, setting)
    names, answers, model_hash = hypothesis_names(), [], ""
    for done, name in enumerate(names, 1):
        answer, digest = _rival(name, taken, regimen, hours, setting, probe)
        answers.append(answer)
        model_hash = digest if name == hypothesis().kinetics.name else model_hash
        if progress is not None:
            progress(done, len(names))
    return EffectLeft(taken, regimen, hours, setting, tuple(answers), hypothesis().kinetics.name, model_hash)


def peak_in_the_brain(dose: OpioidDose, setting: Setting) -> Array:
    """Highest brain concentration of each person, nmol/L, shape (rows,); naltrexone has no part in it.

    Examples
    --------
    >>> bool(peak_in_the_brain(opioid_dose("morphine 10 mg"), Setting())[0] > 0)
    True
    """
    end = max(36.0, dose.way.hours + 24.0)
    times = np.unique(np.concatenate([np.arange(0, 6, 0.05), np.arange(6, end + 0.25, 0.25)]))
    alone = solve(hypothesis_names()[0], setting, ["agonist_brain"], times, opioid=dose, opioid_at=[0.0])
    return np.asarray(alone["agonist_brain"].max(axis=1))


def _rival(
    name: str, dose: OpioidDose, regimen: Regimen, hours: float, setting: Setting, probe: Array
) -> tuple[RivalEffect, str]:
    last = regimen.doses[-1].hours if regimen.doses else 0.0
    span = max(_COURSE_HOURS, dose.way.hours)
    close = np.concatenate([np.arange(0, 6, 0.05), np.arange(6, span + 0.25, 0.25)])
    times = last + np.unique(np.concatenate([_FINE, hours + close]).round(6))
    wanted = ("agonist_effect", "agonist_effect_unblocked", "probe_effect", "probe_effect_unblocked",
              "probe_effect_more_receptors", "mu_occupancy_central")  # fmt: skip
    found = solve(name, setting, wanted, times, naltrexone=regimen, opioid=dose, opioid_at=[last + hours], probe=probe)
    share = share_left(found["probe_effect"], found["probe_effect_unblocked"])
    stronger = found["probe_effect_more_receptors"][0] / np.maximum(found["probe_effect_unblocked"][0], _FLOOR)
    after = times - last
    inside = (after >= hours) & (after <= hours + span)
    held = np.array([np.interp(hours, after, row) for row in found["mu_occupancy_central"]])
    answer = RivalEffect(
        kinetics=name,
        left=Range.of(_peak_ratio(found, inside)),
        left_of_area=Range.of(_area_ratio(found, inside)),
        back_hours=Range.of(np.array([back_at(after, row) for row in share])),
        occupancy=Range.of(held),
        most_after=float(stronger.max()),
        hours=after,
        course=share[0],
    )
    return answer, found.model_hash


def share_left(blocked: Array, unblocked: Array) -> Array:
    """Effect with naltrexone over effect without, 0 to 1; 1 where there is no effect to lose.

    Examples
    --------
    >>> share_left(np.array([0.2, 0.0]), np.array([0.4, 0.0]))
    array([0.5, 1. ])
    """
    return np.clip(np.where(unblocked > _FLOOR, blocked / np.maximum(unblocked, _FLOOR), 1.0), 0.0, 1.0)


def back_at(hours: Array, share: Array, enough: float = BACK) -> float:
    """Hour from which on ``share`` stays at ``enough`` or more: 0 if it always is, infinite if not by the end.

    Examples
    --------
    >>> back_at(np.array([0.0, 10.0, 20.0]), np.array([1.0, 0.6, 1.0]))
    15.0
    """
    below = np.flatnonzero(share < enough)
    if not len(below):
        return 0.0
    i = int(below[-1])
    if i == len(share) - 1:
        return float("inf")
    rise = (enough - share[i]) / (share[i + 1] - share[i])
    return float(hours[i] + rise * (hours[i + 1] - hours[i]))


def _peak_ratio(found: Course, inside: NDArray[np.bool_]) -> Array:
    blocked, free = (found[name][:, inside].max(axis=1) for name in ("agonist_effect", "agonist_effect_unblocked"))
    return share_left(blocked, free)


def _area_ratio(found: Course, inside: NDArray[np.bool_]) -> Array:
    blocked, free = (
        np.asarray(np.trapezoid(found[name][:, inside], found.time[inside], axis=1))
        for name in ("agonist_effect", "agonist_effect_unblocked")
    )
    return share_left(blocked, free)
