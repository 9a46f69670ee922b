"""The modules of other drugs: an opioid, naloxone, and the retracted filamin A switch."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from lowdose import cache, engine
from lowdose.model import assemble, hypothesis, hypothesis_names, parameters
from lowdose.model.files import read
from lowdose.model.parameters import parse

FAST = ("antagonist", "agonist", "agonist_fast_binding")
SLOW = ("antagonist", "agonist", "agonist_slow_binding")
SETS = (FAST, SLOW, ("antagonist",), ("ultra_low_dose",))
HOURS = np.arange(0, 49.0)


def model(kinetics, modules):
    return engine.compile(assemble(replace(hypothesis(kinetics), extra=modules)), cache=cache.folder())


def run(kinetics, modules, outputs, events=(), times=HOURS, **values):
    found = engine.solve(model(kinetics, modules), values, [list(events)], list(outputs), times, rtol=1e-10, atol=1e-14)
    assert not found.details
    return {name: row[0] for name, row in found.values.items()}


@pytest.mark.parametrize("modules", SETS, ids="+".join)
@pytest.mark.parametrize("kinetics", hypothesis_names())
def test_a_module_joins_every_kinetics_with_clean_units(kinetics, modules):
    assert assemble(replace(hypothesis(kinetics), extra=modules)).endswith("</sbml>\n")


@pytest.mark.parametrize("modules", [FAST, SLOW], ids=["fast", "slow"])
def test_nothing_moves_without_a_dose(modules):
    outputs = ("agonist_brain", "agonist_effect", "agonist_occupancy", "naloxone_binding_central")
    for name, row in run("effect-site", modules, outputs).items():
        assert np.all(row == 0.0), name


@pytest.mark.parametrize("modules", SETS, ids="+".join)
def test_a_module_leaves_naltrexone_as_it_was(modules):
    dose = [engine.Dose(0.0, 4.5, "capsule")]
    outputs = ("mu_occupancy_central", "beta_endorphin", "naltrexone_plasma")
    alone, beside = run("effect-site", (), outputs, dose), run("effect-site", modules, outputs, dose)
    for name in outputs:
        np.testing.assert_allclose(beside[name], alone[name], rtol=1e-8, atol=1e-12)


@pytest.mark.parametrize("modules", [FAST, SLOW], ids=["fast", "slow"])
@pytest.mark.parametrize("kinetics", ["effect-site", "slow-binding"])
def test_states_stay_in_their_range(kinetics, modules):
    events = [engine.Dose(0.0, 50.0, "capsule"), engine.Dose(6.0, 30.0, "agonist_depot"),
              engine.Dose(8.0, 2.0, "naloxone_nose")]  # fmt: skip
    outputs = ("agonist_brain", "agonist_occupancy", "agonist_occupancy_unblocked", "agonist_effect",
               "naloxone_plasma", "receptors_open_central")  # fmt: skip
    found = run(kinetics, modules, outputs, events, block_surmountable=0.0 if kinetics == "slow-binding" else 1.0)
    assert all(np.all(row >= -1e-9) for row in found.values())
    assert np.all(found["agonist_occupancy"] <= found["agonist_occupancy_unblocked"] + 1e-9)
    assert np.all(found["agonist_effect"] <= 1.0)


def test_naloxone_competes_with_the_opioid():
    dose = [engine.Dose(0.0, 10.0, "agonist_central")]
    without = run("effect-site", FAST, ["agonist_effect"], dose)["agonist_effect"]
    beside = run("effect-site", FAST, ["agonist_effect"], [*dose, engine.Dose(2.0, 2.0, "naloxone_central")])
    hours = np.flatnonzero((HOURS > 2) & (HOURS < 5))
    assert np.all(beside["agonist_effect"][hours] < without[hours])
    assert beside["agonist_effect"][24] == pytest.approx(without[24], rel=1e-3)


def test_half_of_the_largest_effect_comes_at_the_measured_concentration():
    """At EC50, with own peptides at rest: half of tau / (1 + tau), for any efficacy and slope."""
    for tau, slope in ((10.0, 1.0), (3.0, 1.4), (30.0, 0.8)):
        found = run("effect-site", FAST, ["probe_effect_unblocked"], agonist_probe=36.2, tau_agonist=tau,
                    slope_agonist=slope)["probe_effect_unblocked"][0]  # fmt: skip
        assert found == pytest.approx(tau**slope / (1 + tau**slope) / 2, rel=1e-9)


def test_at_equilibrium_slow_binding_is_fast_binding():
    """A steady infusion of buprenorphine's binding gives the occupancy of its ratio of rate constants."""
    events = [engine.Dose(0.0, 0.1 * 400, "agonist_central", duration=400.0)]
    found = run("effect-site", SLOW, ["agonist_occupancy", "agonist_brain"], events, np.array([0.0, 390.0]))
    brain, dissociation = found["agonist_brain"][-1], 4.71 / 1.77
    assert found["agonist_occupancy"][-1] == pytest.approx(brain / (brain + dissociation), rel=1e-3)


@pytest.mark.parametrize("modules", [FAST, SLOW], ids=["fast", "slow"])
def test_an_independent_simulator_agrees(modules):
    roadrunner = pytest.importorskip("roadrunner")
    simulator = roadrunner.RoadRunner(assemble(replace(hypothesis("effect-site"), extra=modules)))
    simulator.integrator.relative_tolerance, simulator.integrator.absolute_tolerance = 1e-11, 1e-16
    outputs = ["agonist_brain", "agonist_effect", "mu_occupancy_both_antagonists"]
    simulator.timeCourseSelections = ["time", *outputs]
    start = {"capsule": 4.5, "agonist_depot": 30.0, "naloxone_nose": 2.0}
    for state, amount in start.items():
        simulator.setValue(state, amount)
    theirs = np.array(simulator.simulate(0, 24, 25))
    ours = run("effect-site", modules, outputs, [engine.Dose(0.0, a, s) for s, a in start.items()], np.arange(0, 25.0))
    for i, name in enumerate(outputs, 1):
        np.testing.assert_allclose(ours[name][1:], theirs[1:, i], rtol=1e-6, atol=1e-10)


# ------------------------------------------------ filamin A, retracted


def test_filamin_is_off_and_says_that_it_was_retracted():
    dose = [engine.Dose(0.0, 4.5, "capsule")]
    assert np.all(run("effect-site", ("ultra_low_dose",), ["filamin_occupancy"], dose)["filamin_occupancy"] == 0.0)
    on = run("effect-site", ("ultra_low_dose",), ["filamin_occupancy"], dose, filamin_switch=1.0)["filamin_occupancy"]
    assert on.max() > 0.9
    assert "retracted" in read("modules/ultra_low_dose.ant").lower()
    for symbol in parse(read("parameters/ultra_low_dose.yaml")):
        assert parameters()[symbol].grade == "low"
        assert "retracted" in f"{parameters()[symbol].source} {parameters()[symbol].note}".lower()


@pytest.mark.parametrize("name", ["agonist", "antagonist", "ultra_low_dose"])
def test_every_number_is_used_and_sourced(name):
    texts = " ".join(read(f"modules/{part}.ant") for part in {*FAST, *SLOW, "ultra_low_dose"})
    for symbol, parameter in parse(read(f"parameters/{name}.yaml")).items():
        assert parameter.source, symbol
        assert symbol in texts or symbol == "salt_factor_naloxone", f"{symbol} is read by no module"
