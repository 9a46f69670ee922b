"""The first day on which low-dose naltrexone may be started after an opioid, by ingredient, form and date.

The dated rule decides and the disagreement between its sources is shown. Nothing here shortens a wait: a negative urine
test and challenge can only bring the start from the default to the floor that the rules name. Where anything needed is
not known there is no date, with the reason.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal, TypeAlias

from lowdose.safety.medicines import Ingredient, Recognition, in_set
from lowdose.safety.medicines.reading import cautious
from lowdose.safety.washout.intervals import Conflict, Interval, conflicts, interval_for, intervals

Day: TypeAlias = date
LastUse: TypeAlias = date | Literal["never"] | None
NEGATIVE_TESTS = "a negative urine test and, where doubt stays, a negative naloxone challenge"


@dataclass(frozen=True)
class Taken:
    """One entry of a medicine list with its dates.

    Parameters
    ----------
    recognition : Recognition
        What the entry is.
    active : bool
        Whether it is still being taken.
    form : str
        ``ir``, ``er``, ``patch``, ``depot``, ``implant`` or ``unknown``.
    last_taken : date or None
        Day of the last dose, for a patch or an implant the day it was removed; ``None`` when nobody knows.
    """

    recognition: Recognition
    active: bool
    form: str = "unknown"
    last_taken: date | None = None


@dataclass(frozen=True)
class Earliest:
    """The earliest start.

    Parameters
    ----------
    date : date or None
        First day on which no wash-out rule blocks or warns, never before the day asked about; ``None`` with a reason.
    basis : str
        What decided it: medicine, last dose, interval and rule.
    reason : str
        Why there is no date; empty when there is one.
    if_confirmed : date or None
        The earlier day on which no wash-out rule blocks any more, if a urine test and, where doubt remains, a naloxone
        challenge are negative; ``None`` where tests bring nothing forward.
    confirmed_by : str
        What would have to be confirmed for it; empty where there is no such day.
    conflicts : tuple of Conflict
        What the sources say, where a wait is due.
    notes : tuple of str
        What else has to be said.
    """

    date: Day | None
    basis: str
    reason: str
    if_confirmed: Day | None
    conflicts: tuple[Conflict, ...]
    notes: tuple[str, ...] = ()
    confirmed_by: str = ""


@dataclass(frozen=True)
class _Wait:
    who: str
    interval: Interval
    last: date

    def until(self) -> date:
        return self.last + timedelta(days=self.interval.days or 0)

    def floor(self) -> date:
        return self.last + timedelta(days=self.interval.floor_days)


def earliest_start(
    taken: Sequence[Taken],
    *,
    on: date,
    last_opioid_use: LastUse,
    long_term: bool = False,
    last_non_medical_use: LastUse = None,
    above_label: bool | None = False,
) -> Earliest:
    """First day on which no wash-out rule stands against a start.

    Parameters
    ----------
    taken : sequence of Taken
        The medicine list, taken now or before.
    on : date
        The day of asking; no earlier day is returned.
    last_opioid_use : date, "never" or None
        The answer to the opioid question; ``None`` is not known.
    long_term : bool
        Long-term use, or dependence in the past: 14 days even after a short-acting opioid.
    last_non_medical_use : date, "never" or None
        Last opioid without a prescription, where that was said.
    above_label : bool or None
        Whether an opioid against diarrhoea was taken above the amount on its pack; ``None`` is not known.

    Examples
    --------
    >>> from lowdose.safety.medicines import recognise
    >>> tramadol = Taken(recognise("tramadol"), active=False, form="ir", last_taken=date(2026, 11, 20))
    >>> found = earliest_start([tramadol], on=date(2026, 11, 22), last_opioid_use=date(2026, 11, 20))
    >>> found.date, found.if_confirmed
    (datetime.date(2026, 11, 30), datetime.date(2026, 11, 27))
    >>> earliest_start([], on=date(2026, 11, 22), last_opioid_use=None).date is None
    True
    """
    waits, problems, notes = _listed(taken, on, last_opioid_use, above_label)
    if last_opioid_use is None:
        problems.insert(0, "the question about opioids has not been answered (DAT-001)")
    for last, name, who in _answers(taken, waits, last_opioid_use, last_non_medical_use):
        waits.append(_Wait(who, intervals()[name], last))
    if long_term:
        waits += [_Wait(wait.who, intervals()["long_term"], wait.last) for wait in tuple(waits)]
    problems += [f"{wait.who}: the last dose is dated after {on}" for wait in waits if wait.last > on]
    shown = conflicts() if waits or problems else ()
    if problems:
        return Earliest(None, "", "; ".join(dict.fromkeys(problems)), None, shown, tuple(notes))
    return _dated(waits, on, shown, notes)


def _dated(waits: list[_Wait], on: date, shown: tuple[Conflict, ...], notes: list[str]) -> Earliest:
    if not waits:
        return Earliest(on, "no opioid that asks for a wait", "", None, shown, tuple(notes))
    deciding = max(waits, key=_Wait.until)
    start = max(on, deciding.until())
    floor = max(on, *(wait.floor() for wait in waits))
    basis = f"{deciding.who}, last taken {deciding.last}: {deciding.interval.said()}"
    if floor >= start:
        return Earliest(start, basis, "", None, shown, tuple(notes))
    return Earliest(start, basis, "", floor, shown, tuple(notes), NEGATIVE_TESTS)


def _listed(
    taken: Sequence[Taken], on: date, last_opioid_use: LastUse, above_label: bool | None
) -> tuple[list[_Wait], list[str], list[str]]:
    """Waits, reasons against any date, and notes from the medicine list."""
    waits: list[_Wait] = []
    problems: list[str] = []
    notes: list[str] = []
    for entry in taken:
        name = entry.recognition.written
        if not entry.recognition.is_settled and not _long_past(entry, on):
            problems.append(f'"{name}" is not recognised and could be an opioid')
        form = entry.recognition.form if entry.form == "unknown" else cautious(entry.form)
        for opioid in entry.recognition.ingredients:
            notes += _notes(opioid, entry, form)
            interval = _interval(opioid, entry, form, above_label)
            if interval is None:
                if above_label is None and in_set(opioid, "opioid_gut") and not _long_past(entry, on):
                    problems.append(f"it is not known whether {opioid.name} was taken above the amount on its pack")
                continue
            last = entry.last_taken or (last_opioid_use if isinstance(last_opioid_use, date) else None)
            problem = _problem(entry, opioid, interval, last, on)
            if problem:
                problems.append(problem)
            elif last is not None and interval.days is not None:
                waits.append(_Wait(opioid.name, interval, last))
    return waits, problems, notes


def _interval(opioid: Ingredient, entry: Taken, form: str, above_label: bool | None) -> Interval | None:
    """The wait an entry asks for: by its ingredient and form; longer by a street name, or above the pack's amount."""
    if in_set(opioid, "opioid_gut") and above_label:
        return intervals()["above_label"]
    found = interval_for(opioid, form)
    if found is None or found.days is None or not entry.recognition.is_street:
        return found
    return max(found, intervals()["street"], key=lambda one: one.days or 0)


