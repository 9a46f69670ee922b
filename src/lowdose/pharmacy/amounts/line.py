"""What a worksheet is made of: lines of arithmetic, amounts to weigh or measure, cautions, and their batch."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Literal

from lowdose.pharmacy.amounts.exact import HUNDRED, counted, exactly, plain, rounded, shown, trimmed


@dataclass(frozen=True)
class Line:
    """One line of arithmetic, shown as it is on the worksheet.

    Parameters
    ----------
    what : str
        What is worked out.
    formula : str
        The arithmetic with its numbers and units.
    value : Decimal
        The result, unrounded unless the line says that it rounds.
    unit : str
        Unit of the result; "" for a pure number.

    Examples
    --------
    >>> print(Line("Drug in 105 capsules", "105 × 4.5 mg", Decimal("472.5"), "mg"))
    Drug in 105 capsules: 105 × 4.5 mg = 472.5 mg
    >>> print(Line("Powder to hold it", "472.5 mg ÷ 0.985", Decimal("479.695431472"), "mg"))
    Powder to hold it: 472.5 mg ÷ 0.985 ≈ 479.695431 mg
    """

    what: str
    formula: str
    value: Decimal
    unit: str

    def __post_init__(self) -> None:
        object.__setattr__(self, "value", trimmed(self.value))

    def __str__(self) -> str:
        number, whole = shown(self.value)
        return f"{self.what}: {self.formula} {'=' if whole else '≈'} {number} {self.unit}".rstrip()


Handling = Literal["weigh", "measure", "count", "make up to"]


@dataclass(frozen=True)
class Amount:
    """One ingredient as a person handles it.

    Parameters
    ----------
    ingredient : str
        What it is.
    value : Decimal
        The target: what the balance, the measure or the count shall show (rounded where it had to be).
    unit : str
        "mg", "mL", "tablets" or "capsules".
    handling : {"weigh", "measure", "count", "make up to"}
        How it is taken.
    exact : Decimal
        The same before rounding to the balance or the measure.
    role : str
        What it is for: "active", "filler", "preservative", "vehicle", "diluent", "base" and so on.
    lot : str
        Lot number; "" while it is not known.
    expiry : date or None
        Its expiry or beyond-use date; None while it is not known.
    into : str
        "batch", or the triturate it goes into, of which only a part reaches the batch.
    """

    ingredient: str
    value: Decimal
    unit: str
    handling: Handling
    exact: Decimal
    role: str
    lot: str = ""
    expiry: date | None = None
    into: str = "batch"

    def __post_init__(self) -> None:
        object.__setattr__(self, "value", trimmed(self.value))

    def __str__(self) -> str:
        return f"{self.ingredient}: {self.handling} {counted(self.value, self.unit)}"

    @property
    @exactly
    def error_percent(self) -> Decimal:
        """What rounding to the balance or the measure changes, in per cent.

        Examples
        --------
        >>> Amount("benzoate", Decimal(1), "mg", "weigh", exact=Decimal("0.8"), role="preservative").error_percent
        Decimal('25')
        """
        return trimmed((self.value - self.exact) / self.exact * HUNDRED)


@dataclass(frozen=True)
class Caution:
    """Something the pharmacist must know; ``rule`` is the safety rule it belongs to, "" where there is none.

    Examples
    --------
    >>> print(Caution("CMP-006", "a fraction of a tablet is needed"))
    CMP-006: a fraction of a tablet is needed
    """

    rule: str
    text: str

    def __str__(self) -> str:
        return f"{self.rule}: {self.text}" if self.rule else self.text


@dataclass(frozen=True)
class Expiry:
    """The earliest date among the ingredients, and whose it is."""

    on: date
    ingredient: str
    lot: str


@dataclass(frozen=True)
class Batch:
    """One batch, worked out: what it is, every line of arithmetic, what to weigh, and what the screen must be told.

    Parameters
    ----------
    product : str
        Full name with strength and form, as on the label.
    form : {"capsules", "oral solution", "sublingual drops", "cream", "triturate"}
        Dosage form.
    strength : Decimal
        Naltrexone **hydrochloride**, in ``strength_unit``.
    strength_unit : str
        "mg" (in one capsule), "mg/mL", or "mg/g" (triturates).
    asked, made : Decimal
        Capsules, mL or mg that were asked for, and that are made (with overage).
    unit : str
        Unit of both: "capsules", "mL" or "mg".
    made_on : date
        Day of making.
    lines : tuple of Line
        The whole arithmetic, in order.
    to_weigh : tuple of Amount
        What is weighed, measured, counted and made up, in the order of use.
    steps : tuple of str
        How it is put together.
    method : tuple of str
        The same whatever its size and its lots, for the master; none where that is the same.
    warnings : tuple of Caution
        What does not stop the batch.
    assumptions : tuple of str
        What was taken as given, in sentences.
    departures : tuple of str
        How it differs from the published formula that it follows; none means that it is that formula.
    facts : mapping of str to object
        ``formula.*`` for the screen; what is not known is left out.
    formula : str
        Id of the published formula it follows; "" for none.
    use_days : int or None
        Days it is to last, where its amount was worked out from them.
    dose_equivalent : bool
        False where nobody has shown that a dose in this form does what the same dose by mouth does.
    """

    product: str
    form: Literal["capsules", "oral solution", "sublingual drops", "cream", "triturate"]
    strength: Decimal
    strength_unit: Literal["mg", "mg/mL", "mg/g"]
    asked: Decimal
    made: Decimal
    unit: Literal["capsules", "mL", "mg"]
    made_on: date
    lines: tuple[Line, ...]
    to_weigh: tuple[Amount, ...]
    steps: tuple[str, ...] = ()
    method: tuple[str, ...] = ()
    warnings: tuple[Caution, ...] = ()
    assumptions: tuple[str, ...] = ()
    departures: tuple[str, ...] = ()
    facts: Mapping[str, object] = field(default_factory=dict)
    formula: str = ""
    use_days: int | None = None
    dose_equivalent: bool = True

    def __post_init__(self) -> None:
        object.__setattr__(self, "facts", MappingProxyType(dict(self.facts)))

    @property
    def form_words(self) -> str:
        """The form as worksheet, label and prescription call it: a liquid with grit in it is a suspension."""
        return "oral suspension" if self.product.endswith("oral suspension") else self.form

    @property
    def earliest_expiry(self) -> Expiry | None:
        """The date no beyond-use date may pass; None while no ingredient's date is known."""
        dated = [one for one in self.to_weigh if one.expiry is not None]
        if not dated:
            return None
        first = min(dated, key=lambda one: one.expiry or date.max)
        return Expiry(first.expiry or date.max, first.ingredient, first.lot)

    @property
    def undated(self) -> tuple[str, ...]:
        """Ingredients whose expiry is not known: until it is, ``earliest_expiry`` is only a part of the answer."""
        return tuple(one.ingredient for one in self.to_weigh if one.expiry is None and one.role != "aliquot")

    @property
    @exactly
    def content_mg(self) -> Decimal:
        """Mass of what was weighed into the batch itself, mg: of capsules and triturates, all they hold."""
        weighed = (one.value for one in self.to_weigh if one.unit == "mg" and one.into == "batch")
        return trimmed(sum(weighed, Decimal(0)))


def percent_off(value: Decimal, true: Decimal) -> str:
    """How far a rounded value is from the true one, as a worksheet prints it.

    Examples
    --------
    >>> percent_off(Decimal("479.7"), Decimal("479.695431472"))
    '+0.001 %'
    >>> percent_off(Decimal(2), Decimal(2))
    '0 %'
    """
    off = (value - true) / true * HUNDRED
    cut = rounded(abs(off), Decimal("0.001"))
    if not off:
        return "0 %"
    sign = "+" if off > 0 else "−"
    return f"{sign}{plain(cut)} %" if cut else f"{sign}less than 0.001 %"
