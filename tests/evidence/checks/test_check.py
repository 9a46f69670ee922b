"""Every check of the data: quiet on ours, loud on a copy with one mistake in it."""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import replace
from types import MappingProxyType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lowdose.evidence.checks.check import check, checks
from lowdose.evidence.checks.issue import Issue
from lowdose.evidence.pools.numbers import possible_percentage
from lowdose.evidence.records.library import Instrument, Review
from lowdose.evidence.records.registry import Registry, registry
from lowdose.evidence.records.schema import Study

OURS = registry()
REMOVE = object()


def with_study(name: str, path: str, value: Any) -> Registry:
    """One study of ours alone, with one field changed."""
    study = Study.model_validate(changed(OURS.studies[name].model_dump(), path, value))
    nothing = MappingProxyType({})
    return replace(OURS, studies=MappingProxyType({name: study}), reviews=nothing, ongoing=nothing)


def changed(raw: dict[str, Any], path: str, value: Any) -> dict[str, Any]:
    raw = copy.deepcopy(raw)
    *way, last = path.split(".")
    place: Any = raw
    for number, part in enumerate(way):
        if isinstance(place, dict):
            if isinstance(place[part], tuple):
                place[part] = list(place[part])
            place = place[part]
        else:
            place = place[int(part)]
        assert place is not None, way[: number + 1]
    if value is REMOVE:
        del place[last]
    elif isinstance(place, list):
        place[int(last)] = value
    else:
        place[last] = value
    return raw


def errors(known: Registry) -> list[Issue]:
    return [issue for issue in check(known) if issue.level == "error"]


def notes() -> dict[str, str]:
    return {issue.where: issue.what for issue in check(OURS) if issue.level == "note"}


@pytest.mark.parametrize("one", checks(), ids=lambda one: one.__name__)
def test_ours_have_no_error(one: Callable[[Registry], Any]) -> None:
    assert not [issue for issue in one(OURS) if issue.level == "error"]


