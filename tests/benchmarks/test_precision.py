"""The error measure, work-precision curves and ratios, on cases with a known answer."""

from __future__ import annotations

import math

import numpy as np
import pytest

from benchmarks.precision import Point, Ratio, cheapest, errors, front, ratio, seconds_at

EVERYWHERE = np.array([True, True, True])


def course(*values: float) -> np.ndarray:
    return np.array(values, dtype=float).reshape(1, -1, 1)


def test_error_is_relative_with_a_floor_of_a_thousandth_of_the_largest_value() -> None:
    reference = course(0.0, 1.0, 10.0)
    largest, _ = errors(course(0.001, 1.0, 10.0), reference, EVERYWHERE)
    assert largest == pytest.approx(0.001 / 0.01)
    largest, mean = errors(course(0.0, 1.0, 10.1), reference, EVERYWHERE)
    assert largest == pytest.approx(0.1 / 10.01)
    assert mean == pytest.approx(largest / math.sqrt(3.0))


def test_error_leaves_out_what_it_is_told_to() -> None:
    where = np.array([True, False, True])
    assert errors(course(1.0, 5.0, 1.0), course(1.0, 1.0, 1.0), where) == (0.0, 0.0)


def test_a_state_that_stays_0_must_be_0() -> None:
    assert errors(course(0.0, 0.0, 0.0), course(0.0, 0.0, 0.0), EVERYWHERE)[0] == 0.0
    assert errors(course(0.0, 1e-9, 0.0), course(0.0, 0.0, 0.0), EVERYWHERE)[0] == math.inf


def test_a_result_that_is_not_a_number_is_as_wrong_as_can_be() -> None:
    assert errors(course(1.0, math.nan, 1.0), course(1.0, 1.0, 1.0), EVERYWHERE)[0] == math.inf


def test_the_front_drops_what_another_point_beats() -> None:
    slow_and_wrong = Point(1e-5, 1e-4, 5.0)
    good, cheap = Point(1e-7, 1e-7, 3.0), Point(1e-6, 1e-5, 1.0)
    assert front([slow_and_wrong, cheap, good]) == [good, cheap]


CURVE = [Point(1e-5, 1e-4, 1.0), Point(1e-6, 1e-6, 10.0), Point(1e-7, 1e-8, 100.0)]


@pytest.mark.parametrize(
    ("target", "expected"), [(1e-6, 10.0), (1e-5, math.sqrt(10.0)), (1e-3, 1.0), (1e-8, 100.0), (1e-9, None)]
)
def test_time_at_an_error_lies_on_the_curve_and_never_beyond_it(target: float, expected: float | None) -> None:
    assert seconds_at(CURVE, target) == (None if expected is None else pytest.approx(expected))


def test_the_cheapest_point_is_a_measured_one() -> None:
    assert cheapest(CURVE, 1e-5) == CURVE[1]
    assert cheapest(CURVE, 1e-9) is None


def test_a_ratio_is_taken_within_each_round() -> None:
    """The second round was twice as slow for both, which says nothing; the third only for them."""
    ours = [[Point(1e-6, 1e-6, seconds)] for seconds in (1.0, 2.0, 1.0)]
    theirs = [[Point(1e-8, 1e-6, seconds)] for seconds in (30.0, 60.0, 60.0)]
    assert ratio(theirs, ours, 5e-6) == Ratio(30.0, 30.0, 60.0)


def test_a_peer_that_wins_is_below_one() -> None:
    found = ratio([[Point(1e-6, 1e-6, 1.0)]], [[Point(1e-6, 1e-6, 4.0)]])
    assert found.median == pytest.approx(0.25)


def test_there_is_no_ratio_where_one_never_reached_the_error() -> None:
    assert ratio([[Point(1e-9, 1e-3, 1.0)]], [[Point(1e-6, 1e-6, 1.0)]]) == Ratio(None, None, None)
