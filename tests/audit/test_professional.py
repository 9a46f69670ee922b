"""A named professional is three plain parts, or a clear error."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lowdose.audit import Professional
from lowdose.errors import InvalidInput

PLAIN = st.text(st.characters(categories=["L", "N"], include_characters=" .-'"), min_size=1, max_size=40).filter(
    lambda text: any(character.isalnum() for character in text)
)


@given(PLAIN, PLAIN, PLAIN)
def test_what_is_printed_is_read_back_as_the_same(name, role, registration):
    written = Professional(name, role, registration)
    assert Professional.parse(str(written)) == written
    assert str(written).count("\n") == 0


@given(st.text(max_size=60))
def test_any_text_is_a_professional_or_an_invalid_input(written):
    try:
        found = Professional.parse(written)
    except InvalidInput:
        return
    assert all(part.strip() and part.isprintable() for part in (found.name, found.role, found.registration))


@pytest.mark.parametrize(
    ("written", "says"),
    [
        ("A. Brown, pharmacist", "three parts"),
        ("A. Brown, pharmacist, 1, 2", "three parts"),
        ("", "three parts"),
        (" , pharmacist, 1", "name of the professional is empty"),
        ("A. Brown, , 1", "role of the professional is empty"),
        ("A. Brown, pharmacist, -", "registration of the professional is empty"),
        ("A. Brown\nAPPROVED, pharmacist, 1", "name of the professional holds"),
        ("A. Brown, pharma\u2028cist, 1", "role of the professional holds line separator"),
        ("A. Brown, pharmacist, \u202e1", "registration of the professional holds right-to-left override"),
        ("A. Brown, pharmacist, \x001", "holds"),
        ("A. Brown, pharmacist, " + "1" * 300, "over 200"),
    ],
)
def test_what_is_refused_and_why(written, says):
    with pytest.raises(InvalidInput, match=says):
        Professional.parse(written)


def test_a_comma_cannot_hide_in_a_part():
    with pytest.raises(InvalidInput, match="comma"):
        Professional("Brown, A.", "pharmacist", "1")
