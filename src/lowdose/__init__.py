"""An open workbench for low-dose naltrexone: what a dose does in the body, with units, uncertainty and sources.

Examples
--------
>>> import lowdose
>>> result = lowdose.simulate("4.5 mg nightly at 22:00 for 1 week")
>>> round(result.metrics["mu_occupancy_central"]["mean_last_day"].value, 1)
0.7
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lowdose.people import People as People
    from lowdose.people import Person as Person
    from lowdose.regimen import Regimen as Regimen
    from lowdose.results import Result as Result
    from lowdose.simulation import population as population
    from lowdose.simulation import rivals as rivals
    from lowdose.simulation import simulate as simulate

_HOMES = {
    "People": "lowdose.people",
    "Person": "lowdose.people",
    "Regimen": "lowdose.regimen",
    "Result": "lowdose.results",
    "population": "lowdose.simulation",
    "rivals": "lowdose.simulation",
    "simulate": "lowdose.simulation",
}

__all__ = ["People", "Person", "Regimen", "Result", "population", "rivals", "simulate"]


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module 'lowdose' has no attribute {name!r}")
