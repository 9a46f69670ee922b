"""`solve`: a batch of people, each on their own, shared out to threads."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike, NDArray

from lowdose.engine.batch import Batch
from lowdose.engine.compiled import CompiledModel
from lowdose.engine.errors import EngineError, UnknownName
from lowdose.engine.events import check
from lowdose.engine.flow import Vector
from lowdose.engine.records import Event
from lowdose.engine.status import Status
from lowdose.engine.summary import Summary

__all__ = ["Interrupted", "Solution", "solve"]


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
        `Status` flags; ``Status(solution.status[i]).explain()`` says it in words. Negative for those whom an
        interrupt left unsolved.
    details : dict of int to str
        For each person that failed, what happened.
    summaries : dict of Summary to ndarray, shape (N,)
        One number per person; NaN where the person failed.
    steps : ndarray of int, shape (N, 2)
        Steps accepted and refused.
    """

    times: Vector
    values: dict[str, Vector]
    status: NDArray[np.int64]
    details: dict[int, str] = field(default_factory=dict)
    summaries: dict[Summary, Vector] = field(default_factory=dict)
    steps: NDArray[np.int64] = field(default_factory=lambda: np.zeros((0, 2), dtype=np.int64))

    @property
    def failed(self) -> dict[int, Status]:
        """The people whose status is not OK; nobody of those an interrupt left unsolved."""
        return {int(i): Status(int(self.status[i])) for i in np.flatnonzero(self.status > 0)}


class Interrupted(KeyboardInterrupt):
    """Ctrl-C while people were being solved; those who were done are kept.

    Attributes
    ----------
    solution : Solution
        NaN for those who were not done.
    finished : ndarray of bool, shape (N,)
        Who was done, well or not.
    """

    def __init__(self, solution: Solution, finished: NDArray[np.bool_]) -> None:
        super().__init__(f"interrupted after {int(finished.sum())} of {len(finished)} people")
        self.solution, self.finished = solution, finished


def solve(
    model: CompiledModel,
    parameters: Mapping[str, ArrayLike],
    events: Sequence[Sequence[Event]],
    outputs: Sequence[str],
    times: ArrayLike,
    *,
    summaries: Sequence[Summary] = (),
    rtol: float = 1e-8,
    atol: float = 1e-12,
    workers: int = 1,
    progress: Callable[[int, int], None] | None = None,
) -> Solution:
    """Solve a model for a batch of people.

    People are solved side by side but each alone, with Rodas5P (see `lowdose.engine.native`), so the result is the
    same to the last bit for any batch and any number of workers. Integration starts from the model's initial values
    at the earlier of the first output time and the person's first event. An output at the time of events is the value
    after them.

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
    summaries : sequence of Summary
        What to keep of outputs whose course is not wanted; needs no memory for the course.
    rtol : float
        Relative local error.
    atol : float
        Absolute local error, in the unit of each state.
    workers : int
        Threads to share the people out to.
    progress : callable, optional
        Called with (people done, people in all) for each person, now and then for several at once.

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
        Shapes, times or tolerances make no sense. What is wrong with one person only is in that person's status
        instead.
    Interrupted
        Ctrl-C; it carries what was done.

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
    events = list(events)  # in memory, so that what is one object stays one
    people = len(events)
    outputs, summaries = tuple(dict.fromkeys(outputs)), tuple(dict.fromkeys(summaries))
    for name in (*outputs, *(summary.output for summary in summaries)):
        if name not in model.variables:
            raise UnknownName.among("output", name, model.variables)
    times = times_of(times)
    limits = tolerances(rtol, atol)
    columns = columns_of(model, parameters, people)
    for records in {id(records): records for records in events}.values():
        check(records, model.states, model.parameters)
    batch = Batch(model, columns, events, outputs, times, summaries, *limits)
    told = 0

    def tell(done: int) -> None:
        nonlocal told
        while progress is not None and told < done:
            told += 1
            progress(told, people)

    try:
        batch.run(workers, tell if progress is not None else None)
        tell(people)
    except KeyboardInterrupt as interrupt:
        finished = batch.status >= 0
        raise Interrupted(_solution(batch), finished) from interrupt
    return _solution(batch)


def _solution(batch: Batch) -> Solution:
    batch.finish()
    named = {name: batch.values[row] for row, name in enumerate(batch.outputs)}
    details = dict(sorted(batch.details.items()))
    return Solution(batch.times, named, batch.status, details, batch.totals(), batch.steps)


def times_of(times: ArrayLike) -> Vector:
    array = np.array(times, dtype=float)
    if array.ndim != 1 or array.size == 0 or not np.isfinite(array).all() or (np.diff(array) <= 0.0).any():
        raise EngineError(
            "times are not a strictly increasing list of finite numbers", where="times", remedy="sort them, once each"
        )
    array.flags.writeable = False
    return array


def tolerances(rtol: float, atol: float) -> tuple[float, float]:
    if not (1e-13 <= rtol <= 1e-2 and atol > 0.0 and np.isfinite(atol)):
        raise EngineError(
            f"tolerances rtol={rtol:g}, atol={atol:g}", remedy="rtol between 1e-13 and 1e-2, atol above 0"
        )
    return float(rtol), float(atol)


def columns_of(model: CompiledModel, parameters: Mapping[str, ArrayLike], people: int) -> dict[str, Vector]:
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
    return columns