MISTAKES = [
    ("bruun2024_FINAL", "condition", "fibromyalgy", "conditions", "no condition is named 'fibromyalgy'"),
    ("bruun2024_FINAL", "also", ["chronicpain"], "conditions", "no condition is named 'chronicpain'"),
    ("bruun2024_FINAL", "outcomes.0.prov.src", ["S999"], "sources", "no source is named 'S999'"),
    ("bruun2024_FINAL", "prov.funding.src", ["S5"], "sources", "no source is named 'S5'"),
    ("cree2010_ms", "washout_run_in", "1 week between periods (S240)", "sources", "no source is named 'S240'"),
    ("bruun2024_FINAL", "adverse_events.1.prov.src", [], "found", "no source is named"),
    ("turel2015_ms", "intervention.dose_mg_per_day.recalled", False, "recalled", "the mark of the dose"),
    ("bruun2024_FINAL", "intervention.dose_mg_per_day.recalled", True, "recalled", "the mark of the dose"),
    ("younger2013_fm", "outcomes.0.contrasts.0.prov.tag", "found", "recalled", "its provenance says otherwise"),
    ("younger2013_fm", "outcomes.0.contrasts.0.recalled", [], "recalled", "not said what of it"),
    ("smith2011_crohn", "outcomes.1.contrasts.0.recalled", [], "recalled", "not said what of it"),
    ("younger2013_fm", "outcomes.1.contrasts.0.recalled", ["else"], "recalled", "it rests on what is recalled"),
    ("bruun2024_FINAL", "outcomes.0.better", "higher", "scales", "better is higher here, lower on the scale nrs-10"),
    ("bruun2024_FINAL", "outcomes.0.scale", "nrs10", "scales", "no scale is named 'nrs10'"),
    ("bruun2024_FINAL", "outcomes.0.scale", "", "scales", "without a scale, so without a direction"),
    ("bruunplesner2020_dose", "outcomes.0.effect.unit", "mgs", "units", "no unit is named 'mgs'"),
    ("bruun2024_FINAL", "rob.tool", "ROBINS-I", "bias", "ROBINS-I does not fit a parallel RCT"),
    ("bruun2024_FINAL", "rob.domains.confounding", "low", "bias", "'confounding' is not one of RoB 2"),
    ("bruun2024_FINAL", "rob.domains.reporting", REMOVE, "bias", "'reporting' is missing"),
    ("younger2013_fm", "rob.domains.period and carry-over", REMOVE, "bias", "'period and carry-over' is missing"),
    ("bruun2024_FINAL", "rob.domains.reporting", "serious", "bias", "'serious' is no judgement of RoB 2"),
    ("bruun2024_FINAL", "rob.domains.reporting", "high", "bias", "overall is low, a domain is high"),
    ("gironi2008_ms", "rob.overall", "moderate", "bias", "overall is moderate, a domain is serious"),
    ("paula2023_tdcs", "outcomes.0.contrasts.0.missing", "", "contrasts", "not said what is missing"),
    ("bruun2024_FINAL", "outcomes.0.contrasts.0.using.d", REMOVE, "contrasts", "published_smd is given n1, n2, sign"),
    ("bruun2024_FINAL", "outcomes.0.contrasts.0.using.d", "effect.d", "contrasts", "nothing at 'effect.d'"),
    ("bruun2024_FINAL", "outcomes.0.contrasts.0.using.d", "arms.ldn.ci", "contrasts", "no number at 'arms.ldn.ci'"),
    ("bruun2024_FINAL", "outcomes.1.contrasts.0.kind", "change", "contrasts", "does not give change values"),
    ("bruun2024_FINAL", "n.randomised", 0, "people", "n is 0"),
    ("bruun2024_FINAL", "n.arms.ldn", 0, "people", "n is 0"),
    ("bruun2024_FINAL", "n.arms.ldn", 48, "people", "the arms add up to 98, not to 99"),
    ("younger2013_fm", "n.analysed", 32, "people", "analysed 32, but 31 entered"),
    ("bruun2024_FINAL", "outcomes.1.arms.ldn.total", 0, "arms", "total is 0"),
    ("bruun2024_FINAL", "outcomes.0.arms.ldn.n", -3, "arms", "n is -3"),
    ("bruun2024_FINAL", "outcomes.1.arms.ldn.events", 50, "arms", "50 events of 49"),
    ("bruun2024_FINAL", "outcomes.1.arms.ldn.total", 490, "arms", "total is 490, but the study has 99"),
    ("bruun2024_FINAL", "outcomes.1.arms.ldn.pct", 145, "ranges", "145 % is no share"),
    ("bruun2024_FINAL", "outcomes.0.effect.p", 27.0, "ranges", "p is 27"),
    ("srinivasan2021_dpn", "adverse_events.0.p", -0.1, "ranges", "p is -0.1"),
    ("bruun2024_FINAL", "outcomes.0.effect.ci", [0.27, -0.95], "ranges", "0.27 to -0.95 is no interval"),
    ("bruun2024_FINAL", "outcomes.0.effect.est", 0.34, "ranges", "0.34 does not lie between -0.95 and 0.27"),
    ("bruun2024_FINAL", "outcomes.0.arms.ldn.mean_change", 1.3, "ranges", "1.3 does not lie between -1.7 and -0.8"),
    ("cree2010_ms", "outcomes.0.effect.se", -1.571, "ranges", "the standard error is -1.571"),
    ("mischoulon2017_mdd", "outcomes.0.arms.ldn.end", [11.7, -7.7], "ranges", "the deviation is -7.7"),
    ("bruun2024_FINAL", "intervention.dose_mg_per_day.range_mg", [60, 60], "doses", "60 to 60 mg a day is not LDN"),
    ("bruun2024_FINAL", "intervention.dose_mg_per_day.range_mg", [6, 4], "doses", "6 to 4 mg is no range"),
    ("bruun2024_FINAL", "intervention.dose_class", "VLDN", "doses", "is not VLDN"),
    ("bruun2024_FINAL", "outcomes.1.arms.ldn.events", 21, "derivations", "events_from_percent gives 22"),
    ("bruun2024_FINAL", "outcomes.0.derivations.0.by", "sd_from_ci", "derivations", "named 'sd_from_ci'"),
    ("bruun2024_FINAL", "outcomes.0.derivations.0.field", "arms.ldn.se", "derivations", "nothing at 'arms.ldn.se'"),
    ("bruun2024_FINAL", "outcomes.0.derivations.0.using", [1, 2], "derivations", "does not take 2 numbers"),
    ("bihari1986_hiv", "outcomes.0.effect.others.fisher_p", 0.0089, "derivations", "fisher_p gives 0.0087022"),
    ("bihari1986_hiv", "outcomes.0.derivations", [], "told", "the note says 'computed'"),
    ("schwartz2014_cancer", "outcomes.0.arms.ldn.events", 3, "derivations", "subtract gives 5"),
]


@pytest.mark.parametrize(("study", "path", "value", "name", "what"), MISTAKES)
def test_one_mistake_is_found_and_said(study: str, path: str, value: Any, name: str, what: str) -> None:
    found = [issue for issue in errors(with_study(study, path, value)) if issue.check == name]
    assert any(what in issue.what for issue in found), found
    for issue in found:
        assert issue.where.startswith(study)
        assert issue.remedy
        assert str(issue).startswith("error: ")


