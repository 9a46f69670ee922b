"""What a pharmacy makes a batch from and with, for any form."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import ROUND_CEILING, Decimal
from typing import TYPE_CHECKING, Any

from lowdose.pharmacy.amounts.exact import exactly, plain
from lowdose.pharmacy.amounts.hydrochloride import Strength
from lowdose.pharmacy.amounts.line import Batch
from lowdose.pharmacy.bench.balance import Bench
from lowdose.pharmacy.bench.sheet import Excipient
from lowdose.pharmacy.forms.capsules import OVERAGE_PERCENT, capsules
from lowdose.pharmacy.forms.creams import cream
from lowdose.pharmacy.forms.drops import DropCount, drops
from lowdose.pharmacy.forms.packing import PackStatistics
from lowdose.pharmacy.forms.solutions import solution
from lowdose.pharmacy.forms.triturates import triturate
from lowdose.pharmacy.materials.formulas import Formula, formula, formulas
from lowdose.pharmacy.materials.lots import Supply
from lowdose.pharmacy.materials.sources import Source, Tablets
from lowdose.pharmacy.supply.dispensing import Item
from lowdose.pharmacy.worksheets.shelf import check_lots

if TYPE_CHECKING:
    from lowdose.audit import Professional


CELLULOSE = Excipient("microcrystalline cellulose")


@dataclass(frozen=True)
class Making:
    """What a pharmacy makes a batch from and with.

    Parameters
    ----------
    source : Source
        Powder, tablets or a stock.
    bench : Bench
        Day, balance, measure.
    filler : Excipient
        Of capsules.
    supplies : mapping of str to Supply
        Lots of the other ingredients; of a liquid, all must be in its formula.
    shelf : mapping of str to Supply
        Lots of whatever the pharmacy has; what a formula does not hold is left on it.
    formula : str
        Id of the formula of a liquid; "" takes the published one of that strength, else the first.
    preservative : str
        Of a liquid, one that its formula's source names; "" takes the first.
    packing, size, overage_percent, part_tablets, confirmed_by
        As in `capsules` and `solution`.
    """

    source: Source
    bench: Bench
    filler: Excipient = CELLULOSE
    supplies: Mapping[str, Supply] = field(default_factory=dict)
    shelf: Mapping[str, Supply] = field(default_factory=dict)
    formula: str = ""
    preservative: str = ""
    packing: PackStatistics | None = None
    size: str | None = None
    overage_percent: Decimal | None = None
    part_tablets: bool = False
    confirmed_by: Professional | None = None

    def formula_for(self, strength: Decimal) -> Formula:
        """The formula of a liquid of this strength.

        Raises
        ------
        NotFound
            If the formula that was named is not known.
        InvalidInput
            If its source does not name the preservative.
        """
        liquids = [one for one in formulas().values() if one.form == "solution"]
        published = next((one for one in liquids if one.strength == strength), liquids[0])
        follows = formula(self.formula) if self.formula else published
        return follows.preserved_with(self.preservative) if self.preservative else follows

    def capsules(self, strength: str, count: int) -> Batch:
        """Work out capsules of it."""
        overage = OVERAGE_PERCENT if self.overage_percent is None else self.overage_percent
        return self._with_every_lot(capsules(
            strength, count, source=self.source, filler=self.filler, bench=self.bench, packing=self.packing,
            size=self.size, overage_percent=overage, shells={**self.shelf, **self.supplies},
            confirmed_by=self.confirmed_by,
        ))  # fmt: skip

    def solution(self, strength: str, volume: str) -> Batch:
        """Work out an oral liquid of it."""
        return self._with_every_lot(solution(strength, volume, **self._liquid(strength)))

    def drops(self, strength: str, volume: str, dose: str, counted: DropCount) -> Batch:
        """Work out sublingual drops of it."""
        return self._with_every_lot(drops(strength, volume, dose=dose, counted=counted, **self._liquid(strength)))

    def triturate(self, ratio: str, total: str) -> Batch:
        """Work out a stock triturate of it."""
        return self._with_every_lot(triturate(ratio, total, source=self.source, diluent=self.filler, bench=self.bench))

    def cream(self, dose: str, dose_volume: str, days: int, per_day: int, base: Excipient) -> Batch:
        """Work out a cream of it."""
        named = replace(base, supply=base.supply or self.supplies.get(base.name) or self.shelf.get(base.name))
        return self._with_every_lot(cream(
            dose, dose_volume, days, source=self.source, base=named, bench=self.bench, per_day=per_day,
            overage_percent=self.overage_percent or Decimal(0), confirmed_by=self.confirmed_by,
        ))  # fmt: skip

    def _with_every_lot(self, batch: Batch) -> Batch:
        check_lots(batch, self.supplies, self.shelf, left_out=self.filler.name if batch.form == "capsules" else "")
        return batch

    def _liquid(self, strength: str) -> dict[str, Any]:
        concentration = Strength.parse(strength, confirmed_by=self.confirmed_by).of("mg/mL")
        follows = self.formula_for(concentration)
        shelf = {one.name: self.shelf[one.name] for one in follows.ingredients if one.name in self.shelf}
        return {
            "source": self.source, "formula": follows, "bench": self.bench,
            "supplies": {**shelf, **self.supplies}, "part_tablets": self.part_tablets,
            "overage_percent": self.overage_percent or Decimal(0), "confirmed_by": self.confirmed_by,
        }  # fmt: skip

    def batch(self, item: Item) -> Batch:
        """Work out the batch for one item that is handed over; a liquid from whole tablets may be a little more."""
        strength = f"{plain(item.strength)} {item.strength_unit}"
        if item.unit == "capsules":
            return self.capsules(strength, int(item.amount))
        batch = self.solution(strength, f"{plain(self._volume(item))} mL")
        beyond = batch.asked - item.amount
        if not beyond:
            return batch
        more = f"{plain(beyond)} mL more are made of whole tablets, and discarded."
        said = f"{plain(item.amount)} mL are handed over; {more}"
        return replace(batch, assumptions=(*batch.assumptions, said))

    @exactly
    def _volume(self, item: Item) -> Decimal:
        if not isinstance(self.source, Tablets) or self.part_tablets:
            return item.amount
        of_one = self.source.strength_mg / item.strength
        return (item.amount / of_one).to_integral_value(rounding=ROUND_CEILING) * of_one
