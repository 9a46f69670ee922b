"""A model's rates and Jacobian as straight lines of Python that Numba and JAX compile: the peers' right-hand side.

Every distinct term is computed once. What no state enters (ratios of parameters, ...) is computed beforehand, once per
person, and divisions by it become multiplications; half-integer powers become square roots. So the peers get what the
engine gives itself.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from lowdose.engine.expression import TIME, Expression, derivative
from lowdose.engine.sbml import Description

_FUNCTIONS = {"exp": "exp", "ln": "log", "sqrt": "sqrt", "sin": "sin", "cos": "cos"}


@dataclass
class _Lines:
    """Terms in single assignment: the same term is the same line."""

    names: dict[str, str] = field(default_factory=dict)
    source: dict[str, str] = field(default_factory=dict)
    uses: dict[str, tuple[str, ...]] = field(default_factory=dict)
    known: set[str] = field(default_factory=set)

    def line(self, source: str, *uses: str) -> str:
        """The name of a term; terms of known things only are known."""
        if source not in self.names:
            name = f"v{len(self.names)}"
            self.names[source], self.source[name], self.uses[name] = name, source, uses
            if all(self.is_known(one) for one in uses):
                self.known.add(name)
        return self.names[source]

    def is_known(self, name: str) -> bool:
        return name in self.known or not name[0].isalpha()

    def product(self, above: list[str], below: list[str]) -> str:
        """Known factors together, then the rest."""
        above = [one for one in above if one != "1.0"]
        known_above, known_below = ([one for one in part if self.is_known(one)] for part in (above, below))
        top = [one for one in sorted(above) if not self.is_known(one)]
        bottom = [one for one in sorted(below) if not self.is_known(one)]
        if known_above or known_below:
            factor = self.quotient(known_above, known_below)
            if not (top or bottom):
                return factor
            top.insert(0, factor)
        return self.quotient(top, bottom)

    def quotient(self, above: list[str], below: list[str]) -> str:
        top = self.fold("*", above) if above else "1.0"
        if not below:
            return top
        bottom = self.fold("*", below)
        return self.line(f"{top} / {bottom}", top, bottom)

    def fold(self, operator: str, parts: list[str]) -> str:
        total = parts[0]
        for part in parts[1:]:
            total = self.line(f"{total} {operator} {part}", total, part)
        return total

    def sum(self, plus: list[str], minus: list[str]) -> str:
        """Known terms together, then the rest."""
        groups = []
        for wanted in (True, False):
            up = [one for one in plus if self.is_known(one) is wanted]
            down = [one for one in minus if self.is_known(one) is wanted]
            if up or down:
                total = self.fold("+", up) if up else self.line(f"-{down[0]}", down[0])
                groups.append(self.fold("-", [total, *(down if up else down[1:])]))
        return self.fold("+", groups)

    def power(self, base: str, exponent: str | float) -> str:
        if isinstance(exponent, str):
            return self.line(f"{base}**{exponent}", base, exponent)
        twice = round(2.0 * exponent)
        if abs(2.0 * exponent - twice) > 0.0 or abs(twice) > 12:
            return self.line(f"{base}**{exponent!r}", base)
        factors = [base] * (abs(twice) // 2)
        if twice % 2:
            factors.append(self.line(f"sqrt({base})", base))
        power = self.fold("*", factors) if factors else "1.0"
        return power if twice >= 0 else self.quotient([], [power])


class _Writer:
    """Turns expressions into lines."""

    def __init__(self, model: Description) -> None:
        self.definitions: dict[str, Expression] = {**model.constants, **model.assigned}
        self.lines = _Lines()
        self.symbols = {name: f"y{position}" for position, name in enumerate(model.rates)}
        self.symbols |= {name: f"p{position}" for position, name in enumerate(model.parameters)}
        self.lines.known |= {self.symbols[name] for name in model.parameters}

    def write(self, expression: Expression) -> str:
        if isinstance(expression, (bool, float, int)):
            return repr(float(expression))
        if isinstance(expression, str):
            if expression not in self.symbols:
                self.symbols[expression] = self.write(self.definitions[expression])
            return self.symbols[expression]
        if expression == TIME:
            return "t"
        operator = expression[0]
        if operator in ("times", "divide"):
            return self.lines.product(*self.factors(expression))
        if operator in ("plus", "minus"):
            return self.lines.sum(*self.terms(expression))
        if operator == "power":
            exponent = expression[2] if isinstance(expression[2], float) else self.write(expression[2])
            return self.lines.power(self.write(expression[1]), exponent)
        argument = self.write(expression[1])
        return self.lines.line(f"{_FUNCTIONS[operator]}({argument})", argument)

    def factors(self, expression: Expression) -> tuple[list[str], list[str]]:
        above: list[str] = []
        below: list[str] = []
        if isinstance(expression, tuple) and expression[0] == "times":
            for part in expression[1:]:
                top, bottom = self.factors(part)
                above, below = above + top, below + bottom
        elif isinstance(expression, tuple) and expression[0] == "divide":
            (top, bottom), (more_below, more_above) = self.factors(expression[1]), self.factors(expression[2])
            above, below = top + more_above, bottom + more_below
        else:
            above = [self.write(expression)]
        return above, below

    def terms(self, expression: Expression) -> tuple[list[str], list[str]]:
        plus: list[str] = []
        minus: list[str] = []
        if isinstance(expression, tuple) and expression[0] == "plus":
            for part in expression[1:]:
                up, down = self.terms(part)
                plus, minus = plus + up, minus + down
        elif isinstance(expression, tuple) and expression[0] == "minus":
            *first, last = expression[1:]
            for part in first:
                up, down = self.terms(part)
                plus, minus = plus + up, minus + down
            up, down = self.terms(last)
            plus, minus = plus + down, minus + up
        else:
            plus = [self.write(expression)]
        return plus, minus


class Equations:
    """A model's straight-line code.

    Attributes
    ----------
    states, parameters : tuple of str
        Order of the arrays ``y`` and ``p``.
    rows, columns : tuple of int
        Where the entries of the Jacobian stand, row by row.

    Examples
    --------
    >>> model = Description({"x": ("minus", ("times", "k", "x"))}, {"x": 1.0}, {"k": 0.1}, {}, {}, {})
    >>> print(Equations(model).rates())
    def rates(t, y, k, out):
        y0 = y[0]
        k0 = k[0]
        v0 = k0 * y0
        v1 = -v0
        out[0] = v1
    """

    def __init__(self, model: Description) -> None:
        self.model = model
        self.states, self.parameters = tuple(model.rates), tuple(model.parameters)
        self._writer = _Writer(model)
        self._rates = [self._writer.write(formula) for formula in model.rates.values()]
        entries = self._slopes()
        self.rows, self.columns = tuple(row for row, _ in entries), tuple(column for _, column in entries)
        self._entries = [self._writer.write(formula) for formula in entries.values()]
        self._initial = [self._writer.write(formula) for formula in model.initial.values()]
        self._kept = self._known_at_the_border()

    def start(self) -> str:
        """``start(t, p, out)``: the states before any dose."""
        return self._function("start(t, p, out)", self._initial, known=True)

    def prepare(self) -> str:
        """``prepare(p, k)``: what is known once a person's parameters are."""
        return self._function("prepare(p, k)", list(self._kept), known=True, target=lambda n: f"k[{n}]")

    def rates(self) -> str:
        """``rates(t, y, k, out)``."""
        return self._function("rates(t, y, k, out)", self._rates)

    def rates_returned(self) -> str:
        """``rates(t, y, k)`` that returns a tuple."""
        return self._function("rates(t, y, k)", self._rates, target=None)

    def jacobian(self, target: Callable[[int], str]) -> str:
        """``jacobian(t, y, k, out)``; ``target(n)`` says where entry n goes."""
        return self._function("jacobian(t, y, k, out)", self._entries, target=target)

    @property
    def size_known(self) -> int:
        """Length of ``k``."""
        return len(self._kept)

    def _slopes(self) -> dict[tuple[int, int], Expression]:
        """Entries of the Jacobian by the chain rule through what is assigned."""
        total: dict[tuple[str, str], Expression] = {}

        def along(state: str, formula: Expression) -> Expression:
            return derivative(formula, lambda name: 1.0 if name == state else total.get((name, state), 0.0))

        for name, formula in self.model.assigned.items():
            for state in self.states:
                slope = along(state, formula)
                if isinstance(slope, tuple):
                    symbol = f"{name} by {state}"
                    self._writer.definitions[symbol], slope = slope, symbol
                if slope != 0.0:
                    total[name, state] = slope
        entries = {}
        for row, formula in enumerate(self.model.rates.values()):
            for column, state in enumerate(self.states):
                slope = along(state, formula)
                if slope != 0.0:
                    entries[row, column] = slope
        return entries

    def _known_at_the_border(self) -> dict[str, int]:
        """Known names that changing lines, or results, use directly, and their places in ``k``."""
        lines = self._writer.lines
        results = [*self._rates, *self._entries]
        moving = [one for one in self._needed(results) if one not in lines.known]
        used = [*results, *(use for one in moving for use in lines.uses[one])]
        return {name: place for place, name in enumerate(dict.fromkeys(one for one in used if one in lines.known))}

    def _needed(self, results: Iterable[str]) -> list[str]:
        """Lines that results rest on, in order."""
        lines = self._writer.lines
        wanted = set(results)
        for name in reversed(lines.source):
            if name in wanted:
                wanted |= set(lines.uses[name])
        return [name for name in lines.source if name in wanted]

    def _function(
        self,
        signature: str,
        results: list[str],
        *,
        known: bool = False,
        target: Callable[[int], str] | None = "out[{}]".format,
    ) -> str:
        lines = self._writer.lines
        needed = [one for one in self._needed(results) if known or one not in lines.known]
        used = {*results, *(use for one in needed for use in lines.uses[one])}
        names = {name: name if known else f"k{place}" for name, place in self._kept.items()}
        body = [f"y{n} = y[{n}]" for n in range(len(self.states)) if f"y{n}" in used]
        if known:
            body += [f"p{n} = p[{n}]" for n in range(len(self.parameters)) if f"p{n}" in used]
        else:
            body += [f"k{place} = k[{place}]" for name, place in self._kept.items() if name in used]
        renumbered = dict(names)
        for name in needed:
            renumbered[name] = f"v{len(renumbered) - len(names)}" if not known else name
            words = [renumbered.get(word, word) for word in _words(lines.source[name])]
            body.append(f"{renumbered[name]} = {''.join(words)}")
        found = [renumbered.get(one, one) for one in results]
        if target is None:
            body.append(f"return ({', '.join(found)},)")
        else:
            body += [f"{target(n)} = {one}" for n, one in enumerate(found)]
        return "\n    ".join([f"def {signature}:", *body])


def _words(source: str) -> list[str]:
    return re.split(r"(\b[a-z]\w*)", source)
