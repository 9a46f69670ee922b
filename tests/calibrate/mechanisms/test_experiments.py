"""Experiments that would tell mechanisms apart."""

from __future__ import annotations

from itertools import pairwise

import pytest

from lowdose import simulate
from lowdose.calibrate.mechanisms import experiments, experiments_document
from lowdose.calibrate.mechanisms.experiments import best_for_pairs, candidates
from lowdose.errors import InvalidInput, NotFound
from lowdose.model import all_outputs


@pytest.fixture(scope="module")
def found():
    return experiments(draws=8)


def one(found, measurement, design, *pair):
    return next(e for e in found if (e.measurement, e.design, e.pair) == (measurement, design, pair))


def test_every_pair_design_and_measurement_is_there_once_in_order(found):
    assert len({(e.measurement, e.design, e.pair) for e in found}) == len(found)
    assert len(found) == 15 * len(candidates().designs) * len(candidates().measurements)
    assert all(a.ratio >= b.ratio for a, b in pairwise(found))


def test_what_all_mechanisms_share_tells_none_apart(found):
    for measurement in ("opioid_tone_central", "met_enkephalin", "beta_endorphin"):
        shared = [e for e in found if e.measurement == measurement]
        assert max(e.ratio for e in shared) == pytest.approx(0, abs=1e-3)


def test_opposite_signs_are_told_best(found):
    tnf = one(found, "TNF", "nightly-4.5", "rebound", "partial-block")
    assert tnf.effects[0] > 0 > tnf.effects[1]
    assert tnf.difference == pytest.approx(tnf.effects[0] - tnf.effects[1], abs=0.1)
    assert found[0].pair == ("rebound", "partial-block")


def test_effects_are_those_of_the_main_job(found):
    result = simulate(candidates().designs["nightly-4.5"].regimen, hypothesis_name="partial-block", aftermath_hours=36)
    typical = result.metrics["TNF"]["mean_last_day"].value - 1
    assert one(found, "TNF", "nightly-4.5", "partial-block", "tlr4").effects[0] == pytest.approx(typical, abs=0.08)


def test_vivid_dreams_tell_of_the_brain_not_of_relief(found):
    assert one(found, "vivid_dreams", "nightly-4.5", "rebound", "partial-block").ratio < 1e-9
    assert all(e.measurement != "vivid_dreams" for e in best_for_pairs(found).values())
    assert all(e.design != "daily-50" for e in best_for_pairs(found, low_dose=True).values())


def test_more_people_leave_what_is_not_known():
    few, many = (experiments(draws=4, people=n, between=("rebound", "placebo-only"))[0] for n in (10, 100_000))
    assert many.ratio > few.ratio
    assert many.uncertainty == pytest.approx(many.unknown, rel=0.01)


def test_equal_seeds_give_equal_rankings_and_the_document_says_what_it_rests_on(found):
    assert experiments(draws=8) == found
    made = experiments_document(found[:3])
    assert made["experiments"][0]["sentence"] == found[0].sentence
    assert set(made["predicts"]) == set(made["models"])
    assert all(name in all_outputs() for name in made["measurements"])


def test_what_cannot_be_asked_is_refused():
    with pytest.raises(NotFound, match="rebund"):
        experiments(between=("rebund",))
    with pytest.raises(InvalidInput):
        experiments(draws=1)
