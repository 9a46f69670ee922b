"""The text of consent: it can be read and signed before there is a plan, and no dose stands in it."""

from __future__ import annotations

from datetime import date

import pytest

from lowdose.audit import NOT_APPROVED
from lowdose.errors import NotFound
from lowdose.evidence.records.registry import registry
from lowdose.pharmacy.amounts.exact import plain
from lowdose.plan import NotPlannable, protocols
from lowdose.report.paper.consent import consent_before_plan, consent_sheet
from lowdose.report.paper.sheet import states_amount
from tests.report.paper.examples import draft
from tests.report.paper.reading import read, words

TODAY = date(2026, 11, 22)
PLANNABLE = [one for one in protocols() if one.is_plannable]


def amounts(one):
    """Every number of mg that a protocol has."""
    parts = ("start_mg", "step_mg", "ceiling_mg", "per_kg_mg")
    found = [getattr(scheme, part) for scheme in one.schemes.values() for part in parts]
    numbers = [number for quantity in found if quantity for number in (quantity.low, quantity.high)]
    return {plain(number) for number in numbers if number is not None}


@pytest.mark.parametrize(
    ("one", "condition"),
    [*((one, None) for one in PLANNABLE), *((PLANNABLE[0], name) for name in registry().conditions)],
    ids=lambda value: getattr(value, "id", value),
)
def test_no_dose_of_a_protocol_stands_in_the_text_before_a_plan(one, condition):
    sheet = consent_before_plan(one, made=TODAY, condition=condition)
    for said in sheet.words():
        assert not states_amount(said)
        assert not any(f"{amount} mg" in said or f"{amount} milligram" in said for amount in amounts(one))
    assert sheet.approval is None


def test_it_is_the_text_of_the_plan_with_lines_for_the_person():
    before, planned = consent_before_plan(PLANNABLE[0], made=TODAY), consent_sheet(draft())
    assert before.blocks[-12:] == planned.blocks[-12:]
    said = words(read(before).pages)
    assert "What I agree to" in said
    assert "STD-1.5" in said
    assert NOT_APPROVED in said
    assert str(TODAY.year) in said


@pytest.mark.parametrize("name", ["FINAL", "BC", "GRID", "TAPER-VLD"])
def test_no_consent_to_what_nobody_can_start(name):
    with pytest.raises(NotPlannable):
        consent_before_plan(next(one for one in protocols() if one.id == name), made=TODAY)


def test_a_condition_that_there_is_not():
    with pytest.raises(NotFound):
        consent_before_plan(PLANNABLE[0], made=TODAY, condition="nonsense")
