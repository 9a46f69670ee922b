"""The observation model against brute force, and the control arms against the model's own terms."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from lowdose import simulate
from lowdose.calibrate.mechanisms.likelihood import log_density
from lowdose.calibrate.mechanisms.outcomes import Difference, trials
from lowdose.calibrate.mechanisms.placebo import fall
from lowdose.calibrate.mechanisms.predictions import improvements


def seen(value, error=0.2, known="measured"):
    return Difference("x", "pain", known, value, error, 1.96 * error)


def at(differences, x, gain, tau):
    return float(log_density(differences, np.asarray(x, float), np.array([gain]), np.array([tau]))[0])


def covariance(errors, tau):
    errors = np.asarray(errors)
    load = np.sqrt(tau**2 + 0.5 * errors**2)
    return np.outer(load, load) + np.diag(0.5 * errors**2)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.tuples(st.floats(-1, 1), st.floats(0.05, 0.6), st.floats(-0.4, 0.4)), min_size=2, max_size=4),
    st.floats(0, 6),
    st.floats(0, 0.8),
)
def test_measured_outcomes_of_one_trial_are_jointly_normal(outcomes, gain, tau):
    values, errors, x = map(np.array, zip(*outcomes, strict=True))
    expected = stats.multivariate_normal(gain * x, covariance(errors, tau)).logpdf(values)
    found = at([seen(v, e) for v, e in zip(values, errors, strict=True)], x, gain, tau)
    assert found == pytest.approx(float(expected), rel=1e-9, abs=1e-9)


@pytest.mark.parametrize("tau", [0.0, 0.2, 0.7])
def test_what_is_only_partly_known_counts_all_that_it_may_be(tau):
    """Mixed with a measured outcome: the sum over fine steps of the joint density."""
    errors, x, gain = [0.2, 0.19, 0.21], np.array([0.1, 0.08, -0.2]), 2.0
    joint = stats.multivariate_normal(gain * x, covariance(errors, tau))
    edge = 1.96 * errors[1]
    steps = np.linspace(-edge, edge, 4001)
    by_sign = []
    for sign in (1, -1):
        points = np.column_stack([np.full_like(steps, 0.3), steps, np.full_like(steps, sign * 0.25)])
        by_sign.append(np.trapezoid(joint.pdf(points), steps))
    differences = [seen(0.3, errors[0]), seen(0.0, errors[1], "not significant"), seen(0.25, errors[2], "size")]
    assert at(differences, x, gain, tau) == pytest.approx(np.log(sum(by_sign)), abs=2e-3)


def test_a_trial_without_a_difference_is_likelier_where_none_is_predicted():
    nothing = [seen(0.0, 0.2, "not significant")]
    assert at(nothing, [0.0], 3.0, 0.0) == pytest.approx(np.log(0.95), abs=1e-3)
    assert at(nothing, [0.3], 3.0, 0.0) < at(nothing, [0.0], 3.0, 0.0)


def test_control_arms_fall_as_the_model_lets_reported_pain_fall():
    values = {"placebo_max": 0.2, "regression_max": 0.07, "course_max": 0.05}
    result = simulate(
        "0.1 mg nightly at 22:00 for 12 weeks", hypothesis_name="placebo-only", overrides={**values, "enrolled": 1.0}
    )
    time = result.typical.time
    for week in (1, 4, 12):
        place = int(np.argmin(np.abs(time - 168 * week)))
        expected = 1 - float(result.typical.values["reported_pain"][0, place])
        own = float(fall({name: np.array([value]) for name, value in values.items()}, time[place] / 168)[0])
        assert own == pytest.approx(expected, abs=1e-5)


def test_predicted_improvements_are_those_of_the_main_job():
    arthritis = trials("held-out")[0]
    result = simulate(arthritis.regimen, hypothesis_name="partial-block", aftermath_hours=36)
    pain = result.metrics["pain"]["mean_last_day"].value
    found = improvements(trials(), "effect-site")["partial-block"][len(trials("fitted"))][0]
    assert found == pytest.approx(1 - pain, abs=2e-3)
