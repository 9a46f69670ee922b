"""Circular functions of vectors and their inverses.

The coefficients are best approximations (Remez' algorithm in 60 digits, rounded to doubles); each comment names the
error.
"""

from __future__ import annotations

from llvmlite import ir

from lowdose.engine.native.mathematics.plain import square_root
from lowdose.engine.native.mathematics.vectors import Bits, Real, Truth, Vectors

__all__ = ["arccos", "arcsin", "arctan", "cos", "sin", "tan"]

# Adding it rounds to an integer, which then stands in the low bits.
_ROUND = 1.5 * 2.0**52
_TWO_OVER_PI = float.fromhex("0x1.45f306dc9c883p-1")
# pi/2 in parts, for angles up to a limit: multiples of the exact ones leave no rounding error in what is left of the
# angle, those of the rounded ones a double's, those of the last are within that error.
_FUSED_LIMIT = 2.0**31
_FUSED_EXACT = (float.fromhex("0x1.921fb54442d18p+0"),)
# Of 33 bits: lest, where both cancel, what was lost be rounded itself.
_FUSED_ROUNDED = (float.fromhex("0x1.1a62633100000p-54"),)
_FUSED_LAST = float.fromhex("0x1.1701b839a2520p-88")
# Of 23 bits: times an integer of 30 bits, exact.
_LIMIT = 1.0e9
_EXACT = (float.fromhex("0x1.921fb40000000p+0"), float.fromhex("0x1.4442d00000000p-24"))
_ROUNDED = (float.fromhex("0x1.8469880000000p-48"), float.fromhex("0x1.8cc51701b839ap-72"))
_LAST = float.fromhex("0x1.29024e088a67dp-127")
_SIGN = 1 << 63

# (sin(r) - r)/r**3 in r**2 for |r| <= pi/4; relative error of sin(r): 2**-58.
_SIN = tuple(
    map(
        float.fromhex,
        """-0x1.5555555555549p-3 0x1.111111110f87ep-7 -0x1.a01a019c12028p-13
        0x1.71de357814576p-19 -0x1.ae5e66862bdbep-26 0x1.5d93178e72419p-33""".split(),
    )
)
# (cos(r) - 1 + r**2/2)/r**4 in r**2, likewise; error 2**-64.
_COS = tuple(
    map(
        float.fromhex,
        """0x1.555555555554cp-5 -0x1.6c16c16c15181p-10 0x1.a01a019cb2186p-16
        -0x1.27e4f80a34af4p-22 0x1.1ee9ec190903fp-29 -0x1.8faeb6076a667p-37""".split(),
    )
)
# (arctan(t) - t)/t**3 in t**2 for |t| <= tan(pi/8); relative error of arctan(t): 2**-59.5.
_ARCTAN = tuple(
    map(
        float.fromhex,
        """-0x1.555555555553dp-2 0x1.99999999958eap-3 -0x1.24924922b11cbp-3 0x1.c71c70e7a16a2p-4
        -0x1.745cf90b0c042p-4 0x1.3b111c63e76ddp-4 -0x1.10ebdd9912d02p-4 0x1.df116738b51e4p-5
        -0x1.9cdc258049806p-5 0x1.37ed3c28f4bf7p-5 -0x1.259d3e66a6a7bp-6""".split(),
    )
)
_HALF_PI = float.fromhex("0x1.921fb54442d18p+0")
_HALF_PI_LOW = float.fromhex("0x1.1a62633145c07p-54")
_TAN_ONE_EIGHTH = float.fromhex("0x1.a827999fcef32p-2")
_TAN_THREE_EIGHTHS = float.fromhex("0x1.3504f333f9de6p+1")


def _reduced(code: Vectors, size: Real) -> tuple[Bits, Real, Real]:
    """How many quarter turns, in the low bits, and what remains of the angle, in two parts (Cody and Waite)."""
    shifted = code.fma(size, _TWO_OVER_PI, _ROUND)
    turns = _ROUND - shifted
    rest = size
    for part in _FUSED_EXACT if code.fused else _EXACT:
        rest = code.fma(turns, part, rest)
    low: Real | float = 0.0
    for part in _FUSED_ROUNDED if code.fused else _ROUNDED:
        rounded = code.fma(turns, part, rest)
        lost = code.fma(turns, part, rest - rounded)
        low = lost if isinstance(low, float) else low + lost
        rest = rounded
    return shifted.bits(), rest, code.fma(turns, _FUSED_LAST if code.fused else _LAST, low)


def _sin_and_cos(code: Vectors, r: Real, low: Real) -> tuple[Real, Real]:
    """Both, of ``r + low`` with ``|r| <= pi/4``; the cosine changes too little to mind the low part."""
    z = r * r
    sine = r + code.fma(z * r, code.polynomial(z, _SIN), low)
    half = z * 0.5
    near = 1.0 - half
    lost = (1.0 - near) - half
    return sine, near + code.fma(z * z, code.polynomial(z, _COS), lost)