def test_every_check_with_errors_has_a_negative_case() -> None:
    tried = {f"check_{mistake[3]}" for mistake in MISTAKES}
    assert {one.__name__ for one in checks()} - tried == {
        "check_ids",
        "check_pools",
        "check_percentages",
        "check_plausible",
    }


def test_an_id_for_two_things() -> None:
    review = OURS.reviews["vatvani2024_ma"].model_copy(update={"id": "younger2013_fm"})
    known = replace(OURS, reviews=MappingProxyType({**OURS.reviews, "younger2013_fm": review}))
    assert [(issue.check, issue.what) for issue in errors(known)] == [
        ("ids", "the id 'younger2013_fm' stands for two things")
    ]


def test_a_left_out_trial_that_nobody_knows() -> None:
    raw = changed(OURS.reviews["vatvani2024_ma"].model_dump(), "left_out.0.study", "bested2032_fm")
    known = replace(OURS, reviews=MappingProxyType({**OURS.reviews, "vatvani2024_ma": Review.model_validate(raw)}))
    (issue,) = errors(known)
    assert issue.what == "no study is named 'bested2032_fm'"
    assert issue.remedy == "did you mean bested2023_fm?"


def test_a_scale_without_direction() -> None:
    scale = OURS.instruments["nrs-10"].model_copy(update={"better": "neither"})
    known = replace(OURS, instruments=MappingProxyType({**OURS.instruments, "nrs-10": scale}))
    said = [issue.what for issue in errors(known)]
    assert said[0] == "the scale 'nrs-10' has no direction"


def test_a_unit_nobody_knows() -> None:
    raw = changed(OURS.instruments["cdai"].model_dump(), "mid.0.unit", "pionts")
    known = replace(OURS, instruments=MappingProxyType({**OURS.instruments, "cdai": Instrument.model_validate(raw)}))
    (issue,) = errors(known)
    assert (issue.where, issue.remedy) == ("instruments, cdai, mid", "did you mean points?")


@pytest.mark.parametrize(
    ("where", "what"),
    [
        ("smith2007_crohn, outcomes.1.arms.ldn", "89 % is no whole number of 17"),
        ("younger2013_fm, adverse_events.0.arms.ldn", "37 % is no whole number of 28"),
        ("oalib_ma2023, results.0", "a standardised difference of -10.77 is not credible"),
        ("hhd_mixed2018, intervention.dose_mg_per_day", "4.5 to 12.5 mg a day reaches beyond LDN (1 to 6 mg)"),
    ],
)
def test_what_a_reader_should_know_is_a_note(where: str, what: str) -> None:
    assert notes()[where] == what


def test_what_is_possible_is_no_note() -> None:
    assert "smith2013_paed_crohn, outcomes.1.arms.ldn" not in notes()  # 25 % of 12
    assert "driver2023_mayo, outcomes.0.arms.ldn" not in notes()  # 65 % of 115


def test_a_large_published_difference_is_a_note() -> None:
    known = with_study("mischoulon2017_mdd", "outcomes.0.effect.cohen_d", 3.2)
    assert any(issue.where == "mischoulon2017_mdd, outcomes.0.effect.cohen_d" for issue in check(known))


def test_dreams_and_headache_of_younger_fit_no_single_number_of_people() -> None:
    """What the data say in a note: 30 gives both shares of dreams, 31 both of headache, 28 none."""
    dreams, headache = ((37, 13), (16, 3))
    fits = {n: [all(possible_percentage(pct, n) for pct in pair) for pair in (dreams, headache)] for n in range(28, 32)}
    assert fits == {28: [False, False], 29: [False, False], 30: [True, False], 31: [False, True]}
    assert not any(possible_percentage(pct, 28) for pct in (*dreams, *headache))


@given(st.integers(1, 2000), st.data(), st.integers(0, 3))
def test_a_percentage_of_whole_people_is_possible(total: int, more: st.DataObject, digits: int) -> None:
    events = more.draw(st.integers(0, total))
    assert possible_percentage(round(100 * events / total, digits), total)


@given(st.integers(1, 40), st.integers(0, 100))
def test_possible_is_what_counting_says(total: int, percentage: int) -> None:
    counted = any(abs(100 * events / total - percentage) <= 0.5 for events in range(total + 1))
    assert possible_percentage(percentage, total) == counted


def test_a_pool_that_no_question_asks_for_is_a_note() -> None:
    (issue,) = [
        one
        for one in check(with_study("bruun2024_FINAL", "outcomes.0.contrasts.0.pool", "pian"))
        if one.check == "pools"
    ]
    assert (issue.level, issue.remedy) == ("note", "did you mean pain?")


def test_errors_come_first() -> None:
    levels = [issue.level for issue in check(with_study("bruun2024_FINAL", "n.arms.ldn", 48))]
    assert levels == sorted(levels)
    assert levels[0] == "error"
