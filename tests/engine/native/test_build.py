"""Whole programs of random formulas, against numpy."""

import random

import numpy as np
import pytest

from lowdose.engine import compiled as module
from lowdose.engine import solve
from lowdose.engine.printing import NUMPY, vector
from lowdose.engine.sbml import Description

NAMES = ("x", "y", "z", "k", "a")
PEOPLE = 24
ONE = ("sin", "cos", "tan", "arcsin", "arccos", "arctan", "sinh", "cosh", "tanh", "arcsinh", "arccosh", "arctanh")
ONE += ("exp", "ln", "log10", "sqrt", "abs", "floor", "ceiling", "factorial", "minus")
EXPONENTS = (-3.0, -1.5, -1.0, -0.5, 0.0, 0.3, 0.5, 1.0, 2.0, 2.5, 7.0, 20.0, "k", "y")


def formula(source, depth):
    if depth == 0 or source.random() < 0.1:
        return source.choice([*NAMES, *NAMES, ("time",), source.choice([-2.0, -1.0, 0.0, 0.5, 1.0, 3.0])])
    match source.randrange(8):
        case 0 | 1:
            return (source.choice(ONE), formula(source, depth - 1))
        case 2:
            return ("power", formula(source, depth - 1), source.choice(EXPONENTS))
        case 3:
            choice = formula(source, depth - 1), condition(source, 2), formula(source, depth - 1)
            return ("piecewise", *choice)
        case _:
            operator = source.choice(["plus", "times", "minus", "divide", "min", "max", "plus", "times"])
            count = source.randint(1, 4) if operator in ("plus", "times") else 2
            return (operator, *(formula(source, depth - 1) for _ in range(count)))


def condition(source, depth):
    match source.randrange(3 if depth else 1):
        case 0:
            leaves = [source.choice([*NAMES, 0.0, 1.0]) for _ in range(2)]
            return (source.choice(["lt", "le", "gt", "ge", "eq", "ne"]), *leaves)
        case 1:
            return ("not", condition(source, depth - 1))
        case _:
            operator = source.choice(["and", "or", "xor"])
            return (operator, *(condition(source, depth - 1) for _ in range(source.randint(1, 3))))


@pytest.mark.parametrize("seed", range(6))
def test_every_formula_has_the_value_numpy_gives_it(monkeypatch, seed):
    source = random.Random(seed)
    formulas = {f"f{number}": formula(source, source.randint(1, 5)) for number in range(60)}
    parameters = dict.fromkeys(["x0", "y0", "z0", "k", "a"], 1.0)
    rates = {"x": 0.0, "y": 0.0, "z": ("times", 0.0, "k")}
    initial = {"x": "x0", "y": "y0", "z": "z0"}
    description = Description(rates, initial, parameters, {}, formulas, dict.fromkeys(formulas, ""))
    monkeypatch.setattr("lowdose.engine.sbml.read", lambda text: description)
    model = module._build("", f"formulas {seed}")
    columns = {
        name: np.array([round(source.uniform(-3.0, 3.0), 1) + 0.0 for _ in range(PEOPLE)]) for name in parameters
    }
    columns["k"][:4] = [0.0, 1.0, -1.0, 2.0]
    time = np.float64(1.25)
    names = {f"{name}_": columns.get(f"{name}0", columns.get(name)) for name in NAMES} | {"t": time}
    nearby = {name: value * (1.0 + 1e-12) for name, value in names.items()}
    compared = 0
    for name, expression in formulas.items():
        found = solve(model, columns, [[]] * PEOPLE, [name], [time]).values[name][:, 0]
        try:
            with np.errstate(all="ignore"):
                right, moved = (
                    np.broadcast_to(eval(vector(expression), {**NUMPY, **values}), PEOPLE).astype(float)
                    for values in (names, nearby)
                )
        except (ArithmeticError, ValueError):  # out of plain numbers alone
            continue
        sound = np.isfinite(right) & np.isclose(right, moved, rtol=1e-9, atol=1e-9)
        compared += int(sound.sum())
        assert found[sound] == pytest.approx(right[sound], rel=1e-8, abs=1e-8), expression
    assert compared > 20 * PEOPLE
