"""The seam to the solver: a `Flow` carries a state forward in time. Nothing outside this file knows which solver runs.

Inside is SUNDIALS' CVODE (variable-order BDF) through scikit-sundae, with the generated rates and Jacobian.
"""

from __future__ import annotations

import io
import math
import os
from collections.abc import Iterable, Sequence
from contextlib import redirect_stdout
from struct import Struct
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from lowdose.engine.printing import NUMPY, PLAIN
from lowdose.engine.status import Status

if TYPE_CHECKING:
    from lowdose.engine.compiled import CompiledModel

__all__ = ["Failure", "Flow", "Kernels", "Vector", "same_moment"]

Vector = NDArray[np.float64]

MAX_STEPS = 50_000
"""Steps between two output times, after which a person is given up."""

_OUTCOMES = {-1: Status.MAX_STEPS, -3: Status.STEP_TOO_SMALL, -4: Status.STEP_TOO_SMALL}
_OUT_OF_RANGE = (ArithmeticError, ValueError)


class Failure(Exception):
    """One person cannot be solved: a status and what happened."""

    def __init__(self, status: Status, detail: str) -> None:
        super().__init__(detail)
        self.status, self.detail = status, detail


class Kernels:
    """A model's generated functions, fast ones and careful ones, and where the Jacobian's entries go.

    Plain floats raise where IEEE arithmetic has an infinity or a NaN; numpy's numbers go on, at ten times the cost.
    So everything is tried with the first and, where that fails, done with the second.
    """

    def __init__(self, model: CompiledModel) -> None:
        self.model = model
        self.start_fast, self.make_fast = model.kernels(PLAIN)
        self.start_careful, self.make_careful = model.kernels(NUMPY)
        self.positions = None if model.jacobian is None else np.array(model.jacobian, dtype=np.intp)

    def start(self, parameters: Sequence[float], time: float) -> tuple[tuple[float, ...], Vector]:
        """Constants and states at a start; NaN or infinite where a formula is."""
        try:
            constants, states = self.start_fast(parameters, time)
        except _OUT_OF_RANGE:
            with np.errstate(all="ignore"):
                constants, states = self.start_careful([np.float64(value) for value in parameters], np.float64(time))
        return tuple(map(float, constants)), np.array(states, dtype=float)


class Flow:
    """The model's motion under fixed parameters and a constant inflow that may be changed between segments.

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
        self.size = len(kernels.model.states)
        self.positions = kernels.positions
        self.fast, self.careful = _functions(kernels, parameters, constants)
        self.inflow: list[tuple[int, float]] = []
        self.solver = self._solver(rtol, atol) if self.size else None

    def _solver(self, rtol: float, atol: float) -> Any:
        # SUNDIALS' C code writes warnings straight to the terminal's output; what matters comes back as a status.
        os.environ.setdefault("SUNLOGGER_WARNING_FILENAME", os.devnull)
        from sksundae.cvode import CVODE

        pack, positions, inflow = Struct(f"{self.size}d").pack_into, self.positions, self.inflow
        (rates, jacobian), (careful_rates, careful_jacobian) = self.fast, self.careful

        def right_hand_side(t: float, y: Vector, change: Any) -> None:
            try:
                pack(change, 0, *rates(t, y.tolist()))
            except _OUT_OF_RANGE:
                pack(change, 0, *careful_rates(t, y.tolist()))
            if inflow:
                for state, rate in inflow:
                    change[state] += rate

        def fill_jacobian(t: float, y: Vector, change: Vector, matrix: Vector) -> None:
            try:
                matrix.reshape(-1)[positions] = jacobian(t, y.tolist())
            except _OUT_OF_RANGE:
                # A slope without a value counts as none: the Jacobian only steers Newton's iteration.
                slopes = np.array(careful_jacobian(t, y.tolist()), dtype=float)
                matrix.reshape(-1)[positions] = np.where(np.isfinite(slopes), slopes, 0.0)

        options = {} if positions is None else {"jacfn": fill_jacobian}
        return CVODE(right_hand_side, rtol=rtol, atol=atol, max_num_steps=MAX_STEPS, **options)

    def pour(self, inflow: Iterable[tuple[int, float]]) -> None:
        """From now on these amounts per time flow into these states, and nothing else."""
        self.inflow[:] = inflow

    def speed(self, time: float, state: Vector) -> Vector:
        """Rates of change, inflow included; NaN or infinite where a formula is."""
        change = np.array(self.careful[0](time, state.tolist()), dtype=float)
        for position, rate in self.inflow:
            change[position] += rate
        return change

    def carry(self, state: Vector, start: float, moments: Vector) -> Vector:
        """Carry ``state`` from ``start`` to each of ``moments``.

        Parameters
        ----------
        state : ndarray, shape (n,)
            Each state in its own unit.
        start : float
            In the model's time unit, like ``moments``.
        moments : ndarray, shape (m,)
            Increasing, after ``start``; the solver does not look beyond the last.

        Returns
        -------
        ndarray, shape (m, n)

        Raises
        ------
        Failure
            The solver cannot go on.
        """
        if self.solver is None:
            return np.empty((len(moments), 0))
        if not np.isfinite(state).all() or not np.isfinite(self.speed(start, state)).all():
            raise Failure(Status.NON_FINITE, f"a state or its rate is not finite at time {start:g}")
        span = np.concatenate(([start], moments))
        if len(moments) == 1:  # two points would mean "every internal step" to the solver
            span = np.array([start, 0.5 * (start + moments[0]), moments[0]])
        try:
            with redirect_stdout(io.StringIO()):  # SUNDIALS' complaints are printed; ours are statuses
                result = self.solver.solve(span, state)
        except RuntimeError as error:
            raise Failure(Status.SOLVER_FAILED, f"{error} after time {start:g}") from error
        if result.status < 0:
            self._give_up(result)
        rows: Vector = result.y[1:]
        if len(rows) < len(span) - 1:  # stopped a rounding error before the end: the rest is the end
            rows = np.concatenate((rows, np.repeat(rows[-1:], len(span) - 1 - len(rows), axis=0)))
        rows = rows[-len(moments) :]
        if not np.isfinite(rows[-1]).all():
            raise Failure(Status.NON_FINITE, f"a state is not finite before time {moments[-1]:g}")
        return rows

    def _give_up(self, result: Any) -> None:
        time, state = float(result.t[-1]), result.y[-1]
        detail = f"{result.message} (after time {time:g})"
        if not np.isfinite(state).all() or not np.isfinite(self.speed(time, state)).all():
            raise Failure(Status.NON_FINITE, detail)
        raise Failure(_OUTCOMES.get(result.status, Status.SOLVER_FAILED), detail)


def _functions(
    kernels: Kernels, parameters: Sequence[float], constants: Sequence[float]
) -> tuple[tuple[Any, Any], tuple[Any, Any]]:
    """Rates and Jacobian as functions of (t, list): those that may raise, and those that never do."""
    with np.errstate(all="ignore"):
        numbers = [[np.float64(value) for value in values] for values in (parameters, constants)]
        careful = tuple(map(_quiet, kernels.make_careful(*numbers)))
    try:
        return kernels.make_fast(parameters, constants), careful
    except _OUT_OF_RANGE:
        return careful, careful


def _quiet(function: Any) -> Any:
    def evaluate(t: float, y: list[float]) -> Any:
        with np.errstate(all="ignore"):
            return function(np.float64(t), [np.float64(value) for value in y])

    return evaluate


def same_moment(time: float) -> float:
    """Two times closer than this are one: rounding in ``start + k * interval`` must not make two of them."""
    return 1e-12 * max(1.0, math.fabs(time))
