"""An interpreter of graphs, in numpy."""

import math

import numpy as np
import pytest

COMPARE = {"lt": np.less, "le": np.less_equal, "gt": np.greater, "ge": np.greater_equal, "eq": np.equal}
COMPARE["ne"] = np.not_equal
FUNCTIONS = {"ln": np.log, "arctan": np.arctan, "min": np.minimum, "max": np.maximum, "power": np.power}
FUNCTIONS |= {name: getattr(np, name) for name in ("exp", "log10", "sqrt", "abs", "sin", "cos", "tanh", "floor")}
BINARY = {"add": np.add, "subtract": np.subtract, "multiply": np.multiply}
BINARY |= {"and": np.logical_and, "or": np.logical_or, "xor": np.logical_xor}


def compute(graph, inputs):
    values = []
    for operation, *arguments in graph.nodes:
        if operation == "number":
            values.append(math.nan if arguments[0] == "nan" else float.fromhex(arguments[0]))
        elif operation == "truth":
            values.append(arguments[0])
        elif operation == "input":
            values.append(inputs[tuple(arguments)])
        elif operation in ("call", "compare"):
            table = FUNCTIONS if operation == "call" else COMPARE
            values.append(table[arguments[0]](*(np.float64(values[node]) for node in arguments[1:])))
        else:
            parts = [np.float64(values[node]) for node in arguments]
            if operation in BINARY:
                values.append(BINARY[operation](*parts))
            elif operation == "negate":
                values.append(-parts[0])
            elif operation in ("reciprocal", "pivot"):
                values.append(1.0 / parts[0])
            elif operation == "not":
                values.append(not parts[0])
            elif operation == "select":
                values.append(parts[1] if parts[0] else parts[2])
            else:
                usual, base, exponent = parts
                values.append(np.power(base, exponent) if base < 0.0 or usual != usual else usual)
    return values


@pytest.fixture(scope="session")
def computed():
    """``computed(graph, inputs)``: every node's value, in order; ``inputs`` by (space, row)."""
    return compute
