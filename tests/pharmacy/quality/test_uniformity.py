"""Acceptance values from assayed contents, and weights that may only reject."""

from __future__ import annotations

from decimal import Decimal
from statistics import stdev

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lowdose.errors import InvalidInput
from lowdose.pharmacy.quality.uniformity import acceptance_value, weight_variation


def contents(*values: float | str) -> list[Decimal]:
    return [Decimal(str(one)) for one in values]


W13 = contents(98, 101, 99, 102, 97, 100, 103, 96, 101, 99)
W14 = contents(92, 95, 90, 96, 93, 94, 91, 97, 92, 95)


@pytest.mark.parametrize(
    ("given_", "mean", "deviation", "reference", "value"),
    [(W13, "99.6", "2.221", "99.6", "5.33"), (W14, "93.5", "2.273", "98.5", "10.46")],
)
def test_worked_examples(given_: list[Decimal], mean: str, deviation: str, reference: str, value: str) -> None:
    found = acceptance_value(given_)
    assert (found.mean, found.reference) == (Decimal(mean), Decimal(reference))
    assert round(found.deviation, 3) == Decimal(deviation)
    assert round(found.acceptance_value, 2) == Decimal(value)
    assert found.verdict == "pass"
    assert found.facts() == {"qc.av": found.acceptance_value, "qc.potency_pct": found.mean}


def test_above_the_mean_the_reference_is_the_upper_bound() -> None:
    found = acceptance_value([one + 5 for one in W13])
    assert found.reference == Decimal("101.5")
    assert found.acceptance_value > acceptance_value(W13).acceptance_value


def spread(step: int, count: int = 10) -> list[Decimal]:
    return [Decimal(100 + (step if one % 2 else -step)) for one in range(count)]


def test_first_stage_asks_for_twenty_more_and_the_second_decides() -> None:
    assert acceptance_value(spread(5)).verdict == "pass"
    first = acceptance_value(spread(7))
    assert (first.verdict, first.factor) == ("next stage", Decimal("2.4"))
    assert "20 more" in first.reason
    second = acceptance_value(spread(7, 30))
    assert (second.verdict, second.factor) == ("pass", Decimal(2))
    assert acceptance_value(spread(9, 30)).verdict == "reject"


def test_the_limit_itself_passes() -> None:
    at = contents("112.5", "87.5", "103.125", "103.125", "96.875", "96.875", 100, 100, 100, 100)
    assert acceptance_value(at).acceptance_value == 15
    assert acceptance_value(at).verdict == "pass"
    assert acceptance_value([*at[:1], Decimal("87.4"), *at[2:]]).verdict == "next stage"
    assert not weight_variation(contents(*[90] * 9, 99), Decimal(90)).rejects


def test_one_unit_too_far_off_rejects_at_the_second_stage() -> None:
    good = [Decimal(100)] * 29
    assert acceptance_value([*good, Decimal("76")]).verdict == "pass"
    assert acceptance_value([*good, Decimal("74")]).verdict == "reject"
    assert acceptance_value([*good, Decimal("127")]).verdict == "reject"


def test_one_unit_that_no_second_stage_could_pass_rejects_at_once() -> None:
    found = acceptance_value([*[Decimal(100)] * 9, Decimal(70)])
    assert found.verdict == "reject"
    assert "70 %" in found.reason


@pytest.mark.parametrize("middle", [89, 111])
def test_a_mean_outside_90_to_110_rejects(middle: int) -> None:
    assert acceptance_value([Decimal(middle)] * 10).verdict == "reject"


@pytest.mark.parametrize("count", [0, 1, 9, 11, 20, 29, 31])
def test_only_ten_or_thirty(count: int) -> None:
    with pytest.raises(InvalidInput, match="takes 10, or 30"):
        acceptance_value([Decimal(100)] * count)


def test_a_float_or_a_negative_content_is_refused() -> None:
    with pytest.raises(InvalidInput, match="float"):
        acceptance_value([99.1] * 10)  # type: ignore[list-item]
    with pytest.raises(InvalidInput, match="at least 0"):
        acceptance_value([*W13[:9], Decimal(-1)])


@given(st.lists(st.decimals(80, 120, places=1), min_size=10, max_size=10))
def test_against_the_definition(values: list[Decimal]) -> None:
    found = acceptance_value(values)
    mean = float(sum(values)) / 10
    reference = min(max(mean, 98.5), 101.5)
    expected = abs(reference - mean) + 2.4 * stdev(map(float, values))
    assert float(found.acceptance_value) == pytest.approx(expected, abs=1e-9)
    assert (found.verdict == "pass") == (expected <= 15 and 90 <= mean <= 110)


def test_weights_reject_and_never_release() -> None:
    good = weight_variation(contents(*[90] * 9, 98), Decimal(90))
    bad = weight_variation(contents(*[90] * 9, "99.1"), Decimal(90))
    assert (good.rejects, bad.rejects) == (False, True)
    for found in (good, bad):
        assert found.is_called == "weight variation, not content uniformity"
    assert "does not release it" in good.reason
    with pytest.raises(InvalidInput, match="9 weights"):
        weight_variation(contents(*[90] * 9), Decimal(90))
