"""Scores of mechanisms: the fit against a sampler, the contract of the document, and what made-up data show."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from lowdose.calibrate.comparison import is_beyond_two_errors
from lowdose.calibrate.mechanisms import document, recover, score_mechanisms
from lowdose.calibrate.mechanisms.scoring import (
    difference,
    fitted_densities,
    grid,
    held_out_densities,
    problem,
    score_one,
)
from lowdose.calibrate.sampling import sample
from lowdose.errors import NotFound


@pytest.fixture(scope="module")
def found():
    return score_mechanisms()


def shares(found, name):
    count = len(found.fitted)
    return found.improvements[name][:count], found.improvements[name][count:]


def test_the_grid_agrees_with_a_sampler(found):
    drawn = sample(problem(found.fitted, shares(found, "partial-block")[0]), steps=200)
    scored = found.of("partial-block")
    for name, (middle, low, high) in {"gain": scored.gain, "tau": scored.tau}.items():
        quantiles = np.quantile(np.abs(drawn.values[name]), [0.5, 0.05, 0.95])
        assert quantiles == pytest.approx([middle, low, high], abs=0.12), name


def test_a_finer_grid_changes_nothing(found):
    for name in ("rebound", "partial-block"):
        gain, tau = grid(300, 80)
        fitted, held = shares(found, name)
        fit = fitted_densities(found.fitted, fitted, gain, tau)
        finer = held_out_densities(fit, found.held_out, held, gain, tau)
        assert finer == pytest.approx(found.of(name).log_densities, abs=0.01)


def test_no_mechanism_is_told_from_placebo_only(found):
    """The expected, honest result; a change of it is a change of the page's first sentence."""
    assert not any(found.is_distinguishable(one.name) for one in found.mechanisms)


def test_a_mechanism_that_moves_nothing_scores_like_placebo_only_however_the_gain(found):
    nothing = [np.zeros(len(trial.differences)) for trial in (*found.fitted, *found.held_out)]
    again = score_one("nothing", found.fitted, found.held_out, nothing[:5], nothing[5:])
    assert again.elpd == pytest.approx(found.of("placebo-only").elpd, abs=1e-12)


def test_a_held_out_trial_cannot_reach_the_fit(found):
    """Other outcomes of held-out trials change their scores and nothing that was learned."""
    other = [
        replace(trial, differences=tuple(replace(one, value=one.value + 1) for one in trial.differences))
        for trial in found.held_out
    ]
    again = score_one("partial-block", found.fitted, other, *shares(found, "partial-block"))
    assert again.gain == found.of("partial-block").gain
    assert again.elpd != found.of("partial-block").elpd


def test_the_rule_of_two_standard_errors():
    assert is_beyond_two_errors(*difference(np.array([3.0, 2.9, 3.1]), np.zeros(3)))
    assert not is_beyond_two_errors(*difference(np.array([3.0, -2.9, 0.1]), np.zeros(3)))


def test_the_document_has_the_contracted_names_and_freezes_what_it_rests_on(found):
    made = document(found)
    for one in made["mechanism"].values():
        assert {"elpd", "elpd_se", "delta_to_placebo_only", "delta_se", "distinguishable", "coverage"} <= set(one)
    assert any("FINAL" in name for name in made["held_out"])
    assert any("INNOVA" in name for name in made["held_out"])
    assert made["manifest"] == document(score_mechanisms())["manifest"]
    assert made["manifest"]["frozen"] != document(replace(found, seed=2))["manifest"]["frozen"]
    elpd = sum(one["log_density"] for one in made["mechanism"]["ogf"]["held_out"].values())
    assert made["mechanism"]["ogf"]["elpd"] == pytest.approx(elpd)


def test_a_kinetics_that_is_not_known_is_refused():
    with pytest.raises(NotFound):
        score_mechanisms("impossed")


def test_data_made_under_a_mechanism_are_recovered_or_known_not_to_be(found):
    """Few people: those that predict much are found, those that predict nothing are not, and no false alarm."""
    made = recover(found, data_sets=5)
    assert made.recovered("partial-block") >= 0.6
    assert made.recovered("rebound") >= 0.6
    assert made.told_from_placebo["tlr4"] == made.told_from_placebo["placebo-only"] == 0


def test_equal_seeds_make_equal_data(found):
    once, again, other = (recover(found, data_sets=1, seed=seed) for seed in (1, 1, 2))
    assert np.array_equal(once.best, again.best)
    assert not np.array_equal(once.best, other.best)


@pytest.mark.long
def test_more_made_up_data_say_the_same(found):
    made = recover(found, data_sets=100)
    assert made.recovered("partial-block") == pytest.approx(0.74, abs=0.1)
    assert made.recovered("tlr4") < 0.5
    assert made.told_from_placebo["placebo-only"] <= 0.05


def test_what_reaches_nothing_scores_as_placebo_does():
    """TLR4 is not reached at these doses: nothing else, such as dreams, may set it apart."""
    assert abs(score_mechanisms().delta("tlr4")[0]) < 1e-2
