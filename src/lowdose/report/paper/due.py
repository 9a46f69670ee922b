"""Which days of a check are printed, and how the others are said: the same on every document."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from lowdose.report.paper.marks import sentence
from lowdose.spoken import day_only

if TYPE_CHECKING:
    from lowdose.plan.records.parts import Check

_ALL = 4
"""A check with so many days has them all printed."""
_NEXT = 3
"""So many are printed of one that has more; words say what follows."""


_OVER_DAYS = frozenset({"EFF-002"})
"""The diary: it is kept over days, and not on the first of them alone, so words say when."""


def days_shown(check: Check) -> tuple[date, ...]:
    """The days that are printed, and marked in a calendar: all of a few, else the next three."""
    if check.rule in _OVER_DAYS:
        return ()
    return check.on if len(check.on) <= _ALL else check.on[:_NEXT]


def then(check: Check) -> str:
    """How many follow the days that are printed, until when; empty where nothing follows, or words say it all.

    Examples
    --------
    >>> from datetime import timedelta
    >>> from lowdose.plan.records.parts import Check
    >>> days = tuple(date(2026, 11, 30) + timedelta(weeks=8 * number) for number in range(6))
    >>> then(Check("TSH", days, "at the start, then every 2 to 3 months", "", "THY-001", (), "found", ""))
    'then 3 more, the last on 6 Sep 2027'
    """
    more = len(check.on) - len(days_shown(check))
    return f"then {more} more, the last on {day_only(check.on[-1])}" if more and days_shown(check) else ""


def days_in_words(check: Check) -> str:
    """The days and what follows them as the check says it, in one line; only its words where it has no single days.

    Examples
    --------
    >>> from datetime import timedelta
    >>> from lowdose.plan.records.parts import Check
    >>> days = tuple(date(2026, 11, 30) + timedelta(weeks=8 * number) for number in range(6))
    >>> days_in_words(Check("TSH", days, "at the start, then every 2 to 3 months", "", "THY-001", (), "found", ""))
    '30 Nov 2026, 25 Jan 2027, 22 Mar 2027, then every 2 to 3 months, the last on 6 Sep 2027'
    """
    if not days_shown(check):
        return sentence(check.when)
    after = then(check)
    _, how, often = check.when.rpartition(", then ")
    if after and how:
        after = f"then {often}, the last on {day_only(check.on[-1])}"
    return ", ".join((*map(day_only, days_shown(check)), *filter(None, (after,))))


def all_shown(checks: Sequence[Check]) -> tuple[date, ...]:
    """Every day that is printed of some checks, in order."""
    return tuple(sorted({day for check in checks for day in days_shown(check)}))
