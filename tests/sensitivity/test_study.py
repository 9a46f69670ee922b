"""The analysis of the model itself."""

from __future__ import annotations

import sys

import numpy as np
import pytest

from lowdose import simulate
from lowdose.errors import InvalidInput, NotFound
from lowdose.people import Person, rows
from lowdose.sensitivity import MissingExtra, Sensitivity, TooManyLost, sensitivity
from lowdose.sensitivity.document import document
from lowdose.sensitivity.question import Question

SHORT = "4.5 mg nightly at 22:00 for 2 days"
BLOCK = "mu_occupancy_central.mean_last_day"


@pytest.fixture(scope="module")
def block() -> Sensitivity:
    return sensitivity(SHORT, [BLOCK, "cortisol.fold_last_day"], method="both", n=64)


def test_a_question_answers_what_the_main_job_says() -> None:
    names = [BLOCK, "cortisol.fold_last_day", "naltrexone_plasma.cmax"]
    question = Question(SHORT, names, seed=4)
    result = simulate(SHORT, people=6, spread="people", bands=("people",), seed=4)
    drawn = rows(Person(), range(6), 4, "people", low_dose=True)
    found = question.answers(drawn).values
    for column, name in enumerate(names):
        output, metric = name.split(".")
        assert np.array_equal(found[:, column], result.per_person(output, metric, result.bands["people"]))


def test_an_imposed_block_is_the_one_of_the_main_job() -> None:
    question = Question(SHORT, [BLOCK], hypothesis_name="imposed")
    assert question.answers(rows(Person()), closely=True).values[0, 0] == question.targets[0].typical


def test_blockade_is_decided_by_potency_and_rate_in_the_brain(block: Sensitivity) -> None:
    totals = {
        group.name: index.value for group, index in zip(block.groups, block.found[0].sobol[-1].total, strict=True)
    }
    pair = next(name for name in totals if "EC50_mu" in name and "ke0" in name)
    assert max(totals, key=totals.__getitem__) == pair
    assert totals[pair] > 0.7
    # What is not known of exposure moves no blockade that was fitted to scans.
    assert totals["knowledge/CL"] < 0.05
    assert block.followers == ("EC50_mu",)


def test_a_tornado_starts_with_its_longest_bar_and_keeps_its_ends(block: Sensitivity) -> None:
    swings = block.found[0].swings
    assert [s.size for s in swings] == sorted((s.size for s in swings), reverse=True)
    potency = swings[0]
    assert potency.factor.symbol == "EC50_mu"
    assert potency.low.value < potency.high.value
    assert potency.low.metric > block.found[0].target.typical > potency.high.metric


def test_the_spread_of_the_sample_is_that_of_the_main_job(block: Sensitivity) -> None:
    band = simulate(SHORT, people=300, spread="knowledge").metrics["mu_occupancy_central"]["mean_last_day"]
    drawn = block.found[0].distribution
    assert drawn.p05 == pytest.approx(band.bands["knowledge"]["p05"], abs=0.04)
    assert drawn.p95 == pytest.approx(band.bands["knowledge"]["p95"], abs=0.04)


def test_numbers_without_a_quantified_spread_are_named(block: Sensitivity) -> None:
    assert "V1" in block.held_fixed
    assert "CL" not in block.held_fixed


def test_a_seed_gives_the_same_numbers_and_another_gives_others() -> None:
    def run(seed: int, workers: int) -> Sensitivity:
        return sensitivity(
            "3 mg once", [BLOCK], n=64, named=["F", "EC50_mu"], spread="people", seed=seed, workers=workers
        )

    assert document(run(7, 1)) == document(run(7, 2))
    assert run(7, 1).found[0].sobol != run(8, 1).found[0].sobol


def test_a_metric_that_nothing_moves_says_so() -> None:
    found = sensitivity("3 mg once", [BLOCK, "naltrexone_plasma.cmax"], n=64, spread="people", named=["EC50_mu"]).found
    assert (found[0].constant, found[1].constant) == (False, True)
    assert found[1].sobol is None


def test_a_number_set_by_hand_does_not_vary() -> None:
    found = sensitivity(SHORT, [BLOCK], n=64, named=["ke0", "EC50_mu"], overrides={"V1": 200.0})
    assert found.set_by_hand == ("V1",)
    with pytest.raises(InvalidInput, match="its value was set"):
        sensitivity(SHORT, [BLOCK], n=64, named=["EC50_mu"], overrides={"EC50_mu": 0.2})


def test_a_metric_that_many_do_not_have_is_refused_in_plain_words() -> None:
    with pytest.raises(TooManyLost, match="persons have no number for this metric") as refused:
        sensitivity(
            "50 mg once",
            ["naltrexol_plasma.auc_inf"],
            n=64,
            spread="both",
            named=["CLm_renal", "CLm_other", "V2m", "Qm"],
        )
    assert "naltrexol_plasma.auc_inf" in str(refused.value)
    assert refused.value.exit_code == 5


@pytest.mark.parametrize(
    ("given", "kind", "said"),
    [
        ({"metrics": ["mu_occupancy_central"]}, InvalidInput, "is not OUTPUT.METRIC"),
        ({"metrics": ["mu_occupancy_centrl.peak"]}, NotFound, "did you mean mu_occupancy_central"),
        ({"metrics": ["cortisol.cmax"]}, NotFound, "metric of cortisol"),
        ({"metrics": []}, InvalidInput, "no metric"),
        ({"metrics": ["naltrexone_plasma.auc_inf"]}, InvalidInput, "does not exist for the typical person"),
        ({"named": ["CLX"]}, NotFound, "no parameter is named 'CLX'"),
        ({"named": ["h_R"]}, InvalidInput, "cannot be varied here"),
        ({"named": ["V1"]}, InvalidInput, "nobody has quantified how well it is known"),
        ({"named": ["ka_cream"]}, InvalidInput, "nothing that was asked for rests on it"),
        ({"n": 100}, InvalidInput, "powers of two"),
        ({"hypothesis_name": "effect-sight"}, NotFound, "effect-site"),
    ],
)
def test_what_makes_no_sense_is_refused(given: dict, kind: type[Exception], said: str) -> None:
    asked = {"metrics": [BLOCK], "n": 64, **given}
    with pytest.raises(kind) as refused:
        sensitivity(SHORT, **asked)
    assert said in str(refused.value)


def test_without_salib_the_line_that_installs_it_is_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "SALib", None)
    monkeypatch.setattr("lowdose.sensitivity.refusals.find_spec", lambda name: None)
    with pytest.raises(MissingExtra, match="need SALib") as missing:
        sensitivity(SHORT, [BLOCK], n=64)
    assert missing.value.exit_code == 6
    assert "pip install 'lowdose[sensitivity]'" in str(missing.value)


def test_progress_ends_with_everybody() -> None:
    seen: list[tuple[int, int]] = []
    found = sensitivity(
        "3 mg once", [BLOCK], n=64, named=["F"], spread="people", method="both", progress=lambda *now: seen.append(now)
    )
    assert seen[-1] == (found.persons, found.persons)
    assert seen == sorted(seen)
