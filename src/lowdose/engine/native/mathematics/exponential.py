"""Exponential and hyperbolic functions of vectors.

The coefficients are best approximations (Remez' algorithm in 60 digits, rounded to doubles); each comment names the
error.
"""

from __future__ import annotations

from lowdose.engine.native.mathematics.vectors import Bits, Real, Vectors

__all__ = ["LN2_HIGH", "LN2_LOW", "SATURATED", "bounded_exp", "cosh", "exp", "sinh", "tanh"]

# Adding it rounds to an integer, which then stands in the low bits.
_ROUND = 1.5 * 2.0**52
_LOG2_E = float.fromhex("0x1.71547652b82fep+0")
# ln 2 in two parts; the first has 21 zero bits at its end: its multiples by an exponent are exact.
LN2_HIGH = float.fromhex("0x1.62e42fee00000p-1")
LN2_LOW = float.fromhex("0x1.a39ef35793c76p-33")
# Beyond it exp is 0 or infinite, and the powers of two that make it up are still doubles.
SATURATED = 1400.0
# Beyond it, halved, tanh is 1.
_FLAT = 44.0

# (exp(r) - 1 - r)/r**2 for |r| <= ln(2)/2; relative error of exp(r) - 1: 2**-55.6.
_EXP = tuple(
    map(
        float.fromhex,
        """0x1.0000000000005p-1 0x1.555555555555cp-3 0x1.55555555520e7p-5 0x1.111111110e6b9p-7
        0x1.6c16c17f3afa4p-10 0x1.a01a01b5e0697p-13 0x1.a019a67a84dbap-16 0x1.71dde9f4b64adp-19
        0x1.28a2b754c6ea0p-22 0x1.af76c45e88a01p-26""".split(),
    )
)


def _growth(code: Vectors, r: Real) -> Real:
    """``exp(r) - 1`` for ``|r| <= ln(2)/2``."""
    return code.fma(r * r, code.polynomial(r, _EXP), r)


def _nearest_power(code: Vectors, x: Real) -> tuple[Real, Real]:
    """``n``, the integer nearest to ``x/ln(2)``, and a double with ``n + 2046`` in its low bits."""
    shifted = code.fma(x, _LOG2_E, _ROUND + 2046)
    return shifted - (_ROUND + 2046), shifted


def _halved_power(code: Vectors, n: Real, shifted: Real) -> tuple[Bits, Bits]:
    """Two powers of two, the product of which is ``2**n``: it may lie outside the doubles, they do not."""
    half = code.fma(n, 0.5, _ROUND + 1023)
    return half.bits() << 52, (shifted.bits() - half.bits()) << 52


def bounded_exp(code: Vectors, x: Real, correction: Real | None = None, halvings: int = 0) -> Real:
    """``exp(x + correction) / 2**halvings`` for ``|x| <= SATURATED``.

    Examples
    --------
    >>> from lowdose.engine.native.mathematics import evaluate
    >>> round(evaluate("exp", 1.0), 12)
    2.718281828459
    """
    n, shifted = _nearest_power(code, x)
    high = code.fma(-n, LN2_HIGH, x)
    if correction is None:
        r = code.fma(-n, LN2_LOW, high)
    else:
        r = high + code.fma(-n, LN2_LOW, correction)
    # 1 + r in two parts, lest the sum of the small ones be rounded twice.
    near = r + 1.0
    rest = code.fma(r * r, code.polynomial(r, _EXP), r - (near - 1.0))
    first, second = _halved_power(code, n, shifted)
    return (near + rest) * (first - (halvings << 52)).real() * second.real()


def exp(code: Vectors, x: Real) -> Real:
    """``e**x``: reduced by multiples of ln 2 (Cody and Waite), a polynomial, scaled in two steps.

    Examples
    --------
    >>> from lowdose.engine.native.mathematics import evaluate
    >>> round(evaluate("exp", 1.0), 12)
    2.718281828459
    """
    return bounded_exp(code, x.clamped(-SATURATED, SATURATED))


def _doubled_growth(code: Vectors, x: Real, halvings: int) -> tuple[Real, Real]:
    """``(exp(x) - 1) / 2**halvings`` for ``0 <= x <= SATURATED``, the second a power of two still to be applied.

    ``exp(x) - 1`` is ``2**n * (exp(r) - 1) + (2**n - 1)``: nothing is lost where n is 0.
    """
    n, shifted = _nearest_power(code, x)
    r = code.fma(-n, LN2_LOW, code.fma(-n, LN2_HIGH, x))
    first, second = _halved_power(code, n, shifted)
    first = first - (halvings << 52)
    # 2**-halvings over the second power.
    one = ((2046 - halvings) << 52) - second
    return code.fma(_growth(code, r), first.real(), first.real() - one.real()), second.real()


def tanh(code: Vectors, x: Real) -> Real:
    """The hyperbolic tangent: with E = exp(2*x) - 1, E/(E + 2).

    Examples
    --------
    >>> from lowdose.engine.native.mathematics import evaluate
    >>> round(evaluate("tanh", 1.0), 12)
    0.761594155956
    """
    size = x.magnitude()
    doubled = (size + size).clamped(0.0, _FLAT)
    n, shifted = _nearest_power(code, doubled)
    r = code.fma(-n, LN2_LOW, code.fma(-n, LN2_HIGH, doubled))
    scale = ((shifted.bits() - 1023) << 52).real()
    growth = code.fma(_growth(code, r), scale, scale - 1.0)
    return (growth / (growth + 2.0)).with_sign_of(x)


def sinh(code: Vectors, x: Real) -> Real:
    """The hyperbolic sine: with E = exp(x) - 1, (E + E/(E + 1))/2.

    Examples
    --------
    >>> from lowdose.engine.native.mathematics import evaluate
    >>> round(evaluate("sinh", 1.0), 12)
    1.175201193644
    """
    part, scale = _doubled_growth(code, x.magnitude().clamped(0.0, SATURATED), 1)
    half = part * scale
    # Infinite, it would give NaN below.
    limited = half.clamped(0.0, 2.0**1000)
    return (half + limited / code.fma(limited, 2.0, 1.0)).with_sign_of(x)


def cosh(code: Vectors, x: Real) -> Real:
    """The hyperbolic cosine.

    Examples
    --------
    >>> from lowdose.engine.native.mathematics import evaluate
    >>> evaluate("cosh", 0.0)
    1.0
    """
    half = bounded_exp(code, x.magnitude().clamped(0.0, SATURATED), halvings=1)
    return half + 0.25 / half
