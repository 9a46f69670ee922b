"""Computing claims: every test against a value known by hand, and the rule by which parts decide."""

from __future__ import annotations

import math
import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lowdose.claims import compute as room
from lowdose.claims.bounds import meets
from lowdose.claims.compute import TESTS, compute, compute_all, judge, opposite
from lowdose.claims.criteria import criteria, rules
from lowdose.claims.lookups.facts import facts
from lowdose.claims.lookups.found import UnknownValue
from lowdose.claims.noted import Noted, changed, document, noted, parse, problems
from lowdose.claims.register import register
from lowdose.claims.schema import OUTCOMES, VERDICTS, Computed, Part
from lowdose.claims.words import criterion_words, found_words, value_words
from lowdose.errors import InvalidInput
from lowdose.evidence.records.labels import RECALLED
from lowdose.evidence.records.registry import registry

NUMBERS = st.floats(-1e6, 1e6)
TODAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("test", "arguments", "value"),
    [
        ("people", {"study": "bruun2024_FINAL", "field": "randomised"}, 99),
        ("duration_weeks", {"study": "cree2010_ms"}, 8),
        ("drug_given", {"study": "bihari1986_hiv"}, "naltrexone"),
        ("formulation", {"study": "mccandless_cream"}, "transdermal cream"),
        ("outcome_direction", {"study": "als_plm2011", "outcome": "recommendation"}, "against_use"),
        ("outcome_percent", {"study": "lie2014_ibd_series", "outcome": "no response"}, 15),
        (
            "outcome_ratio",
            {
                "study": "ray2021_smoking",
                "outcome": "abstinence at 26 weeks",
                "treated": "ldn",
                "control": "control",
            },
            22 / 83 / (37 / 82),
        ),
        ("event_percent", {"study": "smith2007_crohn", "event": "sleep"}, 700 / 17),
        ("event_difference", {"study": "bruun2024_FINAL", "event": "stopped"}, 400 / 49 - 300 / 50),
        ("event_number", {"study": "bruun2024_FINAL", "event": "serious", "arm": "placebo"}, 1),
        ("count_studies", {"conditions": ["ibs"]}, 2),
        ("count_studies", {"conditions": ["ibs"], "least_people": 50}, 0),
        ("count_studies", {"conditions": ["opioid-interaction"], "directions": ["favours_ldn"]}, 0),
        ("count_outcomes", {"studies": ["gironi2008_ms"], "concepts": ["endorphin"]}, 1),
        ("count_ongoing", {"conditions": ["vulvodynia"]}, 1),
        ("first_year", {"dose_classes": ["VLDN"], "designs": ["single arm"]}, 2006),
        ("share_favouring", {"conditions": ["lichen-planopilaris"]}, 0),
        ("dose_class", {"milligrams": 0.5}, "VLDN"),
        ("ratio", {"numerator": 25, "denominator": 4.5}, 50 / 9),
        ("dose_for_weight", {"milligrams_a_kilogram": 1, "pounds": 100}, 45.359237),
        ("clock_hour", {"clock": "12 pm"}, 12),
        ("clock_hour", {"clock": "12 am"}, 0),
        ("review_number", {"review": "bolton2019_safety", "outcome": "dizziness", "path": "ci.0"}, 1.15),
        ("fact", {"name": "ultra-low-dose-upper"}, 0.001),
        ("fact_count", {"name": "interacting-besides-opioid-painkillers"}, 8),
        ("pool_number", {"question": "crohn.response-70", "field": "k"}, 1),
    ],
)
def test_a_test_finds_the_value_known_by_hand_and_says_where(test, arguments, value):
    found = TESTS[test](**arguments)
    assert found.value == (pytest.approx(value) if isinstance(value, float | int) else value)
    assert found.records
    assert all(found.records)


