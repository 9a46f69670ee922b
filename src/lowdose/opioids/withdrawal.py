"""What a dose of naltrexone does to someone who has an opioid on board: the size of precipitated withdrawal."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lowdose.errors import InvalidInput
from lowdose.model import hypothesis, hypothesis_names
from lowdose.opioids.course import Progress, Setting, solve
from lowdose.opioids.dose import DAY, OpioidDose, opioid_dose
from lowdose.opioids.effect import Range
from lowdose.regimen import Regimen

Array = NDArray[np.float64]

_TAKEN_DAYS = 14
ALMOST_NONE = 0.001
"""Share of µ receptors held by the opioid under which a share of it means nothing."""
_SEEN = 24.0


@dataclass(frozen=True)
class RivalWithdrawal:
    """What one kinetics says, within a day of the naltrexone dose.

    Attributes
    ----------
    kinetics : str
        Its name.
    held_before : Range
        Share of µ receptors in the brain that the opioid holds when naltrexone is taken.
    displaced : Range
        What naltrexone drives it from at the worst hour, as a share of what it held when naltrexone was taken; None
        where that was under 0.1 % of the receptors.
    effect_lost : Range
        Effect that goes at the worst hour, as a share of the effect when naltrexone was taken; None likewise.
    body_blocked : Range
        Largest share of µ receptors outside the brain that naltrexone holds: gut, and the first signs.
    worst_hour : float
        Hours after naltrexone of the largest loss (typical person).
    """

    kinetics: str
    held_before: Range
    displaced: Range
    effect_lost: Range
    body_blocked: Range
    worst_hour: float


@dataclass(frozen=True)
class Withdrawal:
    """The answer, which is a warning: what was asked, and what every kinetics says."""

    dose: OpioidDose
    regimen: Regimen
    hours: float
    setting: Setting
    rivals: tuple[RivalWithdrawal, ...]
    default: str
    model_hash: str

    @property
    def worst(self) -> RivalWithdrawal:
        """The kinetics under which most effect is lost."""
        return max(self.rivals, key=lambda rival: rival.effect_lost.most or 0.0)

    @property
    def almost_none(self) -> bool:
        """Whether almost none of the opioid is left by then in the model."""
        return all(rival.effect_lost.typical is None for rival in self.rivals)


def withdrawal(
    on_board: str | OpioidDose,
    then: str | Regimen,
    hours: float | None = None,
    *,
    setting: Setting | None = None,
    progress: Progress | None = None,
) -> Withdrawal:
    """Predict what naltrexone displaces when it is taken ``hours`` after the last dose of an opioid.

    Parameters
    ----------
    on_board : str or OpioidDose
        What is being taken, for example ``"methadone 40 mg daily"``; a schedule has gone on for two weeks.
    then : str or Regimen
        The naltrexone dose, for example ``"1.5 mg once"``; of a schedule, its first day counts.
    hours : float, optional
        Between the last opioid dose and naltrexone, 0 to 720; when the next dose was due, when left out.
    setting, progress
        As for `effect_left`.

    Raises
    ------
    InvalidInput, NotFound, NotEnoughData, SafetyStop
        See `opioid_dose`.

    Examples
    --------
    >>> found = withdrawal("methadone 40 mg daily", "1.5 mg once")
    >>> bool(found.worst.effect_lost.typical > 0.1)
    True
    """
    taken = opioid_dose(on_board, on_board=True) if isinstance(on_board, str) else on_board
    regimen = Regimen.parse(then) if isinstance(then, str) else then
    setting = setting or Setting()
    gap = (taken.every or 1.0) if hours is None else hours
    if not 0.0 <= gap <= 720.0:
        raise InvalidInput(f"{gap:g} hours", where="hours", remedy="give 0 to 720")
    if not regimen.doses:
        raise InvalidInput("there is no naltrexone dose", where=regimen.canonical, remedy="write e.g. '1.5 mg once'")
    answers, model_hash, names = [], "", hypothesis_names()
    for done, name in enumerate(names, 1):
        answer, digest = _rival(name, taken, regimen, gap, setting)
        answers.append(answer)
        model_hash = digest if name == hypothesis().kinetics.name else model_hash
        if progress is not None:
            progress(done, len(names))
    return Withdrawal(taken, regimen, gap, setting, tuple(answers), hypothesis().kinetics.name, model_hash)


def taken_before(dose: OpioidDose, gap: float) -> list[float]:
    """Hours of the opioid doses, the last one ``gap`` hours before hour 0.

    Examples
    --------
    >>> taken_before(opioid_dose("morphine 10 mg"), 24.0)
    [-24.0]
    """
    if not dose.every:
        return [-gap]
    count = max(1, round(_TAKEN_DAYS * DAY / dose.every))
    return [-gap - i * dose.every for i in reversed(range(count))]


def share_taken(without: Array, with_naltrexone: Array) -> Array:
    """What naltrexone takes away at each hour, as a share of what was there when it was taken, 0 to 1.

    One denominator for all hours: against the value of each hour the share would go to 1 as the opioid leaves by
    itself. The later naltrexone is taken the less there is to lose, though it may be a larger share of what is left.
    Both arrays have shape (persons, hours).

    Examples
    --------
    >>> share_taken(np.array([[0.8, 0.4]]), np.array([[0.8, 0.0]]))
    array([[0. , 0.5]])
    """
    return np.clip((without - with_naltrexone) / np.maximum(without[:, :1], 1e-12), 0.0, 1.0)


def of_what_was_held(shares: Array, held: Array) -> Range:
    """The range of the shares: nothing to lose for a person with almost none on board, None when that is everybody.

    Examples
    --------
    >>> of_what_was_held(np.array([0.4]), np.array([0.5])).typical, of_what_was_held(np.ones(1), np.zeros(1)).typical
    (0.4, None)
    """
    enough = held >= ALMOST_NONE
    return Range.of(np.where(enough, shares, 0.0)) if enough.any() else Range(None)


def _rival(name: str, dose: OpioidDose, regimen: Regimen, gap: float, setting: Setting) -> tuple[RivalWithdrawal, str]:
    first = regimen.doses[0].hours
    times = first + np.concatenate([np.arange(0, 4, 0.05), np.arange(4, _SEEN + 0.25, 0.25)])
    wanted = ("agonist_occupancy", "agonist_occupancy_unblocked", "agonist_effect", "agonist_effect_unblocked",
              "mu_occupancy_peripheral")  # fmt: skip
    before = [first + hour for hour in taken_before(dose, gap)]
    found = solve(name, setting, wanted, times, naltrexone=regimen, opioid=dose, opioid_at=before)
    held, free = found["agonist_occupancy"], found["agonist_occupancy_unblocked"]
    effect, usual = found["agonist_effect"], found["agonist_effect_unblocked"]
    lost = share_taken(usual, effect)
    displaced, effect_lost = (
        of_what_was_held(share.max(axis=1), free[:, 0]) for share in (share_taken(free, held), lost)
    )
    answer = RivalWithdrawal(
        kinetics=name,
        held_before=Range.of(free[:, 0]),
        displaced=displaced,
        effect_lost=effect_lost,
        body_blocked=Range.of(found["mu_occupancy_peripheral"].max(axis=1)),
        worst_hour=round(float(times[int(lost[0].argmax())] - first), 2),
    )
    return answer, found.model_hash
