"""Where the drug comes from: powder with a certificate, 50 mg tablets, or a stock this program worked out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal, Protocol

from lowdose.errors import InvalidInput, SafetyStop
from lowdose.pharmacy.amounts.exact import HUNDRED, exact, exactly, plain, shown, trimmed, whole
from lowdose.pharmacy.amounts.line import Batch, Line
from lowdose.pharmacy.materials.lots import Lot, Supply

DRUG = "naltrexone hydrochloride"


class Source(Protocol):
    """Something that holds the drug and is weighed (mg) or measured (mL)."""

    @property
    def name(self) -> str:
        """What it is called on the worksheet."""

    @property
    def unit(self) -> Literal["mg", "mL"]:
        """Whether it is weighed or measured."""

    @property
    def supply(self) -> Supply:
        """Its lot number and its date."""

    def holding(self, drug_mg: Decimal) -> tuple[Decimal, tuple[Line, ...]]:
        """How much of it holds so much hydrochloride, unrounded, with the arithmetic."""


@dataclass(frozen=True)
class Powder:
    """Naltrexone hydrochloride powder of one lot; the lot correction is the only correction there is.

    Examples
    --------
    >>> from datetime import date
    >>> powder = Powder(Lot("N-1", date(2027, 6, 30), Decimal("98.5"), "as-is"))
    >>> amount, lines = powder.holding(Decimal("472.5"))
    >>> print(lines[-1])
    Powder that holds it: 472.5 mg ÷ 0.985 ≈ 479.695431 mg
    """

    lot: Lot
    name: str = DRUG
    unit: Literal["mg", "mL"] = "mg"

    @property
    def supply(self) -> Supply:
        """Its lot number and expiry."""
        return Supply(self.lot.number, self.lot.expiry)

    @exactly
    def holding(self, drug_mg: Decimal) -> tuple[Decimal, tuple[Line, ...]]:
        """Powder that holds so much hydrochloride, mg."""
        amount = drug_mg / self.lot.factor
        formula = f"{shown(drug_mg)[0]} mg ÷ {shown(self.lot.factor)[0]}"
        return amount, (*self.lot.lines, Line("Powder that holds it", formula, amount, "mg"))


@dataclass(frozen=True)
class Tablets:
    """Naltrexone hydrochloride tablets, labelled in milligrams of the hydrochloride.

    Parameters
    ----------
    supply : Supply
        Lot number and expiry.
    strength_mg : Decimal
        As labelled.
    mean_mass_mg : Decimal, optional
        Mean mass of one tablet as weighed, mg. Needed where less than whole tablets is used.
    weighed : int, optional
        Tablets weighed for that mean; ten or more.

    Examples
    --------
    >>> from datetime import date
    >>> tablets = Tablets(Supply("T-5", date(2027, 6, 30)), mean_mass_mg=Decimal(155), weighed=20)
    >>> amount, lines = tablets.holding(Decimal("472.5"))
    >>> for line in lines:
    ...     print(line)
    Tablets that hold it: 472.5 mg ÷ 50 mg = 9.45 tablets
    Crushed tablets that hold it: 9.45 tablets × 155 mg, mean of 20 = 1464.75 mg
    """

    supply: Supply
    strength_mg: Decimal = Decimal(50)
    mean_mass_mg: Decimal | None = None
    weighed: int | None = None
    name: str = f"{DRUG} tablets, crushed"
    unit: Literal["mg", "mL"] = "mg"

    def __post_init__(self) -> None:
        object.__setattr__(self, "strength_mg", exact(self.strength_mg, "the tablet's strength, mg,"))
        if self.mean_mass_mg is None:
            return
        mean = exact(self.mean_mass_mg, "the mean tablet mass, mg,", least=self.strength_mg)
        object.__setattr__(self, "mean_mass_mg", mean)
        if self.weighed is None or whole(self.weighed, "the number of tablets weighed") < 10:
            raise InvalidInput(
                f"a mean mass of {plain(mean)} mg needs at least 10 tablets weighed, not {self.weighed}",
                where=f"tablets, lot {self.supply.number}",
                remedy="weigh ten or more tablets of this lot and give their number",
            )

    @exactly
    def count(self, drug_mg: Decimal) -> Decimal:
        """Tablets that hold so much hydrochloride, with any fraction."""
        return drug_mg / self.strength_mg

    def count_line(self, drug_mg: Decimal) -> Line:
        """The same, as it stands on the worksheet."""
        formula = f"{shown(drug_mg)[0]} mg ÷ {plain(self.strength_mg)} mg"
        return Line("Tablets that hold it", formula, self.count(drug_mg), "tablets")

    @exactly
    def holding(self, drug_mg: Decimal) -> tuple[Decimal, tuple[Line, ...]]:
        """Crushed tablets that hold so much hydrochloride, mg: any fraction of a tablet can be weighed."""
        if self.mean_mass_mg is None:
            raise SafetyStop(
                "the mass of a tablet is not known, so no part of one can be weighed",
                where=f"tablets, lot {self.supply.number}",
                remedy="weigh ten or more tablets of this lot and give their mean mass and number",
            )
        amount = self.count(drug_mg) * self.mean_mass_mg
        formula = f"{shown(self.count(drug_mg))[0]} tablets × {plain(self.mean_mass_mg)} mg, mean of {self.weighed}"
        return amount, (self.count_line(drug_mg), Line("Crushed tablets that hold it", formula, amount, "mg"))


@dataclass(frozen=True)
class Stock:
    """A triturate or a stock liquid that was worked out by this program and made before.

    Parameters
    ----------
    batch : Batch
        Its worksheet.
    supply : Supply
        Its own lot number and its beyond-use date, which may not pass the earliest expiry of what it holds.
    assay_percent : Decimal, optional
        Assayed content, per cent of its label; without an assay it counts as labelled.
    released_on : date, optional
        From when it may be used; without one, from the day it was made.

    Raises
    ------
    InvalidInput
        If it is no stock, or its date is past that of an ingredient.
    """

    batch: Batch
    supply: Supply
    assay_percent: Decimal | None = None
    released_on: date | None = None

    def __post_init__(self) -> None:
        if self.batch.form not in ("triturate", "oral solution"):
            raise InvalidInput(
                f"{self.batch.product} is no stock", remedy="use a triturate or an oral solution as an ingredient"
            )
        first = self.batch.earliest_expiry
        if first and self.supply.expiry > first.on:
            raise InvalidInput(
                f"stock {self.supply.number} is dated {self.supply.expiry}, past {first.ingredient} ({first.on})",
                remedy=f"date it {first.on} or earlier",
            )
        if self.assay_percent is not None:
            percent = exact(self.assay_percent, "the assay of the stock, per cent,")
            if not 90 <= percent <= 110:
                raise SafetyStop(
                    f"stock {self.supply.number} was assayed at {plain(percent)} % of its label, outside 90 to 110 %",
                    remedy="reject it (rule CMP-008)",
                )
            object.__setattr__(self, "assay_percent", percent)

    @property
    def name(self) -> str:
        """What it is called on the worksheet."""
        return self.batch.product

    def usable(self, on: date) -> None:
        """Make sure that it was there, and released, on a day.

        Raises
        ------
        SafetyStop
            If it was not.
        """
        ready = self.released_on or self.batch.made_on
        if ready > on:
            raise SafetyStop(
                f"stock {self.supply.number} may be used from {ready}, not on {on}",
                remedy="make the batch then, or later",
            )

    @property
    def unit(self) -> Literal["mg", "mL"]:
        """Triturates are weighed, liquids are measured."""
        return "mg" if self.batch.form == "triturate" else "mL"

    @property
    @exactly
    def content(self) -> Decimal:
        """Hydrochloride in one mg or mL of it, mg."""
        labelled = self.batch.strength / (1000 if self.unit == "mg" else 1)
        return trimmed(labelled * (self.assay_percent or HUNDRED) / HUNDRED)

    @exactly
    def holding(self, drug_mg: Decimal) -> tuple[Decimal, tuple[Line, ...]]:
        """Stock that holds so much hydrochloride, mg or mL."""
        amount = drug_mg / self.content
        assay = f" × {plain(self.assay_percent)} % assayed" if self.assay_percent else ""
        strength = f"{plain(self.batch.strength)} {self.batch.strength_unit}{assay}"
        lot = f"lot {self.supply.number}, use by {self.supply.expiry}"
        content = Line(f"Drug in the stock, {lot}", strength, self.content, f"mg in 1 {self.unit}")
        formula = f"{shown(drug_mg)[0]} mg ÷ {plain(self.content)} mg in 1 {self.unit}"
        return amount, (content, Line("Stock that holds it", formula, amount, self.unit))
