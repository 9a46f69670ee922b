"""A batch of people as arrays: in, through the compiled driver, and out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lowdose.engine.compiled import CompiledModel
from lowdose.engine.errors import BadEvent
from lowdose.engine.events import plan
from lowdose.engine.flow import Failure, Flow, Kernels
from lowdose.engine.native.job import PAUSED, SNAPSHOT_HEAD, SUMMARY_ROWS, WAITING, Field, Fold
from lowdose.engine.records import Event
from lowdose.engine.status import Status
from lowdose.engine.steady import settle
from lowdose.engine.summary import Summary
from lowdose.engine.table import Table, same_moment, tabulate

__all__ = ["MAX_STEPS", "Batch"]

Vector = NDArray[np.float64]

MAX_STEPS = 50_000
"""Steps tried between two output times, after which a person is given up."""

_FOLDS = {
    "max": Fold.LARGEST,
    "time_of_max": Fold.LARGEST,
    "min": Fold.SMALLEST,
    "time_of_min": Fold.SMALLEST,
    "integral": Fold.INTEGRAL,
    "mean": Fold.INTEGRAL,
    "time_above": Fold.ABOVE,
    "last": Fold.LAST,
}


class Batch:
    """Everything of one call of `solve`, shape by shape what the driver reads and writes.

    Parameters
    ----------
    model : CompiledModel
    columns : mapping of str to ndarray, shape (N,)
        Every parameter, in the model's order.
    events : sequence of N sequences
    outputs : tuple of str
    times : ndarray, shape (T,)
    summaries : tuple of Summary
    rtol, atol : float
    table : Table, optional
        Everybody's actions, where they are not those that follow from ``events`` alone.
    """

    def __init__(
        self,
        model: CompiledModel,
        columns: Mapping[str, Vector],
        events: Sequence[Sequence[Event]],
        outputs: tuple[str, ...],
        times: Vector,
        summaries: tuple[Summary, ...],
        rtol: float,
        atol: float,
        table: Table | None = None,
    ) -> None:
        people = len(events)
        self.model, self.columns, self.events, self.outputs, self.times = model, columns, events, outputs, times
        self.summaries, self.rtol, self.atol = summaries, rtol, atol
        self.table = table or tabulate(events, columns, model.states, float(times[0]), float(times[-1]))
        self.parameters = np.ascontiguousarray(np.array(list(columns.values())).reshape(len(columns), people).T)
        self.values = np.empty((len(outputs), people, len(times)))
        self.summarised = np.empty((len(summaries), 2, people))
        self.status = np.full(people, WAITING, dtype=np.int64)
        self.steps = np.zeros((people, 2), dtype=np.int64)
        self.stopped = np.full(people, np.nan)
        self.details = dict(self.table.wrong)
        self.status[list(self.table.wrong)] = int(Status.EVENT_ERROR)
        self.fields = self._fields()

    def _fields(self) -> dict[Field, Any]:
        """The job; the arrays live as long as this mapping."""
        rows = self.table.rows
        row_of = {name: row for row, name in enumerate(self.model.variables)}
        time, kind, index, value, share = zip(*rows, strict=True) if rows else ((),) * 5
        ranges = [(s.start, s.end, s.level) for s in self.summaries]
        wanted = (*self.outputs, *(s.output for s in self.summaries))
        whole = np.int64
        return {
            Field.FORMULAS: int(any(row_of[name] >= len(self.model.states) for name in wanted)),
            Field.PEOPLE: len(self.events),
            Field.RELATIVE: self.rtol,
            Field.ABSOLUTE: self.atol,
            Field.MOST_STEPS: float(MAX_STEPS),
            Field.PARAMETERS: self.parameters,
            Field.START: self.table.start,
            Field.PROGRAM: self.table.program,
            Field.PROGRAMS: np.array(self.table.begin, dtype=whole),
            Field.ACT_TIME: np.array(time, dtype=float),
            Field.ACT_KIND: np.array(kind, dtype=whole),
            Field.ACT_INDEX: np.array(index, dtype=whole),
            Field.ACT_VALUE: np.array(value, dtype=float),
            Field.ACT_SHARE: np.array(share, dtype=whole),
            Field.TIMES: self.times,
            Field.TIME_COUNT: len(self.times),
            Field.OUTPUTS: np.array([row_of[name] for name in self.outputs], dtype=whole),
            Field.OUTPUT_COUNT: len(self.outputs),
            Field.VALUES: self.values,
            Field.SUMMARY_COUNT: len(self.summaries),
            Field.SUMMARY_KIND: np.array([_FOLDS[s.kind] for s in self.summaries], dtype=whole),
            Field.SUMMARY_OUTPUT: np.array([row_of[s.output] for s in self.summaries], dtype=whole),
            Field.SUMMARY_RANGE: np.array(ranges, dtype=float).reshape(-1, 3),
            Field.SUMMARIES: self.summarised,
            Field.STATUS: self.status,
            Field.STEPS: self.steps,
            Field.STOPPED: self.stopped,
        }

    def run(self, threads: int, progress: Callable[[int], None] | None) -> None:
        """Solve everybody; those whose records ask for a steady state stop on the way until it is found."""
        done = len(self.table.wrong)
        order = np.flatnonzero(self.status == WAITING)
        snapshots = self._snapshots() if self.table.settles else None
        runner = self.model.runner

        def tell(finished: int) -> None:
            if progress is not None:
                progress(done + finished)

        while len(order):
            runner.run(self.fields, order, threads=threads, progress=tell)
            paused = np.flatnonzero(self.status == PAUSED)
            done = int(np.count_nonzero(self.status >= 0))
            order = np.array([person for person in paused.tolist() if self._settle(person, snapshots)], dtype=np.int64)

    def _snapshots(self) -> Vector:
        size = _Snapshot.size(self.model, len(self.summaries))
        snapshots = np.zeros((len(self.events), size))
        self.fields |= {
            Field.SNAPSHOTS: snapshots,
            Field.SNAPSHOT_SIZE: size,
            Field.RESUME: np.zeros(len(self.events), dtype=np.int64),
        }
        return snapshots

    def _settle(self, person: int, snapshots: Vector | None) -> bool:
        """Put a paused person into its steady state; False where there is none."""
        assert snapshots is not None
        model, snapshot = self.model, _Snapshot(snapshots[person], self.model)
        action = self.table.settles[int(snapshot.head.view(np.int64)[1])]
        kernels, parameters = Kernels(model), snapshot.parameters.tolist()
        constants, initial = kernels.start(parameters, snapshot.head[0])
        if not action.add:
            snapshot.constants[:] = constants
            snapshot.inflow[:] = 0.0
        flow = Flow(kernels, parameters, snapshot.constants.tolist(), max(1e-2 * self.rtol, 1e-13), 1e-2 * self.atol)
        target = model.states.index(action.target)
        try:
            steady = settle(flow, action, target, initial, model.autonomous, 0.1 * self.rtol, 0.1 * self.atol)
        except Failure as failure:
            self.status[person], self.details[person] = int(failure.status), failure.detail
            return False
        snapshot.state[:] = snapshot.state + (steady - initial) if action.add else steady
        self.fields[Field.RESUME][person] = 1
        self.status[person] = WAITING
        return True

    def finish(self) -> None:
        """Say what happened to those who failed, and leave no number where there is none."""
        for person in np.flatnonzero(self.status > 0).tolist():
            if person not in self.details:
                self.details[person] = self._detail(person)
        gone = np.flatnonzero(self.status != 0)
        self.values[:, gone] = np.nan
        self.summarised[:, :, gone] = np.nan

    def _detail(self, person: int) -> str:
        status, time = Status(int(self.status[person])), float(self.stopped[person])
        if status is Status.EVENT_ERROR:
            values = {name: float(column[person]) for name, column in self.columns.items()}
            try:
                plan(self.events[person], values, float(self.times[-1]))
            except BadEvent as error:
                return str(error)
            return f"the share of a dose that arrives makes no sense at time {time:g}"
        if status is Status.NON_FINITE:
            seen = self.times <= time + same_moment(time)
            bad = np.argwhere(~np.isfinite(self.values[:, person, seen]).T)
            if len(bad):
                column, row = bad[0]
                return f"{self.outputs[row]} is not finite at time {self.times[column]:g}"
            return f"a state, its rate or a summary is not finite after time {time:g}"
        return f"after time {time:g}"

    def totals(self) -> dict[Summary, Vector]:
        """What each summary came to, shape (N,)."""
        found = {}
        for summary, (value, beside) in zip(self.summaries, self.summarised, strict=True):
            inside = (summary.start <= self.times) & (self.times <= summary.end)
            if summary.kind not in ("integral", "time_above") and not inside.any():
                found[summary] = np.full(len(value), np.nan)
            elif summary.kind in ("time_of_max", "time_of_min"):
                found[summary] = beside
            elif summary.kind == "mean":
                with np.errstate(invalid="ignore", divide="ignore"):
                    found[summary] = value / beside
            else:
                found[summary] = value
        return found


class _Snapshot:
    """Views of one person's snapshot."""

    def __init__(self, row: Vector, model: CompiledModel) -> None:
        sizes = (len(SNAPSHOT_HEAD), len(model.states), len(model.states), len(model.constants), len(model.parameters))
        ends = np.cumsum(sizes)
        parts = [row[end - size : end] for size, end in zip(sizes, ends, strict=True)]
        self.head, self.state, self.inflow, self.constants, self.parameters = parts

    @staticmethod
    def size(model: CompiledModel, summaries: int) -> int:
        head = len(SNAPSHOT_HEAD) + SUMMARY_ROWS * summaries
        return head + 2 * len(model.states) + len(model.constants) + len(model.parameters)
