"""Virtual people have the means, spreads and correlations they are said to have, and are the same in any batch.

The rule throughout: an estimate from n people lies within 4 standard errors of what is declared. The standard error of
a mean is SD/√n, of an SD the one for its sample kurtosis, of a correlation 1/√n. Seeds are fixed.
"""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lowdose.errors import InvalidInput, NotFound
from lowdose.people import make, population, population_names
from lowdose.people.body import creatinine_clearance, kidney_weight
from lowdose.people.populations import parse_populations

N = 10_000
numbers = st.integers(0, 3000)
names = st.sampled_from(population_names())


def near_mean(values, declared):
    return abs(values.mean() - declared) < 4 * values.std() / np.sqrt(len(values))


def near_sd(values, declared):
    centred = values - values.mean()
    kurtosis = (centred**4).mean() / (centred**2).mean() ** 2
    return abs(values.std() - declared) < 4 * declared * np.sqrt((kurtosis - 1) / (4 * len(values)))


@pytest.fixture(scope="module", params=population_names())
def drawn(request):
    return make(N, seed=3, population=request.param)


def test_means_and_spreads_are_the_published_ones(drawn):
    source, women = drawn.population, drawn.columns["sex"] == "F"
    assert near_mean(drawn.columns["age"], source.age.mean)
    assert near_sd(drawn.columns["age"], source.age.sd)
    for quantity in ("height", "bmi", "serum_creatinine"):
        for sex, some in (("F", women), ("M", ~women)):
            if some.sum() > 100:
                size = getattr(getattr(source, quantity), sex)
                values = drawn.columns[quantity][some]
                assert near_mean(values, size.mean), (quantity, sex)
                assert near_sd(values, size.sd), (quantity, sex)


def test_shares_are_the_published_ones(drawn):
    for share, found in (
        (drawn.population.women.value, drawn.columns["sex"] == "F"),
        (drawn.population.cirrhosis.value, drawn.columns["child_pugh"] != ""),
    ):
        assert abs(found.mean() - share) <= 4 * np.sqrt(share * (1 - share) / N)


def test_everybody_is_plausible_and_within_the_ages(drawn):
    for bound in drawn.population.bounds:
        values = drawn.columns[bound.quantity]
        assert bound.low <= values.min()
        assert values.max() <= bound.high
    assert drawn.population.age.low <= drawn.columns["age"].min()
    assert drawn.columns["age"].max() <= drawn.population.age.high


def test_creatinine_clearance_and_weight_follow_from_the_rest(drawn):
    c, women = drawn.columns, drawn.columns["sex"] == "F"
    np.testing.assert_allclose(c["weight"], c["bmi"] * (c["height"] / 100) ** 2)
    for_kidneys = kidney_weight(c["weight"], c["height"], women)
    np.testing.assert_array_equal(c["crcl"], creatinine_clearance(c["age"], for_kidneys, c["serum_creatinine"], women))
    assert np.corrcoef(c["age"], c["crcl"])[0, 1] < -0.2
    if 0.2 < women.mean() < 0.8:
        assert c["weight"][~women].mean() > c["weight"][women].mean()


def test_published_weights_come_out_though_only_bmi_and_height_went_in():
    people = make(N, seed=3, population="general-adults").columns
    weight = {sex: people["weight"][people["sex"] == sex].mean() for sex in "FM"}
    assert weight["F"] == pytest.approx(171 * 0.4536, rel=0.02), "NCHS 2015-16: 171 lb"
    assert weight["M"] == pytest.approx(198 * 0.4536, rel=0.02), "NCHS 2015-16: 198 lb"
    us = make(N, seed=3, population="fibromyalgia-us").columns
    assert us["weight"].mean() == pytest.approx(181.3 * 0.4536, rel=0.03), "181.3 lb in the trial BMI was taken from"


def test_declared_correlation_of_covariates_holds_within_a_sex():
    people = make(N, seed=3, population="general-adults").columns
    for sex in "FM":
        some = people["sex"] == sex
        ranks = [np.argsort(np.argsort(people[name][some])) for name in ("age", "height")]
        expected = 6 / np.pi * np.arcsin(-0.15 / 2)
        assert abs(np.corrcoef(*ranks)[0, 1] - expected) < 4 / np.sqrt(some.sum())


@given(st.integers(0, 2**63 - 1), names, numbers)
@settings(max_examples=25, deadline=None)
def test_a_person_is_the_same_alone_and_among_others(seed, name, number):
    alone = make(range(number, number + 1), seed, name)
    among = make(range(max(0, number - 40), number + 9), seed, name)
    place = number - among.persons.start
    for column, values in alone.columns.items():
        assert values[0] == among.columns[column][place], column
    for symbol, values in alone.parameters.items():
        assert values[0] == among.parameters[symbol][place], symbol
    assert alone.all_redraws[0] == among.all_redraws[place]


