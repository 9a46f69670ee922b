"""Claims put to the model: every one accounted for, nothing read from what was put in, every flip run."""

from __future__ import annotations

import math
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from lowdose.claims.compute import compute
from lowdose.claims.criteria import criteria, unaccounted
from lowdose.claims.lookups.found import UnknownValue
from lowdose.claims.noted import noted
from lowdose.claims.page import FROM_RECORDS, counts, group, page
from lowdose.claims.register import register
from lowdose.claims.scenarios import flips, judge, readings
from lowdose.claims.scenarios.files import check, hash_of, parse, scenarios
from lowdose.claims.scenarios.schema import Flip, Scenario, ScenarioPart
from lowdose.claims.schema import BASES, PartResult
from lowdose.claims.words import computed_words, rival_words
from lowdose.errors import InvalidInput
from lowdose.model import parameters

PAGE = Path(__file__).parents[2] / "docs" / "science" / "claims.md"
NIGHTLY = {"regimen": "4.5 mg nightly at 22:00 for 7 days", "hypothesis": "effect-site"}
INDEPENDENT = [claim for claim, scenario in scenarios().items() if scenario.basis == "independent"]
DEPENDS = [
    (claim, flip)
    for claim in INDEPENDENT
    for flip in scenarios()[claim].flips
    if flip.hypothesis and not flip.parameter
]
MOVED = [(claim, flip) for claim in INDEPENDENT for flip in scenarios()[claim].flips if flip.parameter]
UNTURNED = [claim for claim in INDEPENDENT if scenarios()[claim].no_flip]


def test_every_claim_that_a_model_could_address_is_accounted_for():
    could = [claim.id for claim in register().values() if claim.testable.simulator]
    assert list(scenarios()) == could
    assert len(could) == 82
    for claim in could:
        assert bool(scenarios()[claim].none) != bool(scenarios()[claim].parts), claim
    assert all(scenarios()[claim].none for claim in set(could) & set(criteria())), "records answer, so no run does"


@pytest.mark.parametrize("claim", [claim for claim in scenarios() if claim not in criteria()])
def test_only_what_is_independent_may_hold_or_fail(claim):
    result, scenario = compute(claim), scenarios()[claim]
    assert result.basis == scenario.basis
    if scenario.basis == "independent":
        assert result.computed in ("holds", "fails", "depends on hypothesis")
        assert len(result.rivals) == (len(scenario.hypotheses) if len(scenario.hypotheses) > 1 else 0)
    else:
        assert result.computed in ("consistent by construction", "cannot be computed")
        assert result.reason
    assert result.hypothesis == (scenario.hypotheses[0] if scenario.parts else None)


def test_it_depends_exactly_where_rivals_disagree():
    for claim in INDEPENDENT:
        states = {one.computed for one in compute(claim).rivals} - {"cannot be computed"}
        assert (len(states) > 1) == (compute(claim).computed == "depends on hypothesis"), claim


@pytest.mark.parametrize(("claim", "flip"), DEPENDS)
def test_a_rival_that_is_said_to_turn_the_answer_does(claim, flip):
    states = {one.hypothesis: one.computed for one in compute(claim).rivals}
    assert {states[flip.hypothesis], states[scenarios()[claim].hypotheses[0]]} == {"holds", "fails"}


@pytest.mark.parametrize(("claim", "flip"), MOVED)
def test_a_parameter_that_is_said_to_turn_the_answer_does_and_stays_within_its_range(claim, flip):
    assert flips.is_inside(scenarios()[claim], flip)
    assert flips.turns(scenarios()[claim], flip)


@pytest.mark.long
@pytest.mark.parametrize("claim", [claim for claim in UNTURNED if claim != "C129"])
def test_where_nothing_is_said_to_turn_it_nothing_does(claim):
    assert flips.search(scenarios()[claim]) == []


@pytest.mark.long
@pytest.mark.parametrize("mechanism", scenarios()["C129"].mechanisms)
def test_no_parameter_makes_a_window_of_doses_under_any_mechanism(mechanism):
    scenario = scenarios()["C129"]
    found = flips.candidates(scenario, f"effect-site+{mechanism}")
    assert not [flip for flip in found if flips.turns(scenario, flip)]


def test_a_flip_outside_the_published_range_is_told():
    scenario = scenarios()["C159"]
    assert not flips.is_inside(scenario, Flip(parameter="IC50_TLR4", value=1.0))
    assert flips.is_inside(scenario, Flip(parameter="IC50_TLR4", value=3e4))
    assert not flips.is_inside(scenario, Flip(parameter="two_pi", value=6.3)), "a constant has no range"
    assert flips.turns(scenario, Flip(parameter="IC50_TLR4", value=1.0)), "which is why the range matters"


def text_of(scenario: Scenario, **change: object) -> str:
    import json

    return json.dumps({"schema": "lowdose.scenario/1", "scenarios": [{**scenario.model_dump(mode="json"), **change}]})


