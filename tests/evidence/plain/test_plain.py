"""The plain layer of every condition: an answer, in sentences that agree with the numbers."""

from __future__ import annotations

import pytest

from lowdose.evidence.grading.findings import summary
from lowdose.evidence.plain.help import headline
from lowdose.evidence.plain.passages import on_the_way, passages
from lowdose.evidence.plain.results import way_words
from lowdose.evidence.plain.told import is_clear, is_dose_recalled, is_recalled, told
from lowdose.evidence.plain.trials import main_way
from lowdose.evidence.pools.computed import computed
from lowdose.evidence.records.registry import registry

CONDITIONS = registry().conditions


def said(name: str) -> str:
    return " ".join(sentence for passage in passages(told(name)) for sentence in passage.sentences)


@pytest.mark.parametrize("name", CONDITIONS)
def test_every_condition_has_an_answer(name: str) -> None:
    about = told(name)
    assert headline(about).endswith(".")
    for passage in passages(about):
        assert passage.sentences
        assert all(one.endswith(".") for one in passage.sentences)


def test_fibromyalgia_shows_every_trial_and_marks_what_is_recalled() -> None:
    words = said("fibromyalgia")
    for trial in ("Younger 2013", "FINAL", "INNOVA"):
        assert trial in words
    assert "Younger 2013 (28 people) ‡" in words
    assert headline(told("fibromyalgia")) == "Not shown to help."


@pytest.mark.parametrize("name", ["vulvodynia", "psoriasis"])
def test_where_nothing_was_compared_nobody_knows(name: str) -> None:
    assert said(name).startswith("We do not know.")


@pytest.mark.parametrize("name", ["opioid-interaction", "opioid-detox"])
def test_where_opioids_are_about_the_stop_rule_comes_first(name: str) -> None:
    assert said(name).startswith("Stop: naltrexone is not combined with an opioid at any dose")


def test_a_headline_never_promises_what_its_interval_does_not() -> None:
    for name in CONDITIONS:
        about = told(name)
        shown = about.own or about.shared
        if shown and not is_clear(shown[0]):
            assert "help" not in headline(about).replace("Not shown to help.", "").replace("not about help", "")


def test_a_condition_without_own_question_answers_by_the_wider_one_and_says_so() -> None:
    assert [one.question for one in summary("arthritis")] == ["chronic-pain.pain"]
    assert "Then we put the trials in fibromyalgia and arthritis pain together, 246 people in all ‡." in said(
        "arthritis"
    )


def test_rows_of_a_summary_are_the_questions_fixed_before() -> None:
    asked = [name for name in computed()["questions"] if name.startswith("crohn.")]
    assert [one.question for one in summary("crohn")] == asked


def test_people_whose_number_is_not_known_are_not_nobody() -> None:
    assert "one report, which does not say how many people took it ‡." in said("pots")
    assert "at least 790 people" in said("ibd")
    assert not any("no people" in said(name) for name in CONDITIONS)


@pytest.mark.parametrize("name", CONDITIONS)
def test_recalled_doses_and_counts_carry_their_sign(name: str) -> None:
    about = told(name)
    for sentence in (one for passage in passages(about) for one in passage.sentences):
        if sentence.startswith(("The dose was", "Where the dose is told")) and len(about.studies) == 1:
            assert ("‡" in sentence) == is_dose_recalled(about.studies[0]), sentence
        if sentence.startswith("We found one report on"):
            assert ("‡" in sentence) == is_recalled(about.studies[0], "n"), sentence


def test_the_dose_told_is_that_of_the_trials_behind_the_result() -> None:
    assert "The dose was 4.5 to 6 mg a day." in said("chronic-pain")
    assert "The dose was 50 mg a day." in said("smoking-alcohol")


def test_trials_of_other_doses_do_not_sound_like_low_doses() -> None:
    assert headline(told("autism")) == "LDN was not put to the test."
    assert "All of them used a larger dose than LDN ‡." in said("autism")
    assert headline(told("opioid-detox")) == "A very low dose may help, but the proof is very weak."
    for name in ("autism", "opioid-detox", "smoking-alcohol"):
        assert "these counts do not speak for them" in said(name)
    assert "these counts do not speak for them" not in said("fibromyalgia")


def test_what_everybody_took_and_what_the_drug_was_set_against_are_named() -> None:
    assert "Both groups also had varenicline." in said("smoking-alcohol")
    assert "did not clearly beat amitriptyline for pain. No trial has set it against a dummy pill." in said(
        "diabetic-neuropathy"
    )
    assert "They were in people with fibromyalgia or arthritis pain." in said("chronic-pain")


def test_harms_say_from_how_many_people_they_come_and_that_they_may_be_chance() -> None:
    words = said("fibromyalgia")
    assert "(two trials, 197 people)" in words
    assert "‡ (one trial, 28 people ‡)" in words
    assert "none of 49 people on LDN and one of 50 on a dummy pill had a grave health event" in words
    assert "Each of these gaps could be chance." in words
    assert "from all trials" not in words


def test_what_people_did_worse_on_is_told() -> None:
    assert "People did worse on LDN on a scale of pain and a scale of mood." in said("arthritis")
    assert "People did worse on LDN on a scale of sleep." in said("cancer")


def test_trials_that_are_on_the_page_but_not_in_its_rows_are_told() -> None:
    assert "Two more trials looked at other things" in said("hiv")
    assert "Three more trials" in said("fibromyalgia")


def test_counts_only_and_before_against_after_point_nowhere() -> None:
    studies = registry().studies
    assert main_way(studies["smith2013_paed_crohn"]) == "untold"
    assert main_way(studies["kolmen1997_autism"]) == "no_difference"
    assert "It did not tell, in what we read, how the groups compared." in said("gulf-war-illness")


def test_a_wide_illness_names_the_narrow_one_with_trials() -> None:
    assert headline(told("ibd")) == "Put to the test in Crohn's disease only."


def test_one_good_scale_of_many_may_be_chance() -> None:
    assert "With so many things looked at, one can come out well by chance." in said("depression")
    assert "With so many things looked at" not in said("crohn")


def test_a_trial_of_two_illnesses_is_on_the_way_in_both() -> None:
    for name in ("long-covid", "me-cfs"):
        assert "Griffith_MECFS" in {one.id for one in on_the_way(told(name))}


def test_a_doubtful_trial_is_called_so() -> None:
    for name in ("hiv", "multiple-sclerosis"):
        assert "The way this trial was done makes the result hard to trust." in said(name)
    assert "hard to trust" not in said("crohn")


@pytest.mark.parametrize("direction", ["favours_ldn", "favours_drug", "favours_combination", "favours_bundle"])
def test_nothing_is_favoured_without_a_control_group(direction: str) -> None:
    assert way_words(direction, False) == "better than before; no control group"
    assert way_words(direction, True).startswith("favours")


def test_where_opioids_are_about_their_harm_comes_before_the_counts() -> None:
    harms = next(one for one in passages(told("opioid-interaction")) if one.heading == "Which harms?")
    assert harms.sentences[0].startswith("LDN blocks opioid drugs")


def test_only_a_borrowed_row_is_lowered_for_its_people() -> None:
    def reasons(name: str) -> str:
        return " ".join(reason for one in told(name).findings.values() for reason in one.reasons)

    assert "other conditions" in reasons("arthritis")
    assert "other conditions" not in reasons("any")
    assert [one.grade for one in told("any").findings.values()] == [one.grade for one in summary("any")]