def test_the_wilson_interval_is_that_of_the_formula():
    # 5 of 6 studies, z = 1.96: the closed form.
    low, high = TESTS["share_of_studies"](conditions=["autism"], dose_classes=["intermediate", "standard"]).value
    n, share, z = 6, 5 / 6, 1.959963984540054
    middle = (share + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    assert (low, high) == pytest.approx((100 * (middle - half), 100 * (middle + half)))


@pytest.mark.parametrize(
    ("test", "arguments"),
    [
        ("people", {"study": "kariv2006_ibs", "field": "randomised"}),
        ("duration_weeks", {"study": "gi_survey2010"}),
        ("event_percent", {"study": "kariv2006_ibs", "event": "agitation"}),
        ("event_number", {"study": "bruun2024_FINAL", "event": "death", "arm": "ldn"}),
        ("outcome_percent", {"study": "kariv2006_ibs", "outcome": "global assessment improved", "arm": "placebo"}),
        ("outcome_number", {"study": "cree2010_ms", "outcome": "physical QoL", "path": "timepoint_wk"}),
        ("share_favouring", {"conditions": ["crps"]}),
        ("count_ongoing", {"conditions": ["cancer"]}),
        ("count_outcomes", {"conditions": ["autism"], "concepts": ["endorphin"], "directions": ["increase"]}),
        ("share_of_studies", {"conditions": ["autism"], "dose_classes": ["standard"], "least_studies": 10}),
    ],
)
def test_what_the_records_do_not_hold_is_unknown_and_not_zero(test, arguments):
    with pytest.raises(UnknownValue):
        TESTS[test](**arguments)


def criterion(*states):
    """A criterion whose parts hold, fail or are unknown, as ``states`` say."""
    parts = {
        True: Part(metric="t", test="ratio", arguments={"numerator": 1, "denominator": 2}, holds="<", bound=1),
        False: Part(metric="f", test="ratio", arguments={"numerator": 3, "denominator": 2}, holds="<", bound=1),
        None: Part(metric="u", test="duration_weeks", arguments={"study": "gi_survey2010"}, holds="<", bound=1),
    }
    return criteria()["C149"].model_copy(update={"parts": tuple(parts[state] for state in states)})


@given(st.lists(st.sampled_from([True, False, None]), min_size=1, max_size=4))
def test_one_part_that_fails_decides_then_one_that_is_unknown_else_it_holds(states):
    result = judge(criterion(*states))
    expected = "fails" if False in states else "cannot be computed" if None in states else "holds"
    assert result.computed == expected
    assert [part.holds for part in result.parts] == states
    assert result.metric == {"fails": "f", "cannot be computed": "u", "holds": "t"}[expected]
    assert bool(result.reason) == (expected == "cannot be computed")


@given(NUMBERS, NUMBERS)
def test_comparisons_mean_what_they_say(value, bound):
    assert meets(value, "<", bound) != meets(value, ">=", bound)
    assert meets(value, ">", bound) != meets(value, "<=", bound)
    assert meets(value, "==", bound) == (meets(value, "<=", bound) and meets(value, ">=", bound))
    low, high = sorted((value, bound))
    assert meets(low, "in", (low, high))
    assert meets((low, high), "contains", high)
    assert not meets(high + 1, "in", (low, high))
    assert not meets((low, high), "contains", low - 1)


@pytest.mark.parametrize(
    ("claim", "reason"),
    [
        ("C097", "no full search"),
        ("C102", "no study of it in the register measured: endorphin"),
        ("C104", "5 of 6 studies (44 to 97 %) are too few: 10 are needed"),
        ("C164", "counts any of the six"),
    ],
)
def test_silence_of_the_records_and_few_studies_settle_nothing(claim, reason):
    result = compute(claim)
    assert result.computed == "cannot be computed"
    assert reason in result.reason


def test_side_effects_are_not_counted_as_what_placebo_causes_as_often():
    metrics = [part.metric for part in compute("C141").parts]
    assert metrics == ["share of clinic patients with any side effect", "more people with vivid dreams than on placebo"]


def test_words_are_not_numbers():
    with pytest.raises(InvalidInput, match="cannot be held against"):
        meets("LDN", "<", 3)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"test": "ratios"}, "no test is named"),
        ({"arguments": {"numerator": 1}}, "cannot be run"),
        ({"test": "people", "arguments": {"study": "kariv2006", "field": "enrolled"}}, "cannot be run"),
        ({"test": "fact", "arguments": {"name": "naltrexone-first"}}, "cannot be run"),
        ({"test": "pool_number", "arguments": {"question": "crohn.pain", "field": "low"}}, "cannot be run"),
        ({"test": "outcome_direction", "arguments": {"study": "kariv2006_ibs", "outcome": "gut"}}, "cannot be run"),
        (
            {"test": "review_number", "arguments": {"review": "bolton2019_safety", "outcome": "gut", "path": "est"}},
            "cannot be run",
        ),
    ],
)
def test_a_criterion_that_names_what_is_not_there_is_an_error_and_no_result(change, words):
    base = criterion(True)
    wrong = base.model_copy(update={"parts": (base.parts[0].model_copy(update=change),)})
    with pytest.raises(InvalidInput, match=words) as caught:
        judge(wrong)
    assert base.id in str(caught.value)


