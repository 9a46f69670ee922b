"""Calendars: the months from one day to another, with their marks."""

from __future__ import annotations

from calendar import Calendar as Days
from collections.abc import Collection
from datetime import date

from lowdose.report.paper.blocks import Calendar, Mark, Month
from lowdose.report.paper.sheet import MONTHS, long_date


def calendar(first: date, last: date, *, steps: Collection[date], checks: Collection[date]) -> Calendar:
    """The months from ``first`` to ``last`` in which a dose begins or a check is due; the others are left out.

    Examples
    --------
    >>> shown = calendar(date(2026, 12, 1), date(2027, 1, 5), steps=[date(2026, 12, 1)], checks=[date(2027, 1, 5)])
    >>> [month.title for month in shown.months]
    ['December 2026', 'January 2027']
    >>> shown.months[0].weeks[0]
    ((0, ''), (1, 'step'), (2, ''), (3, ''), (4, ''), (5, ''), (6, ''))
    """
    count = 12 * (last.year - first.year) + last.month - first.month + 1
    starts = [divmod(first.month - 1 + ahead, 12) for ahead in range(count)]
    due = {(day.year, day.month) for day in (*steps, *checks)}
    months = tuple(
        _month(first.year + year, month + 1, frozenset(steps), frozenset(checks))
        for year, month in starts
        if (first.year + year, month + 1) in due
    )
    return Calendar(
        months,
        step="a dose begins",
        check="a check is due" if checks else "",
        alternative=f"Calendar. Doses begin on {_listed(steps)}."
        + (f" Checks are due on {_listed(checks)}." if checks else ""),
    )


def _month(year: int, month: int, steps: frozenset[date], checks: frozenset[date]) -> Month:
    weeks = Days().monthdayscalendar(year, month)
    marked = tuple(tuple((day, _mark(year, month, day, steps, checks)) for day in week) for week in weeks)
    return Month(f"{MONTHS[month - 1]} {year}", marked)


def _mark(year: int, month: int, day: int, steps: frozenset[date], checks: frozenset[date]) -> Mark:
    if not day:
        return ""
    here = date(year, month, day)
    if here in steps:
        return "both" if here in checks else "step"
    return "check" if here in checks else ""


def _listed(days: Collection[date]) -> str:
    return ", ".join(long_date(day) for day in sorted(days))
