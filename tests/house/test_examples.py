"""Every public name of a room shows itself in an example that runs."""

from __future__ import annotations

import importlib
import inspect

import pytest

ROOMS = (
    "lowdose",
    "engine",
    "model",
    "regimen",
    "people",
    "results",
    "charts",
    "evidence",
    "claims",
    "calibrate",
    "opioids",
    "sensitivity",
    "audit",
    "safety",
    "pharmacy",
    "plan",
    "plan.surgery",
    "exchange",
    "report",
    "report.paper",
)


def public() -> list[tuple[str, str]]:
    names = []
    for room in ROOMS:
        module = importlib.import_module("lowdose" if room == "lowdose" else f"lowdose.{room}")
        names += [(module.__name__, name) for name in module.__all__]
    return names


@pytest.mark.parametrize(("room", "name"), public())
def test_a_public_function_has_an_example(room: str, name: str) -> None:
    found = getattr(importlib.import_module(room), name)
    if inspect.isfunction(found):
        assert ">>>" in (found.__doc__ or ""), f"{room}.{name}"
    elif inspect.isclass(found):
        assert found.__doc__, f"{room}.{name}"
