"""Exact arithmetic: decimal numbers only, one context, rounding only where a person weighs or measures."""

from __future__ import annotations

from collections.abc import Callable
from decimal import (
    ROUND_FLOOR,
    ROUND_HALF_EVEN,
    ROUND_HALF_UP,
    Context,
    Decimal,
    DivisionByZero,
    FloatOperation,
    InvalidOperation,
    Overflow,
    localcontext,
)
from functools import wraps
from typing import ParamSpec, TypeVar

from lowdose.errors import InvalidInput

Parameters = ParamSpec("Parameters")
Value = TypeVar("Value")

CONTEXT = Context(prec=60, rounding=ROUND_HALF_EVEN, traps=[InvalidOperation, DivisionByZero, Overflow, FloatOperation])
"""Sixty digits: every product in this room is exact, and a quotient that never ends is cut where nobody weighs."""

HUNDRED = Decimal(100)
_DIGITS = 12
_SHOWN = 6


def exactly(function: Callable[Parameters, Value]) -> Callable[Parameters, Value]:
    """Run a function in the context of this room, whatever context the caller has set.

    Examples
    --------
    >>> @exactly
    ... def third() -> Decimal:
    ...     return Decimal(1) / 3
    >>> len(str(third())) - 2
    60
    """

    @wraps(function)
    def in_context(*arguments: Parameters.args, **options: Parameters.kwargs) -> Value:
        with localcontext(CONTEXT):
            return function(*arguments, **options)

    return in_context


def exact(value: object, what: str, *, least: Decimal | None = None, computed: bool = False) -> Decimal:
    """Take a number in, exactly or not at all.

    Parameters
    ----------
    value : Decimal or int
        The number; at most twelve digits before and twelve after the point.
    what : str
        What it is, for the message.
    least : Decimal, optional
        Its lower bound, allowed itself. Without one it must be above zero.
    computed : bool
        Whether it may have come out of arithmetic, with more digits than anyone writes.

    Raises
    ------
    InvalidInput
        If it is a float, no number, or out of bounds.

    Examples
    --------
    >>> exact(Decimal("4.50"), "the dose")
    Decimal('4.5')
    >>> exact(0.1, "the dose")
    Traceback (most recent call last):
    lowdose.errors.InvalidInput: the dose is the float 0.1, which is not exact
      remedy: write Decimal("0.1"), or text with its unit
    """
    if isinstance(value, float):
        raise InvalidInput(
            f"{what} is the float {value!r}, which is not exact",
            remedy=f'write Decimal("{value!r}"), or text with its unit',
        )
    if isinstance(value, bool) or not isinstance(value, (int, Decimal)):
        raise InvalidInput(f"{what} is {value!r}, no decimal number", remedy='write Decimal("4.5") or a whole number')
    number = Decimal(value)
    if not number.is_finite():
        raise InvalidInput(f"{what} is {number}, not a finite number", remedy="write a plain number")
    with localcontext(CONTEXT):
        if not computed and (abs(number) >= Decimal(10) ** _DIGITS or number != round(number, _DIGITS)):
            raise InvalidInput(
                f"{what} is {number:g}, beyond what is weighed or measured",
                remedy="write at most twelve digits on either side of the point",
            )
        if number < least if least is not None else number <= 0:
            bound = "above zero" if least is None else f"at least {plain(least)}"
            raise InvalidInput(f"{what} is {plain(number)}; it must be {bound}", remedy="correct the number")
        return trimmed(number)


def whole(value: object, what: str) -> int:
    """Take a count in: a whole number above zero.

    Raises
    ------
    InvalidInput
        If it is anything else.

    Examples
    --------
    >>> whole(90, "the count")
    90
    >>> whole(Decimal("4.8"), "the count")
    Traceback (most recent call last):
    lowdose.errors.InvalidInput: the count is 4.8; it must be a whole number
      remedy: correct the number
    """
    number = exact(value, what)
    if number != number.to_integral_value():
        raise InvalidInput(f"{what} is {plain(number)}; it must be a whole number", remedy="correct the number")
    return int(number)


def trimmed(number: Decimal) -> Decimal:
    """Return the same number without trailing zeros or exponent.

    Examples
    --------
    >>> trimmed(Decimal("120.00")), trimmed(Decimal("1E+2"))
    (Decimal('120'), Decimal('100'))
    """
    return Decimal(plain(number))


def plain(number: Decimal) -> str:
    """Every digit of a number, as a label writes it: 1 and not 1.0, 0.5 and not .5, no exponent.

    Examples
    --------
    >>> plain(Decimal("4.50")), plain(Decimal("1E+3")), plain(Decimal("0.10"))
    ('4.5', '1000', '0.1')
    """
    written = format(number, "f")
    written = written.rstrip("0").rstrip(".") if "." in written else written
    return "0" if written in ("-0", "") else written


def counted(number: Decimal, unit: str) -> str:
    """A number with its unit: one of what is counted is one of it.

    Examples
    --------
    >>> counted(Decimal(1), "capsules"), counted(Decimal(90), "capsules"), counted(Decimal(1), "mL")
    ('1 capsule', '90 capsules', '1 mL')
    """
    return f"{plain(number)} {'capsule' if unit == 'capsules' and number == 1 else unit}"


@exactly
def shown(number: Decimal) -> tuple[str, bool]:
    """Return a number as a worksheet prints it, and whether that is all of it: six decimals, more for small numbers.

    Examples
    --------
    >>> shown(Decimal("1464.75"))
    ('1464.75', True)
    >>> shown(Decimal(2) / 3), shown(Decimal(1) / 30000000)
    (('0.666667', False), ('0.0000000333333', False))
    """
    leading = max(0, -number.adjusted() - 1) if number else 0
    cut = number.quantize(Decimal(1).scaleb(-_SHOWN - leading), rounding=ROUND_HALF_UP)
    return plain(cut), cut == number


@exactly
def rounded(number: Decimal, step: Decimal) -> Decimal:
    """Return the nearest multiple of a step; a tie goes up.

    Examples
    --------
    >>> rounded(Decimal("479.6954"), Decimal("0.1")), rounded(Decimal("0.25"), Decimal("0.1"))
    (Decimal('479.7'), Decimal('0.3'))
    """
    return trimmed((number / step).to_integral_value(rounding=ROUND_HALF_UP) * step)


@exactly
def below(number: Decimal, step: Decimal) -> Decimal:
    """Return the largest multiple of a step that is not above the number.

    Examples
    --------
    >>> below(Decimal("0.25"), Decimal("0.1"))
    Decimal('0.2')
    """
    return trimmed((number / step).to_integral_value(rounding=ROUND_FLOOR) * step)
