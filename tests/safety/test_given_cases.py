"""The 39 cases that came with the draft of the rules."""

from __future__ import annotations

from typing import Any

import pytest

from lowdose.safety import Facts, screen

from .reading import HERE, dated, load

GIVEN = load(HERE / "given_cases.yaml")


def test_all_are_there() -> None:
    assert len(GIVEN["cases"]) == 39


@pytest.mark.parametrize("case", GIVEN["cases"], ids=lambda case: case["id"])
def test_given_case(case: dict[str, Any]) -> None:
    on = GIVEN["on"]
    facts = {name: dated(value, on) for name, value in {**GIVEN["base"], **case["facts"]}.items()}
    found = screen(Facts.of(facts, on=on), phase=case["phase"], on=on)
    fired = {one.id for one in found.fired}
    assert set(case["must_fire"]) <= fired
    assert not set(case["must_not_fire"]) & fired
