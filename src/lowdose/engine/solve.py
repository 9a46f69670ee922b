"""`solve`: a batch of people, each on their own, in this process or in several."""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from lowdose.engine.compiled import CompiledModel
from lowdose.engine.errors import EngineError, UnknownName
from lowdose.engine.events import check
from lowdose.engine.flow import Kernels, Vector
from lowdose.engine.person import Job, course
from lowdose.engine.records import Event
from lowdose.engine.status import Status

__all__ = ["Solution", "solve"]

Outcome = tuple[int, Vector, Status, str]


@dataclass(frozen=True, slots=True, eq=False)
class Solution:
    """What `solve` gives back.

    Attributes
    ----------
    times : ndarray, shape (T,)
        Output times, in the model's time unit.
    values : dict of str to ndarray, shape (N, T)
        One array per output, one row per person; NaN where the person failed.
    status : ndarray of int, shape (N,)
        `Status` flags; ``Status(solution.status[i]).explain()`` says it in words.
    details : dict of int to str
        For each person that failed, what happened.
    """

    times: Vector
    values: dict[str, Vector]
    status: NDArray[np.int64]
    details: dict[int, str] = field(default_factory=dict)

    @property
    def failed(self) -> dict[int, Status]:
        """The people whose status is not OK."""
        return {int(i): Status(int(self.status[i])) for i in np.flatnonzero(self.status)}


def solve(
    model: CompiledModel,
    parameters: Mapping[str, ArrayLike],
    events: Sequence[Sequence[Event]],
    outputs: Sequence[str],
    times: ArrayLike,
    *,
    rtol: float = 1e-8,
    atol: float = 1e-12,
    workers: int = 1,
    progress: Callable[[int, int], None] | None = None,
) -> Solution:
    """Solve a model for a batch of people.

    Each person is integrated alone, so the result is the same to the last bit for any batch and any number of
    workers. Integration starts from the model's initial values at the earlier of the first output time and the
    person's first event. An output at the time of events is the value after them.

    Parameters
    ----------
    model : CompiledModel
        From `compile`.
    parameters : mapping of str to float or array_like, shape (N,)
        Values that differ from the model's defaults, one for all or one per person.
    events : sequence of N sequences of Dose, Reset or Change
        One sequence per person, which sets the number of people; what they mean is in `lowdose.engine.events`.
    outputs : sequence of str
        Names among ``model.variables``; only these are computed.
    times : array_like, shape (T,)
        Output times, strictly increasing, in the model's time unit.
    rtol : float
        Relative local error.
    atol : float
        Absolute local error, in the unit of each state.
    workers : int
        Processes to share the people out to. With more than 1, a script needs ``if __name__ == "__main__":``.
    progress : callable, optional
        Called with (people done, people in all) after each person or small group.

    Returns
    -------
    Solution

    Raises
    ------
    UnknownName
        A parameter, output or target is not in the model.
    BadEvent
        Something else than an event record is among the events.
    EngineError
        Shapes, times or tolerances make no sense, or a worker process died. What is wrong with one person only
        is in that person's status instead.

    Examples
    --------
    >>> from antimony import loadAntimonyString, getSBMLString
    >>> from lowdose.engine import Dose, compile
    >>> _ = loadAntimonyString("model m; k = 0.1; V = 10; A = 0; A' = -k*A; C := A/V; end")
    >>> model = compile(getSBMLString("m"))
    >>> solution = solve(model, {"k": [0.1, 0.2]}, [[Dose(0.0, 100.0, "A")]] * 2, ["C"], [0.0, 10.0])
    >>> solution.values["C"].round(4)
    array([[10.    ,  3.6788],
           [10.    ,  1.3534]])
    >>> solution.status
    array([0, 0])
    """
    job = Job(model, tuple(dict.fromkeys(outputs)), _times(times), *_tolerances(rtol, atol))
    people = len(events)
    rows = _rows(model, parameters, people)
    for records in {id(records): records for records in events}.values():
        check(records, model.states, model.parameters)
    values = np.full((len(job.outputs), people, len(job.times)), np.nan)
    status = np.zeros(people, dtype=np.int64)
    details: dict[int, str] = {}
    model.observer(job.outputs)  # an unknown name is found before any work is done
    tasks = [(i, rows[i], tuple(events[i])) for i in range(people)]
    outcomes = _alone(job, tasks) if workers <= 1 or people <= 1 else _together(job, tasks, workers)
    with closing(outcomes):  # an interrupt out here, too, must stop the workers
        for done, (person, array, flags, detail) in enumerate(outcomes, start=1):
            values[:, person], status[person] = array, int(flags)
            if flags:
                details[person] = detail
            if progress is not None:
                progress(done, people)
    named = {name: values[i] for i, name in enumerate(job.outputs)}
    return Solution(job.times, named, status, dict(sorted(details.items())))


