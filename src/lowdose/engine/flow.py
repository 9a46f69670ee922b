"""One person's motion under fixed parameters, as the search for a steady state needs it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from lowdose.engine.native.job import SNAPSHOT_HEAD, Act, Field
from lowdose.engine.printing import NUMPY, PLAIN
from lowdose.engine.status import Status

if TYPE_CHECKING:
    from lowdose.engine.compiled import CompiledModel

__all__ = ["Failure", "Flow", "Kernels", "Vector"]

Vector = NDArray[np.float64]

MAX_STEPS = 50_000
"""Steps of one journey, after which it is given up."""

_OUT_OF_RANGE = (ArithmeticError, ValueError)


class Failure(Exception):
    """One person cannot be solved: a status and what happened."""

    def __init__(self, status: Status, detail: str) -> None:
        super().__init__(detail)
        self.status, self.detail = status, detail


class Kernels:
    """A model's functions in Python: the start of a person, and its rates at one moment.

    Plain floats raise where IEEE arithmetic has an infinity or a NaN; numpy's numbers go on, at ten times the cost.
    """

    def __init__(self, model: CompiledModel) -> None:
        self.model = model
        self.start_fast, _ = model.kernels(PLAIN)
        self.start_careful, self.make_careful = model.kernels(NUMPY)

    def start(self, parameters: Sequence[float], time: float) -> tuple[tuple[float, ...], Vector]:
        """Constants and states at a start; NaN or infinite where a formula is."""
        try:
            constants, states = self.start_fast(parameters, time)
        except _OUT_OF_RANGE:
            numbers = [np.float64(value) for value in parameters]
            try:
                with np.errstate(all="ignore"):
                    constants, states = self.start_careful(numbers, np.float64(time))
            except _OUT_OF_RANGE:  # out of the model's own numbers alone, such as 1/0
                constants, states = ((np.nan,) * len(names) for names in (self.model.constants, self.model.states))
        return tuple(map(float, constants)), np.array(states, dtype=float)


class Flow:
    """The model's motion under fixed parameters and a constant inflow that may be changed between journeys.

    Parameters
    ----------
    kernels : Kernels
    parameters, constants : sequence of float
        In the model's order.
    rtol, atol : float
        Local error allowed: relative, and absolute in each state's unit.
    """

    def __init__(
        self, kernels: Kernels, parameters: Sequence[float], constants: Sequence[float], rtol: float, atol: float
    ) -> None:
        model = kernels.model
        self.size = len(model.states)
        with np.errstate(all="ignore"):
            numbers = [[np.float64(value) for value in values] for values in (parameters, constants)]
            self.rates = kernels.make_careful(*numbers)[0]
        self.runner = model.runner
        self.inflow = np.zeros(self.size)
        self.arrays, self.fields = _journey(model, parameters, constants, rtol, atol)

    def pour(self, inflow: Iterable[tuple[int, float]]) -> None:
        """From now on these amounts per time flow into these states, and nothing else."""
        self.inflow[:] = 0.0
        for position, rate in inflow:
            self.inflow[position] += rate

    def speed(self, time: float, state: Vector) -> Vector:
        """Rates of change, inflow included; NaN or infinite where a formula is."""
        with np.errstate(all="ignore"):
            change = np.array(self.rates(np.float64(time), [np.float64(value) for value in state]), dtype=float)
        return change + self.inflow

    def carry(self, state: Vector, start: float, stop: float) -> Vector:
        """Carry ``state``, shape (n,), from the time ``start`` to ``stop``.

        Raises
        ------
        Failure
            The solver cannot go on.
        """
        size, head = self.size, len(SNAPSHOT_HEAD)
        row, status = self.arrays["snapshot"][0], self.arrays["status"]
        row[:head] = 0.0
        row[0] = start
        row[head : head + size] = state
        row[head + size : head + 2 * size] = self.inflow
        self.arrays["time"][0] = stop
        self.runner.run(self.fields, self.arrays["order"])
        if status[0] > 0:
            raise Failure(Status(int(status[0])), f"after time {self.arrays['stopped'][0]:g}")
        arrived: Vector = row[head : head + size].copy()
        return arrived


def _journey(
    model: CompiledModel, parameters: Sequence[float], constants: Sequence[float], rtol: float, atol: float
) -> tuple[dict[str, Any], dict[Field, Any]]:
    """A job of one person that sets out from a snapshot and pauses at its end; its arrays by name, and its fields."""
    whole = np.int64
    nothing = np.zeros(0, dtype=whole)
    middle = np.zeros(len(SNAPSHOT_HEAD) + 2 * len(model.states))
    arrays: dict[str, Any] = {
        "snapshot": np.concatenate([middle, constants, parameters])[None, :],
        "parameters": np.array(parameters, dtype=float),
        "time": np.zeros(1),
        "status": np.zeros(1, dtype=whole),
        "stopped": np.zeros(1),
        "order": np.zeros(1, dtype=whole),
        "zero": np.zeros(2, dtype=whole),
    }
    fields: dict[Field, Any] = {
        Field.PEOPLE: 1,
        Field.RELATIVE: rtol,
        Field.ABSOLUTE: atol,
        Field.MOST_STEPS: float(MAX_STEPS),
        Field.PARAMETERS: arrays["parameters"],
        Field.START: np.zeros(1),
        Field.PROGRAM: arrays["zero"],
        Field.PROGRAMS: arrays["zero"],
        Field.ACT_TIME: arrays["time"],
        Field.ACT_KIND: np.array([Act.PAUSE], dtype=whole),
        Field.ACT_INDEX: arrays["zero"],
        Field.ACT_VALUE: np.zeros(1),
        Field.ACT_SHARE: arrays["zero"],
        Field.TIMES: nothing,
        Field.OUTPUTS: nothing,
        Field.STATUS: arrays["status"],
        Field.STEPS: np.zeros(2, dtype=whole),
        Field.STOPPED: arrays["stopped"],
        Field.RESUME: np.ones(1, dtype=whole),
        Field.SNAPSHOTS: arrays["snapshot"],
        Field.SNAPSHOT_SIZE: arrays["snapshot"].shape[1],
    }
    return arrays, fields
