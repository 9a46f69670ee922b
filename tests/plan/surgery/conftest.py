"""A plan of three steps to 4.5 mg at bedtime: as a draft, approved, and changed afterwards."""

from __future__ import annotations

from dataclasses import replace

import pytest

from lowdose.opioids import Setting
from lowdose.plan.surgery import predicted

from .plans import approved, course_once, make


@pytest.fixture(autouse=True)
def solved_once(monkeypatch):
    monkeypatch.setattr(predicted, "_course", course_once)


@pytest.fixture
def draft():
    return make("1.5", "3", "4.5")


@pytest.fixture
def plan():
    return approved()


@pytest.fixture
def changed(plan):
    """Approved, and then changed."""
    return replace(plan, indication="something else")


@pytest.fixture
def typical():
    """The typical person alone: no band, quick."""
    return Setting()
