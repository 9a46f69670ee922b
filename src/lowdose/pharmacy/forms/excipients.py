"""Excipients of a liquid: scaled from its formula, less what a stock brings; the least volume that can be made."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import ROUND_CEILING, Decimal

from lowdose.errors import InvalidInput
from lowdose.pharmacy.amounts.exact import exactly, plain, shown, trimmed
from lowdose.pharmacy.amounts.line import Amount
from lowdose.pharmacy.bench.balance import Bench
from lowdose.pharmacy.bench.sheet import Sheet
from lowdose.pharmacy.materials.formulas import Formula, Part
from lowdose.pharmacy.materials.lots import Supply
from lowdose.pharmacy.materials.sources import Source, Stock, Tablets

IN_MG: Mapping[str, Decimal] = {"mg": Decimal(1), "g": Decimal(1000)}


@exactly
def brought(source: Source, taken: Decimal) -> dict[str, Decimal]:
    """Excipients that come in with so much of a stock liquid, mg or mL by name; none with anything else."""
    if not isinstance(source, Stock) or source.unit != "mL":
        return {}
    return {
        one.ingredient: one.value * taken / source.batch.made
        for one in source.batch.to_weigh
        if one.role != "active" and one.handling in ("weigh", "measure")
    }


@exactly
def excipients(
    sheet: Sheet,
    formula: Formula,
    made: Decimal,
    from_stock: Mapping[str, Decimal],
    supplies: Mapping[str, Supply],
    least: Decimal,
) -> None:
    """Weigh, measure and make up everything but the drug.

    Parameters
    ----------
    sheet : Sheet
        Where it is written.
    formula : Formula
        Whose excipients they are.
    made : Decimal
        Volume, mL.
    from_stock : mapping of str to Decimal
        What comes in with a stock, mg or mL; see ``brought``.
    supplies : mapping of str to Supply
        Lots by name.
    least : Decimal
        The least volume that can be made, offered where this one cannot; see ``least_volume``.

    Raises
    ------
    CannotBeMade
        If one of them is below what the balance or the measure may take.
    InvalidInput
        If a lot is of something that is not in the formula.
    """
    unknown = set(supplies) - {part.name for part in formula.ingredients}
    if unknown:
        raise InvalidInput(
            f"{', '.join(sorted(unknown))} is not in {formula.id}",
            remedy=f"its ingredients are {', '.join(part.name for part in formula.ingredients)}",
        )
    for part in formula.ingredients:
        if part.role == "active":
            continue
        supply = supplies.get(part.name)
        if part.note:
            sheet.assumptions.append(part.note)
        if part.amount is None:
            sheet.put(Amount(part.name, made, "mL", "make up to", made, part.role), supply)
            continue
        need = _scaled(sheet, part, part.amount, formula, made, from_stock.get(part.name, Decimal(0)))
        if need > 0 and part.unit == "mL":
            sheet.measurable(part.name, need, f"{plain(least)} mL")
            sheet.measure(part.name, need, part.role, supply)
        elif need > 0:
            sheet.weighable(part.name, need, f"{plain(least)} mL", remedy="or use a finer balance")
            sheet.weigh(part.name, need, part.role, supply)


@exactly
def _scaled(sheet: Sheet, part: Part, amount: Decimal, formula: Formula, made: Decimal, stock: Decimal) -> Decimal:
    """One excipient for this volume, less what the stock brings, mg or mL."""
    unit = "mL" if part.unit == "mL" else "mg"
    per_batch = amount * IN_MG.get(part.unit, Decimal(1))
    text = f"{plain(per_batch)} {unit} × {plain(made)} mL ÷ {plain(formula.batch)} mL"
    if stock:
        text += f" − {shown(stock)[0]} {unit} in the stock"
    return sheet.line(part.name.capitalize(), text, per_batch * made / formula.batch - stock, unit)


@exactly
def least_volume(bench: Bench, source: Source, concentration: Decimal, formula: Formula, by_count: bool) -> Decimal:
    """The least volume of which every part can be weighed or measured, mL: whole millilitres, or whole tablets.

    Parameters
    ----------
    bench : Bench
        Its balance and measure set the limits.
    source : Source
        Where the drug comes from.
    concentration : Decimal
        Hydrochloride, mg/mL.
    formula : Formula
        Whose excipients are scaled.
    by_count : bool
        Whether the drug is counted as whole tablets.

    Examples
    --------
    >>> from datetime import date
    >>> from lowdose.pharmacy.bench.balance import Balance
    >>> from lowdose.pharmacy.materials.formulas import formula
    >>> bench = Bench(date(2026, 12, 1), Balance(Decimal(6), Decimal(1)))
    >>> tablets = Tablets(Supply("T-5", date(2027, 6, 30)))
    >>> least_volume(bench, tablets, Decimal(1), formula("formula-a"), by_count=True)
    Decimal('150')
    """
    least_mg, least_mL = bench.balance.minimum_mg, bench.least_measure_mL
    in_one_mL: list[Decimal] = []
    per_mL = Decimal(0)
    if not by_count:
        per_mL = source.holding(concentration)[0]
        in_one_mL.append(per_mL / (least_mL if source.unit == "mL" else least_mg))
    from_stock = brought(source, per_mL)
    for part in formula.ingredients:
        if part.role != "active" and part.amount is not None:
            amount = part.amount * IN_MG.get(part.unit, Decimal(1)) / formula.batch
            rest = amount - from_stock.get(part.name, Decimal(0))
            in_one_mL.append(rest / (least_mL if part.unit == "mL" else least_mg))
    weakest = min((share for share in in_one_mL if share > 0), default=Decimal(1))
    step = source.strength_mg / concentration if by_count and isinstance(source, Tablets) else Decimal(1)
    return trimmed((1 / weakest / step).to_integral_value(rounding=ROUND_CEILING) * step)
