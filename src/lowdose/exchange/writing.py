"""Expressions written out, for people and for other programs: one printer, one style for each reader."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from lowdose.engine.expression import Expression
from lowdose.errors import InvalidInput

_SUM, _PRODUCT, _POWER, _ATOM = range(1, 5)
_RELATIONS = {"lt": "<", "le": "≤", "gt": ">", "ge": "≥", "eq": "=", "ne": "≠", "and": "and", "or": "or", "xor": "xor"}


class CannotBeWritten(InvalidInput):
    """A model, or a formula of it, that has no counterpart in a format."""


@dataclass(frozen=True)
class Style:
    """How a reader wants formulas written.

    Attributes
    ----------
    reader : str
        Its name, for refusals.
    name : callable
        Symbol of the model -> what it is called there.
    time : str
        The running time.
    functions : mapping of str to str
        Functions it knows, by the engine's name.
    times, divide, minus : str
        Signs between operands.
    power : str or callable
        Sign between base and exponent, or a function that writes the two texts.
    conditions : bool
        Whether a choice between values can be written: for people only.
    """

    reader: str
    name: Callable[[str], str]
    time: str
    functions: Mapping[str, str]
    times: str = " * "
    divide: str = " / "
    minus: str = " - "
    power: str | Callable[[str, str], str] = "^"
    conditions: bool = False
    number: Callable[[float], str] = field(default=lambda value: number(value))


def number(value: float) -> str:
    """A number as short as it can be without losing a digit.

    Examples
    --------
    >>> number(140.0), number(6.283185307179586), number(1e-7)
    ('140', '6.283185307179586', '1e-07')
    """
    return repr(int(value)) if value == int(value) and abs(value) < 1e15 else repr(value)


def write(expression: Expression, style: Style) -> str:
    """Write an expression with no more brackets than it needs.

    Raises
    ------
    CannotBeWritten
        If it holds an operator that the reader does not know.

    Examples
    --------
    >>> plain = Style("text", str, "t", {}, times="·")
    >>> write(("times", ("minus", "k"), ("minus", "x", ("plus", "y", 1.0))), plain)
    '-k·(x - (y + 1))'
    """
    return _Printer(style).text(expression)[0]


@dataclass(frozen=True)
class _Printer:
    style: Style

    def text(self, expression: Expression) -> tuple[str, int]:
        """The text, and how tightly it holds together."""
        if isinstance(expression, str):
            return self.style.name(expression), _ATOM
        if not isinstance(expression, tuple):
            text = self.style.number(float(expression))
            return text, _SUM if text.startswith("-") else _ATOM
        operator, *parts = expression
        if operator == "time":
            return self.style.time, _ATOM
        if operator in ("plus", "minus"):
            return self.sum(operator, parts)
        if operator in ("times", "divide"):
            return self.product(operator, parts)
        if operator == "power":
            return self.raised(*parts)
        if operator in self.style.functions:
            return f"{self.style.functions[operator]}({', '.join(self.text(part)[0] for part in parts)})", _ATOM
        if self.style.conditions:
            return self.choice(operator, parts)
        raise CannotBeWritten(
            f"{operator!r} cannot be written as {self.style.reader} code",
            where=f"a formula of the model: {expression}"[:160],
            remedy="export the model as sbml, which holds every formula",
        )

    def within(self, expression: Expression, tightness: int) -> str:
        text, own = self.text(expression)
        return f"({text})" if own < tightness else text

    def sum(self, operator: str, parts: Sequence[Expression]) -> tuple[str, int]:
        if not parts:
            return self.style.number(0.0), _ATOM
        if operator == "minus" and len(parts) == 1:
            return self.style.minus.strip() + self.within(parts[0], _PRODUCT), _SUM
        text = self.text(parts[0])[0]
        for part in parts[1:]:
            negative = isinstance(part, tuple) and part[0] == "minus" and len(part) == 2
            if negative and operator == "plus":
                text += self.style.minus + self.within(part[1], _PRODUCT)  # type: ignore[index]
            elif operator == "minus":
                text += self.style.minus + self.within(part, _PRODUCT)
            else:
                written = self.text(part)[0]
                text += " + " + (f"({written})" if written.startswith(("-", "−")) else written)
        return text, _SUM

    def product(self, operator: str, parts: Sequence[Expression]) -> tuple[str, int]:
        if not parts:
            return self.style.number(1.0), _ATOM
        first, *rest = parts
        if rest and isinstance(first, tuple) and first[0] == "minus" and len(first) == 2:
            return self.sum("minus", [(operator, first[1], *rest)])
        text = self.within(first, _PRODUCT)
        if text.startswith(("-", "−")):
            text = f"({text})"
        sign, tightness = (self.style.times, _PRODUCT) if operator == "times" else (self.style.divide, _POWER)
        for part in rest:
            text += sign + self.within(part, tightness)
        return text, _PRODUCT

    def raised(self, base: Expression, exponent: Expression) -> tuple[str, int]:
        if callable(self.style.power):
            return self.style.power(self.text(base)[0], self.text(exponent)[0]), _ATOM
        return self.within(base, _ATOM) + self.style.power + self.within(exponent, _ATOM), _POWER

    def choice(self, operator: str, parts: Sequence[Expression]) -> tuple[str, int]:
        if operator == "piecewise":
            pairs = zip(parts[0:-1:2], parts[1::2], strict=False)
            said = [f"{self.text(value)[0]} if {self.text(condition)[0]}" for value, condition in pairs]
            return f"{{{'; '.join(said)}; {self.text(parts[-1])[0]} otherwise}}", _ATOM
        if operator in _RELATIONS:
            return f" {_RELATIONS[operator]} ".join(self.within(part, _SUM) for part in parts), 0
        return f"{operator}({', '.join(self.text(part)[0] for part in parts)})", _ATOM
