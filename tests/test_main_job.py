"""The numbers the main job must give: published pharmacokinetics, human PET, the limits of the model."""

from __future__ import annotations

import numpy as np
import pytest

from lowdose import Person, Regimen, simulate


@pytest.fixture(scope="module")
def fifty():
    return simulate("50 mg once at 08:00")


def value(result, output, metric):
    return result.metrics[output][metric].value


def largest_within(result, output, hours):
    return result.typical.values[output][0, result.typical.time <= hours].max()


def at(result, output, hours_after_last_dose):
    time = result.typical.time - result.timing.last_dose
    return np.interp(hours_after_last_dose, time, result.typical.values[output][0])


def test_plasma_after_50_mg(fifty):
    assert 9 <= value(fifty, "naltrexone_plasma", "cmax") <= 17
    assert 0.5 <= value(fifty, "naltrexone_plasma", "tmax") <= 1.25
    assert 90 <= value(fifty, "naltrexol_plasma", "cmax") <= 120
    ratio = value(fifty, "naltrexol_plasma", "auc_inf") / value(fifty, "naltrexone_plasma", "auc_inf")
    assert 15 <= ratio <= 30
    assert 3 <= value(fifty, "naltrexone_plasma", "half_life") <= 5
    assert 11 <= value(fifty, "naltrexol_plasma", "half_life") <= 14


@pytest.mark.parametrize("dose", ["1 microgram", "500 micrograms", "4.5 mg", "150 mg"])
@pytest.mark.parametrize("output", ["naltrexone_plasma", "naltrexol_plasma"])
def test_plasma_is_linear_in_dose(fifty, dose, output):
    other = simulate(f"{dose} once at 08:00")
    scale = other.regimen.doses[0].amount_mg / 50
    for metric in ("cmax", "auc_0_24", "auc_inf"):
        assert value(other, output, metric) / scale == pytest.approx(value(fifty, output, metric), rel=1e-6)
    for metric in ("tmax", "half_life"):
        assert value(other, output, metric) == pytest.approx(value(fifty, output, metric), rel=1e-6)


@pytest.mark.parametrize(("dose", "low", "high"), [(2, 0.20, 0.35), (5, 0.40, 0.60), (50, 0.88, 0.98)])
def test_blockade_within_8_hours_of_one_dose(dose, low, high):
    assert low <= largest_within(simulate(f"{dose} mg once"), "mu_occupancy_central", 8) <= high


def test_blockade_on_day_4_of_50_mg_daily():
    result = simulate("50 mg daily for 4 days")
    assert 0.90 <= value(result, "mu_occupancy_central", "trough_last_day")
    assert value(result, "mu_occupancy_central", "peak") <= 0.99
    assert 0.10 <= value(result, "delta_occupancy_central", "mean_last_day") <= 0.36


def test_kappa_blockade_after_a_week_of_100_mg():
    result = simulate("100 mg daily for 7 days")
    assert 0.88 <= value(result, "kappa_occupancy_central", "trough_last_day")
    assert value(result, "kappa_occupancy_central", "peak") <= 0.98


def test_blockade_two_days_after_50_mg(fifty):
    assert 0.70 <= at(fifty, "mu_occupancy_central", 48) <= 0.92
    assert at(fifty, "mu_occupancy_central", 72) > 0.6


def test_12_mg_and_a_half_is_seen_after_one_day_and_gone_after_three():
    result = simulate("12.5 mg once")
    assert at(result, "mu_occupancy_central", 24) > 0.5 > at(result, "mu_occupancy_central", 72)


def test_three_hours_is_the_articles_assumption_not_the_scans():
    assumed = simulate("3 mg once", hypothesis_name="equilibrium-parent")
    assert 1.5 <= value(assumed, "mu_occupancy_central", "hours_above_50_first_day") <= 3.5
    default = simulate("3 mg once")
    assert value(default, "mu_occupancy_central", "hours_above_50_first_day") == 0


@pytest.mark.parametrize("hours", [3, 6, 30])
def test_an_imposed_block_lasts_exactly_as_long_as_it_was_set(hours):
    run = simulate("4.5 mg nightly for 3 days", hypothesis_name="imposed", overrides={"imposed_block_hours": hours})
    expected = min(hours, 24)
    assert value(run, "mu_occupancy_central", "hours_above_50_last_day") == pytest.approx(expected, abs=1e-5)
    after = value(run, "mu_occupancy_central", "hours_to_below_20_after_last_dose")
    assert after == pytest.approx(hours, abs=1e-5)


