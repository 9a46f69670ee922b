"""Naloxone by itself: when its block comes, how deep it gets, how soon it goes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lowdose import engine
from lowdose.errors import InvalidInput
from lowdose.opioids.course import Setting, solve
from lowdose.opioids.dose import read
from lowdose.opioids.effect import Range
from lowdose.opioids.refusals import NotEnoughData

_ROUTES: dict[str, tuple[str, float | str]] = {
    "intravenous": ("naloxone_central", "salt_factor_naloxone"),
    "intramuscular": ("naloxone_muscle", 1.0),
    "intranasal": ("naloxone_nose", 1.0),
}
_MOST = 10.0
_TIMES = np.unique(np.concatenate([np.arange(0, 2, 1 / 120), np.arange(2, 24.05, 0.05)]))


@dataclass(frozen=True)
class Reversal:
    """Block of µ receptors in the brain by one naloxone dose.

    Attributes
    ----------
    text : str
        The dose as typed.
    route : str
        By which route.
    onset_minutes : Range
        To half of the largest block.
    largest : Range
        Largest share of receptors blocked.
    above_half_hours : Range
        How long more than half are blocked.
    half_life_minutes : Range
        Time in which the block falls to half of its largest value.
    hours, course : ndarray
        Share blocked of the typical person at each hour.
    """

    text: str
    route: str
    onset_minutes: Range
    largest: Range
    above_half_hours: Range
    half_life_minutes: Range
    hours: NDArray[np.float64]
    course: NDArray[np.float64]
    setting: Setting
    model_hash: str


def naloxone(text: str, *, setting: Setting | None = None) -> Reversal:
    """Predict the block by naloxone, for example ``"naloxone 4 mg intranasal"``.

    Raises
    ------
    InvalidInput
        If it does not parse, or names another drug or route.
    NotEnoughData
        If it is nothing, or above 10 mg.

    Examples
    --------
    >>> found = naloxone("naloxone 2 mg intranasal")
    >>> bool(0.55 < found.largest.typical < 0.8)
    True
    """
    written = read(text)
    if written.name != "naloxone":
        raise InvalidInput(
            f"{written.name} is not naloxone", where=text, remedy="write e.g. 'naloxone 4 mg intranasal'"
        )
    if written.route not in _ROUTES or written.unit != "mg" or written.every:
        raise InvalidInput(
            f"{text!r} is not a single dose of naloxone", where=text,
            remedy=f"give milligrams and one of: {', '.join(_ROUTES)}",
        )  # fmt: skip
    if not 0.0 < written.amount <= _MOST:
        raise NotEnoughData(
            f"no prediction is made for {written.amount:g} mg of naloxone",
            where=text,
            remedy=f"scans exist for two nasal doses only; nothing is computed above {_MOST:g} mg, or for none at all",
        )
    setting = setting or Setting()
    target, share = _ROUTES[written.route]
    found = solve(
        "effect-site", setting, ["mu_occupancy_both_antagonists"], _TIMES, modules=("antagonist",),
        records=[engine.Dose(0.0, written.amount, target, bioavailability=share)],
    )  # fmt: skip
    block = found["mu_occupancy_both_antagonists"]
    top = block.argmax(axis=1)
    onset = [60.0 * _rises_to_half(row, int(t)) for row, t in zip(block, top, strict=True)]
    return Reversal(
        text=" ".join(text.split()),
        route=written.route,
        onset_minutes=Range.of(np.array(onset)),
        largest=Range.of(block.max(axis=1)),
        above_half_hours=Range.of(np.array([_hours_above(row, 0.5) for row in block])),
        half_life_minutes=Range.of(
            np.array([60.0 * _falls_to(row, row.max() / 2, int(t)) for row, t in zip(block, top, strict=True)])
        ),
        hours=_TIMES,
        course=block[0],
        setting=setting,
        model_hash=found.model_hash,
    )


def _hours_above(row: NDArray[np.float64], level: float) -> float:
    return float(np.trapezoid((row > level).astype(float), _TIMES))


def _rises_to_half(row: NDArray[np.float64], top: int) -> float:
    """Hours until half of the largest block."""
    return float(np.interp(row[top] / 2, row[: top + 1], _TIMES[: top + 1]))


def _falls_to(row: NDArray[np.float64], level: float, top: int) -> float:
    """Hours from the top until the block has fallen to ``level``."""
    below = np.flatnonzero(row[top:] <= level)
    return float(_TIMES[top + below[0]] - _TIMES[top]) if len(below) else float("inf")
