"""The core of every fit: scores and values, maxima, samples, and the refusal to report what cannot be relied on."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lowdose.calibrate import NotEnoughKnown, Population, Problem, Unknown, maximum_a_posteriori, sample
from lowdose.calibrate.maximum import maximum_likelihood

PLAIN = Unknown("a", "1", 0.0, 1.0, "plain")


def normal(seen, spread=1.0):
    return Problem("one number", (PLAIN,), lambda v: -0.5 * ((seen - v["a"]) / spread) ** 2)


@given(
    st.sampled_from(["log", "logit", "plain"]),
    st.floats(0.05, 0.95),
    st.floats(0.1, 3.0),
    st.floats(-3, 3),
)
def test_scores_and_values_are_each_other_s_inverse(scale, median, spread, score):
    unknown = Unknown("x", "1", median, spread, scale)
    assert float(unknown.value(np.array(0.0))) == pytest.approx(median)
    assert float(unknown.score(unknown.value(np.array(score)))) == pytest.approx(score, abs=1e-6)


def test_the_maximum_and_its_curvature_are_the_conjugate_answer():
    found = maximum_a_posteriori(normal(2.0, spread=0.5))
    assert found.values["a"] == pytest.approx(2.0 * 0.8, abs=1e-3)
    assert found.covariance[0, 0] == pytest.approx(0.2, rel=1e-3)
    assert found.agreeing == found.starts
    assert found.not_identified == ()


def test_without_a_prior_the_data_alone_decide():
    assert maximum_likelihood(normal(2.0, spread=0.5))["a"] == pytest.approx(2.0, abs=0.01)


def test_a_parameter_the_data_do_not_touch_is_named():
    other = Unknown("b", "1", 1.0, 1.0)
    problem = Problem("only a", (PLAIN, other), lambda v: -0.5 * ((1.0 - v["a"]) / 0.1) ** 2)
    assert maximum_a_posteriori(problem).not_identified == ("b",)
    assert sample(problem).spread_left["b"] > 0.8


def test_two_maxima_are_both_seen_and_the_higher_is_taken():
    def two(v):
        return np.logaddexp(-0.5 * ((v["a"] + 2) / 0.1) ** 2, 1.0 - 0.5 * ((v["a"] - 2) / 0.1) ** 2)

    found = maximum_a_posteriori(Problem("two", (PLAIN,), two))
    assert found.values["a"] == pytest.approx(1.98, abs=0.02)
    assert found.agreeing < found.starts


def test_a_sample_has_the_conjugate_answer_and_is_the_same_again():
    once, again = sample(normal(2.0)), sample(normal(2.0))
    assert np.array_equal(once.scores, again.scores)
    assert not np.array_equal(once.scores, sample(normal(2.0), seed=2).scores)
    draws = once.values["a"]
    error = once.diagnostics.error_of_mean["a"] * draws.std()
    assert draws.mean() == pytest.approx(1.0, abs=4 * error)
    assert draws.std() == pytest.approx(0.5**0.5, rel=0.05)
    low, high = once.interval("a")
    assert (low, high) == (
        pytest.approx(1 - 1.645 * 0.5**0.5, abs=0.08),
        pytest.approx(1 + 1.645 * 0.5**0.5, abs=0.08),
    )


def test_a_sample_that_fails_its_diagnostics_cannot_be_had():
    many = tuple(Unknown(f"a{i}", "1", 0.0, 1.0, "plain") for i in range(8))

    def thin(v):
        """A long thin ridge: walkers crawl along it."""
        total = sum(v.values())
        return -0.5 * (total / 1e-3) ** 2 - 0.5 * ((v["a0"] - v["a1"] ** 2) / 1e-3) ** 2

    with pytest.raises(NotEnoughKnown, match=r"may not be reported: R-hat of a\d is") as refusal:
        sample(Problem("a thin ridge", many, thin), tries=1)
    assert refusal.value.remedy
    assert refusal.value.exit_code == 5


def test_too_few_draws_are_refused_and_more_are_made_where_that_helps():
    with pytest.raises(NotEnoughKnown, match="effective draws"):
        sample(normal(1.0), walkers=8, steps=20, tries=1)
    assert sample(normal(1.0), walkers=8, steps=20, tries=10).steps > 20


def test_ensembles_that_are_still_on_their_way_together_are_refused():
    """R-hat cannot see it: all of them are equally far from where they are going."""
    far = Problem("far off", (PLAIN,), lambda v: -0.5 * ((v["a"] - 30.0) / 0.01) ** 2)
    with pytest.raises(NotEnoughKnown, match="still drifts"):
        sample(far, steps=30, tries=1)


def test_data_without_a_density_are_refused():
    nowhere = Problem("nowhere", (PLAIN,), lambda v: np.full(len(v["a"]), np.nan))
    for fit in (maximum_a_posteriori, sample, maximum_likelihood):
        with pytest.raises(NotEnoughKnown, match="no finite density"):
            fit(nowhere)


def test_a_linear_population_is_integrated_exactly():
    rng = np.random.default_rng(5)
    seen = np.exp(0.2 + 0.02 * rng.standard_normal((6, 1))) + 0.05 * rng.standard_normal((6, 4))
    people = Population(
        [Unknown("level", "1", 1.0, 1.0)],
        seen,
        lambda persons, who: np.repeat(persons, 4, axis=1),
        between=Unknown("omega", "1", 0.02, 0.5),
        additive=Unknown("additive", "1", 0.05, 0.5),
        proportional=Unknown("proportional", "1", 1e-6, 0.1),
    )
    values = {
        "level": np.array([1.2]), "omega_level": np.array([0.02]),
        "additive": np.array([0.05]), "proportional": np.array([1e-9]),
    }  # fmt: skip
    # So narrow a spread between people is normal as well as lognormal: covariance 0.05² I + (1.2 × 0.02)² 1 1'.
    covariance = 0.05**2 * np.eye(4) + (1.2 * 0.02) ** 2
    off = seen - 1.2
    exact = -0.5 * (
        np.einsum("pi,ij,pj->", off, np.linalg.inv(covariance), off) + 6 * np.linalg.slogdet(2 * np.pi * covariance)[1]
    )
    assert float(people.problem().log_likelihood(values)[0]) == pytest.approx(exact, rel=2e-3)
