"""One Vega-Lite definition a chart: pure functions from a ``Result`` or from plain rows; the same for page and file.

The charts of evidence take rows and import nothing heavy; those of a run are loaded when first asked for.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from lowdose.charts.adverse import HarmRow, Harms, Rate, harms
from lowdose.charts.conditions import ConditionMap, MapPoint, Way, condition_map
from lowdose.charts.doses import DosePoint, DoseResponse, dose_response
from lowdose.charts.forests import Forest, ForestPool, ForestRow, forest
from lowdose.charts.render import to_pdf, to_png, to_svg

if TYPE_CHECKING:
    from lowdose.charts.figures import (
        TITLES,
        Chart,
        blockade,
        drug,
        figure,
        legend,
        overview,
        own_opioids,
        rivals,
        shown,
        tone,
    )
    from lowdose.charts.tables import Table, rivals_table, table

_LATER = {
    **dict.fromkeys(
        (
            "TITLES",
            "Chart",
            "blockade",
            "drug",
            "figure",
            "legend",
            "overview",
            "own_opioids",
            "rivals",
            "shown",
            "tone",
        ),
        "figures",
    ),
    **dict.fromkeys(("Table", "rivals_table", "table"), "tables"),
}

__all__ = [
    "TITLES",
    "Chart",
    "ConditionMap",
    "DosePoint",
    "DoseResponse",
    "Forest",
    "ForestPool",
    "ForestRow",
    "HarmRow",
    "Harms",
    "MapPoint",
    "Rate",
    "Table",
    "Way",
    "blockade",
    "condition_map",
    "dose_response",
    "drug",
    "figure",
    "forest",
    "harms",
    "legend",
    "overview",
    "own_opioids",
    "rivals",
    "rivals_table",
    "shown",
    "table",
    "to_pdf",
    "to_png",
    "to_svg",
    "tone",
]


def __getattr__(name: str) -> Any:
    if name in _LATER:
        return getattr(import_module(f"lowdose.charts.{_LATER[name]}"), name)
    raise AttributeError(f"module 'lowdose.charts' has no attribute {name!r}")
