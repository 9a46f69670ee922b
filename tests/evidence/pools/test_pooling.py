"""Pools: what holds for all, the published expectations, and statsmodels as a second opinion."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from lowdose.errors import InvalidInput, NotFound
from lowdose.evidence.pools.entries import entries as gather
from lowdose.evidence.pools.entry import Entry
from lowdose.evidence.pools.looks import by_correlation, cumulative, leave_one_out, subgroup
from lowdose.evidence.pools.pooling import I2_OF_Q, INTERVALS, NARROW, pool

estimates = st.floats(-3, 3).map(lambda x: round(x, 4))
variances = st.floats(0.01, 2).map(lambda x: round(x, 4))
trials = st.lists(st.tuples(estimates, variances), min_size=2, max_size=8).map(
    lambda pairs: [Entry(f"s{at}", f"S {at}", 2000 + at, "SMD", yi, vi) for at, (yi, vi) in enumerate(pairs)]
)
choices = st.fixed_dictionaries({"tau2": st.sampled_from(["REML", "DL", "PM"]), "ci": st.sampled_from(list(INTERVALS))})
unhurried = settings(max_examples=25)


@given(trials)
@unhurried
def test_a_common_effect_lies_between_the_least_and_the_largest(entries):
    made = pool(entries, model="common")
    values = [one.estimate for one in entries]
    assert min(values) - 1e-12 <= made.estimate <= max(values) + 1e-12
    assert made.tau2 == 0
    assert made.i2_definition == I2_OF_Q


@given(trials, choices)
@unhurried
def test_weights_are_shares_and_give_the_estimate(entries, chosen):
    for made in (pool(entries, **chosen), pool(entries, model="common")):
        assert sum(made.weights) == pytest.approx(1)
        weighted = sum(share * one.estimate for share, one in zip(made.weights, made.entries, strict=True))
        assert weighted == pytest.approx(made.estimate, abs=1e-9)
        assert made.interval[0] <= made.estimate <= made.interval[1]
        assert made.tau2 >= 0
        assert 0 <= made.i2 <= 100


@given(trials, choices, st.floats(-2, 2), st.floats(0.1, 10))
@unhurried
def test_a_pool_goes_with_its_unit_and_its_zero(entries, chosen, shift, unit):
    made = pool(entries, **chosen)
    moved = [replace(e, estimate=unit * e.estimate + shift, variance=unit**2 * e.variance) for e in entries]
    other = pool(moved, **chosen)
    assert other.estimate == pytest.approx(unit * made.estimate + shift, abs=1e-6)
    assert other.standard_error == pytest.approx(unit * made.standard_error, rel=1e-5, abs=1e-7)
    assert other.q == pytest.approx(made.q, rel=1e-6, abs=1e-8)


@given(trials, choices)
@unhurried
def test_the_other_sign_gives_the_other_pool(entries, chosen):
    made = pool(entries, **chosen)
    other = pool([replace(one, estimate=-one.estimate) for one in entries], **chosen)
    assert other.estimate == pytest.approx(-made.estimate, abs=1e-8)
    assert other.interval == pytest.approx((-made.interval[1], -made.interval[0]), abs=1e-7)


@given(trials, st.randoms(use_true_random=False))
@unhurried
def test_the_order_of_studies_does_not_matter(entries, random):
    mixed = list(entries)
    random.shuffle(mixed)
    assert pool(mixed).estimate == pytest.approx(pool(entries).estimate, abs=1e-8)


@given(trials, st.sampled_from(["REML", "DL", "PM"]))
@unhurried
def test_the_floor_never_gives_less_than_the_standard_variance(entries, tau2):
    floor, free, standard = (pool(entries, tau2=tau2, ci=ci) for ci in ("hksj-floor", "hksj", "wald"))
    assert floor.standard_error == pytest.approx(max(free.standard_error, standard.standard_error), rel=1e-9)
    assert floor.interval[1] - floor.interval[0] >= standard.interval[1] - standard.interval[0] - 1e-12
    if not math.isclose(free.standard_error, standard.standard_error, rel_tol=1e-9):
        assert (NARROW in free.warnings) == (free.standard_error < standard.standard_error)


@given(trials)
@unhurried
def test_a_smaller_variance_weighs_more_and_draws_the_pool_to_itself(entries):
    heavier = [replace(entries[0], variance=entries[0].variance / 4), *entries[1:]]
    before, after = pool(entries, model="common"), pool(heavier, model="common")
    assert after.weights[0] > before.weights[0]
    distance = [abs(made.estimate - entries[0].estimate) for made in (before, after)]
    assert distance[1] <= distance[0] + 1e-12
    assert after.standard_error < before.standard_error


@given(trials)
@unhurried
def test_a_trial_at_the_pool_adds_certainty_and_nothing_else(entries):
    before = pool(entries, model="common")
    after = pool([*entries, replace(entries[0], study="new", estimate=before.estimate)], model="common")
    assert after.estimate == pytest.approx(before.estimate, abs=1e-9)
    assert after.standard_error < before.standard_error
    assert after.q == pytest.approx(before.q, abs=1e-8)


@given(trials, choices)
@unhurried
def test_leaving_one_out_is_pooling_the_others(entries, chosen):
    for left, made in leave_one_out(entries, **chosen):
        rest = [one for one in entries if one is not left]
        assert made.k == len(rest)
        assert made.estimate == pool(rest, **chosen).estimate


@given(trials)
@unhurried
def test_cumulative_ends_with_all(entries):
    steps = cumulative(entries)
    assert [made.k for _, made in steps] == list(range(1, len(entries) + 1))
    assert steps[-1][1].estimate == pool(entries).estimate
    assert steps[0][1].estimate == entries[0].estimate


def second_opinion(entries: list[Entry], tau2: str, ci: str) -> None:
    from statsmodels.stats.meta_analysis import combine_effects

    yi, vi = (np.array([getattr(one, name) for one in entries]) for name in ("estimate", "variance"))
    name = {"DL": "dl", "PM": "iterated"}[tau2]
    theirs = combine_effects(yi, vi, method_re=name, use_t=ci == "hksj", **({"atol": 1e-12} if tau2 == "PM" else {}))
    _, of_random, _, of_hksj = theirs.conf_int(use_t=ci == "hksj")
    ours, common = pool(entries, tau2=tau2, ci=ci), pool(entries, model="common")  # type: ignore[arg-type]
    assert common.estimate == pytest.approx(theirs.mean_effect_fe, abs=1e-10)
    assert common.standard_error == pytest.approx(theirs.sd_eff_w_fe, rel=1e-9)
    assert ours.tau2 == pytest.approx(theirs.tau2, rel=1e-7, abs=1e-9)
    assert ours.estimate == pytest.approx(theirs.mean_effect_re, rel=1e-7, abs=1e-9)
    error = theirs.sd_eff_w_re_hksj if ci == "hksj" else theirs.sd_eff_w_re
    assert ours.standard_error == pytest.approx(error, rel=1e-6)
    assert ours.interval == pytest.approx(of_hksj if ci == "hksj" else of_random, rel=1e-6, abs=1e-8)
    assert ours.q == pytest.approx(theirs.q, rel=1e-9, abs=1e-10)


@given(trials, st.sampled_from(["wald", "hksj"]))
@unhurried
def test_statsmodels_agrees(entries, ci):
    common = pool(entries, model="common")
    assume(common.q > common.k - 1 + 1e-6)  # below that statsmodels lets DL's variance be negative
    second_opinion(entries, "DL", ci)


@pytest.mark.parametrize("tau2", ["DL", "PM"])
@pytest.mark.parametrize("ci", ["wald", "hksj"])
def test_statsmodels_agrees_on_five_trials(tau2, ci):
    pairs = [(-0.9, 0.33), (-1.6, 0.19), (-0.2, 0.05), (0.01, 0.004), (-1.3, 0.07)]
    second_opinion([Entry(str(yi), str(yi), 2000, "SMD", yi, vi) for yi, vi in pairs], tau2, ci)


@given(st.lists(st.tuples(st.integers(1, 19), st.integers(1, 19)), min_size=2, max_size=6))
@unhurried
def test_mantel_haenszel_agrees_with_statsmodels(counted):
    from statsmodels.stats.contingency_tables import StratifiedTable

    entries = [
        Entry(str(at), str(at), 2000, "OR", 0.0, 1.0, events=(had1, 20, had2, 20))
        for at, (had1, had2) in enumerate(counted)
    ]
    tables = [np.array([[had1, 20 - had1], [had2, 20 - had2]], dtype=float) for had1, had2 in counted]
    theirs = StratifiedTable(tables)
    ours = pool(entries, method="MH")
    assert ours.estimate == pytest.approx(theirs.logodds_pooled, abs=1e-10)
    assert ours.standard_error == pytest.approx(theirs.logodds_pooled_se, rel=1e-9)


# what was expected of fibromyalgia


def fibromyalgia(*without: str) -> list[Entry]:
    return [one for one in gather("fibromyalgia.pain").entries if one.study not in without]


@pytest.mark.parametrize("tau2", ["REML", "DL"])
def test_with_innova_the_pool_is_near_minus_a_fifth_and_without_it_twice_that(tau2):
    assert round(pool(fibromyalgia(), tau2=tau2).estimate, 2) == -0.18
    without = pool(fibromyalgia("rodriguez_freire2026_INNOVA"), tau2=tau2, ci="wald")
    assert [round(x, 3) for x in (without.estimate, *without.interval)] == [-0.359, -0.637, -0.081]


def test_two_trials_by_every_interval():
    two = fibromyalgia("rodriguez_freire2026_INNOVA")
    expected = {"wald": (-0.637, -0.081), "hksj": (-1.984, 1.265), "hksj-floor": (-2.163, 1.445)}
    for ci, interval in expected.items():
        made = pool(two, ci=ci)
        assert tuple(round(x, 3) for x in made.interval) == interval
    made = pool(two)
    assert made.hksj.interval == pool(two, ci="hksj").interval
    assert made.common_effect.interval == pytest.approx(pool(two, ci="wald").interval)


def test_the_default_is_reml_with_the_floor():
    made = pool(fibromyalgia())
    assert (made.model, made.tau2_method, made.ci_method, made.level) == ("random", "REML", "hksj-floor", 0.95)
    assert made.prediction is not None


def test_the_correlation_is_varied():
    found = by_correlation("fibromyalgia.pain", ci="wald")
    assert list(found) == [0.3, 0.5, 0.7]
    assert found[0.3].estimate < found[0.5].estimate < found[0.7].estimate


def test_responders_by_mantel_haenszel():
    assert math.exp(pool(gather("fibromyalgia.response").entries, method="MH").estimate) == pytest.approx(
        1.852, abs=1e-3
    )


# edges


TWO = Entry("two", "Two 2021", 2021, "RR", math.log(2), 0.1, events=(10, 20, 5, 20))
ONE = Entry("one", "One 2020", 2020, "RR", math.log(2), 0.1, events=(10, 20, 5, 20))


def test_one_trial_is_shown_as_it_is():
    made = pool([ONE])
    assert (made.k, made.model, made.tau2_method) == (1, "common", None)
    assert made.estimate == ONE.estimate
    assert made.interval == pytest.approx(ONE.interval())
    assert made.display(made.estimate) == pytest.approx(2)
    assert made.prediction is None


@pytest.mark.parametrize(
    ("made", "said"),
    [
        (lambda: pool([]), "nothing to pool"),
        (lambda: pool([ONE, replace(ONE, measure="OR")]), "OR and RR cannot be pooled together"),
        (lambda: pool([ONE], level=1.0), "a confidence of 1"),
        (lambda: pool([replace(ONE, events=None)], method="MH"), "needs the counts of One 2020"),
        (lambda: pool([ONE], method="Peto"), "Peto does not pool RR"),
        (lambda: pool([replace(ONE, measure="SMD")], method="MH"), "MH does not pool SMD"),
        (lambda: pool([replace(ONE, variance=0.0), TWO]), "One 2020: an estimate of .* with a variance of 0 cannot be"),
        (lambda: pool([replace(ONE, estimate=math.nan), TWO]), "One 2020: an estimate of nan .* cannot be"),
        (lambda: pool([replace(ONE, estimate=1e200), TWO]), "an estimate of 1e.200 .* cannot be"),
        (lambda: pool([ONE, ONE]), "one comes twice"),
        (lambda: cumulative([ONE], by="colour"), "an entry has no 'colour'"),
    ],
)
def test_what_cannot_be_pooled_is_refused(made, said):
    with pytest.raises(InvalidInput, match=said):
        made()


def test_a_likelihood_with_two_tops_is_warned_of():
    """REML of the library stops at the top at zero; the higher one lies near 0.12."""
    pairs = [(0.86514, 0.15303), (-0.14605, 0.031799), (-0.01401, 0.0061395)]
    made = pool([Entry(str(yi), str(yi), 2000, "SMD", yi, vi) for yi, vi in pairs])
    assert made.tau2 == 0
    assert made.warnings[0].startswith("REML puts τ² at 0, DL at ")
    same = pool([Entry(str(yi), str(yi), 2000, "SMD", 0.1, vi) for yi, vi in pairs])
    assert not any("REML puts" in said for said in same.warnings)


def test_one_group_has_nothing_to_compare():
    found = subgroup([ONE, replace(ONE, study="two")], "group")
    assert (found.df, found.p) == (0, 1.0)
    assert leave_one_out([ONE]) == ()


def test_other_levels_of_confidence():
    narrow, wide = (pool(fibromyalgia(), level=level).interval for level in (0.8, 0.99))
    assert wide[0] < narrow[0] < narrow[1] < wide[1]


def test_a_ratio_too_large_for_a_number_is_infinite():
    """Two trials apart, Hartung-Knapp at 99.9 %: the upper end is beyond any floating-point number."""
    apart = [replace(ONE, estimate=-2.0, variance=2.0), replace(TWO, estimate=2.4, variance=2.0)]
    made = pool(apart, level=0.999)
    assert made.display(made.interval[1]) == math.inf
    assert made.display(made.interval[0]) == 0.0


def test_i2_is_a_number_even_beside_a_trial_that_is_almost_exact():
    trials = [Entry(name, name, 2020, "MD", mean, error**2) for name, mean, error in
              (("a", 1.0, 1e-8), ("b", 2.0, 1e6), ("c", 3.0, 1.0))]  # fmt: skip
    made = pool(trials)
    assert made.i2 == pytest.approx(50, abs=1)
    assert made.i2_definition == I2_OF_Q


def test_a_risk_difference_beyond_one_says_so():
    trials = [Entry(name, name, 2020, "RD", mean, 0.02) for name, mean in (("a", 0.1), ("b", -0.3))]
    assert any("where a risk difference ends" in said for said in pool(trials).warnings)
    assert not any("risk difference ends" in said for said in pool(trials, model="common").warnings)


def test_one_group_is_nothing_to_compare_and_a_slip_is_suggested():
    found = subgroup([ONE, TWO], "design")
    assert (found.df, found.p) == (0, 1.0)
    with pytest.raises(NotFound, match="risk_of_bias"):
        subgroup([ONE, TWO], "risk_of_bais")
