"""Numbers a trial reports, checked before they are used: each refusal names the number and what would do."""

from __future__ import annotations

import math
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from lowdose.errors import InvalidInput

Measure = Literal["MD", "SMD", "RR", "OR", "RD", "generic"]
"""Difference of means, the same in standard deviations, risk ratio, odds ratio, risk difference, or as given."""
RATIOS: tuple[Measure, ...] = ("RR", "OR")
"""Measures that live on the log scale inside."""
OF_EVENTS: tuple[Measure, ...] = ("RR", "OR", "RD")


IMPLAUSIBLE_SMD = 3.0
"""Standard deviations; no trial of a drug against placebo moves people this far: a standard error was taken for one."""


def no_difference(measure: str) -> float:
    """The value shown where both arms do the same: 1 for a ratio, 0 for a difference.

    Examples
    --------
    >>> no_difference("RR"), no_difference("SMD")
    (1.0, 0.0)
    """
    return 1.0 if measure in RATIOS else 0.0


@dataclass(frozen=True)
class EffectSize:
    """One comparison as a number: ``estimate`` and ``variance`` (RR and OR as logarithms), and what was done to get it.

    ``correlation`` is that between the periods of a crossover trial, where one was assumed.
    """

    measure: Measure
    estimate: float
    variance: float
    correlation: float | None = None
    note: str = ""


def finite(name: str, value: float) -> float:
    """The number under its name, refused when it is none.

    Examples
    --------
    >>> finite("p", "0.04")
    0.04
    """
    try:
        number = float(value)
    except (TypeError, ValueError):
        raise InvalidInput(f"{name} is {value!r}, which is not a number") from None
    if not math.isfinite(number):
        raise InvalidInput(f"{name} is {number:g}", remedy="write a finite number")
    return number


def positive(name: str, value: float) -> float:
    """A finite number above zero.

    Examples
    --------
    >>> positive("sd", 2)
    2.0
    """
    number = finite(name, value)
    if number <= 0:
        raise InvalidInput(f"{name} is {number:g}", remedy="it must be above zero")
    return number


def size_of(name: str, value: float, least: int = 1) -> int:
    """A whole number of people, ``least`` or more.

    Examples
    --------
    >>> size_of("n", 28.0)
    28
    """
    number = finite(name, value)
    if number != int(number) or number < least:
        people = f"{least} people or more" if least > 1 else "one person or more"
        raise InvalidInput(f"{name} is {number:g}", remedy=f"an arm has a whole number of people: {people}")
    return int(number)


def side_of(value: float) -> float:
    """-1 or 1.

    Examples
    --------
    >>> side_of(-1)
    -1.0
    """
    number = finite("sign", value)
    if abs(number) != 1:
        raise InvalidInput(f"sign is {number:g}", remedy="write -1 where the treated arm has less of it, else 1")
    return number


def probability(p: float) -> float:
    """A p above 0 and below 1.

    Examples
    --------
    >>> probability(0.04)
    0.04
    """
    number = finite("p", p)
    if not 0 < number < 1:
        raise InvalidInput(f"p is {number:g}", remedy="write a two-sided p between 0 and 1")
    return number


def correlation_of(value: float) -> float:
    """A correlation above -1 and below 1.

    Examples
    --------
    >>> correlation_of(0.5)
    0.5
    """
    number = finite("correlation", value)
    if not -1 < number < 1:
        raise InvalidInput(f"a correlation of {number:g} between periods cannot be", remedy="write one such as 0.5")
    return number


def ordered(low: float, middle: float, high: float) -> None:
    """Refuse limits that do not hold the estimate between them.

    Examples
    --------
    >>> ordered(-1.7, -1.3, -0.8)
    """
    if not finite("low", low) <= finite("est", middle) <= finite("high", high) or low == high:
        raise InvalidInput(f"{middle:g} does not lie between {low:g} and {high:g}", remedy="give the lower limit first")


def counts(e1: float, n1: float, e2: float, n2: float) -> tuple[int, int, int, int]:
    """Events and totals of two arms as whole numbers.

    Raises
    ------
    InvalidInput
        If an arm is empty, or has more events than people, or a count is not whole.

    Examples
    --------
    >>> counts(15.0, 18, 6, 16)
    (15, 18, 6, 16)
    """
    whole = []
    for name, value in (("e1", e1), ("n1", n1), ("e2", e2), ("n2", n2)):
        number = finite(name, value)
        if number != int(number) or number < 0:
            raise InvalidInput(f"{name} is {number:g}, which is not a count", remedy="write a whole number, 0 or more")
        whole.append(int(number))
    for arm, had, total in (("1", whole[0], whole[1]), ("2", whole[2], whole[3])):
        if total == 0:
            raise InvalidInput(f"n{arm} is zero: an arm with nobody in it", remedy="leave the study out")
        if had > total:
            raise InvalidInput(f"e{arm} is {had}, more than the {total} people of the arm", remedy="swap the columns?")
    return whole[0], whole[1], whole[2], whole[3]


def possible_percentage(percentage: float, total: int) -> bool:
    """Whether some whole number of ``total`` people gives this percentage, rounded to its digits.

    Examples
    --------
    >>> possible_percentage(89, 17), possible_percentage(88.2, 17)
    (False, True)
    """
    exponent = Decimal(repr(float(percentage))).normalize().as_tuple().exponent
    half = 0.5 * 10.0 ** min(0, exponent if isinstance(exponent, int) else 0) * (1 + 1e-9)
    nearest = round(percentage * total / 100)
    return abs(100 * nearest / total - percentage) <= half
