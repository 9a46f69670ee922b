"""Sublingual drops: an oral liquid with a dropper whose drops have been counted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from lowdose.errors import InvalidInput
from lowdose.pharmacy.amounts.exact import HUNDRED, exact, exactly, plain, rounded, shown, whole
from lowdose.pharmacy.amounts.hydrochloride import Strength
from lowdose.pharmacy.amounts.line import Batch, percent_off
from lowdose.pharmacy.amounts.quantities import Quantity, quantity
from lowdose.pharmacy.bench.balance import Bench
from lowdose.pharmacy.bench.measuring import TOLERANCE_PERCENT
from lowdose.pharmacy.bench.sheet import Sheet
from lowdose.pharmacy.forms.solutions import departures, liquid, liquid_facts, steps
from lowdose.pharmacy.materials.formulas import Formula
from lowdose.pharmacy.materials.lots import Supply
from lowdose.pharmacy.materials.sources import DRUG, Source

if TYPE_CHECKING:
    from lowdose.audit import Professional

ABSORPTION = (
    "How much is absorbed under the tongue is not known (no study was found): drops are taken to act as if swallowed.",
    "Not dose-equivalent: no one has shown that a dose in drops does what the same dose in a capsule does.",
)


@dataclass(frozen=True)
class DropCount:
    """Drops counted from this very bottle and dropper with this very liquid.

    Parameters
    ----------
    bottle : str
        Which bottle and dropper.
    drops : int
        Drops counted; twenty or more.
    volume_mL : Decimal
        The volume they made.

    Examples
    --------
    >>> DropCount("15 mL amber, dropper D2", 50, Decimal(2)).per_mL
    Decimal('25')
    """

    bottle: str
    drops: int
    volume_mL: Decimal

    def __post_init__(self) -> None:
        if not isinstance(self.bottle, str) or not self.bottle.strip():
            raise InvalidInput("the bottle whose drops were counted is not named", remedy="name bottle and dropper")
        if whole(self.drops, "the number of drops counted") < 20:
            raise InvalidInput(f"{self.drops} drops are too few to count", remedy="count twenty or more")
        object.__setattr__(self, "volume_mL", exact(self.volume_mL, "the volume of the drops, mL,"))

    @property
    @exactly
    def per_mL(self) -> Decimal:
        """Drops in one millilitre."""
        return self.drops / self.volume_mL


@exactly
def drops(
    strength: str | Strength,
    volume: str | Quantity,
    *,
    dose: str | Quantity,
    counted: DropCount,
    source: Source,
    formula: Formula,
    bench: Bench,
    supplies: Mapping[str, Supply] | None = None,
    part_tablets: bool = False,
    overage_percent: Decimal = Decimal(0),
    confirmed_by: Professional | None = None,
) -> Batch:
    """Work out sublingual drops: a liquid as ``solution`` makes it, and a dose as whole drops.

    Parameters
    ----------
    strength, volume, source, formula, bench, supplies, part_tablets, overage_percent, confirmed_by
        As for ``solution``.
    dose : str or Quantity
        One dose of the hydrochloride, such as "1.5 mg".
    counted : DropCount
        How many drops of the bottle make a millilitre; there is no default, since droppers differ.

    Raises
    ------
    CannotBeMade
        If whole drops miss the dose by more than 5 %, or the liquid cannot be made.
    SafetyStop, InvalidInput
        As for ``solution``.

    Examples
    --------
    >>> from datetime import date
    >>> from lowdose.pharmacy import Balance, Tablets
    >>> from lowdose.pharmacy.materials.formulas import formula
    >>> batch = drops(
    ...     "5 mg/mL", "20 mL", dose="1 mg", counted=DropCount("30 mL amber, dropper D2", 40, Decimal(2)),
    ...     source=Tablets(Supply("T-5", date(2027, 6, 30))), formula=formula("formula-b"),
    ...     bench=Bench(date(2026, 12, 1), Balance(Decimal("0.1"), Decimal("0.1"))),
    ... )
    >>> for line in batch.lines[-2:]:
    ...     print(line)
    Drug in one drop: 5 mg/mL ÷ 20 drops in 1 mL = 0.25 mg
    Drops for one dose: 1 mg ÷ 0.25 mg, to a whole drop (0 %) = 4 drops
    >>> batch.dose_equivalent
    False
    """
    if not isinstance(counted, DropCount):
        raise InvalidInput(
            "the drops of the bottle have not been counted",
            remedy="count twenty or more drops of this liquid from this bottle into a measure",
        )
    strength = Strength.parse(strength, confirmed_by=confirmed_by)
    asked = {"strength": strength, "volume": volume, "dose": dose, "counted": counted, "source": source}
    sheet = Sheet(bench, asked)
    made = liquid(sheet, strength, volume, source, formula, supplies or {}, part_tablets, overage_percent)
    _dose(sheet, strength.of("mg/mL"), sheet.read(dose, "mg"), counted)
    facts = liquid_facts(sheet, made, strength, source, formula)
    return Batch(
        product=f"{DRUG} {plain(strength.of('mg/mL'))} mg/mL sublingual drops",
        form="sublingual drops",
        strength=strength.of("mg/mL"),
        strength_unit="mg/mL",
        asked=quantity(volume, "mL"),
        made=made,
        unit="mL",
        made_on=bench.on,
        lines=tuple(sheet.lines),
        to_weigh=tuple(sheet.amounts),
        steps=(*steps(source, formula, part_tablets)[:-1], f"Fill it into {counted.bottle}, whose drops were counted."),
        warnings=tuple(sheet.cautions),
        assumptions=(*sheet.assumptions, *ABSORPTION),
        departures=departures(strength, source, formula),
        facts=facts,
        formula=formula.id,
        dose_equivalent=False,
    )


@exactly
def _dose(sheet: Sheet, strength: Decimal, dose: Decimal, counted: DropCount) -> None:
    formula = f"{counted.drops} drops ÷ {plain(counted.volume_mL)} mL, counted for {counted.bottle}"
    per_mL = sheet.line("Drops in 1 mL", formula, counted.per_mL, "drops")
    drop = sheet.line(
        "Drug in one drop", f"{plain(strength)} mg/mL ÷ {shown(per_mL)[0]} drops in 1 mL", strength / per_mL, "mg"
    )
    number = rounded(dose / drop, Decimal(1))
    if not number or abs(number * drop - dose) / dose * HUNDRED > TOLERANCE_PERCENT:
        low = (dose / drop) // 1
        near = tuple(
            f"{shown(n * drop)[0]} mg ({plain(n)} {'drop' if n == 1 else 'drops'})" for n in (low, low + 1) if n
        )
        sheet.refuse(f"{plain(dose)} mg is {shown(dose / drop)[0]} drops", *near, remedy="or choose another strength")
    off = percent_off(number * drop, dose)
    sheet.line(
        "Drops for one dose", f"{plain(dose)} mg ÷ {shown(drop)[0]} mg, to a whole drop ({off})", number, "drops"
    )
