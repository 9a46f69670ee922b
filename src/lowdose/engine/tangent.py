"""A model together with how everything in it moves when a parameter or start moves: its tangent.

For every name ``x`` there is a ``δx``, the derivative of x along one direction. A direction is chosen when the model is
solved: the parameters ``δk`` (0 unless set) say how each parameter moves, ``δ0x`` how each state's start does. What is
added is linear in these, so its matrix is the model's own: a step factorises it once for both.
"""

from __future__ import annotations

from lowdose.engine.expression import Expression, add, derivative
from lowdose.engine.sbml import Description

__all__ = ["slope_name", "start_slope_name", "tangent"]


def slope_name(name: str) -> str:
    """The name of a derivative; no SBML identifier begins like this.

    Examples
    --------
    >>> slope_name("CL")
    'δCL'
    """
    return f"δ{name}"


def start_slope_name(state: str) -> str:
    """The parameter that says how a state's initial value moves.

    Examples
    --------
    >>> start_slope_name("gut")
    'δ0gut'
    """
    return f"δ0{state}"


def tangent(model: Description) -> Description:
    """The model and its tangent as one model; states first, then their slopes in the same order.

    Raises
    ------
    NotDifferentiable
        A formula holds an operator without a derivative.

    Examples
    --------
    >>> model = Description({"x": ("times", "k", "x")}, {"x": 1.0}, {"k": 2.0}, {}, {}, {})
    >>> tangent(model).rates["δx"]
    ('plus', ('times', 'δk', 'x'), ('times', 'δx', 'k'))
    """
    names = {*model.rates, *model.parameters, *model.constants, *model.assigned}

    def slope(formula: Expression) -> Expression:
        return derivative(formula, lambda name: slope_name(name) if name in names else 0.0)

    def with_slopes(formulas: dict[str, Expression]) -> dict[str, Expression]:
        pairs = ((name, slope_name(name), formula) for name, formula in formulas.items())
        return {
            key: value for name, moved, formula in pairs for key, value in ((name, formula), (moved, slope(formula)))
        }

    rates = {slope_name(name): slope(formula) for name, formula in model.rates.items()}
    starts = {slope_name(name): add(slope(formula), start_slope_name(name)) for name, formula in model.initial.items()}
    seeds = {slope_name(name): 0.0 for name in model.parameters}
    seeds |= {start_slope_name(name): 0.0 for name in model.rates}
    return Description(
        rates={**model.rates, **rates},
        initial={**model.initial, **starts},
        parameters={**model.parameters, **seeds},
        constants=with_slopes(model.constants),
        assigned=with_slopes(model.assigned),
        units=dict(model.units),
    )
