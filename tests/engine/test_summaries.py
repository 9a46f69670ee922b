"""Summaries against the same numbers taken from the whole course with numpy."""

import math
import tracemalloc
from itertools import pairwise
from typing import get_args

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from lowdose.engine import Dose, EngineError, Status, Summary, compile, solve
from lowdose.engine.summary import SummaryKind

KINDS = get_args(SummaryKind)
OUTPUTS = ("Response", "Drug", "drive", "turnover")


def crossing(time, value, level):
    """Length above a level of a course of straight lines, crossing by crossing."""
    total = 0.0
    for (t0, v0), (t1, v1) in pairwise(zip(time, value, strict=True)):
        if v0 > level and v1 > level:
            total += t1 - t0
        elif (v0 > level) != (v1 > level):
            share = (level - v0) / (v1 - v0)
            total += (1.0 - share if v1 > level else share) * (t1 - t0)
        elif max(v0, v1) > level:
            total += t1 - t0
    return total


def expected(summary, times, course):
    inside = (summary.start <= times) & (times <= summary.end)
    time, value = times[inside], course[inside]
    integral = float(np.trapezoid(value, time)) if len(time) else 0.0
    if summary.kind == "integral":
        return integral
    if summary.kind == "time_above":
        return crossing(time, value, summary.level)
    if not len(time):
        return math.nan
    match summary.kind:
        case "max":
            return value.max()
        case "time_of_max":
            return time[value.argmax()]
        case "min":
            return value.min()
        case "time_of_min":
            return time[value.argmin()]
        case "last":
            return value[-1]
    return integral / (time[-1] - time[0]) if len(time) > 1 else math.nan


bounds = st.one_of(
    st.sampled_from([-math.inf, math.inf]),
    st.floats(-10.0, 60.0, allow_subnormal=False),  # the solver counts those as 0
    st.integers(0, 48).map(float),
)
summaries = st.builds(
    lambda output, kind, window, level: Summary(output, kind, min(window), max(window), level),
    st.sampled_from(OUTPUTS),
    st.sampled_from(KINDS),
    st.tuples(bounds, bounds),
    st.floats(-1.0, 12.0, allow_subnormal=False),
)
histories = st.lists(
    st.builds(
        lambda time, amount, length, lag: Dose(time, amount, "Drug", duration=length, lag=lag),
        st.floats(-5.0, 50.0),
        st.floats(0.0, 20.0),
        st.sampled_from([0.0, 2.5]),
        st.sampled_from([0.0, 1.0]),
    ),
    max_size=3,
)
grids = st.lists(st.integers(0, 96), min_size=1, max_size=12, unique=True).map(lambda ks: np.array(sorted(ks)) / 2.0)


@example([Summary(output, kind) for output in OUTPUTS for kind in KINDS], [[], []], np.linspace(0.0, 48.0, 97))
@example([Summary("Response", kind, 10.1, 10.2) for kind in KINDS], [[], []], np.linspace(0.0, 48.0, 97))
@example([Summary("Response", kind, 12.0, 12.0) for kind in KINDS], [[], []], np.linspace(0.0, 48.0, 97))
@example([Summary("turnover", "time_above", level=5.0), Summary("turnover", "time_of_max")], [[], []], np.arange(5.0))
@given(st.lists(summaries, min_size=1, max_size=8), st.lists(histories, min_size=1, max_size=5), grids)
def test_every_summary_is_that_of_the_whole_course(rhythm, wanted, events, times):
    whole = solve(rhythm, {}, events, OUTPUTS, times, rtol=1e-5)
    short = solve(rhythm, {}, events, (), times, summaries=wanted, rtol=1e-5)
    both = solve(rhythm, {}, events, OUTPUTS, times, summaries=wanted, rtol=1e-5, workers=2)
    assert short.values == {}
    assert not whole.failed
    assert np.array_equal(short.steps, whole.steps)
    assert list(short.summaries) == list(dict.fromkeys(wanted))
    for summary, found in short.summaries.items():
        assert found.shape == (len(events),)
        assert np.array_equal(found, both.summaries[summary], equal_nan=True)
        right = [expected(summary, times, course) for course in whole.values[summary.output]]
        exact = summary.kind in ("max", "min", "last", "time_of_max", "time_of_min")
        assert found == pytest.approx(right, rel=0.0 if exact else 1e-12, abs=0.0 if exact else 1e-9, nan_ok=True)
    for name in OUTPUTS:
        assert np.array_equal(both.values[name], whole.values[name])