def test_a_scenario_changed_in_silence_is_refused():
    scenario = scenarios()["C016"]
    assert parse(text_of(scenario), "x")["C016"] == scenario
    with pytest.raises(InvalidInput, match="not the one that was hashed"):
        parse(text_of(scenario, reason="another"), "x")
    parse(text_of(scenario, remark="seen after the run"), "x")
    assert unaccounted({"C016": "0" * 64})["C016"].startswith("its criterion was changed")


@pytest.mark.parametrize(
    ("claim", "change", "words"),
    [
        ("C016", {"none": "both"}, "parts with a basis"),
        ("C016", {"parts": []}, "parts with a basis"),
        ("C016", {"basis": None}, "parts with a basis"),
        ("C016", {"reason": ""}, "without its reason"),
        ("C016", {"flips": [], "no_flip": ""}, "what turns it"),
        ("C010", {"rests_on": ""}, "nobody says to what"),
        ("C010", {"basis": "fitted"}, "not a scenario"),
        ("C016", {"flips": [{"parameter": "F"}]}, "not a scenario"),
    ],
)
def test_a_scenario_that_lacks_what_it_must_say_is_refused(claim, change, words):
    with pytest.raises(InvalidInput, match=words):
        parse(text_of(scenarios()[claim], **change), "x")


def test_files_that_are_none_are_refused():
    with pytest.raises(InvalidInput, match="no scenarios"):
        parse("{}", "x")
    one = text_of(scenarios()["C025"])
    both = one.replace('"scenarios": [', '"scenarios": [' + one.split('"scenarios": [')[1][:-2] + ",")
    with pytest.raises(InvalidInput, match="two scenarios for C025"):
        parse(both, "x")


def part(**change: object) -> ScenarioPart:
    arguments = {"regimen": "3 mg once", "output": "mu_occupancy_central", "name": "peak"}
    base = {"metric": "m", "read": "metric", "arguments": arguments, "holds": ">", "bound": 0}
    return ScenarioPart.model_validate({**base, **change})


def scenario(*parts: ScenarioPart, **change: object) -> Scenario:
    base = {"id": "C001", "basis": "independent", "parts": parts, "written_on": date(2026, 11, 22), "reason": "r"}
    return Scenario.model_validate({**base, "kinetics": ("effect-site",), **change})


@pytest.mark.parametrize(
    "change",
    [
        {"read": "nothing"},
        {"arguments": {"regimen": "3 mg once", "output": "mu", "name": "peak"}},
        {"arguments": {"regimen": "3 mg once"}},
        {"arguments": {"regimen": "3 mgs wonce", "output": "mu_occupancy_central", "name": "peak"}},
    ],
)
def test_a_scenario_that_names_what_is_not_there_is_an_error_and_no_result(change):
    with pytest.raises(InvalidInput) as caught:
        judge.judge(scenario(part(**change)))
    assert "C001" in str(caught.value) or change["read"] in str(caught.value)


@pytest.mark.parametrize(
    ("basis", "bound", "computed"),
    [
        ("independent", 0, "holds"),
        ("independent", 1, "fails"),
        ("built-in", 0, "consistent by construction"),
        ("built-in", 1, "cannot be computed"),
        ("calibrated-to", 1, "cannot be computed"),
    ],
)
def test_what_was_put_in_is_never_read_as_a_result(basis, bound, computed):
    found = judge.judge(scenario(part(bound=bound), basis=basis, rests_on="a datum"))
    assert found.computed == computed
    assert ("otherwise by construction" in found.reason) == (basis != "independent" and bound == 1)


def test_a_number_over_nothing_is_not_known():
    nothing = part(relative_to={"overrides": {"salt_factor": 0.0}})
    found = judge.judge(scenario(nothing))
    assert (found.computed, found.value) == ("cannot be computed", None)
    assert "nothing to compare with" in found.reason
    assert compute("C136").rivals[-1].computed == "cannot be computed"


@given(st.lists(st.sampled_from([True, False, None]), min_size=1, max_size=5))
def test_one_part_that_fails_decides_then_one_that_is_unknown(states):
    parts = tuple(PartResult(metric=str(i), value=1, unit="", criterion="", holds=s) for i, s in enumerate(states))
    outcome, deciding = judge.decide(parts)
    assert outcome == ("fails" if False in states else "cannot be computed" if None in states else "holds")
    assert deciding.holds is {"fails": False, "cannot be computed": None, "holds": True}[outcome]


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 23), st.integers(1, 23))
def test_what_is_made_in_and_outside_of_a_span_is_a_whole_day(start, hours):
    stop = (start + hours) % 24
    question = {"regimen": "1 mg once at 22:00", "hypothesis": "effect-site"}
    inside = readings.share_made_between(clock=(start, stop), **question)
    outside = readings.share_made_between(clock=(stop, start), **question)
    assert inside + outside == pytest.approx(1.0)
    assert 0 < inside < 1


