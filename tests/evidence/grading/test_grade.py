"""GRADE: each mechanical step taken and not taken; judgements replace rules and keep their history."""

from __future__ import annotations

import math
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lowdose.errors import InvalidInput
from lowdose.evidence.grading.grade import absolute, grade, participants
from lowdose.evidence.grading.judgements import judge, judgements
from lowdose.evidence.pools.beyond import probability_beyond


def entry(study: str = "a", **changed: Any) -> dict[str, Any]:
    usual = {
        "study": study, "design": "parallel RCT", "estimate": -0.5, "risk_of_bias": "low", "dose_class": "LDN",
        "active_control": False, "n_treated": 400, "n_control": 400, "events": None, "recalled": (),
    }  # fmt: skip
    return usual | changed


def asked(*entries: dict[str, Any], measure: str = "MD", low: float = -0.9, high: float = -0.6, **pool: Any) -> Any:
    shown = {"estimate": (low + high) / 2, "low": low, "high": high}
    usual = {"measure": measure, "i2": 0.0, "weights": {one["study"]: 1 / len(entries) for one in entries}, "k": 2}
    usual |= {"low": low, "high": high, "prediction_low": None, "prediction_high": None, "shown": shown}
    return {
        "question": {"dose_classes": ["LDN"], "mid": None, "label": "pain", "measure": measure},
        "entries": list(entries),
        "unusable": [],
        "warnings": [],
        "pool": usual | pool,
    }


def steps(question: Any) -> dict[str, int]:
    return {step.domain: step.steps for step in grade(question).steps if step.steps}


def test_large_consistent_trials_at_low_risk_stay_high() -> None:
    found = grade(asked(entry("a"), entry("b")))
    assert (found.start, found.certainty) == ("high", "high")


def test_what_is_not_randomised_starts_low() -> None:
    assert grade(asked(entry(design="single arm"))).start == "low"


@pytest.mark.parametrize(
    ("words", "down"), [(("low", "low"), 0), (("some concerns", "low"), -1), (("some concerns",) * 2, -1),
                        (("high", "low"), -2), (("critical", "serious"), -2)],
)  # fmt: skip
def test_risk_of_bias_goes_by_weight(words: tuple[str, str], down: int) -> None:
    question = asked(*(entry(name, risk_of_bias=word) for name, word in zip("ab", words, strict=True)))
    assert steps(question).get("risk of bias", 0) == down


def test_disagreement_costs_a_level_only_when_directions_differ() -> None:
    both_ways = asked(entry("a"), entry("b", estimate=0.4), i2=70.0)
    assert steps(both_ways)["inconsistency"] == -1
    assert "inconsistency" not in steps(asked(entry("a"), entry("b"), i2=70.0))
    assert "inconsistency" not in steps(asked(entry("a"), entry("b", estimate=0.4), i2=20.0))


def test_a_prediction_interval_over_the_null_costs_a_level() -> None:
    assert steps(asked(entry("a"), entry("b"), prediction_low=-1.5, prediction_high=0.2))["inconsistency"] == -1
    assert "inconsistency" not in steps(asked(entry("a"), entry("b"), prediction_low=-1.5, prediction_high=-0.1))


def test_other_doses_and_active_comparators_are_indirect() -> None:
    assert steps(asked(entry(dose_class="standard")))["indirectness"] == -1
    assert steps(asked(entry(active_control=True)))["indirectness"] == -1
    assert "indirectness" not in steps(asked(entry()))


def test_imprecision_counts_interval_and_size() -> None:
    assert "imprecision" not in steps(asked(entry()))
    assert steps(asked(entry(n_treated=50, n_control=50)))["imprecision"] == -1
    assert steps(asked(entry(n_treated=50, n_control=50), low=-0.9, high=0.2))["imprecision"] == -2
    few = asked(entry(events=(5, 100, 9, 100)), measure="RR", low=0.3, high=0.8)
    assert steps(few)["imprecision"] == -1


