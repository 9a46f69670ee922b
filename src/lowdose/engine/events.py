"""What doses, resets and changes mean, in NONMEM's sense; nothing here solves anything.

`plan` turns one person's records into a flat list of primitive actions in the order in which they act.

**The order at one time.** 1. infusions due to end, end; 2. every `Change` at that time, in the order given;
3. doses announced earlier, arriving now (additional ones, lagged ones, lagged additional ones), oldest record
first; 4. `Dose` and `Reset` records of that time, in the order given; 5. the observation, which thus sees all of
them. A dose listed before a reset at the same time is wiped by it, one listed after stays; a change holds for every
dose of its time wherever it is listed.

**Rules**, with F the bioavailability:

- ``rate`` and ``duration`` both 0: a bolus of F x amount. A ``rate``: an infusion at that rate for F x amount / rate.
  A ``duration``: an infusion of that length at F x amount / duration.
- ``lag`` delays the arrival, not the record. Names are looked up when the dose is due (before its lag), after the
  changes of that time; each additional dose looks them up anew.
- ``additional`` doses follow every ``interval``; they share everything with the first but its steady state and reset.
- ``steady_state`` 1: everything before is forgotten (states, infusions, doses still to come) and the state becomes
  the one reached had the dose been given every ``interval`` for ever, the dose of this record being the next one.
  Its lag counts: at the record the latest dose arrived ``interval - lag`` ago. Infusions of earlier cycles that still
  run, and lagged doses still under way, go on after the record. 2: the same state is added to the present one.
  With ``interval`` 0 and ``amount`` 0 it is an endless infusion at ``rate``, switched off at the record.
- a reset (or ``reset=True``, before its dose) puts every state to its initial value, stops infusions and cancels
  additional and lagged doses of earlier records.
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from lowdose.engine.actions import Action, Assign, Bolus, InfusionEnd, InfusionStart, Restart, Settle
from lowdose.engine.dual import slope
from lowdose.engine.errors import BadEvent, UnknownName
from lowdose.engine.records import Change, Dose, Event, Number, Reset

__all__ = ["check", "plan", "timing_names"]


# Rank within one time; see "The order at one time".
_END, _CHANGE, _ARRIVAL, _RECORD = range(4)


def check(events: Iterable[Event], states: Iterable[str], parameters: Iterable[str]) -> None:
    """Check that every name in ``events`` is one of the model's.

    Parameters
    ----------
    events : iterable of Dose, Reset or Change
        Of one person or of many.
    states, parameters : iterable of str
        The model's names.

    Raises
    ------
    UnknownName
        A target, a changed parameter or a name in rate, duration, lag or bioavailability is not known.
    BadEvent
        Something else than an event record is among them.

    Examples
    --------
    >>> check([Dose(0.0, 1.0, "gut")], ["gut"], [])
    """
    known_states, known_parameters = frozenset(states), frozenset(parameters)
    for event in events:
        if isinstance(event, Dose):
            if event.target not in known_states:
                raise UnknownName.among("state", event.target, sorted(known_states), where=str(event))
            named: tuple[Number, ...] = (event.rate, event.duration, event.lag, event.bioavailability)
        elif isinstance(event, Change):
            named = (event.parameter,)
        elif isinstance(event, Reset):
            continue
        else:
            raise BadEvent(f"{event!r} is not an event", remedy="use Dose, Reset or Change")
        for name in named:
            if isinstance(name, str) and name not in known_parameters:
                raise UnknownName.among("parameter", name, sorted(known_parameters), where=str(event))


def timing_names(events: Iterable[Event]) -> tuple[str, ...]:
    """Parameters whose values decide more than the share of a bolus that arrives at once.

    People who agree in these have one plan, made with ``shares=True``.

    Examples
    --------
    >>> timing_names([Dose(0.0, 1.0, "gut", bioavailability="F"), Dose(0.0, 1.0, "gut", lag="ALAG")])
    ('ALAG',)
    """
    names: dict[str, None] = {}
    for event in events:
        if not isinstance(event, Dose):
            continue
        fields: tuple[Number, ...] = (event.rate, event.duration, event.lag)
        if any(fields) or event.steady_state:
            fields = (*fields, event.bioavailability)
        names |= dict.fromkeys(value for value in fields if isinstance(value, str))
    return tuple(names)


def plan(
    events: Sequence[Event], parameters: Mapping[str, float], until: float = math.inf, *, shares: bool = False
) -> list[Action]:
    """Turn one person's records into primitive actions, in the order in which they act.

    Parameters
    ----------
    events : sequence of Dose, Reset or Change
        In any order of time; records of one time keep the order given.
    parameters : mapping of str to float
        The person's parameter values before any change.
    until : float
        Actions after this time (model time unit) are left out.
    shares : bool
        Leave the share of a bolus that arrives at once to be looked up when it acts (`Bolus.share`).

    Returns
    -------
    list of Action
        Times do not decrease.

    Raises
    ------
    BadEvent
        A name stands for a value that makes no sense in its place (a negative lag, a rate of 0).

    Examples
    --------
    >>> plan([Dose(0.0, 10.0, "gut", bioavailability="F", interval=24.0, additional=1)], {"F": 0.5})
    [Bolus(time=0.0, target='gut', amount=5.0), Bolus(time=24.0, target='gut', amount=5.0)]
    >>> plan([Dose(1.0, 10.0, "blood", rate=5.0)], {})
    [InfusionStart(time=1.0, target='blood', rate=5.0, key=0), InfusionEnd(time=3.0, key=0)]
    """
    planner = _Planner(parameters, shares=shares)
    for event in events:
        planner.expect(event.time, _CHANGE if isinstance(event, Change) else _RECORD, event)
    while planner.agenda and planner.agenda[0][0] <= until:
        planner.act()
    return planner.actions


@dataclass(frozen=True, slots=True)
class _Additional:
    """The ``number``-th dose of ``dose``, due at its own time."""

    dose: Dose
    number: int


@dataclass(frozen=True, slots=True)
class _Arrival:
    """A dose with its names looked up; ``rate`` 0 is a bolus of ``amount``."""

    target: str
    amount: float
    rate: float
    duration: float
    share: str | None = None


class _Planner:
    """An agenda in time, and the actions it has led to so far."""

    def __init__(self, parameters: Mapping[str, float], *, shares: bool = False) -> None:
        self.parameters = dict(parameters)
        self.shares = shares
        self.agenda: list[tuple[float, int, int, Event | _Additional | _Arrival | InfusionEnd]] = []
        self.actions: list[Action] = []
        self.entries = 0
        self.infusions = 0

    def expect(self, time: float, rank: int, item: Event | _Additional | _Arrival | InfusionEnd) -> None:
        heapq.heappush(self.agenda, (time, rank, self.entries, item))
        self.entries += 1

    def forget(self) -> None:
        """Cancel what earlier records announced; records and changes still to come stay."""
        self.agenda = [entry for entry in self.agenda if isinstance(entry[3], Dose | Reset | Change)]
        heapq.heapify(self.agenda)

    def act(self) -> None:
        time, _, _, item = heapq.heappop(self.agenda)
        match item:
            case InfusionEnd():
                self.actions.append(item)
            case Change():
                self.parameters[item.parameter] = item.value
                self.actions.append(Assign(time, item.parameter, item.value))
            case Reset():
                self.restart(time)
            case Dose():
                if item.reset:
                    self.restart(time)
                self.give(time, item, 0)
            case _Additional():
                self.give(time, item.dose, item.number)
            case _Arrival():
                self.arrive(time, item)

    def restart(self, time: float) -> None:
        self.forget()
        self.actions.append(Restart(time))

    def give(self, time: float, dose: Dose, number: int) -> None:
        """The ``number``-th dose of a record is due now; its lag has still to pass."""
        if number == 0 and dose.steady_state == 1:
            self.forget()
        lag = self.value(dose, "lag", dose.lag)
        arrival = self.dissolve(dose)
        if number == 0 and dose.steady_state:
            self.settle(time, dose, arrival, lag)
            if dose.interval == 0.0:
                return
        if number < dose.additional:
            self.expect(dose.time + (number + 1) * dose.interval, _ARRIVAL, _Additional(dose, number + 1))
        if lag > 0.0:
            self.expect(time + lag, _ARRIVAL, arrival)
        else:
            self.arrive(time, arrival)

    def dissolve(self, dose: Dose) -> _Arrival:
        """Look the names up: F lengthens an infusion of given rate and speeds up one of given duration."""
        at_once = not (dose.rate or dose.duration or dose.lag or dose.steady_state)
        if self.shares and at_once and isinstance(dose.bioavailability, str):
            return _Arrival(dose.target, dose.amount, 0.0, 0.0, dose.bioavailability)
        rate = self.value(dose, "rate", dose.rate)
        duration = self.value(dose, "duration", dose.duration)
        amount = self.value(dose, "bioavailability", dose.bioavailability) * dose.amount
        if rate > 0.0:
            return _Arrival(dose.target, amount, rate, amount / rate)
        if duration > 0.0:
            return _Arrival(dose.target, amount, amount / duration, duration)
        return _Arrival(dose.target, amount, 0.0, 0.0)

    def value(self, dose: Dose, field: str, number: Number) -> float:
        """A number, or the present value of the parameter it names."""
        if not isinstance(number, str):
            return number
        found = self.parameters[number]
        least = "above 0" if field in ("rate", "duration") else "0 or more"
        if not math.isfinite(found) or found < 0.0 or (found == 0.0 and least == "above 0"):
            raise BadEvent(
                f"{field} is {number} = {found:g}", where=str(dose), remedy=f"{number} must be finite and {least}"
            )
        return found

    def arrive(self, time: float, arrival: _Arrival) -> None:
        if arrival.rate > 0.0 and arrival.duration > 0.0:
            self.infuse(time, time + arrival.duration, arrival)
        elif arrival.amount > 0.0 or slope(arrival.amount):
            self.actions.append(Bolus(time, arrival.target, arrival.amount, arrival.share))

    def infuse(self, start: float, end: float, arrival: _Arrival) -> None:
        self.actions.append(InfusionStart(start, arrival.target, arrival.rate, self.infusions))
        self.expect(end, _END, InfusionEnd(end, self.infusions))
        self.infusions += 1

    def settle(self, time: float, dose: Dose, arrival: _Arrival, lag: float) -> None:
        """Ask for the steady state, then let what earlier cycles left under way go on."""
        interval, add = dose.interval, dose.steady_state == 2
        nearly = 1e-12 * max(1.0, interval)  # rounding must neither lose nor double what falls on the record
        phase = math.fmod(lag, interval) if interval else 0.0
        phase = 0.0 if min(phase, interval - phase) <= nearly else phase
        self.actions.append(
            Settle(time, arrival.target, arrival.amount, arrival.rate, arrival.duration, interval, phase, add)
        )
        if interval == 0.0:
            return
        # Cycle k was due k intervals before this record.
        cycles = math.ceil((lag + arrival.duration) / interval)
        for k in range(cycles, 0, -1):
            start, end = lag - k * interval, lag - k * interval + arrival.duration
            if start >= -nearly:
                self.expect(time + max(start, 0.0), _ARRIVAL, arrival)
            elif end > nearly and arrival.rate > 0.0:
                self.infuse(time, time + end, arrival)
