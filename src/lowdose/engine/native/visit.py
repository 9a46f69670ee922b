"""What happens in one lane between steps: a person comes in, actions act, a person leaves."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import llvmlite.ir as ir

from lowdose.engine.native.code import DOUBLE, INT, POINTER, Layout
from lowdose.engine.native.job import PAUSED, SNAPSHOT_HEAD, SUMMARY_ROWS, Act, Field
from lowdose.engine.native.lane import LaneCode
from lowdose.engine.native.machine import Machine
from lowdose.engine.native.record import DUE
from lowdose.engine.status import Status

__all__ = ["write_arrive", "write_enter", "write_leave"]

HUGE = 1e58
"""A state that this makes infinite counts as infinite itself: the sums of a step cannot hold it."""


# A person leaves


def write_leave(
    module: ir.Module, machine: Machine, layout: Layout, functions: Mapping[str, ir.Function]
) -> ir.Function:
    """``leave(workspace, job, lane, status)``: write down how a person ended."""
    code = LaneCode(module, "leave", machine, [POINTER, INT, INT], layout)
    build = code.builder
    _, lane, status = code.arguments
    person = code.whole("person", lane)
    code.call(functions["flush"], code.job, lane)
    final = code.variable(INT, status)
    too_small = build.or_(code.equals(status, Status.STEP_TOO_SMALL), code.equals(status, Status.SOLVER_FAILED))
    with build.if_then(too_small):  # because something is not finite already, or runs away from what can be counted?
        code.call(functions["rates"], code.load("time"))
        sound = code.variable(DOUBLE, code.scalar(0.0))
        runs_away = code.variable(ir.IntType(1), ir.Constant(ir.IntType(1), 0))
        moment = code.multiply(code.absolute(code.load_lane("time", 0, lane)), code.scalar(1e-18))
        with code.loop(layout.size("state")) as row:
            value, rate = (code.load_lane(region, row, lane) for region in ("state", "rate"))
            large = code.multiply(value, code.scalar(HUGE))
            sound.value = build.fadd(sound.value, build.fadd(build.fsub(large, large), build.fsub(rate, rate)))
            size = code.add(code.absolute(value), code.field(Field.ABSOLUTE, DOUBLE))
            faster = code.compare(">", code.multiply(code.absolute(rate), moment), size)
            runs_away.value = build.or_(runs_away.value, faster)
        final.value = build.select(runs_away.value, code.integer(Status.STEP_TOO_SMALL), final.value)
        broken = code.compare("!=", sound.value, code.scalar(0.0))
        final.value = build.select(broken, code.integer(Status.NON_FINITE), final.value)
    code.write(code.load_lane("time", 0, lane), code.array(Field.STOPPED), person)
    steps = build.mul(person, code.integer(2))
    for offset, region in enumerate(("accepted", "refused")):
        whole = build.fptosi(code.load_lane(region, 0, lane), INT)
        code.write(whole, code.array(Field.STEPS), build.add(steps, code.integer(offset)))
    count = code.field(Field.SUMMARY_COUNT)
    people = code.field(Field.PEOPLE)
    with code.loop(build.mul(count, code.integer(2))) as number:
        summary, part = build.sdiv(number, code.integer(2)), build.srem(number, code.integer(2))
        row = build.add(build.mul(summary, code.integer(SUMMARY_ROWS)), part)
        place = build.add(build.mul(number, people), person)
        code.write(code.load_lane("summary", row, lane), code.array(Field.SUMMARIES), place)
    code.write(final.value, code.array(Field.STATUS), person)
    build.atomic_rmw("add", code.array(Field.FINISHED), code.integer(1), "release")
    return code.finish()


# A person comes in


def write_enter(
    module: ir.Module, machine: Machine, layout: Layout, functions: Mapping[str, ir.Function]
) -> ir.Function:
    """``enter(workspace, job, lane)``: take people from the queue until one has something to integrate.

    Returns 1, or 0 when nobody is left.
    """
    code = LaneCode(module, "enter", machine, [POINTER, INT], layout, returns=INT)
    build = code.builder
    lane = code.arguments[1]
    stays = code.variable(INT, code.integer(0))
    going = code.variable(INT, code.integer(1))

    def looking() -> Any:
        return build.and_(code.equals(stays.value, 0), code.equals(going.value, 1))

    with code.repeat(looking):
        place = build.atomic_rmw("add", code.array(Field.NEXT), code.integer(1), "monotonic")
        with build.if_else(build.icmp_signed("<", place, code.field(Field.QUEUE))) as (then, otherwise):
            with then:
                person = code.read(code.array(Field.ORDER), place, INT)
                _seat(code, functions, lane, person)
                stays.value = code.call(functions["arrive"], code.job, lane)
            with otherwise:
                going.value = code.integer(0)
                for region, value in (("time", 0.0), ("length", 1.0), ("end", 1.0), ("next", float("inf"))):
                    code.store_lane(code.scalar(value), region, 0, lane)
    return code.finish(stays.value)


def _seat(code: LaneCode, functions: Mapping[str, ir.Function], lane: Any, person: Any) -> None:
    """Put a person into a lane, at its start or where it was paused."""
    build, layout = code.builder, code.layout
    code.set_whole(person, "person", lane)
    for region in ("fresh_step", "again", "accepted", "refused", "since", "memory", "length"):
        code.store_lane(code.scalar(0.0), region, 0, lane)
    count = layout.size("parameter")
    row_of_person = build.mul(person, code.integer(count))
    with code.loop(count) as row:
        value = code.read(code.array(Field.PARAMETERS), build.add(row_of_person, row))
        code.store_lane(value, "parameter", row, lane)
    code.set_whole(
        code.read(code.array(Field.PROGRAMS), code.read(code.array(Field.PROGRAM), person, INT), INT), "action", lane
    )
    code.set_whole(code.integer(0), "saved", lane)
    time = code.read(code.array(Field.START), person)
    code.store_lane(time, "time", 0, lane)
    with code.loop(build.mul(code.field(Field.SUMMARY_COUNT), code.integer(SUMMARY_ROWS))) as row:
        code.store_lane(code.scalar(0.0), "summary", row, lane)
    with code.loop(code.field(Field.SUMMARY_COUNT)) as number:
        first = build.mul(number, code.integer(SUMMARY_ROWS))
        code.store_lane(code.scalar(float("nan")), "summary", build.add(first, code.integer(3)), lane)
    resume = code.variable(INT, code.integer(0))
    with build.if_then(code.is_there(code.array(Field.RESUME))):
        resume.value = code.read(code.array(Field.RESUME), person, INT)
    with build.if_else(code.equals(resume.value, 0)) as (then, otherwise):
        with then:
            _restart(code, functions, lane)
        with otherwise:
            _exchange(code, lane, person, store=False)
            _look_for_inflow(code)
            code.call(functions["given"])
    code.set_whole(code.whole("saved", lane), "flushed", lane)
    code.store_lane(code.next_output(code.whole("saved", lane)), "next", 0, lane)


def _restart(code: LaneCode, functions: Mapping[str, ir.Function], lane: Any) -> None:
    """States and constants from the parameters now in force, and what follows from them; nothing flows in."""
    size = code.layout.size("state")
    code.call(functions["start"], code.load("time"))
    with code.loop(size) as row:
        code.store_lane(code.load_lane("fresh", row, lane), "state", row, lane)
        code.store_lane(code.scalar(0.0), "inflow", row, lane)
    with code.loop(code.layout.size("constant")) as row:
        fresh = code.load_lane("fresh", code.builder.add(row, code.integer(size)), lane)
        code.store_lane(fresh, "constant", row, lane)
    code.call(functions["given"])


def _look_for_inflow(code: LaneCode) -> None:
    """Note whether anything flows into any lane."""
    total = code.variable(code.lanes, code.number(0.0))
    with code.loop(code.layout.size("state")) as row:
        total.value = code.add(total.value, code.absolute(code.load("inflow", row)))
    some = code.bits(code.compare("!=", total.value, code.number(0.0)))
    code.builder.store(some, code.place("pouring"))


def _exchange(code: LaneCode, lane: Any, person: Any, *, store: bool) -> None:
    """Copy a lane to a person's snapshot, or back."""
    build, array = code.builder, code.array(Field.SNAPSHOTS)
    begin = code.variable(INT, build.mul(person, code.field(Field.SNAPSHOT_SIZE)))

    def move(region: str, row: Any) -> None:
        if store:
            code.write(code.load_lane(region, row, lane), array, begin.value)
        else:
            code.store_lane(code.read(array, begin.value), region, row, lane)
        begin.value = build.add(begin.value, code.integer(1))

    for region in SNAPSHOT_HEAD:
        move(region, 0)
    for region in ("state", "inflow", "constant", "parameter"):
        with code.loop(code.layout.size(region)) as row:
            move(region, row)
    with code.loop(build.mul(code.field(Field.SUMMARY_COUNT), code.integer(SUMMARY_ROWS))) as row:
        move("summary", row)


