"""Noting outputs down: whole courses into arrays, and summaries as they go."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import llvmlite.ir as ir

from lowdose.engine.native.code import DOUBLE, INT, POINTER, Layout
from lowdose.engine.native.job import SUMMARY_ROWS, TOGETHER, Field, Fold
from lowdose.engine.native.lane import LaneCode
from lowdose.engine.native.machine import Machine

__all__ = ["DUE", "write_flush", "write_record"]

DUE = 16
"""First of the bits that tell which lanes have more to note."""


def write_record(
    module: ir.Module, machine: Machine, layout: Layout, functions: Mapping[str, ir.Function]
) -> ir.Function:
    """``record(workspace, job, bits)``: note the outputs at ``moment`` for some lanes, states being in ``observed``.

    Returns the lanes in which an output or what is summarised is not finite and, from bit `DUE` on, those of the others
    whose next output time lies inside the step too. (Looking for them here, one by one, and not at once in the caller,
    spares the processor from waiting until all that was noted has reached its memory.)
    """
    code = LaneCode(module, "record", machine, [POINTER, INT], layout, returns=INT)
    build, bits = code.builder, code.arguments[1]
    with build.if_then(build.icmp_signed("!=", code.field(Field.FORMULAS), code.integer(0))):
        code.call(functions["observe"], code.load("moment"))
    bad = code.variable(code.lanes, code.number(0.0))
    count, rows = code.field(Field.OUTPUT_COUNT), code.array(Field.OUTPUTS)
    with code.loop(count) as output:
        value = code.load("observed", code.read(rows, output, INT))
        bad.value = build.fadd(bad.value, build.fsub(value, value))
    _summarise(code, bits, bad)
    due = code.variable(INT, code.integer(0))
    with code.each_lane(bits) as lane:
        saved = code.whole("saved", lane)
        slot = build.sub(saved, code.whole("flushed", lane))
        first = build.add(_first_kept(code, lane), slot)
        with code.loop(count) as output:
            value = code.load_lane("observed", code.read(rows, output, INT), lane)
            code.write(value, code.workspace, build.add(first, build.mul(output, code.integer(TOGETHER))))
        saved = build.add(saved, code.integer(1))
        code.set_whole(saved, "saved", lane)
        with build.if_then(code.equals(slot, TOGETHER - 1)):
            code.call(functions["flush"], code.job, lane)
        following = code.next_output(saved)
        code.store_lane(following, "next", 0, lane)
        code.store_lane(code.scalar(0.0), "since", 0, lane)
        inside = build.and_(
            code.compare("<=", following, code.load_lane("later", 0, lane)),
            code.compare("<", following, code.load_lane("limit", 0, lane)),
        )
        due.value = build.or_(due.value, build.shl(build.zext(inside, INT), lane))
    is_bad = code.compare("!=", bad.value, code.number(0.0))
    broken = build.and_(code.bits(is_bad), bits)
    again = build.and_(due.value, build.not_(broken))
    return code.finish(build.or_(broken, build.shl(again, code.integer(DUE))))


def write_flush(module: ir.Module, machine: Machine, layout: Layout) -> ir.Function:
    """``flush(workspace, job, lane)``: put what was noted of a lane where it belongs.

    Courses of one person lie far apart, so values go there by `TOGETHER` moments, which is one line of the cache.
    """
    code = LaneCode(module, "flush", machine, [POINTER, INT], layout)
    build, lane = code.builder, code.arguments[1]
    saved, flushed = code.whole("saved", lane), code.whole("flushed", lane)
    count, moments = build.sub(saved, flushed), code.field(Field.TIME_COUNT)
    stride = build.mul(code.field(Field.PEOPLE), moments)
    begin = build.add(build.mul(code.whole("person", lane), moments), flushed)
    values, line = code.array(Field.VALUES), ir.VectorType(DOUBLE, TOGETHER)
    first = _first_kept(code, lane)
    with code.loop(code.field(Field.OUTPUT_COUNT)) as output:
        target = build.add(begin, build.mul(output, stride))
        kept = build.add(first, build.mul(output, code.integer(TOGETHER)))
        with build.if_else(code.equals(count, TOGETHER)) as (whole, part):
            with whole:
                several = build.load(code.element(code.workspace, kept), typ=line, align=8)
                build.store(several, code.element(values, target), align=8)
            with part, code.loop(count) as slot:
                value = code.read(code.workspace, build.add(kept, slot))
                code.write(value, values, build.add(target, slot))
    code.set_whole(saved, "flushed", lane)
    return code.finish()


def _first_kept(code: LaneCode, lane: Any) -> Any:
    """Where in the workspace the values of a lane wait for the others of their line; behind the summaries' rows."""
    build = code.builder
    summaries = build.mul(code.field(Field.SUMMARY_COUNT), code.integer(SUMMARY_ROWS))
    rows = build.add(code.integer(code.layout["summary"]), summaries)
    lines = build.mul(lane, code.field(Field.OUTPUT_COUNT))
    return build.add(build.mul(rows, code.integer(code.width)), build.mul(lines, code.integer(TOGETHER)))