def test_every_claim_has_one_of_the_results_and_says_why_where_it_has_none():
    results = compute_all()
    assert list(results) == list(register())
    for claim, result in results.items():
        assert result.computed in OUTCOMES
        if result.computed == "cannot be computed":
            assert result.reason, claim
        else:
            assert result.value is not None, claim
            assert result.basis, claim


def test_records_pools_and_rules_need_no_model_and_name_what_they_rest_on():
    for claim in criteria():
        result = compute(claim)
        assert result.hypothesis is None
        known = result.computed in ("holds", "fails")
        assert known == (result.value is not None) == bool(result.records) == (result.basis == "independent"), claim
        assert known != bool(result.reason), claim


@pytest.mark.parametrize("claim", ["C062", "C085", "C089", "C090", "C099", "C116"])
def test_a_record_may_settle_what_the_register_calls_not_testable(claim):
    assert not any(register()[claim].testable.model_dump(exclude={"how"}).values())
    assert compute(claim).computed in ("holds", "fails")


def test_the_seed_errors_of_the_articles_fail():
    for claim in "C009 C075 C076 C081 C082 C088 C098 C107 C108 C113 C117 C121 C122 C131 C142".split():
        assert compute(claim).computed == "fails", claim


def test_a_result_from_memory_says_so():
    recalled = {name for name, found in facts().items() if found.tag == "recalled"}
    seen = 0
    for claim, criterion_ in criteria().items():
        for part, result in zip(criterion_.parts, compute(claim).parts, strict=True):
            if part.arguments.get("name") in recalled:
                seen += 1
                assert any("recalled" in one for one in result.records), claim
    assert seen >= 5
    assert any("recalled" in one for one in TESTS["event_percent"]("younger2013_fm", "headache").records)


def test_every_source_of_a_fact_is_a_source_of_the_evidence():
    for name, found in facts().items():
        assert set(found.source) <= set(registry().sources), name
        assert (found.tag == "found") == bool(found.source), name


def test_opposite_is_a_matter_of_both_fields():
    claim = register()["C003"]
    table = {
        (verdict, outcome): opposite(
            claim.model_copy(update={"verdict": verdict}), Computed(id="C003", computed=outcome)
        )
        for verdict in VERDICTS
        for outcome in OUTCOMES
    }
    assert {pair for pair, away in table.items() if away} == {
        ("supported", "fails"),
        ("contradicted", "holds"),
        ("mis-stated", "holds"),
    }


