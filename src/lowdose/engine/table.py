"""Everyone's actions as one table of numbers for the driver; people who do the same share their rows."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from lowdose.engine.actions import Action, Assign, Bolus, InfusionEnd, InfusionStart, Restart, Settle
from lowdose.engine.dual import slope
from lowdose.engine.errors import BadEvent
from lowdose.engine.events import plan, timing_names
from lowdose.engine.native.job import Act
from lowdose.engine.records import Event
from lowdose.engine.tangent import slope_name

__all__ = ["Table", "same_moment", "tabulate", "tabulate_slopes"]

Row = tuple[float, int, int, float, int]


@dataclass(slots=True)
class Table:
    """Programs, one after the other.

    Attributes
    ----------
    rows : list of (time, act, index, value, share)
    begin : list of int
        First row of each program.
    settles : dict of int to Settle
        What is to be done at the row after a pause, by that row's number.
    program, start : ndarray, shape (N,)
        Each person's program, -1 where a record makes no sense, and the time at which it starts.
    wrong : dict of int to str
        What makes no sense, by person.
    """

    rows: list[Row]
    begin: list[int]
    settles: dict[int, Settle]
    program: NDArray[np.int64]
    start: NDArray[np.float64]
    wrong: dict[int, str] = field(default_factory=dict)


def same_moment(time: float) -> float:
    """Two times closer than this are one: rounding in ``start + k * interval`` must not make two of them."""
    return 1e-12 * max(1.0, math.fabs(time))


def tabulate(
    events: Sequence[Sequence[Event]],
    parameters: Mapping[str, NDArray[np.float64]],
    states: Sequence[str],
    first: float,
    last: float,
) -> Table:
    """Plan everybody, once for all who share their records and what decides when they act.

    Parameters
    ----------
    events : sequence of N sequences of Dose, Reset or Change
        Records that are one object are looked at once.
    parameters : mapping of str to ndarray, shape (N,)
        Before any change, in the model's order.
    states : sequence of str
        In the model's order.
    first, last : float
        First and last output time.
    """
    people = len(events)
    table = Table([], [], {}, np.full(people, -1, dtype=np.int64), np.full(people, first))
    names = {id(records): timing_names(records) for records in _different(events)}
    programs: dict[tuple[object, ...], int | str] = {}
    place = {name: position for position, name in enumerate(states)}
    names_of = {name: position for position, name in enumerate(parameters)}
    for person, records in enumerate(events):
        key = (id(records), *(float(parameters[name][person]) for name in names[id(records)]))
        if key not in programs:
            values = {name: float(column[person]) for name, column in parameters.items()}
            try:
                actions = plan(records, values, last + same_moment(last), shares=True)
            except BadEvent as error:
                programs[key] = str(error)
            else:
                programs[key] = len(table.begin)
                table.begin.append(len(table.rows))
                _write(table, actions, place, names_of, last)
        program = programs[key]
        table.start[person] = min([first, *(event.time for event in records)])
        if isinstance(program, str):
            table.wrong[person] = program
        else:
            table.program[person] = program
    return table


def tabulate_slopes(
    events: Sequence[Sequence[Event]],
    parameters: Sequence[Mapping[str, float]],
    states: Sequence[str],
    names: Sequence[str],
    first: float,
    last: float,
) -> Table:
    """Plan every person along every direction.

    Parameters
    ----------
    events : sequence of sequences of Dose, Reset or Change
        Whose numbers may carry slopes (`lowdose.engine.dual`), one for each row to be solved.
    parameters : sequence of mapping of str to float
        The same for the parameters that doses may name.
    states, names : sequence of str
        States and parameters of the tangent model, in order.
    first, last : float
        First and last output time.
    """
    table = Table([], [], {}, np.full(len(events), -1, dtype=np.int64), np.full(len(events), first))
    place = {name: position for position, name in enumerate(states)}
    parameter = {name: position for position, name in enumerate(names)}
    for row, (records, values) in enumerate(zip(events, parameters, strict=True)):
        table.start[row] = min([first, *(float(event.time) for event in records)])
        try:
            actions = plan(records, values, last + same_moment(last))
            begin = len(table.rows)
            _write(table, actions, place, parameter, last, half=len(states) // 2)
        except BadEvent as error:
            table.wrong[row] = str(error)
        else:
            table.program[row] = len(table.begin)
            table.begin.append(begin)
    return table


def _different(events: Sequence[Sequence[Event]]) -> Iterator[Sequence[Event]]:
    yield from {id(records): records for records in events}.values()


def _write(
    table: Table,
    actions: Sequence[Action],
    place: Mapping[str, int],
    parameter: Mapping[str, int],
    last: float,
    half: int = 0,
) -> None:
    """The rows of one program; with ``half``, the states from there on are slopes of those before."""
    running: dict[int, tuple[int, float]] = {}
    end = last

    def add(time: float, act: Act, index: int = 0, value: float = 0.0, share: int = -1) -> None:
        table.rows.append((float(time), act, index, float(value), share))

    def pour(time: float, state: int) -> None:
        total = sum(rate for target, rate in running.values() if target == state)
        add(time, Act.INFLOW, state, total)
        if half:
            add(time, Act.INFLOW, state + half, slope(total))

    for time, group in _moments(actions):
        end = max(end, float(time))
        for action in group:
            shift = slope(action.time)  # a later action: the motion before lasts longer, the one after begins later
            if shift and not isinstance(action, Restart):
                add(time, Act.SHIFT, half, shift)
            match action:
                case Bolus():
                    share = -1 if action.share is None else parameter[action.share]
                    add(time, Act.ADD, place[action.target], action.amount, share)
                    if slope(action.amount):
                        add(time, Act.ADD, place[action.target] + half, slope(action.amount))
                case InfusionStart():
                    running[action.key] = (place[action.target], action.rate)
                    pour(time, place[action.target])
                case InfusionEnd():
                    if action.key in running:
                        pour(time, running.pop(action.key)[0])
                case Assign():
                    add(time, Act.ASSIGN, parameter[action.parameter], action.value)
                    if half:
                        add(time, Act.ASSIGN, parameter[slope_name(action.parameter)], 0.0)
                case Restart():
                    running.clear()
                    add(time, Act.RESTART)
                case Settle():
                    if half:
                        raise BadEvent(
                            "sensitivities are not carried through a steady-state record",
                            where=f"record at time {float(time):g}",
                            remedy="write its earlier doses out",
                        )
                    if not action.add:
                        running.clear()
                    add(time, Act.PAUSE)
                    table.settles[len(table.rows)] = action
            if shift:
                add(time, Act.SHIFT, half, -shift)
    add(end, Act.END)


def _moments(actions: Sequence[Action]) -> Iterator[tuple[float, list[Action]]]:
    """Actions of one moment together, with its time."""
    group: list[Action] = []
    for action in actions:
        if group and action.time - group[0].time > same_moment(action.time):
            yield group[0].time, group
            group = []
        group.append(action)
    if group:
        yield group[0].time, group
