"""`rateOf` in every place a formula may stand."""

import math

import pytest

from lowdose.engine import Dose, InvalidModel, UnsupportedModel, compile, solve

TIMES = [0.0, 1.0, 2.0]
SYMBOL = '<csymbol encoding="text" definitionURL="http://www.sbml.org/sbml/symbols/rateOf"> rateOf </csymbol>'
RATE_OF = f"<apply>{SYMBOL}<ci> {{}} </ci></apply>"


def run(make_sbml, body, outputs, events=()):
    model = compile(make_sbml(f"model m\n{body}\nend", "m"))
    solution = solve(model, {}, [events], outputs, TIMES, rtol=1e-11)
    assert not solution.failed, solution.details
    return [solution.values[name][0].tolist() for name in outputs]


def near(function):
    return pytest.approx([function(t) for t in TIMES], rel=1e-8, abs=1e-12)


def test_in_a_rule_a_rate_and_at_the_start(make_sbml):
    y, z, s = run(make_sbml, "x = 1; x' = -x; y := rateOf(x); z = 0; z' = rateOf(x); s = rateOf(x)", ["y", "z", "s"])
    assert y == near(lambda t: -math.exp(-t))
    assert z == near(lambda t: math.exp(-t) - 1.0)
    assert s == [-1.0] * 3


def test_of_a_rate_that_uses_a_rate(make_sbml):
    (y,) = run(make_sbml, "x = 1; x' = -x; z = 0; z' = 2*rateOf(x); y := rateOf(z)", ["y"])
    assert y == near(lambda t: -2.0 * math.exp(-t))


def test_of_what_stays(make_sbml):
    assert run(make_sbml, "k = 3; compartment C = 2; y := rateOf(k) + rateOf(C) + 1", ["y"]) == [[1.0] * 3]


def in_a_function(make_sbml, argument):
    """Written by hand: Antimony takes no rateOf of a function's argument."""
    text = make_sbml(f"function f(a)\n 3*a\nend\nmodel m; x = 1; x' = -x; y := f({argument}); end", "m")
    before, _, after = text.rpartition("<ci> a </ci>")
    return before + RATE_OF.format("a") + after


def test_in_a_function(make_sbml):
    solution = solve(compile(in_a_function(make_sbml, "x")), {}, [[]], ["y"], TIMES, rtol=1e-11)
    assert solution.values["y"][0].tolist() == near(lambda t: -3.0 * math.exp(-t))


def test_of_species(make_sbml):
    body = "compartment C = 2; species A in C; substanceOnly species B in C; A = 3; B = 0; J: A -> B; 0.5*A*C"
    a, b, j = run(make_sbml, f"{body}; a := rateOf(A); b := rateOf(B)", ["a", "b", "J"])
    assert a == near(lambda t: -1.5 * math.exp(-0.5 * t))
    assert b == near(lambda t: 3.0 * math.exp(-0.5 * t))
    assert j == near(lambda t: 3.0 * math.exp(-0.5 * t))


def test_of_a_species_in_a_growing_compartment(make_sbml):
    body = "compartment C = 2; C' = 1; species A in C, $B in C; A = 3; B = 4; J: A -> ; 0.5"
    a, b = run(make_sbml, f"{body}; a := rateOf(A); b := rateOf(B)", ["a", "b"])
    assert a == near(lambda t: (-0.5 * (2.0 + t) - (6.0 - 0.5 * t)) / (2.0 + t) ** 2)
    assert b == near(lambda t: -8.0 / (2.0 + t) ** 2)


def test_of_a_local_parameter(make_sbml):
    text = make_sbml("model m; k = 5; species A; A = 1; J: -> A; rateOf(k) + 1; end", "m")
    assert 'id="k"' in text
    local = '<listOfLocalParameters><localParameter id="k" value="5"/></listOfLocalParameters></kineticLaw>'
    solution = solve(compile(text.replace("</kineticLaw>", local)), {}, [[]], ["J"], TIMES)
    assert solution.values["J"].tolist() == [[1.0] * 3]


def test_an_infusion_is_no_part_of_it(make_sbml):
    x, y = run(make_sbml, "x = 1; x' = 0.5; y := rateOf(x)", ["x", "y"], [Dose(0.0, 4.0, "x", rate=2.0)])
    assert x == pytest.approx([1.0, 3.5, 6.0])
    assert y == [0.5] * 3


def test_its_name_is_free(make_sbml):
    assert run(make_sbml, "rate_of_x = 7; x = 1; x' = 2; y := rateOf(x) + rate_of_x", ["y"]) == [[9.0] * 3]


def of_another(make_sbml, body, name):
    """What Antimony does not take: the model with ``spot`` replaced by another name."""
    text = make_sbml(f"model m\nspot = 0; {body}\nend", "m")
    assert "<ci> spot </ci>" in text
    return text.replace("<ci> spot </ci>", f"<ci> {name} </ci>")


@pytest.mark.parametrize(
    ("body", "name", "why"),
    [
        ("z := time", "z", "rateOf z, whose value is assigned"),
        ("compartment C := 1 + time; species A in C; A = 1", "A", "rateOf A, whose compartment is assigned"),
        ("species A; A = 1; J: A -> ; 1", "J", "rateOf J, whose value is assigned"),
    ],
)
def test_of_what_is_assigned_is_refused(make_sbml, body, name, why):
    with pytest.raises(UnsupportedModel, match=why) as caught:
        compile(of_another(make_sbml, f"{body}; y := rateOf(spot)", name))
    assert caught.value.remedy


def test_of_a_formula_is_refused(make_sbml):
    with pytest.raises(UnsupportedModel, match="rateOf a formula"):
        compile(in_a_function(make_sbml, "2*x"))


@pytest.mark.parametrize("body", ["x = 1; x' = rateOf(spot)", "x = 1; z = 1; x' = rateOf(z); z' = 2*rateOf(spot)"])
def test_a_circle_is_refused(make_sbml, body):
    with pytest.raises(InvalidModel, match="circle"):
        compile(of_another(make_sbml, body, "x"))


def test_of_an_unknown_name_is_refused(make_sbml):
    with pytest.raises(InvalidModel, match="'w' has no meaning"):
        compile(of_another(make_sbml, "y := rateOf(spot)", "w"))
