"""libSBML's formula trees turned into expressions; many functions written in terms of a few."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from functools import cache
from itertools import pairwise
from typing import Any

from lowdose.engine.errors import UnsupportedModel
from lowdose.engine.expression import TIME, Expression, substitute

__all__ = ["to_expression"]


def to_expression(node: Any, functions: Mapping[str, Any], where: str) -> Expression:
    """Turn a libSBML ``ASTNode`` into an expression, with the model's own functions written out.

    Parameters
    ----------
    node : libsbml.ASTNode
        The formula.
    functions : mapping of str to libsbml.FunctionDefinition
        The model's functions.
    where : str
        What the formula belongs to, for errors.

    Raises
    ------
    UnsupportedModel
        The formula uses an operator that is not solved here, such as a delay.

    Examples
    --------
    >>> import libsbml
    >>> to_expression(libsbml.parseL3Formula("root(2, x)"), {}, "an example")
    ('sqrt', 'x')
    """
    if node.isNumber():
        return float(node.getValue())
    kind = node.getType()
    leaves, operators = _tables()
    if kind in leaves:
        leaf = leaves[kind]
        return str(node.getName()) if leaf is None else leaf
    arguments = [to_expression(node.getChild(i), functions, where) for i in range(node.getNumChildren())]
    if node.isUserFunction() and node.getName() in functions:
        return _call(functions[node.getName()], arguments, functions, where)
    if kind not in operators:
        name = node.getName() or node.getOperatorName() or f"AST type {kind}"
        raise UnsupportedModel(
            f"unsupported SBML feature: {name}", where=where, remedy="write the formula without this operator"
        )
    operator = operators[kind]
    return _REWRITTEN[operator](*arguments) if operator in _REWRITTEN else (operator, *arguments)


def _call(definition: Any, arguments: list[Expression], functions: Mapping[str, Any], where: str) -> Expression:
    if definition.getBody() is None:
        raise UnsupportedModel(
            "a function without mathematics", where=f"function {definition.getId()}", remedy="give it a math element"
        )
    body = to_expression(definition.getBody(), functions, where)
    names = [definition.getArgument(i).getName() for i in range(definition.getNumArguments())]
    return substitute(body, dict(zip(names, arguments, strict=True)))


@cache
def _tables() -> tuple[dict[int, Expression | None], dict[int, str]]:
    """What libSBML's node types mean: leaves (None is a name) and operators."""
    import libsbml

    leaves: dict[int, Expression | None] = {
        libsbml.AST_NAME: None,
        libsbml.AST_NAME_TIME: TIME,
        libsbml.AST_NAME_AVOGADRO: 6.02214179e23,
        libsbml.AST_CONSTANT_PI: math.pi,
        libsbml.AST_CONSTANT_E: math.e,
        libsbml.AST_CONSTANT_TRUE: True,
        libsbml.AST_CONSTANT_FALSE: False,
    }
    same = {"PLUS": "plus", "MINUS": "minus", "TIMES": "times", "DIVIDE": "divide", "POWER": "power"}
    operators = {getattr(libsbml, f"AST_{kind}"): name for kind, name in same.items()}
    for name in _PLAIN_FUNCTIONS + tuple(_REWRITTEN_FUNCTIONS):
        operators[getattr(libsbml, f"AST_FUNCTION_{name.upper()}")] = name
    for name in ("eq", "neq", "gt", "lt", "geq", "leq"):
        operators[getattr(libsbml, f"AST_RELATIONAL_{name.upper()}")] = name
    operators[libsbml.AST_FUNCTION_RATE_OF] = "rateOf"  # written out before anything is computed
    for name in ("and", "or", "not", "xor", "implies"):
        operators[getattr(libsbml, f"AST_LOGICAL_{name.upper()}")] = name
    return leaves, operators


def _relation(operator: str) -> Callable[..., Expression]:
    """As in mathematics, a < b < c means a < b and b < c."""

    def chain(*arguments: Expression) -> Expression:
        pairs = [(operator, a, b) for a, b in pairwise(arguments)]
        return pairs[0] if len(pairs) == 1 else ("and", *pairs)

    return chain


def _root(*arguments: Expression) -> Expression:
    degree, x = (2.0, arguments[0]) if len(arguments) == 1 else arguments
    return ("sqrt", x) if degree == 2.0 else ("power", x, ("divide", 1.0, degree))


def _logarithm(*arguments: Expression) -> Expression:
    base, x = (10.0, arguments[0]) if len(arguments) == 1 else arguments
    return ("log10", x) if base == 10.0 else ("divide", ("ln", x), ("ln", base))


def _piecewise(*arguments: Expression) -> Expression:
    """Always with a last, unconditional value: NaN where the model gives none."""
    return ("piecewise", *arguments) if len(arguments) % 2 else ("piecewise", *arguments, math.nan)


def _truncated(x: Expression) -> Expression:
    return ("piecewise", ("floor", x), ("ge", x, 0.0), ("ceiling", x))


def _quotient(x: Expression, y: Expression) -> Expression:
    return _truncated(("divide", x, y))


def _inverse(operator: str) -> Callable[[Expression], Expression]:
    return lambda x: ("divide", 1.0, (operator, x))


def _of_inverse(operator: str) -> Callable[[Expression], Expression]:
    return lambda x: (operator, ("divide", 1.0, x))


_PLAIN_FUNCTIONS = (
    "abs",
    "exp",
    "ln",
    "floor",
    "ceiling",
    "factorial",
    "sin",
    "cos",
    "tan",
    "sinh",
    "cosh",
    "tanh",
    "arcsin",
    "arccos",
    "arctan",
    "arcsinh",
    "arccosh",
    "arctanh",
    "min",
    "max",
)
_REWRITTEN_FUNCTIONS: dict[str, Callable[..., Expression]] = {
    "power": lambda x, y: ("power", x, y),
    "root": _root,
    "log": _logarithm,
    "piecewise": _piecewise,
    "quotient": _quotient,
    "rem": lambda x, y: ("minus", x, ("times", y, _quotient(x, y))),
    "sec": _inverse("cos"),
    "csc": _inverse("sin"),
    "cot": _inverse("tan"),
    "sech": _inverse("cosh"),
    "csch": _inverse("sinh"),
    "coth": _inverse("tanh"),
    "arcsec": _of_inverse("arccos"),
    "arccsc": _of_inverse("arcsin"),
    "arccot": _of_inverse("arctan"),
    "arcsech": _of_inverse("arccosh"),
    "arccsch": _of_inverse("arcsinh"),
    "arccoth": _of_inverse("arctanh"),
}
_REWRITTEN: dict[str, Callable[..., Expression]] = {
    **_REWRITTEN_FUNCTIONS,
    "eq": _relation("eq"),
    "neq": _relation("ne"),
    "gt": _relation("gt"),
    "lt": _relation("lt"),
    "geq": _relation("ge"),
    "leq": _relation("le"),
    "implies": lambda a, b: ("or", ("not", a), b),
}