def test_block_wears_off_over_days_after_nightly_low_dose():
    result = simulate("4.5 mg nightly at 22:00 for 4 weeks")
    assert 0.38 <= at(result, "mu_occupancy_central", 72) <= 0.45
    assert 110 <= value(result, "mu_occupancy_central", "hours_to_below_20_after_last_dose") <= 130


def test_no_drug_leaves_everything_at_its_rhythm():
    result = simulate(Regimen.none("4 weeks"))
    clock = 2 * np.pi * (result.clock_start + result.typical.time - 10.72) / 24
    rhythm = 1 + 0.23 * np.cos(clock)
    means = {"beta_endorphin": 26.0, "ACTH": 25.0, "cortisol": 9.0, "alpha_MSH": 1.0}
    for name, mean in means.items():
        np.testing.assert_allclose(result.typical.values[name][0], mean * rhythm, rtol=1e-6)
        assert value(result, name, "fold_last_day") == pytest.approx(1, abs=1e-6)
    for name in ("met_enkephalin", "opioid_tone_central", "opioid_tone_peripheral", "mu_receptors_central"):
        np.testing.assert_allclose(result.typical.values[name], 1, rtol=1e-6)
    for name in ("naltrexone_plasma", "mu_occupancy_central", "kappa_occupancy_central"):
        np.testing.assert_allclose(result.typical.values[name], 0, atol=1e-15)


def test_own_endorphin_rises_with_dose_to_a_limit():
    doses = (0.001, 0.5, 1.5, 3, 4.5, 10, 50, 100, 150)
    texts = [
        f"{dose:g} mg nightly for 4 weeks" if dose >= 1 else f"{dose * 1000:g} mcg nightly for 4 weeks"
        for dose in doses
    ]
    folds = [value(simulate(text), "beta_endorphin", "fold_last_day") for text in texts]
    assert folds == sorted(folds)
    assert 1.28 <= folds[4] <= 1.38
    assert 1.55 <= folds[6] <= 1.70
    assert folds[-1] < 1.78


def test_mean_tone_is_below_normal_at_every_dose():
    for dose in ("0.5 mg", "4.5 mg", "50 mg"):
        result = simulate(f"{dose} nightly for 4 weeks")
        assert value(result, "opioid_tone_central", "fold_last_day") < 1


@pytest.mark.parametrize(("child_pugh", "low", "high"), [("B", 3, 6), ("C", 6, 10)])
def test_cirrhosis_raises_naltrexone_not_its_metabolite(child_pugh, low, high):
    healthy, ill = simulate("100 mg once"), simulate("100 mg once", Person(child_pugh=child_pugh))

    def ratio(output):
        return value(ill, output, "auc_0_24") / value(healthy, output, "auc_0_24")

    assert low <= ratio("naltrexone_plasma") <= high
    assert 0.6 <= ratio("naltrexol_plasma") <= 1.0


def test_band_of_exposure_contains_the_study_means():
    result = simulate("50 mg once", people=200, seed=1)
    metric = result.metrics["naltrexone_plasma"]["auc_inf"]
    means = (65, 26.6, 100, 26, 33)
    band = metric.bands["both"]
    assert sum(band["p05"] <= mean <= band["p95"] for mean in means) >= 4
    people = metric.bands["people"]
    assert band["p05"] < people["p05"] < people["p95"] < band["p95"]


def test_population_is_the_same_by_seed_for_any_batch():
    few = simulate("4.5 mg nightly for 3 days", people=3, seed=5)
    many = simulate("4.5 mg nightly for 3 days", people=9, seed=5, workers=2)
    for kind in ("people", "knowledge", "both"):
        for name in few.outputs:
            np.testing.assert_array_equal(few.bands[kind].values[name], many.bands[kind].values[name][:3])


def test_what_is_not_known_of_low_oral_doses_is_said_of_swallowed_drug_only():
    said = {
        form: " ".join(simulate(f"3 mg once as {form}", aftermath_hours=36).domain)
        for form in ("capsule", "intravenous")
    }
    assert "below 16 mg" in said["capsule"]
    assert "below 16 mg" not in said["intravenous"]
