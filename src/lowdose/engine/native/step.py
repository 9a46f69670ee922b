"""One step of `rodas5p` for all lanes, and the state anywhere inside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import llvmlite.ir as ir

from lowdose.engine.native.code import DOUBLE, INT, Code, Layout, lanes_type
from lowdose.engine.native.machine import Machine
from lowdose.engine.native.rodas5p import COUPLINGS, GAMMA, NODES, STAGES, TIME_SLOPES, WEIGHTS, dense_coefficients

__all__ = ["write_inside", "write_step"]


def write_step(
    module: ir.Module,
    machine: Machine,
    layout: Layout,
    equations: Mapping[str, ir.Function],
    drifting: Sequence[int],
) -> ir.Function:
    """The function ``step(workspace, time, length, absolute, relative)``.

    It leaves the new state in ``stage`` and the increments in ``increment``, and returns the square of the error:
    the sum over states of (error / (absolute + relative |state|))^2, so that at 1 no state is beyond its tolerance.
    ``drifting`` are the states whose rates change with time itself.
    """
    lanes = lanes_type(DOUBLE, machine.width)
    code = Code(module, "step", machine, [lanes, lanes, DOUBLE, DOUBLE], layout, returns=lanes)
    time, length, absolute, relative = code.arguments
    size = layout.size("state")
    inverse = code.divide(code.number(1.0), length)
    code.call(equations["first"], time, code.multiply(inverse, code.number(1.0 / GAMMA)), length)
    for stage in range(1, STAGES):
        couplings = [code.multiply(inverse, code.number(coupling)) for coupling in COUPLINGS[stage]]
        with code.loop(size) as row:
            _combine(code, stage, row, size, couplings)
        _pour(code, size)
        if TIME_SLOPES[stage]:
            _drift(code, code.multiply(length, code.number(TIME_SLOPES[stage])), drifting)
        moment = code.fused(length, code.number(NODES[stage]), time)
        code.call(equations["stage"], moment, code.integer(stage * size))
    square = code.variable(lanes, code.number(0.0))
    with code.loop(size) as row:
        before = code.load("state", row)
        error = code.load("increment", code.builder.add(row, code.integer((STAGES - 1) * size)))
        after = code.add(code.load("stage", row), error)
        code.store(after, "stage", row)
        largest = code.largest(code.absolute(before), code.absolute(after))
        allowed = code.fused(code.spread(relative), largest, code.spread(absolute))
        share = code.roughly_divide(error, allowed)
        square.value = code.fused(share, share, square.value)
    return code.finish(square.value)


def _combine(code: Code, stage: int, row: ir.Value, size: int, couplings: list[Any]) -> None:
    """State and right-hand side of a stage, one row; the last stages go on from the one before."""
    explicit = stage >= len(WEIGHTS)
    state = code.load("stage" if explicit else "state", row)
    right: Any = None
    for earlier, coupling in enumerate(couplings):
        increment = code.load("increment", code.builder.add(row, code.integer(earlier * size)))
        right = code.multiply(coupling, increment) if right is None else code.fused(coupling, increment, right)
        if not explicit:
            state = code.fused(code.number(WEIGHTS[stage][earlier]), increment, state)
    code.store(code.add(state, increment) if explicit else state, "stage", row)
    code.store(right, "right", row)


def _pour(code: Code, size: int) -> None:
    """What flows in, where anything does in any lane; to the other lanes it adds 0."""
    pouring = code.builder.load(code.place("pouring"), typ=INT)
    some = code.builder.icmp_signed("!=", pouring, code.integer(0))
    with code.builder.if_then(some, likely=False), code.loop(size) as row:
        code.store(code.add(code.load("right", row), code.load("inflow", row)), "right", row)


def _drift(code: Code, share: Any, drifting: Sequence[int]) -> None:
    """How the rates of some states change with time itself."""
    for number, row in enumerate(drifting):
        code.store(code.fused(share, code.load("drift", number), code.load("right", row)), "right", row)


def write_inside(module: ir.Module, machine: Machine, layout: Layout) -> ir.Function:
    """The function ``inside(workspace, share)``: the state at that share of the last step, into ``observed``."""
    lanes = lanes_type(DOUBLE, machine.width)
    code = Code(module, "inside", machine, [lanes], layout)
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
