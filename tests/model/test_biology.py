"""The signs and sizes that the science says must come out (pharmacology dossier, 6.7 to 6.9 and 6.11)."""

from __future__ import annotations

import numpy as np
import pytest

from lowdose import cache, engine, simulate
from lowdose.model import assemble, hypothesis_names

LONG = "{dose} mg nightly at 22:00 for {days} days"


def means(regimen, hypothesis_name, *quantities, **overrides):
    result = simulate(regimen, hypothesis_name=hypothesis_name, overrides=overrides, aftermath_hours=36)
    return [result.metrics[one]["mean_last_day"].value for one in quantities]


def growth(hours, days=28):
    """Growth under a block of so many hours a day, relative to none, once settled: the mean of the last day."""
    model = engine.compile(assemble("imposed+ogf"), cache=cache.folder())
    events = [
        change
        for day in range(days)
        for change in (
            engine.Change(24.0 * day, "imposed_block", 0.95),
            *([engine.Change(24.0 * day + hours, "imposed_block", 0.0)] if hours < 24 else []),
        )
    ]
    times = np.linspace(24.0 * (days - 1), 24.0 * days - 1e-6, 400)
    solved = engine.solve(model, {"drug_binds_OGFr": 0.0}, [events], ["growth"], times)
    return float(np.trapezoid(solved.values["growth"][0], times) / (times[-1] - times[0]))


def test_a_short_block_slows_growth_and_a_continuous_one_speeds_it():
    """Dossier 6.8: .978 at 3 h, .970 at 6 h, .977 at 10 h, 1.019 at 16 h, 1.216 at 24 h."""
    expected = {3: 0.978, 4: 0.974, 6: 0.970, 10: 0.977, 16: 1.019, 24: 1.216}
    for hours, size in expected.items():
        assert growth(hours) == pytest.approx(size, abs=0.02), hours
    assert all(growth(hours) < 1 for hours in (3, 4, 6, 10))
    assert growth(24) > 1.1


def test_tlr4_is_not_reached_at_low_doses_with_the_measured_potency():
    result = simulate("4.5 mg nightly for 7 days", hypothesis_name="tlr4")
    assert result.metrics["TLR4_inhibition"]["peak"].value < 1e-4
    assert simulate("50 mg once", hypothesis_name="tlr4").metrics["TLR4_inhibition"]["peak"].value < 1e-3
    assert result.metrics["microglia"]["mean_last_day"].value == pytest.approx(1.0, abs=1e-4)


@pytest.mark.parametrize("dose", [0.5, 1.5, 3, 4.5, 50])
def test_opioid_tone_stays_below_one_at_every_dose_that_agrees_with_scans(dose):
    (tone,) = means(LONG.format(dose=dose, days=28), "effect-site", "opioid_tone_central")
    assert tone < 1
    assert tone == pytest.approx({0.5: 0.85, 1.5: 0.68, 3: 0.55, 4.5: 0.48, 50: 0.11}[dose], abs=0.04)


def test_the_rebound_that_the_articles_describe_makes_cytokines_rise():
    """Dossier 6.9: 1.20, 1.20 and 0.89 for microglia, TNF and Treg; tone falls, so less of it calms."""
    microglia, tnf, treg = means(LONG.format(dose=4.5, days=21), "rebound", "microglia", "TNF", "Treg")
    assert microglia == pytest.approx(1.20, abs=0.03)
    assert tnf == pytest.approx(1.20, abs=0.03)
    assert treg == pytest.approx(0.89, abs=0.02)


def test_a_partial_block_makes_cytokines_fall_as_they_did_in_eight_women():
    microglia, tnf = means(LONG.format(dose=4.5, days=21), "partial-block", "microglia", "TNF")
    assert microglia == pytest.approx(0.85, abs=0.03)
    assert tnf == pytest.approx(0.85, abs=0.03)


def test_met_enkephalin_lowers_regulatory_t_cells_and_raises_natural_killer_cells():
    treg, nk = means(LONG.format(dose=4.5, days=21), "ogf", "Treg", "NK")
    assert treg == pytest.approx(0.93, abs=0.02)
    assert nk > 1.05


def test_placebo_only_moves_no_symptom_and_a_trial_moves_what_is_reported_alike_with_and_without_drug():
    symptoms = ("pain", "fatigue", "sleep_disturbance", "low_mood", "vivid_dreams")
    found = means(LONG.format(dose=4.5, days=28), "placebo-only", *symptoms)
    assert found == pytest.approx([1, 1, 1, 1, 0], abs=1e-9)
    drug = means(LONG.format(dose=4.5, days=84), "placebo-only", "reported_pain", enrolled=1.0)
    none = means(LONG.format(dose=0.001, days=84), "placebo-only", "reported_pain", enrolled=1.0)
    assert drug == pytest.approx(none, rel=1e-9)
    assert drug[0] == pytest.approx(0.82, abs=0.03), "placebo arms fall by 18 % in 12 weeks"


def test_vivid_dreams_are_as_frequent_as_in_the_trial_that_set_them():
    (extra,) = means(LONG.format(dose=4.5, days=28), "rebound", "vivid_dreams")
    assert extra == pytest.approx(0.24, abs=0.02)


def test_no_kinetics_but_the_articles_own_lets_tone_rise():
    tones = {
        name: means("3 mg nightly at 22:00 for 21 days", name, "opioid_tone_central")[0] for name in hypothesis_names()
    }
    assert max(tones.values()) < 1.0
