"""The driver: people through lanes, each lane with its own person, time, step, actions and outputs.

A lane that is done with its person takes the next one from a counter that all threads share. Nothing a lane does
depends on its neighbours, so a person's numbers do not depend on who is solved beside them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import llvmlite.ir as ir

from lowdose.engine.native.code import DOUBLE, INT, POINTER, Layout
from lowdose.engine.native.job import Field
from lowdose.engine.native.lane import LaneCode
from lowdose.engine.native.machine import Machine
from lowdose.engine.native.record import DUE, write_flush, write_record
from lowdose.engine.native.rodas5p import ORDER
from lowdose.engine.native.visit import write_arrive, write_enter, write_leave
from lowdose.engine.status import Status

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
    for name, write in (
        ("record", write_record),
        ("leave", write_leave),
        ("arrive", write_arrive),
        ("enter", write_enter),
    ):
        functions[name] = write(module, machine, layout, functions)
    code = LaneCode(module, "drive", machine, [POINTER], layout, public=True)
    build = code.builder
    restore = _flush_tiny_numbers(code)
    active = code.variable(INT, code.integer(0))
    with code.loop(machine.width) as lane:
        entered = code.call(functions["enter"], code.job, lane)
        active.value = build.or_(active.value, build.shl(entered, lane))

    def working() -> Any:
        going = build.icmp_signed("!=", active.value, code.integer(0))
        stop = build.load(code.field(Field.STOP, POINTER), typ=INT)
        return build.and_(going, build.icmp_signed("==", stop, code.integer(0)))

    with code.repeat(working):
        trial = _try(code, functions)
        accepted = build.and_(code.bits(code.compare("<=", trial.square, code.number(1.0))), active.value)
        following = _following(code, mathematics, trial)
        broken = _record_inside(code, functions, trial, accepted)
        _move_on(code, trial, following, accepted)
        _look_after(code, functions, trial, following, accepted, broken, active)
    restore()
    return code.finish()


@dataclass(frozen=True, slots=True)
class _Trial:
    """A step that was tried in every lane: where from, how far, where to, and the square of its error."""

    time: Any
    length: Any
    later: Any
    last: Any
    """Whether it ends the segment."""
    clipped: Any
    """Whether it is shorter than wished."""
    square: Any


def _try(code: LaneCode, functions: Mapping[str, ir.Function]) -> _Trial:
    """One step in every lane, as long as wished, but not beyond the segment, nor leaving a splinter of it."""
    time, wished, end = code.load("time"), code.load("length"), code.load("end")
    remaining = code.subtract(end, time)
    last = code.compare(">=", wished, remaining)
    halved = code.least(wished, code.multiply(remaining, code.number(0.5)))
    close = code.compare(">", code.multiply(wished, code.number(2.0)), remaining)
    length = code.select(last, remaining, code.select(close, halved, wished))
    absolute, relative = code.field(Field.ABSOLUTE, DOUBLE), code.field(Field.RELATIVE, DOUBLE)
    square = code.call(functions["step"], time, length, absolute, relative)
    later = code.select(last, end, code.add(time, length))
    return _Trial(time, length, later, last, code.compare("<", length, wished), square)


def _following(code: LaneCode, mathematics: Any, trial: _Trial) -> Any:
    """Length of the next step: the error goes with its fifth power. No growth right after a refusal."""
    bounded = code.largest(trial.square, code.number(1e-20))  # the second where the first is NaN
    logarithm = mathematics.call(code.builder, "ln", bounded)
    factor = mathematics.call(code.builder, "exp", code.multiply(code.number(-0.5 / ORDER), logarithm))
    factor = code.multiply(code.number(SAFETY), factor)
    known = code.compare("<", trial.square, code.number(1e300))
    factor = code.select(known, factor, code.number(MOST_SHRINKAGE))
    again = code.compare(">", code.load("again"), code.number(0.0))
    most = code.select(again, code.number(1.0), code.number(MOST_GROWTH))
    factor = code.largest(code.least(factor, most), code.number(MOST_SHRINKAGE))
    return code.multiply(trial.length, factor)


def _record_inside(code: LaneCode, functions: Mapping[str, ir.Function], trial: _Trial, accepted: Any) -> Any:
    """Note down every output time inside the step, one for each lane at a time; the lanes where one is not finite."""
    build = code.builder
    code.store(trial.later, "later")
    moment = code.load("next")
    inside = build.and_(code.compare("<=", moment, trial.later), code.compare("<", moment, code.load("limit")))
    left = code.variable(INT, build.and_(code.bits(inside), accepted))
    broken = code.variable(INT, code.integer(0))
    with code.repeat(lambda: build.icmp_signed("!=", left.value, code.integer(0))):
        moment = code.load("next")
        code.store(moment, "moment")
        code.call(functions["inside"], code.divide(code.subtract(moment, trial.time), trial.length))
        noted = code.call(functions["record"], code.job, left.value)
        broken.value = build.or_(broken.value, build.and_(noted, code.integer((1 << DUE) - 1)))
        left.value = build.lshr(noted, code.integer(DUE))
    return broken.value


def _move_on(code: LaneCode, trial: _Trial, following: Any, accepted: Any) -> None:
    """Take the step where it is accepted, and count it."""
    build, truths = code.builder, code.truths(accepted)
    one, zero = code.number(1.0), code.number(0.0)
    with code.loop(code.layout.size("state")) as row:
        code.store(code.select(truths, code.load("stage", row), code.load("state", row)), "state", row)
    code.store(code.select(truths, trial.later, trial.time), "time")
    code.store(following, "length")
    code.store(code.select(truths, zero, one), "again")
    fresh = code.compare(">", code.load("fresh_step"), zero)
    learns = build.and_(build.and_(fresh, truths), build.not_(trial.clipped))
    code.store(code.select(learns, trial.length, code.load("memory")), "memory")
    code.store(code.select(truths, zero, code.load("fresh_step")), "fresh_step")
    code.store(code.add(code.load("accepted"), code.select(truths, one, zero)), "accepted")
    code.store(code.add(code.load("refused"), code.select(truths, zero, one)), "refused")
    code.store(code.add(code.load("since"), one), "since")


def _look_after(
    code: LaneCode,
    functions: Mapping[str, ir.Function],
    trial: _Trial,
    following: Any,
    accepted: Any,
    broken: Any,
    active: Any,
) -> None:
    """Lanes that have come to the end of their segment, and those that cannot go on."""
    build, job = code.builder, code.job
    least = code.multiply(code.absolute(trial.time), code.number(LEAST_STEP))
    least = code.largest(least, code.number(1e-290))
    small = build.and_(code.bits(code.compare("<", following, least)), build.not_(accepted))
    undefined = build.and_(small, code.bits(code.compare("!=", trial.square, trial.square)))
    many = code.bits(code.compare(">", code.load("since"), code.spread(code.field(Field.MOST_STEPS, DOUBLE))))
    arrived = build.and_(code.bits(trial.last), accepted)
    wrong = build.or_(build.or_(small, broken), build.and_(many, build.not_(arrived)))
    causes = (
        (many, Status.MAX_STEPS),
        (small, Status.STEP_TOO_SMALL),
        (undefined, Status.SOLVER_FAILED),
        (broken, Status.NON_FINITE),
    )
    with code.each_lane(build.and_(build.or_(arrived, wrong), active.value)) as lane:
        status, stays = code.variable(INT, code.integer(Status.OK)), code.variable(INT, code.integer(0))
        for bits, cause in causes:
            status.value = build.select(code.has(bits, lane), code.integer(cause), status.value)
        fine = build.and_(code.has(arrived, lane), build.not_(code.has(wrong, lane)))
        with build.if_else(fine) as (then, otherwise):
            with then:
                stays.value = code.call(functions["arrive"], job, lane)
            with otherwise:
                code.call(functions["leave"], job, lane, status.value)
        with build.if_then(code.equals(stays.value, 0)):
            stays.value = code.call(functions["enter"], job, lane)
        cleared = build.and_(active.value, build.not_(build.shl(code.integer(1), lane)))
        active.value = build.or_(cleared, build.shl(stays.value, lane))


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
