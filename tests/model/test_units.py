"""The two unit checks, and the report of which of them catches what."""

from __future__ import annotations

from pathlib import Path

import libsbml
import pytest
from unit_mutations import FLIPS, MODELS, mutate, quantities, report

from lowdose.model import hypothesis
from lowdose.model.assemble import antimony_text, libsbml_problems, to_sbml
from lowdose.model.units import Unit, check_units

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "unit-check.md"


def test_every_flip_is_caught_and_the_page_says_by_which_check():
    page = report()
    assert "nobody |" in page.splitlines()[5]
    assert all(" nobody" not in line for line in page.splitlines()[6:])
    assert PAGE.read_text(encoding="utf-8") == page, "write it anew: tools/unit_mutations.py"


def test_every_module_is_in_the_report():
    names = {name for model in MODELS for name in quantities(model)}
    page = PAGE.read_text(encoding="utf-8")
    assert all(f"`{name}`" in page for name in names)


@pytest.mark.parametrize(("flip", "wrong"), [("dimension", "3600 second * candela"), ("scale", "1e-3 * 3600 second")])
def test_the_unit_of_time_itself_is_checked(flip, wrong):
    text = antimony_text(hypothesis("effect-site"))
    sbml = to_sbml(text.replace("unit time_unit = 3600 second", f"unit time_unit = {wrong}"))
    assert check_units(sbml)
    assert flip == "scale" or libsbml_problems(sbml)


def test_libsbml_misses_what_the_strict_check_sees():
    slow = "unit time_unit = 3600 second; unit per_second = 1 / second; const k = 1; k has per_second;"
    sbml = to_sbml(f"model m; {slow} unit u = dimensionless; G' = -k * G; G = 1; G has u; end")
    assert not libsbml_problems(sbml)
    assert [problem.rule for problem in check_units(sbml)] == ["G'"]


def test_a_flip_nobody_sees_would_fail(monkeypatch):
    monkeypatch.setitem(FLIPS, "none", (libsbml.UNIT_KIND_DIMENSIONLESS, 0))
    assert mutate("imposed", "day", "none").caught_by == "nobody"


@pytest.mark.parametrize(
    ("expression", "unit", "complaint"),
    [
        ("a + b", "hour", "terms of a sum"),
        ("a^b", "hour", "exponent"),
        ("a * cos(b)", "hour", "argument"),
        ("a^k", "hour", "power that is not a fixed number"),
        ("a", "minute_", "set to"),
    ],
)
def test_complaints_name_the_rule(expression, unit, complaint):
    units = "unit hour = 3600 second; unit minute_ = 60 second; unit u = dimensionless; unit time_unit = 3600 second;"
    known = "const a = 1; a has hour; const b = 1; b has minute_; const k = 2; k has u;"
    sbml = to_sbml(f"model m; {units} {known} x := {expression}; x has {unit}; end")
    (problem,) = check_units(sbml)
    assert problem.rule == "x"
    assert complaint in problem.what


def test_units_are_exact_about_scale():
    assert not Unit(3600.0, {"second": 1.0}).same_as(Unit(60.0, {"second": 1.0}))
    assert (Unit(2.0, {"metre": 2.0}) ** 0.5).same_as(Unit(2.0**0.5, {"metre": 1.0}))
