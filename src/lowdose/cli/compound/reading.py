"""What the options of ``lowdose compound`` say, as the objects of the pharmacy room."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import click

from lowdose.cli.options import professional

if TYPE_CHECKING:
    from lowdose.pharmacy import Source, Supply
    from lowdose.pharmacy.records.master import MasterFormulation
    from lowdose.pharmacy.worksheets.making import Making
    from lowdose.pharmacy.worksheets.worksheet import Keeping


@dataclass(frozen=True)
class Written:
    """Everything about one making, of options and batch file together."""

    making: Making
    keeping: Keeping
    batch_lot: str
    pharmacy: str
    prescription: str
    master: MasterFormulation | None
    master_version: int


def making_of(asked: Mapping[str, Any]) -> Written:
    """Read options and batch file; an option wins over the file."""
    from lowdose.errors import InvalidInput
    from lowdose.pharmacy import Balance, Bench, Excipient
    from lowdose.pharmacy.worksheets.making import Making
    from lowdose.pharmacy.worksheets.written import read_balance, read_batch_file, read_number, read_packing
    from lowdose.safety.excipients import called

    file: Mapping[str, Any] = read_batch_file(asked["batch_file"]) if asked["batch_file"] else {}

    def given(name: str, option: str, why: str) -> Any:
        value = asked.get(name) or file.get(name)
        if not value:
            raise InvalidInput(f"{why} is not given", remedy=f"give {option}, or {name}: in the batch file")
        return value

    balance: Balance = read_balance(given("balance", '--balance "sensitivity=…, readability=…"', "the balance"))
    supplies, shelf = _supplies(asked, file)
    filler = asked.get("filler") or "microcrystalline cellulose"
    packing, overage = asked.get("packing") or file.get("packing"), asked["overage"]
    measure = asked["measure"] or file.get("measure")
    bench = Bench(
        asked["on"].date() if asked["on"] else date.today(), balance,
        measure_step_mL=read_number(measure, "the measure", "mL") if measure else Decimal("0.1"),
    )  # fmt: skip
    making = Making(
        source=_source(asked, file), bench=bench,
        filler=Excipient(filler, {**shelf, **supplies}.get(called(filler)),
                         stated_release=asked.get("filler_release")),
        supplies=supplies, shelf=shelf,
        formula=asked.get("formula") or "", preservative=asked.get("preservative") or "",
        packing=read_packing(packing) if packing else None, size=asked.get("size"),
        overage_percent=read_number(overage, "the overage", "%") if overage else None,
        part_tablets=asked["part_tablets"],
        confirmed_by=professional(asked["by"]) if asked["hydrochloride_confirmed"] else None,
    )  # fmt: skip
    return Written(
        making, _keeping(asked), str(given("batch_lot", "--batch-lot", "the lot number of what is made")),
        str(asked["pharmacy"] or file.get("pharmacy", "")), str(asked["prescription"] or file.get("prescription", "")),
        _master(asked), asked["master_version"] or 1,
    )  # fmt: skip


def _source(asked: Mapping[str, Any], file: Mapping[str, Any]) -> Source:
    from lowdose.errors import InvalidInput
    from lowdose.pharmacy import Powder
    from lowdose.pharmacy.records.compounding_record import read_record
    from lowdose.pharmacy.records.stocks import stock_of
    from lowdose.pharmacy.worksheets.written import read_lot, read_tablets

    options = {name: asked[name] for name in ("lot", "tablets", "stock") if asked[name]}
    written = options or {name: file[name] for name in ("lot", "tablets") if file.get(name)}
    if len(written) != 1:
        what = "the drug is taken from two things" if written else "what the drug is taken from is not given"
        raise InvalidInput(what, remedy="give --lot for powder, or --tablets, or --stock")
    if "stock" in written:
        return stock_of(read_record(written["stock"]))
    return Powder(read_lot(written["lot"])) if "lot" in written else read_tablets(written["tablets"])


def _supplies(asked: Mapping[str, Any], file: Mapping[str, Any]) -> tuple[dict[str, Supply], dict[str, Supply]]:
    """Lots named as options, and those of the batch file."""
    from lowdose.pharmacy.worksheets.shelf import lots_by_name
    from lowdose.pharmacy.worksheets.written import read_named_supply, read_supply

    shelf = [(name, read_supply(one, name)) for name, one in (file.get("ingredients") or {}).items()]
    return lots_by_name(map(read_named_supply, asked["supplies"])), lots_by_name(shelf)


def _master(asked: Mapping[str, Any]) -> MasterFormulation | None:
    from lowdose.pharmacy.records.master import read_master

    if asked["master"] and asked["master_version"]:
        raise click.UsageError("--master-version is of a new master, and --master has its own")
    return read_master(asked["master"]) if asked["master"] else None


def _keeping(asked: Mapping[str, Any]) -> Keeping:
    from lowdose.pharmacy.worksheets.worksheet import Keeping
    from lowdose.pharmacy.worksheets.written import read_limit

    return Keeping(
        jurisdiction=asked["jurisdiction"], storage=asked["storage"], container=asked["container"], kind=asked["kind"],
        preserved_by=asked["preserved_by"], custom=read_limit(asked["limit"]) if asked["limit"] else None,
    )  # fmt: skip
