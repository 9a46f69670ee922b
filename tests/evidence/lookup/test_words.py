"""Words compared as people type them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lowdose.errors import NotFound
from lowdose.evidence.lookup.words import alike, near, one_of, plain


@given(st.text(max_size=40))
def test_plain_text_is_plain_already(text):
    assert plain(plain(text)) == plain(text)
    assert plain(text.upper()) == plain(plain(text).upper())


@given(st.text(alphabet="abcdefghij", min_size=4, max_size=7), st.data())
def test_one_slip_is_forgiven_in_a_word_of_four_letters_or_more(word, data):
    at = data.draw(st.integers(0, len(word) - 1))
    wrong = word[:at] + "z" + word[at + 1 :]
    assert word in alike(wrong, {word: 1.0})


@pytest.mark.parametrize(("word", "other"), [("abc", "abd"), ("pain", "gait"), ("crohn", "croup"), ("=pain", "pain")])
def test_other_words_are_not_alike(word, other):
    assert alike(word, {other: 1.0}) == {}


def test_itself_before_a_beginning_before_a_slip():
    known = {"sleep": 1.0, "sleepiness": 1.0, "sheep": 1.0}
    assert alike("sleep", known) == {"sleep": 1.0}
    assert set(alike("slee", known)) == {"sleep", "sleepiness"}
    assert set(alike("sleap", known)) == {"sleep"}


def test_few_names_are_listed_and_many_are_not():
    with pytest.raises(NotFound, match="known: a1, b2"):
        one_of("thing", "zzzz", {"a1": "a1", "b2": "b2"})
    with pytest.raises(NotFound, match="none of the 60 is spelt like it"):
        one_of("thing", "????", {f"q{n}": f"q{n}" for n in range(60)})


def test_the_nearest_stands_first_and_at_most_three():
    found = near("clonidin", {"clonidine": "clonidine", "morphine": "morphine", "codeine": "codeine"})
    assert found == ("clonidine",)
    assert len(near("abcd", {f"abc{n}": str(n) for n in range(9)})) == 3