# A lane comes to the time of its next action


def write_arrive(
    module: ir.Module, machine: Machine, layout: Layout, functions: Mapping[str, ir.Function]
) -> ir.Function:
    """``arrive(workspace, job, lane)``: do what is due now and set out for the next action.

    Returns 1 while there is something to integrate, 0 when the person has left.
    """
    code = LaneCode(module, "arrive", machine, [POINTER, INT], layout, returns=INT)
    build = code.builder
    lane = code.arguments[1]
    state = code.variable(INT, code.integer(2))  # 2 goes on, 1 integrates, 0 has left
    with code.repeat(lambda: code.equals(state.value, 2)):
        _act_all(code, functions, lane, state)
        with build.if_then(build.icmp_signed(">=", state.value, code.integer(1))):
            _record_here(code, functions, lane, state)
        with build.if_then(build.icmp_signed(">=", state.value, code.integer(1))):
            _set_out(code, functions, lane, state)
    return code.finish(state.value)


@contextmanager
def _case(code: LaneCode, kind: Any, act: Act) -> Iterator[None]:
    with code.builder.if_then(code.equals(kind, act)):
        yield


def _act_all(code: LaneCode, functions: Mapping[str, ir.Function], lane: Any, state: Any) -> None:
    """Every action of this moment but the end."""
    build = code.builder
    changed = code.variable(INT, code.integer(0))

    def due() -> Any:
        action = code.whole("action", lane)
        now = code.compare("<=", code.read(code.array(Field.ACT_TIME), action), code.load_lane("time", 0, lane))
        kind = code.read(code.array(Field.ACT_KIND), action, INT)
        not_end = build.icmp_signed("!=", kind, code.integer(Act.END))
        return build.and_(build.and_(now, not_end), build.icmp_signed(">=", state.value, code.integer(1)))

    with code.repeat(due):
        action = code.whole("action", lane)
        kind = code.read(code.array(Field.ACT_KIND), action, INT)
        index = code.read(code.array(Field.ACT_INDEX), action, INT)
        value = code.read(code.array(Field.ACT_VALUE), action)
        code.set_whole(build.add(action, code.integer(1)), "action", lane)
        code.store_lane(code.scalar(1.0), "fresh_step", 0, lane)
        code.store_lane(code.scalar(0.0), "since", 0, lane)
        with _case(code, kind, Act.ADD):
            _add(code, functions, lane, state, action, index, value)
        with _case(code, kind, Act.INFLOW):
            code.store_lane(value, "inflow", index, lane)
            _look_for_inflow(code)
        with _case(code, kind, Act.ASSIGN):
            code.store_lane(value, "parameter", index, lane)
            changed.value = code.integer(1)
        with _case(code, kind, Act.RESTART):
            _restart(code, functions, lane)
        with _case(code, kind, Act.SHIFT):
            with build.if_then(code.equals(changed.value, 1)):
                code.call(functions["given"])
            code.call(functions["rates"], code.load("time"))
            with code.loop(index) as row:
                target = build.add(row, index)
                moved = code.fused(value, code.load_lane("rate", row, lane), code.load_lane("state", target, lane))
                code.store_lane(moved, "state", target, lane)
        with _case(code, kind, Act.PAUSE):
            person = code.whole("person", lane)
            code.call(functions["flush"], code.job, lane)
            _exchange(code, lane, person, store=True)
            code.write(code.integer(PAUSED), code.array(Field.STATUS), person)
            state.value = code.integer(0)
    with build.if_then(code.equals(changed.value, 1)):
        code.call(functions["given"])


