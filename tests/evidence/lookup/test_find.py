"""Finding studies: synonyms, slips, filters, near misses; and no text that breaks it."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from lowdose.errors import NotFound
from lowdose.evidence.lookup import find
from lowdose.evidence.records.registry import registry

HELD = registry()


def ids(*arguments, **options):
    return [study.id for study in find.search(*arguments, **options)]


def test_without_words_every_study_is_there_once():
    assert sorted(ids()) == sorted(HELD.studies)


@pytest.mark.parametrize(
    ("words", "condition"),
    [
        ("FM", "fibromyalgia"),
        ("fibro", "fibromyalgia"),
        ("fms", "fibromyalgia"),
        ("IBD", "ibd"),
        ("MS", "multiple-sclerosis"),
        ("PTSD", "dissociation"),
        ("long covid", "long-covid"),
        ("Crohn's", "crohn"),
        ("SJOGREN", "sjogren"),
        ("sjögren", "sjogren"),
        ("me/cfs", "me-cfs"),
        ("multiple-sclerosis", "multiple-sclerosis"),
    ],
)
def test_a_condition_has_many_names(words, condition):
    assert find.resolve_condition(words).id == condition
    best = find.search(words)[0]
    assert condition in (best.condition, *best.also)


@pytest.mark.parametrize("words", ["fibromyalga", "fibromylagia", "fybromyalgia", "FIBROMYALGIA"])
def test_a_slip_is_forgiven(words):
    assert ids(words) == ids("fibromyalgia")


@pytest.mark.parametrize("words", ["chron", "chrons", "chrohn"])
def test_crohn_is_misspelt_by_everybody(words):
    assert "smith2011_crohn" in ids(words)


@pytest.mark.parametrize(
    ("words", "near"), [("fibromialga", "fibromyalgia"), ("lng covid", "long-covid"), ("autsm", "autism")]
)
def test_a_name_that_is_nearly_right_is_suggested_not_taken(words, near):
    with pytest.raises(NotFound, match=rf"did you mean .*{near}") as refused:
        find.resolve_condition(words)
    assert refused.value.exit_code == 4


def test_every_word_must_match_but_words_of_a_question_and_unknown_ones_do_not_count():
    assert set(ids("fibromyalgia sleep")) < set(ids("fibromyalgia"))
    assert ids("does LDN help with fibromyalgia?") == ids("fibromyalgia")
    assert ids("fibromyalgia qqqqqq") == ids("fibromyalgia")
    assert find.unknown_words("fibromyalgia qqqqqq") == {"qqqqqq": ()}
    assert ids("qqqqqq") == []
    assert find.unknown_words("varenicine") == {}
    assert find.unknown_words("varnclne")["varnclne"][0] == "varenicline"


def test_adverse_events_outcomes_and_other_drugs_are_found():
    assert "younger2013_fm" in ids("vivid dreams")
    assert set(ids("varenicline")) == {"ray2014_smoking", "ray2021_smoking", "roberts2018_smoking"}
    assert ids("NCT00568555") == ["younger2013_fm"]


def test_designs_mean_kinds():
    randomised = {study.id for study in HELD.studies.values() if study.design.endswith("RCT")}
    assert set(ids(design="rct")) == set(ids(design="RCT")) == randomised
    assert set(ids(design="crossover RCT")) < set(ids(design="crossover"))
    assert {study.design for study in find.search(design="case")} == {"case series", "case report"}
    assert set(find.DESIGNS) == {study.design for study in HELD.studies.values()}
    with pytest.raises(NotFound, match="factorial"):
        ids(design="factoral")


def test_a_dose_matches_the_range_that_holds_it():
    found = find.search(dose=4.5)
    assert all(one.intervention.dose_mg_per_day.range_mg[0] <= 4.5 for one in found)
    assert {"younger2013_fm", "bruunplesner2020_dose"} <= {one.id for one in found}
    assert "bruun2024_FINAL" not in {one.id for one in found}
    assert {one.intervention.dose_class for one in find.search(dose="VLDN")} == {"VLDN"}
    with pytest.raises(NotFound, match="VLDN"):
        ids(dose="VDLN")


def test_naloxone_is_not_found_by_a_dose_of_naltrexone():
    assert all(study.intervention.drug == "naltrexone" for study in find.search(dose=4.5))


def test_a_condition_holds_its_forms_and_mixed_series():
    assert "smith2011_crohn" in ids(condition="IBD")
    assert "driver2023_mayo" in ids(condition="fibromyalgia")
    assert "lie2018_ibd" in ids(condition="crohn")


def test_only_found_leaves_out_what_is_only_remembered():
    left = set(ids()) - set(ids(only_found=True))
    assert "bested2023_fm" in left
    assert "bruun2024_FINAL" not in left
    assert all(find.is_only_recalled(HELD.studies[name]) for name in left)


@pytest.mark.parametrize(
    ("words", "study"),
    [
        ("FINAL", "bruun2024_FINAL"),
        ("innova", "rodriguez_freire2026_INNOVA"),
        ("younger2013", "younger2013_fm"),
        ("10.1002/ART.37734", "younger2013_fm"),
        ("32068870", "bruunplesner2020_dose"),
        ("nct04270877", "bruun2024_FINAL"),
    ],
)
def test_a_study_has_several_names(words, study):
    assert find.resolve_study(words).id == study


def test_a_name_of_several_studies_names_them():
    with pytest.raises(NotFound, match="younger2009_fm"):
        find.resolve_study("younger")
    with pytest.raises(NotFound, match="did you mean younger2013_fm"):
        find.resolve_study("youngr2013_fm")


def test_every_id_and_synonym_leads_home():
    for study in HELD.studies.values():
        assert find.resolve_study(study.id) is study
    for one in HELD.conditions.values():
        assert find.resolve_condition(one.id) is one


def test_no_synonym_belongs_to_two_conditions():
    seen: dict[str, str] = {}
    for one in HELD.conditions.values():
        for name in {find.plain(word) for word in (one.id, one.name, *one.synonyms)}:
            assert seen.setdefault(name, one.id) == one.id, name


def test_people_and_recalled_counts():
    assert HELD.studies["bruun2024_FINAL"].n.took_part == 99
    assert find.is_recalled(HELD.studies["bested2023_fm"], "people")
    assert not find.is_recalled(HELD.studies["bruun2024_FINAL"], "people", "citation", "intervention.dose_mg_per_day")
    for study in HELD.studies.values():
        assert (study.n.took_part or 1) >= 1


@given(st.text(max_size=60))
@example("=fibromyalgia")
@example("\x00 µ ‡ [bold]")
@example("a" * 5000)
def test_any_text_can_be_searched_for(words):
    found = find.search(words)
    assert {study.id for study in found} <= set(HELD.studies)
    assert len(set(found_ids := [study.id for study in found])) == len(found_ids)
    find.unknown_words(words)
    for resolve in (find.resolve_condition, find.resolve_study, find.resolve_design):
        with suppress(NotFound):
            assert resolve(words)


@given(st.lists(st.sampled_from("FM crohn rct 2013 pain sleep younger MS varenicline".split()), max_size=4))
def test_more_words_never_find_more(words):
    found = set(HELD.studies)
    for number in range(len(words) + 1):
        narrower = set(ids(" ".join(words[:number])))
        assert narrower <= found or not number
        found = narrower


@given(st.floats(allow_nan=True, allow_infinity=True))
def test_any_dose_can_be_asked_for(dose):
    for study in find.search(dose=dose):
        low, high = study.intervention.dose_mg_per_day.range_mg
        assert low <= dose <= high
