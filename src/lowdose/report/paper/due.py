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


def days_shown(check: Check, review: date) -> tuple[date, ...]:
    """The days that are printed, and marked in a calendar: all of a few, else the next three.

    No day after the review is one of them: nothing is planned after it, and words say what follows.
    """
    inside, _ = _parted(check, review)
    return inside if len(check.on) <= _ALL else inside[:_NEXT]


def then(check: Check, review: date, *, often: str = "") -> str:
    """What follows the days that are printed: how many, or how `often`, until the review, and what follows that.

    Empty where nothing follows, or words say it all.

    Examples
    --------
    >>> from datetime import timedelta
    >>> from lowdose.plan.records.parts import Check
    >>> days = tuple(date(2026, 11, 30) + timedelta(weeks=8 * number) for number in range(6))
    >>> tests = Check("TSH", days, "at the start, then every 2 to 3 months", "", "THY-001", (), "found", "")
    >>> then(tests, date(2027, 12, 1))
    'then 3 more, the last on 6 Sep 2027'
    >>> then(tests, date(2027, 4, 1))
    'if it goes on: 17 May 2027 and 2 more to 6 Sep 2027'
    """
    inside, later = _parted(check, review)
    more = len(inside) - len(days_shown(check, review))
    said = [f"then {often or f'{more} more'}, the last on {day_only(inside[-1])}"] if more else []
    if later:
        others = f" and {len(later) - 1} more to {day_only(later[-1])}" if len(later) > 1 else ""
        said.append(f"if it goes on: {day_only(later[0])}{others}")
    return "; ".join(said)


def days_in_words(check: Check, review: date) -> str:
    """The days and what follows them as the check says it, in one line; only its words where it has no single days.

    Examples
    --------
    >>> from datetime import timedelta
    >>> from lowdose.plan.records.parts import Check
    >>> days = tuple(date(2026, 11, 30) + timedelta(weeks=8 * number) for number in range(6))
    >>> tests = Check("TSH", days, "at the start, then every 2 to 3 months", "", "THY-001", (), "found", "")
    >>> days_in_words(tests, date(2027, 12, 1))
    '30 Nov 2026, 25 Jan 2027, 22 Mar 2027, then every 2 to 3 months, the last on 6 Sep 2027'
    """
    _, how, often = check.when.rpartition(", then ")
    said = (*map(day_only, days_shown(check, review)), then(check, review, often=often if how else ""))
    return ", ".join(filter(None, said)) or sentence(check.when)


def all_shown(checks: Sequence[Check], review: date) -> tuple[date, ...]:
    """Every day that is printed of some checks, in order."""
    return tuple(sorted({day for check in checks for day in days_shown(check, review)}))


def _parted(check: Check, review: date) -> tuple[tuple[date, ...], tuple[date, ...]]:
    """The single days of a check until the review of the plan, and those after it."""
    days = () if check.rule in _OVER_DAYS else check.on
    return tuple(day for day in days if day <= review), tuple(day for day in days if day > review)
