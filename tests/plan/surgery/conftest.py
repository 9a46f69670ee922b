"""A plan of three steps to 4.5 mg at bedtime: as a draft, approved, and changed afterwards."""

from __future__ import annotations

from dataclasses import replace

import pytest

from lowdose.opioids import Setting

from .plans import approved, make


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
def few():
    """A few persons: quick."""
    return Setting(people=20)
