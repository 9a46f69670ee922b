"""Sentences follow from the run: no number in them is written by hand."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pytest

from lowdose import Person, Regimen, Result, simulate
from lowdose.report import sentences
from lowdose.report.sentences import BRAIN
from lowdose.report.trust import confidence, weakest
from lowdose.results import Metric


def with_metrics(result: Result, **changed: Metric) -> Result:
    """The same run, had these metrics of brain receptors come out."""
    copy = replace(result)
    metrics: Mapping[str, Any] = result.metrics
    copy.__dict__["metrics"] = {**metrics, BRAIN: {**metrics[BRAIN], **changed}}
    return copy


def share(value: float) -> Metric:
    return Metric(value, "1", {})


def hours(value: float | None) -> Metric:
    return Metric(value, "h", {})


def test_blocked_all_day(week: Result) -> None:
    run = with_metrics(week, mean_last_day=share(0.714), hours_above_50_last_day=hours(24.0))
    assert sentences.headline(run) == (
        "In a typical adult, 4.5 mg nightly at 22:00 for 1 week is predicted to keep about 71 % of the brain's "
        "µ opioid receptors blocked around the clock by the last day."
    )


def test_blocked_for_some_hours(week: Result) -> None:
    run = with_metrics(week, hours_above_50_last_day=hours(2.83))
    assert "block more than half of the brain's µ opioid receptors for about 2.8 h a day by the last day" in (
        sentences.headline(run)
    )


def test_never_half_blocked(week: Result) -> None:
    run = with_metrics(week, hours_above_50_last_day=hours(0.0), peak=share(0.31))
    assert "block less than half of the brain's µ opioid receptors, at most about 31 %" in sentences.headline(run)


def test_a_single_dose_has_no_last_day() -> None:
    said = sentences.headline(simulate("50 mg once"))
    assert "in the 24 hours after the dose" in said
    assert "last day" not in said


def test_the_range_and_the_kind_of_band_are_said(crowd: Result) -> None:
    band = crowd.metrics[BRAIN]["mean_last_day"].bands["both"]
    low, high = band["p05"], band["p95"]
    assert low is not None
    assert high is not None
    assert f"(90 % range: {100 * low:.0f}–{100 * high:.0f} %)" in sentences.headline(crowd)
    assert "Band: difference between people and uncertainty of what is known, 6 persons." in sentences.basis(crowd)


def test_without_people_no_range_is_invented(week: Result) -> None:
    assert "range" not in " ".join([sentences.headline(week), *sentences.plain(week)])
    assert "Band: none, the typical person only." in sentences.basis(week)


@pytest.mark.parametrize("name", ["effect-site", "equilibrium-both", "imposed"])
def test_hypothesis_and_grade_are_said(name: str) -> None:
    run = simulate("4.5 mg nightly for 3 days", hypothesis_name=name, workers=1)
    said = sentences.basis(run)
    assert f"kinetics '{name}' ({run.kinetics.short})" in said
    assert f"Confidence: {confidence(run, BRAIN)}" in said


def test_low_confidence_names_the_weakest_number_and_its_provenance() -> None:
    run = simulate("4.5 mg nightly for 3 days as slow-release capsule", workers=1)
    assert confidence(run, BRAIN) == "low"
    reason = weakest(run, BRAIN)[0]
    assert f"because of {reason.name} ({reason.provenance})" in sentences.basis(run)
    assert reason.provenance == "assumed"


def test_what_the_articles_assume_is_said_with_its_own_hours(week: Result, week_rivals: Sequence[Result]) -> None:
    rival = next(one for one in week_rivals if one.kinetics.name == "equilibrium-parent")
    value = rival.metrics[BRAIN]["hours_above_50_last_day"].value
    assert value is not None
    said = sentences.articles(week, week_rivals)
    assert re.fullmatch(r"Under the articles' assumption \('equilibrium-parent'\) the same regimen would .*", said)
    assert f"for about {value:.2g} h a day, not 24 h." in said
    assert sentences.articles(rival, week_rivals) == ""
    assert sentences.articles(week, []) == ""


def test_a_block_that_outlasts_the_run_is_not_called_over(week: Result) -> None:
    run = with_metrics(week, hours_to_below_20_after_last_dose=hours(None))
    assert "is not under 20 % within the" in sentences.wash_out(run)


def test_whom_it_is_about() -> None:
    said = sentences.headline(simulate("3 mg once", Person(weight=82, crcl=40, child_pugh="A")))
    assert said.startswith(
        "In a typical adult of 82 kg with a creatinine clearance of 40 mL/min and Child–Pugh A cirrhosis, 3 mg once"
    )


def test_no_dose_is_said_to_do_nothing() -> None:
    run = simulate(Regimen.none("1 week"))
    assert sentences.headline(run) == "In a typical adult, no dose is given: no receptor is blocked."
    assert sentences.plain(run) == ()


def test_every_sentence_ends_and_holds_no_programmers_words(crowd: Result, week_rivals: Sequence[Result]) -> None:
    for sentence in (*sentences.quotation(crowd, week_rivals), *sentences.plain(crowd)):
        assert sentence.endswith(".")
        assert not re.search(r"None|nan|inf\b|\be[-+]?\d|  ", sentence)
