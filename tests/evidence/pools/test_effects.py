"""Effect sizes: what holds for all of them, hand-worked ones, and what is refused."""

from __future__ import annotations

import math

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy import stats

from lowdose.errors import InvalidInput, NotFound
from lowdose.evidence.pools.effects.sizes import (
    METHODS,
    OF_EVENTS,
    arm_changes,
    arm_means,
    effect_size,
    events,
    measures,
    paired_differences,
    paired_p,
    paired_t,
    peto,
    published_md,
    published_smd,
    sd_of_interval,
)

means = st.floats(-100, 100).map(lambda x: round(x, 3))
spreads = st.floats(0.1, 50).map(lambda x: round(x, 3))
sizes = st.integers(2, 400)
arms = st.tuples(means, spreads, sizes)
tables = st.tuples(sizes, sizes).flatmap(
    lambda n: st.tuples(st.integers(0, n[0]), st.just(n[0]), st.integers(0, n[1]), st.just(n[1]))
)


def informative(table: tuple[int, int, int, int]) -> bool:
    return (table[0], table[2]) not in ((0, 0), (table[1], table[3]))


@given(arms, arms, st.sampled_from(["MD", "SMD"]))
def test_swapping_the_arms_swaps_the_sign_and_nothing_else(one, other, measure):
    here, there = arm_means(*one, *other, measure=measure), arm_means(*other, *one, measure=measure)
    assert here.estimate == pytest.approx(-there.estimate, rel=1e-12, abs=1e-12)
    assert here.variance == pytest.approx(there.variance, rel=1e-12)


@given(tables, st.sampled_from(OF_EVENTS))
def test_swapping_the_arms_inverts_a_ratio(table, measure):
    assume(informative(table))
    here, there = events(*table, measure=measure), events(*table[2:], *table[:2], measure=measure)
    assert here.estimate == pytest.approx(-there.estimate, rel=1e-10, abs=1e-12)
    assert here.variance == pytest.approx(there.variance, rel=1e-10)


@given(tables)
def test_counting_those_without_the_event_inverts_an_odds_ratio(table):
    assume(informative(table))
    without = (table[1] - table[0], table[1], table[3] - table[2], table[3])
    for size in (lambda *t: events(*t, measure="OR"), peto):
        assert size(*table).estimate == pytest.approx(-size(*without).estimate, rel=1e-10, abs=1e-10)


@given(arms, arms, st.floats(0.01, 100), means)
def test_a_standardised_difference_knows_no_unit(one, other, unit, shift):
    scaled = [(mean * unit + shift, sd * unit, n) for mean, sd, n in (one, other)]
    here, there = arm_means(*one, *other, measure="SMD"), arm_means(*scaled[0], *scaled[1], measure="SMD")
    assert here.estimate == pytest.approx(there.estimate, rel=1e-6, abs=1e-7)
    assert here.variance == pytest.approx(there.variance, rel=1e-6)


@given(arms, arms, st.floats(0.01, 100))
def test_a_difference_of_means_goes_with_the_unit(one, other, unit):
    scaled = [(mean * unit, sd * unit, n) for mean, sd, n in (one, other)]
    here, there = arm_means(*one, *other, measure="MD"), arm_means(*scaled[0], *scaled[1], measure="MD")
    assert there.estimate == pytest.approx(unit * here.estimate, rel=1e-9, abs=1e-9)
    assert there.variance == pytest.approx(unit**2 * here.variance, rel=1e-9)


@given(st.floats(0.001, 0.999), st.integers(3, 300), st.sampled_from([-1, 1]), st.floats(-0.9, 0.9))
def test_p_t_and_differences_of_a_crossover_trial_agree(p, n, sign, correlation):
    t = stats.t.isf(p / 2, n - 1)
    of_p, of_t = paired_p(p, n, sign, correlation), paired_t(t, n, sign, correlation)
    of_differences = paired_differences(sign * t * 2 / math.sqrt(n), 2.0, n, "SMD", correlation)
    for other in (of_t, of_differences):
        assert of_p.estimate == pytest.approx(other.estimate, rel=1e-9)
        assert of_p.variance == pytest.approx(other.variance, rel=1e-9)
    assert of_p.correlation == correlation


