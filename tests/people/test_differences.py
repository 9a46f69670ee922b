"""How persons differ: correlations hold, nothing is counted twice, numbers of uncorrelated parameters stay."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lowdose.errors import InvalidInput, LowdoseError
from lowdose.model import parameters
from lowdose.people import Person, make, rows, standard_normal
from lowdose.people.covariates import Covariates, apply_covariates, relations
from lowdose.people.differences import differences, narrowed, variability
from lowdose.people.scores import Bound, Correlation, correlated, plausible, refuse_too_many, triangle

N = 20_000


@pytest.fixture(scope="module")
def ratios():
    return differences(parameters(), 5, range(N))[0]


def test_correlations_are_the_declared_ones_and_zero_elsewhere(ratios):
    declared = {frozenset(one.pair): one.value for one in variability().correlations}
    symbols = list(ratios)
    for i, first in enumerate(symbols):
        for second in symbols[i + 1 :]:
            found = np.corrcoef(np.log(ratios[first]), np.log(ratios[second]))[0, 1]
            assert abs(found - declared.get(frozenset((first, second)), 0.0)) < 4.5 / np.sqrt(N), (first, second)


def test_each_spread_is_the_one_of_the_parameter_table(ratios):
    for symbol, ratio in ratios.items():
        declared = np.sqrt(np.log1p(parameters()[symbol].between_person.cv ** 2))
        assert abs(np.log(ratio).std() - declared) < 4 * declared / np.sqrt(2 * N), symbol
        assert abs(np.log(ratio).mean()) < 4 * declared / np.sqrt(N), symbol


def test_parameters_first_or_in_no_pair_keep_the_numbers_they_had():
    later = {one.pair[1] for one in variability().correlations if one.value}
    ratios, redraws, _ = differences(parameters(), 1, range(500))
    for symbol in set(ratios) - later:
        spread = parameters()[symbol].between_person
        before = spread.quantile(standard_normal(1, f"people/{symbol}", range(500)), parameters()[symbol].value)
        kept = redraws == 0
        np.testing.assert_array_equal((before / parameters()[symbol].value)[kept], ratios[symbol][kept])


def cv(values):
    return values.std() / values.mean()


def exposures(p):
    formed = (1 - p["F"]) * p["f_first_pass"] + p["F"] * 0.4
    return p["F"] / p["CL"], formed / (p["CLm_renal"] + p["CLm_other"])


@pytest.mark.parametrize("how", [{}, {"relations": "convention"}])
def test_exposure_of_healthy_adults_varies_as_published_though_weight_and_kidneys_now_vary_too(how):
    naltrexone, naltrexol = exposures(make(N, seed=5, **how).parameters)
    assert cv(naltrexone) == pytest.approx(0.49, abs=4 * 0.49 / np.sqrt(N) * 2), "AUC 200 ± 97 (Bertolotti 1997)"
    assert cv(naltrexol) == pytest.approx(0.30, abs=0.03), "AUC 2467 ± 730 (Bertolotti 1997)"
    lots = np.exp(np.ptp(np.log(naltrexol[: 23 * 800].reshape(-1, 23)), axis=1))
    assert np.quantile(lots, 0.05) < 4 < np.quantile(lots, 0.98), "4-fold between 23 people at one dose"


def test_what_covariates_and_occasions_explain_is_taken_off():
    people = make(10, occasions=True)
    taken = people.narrowing
    assert taken["F"] == pytest.approx(np.log1p(0.2**2))
    assert taken["ka_capsule"] == pytest.approx(np.log1p(0.3**2))
    assert taken["V1"] > 0.02
    with pytest.raises(InvalidInput, match="covariates and occasions account for 100% of how CL differs"):
        differences(parameters(), 1, range(3), {"CL": np.log1p(0.3**2)})
    assert narrowed(parameters(), {}, occasions=False) == {}


@given(st.floats(-0.95, 0.95), st.floats(-0.95, 0.95), st.floats(-0.95, 0.95))
@settings(max_examples=60)
def test_any_correlations_either_hold_or_are_refused(ab, bc, ac):
    pairs = [
        Correlation(pair=pair, value=value, provenance="assumed", grade="low", source="test")
        for pair, value in ((("a", "b"), ab), (("b", "c"), bc), (("a", "c"), ac))
    ]
    matrix = np.array([[1, ab, ac], [ab, 1, bc], [ac, bc, 1]])
    if np.linalg.eigvalsh(matrix).min() < 1e-6:
        if np.linalg.eigvalsh(matrix).min() < -1e-9:
            with pytest.raises(InvalidInput, match="contradict"):
                triangle("abc", pairs)
        return
    made_of = triangle("abc", pairs)
    lower = np.array([[dict(made_of[row]).get(column, 0.0) for column in "abc"] for row in "abc"])
    np.testing.assert_allclose(lower @ lower.T, matrix, atol=1e-12)
    scores = {name: np.array([float(i)]) for i, name in enumerate("abc", start=1)}
    np.testing.assert_allclose([correlated(scores, made_of)[name][0] for name in "abc"], lower @ [1, 2, 3])


def bound(**change):
    return Bound(
        **{"quantity": "x", "low": -1, "high": 1, "unit": "1", "most_rejected": 0.4, "provenance": "assumed"} | change,
        source="test",
    )


@given(st.integers(0, 2**40), st.floats(-2, 0.5))
@settings(max_examples=40)
def test_only_those_outside_are_drawn_again_and_all_end_inside(seed, low):
    def draw(attempt):
        return {"x": standard_normal(seed, f"test/{attempt}", range(60))}

    limit = bound(low=low)
    found, redraws, (rejection,) = plausible(draw, lambda c: c, [limit], 60)
    first = draw(0)["x"]
    inside = (first >= low) & (first <= 1)
    np.testing.assert_array_equal(found["x"][inside], first[inside])
    assert ((found["x"] >= low) & (found["x"] <= 1)).all()
    np.testing.assert_array_equal(redraws == 0, inside)
    assert rejection.count == redraws.sum() == rejection.draws - 60


def test_what_is_never_plausible_is_an_error_and_so_is_what_is_not_a_number():
    for value in (5.0, np.nan):
        with pytest.raises(LowdoseError, match="3 persons are not plausible after 100 attempts"):
            plausible(lambda _, value=value: {"x": np.full(3, value)}, lambda c: c, [bound()], 3)


def test_too_many_rejections_are_refused_in_words():
    _, _, rejections = plausible(
        lambda attempt: {"x": standard_normal(1, f"t/{attempt}", range(999))},
        lambda c: c,
        [bound(most_rejected=0.2)],
        999,
    )
    with pytest.raises(InvalidInput, match=r"3\d\.\d% of the draws have x outside -1 to 1 1, more than the 20.0%"):
        refuse_too_many(rejections, "here")


def test_a_swallowed_dose_is_never_more_than_accounted_for():
    values = rows(Person(), range(N), 5, "people")
    total = values["F"] + (1 - values["F"]) * values["f_first_pass"]
    assert total.max() <= 0.95
    assert values["F"].max() <= 0.60


def shifted(**change):
    covariates = Covariates.of(Person(**{"crcl": 100.0} | change), 1)
    typical = {symbol: np.array([p.value]) for symbol, p in parameters().items()}
    return {s: float(v[0]) for s, v in apply_covariates(typical, covariates, low_dose=False, relations="depot").items()}


def test_the_depot_relations_are_the_published_ones():
    plain = shifted()
    assert plain["CL"] == 140
    assert shifted(weight=80)["CL"] - plain["CL"] == pytest.approx(10 * 0.548)
    assert shifted(age=55)["CL"] - plain["CL"] == pytest.approx(-10 * 0.108)
    whole = {crcl: sum(shifted(crcl=crcl)[s] for s in ("CLm_renal", "CLm_other")) for crcl in (100.0, 60.0)}
    assert whole[60.0] / whole[100.0] == pytest.approx(1 - 40 * 0.229 / 65.1)
    assert shifted(sex="F") == shifted(sex="M") == plain, "no effect of sex"
    for extreme in ({"weight": 250.0}, {"weight": 30.0, "age": 100.0}, {"crcl": 5.0}):
        assert min(shifted(**extreme)[s] for s in ("CL", "CLm_renal")) > 0
    assert {one.covariate for one in relations().no_effect} >= {"sex"}


def test_people_without_a_spread_between_persons_are_their_typical_one():
    people = make(20, population="fibromyalgia")
    for spread in ("typical", "knowledge"):
        values = rows(people, range(20), 1, spread)
        assert np.ptp(values["V1"]) == 0
    assert values["V1"][0] == pytest.approx(250 * people.typical.weight / 70)