def test_whoever_was_drawn_again_is_the_same_alone():
    people = make(N, seed=3)
    again = np.flatnonzero(people.redraws)
    assert len(again) > 10
    for number in again[:20].tolist():
        alone = make(range(number, number + 1), seed=3)
        assert alone.redraws[0] == people.redraws[number]
        assert all(alone.columns[name][0] == values[number] for name, values in people.columns.items())


def test_rejections_add_up():
    people = make(N, seed=3)
    assert people.redraws.sum() == people.covariate_rejections[0].draws - N
    assert sum(one.count for one in people.covariate_rejections) >= people.redraws.sum()


def test_other_seeds_are_other_people():
    one, other = make(2000, seed=1).columns["weight"], make(2000, seed=2).columns["weight"]
    assert abs(np.corrcoef(one, other)[0, 1]) < 4 / np.sqrt(2000)


NARROW = """
schema: lowdose.populations/1
common:
  height: {F: &size {mean: 165, sd: 7, unit: cm, provenance: assumed, grade: low, source: test}}
  serum_creatinine: {F: {mean: 0.7, sd: 0.1, unit: mg/dL, provenance: assumed, grade: low, source: test}}
  bounds: [{quantity: bmi, low: LOW, high: 60, unit: kg/m2, most_rejected: 0.02, provenance: assumed, source: test}]
populations:
  mine:
    title: test
    women: {value: 1, provenance: assumed, grade: low, source: test}
    age: {mean: 40, sd: SD, low: 18, high: 65, unit: years, provenance: assumed, grade: low, source: test}
    bmi: {F: {mean: 25, sd: 3, unit: kg/m2, provenance: assumed, grade: low, source: test}}
    cirrhosis: {value: 0, classes: {}, provenance: assumed, grade: low, source: test}
    correlations: [CORRELATION]
"""


def mine(low="14", sd="10", correlation=""):
    return parse_populations(NARROW.replace("LOW", low).replace("SD", sd).replace("CORRELATION", correlation)).named(
        "mine"
    )


@pytest.mark.parametrize("n", [1, 200])
def test_a_bound_that_would_leave_another_population_is_an_error_for_any_number_of_people(n):
    with pytest.raises(InvalidInput, match=r"of the draws have bmi outside 22 to 60 kg/m2, more than the 2.0%"):
        make(n, population=mine(low="22"))
    assert len(make(n, population=mine())) == n


def test_a_population_of_ones_own_is_drawn():
    assert make(500, population=mine()).columns["age"].max() < 65
    assert make(5, population=mine()).name == "own"


def pair(first, second, value):
    return f"{{pair: [{first}, {second}], value: {value}, provenance: assumed, grade: low, source: test}}"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"sd": "30"}, "no ages from 18 to 65 have mean 40 and SD 30"),
        ({"correlation": pair("age", "weight", 0.2)}, "weight of the correlation age–weight does not vary"),
        ({"correlation": pair("age", "bmi", 1.2)}, "less than 1"),
        (
            {
                "correlation": ", ".join(
                    (pair("age", "bmi", 0.9), pair("bmi", "height", 0.9), pair("age", "height", -0.9))
                )
            },
            "contradict each other",
        ),
        ({"correlation": f"{pair('age', 'bmi', 0.1)}, {pair('bmi', 'age', 0.2)}"}, "named twice"),
        ({"low": "70"}, "low 70 must lie below high 60"),
        ({"low": ".nan"}, "must lie below"),
    ],
)
def test_populations_that_cannot_be_are_refused(change, words):
    with pytest.raises(InvalidInput, match=words) as caught:
        mine(**change)
    assert caught.value.remedy
    assert caught.value.where == "populations.yaml"


def test_bad_numbers_and_unknown_names_are_refused():
    for wrong in ({"n": 0}, {"n": -3}, {"n": range(-1, 3)}, {"n": range(0, 9, 2)}, {"n": 3, "seed": -1}):
        with pytest.raises(InvalidInput):
            make(**wrong)
    for words, wrong in (
        ("did you mean fibromyalgia", {"population": "fibromyalgi"}),
        ("did you mean monitored", {"adherence": "monitord"}),
        ("did you mean depot", {"relations": "depo"}),
    ):
        with pytest.raises(NotFound, match=words):
            make(3, **wrong)
    with pytest.raises(InvalidInput, match="persons 3 to 5 are not among these people, 0 to 3"):
        make(4).covariates(range(3, 6))


def test_every_number_of_every_population_has_a_source_and_says_how_it_is_known():
    for name in population_names():
        one = population(name)
        sized = [size for by in (one.height, one.bmi, one.serum_creatinine) for size in (by.F, by.M) if size]
        for number in (one.women, one.age, one.cirrhosis, *sized, *one.correlations, *one.bounds):
            assert number.source
            assert number.provenance != "found" or number.url, f"{name}: {number} is found nowhere"
