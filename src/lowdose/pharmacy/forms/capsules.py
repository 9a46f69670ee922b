"""Capsules: from powder, tablets or a triturate; filled up, checked, and refused where they do not fit."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING

from lowdose.errors import InvalidInput
from lowdose.pharmacy.amounts.exact import counted, exact, exactly, plain, rounded, shown, whole
from lowdose.pharmacy.amounts.hydrochloride import Strength
from lowdose.pharmacy.amounts.line import Amount, Batch
from lowdose.pharmacy.amounts.quantities import Quantity
from lowdose.pharmacy.amounts.refusals import CannotBeMade
from lowdose.pharmacy.bench.balance import Bench
from lowdose.pharmacy.bench.sheet import Excipient, Sheet
from lowdose.pharmacy.forms.methods import WHERE_TOO_LITTLE, Beginning, beginning, with_triturates
from lowdose.pharmacy.forms.offers import Request, offers
from lowdose.pharmacy.forms.packing import (
    Densities,
    Packing,
    PackStatistics,
    Size,
    fill_percent,
    shells,
    sizes,
)
from lowdose.pharmacy.materials.ingredients import known
from lowdose.pharmacy.materials.lots import Supply
from lowdose.pharmacy.materials.sources import DRUG, Powder, Source

if TYPE_CHECKING:
    from lowdose.audit import Professional

_LAST_DIGIT = Decimal("1E-30")
"""Two shares that make a whole are cut at sixty digits each; their sum is held to thirty."""
OVERAGE_PERCENT = Decimal(5)
"""Made beyond what is asked for, to make up for losses; the pharmacist may write another."""


@exactly
def capsules(
    strength: str | Strength,
    count: int,
    *,
    source: Source,
    filler: Excipient,
    bench: Bench,
    packing: PackStatistics | Densities | None = None,
    size: str | Size | None = None,
    filler_each: str | Quantity | None = None,
    overage_percent: Decimal = OVERAGE_PERCENT,
    shells: Mapping[str, Supply] | None = None,
    confirmed_by: Professional | None = None,
) -> Batch:
    """Work out a batch of immediate-release capsules.

    Parameters
    ----------
    strength : str or Strength
        Hydrochloride in one capsule, such as "1.5 mg".
    count : int
        Capsules asked for.
    source : Source
        ``Powder``, ``Tablets`` with their mean mass, or a triturate as ``Stock``.
    filler : Excipient
        What fills the rest.
    bench : Bench
        Day, maker, balance.
    packing : PackStatistics or Densities, optional
        How the powders fill a capsule; by default the densities of ``ingredients.yaml``, which the worksheet says.
        Pack statistics are those of the size, which must then be named.
    size : str or Size, optional
        Capsule size; by default size 3, or the next that holds the drug powder.
    filler_each : str or Quantity, optional
        Filler in one capsule where the pharmacy sets it; by default as much as fills the capsule.
    overage_percent : Decimal
        Capsules made beyond those asked for, per cent; the number is rounded up.
    shells : mapping of str to Supply, optional
        Lots of capsule shells by name, such as "size 3 capsule shells"; without theirs it is left to be filled in.
    confirmed_by : Professional, optional
        The pharmacist who confirmed a strength prescribed "as base".

    Raises
    ------
    CannotBeMade
        If the powder does not fit, the capsule would stay too empty, or the balance cannot weigh it.
    SafetyStop
        If an ingredient is out of date, or a strength "as base" is not confirmed.
    InvalidInput
        If something is not an amount, not exact or out of bounds.

    Examples
    --------
    >>> from datetime import date
    >>> from lowdose.pharmacy import Balance, Lot
    >>> batch = capsules(
    ...     "4.5 mg", 100, source=Powder(Lot("N-1", date(2027, 6, 30), Decimal("98.5"), "as-is")),
    ...     filler=Excipient("Avicel PH-102"), packing=PackStatistics(Decimal(90), Decimal(150)), size="3",
    ...     bench=Bench(date(2026, 12, 1), Balance(Decimal(1), Decimal("0.1"))),
    ... )
    >>> for amount in batch.to_weigh:
    ...     print(amount)
    naltrexone hydrochloride: weigh 479.7 mg
    microcrystalline cellulose: weigh 9166.5 mg
    size 3 capsule shells: count 105 capsules
    """
    asked = {"strength": strength, "count": count, "size": size, "filler_each": filler_each, "source": source}
    if source.unit != "mg":
        raise InvalidInput(f"{source.name} is a liquid", remedy="make capsules from powder, tablets or a triturate")
    if isinstance(packing, PackStatistics) and size is None:
        raise InvalidInput(
            "pack statistics are those of one capsule size, which is not named", remedy="name the size they are of"
        )
    request = Request(
        strength=Strength.parse(strength, confirmed_by=confirmed_by),
        count=whole(count, "the number of capsules"),
        source=source,
        filler=filler,
        bench=bench,
        packing=packing,
        size=Size.named(size) if isinstance(size, str) else size,
        filler_each=Quantity.parse(filler_each) if isinstance(filler_each, str) else filler_each,
        overage_percent=exact(overage_percent, "the overage, per cent,", least=Decimal(0)),
        shells=shells or {},
    )
    try:
        return _worked_out(request)
    except CannotBeMade as stop:
        nearest, what = offers(request, _worked_out), stop.what
    raise CannotBeMade(what, nearest=nearest, asked=asked, remedy="or use a stronger powder or a finer balance")


@exactly
def _worked_out(request: Request) -> Batch:
    dose, source, filler = request.strength.of("mg"), request.source, request.filler
    sheet = Sheet(request.bench, vars(request))
    sheet.strength(request.strength)
    wanted = Decimal(request.count)
    made = sheet.made(wanted, request.overage_percent, "capsules", Decimal(1))
    drug = sheet.line(f"Drug in {counted(made, 'capsules')}", f"{made} × {plain(dose)} mg", made * dose, "mg")
    need = sheet.holding(source, drug)
    in_batch = sheet.rub_down(source, need, filler)

    packing = _packing(request, sheet)
    takes_place = _takes_place(sheet, source, dose, need, in_batch, made)
    size = _chosen(sheet, request.size, packing, takes_place)
    each = _fill(sheet, packing, size, takes_place, request.filler_each, made)
    if each:
        total = sheet.line(
            f"Filler for {counted(made, 'capsules')}", f"{made} × {shown(each)[0]} mg", made * each, "mg"
        )
        sheet.weigh(filler.name, total, "filler", filler.supply)
    _together(sheet, made)
    sheet.put(Amount(size.shells, made, "capsules", "count", made, "shell"), request.shells.get(size.shells))
    facts = sheet.facts(fillers=sheet.fillers(source, filler), aqueous=False, release=sheet.release(source, filler))
    return Batch(
        product=f"{DRUG} {plain(dose)} mg capsules",
        form="capsules",
        strength=dose,
        strength_unit="mg",
        asked=wanted,
        made=made,
        unit="capsules",
        made_on=request.bench.on,
        lines=tuple(sheet.lines),
        to_weigh=tuple(sheet.amounts),
        steps=_steps(with_triturates(source, sheet.amounts), size, filler if each else None),
        method=_steps(beginning(source), size, filler if each else None, WHERE_TOO_LITTLE),
        warnings=tuple(sheet.cautions),
        assumptions=tuple(sheet.assumptions),
        facts=facts,
        formula="capsules-cellulose" if filler.rule_names == ("microcrystalline cellulose",) else "",
    )


def _packing(request: Request, sheet: Sheet) -> Packing:
    """How the powders pack; an aliquot that was rubbed down is nearly all filler and packs as filler."""
    packing, filler, diluted = request.packing, request.filler, _diluted(sheet)
    if isinstance(packing, PackStatistics):
        return PackStatistics(packing.filler_mg, packing.filler_mg) if diluted else packing
    if packing is None:
        own = request.source.name if known(request.source.name) and not diluted else filler.name
        packing = Densities.of(filler.name, own)
    elif diluted:
        packing = Densities(packing.filler_g_per_mL, packing.filler_g_per_mL)
    sheet.assumptions += [*packing.told, "Densities are of loose powder; weighed pack statistics would be better."]
    return packing


def _diluted(sheet: Sheet) -> bool:
    return any(one.role == "aliquot" for one in sheet.amounts)


@exactly
def _takes_place(
    sheet: Sheet, source: Source, dose: Decimal, need: Decimal, in_batch: Decimal, made: Decimal
) -> Decimal:
    """Powder that takes up room in one capsule, mg: the labelled dose of a pure powder, else what is weighed."""
    diluted = _diluted(sheet)
    if isinstance(source, Powder) and not diluted:
        sheet.assumptions.append(
            f"Room is reckoned for the labelled {plain(dose)} mg; a capsule gets {shown(need / made)[0]} mg of powder."
        )
        return dose
    powder = in_batch if diluted else need
    return sheet.line("Powder in one capsule", f"{shown(powder)[0]} mg ÷ {made}", powder / made, "mg")


def _chosen(sheet: Sheet, size: Size | None, packing: Packing, powder: Decimal) -> Size:
    if size is not None:
        return size
    first = Size.named(shells().default.size)
    sheet.assumptions.append(f"No capsule size was named: size {first.name} was tried first.")
    larger = [one for one in sizes() if one.volume_mL >= first.volume_mL]
    return next((one for one in larger if packing.drug_share(one, powder) <= 1), larger[-1])


@exactly
def _fill(
    sheet: Sheet, packing: Packing, size: Size, powder: Decimal, filler_each: Quantity | None, made: Decimal
) -> Decimal:
    """Filler of one capsule, mg, with the check that the capsule is neither too full nor too empty."""
    share = packing.drug_share(size, powder)
    if share > 1:
        sheet.refuse(f"{shown(powder)[0]} mg of drug powder fills a size {size.name} capsule to {fill_percent(share)}")
    if filler_each is None:
        each, line = packing.filler(size, powder)
        sheet.lines.append(line)
    else:
        each = sheet.line("Filler in one capsule", "set by the pharmacy", filler_each.to("mg"), "mg")
    if _left_out(sheet, each * made, share):
        each = Decimal(0)
    room = packing.filler_share(size, each)
    full = rounded(share + room, _LAST_DIGIT)
    formula = f"{shown(share * 100)[0]} % drug + {shown(room * 100)[0]} % filler"
    sheet.line(f"Size {size.name} capsule is full to", formula, full * 100, "%")
    fill = shells().fill
    if not fill.low <= full <= fill.high:
        what = "is overfilled" if full > fill.high else "stays too empty"
        sheet.refuse(f"a size {size.name} capsule {what}: {fill_percent(full)}")
    return each


@exactly
def _left_out(sheet: Sheet, total: Decimal, share: Decimal) -> bool:
    """Whether the filler is left out: there is too little of it to weigh, and the capsule is full enough without."""
    balance = sheet.bench.balance
    if not total or balance.ratio(total) >= 1:
        return False
    least = plain(balance.minimum_mg)
    too_little = f"{shown(total)[0]} mg of filler is below the {least} mg that may be weighed"
    if share < shells().fill.low:
        sheet.refuse(too_little)
    sheet.line("Filler, left out", too_little, Decimal(0), "mg")
    return True


@exactly
def _together(sheet: Sheet, made: Decimal) -> None:
    parts = [one for one in sheet.amounts if one.into == "batch"]
    total = sum((one.value for one in parts), Decimal(0))
    sheet.line("Everything that is filled", " + ".join(f"{plain(one.value)} mg" for one in parts), total, "mg")
    sheet.line("Fill of one capsule", f"{plain(total)} mg ÷ {made}", total / made, "mg")


def _steps(begun: Beginning, size: Size, filler: Excipient | None, *more: str) -> tuple[str, ...]:
    rest = f"down with an equal volume of {filler.name}; go on in equal parts until all is in" if filler else "even"
    return (
        *begun.steps,
        *more,
        f"Rub {begun.drug} {rest}{'' if filler else '; no filler is added'}.",
        f"Fill the size {size.name} shells evenly and tamp alike; count filled and empty shells.",
        "Weigh filled capsules one by one for weight variation; send capsules for assay.",
    )
