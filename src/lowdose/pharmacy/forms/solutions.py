"""Oral liquids: from powder, whole tablets, weighed crushed tablets, or a stock; excipients scaled from a formula."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING

from lowdose.errors import InvalidInput
from lowdose.pharmacy.amounts.exact import exact, exactly, plain, shown
from lowdose.pharmacy.amounts.hydrochloride import Strength
from lowdose.pharmacy.amounts.line import Amount, Batch, Caution
from lowdose.pharmacy.amounts.quantities import Quantity, quantity
from lowdose.pharmacy.bench.balance import Bench
from lowdose.pharmacy.bench.sheet import Sheet
from lowdose.pharmacy.forms.excipients import IN_MG, brought, excipients, least_volume
from lowdose.pharmacy.forms.methods import beginning
from lowdose.pharmacy.materials.formulas import Formula
from lowdose.pharmacy.materials.ingredients import ingredient
from lowdose.pharmacy.materials.lots import Supply
from lowdose.pharmacy.materials.sources import DRUG, Source, Stock, Tablets

if TYPE_CHECKING:
    from lowdose.audit import Professional


@exactly
def solution(
    strength: str | Strength,
    volume: str | Quantity,
    *,
    source: Source,
    formula: Formula,
    bench: Bench,
    supplies: Mapping[str, Supply] | None = None,
    part_tablets: bool = False,
    overage_percent: Decimal = Decimal(0),
    confirmed_by: Professional | None = None,
) -> Batch:
    """Work out an oral liquid after a published formula.

    Parameters
    ----------
    strength : str or Strength
        Hydrochloride in one millilitre, such as "1 mg/mL".
    volume : str or Quantity
        Volume asked for, such as "120 mL".
    source : Source
        ``Powder``, ``Tablets`` (whole ones, unless ``part_tablets``), or a ``Stock``.
    formula : Formula
        Whose excipients are scaled to the volume; see ``lowdose.pharmacy.materials.formulas``.
    bench : Bench
        Day, maker, balance, measure.
    supplies : mapping of str to Supply, optional
        Lots of the excipients by name; what is not in it is left to be filled in.
    part_tablets : bool
        Crush more tablets than needed and weigh an aliquot; the tablets' mean mass must be known.
    overage_percent : Decimal
        Volume made beyond what is asked for.
    confirmed_by : Professional, optional
        The pharmacist who confirmed a strength prescribed "as base".

    Raises
    ------
    CannotBeMade
        If the volume needs part of a tablet, or an ingredient is below what the balance may weigh.
    SafetyStop
        If an ingredient is out of date, or a strength "as base" is not confirmed.
    InvalidInput
        If something is not an amount, not exact, or the formula is for something else.

    Examples
    --------
    >>> from datetime import date
    >>> from lowdose.pharmacy import Balance
    >>> from lowdose.pharmacy.materials.formulas import formula
    >>> batch = solution(
    ...     "1 mg/mL", "250 mL", source=Tablets(Supply("T-5", date(2027, 6, 30))), formula=formula("formula-a"),
    ...     bench=Bench(date(2026, 12, 1), Balance(Decimal(1), Decimal(1))),
    ... )
    >>> for amount in batch.to_weigh:
    ...     print(amount)
    naltrexone hydrochloride tablets: count 5 tablets
    ascorbic acid: weigh 1250 mg
    sodium benzoate: weigh 250 mg
    glycerol: measure 50 mL
    water: make up to 250 mL
    """
    strength = Strength.parse(strength, confirmed_by=confirmed_by)
    sheet = Sheet(bench, {"strength": strength, "volume": volume, "source": source, "formula": formula.id})
    made = liquid(sheet, strength, volume, source, formula, supplies or {}, part_tablets, overage_percent)
    facts = liquid_facts(sheet, made, strength, source, formula)
    return Batch(
        product=f"{DRUG} {plain(strength.of('mg/mL'))} mg/mL oral {'suspension' if _gritty(source) else 'solution'}",
        form="oral solution",
        strength=strength.of("mg/mL"),
        strength_unit="mg/mL",
        asked=quantity(volume, "mL"),
        made=made,
        unit="mL",
        made_on=bench.on,
        lines=tuple(sheet.lines),
        to_weigh=tuple(sheet.amounts),
        steps=steps(source, formula, part_tablets),
        warnings=tuple(sheet.cautions),
        assumptions=tuple(sheet.assumptions),
        departures=departures(strength, source, formula),
        facts=facts,
        formula=formula.id,
    )


@exactly
def liquid(
    sheet: Sheet,
    strength: Strength,
    volume: str | Quantity,
    source: Source,
    formula: Formula,
    supplies: Mapping[str, Supply],
    part_tablets: bool,
    overage_percent: Decimal,
) -> Decimal:
    """Write the arithmetic of any oral liquid on a sheet; returns the volume that is made, mL."""
    if formula.form not in ("solution", "drops"):
        raise InvalidInput(f"{formula.id} is a formula for {formula.form}", remedy="name the formula of a liquid")
    sheet.strength(strength)
    concentration, asked = strength.of("mg/mL"), sheet.read(volume, "mL")
    overage = exact(overage_percent, "the overage, per cent,", least=Decimal(0))
    made = sheet.made(asked, overage, "mL", sheet.bench.measure_step_mL) if overage else asked
    formula_text = f"{plain(made)} mL × {plain(concentration)} mg/mL"
    drug = sheet.line(f"Drug in {plain(made)} mL", formula_text, made * concentration, "mg")
    _soluble(sheet, concentration)
    by_count = isinstance(source, Tablets) and not part_tablets
    least = least_volume(sheet.bench, source, concentration, formula, by_count)
    if isinstance(source, Tablets) and by_count:
        _whole_tablets(sheet, source, drug, concentration, least)
        taken = Decimal(0)
    else:
        taken = _taken(sheet, source, drug, made, least)
    excipients(sheet, formula, made, brought(source, taken), supplies, least)
    return made


def _soluble(sheet: Sheet, concentration: Decimal) -> None:
    limit = ingredient(DRUG).solubility
    if limit and concentration > limit.value:
        sheet.refuse(
            f"{plain(concentration)} mg/mL is above what dissolves in water, about {plain(limit.value)} mg/mL",
            f"{plain(limit.value)} mg/mL",
        )


@exactly
def _whole_tablets(sheet: Sheet, tablets: Tablets, drug: Decimal, concentration: Decimal, least: Decimal) -> None:
    count = tablets.count(drug)
    sheet.lines.append(tablets.count_line(drug))
    if count != count.to_integral_value():
        one = tablets.strength_mg / concentration
        near = dict.fromkeys(max(n * one, least) for n in (count // 1, count // 1 + 1) if n)
        sheet.refuse(
            f"it takes {shown(count)[0]} tablets, and only whole ones are counted (rule CMP-006)",
            *(f"{shown(size)[0]} mL" for size in near),
            remedy="or weigh an aliquot of the crushed tablets, with their mean mass",
        )
    name = tablets.name.removesuffix(", crushed")
    sheet.put(Amount(name, count, "tablets", "count", count, "active"), tablets.supply)
    sheet.assumptions.append(
        "Tablets hold what their label says; their lactose, cellulose and colours stay in as grit, the drug dissolves."
    )


@exactly
def _taken(sheet: Sheet, source: Source, drug: Decimal, made: Decimal, least: Decimal) -> Decimal:
    """Weigh or measure the source; returns what is taken, mg or mL."""
    need = sheet.holding(source, drug)
    if source.unit == "mL":
        if need >= made:
            sheet.refuse(f"{source.name} is not stronger than what is asked for", remedy="start from a stronger stock")
        sheet.measurable(source.name, need, f"{plain(least)} mL")
        return sheet.measure(source.name, need, "active", source.supply)
    sheet.lines.append(sheet.bench.balance.line)
    sheet.weighable(source.name, need, f"{plain(least)} mL", remedy="or start from a stock triturate or a stock liquid")
    return sheet.weigh(source.name, need, "active", source.supply)


def steps(source: Source, formula: Formula, part_tablets: bool) -> tuple[str, ...]:
    """How it is put together: as the formula says, with what is really taken in the place of its tablets."""
    if source.unit != "mL":
        begun = beginning(source, counted=not part_tablets)
        return (*begun.steps, *(step.replace("{drug}", begun.drug) for step in formula.method))
    return (
        f"Shake {source.name} well and measure it.",
        "Dissolve what is still needed of the other ingredients in part of the water and mix it in.",
        "Make up to volume with water.",
        "Fill it into its container.",
    )


def _gritty(source: Source) -> bool:
    return isinstance(source, Tablets) or (isinstance(source, Stock) and "suspension" in source.batch.product)


def departures(strength: Strength, source: Source, formula: Formula) -> tuple[str, ...]:
    """How a liquid differs from the formula it follows, in words.

    Examples
    --------
    >>> from datetime import date
    >>> from lowdose.pharmacy.materials.formulas import formula
    >>> departures(Strength.parse("0.5 mg/mL"), Tablets(Supply("T-5", date(2027, 6, 30))), formula("formula-a"))
    ('0.5 mg/mL, and the formula is 1 mg/mL',)
    """
    told = []
    concentration = strength.of("mg/mL")
    if formula.strength is not None and concentration != formula.strength:
        told.append(f"{plain(concentration)} mg/mL, and the formula is {plain(formula.strength)} mg/mL")
    from_tablets = any(part.tablets for part in formula.ingredients)
    if from_tablets and not isinstance(source, Tablets):
        told.append(f"made from {source.name}, and the formula from tablets")
    told += [
        f"preserved by {part.name} in place of {part.in_place_of}; the study does not say which of them it held"
        for part in formula.ingredients
        if part.in_place_of
    ]
    return tuple(told)


@exactly
def liquid_facts(
    sheet: Sheet, made: Decimal, strength: Strength, source: Source, formula: Formula
) -> dict[str, object]:
    """What the screen must be told of a liquid: how far it is from its formula and how well it is preserved."""
    held = {DRUG: made * strength.of("mg/mL")}
    held |= brought(source, next((one.value for one in sheet.amounts if one.role == "active"), Decimal(0)))
    for one in sheet.amounts:
        if one.role != "active" and one.handling in ("weigh", "measure"):
            held[one.ingredient] = held.get(one.ingredient, Decimal(0)) + one.value
    units = {part.name: IN_MG.get(part.unit, Decimal(1)) for part in formula.ingredients}
    difference = formula.compare({name: amount / units.get(name, 1) for name, amount in held.items()}, made)
    aqueous = formula.kind.startswith("aqueous")
    preserved = difference.preservative_ratio
    if aqueous and (preserved is None or not preserved):
        sheet.cautions.append(Caution("CMP-005", "no preservative: it counts as unpreserved"))
        preserved = Decimal(0)
    return sheet.facts(
        fillers=sheet.fillers(source),
        release=sheet.release(source),
        aqueous=aqueous,
        preservative_ratio=preserved,
        max_deviation_pct=difference.percent,
    )
