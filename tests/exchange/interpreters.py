"""A second reading of exported model code, independent of what wrote it: text -> assignments -> numbers.

Nothing here knows the model or lowdose: each reader knows only the language of its format.
"""

from __future__ import annotations

import ast
import math
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from types import CodeType

import numpy as np
from scipy.integrate import solve_ivp

FUNCTIONS = {"pow": math.pow, "log": math.log, "fabs": abs, "abs": abs}
FUNCTIONS |= {name: getattr(math, name) for name in ("exp", "sqrt", "sin", "cos", "tan", "sinh", "cosh", "tanh")}
FUNCTIONS |= {name.upper(): function for name, function in FUNCTIONS.items()}
ALLOWED = (ast.Expression, ast.BinOp, ast.UnaryOp, ast.Call, ast.Name, ast.Load, ast.Constant)
ALLOWED += (ast.Add, ast.Sub, ast.Mult, ast.Div, ast.Pow, ast.USub)


def formula(text: str) -> str:
    """The text, if it holds arithmetic and nothing else."""
    for node in ast.walk(ast.parse(text.strip(), mode="eval")):
        assert isinstance(node, ALLOWED), f"{type(node).__name__} in {text}"
    return text.strip()


@dataclass
class Code:
    """Assignments in the order in which they stand, by the block they stand in."""

    parameters: list[tuple[str, float]] = field(default_factory=list)
    compartments: list[str] = field(default_factory=list)
    start: list[tuple[str, str]] = field(default_factory=list)  # initial values, by compartment
    shares: dict[str, str] = field(default_factory=dict)
    equations: list[tuple[str, str]] = field(default_factory=list)  # assigned, then used by rates
    rates: dict[str, str] = field(default_factory=dict)
    table: list[tuple[str, str]] = field(default_factory=list)
    time: str = "t"
    table_time: str = "t"
    indexed: bool = False  # compartments are A(n), not names

    def scope(self, amounts: np.ndarray) -> dict[str, object]:
        assert len({name for name, _ in self.parameters}) == len(self.parameters)
        found: dict[str, object] = {**FUNCTIONS, **dict(self.parameters), "__builtins__": {}}
        if self.indexed:
            return {**found, "A": lambda n: amounts[n - 1]}
        return {**found, **dict(zip(self.compartments, amounts, strict=True))}

    def initial(self) -> np.ndarray:
        values = np.zeros(len(self.compartments))
        for name, code in self.start:
            values[self.compartments.index(name)] = eval(code, self.scope(values))
        return values

    def rate(self, time: float, amounts: np.ndarray) -> list[float]:
        scope = self.scope(amounts) | {self.time: time}
        exec(self.compiled, scope)
        return scope["rates"]

    @cached_property
    def compiled(self) -> CodeType:
        rates = ", ".join(self.rates[name] for name in self.compartments)
        lines = [f"{name} = {text}" for name, text in self.equations] + [f"rates = [{rates}]"]
        return compile("\n".join(lines), "rates", "exec")

    def report(self, time: float, amounts: np.ndarray) -> dict[str, float]:
        scope = self.scope(amounts) | {self.table_time: time}
        for name, code in self.table:
            scope[name] = eval(code, scope)
        return {name: scope[name] for name, _ in self.table}

    def run(self, doses: dict[str, float], times: np.ndarray) -> np.ndarray:
        """Amounts (compartment, time) after doses at time 0."""
        amounts = self.initial()
        for name, amount in doses.items():
            share = dict(self.parameters)[self.shares[name]] if name in self.shares else 1.0
            amounts[self.compartments.index(name)] += share * amount
        course = solve_ivp(self.rate, (0.0, times[-1]), amounts, "LSODA", times, rtol=1e-9, atol=1e-12)
        assert course.success
        return course.y


def blocks(text: str, mark: str) -> dict[str, list[str]]:
    """Lines without comments by $BLOCK."""
    found: dict[str, list[str]] = {}
    name = ""
    for line in text.splitlines():
        line = line.split(mark)[0].strip()
        if line.startswith("$"):
            name, _, line = line.partition(" ")
        if line:
            found.setdefault(name, []).append(line)
    return found