def _add(
    code: LaneCode,
    functions: Mapping[str, ir.Function],
    lane: Any,
    state: Any,
    action: Any,
    index: Any,
    value: Any,
) -> None:
    """A bolus; the share that arrives must be a finite number, 0 or more."""
    build = code.builder
    share = code.read(code.array(Field.ACT_SHARE), action, INT)
    factor = code.variable(DOUBLE, code.scalar(1.0))
    with build.if_then(build.icmp_signed(">=", share, code.integer(0))):
        factor.value = code.load_lane("parameter", share, lane)
    sound = build.and_(
        code.compare(">=", factor.value, code.scalar(0.0)), code.compare("<", factor.value, code.scalar(float("inf")))
    )
    with build.if_else(sound) as (then, otherwise):
        with then:
            amount = build.fmul(factor.value, value)
            code.store_lane(build.fadd(code.load_lane("state", index, lane), amount), "state", index, lane)
        with otherwise:
            code.call(functions["leave"], code.job, lane, code.integer(Status.EVENT_ERROR))
            state.value = code.integer(0)


def _record_here(code: LaneCode, functions: Mapping[str, ir.Function], lane: Any, state: Any) -> None:
    """Note every output time that is this moment, and those that are past."""
    build = code.builder
    time = code.load_lane("time", 0, lane)
    horizon = code.add(time, code.nearly(time))

    def due() -> Any:
        here = code.compare("<=", code.load_lane("next", 0, lane), horizon)
        return build.and_(here, build.icmp_signed(">=", state.value, code.integer(1)))

    with code.repeat(due):
        code.store(code.load("time"), "moment")
        code.store_lane(code.load_lane("next", 0, lane), "moment", 0, lane)
        with code.loop(code.layout.size("state")) as row:
            code.store(code.load("state", row), "observed", row)
        bad = build.and_(
            code.call(functions["record"], code.job, build.shl(code.integer(1), lane)), code.integer((1 << DUE) - 1)
        )
        with build.if_then(build.icmp_signed("!=", bad, code.integer(0))):
            code.call(functions["leave"], code.job, lane, code.integer(Status.NON_FINITE))
            state.value = code.integer(0)