def test_the_results_noted_are_those_of_today():
    results = compute_all()
    assert problems(results) == {}
    for claim, result in results.items():
        kept = noted().results[claim]
        assert value_words(kept.value, kept.unit) == value_words(result.value, result.unit), claim
    assert noted().hashes == {name: one.hash for name, one in rules().items()}
    assert noted().notes[0].why


def test_a_result_that_changes_is_told_until_it_is_noted():
    now = {"C003": Computed(id="C003", computed="fails")}
    told = problems(now, explained=["C003"])
    assert told == {"C003": "the computed result was holds, now fails, and nobody noted it"}
    hashes = {name: one.hash for name, one in rules().items()}
    after = parse(document(noted(), now, hashes, "a new date was found", TODAY))
    assert problems(now, after, explained=["C003"]) == {}
    assert after.notes[-1].changed == ("C003",)
    assert after.notes[:-1] == noted().notes
    assert after.results["C004"] == noted().results["C004"]


def test_opposite_without_explanation_is_told():
    now = {"C003": Computed(id="C003", computed="fails")}
    after = parse(document(noted(), now, {}, "a new date was found", TODAY))
    assert "it has no explanation" in problems(now, after, explained=[])["C003"]
    claim = "C161"
    assert "no explanation" in problems({claim: compute(claim)}, explained=[])[claim]
    assert problems({claim: compute(claim)}) == {}


def test_a_criterion_changed_without_history_is_told():
    before = noted().model_copy(update={"hashes": {**noted().hashes, "C003": "0" * 64}})
    assert "history" in problems({"C003": compute("C003")}, before)["C003"]


def test_a_note_needs_words():
    with pytest.raises(InvalidInput, match="needs words"):
        document(Noted(), {}, {}, "  ", TODAY)


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"notes": [], "claims": [{"id": "C001"}]}', '{"notes": 1, "claims": []}']
)
def test_noted_results_that_are_wrong_are_refused(text):
    with pytest.raises(InvalidInput, match="no noted results"):
        parse(text)


@given(st.dictionaries(st.sampled_from(["C001", "C002", "C003"]), st.sampled_from(OUTCOMES)))
def test_what_is_noted_is_what_was_computed(outcomes):
    now = {claim: Computed(id=claim, computed=outcome) for claim, outcome in outcomes.items()}
    after = parse(document(Noted(), now, {}, "why", TODAY))
    assert after.results == now
    assert changed(after.results, now) == {}


@given(st.floats(-1e5, 1e5))
def test_a_number_in_words_is_the_number_to_three_digits(value):
    assert float(value_words(value).replace("−", "-")) == pytest.approx(value, rel=5e-3)


def test_what_was_found_can_be_read_alone():
    """A value never stands without the words that say what it is a value of, nor with digits that nobody reads."""
    for claim, result in compute_all().items():
        words = found_words(result)
        assert words.startswith(result.metric if words else "")
        assert (words == "") == (result.value is None), claim
        assert (RECALLED in words) == (result.recalled and result.value is not None), claim
        assert not re.search(r"\d\.\d{4}", words), words


def test_clock_times_and_directions_in_words():
    assert value_words(12.5, "hour of the day") == "12:30"
    assert value_words("favours_ldn") == "favours LDN"


def test_criteria_in_words():
    words = [criterion_words(part) for one in criteria().values() for part in one.parts]
    assert "class of 0.5 mg a day = ULDN" in words
    assert "year it was first made from 1960 to 1969" in words
    assert "share of autism studies above the low-dose range, 95 % interval, has 90 % inside" in words
    assert "direction of quality of life one of favours LDN, favours LDN before after" in words


def test_the_room_computes_without_the_verdicts(monkeypatch):
    """The literature's verdict has no part in what is computed."""
    before = compute("C075")
    claims = {name: claim.model_copy(update={"verdict": "supported"}) for name, claim in register().items()}
    monkeypatch.setattr(room, "register", lambda: claims)
    assert compute("C075") == before
