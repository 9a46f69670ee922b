"""The driver: people through lanes, each lane with its own person, time, step, actions and outputs.

A lane that is done with its person takes the next one from a counter that all threads share. Nothing a lane does
depends on its neighbours, so a person's numbers do not depend on who is solved beside them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import llvmlite.ir as ir

from lowdose.engine.native.code import DOUBLE, INT, POINTER, Layout
from lowdose.engine.native.job import Field
from lowdose.engine.native.lane import LaneCode
from lowdose.engine.native.machine import Machine
from lowdose.engine.native.record import DUE, write_flush, write_record
from lowdose.engine.native.visit import write_arrive, write_enter, write_leave

__all__ = ["write_driver"]

SAFETY = 0.9
MOST_GROWTH = 6.0
MOST_SHRINKAGE = 0.2
FLUSH_TO_ZERO = 0x8040
"""Of x86's control word: results and operands too small to be normal are 0."""
LEAST_STEP = 4.0 * 2.220446049250313e-16
"""Of the time: a shorter step would not move it."""


def write_driver(
    module: ir.Module, machine: Machine, layout: Layout, functions: Mapping[str, ir.Function], mathematics: Any
) -> ir.Function:
    """The public function ``drive(workspace, job)``: work until nobody is left or a stop is asked for."""
    functions = {**functions, "flush": write_flush(module, machine, layout)}
    record = write_record(module, machine, layout, functions)
    leave = write_leave(module, machine, layout, functions)
    arrive = write_arrive(module, machine, layout, functions, record, leave)
    enter = write_enter(module, machine, layout, functions, arrive)
    code = LaneCode(module, "drive", machine, [POINTER], layout, public=True)
    build = code.builder
    job = code.job
    restore = _flush_tiny_numbers(code)
    active = code.variable(INT, code.integer(0))
    with code.loop(machine.width) as lane:
        entered = code.call(enter, job, lane)
        active.value = build.or_(active.value, build.shl(entered, lane))

    def working() -> Any:
        going = build.icmp_signed("!=", active.value, code.integer(0))
        stop = build.load(code.field(Field.STOP, POINTER), typ=INT)
        return build.and_(going, build.icmp_signed("==", stop, code.integer(0)))

    with code.repeat(working):
        _attempt(code, functions, mathematics, record, leave, arrive, enter, active)
    restore()
    return code.finish()


def _flush_tiny_numbers(code: LaneCode) -> Callable[[], None]:
    """Count numbers below 1e-307 as 0, where the processor would take a hundred times as long over them.

    Returns what puts the thread's setting back.
    """
    if not code.machine.triple.startswith("x86_64"):
        return lambda: None
    build, word = code.builder, ir.IntType(32)
    kind = ir.FunctionType(ir.VoidType(), [POINTER])
    store, load = (ir.Function(code.module, kind, f"llvm.x86.sse.{name}mxcsr") for name in ("st", "ld"))
    before, now = build.alloca(word), build.alloca(word)
    build.call(store, [before])
    build.store(build.or_(build.load(before, typ=word), ir.Constant(word, FLUSH_TO_ZERO)), now)
    build.call(load, [now])

    def restore() -> None:
        build.call(load, [before])

    return restore


