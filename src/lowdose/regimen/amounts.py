"""Numbers and amounts, exactly: decimal arithmetic, no binary rounding, no guess where a digit could be lost.

A dose is mg of naltrexone hydrochloride as labelled. For people an amount below 1 mg is written in micrograms,
never as a naked point, never with a trailing zero: the three commonest ways to read a dose ten times too large.
"""

from __future__ import annotations

from decimal import Decimal

from lowdose.errors import InvalidInput

#: No amount, interval or length needs more digits; more would be an accident.
LONGEST = 12
#: One nanogram, in mg: the finest amount that is told apart.
FINEST = Decimal("0.000001")


def read_number(text: str) -> tuple[Decimal, str]:
    """Read a number with a decimal point or comma.

    Parameters
    ----------
    text : str
        Digits with an optional sign and at most one decimal mark.

    Returns
    -------
    tuple of (Decimal, str)
        The number, and a note where it had to be interpreted (otherwise empty).

    Raises
    ------
    InvalidInput
        Not a number, too many digits, or ambiguous: ``1,000`` is one or a thousand.

    Examples
    --------
    >>> read_number("4.5"), read_number("4,5")
    ((Decimal('4.5'), ''), (Decimal('4.5'), '4,5 read as 4.5 (decimal comma)'))
    >>> read_number(".5")
    (Decimal('0.5'), '.5 read as 0.5')
    """
    digits = text.lstrip("+-")
    marks = [mark for mark in digits if mark in ".,"]
    if len(digits) - len(marks) > LONGEST:
        raise InvalidInput(f"a number with more than {LONGEST} digits", remedy="write as many digits as were measured")
    if len(marks) > 1:
        raise InvalidInput(f"not a number: {text!r}", remedy="write one decimal point at most, e.g. 4.5")
    if digits.startswith(","):
        raise InvalidInput(
            f"a number cannot start with a comma: {text!r}", remedy=f"write 0.{digits[1:]} or {digits[1:]}"
        )
    whole, _, fraction = digits.partition(",")
    if len(fraction) == 3 and whole.strip("0"):
        raise InvalidInput(
            f"ambiguous number {text!r}: a decimal comma or a thousands comma?",
            remedy=f"write {whole}{fraction}, or {plain(Decimal(f'{whole}.{fraction}'))} with a point",
        )
    number = Decimal(text.replace(",", "."))
    if marks == [","]:
        return number, f"{text} read as {plain(number)} (decimal comma)"
    if digits.startswith("."):
        return number, f"{text} read as {plain(number)}"
    return number, ""


def plain(number: Decimal) -> str:
    """Write a number with no exponent, no trailing zero and no naked point.

    Examples
    --------
    >>> plain(Decimal("4.50")), plain(Decimal("1.0")), plain(Decimal("1E+2"))
    ('4.5', '1', '100')
    """
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def amount_words(amount_mg: Decimal) -> str:
    """Write an amount for people: micrograms below 1 mg.

    Parameters
    ----------
    amount_mg : Decimal
        Amount, mg of the hydrochloride as labelled.

    Examples
    --------
    >>> amount_words(Decimal("4.5")), amount_words(Decimal("0.5")), amount_words(Decimal("0.001"))
    ('4.5 mg', '500 micrograms', '1 microgram')
    """
    if abs(amount_mg) >= 1 or not amount_mg:
        return f"{plain(amount_mg)} mg"
    micrograms = plain(amount_mg * 1000)
    return f"{micrograms} microgram" if micrograms == "1" else f"{micrograms} micrograms"


def exact_mg(amount: Decimal | float | str) -> Decimal:
    """Hold an amount exactly; a float counts as the decimal it prints as.

    Raises
    ------
    InvalidInput
        Not a finite number, or finer than a nanogram.

    Examples
    --------
    >>> exact_mg(0.1)
    Decimal('0.1')
    """
    try:
        number = Decimal(str(amount))
    except ArithmeticError:
        number = Decimal("nan")
    if not number.is_finite():
        raise InvalidInput(f"not an amount: {amount!r}", remedy="write a number of mg, e.g. 4.5")
    if number.adjusted() < LONGEST and number % FINEST:
        raise InvalidInput(
            f"{plain(number)} mg is finer than a nanogram", remedy="round to what can be weighed, e.g. 4.5 mg"
        )
    return number
