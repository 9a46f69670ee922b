"""Lengths of time, intervals and clock times: read from words, written in words; whole minutes throughout."""

from __future__ import annotations

from datetime import time, timedelta
from decimal import Decimal

from lowdose.errors import InvalidInput
from lowdose.regimen.amounts import plain

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
MIDNIGHT, MORNING, BEDTIME = time(0), time(8), time(22)

#: Nothing is planned further ahead.
LONGEST = 3650 * DAY


def length(count: Decimal, unit: timedelta) -> timedelta:
    """Multiply exactly.

    Parameters
    ----------
    count : Decimal
        How many units.
    unit : timedelta
        One unit: a minute, an hour, a day, ...

    Raises
    ------
    InvalidInput
        Longer than ten years, or not a whole number of minutes.

    Examples
    --------
    >>> length(Decimal("1.5"), timedelta(weeks=1))
    datetime.timedelta(days=10, seconds=43200)
    """
    minutes = count * (unit // MINUTE)
    if abs(minutes) > LONGEST // MINUTE:
        raise InvalidInput("longer than ten years", remedy="write at most 520 weeks")
    if minutes % 1:
        raise InvalidInput("not a whole number of minutes", remedy="round it, e.g. 90 minutes")
    return int(minutes) * MINUTE


def length_words(span: timedelta) -> str:
    """Write a length of time in the largest unit that says it whole.

    Examples
    --------
    >>> [length_words(span) for span in (timedelta(days=84), timedelta(days=30), timedelta(hours=36))]
    ['12 weeks', '30 days', '36 hours']
    """
    for unit, name in ((7 * DAY, "week"), (DAY, "day"), (HOUR, "hour"), (MINUTE, "minute")):
        if not span % unit:
            return f"{span // unit} {name}" if span == unit else f"{span // unit} {name}s"
    return f"{plain(Decimal(str(span / MINUTE)))} minutes"


def interval_words(every: timedelta | None, clock: time) -> str:
    """Write how often, in the words of the language; None is one dose only.

    Examples
    --------
    >>> interval_words(timedelta(days=1), time(22)), interval_words(timedelta(hours=12), time(8))
    ('nightly', 'every 12 hours')
    """
    if every is None:
        return "once"
    if every == DAY:
        return "nightly" if is_night(clock) else "daily"
    usual = {2 * DAY: "every other day", 7 * DAY: "weekly", HOUR: "every hour"}
    return usual.get(every) or f"every {length_words(every) if every % DAY else f'{every.days} days'}"


def read_clock(text: str) -> time:
    """Read a clock time: ``22:00``, ``10 pm``, ``10:30pm``, or an hour that can only be one (``22``).

    Raises
    ------
    InvalidInput
        No such time of day, or an hour that may be morning or evening.

    Examples
    --------
    >>> read_clock("22:00"), read_clock("8 am"), read_clock("12:15 pm")
    (datetime.time(22, 0), datetime.time(8, 0), datetime.time(12, 15))
    """
    half = text[-2:] if text[-2:] in ("am", "pm") else ""
    hour, colon, minute = text.removesuffix(half).strip().partition(":")
    remedy = "write 00:00 to 23:59, e.g. 22:00"
    if not (hour.isdecimal() and len(hour) <= 2 and ((len(minute) == 2 and minute.isdecimal()) or not colon)):
        raise InvalidInput(f"not a clock time: {text!r}", remedy=remedy)
    hours, minutes = int(hour), int(minute or 0)
    if (half and not 1 <= hours <= 12) or hours > 23 or minutes > 59:
        raise InvalidInput(f"no such time of day: {text!r}", remedy=remedy)
    if half:
        hours = hours % 12 + (12 if half == "pm" else 0)
    elif not colon and hours <= 12:
        other = (hours + 12) % 24
        raise InvalidInput(f"{text} in the morning or in the evening?", remedy=f"write {hours:02}:00 or {other:02}:00")
    return time(hours, minutes)


def is_night(clock: time) -> bool:
    """Whether a dose at this time is taken at night: from 18:00 to 04:00.

    Examples
    --------
    >>> is_night(time(22)), is_night(time(8))
    (True, False)
    """
    return clock >= time(18) or clock < time(4)


def is_morning(clock: time) -> bool:
    """Whether a dose at this time is taken in the morning: from 04:00 to 12:00.

    Examples
    --------
    >>> is_morning(time(8)), is_morning(time(12))
    (True, False)
    """
    return time(4) <= clock < time(12)


def since_midnight(clock: time) -> timedelta:
    """Time since midnight.

    Examples
    --------
    >>> since_midnight(time(22, 30))
    datetime.timedelta(seconds=81000)
    """
    return timedelta(hours=clock.hour, minutes=clock.minute)


def clock_of(instant: timedelta) -> time:
    """Clock time of an instant counted from some midnight.

    Examples
    --------
    >>> clock_of(timedelta(days=3, hours=22))
    datetime.time(22, 0)
    """
    return time(*divmod(instant % DAY // MINUTE, 60))
