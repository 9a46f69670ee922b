"""Twenty people: what interrupts is what should, and it is little."""

from __future__ import annotations

from statistics import median
from typing import Any

import pytest

from lowdose.safety import Screen, screen

from .reading import HERE, laid_over_base, load

VIGNETTES = load(HERE / "vignettes.yaml")


def screened(one: dict[str, Any]) -> Screen:
    return screen(laid_over_base(one["facts"], VIGNETTES["on"]), phase=one["phase"], on=VIGNETTES["on"])


def interrupting(found: Screen) -> list[str]:
    return [one.id for one in found.fired if one.severity != "info"]


@pytest.mark.parametrize("one", VIGNETTES["vignettes"], ids=lambda one: one["id"])
def test_vignette(one: dict[str, Any]) -> None:
    found = screened(one)
    assert interrupting(found) == one["interrupts"]
    assert found.outcome == one["outcome"]


def test_twenty_people_see_at_most_three_interruptions_at_the_median() -> None:
    counts = [len(interrupting(screened(one))) for one in VIGNETTES["vignettes"]]
    assert len(counts) == 20
    assert median(counts) <= 3
