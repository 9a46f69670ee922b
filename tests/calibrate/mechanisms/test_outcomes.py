"""What of the trials is used, and that it is what the evidence room says."""

from __future__ import annotations

import math

import pytest

from lowdose.calibrate.mechanisms.outcomes import choice, trials
from lowdose.evidence import registry
from lowdose.evidence.pools.entries import entries
from lowdose.model import all_outputs, parameters
from lowdose.regimen import Regimen

HELD_OUT = {"bruun2024_FINAL", "rodriguez_freire2026_INNOVA", "beaudette2023_arthritis", "peters2022_glioma"} | {
    "lpp_rct2020"
}


def test_the_trials_that_were_to_be_held_out_are_held_out_whole():
    assert {trial.study for trial in trials("held-out")} == HELD_OUT
    assert not HELD_OUT & {trial.study for trial in trials("fitted")}


def test_nothing_after_2022_is_learned_from():
    assert all(registry().study(trial.study).citation.year <= choice().fitted_until for trial in trials("fitted"))


def test_no_parameter_of_the_model_rests_on_a_held_out_trial():
    words = ("Bruun", "INNOVA", "Rodriguez-Freire", "Beaudette", "glioma", "Lajevardi", "planopilaris")
    said = [f"{symbol}: {one.source}" for symbol, one in parameters().items()]
    assert not [one for one in said if any(word in one for word in words)]


def test_differences_are_those_of_the_evidence_room():
    pooled = {one.study: one for one in entries("fibromyalgia.pain").entries}
    for trial in trials():
        if trial.study in pooled:
            own, entry = trial.differences[0], pooled[trial.study]
            assert own.value == pytest.approx(-entry.estimate)
            assert own.standard_error == pytest.approx(entry.standard_error)


def test_an_odds_ratio_becomes_standard_deviations():
    crohn = next(trial for trial in trials() if trial.study == "smith2011_crohn")
    odds_ratio = (13 / 5) / (4 / 12)
    assert crohn.differences[0].value == pytest.approx(math.log(odds_ratio) * math.sqrt(3) / math.pi)


@pytest.mark.parametrize("trial", trials(), ids=lambda trial: trial.study)
def test_directions_agree_with_the_record_and_every_quantity_is_the_models(trial):
    outcomes = {one.name: one for one in registry().study(trial.study).outcomes}
    for one in trial.differences:
        direction = outcomes[one.outcome].direction
        if one.known == "measured" and direction == "favours_ldn":
            assert one.value > 0
        if one.known == "measured" and direction == "favours_placebo":
            assert one.value < 0
        assert 0 < one.standard_error < 1
        assert one.quantity in all_outputs()


@pytest.mark.parametrize("trial", trials(), ids=lambda trial: trial.study)
def test_regimens_last_as_long_as_the_trial_and_hold_its_dose(trial):
    regimen = Regimen.parse(trial.regimen)
    assert regimen.duration_hours == pytest.approx(trial.weeks * 168)
    dose = registry().study(trial.study).intervention.dose_mg_per_day.range_mg
    daily = regimen.doses[-1].amount_mg * (2 if "twice" in trial.regimen else 1)
    assert dose is not None
    assert daily == dose[1]


def test_one_outcome_a_trial_and_quantity():
    for trial in trials():
        quantities = [one.quantity for one in trial.differences]
        assert len(quantities) == len(set(quantities))


def test_every_controlled_trial_with_a_symptom_is_used_or_left_out_with_a_reason():
    symptoms = {"pain", "fatigue", "sleep", "mood", "symptoms"}
    known = {trial.study for trial in trials()} | {one.study for one in choice().left_out}
    for study in registry().studies.values():
        if study.is_controlled and symptoms & {one.concept for one in study.outcomes}:
            assert study.id in known, study.id
    assert all(one.reason for one in choice().left_out)
