"""Stiff problems of the literature, against their published end points.

Problems and digits: F. Mazzia & C. Magherini, Test Set for Initial Value Problem Solvers (release 2.4, University of
Bari, 2008), and E. Hairer & G. Wanner, Solving Ordinary Differential Equations II. Each end point was computed again
with SciPy's Radau at a relative tolerance of 1e-12 or less, from formulas written anew; all digits agree to 5e-12.
"""

from itertools import pairwise

import numpy as np
import pytest

from lowdose.engine import compile, solve

ROBERTSON = """
model m
    A = 1; B = 0; C = 0
    A -> B; 0.04*A
    2 B -> B + C; 3e7*B^2
    B + C -> A + C; 1e4*B*C
end
"""

HIRES = """
model m
    y1 = 1; y2 = 0; y3 = 0; y4 = 0; y5 = 0; y6 = 0; y7 = 0; y8 = 0.0057
    y1' = -1.71*y1 + 0.43*y2 + 8.32*y3 + 0.0007
    y2' = 1.71*y1 - 8.75*y2
    y3' = -10.03*y3 + 0.43*y4 + 0.035*y5
    y4' = 8.32*y2 + 1.71*y3 - 1.12*y4
    y5' = -1.745*y5 + 0.43*y6 + 0.43*y7
    y6' = -280*y6*y8 + 0.69*y4 + 1.71*y5 - 0.43*y6 + 0.69*y7
    y7' = 280*y6*y8 - 1.81*y7
    y8' = -280*y6*y8 + 1.81*y7
end
"""

OREGONATOR = """
model m
    s = 77.27; q = 8.375e-6; w = 0.161
    x = 1; x' = s*(y + x*(1 - q*x - y))
    y = 2; y' = (z - (1 + x)*y)/s
    z = 3; z' = w*(x - z)
end
"""

VAN_DER_POL = """
model m
    eps = 1e-6
    y = 2; y' = v
    v = 0; v' = ((1 - y^2)*v - y)/eps
end
"""

_RATES = {
    "1": (0.35, "y1 -> y2 + y3", "y1"),
    "2": (26.6, "y2 + y4 -> y1", "y2*y4"),
    "3": (12300.0, "y5 + y2 -> y6 + y1", "y5*y2"),
    "4": (8.6e-4, "y7 -> 2 y5 + y8", "y7"),
    "5": (8.2e-4, "y7 -> y8", "y7"),
    "6": (15000.0, "y7 + y6 -> y8 + y5", "y7*y6"),
    "7": (1.3e-4, "y9 -> y10 + y8 + y5", "y9"),
    "8": (24000.0, "y9 + y6 -> y11", "y9*y6"),
    "9": (16500.0, "y11 + y2 -> y10 + y12 + y1", "y11*y2"),
    "10": (9000.0, "y11 + y1 -> y13", "y11*y1"),
    "11": (0.022, "y13 -> y11 + y1", "y13"),
    "12": (12000.0, "y10 + y2 -> y14 + y1", "y10*y2"),
    "13": (1.88, "y14 -> y7 + y5", "y14"),
    "14": (16300.0, "y1 + y6 -> y15", "y1*y6"),
    "15": (4.8e6, "y3 -> y4", "y3"),
    "16": (3.5e-4, "y4 -> y16", "y4"),
    "17": (0.0175, "y4 -> y3", "y4"),
    "18": (1e8, "y16 -> 2 y6", "y16"),
    "19": (4.44e11, "y16 -> y3", "y16"),
    "20": (1240.0, "y17 + y6 -> y18 + y5", "y17*y6"),
    "21": (2.1, "y19 -> y2", "y19"),
    "22": (5.78, "y19 -> y1 + y3", "y19"),
    "23": (0.0474, "y1 + y4 -> y19", "y1*y4"),
    "24": (1780.0, "y19 + y1 -> y20", "y19*y1"),
    "25": (3.12, "y20 -> y19 + y1", "y20"),
}
_START = {"y2": 0.2, "y4": 0.04, "y7": 0.1, "y8": 0.3, "y9": 0.01, "y17": 0.007}
POLLUTION = "\n".join(
    [
        "model m",
        *(f"y{i} = {_START.get(f'y{i}', 0)}" for i in range(1, 21)),
        *(f"k{i} = {k}" for i, (k, _, _) in _RATES.items()),
        *(f"{reaction}; k{i}*{law}" for i, (_, reaction, law) in _RATES.items()),
        "end",
    ]
)

