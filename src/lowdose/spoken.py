"""Shares, lengths of time and days as people read them, the same wherever they are said."""

from __future__ import annotations

from datetime import date

# Not strftime, which would speak the language of the machine.
MONTHS = "January February March April May June July August September October November December".split()
_DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
_END_DAYS = 30
"""Nobody looks further: what is not over by then lasts longer than this."""


def hours_words(hours: float | None) -> str:
    """A length of time for people; None is beyond what was looked at.

    Examples
    --------
    >>> hours_words(12.04), hours_words(224.0), hours_words(None)
    ('12 hours', '9.3 days', 'more than 30 days')
    """
    if hours is None:
        return f"more than {_END_DAYS} days"
    if hours < 0.5:
        return "no time at all"
    if hours < 48.0:
        count = f"{hours:.0f}" if hours >= 10 else f"{hours:.1f}".removesuffix(".0")
        return f"{count} hour" if count == "1" else f"{count} hours"
    return f"{hours / 24:.1f} days".replace(".0 days", " days")


def share_words(share: float | None) -> str:
    """A share in percent.

    Examples
    --------
    >>> share_words(0.349), share_words(0.9971)
    ('35 %', 'over 99 %')
    """
    if share is None:
        return "unknown"
    if 0.99 < share < 1.0:
        return "over 99 %"
    if 0.0 < share < 0.01:
        return "under 1 %"
    return f"{100 * share:.0f} %"


def long_date(day: date) -> str:
    """A date in words, the same everywhere.

    Examples
    --------
    >>> long_date(date(2026, 12, 1))
    '1 December 2026'
    """
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def full_date(day: date) -> str:
    """A date in words with its weekday.

    Examples
    --------
    >>> full_date(date(2026, 12, 1))
    'Tuesday 1 December 2026'
    """
    return f"{_DAYS[day.weekday()]} {long_date(day)}"


def short_date(day: date) -> str:
    """A date with its weekday, short enough for a table.

    Examples
    --------
    >>> short_date(date(2026, 12, 1))
    'Tue 1 Dec 2026'
    """
    return f"{_DAYS[day.weekday()][:3]} {day_only(day)}"


def day_only(day: date) -> str:
    """A date as short as it can be and still not be misread.

    Examples
    --------
    >>> day_only(date(2026, 12, 1))
    '1 Dec 2026'
    """
    return f"{day.day} {MONTHS[day.month - 1][:3]} {day.year}"
