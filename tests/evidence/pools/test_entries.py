"""From the data to entries: the right number of each study, and a reason for every one that is left out."""

from __future__ import annotations

import json

import pytest

from lowdose.errors import InvalidInput
from lowdose.evidence.pools.contrasts import entry_of
from lowdose.evidence.pools.entries import entries
from lowdose.evidence.pools.questions import Question, Window, question, questions
from lowdose.evidence.records.labels import label
from lowdose.evidence.records.registry import Registry, registry

PAIN = "fibromyalgia.pain"


def changed(study: str, **update) -> Registry:
    """Package data with one study changed."""
    from dataclasses import replace

    studies = dict(registry().studies)
    studies[study] = studies[study].model_copy(update=update)
    return replace(registry(), studies=studies)


def test_fibromyalgia_pain():
    found = {one.study: one for one in entries(PAIN).entries}
    assert {name: round(one.estimate, 4) for name, one in found.items()} == {
        "younger2013_fm": -0.4857,
        "bruun2024_FINAL": -0.23,
        "rodriguez_freire2026_INNOVA": 0.19,
    }
    assert [round(found[name].variance, 6) for name in ("bruun2024_FINAL", "younger2013_fm")] == [0.040675, 0.039927]
    assert {one.better for one in found.values()} == {"lower"}
    assert {one.kind for one in found.values()} == {"change", "percent change"}


def test_trials_without_numbers_are_not_forgotten():
    found = {one.study: one for one in entries(PAIN).unusable}
    assert set(found) == {"bested2023_fm", "paula2023_tdcs"}
    assert found["bested2023_fm"].recalled
    assert found["bested2023_fm"].direction == "no_difference"
    assert found["paula2023_tdcs"].n == 86


def test_the_fixed_order_trial_joins_the_sensitivity_analysis_only():
    assert [(one.study, one.rule) for one in entries(PAIN).removed] == [("younger2009_fm", "use")]
    wider = entries(PAIN, include_sensitivity=True)
    assert len(wider.entries) == 4
    assert any("not randomised: certainty starts low" in said for said in wider.notes)


def test_recalled_values_leave_with_a_reason():
    found = entries(PAIN, only_found=True)
    assert [one.study for one in found.entries] == ["bruun2024_FINAL", "rodriguez_freire2026_INNOVA"]
    assert [one.reason for one in found.removed if one.study == "younger2013_fm"] == [
        "recalled, not read in the source: n analysed (28)"
    ]


def test_a_question_of_what_is_recalled_is_empty_without_it():
    assert entries("crohn.response-70").entries[0].tag == "recalled"
    assert entries("crohn.response-70", only_found=True).entries == ()


def test_correlation_reaches_the_crossover_trials_alone():
    low, high = ({one.study: one for one in entries(PAIN, correlation=rho).entries} for rho in (0.3, 0.7))
    assert low["younger2013_fm"].estimate < high["younger2013_fm"].estimate
    assert low["younger2013_fm"].correlation == 0.3
    assert low["bruun2024_FINAL"] == high["bruun2024_FINAL"]


def test_another_measure_takes_the_contrast_that_gives_it():
    found = {one.study: one for one in entries(PAIN, measure="MD").entries}
    assert {name: one.estimate for name, one in found.items()} == {
        "bruun2024_FINAL": -0.34,
        "rodriguez_freire2026_INNOVA": 0.49,
    }
    rows = {one.study: one.why for one in entries(PAIN, measure="MD").unusable}
    assert "no MD can be told" in rows["younger2013_fm"]


def test_what_may_not_be_pooled_is_shown_alone_or_left_out():
    (bihari,) = entries("hiv.infection").entries
    assert bihari.events == (0, 22, 5, 16)
    asked = question("hiv.infection").model_copy(update={"shown_alone": ()})
    assert [one.study for one in entries(asked).removed] == ["bihari1986_hiv"]


def test_a_standard_dose_is_a_class_of_its_own():
    asked = question("smoking-alcohol.abstinence").model_copy(update={"dose_classes": ("LDN",)})
    assert [one.rule for one in entries(asked).removed] == ["dose_classes_stay_apart"]
    assert entries("smoking-alcohol.abstinence").entries[0].dose_class == "standard"


def test_the_trial_against_amitriptyline_stays_apart():
    (active,) = entries("diabetic-neuropathy.pain").entries
    assert active.active_control
    asked = question("diabetic-neuropathy.pain").model_copy(update={"comparator": "placebo"})
    assert [one.rule for one in entries(asked).removed] == ["active_comparators_stay_apart"]


@pytest.mark.parametrize(
    ("comparator", "active"),
    [
        ("identical placebo", False),
        ("Sugar pill for 8 weeks", False),
        ("varenicline plus placebo", False),
        ("usual care", False),
        ("", False),
        ("duloxetine 60 mg", True),
    ],
)
def test_a_control_is_active_unless_its_words_say_otherwise(comparator, active):
    study = registry().studies["younger2013_fm"]
    (pain,) = [one for one in study.outcomes if one.name == "pain change"]
    other = pain.model_copy(update={"arms": {}})
    made = entry_of(study.model_copy(update={"comparator": comparator}), other, pain.contrasts[0], "SMD")
    assert made.active_control is active


def test_unequal_periods_of_our_data_are_said():
    assert any(said.startswith("Younger 2013: periods of unequal length") for said in entries(PAIN).notes)


