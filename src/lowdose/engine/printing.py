"""Expressions printed as Python source, for one moment (`scalar`) or for an array of times (`vector`)."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from lowdose.engine.expression import Expression

__all__ = ["NUMPY", "PLAIN", "local", "scalar", "vector"]


def local(name: str) -> str:
    """The Python name of a model's symbol: never a keyword, a function or a helper.

    Examples
    --------
    >>> local("lambda"), local("t")
    ('lambda_', 't_')
    """
    return f"{name}_"


def scalar(expression: Expression, names: Mapping[Expression, str] | None = None) -> str:
    """Source that computes the expression at one moment; the time is ``t``.

    Parameters
    ----------
    expression : Expression
        What to compute.
    names : mapping of Expression to str, optional
        Expressions already computed, and the names they are found under.

    Examples
    --------
    >>> scalar(("piecewise", "x", ("gt", "x", 0.0), ("power", "y", 2.0)))
    '(x_ if (x_ > 0.0) else (y_*y_))'
    """
    return _print(expression, names or {}, vectorised=False)


def vector(expression: Expression) -> str:
    """Source that computes the expression for arrays of times and states.

    Examples
    --------
    >>> vector(("piecewise", "x", ("gt", "x", 0.0), 0.0))
    'where((x_ > 0.0), x_, 0.0)'
    """
    return _print(expression, {}, vectorised=True)


def _print(expression: Expression, names: Mapping[Expression, str], *, vectorised: bool) -> str:
    if isinstance(expression, bool):
        return repr(expression)
    if isinstance(expression, float):
        return repr(expression) if math.isfinite(expression) else f"({expression})"
    if expression in names:
        return names[expression]
    if isinstance(expression, str):
        return local(expression)
    operator = expression[0]
    if operator == "power" and expression[2] in (2.0, 3.0):
        base = _print(expression[1], names, vectorised=vectorised)
        if base.isidentifier():
            return "(" + "*".join([base] * int(expression[2])) + ")"
    arguments = [_print(part, names, vectorised=vectorised) for part in expression[1:]]
    if operator == "piecewise":
        return _choice(arguments, vectorised=vectorised)
    if operator in _INFIX:
        return _infix(operator, arguments)
    if operator in _LOGIC:
        return _logic(operator, arguments, vectorised=vectorised)
    if operator in ("min", "max"):
        return _fold(operator if not vectorised else operator + "imum", arguments)
    return f"{_FUNCTIONS[operator]}({', '.join(arguments)})" if operator != "time" else "t"


def _infix(operator: str, arguments: Sequence[str]) -> str:
    if len(arguments) == 0:
        return "0.0" if operator == "plus" else "1.0"
    if len(arguments) == 1:
        return f"(-{arguments[0]})" if operator == "minus" else arguments[0]
    return f"({_INFIX[operator].join(arguments)})"


def _logic(operator: str, arguments: Sequence[str], *, vectorised: bool) -> str:
    if not arguments:
        return repr(operator == "and")
    if vectorised:
        return arguments[0] if len(arguments) == 1 and operator != "not" else _fold(f"logical_{operator}", arguments)
    if operator == "not":
        return f"(not {arguments[0]})"
    if operator == "xor":
        return f"(({' + '.join(f'bool({argument})' for argument in arguments)}) % 2 == 1)"
    return f"({f' {operator} '.join(arguments)})"


def _fold(function: str, arguments: Sequence[str]) -> str:
    """A function of two arguments over many."""
    folded = f"{function}({arguments[0]})" if function == "logical_not" else arguments[0]
    for argument in arguments[1:]:
        folded = f"{function}({folded}, {argument})"
    return folded


def _choice(arguments: Sequence[str], *, vectorised: bool) -> str:
    """Values and conditions in turn, the last value unconditional."""
    source = arguments[-1]
    for position in range(len(arguments) - 3, -1, -2):
        value, condition = arguments[position], arguments[position + 1]
        source = f"where({condition}, {value}, {source})" if vectorised else f"({value} if {condition} else {source})"
    return source


_INFIX = {
    "plus": " + ",
    "minus": " - ",
    "times": "*",
    "divide": "/",
    "lt": " < ",
    "le": " <= ",
    "gt": " > ",
    "ge": " >= ",
    "eq": " == ",
    "ne": " != ",
}
_LOGIC = frozenset({"and", "or", "not", "xor"})
_FUNCTIONS = {
    "exp": "exp",
    "ln": "log",
    "log10": "log10",
    "sqrt": "sqrt",
    "power": "pow",
    "abs": "abs",
    "floor": "floor",
    "ceiling": "ceil",
    "factorial": "factorial",
    "sin": "sin",
    "cos": "cos",
    "tan": "tan",
    "arcsin": "asin",
    "arccos": "acos",
    "arctan": "atan",
    "sinh": "sinh",
    "cosh": "cosh",
    "tanh": "tanh",
    "arcsinh": "asinh",
    "arccosh": "acosh",
    "arctanh": "atanh",
}
_ABOVE_REALS = {"nan": math.nan, "inf": math.inf, "bool": bool}


def _factorial(x: Any) -> Any:
    return np.vectorize(lambda value: math.gamma(value + 1.0), otypes=[float])(x)[()]


PLAIN: dict[str, Any] = {
    **_ABOVE_REALS,
    **{name: getattr(math, name) for name in _FUNCTIONS.values() if name not in ("abs", "factorial")},
    "abs": abs,
    "factorial": lambda x: math.gamma(x + 1.0),
    "min": min,
    "max": max,
    "__builtins__": {},
}
"""What the names in scalar source mean with plain floats: fast, and an exception where IEEE has infinity or NaN."""

NUMPY: dict[str, Any] = {
    **_ABOVE_REALS,
    **{
        name: getattr(np, name)
        for name in (
            "exp",
            "log",
            "log10",
            "sqrt",
            "abs",
            "floor",
            "ceil",
            "sin",
            "cos",
            "tan",
            "sinh",
            "cosh",
            "tanh",
            "minimum",
            "maximum",
            "where",
            "logical_and",
            "logical_or",
            "logical_not",
            "logical_xor",
        )
    },
    **{"a" + name: getattr(np, "arc" + name) for name in ("sin", "cos", "tan", "sinh", "cosh", "tanh")},
    "pow": np.power,
    "factorial": _factorial,
    "min": np.minimum,
    "max": np.maximum,
    "__builtins__": {},
}
"""What the same names mean with numpy's numbers and arrays: IEEE infinities and NaNs instead of exceptions."""