@given(st.floats(0.001, 0.9), st.integers(3, 300))
def test_a_higher_correlation_means_a_smaller_effect_and_less_variance(p, n):
    low, middle, high = (paired_p(p, n, -1, correlation) for correlation in (0.3, 0.5, 0.7))
    assert low.estimate < middle.estimate < high.estimate < 0
    assert low.variance > middle.variance > high.variance


@given(st.floats(-5, 5), st.integers(2, 500), st.integers(2, 500))
def test_a_published_d_has_the_sign_it_is_given(d, n1, n2):
    down, up = published_smd(d, n1, n2, -1), published_smd(d, n1, n2, 1)
    assert down.estimate == -abs(d) == -up.estimate
    assert down.variance == up.variance >= 1 / n1 + 1 / n2


@given(means, spreads)
def test_an_interval_gives_back_its_standard_error(estimate, se):
    margin = stats.norm.isf(0.025) * se
    made = published_md(estimate, low=estimate - margin, high=estimate + margin)
    assert math.sqrt(made.variance) == pytest.approx(se, rel=1e-9)


@given(means.filter(lambda x: abs(x) > 0.01), spreads, st.integers(2, 200))
def test_p_gives_back_its_standard_error(estimate, se, df):
    p = 2 * stats.t.sf(abs(estimate) / se, df)
    assume(1e-12 < p < 0.999999)
    assert math.sqrt(published_md(estimate, p=p, df=df).variance) == pytest.approx(se, rel=1e-4)


@given(arms)
def test_an_interval_of_a_mean_gives_back_its_standard_deviation(arm):
    mean, sd, n = arm
    margin = stats.t.isf(0.025, n - 1) * sd / math.sqrt(n)
    assert sd_of_interval(mean - margin, mean + margin, n) == pytest.approx(sd, rel=1e-6)


@given(arms, arms)
@settings(max_examples=40)
def test_changes_with_intervals_are_means_with_standard_deviations(one, other):
    limits = []
    for mean, sd, n in (one, other):
        margin = stats.t.isf(0.025, n - 1) * sd / math.sqrt(n)
        limits += [mean, mean - margin, mean + margin, n]
    made, expected = arm_changes(*limits, measure="MD"), arm_means(*one, *other, measure="MD")
    assert made.estimate == pytest.approx(expected.estimate, abs=1e-12)
    assert made.variance == pytest.approx(expected.variance, rel=1e-6)


def test_hand_worked():
    made = events(15, 18, 6, 16, measure="RR")
    assert made.estimate == pytest.approx(math.log((15 / 18) / (6 / 16)))
    assert made.variance == pytest.approx(1 / 15 - 1 / 18 + 1 / 6 - 1 / 16)
    assert arm_means(12, 2, 10, 10, 3, 20, measure="MD").variance == pytest.approx(4 / 10 + 9 / 20)


@pytest.mark.parametrize("measure", OF_EVENTS)
def test_half_is_added_to_a_table_with_a_zero_and_to_no_other(measure):
    zero, full = events(0, 22, 5, 16, measure=measure), events(1, 22, 5, 16, measure=measure)
    assert "1/2 added" in zero.note
    assert full.note == ""
    risks = (0.5 / 23, 5.5 / 17)
    odds = [risk / (1 - risk) for risk in risks]
    expected = {"RR": math.log(risks[0] / risks[1]), "OR": math.log(odds[0] / odds[1]), "RD": risks[0] - risks[1]}
    assert zero.estimate == pytest.approx(expected[measure])


