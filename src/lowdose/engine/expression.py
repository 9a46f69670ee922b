"""Mathematics as nested tuples: what a model's formulas are between SBML and the code made from them.

A number is a float (or bool), a symbol a str, anything else a tuple of an operator's name and its arguments. Tuples
hash and compare by structure, which makes common terms easy to find.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeAlias

__all__ = ["CONDITIONS", "TIME", "Expression", "NotDifferentiable", "derivative", "substitute", "symbols", "walk"]

Expression: TypeAlias = "float | bool | str | tuple[Any, ...]"

TIME: Expression = ("time",)
CONDITIONS = frozenset({"lt", "le", "gt", "ge", "eq", "ne", "and", "or", "not", "xor"})


class NotDifferentiable(Exception):
    """No derivative is known for an operator; the caller does without the Jacobian."""


def walk(expression: Expression) -> Iterator[Expression]:
    """The expression and everything in it.

    Examples
    --------
    >>> list(walk(("times", "k", "x")))
    [('times', 'k', 'x'), 'k', 'x']
    """
    yield expression
    if isinstance(expression, tuple):
        for part in expression[1:]:
            yield from walk(part)


def symbols(expression: Expression) -> set[str]:
    """Names used in the expression.

    Examples
    --------
    >>> sorted(symbols(("times", "k", "x")))
    ['k', 'x']
    """
    return {part for part in walk(expression) if isinstance(part, str)}


def substitute(expression: Expression, values: Mapping[str, Expression]) -> Expression:
    """Put ``values`` in the place of names.

    Examples
    --------
    >>> substitute(("times", "k", "x"), {"x": 2.0})
    ('times', 'k', 2.0)
    """
    if isinstance(expression, str):
        return values.get(expression, expression)
    if isinstance(expression, tuple):
        return (expression[0], *(substitute(part, values) for part in expression[1:]))
    return expression


def add(*terms: Expression) -> Expression:
    """A sum without its zeros.

    Examples
    --------
    >>> add("x", 0.0)
    'x'
    """
    kept = [term for term in terms if term != 0.0 or isinstance(term, str)]
    return 0.0 if not kept else kept[0] if len(kept) == 1 else ("plus", *kept)


def multiply(*factors: Expression) -> Expression:
    """A product without its ones; 0 where a factor is 0.

    Examples
    --------
    >>> multiply("x", 1.0), multiply("x", 0.0)
    ('x', 0.0)
    """
    if any(factor == 0.0 for factor in factors):
        return 0.0
    kept = [factor for factor in factors if factor != 1.0]
    return 1.0 if not kept else kept[0] if len(kept) == 1 else ("times", *kept)


def derivative(expression: Expression, rule: Callable[[str], Expression], time: Expression = 0.0) -> Expression:
    """Differentiate; ``rule`` gives the derivative of each symbol (1 for the variable, 0 for a constant).

    ``time`` is the derivative of time itself: 1 to differentiate in time.

    Raises
    ------
    NotDifferentiable
        The expression holds an operator without a derivative here (factorial).

    Examples
    --------
    >>> derivative(("power", "x", 2.0), {"x": 1.0}.get)
    ('times', 2.0, 'x')
    """
    if isinstance(expression, str):
        return rule(expression)
    if not isinstance(expression, tuple):
        return 0.0
    operator, *arguments = expression
    if operator == "time":
        return time
    if operator == "piecewise":
        return _piecewise(arguments, rule, time)
    changes = [derivative(argument, rule, time) for argument in arguments if not _is_condition(argument)]
    if all(change == 0.0 for change in changes):
        return 0.0
    if operator in _STRUCTURAL:
        return _STRUCTURAL[operator](arguments, changes)
    if operator in _CHAIN:
        return multiply(_CHAIN[operator](arguments[0]), changes[0])
    raise NotDifferentiable(operator)


def _is_condition(expression: Expression) -> bool:
    return isinstance(expression, bool) or (isinstance(expression, tuple) and expression[0] in CONDITIONS)


def _piecewise(arguments: list[Expression], rule: Callable[[str], Expression], time: Expression) -> Expression:
    """Differentiate the values, keep the conditions."""
    parts: list[Expression] = []
    for value, condition in zip(arguments[0:-1:2], arguments[1::2], strict=False):
        parts += [derivative(value, rule, time), condition]
    parts.append(derivative(arguments[-1], rule, time))
    return 0.0 if all(value == 0.0 for value in parts[::2]) else ("piecewise", *parts)


def _product(arguments: list[Expression], changes: list[Expression]) -> Expression:
    terms = []
    for position, change in enumerate(changes):
        others = [argument for other, argument in enumerate(arguments) if other != position]
        terms.append(multiply(change, *others))
    return add(*terms)


def _difference(arguments: list[Expression], changes: list[Expression]) -> Expression:
    if len(changes) == 1:
        return ("minus", changes[0])
    first, second = changes
    if second == 0.0:
        return first
    return ("minus", second) if first == 0.0 else ("minus", first, second)


def _quotient(arguments: list[Expression], changes: list[Expression]) -> Expression:
    (top, bottom), (top_change, bottom_change) = arguments, changes
    first: Expression = 0.0 if top_change == 0.0 else ("divide", top_change, bottom)
    if bottom_change == 0.0:
        return first
    second = ("divide", multiply(top, bottom_change), ("power", bottom, 2.0))
    return _difference([], [first, second])


def _power(arguments: list[Expression], changes: list[Expression]) -> Expression:
    (base, exponent), (base_change, exponent_change) = arguments, changes
    by_base: Expression = 0.0
    if base_change != 0.0:
        less: Expression = exponent - 1.0 if isinstance(exponent, float) else ("minus", exponent, 1.0)
        lower: Expression = base if less == 1.0 else 1.0 if less == 0.0 else ("power", base, less)
        by_base = multiply(exponent, lower, base_change)
    by_exponent: Expression = 0.0
    if exponent_change != 0.0:
        grown = multiply(("power", base, exponent), ("ln", base), exponent_change)
        by_exponent = ("piecewise", 0.0, ("eq", base, 0.0), grown)  # 0^n ln 0 is 0 in the limit, not NaN
    return add(by_base, by_exponent)


def _extreme(comparison: str) -> Callable[[list[Expression], list[Expression]], Expression]:
    """The derivative of min or max is that of whichever argument it is."""

    def differentiate(arguments: list[Expression], changes: list[Expression]) -> Expression:
        if len(arguments) == 1:
            return changes[0]
        rest = ("min" if comparison == "le" else "max", *arguments[1:])
        otherwise = differentiate(arguments[1:], changes[1:])
        return ("piecewise", changes[0], (comparison, arguments[0], rest), otherwise)

    return differentiate


_STRUCTURAL: dict[str, Callable[[list[Expression], list[Expression]], Expression]] = {
    "plus": lambda arguments, changes: add(*changes),
    "times": _product,
    "minus": _difference,
    "divide": _quotient,
    "power": _power,
    "min": _extreme("le"),
    "max": _extreme("ge"),
}


def _one_minus_square(x: Expression) -> Expression:
    return ("minus", 1.0, ("power", x, 2.0))


def _square_plus_one(x: Expression) -> Expression:
    return ("plus", ("power", x, 2.0), 1.0)


# Outer derivatives of functions of one argument.
_CHAIN: dict[str, Callable[[Expression], Expression]] = {
    "exp": lambda x: ("exp", x),
    "ln": lambda x: ("divide", 1.0, x),
    "log10": lambda x: ("divide", 1.0 / math.log(10.0), x),
    "sqrt": lambda x: ("divide", 0.5, ("sqrt", x)),
    "sin": lambda x: ("cos", x),
    "cos": lambda x: ("minus", ("sin", x)),
    "tan": lambda x: ("plus", 1.0, ("power", ("tan", x), 2.0)),
    "arcsin": lambda x: ("divide", 1.0, ("sqrt", _one_minus_square(x))),
    "arccos": lambda x: ("divide", -1.0, ("sqrt", _one_minus_square(x))),
    "arctan": lambda x: ("divide", 1.0, _square_plus_one(x)),
    "sinh": lambda x: ("cosh", x),
    "cosh": lambda x: ("sinh", x),
    "tanh": lambda x: ("minus", 1.0, ("power", ("tanh", x), 2.0)),
    "arcsinh": lambda x: ("divide", 1.0, ("sqrt", _square_plus_one(x))),
    "arccosh": lambda x: ("divide", 1.0, ("sqrt", ("minus", ("power", x, 2.0), 1.0))),
    "arctanh": lambda x: ("divide", 1.0, _one_minus_square(x)),
    "abs": lambda x: ("piecewise", 1.0, ("ge", x, 0.0), -1.0),
    "floor": lambda x: 0.0,
    "ceiling": lambda x: 0.0,
}