Task = tuple[int, "dict[str, float]", "tuple[Event, ...]"]


class _Solver:
    """A job with its generated functions; made once per process."""

    def __init__(self, job: Job) -> None:
        self.job = job
        self.kernels = Kernels(job.model)
        self.observe = job.model.observer(job.outputs)

    def __call__(self, task: Task) -> Outcome:
        person, parameters, events = task
        return (person, *course(self.job, self.kernels, self.observe, parameters, events))


def _alone(job: Job, tasks: Sequence[Task]) -> Generator[Outcome, None, None]:
    yield from map(_Solver(job), tasks)


_of_this_worker: _Solver | None = None


def _prepare(job: Job) -> None:
    """Run once in each worker; an interrupt is the parent's to handle."""
    import signal

    global _of_this_worker
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _of_this_worker = _Solver(job)


def _work(tasks: Sequence[Task]) -> list[Outcome]:
    assert _of_this_worker is not None
    return [_of_this_worker(task) for task in tasks]


def _together(job: Job, tasks: Sequence[Task], workers: int) -> Generator[Outcome, None, None]:
    """Small groups to processes, outcomes in order; on an interrupt only the groups at work are finished."""
    import multiprocessing
    from concurrent.futures import ProcessPoolExecutor
    from concurrent.futures.process import BrokenProcessPool

    workers = min(workers, len(tasks))
    size = max(1, min(8, len(tasks) // (4 * workers)))
    groups = [tasks[i : i + size] for i in range(0, len(tasks), size)]
    method = "forkserver" if "forkserver" in multiprocessing.get_all_start_methods() else "spawn"
    context: Any = multiprocessing.get_context(method)
    if method == "forkserver":
        context.set_forkserver_preload(["lowdose.engine.solve", "sksundae.cvode"])
    pool = ProcessPoolExecutor(workers, mp_context=context, initializer=_prepare, initargs=(job,))
    try:
        for outcomes in pool.map(_work, groups):  # in order: waiting for any of many is not safe to interrupt
            yield from outcomes
    except BrokenProcessPool as error:
        raise EngineError(
            "a worker process died",
            where="solve(workers=...)",
            remedy='put the call under if __name__ == "__main__":, use fewer workers (memory), or workers=1',
        ) from error
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _times(times: ArrayLike) -> Vector:
    array = np.array(times, dtype=float)
    if array.ndim != 1 or array.size == 0 or not np.isfinite(array).all() or (np.diff(array) <= 0.0).any():
        raise EngineError(
            "times are not a strictly increasing list of finite numbers", where="times", remedy="sort them, once each"
        )
    array.flags.writeable = False
    return array


def _tolerances(rtol: float, atol: float) -> tuple[float, float]:
    if not (1e-13 <= rtol <= 1e-2 and atol > 0.0 and np.isfinite(atol)):
        raise EngineError(
            f"tolerances rtol={rtol:g}, atol={atol:g}", remedy="rtol between 1e-13 and 1e-2, atol above 0"
        )
    return float(rtol), float(atol)


def _rows(model: CompiledModel, parameters: Mapping[str, ArrayLike], people: int) -> list[dict[str, float]]:
    """Every parameter of every person."""
    columns = {name: np.full(people, value) for name, value in model.parameters.items()}
    for name, given in parameters.items():
        if name not in columns:
            raise UnknownName.among("parameter", name, columns)
        value = np.asarray(given, dtype=float)
        if value.shape not in ((), (people,)):
            raise EngineError(
                f"parameter {name} has shape {value.shape}", where="parameters", remedy=f"give one value or {people}"
            )
        columns[name] = np.broadcast_to(value, (people,))
    return [{name: float(column[i]) for name, column in columns.items()} for i in range(people)]
