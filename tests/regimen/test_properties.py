"""What holds for every regimen, and for every text."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from hypothesis import assume, example, given
from hypothesis import strategies as st

from lowdose.errors import InvalidInput
from lowdose.regimen import Regimen

from .strategies import texts

#: The first example also builds the parser.
ALLOWED = ("more than 150 mg", "is missed", "after the last")


def refusal_of(read: Callable[[Any], Regimen], value: Any) -> InvalidInput | None:
    """What ``read`` refuses; anything else that it raises is a bug."""
    try:
        read(value)
    except InvalidInput as problem:
        return problem
    return None


def accepted(text: str) -> Regimen:
    """The regimen of a generated text; texts refused for their sums or days are put aside."""
    problem = refusal_of(Regimen.parse, text)
    assert problem is None or any(reason in problem.what for reason in ALLOWED)
    assume(problem is None)
    return Regimen.parse(text)


@given(texts())
def test_canonical_text_reads_back_the_same(text):
    regimen = accepted(text)
    assert Regimen.parse(regimen.canonical) == regimen
    assert Regimen.parse(regimen.canonical).canonical == regimen.canonical


@given(texts())
def test_canonical_text_has_no_trailing_zero_and_no_naked_point(text):
    canonical = accepted(text).canonical
    assert not re.search(r"\.[0-9]*0(?![0-9])", canonical)
    assert not re.search(r"(?<![0-9])\.|\.(?![0-9])", canonical)
    assert not re.search(r"\b0\.[0-9]+ mg", canonical)


@given(texts())
def test_the_dictionary_reads_back_the_same(text):
    regimen = accepted(text)
    assert Regimen.from_dict(regimen.to_dict()) == regimen


@given(texts())
@example("0.01 mg every morning for 1 week, then 0.01 mg at bedtime for 1 minute, then 0.01 mg for 1 week")
def test_rows_read_back_the_same_doses(text):
    regimen = accepted(text)
    first = next(iter(regimen.doses)).hours
    assume(first == 0)
    clock = f"{regimen.steps[0].clock:%H:%M}"
    again = Regimen.from_rows(regimen.to_rows(), clock)
    assert again.doses == regimen.doses
    assert Regimen.parse(again.canonical) == again


@given(texts())
def test_doses_are_in_order_and_inside(text):
    regimen = accepted(text)
    hours = [dose.hours for dose in regimen.doses]
    every = sorted(hours + [dose.hours for dose in regimen.missed])
    assert hours == sorted(set(hours))
    assert every[0] == 0
    assert every == sorted(set(every))
    assert every[-1] < regimen.duration_hours


@given(texts(), st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1)))
def test_the_first_dose_is_soon_after_the_start(text, when):
    regimen = accepted(text)
    try:
        dated = regimen.starting(when)
    except InvalidInput:  # another time of day can gather too much, or everything, on one calendar day
        assume(False)
    limit = timedelta(minutes=1) if regimen.clock_assumed else timedelta(days=1)
    assert timedelta(0) <= dated.first_dose - when < limit
    assert dated.first_dose.time() == dated.regimen.steps[0].clock


_WORDS = st.sampled_from(
    "4.5 mg micrograms nightly every 12 hours at 22:00 for weeks then once as cream capsule missing days 3 - , . / "
    "0 -1 other bedtime a twice 3x no dose x µg 1e9 ٣ ½ \x00 then".split(" ")
)


@given(st.one_of(st.text(), st.lists(_WORDS).map(" ".join), st.lists(_WORDS).map("".join)))
@example("4.5 mg nightly for 99999999999 years")
@example("1 mg every 99999999999 weeks for 9 weeks")
@example("1 mg daily missing days 1-999999999999")
@example("1 mg daily missing days 1-3-5")
@example("²mg daily")
@example("1 mg 999999999999 times a day")
@example("İ mg nightly")
@example("missing")
@example("1 mg nightly for every week")
def test_any_text_is_understood_or_refused(text):
    problem = refusal_of(Regimen.parse, text)
    if problem is None:
        regimen = Regimen.parse(text)
        assert Regimen.parse(regimen.canonical) == regimen
    else:
        assert problem.what
        assert problem.where
        assert problem.remedy


_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | _WORDS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=5,
)
_STEP = st.fixed_dictionaries(
    {},
    optional=dict.fromkeys(["amount", "how_often", "at", "for", "days", "form"], _VALUES),
)


@given(
    st.fixed_dictionaries(
        {"schema": st.just("lowdose.regimen/1"), "steps": st.lists(_STEP)},
        optional={"missing_days": _VALUES, "form": _VALUES},
    )
)
def test_any_dictionary_is_understood_or_refused(data):
    problem = refusal_of(Regimen.from_dict, data)
    assert problem is None or problem.remedy


@given(
    st.lists(
        st.dictionaries(
            st.sampled_from(["TIME", "AMT", "II", "ADDL", "EVID", "CMT", "ID", "RATE"]),
            st.none() | st.integers() | st.floats() | st.sampled_from(["0", "24", "1", "4.5", "cream", "1e400", "x"]),
        ),
        max_size=4,
    )
)
def test_any_rows_are_understood_or_refused(rows):
    problem = refusal_of(Regimen.from_rows, rows)
    assert problem is None or problem.remedy
