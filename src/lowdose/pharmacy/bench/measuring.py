"""Measuring a dose of liquid: what the marks of a syringe make of it, with the error; too large an error is refused."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from lowdose.errors import InvalidInput
from lowdose.pharmacy.amounts.exact import HUNDRED, below, exact, exactly, plain, rounded, shown, trimmed
from lowdose.pharmacy.amounts.line import Line, percent_off
from lowdose.pharmacy.amounts.refusals import CannotBeMade

TOLERANCE_PERCENT = Decimal(5)
"""The most that rounding to a mark may change a dose (assumed: the error accepted on a weighing)."""


@dataclass(frozen=True)
class Syringe:
    """An oral syringe.

    Examples
    --------
    >>> print(Syringe(Decimal(1), Decimal("0.01")))
    1 mL syringe with marks every 0.01 mL
    """

    volume_mL: Decimal
    graduation_mL: Decimal

    def __post_init__(self) -> None:
        volume = exact(self.volume_mL, "the volume of the syringe, mL,")
        step = exact(self.graduation_mL, "the graduation of the syringe, mL,")
        if step > volume:
            raise InvalidInput(
                f"a {plain(volume)} mL syringe has no marks every {plain(step)} mL", remedy="read both off the syringe"
            )
        object.__setattr__(self, "volume_mL", volume)
        object.__setattr__(self, "graduation_mL", step)

    def __str__(self) -> str:
        return f"{plain(self.volume_mL)} mL syringe with marks every {plain(self.graduation_mL)} mL"


@dataclass(frozen=True)
class Measured:
    """A dose as the syringe gives it.

    Parameters
    ----------
    dose_mg, exact_mL : Decimal
        The dose, and the volume that holds it.
    volume_mL : Decimal
        The mark to draw up to.
    lines : tuple of Line
        The arithmetic, rounding included.
    """

    dose_mg: Decimal
    exact_mL: Decimal
    volume_mL: Decimal
    lines: tuple[Line, ...]

    @property
    @exactly
    def error_percent(self) -> Decimal:
        """What rounding to the mark changes, in per cent of the dose."""
        return trimmed((self.volume_mL - self.exact_mL) / self.exact_mL * HUNDRED)


@exactly
def measure(
    dose_mg: Decimal,
    strength_mg_per_mL: Decimal,
    syringe: Syringe,
    *,
    tolerance_percent: Decimal = TOLERANCE_PERCENT,
) -> Measured:
    """Round the volume of a dose to the nearest mark.

    Parameters
    ----------
    dose_mg, strength_mg_per_mL : Decimal
        Both of the hydrochloride.
    syringe : Syringe
        What it is measured with.
    tolerance_percent : Decimal
        The most that rounding may change the dose.

    Raises
    ------
    CannotBeMade
        If the volume is below the first mark, above the syringe, or rounding changes the dose by more.

    Examples
    --------
    >>> for line in measure(Decimal("0.25"), Decimal(1), Syringe(Decimal(1), Decimal("0.01"))).lines:
    ...     print(line)
    Volume of one dose: 0.25 mg ÷ 1 mg/mL = 0.25 mL
    Draw up: 0.25 mL to the nearest 0.01 mL (0 %) = 0.25 mL
    >>> measure(Decimal("0.25"), Decimal(1), Syringe(Decimal(1), Decimal("0.1")))
    Traceback (most recent call last):
    lowdose...refusals.CannotBeMade: 0.25 mg is 0.25 mL, and marks every 0.1 mL give 0.2 mL (−20 %) or ...
      remedy: nearest that can be made: 0.2 mg or 0.3 mg; use a syringe with finer marks, or another strength
    """
    dose, strength = exact(dose_mg, "the dose, mg,"), exact(strength_mg_per_mL, "the strength, mg/mL,")
    tolerance = exact(tolerance_percent, "the tolerance, per cent,", least=Decimal(0))
    asked = {"dose_mg": dose_mg, "strength_mg_per_mL": strength_mg_per_mL, "syringe": syringe}
    step, needed = syringe.graduation_mL, dose / strength
    where = str(syringe)
    if needed > syringe.volume_mL:
        most = trimmed(below(syringe.volume_mL, step) * strength)
        raise CannotBeMade(
            f"{plain(dose)} mg is {shown(needed)[0]} mL, more than the syringe holds",
            where=where,
            nearest=(f"{plain(most)} mg",),
            asked=asked,
            remedy="use a larger syringe, or a stronger liquid",
        )
    volume = rounded(needed, step)
    if not volume or abs(volume - needed) / needed * HUNDRED > tolerance:
        raise _off(dose, strength, needed, syringe, asked)
    rounding = f"{shown(needed)[0]} mL to the nearest {plain(step)} mL ({percent_off(volume, needed)})"
    return Measured(
        dose,
        needed,
        volume,
        (
            Line("Volume of one dose", f"{plain(dose)} mg ÷ {plain(strength)} mg/mL", needed, "mL"),
            Line("Draw up", rounding, volume, "mL"),
        ),
    )


@exactly
def _off(dose: Decimal, strength: Decimal, needed: Decimal, syringe: Syringe, asked: dict[str, object]) -> CannotBeMade:
    step = syringe.graduation_mL
    low = below(needed, step)
    marks = [mark for mark in (low, low + step) if 0 < mark <= syringe.volume_mL]
    made = " or ".join(f"{plain(mark)} mL ({percent_off(mark, needed)})" for mark in marks)
    return CannotBeMade(
        f"{plain(dose)} mg is {shown(needed)[0]} mL, and marks every {plain(step)} mL give {made}",
        where="" if low else str(syringe),
        nearest=tuple(f"{shown(mark * strength)[0]} mg" for mark in marks),
        asked=asked,
        remedy="use a syringe with finer marks, or another strength",
    )


@exactly
def by_weight(weight_kg: Decimal, mg_per_kg: Decimal, most_mg: Decimal) -> Line:
    """Reckon a dose by body weight, up to a most: arithmetic on a protocol's numbers, not a choice of dose.

    Examples
    --------
    >>> print(by_weight(Decimal(22), Decimal("0.1"), Decimal("4.5")))
    Dose by weight: 22 kg × 0.1 mg/kg, at most 4.5 mg = 2.2 mg
    """
    weight, each = exact(weight_kg, "the weight, kg,"), exact(mg_per_kg, "the dose by weight, mg/kg,")
    most = exact(most_mg, "the highest dose, mg,")
    formula = f"{plain(weight)} kg × {plain(each)} mg/kg, at most {plain(most)} mg"
    return Line("Dose by weight", formula, min(trimmed(weight * each), most), "mg")
