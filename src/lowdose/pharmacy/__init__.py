"""Compounding by the pharmacist: exact arithmetic, worksheets, labels and beyond-use dates.

Strength always means the hydrochloride. What cannot be made is refused with the nearest that can.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from lowdose.pharmacy.balance import Balance, Bench, Dilution, dilute
from lowdose.pharmacy.capsules import capsules
from lowdose.pharmacy.creams import cream
from lowdose.pharmacy.drops import DropCount, drops
from lowdose.pharmacy.hydrochloride import Strength
from lowdose.pharmacy.line import Amount, Batch, Caution, Expiry, Line
from lowdose.pharmacy.lots import Lot, Supply
from lowdose.pharmacy.measuring import Measured, Syringe, measure
from lowdose.pharmacy.packing import Densities, PackStatistics, Size
from lowdose.pharmacy.quantities import Quantity, UnsafeFormats, quantity, unsafe_formats
from lowdose.pharmacy.refusals import CannotBeMade, SafetyStop
from lowdose.pharmacy.sheet import Excipient
from lowdose.pharmacy.solutions import solution
from lowdose.pharmacy.sources import Powder, Source, Stock, Tablets
from lowdose.pharmacy.triturates import triturate

if TYPE_CHECKING:
    from lowdose.pharmacy.dispensing import Dispensed as Dispensed
    from lowdose.pharmacy.dispensing import DoseStep as DoseStep
    from lowdose.pharmacy.dispensing import dispense as dispense
    from lowdose.pharmacy.uniformity import acceptance_value as acceptance_value
    from lowdose.pharmacy.uniformity import weight_variation as weight_variation
    from lowdose.pharmacy.worksheet import Papers as Papers
    from lowdose.pharmacy.worksheet import papers as papers

_HOMES = {
    "Dispensed": "dispensing",
    "DoseStep": "dispensing",
    "Papers": "worksheet",
    "acceptance_value": "uniformity",
    "dispense": "dispensing",
    "papers": "worksheet",
    "weight_variation": "uniformity",
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
