"""``rateOf``: the rate of change of a symbol, by a name for the expression that gives it.

It is the model's own rate: what an infusion brings is an event of the solve, and no part of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from lowdose.engine.errors import UnsupportedModel
from lowdose.engine.expression import Expression
from lowdose.engine.species import free_name

__all__ = ["name_rates"]


def name_rates(
    tables: Iterable[dict[str, Expression]], rate: Callable[[str], Expression], taken: set[str]
) -> dict[str, Expression]:
    """Put a name in the place of every ``rateOf``, 0 where nothing changes.

    Parameters
    ----------
    tables : iterable of dict of str to Expression
        Formulas by what they belong to; changed in place.
    rate : callable
        Gives the rate of change of a symbol, 0 for a constant.
    taken : set of str
        Names already in use; the new ones are added.

    Returns
    -------
    dict of str to Expression
        What the new names stand for; that they do not go in a circle is for the caller to see.

    Raises
    ------
    UnsupportedModel
        The rate of something that is not a symbol is asked for.

    Examples
    --------
    >>> assigned = {"y": ("plus", ("rateOf", "x"), ("rateOf", "k"))}
    >>> name_rates([assigned], lambda name: ("minus", "x") if name == "x" else 0.0, {"x", "y", "k"})
    {'rate_of_x': ('minus', 'x')}
    >>> assigned
    {'y': ('plus', 'rate_of_x', 0.0)}
    """
    named: dict[str, str] = {}
    definitions: dict[str, Expression] = {}

    def of(arguments: tuple[Expression, ...]) -> Expression:
        target = arguments[0] if len(arguments) == 1 else ""
        if isinstance(target, float):  # a local parameter, which is a constant
            return 0.0
        if not isinstance(target, str) or not target:
            raise UnsupportedModel("unsupported SBML feature: rateOf a formula", remedy="name one symbol")
        if target in named:
            return named[target]
        formula = rate(target)
        if formula == 0.0:
            return 0.0
        name = named[target] = free_name(f"rate_of_{target}", taken)
        definitions[name] = replaced(formula)
        return name

    def replaced(formula: Expression) -> Expression:
        if not isinstance(formula, tuple):
            return formula
        return of(formula[1:]) if formula[0] == "rateOf" else (formula[0], *map(replaced, formula[1:]))

    for table in tables:
        for name, formula in table.items():
            table[name] = replaced(formula)
    return definitions