@pytest.mark.parametrize("method", METHODS)
def test_every_method_gives_what_it_says(method):
    numbers = {
        "published_smd": {"d": 0.2, "n1": 20, "n2": 20, "sign": -1},
        "paired_p": {"p": 0.04, "n": 20, "sign": -1},
        "paired_t": {"t": 2.1, "n": 20, "sign": -1},
        "paired_differences": {"mean": -1, "sd": 2, "n": 20},
        "published_md": {"est": -1, "se": 0.4},
        "arm_means": {"mean1": 1, "sd1": 2, "n1": 20, "mean2": 2, "sd2": 2, "n2": 20},
        "arm_changes": {
            "change1": -1, "low1": -2, "high1": 0, "n1": 20, "change2": 0, "low2": -1, "high2": 1, "n2": 20,
        },
        "events": {"e1": 3, "n1": 20, "e2": 6, "n2": 20},
    }  # fmt: skip
    for measure in measures(method):
        made = effect_size(method, measure, numbers[method])
        assert made.measure == measure
        assert made.estimate < 0 < made.variance


REFUSED = [
    (lambda: published_smd(0.2, 0, 20, -1), "n1 is 0"),
    (lambda: published_smd(0.2, 20, 20.5, -1), "n2 is 20.5"),
    (lambda: published_smd(math.nan, 20, 20, -1), "d is nan"),
    (lambda: published_smd(0.2, 20, 20, 0), "sign is 0"),
    (lambda: paired_p(0, 20, -1, 0.5), "p is 0"),
    (lambda: paired_p(1.2, 20, -1, 0.5), "p is 1.2"),
    (lambda: paired_p(0.1, 1, -1, 0.5), "n is 1"),
    (lambda: paired_p(0.1, 20, -1, 1), "a correlation of 1"),
    (lambda: paired_differences(1, 0, 20, "MD", 0.5), "sd is 0"),
    (lambda: published_md(1.0), "needs its spread"),
    (lambda: published_md(1.0, se=0), "se is 0"),
    (lambda: published_md(1.0, low=2, high=3), "1 does not lie between 2 and 3"),
    (lambda: published_md(0.0, p=1 - 1e-9, df=3), "a difference of zero"),
    (lambda: sd_of_interval(2, 1, 20), "has no width"),
    (lambda: arm_means(1, 2, 1, 1, 2, 20, measure="MD"), "n1 is 1"),
    (lambda: arm_means(1, -2, 10, 1, 2, 20, measure="MD"), "sd1 is -2"),
    (lambda: arm_means("a", 2, 10, 1, 2, 20, measure="MD"), "mean1 is 'a'"),
    (lambda: events(3, 0, 1, 20, measure="RR"), "e1 is 3, more than|n1 is zero"),
    (lambda: events(0, 0, 1, 20, measure="RD"), "n1 is zero"),
    (lambda: events(21, 20, 1, 20, measure="RR"), "e1 is 21, more than the 20"),
    (lambda: events(1.5, 20, 1, 20, measure="RR"), "e1 is 1.5, which is not a count"),
    (lambda: events(-1, 20, 1, 20, measure="RR"), "e1 is -1"),
    (lambda: events(0, 20, 0, 20, measure="RR"), "nobody in either arm"),
    (lambda: events(20, 20, 20, 20, measure="OR"), "everybody in both|everybody in either arm"),
    (lambda: peto(0, 20, 0, 20), "nobody in either arm"),
    (lambda: effect_size("events", "MD", {}), "events gives no MD"),
    (lambda: effect_size("published_smd", "SMD", {"d": 1}), "other numbers than it needs"),
]


@pytest.mark.parametrize(("made", "said"), REFUSED)
def test_what_cannot_be_is_refused_by_name(made, said):
    with pytest.raises(InvalidInput, match=said):
        made()


def test_an_unknown_method_is_met_with_a_near_one():
    with pytest.raises(NotFound, match="paired_p"):
        measures("paired_q")


def test_nobody_in_either_arm_still_has_a_risk_difference():
    assert events(0, 20, 0, 20, measure="RD").estimate == 0
