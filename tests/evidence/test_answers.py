"""The plain answer of every condition."""

from __future__ import annotations

import pytest

from lowdose.evidence.answers import answer, findings_of, sentence
from lowdose.evidence.computed import computed
from lowdose.evidence.registry import registry

CONDITIONS = registry().conditions


@pytest.mark.parametrize("name", CONDITIONS)
def test_every_condition_has_an_answer(name):
    sentences = answer(name)
    assert sentences
    assert all(one.endswith(".") and not one[0].islower() for one in sentences)


def test_fibromyalgia_says_no_clear_difference_and_that_some_is_recalled():
    first = answer("fibromyalgia")[0]
    assert "no clear difference from placebo" in first
    assert "recalled" in first


def test_directions_read_as_they_are():
    assert "more often on LDN than on placebo" in next(one for one in answer("crohn") if "70 points" in one)
    assert "less often on naltrexone than on placebo" in answer("smoking-alcohol")[0]
    assert "better on LDN than on placebo" in answer("multiple-sclerosis")[0]
    assert "the other drug" in answer("diabetic-neuropathy")[0]


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("vulvodynia", "No randomised trial has been reported."),
        ("gulf-war-illness", "One randomised trial has been reported, without numbers that can be used here."),
        ("cancer", "One randomised trial has been reported, without numbers that can be used here."),
    ],
)
def test_where_nothing_can_be_pooled_it_says_why(name, words):
    assert words in answer(name)[0]


@pytest.mark.parametrize("name", ["opioid-interaction", "opioid-detox"])
def test_where_opioids_are_about_the_stop_rule_comes_first(name):
    assert answer(name)[0].startswith("Stop: naltrexone is not combined with an opioid at any dose")


def test_a_condition_without_own_question_answers_by_the_wider_one_and_says_so():
    assert [one.question for one in findings_of("arthritis")] == ["chronic-pain.pain"]
    assert "pooled over several conditions" in answer("arthritis")[0]


def test_a_sentence_never_contradicts_its_interval():
    for name, question in computed()["questions"].items():
        for finding in findings_of(name.split(".")[0]):
            if finding.question == name and finding.low is not None:
                null = 1.0 if finding.measure in ("RR", "OR") else 0.0
                clear = not finding.low <= null <= finding.high
                assert ("no clear difference" in sentence(finding, question)) != clear
