"""The plain layer of every condition: an answer, in sentences that agree with the numbers."""

from __future__ import annotations

import pytest

from lowdose.evidence.grading.findings import summary
from lowdose.evidence.plain.help import headline
from lowdose.evidence.plain.passages import passages
from lowdose.evidence.plain.told import is_clear, told
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
    assert "trials in more than one illness together" in said("arthritis")


def test_rows_of_a_summary_are_the_questions_fixed_before() -> None:
    asked = [name for name in computed()["questions"] if name.startswith("crohn.")]
    assert [one.question for one in summary("crohn")] == asked
