"""Adverse events: counts, intervals, marks, and what may be added up."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lowdose.errors import NotFound
from lowdose.evidence.exports.flat import harm_table
from lowdose.evidence.lookup import harms as room
from lowdose.evidence.records.registry import registry

HELD = registry()


def test_every_adverse_event_of_every_study_is_shown():
    shown = room.harms()
    assert len(shown) == sum(len(study.adverse_events) for study in HELD.studies.values())


def test_kinds_come_in_order_and_doses_within_them():
    kinds = [row.concept for row in room.harms()]
    assert kinds == sorted(kinds, key=list(room.EVENTS).index)


@pytest.mark.parametrize(
    ("event", "study", "treated", "compared"),
    [
        ("any", "bruun2024_FINAL", (41, 49), (43, 50)),
        ("any", "rodriguez_freire2026_INNOVA", (33, 48), (36, 50)),
        ("SAE", "bruun2024_FINAL", (0, 49), (1, 50)),
        ("stopped", "okelly2022_longcovid", (2, 38), None),
        ("dreams", "younger2009_fm", (2, 10), None),
    ],
)
def test_counts_are_those_of_the_source(event, study, treated, compared):
    (row,) = (row for row in room.harms(event) if row.study == study)
    assert (row.treated.events, row.treated.total) == treated
    assert ((row.compared.events, row.compared.total) if row.compared else None) == compared
    assert row.treated.rate == pytest.approx(treated[0] / treated[1])


def test_the_dreams_of_younger_2013_are_recalled_and_leave_on_one_switch():
    (row,) = (row for row in room.harms("vivid-dreams") if row.study == "younger2013_fm")
    assert row.recalled
    assert "younger2013_fm" not in {row.study for row in room.harms("vivid-dreams", only_found=True)}
    assert not any(row.recalled for row in room.harms(only_found=True))


def test_what_is_counted_otherwise_is_not_added_up():
    rows = room.harms("serious", dose_class="LDN")
    assert len([row for row in rows if row.compared]) > 1
    assert room.added_up(rows) is None
    treated, compared = room.added_up(room.harms("any", dose_class="LDN"))
    assert (treated.events, treated.total, compared.events, compared.total) == (74, 97, 79, 100)


def test_both_arms_counted_together_are_no_comparison():
    (row,) = room.harms("death")
    assert row.treated.arm == "all"
    assert row.compared is None
    assert not row.controlled


def test_reviews_stand_beside():
    found = {(one.review, one.concept): one.estimate for one in room.published_harms()}
    assert found["bolton2019_safety", "serious"] in (0.84, -0.01)
    assert found["annmedsurg2025_ma", "vivid-dreams"] == 2.41
    assert {one.concept for one in room.published_harms("dizziness")} == {"dizziness"}


def test_no_pain_or_response_is_taken_for_a_harm():
    outcomes = " ".join(one.outcome for one in room.published_harms())
    assert not any(word in outcomes for word in ("pain", "response", "remission", "threshold"))


def test_single_cases_say_what_happened_but_never_the_dose_of_an_opioid():
    cases = {case.study: case for case in room.single_cases()}
    assert "withdrawal" in cases["naumann2023_withdrawal"].event
    assert cases["naumann2023_withdrawal"].dose_words == "1 mg"
    assert "oxycodone" in cases["ajem2017_obtundation"].person
    assert "mg" not in cases["ajem2017_obtundation"].person
    assert "5" not in cases["ajem2017_obtundation"].person


@pytest.mark.parametrize(
    ("event", "near"), [("headache s", "headache"), ("vivid", "vivid-dreams"), ("nausia", "nausea")]
)
def test_near_misses_suggest(event, near):
    with pytest.raises(NotFound, match=near):
        room.harms(event)


@given(st.integers(1, 400).flatmap(lambda total: st.tuples(st.integers(0, total), st.just(total))))
def test_wilson_holds_the_rate_and_mirrors(counts):
    events, total = counts
    low, high = room.wilson(events, total)
    assert 0 <= low <= events / total + 1e-12
    assert events / total - 1e-12 <= high <= 1
    mirrored = room.wilson(total - events, total)
    assert mirrored == pytest.approx((1 - high, 1 - low), abs=1e-9)


@given(st.integers(1, 400), st.integers(0, 400))
def test_wilson_is_the_formula_of_1927(total, events):
    events = min(events, total)
    z = 1.959963984540054
    rate = events / total
    middle = (rate + z * z / (2 * total)) / (1 + z * z / total)
    half = z * math.sqrt(rate * (1 - rate) / total + z * z / (4 * total**2)) / (1 + z * z / total)
    assert room.wilson(events, total) == pytest.approx((max(0, middle - half), min(1, middle + half)), abs=1e-9)


def test_a_percentage_without_counts_has_a_rate_and_no_interval():
    found = room.share("ldn", None, None, 37.0)
    assert (found.rate, found.low, found.high) == (0.37, None, None)
    assert room.share("ldn", 3, None).rate is None


def test_the_flat_table_has_every_row_and_only_its_columns():
    rows = room.harms()
    table = harm_table(rows)
    names = {column.name for column in table.columns}
    assert len(table.rows) == len(rows)
    assert all(set(row) <= names | {"comparable"} for row in table.rows)
    assert {"rate", "low", "high", "compared_rate", "tag", "recalled"} <= names
