"""`sensitivities`: how outputs move with parameters, starts, dose amounts and dose times; exact to the tolerance."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field
from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from lowdose.engine.batch import Batch
from lowdose.engine.compiled import CompiledModel
from lowdose.engine.dual import Dual
from lowdose.engine.errors import EngineError, UnknownName
from lowdose.engine.events import check
from lowdose.engine.records import Dose, Event
from lowdose.engine.solve import columns_of, times_of, tolerances
from lowdose.engine.table import tabulate_slopes
from lowdose.engine.tangent import slope_name, start_slope_name

__all__ = ["Amount", "Direction", "Sensitivities", "Start", "Time", "sensitivities"]

Vector = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Start:
    """The initial value of a state."""

    state: str


@dataclass(frozen=True, slots=True)
class Amount:
    """The amount of the dose at this position among a person's events."""

    event: int


@dataclass(frozen=True, slots=True)
class Time:
    """The time of the dose at this position among a person's events."""

    event: int


Direction: TypeAlias = "str | Start | Amount | Time"
"""What is moved: a parameter by its name, or one of the above."""


@dataclass(frozen=True, slots=True, eq=False)
class Sensitivities:
    """Outputs and their derivatives.

    Attributes
    ----------
    times : ndarray, shape (T,)
        In the model's time unit.
    directions : tuple
        What was moved, K things.
    values : dict of str to ndarray, shape (N, T)
        Outputs by name.
    slopes : dict of str to ndarray, shape (N, K, T)
        Their derivatives, in the output's unit over that of what was moved.
    status : ndarray of int, shape (N,)
        `Status` flags of all solves of that person; values and slopes are NaN where one failed.
    details : dict of int to str
        For each person that failed, what happened.
    """

    times: Vector
    directions: tuple[Direction, ...]
    values: dict[str, Vector]
    slopes: dict[str, Vector]
    status: NDArray[np.int64]
    details: dict[int, str] = field(default_factory=dict)


def sensitivities(
    model: CompiledModel,
    parameters: Mapping[str, ArrayLike],
    events: Sequence[Sequence[Event]],
    outputs: Sequence[str],
    times: ArrayLike,
    directions: Sequence[Direction],
    *,
    rtol: float = 1e-8,
    atol: float = 1e-12,
    workers: int = 1,
    progress: Callable[[int, int], None] | None = None,
) -> Sensitivities:
    """Outputs and their derivatives along each direction.

    The variational equations are solved beside the model's own by the same steps, under the same error control, and
    share the factorised matrix of each step. A dose that moves in time moves what it jumps over: the derivative just
    after it changes by the difference of the rates before and after. What an event changes a parameter to is not moved.

    Parameters
    ----------
    model : CompiledModel
        From ``compile(..., slopes=True)``.
    parameters, events, outputs, times, rtol, atol, workers
        As in `lowdose.engine.solve`.
    directions : sequence of str, Start, Amount or Time
        What to differentiate by.
    progress : callable, optional
        Called with (solves done, solves in all); there is one for each person and direction.

    Returns
    -------
    Sensitivities

    Raises
    ------
    UnknownName
        A name is not in the model.
    EngineError
        The model carries no slopes, or an event that is moved is not a dose.

    Examples
    --------
    >>> from antimony import loadAntimonyString, getSBMLString
    >>> from lowdose.engine import compile
    >>> _ = loadAntimonyString("model m; k = 0.1; A = 0; A' = -k*A; end")
    >>> model = compile(getSBMLString("m"), slopes=True)
    >>> found = sensitivities(model, {}, [[Dose(1.0, 100.0, "A")]], ["A"], [0.0, 11.0], ["k", Amount(0), Time(0)])
    >>> found.slopes["A"][0, :, 1].round(4)
    array([-367.8794,    0.3679,    3.6788])
    """
    base = _base(model)
    people, count = len(events), len(directions)
    outputs, directions = tuple(dict.fromkeys(outputs)), tuple(directions)
    for name in outputs:
        if name not in base.variables:
            raise UnknownName.among("output", name, base.variables)
    moments = times_of(times)
    columns = columns_of(model, parameters, people)
    for records in {id(records): records for records in events}.values():
        check(records, base.states, base.parameters)
    rows = {name: np.repeat(column, count) for name, column in columns.items()}
    planned: list[Sequence[Event]] = []
    named: list[dict[str, float]] = []
    for person, records in enumerate(events):
        values = {name: float(columns[name][person]) for name in base.parameters}
        for number, direction in enumerate(directions):
            seed = _seed(direction, base)
            if seed:
                rows[seed][person * count + number] = 1.0
            planned.append(_moved(records, direction))
            named.append({**values, direction: Dual(values[direction], 1.0)} if isinstance(direction, str) else values)
    table = tabulate_slopes(planned, named, model.states, list(model.parameters), moments[0], moments[-1])
    wanted = (*outputs, *map(slope_name, outputs))
    batch = Batch(model, rows, planned, wanted, moments, (), *tolerances(rtol, atol), table=table)
    total = people * count
    batch.run(workers, (lambda done: progress(done, total)) if progress is not None else None)
    batch.finish()
    solved = batch.values.reshape(len(wanted), people, count, len(moments))
    status = np.bitwise_or.reduce(batch.status.reshape(people, count), axis=1) if count else np.zeros(people, np.int64)
    failed = np.flatnonzero(status)
    solved[:, failed] = np.nan
    return Sensitivities(
        moments,
        directions,
        {name: solved[row, :, 0] for row, name in enumerate(outputs)},
        {name: solved[row + len(outputs)] for row, name in enumerate(outputs)},
        status,
        {row // count: text for row, text in sorted(batch.details.items(), reverse=True)},
    )


@dataclass(frozen=True, slots=True)
class _Base:
    """The names of the model without its slopes."""

    states: tuple[str, ...]
    parameters: tuple[str, ...]
    variables: tuple[str, ...]


def _base(model: CompiledModel) -> _Base:
    half = len(model.states) // 2
    states = model.states[:half]
    if half == 0 or model.states[half:] != tuple(map(slope_name, states)):
        raise EngineError("the model carries no slopes", where="sensitivities", remedy="compile it with slopes=True")
    parameters = [name for name in model.parameters if slope_name(name) in model.parameters]
    variables = [name for name in model.variables if slope_name(name) in model.variables]
    return _Base(states, tuple(parameters), tuple(variables))


def _seed(direction: Direction, base: _Base) -> str | None:
    """The parameter of the tangent model that is to be 1."""
    if isinstance(direction, str):
        if direction not in base.parameters:
            raise UnknownName.among("parameter", direction, base.parameters)
        return slope_name(direction)
    if isinstance(direction, Start):
        if direction.state not in base.states:
            raise UnknownName.among("state", direction.state, base.states)
        return start_slope_name(direction.state)
    return None


def _moved(records: Sequence[Event], direction: Direction) -> Sequence[Event]:
    """The events, with a slope on what is moved."""
    if not isinstance(direction, Amount | Time):
        return records
    if not 0 <= direction.event < len(records) or not isinstance(records[direction.event], Dose):
        raise EngineError(f"event {direction.event} is not a dose", where=str(direction), remedy="count from 0")
    dose = copy(records[direction.event])
    name = "amount" if isinstance(direction, Amount) else "time"
    object.__setattr__(dose, name, Dual(getattr(dose, name), 1.0))  # a record would make it a plain number
    return [*records[: direction.event], dose, *records[direction.event + 1 :]]
