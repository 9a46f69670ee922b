"""Results and criteria in words."""

from __future__ import annotations

from lowdose.claims.schema import Computed, Part, PartResult, Value
from lowdose.evidence.records.labels import RECALLED

_CLOCK = "hour of the day"
_SAID = ("", "year", "risk ratio", _CLOCK)
"""Units that the metric itself names."""
_ALL_DIGITS_FROM = 1000
_SIGNS = {"==": "=", "<": "<", "<=": "≤", ">": ">", ">=": "≥"}


def value_words(value: Value | None, unit: str = "") -> str:
    """A value with its unit, to three digits; nothing for None.

    Examples
    --------
    >>> value_words(76.190476, "%"), value_words((43.6, 97.0), "%"), value_words(1963, "year"), value_words(None)
    ('76.2 %', '43.6 to 97 %', '1963', '')
    """
    if value is None:
        return ""
    if unit == _CLOCK and isinstance(value, int | float):
        return f"{value // 1:02.0f}:{60 * (value % 1):02.0f}"
    if isinstance(value, tuple):
        joined = " to ".join(map(_plain, value)) if _are_numbers(value) else ", ".join(map(_plain, value))
        return _with_unit(joined, unit)
    return _with_unit(_plain(value), unit)


def found_words(found: Computed | PartResult) -> str:
    """What was found, so that it can be read alone: the metric, the value, and the mark of what is recalled.

    Examples
    --------
    >>> from lowdose.claims.noted import noted
    >>> found_words(noted().results["C147"])
    'fibromyalgia pain: upper end of the pooled effect 0.67 SMD ‡'
    >>> found_words(noted().results["C016"])
    ''
    """
    if found.value is None:
        return ""
    between = " " if ":" in found.metric else ": "
    mark = f" {RECALLED}" if found.recalled else ""
    return f"{found.metric}{between}{value_words(found.value, found.unit)}{mark}"


def criterion_words(part: Part) -> str:
    """What a part demands: its metric, the comparison and the bound.

    Examples
    --------
    >>> from lowdose.claims.criteria import criteria
    >>> criterion_words(criteria()["C075"].parts[0])
    'class of 0.5 mg a day = ULDN'
    """
    bound = part.bound
    if part.holds == "contains":
        return f"{part.metric}, has {value_words(bound, part.unit)} inside"
    if part.holds == "in":
        if isinstance(bound, tuple) and _are_numbers(bound):
            return f"{part.metric} from {value_words(bound, part.unit)}"
        return f"{part.metric} one of {value_words(bound, part.unit)}"
    return f"{part.metric} {_SIGNS[part.holds]} {value_words(bound, part.unit)}"


def _are_numbers(values: tuple[object, ...]) -> bool:
    return all(isinstance(one, int | float) for one in values)


def _plain(value: object) -> str:
    if isinstance(value, str):
        # Directions are written with underscores in the records.
        return value.replace("_", " ").replace("ldn", "LDN")
    # A year or a number of people keeps all its digits.
    whole = not isinstance(value, float) or value.is_integer() or abs(value) >= _ALL_DIGITS_FROM
    return (f"{value:.0f}" if whole else f"{value:.3g}").replace("-", "−")


def _with_unit(words: str, unit: str) -> str:
    return words if unit in _SAID else f"{words} {unit}"