PROBLEMS = {
    "Robertson to 40": (ROBERTSON, 40.0, 1e-18, [0.7158270687194, 0.9185534764557e-5, 0.2841637457458]),
    "Robertson to 1e11": (
        ROBERTSON,
        1e11,
        1e-24,
        [0.2083340149701255e-7, 0.8333360770334713e-13, 0.9999999791665050],
    ),
    "HIRES": (
        HIRES,
        321.8122,
        1e-12,
        [
            0.7371312573325668e-3,
            0.1442485726316185e-3,
            0.5888729740967575e-4,
            0.1175651343283149e-2,
            0.2386356198831331e-2,
            0.6238968252742796e-2,
            0.2849998395185769e-2,
            0.2850001604814231e-2,
        ],
    ),
    "Oregonator": (OREGONATOR, 360.0, 1e-10, [0.1000814870318523e1, 0.1228178521549917e4, 0.1320554942846706e3]),
    "Van der Pol": (VAN_DER_POL, 2.0, 1e-10, [0.1706167732170483e1, -0.8928097010247975]),
    "POLLUTION": (
        POLLUTION,
        60.0,
        1e-22,
        [
            0.5646255480022769e-1,
            0.1342484130422339,
            0.4139734331099427e-8,
            0.5523140207484359e-2,
            0.2018977262302196e-6,
            0.1464541863493966e-6,
            0.7784249118997964e-1,
            0.3245075353396018,
            0.7494013383880406e-2,
            0.1622293157301561e-7,
            0.1135863833257075e-7,
            0.2230505975721359e-2,
            0.2087162882798630e-3,
            0.1396921016840158e-4,
            0.8964884856898295e-2,
            0.4352846369330103e-17,
            0.6899219696263405e-2,
            0.1007803037365946e-3,
            0.1772146513969984e-5,
            0.5682943292316392e-4,
        ],
    ),
}


@pytest.fixture(scope="module")
def model_of(make_sbml):
    texts = {text for text, _, _, _ in PROBLEMS.values()}
    models = {text: compile(make_sbml(text, "m")) for text in texts}
    return models.__getitem__


@pytest.mark.parametrize(("rtol", "allowed"), [(1e-6, 1e-4), (1e-9, 1e-6)])
@pytest.mark.parametrize("problem", PROBLEMS)
def test_the_published_end_point(model_of, problem, rtol, allowed):
    text, end, atol, reference = PROBLEMS[problem]
    model = model_of(text)
    solution = solve(model, {}, [[]], model.states, [0.0, end], rtol=rtol, atol=atol)
    assert not solution.failed
    found = [solution.values[state][0, 1] for state in model.states]
    error = np.max(np.abs(np.array(found) / reference - 1.0))
    assert error < allowed
    assert solution.steps[0].sum() < 10_000


@pytest.mark.parametrize("problem", ["HIRES", "Oregonator", "POLLUTION"])
def test_a_smaller_tolerance_gives_a_smaller_error(model_of, problem):
    text, end, atol, reference = PROBLEMS[problem]
    model = model_of(text)
    errors = []
    for rtol in (1e-4, 1e-6, 1e-8, 1e-10):
        values = solve(model, {}, [[]], model.states, [0.0, end], rtol=rtol, atol=1e-2 * atol).values
        found = np.array([values[state][0, 1] for state in model.states])
        errors.append(np.max(np.abs(found / reference - 1.0)))
    assert errors[-1] < 1e-7
    assert all(later < 0.2 * earlier for earlier, later in pairwise(errors))


def test_robertson_keeps_its_mass(model_of):
    times = np.concatenate([[0.0], np.geomspace(1e-6, 1e11, 60)])
    values = solve(model_of(ROBERTSON), {}, [[]], ["A", "B", "C"], times, rtol=1e-7, atol=1e-20).values
    assert values["A"] + values["B"] + values["C"] == pytest.approx(1.0, abs=1e-12)
    assert (np.diff(values["A"][0]) < 0.0).all()
    assert (values["B"][0, 1:] > 0.0).all()
