"""The leaflet: a patient calls first, in a patient's words, and is told nothing that holds for another plan."""

from __future__ import annotations

import re

import pytest

from lowdose.plan import approve, make_plan, protocols
from lowdose.plan.saying.guidance import advice, side_effects
from lowdose.report.paper.blocks import Blanks, Table
from lowdose.report.paper.leaflet import leaflet_sheet
from lowdose.report.paper.patient_words import patient_words
from lowdose.safety import rule, rule_set
from tests.plan.people import BY, MADE, START, real, somebody
from tests.report.paper.examples import AT
from tests.report.paper.reading import read, sizes, squeezed, words

STANDARD, ONE_DOSE = "standard", "IBS-ULD"
THYROID = {"meds__list": [{"name": "levothyroxine", "active": True}], "pro__phq9_total": 11, "lab__egfr": 50}
LEAST = 14.0


def leaflet(name, **changed):
    plan = make_plan(name, start=START, patient=somebody(**changed), on=MADE) if changed else real(name)
    return leaflet_sheet(approve(plan, BY, AT))


def said(name, **changed):
    return words(read(leaflet(name, **changed)).pages)


def test_whoever_does_not_feel_well_calls_first_and_goes_back_to_no_dose():
    for name in (STANDARD, ONE_DOSE):
        text = said(name)
        assert "Call us before you change anything." in text
        assert "gets in the way of your day and lasts more than 3 days, call us" in text
        assert not re.search(r"[Bb]ack to the|last dose that suited|lower dose|dose before", text)


def test_a_plan_of_one_dose_speaks_of_no_other():
    text = said(ONE_DOSE)
    assert not re.search(r"go up|next dose|new dose|higher|sooner", text)
    assert "stay at the dose you take and call us. Do not go up on the next date." in said(STANDARD)


def test_there_are_lines_for_the_numbers_to_call():
    blanks = [block for block in leaflet(STANDARD).blocks if isinstance(block, Blanks)]
    assert [one.names for one in blanks] == [("In the day", "At night and at weekends")]
    for name in (STANDARD, "HPI-0.5", ONE_DOSE):
        (page,) = [
            page for page in map(words, ([page] for page in read(leaflet(name)).pages)) if "Our numbers:" in page
        ]
        assert "If you do not feel well Call us before you change anything." in page
        assert "At night and at weekends" in page


def test_the_signs_of_too_much_thyroid_hormone_are_told_to_those_who_take_it_alone():
    signs = "A racing heart, feeling hot, shaking, or losing weight."
    assert signs in said(STANDARD, **THYROID)
    assert "Do not change the thyroid tablet on your own." in said(STANDARD, **THYROID)
    assert signs not in said(STANDARD)


@pytest.mark.parametrize("name", [one.id for one in protocols() if one.standing == "plan"])
def test_no_word_is_a_clinicians(name):
    text = said(name)
    for foreign in ("LDN", "hepatitis", "Opioid started", "Titrat", "PHQ", "eGFR", "TSH", "ALT", "step down", "target"):
        assert foreign not in text


def test_every_rule_of_the_advice_and_every_side_effect_has_words_or_a_reason():
    told = {rule for one in patient_words().every for rule in one.rules}
    every = {one.rule for one in advice({one.id for one in rule_set().rules})}
    assert told | set(patient_words().kept_for) == every
    assert not told & set(patient_words().kept_for)
    named = [name for one in patient_words().every for name in one.effects]
    assert set(named) == {effect.name for effect in side_effects()}


@pytest.mark.parametrize("one", patient_words().every, ids=lambda one: one.rules[0])
def test_no_number_is_told_that_its_rule_does_not_have(one):
    rules = [rule(name) for name in one.rules]
    source = " ".join(f"{each.title} {each.text} {each.patient_text}" for each in rules)
    assert set(re.findall(r"\d+", f"{one.notices} {one.does}")) <= set(re.findall(r"\d+", source))


@pytest.mark.parametrize("changed", [{}, THYROID], ids=["healthy", "many rules"])
@pytest.mark.parametrize("name", [STANDARD, "HPI-0.5", ONE_DOSE])
def test_it_keeps_its_pages_in_large_type(name, changed):
    sheet = leaflet(name, **changed)
    assert len(read(sheet).pages) <= sheet.pages == 4
    text = max(sizes(sheet).items(), key=lambda one: len(one[1]))
    assert text[0] >= LEAST
    assert "Dark urine" in text[1]


@pytest.mark.parametrize("name", [STANDARD, "HPI-0.5", "THY-0.25", ONE_DOSE])
def test_no_row_of_a_table_stands_alone_and_a_table_that_goes_on_overleaf_says_so(name):
    sheet = leaflet(name)
    pages = [squeezed(words([page])) for page in read(sheet).pages]
    for table in (block for block in sheet.blocks if isinstance(block, Table)):
        rows = ["".join(map(squeezed, row[:2])) for row in table.rows]
        parts = [sum(row in page for row in rows) for page in pages]
        assert sum(parts) == len(rows)
        at = [place for place, count in enumerate(parts) if count]
        assert all(parts[place] > 1 for place in at) or len(rows) == 1
        said = [place for place, page in enumerate(pages) if squeezed(table.overleaf) in page]
        assert said == at[:-1]
