"""Daily means, taken of everybody at once, are those of one row after another."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from lowdose.charts.curves import _daily_means
from lowdose.charts.periods import DAY, Period
from lowdose.results import Ensemble


@given(st.integers(0, 2**32), st.integers(1, 6), st.floats(0, 30), st.integers(1, 6))
def test_daily_means_are_those_of_each_row(seed, people, begin, days):
    random = np.random.default_rng(seed)
    time = np.unique(np.concatenate([np.arange(0, 120, 7.0), random.uniform(0, 120, 50)]))
    values = random.random((people, len(time)))
    period = Period("course", "", begin, begin + days * DAY)
    borders = np.arange(period.start, period.stop + 1e-9, DAY)
    steps = np.diff(time) * (values[:, 1:] + values[:, :-1]) / 2
    area = np.concatenate([np.zeros((people, 1)), np.cumsum(steps, axis=1)], axis=1)
    expected = np.diff([np.interp(borders, time, row) for row in area], axis=1) / DAY
    hours, found = _daily_means(Ensemble("people", time, {"x": values}, {}, {}, {}), "x", period)
    np.testing.assert_allclose(found, expected, rtol=1e-10, atol=1e-13)
    np.testing.assert_array_equal(hours, borders[:-1] + DAY / 2)
