"""Logarithms of vectors, and what is made of them: powers and inverse hyperbolic functions.

The coefficients are best approximations (Remez' algorithm in 60 digits, rounded to doubles); each comment names the
error.
"""

from __future__ import annotations

import math

from lowdose.engine.native.mathematics.exponential import LN2_HIGH, LN2_LOW, SATURATED, bounded_exp
from lowdose.engine.native.mathematics.plain import floor, square_root
from lowdose.engine.native.mathematics.vectors import Real, Vectors

__all__ = ["arccosh", "arcsinh", "arctanh", "ln", "log10", "power"]

# log10(e) in two parts.
_LOG10_E = float.fromhex("0x1.bcb7b1526e50ep-2")
_LOG10_E_LOW = float.fromhex("0x1.95355baaafad3p-57")
# (2*artanh(s) - 2*s)/s**3 in s**2 for s <= 3 - 2*sqrt(2); relative error of artanh(s): 2**-59.5.
_LN = tuple(
    map(
        float.fromhex,
        """0x1.5555555555592p-1 0x1.999999997fdb5p-2 0x1.24924941f15d8p-2 0x1.c71c52091f2e2p-3
        0x1.74663ef816808p-3 0x1.39a1b8dc9d966p-3 0x1.2f0578c94a24cp-3""".split(),
    )
)
# (2*artanh(s) - 2*s - 2/3*s**3)/s**5 in s**2, likewise; relative error of artanh(s): 2**-66.3.
_LN_LONG = tuple(
    map(
        float.fromhex,
        """0x1.9999999999b30p-2 0x1.2492492457db0p-2 0x1.c71c722d5eb32p-3 0x1.745ce9e614523p-3
        0x1.3b1eeb8a0f019p-3 0x1.0f7ff596f0c6bp-3 0x1.0e423b24d142bp-3""".split(),
    )
)
_TWO_THIRDS = 2 / 3
_TWO_THIRDS_LOW = 2.0**-53 / 3

_SIGN = 1 << 63
_ONE = 0x3FF << 52
_TWO = 0x400 << 52
_FRACTION = (1 << 52) - 1
_ROOT_HALF = 0x3FE6A09E667F3BCD
_TWO_52 = 0x433 << 52
_EXPONENT = 0x7FF << 52
_SMALLEST_NORMAL = 2.0**-1022
# Beyond it, 1 added to the square is lost.
_SQUARE_IS_ALL = 2.0**60


def _split(code: Vectors, x: Real) -> tuple[Real, Real]:
    """``k`` and ``m`` of ``x = 2**k * m`` with ``m`` between sqrt(1/2) and sqrt(2); ``x`` positive and finite."""
    subnormal = x < _SMALLEST_NORMAL
    moved = subnormal.choose(x * 2.0**54, x).bits() + (_ONE - _ROOT_HALF)
    k = ((moved >> 52) | _TWO_52).real() - subnormal.choose(2.0**52 + 1023 + 54, 2.0**52 + 1023)
    return k, ((moved & _FRACTION) + _ROOT_HALF).real()


def _ln(code: Vectors, k: Real, f: Real) -> Real:
    """``ln(2**k * (1 + f))``: with s = f/(2 + f), ln(1 + f) = 2*artanh(s) = f - s*(f - R), as in fdlibm."""
    s = f / (f + 2.0)
    z = s * s
    half_square = f * 0.5 * f
    inner = code.fma(z, code.polynomial(z, _LN), half_square)
    tail = code.fma(s, inner, k * LN2_LOW)
    return code.fma(k, LN2_HIGH, f - (half_square - tail))


def _logarithm_borders(x: Real, result: Real) -> Real:
    result = (x < math.inf).choose(result, x)
    result = x.equals(0.0).choose(-math.inf, result)
    return (x < 0.0).choose(math.nan, result)


def ln(code: Vectors, x: Real) -> Real:
    """The natural logarithm.

    Examples
    --------
    >>> from lowdose.engine.native.mathematics import evaluate
    >>> round(evaluate("ln", 10.0), 12)
    2.302585092994
    """
    k, m = _split(code, x)
    return _logarithm_borders(x, _ln(code, k, m - 1.0))


def _long_ln(code: Vectors, x: Real) -> tuple[Real, Real]:
    """The logarithm as a sum of two doubles, right to about 2**-62 of itself; ``x`` positive and finite.

    As `_ln`, with s and the first two terms of the series in two parts each.
    """
    k, m = _split(code, x)
    f = m - 1.0
    below = f + 2.0
    below_low = f - (below - 2.0)
    inverse = 1.0 / below
    s = f * inverse
    s_low = (code.remainder(f, s, below) - s * below_low) * inverse
    twice = s + s
    z = s * s
    z_low = code.fma(twice, s_low, code.product_error(s, s, z))

    # q = 2/3*z + z**2*P(z); the logarithm of m is 2*s + s*q.
    first = z * _TWO_THIRDS
    q_low = code.fma(z, _TWO_THIRDS_LOW, code.product_error(z, _TWO_THIRDS, first))
    q_low = code.fma(z_low, _TWO_THIRDS, q_low)
    q_low = code.fma(z * z, code.polynomial(z, _LN_LONG), q_low)
    # Added here, lest the many roundings below be of a large low part.
    q = first + q_low
    q_low = q_low - (q - first)
    second = s * q
    second_low = code.fma(s_low, q, code.fma(s, q_low, code.product_error(s, q, second)))

    high = twice + second
    low = second - (high - twice)
    low = code.fma(s_low, 2.0, low) + second_low
    whole = k * LN2_HIGH
    total = whole + high
    return total, code.fma(k, LN2_LOW, high - (total - whole)) + low


