"""How a pool was made, in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

INTERVALS: Mapping[str, str] = {
    "hksj-floor": "Hartung-Knapp with the variance floor",
    "hksj": "Hartung-Knapp",
    "wald": "Wald",
}
METHODS: Mapping[str, str] = {"IV": "inverse variance", "MH": "Mantel-Haenszel", "Peto": "Peto"}


def how(made: Mapping[str, Any]) -> str:
    """Model, estimators and interval of a pool.

    Examples
    --------
    >>> how({"k": 1})
    'one trial'
    """
    if made["k"] == 1:
        return "one trial"
    level = f"{100 * made['level']:g} % interval"
    if made["model"] == "common":
        return f"{made['k']} trials, common effect ({METHODS[made['method']]}, Wald {level})"
    return f"{made['k']} trials, random effects ({made['tau2_method']}, {INTERVALS[made['ci_method']]}, {level})"
