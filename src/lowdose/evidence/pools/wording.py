"""Effects, numbers and p values in words: the same in every table and sentence."""

from __future__ import annotations

import math
from collections.abc import Mapping

_MILLION = 1e6
_SMALLEST_P = 0.001


def effect(measure: str, shown: Mapping[str, float]) -> str:
    """An effect with its interval, on the scale shown.

    Examples
    --------
    >>> effect("RR", {"estimate": 2.222, "low": 1.142, "high": 4.323})
    'RR 2.22 (1.14 to 4.32)'
    """
    estimate, low, high = (number(shown[name]) for name in ("estimate", "low", "high"))
    return f"{'effect' if measure == 'generic' else measure} {estimate} ({low} to {high})"


def number(value: float) -> str:
    """Two decimals; more where nothing would be left, none where they would say nothing.

    Examples
    --------
    >>> [number(value) for value in (-0.177, 0.0031, 166.2, 3.2e12, float("inf"))]
    ['−0.18', '0.003', '166', '3e+12', '∞']
    """
    size = abs(value)
    if math.isinf(value):
        text = "-∞" if value < 0 else "∞"
    elif size >= _MILLION:
        text = f"{value:.0e}"
    else:
        text = f"{value:.1g}" if 0 < size < 0.005 else f"{value:.0f}" if size >= 100 else f"{value:.2f}"
    return text.replace("-", "−")


def p_words(p: float) -> str:
    """A p value to three decimals, never zero.

    Examples
    --------
    >>> p_words(0.0359), p_words(1e-9)
    ('p 0.036', 'p < 0.001')
    """
    return f"p < {_SMALLEST_P:g}" if p < _SMALLEST_P else f"p {p:.3f}"
