"""Functions that are next to one instruction each."""

from __future__ import annotations

from lowdose.engine.native.mathematics.vectors import Real, Vectors

__all__ = ["ceiling", "floor", "magnitude", "maximum", "minimum", "square_root"]

# From here on every double is an integer.
_WHOLE = 2.0**52


def magnitude(code: Vectors, x: Real) -> Real:
    """The absolute value.

    Examples
    --------
    >>> from lowdose.engine.native.mathematics import evaluate
    >>> evaluate("abs", -2.0)
    2.0
    """
    return x.magnitude()


def square_root(code: Vectors, x: Real) -> Real:
    """The square root, correctly rounded.

    Examples
    --------
    >>> from lowdose.engine.native.mathematics import evaluate
    >>> round(evaluate("sqrt", 2.0), 12)
    1.414213562373
    """
    return code.intrinsic("sqrt", x)


def floor(code: Vectors, x: Real) -> Real:
    """The integer at or below.

    Examples
    --------
    >>> from lowdose.engine.native.mathematics import evaluate
    >>> evaluate("floor", -0.5)
    -1.0
    """
    if code.fused:
        return code.intrinsic("floor", x)
    # Targets without fused operations may have no instruction for it either, and would call libm.
    size = x.magnitude()
    near = ((size + _WHOLE) - _WHOLE).with_sign_of(x)
    down = (near > x).choose(near - 1.0, near)
    return (size < _WHOLE).choose(down, x)


def ceiling(code: Vectors, x: Real) -> Real:
    """The integer at or above.

    Examples
    --------
    >>> from lowdose.engine.native.mathematics import evaluate
    >>> evaluate("ceiling", -0.5)
    -0.0
    """
    return code.intrinsic("ceil", x) if code.fused else -floor(code, -x)


def minimum(code: Vectors, x: Real, y: Real) -> Real:
    """The lesser; NaN where either is NaN.

    Examples
    --------
    >>> from lowdose.engine.native.mathematics import evaluate
    >>> evaluate("min", 1.0, float("nan"))
    nan
    """
    return x.is_nan().choose(x, (x < y).choose(x, y))


def maximum(code: Vectors, x: Real, y: Real) -> Real:
    """The greater; NaN where either is NaN.

    Examples
    --------
    >>> from lowdose.engine.native.mathematics import evaluate
    >>> evaluate("max", 1.0, 2.0)
    2.0
    """
    return x.is_nan().choose(x, (x > y).choose(x, y))
