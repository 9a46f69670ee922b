"""Whether a value meets the bound that a criterion or a scenario wrote down."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from lowdose.claims.schema import Value
from lowdose.errors import InvalidInput


def meets(value: Value, holds: str, bound: Value) -> bool:
    """Whether a value meets a bound: ``==``, ``<``, ``<=``, ``>``, ``>=``, ``in``, or ``contains`` for an interval.

    Raises
    ------
    InvalidInput
        The two cannot be compared in this way.

    Examples
    --------
    >>> meets(3, "in", (1.0, 5.0)), meets((1.0, 5.0), "contains", 7), meets("LDN", "==", "LDN")
    (True, False, True)
    """
    try:
        return bool(_COMPARISONS[holds](value, bound))
    except (KeyError, TypeError):
        remedy = "compare numbers with numbers and words with words"
        raise InvalidInput(f"{value!r} cannot be held against {holds} {bound!r}", remedy=remedy) from None


def _inside(value: Any, bound: Any) -> bool:
    if isinstance(value, str):
        return value in bound
    low, high = bound
    return bool(low <= value <= high)


_COMPARISONS: Mapping[str, Callable[[Any, Any], bool]] = {
    "==": lambda value, bound: value == bound,
    "<": lambda value, bound: value < bound,
    "<=": lambda value, bound: value <= bound,
    ">": lambda value, bound: value > bound,
    ">=": lambda value, bound: value >= bound,
    "in": _inside,
    "contains": lambda value, bound: value[0] <= bound <= value[1],
}
