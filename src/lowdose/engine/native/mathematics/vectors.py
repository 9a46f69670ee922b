"""Vectors of doubles under construction: Python operators that emit LLVM IR, one lane like every other."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from llvmlite import ir

__all__ = ["Bits", "Real", "Truth", "Vectors"]

_DOUBLE = ir.DoubleType()
_WORD = ir.IntType(64)
# Veltkamp's constant: it splits a double into two halves of at most 26 bits each.
_SPLIT = 2.0**27 + 1


class Vectors:
    """Where instructions go, and what the target can do.

    Parameters
    ----------
    builder : ir.IRBuilder
        Where instructions are appended.
    width : int
        Lanes of a vector; 1 is a plain double.
    fused : bool
        Whether the target multiplies and adds with one rounding.

    Examples
    --------
    >>> module = ir.Module()
    >>> function = ir.Function(module, ir.FunctionType(ir.DoubleType(), [ir.DoubleType()]), "twice")
    >>> builder = ir.IRBuilder(function.append_basic_block())
    >>> x = Vectors(builder, 1, fused=True).real(function.args[0])
    >>> _ = builder.ret((x * 2.0).value)
    >>> "fmul double" in str(module)
    True
    """

    def __init__(self, builder: ir.IRBuilder, width: int, *, fused: bool) -> None:
        self.builder = builder
        self.width = width
        self.fused = fused
        self.reals = _DOUBLE if width == 1 else ir.VectorType(_DOUBLE, width)
        self.words = _WORD if width == 1 else ir.VectorType(_WORD, width)
        self._suffix = "f64" if width == 1 else f"v{width}f64"

    def real(self, value: ir.Value | float) -> Real:
        """A value of the module, or a number in every lane."""
        return Real(self, self._constant(self.reals, value) if isinstance(value, float | int) else value)

    def bits(self, value: ir.Value | int) -> Bits:
        """Words of 64 bits: a value of the module, or a number in every lane."""
        if isinstance(value, int):
            value = self._constant(self.words, (value + 2**63) % 2**64 - 2**63)
        return Bits(self, value)

    def intrinsic(self, name: str, *arguments: Real) -> Real:
        """What ``llvm.<name>`` gives."""
        full = f"llvm.{name}.{self._suffix}"
        module = self.builder.module
        function = module.globals.get(full)
        if function is None:
            function = ir.Function(module, ir.FunctionType(self.reals, [self.reals] * len(arguments)), full)
        return Real(self, self.builder.call(function, [argument.value for argument in arguments]))

    def fma(self, a: Real, b: Real | float, c: Real | float) -> Real:
        """``a*b + c``, rounded once where the target can."""
        if not self.fused:
            return a * b + c
        return self.intrinsic("fma", a, a.alike(b), a.alike(c))

    def product_error(self, a: Real, b: Real | float, product: Real) -> Real:
        """What rounding took from ``a*b``: exact, unless it underflows or, unfused, a factor exceeds 1e300."""
        b = a.alike(b)
        if self.fused:
            return self.intrinsic("fma", a, b, -product)
        (a_high, a_low), (b_high, b_low) = _halves(a), _halves(b)
        return ((a_high * b_high - product) + a_high * b_low + a_low * b_high) + a_low * b_low

    def remainder(self, c: Real, a: Real, b: Real | float) -> Real:
        """``c - a*b`` with the product exact."""
        if self.fused:
            return self.intrinsic("fma", -a, a.alike(b), c)
        product = a * b
        return (c - product) - self.product_error(a, b, product)

    def polynomial(self, x: Real, coefficients: Sequence[float]) -> Real:
        """The polynomial with these coefficients, the constant first, by Estrin's scheme: short chains."""
        terms: list[Real | float] = list(coefficients)
        while len(terms) > 1:
            paired: list[Real | float] = [
                self.fma(x.alike(terms[i + 1]), x, terms[i]) if i + 1 < len(terms) else terms[i]
                for i in range(0, len(terms), 2)
            ]
            terms = paired
            x = x * x
        return x.alike(terms[0])

    def rarely(self, condition: Truth, usual: Real, otherwise: Callable[[], ir.Value]) -> Real:
        """``usual``, or, when the condition holds in some lane, what ``otherwise`` emits: it must mind the lanes."""
        builder = self.builder
        some = condition.value
        if self.width > 1:
            some = builder.bitcast(some, ir.IntType(self.width))
            some = builder.icmp_unsigned("!=", some, ir.Constant(some.type, 0))
        before = builder.block
        with builder.if_then(some, likely=False):
            replaced = otherwise()
            within = builder.block
        joined = builder.phi(self.reals)
        joined.add_incoming(usual.value, before)
        joined.add_incoming(replaced, within)
        return Real(self, joined)

    def one_by_one(self, name: str, x: Real) -> Real:
        """What a function of libm gives for each lane."""
        builder = self.builder
        function = builder.module.globals.get(name)
        if function is None:
            function = ir.Function(builder.module, ir.FunctionType(_DOUBLE, [_DOUBLE]), name)
            function.attributes.add("nounwind")
            # It sets errno, which nobody reads; said so, it keeps no load or store of the caller from moving.
            function.attributes.add("readnone")
        if self.width == 1:
            return Real(self, builder.call(function, [x.value]))
        result = ir.Constant(self.reals, ir.Undefined)
        for lane in range(self.width):
            place = ir.Constant(ir.IntType(32), lane)
            value = builder.call(function, [builder.extract_element(x.value, place)])
            result = builder.insert_element(result, value, place)
        return Real(self, result)

    def _constant(self, kind: ir.Type, value: float) -> ir.Constant:
        return ir.Constant(kind, value if self.width == 1 else [value] * self.width)


