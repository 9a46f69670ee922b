"""SBML text read into a plain description: what changes, what is assigned, what is given. Needs libSBML.

Read are rate and assignment rules, initial assignments, reactions, conversion factors, species as amounts and as
concentrations in compartments whose size may change (see `lowdose.engine.species`), function definitions (written out
in place), time, and ``rateOf`` what is not assigned (see `lowdose.engine.rate_of`). Constraints are read and ignored:
they judge a trajectory, they do not change it. A rule or initial assignment without mathematics counts as absent (SBML
L3V2). Anything else that would change the numbers is refused by name.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from lowdose.engine import units
from lowdose.engine.errors import InvalidModel, UnsupportedModel
from lowdose.engine.expression import Expression, multiply, substitute, symbols
from lowdose.engine.mathml import to_expression
from lowdose.engine.rate_of import name_rates
from lowdose.engine.species import free_name, initial_amount, initial_value, is_amount

__all__ = ["Description", "ordered", "read"]


@dataclass(frozen=True, slots=True)
class Description:
    """A model without SBML. All mappings keep the order in which the code computes them.

    Attributes
    ----------
    rates : dict of str to Expression
        Rate of change of each state, per model time unit.
    initial : dict of str to Expression
        Value of each state at the start, before any event.
    parameters : dict of str to float
        What the caller may set, with its default (NaN where the model gives none).
    constants : dict of str to Expression
        What an initial assignment sets once, at the start.
    assigned : dict of str to Expression
        What an assignment rule holds at every moment, each after those it uses.
    units : dict of str to str
        Unit of every name, and of ``time``, as the model calls it; "" where it does not say.
    """

    rates: dict[str, Expression]
    initial: dict[str, Expression]
    parameters: dict[str, float]
    constants: dict[str, Expression]
    assigned: dict[str, Expression]
    units: dict[str, str]


def read(text: str) -> Description:
    """Read an SBML document.

    Parameters
    ----------
    text : str
        SBML, any level libSBML reads.

    Returns
    -------
    Description

    Raises
    ------
    InvalidModel
        The text is not valid SBML or its rules go in a circle.
    UnsupportedModel
        The model uses a feature that is not solved here.

    Examples
    --------
    >>> from antimony import loadAntimonyString, getSBMLString
    >>> _ = loadAntimonyString("model m; k = 0.1; x = 1; x' = -k*x; y := 2*x; end")
    >>> description = read(getSBMLString("m"))
    >>> description.rates, description.parameters
    ({'x': ('times', ('minus', 'k'), 'x')}, {'k': 0.1})
    """
    import libsbml

    document = libsbml.readSBMLFromString(text)
    if document.getNumErrors(libsbml.LIBSBML_SEV_ERROR) or document.getNumErrors(libsbml.LIBSBML_SEV_FATAL):
        serious = [document.getError(i) for i in range(document.getNumErrors())]
        first = next(error for error in serious if error.getSeverity() >= libsbml.LIBSBML_SEV_ERROR)
        raise InvalidModel(
            f"not valid SBML: {' '.join(first.getMessage().split())}",
            where=f"line {first.getLine()}",
            remedy="check the model with libSBML",
        )
    _refuse_unsupported(document, document.getModel())
    return _Reader(document.getModel()).description()


def ordered(formulas: Mapping[str, Expression], where: str) -> dict[str, Expression]:
    """The formulas, each after those it uses, otherwise in the order given.

    Raises
    ------
    InvalidModel
        They use each other in a circle.

    Examples
    --------
    >>> list(ordered({"b": "a", "a": 1.0}, "rules"))
    ['a', 'b']
    """
    done: dict[str, Expression] = {}
    open_names: list[str] = []

    def place(name: str) -> None:
        if name in done:
            return
        if name in open_names:
            circle = " -> ".join([*open_names[open_names.index(name) :], name])
            raise InvalidModel(f"formulas in a circle: {circle}", where=where, remedy="break the circle")
        open_names.append(name)
        for used in sorted(symbols(formulas[name])):
            if used in formulas:
                place(used)
        open_names.pop()
        done[name] = formulas[name]

    for name in formulas:
        place(name)
    return done


def _refuse_unsupported(document: Any, model: Any) -> None:
    if model is None:
        raise InvalidModel("the document holds no model", remedy="give SBML text with one model element")
    found = {
        "events": model.getNumEvents(),
        "algebraic rules": sum(rule.isAlgebraic() and _has_math(rule) for rule in model.getListOfRules()),
        "fast reactions": sum(reaction.isSetFast() and reaction.getFast() for reaction in model.getListOfReactions()),
    }
    for number in range(document.getNumPlugins()):
        package = document.getPlugin(number).getPackageName()
        if package != "l3v2extendedmath":  # only operators that are checked one by one
            found[f"package {package}"] = document.getPackageRequired(package)
    for feature, count in found.items():
        if count:
            raise UnsupportedModel(
                f"unsupported SBML feature: {feature}",
                where=f"model {model.getId()}",
                remedy="write the model with rate and assignment rules; doses and switches are events of the solve",
            )


class _Reader:
    """Gathers the pieces of one SBML model."""

    def __init__(self, model: Any) -> None:
        self.model = model
        self.functions = {definition.getId(): definition for definition in model.getListOfFunctionDefinitions()}
        self.rates: dict[str, Expression] = {}
        self.assigned: dict[str, Expression] = {}
        self.given: dict[str, Expression] = {}
        self.locals: dict[str, Expression] = {}
        self.amounts: dict[str, str] = {}
        self.taken = {element.getId() for element in model.getListOfAllElements()}

    def description(self) -> Description:
        for rule in filter(_has_math, self.model.getListOfRules()):
            target = self.rates if rule.isRate() else self.assigned
            target[rule.getVariable()] = self.formula(rule, f"rule for {rule.getVariable()}")
        for item in filter(_has_math, self.model.getListOfInitialAssignments()):
            self.given[item.getSymbol()] = self.formula(item, f"initial assignment of {item.getSymbol()}")
        self.count_amounts()
        values = self.values() | self.stoichiometries()
        self.react()
        names = {**values, **dict.fromkeys(self.rates), **dict.fromkeys(self.assigned), **self.given}
        self.refuse_unknown(names)
        self.assigned |= name_rates((self.rates, self.assigned, self.given), self.rate, self.taken)
        assigned = ordered(self.assigned, "assignment rules")
        initial = {name: self.given.get(name, values.get(name, math.nan)) for name in self.rates}
        constants = {k: v for k, v in self.given.items() if k not in self.rates and k not in assigned}
        settable = set(values) - set(initial) - set(assigned) - set(constants)
        parameters = {name: value for name, value in values.items() if name in settable}
        return Description(self.rates, initial, parameters, constants, assigned, self.units(names))

    def formula(self, element: Any, where: str) -> Expression:
        return substitute(to_expression(element.getMath(), self.functions, where), self.locals)

    def count_amounts(self) -> None:
        """Give each species whose concentration depends on a changing size an amount of its own."""
        for species in self.model.getListOfSpecies():
            name, place = species.getId(), species.getCompartment()
            if is_amount(self.model, species) or name in self.assigned or name in self.rates:
                continue
            if place in self.rates or place in self.assigned:
                amount = self.amounts[name] = free_name(f"amount_of_{name}", self.taken)
                self.given[amount] = initial_amount(species, self.given)
                self.given.pop(name, None)
                self.assigned[name] = ("divide", amount, place)

    def values(self) -> dict[str, float]:
        """Numbers the model gives to its symbols; NaN where it gives none."""
        values = {item.getId(): item.getSize() for item in self.model.getListOfCompartments()}
        values |= {item.getId(): item.getValue() for item in self.model.getListOfParameters()}
        computed = {*self.given, *self.assigned}
        for species in self.model.getListOfSpecies():
            name, place = species.getId(), species.getCompartment()
            values[name], formula = initial_value(
                species, amount=is_amount(self.model, species), size=values[place], computed=place in computed
            )
            if formula is not None and name not in computed:
                self.given[name] = formula
        return values

    def stoichiometries(self) -> dict[str, float]:
        named = (
            reference
            for reaction in self.model.getListOfReactions()
            for reference in (*reaction.getListOfReactants(), *reaction.getListOfProducts())
            if reference.isSetId()
        )
        return {reference.getId(): reference.getStoichiometry() for reference in named}

    def react(self) -> None:
        """Add the rates of change that reactions cause; the speed of each reaction can be used as a symbol."""
        changes: dict[str, list[Expression]] = {}
        for reaction in self.model.getListOfReactions():
            name, law = reaction.getId(), reaction.getKineticLaw()
            if law is None or not _has_math(law):
                raise UnsupportedModel("a reaction without a kinetic law", where=name, remedy="give it a kineticLaw")
            self.locals = {p.getId(): p.getValue() for p in (*law.getListOfParameters(),)}
            self.assigned[name] = self.formula(law, f"kinetic law of {name}")
            self.locals = {}
            for sign, references in ((-1.0, reaction.getListOfReactants()), (1.0, reaction.getListOfProducts())):
                for reference in references:
                    many = self.stoichiometry(reference, name)
                    changes.setdefault(reference.getSpecies(), []).append(multiply(sign, many, name))
        for name, terms in changes.items():
            species = self.model.getSpecies(name)
            if species.getBoundaryCondition() or species.getConstant():
                continue
            rate: Expression = ("plus", *terms) if len(terms) > 1 else terms[0]
            factor = species.getConversionFactor() or self.model.getConversionFactor()
            rate = multiply(rate, factor) if factor else rate
            if name in self.amounts or is_amount(self.model, species):
                self.rates[self.amounts.get(name, name)] = rate
            else:
                self.rates[name] = ("divide", rate, species.getCompartment())

    def stoichiometry(self, reference: Any, reaction: str) -> Expression:
        if reference.getStoichiometryMath() is not None and _has_math(reference.getStoichiometryMath()):
            raise UnsupportedModel("unsupported SBML feature: stoichiometryMath", where=f"reaction {reaction}")
        name = reference.getId()
        if name in self.assigned or name in self.rates or name in self.given:
            return str(name)
        return float(reference.getStoichiometry())

    def rate(self, name: str) -> Expression:
        """The rate of change of a symbol; a species held as an amount is thinned as its compartment grows."""
        place = self.model.getSpecies(name).getCompartment() if name in self.amounts else ""
        if place in self.assigned or (name in self.assigned and not place):
            raise UnsupportedModel(
                f"unsupported SBML feature: rateOf {name}, whose {'compartment' if place else 'value'} is assigned",
                remedy="write its rate of change out",
            )
        if not place:
            return self.rates.get(name, 0.0)
        change, growth = self.rates.get(self.amounts[name], 0.0), self.rates[place]
        return ("divide", ("minus", change, multiply(name, growth)), place)

    def units(self, names: Iterable[str]) -> dict[str, str]:
        found = {name: units.of_symbol(self.model, name) for name in names}
        for name, amount in self.amounts.items():
            found[amount] = units.of_substance(self.model, self.model.getSpecies(name))
        return found | {"time": units.name_of(self.model, self.model.getTimeUnits())}

    def refuse_unknown(self, names: Iterable[str]) -> None:
        known = set(names)
        for table in (self.rates, self.assigned, self.given):
            for name, formula in table.items():
                for symbol in sorted(symbols(formula) - known):
                    raise InvalidModel(f"{symbol!r} has no meaning", where=f"formula of {name}", remedy="declare it")


def _has_math(element: Any) -> bool:
    return element.getMath() is not None
