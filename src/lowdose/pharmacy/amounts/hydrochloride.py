"""Strength: always so much naltrexone hydrochloride, and never converted."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Literal

from lowdose.errors import InvalidInput, SafetyStop
from lowdose.pharmacy.amounts.quantities import Quantity

if TYPE_CHECKING:
    from lowdose.audit import Professional

Expressed = Literal["hydrochloride", "base"]

_AS_BASE = re.compile(r",?\s*\(?\s*(?:as |of |in )?(?:the )?(?:naltrexone )?(?:free )?base\s*\)?\s*$", re.IGNORECASE)
_AS_SALT = re.compile(
    r",?\s*\(?\s*(?:as |of |in )?(?:the )?(?:naltrexone )?(?:hydrochloride|HCl)\s*\)?\s*$", re.IGNORECASE
)


@dataclass(frozen=True)
class Strength:
    """How much naltrexone hydrochloride one capsule, millilitre or gram holds.

    Tablets, trials and prescriptions of low-dose naltrexone are all in milligrams of the hydrochloride. Nothing in this
    room converts them: a prescription that says "as base" is a question for the prescriber, not a factor.

    Parameters
    ----------
    quantity : Quantity
        The strength as prescribed: mg, micrograms, mg/mL and so on.
    expressed_as : {"hydrochloride", "base"}
        What the prescription says.
    confirmed_by : Professional, optional
        The pharmacist who has made sure that the hydrochloride is meant. Needed where ``expressed_as`` is "base".

    Raises
    ------
    SafetyStop
        If it is prescribed as base and no pharmacist has confirmed what is meant.

    Examples
    --------
    >>> print(Strength.parse("1.5 mg"))
    1.5 mg
    >>> Strength.parse("1.5 mg as base")
    Traceback (most recent call last):
    lowdose.errors.SafetyStop: 1.5 mg is prescribed as naltrexone base; strengths here mean the hydrochloride
      remedy: ask the prescriber; a pharmacist confirms by name that the hydrochloride is meant
    >>> from lowdose.audit import Professional
    >>> brown = Professional("A. Brown", "pharmacist", "GPhC 0000000")
    >>> Strength.parse("1.5 mg as base", confirmed_by=brown).notes
    ('prescribed as base; A. Brown, pharmacist, GPhC 0000000 confirmed that the hydrochloride is meant',)
    """

    quantity: Quantity
    expressed_as: Expressed = "hydrochloride"
    confirmed_by: Professional | None = field(default=None)

    def __post_init__(self) -> None:
        if self.expressed_as not in ("hydrochloride", "base"):
            raise InvalidInput(
                f"a strength is expressed as hydrochloride or as base, not {self.expressed_as!r}",
                remedy="write what the prescription says",
            )
        if self.expressed_as == "base" and not getattr(self.confirmed_by, "is_pharmacist", False):
            who = f"; {self.confirmed_by} is not a pharmacist" if self.confirmed_by else ""
            raise SafetyStop(
                f"{self.quantity} is prescribed as naltrexone base; strengths here mean the hydrochloride{who}",
                remedy="ask the prescriber; a pharmacist confirms by name that the hydrochloride is meant",
            )

    @classmethod
    def parse(cls, written: str | Strength, *, confirmed_by: Professional | None = None) -> Strength:
        """Read a strength as it is prescribed: "1.5 mg", "1 mg/mL", "1.5 mg as base".

        Raises
        ------
        InvalidInput
            If it is no amount, or written in a way that is misread.
        SafetyStop
            If it is prescribed as base and no pharmacist has confirmed what is meant.

        Examples
        --------
        >>> Strength.parse("0.5 mg/mL hydrochloride").of("mg/mL")
        Decimal('0.5')
        """
        if isinstance(written, Strength):
            return written
        if isinstance(written, str) and (base := _AS_BASE.search(written)):
            return cls(Quantity.parse(written[: base.start()]), "base", confirmed_by)
        bare = _AS_SALT.sub("", written) if isinstance(written, str) else written
        return cls(Quantity.parse(bare), "hydrochloride", confirmed_by)

    def of(self, unit: str) -> Decimal:
        """The number in this unit, of the hydrochloride.

        Raises
        ------
        InvalidInput
            If the strength measures something else.

        Examples
        --------
        >>> Strength.parse("250 micrograms").of("mg")
        Decimal('0.25')
        """
        return self.quantity.to(unit)

    @property
    def notes(self) -> tuple[str, ...]:
        """What had to be put right or was confirmed."""
        confirmed = (
            (f"prescribed as base; {self.confirmed_by} confirmed that the hydrochloride is meant",)
            if self.expressed_as == "base"
            else ()
        )
        return (*self.quantity.notes, *confirmed)

    def __str__(self) -> str:
        return str(self.quantity)
