"""The state that a dose repeated for ever leads to, just before its next record.

Where the model does not change with time, or repeats itself with the interval, one cycle is a map of the state onto
itself; its fixed point is found by Anderson acceleration (Walker & Ni 2011, doi:10.1137/10078356X). Otherwise the
doses are really given, ever further back, until it makes no difference any more.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import numpy as np

from lowdose.engine.actions import Settle
from lowdose.engine.flow import Failure, Flow, Vector
from lowdose.engine.status import Status
from lowdose.engine.table import same_moment

__all__ = ["settle"]

MAX_CYCLES = 500
MAX_RUN_IN = 4096
DEPTH = 12


def settle(
    flow: Flow, action: Settle, target: int, initial: Vector, autonomous: bool, rtol: float, atol: float
) -> Vector:
    """The state at the record of a steady-state dose.

    Parameters
    ----------
    flow : Flow
        The person's motion; should be more accurate than ``rtol``. Its inflow is used and left empty.
    action : Settle
        The dose and its phase.
    target : int
        Position of the dosed state.
    initial : ndarray, shape (n,)
        Where the search starts: the undosed state.
    autonomous : bool
        Time enters no rate.
    rtol, atol : float
        Change from one cycle to the next that counts as none.

    Returns
    -------
    ndarray, shape (n,)

    Raises
    ------
    Failure
        There is no steady state, or the solver fails on the way.
    """
    try:
        if action.interval == 0.0:
            return _endless(flow, action, target, initial, autonomous, rtol, atol)
        cycle = _Cycle(flow, action, target)
        if autonomous or _repeats(flow, action, initial):
            return _fixed_point(lambda state: cycle(state, action.time - action.interval), initial, rtol, atol)

        def run_in(count: int) -> Vector:
            state = initial
            for k in range(count, 0, -1):
                state = cycle(state, action.time - k * action.interval)
            return state

        return _ever_longer(run_in, rtol, atol)
    finally:
        flow.pour([])


class _Cycle:
    """One interval of the repeated dose, cut where the inflow changes."""

    def __init__(self, flow: Flow, action: Settle, target: int) -> None:
        self.flow, self.target = flow, target
        interval, phase = action.interval, action.phase
        self.amount = action.amount if action.rate == 0.0 else 0.0
        nearly = same_moment(interval)
        always = np.floor((action.duration + nearly) / interval) if action.rate else 0.0
        rest = max(0.0, action.duration - always * interval)
        end = phase + rest if rest > nearly else phase
        cuts = sorted({0.0, phase, min(end, interval), max(0.0, end - interval), interval})
        self.pieces = []
        for start, stop in pairwise(cuts):
            running = always + (phase <= start < end) + (start < end - interval)
            self.pieces.append((start, stop, running * action.rate, start == phase))

    def __call__(self, state: Vector, time: float) -> Vector:
        for start, stop, rate, arrives in self.pieces:
            if arrives and self.amount:
                state = state.copy()
                state[self.target] += self.amount
            if stop - start > same_moment(time):
                self.flow.pour([(self.target, rate)] if rate else [])
                state = self.flow.carry(state, time + start, time + stop)
        return state


def _endless(
    flow: Flow, action: Settle, target: int, initial: Vector, autonomous: bool, rtol: float, atol: float
) -> Vector:
    flow.pour([(target, action.rate)])
    if not autonomous:
        return _ever_longer(lambda length: flow.carry(initial, action.time - length, action.time), rtol, atol)
    state, length = initial, 1.0
    for _ in range(16):  # ten times longer each time: nothing slower than 1e15 time units matters
        later: Vector = flow.carry(state, action.time, action.time + length)
        if length > 1.0 and _change(later - state, later, rtol, atol) <= 1.0:
            return later
        state, length = later, 10.0 * length
    raise Failure(
        Status.NO_STEADY_STATE, f"the infusion into the dosed state never settles (record at {action.time:g})"
    )


def _change(residual: Vector, state: Vector, rtol: float, atol: float) -> float:
    """Size of a change, 1 at the tolerance."""
    return float(np.max(np.abs(residual) / (atol + rtol * np.abs(state)), initial=0.0))


def _repeats(flow: Flow, action: Settle, initial: Vector) -> bool:
    """Whether the rates repeat themselves with the interval, tried at moments and states spread over it."""
    for share in np.linspace(0.0, 1.0, 24, endpoint=False) ** 1.1:
        state = np.abs(initial) + share
        time = action.time - share * action.interval
        speeds = [flow.speed(time - k * action.interval, state) for k in (0, 1, 2)]
        scale = np.max(np.abs(speeds[0])) + 1e-300
        if not all(np.all(np.abs(other - speeds[0]) <= 1e-9 * (np.abs(speeds[0]) + 1e-3 * scale)) for other in speeds):
            return False
    return True


def _fixed_point(cycle: Callable[[Vector], Vector], state: Vector, rtol: float, atol: float) -> Vector:
    """Iterate until a cycle changes nothing; each step takes the best combination of the last ones."""
    images: list[Vector] = []
    residuals: list[Vector] = []
    best, best_at, best_image = np.inf, 0, state
    limit = np.full(len(state), np.inf)
    for count in range(MAX_CYCLES):
        image = cycle(state)
        change = _change(image - state, image, rtol, atol)
        if change <= 1.0:
            return image
        if change < 0.9 * best:
            best, best_at, best_image = change, count, image
        elif best < 10.0 and count - best_at > 20:  # rounding, not the model, is what still moves
            return best_image
        images = [*images, image][-DEPTH - 1 :]
        residuals = [*residuals, image - state][-DEPTH - 1 :]
        if count == 2:  # what grows without end must not look settled by being far away
            limit = min(1e8, 0.01 / rtol) * np.max(np.abs(images), axis=0)
        state = _combined(images, residuals, atol / rtol, limit)
    raise Failure(Status.NO_STEADY_STATE, f"still changing after {MAX_CYCLES} cycles")


def _combined(images: list[Vector], residuals: list[Vector], floor: float, limit: Vector) -> Vector:
    """The combination of images whose combined residual is least; the plain image where that leaves the domain."""
    image = images[-1]
    if len(images) < 3:
        return image
    weight = 1.0 / (np.abs(image) + floor)
    steps = np.diff(np.array(residuals), axis=0).T * weight[:, None]
    shares = np.linalg.lstsq(steps, residuals[-1] * weight, rcond=None)[0]
    combined: Vector = image - np.diff(np.array(images), axis=0).T @ shares
    sensible = np.isfinite(combined) & (np.abs(combined) <= limit) & ((combined >= 0.0) | (image < 0.0))
    if not sensible.all():
        return image
    return combined


def _ever_longer(run_in: Callable[[int], Vector], rtol: float, atol: float) -> Vector:
    """Twice as long a past each time, until twice as long makes no difference."""
    count, before = 8, run_in(4)
    while count <= MAX_RUN_IN:
        after = run_in(count)
        if _change(after - before, after, rtol, atol) <= 1.0:
            return after
        count, before = 2 * count, after
    raise Failure(Status.NO_STEADY_STATE, f"still changing with a past of {MAX_RUN_IN} intervals")
