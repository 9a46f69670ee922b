"""The metrics are computed for all persons at once: the numbers are those of the plain forms, one person at a time."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from lowdose.model import outputs
from lowdose.results.ensemble import Ensemble
from lowdose.results.metrics import (
    PERCENTILES,
    Course,
    Timing,
    area,
    half_life,
    measure,
    per_person,
    percentiles,
    time_above,
    time_below,
)

shapes = st.tuples(st.integers(1, 7), st.integers(3, 40))
levels = st.sampled_from([0.0, 0.1, 0.2, 0.25, 0.5, 0.9, 1.0])
courses = hnp.arrays(float, shapes, elements=st.one_of(levels, st.floats(0, 1, allow_subnormal=False)))
DIFFERENT = 1e-13
"""Relative difference that another order of summing may make."""


def grid(values):
    """Uneven times, as a run has them."""
    return np.cumsum(np.tile([0.05, 0.05, 0.25, 1.0, 2.0], 8))[: values.shape[1]]


def plain_time_below(time, row, level):
    above = row >= level
    if above[-1]:
        return np.nan
    if not above.any():
        return 0.0
    last = int(np.flatnonzero(above)[-1])
    high, low = row[last], row[last + 1]
    return time[last] + (high - level) / (high - low) * (time[last + 1] - time[last]) - time[0]


def plain_time_above(time, row, level):
    hours = 0.0
    for left, right, step in zip(row[:-1] - level, row[1:] - level, np.diff(time), strict=True):
        height = abs(left) + abs(right)
        share = (max(left, 0.0) + max(right, 0.0)) / height if height > 0 else 0.0
        hours += step * (1.0 if left > 0 and right > 0 else share)
    return hours


def plain_area(time, row):
    whole = 0.0
    for left, right, step in zip(row[:-1], row[1:], np.diff(time), strict=True):
        falling = right < left and right > 0
        whole += step * ((left - right) / np.log(left / right) if falling else (left + right) / 2)
    return whole


@given(courses, levels)
def test_hours_until_below_are_those_of_each_row(values, level):
    time = grid(values)
    expected = [plain_time_below(time, row, level) for row in values]
    np.testing.assert_array_equal(time_below(time, values, level), expected)


@given(courses, levels)
def test_hours_above_are_those_of_each_row(values, level):
    time = grid(values)
    expected = [plain_time_above(time, row, level) for row in values]
    np.testing.assert_allclose(time_above(time, values, level), expected, rtol=DIFFERENT, atol=1e-15)


@given(courses)
def test_areas_are_those_of_each_row(values):
    time = grid(values)
    expected = [plain_area(time, row) for row in values]
    np.testing.assert_allclose(area(time, values), expected, rtol=1e-12, atol=1e-15)


@given(courses)
def test_half_lives_are_those_of_a_regression_by_matrix_product(values):
    time, values = grid(values), values + 0.1
    logs, centred = np.log(values), time - time.mean()
    slope = logs @ centred / (centred @ centred)
    assume((np.abs(slope) > 1e-9).all())  # the sign of a slope of zero is chance
    expected = np.where(slope < 0, np.log(2) / -slope, np.nan)
    np.testing.assert_allclose(half_life(time, values), expected, rtol=1e-6)


@given(st.floats(0, 30), st.floats(0, 30))
def test_a_window_holds_what_lies_within_it(start, stop):
    time = grid(np.zeros((1, 40)))
    values = np.arange(80.0).reshape(2, 40)
    inside = (time >= start - 1e-9) & (time <= stop + 1e-9)
    found = Course(time, values, Timing(22.0, np.array([0.0]), 30.0), np.ones(2), None).between(start, stop)
    np.testing.assert_array_equal(found[0], time[inside])
    np.testing.assert_array_equal(found[1], values[:, inside])


@given(hnp.arrays(float, st.integers(1, 30), elements=st.one_of(st.floats(0, 10), st.just(np.nan))))
def test_percentiles_are_those_taken_one_by_one(found):
    ranked = np.where(np.isfinite(found), found, np.inf)
    method = "nearest" if np.isinf(ranked).any() else "linear"
    for label, share in PERCENTILES.items():
        expected = float(np.quantile(ranked, share, method=method))
        assert percentiles(found, np.ones(len(found), dtype=bool))[label] == (
            expected if np.isfinite(expected) else None
        )


@given(st.integers(0, 2**32), st.integers(1, 40), st.data())
def test_a_person_has_the_same_metrics_to_the_last_bit_alone_or_among_others(seed, people, data):
    time = np.unique(np.concatenate([np.arange(0, 24, 0.25), np.arange(24, 400, 1.0)]))
    values = np.random.default_rng(seed).random((people, len(time))) * np.exp(-0.01 * time)
    first = data.draw(st.integers(0, people - 1))
    last = data.draw(st.integers(first + 1, people))
    timing = Timing(22.0, np.array([0.0]), 400.0)
    for output in outputs().values():
        for metric in measure("x", output, timing, one(time, values[:1]), {}):
            whole, part = (
                per_person(metric, Course(time, rows, timing, np.ones(len(rows)), output.half_life_window_h))
                for rows in (values, np.ascontiguousarray(values[first:last]))
            )
            assert whole[first:last].tobytes() == part.tobytes(), metric


def one(time, values):
    return Ensemble("typical", time, {"x": values}, {}, {}, {"x": np.ones(1)})


def test_failed_persons_are_left_out_of_quantiles():
    values = np.array([[1.0, 2.0], [np.nan, np.nan], [3.0, 4.0]])
    ensemble = Ensemble("people", np.arange(2.0), {"x": values}, {1: "why"}, {}, {})
    np.testing.assert_array_equal(ensemble.quantiles("x", (0.0, 1.0)), [[1.0, 2.0], [3.0, 4.0]])


@pytest.mark.parametrize("hypothesis_name", ["effect-site", "imposed"])
def test_persons_of_whom_nothing_enters_the_records_share_them(hypothesis_name):
    from lowdose import simulate

    found = simulate("3 mg nightly for 2 days", people=3, hypothesis_name=hypothesis_name, aftermath_hours=36)
    records = found.bands["people"].records
    assert all(own is records[0] for own in records)
    assert [record.time for record in records[0]][:2] == [0.0, 24.0]
    assert len(records[0]) == (2 if hypothesis_name == "effect-site" else 6)
