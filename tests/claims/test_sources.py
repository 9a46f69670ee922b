"""Notes in words that mean something outside the source folder."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from lowdose.claims.register import register
from lowdose.claims.sources import OWN_REVIEW, plainly, sources_in


def test_every_note_of_the_register_is_readable_outside_its_folder():
    for claim in register().values():
        said = plainly(claim.note)
        assert not re.search(r"\bS\d\d|pharmacology|this folder", said), claim.id
        assert all(source.title in said for source in sources_in(claim.note)), claim.id
    assert sum(OWN_REVIEW in plainly(claim.note) for claim in register().values()) >= 6


@given(st.text())
def test_text_that_names_no_source_stays_as_it_is(text):
    assert sources_in(text) or "pharmacology" in text or plainly(text) == text


def test_a_number_that_is_no_source_stays():
    assert plainly("S999 and S1") == "S999 and S1"
    assert sources_in("S999") == ()