def _summarise(code: LaneCode, bits: Any, bad: Any) -> None:
    """Take the present values into every summary whose window is open."""
    build = code.builder
    time, lanes = code.load("moment"), code.truths(bits)
    with code.loop(code.field(Field.SUMMARY_COUNT)) as number:
        value = code.load("observed", code.read(code.array(Field.SUMMARY_OUTPUT), number, INT))
        bad.value = build.fadd(bad.value, build.fsub(value, value))
        place = build.mul(number, code.integer(3))
        start, stop, level = (
            code.spread(code.read(code.array(Field.SUMMARY_RANGE), build.add(place, code.integer(i)))) for i in range(3)
        )
        inside = build.and_(code.compare(">=", time, start), code.compare("<=", time, stop))
        open_ = build.and_(inside, lanes)
        first = build.mul(number, code.integer(SUMMARY_ROWS))
        rows = [build.add(first, code.integer(i)) for i in range(SUMMARY_ROWS)]
        total, beside, before, earlier = (code.load("summary", row) for row in rows)
        has_before = code.compare("==", earlier, earlier)  # NaN before the first
        kind = code.read(code.array(Field.SUMMARY_KIND), number, INT)
        new_total, new_beside = code.variable(code.lanes, total), code.variable(code.lanes, beside)
        for fold, operator in ((Fold.LARGEST, ">"), (Fold.SMALLEST, "<")):
            with build.if_then(code.equals(kind, fold)):
                better = build.or_(code.compare(operator, value, total), build.not_(has_before))
                new_total.value = code.select(better, value, total)
                new_beside.value = code.select(better, time, beside)
        span = code.select(has_before, code.subtract(time, earlier), code.number(0.0))
        with build.if_then(code.equals(kind, Fold.INTEGRAL)):
            height = code.select(has_before, code.add(value, before), code.number(0.0))
            new_total.value = code.fused(code.multiply(span, code.number(0.5)), height, total)
            new_beside.value = code.add(beside, span)
        with build.if_then(code.equals(kind, Fold.ABOVE)):
            new_total.value = code.add(total, code.multiply(span, _share_above(code, before, value, level)))
        with build.if_then(code.equals(kind, Fold.LAST)):
            new_total.value = value
        for row, new, old in zip(
            rows, (new_total.value, new_beside.value, value, time), (total, beside, before, earlier), strict=True
        ):
            code.store(code.select(open_, new, old), "summary", row)


def _share_above(code: LaneCode, before: Any, after: Any, level: Any) -> Any:
    """Share of a straight line from ``before`` to ``after`` that lies above a level."""
    zero = code.number(0.0)
    left, right = code.subtract(before, level), code.subtract(after, level)
    up = code.add(code.largest(left, zero), code.largest(right, zero))
    height = code.add(code.absolute(left), code.absolute(right))
    some = code.compare(">", height, zero)
    return code.select(some, code.divide(up, code.select(some, height, code.number(1.0))), zero)
