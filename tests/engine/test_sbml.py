import math

import numpy as np
import pytest

from lowdose.engine import InvalidModel, UnsupportedModel, compile, solve


def run(make_sbml, body, outputs, times=(0.0, 1.0), functions=""):
    model = compile(make_sbml(f"{functions}\nmodel m\n{body}\nend", "m"))
    solution = solve(model, {}, [[]], outputs, times, rtol=1e-10)
    assert not solution.failed, solution.details
    return [solution.values[name][0].tolist() for name in outputs]


FORMULAS = {
    "exp(a)": math.exp(0.3),
    "ln(a)": math.log(0.3),
    "log10(a)": math.log10(0.3),
    "log(2, a)": math.log2(0.3),
    "sqrt(a)": math.sqrt(0.3),
    "root(3, a)": 0.3 ** (1 / 3),
    "a^b": 0.3**2.5,
    "abs(-a)": 0.3,
    "floor(b)": 2.0,
    "ceil(b)": 3.0,
    "factorial(4)": 24.0,
    "sin(a) + cos(a) + tan(a)": math.sin(0.3) + math.cos(0.3) + math.tan(0.3),
    "sec(a) + csc(a) + cot(a)": 1 / math.cos(0.3) + 1 / math.sin(0.3) + 1 / math.tan(0.3),
    "asin(a) + acos(a) + atan(a)": math.asin(0.3) + math.acos(0.3) + math.atan(0.3),
    "arcsec(b) + arccsc(b) + arccot(b)": math.acos(0.4) + math.asin(0.4) + math.atan(0.4),
    "sinh(a) + cosh(a) + tanh(a)": math.sinh(0.3) + math.cosh(0.3) + math.tanh(0.3),
    "sech(a) + csch(a) + coth(a)": 1 / math.cosh(0.3) + 1 / math.sinh(0.3) + 1 / math.tanh(0.3),
    "arcsinh(a) + arccosh(b) + arctanh(a)": math.asinh(0.3) + math.acosh(2.5) + math.atanh(0.3),
    "min(b, a, 1)": 0.3,
    "max(b, a, 1)": 2.5,
    "pi + exponentiale": math.pi + math.e,
    "piecewise(1, a > 1, 2, a < b, 3)": 2.0,
    "piecewise(1, a > 1 || b > 2 && !(a == b), 3)": 1.0,
    "rem(7, b) + quotient(7, b)": 2.0 + 2.0,
    "piecewise(1, xor(a > 0, b > 0), 3)": 3.0,
}


@pytest.mark.parametrize("formula", FORMULAS)
def test_functions(make_sbml, formula):
    """As a rule (arrays), in a rate (plain numbers) and at the start, all the same."""
    body = f"a = 0.3; b = 2.5; r := {formula}; x = 0; x' = {formula}; y = {formula}; y' = 0; z' = r + 0*z; z = 0"
    r, x, y, z = run(make_sbml, body, ["r", "x", "y", "z"])
    expected = pytest.approx(FORMULAS[formula], rel=1e-9)
    assert (r[0], x[1], y[0], z[1]) == (expected,) * 4


@pytest.mark.parametrize(
    "formula",
    "exp(x); ln(x); log10(x); sqrt(x); x^2.5; 2^x; x^x; a/x; x/(a + x); sin(x)*cos(x); tan(x); asin(x/9); acos(x/9); "
    "atan(x); sinh(x); cosh(x); tanh(x); arcsinh(x); arccosh(x); arctanh(x/9); abs(x - 5); min(x, a); max(x, a, 2); "
    "piecewise(x^2, x > 1, x); -x; a - x; x*x*x; (x + 1)^3".split("; "),
)
def test_derivatives(make_sbml, formula):
    from lowdose.engine.printing import PLAIN

    model = compile(make_sbml(f"model m; a = 3; x = 1.7; r := {formula}; x' = r*a; end", "m"))
    _, make = model.kernels(PLAIN)
    rates, jacobian = make(tuple(model.parameters.values()), ())
    slope = (rates(0.0, (1.7 + 1e-6,))[0] - rates(0.0, (1.7 - 1e-6,))[0]) / 2e-6
    found = jacobian(0.0, (1.7,))
    assert (found[0] if found else 0.0) == pytest.approx(slope, rel=1e-7, abs=1e-8)


def test_a_factorial_of_a_state_goes_without_jacobian(make_sbml):
    model = compile(make_sbml("model m; x = 1; x' = factorial(x) - x; end", "m"))
    assert model.jacobian is None
    assert not solve(model, {}, [[]], ["x"], [0.0, 1.0]).failed


def test_time_and_nested_functions(make_sbml):
    functions = "function twice(x)\n 2*x\nend\nfunction four(y)\n twice(twice(y))\nend"
    x, r = run(make_sbml, "x = 0; x' = four(time); r := time^2", ["x", "r"], (0.0, 3.0), functions)
    assert x == pytest.approx([0.0, 18.0])
    assert r == [0.0, 9.0]


def test_rules_are_ordered_by_use(make_sbml):
    assert run(make_sbml, "c := b + 1; b := a + 1; a := x; x = 1; x' = 0*c", ["c"]) == [[3.0, 3.0]]


def test_initial_assignments_use_rules_and_each_other(make_sbml):
    y, q = run(make_sbml, "k = 3; r := 2*k; q = r + 1; x = q*2; x' = 0; y := x", ["y", "q"])
    assert (y, q) == ([14.0, 14.0], [7.0, 7.0])


def test_reactions_in_a_compartment(make_sbml):
    body = "compartment cell = 2; species A in cell, B in cell; A = 4; B = 0; k = 0.5; J: 2 A -> B; k*A*cell"
    a, b, rate = run(make_sbml, body, ["A", "B", "J"], np.linspace(0.0, 2.0, 3).tolist())
    assert a == pytest.approx([4.0 * math.exp(-t) for t in (0.0, 1.0, 2.0)])
    assert b == pytest.approx([2.0 - 2.0 * math.exp(-t) for t in (0.0, 1.0, 2.0)])
    assert rate == pytest.approx([4.0 * math.exp(-t) for t in (0.0, 1.0, 2.0)])


def test_a_model_without_states(make_sbml):
    assert run(make_sbml, "k = 2; r := k*time", ["r"]) == [[0.0, 2.0]]


@pytest.mark.parametrize(
    ("body", "feature"),
    [
        ("x = 1; x' = -x; at x < 0.5: x = 1", "events"),
        ("x = 1; x' = delay(x, 1)", "delay"),
    ],
)
def test_unsupported_features_are_named(make_sbml, body, feature):
    with pytest.raises(UnsupportedModel, match=feature) as caught:
        compile(make_sbml(f"model m\n{body}\nend", "m"))
    assert caught.value.remedy


def test_an_algebraic_rule_is_named(make_sbml):
    text = make_sbml("model m; x = 1; y := x; x' = 1; end", "m")
    text = text.replace('<assignmentRule variable="y">', "<algebraicRule>").replace(
        "</assignmentRule>", "</algebraicRule>"
    )
    with pytest.raises(UnsupportedModel, match="algebraic rules"):
        compile(text.replace('id="y" constant="false"', 'id="y" value="1" constant="false"'))


def test_a_circle_is_refused(make_sbml):
    text = make_sbml("model m; a := x + 1; b := a + 1; x = 1; x' = 0*b; end", "m")
    with pytest.raises(InvalidModel):
        compile(text.replace("<ci> x </ci>", "<ci> b </ci>"))
