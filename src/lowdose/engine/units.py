"""The unit of a symbol as the model calls it."""

from __future__ import annotations

from typing import Any

from lowdose.engine.species import is_amount

__all__ = ["name_of", "of_substance", "of_symbol"]


def of_symbol(model: Any, symbol: str) -> str:
    """The unit of a parameter, a compartment or a species; "" where the model does not say, or for anything else.

    Examples
    --------
    >>> import libsbml
    >>> model = libsbml.Model(3, 2)
    >>> parameter = model.createParameter()
    >>> _ = parameter.setId("V"), parameter.setUnits("litre")
    >>> of_symbol(model, "V")
    'litre'
    """
    if parameter := model.getParameter(symbol):
        return name_of(model, parameter.getUnits())
    if compartment := model.getCompartment(symbol):
        return name_of(model, compartment.getUnits() or model.getVolumeUnits())
    if species := model.getSpecies(symbol):
        substance = of_substance(model, species)
        if is_amount(model, species) or not substance:
            return substance
        return f"{substance}/{of_symbol(model, species.getCompartment())}"
    return ""


def of_substance(model: Any, species: Any) -> str:
    """The unit in which a species is counted.

    Examples
    --------
    >>> import libsbml
    >>> model = libsbml.Model(3, 2)
    >>> _ = model.setSubstanceUnits("mole")
    >>> of_substance(model, model.createSpecies())
    'mole'
    """
    return name_of(model, species.getSubstanceUnits() or model.getSubstanceUnits())


def name_of(model: Any, identifier: str) -> str:
    """The name of a unit, its identifier where it has none.

    Examples
    --------
    >>> import libsbml
    >>> name_of(libsbml.Model(3, 2), "litre")
    'litre'
    """
    definition = model.getUnitDefinition(identifier) if identifier else None
    return str((definition.getName() if definition else "") or identifier)