def _long_past(entry: Taken, on: date) -> bool:
    """Ended longer ago than the longest wait of all: whatever it was, no wash-out rule asks about it."""
    longest = max(max(each.days or 0, each.blocked_days) for each in intervals().values())
    return not entry.active and entry.last_taken is not None and (on - entry.last_taken).days >= longest


def _problem(entry: Taken, opioid: Ingredient, interval: Interval, last: date | None, on: date) -> str:
    """Why an opioid of the list allows no date, or nothing."""
    if interval.id == "depot" and (entry.active or last is None or (on - last).days < interval.blocked_days):
        return (
            f"{opioid.name} as a depot or implant acts for weeks to months and no fixed interval is safe: "
            f"an addiction specialist decides ({', '.join(interval.rules)}, {interval.label})"
        )
    if entry.active:
        return f"{opioid.name} is still being taken: the wait of {interval.said()} begins with the last dose"
    if last is None:
        return f"it is not known when {opioid.name} was last taken"
    return ""


def _notes(opioid: Ingredient, entry: Taken, form: str) -> Iterable[str]:
    if in_set(opioid, "opioid_gut") and entry.active:
        yield f"{opioid.name} needs no wait at the labelled amount; above it, it counts as a systemic opioid (OPI-012)"
    if form == "unknown" and opioid.washout_class == "short" and in_set(opioid, "opioid_washout"):
        yield f"the release form of {opioid.name} is not known: it waits as slow release, immediate release waits less"
    if opioid.name == "buprenorphine" and form == "unknown":
        yield "buprenorphine: if it was a depot or an implant, no date holds and a specialist decides (OPI-005)"


def _answers(
    taken: Sequence[Taken], waits: Sequence[_Wait], last_opioid_use: LastUse, last_non_medical_use: LastUse
) -> Iterable[tuple[date, str, str]]:
    """Waits that follow from the answers and not from the list."""
    if isinstance(last_non_medical_use, date):
        yield last_non_medical_use, "non_medical", "an opioid without a prescription"
    if not isinstance(last_opioid_use, date):
        return
    listed = [entry.last_taken for entry in taken if _is_opioid(entry) and entry.last_taken is not None]
    if not any(last >= last_opioid_use for last in [*listed, *(wait.last for wait in waits)]):
        yield last_opioid_use, "not_named", "an opioid that the list does not name"


def _is_opioid(entry: Taken) -> bool:
    return any(in_set(each, "opioid_washout") for each in entry.recognition.ingredients)