def test_a_window_is_closed_and_needs_no_output_time_at_its_ends(rhythm):
    times = np.arange(0.0, 49.0)
    within, around = Summary("drive", "integral", 12.0, 24.0), Summary("drive", "integral", 11.5, 24.9)
    found = solve(rhythm, {}, [[]], (), times, summaries=[within, around]).summaries
    assert found[within][0] == found[around][0] != 0.0


def test_windows_without_an_output_time(rhythm):
    empty = {kind: Summary("Response", kind, 1.25, 1.75) for kind in KINDS}
    beyond = {kind: Summary("Response", kind, 100.0) for kind in KINDS}
    solution = solve(rhythm, {}, [[], []], (), np.arange(5.0), summaries=[*empty.values(), *beyond.values()])
    assert not solution.failed
    for group in (empty, beyond):
        for kind, summary in group.items():
            values = solution.summaries[summary]
            assert (values == 0.0).all() if kind in ("integral", "time_above") else np.isnan(values).all()


def test_a_summary_sees_the_value_after_the_events_of_its_time(rhythm):
    events = [[Dose(1.0, 7.0, "Drug")]]
    peak, when = Summary("Drug", "max"), Summary("Drug", "time_of_max")
    found = solve(rhythm, {}, events, (), [0.0, 1.0, 2.0], summaries=[peak, when]).summaries
    assert (found[peak][0], found[when][0]) == (7.0, 1.0)


def test_summaries_go_on_after_a_steady_state(rhythm):
    events = [[Dose(0.0, 3.0, "Drug"), Dose(10.0, 5.0, "Drug", interval=24.0, steady_state=1), Dose(20.0, 2.0, "Drug")]]
    times = np.linspace(0.0, 30.0, 61)
    wanted = [Summary("Response", kind, 5.0, 25.0, level=4.0) for kind in KINDS]
    course = solve(rhythm, {}, events, ["Response"], times).values["Response"][0]
    found = solve(rhythm, {}, events, (), times, summaries=wanted).summaries
    for summary in wanted:
        assert found[summary][0] == pytest.approx(expected(summary, times, course), rel=1e-12)


def test_those_who_fail_have_none(make_sbml):
    model = compile(make_sbml("model m; a = 0; x = 1; x' = a*x^2; y := ln(3 - x); end", "m"))
    wanted = [Summary(output, kind) for output in ("x", "y") for kind in KINDS]
    wanted += [Summary("x", kind, 90.0) for kind in KINDS]
    solution = solve(model, {"a": [0.0, 1.0, 0.9, math.nan]}, [[]] * 4, (), [0.0, 0.9, 2.0], summaries=wanted)
    assert list(solution.failed) == [1, 2, 3]
    assert solution.failed[3] is Status.NON_FINITE
    for summary, values in solution.summaries.items():
        assert np.isnan(values[1:]).all()
        if summary.start < 0.0:
            assert np.isfinite(values[0])


def test_summaries_of_many_people_need_no_memory_for_their_course(rhythm):
    people, times = 4000, np.linspace(0.0, 6.0, 1000)
    wanted = [Summary("Response", "max"), Summary("Echo", "mean")]
    solve(rhythm, {}, [[]], (), times, summaries=wanted)
    records = []
    tracemalloc.start()
    try:
        solution = solve(rhythm, {}, [records] * people, (), times, summaries=wanted, rtol=1e-3, atol=1e-3)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert not solution.failed
    assert peak < 0.2 * people * len(times) * 8


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("x", "median"), "no summary is called"),
        (("x", "max", 2.0, 1.0), "without a window"),
        (("x", "max", math.nan), "without a window"),
        (("x", "time_above", 0.0, 1.0, math.nan), "without a window or level"),
    ],
)
def test_refused(arguments, message):
    with pytest.raises(EngineError, match=message):
        Summary(*arguments)


def test_an_unknown_output_is_refused(rhythm):
    with pytest.raises(EngineError, match="no output is named"):
        solve(rhythm, {}, [[]], (), [0.0], summaries=[Summary("Responze", "max")])
