"""The named arithmetic of derivations: known values, inverses, refusals."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from lowdose.errors import InvalidInput, NotFound
from lowdose.evidence.records import derive
from lowdose.evidence.records.registry import registry
from lowdose.evidence.records.schema import Derivation

TOTAL = st.integers(1, 5000)
ESTIMATE = st.floats(0.01, 100) | st.floats(-100, -0.01)
P = st.floats(1e-6, 0.999)
DF = st.integers(1, 500)


@given(TOTAL, st.data())
def test_events_survive_a_percentage(total: int, more: st.DataObject) -> None:
    events = more.draw(st.integers(0, total))
    assert derive.events_from_percent(derive.percent(events, total), total) == events


@given(TOTAL, st.data())
def test_a_total_survives_a_percentage(total: int, more: st.DataObject) -> None:
    events = more.draw(st.integers(1, total))
    assert derive.total_from_percent(events, derive.percent(events, total)) == total


@given(st.floats(0, 100), TOTAL)
def test_events_lie_between_none_and_all(percentage: float, total: int) -> None:
    events = derive.events_from_percent(percentage, total)
    assert 0 <= events <= total
    assert abs(events - percentage * total / 100) <= 0.5 + 1e-9


@given(st.floats(-50, 50), st.floats(0.1, 20), st.integers(2, 400))
def test_standard_deviation_survives_its_interval(mean: float, sd: float, n: int) -> None:
    low, high = stats.t.interval(0.95, n - 1, loc=mean, scale=sd / math.sqrt(n))
    assert derive.sd_from_interval(low, high, n) == pytest.approx(sd, rel=1e-6)


@given(ESTIMATE, P, DF)
def test_p_survives_the_standard_error(estimate: float, p: float, df: int) -> None:
    t = abs(estimate) / derive.standard_error_from_p(estimate, p, df)
    assert 2 * stats.t.sf(t, df) == pytest.approx(p, rel=1e-6)


@given(ESTIMATE, P, DF)
def test_an_interval_leaves_out_zero_just_when_p_is_small(estimate: float, p: float, df: int) -> None:
    low, high = derive.interval_from_p(estimate, p, df)
    assert low < estimate < high
    assert (low + high) / 2 == pytest.approx(estimate)
    if abs(p - 0.05) > 1e-6:
        assert (low > 0 or high < 0) == (p < 0.05)
    assert (derive.low_from_p(estimate, p, df), derive.high_from_p(estimate, p, df)) == (low, high)


@given(st.integers(0, 30), st.integers(0, 30), st.integers(0, 30), st.integers(0, 30))
def test_fisher_does_not_mind_which_arm_comes_first(e1: int, f1: int, e2: int, f2: int) -> None:
    p = derive.fisher_p(e1, e1 + f1, e2, e2 + f2)
    assert 0 <= p <= 1
    assert derive.fisher_p(e2, e2 + f2, e1, e1 + f1) == pytest.approx(p)


@given(st.floats(-1e6, 1e6), st.lists(st.floats(-1e6, 1e6), max_size=5))
def test_parts_and_rest_make_the_whole(total: float, parts: list[float]) -> None:
    assert derive.add(derive.subtract(total, *parts), *parts) == pytest.approx(total, abs=1e-6)
    assert derive.difference(total, total) == 0
    assert derive.same(total) == total


def test_published_values() -> None:
    assert derive.events_from_percent(74.5, 47) == 35
    assert derive.total_from_percent(37, 45.1) == 82
    assert round(derive.sd_from_interval(-1.4, -0.5, 50), 3) == 1.583
    assert round(derive.fisher_p(0, 22, 5, 16), 4) == 0.0087


@pytest.mark.parametrize(
    ("function", "numbers", "words"),
    [
        (derive.events_from_percent, (101, 20), "is no percentage"),
        (derive.events_from_percent, (-1, 20), "is no percentage"),
        (derive.events_from_percent, (50, 0), "total is 0"),
        (derive.events_from_percent, (50, 2.5), "total is 2.5"),
        (derive.total_from_percent, (5, 0), "no total can be told"),
        (derive.percent, (1, 0), "total is 0"),
        (derive.sd_from_interval, (2, 1, 10), "not in order"),
        (derive.sd_from_interval, (1, 2, 1), "n is 1"),
        (derive.standard_error_from_p, (0, 0.05, 10), "no standard error"),
        (derive.standard_error_from_p, (1, 0, 10), "no standard error"),
        (derive.standard_error_from_p, (1, 1, 10), "no standard error"),
        (derive.interval_from_p, (1, 0.5, 0), "no standard error"),
        (derive.fisher_p, (5, 4, 1, 4), "cannot be"),
    ],
)
def test_what_cannot_be_is_refused(function: object, numbers: tuple[float, ...], words: str) -> None:
    with pytest.raises(InvalidInput, match=words):
        function(*numbers)  # type: ignore[operator]


@pytest.mark.parametrize(
    ("stored", "computed", "agree"),
    [
        (22, 22.05, True),
        (22, 22.6, False),
        (0.16, 0.156, True),
        (0.16, 0.154, False),
        (6.44, 6.4435, True),
        (0.0087, 0.00866, True),
        (1e-7, 1.4e-7, True),
        (1e-7, 1.6e-7, False),
        (120, 120.4, True),
        (120, 121, False),
    ],
)
def test_numbers_agree_to_the_digits_that_are_written(stored: float, computed: float, agree: bool) -> None:
    assert derive.agrees(stored, computed) is agree


@given(st.floats(-1e6, 1e6), st.integers(0, 6))
def test_a_rounded_number_agrees_with_its_origin(value: float, digits: int) -> None:
    assert derive.agrees(round(value, digits), value)


FINAL = registry().studies["bruun2024_FINAL"]


def derivation(by: str, *using: float | str) -> Derivation:
    return Derivation(field="arms.ldn.events", by=by, using=using)


def test_paths_lead_into_the_block_and_the_study() -> None:
    outcome = FINAL.outcomes[1]
    assert derive.recompute(derivation("events_from_percent", "arms.ldn.pct", "study.n.arms.ldn"), outcome, FINAL) == 22


def test_an_unknown_function_suggests() -> None:
    with pytest.raises(NotFound, match="no derivation is named 'events_from_percents'") as caught:
        derive.recompute(derivation("events_from_percents", 1, 2), FINAL.outcomes[1], FINAL)
    assert "events_from_percent" in caught.value.remedy


def test_a_path_to_nothing() -> None:
    with pytest.raises(NotFound, match=r"nothing at 'arms\.nobody\.pct'"):
        derive.recompute(derivation("percent", "arms.nobody.pct", 2), FINAL.outcomes[1], FINAL)


@pytest.mark.parametrize("path", ["arms.ldn", "name", "primary", "arms.ldn.sd"])
def test_a_path_to_no_number(path: str) -> None:
    with pytest.raises(InvalidInput, match="there is no number"):
        derive.number_at(path, FINAL.outcomes[1], FINAL)


def test_too_few_numbers() -> None:
    with pytest.raises(InvalidInput, match="percent does not take 1 numbers"):
        derive.recompute(derivation("percent", 1), FINAL.outcomes[1], FINAL)


def test_every_function_is_listed() -> None:
    assert set(derive.FUNCTIONS) >= {"events_from_percent", "percent", "fisher_p", "subtract", "difference", "add"}
