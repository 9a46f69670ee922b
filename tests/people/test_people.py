"""Persons, random streams, and parameter rows."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lowdose import Person
from lowdose.errors import InvalidInput, NotFound
from lowdose.model import parameters
from lowdose.people import rows, standard_normal

seeds = st.integers(min_value=0, max_value=2**63 - 1)


@given(seeds, st.integers(0, 300), st.integers(1, 40))
@settings(max_examples=60)
def test_a_stream_is_the_same_for_any_batch(seed, first, size):
    whole = standard_normal(seed, "people/CL", range(first + size))
    part = standard_normal(seed, "people/CL", range(first, first + size))
    np.testing.assert_array_equal(whole[first:], part)


def test_streams_and_seeds_are_apart_and_standard_normal():
    one, other = (standard_normal(1, name, range(20_000)) for name in ("people/CL", "knowledge/CL"))
    assert abs(np.corrcoef(one, other)[0, 1]) < 0.03
    assert abs(np.corrcoef(one, standard_normal(2, "people/CL", range(20_000)))[0, 1]) < 0.03
    assert abs(one.mean()) < 0.03
    assert abs(one.std() - 1) < 0.03


@given(seeds, st.sampled_from(["people", "knowledge", "both"]), st.integers(0, 30))
@settings(max_examples=30)
def test_a_person_is_the_same_alone_or_among_others(seed, spread, number):
    alone = rows(Person(), range(number, number + 1), seed, spread)
    among = rows(Person(), range(31), seed, spread)
    for symbol in alone:
        assert alone[symbol][0] == among[symbol][number]


@given(seeds, st.sampled_from(["people", "knowledge", "both"]), st.sampled_from([None, "A", "B", "C"]))
@settings(max_examples=20)
def test_rows_are_finite_positive_and_within_limits(seed, spread, child_pugh):
    for symbol, value in rows(Person(child_pugh=child_pugh), range(20), seed, spread).items():
        assert np.isfinite(value).all()
        uncertainty, limits = parameters()[symbol].uncertainty, parameters()[symbol].limits
        if getattr(uncertainty, "low", 0) >= 0:
            assert (value >= 0).all()
        if limits:
            assert (value >= limits[0]).all()
            assert (value <= limits[1]).all()


def test_the_two_spreads_are_never_mixed():
    people, knowledge = (rows(Person(), range(50), 3, spread) for spread in ("people", "knowledge"))
    for symbol, parameter in parameters().items():
        followed = parameter.fitted_through_exposure != 0
        assert (np.ptp(people[symbol]) > 0) == (parameter.between_person is not None), symbol
        assert (np.ptp(knowledge[symbol]) > 0) == (parameter.uncertainty is not None or followed), symbol


def test_both_is_people_on_top_of_knowledge():
    people, knowledge, both = (rows(Person(), range(9), 3, s) for s in ("people", "knowledge", "both"))
    np.testing.assert_allclose(both["CL"], people["CL"] * knowledge["CL"] / parameters()["CL"].value)


def test_between_person_spread_has_the_stated_size():
    value = rows(Person(), range(4000), 1, "people")
    assert np.std(value["CL"]) / np.mean(value["CL"]) == pytest.approx(0.30, abs=0.02)
    exposure = value["F"] / value["CL"]
    assert np.std(exposure) / np.mean(exposure) == pytest.approx(0.49, abs=0.03)


def test_between_study_spread_of_exposure_has_the_stated_size():
    value = rows(Person(), range(4000), 1, "knowledge", low_dose=False)
    assert np.std(np.log(value["F"] / value["CL"])) == pytest.approx(0.60, abs=0.03)


def test_typical_values_known_together_move_together():
    value = rows(Person(), range(4000), 1, "knowledge", low_dose=False)
    scale = value["F"] * value["fu"] / value["CL"]
    correlation = np.corrcoef(np.log(value["ke0"]), np.log(value["EC50_mu"] / scale))[0, 1]
    assert correlation == pytest.approx(0.85, abs=0.03)


def test_a_potency_fitted_to_scans_follows_exposure_so_that_blockade_at_a_dose_is_kept():
    value = rows(Person(), range(4000), 1, "knowledge")
    exposure = value["F"] * value["fu"] / value["CL"]
    blockade = np.log(exposure / value["EC50_mu"])
    assert np.std(blockade) < np.std(np.log(exposure)) / 2
    np.testing.assert_allclose(np.std(np.log(value["kon_mu"] * exposure)), np.sqrt(np.log1p(0.3**2)), rtol=0.05)


def test_covariates():
    plain = rows(Person())
    heavy = rows(Person(weight=140))
    assert heavy["V1"] / plain["V1"] == pytest.approx(2)
    assert heavy["CL"] / plain["CL"] == pytest.approx(2**0.75)
    kidneys = rows(Person(crcl=30))
    assert kidneys["CLm_renal"] + kidneys["CLm_other"] == pytest.approx(17 * 0.3 + 8)
    both = rows(Person(weight=140, crcl=200))
    assert both["CLm_renal"] == pytest.approx(2 * 17), "mL/min is of the whole body: weight does not count twice"
    assert both["CLm_other"] == pytest.approx(8 * 2**0.75)
    assert rows(Person(child_pugh="B"))["F"] == pytest.approx(0.134 * 5)
    assert rows(Person(child_pugh="C"))["F"] == 1.0


def test_overrides_replace_and_carry_no_uncertainty():
    assert np.ptp(rows(Person(), range(20), 1, "knowledge", overrides={"CL": 99.0})["CL"]) == 0
    with pytest.raises(NotFound, match="did you mean"):
        rows(Person(), overrides={"clearence": 1.0})


@pytest.mark.parametrize(("symbol", "value"), [("CL", -1.0), ("CL", float("nan")), ("F", 1.2), ("ke0", float("inf"))])
def test_overrides_that_mean_nothing_are_refused(symbol, value):
    with pytest.raises(InvalidInput, match=f"{symbol} cannot be"):
        rows(Person(), overrides={symbol: value})


@pytest.mark.parametrize(
    ("covariates", "words"),
    [
        ({"age": 12}, "age 12 is outside 18 to 100 years"),
        ({"weight": 7}, "weight 7 is outside 30 to 250 kg"),
        ({"weight": float("nan")}, "weight nan is outside"),
        ({"crcl": 1}, "creatinine clearance 1 is outside 5 to 200 mL/min"),
        ({"sex": "X"}, "sex 'X' is not known"),
        ({"child_pugh": "D"}, "class 'D' is not known"),
    ],
)
def test_a_person_outside_the_model_is_refused(covariates, words):
    with pytest.raises(InvalidInput, match=words) as caught:
        Person(**covariates)
    assert caught.value.exit_code == 3
    assert caught.value.remedy


def test_caveats_say_what_is_not_known_of_this_person():
    said = " ".join(Person(age=80, sex="F", weight=150, crcl=20, child_pugh="A").caveats)
    for word in ("age 80", "cortisol", "150 kg", "renal", "Child–Pugh A"):
        assert word in said
    assert Person().caveats == ()


@pytest.mark.parametrize("spread", ["people", "knowledge", "both"])
def test_what_is_wanted_does_not_change_what_it_is(spread):
    whole = rows(Person(weight=90, child_pugh="B"), range(20), 3, spread)
    some = rows(Person(weight=90, child_pugh="B"), range(20), 3, spread, only=["CL", "F", "EC50_mu", "ke0", "V1"])
    assert set(some) < set(whole)
    for symbol, values in some.items():
        assert values.tolist() == whole[symbol].tolist(), symbol
