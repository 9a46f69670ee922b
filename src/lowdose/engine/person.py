"""One person's course: actions and output times walked through in order. No person knows of another."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from lowdose.engine.actions import Action, Assign, Bolus, InfusionEnd, InfusionStart, Restart, Settle
from lowdose.engine.compiled import CompiledModel
from lowdose.engine.errors import BadEvent
from lowdose.engine.events import plan
from lowdose.engine.flow import Failure, Flow, Kernels, Vector, same_moment
from lowdose.engine.records import Event
from lowdose.engine.status import Status
from lowdose.engine.steady import settle

__all__ = ["Job", "course"]

MAX_FLOWS = 64


@dataclass(frozen=True, slots=True)
class Job:
    """What is the same for everybody in a batch."""

    model: CompiledModel
    outputs: tuple[str, ...]
    times: Vector
    rtol: float
    atol: float


def course(
    job: Job, kernels: Kernels, observe: Any, parameters: Mapping[str, float], events: Sequence[Event]
) -> tuple[Vector, Status, str]:
    """Solve one person.

    Parameters
    ----------
    job : Job
        The same for everybody.
    kernels : Kernels
        Of the job's model.
    observe : callable
        The function made by `CompiledModel.observer`.
    parameters : mapping of str to float
        Every parameter of the model.
    events : sequence of Dose, Reset or Change
        In any order.

    Returns
    -------
    values : ndarray, shape (outputs, T)
        NaN throughout where the status is not OK.
    status : Status
    detail : str
        What went wrong, "" where nothing did.
    """
    try:
        values = _Course(job, kernels, parameters, events).values(observe)
        bad = ~np.isfinite(values)
        if not bad.any():
            return values, Status.OK, ""
        row, column = np.argwhere(bad)[0]
        status, detail = Status.NON_FINITE, f"{job.outputs[row]} is not finite at time {job.times[column]:g}"
    except Failure as failure:
        status, detail = failure.status, failure.detail
    except BadEvent as error:
        status, detail = Status.EVENT_ERROR, str(error)
    return np.full((len(job.outputs), len(job.times)), np.nan), status, detail


class _Course:
    """Where one person is, and what has been noted down so far."""

    def __init__(self, job: Job, kernels: Kernels, parameters: Mapping[str, float], events: Sequence[Event]) -> None:
        self.job, self.kernels = job, kernels
        self.positions = {name: i for i, name in enumerate(job.model.states)}
        self.parameters = dict(parameters)
        self.infusions: dict[int, tuple[int, float]] = {}
        self.flows: dict[Any, Flow] = {}
        last = float(job.times[-1])
        self.actions = plan(events, parameters, last + same_moment(last))
        self.time = min([float(job.times[0]), *(event.time for event in events)])
        self.restart()
        self.noted = 0
        self.states = np.empty((len(job.model.states), len(job.times)))
        self.epochs: list[tuple[int, tuple[float, ...], tuple[float, ...]]] = []

    def values(self, observe: Any) -> Vector:
        """Walk through, then compute the outputs, shape (outputs, T)."""
        for moment, actions in _moments(self.actions):
            self.advance(moment, including=False)
            for action in actions:
                self.act(action)
        self.advance(float(self.job.times[-1]), including=True)
        values = np.empty((len(self.job.outputs), len(self.job.times)))
        ends = [*self.epochs, (len(self.job.times), (), ())]
        for (first, parameters, constants), (end, _, _) in pairwise(ends):
            with np.errstate(all="ignore"):
                named = observe(
                    self.job.times[first:end],
                    self.states[:, first:end],
                    [np.float64(value) for value in parameters],
                    [np.float64(value) for value in constants],
                )
            for row, name in enumerate(self.job.outputs):
                values[row, first:end] = named[name]
        return values

    def restart(self) -> None:
        """States and constants as at a start, with the parameters now in force; nothing runs."""
        self.constants, self.state = self.kernels.start(tuple(self.parameters.values()), self.time)
        self.infusions = {}

    def flow(self, tighter: float = 1.0) -> Flow:
        """The motion under the parameters now in force."""
        key = tuple(self.parameters.values()), self.constants, tighter
        if key not in self.flows:
            if len(self.flows) == MAX_FLOWS:
                self.flows.clear()
            rtol, atol = max(self.job.rtol * tighter, 1e-13), self.job.atol * tighter
            self.flows[key] = Flow(self.kernels, key[0], key[1], rtol, atol)
        return self.flows[key]

    def advance(self, to: float, *, including: bool) -> None:
        """Go on to the moment ``to``, noting the state at every output time before it (or up to it)."""
        times, nearly = self.job.times, same_moment(to)
        end = len(times) if including else int(np.searchsorted(times, to - nearly))
        if self.noted < end:
            self.note_epoch()
        here = min(end, int(np.searchsorted(times, self.time + nearly, side="right")))
        if here > self.noted:
            self.states[:, self.noted : here] = self.state[:, None]
            self.noted = here
        if to - self.time <= nearly:
            return
        moments = times[self.noted : end] if including else np.append(times[self.noted : end], to)
        flow = self.flow()
        flow.pour(self.infusions.values())
        rows = flow.carry(self.state, self.time, moments)
        self.states[:, self.noted : end] = rows[: end - self.noted].T
        self.noted, self.state, self.time = end, rows[-1].copy(), to

    def note_epoch(self) -> None:
        """From the next output on, these parameters hold."""
        epoch = self.noted, tuple(self.parameters.values()), self.constants
        if not self.epochs or self.epochs[-1][1:] != epoch[1:]:
            self.epochs.append(epoch)

    def act(self, action: Action) -> None:
        match action:
            case Bolus():
                self.state[self.positions[action.target]] += action.amount
            case InfusionStart():
                self.infusions[action.key] = (self.positions[action.target], action.rate)
            case InfusionEnd():
                self.infusions.pop(action.key, None)
            case Assign():
                self.parameters[action.parameter] = action.value
            case Restart():
                self.restart()
            case Settle():
                self.settle(action)

    def settle(self, action: Settle) -> None:
        """Steady state 1 forgets where the person was, 2 adds what the repeated dose has brought."""
        constants, initial = self.kernels.start(tuple(self.parameters.values()), self.time)
        if not action.add:
            self.constants, self.infusions = constants, {}
        job = self.job
        steady = settle(
            self.flow(tighter=1e-2),
            action,
            self.positions[action.target],
            initial,
            job.model.autonomous,
            0.1 * job.rtol,
            0.1 * job.atol,
        )
        self.state = self.state + (steady - initial) if action.add else steady.copy()


def _moments(actions: Sequence[Action]) -> Iterator[tuple[float, list[Action]]]:
    """Actions of one moment together."""
    group: list[Action] = []
    for action in actions:
        if group and action.time - group[0].time > same_moment(action.time):
            yield group[0].time, group
            group = []
        group.append(action)
    if group:
        yield group[0].time, group
