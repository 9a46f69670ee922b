"""The assembled model as exports and pictures need it: equations by module, numbers with their sources."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from lowdose.engine import sbml as reader
from lowdose.engine.expression import TIME, Expression, add, substitute, symbols
from lowdose.model import (
    Hypothesis,
    Parameter,
    Route,
    all_outputs,
    assemble,
    hypothesis,
    modules,
    parameters,
    routes,
)
from lowdose.model.files import read

_COMMENT = re.compile(r"//.*")
_DEFINED = re.compile(r"^\s*(\w+)\s*'?\s*:?=", re.MULTILINE)
_GREEK = {"mu": "µ", "kappa": "κ", "delta": "δ", "alpha": "α", "beta": "β"}
_GRADES = ("low", "medium", "high")


@dataclass(frozen=True)
class Module:
    """A part of the model: its name, what people call it, what it says, and the quantities it defines.

    Attributes
    ----------
    name : str
        Of its file.
    title : str
        In words.
    sentence : str
        What it says.
    quantities : tuple of str
        What it gives a rate or a formula, in the order of the solver.
    """

    name: str
    title: str
    sentence: str
    quantities: tuple[str, ...]


@dataclass(frozen=True)
class Number:
    """A parameter as the model holds it: the value of this hypothesis, with what is known of its source.

    ``found`` is None for a number that has no line in the parameter table: a quantity whose module is left out of
    this model, which then stands at its value in an untreated person.
    """

    symbol: str
    value: float
    unit: str
    found: Parameter | None

    @property
    def is_overridden(self) -> bool:
        """Whether the hypothesis puts its own value in the place of the table's."""
        return self.found is not None and self.found.value != self.value

    @property
    def words(self) -> str:
        """What it is, with its unit: the line beside it in every export.

        Examples
        --------
        >>> structure().numbers["CL"].words
        'L/h; systemic clearance of naltrexone'
        """
        return f"{self.unit}; {self.name}"

    @property
    def name(self) -> str:
        """What it is, in words."""
        return self.found.name if self.found else f"{in_words(self.symbol)} in an untreated person"

    @property
    def trust(self) -> str:
        """Provenance, grade and species.

        Examples
        --------
        >>> structure().numbers["CL"].trust
        'derived, grade medium, human'
        """
        if self.found is None:
            return "at rest: the module that makes it is not part of this hypothesis"
        said = f"{self.found.provenance}, grade {self.found.grade}, {self.found.species}"
        return said + (f"; set to {self.value:g} by the hypothesis" if self.is_overridden else "")

    @property
    def source(self) -> str:
        """Where it comes from, with the address."""
        return " ".join(filter(None, (self.found.source, self.found.url))) if self.found else ""


@dataclass(frozen=True)
class Structure:
    """One hypothesis, taken apart.

    Attributes
    ----------
    hypothesis : Hypothesis
        Name, sentence, sources, modules.
    sbml : str
        The document everything here was read from.
    modules : tuple of Module
        In the order of the model.
    description : Description
        Rates, initial values, assigned formulas, each after those it uses.
    numbers : mapping of str to Number
        Every parameter of the document.
    """

    hypothesis: Hypothesis
    sbml: str
    modules: tuple[Module, ...]
    description: reader.Description
    numbers: Mapping[str, Number]

    @property
    def states(self) -> tuple[str, ...]:
        """What has a rate of change, in order."""
        return tuple(self.description.rates)

    def unit(self, symbol: str) -> str:
        """Unit of a quantity, in the words of the unit table."""
        return _unit_words(self.description.units.get(symbol, ""))

    def formula(self, quantity: str) -> Expression:
        """Right-hand side of a quantity: its rate of change if it is a state, else what it is held at."""
        rates, assigned = self.description.rates, self.description.assigned
        if quantity in rates:
            return rates[quantity]
        return assigned[quantity] if quantity in assigned else self.description.constants[quantity]

    @cached_property
    def formulas(self) -> dict[str, Expression]:
        """Right-hand sides of everything that is assigned, at every moment or once."""
        return {**self.description.constants, **self.description.assigned}

    def initial(self, state: str) -> Expression:
        """Value of a state at time 0, in terms of parameters alone.

        Examples
        --------
        >>> sorted(symbols(structure().initial("cortisol")))[-3:]
        ['day', 'one', 'two_pi']
        """
        found = self.description.initial[state]
        while found_names := symbols(found) - set(self.numbers):
            known = {name: self.formulas.get(name, self.description.initial.get(name)) for name in found_names}
            found = substitute(found, {name: value for name, value in known.items() if value is not None})
        return _at_start(found)

    def needed_for(self, names: Iterable[str]) -> dict[str, Expression]:
        """The assigned quantities that formulas of ``names`` use, directly or through others, in order.

        Examples
        --------
        >>> list(structure().needed_for(["naltrexone_central"]))
        ['swallowed', 'past_the_liver']
        """
        seen: set[str] = set()
        waiting = [symbol for name in names for symbol in symbols(self.formula(name))]
        while waiting:
            name = waiting.pop()
            if name in self.formulas and name not in seen:
                seen.add(name)
                waiting += symbols(self.formulas[name])
        return {name: formula for name, formula in self.formulas.items() if name in seen}

    @property
    def entries(self) -> dict[str, tuple[Route, ...]]:
        """State by state, the routes whose doses enter it."""
        found: dict[str, tuple[Route, ...]] = {}
        for route in routes().values():
            if route.state in self.description.rates:
                found[route.state] = (*found.get(route.state, ()), route)
        return found

    def bioavailability(self, state: str) -> str | None:
        """The parameter that turns a labelled dose into the amount of a state; None where nothing does.

        Examples
        --------
        >>> structure().bioavailability("naltrexone_central")
        'salt_factor'
        """
        return next((route.bioavailability for route in self.entries.get(state, ()) if route.bioavailability), None)