@pytest.mark.parametrize("half_life", [0.62, 4.0, 20.0])
def test_the_least_making_is_that_of_the_formula(half_life):
    rate = math.log(2) / half_life
    amplitude = parameters()["amplitude"].value
    exact = 1 - amplitude * math.sqrt(1 + (2 * math.pi / 24 / rate) ** 2)
    found = readings.least_making(regimen="1 mg once at 22:00", hypothesis="effect-site", overrides={"kBE": rate})
    assert found == pytest.approx(exact, abs=5e-3)


def test_the_mean_rise_is_the_fold_less_one():
    fold = readings.metric(output="ACTH", name="fold_last_day", **NIGHTLY)
    rise = readings.rise(output="ACTH", start=0, stop=24, **NIGHTLY)
    least = readings.rise(output="ACTH", start=0, stop=24, which="least", **NIGHTLY)
    most = readings.rise(output="ACTH", start=0, stop=24, which="largest", **NIGHTLY)
    assert rise == pytest.approx(fold - 1, abs=0.01)
    assert least < rise < most


def test_windows_and_moments_are_those_of_the_run():
    blocked = {"output": "mu_occupancy_central", **NIGHTLY}
    mean, least, most = (readings.between(start=0, stop=24, which=w, **blocked) for w in ("mean", "least", "largest"))
    assert mean == pytest.approx(readings.metric(name="mean_last_day", **blocked), rel=1e-6)
    assert least == pytest.approx(readings.metric(name="trough_last_day", **blocked), rel=1e-6)
    assert most == pytest.approx(readings.metric(name="peak", **blocked), rel=1e-6)
    assert readings.at_hour(hours=24, **blocked) == pytest.approx(least, rel=0.05)
    number = readings.at_hour(output="mu_receptors_central", hours=5, **NIGHTLY)
    free = 1 - readings.at_hour(hours=5, **blocked)
    assert readings.answer_to_own_release(hours=5, **NIGHTLY) == pytest.approx(number * free)


def test_half_of_a_peak_is_reached_where_the_curve_says():
    hours = readings.hours_to_half_of_peak(
        output="mu_occupancy_central", regimen="50 mg once", hypothesis="effect-site"
    )
    at = readings.at_hour(output="mu_occupancy_central", hours=hours, regimen="50 mg once", hypothesis="effect-site")
    peak = readings.metric(output="mu_occupancy_central", name="peak", regimen="50 mg once", hypothesis="effect-site")
    assert at == pytest.approx(peak / 2, rel=1e-3)


def test_a_metric_that_does_not_exist_is_not_known():
    with pytest.raises(UnknownValue, match="hours_to_below_20"):
        readings.metric(output="mu_occupancy_central", name="hours_to_below_20_after_last_dose", **NIGHTLY)


def test_opioids_run_at_the_values_of_their_table_unless_told():
    base = {"opioid": "methadone 40 mg daily", "hours": 72, "hypothesis": "effect-site"}
    read = judge.READINGS["opioid_held"]
    clearance = flips.opioid_table("methadone 40 mg daily")["CL_agonist"].value
    assert read(**base) == read(**base, overrides={"CL_agonist": clearance})
    assert read(**base, overrides={"CL_agonist": clearance / 2}) > read(**base)


def test_few_rivals_are_named_and_many_are_counted():
    assert rival_words(compute("C064")).startswith("holds under imposed; fails under effect-site, slow-binding")
    assert rival_words(compute("C041")) == "holds under 3, fails under 17 of 20 pairs of kinetics and mechanism"
    assert rival_words(compute("C136")).endswith("cannot be computed under imposed+rebound")


def test_the_dangerous_reading_of_a_wash_out_is_forestalled():
    assert "shortens no one's wait" in register()["C144"].explanation
    assert "shortens no one's wait" in scenarios()["C144"].remark
    assert computed_words(compute("C144")).endswith("this shortens no one's wait and is no advice")
    for claim in ("C006", "C143"):
        assert "breathing can fail" in compute(claim).reason
    for claim in ("C092", "C096", "C157"):
        assert "nothing follows for a tumour in a person" in compute(claim).reason


def test_counts_are_of_all_and_the_page_is_up_to_date():
    results = {claim: noted().results[claim] for claim in scenarios()}
    table = counts(results)
    assert sum(one.total() for one in table.values()) == len(scenarios())
    assert not any(table[name]["holds"] + table[name]["fails"] for name in BASES if name != "independent")
    assert table[FROM_RECORDS].total() == len(set(scenarios()) & set(criteria()))
    assert PAGE.read_text(encoding="utf-8") == page(), "run python tools/claims_page.py"
    for claim in scenarios():
        assert f"| {claim} |" in page()
        assert group(claim)


def test_a_claim_outside_the_words_is_refused():
    with pytest.raises(ValidationError):
        scenario(part(holds="about"))
    check(scenarios()["C016"], "here")
    assert hash_of(scenarios()["C016"]) == scenarios()["C016"].hash