class Real:
    """A double in each lane; operators take numbers too.

    Examples
    --------
    >>> module = ir.Module()
    >>> function = ir.Function(module, ir.FunctionType(ir.DoubleType(), [ir.DoubleType()]), "clip")
    >>> builder = ir.IRBuilder(function.append_basic_block())
    >>> x = Vectors(builder, 1, fused=True).real(function.args[0])
    >>> _ = builder.ret((x > 0.0).choose(x, 0.0).value)
    >>> "select" in str(module)
    True
    """

    __slots__ = ("code", "value")

    def __init__(self, code: Vectors, value: ir.Value) -> None:
        self.code = code
        self.value = value

    def alike(self, other: Real | float) -> Real:
        """``other`` as a vector."""
        return other if isinstance(other, Real) else self.code.real(float(other))

    def __add__(self, other: Real | float) -> Real:
        return Real(self.code, self.code.builder.fadd(self.value, self.alike(other).value))

    def __sub__(self, other: Real | float) -> Real:
        return Real(self.code, self.code.builder.fsub(self.value, self.alike(other).value))

    def __rsub__(self, other: float) -> Real:
        return self.alike(other) - self

    def __mul__(self, other: Real | float) -> Real:
        return Real(self.code, self.code.builder.fmul(self.value, self.alike(other).value))

    def __truediv__(self, other: Real | float) -> Real:
        return Real(self.code, self.code.builder.fdiv(self.value, self.alike(other).value))

    def __rtruediv__(self, other: float) -> Real:
        return self.alike(other) / self

    def __neg__(self) -> Real:
        return Real(self.code, self.code.builder.fneg(self.value))

    def __lt__(self, other: Real | float) -> Truth:
        return self._compare("<", other)

    def __gt__(self, other: Real | float) -> Truth:
        return self._compare(">", other)

    def equals(self, other: Real | float) -> Truth:
        """Where both are equal; nowhere where one is NaN."""
        return self._compare("==", other)

    def is_nan(self) -> Truth:
        """Where it is NaN."""
        return Truth(self.code, self.code.builder.fcmp_unordered("uno", self.value, self.value))

    def magnitude(self) -> Real:
        """Without its sign."""
        return self.code.intrinsic("fabs", self)

    def with_sign_of(self, other: Real) -> Real:
        """The magnitude of this with the sign of the other."""
        return self.code.intrinsic("copysign", self, other)

    def clamped(self, low: float, high: float) -> Real:
        """Between the two; NaN stays NaN."""
        bounded = (self.alike(high) < self).choose(self.alike(high), self)
        return (self.alike(low) > bounded).choose(self.alike(low), bounded)

    def bits(self) -> Bits:
        """The same 64 bits."""
        return Bits(self.code, self.code.builder.bitcast(self.value, self.code.words))

    def _compare(self, operator: str, other: Real | float) -> Truth:
        return Truth(self.code, self.code.builder.fcmp_ordered(operator, self.value, self.alike(other).value))


