"""One step of `rodas5p` for all lanes, and the state anywhere inside it."""

from __future__ import annotations

from collections.abc import Mapping

import llvmlite.ir as ir

from lowdose.engine.native.code import DOUBLE, Code, Layout
from lowdose.engine.native.rodas5p import COUPLINGS, GAMMA, NODES, STAGES, TIME_SLOPES, WEIGHTS, dense_coefficients

__all__ = ["write_inside", "write_step"]


def write_step(
    module: ir.Module, width: int, layout: Layout, equations: Mapping[str, ir.Function], *, timed: bool
) -> ir.Function:
    """The function ``step(workspace, time, length, absolute, relative)``.

    It leaves the new state in ``stage`` and the increments in ``increment``, and returns the square of the error:
    the sum over states of (error / (absolute + relative |state|))^2, so that at 1 no state is beyond its tolerance.
    """
    lanes = DOUBLE if width == 1 else ir.VectorType(DOUBLE, width)
    code = Code(module, "step", width, [lanes, lanes, DOUBLE, DOUBLE], layout, returns=lanes)
    time, length, absolute, relative = code.arguments
    size = layout.size("state")
    inverse = code.divide(code.number(1.0), length)
    code.call(equations["first"], time, code.multiply(inverse, code.number(1.0 / GAMMA)), length)
    for stage in range(1, STAGES):
        with code.loop(size) as row:
            if stage < len(WEIGHTS):
                _combine(code, stage, row, size, inverse, length, timed=timed)
            else:
                _extend(code, stage, row, size, inverse)
        moment = code.fused(length, code.number(NODES[stage]), time)
        code.call(equations["stage"], moment, code.integer(layout["increment"] * 0 + stage * size))
    square = code.variable(lanes, code.number(0.0))
    with code.loop(size) as row:
        before = code.load("state", row)
        error = code.load("increment", code.builder.add(row, code.integer((STAGES - 1) * size)))
        after = code.add(code.load("stage", row), error)
        code.store(after, "stage", row)
        largest = code.largest(code.absolute(before), code.absolute(after))
        allowed = code.fused(code.spread(relative), largest, code.spread(absolute))
        share = code.divide(error, allowed)
        square.value = code.fused(share, share, square.value)
    return code.finish(square.value)


def _combine(
    code: Code, stage: int, row: ir.Value, size: int, inverse: ir.Value, length: ir.Value, *, timed: bool
) -> None:
    """State and right-hand side of one of the first six stages."""
    state, right = code.load("state", row), code.load("inflow", row)
    if timed and TIME_SLOPES[stage]:
        right = code.fused(code.multiply(length, code.number(TIME_SLOPES[stage])), code.load("drift", row), right)
    for earlier, (weight, coupling) in enumerate(zip(WEIGHTS[stage], COUPLINGS[stage], strict=True)):
        increment = code.load("increment", code.builder.add(row, code.integer(earlier * size)))
        state = code.fused(code.number(weight), increment, state)
        right = code.fused(code.multiply(inverse, code.number(coupling)), increment, right)
    code.store(state, "stage", row)
    code.store(right, "right", row)


def _extend(code: Code, stage: int, row: ir.Value, size: int, inverse: ir.Value) -> None:
    """The same for the last stages, whose state is that of the stage before plus its increment."""
    right = code.load("inflow", row)
    for earlier, coupling in enumerate(COUPLINGS[stage]):
        increment = code.load("increment", code.builder.add(row, code.integer(earlier * size)))
        right = code.fused(code.multiply(inverse, code.number(coupling)), increment, right)
    code.store(code.add(code.load("stage", row), increment), "stage", row)
    code.store(right, "right", row)


def write_inside(module: ir.Module, width: int, layout: Layout) -> ir.Function:
    """The function ``inside(workspace, share)``: the state at that share of the last step, into ``observed``."""
    lanes = DOUBLE if width == 1 else ir.VectorType(DOUBLE, width)
    code = Code(module, "inside", width, [lanes], layout)
    (share,) = code.arguments
    size = layout.size("state")
    weights = []
    for coefficients in dense_coefficients():
        weight = code.number(0.0)
        for coefficient in reversed(coefficients):
            weight = code.fused(weight, share, code.number(coefficient))
        weights.append(code.multiply(weight, share))
    with code.loop(size) as row:
        state = code.load("state", row)
        for stage, weight in enumerate(weights):
            increment = code.load("increment", code.builder.add(row, code.integer(stage * size)))
            state = code.fused(weight, increment, state)
        code.store(state, "observed", row)
    return code.finish()
