"""Formulas as one graph in which nothing is computed twice.

A node is an operation on earlier nodes; asking for the same operation again gives the same node. Products and sums are
written out flat and what is known beforehand is brought together, so that it can be computed once for each person
(`Level.GIVEN`) instead of at each step.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Mapping
from enum import IntEnum
from functools import reduce
from typing import Any, TypeAlias

from lowdose.engine.expression import CONDITIONS, Expression

__all__ = ["Graph", "Level", "Node"]

Node: TypeAlias = int

MOST_MULTIPLICATIONS = 16
"""Whole powers up to this one are written out as products."""


class Level(IntEnum):
    """When the value of a node is known."""

    NUMBER = 0
    GIVEN = 1
    VARYING = 2


class Graph:
    """A growing set of nodes.

    Examples
    --------
    >>> graph = Graph()
    >>> x, k = graph.input("state", 0), graph.input("parameter", 0)
    >>> names = {"x": x, "k": k}
    >>> graph.of(("times", "k", "x"), names) == graph.of(("times", "x", "k"), names)
    True
    """

    def __init__(self) -> None:
        self.nodes: list[tuple[Any, ...]] = []
        self.levels: list[Level] = []
        self._known: dict[tuple[Any, ...], Node] = {}
        self._memo: dict[tuple[int, Expression], Node] = {}

    def node(self, operation: str, *arguments: Any, level: Level | None = None) -> Node:
        """The node of this operation; its level is the highest of its arguments' unless given."""
        key = (operation, *arguments)
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = len(self.nodes)
            self.nodes.append(key)
            nodes = arguments[1:] if operation == "call" else arguments
            self.levels.append(level if level is not None else max(self.levels[node] for node in nodes))
        return found

    def number(self, value: float) -> Node:
        """A constant; zeros of both signs are different numbers, as are all NaNs one."""
        return self.node("number", "nan" if math.isnan(value) else float(value).hex(), level=Level.NUMBER)

    def input(self, space: str, position: int) -> Node:
        """A value from outside: a state, the time, a parameter, ..."""
        return self.node("input", space, position, level=_LEVELS.get(space, Level.VARYING))

    def value(self, node: Node) -> float | None:
        """The number that a node is, None where it is not one."""
        operation, *arguments = self.nodes[node]
        if operation != "number":
            return None
        return math.nan if arguments[0] == "nan" else float.fromhex(arguments[0])

    # Arithmetic

    def add(self, a: Node, b: Node) -> Node:
        """The sum."""
        if self.value(a) == 0.0:
            return b
        if self.value(b) == 0.0:
            return a
        if self.is_negated(b):
            return self.subtract(a, self.nodes[b][1])
        if self.is_negated(a):
            return self.subtract(b, self.nodes[a][1])
        return self._folded("add", a, b, lambda x, y: x + y, commutes=True)

    def subtract(self, a: Node, b: Node) -> Node:
        """The difference."""
        if self.value(b) == 0.0:
            return a
        if self.value(a) == 0.0:
            return self.negate(b)
        if self.is_negated(b):
            return self.add(a, self.nodes[b][1])
        return self._folded("subtract", a, b, lambda x, y: x - y)

    def multiply(self, a: Node, b: Node) -> Node:
        """The product."""
        for one, other in ((a, b), (b, a)):
            if self.value(one) == 1.0:
                return other
            if self.value(one) == -1.0:
                return self.negate(other)
            if self.value(one) == 0.0:
                return one
            if self.is_negated(one):
                return self.negate(self.multiply(self.nodes[one][1], other))
        return self._folded("multiply", a, b, lambda x, y: x * y, commutes=True)

    def negate(self, a: Node) -> Node:
        """The negative."""
        value = self.value(a)
        if value is not None:
            return self.number(-value)
        return self.nodes[a][1] if self.is_negated(a) else self.node("negate", a)

    def reciprocal(self, a: Node) -> Node:
        """One over it."""
        value = self.value(a)
        if value:
            return self.number(1.0 / value)
        if self.is_negated(a):
            return self.negate(self.reciprocal(self.nodes[a][1]))
        return self.node("reciprocal", a)

    def pivot(self, a: Node) -> Node:
        """1 / a where a is the pivot of a linear system."""
        value = self.value(a)
        return self.number(1.0 / value) if value else self.node("pivot", a)

    def is_negated(self, a: Node) -> bool:
        """Whether a node is the negative of another."""
        return bool(self.nodes[a][0] == "negate")

    def _folded(self, operation: str, a: Node, b: Node, compute: Any, *, commutes: bool = False) -> Node:
        x, y = self.value(a), self.value(b)
        if x is not None and y is not None:
            return self.number(compute(x, y))
        return self.node(operation, *(sorted((a, b)) if commutes else (a, b)))

    # Whole formulas

    def of(self, formula: Expression, names: Mapping[str, Node]) -> Node:
        """The node of a formula; conditions become truth values, numbers where a number is asked for.

        Parameters
        ----------
        formula : Expression
            What to compute.
        names : mapping of str to Node
            What its symbols stand for; the same mapping on every call.
        """
        if isinstance(formula, bool):
            return self.number(float(formula))
        if isinstance(formula, (int, float)):
            return self.number(formula)
        if isinstance(formula, str):
            return names[formula]
        key = (id(names), formula)
        if key not in self._memo:
            self._memo[key] = self._operation(formula, names)
        return self._memo[key]

    def _operation(self, formula: tuple[Any, ...], names: Mapping[str, Node]) -> Node:
        operator, *arguments = formula
        if operator == "time":
            return self.input("time", 0)
        if operator in CONDITIONS:
            truth = self.condition(formula, names)
            return self.node("select", truth, self.number(1.0), self.number(0.0))
        if operator == "piecewise":
            return self._piecewise(arguments, names)
        if operator in ("times", "divide") or (operator == "minus" and len(arguments) == 1):
            return self._product(formula, names)
        if operator in ("plus", "minus"):
            return self._sum(formula, names)
        if operator == "power":
            return self._power(self.of(arguments[0], names), self.of(arguments[1], names))
        nodes = [self.of(argument, names) for argument in arguments]
        if operator in ("min", "max"):
            return reduce(lambda a, b: self.call(operator, a, b), nodes)
        return self.call(operator, *nodes)

    def call(self, function: str, *arguments: Node) -> Node:
        """A function of MathML's name."""
        level = max((self.levels[argument] for argument in arguments), default=Level.NUMBER)
        return self.node("call", function, *arguments, level=max(level, Level.GIVEN))

    def condition(self, formula: Expression, names: Mapping[str, Node]) -> Node:
        """The truth value of a formula; a number is true where it is not 0."""
        if isinstance(formula, tuple) and formula[0] in CONDITIONS:
            operator, *arguments = formula
            if operator == "not":
                return self.node("not", self.condition(arguments[0], names))
            if operator in ("and", "or", "xor"):
                start = self.truth(operator == "and")
                truths = [self.condition(argument, names) for argument in arguments]
                return reduce(lambda a, b: self.node(operator, a, b), truths) if truths else start
            nodes = [self.of(argument, names) for argument in arguments]
            pairs = [self.node("compare", operator, a, b, level=self._highest(a, b)) for a, b in _pairs(nodes)]
            return reduce(lambda a, b: self.node("and", a, b), pairs) if pairs else self.truth(True)
        if isinstance(formula, bool):
            return self.truth(formula)
        a, zero = self.of(formula, names), self.number(0.0)
        return self.node("compare", "ne", a, zero, level=self._highest(a, zero))

    def truth(self, value: bool) -> Node:
        """True or false."""
        return self.node("truth", value, level=Level.NUMBER)

    def _highest(self, *nodes: Node) -> Level:
        return max(self.levels[node] for node in nodes)

    def _piecewise(self, arguments: list[Expression], names: Mapping[str, Node]) -> Node:
        chosen = self.of(arguments[-1], names)
        for position in range(len(arguments) - 3, -1, -2):
            truth = self.condition(arguments[position + 1], names)
            chosen = self.node("select", truth, self.of(arguments[position], names), chosen)
        return chosen

    def _product(self, formula: Expression, names: Mapping[str, Node]) -> Node:
        above: list[Node] = []
        below: list[Node] = []
        sign = self._factors(formula, names, above, below)
        factors = [*self._parted(above, self.multiply)]
        divisors = self._parted(below, self.multiply)
        factors += [self.reciprocal(divisor) for divisor in divisors]
        product = reduce(self.multiply, self._parted(factors, self.multiply), self.number(1.0))
        return self.negate(product) if sign < 0 else product

    def _factors(
        self, formula: Expression, names: Mapping[str, Node], above: list[Node], below: list[Node], sign: int = 1
    ) -> int:
        """Collect what a formula multiplies and divides by; return its sign."""
        operator = formula[0] if isinstance(formula, tuple) else ""
        if operator == "times":
            for part in formula[1:]:  # type: ignore[index]
                sign = self._factors(part, names, above, below, sign)
        elif operator == "divide":
            sign = self._factors(formula[1], names, above, below, sign)  # type: ignore[index]
            sign = self._factors(formula[2], names, below, above, sign)  # type: ignore[index]
        elif operator == "minus" and len(formula) == 2:  # type: ignore[arg-type]
            sign = self._factors(formula[1], names, above, below, -sign)  # type: ignore[index]
        else:
            node = self.of(formula, names)
            if self.is_negated(node):
                node, sign = self.nodes[node][1], -sign
            above.append(node)
        return sign

    def _sum(self, formula: Expression, names: Mapping[str, Node]) -> Node:
        terms: list[Node] = []
        self._terms(formula, names, terms, negative=False)
        return reduce(self.add, self._parted(terms, self.add), self.number(0.0))

    def _terms(self, formula: Expression, names: Mapping[str, Node], terms: list[Node], *, negative: bool) -> None:
        if isinstance(formula, tuple) and formula[0] == "plus":
            for part in formula[1:]:
                self._terms(part, names, terms, negative=negative)
        elif isinstance(formula, tuple) and formula[0] == "minus":
            for position, part in enumerate(formula[1:]):
                self._terms(part, names, terms, negative=negative ^ (position == 1 or len(formula) == 2))
        else:
            node = self.of(formula, names)
            terms.append(self.negate(node) if negative else node)

    def _parted(self, nodes: Iterable[Node], join: Any) -> list[Node]:
        """The numbers as one node, the given ones with it as one, then the varying ones."""
        nodes = list(nodes)
        known = [node for node in nodes if self.levels[node] < Level.VARYING]
        known.sort(key=lambda node: self.levels[node])
        rest = [node for node in nodes if self.levels[node] == Level.VARYING]
        return [reduce(join, known), *rest] if known else rest

    def _power(self, base: Node, exponent: Node) -> Node:
        value = self.value(exponent)
        if value is None or not math.isfinite(value):
            return self._any_power(base, exponent)
        whole = math.floor(abs(value))
        if abs(value) - whole not in (0.0, 0.5) or whole > MOST_MULTIPLICATIONS:
            return self._any_power(base, exponent)
        power = self._whole_power(base, whole)
        if abs(value) != whole:
            root = self.call("sqrt", base)
            power = self.multiply(power, root)
        return self.reciprocal(power) if value < 0.0 else power

    def _any_power(self, base: Node, exponent: Node) -> Node:
        """exp(exponent ln base), whose logarithm other powers may share; the careful power where that has no value."""
        if max(self.levels[base], self.levels[exponent]) < Level.VARYING:
            return self.call("power", base, exponent)
        usual = self.call("exp", self.multiply(exponent, self.call("ln", base)))
        return self.node("power", usual, base, exponent)

    def _whole_power(self, base: Node, exponent: int) -> Node:
        if exponent == 0:
            return self.number(1.0)
        half = self._whole_power(base, exponent // 2)
        square = self.multiply(half, half)
        return self.multiply(square, base) if exponent % 2 else square


_LEVELS = {"parameter": Level.GIVEN, "constant": Level.GIVEN, "given": Level.GIVEN}


def _pairs(nodes: list[Node]) -> list[tuple[Node, Node]]:
    return list(itertools.pairwise(nodes))
