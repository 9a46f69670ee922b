"""Runs that several tests look at; made once."""

from __future__ import annotations

import pytest

from lowdose import Result, simulate


@pytest.fixture(scope="session")
def typical() -> Result:
    return simulate("4.5 mg nightly at 22:00 for 1 week", workers=1)


@pytest.fixture(scope="session")
def people() -> Result:
    return simulate("4.5 mg nightly at 22:00 for 3 weeks", people=8, spread="people", workers=1)


@pytest.fixture(scope="session")
def year() -> Result:
    return simulate("1.5 mg nightly for 4 weeks, then 4.5 mg for 48 weeks missing days 100-110", workers=1)