def _beyond(code: Vectors, name: str, x: Real, size: Real, result: Real) -> Real:
    """``result``, save where the angle is too large to be reduced: there what libm says."""
    limit = _FUSED_LIMIT if code.fused else _LIMIT
    return code.rarely(size > limit, result, lambda: _with_libm(code, name, limit, x, result))


def _with_libm(code: Vectors, name: str, limit: float, x: Real, result: Real) -> ir.Value:
    module = code.builder.module
    full = f"lowdose.{name}.beyond.{code.width}"
    function = module.globals.get(full)
    if function is None:
        function = ir.Function(module, ir.FunctionType(code.reals, [code.reals] * 2), full)
        function.linkage = "internal"
        function.attributes.add("nounwind")
        function.attributes.add("noinline")
        function.attributes.add("cold")
        builder = ir.IRBuilder(function.append_basic_block())
        inner = Vectors(builder, code.width, fused=code.fused)
        angles, usual = (inner.real(argument) for argument in function.args)
        large: Truth = angles.magnitude() > limit
        builder.ret(large.choose(inner.one_by_one(name, angles), usual).value)
    return code.builder.call(function, [x.value, result.value])


def sin(code: Vectors, x: Real) -> Real:
    """The sine of radians.

    Examples
    --------
    >>> from lowdose.engine.native.mathematics import evaluate
    >>> round(evaluate("sin", 1.0), 12)
    0.841470984808
    """
    size = x.magnitude()
    quarters, r, low = _reduced(code, size)
    sine, cosine = _sin_and_cos(code, r, low)
    sign = ((quarters << 62) ^ x.bits()) & _SIGN
    result = quarters.has(1).choose(cosine, sine).bits() ^ sign
    return _beyond(code, "sin", x, size, result.real())


def cos(code: Vectors, x: Real) -> Real:
    """The cosine of radians.

    Examples
    --------
    >>> from lowdose.engine.native.mathematics import evaluate
    >>> round(evaluate("cos", 1.0), 12)
    0.540302305868
    """
    size = x.magnitude()
    quarters, r, low = _reduced(code, size)
    sine, cosine = _sin_and_cos(code, r, low)
    sign = ((quarters + 1) << 62) & _SIGN
    result = quarters.has(1).choose(sine, cosine).bits() ^ sign
    return _beyond(code, "cos", x, size, result.real())


def tan(code: Vectors, x: Real) -> Real:
    """The tangent of radians.

    Examples
    --------
    >>> from lowdose.engine.native.mathematics import evaluate
    >>> round(evaluate("tan", 1.0), 12)
    1.557407724655
    """
    size = x.magnitude()
    quarters, r, low = _reduced(code, size)
    sine, cosine = _sin_and_cos(code, r, low)
    odd = quarters.has(1)
    ratio = odd.choose(-cosine, sine) / odd.choose(sine, cosine)
    result = ratio.bits() ^ (x.bits() & _SIGN)
    return _beyond(code, "tan", x, size, result.real())


def _arctan(code: Vectors, upper: Real, lower: Real) -> Real:
    """The angle of the slope ``upper/lower``, both positive: reduced by an eighth or a quarter turn, as in Cephes."""
    steep = upper > lower * _TAN_THREE_EIGHTHS
    middle = upper > lower * _TAN_ONE_EIGHTH
    top = steep.choose(-lower, middle.choose(upper - lower, upper))
    bottom = steep.choose(upper, middle.choose(upper + lower, lower))
    t = top / bottom
    z = t * t
    base = steep.choose(_HALF_PI, middle.choose(_HALF_PI / 2, 0.0))
    base_low = steep.choose(_HALF_PI_LOW, middle.choose(_HALF_PI_LOW / 2, 0.0))
    return base + (t + code.fma(t * z, code.polynomial(z, _ARCTAN), base_low))


def arctan(code: Vectors, x: Real) -> Real:
    """The angle of a slope, in radians.

    Examples
    --------
    >>> from lowdose.engine.native.mathematics import evaluate
    >>> round(evaluate("arctan", 1.0), 12)
    0.785398163397
    """
    return _arctan(code, x.magnitude(), x.alike(1.0)).with_sign_of(x)


def arcsin(code: Vectors, x: Real) -> Real:
    """The angle of a sine, in radians.

    Examples
    --------
    >>> from lowdose.engine.native.mathematics import evaluate
    >>> round(evaluate("arcsin", 1.0), 12)
    1.570796326795
    """
    size = x.magnitude()
    return _arctan(code, size, square_root(code, (1.0 - size) * (size + 1.0))).with_sign_of(x)


def arccos(code: Vectors, x: Real) -> Real:
    """The angle of a cosine, in radians.

    Examples
    --------
    >>> from lowdose.engine.native.mathematics import evaluate
    >>> round(evaluate("arccos", -1.0), 12)
    3.14159265359
    """
    half = _arctan(code, square_root(code, 1.0 - x), square_root(code, x + 1.0))
    return half + half