def structure(name: str | Hypothesis | None = None) -> Structure:
    """Take a hypothesis, or that called ``name``, apart; the default when None.

    Raises
    ------
    NotFound
        If no hypothesis has that name.

    Examples
    --------
    >>> [module.name for module in structure("imposed").modules][:2]
    ['pharmacokinetics', 'occupancy_imposed']
    """
    chosen = name if isinstance(name, Hypothesis) else hypothesis(name)
    text = assemble(chosen)
    description = reader.read(text)
    table = parameters().parameters
    numbers = {
        symbol: Number(symbol, value, _unit_words(description.units.get(symbol, "")), table.get(symbol))
        for symbol, value in description.parameters.items()
    }
    return Structure(chosen, text, tuple(_modules(chosen, description)), description, numbers)


def weakest(found: Iterable[Parameter]) -> str | None:
    """The lowest grade among parameters; None where there is none.

    Examples
    --------
    >>> weakest([parameters()["ke0"], parameters()["fu"]])
    'medium'
    """
    return min((parameter.grade for parameter in found), key=_GRADES.index, default=None)


def in_words(name: str) -> str:
    """A quantity in words: its label where it is reported, else its symbol without underscores.

    Examples
    --------
    >>> in_words("cortisol"), in_words("mu_receptors_peripheral")
    ('Cortisol', 'µ receptors peripheral')
    """
    if name in all_outputs():
        return all_outputs()[name].label
    return " ".join(_GREEK.get(word, word) for word in name.split("_"))


def _modules(chosen: Hypothesis, description: reader.Description) -> Iterator[Module]:
    """What each file of the hypothesis defines; whatever no file defines comes last."""
    order = [*description.constants, *description.assigned, *description.rates]
    left = set(order)
    for name in chosen.modules:
        defined = set(_DEFINED.findall(_COMMENT.sub("", read(f"modules/{name}.ant")).replace(";", "\n"))) & left
        left -= defined
        told = modules()[name]
        yield Module(name, told.title, told.sentence, tuple(quantity for quantity in order if quantity in defined))
    if left:
        yield Module("other", "Other", "", tuple(quantity for quantity in order if quantity in left))


def _unit_words(identifier: str) -> str:
    """The unit as people write it: ``L_per_h`` is L/h."""
    from lowdose.model.units import agreed_units

    return next((words for words, unit in agreed_units().items() if unit.id == identifier), identifier or "1")


def _at_start(expression: Expression) -> Expression:
    """The expression at time 0, where every run begins."""
    if expression == TIME:
        return 0.0
    if isinstance(expression, tuple):
        parts = [_at_start(part) for part in expression[1:]]
        return add(*parts) if expression[0] == "plus" else (expression[0], *parts)
    return expression
