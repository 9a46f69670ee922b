"""The vocabulary: every word of it is understood somewhere, and the grammar names what the lexer makes."""

from __future__ import annotations

from importlib.resources import files

import pytest

from lowdose.regimen import Form, Regimen
from lowdose.regimen.forms import SPELLINGS
from lowdose.regimen.words import ADVERBS, PERIODS, UNITS, VOCABULARY


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_every_spelling_of_a_form(spelling):
    assert Regimen.parse(f"1 mg daily for 1 week as {spelling}").form is SPELLINGS[spelling]
    assert Form.read(spelling) is SPELLINGS[spelling]


@pytest.mark.parametrize("form", Form)
def test_every_route_is_read_back(form):
    assert Form.read(form.route) is form


@pytest.mark.parametrize("unit", UNITS)
def test_every_unit(unit):
    assert Regimen.parse(f"2{unit} daily").steps[0].amount_mg == 2 * UNITS[unit]


@pytest.mark.parametrize("period", PERIODS)
def test_every_period(period):
    assert Regimen.parse(
        f"1 mg once, then no dose for 90 {period}" if PERIODS[period].days < 30 else f"1 mg daily for 2 {period}"
    )


@pytest.mark.parametrize("adverb", ADVERBS)
def test_every_adverb(adverb):
    assert Regimen.parse(f"1 mg {adverb} for 12 weeks").steps[0].every == ADVERBS[adverb].every


def test_every_kind_of_word_is_in_the_grammar():
    grammar = (files("lowdose.regimen") / "grammar.lark").read_text(encoding="utf-8")
    declared = grammar.partition("%declare")[2].split()
    assert set(VOCABULARY.values()) - {"AND"} | {"CLOCK"} == set(declared)
