"""Stock triturates: powder rubbed down 1:10 or 1:100, kept with its lot and date as an ingredient of other products."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from lowdose.errors import InvalidInput
from lowdose.pharmacy.amounts.exact import exactly, plain
from lowdose.pharmacy.amounts.line import Batch, percent_off
from lowdose.pharmacy.amounts.quantities import Quantity
from lowdose.pharmacy.bench.balance import Bench
from lowdose.pharmacy.bench.sheet import Excipient, Sheet
from lowdose.pharmacy.forms.methods import beginning
from lowdose.pharmacy.materials.sources import DRUG, Source

RATIOS: Mapping[str, Decimal] = {"1:10": Decimal(10), "1:100": Decimal(100)}
"""Part of hydrochloride in parts of triturate: 100 mg/g and 10 mg/g."""


@exactly
def triturate(ratio: str, total: str | Quantity, *, source: Source, diluent: Excipient, bench: Bench) -> Batch:
    """Work out a stock triturate; made, it is a ``Stock`` with its own lot and beyond-use date.

    Parameters
    ----------
    ratio : {"1:10", "1:100"}
        One part of hydrochloride in so many parts.
    total : str or Quantity
        Mass of the triturate, such as "10 g".
    source : Source
        Powder, tablets with their mean mass, or a stronger triturate.
    diluent : Excipient
        What it is rubbed down with.
    bench : Bench
        Day, maker, balance.

    Raises
    ------
    CannotBeMade
        If the balance cannot weigh the drug, or the source is no stronger than the triturate.
    InvalidInput
        If the ratio or the mass is not one.

    Examples
    --------
    >>> from datetime import date
    >>> from lowdose.pharmacy import Balance, Lot, Powder
    >>> batch = triturate(
    ...     "1:100", "20 g", source=Powder(Lot("N-1", date(2027, 6, 30), Decimal(99), "as-is")),
    ...     diluent=Excipient("lactose"), bench=Bench(date(2026, 12, 1), Balance(Decimal(6), Decimal(1))),
    ... )
    >>> batch.product
    'naltrexone hydrochloride triturate 1:100 (10 mg/g)'
    >>> print(*batch.to_weigh, sep="; ")
    naltrexone hydrochloride: weigh 202 mg; lactose monohydrate: weigh 19798 mg
    """
    if ratio not in RATIOS:
        raise InvalidInput(f"{ratio!r} is no stock triturate", remedy=f"write {' or '.join(RATIOS)}")
    if source.unit != "mg":
        raise InvalidInput(f"{source.name} is a liquid", remedy="make triturates from powder, tablets or a triturate")
    asked = {"ratio": ratio, "total": total, "source": source, "diluent": diluent}
    sheet = Sheet(bench, asked)
    mass, parts = sheet.read(total, "mg"), RATIOS[ratio]
    drug = sheet.line(f"Drug in {plain(mass)} mg", f"{plain(mass)} mg ÷ {plain(parts)}", mass / parts, "mg")
    need = sheet.holding(source, drug)
    if need >= mass:
        sheet.refuse(f"{source.name} is not stronger than a triturate {ratio}", remedy="start from a stronger powder")
    sheet.lines.append(bench.balance.line)
    enough = (mass / bench.balance.ratio(need) / 1000).__ceil__()
    sheet.weighable(source.name, need, f"{enough} g")
    weight = sheet.weigh(source.name, need, "active", source.supply)
    rest = sheet.line("Diluent", f"{plain(mass)} mg − {plain(weight)} mg", mass - weight, "mg")
    sheet.weigh(diluent.name, rest, "diluent", diluent.supply)
    off = percent_off(weight, need)
    sheet.assumptions.append(
        f"Counts as {plain(1000 / parts)} mg/g until it is assayed; weighing changed that by {off}."
    )
    begun = beginning(source)
    facts = sheet.facts(fillers=sheet.fillers(source, diluent), aqueous=False, release=sheet.release(source, diluent))
    return Batch(
        product=f"{DRUG} triturate {ratio} ({plain(1000 / parts)} mg/g)",
        form="triturate",
        strength=1000 / parts,
        strength_unit="mg/g",
        asked=mass,
        made=mass,
        unit="mg",
        made_on=bench.on,
        lines=tuple(sheet.lines),
        to_weigh=tuple(sheet.amounts),
        steps=(
            *begun.steps,
            f"Rub {begun.drug} down with an equal volume of {diluent.name}; go on in equal parts until all is in.",
            "Label it with strength, lot and beyond-use date; it is no product for a patient.",
        ),
        warnings=tuple(sheet.cautions),
        assumptions=tuple(sheet.assumptions),
        facts=facts,
    )