def read_mrgsolve(text: str) -> Code:
    parts = blocks(text, "//")
    code = Code(time="SOLVERTIME", table_time="TIME", compartments=parts["$CMT"])
    code.parameters = [(n.strip(), float(v)) for n, v in (line.split("=") for line in parts["$PARAM"])]
    declared: set[str] = set()
    for name, value in _assignments(parts["$MAIN"], declared):
        if name.endswith("_0"):
            code.start.append((name.removesuffix("_0"), formula(value)))
        else:
            code.shares[name.removeprefix("F_")] = value
    for name, value in _assignments(parts["$ODE"], declared):
        if name.startswith("dxdt_"):
            code.rates[name.removeprefix("dxdt_")] = formula(value)
        else:
            code.equations.append((name, formula(value)))
    code.table = [(name, formula(value)) for name, value in _assignments(parts["$TABLE"], declared)]
    assert set(parts["$CAPTURE"]) <= {name for name, _ in code.table}
    return code


def _assignments(lines: list[str], declared: set[str]) -> list[tuple[str, str]]:
    """C assignments; a variable is declared once, before or where it is first set."""
    found = []
    for line in lines:
        match = re.fullmatch(r"(double )?(\w+) = (.+);", line)
        assert match, line
        if match[1]:
            assert match[2] not in declared, f"{match[2]} declared twice"
            declared.add(match[2])
        else:
            assert match[2] in declared or re.match(r"(dxdt|F)_\w+$|\w+_0$", match[2]), f"{match[2]} not declared"
        found.append((match[2], match[3]))
    return found


def read_rxode2(text: str) -> Code:
    lines = [line.split("#")[0].strip() for line in text.splitlines()]
    body = [line for line in lines if line]
    assert re.fullmatch(r"\w+ <- rxode2::rxode2\(\{", body[0])
    assert body[-1] == "})"
    code, after = Code(), False
    for line in body[1:-1]:
        left, right = line.split(" = ")
        value = right.replace("^", "**")
        if match := re.fullmatch(r"d/dt\((\w+)\)", left):
            code.compartments.append(match[1])
            code.rates[match[1]] = formula(value)
            after = True
        elif match := re.fullmatch(r"f\((\w+)\)", left):
            code.shares[match[1]] = right
        elif match := re.fullmatch(r"(\w+)\(0\)", left):
            code.start.append((match[1], formula(value)))
        elif re.fullmatch(r"[-+.\de]+", right):
            code.parameters.append((left, float(right)))
        else:
            (code.table if after else code.equations).append((left, formula(value)))
    code.table = [*code.equations, *code.table]
    return code


def read_nonmem(text: str) -> Code:
    assert max(len(line.split(";")[0]) for line in text.splitlines()) <= 80
    assert text.isascii()
    joined = re.sub(r"&\s*\n\s*", "", text)
    parts = blocks(joined, ";")
    code = Code(time="T", table_time="TIME", indexed=True)
    code.compartments = [re.fullmatch(r"COMP=\((\w+)\)", line)[1] for line in parts["$MODEL"]]
    names = set(code.compartments)
    for line in parts["$PK"]:
        left, right = line.split(" = ")
        if match := re.fullmatch(r"A_0\((\d+)\)", left):
            code.start.append((code.compartments[int(match[1]) - 1], formula(right)))
        elif match := re.fullmatch(r"F(\d+)", left):
            code.shares[code.compartments[int(match[1]) - 1]] = right
        else:
            code.parameters.append((left, float(right)))
    assigned = {name for name, _ in code.parameters}
    for line in parts["$DES"]:
        left, right = line.split(" = ")
        if match := re.fullmatch(r"DADT\((\d+)\)", left):
            code.rates[code.compartments[int(match[1]) - 1]] = formula(right)
        else:
            code.equations.append((left, formula(right)))
    for line in parts["$ERROR"]:
        left, right = line.split(" = ")
        if left not in ("Y", "IPRED"):
            code.table.append((left, formula(right)))
    for name, _ in (*code.equations, *code.table):
        assert name not in assigned, f"{name} assigned twice"
        assigned.add(name)
    for name in names | assigned:
        assert re.fullmatch(r"[A-Z][A-Z0-9_]{0,19}", name), name
    return code


READERS: dict[str, Callable[[str], Code]] = {
    "mrgsolve": read_mrgsolve,
    "rxode2": read_rxode2,
    "nonmem": read_nonmem,
}
