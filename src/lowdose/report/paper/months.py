"""Calendars: the months in which something is due, with their marks."""

from __future__ import annotations

from calendar import Calendar as Days
from collections.abc import Collection
from datetime import date

from lowdose.report.paper.blocks import Calendar, Mark, Month
from lowdose.spoken import MONTHS, day_only, long_date


def calendar(first: date, last: date, *, steps: Collection[date], checks: Collection[date]) -> Calendar:
    """The months from ``first`` to ``last`` in which a dose begins or a check is due; other checks are said in words.

    Examples
    --------
    >>> checks = [date(2026, 11, 30), date(2027, 2, 5)]
    >>> shown = calendar(date(2026, 12, 1), date(2027, 2, 5), steps=[date(2026, 12, 1)], checks=checks)
    >>> [month.title for month in shown.months]
    ['December 2026', 'February 2027']
    >>> shown.also
    'Also a check on 30 Nov 2026. Nothing begins and nothing is due in January 2027.'
    >>> shown.months[0].weeks[0]
    ((0, ''), (1, 'step'), (2, ''), (3, ''), (4, ''), (5, ''), (6, ''))
    """
    months = sorted({(day.year, day.month) for day in (*steps, *checks)})
    drawn = [at for at in months if (first.year, first.month) <= at <= (last.year, last.month)]
    others = [day for day in sorted(checks) if (day.year, day.month) not in drawn]
    marked = [day for day in checks if day not in others]
    left_out = [at for at in _months(first, last) if at not in drawn]
    also = [
        *([f"Also a check on {' and on '.join(map(day_only, others))}."] if others else []),
        *([f"Nothing begins and nothing is due in {_in_words(left_out)}."] if left_out else []),
    ]
    return Calendar(
        tuple(_month(year, month, frozenset(steps), frozenset(marked)) for year, month in drawn),
        step="a dose begins",
        check="a check is due" if marked else "",
        both="both" if set(steps) & set(marked) else "",
        also=" ".join(also),
        alternative=f"Calendar. Doses begin on {_listed(steps)}."
        + (f" Checks are due on {_listed(checks)}." if checks else ""),
    )


def _months(first: date, last: date) -> list[tuple[int, int]]:
    """Every month from one day to another."""
    count = 12 * (last.year - first.year) + last.month - first.month + 1
    return [(first.year + at // 12, at % 12 + 1) for at in range(first.month - 1, first.month - 1 + count)]


def _in_words(months: Collection[tuple[int, int]]) -> str:
    """Months by name, the year once for each."""
    named = [
        f"{' and '.join(MONTHS[month - 1] for each, month in months if each == year)} {year}"
        for year in sorted({year for year, _ in months})
    ]
    return " and ".join(named)


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
