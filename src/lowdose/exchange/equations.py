"""The model's equations to read: module by module, with values, units, provenance, grades and sources beneath."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from html import escape
from typing import Any

from lowdose.engine.expression import Expression
from lowdose.exchange.code import FUNCTIONS, by_module
from lowdose.exchange.structure import Number, Structure, in_words
from lowdose.exchange.writing import Style, number, write

_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
READABLE = Style(
    "text",
    str,
    "t",
    {**FUNCTIONS, "ln": "ln", "log10": "log₁₀", "abs": "abs", "floor": "floor", "ceiling": "ceiling", "sqrt": "√"},
    times=" · ",
    minus=" − ",
    power="^",
    conditions=True,
    number=lambda value: number(value).replace("-", "−"),
)
"""Formulas as people write them on one line."""


@dataclass(frozen=True)
class Equation:
    """One quantity of the model: what it is, and how it goes.

    Attributes
    ----------
    symbol, name, unit : str
        As in the model, in words, and of the quantity itself.
    kind : str
        ``rate`` (left side is its rate of change per hour), ``assigned`` (held at every moment) or ``start``.
    formula : Expression
        Right-hand side.
    initial : Expression or None
        Value at time 0, of a rate only.
    """

    symbol: str
    name: str
    unit: str
    kind: str
    formula: Expression
    initial: Expression | None

    @property
    def text(self) -> str:
        """On one line, a prime for the rate of change.

        Examples
        --------
        >>> Equation("x", "x", "mg", "rate", ("minus", ("times", "k", "x")), 1.0).text
        'x′ = −k · x'
        """
        return f"{self.symbol}{'′' if self.kind == 'rate' else ''} = {readable(self.formula)}"


@dataclass(frozen=True)
class Section:
    """A module with its equations, and the parameters that no earlier module uses."""

    title: str
    sentence: str
    equations: tuple[Equation, ...]
    numbers: tuple[Number, ...]


def readable(expression: Expression) -> str:
    """A formula on one line; fixed powers are raised.

    Examples
    --------
    >>> readable(("divide", ("power", "x", 2.0), ("plus", "y", 1.0)))
    'x² / (y + 1)'
    """
    written = write(expression, READABLE)
    return re.sub(r"\^(\d+)(?![\w.])", lambda power: power[1].translate(_RAISED), written)


def sections(model: Structure) -> tuple[Section, ...]:
    """The modules of a model with their equations.

    Examples
    --------
    >>> from lowdose.exchange.structure import structure
    >>> sections(structure())[0].equations[-1].text
    'naltrexol_peripheral′ = Qm / V1m · naltrexol_central − Qm / V2m · naltrexol_peripheral'
    """
    numbers: dict[str, list[Number]] = {}
    for title, group in by_module(model):
        numbers.setdefault(title, []).extend(group)
    found = []
    for module in model.modules:
        equations = tuple(_equation(model, quantity) for quantity in module.quantities)
        found.append(Section(module.title, module.sentence, equations, tuple(numbers.pop(module.title, ()))))
    found += [Section(title, "", (), tuple(left)) for title, left in numbers.items()]
    return tuple(found)


def _equation(model: Structure, quantity: str) -> Equation:
    rates, assigned = model.description.rates, model.description.assigned
    kind = "rate" if quantity in rates else "assigned" if quantity in assigned else "start"
    initial = model.initial(quantity) if kind == "rate" else None
    return Equation(quantity, in_words(quantity), model.unit(quantity), kind, model.formula(quantity), initial)


def text(model: Structure) -> str:
    """All equations as plain text.

    Examples
    --------
    >>> from lowdose.exchange.structure import structure
    >>> text(structure("imposed")).splitlines()[0]
    'The model: hypothesis imposed'
    """
    lines = [f"The model: hypothesis {model.hypothesis.name}", model.hypothesis.sentence, *_reading()]
    for section in sections(model):
        lines += ["", section.title, "=" * len(section.title), section.sentence, ""]
        for equation in section.equations:
            lines.append(f"  {equation.text}")
            lines.append(f"      {_beside(equation)}")
        lines.append("")
        for one in section.numbers:
            unit = "" if one.unit == "1" else f" {one.unit}"
            lines += [f"  {one.symbol} = {number(one.value)}{unit}   {one.name}"]
            lines += [f"      {'. '.join(filter(None, (one.trust, one.source)))}"]
    return "\n".join(lines) + "\n"


def markdown(model: Structure) -> str:
    """All equations as Markdown, parameters in tables.

    Examples
    --------
    >>> from lowdose.exchange.structure import structure
    >>> markdown(structure("imposed")).splitlines()[0]
    '# The model: hypothesis imposed'
    """
    lines = [f"# The model: hypothesis {model.hypothesis.name}", "", model.hypothesis.sentence, "", *_reading()]
    for section in sections(model):
        lines += ["", f"## {section.title}", "", section.sentence, ""]
        lines += [f"- `{equation.text}`  \n  {_beside(equation)}" for equation in section.equations]
        if section.numbers:
            lines += ["", "| symbol | value | unit | what it is | provenance, grade, species | source |"]
            lines += ["|---|---:|---|---|---|---|"]
        for one in section.numbers:
            cells = (f"`{one.symbol}`", number(one.value), one.unit, one.name, one.trust, one.source)
            lines.append(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |")
    return "\n".join(lines) + "\n"


def html(model: Structure) -> str:
    """All equations as one page that needs nothing else; formulas as MathML.

    Examples
    --------
    >>> from lowdose.exchange.structure import structure
    >>> "<mfrac>" in html(structure("imposed"))
    True
    """
    return "\n".join(_page(model)) + "\n"


def _page(model: Structure) -> Iterator[str]:
    from lowdose.exchange.mathematics import to_mathml

    title = f"The model: hypothesis {escape(model.hypothesis.name)}"
    yield f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>{title}</title><style>'
    yield "body{font-family:system-ui,sans-serif;max-width:70rem;margin:2rem auto;padding:0 1rem;color:#14202b}"
    yield "table{border-collapse:collapse;margin:1rem 0;font-size:.85rem}td,th{border:1px solid #d9dedb;"
    yield "padding:.3rem .5rem;text-align:left;vertical-align:top}td:last-child{overflow-wrap:anywhere}"
    yield "figure{margin:.8rem 0;overflow-x:auto}"
    yield "figcaption{color:#51606e;font-size:.85rem}math{font-size:1.1rem;text-align:left;margin-left:0}"
    yield "</style></head><body>"
    yield f"<h1>{title}</h1><p>{escape(model.hypothesis.sentence)}</p>"
    yield f"<p>{escape(' '.join(_reading()))}</p>"
    for section in sections(model):
        yield f"<h2>{escape(section.title)}</h2><p>{escape(section.sentence)}</p>"
        for equation in section.equations:
            formula = to_mathml(equation.symbol, equation.kind == "rate", equation.formula)
            yield f"<figure>{formula}<figcaption>{escape(_beside(equation))}</figcaption></figure>"
        if section.numbers:
            heads = ("symbol", "value", "unit", "what it is", "provenance, grade, species", "source")
            yield "<table><tr>" + "".join(f"<th>{head}</th>" for head in heads) + "</tr>"
            for one in section.numbers:
                cells = (one.symbol, number(one.value), one.unit, one.name, one.trust, one.source)
                yield "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in cells) + "</tr>"
            yield "</table>"
    yield "</body></html>"


def document(model: Structure) -> dict[str, Any]:
    """All equations as JSON.

    Examples
    --------
    >>> from lowdose.exchange.structure import structure
    >>> document(structure())["modules"][0]["parameters"][0]["symbol"]
    'one'
    """
    return {
        "modules": [
            {
                "title": section.title,
                "sentence": section.sentence,
                "equations": [
                    {
                        "symbol": equation.symbol,
                        "name": equation.name,
                        "unit": equation.unit,
                        "kind": equation.kind,
                        "text": equation.text,
                        "initial": None if equation.initial is None else readable(equation.initial),
                    }
                    for equation in section.equations
                ],
                "parameters": [_parameter(one) for one in section.numbers],
            }
            for section in sections(model)
        ]
    }


def _parameter(one: Number) -> dict[str, Any]:
    kept = {"provenance", "grade", "species", "source", "url"}
    said = one.found.model_dump(mode="json", include=kept) if one.found else {}
    return {
        "symbol": one.symbol,
        "value": one.value,
        "unit": one.unit,
        "name": one.name,
        "set_by_hypothesis": one.is_overridden,
        **said,
    }


def _beside(equation: Equation) -> str:
    """What stands beneath an equation: name, unit, where it begins."""
    unit = f"{equation.unit} per h" if equation.kind == "rate" else equation.unit
    begins = f"; at time 0: {readable(equation.initial)}" if equation.initial is not None else ""
    return f"{equation.name}, {unit}{begins}"


def _reading() -> tuple[str, ...]:
    return (
        "x′ is the rate of change of x per hour; t is hours since the start; unit 1 is a plain number.",
        "Each parameter stands under the first module that uses it.",
    )


FORMS: Mapping[str, Callable[[Structure], str]] = {"text": text, "markdown": markdown, "html": html}
"""Forms in which equations are written, each with what writes it."""