def test_an_interval_over_half_of_all_people_is_extremely_imprecise() -> None:
    wide = asked(entry(events=(20, 50, 14, 50)), measure="RR", low=0.1, high=3.0)
    assert steps(wide)["imprecision"] == -3
    narrower = asked(entry(events=(20, 50, 14, 50)), measure="RR", low=0.9, high=2.0)
    assert steps(narrower)["imprecision"] == -2


def test_without_a_number_nothing_is_precise() -> None:
    question = asked(entry()) | {"pool": None, "entries": []}
    assert steps(question)["imprecision"] == -2


def test_absolute_numbers_come_from_the_control_arms() -> None:
    found = absolute(asked(entry(events=(22, 49, 14, 50)), measure="RR", low=1.0, high=2.0))
    assert found is not None
    assert (found.control_events, found.control_total) == (14, 50)
    assert found.without == pytest.approx(28)
    assert found.with_drug == pytest.approx(28 * 1.5)


def test_absolute_numbers_never_pass_a_hundred() -> None:
    found = absolute(asked(entry(events=(40, 50, 35, 50)), measure="RR", low=1.0, high=3.0))
    assert found is not None
    assert found.high == 100


def test_no_risk_ratio_no_absolute_number() -> None:
    assert absolute(asked(entry())) is None
    assert absolute(asked(entry(events=(3, 50, 0, 50)), measure="RR", low=0.5, high=9.0)) is None


@given(st.integers(1, 500), st.integers(1, 500))
def test_crossover_people_count_once(treated: int, control: int) -> None:
    assert participants([entry(n_treated=treated, n_control=control)]) == treated + control
    assert participants([entry(design="crossover RCT", n_treated=treated, n_control=control)]) == max(treated, control)


@given(st.floats(-3, 3), st.floats(0.05, 2), st.floats(0, 2), st.sampled_from(["wald", "hksj"]))
def test_probability_beyond_is_symmetric_in_what_is_better(estimate: float, error: float, mid: float, ci: str) -> None:
    pool = {"measure": "MD", "estimate": estimate, "standard_error": error, "ci_method": ci, "k": 4}
    mirrored = pool | {"estimate": -estimate}
    lower, higher = probability_beyond(pool, mid, "lower"), probability_beyond(mirrored, mid, "higher")
    assert lower is not None
    assert lower == pytest.approx(higher)
    assert 0 <= lower <= 1


def test_probability_beyond_uses_the_logarithm_for_ratios() -> None:
    pool = {"measure": "RR", "estimate": math.log(1.5), "standard_error": 0.2, "ci_method": "wald", "k": 3}
    assert probability_beyond(pool, 0.5, "higher") == pytest.approx(0.5)
    assert probability_beyond(pool, 0.5, "neither") is None


def test_the_last_judgement_counts_and_none_is_lost(tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    judge(file, "q", "publication bias", -1, "small trials only", "First Reader", date(2026, 11, 1))
    judge(file, "q", "publication bias", 0, "registry shows all trials", "Second Reader", date(2026, 11, 2))
    kept = judgements(file)
    assert [one.by for one in kept] == ["First Reader", "Second Reader"]
    step = grade(asked(entry()), kept).steps[-1]
    assert (step.steps, step.by, step.on) == (0, "Second Reader", "2026-11-02")


@pytest.mark.parametrize(
    ("changed", "said"), [({"reason": "no"}, "reason"), ({"by": ""}, "by"), ({"steps": 5}, "steps")]
)
def test_a_judgement_says_why_and_who(tmp_path: Path, changed: dict[str, Any], said: str) -> None:
    given_: dict[str, Any] = {"steps": -1, "reason": "one trial of one sponsor", "by": "A. Reader"} | changed
    with pytest.raises(InvalidInput, match=said):
        judge(tmp_path / "x.yaml", "q", "publication bias", on=date(2026, 11, 1), **given_)
    assert not (tmp_path / "x.yaml").exists()


def test_a_broken_file_of_judgements_is_named(tmp_path: Path) -> None:
    file = tmp_path / "broken.yaml"
    file.write_text("- question: q\n  domain: taste\n")
    with pytest.raises(InvalidInput, match="domain"):
        judgements(file)
    file.write_bytes(b"\xff\xfe\x00x")
    with pytest.raises(InvalidInput, match="cannot be read"):
        judgements(file)
