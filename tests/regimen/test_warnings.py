"""Doses that are not low are warned of, in the same words everywhere."""

from __future__ import annotations

import pytest

from lowdose.regimen import Regimen

SENTENCE = "not a low dose: possible ten-fold error"


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("45 mg nightly", "did you mean 4.5 mg?"),
        ("30 mg nightly for 2 weeks", "did you mean 3 mg?"),
        ("15 mg once", "did you mean 1.5 mg?"),
        ("10 mg once", "did you mean 1 mg?"),
        ("5 mg once", None),
        ("9.99 mg nightly", None),
        ("50 mg once", "50 mg is the licensed tablet"),
        ("5 mg every 12 hours at 08:00", ""),
        ("100 mg daily", ""),
        ("4.5 mg nightly for 1 week, then 45 mg for 1 week", "did you mean 4.5 mg?"),
    ],
)
def test_ten_milligrams_a_day_or_more(text, hint):
    warnings = Regimen.parse(text).warnings
    if hint is None:
        assert warnings == ()
        return
    (warning,) = warnings
    assert SENTENCE in warning
    assert warning.endswith(hint)
    assert ("did you mean" in warning) == ("did you mean" in hint)


def test_the_same_warning_is_given_once():
    assert len(Regimen.parse("45 mg nightly for 1 week, then 45 mg for 1 week").warnings) == 1
