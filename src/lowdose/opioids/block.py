"""How much of a block is left some hours after the last naltrexone dose."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from lowdose.errors import InvalidInput
from lowdose.model import hypothesis, hypothesis_names
from lowdose.opioids.course import Progress, Setting, solve
from lowdose.opioids.effect import SEEN_HOURS, Range, back_at
from lowdose.regimen import Regimen

OVER = 0.20
"""Share of receptors under which a block counts as over."""
_GRID = np.unique(np.concatenate([np.arange(0, 192) * 0.25, np.arange(48, SEEN_HOURS + 1, 1.0)]))


@dataclass(frozen=True)
class RivalBlock:
    """What one kinetics says: share of µ receptors held in and outside the brain, and hours until under a fifth."""

    kinetics: str
    brain: Range
    body: Range
    over_hours: Range


@dataclass(frozen=True)
class BlockLeft:
    """The answer: what was asked, and what every kinetics says."""

    regimen: Regimen
    hours: float
    setting: Setting
    rivals: tuple[RivalBlock, ...]
    default: str
    model_hash: str

    @property
    def main(self) -> RivalBlock:
        """What the default kinetics says."""
        return next(rival for rival in self.rivals if rival.kinetics == self.default)

    @property
    def longest(self) -> RivalBlock:
        """The kinetics under which the block lasts longest."""
        return max(self.rivals, key=lambda rival: np.inf if (h := rival.over_hours.longest) is None else h)


def block_left(
    after: str | Regimen, hours: float, *, setting: Setting | None = None, progress: Progress | None = None
) -> BlockLeft:
    """Predict the share of µ receptors that naltrexone still holds ``hours`` after its last dose.

    Parameters
    ----------
    after : str or Regimen
        The naltrexone schedule.
    hours : float
        After its last dose, 0 to 720.
    setting, progress
        As for `effect_left`.

    Raises
    ------
    InvalidInput
        If the schedule or the hours are not valid.

    Examples
    --------
    >>> found = block_left("4.5 mg nightly at 22:00", 48)
    >>> round(found.main.brain.typical, 2)
    0.55
    """
    regimen = Regimen.parse(after) if isinstance(after, str) else after
    setting = setting or Setting()
    if not 0.0 <= hours <= SEEN_HOURS:
        raise InvalidInput(f"{hours:g} hours", where="hours", remedy=f"give 0 to {SEEN_HOURS:g}")
    last = regimen.doses[-1].hours if regimen.doses else 0.0
    answers, model_hash, names = [], "", hypothesis_names()
    wanted = ("mu_occupancy_central", "mu_occupancy_peripheral")
    at = np.searchsorted(grid := np.unique(np.append(_GRID, hours)), hours)
    for done, name in enumerate(names, 1):
        found = solve(name, setting, wanted, last + grid, naltrexone=regimen)
        brain, body = (found[output] for output in wanted)
        over = np.array([back_at(grid, 1.0 - row, 1.0 - OVER) for row in brain])
        answers.append(RivalBlock(name, Range.of(brain[:, at]), Range.of(body[:, at]), Range.of(over)))
        model_hash = found.model_hash if name == hypothesis().kinetics.name else model_hash
        if progress is not None:
            progress(done, len(names))
    return BlockLeft(regimen, hours, setting, tuple(answers), hypothesis().kinetics.name, model_hash)
