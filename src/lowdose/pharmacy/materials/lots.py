"""Lots: what a certificate of analysis says of the drug that is weighed, and dates of everything else."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

from lowdose.audit.professional import says_nothing
from lowdose.errors import InvalidInput, SafetyStop
from lowdose.pharmacy.amounts.exact import HUNDRED, exact, exactly, plain, trimmed
from lowdose.pharmacy.amounts.line import Line
from lowdose.pharmacy.materials.ingredients import certificate_bounds

Basis = Literal["as-is", "anhydrous", "anhydrous-solvent-free"]

SMALL_PERCENT = Decimal("0.1")
"""Below it a content is confirmed: 0.042 is how 4.2 % looks as a fraction of 1 (assumed)."""
_NEEDS: dict[str, tuple[str, ...]] = {
    "as-is": (),
    "anhydrous": ("water",),
    "anhydrous-solvent-free": ("water", "residual_solvent"),
}


@dataclass(frozen=True)
class Supply:
    """What is on the jar of an ingredient: its lot number and its expiry.

    Examples
    --------
    >>> Supply("C-88", date(2027, 3, 31)).number
    'C-88'
    """

    number: str
    expiry: date

    def __post_init__(self) -> None:
        _named(self.number, self.expiry)


@dataclass(frozen=True)
class Lot:
    """A lot of naltrexone hydrochloride powder and the assay on its certificate of analysis.

    Parameters
    ----------
    number : str
        Lot number.
    expiry : date
        Expiry or retest date; usable on that day, not after it.
    assay_percent : Decimal
        Assay as certified, per cent.
    basis : {"as-is", "anhydrous", "anhydrous-solvent-free"}
        What the certificate's assay refers to. "As is" counts water and solvent in; the others leave them out.
    water_percent, residual_solvent_percent : Decimal, optional
        As certified, per cent of the powder as it is. Needed where the basis leaves them out; 0 must be written as 0.
    small_confirmed : bool
        That a water or solvent content below 0.1 % stands so on the certificate, and is no fraction of 1.

    Raises
    ------
    InvalidInput
        If a number is missing, given for nothing, or outside the bounds that can be believed.

    Examples
    --------
    >>> lot = Lot("N-1", date(2027, 6, 30), Decimal("99.1"), "anhydrous", water_percent=Decimal("4.2"))
    >>> lot.factor
    Decimal('0.949378')
    >>> for line in lot.lines:
    ...     print(line)
    Drug in the powder, lot N-1: 99.1 % × (100 % − 4.2 % water) = 0.949378
    """

    number: str
    expiry: date
    assay_percent: Decimal
    basis: Basis
    water_percent: Decimal | None = None
    residual_solvent_percent: Decimal | None = None
    small_confirmed: bool = False

    def __post_init__(self) -> None:
        _named(self.number, self.expiry)
        if self.basis not in _NEEDS:
            raise InvalidInput(
                f"{self.basis!r} is no basis of an assay",
                where=f"lot {self.number}",
                remedy=f"copy it from the certificate: {', '.join(_NEEDS)}",
            )
        object.__setattr__(self, "assay_percent", self._within("assay", self.assay_percent))
        for part in ("water", "residual_solvent"):
            object.__setattr__(self, f"{part}_percent", self._left_out(part))

    @property
    @exactly
    def factor(self) -> Decimal:
        """Milligrams of naltrexone hydrochloride in one milligram of the powder as it is."""
        share = self.assay_percent / HUNDRED
        for percent in (self.water_percent, self.residual_solvent_percent):
            share *= 1 - (percent or Decimal(0)) / HUNDRED
        return trimmed(share)

    @property
    def lines(self) -> tuple[Line, ...]:
        """The correction, as it stands on the worksheet."""
        formula = f"{plain(self.assay_percent)} %"
        for percent, of in ((self.water_percent, "water"), (self.residual_solvent_percent, "residual solvent")):
            if percent is not None:
                formula += f" × (100 % − {plain(percent)} % {of})"
        if self.basis == "as-is":
            formula += " assay as is ÷ 100 %"
        return (Line(f"Drug in the powder, lot {self.number}", formula, self.factor, ""),)

    def _left_out(self, part: str) -> Decimal | None:
        value = getattr(self, f"{part}_percent")
        name = part.replace("_", " ")
        if part in _NEEDS[self.basis]:
            if value is None:
                raise InvalidInput(
                    f"the assay is on the {self.basis} basis and its {name} is not given",
                    where=f"lot {self.number}",
                    remedy=f"copy the {name} from the certificate of analysis; write 0 only where it says none",
                )
            return self._no_fraction(name, self._within(name, value))
        if value is not None:
            raise InvalidInput(
                f"the {name} is given, but an assay on the basis {self.basis!r} is not corrected for it",
                where=f"lot {self.number}",
                remedy=f"leave the {name} out, or correct the basis from the certificate of analysis",
            )
        return None

    def _no_fraction(self, name: str, percent: Decimal) -> Decimal:
        if 0 < percent < SMALL_PERCENT and not self.small_confirmed:
            raise InvalidInput(
                f"the {name} is written as {plain(percent)}: {plain(percent * HUNDRED)} % as a fraction, or "
                f"{plain(percent)} %",
                where=f"lot {self.number}",
                remedy=f"write per cent: {plain(percent * HUNDRED)}, or {plain(percent)} with confirm=yes",
            )
        return percent

    def _within(self, name: str, value: object) -> Decimal:
        low, high = certificate_bounds(name)
        number = exact(value, f"the {name} of lot {self.number}, per cent,", least=Decimal(0))
        if not low <= number <= high:
            raise InvalidInput(
                f"the {name} is {plain(number)} %, outside {plain(low)} to {plain(high)} %",
                where=f"lot {self.number}",
                remedy="read the certificate again; such a lot is not used for compounding",
            )
        return number


def usable(what: str, number: str, expiry: date, on: date) -> None:
    """Make sure that something may still be used on a day.

    Raises
    ------
    SafetyStop
        If its date has passed.

    Examples
    --------
    >>> usable("glycerol", "G-7", date(2026, 11, 30), on=date(2026, 12, 1))
    Traceback (most recent call last):
    lowdose.errors.SafetyStop: glycerol, lot G-7, expired on 2026-11-30
      remedy: use a lot that is in date on 2026-12-01
    """
    if expiry < on:
        raise SafetyStop(f"{what}, lot {number}, expired on {expiry}", remedy=f"use a lot that is in date on {on}")


def lot_number(written: str) -> str:
    """Return a lot number without spaces about it.

    Raises
    ------
    InvalidInput
        If it is empty, or says that there is none.

    Examples
    --------
    >>> lot_number(" C-88 ")
    'C-88'
    >>> lot_number("unknown")
    Traceback (most recent call last):
    lowdose.errors.InvalidInput: the lot number is 'unknown'
      remedy: copy it from the label of the container
    """
    if not isinstance(written, str) or says_nothing(written):
        raise InvalidInput(f"the lot number is {written!r}", remedy="copy it from the label of the container")
    return written.strip()


def _named(number: str, expiry: date) -> None:
    lot_number(number)
    if not isinstance(expiry, date) or isinstance(expiry, datetime):
        raise InvalidInput(f"the expiry of lot {number} is {expiry!r}, no date", remedy="write it as 2027-06-30")
