"""Python source made from a model's description: rates, Jacobian, start, and what can be put out.

``make(parameters, constants)`` does all arithmetic that no state enters, once, and returns two functions of (t, y):
the rates of change, and the entries of the Jacobian listed in `Code.jacobian`. Terms that occur twice are computed
once. The same source runs with plain floats (fast) and with numpy's numbers (IEEE infinities): see `printing`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from lowdose.engine.expression import TIME, Expression, NotDifferentiable, symbols, walk
from lowdose.engine.jacobian import jacobian, needed, varying
from lowdose.engine.printing import local, scalar, vector
from lowdose.engine.sbml import Description, ordered

__all__ = ["Code", "generate"]


@dataclass(frozen=True, slots=True)
class Code:
    """What is generated.

    Attributes
    ----------
    source : str
        Defines ``start(parameters, t)`` and ``make(parameters, constants)``.
    jacobian : tuple of int, or None
        Positions, row * n + column, of the entries in the order ``make``'s second function returns them;
        None where the model cannot be differentiated.
    outputs : dict of str to (source, names used)
        Array formula of each assigned name, each after those it uses.
    autonomous : bool
        Time enters no rate.
    """

    source: str
    jacobian: tuple[int, ...] | None
    outputs: dict[str, tuple[str, tuple[str, ...]]]
    autonomous: bool


def generate(model: Description) -> Code:
    """Generate the code of a model.

    Examples
    --------
    >>> model = Description({"x": ("minus", ("times", "k", "x"))}, {"x": 1.0}, {"k": 0.1}, {}, {}, {})
    >>> generate(model).jacobian
    (0,)
    """
    given = {*model.parameters, *model.constants}
    moves = varying(model)
    fixed = {name: formula for name, formula in model.assigned.items() if name not in moves}
    kernel = _Kernel(given | set(fixed))
    moving = {name: formula for name, formula in model.assigned.items() if name in moves}
    used = needed(model.rates.values(), moving)
    rates = kernel.function("rates", model, used, list(model.rates.values()))
    positions: tuple[int, ...] | None = None
    try:
        slopes = jacobian(model, used)
        matrix = kernel.function("jacobian", model, slopes.definitions, list(slopes.entries.values()))
        positions = tuple(row * len(model.rates) + column for row, column in slopes.entries)
    except NotDifferentiable:
        matrix = ["    jacobian = None"]
    source = [*_start(model), "", "", *_make(model, fixed, kernel), *rates, *matrix, "    return rates, jacobian"]
    outputs = {name: (vector(formula), tuple(sorted(symbols(formula)))) for name, formula in model.assigned.items()}
    timed = any(part == TIME for formula in (*model.rates.values(), *used.values()) for part in walk(formula))
    return Code("\n".join(source) + "\n", positions, outputs, not timed)


def _start(model: Description) -> list[str]:
    """Source of the function that gives constants and states at a start."""
    formulas = {**model.constants, **model.initial, **model.assigned}
    lines = ["def start(parameters, t):", *_unpack(model.parameters, "parameters", "    ")]
    wanted = needed([*model.constants.values(), *model.initial.values()], model.assigned)
    for name, formula in ordered(formulas, "initial assignments").items():
        if name in wanted or name not in model.assigned:
            lines.append(f"    {local(name)} = {scalar(formula)}")
    return [*lines, f"    return {_tuple(map(local, model.constants))}, {_tuple(map(local, model.initial))}"]


def _make(model: Description, fixed: Mapping[str, Expression], kernel: _Kernel) -> list[str]:
    lines = [
        "def make(parameters, constants):",
        *_unpack(model.parameters, "parameters", "    "),
        *_unpack(model.constants, "constants", "    "),
    ]
    used = {part for formula in kernel.hoisted for part in symbols(formula)} | kernel.used
    lines += [f"    {local(k)} = {scalar(v)}" for k, v in fixed.items() if k in needed(list(used), fixed)]
    return [*lines, *kernel.hoisted_lines()]


def _unpack(names: Iterable[str], source: str, indent: str) -> list[str]:
    names = list(names)
    return [f"{indent}{_tuple(map(local, names))} = {source}"] if names else []


def _tuple(parts: Iterable[str]) -> str:
    return "(" + "".join(f"{part}, " for part in parts) + ")"


@dataclass
class _Kernel:
    """Prints functions of (t, y) that share what is computed beforehand."""

    given: set[str]
    hoisted: dict[Expression, str] = field(default_factory=dict)
    used: set[str] = field(default_factory=set)

    def function(
        self, name: str, model: Description, definitions: Mapping[str, Expression], results: Sequence[Expression]
    ) -> list[str]:
        """Source of one function: definitions in turn, then the tuple of results."""
        grouped = {key: self.group(formula) for key, formula in definitions.items()}
        finals = [self.group(formula) for formula in results]
        counts: Counter[Expression] = Counter()
        for formula in (*grouped.values(), *finals):
            _count(formula, counts)
        names: dict[Expression, str] = {key: f"d{i}" for i, key in enumerate(grouped) if " " in key}
        for formula in (*grouped.values(), *finals):
            self.hoist(formula, names)
        states = [local(state) for state in model.rates]
        lines = [f"    def {name}(t, y):", f"        {_tuple(states)} = y"]
        for key, formula in grouped.items():
            self.share(formula, counts, names, lines)
            lines.append(f"        {names.get(key, local(key))} = {scalar(formula, names)}")
        for formula in finals:
            self.share(formula, counts, names, lines)
        return [*lines, f"        return {_tuple(scalar(formula, names) for formula in finals)}"]

    def group(self, formula: Expression) -> Expression:
        """Bring the known factors of a product (terms of a sum) together, so that they can be hoisted as one."""
        if not isinstance(formula, tuple):
            return formula
        parts = [self.group(part) for part in formula[1:]]
        if formula[0] in ("plus", "times"):
            known = [part for part in parts if self.is_known(part)]
            if 1 < len(known) < len(parts):
                parts = [(formula[0], *known), *(part for part in parts if not self.is_known(part))]
        return (formula[0], *parts)

    def is_known(self, formula: Expression) -> bool:
        return all(part != TIME and (not isinstance(part, str) or part in self.given) for part in walk(formula))

    def hoist(self, formula: Expression, names: dict[Expression, str]) -> None:
        """Name the largest parts that no state enters; a piecewise is left whole, its branches may not be defined."""
        if not isinstance(formula, tuple):
            if isinstance(formula, str) and formula in self.given:
                self.used.add(formula)
        elif self.is_known(formula):
            names[formula] = self.hoisted.setdefault(formula, f"h{len(self.hoisted)}")
        elif formula[0] == "piecewise":
            self.used |= symbols(formula) & self.given
        else:
            for part in formula[1:]:
                self.hoist(part, names)

    def hoisted_lines(self) -> list[str]:
        return [f"    {name} = {scalar(formula)}" for formula, name in self.hoisted.items()]

    def share(
        self, formula: Expression, counts: Counter[Expression], names: dict[Expression, str], lines: list[str]
    ) -> None:
        """Compute what occurs more than once before its first use."""
        if not isinstance(formula, tuple) or formula in names or formula[0] == "piecewise":
            return
        for part in formula[1:]:
            self.share(part, counts, names, lines)
        if counts[formula] > 1 and formula != TIME:
            lines.append(f"        s{len(lines)} = {scalar(formula, names)}")
            names[formula] = f"s{len(lines) - 1}"


def _count(formula: Expression, counts: Counter[Expression]) -> None:
    """How often each part occurs; the parts of a repeated part count once, a piecewise is not looked into."""
    if isinstance(formula, tuple):
        counts[formula] += 1
        if counts[formula] == 1 and formula[0] != "piecewise":
            for part in formula[1:]:
                _count(part, counts)
