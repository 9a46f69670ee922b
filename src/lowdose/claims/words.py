"""Results and criteria in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from lowdose.claims.schema import Computed, PartResult, Value
from lowdose.evidence.records.labels import RECALLED

if TYPE_CHECKING:
    from lowdose.claims.scenarios.schema import Flip

_CLOCK = "hour of the day"
_SAID = ("", "1", "year", "risk ratio", _CLOCK)
"""Units that the metric itself names."""
_ALL_DIGITS_FROM = 1000
_FEW_RIVALS = 5
"""Rivals that are all named; where mechanisms multiply them, they are counted."""
_FEW_DIGITS_BELOW, _LEAST_SHOWN = 0.1, 0.001
_SIGNS = {"==": "=", "<": "<", "<=": "≤", ">": ">", ">=": "≥"}


def value_words(value: Value | None, unit: str = "") -> str:
    """A value with its unit, to three digits; nothing for None.

    Examples
    --------
    >>> value_words(2.6e-5, "1"), value_words(-0.01264, "1")
    ('less than 0.001', '−0.013')
    >>> value_words(76.190476, "%"), value_words((43.6, 97.0), "%"), value_words(1963, "year"), value_words(None)
    ('76.2 %', '43.6 to 97 %', '1963', '')
    """
    if value is None:
        return ""
    if unit == _CLOCK and isinstance(value, int | float):
        return f"{value // 1:02.0f}:{60 * (value % 1):02.0f}"
    if unit == "1" and isinstance(value, float) and 0.0 < abs(value) < _FEW_DIGITS_BELOW:
        # Of a small ratio nobody reads a fourth decimal.
        return f"{value:.3f}".replace("-", "−") if abs(value) >= _LEAST_SHOWN / 2 else f"less than {_LEAST_SHOWN}"
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
    >>> found_words(noted().results["C025"])
    ''
    """
    if found.value is None:
        return ""
    between = " " if ": " in found.metric else ": "
    mark = f" {RECALLED}" if found.recalled else ""
    return f"{found.metric}{between}{value_words(found.value, found.unit)}{mark}"


class Bounded(Protocol):
    """Anything that has a bound: a part of a criterion or of a scenario."""

    @property
    def metric(self) -> str: ...  # noqa: D102
    @property
    def holds(self) -> str: ...  # noqa: D102
    @property
    def bound(self) -> Value: ...  # noqa: D102
    @property
    def unit(self) -> str: ...  # noqa: D102


def computed_words(found: Computed) -> str:
    """What was found and under which hypothesis, what rivals say, and why it settles nothing where it does not.

    Examples
    --------
    >>> from lowdose.claims.noted import noted
    >>> computed_words(noted().results["C020"])
    'opioid tone in the brain relative to no drug on 4.5 mg: 0.476, under effect-site; 4 rivals come to the same'
    """
    if found.value is None:
        return found.reason
    words = found_words(found)
    if found.hypothesis:
        words += f", under {found.hypothesis}"
    if found.computed == "depends on hypothesis":
        words += f"; {rival_words(found)}"
    elif found.rivals:
        words += f"; {len(found.rivals) - 1} rivals come to the same"
    return f"{words}; {found.reason}" if found.reason else words


def rival_words(found: Computed) -> str:
    """Under which rivals a claim holds and under which it fails; many are counted.

    Examples
    --------
    >>> from lowdose.claims.noted import noted
    >>> rival_words(noted().results["C005"])
    'holds under equilibrium-both; fails under effect-site, slow-binding, equilibrium-parent'
    """
    states = sorted({rival.computed for rival in found.rivals}, key=("holds", "fails", "cannot be computed").index)
    names = {state: [one.hypothesis for one in found.rivals if one.computed == state] for state in states}
    if len(found.rivals) > _FEW_RIVALS:
        counted = ", ".join(f"{state} under {len(names[state])}" for state in states)
        return f"{counted} of {len(found.rivals)} pairs of kinetics and mechanism"
    return "; ".join(f"{state} under {', '.join(names[state])}" for state in states)


def flip_words(flip: Flip) -> str:
    """A flip in words.

    Examples
    --------
    >>> from lowdose.claims.scenarios.schema import Flip
    >>> flip_words(Flip(hypothesis="equilibrium-parent", parameter="Ki_mu", value=0.1))
    'equilibrium-parent with Ki_mu 0.1'
    """
    named = f"{flip.parameter} {flip.value:.3g}" if flip.value is not None else ""
    return " with ".join(filter(None, (flip.hypothesis, named)))


def criterion_words(part: Bounded) -> str:
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