def log10(code: Vectors, x: Real) -> Real:
    """The decimal logarithm; exact for powers of ten.

    Examples
    --------
    >>> from lowdose.engine.native.mathematics import evaluate
    >>> evaluate("log10", 1000.0)
    3.0
    """
    high, low = _long_ln(code, x)
    product = high * _LOG10_E
    rest = code.fma(high, _LOG10_E_LOW, code.product_error(high, _LOG10_E, product))
    return _logarithm_borders(x, product + code.fma(low, _LOG10_E, rest))


def power(code: Vectors, x: Real, y: Real) -> Real:
    """``x**y`` as C99's ``pow``: through the logarithm in two parts.

    Examples
    --------
    >>> from lowdose.engine.native.mathematics import evaluate
    >>> evaluate("power", -2.0, 3.0)
    -8.0
    """
    size = x.magnitude()
    result = _power_of_size(code, size, y)
    half = y * 0.5
    whole = floor(code, y).equals(y)
    odd = whole & (half - floor(code, half)).equals(0.5)
    result = odd.choose((result.bits() ^ (x.bits() & _SIGN)).real(), result)
    root = whole.choose(result, math.nan)
    return ((x < 0.0) & (size < math.inf)).choose(root, result)


def _ln_of_more_than_one(code: Vectors, x: Real) -> Real:
    """``ln(1 + x)`` for finite ``x > -1``: what rounding takes from ``1 + x`` is given back to the fraction."""
    whole = x + 1.0
    # The larger of the two first: else the difference is not exact.
    lost = (x > 1.0).choose(1.0 - (whole - x), x - (whole - 1.0))
    k, m = _split(code, whole)
    # 2**(1 - k): 2**-k may be subnormal.
    shrink = ((_TWO - ((k + 1.5 * 2.0**52).bits() << 52)) & _EXPONENT).real()
    return _ln(code, k, (m - 1.0) + lost * 0.5 * shrink)


def arcsinh(code: Vectors, x: Real) -> Real:
    """The inverse of the hyperbolic sine.

    Examples
    --------
    >>> from lowdose.engine.native.mathematics import evaluate
    >>> round(evaluate("arcsinh", 1.0), 12)
    0.88137358702
    """
    size = x.magnitude()
    large = size > _SQUARE_IS_ALL
    square = size * size
    small = size + square / (square_root(code, square + 1.0) + 1.0)
    result = _ln_of_more_than_one(code, large.choose(size, small))
    result = large.choose(result + (LN2_HIGH + LN2_LOW), result)
    return (size < math.inf).choose(result, size).with_sign_of(x)


def arccosh(code: Vectors, x: Real) -> Real:
    """The inverse of the hyperbolic cosine.

    Examples
    --------
    >>> from lowdose.engine.native.mathematics import evaluate
    >>> evaluate("arccosh", 1.0)
    0.0
    """
    large = x > _SQUARE_IS_ALL
    above = x - 1.0
    small = above + square_root(code, above * (above + 2.0))
    result = _ln_of_more_than_one(code, large.choose(x, small))
    result = large.choose(result + (LN2_HIGH + LN2_LOW), result)
    result = (x < math.inf).choose(result, x)
    return (x < 1.0).choose(math.nan, result)


def arctanh(code: Vectors, x: Real) -> Real:
    """The inverse of the hyperbolic tangent.

    Examples
    --------
    >>> from lowdose.engine.native.mathematics import evaluate
    >>> round(evaluate("arctanh", 0.5), 12)
    0.549306144334
    """
    size = x.magnitude()
    result = _ln_of_more_than_one(code, (size + size) / (1.0 - size)) * 0.5
    result = size.equals(1.0).choose(math.inf, result)
    return (size > 1.0).choose(math.nan, result + (size - size)).with_sign_of(x)


def _power_of_size(code: Vectors, x: Real, y: Real) -> Real:
    """``x**y`` for ``x >= 0``."""
    high, low = _long_ln(code, x)
    high = (x < math.inf).choose(high, x)
    high = x.equals(0.0).choose(-math.inf, high)
    exponent = y * high
    correction = code.fma(y, low, code.product_error(y, high, exponent))
    bounded = exponent.clamped(-SATURATED, SATURATED)
    # Saturated, the correction is as large as it likes, or NaN.
    correction = bounded.equals(exponent).choose(correction, 0.0)
    result = bounded_exp(code, bounded, correction)
    return (y.equals(0.0) | x.equals(1.0)).choose(1.0, result)
