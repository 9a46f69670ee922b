"""What a species' symbol stands for: an amount, or a concentration in a compartment whose size may change.

Where the size stays, a concentration is a state like any other. Where a rule changes it, reactions and doses act on
the amount, which is a state of its own, and the concentration is assigned: the amount by the size of the moment. So
it thins as the compartment grows, reactions or not. A rate rule for a concentration gives the rate of the concentration
itself, whatever the size does: such a concentration is a state.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from lowdose.engine.expression import Expression

__all__ = ["free_name", "initial_amount", "initial_value", "is_amount"]


def is_amount(model: Any, species: Any) -> bool:
    """Whether the species' symbol is an amount: said so, or its compartment is a point.

    Examples
    --------
    >>> import libsbml
    >>> model = libsbml.Model(3, 2)
    >>> place, species = model.createCompartment(), model.createSpecies()
    >>> _ = place.setId("cell"), species.setCompartment("cell"), place.setSpatialDimensions(3)
    >>> is_amount(model, species)
    False
    """
    place = model.getCompartment(species.getCompartment())
    return bool(species.getHasOnlySubstanceUnits() or place.getSpatialDimensionsAsDouble() == 0.0)


def initial_value(species: Any, *, amount: bool, size: float, computed: bool) -> tuple[float, Expression | None]:
    """What the species' symbol means at the start, by its attributes.

    Parameters
    ----------
    species : libsbml.Species
        Gives an amount, a concentration or neither.
    amount : bool
        Whether its symbol is an amount.
    size : float
        Of its compartment, as the model gives it.
    computed : bool
        Whether a formula sets that size at the start.

    Returns
    -------
    value : float
        NaN where the model gives none.
    formula : Expression or None
        To be used instead of the value, where the size it rests on is computed.

    Examples
    --------
    >>> import libsbml
    >>> species = libsbml.Species(3, 2)
    >>> _ = species.setCompartment("cell"), species.setInitialAmount(6.0)
    >>> initial_value(species, amount=False, size=2.0, computed=True)
    (3.0, ('divide', 6.0, 'cell'))
    """
    place = species.getCompartment()
    if species.isSetInitialAmount():
        number = float(species.getInitialAmount())
        if amount:
            return number, None
        return number / size if size else math.nan, ("divide", number, place) if computed else None
    if not species.isSetInitialConcentration():
        return math.nan, None
    number = float(species.getInitialConcentration())
    if amount:
        return number * size, ("times", number, place) if computed else None
    return number, None


def initial_amount(species: Any, given: Mapping[str, Expression]) -> Expression:
    """How much of a species there is at the start, its symbol being a concentration.

    Parameters
    ----------
    species : libsbml.Species
        Gives an amount, a concentration or neither.
    given : mapping of str to Expression
        What initial assignments say.

    Examples
    --------
    >>> import libsbml
    >>> species = libsbml.Species(3, 2)
    >>> _ = species.setId("A"), species.setCompartment("cell"), species.setInitialAmount(6.0)
    >>> initial_amount(species, {}), initial_amount(species, {"A": 2.0})
    (6.0, ('times', 2.0, 'cell'))
    """
    place = species.getCompartment()
    if species.getId() in given:
        return ("times", given[species.getId()], place)
    if species.isSetInitialAmount():
        return float(species.getInitialAmount())
    return ("times", float(species.getInitialConcentration()), place)


def free_name(wish: str, taken: set[str]) -> str:
    """The wish, with as many underscores as it takes to be a new name, which is then taken.

    Examples
    --------
    >>> free_name("amount_of_A", {"amount_of_A"})
    'amount_of_A_'
    """
    while wish in taken:
        wish += "_"
    taken.add(wish)
    return wish