def test_naloxone_is_refused():
    study = registry().studies["bruun2024_FINAL"]
    other = changed(study.id, intervention=study.intervention.model_copy(update={"drug": "naloxone"}))
    removed = {one.study: one.rule for one in entries(PAIN, registry=other).removed}
    assert removed["bruun2024_FINAL"] == "naltrexone_only"


def test_a_study_without_a_control_is_refused():
    other = changed("bruun2024_FINAL", design="single arm")
    removed = {one.study: one.rule for one in entries(PAIN, registry=other).removed}
    assert removed["bruun2024_FINAL"] == "before_after_stays_out"


def test_papers_on_the_same_people_enter_once():
    other = changed("rodriguez_freire2026_INNOVA", patient_set="danes")
    other.studies["bruun2024_FINAL"]  # both now belong to one set
    studies = {**other.studies}
    studies["bruun2024_FINAL"] = studies["bruun2024_FINAL"].model_copy(update={"patient_set": "danes"})
    from dataclasses import replace

    found = entries(PAIN, registry=replace(other, studies=studies))
    assert [one.study for one in found.entries] == ["younger2013_fm", "bruun2024_FINAL"]
    assert found.removed[-1].reason == "the same people as Due Bruun 2024 (FINAL)"


def test_the_nearest_time_in_the_first_window_is_taken():
    study = registry().studies["bruun2024_FINAL"]
    (pain,) = [one for one in study.outcomes if one.name == "pain change"]
    late = pain.model_copy(update={"timepoint_wk": 24.0, "name": "late", "primary": False})
    early = pain.model_copy(update={"timepoint_wk": 4.0, "name": "early"})
    for outcomes, expected in (
        ((late, pain, early), "pain change"),
        ((late, early), "late"),
        ((early,), "early"),
    ):
        found = entries(PAIN, registry=changed(study.id, outcomes=outcomes), studies=[study.id])
        assert [one.outcome for one in found.entries] == [expected]


def test_a_time_outside_every_window_is_a_row_without_a_marker():
    asked = question(PAIN).model_copy(update={"time_order": (Window(weeks=100, earliest=90, latest=110),)})
    found = entries(asked)
    assert found.entries == ()
    assert {one.why for one in found.unusable if one.study == "bruun2024_FINAL"} == {
        "nothing was measured at a time the question asks about"
    }


def test_numbers_that_cannot_be_converted_make_a_row_not_a_crash():
    study = registry().studies["bruun2024_FINAL"]
    first = study.outcomes[0]
    broken = first.contrasts[0].model_copy(update={"using": {**first.contrasts[0].using, "n1": "arms.ldn.nobody"}})
    outcome = first.model_copy(update={"contrasts": (broken,)})
    found = entries(PAIN, registry=changed(study.id, outcomes=(outcome,)), studies=[study.id])
    assert found.entries == ()
    assert found.unusable[0].why == "there is nothing at 'arms.ldn.nobody'"


def test_a_word_is_no_number():
    study = registry().studies["bruun2024_FINAL"]
    outcome, contrast = study.outcomes[0], study.outcomes[0].contrasts[0]
    for path in ("instrument", "primary", "arms.ldn", "effect.ci.7", "study.design", "study.nothing"):
        broken = contrast.model_copy(update={"using": {**contrast.using, "n1": path}})
        with pytest.raises(InvalidInput, match=r"there is (nothing|no number) at") as caught:
            entry_of(study, outcome, broken, "SMD")
        assert "bruun2024_FINAL, pain change" in caught.value.where
    kept = contrast.model_copy(update={"using": {**contrast.using, "n1": "study.n.arms.ldn"}})
    assert entry_of(study, outcome, kept, "SMD").n_treated == 49


def test_labels():
    studies = registry().studies
    assert label(studies["younger2013_fm"]) == "Younger 2013"
    assert label(studies["rodriguez_freire2026_INNOVA"]) == "Rodriguez-Freire 2026 (INNOVA)"
    assert "‡" in label(studies["lpp_rct2020"]), "a recalled author keeps its mark"


def test_every_entry_can_be_counted_and_described():
    for name in questions():
        found = entries(name)
        assert len({one.study for one in found.entries}) == len(found.entries)
        for one in found.entries:
            assert one.n_treated, name
            assert one.n_control, name
            assert one.variance > 0
            assert one.design
            assert one.tag in ("found", "recalled", "derived")
            assert (one.tag == "recalled") == bool(one.recalled)
        for row in found.unusable:
            assert row.why
            assert row.n


def test_every_contrast_of_the_data_can_be_converted():
    done = 0
    from lowdose.evidence.pools.effects.sizes import measures

    for study in registry().studies.values():
        for outcome in (*study.outcomes, *study.adverse_events):
            for contrast in outcome.contrasts:
                for measure in measures(contrast.method) if contrast.method else ():
                    assert entry_of(study, outcome, contrast, measure).variance > 0
                    done += 1
    assert done > 40


def test_gathered_values_can_be_written():
    from dataclasses import asdict

    assert json.loads(json.dumps(asdict(entries(PAIN))))["options"]["correlation"] == 0.5


def test_a_question_over_every_condition_finds_them_all():
    asked = Question.model_validate({**question(PAIN).model_dump(), "conditions": (), "id": "any.pain"})
    assert {one.group for one in entries(asked).entries} == {"fibromyalgia", "arthritis"}


@pytest.mark.parametrize("impossible", [1.0, 1.5, -1.0, float("nan")])
def test_a_correlation_that_cannot_be_is_refused(impossible: float) -> None:
    with pytest.raises(InvalidInput, match="correlation"):
        entries("fibromyalgia.pain", correlation=impossible)
