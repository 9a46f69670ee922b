"""Species in compartments whose size changes; elements that change nothing."""

import math

import numpy as np
import pytest

from lowdose.engine import Dose, Reset, UnsupportedModel, compile, solve

TIMES = [0.0, 1.0, 2.0]


def run(model, outputs, events=()):
    solution = solve(model, {}, [events], outputs, TIMES, rtol=1e-11)
    assert not solution.failed, solution.details
    return [solution.values[name][0].tolist() for name in outputs]


def near(function):
    return pytest.approx([function(t) for t in TIMES], rel=1e-8)


@pytest.mark.parametrize("start", ["A = 3", "A = 6/C", "A = k"])
def test_a_species_thins_as_its_compartment_grows(make_sbml, start):
    model = compile(make_sbml(f"model m; k = 3; compartment C = 2; species A in C; {start}; C' = 0.5*C; end", "m"))
    (a,) = run(model, ["A"])
    assert a == near(lambda t: 3.0 * math.exp(-0.5 * t))


def test_reactions_act_on_amounts(make_sbml):
    body = "compartment C := 2 + time; species A in C, B in C; A = 3; B = 0; J: A -> 2 B; 0.4*A*C"
    model = compile(make_sbml(f"model m; {body}; end", "m"))
    a, b, j = run(model, ["A", "B", "J"])
    assert a == near(lambda t: 6.0 * math.exp(-0.4 * t) / (2.0 + t))
    assert b == near(lambda t: 12.0 * (1.0 - math.exp(-0.4 * t)) / (2.0 + t))
    assert j == near(lambda t: 2.4 * math.exp(-0.4 * t))
    assert model.states == ("amount_of_A", "amount_of_B")


def test_a_dose_and_a_reset_act_on_the_amount(make_sbml):
    model = compile(make_sbml("model m; compartment C = 2; species A in C; A = 3; C' = 1; J: A -> ; 0*A; end", "m"))
    (a,) = run(model, ["A"], [Dose(1.0, 4.0, "amount_of_A"), Reset(2.0)])
    assert a == pytest.approx([3.0, 10.0 / 3.0, 3.0])


def test_amounts_take_no_notice_of_size(make_sbml):
    body = "compartment C = 2; substanceOnly species A in C; A = 3; C' = 1; J: A -> ; 0.4*A"
    (a,) = run(compile(make_sbml(f"model m; {body}; end", "m")), ["A"])
    assert a == near(lambda t: 3.0 * math.exp(-0.4 * t))


def test_a_boundary_species_keeps_its_amount(make_sbml):
    body = "compartment C = 2; species $A in C, B in C; A = 3; B = 0; C' = 1; J: A -> B; A*C"
    a, b = run(compile(make_sbml(f"model m; {body}; end", "m")), ["A", "B"])
    assert a == near(lambda t: 6.0 / (2.0 + t))
    assert b == near(lambda t: 6.0 * t / (2.0 + t))


def test_an_assigned_concentration_stays_assigned(make_sbml):
    body = "compartment C = 2; species $A in C; A := 3*C; C' = 1"
    (a,) = run(compile(make_sbml(f"model m; {body}; end", "m")), ["A"])
    assert a == near(lambda t: 3.0 * (2.0 + t))


def test_an_amount_needs_a_name_of_its_own(make_sbml):
    body = "compartment C = 2; species A in C; A = 3; C' = 1; amount_of_A = 7; J: A -> ; 0*amount_of_A"
    model = compile(make_sbml(f"model m; {body}; end", "m"))
    assert dict(model.parameters) == {"amount_of_A": 7.0}
    assert run(model, ["A"])[0] == near(lambda t: 6.0 / (2.0 + t))


def test_an_amount_in_a_computed_size(make_sbml):
    """Counted in amounts, given as a concentration: the size at the start decides."""
    text = make_sbml("model m; k = 2; compartment C := 3*k; substanceOnly species A in C; A = 5; J: A -> ; 0; end", "m")
    text = text.replace('initialAmount="5"', 'initialConcentration="5"')
    assert run(compile(text), ["A"]) == [[30.0] * 3]


