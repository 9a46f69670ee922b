"""The functions a step needs, made from a model's description and written as code over lanes.

Each is a list of nodes of one graph and the rows of the workspace that they are stored to:

=========  =====================================================================================================
start      constants and initial states at a time, from the parameters
given      what follows from parameters and constants alone; computed again when they change
observe    everything that can be put out, from states at a time
rates      rates of change, inflow included
first      rates, their slopes in time, the factorised matrix and the first stage of a step
stage      one further stage
=========  =====================================================================================================
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import llvmlite.ir as ir

from lowdose.engine.expression import TIME, walk
from lowdose.engine.jacobian import Slopes, jacobian, needed, slopes_in_time, varying
from lowdose.engine.native.code import DOUBLE, Code, Layout, lanes_type
from lowdose.engine.native.factor import Factors, factorise
from lowdose.engine.native.graph import Graph, Level, Node
from lowdose.engine.native.machine import Machine
from lowdose.engine.native.rodas5p import TIME_SLOPES
from lowdose.engine.sbml import Description, ordered

__all__ = ["Equations"]

_LEAVES = frozenset({"input", "number", "truth"})
_RISKY = frozenset({"reciprocal", "call", "power"})
_TAME = frozenset({"sin", "cos", "arctan", "tanh", "abs", "floor", "ceiling", "min", "max", "exp"})


@dataclass(frozen=True, slots=True)
class _Task:
    """Nodes to compute, each with the region and row it goes to, and where inputs are read from."""

    results: tuple[tuple[Node, str, int], ...]
    read: Mapping[str, str]


class Equations:
    """A model as tasks; `layout` is complete once it is made.

    Parameters
    ----------
    model : Description
    """

    def __init__(self, model: Description) -> None:
        self.model = model
        self.graph = Graph()
        self._risky: list[bool] = []
        self.states = {name: row for row, name in enumerate(model.rates)}
        moves = varying(model)
        self.moving = needed(model.rates.values(), {k: v for k, v in model.assigned.items() if k in moves})
        self.timed = any(
            part == TIME for formula in (*model.rates.values(), *self.moving.values()) for part in walk(formula)
        )
        self.names = self._names()
        self.size = len(self.states)
        self.tasks = self._tasks()
        self.slots: dict[Node, int] = {}
        for name, task in self.tasks.items():
            if name != "start":  # there, nothing is given yet but the parameters
                self._hoist(task)
        self.tasks["given"] = _Task(tuple((node, "given", slot) for node, slot in self.slots.items()), {})

    def regions(self) -> dict[str, int]:
        """Rows of each region of the workspace that the tasks read or write."""
        model, size = self.model, self.size
        return {
            "state": size,
            "stage": size,
            "right": size,
            "increment": 8 * size,
            "rate": size,
            "drift": len(self.drifting),
            "inflow": size,
            "factor": len(self.factors_kept),
            "given": len(self.slots),
            "observed": size + len(model.assigned) + len(model.constants),
            "fresh": size + len(model.constants),
            "constant": len(model.constants),
            "parameter": len(model.parameters),
        }

    @property
    def observable(self) -> tuple[str, ...]:
        """Names in the order of the rows of ``observed``."""
        return (*self.states, *self.model.assigned, *self.model.constants)

    # From formulas to nodes

    def _names(self) -> dict[str, Node]:
        names = {name: self.graph.input("state", row) for name, row in self.states.items()}
        names |= {name: self.graph.input("parameter", row) for row, name in enumerate(self.model.parameters)}
        names |= {name: self.graph.input("constant", row) for row, name in enumerate(self.model.constants)}
        for name, formula in self.model.assigned.items():
            names.setdefault(name, self.graph.of(formula, names))
        return names

    def _tasks(self) -> dict[str, _Task]:
        graph, size = self.graph, self.size
        rates = [graph.of(formula, self.names) for formula in self.model.rates.values()]
        inflow = [graph.input("inflow", row) for row in range(size)]
        whole = [graph.node("add", *pair) for pair in zip(rates, inflow, strict=True)]
        drift = self._drift()
        factors = factorise(graph, size, self._matrix())
        share = graph.multiply(graph.number(TIME_SLOPES[0]), graph.input("length", 0))
        right = [graph.add(rate, graph.multiply(share, drift[row])) for row, rate in enumerate(whole)]
        first = [(node, "increment", row) for row, node in enumerate(factors.solve(graph, right))]
        self.drifting = tuple(row for row, node in enumerate(drift) if graph.value(node) != 0.0)
        first += [(drift[row], "drift", number) for number, row in enumerate(self.drifting)]
        kept, self.factors_kept = self._kept(factors)
        first += [(node, "factor", slot) for node, slot in self.factors_kept.items()]
        staged = [graph.node("add", rate, graph.input("right", row)) for row, rate in enumerate(rates)]
        stage = [(node, "increment", row) for row, node in enumerate(kept.solve(graph, staged))]
        observed = [(self.names[name], "observed", row) for row, name in enumerate(self.observable)]
        return {
            "start": _Task(tuple(self._start()), {}),
            "observe": _Task(tuple(observed[size:]), {"state": "observed"}),
            "rates": _Task(tuple((node, "rate", row) for row, node in enumerate(whole)), {}),
            "first": _Task(tuple(first), {}),
            "stage": _Task(tuple(stage), {"state": "stage"}),
        }

    def _start(self) -> list[tuple[Node, str, int]]:
        """Constants and initial states, whose formulas may use each other and what is assigned."""
        model, graph = self.model, self.graph
        names = {name: graph.input("parameter", row) for row, name in enumerate(model.parameters)}
        formulas = {**model.constants, **model.initial, **model.assigned}
        wanted = needed([*model.constants.values(), *model.initial.values()], ordered(model.assigned, "rules"))
        used = {k: v for k, v in formulas.items() if k in wanted or k not in model.assigned}
        for name, formula in ordered(used, "initial assignments").items():
            names[name] = graph.of(formula, names)
        return [(names[name], "fresh", row) for row, name in enumerate((*self.states, *model.constants))]

    def _slopes(self, slopes: Slopes) -> dict[tuple[int, int], Node]:
        names = self.names
        for name, formula in slopes.definitions.items():
            if name not in names:
                names[name] = self.graph.of(formula, names)
        return {place: self.graph.of(formula, names) for place, formula in slopes.entries.items()}

    def _drift(self) -> list[Node]:
        found = self._slopes(slopes_in_time(self.model, self.moving)) if self.timed else {}
        return [self._tamed(found.get((row, 0), self.graph.number(0.0))) for row in range(self.size)]

    def _matrix(self) -> dict[tuple[int, int], Node]:
        """1/(h gamma) - J. A slope without a value counts as none: the error estimate sees what that costs."""
        graph = self.graph
        matrix = {(row, row): graph.input("shift", 0) for row in range(self.size)}
        for place, slope in self._slopes(jacobian(self.model, self.moving, unknown=0.0)).items():
            matrix[place] = graph.subtract(matrix.get(place, graph.number(0.0)), self._tamed(slope))
        return matrix

    def _tamed(self, slope: Node) -> Node:
        """0 where the slope is not finite, if it can be that at all."""
        graph = self.graph
        if graph.levels[slope] == Level.NUMBER or not self._is_risky(slope):
            return slope
        level = graph.levels[slope]
        finite = graph.node("compare", "eq", graph.node("subtract", slope, slope), graph.number(0.0), level=level)
        return graph.node("select", finite, slope, graph.number(0.0))

    def _is_risky(self, node: Node) -> bool:
        """Whether a division or function of what varies enters; sums and products of finite values are finite."""
        for number in range(len(self._risky), node + 1):  # a node comes after those it uses
            operation, *arguments = self.graph.nodes[number]
            function = arguments[0] if operation == "call" else operation
            operands = [] if operation in _LEAVES else _operands(operation, arguments)
            itself = self.graph.levels[number] == Level.VARYING and operation in _RISKY and function not in _TAME
            self._risky.append(itself or any(self._risky[operand] for operand in operands))
        return self._risky[node]

    def _kept(self, factors: Factors) -> tuple[Factors, dict[Node, int]]:
        """The factors as later stages see them: what varies is read back from where the first stage put it."""
        graph = self.graph
        slots: dict[Node, int] = {}

        def kept(node: Node) -> Node:
            if graph.is_negated(node):
                return graph.negate(kept(graph.nodes[node][1]))
            if graph.levels[node] < Level.VARYING:
                return node
            return graph.input("factor", slots.setdefault(node, len(slots)))

        entries = {place: kept(node) for place, node in factors.entries.items()}
        inverse = {row: kept(node) for row, node in factors.inverse.items()}
        return Factors(factors.order, factors.block, entries, inverse), slots

    def _hoist(self, task: _Task) -> None:
        """Give a slot to whatever is given, is not read from memory anyway, and is used by what varies."""
        graph = self.graph
        seen: set[Node] = set()
        left = [node for node, _, _ in task.results]
        while left:
            node = left.pop()
            if node in seen:
                continue
            seen.add(node)
            operation, *arguments = graph.nodes[node]
            if operation in _LEAVES:
                continue
            if graph.levels[node] < Level.VARYING and operation not in ("compare", "and", "or", "not", "xor"):
                self.slots.setdefault(node, len(self.slots))
                continue
            left += list(_operands(operation, arguments))

    # From nodes to code

    def write(self, module: ir.Module, machine: Machine, layout: Layout, mathematics: Any) -> dict[str, ir.Function]:
        """Write every task as a function of the module.

        ``start``, ``observe`` and ``rates`` take a time, ``first`` a time, 1/(h gamma) and h, ``stage`` a time and the
        first row of its increments; ``given`` nothing. All times are one for each lane.
        """
        kind = lanes_type(DOUBLE, machine.width)
        arguments = {
            "start": {"time": kind},
            "given": {},
            "observe": {"time": kind},
            "rates": {"time": kind},
            "first": {"time": kind, "shift": kind, "length": kind},
            "stage": {"time": kind, "increment": ir.IntType(64)},
        }
        functions = {}
        for name, task in self.tasks.items():
            code = Code(module, name, machine, list(arguments[name].values()), layout)
            values = dict(zip(arguments[name], code.arguments, strict=True))
            slots = {} if name in ("given", "start") else self.slots
            writer = _Writer(code, self.graph, slots, task.read, values, mathematics)
            for node, region, row in task.results:
                value = writer.value(node)
                where = code.builder.add(values["increment"], code.integer(row)) if name == "stage" else row
                code.store(value, region, where)
            functions[name] = code.finish()
        return functions


def _operands(operation: str, arguments: list[Any]) -> list[Node]:
    return arguments[1:] if operation in ("call", "compare") else arguments


class _Writer:
    """Nodes to instructions, each once."""

    def __init__(
        self,
        code: Code,
        graph: Graph,
        slots: Mapping[Node, int],
        read: Mapping[str, str],
        values: Mapping[str, Any],
        mathematics: Any,
    ) -> None:
        self.code, self.graph, self.slots, self.read, self.inputs = code, graph, slots, read, values
        self.mathematics = mathematics
        self.done: dict[Node, Any] = {}

    def value(self, node: Node) -> Any:
        """The instruction that computes a node, after those it needs."""
        path = [node]
        while path:
            last = path[-1]
            if last in self.done:
                path.pop()
                continue
            operation, *arguments = self.graph.nodes[last]
            if last in self.slots:
                self.done[last] = self.code.load("given", self.slots[last])
            elif operation in _LEAVES:
                self.done[last] = self.leaf(operation, arguments)
            else:
                missing = [a for a in _operands(operation, arguments) if a not in self.done]
                if missing:
                    path += reversed(missing)
                    continue
                self.done[last] = self.operation(operation, arguments)
            path.pop()
        return self.done[node]

    def leaf(self, operation: str, arguments: list[Any]) -> Any:
        if operation == "truth":
            kind = ir.IntType(1)
            width = self.code.width
            return (
                ir.Constant(kind, int(arguments[0]))
                if width == 1
                else ir.Constant(ir.VectorType(kind, width), [int(arguments[0])] * width)
            )
        if operation == "number":
            return self.code.number(float("nan") if arguments[0] == "nan" else float.fromhex(arguments[0]))
        space, row = arguments
        return self.inputs[space] if space in self.inputs else self.code.load(self.read.get(space, space), row)

    def operation(self, operation: str, arguments: list[Any]) -> Any:
        code, build = self.code, self.code.builder
        values = [self.done[node] for node in _operands(operation, arguments)]
        match operation:
            case "add":
                return code.add(*values)
            case "subtract":
                return code.subtract(*values)
            case "multiply":
                return code.multiply(*values)
            case "negate":
                return build.fneg(values[0], flags=())
            case "reciprocal":
                return code.reciprocal(values[0])
            case "power":
                return self.power(*values)
            case "pivot":
                return code.pivot_reciprocal(values[0])
            case "call" if arguments[0] == "sqrt":
                return code.root(values[0])
            case "call":
                code.count(self.mathematics.function(arguments[0]))
                return self.mathematics.call(build, arguments[0], *values)
            case "compare":
                return code.compare(_COMPARISONS[arguments[0]], *values)
            case "select":
                return code.select(*values)
            case "not":
                return build.not_(values[0])
            case "and":
                return build.and_(*values)
            case "or":
                return build.or_(*values)
            case _:
                return build.xor(*values)

    def power(self, usual: Any, base: Any, exponent: Any) -> Any:
        """``usual``, and in lanes where it is not a number or the base is negative, the power with all its cases."""
        code = self.code
        rare = code.builder.or_(code.compare("<", base, code.number(0.0)), code.compare("!=", usual, usual))
        result = code.variable(code.lanes, usual)
        some = code.builder.icmp_signed("!=", code.bits(rare), code.integer(0))
        with code.builder.if_then(some, likely=False):
            careful = self.mathematics.call(code.builder, "power", base, exponent)
            result.value = code.select(rare, careful, usual)
        return result.value


_COMPARISONS = {"lt": "<", "le": "<=", "gt": ">", "ge": ">=", "eq": "==", "ne": "!="}
