"""How rates change with states and with time: derivatives by the chain rule through assigned names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from lowdose.engine.expression import TIME, Expression, NotDifferentiable, derivative, symbols, walk
from lowdose.engine.sbml import Description

__all__ = ["Slopes", "jacobian", "needed", "slopes_in_time", "varying"]


@dataclass(frozen=True, slots=True)
class Slopes:
    """Derivatives of the rates.

    Attributes
    ----------
    definitions : dict of str to Expression
        What the entries use, in order; ``"C by x"`` is the slope of the assigned ``C`` in the state ``x``.
    entries : dict of (int, int) to Expression
        Nonzero slopes by row and column; for time, the column is 0.
    """

    definitions: dict[str, Expression]
    entries: dict[tuple[int, int], Expression]


def varying(model: Description) -> set[str]:
    """Assigned names into which a state or time enters.

    Examples
    --------
    >>> varying(Description({"x": 1.0}, {"x": 0.0}, {"k": 2.0}, {}, {"y": ("times", "k", "x"), "z": "k"}, {}))
    {'y'}
    """
    found = set(model.rates)
    for name, formula in model.assigned.items():
        if any(part == TIME or (isinstance(part, str) and part in found) for part in walk(formula)):
            found.add(name)
    return found - set(model.rates) - set(model.parameters) - set(model.constants)


def needed(results: Iterable[Expression], definitions: Mapping[str, Expression]) -> dict[str, Expression]:
    """The definitions that results use, directly or not, in their order.

    Examples
    --------
    >>> needed(["y"], {"x": 1.0, "y": "x", "z": 2.0})
    {'x': 1.0, 'y': 'x'}
    """
    wanted: set[str] = set().union(*(symbols(result) for result in results))
    for name in reversed(list(definitions)):
        if name in wanted:
            wanted |= symbols(definitions[name])
    return {name: formula for name, formula in definitions.items() if name in wanted}


def jacobian(model: Description, moving: Mapping[str, Expression], unknown: float | None = None) -> Slopes:
    """Derivatives of the rates in the states.

    Parameters
    ----------
    model : Description
        With states, rates and assigned names.
    moving : mapping of str to Expression
        The assigned names that vary and that rates use, in order.
    unknown : float, optional
        What a slope that no rule gives counts as; an error when left out.

    Raises
    ------
    NotDifferentiable
        A formula holds an operator without a derivative.

    Examples
    --------
    >>> model = Description({"x": ("times", "k", "x")}, {"x": 1.0}, {"k": 2.0}, {}, {}, {})
    >>> jacobian(model, {}).entries
    {(0, 0): 'k'}
    """
    columns = {state: column for column, state in enumerate(model.rates)}
    reached: dict[str, set[str]] = {state: {state} for state in model.rates}
    definitions = dict(moving)
    total: dict[tuple[str, str], Expression] = {}

    def states_in(formula: Expression) -> list[str]:
        found: set[str] = set().union(*(reached.get(name, set()) for name in symbols(formula)))
        return sorted(found, key=columns.__getitem__)

    def along(state: str, formula: Expression) -> Expression:
        try:
            return derivative(formula, lambda name: 1.0 if name == state else total.get((name, state), 0.0))
        except NotDifferentiable:
            if unknown is None:
                raise
            return unknown

    for name, formula in moving.items():
        reached[name] = set()
        for state in states_in(formula):
            slope = along(state, formula)
            if isinstance(slope, tuple):
                symbol = f"{name} by {state}"
                definitions[symbol], slope = slope, symbol
            if slope != 0.0:
                total[name, state] = slope
                reached[name].add(state)
    entries = {}
    for row, formula in enumerate(model.rates.values()):
        for state in states_in(formula):
            entry = along(state, formula)
            if entry != 0.0:
                entries[row, columns[state]] = entry
    return Slopes(needed(entries.values(), definitions), entries)


def slopes_in_time(model: Description, moving: Mapping[str, Expression]) -> Slopes:
    """Derivatives of the rates in time while the states stand still; 0 where no rule gives one.

    Examples
    --------
    >>> model = Description({"x": ("times", 3.0, ("time",))}, {"x": 1.0}, {}, {}, {}, {})
    >>> slopes_in_time(model, {}).entries
    {(0, 0): 3.0}
    """
    definitions = dict(moving)
    total: dict[str, Expression] = {}

    def along(formula: Expression) -> Expression:
        try:
            return derivative(formula, lambda name: total.get(name, 0.0), time=1.0)
        except NotDifferentiable:
            return 0.0

    for name, formula in moving.items():
        slope = along(formula)
        if isinstance(slope, tuple):
            symbol = f"{name} by time"
            definitions[symbol], slope = slope, symbol
        total[name] = slope
    slopes = [along(formula) for formula in model.rates.values()]
    entries = {(row, 0): slope for row, slope in enumerate(slopes) if slope != 0.0}
    return Slopes(needed(entries.values(), definitions), entries)