def test_a_conversion_factor_counts(make_sbml):
    body = "compartment C = 2; species A in C; A = 3; C' = 1; f = 10; J: -> A; 0.5"
    text = make_sbml(f"model m; {body}; end", "m").replace('<species id="A"', '<species id="A" conversionFactor="f"')
    (a,) = run(compile(text.replace('id="f" value="10" constant="false"', 'id="f" value="10" constant="true"')), ["A"])
    assert a == near(lambda t: (6.0 + 5.0 * t) / (2.0 + t))


def test_constraints_change_nothing(make_sbml):
    text = make_sbml("model m; x = 1; x' = -x; end", "m")
    math_ml = '<math xmlns="http://www.w3.org/1998/Math/MathML"><apply><gt/><ci> x </ci><cn> 9 </cn></apply></math>'
    constraint = f"<listOfConstraints><constraint>{math_ml}</constraint></listOfConstraints>"
    assert run(compile(text.replace("</model>", f"{constraint}</model>")), ["x"])[0] == near(lambda t: math.exp(-t))


@pytest.mark.parametrize(
    ("element", "where"),
    [
        ('<initialAssignment symbol="k"/>', "InitialAssignments"),
        ('<assignmentRule variable="k"/>', "Rules"),
        ('<rateRule variable="k"/>', "Rules"),
    ],
)
def test_what_has_no_mathematics_is_not_there(make_sbml, element, where):
    text = make_sbml("model m; k = 2; end", "m").replace(
        "</model>", f"<listOf{where}>{element}</listOf{where}></model>"
    )
    assert dict(compile(text).parameters) == {"k": 2.0}


def test_what_cannot_do_without_mathematics_is_refused(make_sbml):
    text = make_sbml("model m; species A; A = 1; J: A -> ; 1; end", "m")
    law = text[text.index("<kineticLaw>") : text.index("</kineticLaw>") + len("</kineticLaw>")]
    for silent in (text.replace(law, "<kineticLaw/>"), text.replace(law, "")):
        with pytest.raises(UnsupportedModel, match="without a kinetic law"):
            compile(silent)
    text = make_sbml("function f(x)\n x\nend\nmodel m; y := f(2); end", "m")
    function = text[text.index('<functionDefinition id="f">') : text.index("</functionDefinition>")]
    with pytest.raises(UnsupportedModel, match="function without mathematics"):
        compile(text.replace(function, '<functionDefinition id="f">'))


def test_the_result_of_many_is_that_of_one(make_sbml):
    body = "compartment C = 2; species A in C; A = 3; C' = k*C; k = 0.5; J: A -> ; k*A*C"
    model = compile(make_sbml(f"model m; {body}; end", "m"))
    together = solve(model, {"k": [0.1, 0.5, 0.9]}, [[]] * 3, ["A"], TIMES).values["A"]
    alone = solve(model, {"k": [0.9]}, [[]], ["A"], TIMES).values["A"]
    assert np.array_equal(together[2], alone[0])


def test_units_of_what_is_counted(make_sbml):
    units = "unit substance = 1e-9 mole; unit volume = litre; compartment C = 2; C' = 1"
    model = compile(make_sbml(f"model m; {units}; species A in C; A = 3; J: A -> ; A; end", "m"))
    assert (model.units["amount_of_A"], model.units["A"]) == ("substance", "substance/litre")


def test_an_algebraic_rule_without_mathematics_is_not_there(make_sbml):
    text = make_sbml("model m; k = 2; end", "m").replace(
        "</model>", "<listOfRules><algebraicRule/></listOfRules></model>"
    )
    assert dict(compile(text).parameters) == {"k": 2.0}


def test_a_rate_rule_is_for_the_concentration_whatever_the_size_does(make_sbml):
    body = "compartment C = 2; species $A in C, B in C; A = 3; A' = 0.5; B = 1; C' = 1; J: A -> B; A*C"
    a, b = run(compile(make_sbml(f"model m; {body}; end", "m")), ["A", "B"])
    assert a == near(lambda t: 3.0 + 0.5 * t)
    assert b == near(lambda t: (2.0 + 6.0 * t + 2.0 * t**2 + t**3 / 6.0) / (2.0 + t))
