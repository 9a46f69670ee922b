"""Creams: so much in a measured stroke, per cent weight in volume, and what nobody knows about absorption."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from lowdose.pharmacy.amounts.exact import exact, exactly, plain, shown, whole
from lowdose.pharmacy.amounts.hydrochloride import Strength
from lowdose.pharmacy.amounts.line import Amount, Batch
from lowdose.pharmacy.amounts.quantities import Quantity
from lowdose.pharmacy.bench.balance import Bench
from lowdose.pharmacy.bench.sheet import Excipient, Sheet
from lowdose.pharmacy.forms.methods import beginning
from lowdose.pharmacy.materials.sources import DRUG, Source

if TYPE_CHECKING:
    from lowdose.audit import Professional

ABSORPTION = (
    "Absorption through the skin has not been shown for low-dose naltrexone; how much reaches the blood is not known.",
    "Not dose-equivalent: a dose in cream must not be taken for the same dose by mouth.",
)


@exactly
def cream(
    dose: str | Strength,
    dose_volume: str | Quantity,
    days: int,
    *,
    source: Source,
    base: Excipient,
    bench: Bench,
    per_day: int = 1,
    overage_percent: Decimal = Decimal(0),
    confirmed_by: Professional | None = None,
) -> Batch:
    """Work out a cream for a metered dispenser.

    Parameters
    ----------
    dose : str or Strength
        Hydrochloride in one dose, such as "4.5 mg".
    dose_volume : str or Quantity
        Cream in one dose, such as "0.5 mL".
    days, per_day : int
        Days it lasts, and doses a day.
    source : Source
        ``Powder``, crushed ``Tablets`` with their mean mass, or a triturate as ``Stock``.
    base : Excipient
        The cream base the pharmacist names; say its release, which no table here knows.
    bench : Bench
        Day, maker, balance.
    overage_percent : Decimal
        Made beyond that, for what stays in the dispenser.
    confirmed_by : Professional, optional
        The pharmacist who confirmed a strength prescribed "as base".

    Raises
    ------
    CannotBeMade
        If the balance cannot weigh the drug.
    SafetyStop, InvalidInput
        As for ``capsules``.

    Examples
    --------
    >>> from datetime import date
    >>> from lowdose.pharmacy import Balance, Lot, Powder
    >>> batch = cream(
    ...     "4.5 mg", "0.5 mL", 30, source=Powder(Lot("N-1", date(2027, 6, 30), Decimal(100), "as-is")),
    ...     base=Excipient("cream base B", stated_release="immediate"),
    ...     bench=Bench(date(2026, 12, 1), Balance(Decimal(1), Decimal("0.1"))),
    ... )
    >>> for line in batch.lines[:3]:
    ...     print(line)
    Strength: 4.5 mg ÷ 0.5 mL = 9 mg/mL
    Strength, weight in volume: 9 mg/mL ÷ 10 = 0.9 %
    Cream for 30 days: 30 × 1 × 0.5 mL = 15 mL
    >>> print(batch.assumptions[-1])
    Not dose-equivalent: a dose in cream must not be taken for the same dose by mouth.
    """
    dose = Strength.parse(dose, confirmed_by=confirmed_by)
    lasts, times = whole(days, "the number of days"), whole(per_day, "the number of doses a day")
    overage = exact(overage_percent, "the overage, per cent,", least=Decimal(0))
    asked = {"dose": dose, "dose_volume": dose_volume, "days": days, "per_day": per_day, "source": source}
    sheet = Sheet(bench, asked)
    sheet.strength(dose)
    each, volume = dose.of("mg"), sheet.read(dose_volume, "mL")
    if source.unit != "mg":
        sheet.refuse(f"{source.name} is a liquid", "cream from powder or a triturate")
    strength = sheet.line("Strength", f"{plain(each)} mg ÷ {plain(volume)} mL", each / volume, "mg/mL")
    sheet.line("Strength, weight in volume", f"{shown(strength)[0]} mg/mL ÷ 10", strength / 10, "%")
    needed = sheet.line(
        f"Cream for {lasts} days", f"{lasts} × {times} × {plain(volume)} mL", lasts * times * volume, "mL"
    )
    made = sheet.made(needed, overage, "mL", bench.measure_step_mL) if overage else needed
    drug = sheet.line(
        f"Drug in {plain(made)} mL",
        f"{plain(made)} mL ÷ {plain(volume)} mL × {plain(each)} mg",
        made / volume * each,
        "mg",
    )
    _drug(sheet, source, drug, lasts)
    sheet.put(Amount(base.name, made, "mL", "make up to", made, "base"), base.supply)
    begun = beginning(source)
    facts = sheet.facts(fillers=sheet.fillers(source, base), release=sheet.release(source, base))
    return Batch(
        product=f"{DRUG} {shown(strength)[0]} mg/mL ({shown(strength / 10)[0]} %) cream",
        form="cream",
        strength=strength,
        strength_unit="mg/mL",
        asked=needed,
        made=made,
        unit="mL",
        made_on=bench.on,
        lines=tuple(sheet.lines),
        to_weigh=tuple(sheet.amounts),
        steps=(
            *begun.steps,
            f"Rub {begun.drug} fine and wet it with a little of {base.name}, without lumps.",
            f"Add {base.name} in equal parts, mixing each time, to the final volume.",
            f"Fill the metered dispenser, set it to {plain(volume)} mL, and weigh ten strokes of it.",
        ),
        warnings=tuple(sheet.cautions),
        assumptions=(*sheet.assumptions, *ABSORPTION),
        facts=facts,
        formula="cream-base",
        use_days=lasts,
        dose_equivalent=False,
    )


@exactly
def _drug(sheet: Sheet, source: Source, drug: Decimal, days: int) -> None:
    need = sheet.holding(source, drug)
    balance = sheet.bench.balance
    sheet.lines.append(balance.line)
    enough = (days / balance.ratio(need)).__ceil__()
    sheet.weighable(source.name, need, f"cream for {enough} days", remedy="or start from a stock triturate")
    sheet.weigh(source.name, need, "active", source.supply)
