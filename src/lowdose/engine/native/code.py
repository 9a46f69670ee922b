"""Writing LLVM IR that reads like the algorithm: values with operators, memory by region, loops and conditions.

A workspace holds everything of the lanes that are solved together: one row of ``width`` doubles for each quantity, so
that one instruction serves all lanes. `Layout` says where each region begins.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import llvmlite.ir as ir

from lowdose.engine.native.machine import Machine
from lowdose.engine.native.work import INTRINSICS, Work, work_of

__all__ = ["BIT", "DOUBLE", "FLAGS", "INT", "POINTER", "Code", "Layout", "Variable", "lanes_type"]

DOUBLE = ir.DoubleType()
INT = ir.IntType(64)
BIT = ir.IntType(1)
POINTER = ir.PointerType()
FLAGS = ("contract", "nsz", "arcp")
"""What the compiler may assume of arithmetic: products and sums may be fused. Nothing that would hide a NaN."""


class Layout:
    """Regions of the workspace, each a number of rows.

    Examples
    --------
    >>> layout = Layout(state=3, stage=3)
    >>> layout["stage"], layout.size("stage"), layout.rows
    (3, 3, 6)
    """

    def __init__(self, **sizes: int) -> None:
        self._begin: dict[str, int] = {}
        self._size: dict[str, int] = {}
        self.rows = 0
        self.extend(**sizes)

    def extend(self, **sizes: int) -> None:
        """Add regions after those there are."""
        for name, size in sizes.items():
            self._begin[name], self._size[name] = self.rows, size
            self.rows += size

    def __getitem__(self, region: str) -> int:
        return self._begin[region]

    def size(self, region: str) -> int:
        """Rows of a region."""
        return self._size[region]


class Variable:
    """A value that changes: a register once the compiler has looked at it."""

    def __init__(self, code: Code, kind: ir.Type) -> None:
        self._code, self._kind = code, kind
        with code.builder.goto_entry_block():
            self._place = code.builder.alloca(kind)

    @property
    def value(self) -> Any:
        """The present value."""
        return self._code.builder.load(self._place, typ=self._kind)

    @value.setter
    def value(self, value: Any) -> None:
        self._code.builder.store(value, self._place)


class Code:
    """One function of a module, being written.

    Parameters
    ----------
    module : ir.Module
    name : str
    machine : Machine
        How many lanes are solved together, and what it is good at.
    arguments : sequence of ir.Type
        After the workspace pointer, which is always the first.
    layout : Layout
    returns : ir.Type, optional
    public : bool
        Whether it can be called from outside.
    """

    def __init__(
        self,
        module: ir.Module,
        name: str,
        machine: Machine,
        arguments: Sequence[ir.Type],
        layout: Layout,
        *,
        returns: ir.Type | None = None,
        public: bool = False,
    ) -> None:
        self.module, self.machine, self.layout = module, machine, layout
        self.width = machine.width
        self.lanes = lanes_type(DOUBLE, self.width)
        kind = ir.FunctionType(returns or ir.VoidType(), [POINTER, *arguments])
        self.function = ir.Function(module, kind, name)
        if not public:
            self.function.linkage = "internal"
        for attribute in ("nounwind", "noinline"):
            self.function.attributes.add(attribute)
        self.function.attributes.alignstack = 64  # else every spilled vector would lie across two cache lines
        self.function.args[0].add_attribute("noalias")
        self.workspace = self.function.args[0]
        self.arguments = self.function.args[1:]
        self.builder = ir.IRBuilder(self.function.append_basic_block())
        self.work = self.function.work = Work()
        self._turns = 1

    # Constants

    def number(self, value: float) -> ir.Constant:
        """The same number in every lane."""
        return constant(DOUBLE, value, self.width)

    def integer(self, value: int) -> ir.Constant:
        """A whole number."""
        return ir.Constant(INT, value)

    def scalar(self, value: float) -> ir.Constant:
        """One number."""
        return ir.Constant(DOUBLE, value)

    def spread(self, value: Any) -> Any:
        """One number in every lane."""
        if self.width == 1:
            return value
        undefined = ir.Constant(self.lanes, ir.Undefined)
        one = self.builder.insert_element(undefined, value, ir.Constant(ir.IntType(32), 0))
        zeros = ir.Constant(ir.VectorType(ir.IntType(32), self.width), [0] * self.width)
        return self.builder.shuffle_vector(one, undefined, zeros)

    def variable(self, kind: ir.Type, value: Any) -> Variable:
        """A new variable."""
        variable = Variable(self, kind)
        variable.value = value
        return variable

    # Memory

    def place(self, region: str, row: Any = 0, lane: Any = None) -> Any:
        """Address of a row of a region, or of one lane of it."""
        begin = self.layout[region]
        if isinstance(row, int) and (lane is None or isinstance(lane, int)):
            index: Any = self.integer((begin + row) * self.width + (lane or 0))
        else:
            row = self.integer(row) if isinstance(row, int) else row
            index = self.builder.mul(self.builder.add(row, self.integer(begin)), self.integer(self.width))
            if lane is not None:
                index = self.builder.add(index, self.integer(lane) if isinstance(lane, int) else lane)
        return self.element(self.workspace, index)

    def element(self, pointer: Any, index: Any, kind: ir.Type = DOUBLE) -> Any:
        """Address of ``pointer[index]``."""
        return self.builder.gep(pointer, [index], inbounds=True, source_etype=kind)

    def load(self, region: str, row: Any = 0) -> Any:
        """A row: one value for each lane."""
        return self.builder.load(self.place(region, row), typ=self.lanes, align=8 * self.width)

    def store(self, value: Any, region: str, row: Any = 0) -> None:
        """Write a row."""
        self.builder.store(value, self.place(region, row), align=8 * self.width)

    def load_lane(self, region: str, row: Any, lane: Any) -> Any:
        """One lane of a row."""
        return self.builder.load(self.place(region, row, lane), typ=DOUBLE)

    def store_lane(self, value: Any, region: str, row: Any, lane: Any) -> None:
        """Write one lane of a row."""
        self.builder.store(value, self.place(region, row, lane))

    def read(self, pointer: Any, index: Any, kind: ir.Type = DOUBLE) -> Any:
        """``pointer[index]`` of an array outside the workspace."""
        return self.builder.load(self.element(pointer, index, kind), typ=kind)

    def write(self, value: Any, pointer: Any, index: Any) -> None:
        """``pointer[index] = value`` of an array outside the workspace."""
        self.builder.store(value, self.element(pointer, index, value.type))

    # Arithmetic

    def add(self, a: Any, b: Any) -> Any:
        """The sum."""
        self.work.operations += self._turns
        return self.builder.fadd(a, b, flags=FLAGS)

    def subtract(self, a: Any, b: Any) -> Any:
        """The difference."""
        self.work.operations += self._turns
        return self.builder.fsub(a, b, flags=FLAGS)

    def multiply(self, a: Any, b: Any) -> Any:
        """The product."""
        self.work.operations += self._turns
        return self.builder.fmul(a, b, flags=FLAGS)

    def divide(self, a: Any, b: Any) -> Any:
        """The quotient."""
        self.work.operations += self._turns
        self.work.divisions += self._turns
        return self.builder.fdiv(a, b, flags=FLAGS)

    def reciprocal(self, a: Any) -> Any:
        """1 / a to the last bit or so: where there is an estimate, it is corrected twice, at a third of the cost."""
        one = self.number(1.0)
        if not self.machine.estimates:
            return self.divide(one, a)
        rough = self.estimate("rcp14", a)
        error = self.fused_negative(a, rough, one)
        better = self.fused(rough, self.fused(error, error, error), rough)
        best = self.fused(better, self.fused_negative(a, better, one), better)
        return self.select(self.compare("==", error, error), best, rough)  # 0 and infinity are exact as they are

    def pivot_reciprocal(self, a: Any) -> Any:
        """1 / a to 42 bits, for what is neither 0 nor infinite: ample for the linear systems of a step."""
        if not self.machine.estimates:
            return self.divide(self.number(1.0), a)
        rough = self.estimate("rcp14", a)
        error = self.fused_negative(a, rough, self.number(1.0))
        return self.fused(rough, self.fused(error, error, error), rough)

    def root(self, a: Any) -> Any:
        """The square root, in the same way."""
        if not self.machine.estimates:
            return self.intrinsic("llvm.sqrt", a)
        half = self.number(0.5)
        rough = self.estimate("rsqrt14", a)
        root, slope = self.multiply(a, rough), self.multiply(rough, half)
        for _ in range(2):
            error = self.fused_negative(root, slope, half)
            root, slope = self.fused(root, error, root), self.fused(slope, error, slope)
        root = self.fused(self.fused_negative(root, root, a), slope, root)
        ends = self.compare("==", rough, self.multiply(rough, self.number(2.0)))  # of 0 and infinity: they stay
        return self.select(ends, a, root)

    def roughly_divide(self, a: Any, b: Any) -> Any:
        """The quotient to four digits."""
        return self.multiply(a, self.estimate("rcp14", b)) if self.machine.estimates else self.divide(a, b)

    def estimate(self, name: str, a: Any) -> Any:
        """An estimate to 14 bits."""
        full = f"llvm.x86.avx512.{name}.pd.{64 * self.width}"
        byte = ir.IntType(8)
        function = self.module.globals.get(full) or ir.Function(
            self.module, ir.FunctionType(self.lanes, [self.lanes, self.lanes, byte]), full
        )
        return self.builder.call(function, [a, self.number(0.0), ir.Constant(byte, -1)])

    def fused_negative(self, a: Any, b: Any, c: Any) -> Any:
        """C - a b, rounded once."""
        return self.intrinsic("llvm.fma", self.builder.fneg(a), b, c)

    def fused(self, a: Any, b: Any, c: Any) -> Any:
        """The product of the first two, plus the third."""
        return self.add(self.multiply(a, b), c)

    def absolute(self, a: Any) -> Any:
        """|a|."""
        return self.intrinsic("llvm.fabs", a)

    def compare(self, operator: str, a: Any, b: Any) -> Any:
        """Truth of an ordered comparison; a NaN makes it false (true for ``!=``)."""
        return (
            self.builder.fcmp_unordered("!=", a, b) if operator == "!=" else self.builder.fcmp_ordered(operator, a, b)
        )

    def select(self, truth: Any, a: Any, b: Any) -> Any:
        """``a`` where true, else ``b``."""
        return self.builder.select(truth, a, b)

    def largest(self, a: Any, b: Any) -> Any:
        """The larger; the second where one is NaN."""
        return self.select(self.compare(">", a, b), a, b)

    def least(self, a: Any, b: Any) -> Any:
        """The smaller; the second where one is NaN."""
        return self.select(self.compare("<", a, b), a, b)

    def intrinsic(self, name: str, *arguments: Any) -> Any:
        """An LLVM intrinsic whose arguments and result have one type."""
        kind = arguments[0].type
        self.work.operations += self._turns * INTRINSICS.get(name, 0)
        full = f"{name}.{'f64' if kind == DOUBLE else f'v{self.width}f64'}"
        function = self.module.globals.get(full) or ir.Function(
            self.module, ir.FunctionType(kind, [kind] * len(arguments)), full
        )
        return self.builder.call(function, arguments)

    def bits(self, truths: Any) -> Any:
        """Truths of all lanes as one whole number, lane 0 the lowest bit."""
        if self.width == 1:
            return self.builder.zext(truths, INT)
        return self.builder.zext(self.builder.bitcast(truths, ir.IntType(self.width)), INT)

    def truths(self, bits: Any) -> Any:
        """The reverse of `bits`."""
        if self.width == 1:
            return self.builder.trunc(bits, BIT)
        return self.builder.bitcast(self.builder.trunc(bits, ir.IntType(self.width)), ir.VectorType(BIT, self.width))

    # Flow

    @contextmanager
    def loop(self, count: Any, start: Any = 0) -> Iterator[Any]:
        """Repeat the body with 0, 1, ... below ``count``."""
        turns, count = count, self.integer(count) if isinstance(count, int) else count
        index = self.variable(INT, self.integer(start) if isinstance(start, int) else start)
        before, self._turns = self._turns, self._turns * (turns if isinstance(turns, int) else 1)
        with self.repeat(lambda: self.builder.icmp_signed("<", index.value, count)):
            yield index.value
            index.value = self.builder.add(index.value, self.integer(1))
        self._turns = before

    @contextmanager
    def repeat(self, condition: Callable[[], Any]) -> Iterator[None]:
        """Repeat the body as long as the condition holds before it."""
        head = self.function.append_basic_block()
        body = self.function.append_basic_block()
        after = self.function.append_basic_block()
        self.builder.branch(head)
        self.builder.position_at_end(head)
        self.builder.cbranch(condition(), body, after)
        self.builder.position_at_end(body)
        yield
        if not self.builder.block.is_terminated:
            self.builder.branch(head)
        self.builder.position_at_end(after)

    @contextmanager
    def each_lane(self, bits: Any) -> Iterator[Any]:
        """The body for every lane whose bit is set, lowest first."""
        left = self.variable(INT, bits)
        with self.repeat(lambda: self.builder.icmp_signed("!=", left.value, self.integer(0))):
            count = self.builder.cttz(left.value, ir.Constant(BIT, 1))
            left.value = self.builder.and_(left.value, self.builder.sub(left.value, self.integer(1)))
            yield count

    def call(self, function: ir.Function, *arguments: Any) -> Any:
        """Call another function of the module on this workspace."""
        self.count(function)
        return self.builder.call(function, [self.workspace, *arguments])

    def count(self, function: ir.Function) -> None:
        """Add the work of a function that is called."""
        work = work_of(function)
        self.work.operations += self._turns * work.operations
        self.work.divisions += self._turns * work.divisions

    def finish(self, value: Any = None) -> ir.Function:
        """Return."""
        if value is None:
            self.builder.ret_void()
        else:
            self.builder.ret(value)
        return self.function


def lanes_type(kind: ir.Type, width: int) -> ir.Type:
    """The type of one value in each lane.

    Examples
    --------
    >>> str(lanes_type(DOUBLE, 4)), str(lanes_type(DOUBLE, 1))
    ('<4 x double>', 'double')
    """
    return kind if width == 1 else ir.VectorType(kind, width)


def constant(kind: ir.Type, value: Any, width: int) -> ir.Constant:
    """The same constant in every lane.

    Examples
    --------
    >>> str(constant(DOUBLE, 1.0, 2).type)
    '<2 x double>'
    """
    return ir.Constant(kind, value) if width == 1 else ir.Constant(ir.VectorType(kind, width), [value] * width)
