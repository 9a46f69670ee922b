"""The calibration finds what was put in: coverage of known parameters, and evenness of their ranks.

The long runs are the evidence; the short ones see that a calibration with a mistake in it is caught.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import numpy as np
import pytest

from lowdose.calibrate import Problem, Unknown, sample
from lowdose.calibrate.checks import recover
from lowdose.calibrate.occupancy import rival
from lowdose.calibrate.occupancy.likelihood import Hours, Readout, mu_scans

TIMES = np.array([0.5, 1.0, 2.0, 4.0, 8.0])
SMALL = (Unknown("rate", "1/h", 0.3, 0.7), Unknown("level", "1", 2.0, 0.5))
NOISE = 0.2


def decay(values):
    return values["level"][:, None] * np.exp(-values["rate"][:, None] * TIMES)


def small(known, rng, *, noise=NOISE):
    seen = decay(known)[0] + NOISE * rng.standard_normal(len(TIMES))
    return Problem("decay", SMALL, lambda v: -0.5 * (((seen - decay(v)) / noise) ** 2).sum(axis=1))


def quick(problem, seed):
    return sample(problem, seed=seed, ensembles=2, walkers=50, steps=200)


LIKELY = {"ke0": 0.03, "EC50_mu": 0.2}
"""Where twelve scans tell something; over the whole of a wide prior most sets of scans are all full or all empty."""


def brain():
    kinetics = rival("effect-site")
    constants = tuple(replace(u, median=LIKELY[u.name], spread=0.7) for u in kinetics.constants)
    return replace(kinetics, constants=constants)


def scans(known, rng, hours):
    """Scans as the engine itself predicts them, to be fitted through the table that scoring reads off."""
    kinetics = brain()
    exact = replace(kinetics, predict=kinetics.predict.exactly)
    seen = Readout(exact, mu_scans(), hours=hours).drawn(known, rng)[0]
    rows = [scan.model_copy(update={"occupancy": float(one)}) for scan, one in zip(mu_scans(), seen, strict=True)]
    return Readout(kinetics, rows, hours=hours).problem()


def test_a_right_calibration_passes_a_few_data_sets():
    found = recover(SMALL, small, data_sets=20, draw=quick)
    assert 0.75 < found.coverage < 1
    assert min(found.uniformity(unknown.name, bins=5) for unknown in SMALL) > 0.01


def test_a_likelihood_with_the_wrong_scatter_is_caught():
    found = recover(SMALL, lambda known, rng: small(known, rng, noise=NOISE / 3), data_sets=20, draw=quick)
    assert found.coverage < 0.7
    assert min(found.uniformity(unknown.name, bins=5) for unknown in SMALL) < 0.01


@pytest.mark.long
def test_simulation_based_calibration_of_a_small_model():
    found = recover(SMALL, small, data_sets=120, draw=quick, seed=2)
    for unknown in SMALL:
        assert found.uniformity(unknown.name, bins=8) > 0.01, unknown.name


@pytest.mark.long
@pytest.mark.parametrize("hours", [Hours(), Hours(rabiner=4.0)], ids=["hours unknown", "hours known"])
def test_known_constants_of_the_brain_are_recovered_from_a_hundred_simulated_sets_of_scans(hours):
    found = recover(brain().unknowns, partial(scans, hours=hours), data_sets=100, draw=quick)
    assert 0.84 <= found.coverage <= 0.96
    for name, inside in found.inside.items():
        assert 0.84 <= inside.mean() <= 0.96, name
