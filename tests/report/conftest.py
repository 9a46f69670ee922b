"""Runs that several tests look at; made once."""

from __future__ import annotations

import pytest

from lowdose import Result, report, rivals, simulate


@pytest.fixture(scope="session")
def week() -> Result:
    return simulate("4.5 mg nightly at 22:00 for 1 week", workers=1)


@pytest.fixture(scope="session")
def week_rivals(week: Result) -> tuple[Result, ...]:
    return rivals(week)


@pytest.fixture(scope="session")
def crowd() -> Result:
    return simulate("4.5 mg nightly at 22:00 for 3 weeks", people=6, workers=1)


@pytest.fixture(scope="session")
def page(crowd: Result) -> str:
    return report.html(crowd, rivals(crowd))