class Bits:
    """A word of 64 bits in each lane.

    Examples
    --------
    >>> module = ir.Module()
    >>> function = ir.Function(module, ir.FunctionType(ir.DoubleType(), [ir.DoubleType()]), "minus")
    >>> builder = ir.IRBuilder(function.append_basic_block())
    >>> x = Vectors(builder, 1, fused=True).real(function.args[0])
    >>> _ = builder.ret((x.bits() ^ (1 << 63)).real().value)
    >>> "xor i64" in str(module)
    True
    """

    __slots__ = ("code", "value")

    def __init__(self, code: Vectors, value: ir.Value) -> None:
        self.code = code
        self.value = value

    def _alike(self, other: Bits | int) -> ir.Value:
        return (other if isinstance(other, Bits) else self.code.bits(other)).value

    def __add__(self, other: Bits | int) -> Bits:
        return Bits(self.code, self.code.builder.add(self.value, self._alike(other)))

    def __sub__(self, other: Bits | int) -> Bits:
        return Bits(self.code, self.code.builder.sub(self.value, self._alike(other)))

    def __rsub__(self, other: int) -> Bits:
        return self.code.bits(other) - self

    def __and__(self, other: Bits | int) -> Bits:
        return Bits(self.code, self.code.builder.and_(self.value, self._alike(other)))

    def __or__(self, other: Bits | int) -> Bits:
        return Bits(self.code, self.code.builder.or_(self.value, self._alike(other)))

    def __xor__(self, other: Bits | int) -> Bits:
        return Bits(self.code, self.code.builder.xor(self.value, self._alike(other)))

    def __lshift__(self, places: int) -> Bits:
        return Bits(self.code, self.code.builder.shl(self.value, self._alike(places)))

    def __rshift__(self, places: int) -> Bits:
        return Bits(self.code, self.code.builder.lshr(self.value, self._alike(places)))

    def has(self, mask: int) -> Truth:
        """Where a bit of the mask is set."""
        zero = self._alike(0)
        return Truth(self.code, self.code.builder.icmp_unsigned("!=", (self & mask).value, zero))

    def real(self) -> Real:
        """The double with these bits."""
        return Real(self.code, self.code.builder.bitcast(self.value, self.code.reals))


class Truth:
    """Yes or no in each lane.

    Examples
    --------
    >>> module = ir.Module()
    >>> function = ir.Function(module, ir.FunctionType(ir.DoubleType(), [ir.DoubleType()]), "inside")
    >>> builder = ir.IRBuilder(function.append_basic_block())
    >>> x = Vectors(builder, 1, fused=True).real(function.args[0])
    >>> _ = builder.ret(((x > 0.0) & (x < 1.0)).choose(x, 0.0).value)
    >>> "and i1" in str(module)
    True
    """

    __slots__ = ("code", "value")

    def __init__(self, code: Vectors, value: ir.Value) -> None:
        self.code = code
        self.value = value

    def __and__(self, other: Truth) -> Truth:
        return Truth(self.code, self.code.builder.and_(self.value, other.value))

    def __or__(self, other: Truth) -> Truth:
        return Truth(self.code, self.code.builder.or_(self.value, other.value))

    def choose(self, yes: Real | float, no: Real | float) -> Real:
        """``yes`` where it holds, else ``no``."""
        chosen = [part if isinstance(part, Real) else self.code.real(part) for part in (yes, no)]
        return Real(self.code, self.code.builder.select(self.value, chosen[0].value, chosen[1].value))


def _halves(x: Real) -> tuple[Real, Real]:
    spread = x * _SPLIT
    high = spread - (spread - x)
    return high, x - high