def _set_out(code: LaneCode, functions: Mapping[str, ir.Function], lane: Any, state: Any) -> None:
    """The segment up to the next action; or, after the last, good-bye."""
    build = code.builder
    action = code.whole("action", lane)
    end = code.read(code.array(Field.ACT_TIME), action)
    kind = code.read(code.array(Field.ACT_KIND), action, INT)
    time = code.load_lane("time", 0, lane)
    remaining = code.subtract(end, time)
    done = build.and_(code.equals(kind, Act.END), code.compare("<=", remaining, code.scalar(0.0)))
    with build.if_else(done) as (then, otherwise):
        with then:
            code.call(functions["leave"], code.job, lane, code.integer(Status.OK))
            state.value = code.integer(0)
        with otherwise:
            close = code.compare("<=", remaining, code.nearly(end))
            with build.if_else(close) as (at_once, later):
                with at_once:
                    code.store_lane(end, "time", 0, lane)
                with later:
                    code.store_lane(end, "end", 0, lane)
                    code.store_lane(code.subtract(end, code.nearly(end)), "limit", 0, lane)
                    _first_length(code, functions, lane, remaining)
                    state.value = code.integer(1)


def _first_length(code: LaneCode, functions: Mapping[str, ir.Function], lane: Any, remaining: Any) -> None:
    """After an action, the first step that was accepted after the last one; at first, a small share of y / y'."""
    build = code.builder
    memory = code.load_lane("memory", 0, lane)
    fresh = code.compare(">", code.load_lane("fresh_step", 0, lane), code.scalar(0.0))
    length = code.load_lane("length", 0, lane)
    unknown = code.compare("<=", length, code.scalar(0.0))
    remembered = code.compare(">", memory, code.scalar(0.0))
    anew = build.or_(fresh, unknown)
    with build.if_then(build.and_(anew, remembered)):
        code.store_lane(memory, "length", 0, lane)
    with build.if_then(build.and_(anew, build.not_(remembered))):
        code.store_lane(code.scalar(1.0), "fresh_step", 0, lane)
        code.store_lane(_guess(code, functions, lane, remaining), "length", 0, lane)
    code.store_lane(code.scalar(0.0), "again", 0, lane)


def _guess(code: LaneCode, functions: Mapping[str, ir.Function], lane: Any, remaining: Any) -> Any:
    """A hundredth of the time in which the states would change by as much as they are."""
    build = code.builder
    code.call(functions["rates"], code.load("time"))
    sizes = [code.variable(DOUBLE, code.scalar(0.0)) for _ in range(2)]
    with code.loop(code.layout.size("state")) as row:
        value = code.load_lane("state", row, lane)
        relative = code.multiply(code.field(Field.RELATIVE, DOUBLE), code.absolute(value))
        allowed = code.add(relative, code.field(Field.ABSOLUTE, DOUBLE))
        for size, region in zip(sizes, ("state", "rate"), strict=True):
            share = code.divide(code.load_lane(region, row, lane), allowed)
            size.value = code.fused(share, share, size.value)
    ratio = code.divide(sizes[0].value, sizes[1].value)
    guess = code.multiply(code.scalar(0.01), code.intrinsic("llvm.sqrt", ratio))
    sound = build.and_(code.compare(">", guess, code.scalar(0.0)), code.compare("<", guess, code.scalar(1e300)))
    return code.least(code.select(sound, guess, code.multiply(code.scalar(1e-6), remaining)), remaining)
