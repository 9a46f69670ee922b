"""Compounding by the pharmacist: exact arithmetic, worksheets, labels and beyond-use dates.

Strength always means the hydrochloride. What cannot be made is refused with the nearest that can.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from lowdose.errors import SafetyStop
from lowdose.pharmacy.amounts.hydrochloride import Strength
from lowdose.pharmacy.amounts.line import Amount, Batch, Caution, Expiry, Line
from lowdose.pharmacy.amounts.quantities import Quantity, UnsafeFormats, quantity, unsafe_formats
from lowdose.pharmacy.amounts.refusals import CannotBeMade
from lowdose.pharmacy.bench.balance import Balance, Bench, Dilution, dilute
from lowdose.pharmacy.bench.measuring import Measured, Syringe, measure
from lowdose.pharmacy.bench.sheet import Excipient
from lowdose.pharmacy.forms.capsules import capsules
from lowdose.pharmacy.forms.creams import cream
from lowdose.pharmacy.forms.drops import DropCount, drops
from lowdose.pharmacy.forms.packing import Densities, PackStatistics, Size
from lowdose.pharmacy.forms.solutions import solution
from lowdose.pharmacy.forms.triturates import triturate
from lowdose.pharmacy.materials.lots import Lot, Supply
from lowdose.pharmacy.materials.sources import Powder, Source, Stock, Tablets

if TYPE_CHECKING:
    from lowdose.pharmacy.quality.uniformity import acceptance_value as acceptance_value
    from lowdose.pharmacy.quality.uniformity import weight_variation as weight_variation
    from lowdose.pharmacy.supply.dispensing import Dispensed as Dispensed
    from lowdose.pharmacy.supply.dispensing import DoseStep as DoseStep
    from lowdose.pharmacy.supply.dispensing import dispense as dispense
    from lowdose.pharmacy.worksheets.worksheet import Papers as Papers
    from lowdose.pharmacy.worksheets.worksheet import papers as papers

_HOMES = {
    "Dispensed": "supply.dispensing",
    "DoseStep": "supply.dispensing",
    "Papers": "worksheets.worksheet",
    "acceptance_value": "quality.uniformity",
    "dispense": "supply.dispensing",
    "papers": "worksheets.worksheet",
    "weight_variation": "quality.uniformity",
}
"""What builds on batches: loaded when first asked for."""

__all__ = [
    "Amount",
    "Balance",
    "Batch",
    "Bench",
    "CannotBeMade",
    "Caution",
    "Densities",
    "Dilution",
    "Dispensed",
    "DoseStep",
    "DropCount",
    "Excipient",
    "Expiry",
    "Line",
    "Lot",
    "Measured",
    "PackStatistics",
    "Papers",
    "Powder",
    "Quantity",
    "SafetyStop",
    "Size",
    "Source",
    "Stock",
    "Strength",
    "Supply",
    "Syringe",
    "Tablets",
    "UnsafeFormats",
    "acceptance_value",
    "capsules",
    "cream",
    "dilute",
    "dispense",
    "drops",
    "measure",
    "papers",
    "quantity",
    "solution",
    "triturate",
    "unsafe_formats",
    "weight_variation",
]


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(import_module(f"lowdose.pharmacy.{_HOMES[name]}"), name)
    raise AttributeError(f"module 'lowdose.pharmacy' has no attribute {name!r}")
