"""Each rule: where it acts and where it does not."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lowdose.evidence.grading.grade import grade
from lowdose.evidence.pools.effects.sizes import arm_means
from lowdose.evidence.pools.entry import Entry
from lowdose.evidence.pools.numbers import possible_percentage
from lowdose.evidence.pools.pooling import pool
from lowdose.evidence.pools.questions import question
from lowdose.evidence.pools.rules import obey as rules
from lowdose.evidence.pools.rules.beside import (
    POOL_RULES,
    active_comparators_are_named,
    one_trial_is_no_pool,
    prediction_rule_is_stated,
    recalled_values_are_named,
    small_study_tests_need_ten,
    two_trials_are_fragile,
)

PAIN = question("fibromyalgia.pain")
TRIAL = Entry(
    study="one",
    label="One 2020",
    year=2020,
    measure="SMD",
    estimate=-0.2,
    variance=0.04,
    kind="change",
    design="parallel RCT",
    dose_mg=4.5,
    dose_class="LDN",
    n_treated=50,
    n_control=50,
    method="published_smd",
    scale="nrs-10",
)
EVENTS = replace(TRIAL, measure="RR", kind="events", events=(5, 50, 10, 50), method="events", scale="")


def verdicts(rule, *entries, asked=PAIN):
    return [(one.study, one.action) for one in rule(entries, asked)]


# before and after


def test_before_after_never_enters_a_controlled_pool():
    series = replace(TRIAL, study="series", design="single arm", controlled=False)
    assert verdicts(rules.before_after_stays_out, TRIAL, series) == [("series", "refuse")]


def test_controlled_trials_stay():
    assert verdicts(rules.before_after_stays_out, TRIAL, replace(TRIAL, design="crossover RCT")) == []


# change and final values


def test_an_smd_never_mixes_change_and_final_values():
    final = replace(TRIAL, study="final", kind="final")
    assert verdicts(rules.smd_never_mixes_change_and_final, TRIAL, final) == [("final", "refuse")]
    scales = question("depression.hamd17")
    assert verdicts(rules.smd_never_mixes_change_and_final, TRIAL, final, asked=scales) == [("one", "refuse")]


def test_a_change_in_percent_is_a_change_and_said_so():
    percent = replace(TRIAL, study="percent", kind="percent change")
    assert verdicts(rules.smd_never_mixes_change_and_final, TRIAL, percent) == [("percent", "flag")]


def test_a_difference_of_means_may_mix_them():
    final = replace(TRIAL, kind="final", measure="MD")
    assert verdicts(rules.smd_never_mixes_change_and_final, TRIAL, final, asked=PAIN.by("MD")) == []


# doses and drugs


@pytest.mark.parametrize("other", ["ULDN", "VLDN", "intermediate", "standard"])
def test_dose_classes_stay_apart(other):
    assert verdicts(rules.dose_classes_stay_apart, TRIAL, replace(TRIAL, study="x", dose_class=other)) == [
        ("x", "refuse")
    ]


def test_the_class_asked_about_stays():
    assert verdicts(rules.dose_classes_stay_apart, TRIAL) == []
    smoking = question("smoking-alcohol.abstinence")
    assert verdicts(rules.dose_classes_stay_apart, replace(EVENTS, dose_class="standard"), asked=smoking) == []


def test_a_highest_dose_is_kept_to():
    harms, more = question("any.headache"), replace(EVENTS, study="more", dose_mg=9.0)
    assert verdicts(rules.dose_classes_stay_apart, EVENTS, more, asked=harms) == [("more", "refuse")]


def test_naloxone_is_refused_and_so_is_any_other_drug():
    others = [replace(TRIAL, study=drug, drug=drug) for drug in ("naloxone", "nalmefene")]
    assert verdicts(rules.naltrexone_only, TRIAL, *others) == [("naloxone", "refuse"), ("nalmefene", "refuse")]


def test_naltrexone_stays():
    assert verdicts(rules.naltrexone_only, TRIAL) == []


# comparators


def test_active_comparators_stay_apart_from_placebo():
    active = replace(TRIAL, study="active", active_control=True, comparator="amitriptyline")
    assert verdicts(rules.active_comparators_stay_apart, TRIAL, active) == [("active", "refuse")]
    asked = question("diabetic-neuropathy.pain")
    assert verdicts(rules.active_comparators_stay_apart, TRIAL, active, asked=asked) == [("one", "refuse")]


# patients


def test_one_patient_set_enters_once_with_its_largest_paper():
    papers = [
        replace(TRIAL, study=name, patient_set="detox", n_treated=n, n_control=n, year=year)
        for name, n, year in (("follow-up", 48, 2009), ("main", 87, 2009), ("later", 63, 2012))
    ]
    assert sorted(verdicts(rules.one_patient_set_once, *papers)) == [("follow-up", "refuse"), ("later", "refuse")]


def test_different_people_all_stay():
    assert verdicts(rules.one_patient_set_once, TRIAL, replace(TRIAL, study="two")) == []
    assert verdicts(rules.one_patient_set_once, TRIAL, TRIAL) == [("one", "refuse")], "a study is its own patient set"


# plausibility


def test_ten_standard_deviations_are_refused():
    published = replace(TRIAL, study="published", estimate=-10.77, variance=((13.96 - 7.58) / 2 / 1.96) ** 2)
    assert ("published", "refuse") in verdicts(rules.plausible, published)
    assert verdicts(rules.plausible, replace(TRIAL, estimate=-3.0)) == []


def test_a_standard_error_written_as_a_deviation_is_flagged():
    right = [replace(TRIAL, study=name, measure="MD", variance=2 * 1.6**2 / 50) for name in "ab"]
    wrong = replace(right[0], study="wrong", variance=2 * (1.6 / 50**0.5) ** 2 / 50)
    assert verdicts(rules.plausible, *right, wrong) == [("wrong", "flag")]
    assert verdicts(rules.plausible, *right) == []


def test_a_standard_error_in_a_standardised_difference_shows_as_an_impossible_size():
    size = arm_means(-1.3, 1.6 / 49**0.5, 49, -0.4, 1.6 / 50**0.5, 50, measure="SMD")
    assert verdicts(rules.plausible, replace(TRIAL, estimate=size.estimate, variance=size.variance)) == [
        ("one", "refuse")
    ]


def test_a_percentage_no_count_can_give_is_flagged():
    assert verdicts(rules.plausible, replace(EVENTS, percentages=((89.0, 17),))) == [("one", "flag")]
    assert verdicts(rules.plausible, replace(EVENTS, percentages=((45.0, 49), (28.0, 50)))) == []


@given(st.integers(1, 400).flatmap(lambda total: st.tuples(st.integers(0, total), st.just(total))), st.integers(0, 2))
def test_every_count_gives_a_possible_percentage(counted, decimals):
    had, total = counted
    assert possible_percentage(round(100 * had / total, decimals), total)


# crossover trials


def test_a_crossover_trial_states_its_correlation():
    paired = replace(TRIAL, design="crossover RCT", method="paired_p", correlation=0.5)
    (said,) = rules.crossover_is_paired([paired], PAIN)
    assert said.action == "flag"
    assert "0.5" in said.reason
    assert "0.3, 0.5, 0.7" in said.reason


@pytest.mark.parametrize("method", ["arm_means", "arm_changes", "published_smd"])
def test_both_periods_never_enter_as_two_arms(method):
    crossed = replace(TRIAL, design="crossover RCT", method=method)
    assert verdicts(rules.crossover_is_paired, crossed) == [("one", "refuse")]
    assert verdicts(rules.crossover_is_paired, replace(crossed, design="parallel RCT")) == []


def test_events_of_both_periods_are_flagged():
    assert verdicts(rules.crossover_is_paired, replace(EVENTS, design="crossover RCT")) == [("one", "flag")]


def test_unequal_periods_and_a_fixed_order_are_flagged():
    paired = replace(TRIAL, method="paired_p", design="fixed-order crossover", note="2 v 8 weeks: unequal")
    reasons = [one.reason for one in rules.crossover_is_paired([paired], PAIN)]
    assert [reason.split(":")[0] for reason in reasons] == ["periods of unequal length", "the order was not random"]


# zero cells


def test_a_zero_cell_is_told_with_peto_and_the_risk_difference():
    bihari = replace(EVENTS, study="bihari", events=(0, 22, 5, 16))
    (said,) = rules.zero_cells([EVENTS, bihari], PAIN)
    assert said.study == "bihari"
    assert "Peto's odds ratio 0.07 (0.01 to 0.46), risk difference −30 per 100" in said.reason


def test_nobody_in_either_arm_has_a_risk_difference_only():
    (said,) = rules.zero_cells([replace(EVENTS, events=(0, 20, 0, 20))], PAIN)
    assert "Peto" not in said.reason


# measures and scales


def test_a_difference_of_means_needs_one_scale():
    trials = [
        replace(TRIAL, study=name, measure="MD", scale=scale)
        for name, scale in zip("abc", ("x", "y", "x"), strict=True)
    ]
    assert verdicts(rules.effect_suits_the_scales, *trials) == [("b", "refuse")]
    assert verdicts(rules.effect_suits_the_scales, trials[0], trials[2]) == []
    assert verdicts(rules.effect_suits_the_scales, *(replace(one, measure="SMD") for one in trials)) == []


def test_the_usual_measure_follows_the_scales():
    other = replace(TRIAL, scale="vas-100")
    assert rules.usual_measure([TRIAL]) == "MD"
    assert rules.usual_measure([TRIAL, other]) == "SMD"
    assert rules.usual_measure([EVENTS]) == "RR"
    assert rules.usual_measure([EVENTS], harms=True) == "RD"


# recalled values, certainty, smallest difference


def test_recalled_values_leave_on_one_switch():
    recalled = replace(TRIAL, study="recalled", recalled=("n analysed",))
    assert [one.study for one in rules.obey([TRIAL, recalled], PAIN)[0]] == ["one", "recalled"]
    kept, removed, _ = rules.obey([TRIAL, recalled], PAIN, only_found=True)
    assert [one.study for one in kept] == ["one"]
    assert removed[0].rule == "recalled_leaves_on_one_switch"
    assert "n analysed" in removed[0].reason


def test_certainty_starts_low_without_randomisation():
    fixed = replace(TRIAL, study="fixed", design="fixed-order crossover")
    assert verdicts(rules.certainty_starts_by_design, TRIAL, fixed) == [("fixed", "flag")]
    asked = {"entries": [], "pool": None, "question": PAIN.plain(), "unusable": []}
    shown = {"risk_of_bias": "low", "study": "x", "dose_class": "LDN", "active_control": False, "estimate": 0.1}
    for design, start in (("parallel RCT", "high"), ("fixed-order crossover", "low")):
        assert grade({**asked, "entries": [{**shown, "design": design}]}).start == start


def test_the_smallest_difference_has_a_source_or_is_missed():
    (said,) = rules.smallest_difference_has_a_source([], PAIN)
    assert "recalled; half a standard deviation" in said.reason
    (said,) = rules.smallest_difference_has_a_source([], PAIN.model_copy(update={"mids": {}}))
    assert said.reason == "no smallest difference that matters is fixed for SMD"


# beside a pool

TWO = [TRIAL, replace(TRIAL, study="two", label="Two 2021", estimate=0.3)]
THREE = [*TWO, replace(TRIAL, study="three", estimate=-0.1)]


def test_two_trials_show_both_the_common_effect_and_the_hartung_knapp_interval():
    made = pool(TWO)
    assert "fragile" in (two_trials_are_fragile(made) or "")
    assert made.common_effect is not None
    assert made.hksj is not None
    assert (made.common_effect.model, made.hksj.ci_method) == ("common", "hksj")
    assert [one.label for one in made.entries] == ["One 2020", "Two 2021"]
    assert two_trials_are_fragile(pool(THREE)) is None
    assert pool(THREE).common_effect is None


def test_the_prediction_rule_is_stated_where_there_is_one():
    assert "t(k−2)" in (prediction_rule_is_stated(pool(THREE)) or "")
    assert prediction_rule_is_stated(pool(TWO)) == "no prediction interval: it needs three trials"
    assert prediction_rule_is_stated(pool(THREE, model="common")) is None


def test_small_study_tests_need_ten():
    ten = [replace(TRIAL, study=str(at), estimate=at / 50) for at in range(10)]
    assert small_study_tests_need_ten(pool(ten)) is None
    assert small_study_tests_need_ten(pool(ten[:9])) is not None


def test_one_trial_active_comparators_and_recalled_values_are_said():
    plain = pool([TRIAL])
    assert one_trial_is_no_pool(plain)
    assert one_trial_is_no_pool(pool(TWO)) is None
    assert active_comparators_are_named(plain) is recalled_values_are_named(plain) is None
    marked = pool([replace(TRIAL, active_control=True, comparator="amitriptyline", recalled=("n",))])
    assert "amitriptyline" in (active_comparators_are_named(marked) or "")
    assert "One 2020 (n)" in (recalled_values_are_named(marked) or "")


def test_every_rule_says_what_it_is():
    for rule in (*rules.RULES, rules.recalled_leaves_on_one_switch, *POOL_RULES):
        first = (rule.__doc__ or "").splitlines()[0]
        assert first.endswith(".")
        assert len(first) > 20


def test_the_twelve_rules_have_their_checks_and_every_check_is_asked():
    assert list(rules.NUMBERED) == list(range(1, 13))
    numbered = {check for checks in rules.NUMBERED.values() for check in checks}
    assert numbered == {*rules.RULES, rules.recalled_leaves_on_one_switch, *POOL_RULES}


def test_what_a_rule_refuses_the_next_does_not_see():
    wrong = replace(TRIAL, study="wrong", dose_class="standard", estimate=-9.0)
    _, removed, notes = rules.obey([TRIAL, wrong], PAIN)
    assert [(one.study, one.rule) for one in removed] == [("wrong", "dose_classes_stay_apart")]
    assert not any("wrong" in said for said in notes)
