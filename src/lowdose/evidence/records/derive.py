"""Named arithmetic: how a number that was not read in a source comes from numbers that were.

A ``Derivation`` names one of these, so that ``lowdose evidence check`` can do the sum again.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from lowdose.errors import InvalidInput, NotFound
from lowdose.evidence.records.registry import look_up
from lowdose.evidence.records.schema import Derivation, Study

LEVEL = 0.95


def same(value: float) -> float:
    """The value itself, taken from another place.

    Examples
    --------
    >>> same(28)
    28
    """
    return value


def events_from_percent(percentage: float, total: float) -> int:
    """Whole number of people nearest to a percentage of ``total`` (a half counts up).

    Examples
    --------
    >>> events_from_percent(45, 49)
    22
    """
    return math.floor(_whole("total", total) * _share(percentage) + 0.5)


def total_from_percent(events: float, percentage: float) -> int:
    """Whole number of people of which ``events`` are nearest to a percentage (above 0).

    Examples
    --------
    >>> total_from_percent(22, 26.5)
    83
    """
    share = _share(percentage)
    if share == 0:
        raise InvalidInput("no total can be told from 0 %", remedy="write the total itself")
    return math.floor(events / share + 0.5)


def percent(events: float, total: float) -> float:
    """Events in percent of ``total``.

    Examples
    --------
    >>> round(percent(20, 74), 1)
    27.0
    """
    return 100 * events / _whole("total", total)


def difference(treated: float, control: float) -> float:
    """First minus second.

    Examples
    --------
    >>> round(difference(-28.8, -18.0), 1)
    -10.8
    """
    return treated - control


def subtract(total: float, *parts: float) -> float:
    """What is left of ``total`` without its parts.

    Examples
    --------
    >>> subtract(10, 2, 2)
    6
    """
    return total - add(*parts)


def add(*parts: float) -> float:
    """All together.

    Examples
    --------
    >>> add(8, 4)
    12
    """
    return sum(parts)


def sd_from_interval(low: float, high: float, n: float) -> float:
    """Standard deviation behind the 95 % t interval of the mean of ``n`` people (Cochrane Handbook 6.5.2.2).

    Examples
    --------
    >>> round(sd_from_interval(-1.7, -0.8, 49), 3)
    1.567
    """
    if not low < high:
        raise InvalidInput(f"the interval {low:g} to {high:g} is not in order", remedy="give the lower limit first")
    return (high - low) / 2 / _t(_whole("n", n, least=2) - 1) * math.sqrt(n)


def standard_error_from_p(estimate: float, p: float, df: float) -> float:
    """Standard error behind a two-sided p of a t test with ``df`` degrees of freedom (Cochrane Handbook 6.5.2.3).

    Examples
    --------
    >>> round(standard_error_from_p(3.3, 0.04, 59), 3)
    1.571
    """
    from scipy.stats import t

    if not 0 < p < 1 or estimate == 0 or df <= 0:
        raise InvalidInput(
            f"no standard error can be told from {estimate:g}, p {p:g}, df {df:g}",
            remedy="the estimate must differ from 0, p lie between 0 and 1, df above 0",
        )
    return abs(estimate) / float(t.isf(p / 2, df))


def interval_from_p(estimate: float, p: float, df: float) -> tuple[float, float]:
    """The 95 % interval behind a two-sided p of a t test with ``df`` degrees of freedom.

    Examples
    --------
    >>> low, high = interval_from_p(3.3, 0.04, 59)
    >>> round(low, 2), round(high, 2)
    (0.16, 6.44)
    """
    half = _t(df) * standard_error_from_p(estimate, p, df)
    return estimate - half, estimate + half


def low_from_p(estimate: float, p: float, df: float) -> float:
    """Lower limit of ``interval_from_p``.

    Examples
    --------
    >>> round(low_from_p(3.3, 0.04, 59), 2)
    0.16
    """
    return interval_from_p(estimate, p, df)[0]


def high_from_p(estimate: float, p: float, df: float) -> float:
    """Upper limit of ``interval_from_p``.

    Examples
    --------
    >>> round(high_from_p(3.3, 0.04, 59), 2)
    6.44
    """
    return interval_from_p(estimate, p, df)[1]


def fisher_p(e1: float, n1: float, e2: float, n2: float) -> float:
    """Two-sided p of Fisher's exact test: ``e1`` of ``n1`` against ``e2`` of ``n2``.

    Examples
    --------
    >>> round(fisher_p(0, 22, 5, 16), 4)
    0.0087
    """
    from scipy.stats import fisher_exact

    if not (0 <= e1 <= n1 and 0 <= e2 <= n2):
        raise InvalidInput(f"{e1:g} of {n1:g} against {e2:g} of {n2:g} cannot be", remedy="events are part of a total")
    return float(fisher_exact([[e1, n1 - e1], [e2, n2 - e2]])[1])


FUNCTIONS: Mapping[str, Callable[..., float]] = MappingProxyType(
    {
        function.__name__: function
        for function in (
            same,
            events_from_percent,
            total_from_percent,
            percent,
            difference,
            subtract,
            add,
            sd_from_interval,
            standard_error_from_p,
            low_from_p,
            high_from_p,
            fisher_p,
        )
    }
)
"""What a derivation may name: functions of numbers that give one number."""


def recompute(derivation: Derivation, block: Any, study: Study) -> float:
    """Do the sum of a derivation again; paths are looked up in ``block``, those after ``study.`` in the study.

    Raises
    ------
    NotFound
        There is no such function, or nothing at a path.
    InvalidInput
        The function refuses the numbers.

    Examples
    --------
    >>> from lowdose.evidence.records.registry import registry
    >>> study = registry().studies["schwartz2014_cancer"]
    >>> recompute(study.outcomes[2].derivations[0], study.outcomes[2], study)
    6
    """
    if derivation.by not in FUNCTIONS:
        raise NotFound.among("derivation", derivation.by, FUNCTIONS)
    numbers = [number_at(one, block, study) for one in derivation.using]
    try:
        return FUNCTIONS[derivation.by](*numbers)
    except TypeError:
        raise InvalidInput(f"{derivation.by} does not take {len(numbers)} numbers") from None


def number_at(one: float | str, block: Any, study: Study) -> float:
    """A number, or the number at a path inside ``block`` or (after ``study.``) inside the study.

    Raises
    ------
    NotFound
        There is nothing at the path.
    InvalidInput
        There is something else than a number.

    Examples
    --------
    >>> from lowdose.evidence.records.registry import registry
    >>> final = registry().studies["bruun2024_FINAL"]
    >>> number_at("arms.ldn.ci.0", final.outcomes[0], final), number_at("study.n.randomised", None, final)
    (-1.7, 99)
    """
    if not isinstance(one, str):
        return one
    place, path = (study, one.removeprefix("study.")) if one.startswith("study.") else (block, one)
    value = look_up(place, path)
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise InvalidInput(f"there is no number at {one!r} but {value!r}")
    return value


def agrees(stored: float, computed: float) -> bool:
    """Whether a number is the other one, rounded to the digits it is written with.

    Examples
    --------
    >>> agrees(1.57, 1.5667), agrees(1.57, 1.5601)
    (True, False)
    """
    exponent = Decimal(repr(stored)).normalize().as_tuple().exponent
    digits = max(0, -exponent) if isinstance(exponent, int) else 0
    return abs(stored - computed) <= 0.5 * 10.0**-digits * (1 + 1e-9)


def _t(df: float) -> float:
    from scipy.stats import t

    return float(t.isf((1 - LEVEL) / 2, df))


def _share(percentage: float) -> float:
    if not 0 <= percentage <= 100:
        raise InvalidInput(f"{percentage:g} % is no percentage", remedy="write a number from 0 to 100")
    return percentage / 100


def _whole(name: str, number: float, least: int = 1) -> float:
    if number != int(number) or number < least:
        raise InvalidInput(f"{name} is {number:g}", remedy=f"write a whole number of {least} or more")
    return number
