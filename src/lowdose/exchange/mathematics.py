"""Formulas as presentation MathML, which every current browser draws by itself."""

from __future__ import annotations

from html import escape

from lowdose.engine.expression import Expression
from lowdose.exchange.writing import number

_SIGNS = {
    "lt": "&lt;",
    "le": "≤",
    "gt": "&gt;",
    "ge": "≥",
    "eq": "=",
    "ne": "≠",
    "and": "and",
    "or": "or",
    "xor": "xor",
}


def to_mathml(symbol: str, is_rate: bool, formula: Expression) -> str:
    """An equation as a ``math`` element; a rate of change with a prime.

    Examples
    --------
    >>> to_mathml("x", True, ("minus", "x"))
    '<math display="block"><msup><mi>x</mi><mo>′</mo></msup><mo>=</mo><mrow><mo>−</mo><mi>x</mi></mrow></math>'
    """
    left = f"<msup>{_name(symbol)}<mo>′</mo></msup>" if is_rate else _name(symbol)
    return f'<math display="block">{left}<mo>=</mo>{_element(formula)}</math>'


def _name(symbol: str) -> str:
    return f"<mi>{escape(symbol.replace('_', ' '))}</mi>"


def _element(formula: Expression) -> str:
    if isinstance(formula, str):
        return _name(formula)
    if not isinstance(formula, tuple):
        return f"<mn>{number(float(formula)).replace('-', '−')}</mn>"
    operator, *parts = formula
    if operator == "time":
        return "<mi>t</mi>"
    if operator == "divide":
        return f"<mfrac>{_element(parts[0])}{_element(parts[1])}</mfrac>"
    if operator == "power":
        return f"<msup>{_bracketed(parts[0], {'plus', 'minus', 'times', 'divide', 'power'})}{_element(parts[1])}</msup>"
    if operator == "sqrt":
        return f"<msqrt>{_element(parts[0])}</msqrt>"
    if operator == "times":
        return _row("<mo>·</mo>", [_bracketed(part, {"plus", "minus"}) for part in parts])
    if operator == "plus":
        return _row("<mo>+</mo>", [_element(part) for part in parts])
    if operator == "minus":
        if len(parts) == 1:
            return f"<mrow><mo>−</mo>{_bracketed(parts[0], {'plus', 'minus'})}</mrow>"
        return _row("<mo>−</mo>", [_element(parts[0]), _bracketed(parts[1], {"plus", "minus"})])
    if operator in _SIGNS:
        return _row(f"<mo>{_SIGNS[operator]}</mo>", [_element(part) for part in parts])
    if operator == "piecewise":
        rows = [
            f"<mtr><mtd>{_element(value)}</mtd><mtd><mtext>if </mtext>{_element(condition)}</mtd></mtr>"
            for value, condition in zip(parts[0:-1:2], parts[1::2], strict=False)
        ]
        rows.append(f"<mtr><mtd>{_element(parts[-1])}</mtd><mtd><mtext>otherwise</mtext></mtd></mtr>")
        return f"<mrow><mo>{{</mo><mtable>{''.join(rows)}</mtable></mrow>"
    inside = _row("<mo>,</mo>", [_element(part) for part in parts])
    return f"<mrow><mi>{operator}</mi><mo>(</mo>{inside}<mo>)</mo></mrow>"


def _row(sign: str, parts: list[str]) -> str:
    return f"<mrow>{sign.join(parts)}</mrow>"


def _bracketed(formula: Expression, operators: set[str]) -> str:
    """A part, in brackets where it would fall apart without them."""
    element = _element(formula)
    negative = isinstance(formula, (int, float)) and formula < 0
    if negative or (isinstance(formula, tuple) and formula[0] in operators):
        return f"<mrow><mo>(</mo>{element}<mo>)</mo></mrow>"
    return element
