"""The strict unit check: both sides of every rule carry *identical* units, multiplier included.

libSBML compares kinds of unit everywhere but scale only between the terms of a sum: ``G' = -k * G`` with k per
second, or nmol/L assigned to µmol/L, pass it. Here every expression is given its SI unit and its scale, and
every sum, comparison, exponent, function argument and both sides of every rule must agree exactly.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from pydantic import TypeAdapter

from lowdose.blocks import Block, data
from lowdose.model.files import read

_SAME = 1e-12
"""Relative difference of scale that counts as none: rounding of products of powers of ten."""


class AgreedUnit(Block):
    """One line of ``units.yaml``: its name in the model text and its Antimony definition."""

    id: str
    definition: str


@cache
def agreed_units() -> Mapping[str, AgreedUnit]:
    """The agreed units by their text for people.

    Examples
    --------
    >>> agreed_units()["L/h"].id
    'L_per_h'
    """
    return TypeAdapter(dict[str, AgreedUnit]).validate_python(data(read("units.yaml")))


@dataclass(frozen=True)
class Unit:
    """A unit as powers of SI base units and a scale: 1 of it is ``scale`` of the SI unit.

    Examples
    --------
    >>> hour = Unit(3600.0, {"second": 1.0})
    >>> print(hour * hour, hour / hour)
    1.296e+07 second^2 dimensionless
    """

    scale: float = 1.0
    powers: Mapping[str, float] = field(default_factory=dict)

    def __mul__(self, other: Unit) -> Unit:
        total = dict(self.powers)
        for base, power in other.powers.items():
            total[base] = total.get(base, 0.0) + power
        return Unit(self.scale * other.scale, {base: power for base, power in total.items() if abs(power) > _SAME})

    def __pow__(self, exponent: float) -> Unit:
        return Unit(self.scale**exponent, {base: power * exponent for base, power in self.powers.items()})

    def __truediv__(self, other: Unit) -> Unit:
        return self * other**-1.0

    def same_as(self, other: Unit) -> bool:
        """Whether the two are identical, scale included."""
        return dict(self.powers) == dict(other.powers) and math.isclose(self.scale, other.scale, rel_tol=_SAME)

    @property
    def is_pure(self) -> bool:
        """Whether it is a plain number: no base unit, scale 1."""
        return self.same_as(Unit())

    def __str__(self) -> str:
        bases = [base if power == 1 else f"{base}^{power:g}" for base, power in sorted(self.powers.items())]
        scale = [] if math.isclose(self.scale, 1.0, rel_tol=_SAME) else [f"{self.scale:g}"]
        return " ".join(scale + bases) or "dimensionless"


@dataclass(frozen=True)
class UnitProblem:
    """One place where units do not agree: the rule and what is wrong there."""

    rule: str
    what: str

    def __str__(self) -> str:
        return f"{self.rule}: {self.what}"


def check_units(sbml: str) -> list[UnitProblem]:
    """Every place where a rule of ``sbml`` breaks identity of units; empty when all agree.

    Examples
    --------
    >>> from lowdose.model import assemble
    >>> check_units(assemble("effect-site"))
    []
    """
    import libsbml

    model = libsbml.readSBMLFromString(sbml).getModel()
    checker = _Checker(model)
    problems: list[UnitProblem] = []
    for rule in model.getListOfRules():
        name = rule.getVariable()
        expected = checker.unit_of(name)
        if rule.isRate():
            expected = expected / checker.time
        problems += checker.compare(f"{name}'" if rule.isRate() else name, rule.getMath(), expected)
    for assignment in model.getListOfInitialAssignments():
        name = assignment.getSymbol()
        problems += checker.compare(f"initial {name}", assignment.getMath(), checker.unit_of(name))
    return problems


class _Mismatch(Exception):
    """Raised inside an expression whose units do not agree."""


class _Checker:
    def __init__(self, model: Any) -> None:
        self._model = model
        self._known = {
            definition.getId(): _from_definition(definition) for definition in model.getListOfUnitDefinitions()
        }
        self.time = self._named(model.getTimeUnits())

    def unit_of(self, name: str) -> Unit:
        element = self._model.getElementBySId(name)
        return self._named(element.getUnits())

    def compare(self, rule: str, math_: Any, expected: Unit) -> list[UnitProblem]:
        try:
            found = self._walk(math_)
        except _Mismatch as mismatch:
            return [UnitProblem(rule, str(mismatch))]
        return [] if found.same_as(expected) else [UnitProblem(rule, f"{found} set to {expected}")]

    def _named(self, unit: str) -> Unit:
        import libsbml

        if unit in self._known:
            return self._known[unit]
        kind = libsbml.UnitKind_forName(unit)
        if kind == libsbml.UNIT_KIND_INVALID:
            raise _Mismatch(f"unit {unit!r} is not defined")
        return _si(unit)

    def _walk(self, node: Any) -> Unit:
        import libsbml

        kind = node.getType()
        parts = [self._walk(node.getChild(i)) for i in range(node.getNumChildren())]
        if kind == libsbml.AST_NAME:
            return self.unit_of(node.getName())
        if kind == libsbml.AST_NAME_TIME:
            return self.time
        if node.isNumber():
            return Unit()
        if kind in (libsbml.AST_PLUS, libsbml.AST_MINUS):
            return _identical(parts, "terms of a sum")
        if kind == libsbml.AST_TIMES:
            product = Unit()
            for part in parts:
                product = product * part
            return product
        if kind == libsbml.AST_DIVIDE:
            return parts[0] / parts[1]
        if kind in (libsbml.AST_POWER, libsbml.AST_FUNCTION_POWER):
            return self._power(node, parts)
        if kind in _pure_functions():
            if not all(part.is_pure for part in parts):
                raise _Mismatch(f"argument of {libsbml.formulaToL3String(node)} is in {parts[0]}, not a plain number")
            return Unit()
        raise _Mismatch(f"cannot check {libsbml.formulaToL3String(node)}")

    def _power(self, node: Any, parts: list[Unit]) -> Unit:
        base, exponent = parts
        if not exponent.is_pure:
            raise _Mismatch(f"an exponent is in {exponent}, not a plain number")
        if base.is_pure:
            return Unit()
        if not node.getChild(1).isNumber():
            raise _Mismatch(f"{base} is raised to a power that is not a fixed number")
        return base ** float(node.getChild(1).getValue())


@cache
def _pure_functions() -> frozenset[int]:
    import libsbml

    return frozenset(
        {libsbml.AST_FUNCTION_SIN, libsbml.AST_FUNCTION_COS, libsbml.AST_FUNCTION_EXP, libsbml.AST_FUNCTION_LN}
    )


def _identical(parts: list[Unit], what: str) -> Unit:
    for part in parts[1:]:
        if not part.same_as(parts[0]):
            raise _Mismatch(f"{what} are in {parts[0]} and {part}")
    return parts[0]


def _from_definition(definition: Any) -> Unit:
    import libsbml

    total = Unit()
    for unit in definition.getListOfUnits():
        base = _si(libsbml.UnitKind_toString(unit.getKind()))
        one = Unit(unit.getMultiplier() * 10.0 ** unit.getScale()) * base
        total = total * one ** unit.getExponentAsDouble()
    return total


def _si(kind: str) -> Unit:
    scale, powers = {
        "dimensionless": (1.0, {}),
        "gram": (1e-3, {"kilogram": 1.0}),
        "litre": (1e-3, {"metre": 3.0}),
    }.get(kind, (1.0, {kind: 1.0}))
    return Unit(scale, powers)
