"""GRADE: each mechanical step taken and not taken; judgements replace rules and keep their history."""

from __future__ import annotations

import math
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lowdose.errors import InvalidInput, NotFound
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


def test_other_people_are_indirect_only_where_the_question_is_a_wider_one() -> None:
    question = asked(entry("a", group="fibromyalgia"), entry("b", group="arthritis"), entry("c", group="fibromyalgia"))
    assert {step.domain: step.steps for step in grade(question, people="arthritis").steps}["indirectness"] == -1
    assert {step.domain: step.steps for step in grade(question, people="fibromyalgia").steps}["indirectness"] == 0
    assert "indirectness" not in steps(question)


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
    assert steps(question) == {"imprecision": -3}
    assert all("100" not in step.reason for step in grade(question).steps)


def test_trials_without_numbers_start_by_their_design_and_end_very_low() -> None:
    found = grade(asked(entry()) | {"pool": None, "entries": [], "unusable": [{"design": "parallel RCT"}]})
    assert (found.start, found.certainty) == ("high", "very low")


def test_what_is_not_known_of_bias_is_not_called_low() -> None:
    unknown = asked(entry(risk_of_bias="no information"))
    assert steps(unknown)["risk of bias"] == -1
    assert "no information" in grade(unknown).steps[0].reason


def test_a_wide_interval_that_leaves_out_no_difference_says_something() -> None:
    clear = asked(entry(events=(15, 18, 6, 16)), measure="RR", low=1.14, high=4.32)
    assert steps(clear)["imprecision"] == -1


def test_of_two_trials_the_common_effect_interval_says_how_much_is_known() -> None:
    wide = asked(entry(events=(41, 49, 43, 50)), measure="RR", low=0.39, high=2.4)
    assert steps(wide)["imprecision"] == -3
    common = wide["pool"] | {"shown": {"estimate": 0.97, "low": 0.84, "high": 1.12}}
    assert steps(wide | {"common": common})["imprecision"] == -2


def test_a_risk_difference_over_half_of_all_people_says_almost_nothing() -> None:
    assert steps(asked(entry(events=(5, 9, 4, 9)), measure="RD", low=-0.4, high=0.5))["imprecision"] == -3


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
    judge(file, "crohn.remission", "publication bias", -1, "small trials only", "First Reader", date(2026, 11, 1))
    judge(
        file, "crohn.remission", "publication bias", 0, "registry shows all trials", "Second Reader", date(2026, 11, 2)
    )
    kept = judgements(file)
    assert [one.by for one in kept] == ["First Reader", "Second Reader"]
    step = grade(asked(entry()), kept).steps[-1]
    assert (step.steps, step.by, step.on) == (0, "Second Reader", "2026-11-02")
    assert [(one.steps, one.by, one.on) for one in step.before] == [(0, "rule", ""), (-1, "First Reader", "2026-11-01")]


def test_only_a_reader_raises_certainty(tmp_path: Path) -> None:
    question = asked(entry(design="cohort"))
    assert "large effect" not in {step.domain for step in grade(question).steps}
    judge(
        tmp_path / "x.yaml", "crohn.remission", "Large-effect", 1, "risk fell by half", "A. Reader", date(2026, 11, 1)
    )
    found = grade(question, judgements(tmp_path / "x.yaml"))
    assert (found.start, found.certainty, found.steps[-1].before[0].by) == ("low", "moderate", "rule")


@pytest.mark.parametrize(("domain", "steps"), [("risk of bias", 1), ("large effect", -1)])
def test_a_domain_goes_one_way(tmp_path: Path, domain: str, steps: int) -> None:
    with pytest.raises(InvalidInput, match="steps of"):
        judge(tmp_path / "x.yaml", "crohn.remission", domain, steps, "a good reason", "A. Reader", date(2026, 11, 1))


@pytest.mark.parametrize(
    ("question", "domain", "said"), [("crohn.remision", "imprecision", "crohn.remission"),
                                     ("crohn.remission", "impresision", "imprecision")],
)  # fmt: skip
def test_a_slip_in_a_question_or_domain_is_suggested(tmp_path: Path, question: str, domain: str, said: str) -> None:
    with pytest.raises(NotFound, match="did you mean " + said):
        judge(tmp_path / "x.yaml", question, domain, 0, "a good reason", "A. Reader", date(2026, 11, 1))


def test_a_file_written_by_hand_is_read_and_added_to(tmp_path: Path) -> None:
    """YAML takes a bare ``on`` for yes and a bare day for a date; an editor may leave out the last line's end."""
    file = tmp_path / "mine.yaml"
    file.write_text(
        "# ours\n- question: crohn.remission\n  domain: imprecision\n  steps: -2\n  reason: very few people\n"
        "  by: A. Reader\n  on: 2026-11-01"
    )
    judge(file, "crohn.remission", "imprecision", -1, "the other trial agrees", "B. Reader", date(2026, 11, 2))
    assert [(one.by, one.on.day) for one in judgements(file)] == [("A. Reader", 1), ("B. Reader", 2)]
    assert file.read_text().startswith("# ours")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("- question: [", "not YAML"),
        ("question: crohn.remission\n", "no list of judgements"),
        ("- question: crohn.remision\n  domain: imprecision\n  steps: -1\n  reason: very few people\n"
         "  by: A. Reader\n  on: 2026-11-01\n", "did you mean crohn.remission"),
    ],
)  # fmt: skip
def test_a_wrong_file_of_judgements_says_what(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "mine.yaml").write_text(text)
    with pytest.raises(InvalidInput) as caught:
        judgements(tmp_path / "mine.yaml")
    assert said in str(caught.value)


@pytest.mark.parametrize(
    ("changed", "said"), [({"reason": "no"}, "reason"), ({"by": ""}, "by"), ({"steps": 5}, "steps")]
)
def test_a_judgement_says_why_and_who(tmp_path: Path, changed: dict[str, Any], said: str) -> None:
    given_: dict[str, Any] = {"steps": -1, "reason": "one trial of one sponsor", "by": "A. Reader"} | changed
    with pytest.raises(InvalidInput, match=said):
        judge(tmp_path / "x.yaml", "crohn.remission", "publication bias", on=date(2026, 11, 1), **given_)
    assert not (tmp_path / "x.yaml").exists()


def test_a_broken_file_of_judgements_is_named(tmp_path: Path) -> None:
    file = tmp_path / "broken.yaml"
    file.write_text("- question: crohn.remission\n  domain: taste\n")
    with pytest.raises(InvalidInput, match="domain"):
        judgements(file)
    file.write_bytes(b"\xff\xfe\x00x")
    with pytest.raises(InvalidInput, match="cannot be read"):
        judgements(file)