def _attempt(
    code: LaneCode,
    functions: Mapping[str, ir.Function],
    mathematics: Any,
    record: ir.Function,
    leave: ir.Function,
    arrive: ir.Function,
    enter: ir.Function,
    active: Any,
) -> None:
    """One step tried in every lane."""
    build, job = code.builder, code.job
    time, wished, end = code.load("time"), code.load("length"), code.load("end")
    remaining = code.subtract(end, time)
    last = code.compare(">=", wished, remaining)
    halved = code.least(wished, code.multiply(remaining, code.number(0.5)))
    close = code.compare(">", code.multiply(wished, code.number(2.0)), remaining)
    length = code.select(last, remaining, code.select(close, halved, wished))
    clipped = code.compare("<", length, wished)
    absolute, relative = code.field(Field.ABSOLUTE, DOUBLE), code.field(Field.RELATIVE, DOUBLE)
    square = code.call(functions["step"], time, length, absolute, relative)
    good = code.compare("<=", square, code.number(1.0))
    accepted = build.and_(code.bits(good), active.value)

    bounded = code.largest(square, code.number(1e-20))  # the second where the first is NaN
    factor = mathematics.call(build, "exp", code.multiply(code.number(-0.1), mathematics.call(build, "ln", bounded)))
    factor = code.multiply(code.number(SAFETY), factor)
    known = code.compare("<", square, code.number(1e300))
    factor = code.select(known, factor, code.number(MOST_SHRINKAGE))
    again = code.compare(">", code.load("again"), code.number(0.0))
    most = code.select(again, code.number(1.0), code.number(MOST_GROWTH))
    factor = code.largest(code.least(factor, most), code.number(MOST_SHRINKAGE))
    following = code.multiply(length, factor)
    later = code.select(last, end, code.add(time, length))

    bad = code.variable(INT, code.integer(0))
    step = (time, length, later)
    _record_inside(code, functions, record, step, accepted, bad)

    truths = code.truths(accepted)
    with code.loop(code.layout.size("state")) as row:
        code.store(code.select(truths, code.load("stage", row), code.load("state", row)), "state", row)
    code.store(code.select(truths, later, time), "time")
    code.store(following, "length")
    one, zero = code.number(1.0), code.number(0.0)
    code.store(code.select(truths, zero, one), "again")
    fresh = code.compare(">", code.load("fresh_step"), zero)
    learns = build.and_(build.and_(fresh, truths), build.not_(clipped))
    code.store(code.select(learns, length, code.load("memory")), "memory")
    code.store(code.select(truths, zero, code.load("fresh_step")), "fresh_step")
    code.store(code.add(code.load("accepted"), code.select(truths, one, zero)), "accepted")
    code.store(code.add(code.load("refused"), code.select(truths, zero, one)), "refused")
    since = code.add(code.load("since"), one)
    code.store(since, "since")

    least = code.multiply(code.absolute(time), code.number(LEAST_STEP))
    least = code.largest(least, code.number(1e-290))
    small = build.and_(code.bits(code.compare("<", following, least)), build.not_(accepted))
    undefined = build.and_(small, code.bits(code.compare("!=", square, square)))
    many = code.bits(code.compare(">", since, code.spread(code.field(Field.MOST_STEPS, DOUBLE))))
    arrived = build.and_(code.bits(last), accepted)
    wrong = build.or_(build.or_(small, bad.value), build.and_(many, build.not_(arrived)))
    attention = build.and_(build.or_(arrived, wrong), active.value)
    with code.each_lane(attention) as lane:
        status = code.variable(INT, code.integer(0))
        for bits, cause in ((many, 1), (small, 2), (undefined, 32), (bad.value, 4)):
            hit = build.icmp_signed("!=", build.and_(build.lshr(bits, lane), code.integer(1)), code.integer(0))
            status.value = build.select(hit, code.integer(cause), status.value)
        is_arrived = build.and_(build.lshr(arrived, lane), code.integer(1))
        fine = build.icmp_signed("==", build.and_(build.lshr(wrong, lane), code.integer(1)), code.integer(0))
        stays = code.variable(INT, code.integer(0))
        with build.if_else(build.and_(fine, build.trunc(is_arrived, ir.IntType(1)))) as (then, otherwise):
            with then:
                stays.value = code.call(arrive, job, lane)
            with otherwise:
                code.call(leave, job, lane, status.value)
        with build.if_then(build.icmp_signed("==", stays.value, code.integer(0))):
            stays.value = code.call(enter, job, lane)
        cleared = build.and_(active.value, build.not_(build.shl(code.integer(1), lane)))
        active.value = build.or_(cleared, build.shl(stays.value, lane))


def _record_inside(
    code: LaneCode,
    functions: Mapping[str, ir.Function],
    record: ir.Function,
    step: tuple[Any, Any, Any],
    accepted: Any,
    bad: Any,
) -> None:
    """Note down every output time inside the step, one for each lane at a time."""
    build = code.builder
    time, length, later = step
    code.store(later, "later")
    moment = code.load("next")
    inside = build.and_(code.compare("<=", moment, later), code.compare("<", moment, code.load("limit")))
    left = code.variable(INT, build.and_(code.bits(inside), accepted))
    with code.repeat(lambda: build.icmp_signed("!=", left.value, code.integer(0))):
        moment = code.load("next")
        code.store(moment, "moment")
        code.call(functions["inside"], code.divide(code.subtract(moment, time), length))
        noted = code.call(record, code.job, left.value)
        bad.value = build.or_(bad.value, build.and_(noted, code.integer((1 << DUE) - 1)))
        left.value = build.lshr(noted, code.integer(DUE))
