"""Metrics against courses whose answer is known."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lowdose.results.metrics import (
    Course,
    Timing,
    area,
    area_to_infinity,
    half_life,
    per_person,
    percentiles,
    time_above,
    time_below,
)

positive = st.floats(0.01, 100)


def course(time, values, window=(4.0, 16.0), doses=(0.0,)):
    return Course(time, np.atleast_2d(values), Timing(22.0, np.array(doses), time[-1]), np.array([1.0]), window)


@given(positive, st.floats(0.05, 3))
def test_area_of_an_exponential_is_exact_when_falling(height, rate):
    time = np.linspace(0, 10, 11)
    exact = height / rate * (1 - np.exp(-rate * 10))
    assert area(time, height * np.exp(-rate * time)[None])[0] == pytest.approx(exact, rel=1e-9)


def test_area_is_linear_while_rising_and_down_to_zero():
    assert area(np.array([0.0, 1.0, 3.0]), np.array([[0.0, 2.0, 0.0]]))[0] == pytest.approx(3.0)
    assert area(np.array([0.0, 1.0]), np.array([[2.0, 2.0]]))[0] == pytest.approx(2.0)


@given(positive, st.floats(1, 12))
def test_half_life_is_recovered(height, life):
    time = np.linspace(4, 16, 25)
    assert half_life(time, height * 0.5 ** (time[None] / life))[0] == pytest.approx(life)


def test_half_life_of_what_does_not_fall_does_not_exist():
    time = np.linspace(4, 16, 5)
    assert np.isnan(half_life(time, np.ones((1, 5)))).all()
    assert np.isnan(half_life(time, np.zeros((1, 5)))).all()
    assert np.isnan(half_life(time[:2], np.array([[2.0, 1.0]]))).all()


def test_area_to_infinity_is_refused_when_too_much_would_be_extrapolated():
    time = np.linspace(0, 24, 97)
    short, long = 0.5 ** (time / 3), 0.5 ** (time / 40)
    assert area_to_infinity(course(time, long))[1][0] > 0.2
    assert np.isnan(per_person("auc_inf", course(time, long))[0])
    assert per_person("auc_inf", course(time, short))[0] == pytest.approx(3 / np.log(2), rel=1e-6)
    assert np.isnan(per_person("auc_inf", course(time, short, doses=(0.0, 4.0)))[0])


@given(st.floats(0.05, 0.95))
def test_hours_above_a_level_of_a_triangle(level):
    time, values = np.array([0.0, 5.0, 10.0]), np.array([[0.0, 1.0, 0.0]])
    assert time_above(time, values, level)[0] == pytest.approx(10 * (1 - level))
    assert time_below(time, values, level)[0] == pytest.approx(10 - 5 * level)


def test_hours_until_below_counts_the_last_crossing():
    time = np.arange(5.0)
    assert time_below(time, np.array([[0.5, 0.1, 0.5, 0.1, 0.0]]), 0.3)[0] == pytest.approx(2.5)
    assert time_below(time, np.array([[0.1, 0.1, 0.1, 0.1, 0.1]]), 0.3)[0] == 0
    assert np.isnan(time_below(time, np.array([[0.5, 0.5, 0.5, 0.5, 0.5]]), 0.3)[0])


def test_tmax_counts_from_the_dose_before_the_peak():
    time = np.linspace(0, 48, 49)
    values = np.where(time == 26, 5.0, 1.0)
    assert per_person("tmax", course(time, values, doses=(0.0, 24.0)))[0] == 2


def test_a_person_who_never_reaches_the_event_counts_as_later_than_all_others():
    solved = np.ones(10, dtype=bool)
    never = np.array([1.0, 2, 3, 4, 5, 6, 7, 8, np.nan, np.nan])
    assert percentiles(never, solved)["p95"] is None
    assert percentiles(never, solved)["p50"] in (5.0, 6.0)
    assert percentiles(never, np.zeros(10, dtype=bool)) == {"p05": None, "p50": None, "p95": None}


def test_every_gap_between_doses_is_seen_hourly_and_every_window_lies_on_the_grid():
    from lowdose.results.grid import AFTERMATH_HOURS, observation_times

    for doses in ((), (48.0,), (0.0, 168.0, 336.0), (0.0, 24.0, 120.0)):
        last = doses[-1] if doses else 0.0
        times = observation_times(Timing(22.0, np.array(doses), last + AFTERMATH_HOURS))
        before = times[times <= last + 240]
        assert np.diff(before).max() <= (2.0 if doses else 1.0)
        windows = (last + 4, last + 8, last + 16, last + 24, last + 36) if doses else ()
        for edge in (0.0, 24.0, *doses, *windows):
            assert edge in times
