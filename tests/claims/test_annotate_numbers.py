"""Quantities in words and figures, and when two agree."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lowdose.claims.annotate.agreement import agrees, registered
from lowdose.claims.annotate.numbers import quantities


def kinds(text: str) -> list[tuple[str, float, float]]:
    return [(one.kind, round(one.low, 3), round(one.high, 3)) for one in quantities(text)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("96 people with MS", ("n", 96, 96)),
        ("forty-two patients", ("n", 42, 42)),
        ("one hundred and twenty-seven people", ("n", 127, 127)),
        ("n = 60", ("n", 60, 60)),
        ("130 heavy-drinking smokers", ("n", 130, 130)),
        ("ten thousand people", ("n", 10_000, 10_000)),
        ("smokers, 30 of them", ("n", 30, 30)),
        ("30% responded", ("percent", 30, 30)),
        ("nine per cent", ("percent", 9, 9)),
        ("two-thirds improved", ("percent", 66.667, 66.667)),
        ("a quarter of the children", ("percent", 25, 25)),
        ("4.5mg patch", ("mg", 4.5, 4.5)),
        ("50 \u2013 100 mg/day", ("mg", 50, 100)),
        ("between 1.5 and 5 mg", ("mg", 1.5, 5)),
        ("250 micrograms", ("mg", 0.25, 0.25)),
        ("half a milligram", ("mg", 0.5, 0.5)),
        ("a couple of hours", ("hours", 2, 3)),
        ("45 minutes", ("hours", 0.75, 0.75)),
        ("an 8-week course", ("span", 56, 56)),
        ("10 days to 2 weeks", ("span", 10, 14)),
        ("two more years", ("span", 730.5, 730.5)),
        ("in the 60s", ("year", 1960, 1969)),
        ("in the nineties", ("year", 1990, 1999)),
        ("in 1985, while", ("year", 1985, 1985)),
        ("it tripled", ("factor", 3, 3)),
        ("5-fold the dose", ("factor", 5, 5)),
        ("three times as many", ("factor", 3, 3)),
        ("1/10th of the typical dose", ("fraction", 0.1, 0.1)),
        ("a tenth of the dose", ("fraction", 0.1, 0.1)),
        ("11 out of 15 people", ("ratio", 11, 15)),
        ("between 9 and 12 pm", ("clock", 9, 12)),
        ("three hormones", ("count", 3, 3)),
    ],
)
def test_a_quantity_is_read(text: str, found: tuple[str, float, float]) -> None:
    assert found in kinds(text)


@pytest.mark.parametrize("text", ["three times a day", "marks [6, 7]", "one of them helps", "the second half-life"])
def test_what_is_no_quantity_of_a_kind(text: str) -> None:
    assert not {"factor", "n", "percent"} & {kind for kind, _, _ in kinds(text)}


@pytest.mark.parametrize(
    ("claim", "text", "same"),
    [
        ({"mg": "3-5"}, "4 mg", True),
        ({"mg": "3-5"}, "3 to 5 mg", True),
        ({"mg": "3-5"}, "6 mg", False),
        ({"mg": "1.5-5"}, "between 2 and 8 mg", False),
        ({"span": "8 weeks"}, "two months", True),
        ({"span": "9 months"}, "12 weeks", False),
        ({"percent": 76}, "three quarters", True),
        ({"percent": 76}, "67%", False),
        ({"year": "1960s"}, "in 1963", True),
        ({"year": "1960s"}, "in the 70s", False),
        ({"year": 1985}, "in the 80s", True),
        ({"hours": 3}, "2 to 4 hours", True),
        ({"ratio": "11/15"}, "11 of 15", True),
        ({"ratio": "11/15"}, "9 of 15", False),
        ({"factor": [3, 4]}, "fourfold", True),
    ],
)
def test_agreement(claim: dict[str, object], text: str, same: bool) -> None:
    (number,) = registered(claim)
    said = [one for one in quantities(text) if one.kind == number.kind]
    assert [agrees(number, one) for one in said] == [same]


@given(st.integers(2, 999), st.sampled_from([("mg", "mg"), ("hours", "hours"), ("percent", "%"), ("n", "people")]))
def test_a_number_agrees_with_itself_and_not_with_its_double(value: int, unit: tuple[str, str]) -> None:
    kind, word = unit
    (number,) = registered({kind: value})
    (said,) = (one for one in quantities(f"{value} {word}") if one.kind == kind)
    (double,) = (one for one in quantities(f"{2 * value} {word}") if one.kind == kind)
    assert agrees(number, said)
    assert not agrees(number, double)


@given(st.text(max_size=200))
def test_any_text_is_read(text: str) -> None:
    assert all(one.low <= one.high or one.kind in ("year", "mg", "clock") for one in quantities(text))


@pytest.mark.parametrize("text", ["0 of 0 patients", "none: 0/0", "0 in 0"])
def test_nobody_of_nobody_is_no_share(text: str) -> None:
    assert not {"ratio", "percent"} & {kind for kind, _, _ in kinds(text)}
