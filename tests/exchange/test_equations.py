"""The equations to read hold every quantity and every number once, in each form."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import pytest

from lowdose.exchange import structure
from lowdose.exchange.equations import FORMS, document, readable, sections
from lowdose.exchange.mathematics import to_mathml
from lowdose.model import hypothesis_names


@pytest.mark.parametrize("name", hypothesis_names())
def test_every_quantity_and_number_stands_once(name):
    model = structure(name)
    found = sections(model)
    quantities = [equation.symbol for section in found for equation in section.equations]
    numbers = [one.symbol for section in found for one in section.numbers]
    assert sorted(quantities) == sorted({**model.description.rates, **model.formulas})
    assert sorted(numbers) == sorted(model.numbers)


@pytest.mark.parametrize("form", FORMS)
def test_each_form_gives_value_unit_grade_and_source_of_every_number(form):
    model = structure()
    text = FORMS[form](model)
    for one in model.numbers.values():
        assert one.symbol in text
    for word in ("0.0222", "1/h", "derived, grade medium, human", "fitted to human PET of Rabiner 2011", "140"):
        assert word in text


def test_a_rate_has_a_prime_and_a_minus_is_one():
    lines = FORMS["text"](structure("effect-site")).splitlines()
    assert "  effect_site_naltrexone′ = ke0 · (naltrexone_free − effect_site_naltrexone)" in lines


def test_fixed_powers_are_raised_and_choices_are_said():
    assert readable(("power", ("plus", "x", 1.0), 2.0)) == "(x + 1)²"
    assert readable(("power", "x", "h")) == "x^h"
    choice = ("piecewise", "x", ("gt", "x", 0.0), 0.0)
    assert readable(choice) == "{x if x > 0; 0 otherwise}"


def test_a_value_the_hypothesis_sets_is_said():
    modules = document(structure("equilibrium-parent"))["modules"]
    told = {one["symbol"]: one for module in modules for one in module["parameters"]}
    assert told["naltrexol_binds"]["value"] == 0.0
    assert told["naltrexol_binds"]["set_by_hypothesis"]
    assert not told["CL"]["set_by_hypothesis"]


def test_mathml_is_well_formed_for_every_equation():
    for section in sections(structure()):
        for equation in section.equations:
            ET.fromstring(to_mathml(equation.symbol, equation.kind == "rate", equation.formula))
    ET.fromstring(to_mathml("x", False, ("piecewise", ("sqrt", "x"), ("lt", "x", -1.0), ("minus", ("plus", "x", "y")))))


def test_html_needs_nothing_from_elsewhere():
    page = FORMS["html"](structure())
    assert "<script" not in page
    assert "<link" not in page
    assert page.count("<math") == sum(len(section.equations) for section in sections(structure()))
