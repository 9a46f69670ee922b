"""Amounts as people write them: read exactly, and refused where the way of writing has caused ten-fold errors."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from lowdose.errors import InvalidInput
from lowdose.pharmacy.amounts.exact import exact, exactly, plain, trimmed

Dimension = Literal["mass", "volume", "mass per volume", "mass per mass"]

_SCALES: Mapping[str, tuple[Dimension, Decimal]] = {
    "g": ("mass", Decimal(1000)),
    "mg": ("mass", Decimal(1)),
    "micrograms": ("mass", Decimal("0.001")),
    "nanograms": ("mass", Decimal("0.000001")),
    "mL": ("volume", Decimal(1)),
    "mg/mL": ("mass per volume", Decimal(1)),
    "micrograms/mL": ("mass per volume", Decimal("0.001")),
    "mg/g": ("mass per mass", Decimal(1)),
}
"""What each unit measures, and how many of the first of its kind it is: mg, mL, mg/mL, mg/g."""

_EXAMPLE: Mapping[Dimension, str] = {
    "mass": "1.5 mg or 250 micrograms",
    "volume": "120 mL",
    "mass per volume": "0.5 mg/mL",
    "mass per mass": "10 mg/g",
}
_MISREAD: Mapping[str, str] = {
    "ug": "micrograms",
    "µg": "micrograms",
    "μg": "micrograms",
    "mcg": "micrograms",
    "ng": "nanograms",
    "cc": "mL",
}
"""Abbreviations that have been misread, and what is written instead: the micro sign comes in two characters."""
_REFUSED = ("ug", "µg", "μg", "cc", "ng")
_SAME: Mapping[str, str] = {
    "ml": "mL",
    "millilitre": "mL",
    "millilitres": "mL",
    "milliliter": "mL",
    "milliliters": "mL",
    "milligram": "mg",
    "milligrams": "mg",
    "microgram": "micrograms",
    "nanogram": "nanograms",
    "gram": "g",
    "grams": "g",
}
_WRITTEN = re.compile(r"\s*(?P<number>[^\sA-Za-zµμ%/]*)(?P<space>\s*)(?P<unit>.*?)\s*", re.DOTALL)
_PLAIN = re.compile(r"0|[1-9][0-9]*|(?:0|[1-9][0-9]*)\.[0-9]*[1-9]")
_IN_TEXT = re.compile(
    r"(?<![\w.,])(?P<number>[0-9]*\.?[0-9]+)\s*"
    r"(?P<unit>micrograms?|nanograms?|milligrams?|ug|µg|μg|mcg|ng|mg|g|mL|ml|cc|%)(?![A-Za-z])"
)


@dataclass(frozen=True)
class Quantity:
    """An amount with its unit, and what had to be put right in the way it was written.

    Parameters
    ----------
    value : Decimal
        The number.
    unit : str
        g, mg, micrograms, nanograms, mL, mg/mL, micrograms/mL or mg/g.
    notes : tuple of str
        What was written otherwise.

    Examples
    --------
    >>> print(Quantity.parse("1.5 mg"), Quantity.parse("120 ml"))
    1.5 mg 120 mL
    >>> Quantity.parse("250 mcg").notes
    ("'mcg' was read as micrograms, and is written so",)
    """

    value: Decimal
    unit: str
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.unit not in _SCALES:
            raise InvalidInput(f"{self.unit!r} is no unit of a worksheet", remedy=f"write one of {', '.join(_SCALES)}")
        object.__setattr__(self, "value", exact(self.value, "the amount"))

    @classmethod
    def parse(cls, written: str) -> Quantity:
        """Read an amount such as "1.5 mg", "0.5 mg/mL" or "250 micrograms".

        Raises
        ------
        InvalidInput
            If it is no amount, or written in a way that is misread: "1.0 mg", ".5 mg", "250 µg", "5 cc", "1,000 mg".

        Examples
        --------
        >>> Quantity.parse("1.0 mg")
        Traceback (most recent call last):
        lowdose.errors.InvalidInput: '1.0 mg' has a zero after the point: a missed point makes it ten-fold
          remedy: write 1 mg
        """
        if not isinstance(written, str):
            raise InvalidInput(f"{written!r} is not an amount with its unit", remedy='write text such as "1.5 mg"')
        match = _WRITTEN.fullmatch(written)
        number, unit = (match["number"], match["unit"]) if match else ("", "")
        if not number or not unit:
            raise InvalidInput(f"{written!r} is not an amount with its unit", remedy='write it such as "1.5 mg"')
        unit, notes = _unit(unit, number, written)
        if match and not match["space"]:
            notes = (*notes, f"{written.strip()!r} has no space before its unit; it is written with one")
        return cls(_number(number, unit, written), unit, notes)

    @property
    def dimension(self) -> Dimension:
        """What it measures."""
        return _SCALES[self.unit][0]

    @exactly
    def to(self, unit: str) -> Decimal:
        """The number in another unit of the same kind.

        Raises
        ------
        InvalidInput
            If that unit measures something else.

        Examples
        --------
        >>> Quantity.parse("250 micrograms").to("mg")
        Decimal('0.25')
        """
        dimension, scale = _SCALES[unit]
        if dimension != self.dimension:
            raise InvalidInput(
                f"{self} is a {self.dimension}, not a {dimension}", remedy=f"write it such as {_EXAMPLE[dimension]}"
            )
        return trimmed(self.value * _SCALES[self.unit][1] / scale)

    def __str__(self) -> str:
        return f"{plain(self.value)} {self.unit}"


def quantity(written: str | Quantity, unit: str) -> Decimal:
    """Read an amount as so many of a unit.

    Raises
    ------
    InvalidInput
        If it cannot be read, is not exact, or measures something else.

    Examples
    --------
    >>> quantity("0.25 g", "mg"), quantity("120 mL", "mL")
    (Decimal('250'), Decimal('120'))
    >>> quantity("120 mg", "mL")
    Traceback (most recent call last):
    lowdose.errors.InvalidInput: 120 mg is a mass, not a volume
      remedy: write it such as 120 mL
    """
    return (written if isinstance(written, Quantity) else Quantity.parse(written)).to(unit)


def _unit(unit: str, number: str, written: str) -> tuple[str, tuple[str, ...]]:
    top, slash, bottom = (part.strip() for part in unit.replace(" per ", "/").partition("/"))
    notes: tuple[str, ...] = ()
    parts = []
    for part in (top, bottom) if slash else (top,):
        meant = _MISREAD.get(part, part)
        if part in _REFUSED:
            safe = "/".join(_MISREAD.get(one, _SAME.get(one, one)) for one in ((top, bottom) if slash else (top,)))
            raise InvalidInput(f"{written!r}: {part!r} has been misread", remedy=f"write {number} {safe}")
        if meant != part:
            notes = (*notes, f"{part!r} was read as {meant}, and is written so")
        parts.append(_SAME.get(meant, meant))
    meant = "/".join(parts)
    if meant not in _SCALES:
        near = {known.lower(): _SAME.get(known, known) for known in (*_SCALES, *_SAME)}.get(meant.lower())
        remedy = f"write {near}, in these letters" if near else f"write one of {', '.join(_SCALES)}"
        raise InvalidInput(f"{written!r}: {unit!r} is not read as a unit", remedy=remedy)
    return meant, notes


def _number(number: str, unit: str, written: str) -> Decimal:
    if _PLAIN.fullmatch(number):
        return exact(Decimal(number), f"{written!r}")
    if re.fullmatch(r"\.[0-9]+", number):
        fault, safe = "no zero before the point: a missed point makes it larger", f"0{number}"
    elif re.fullmatch(r"[0-9]+\.0*|[0-9]+\.[0-9]*0", number):
        fault, safe = "a zero after the point: a missed point makes it ten-fold", number
        fault = "nothing after its point" if number.endswith(".") else fault
    elif re.fullmatch(r"0[0-9.]+", number):
        fault, safe = "a zero before the number: a point may be missing", number
    elif "," in number:
        raise InvalidInput(
            f"{written!r} has a comma, which is a decimal point to some and marks thousands to others",
            remedy="write 1.5 with a point, and 1000 without a comma",
        )
    else:
        raise InvalidInput(f"{written!r} is not a plain number with its unit", remedy=f"write it such as 1.5 {unit}")
    raise InvalidInput(f"{written!r} has {fault}", remedy=f"write {plain(Decimal(safe))} {unit}")


@dataclass(frozen=True)
class UnsafeFormats:
    """Ways of writing in a text that have been misread, each as it stands there."""

    trailing_zeros: tuple[str, ...]
    naked_decimals: tuple[str, ...]
    abbreviations: tuple[str, ...]

    def __bool__(self) -> bool:
        return bool(self.trailing_zeros or self.naked_decimals or self.abbreviations)

    @property
    def facts(self) -> dict[str, object]:
        """What rule DOS-010 asks about a label.

        Examples
        --------
        >>> unsafe_formats("Take 1.0 mg").facts
        {'label.trailing_zero': True, 'label.naked_decimal': False, 'label.unit_abbrev': 'none'}
        """
        return {
            "label.trailing_zero": bool(self.trailing_zeros),
            "label.naked_decimal": bool(self.naked_decimals),
            "label.unit_abbrev": self.abbreviations[0] if self.abbreviations else "none",
        }


def unsafe_formats(text: str) -> UnsafeFormats:
    """Find amounts in a text that are written in a way that is misread.

    Examples
    --------
    >>> unsafe_formats("Take .5 mg, which is 500 µg, in 1.50 mL")
    UnsafeFormats(trailing_zeros=('1.50 mL',), naked_decimals=('.5 mg',), abbreviations=('µg',))
    >>> bool(unsafe_formats("Take 0.5 mg (0.5 mL of 1 mg/mL); 10 mg in 100 mL"))
    False
    """
    zeros, naked, units = [], [], []
    for found in _IN_TEXT.finditer(text):
        number = found["number"]
        if number.startswith("."):
            naked.append(found[0])
        if "." in number and number.endswith("0"):
            zeros.append(found[0])
        if found["unit"] in _REFUSED:
            units.append(found["unit"].replace("μ", "µ"))
    return UnsafeFormats(tuple(zeros), tuple(naked), tuple(units))
