"""What one person's doses are in a run: when taken, and how much of each gets through that day."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

from lowdose.engine import Change, Dose
from lowdose.model import parameters, routes
from lowdose.people.adherence import intake, pattern
from lowdose.people.differences import occasional, variability
from lowdose.people.scores import log_variance
from lowdose.people.streams import standard_normal

if TYPE_CHECKING:
    from lowdose.regimen import Regimen, ScheduledDose

Array = NDArray[np.float64]
Record = Dose | Change


class Habits(Protocol):
    """What doses need to know of virtual people: how they take them, and whether one dose differs from the next."""

    @property
    def seed(self) -> int:
        """Of the random streams."""

    @property
    def adherence(self) -> str:
        """How they take their doses."""

    @property
    def occasions(self) -> bool:
        """Whether one dose differs from the next in the same person."""


def occasions(of: str, seed: int, persons: range, doses: int) -> Array:
    """How many times her own value a person has at each dose, shape (persons, doses), for ``of`` = "F" or "ka".

    Keyed by seed, person and the dose's place in the schedule, so that a missed dose moves no other.

    Examples
    --------
    >>> bool(occasions("F", 1, range(5), 3)[4, 2] == occasions("F", 1, range(4, 5), 9)[0, 2])
    True
    """
    cv = next(one.cv for one in variability().occasions if one.of == of)
    scores = [standard_normal(seed, f"occasions/{of}/{k}", persons) for k in range(doses)]
    return np.exp(np.sqrt(log_variance(cv)) * np.stack(scores, axis=1)) if doses else np.ones((len(persons), 0))


def personal_records(
    regimen: Regimen, people: Habits, persons: range, drawn: Mapping[str, Array]
) -> tuple[tuple[Record, ...], ...]:
    """The records of each person: her doses as she takes them, and what differs from dose to dose.

    A dose's bioavailability and absorption rate hold from that dose to the next one taken: what little is left of
    the dose before in the gut goes on with the new ones. ``drawn`` is one row of parameters a person.

    Examples
    --------
    >>> from lowdose import Regimen
    >>> from lowdose.people import make, rows
    >>> two = make(2, adherence="careless", occasions=True)
    >>> regimen = Regimen.parse("4.5 mg nightly for 10 days")
    >>> records = personal_records(regimen, two, range(2), rows(two, range(2), two.seed, "people"))
    >>> [type(record).__name__ for record in records[0][:3]]
    ['Change', 'Change', 'Dose']
    """
    due = regimen.doses
    taken = intake(np.array([dose.hours for dose in due]), pattern(people.adherence), people.seed, persons)
    if not people.occasions:
        return tuple(
            tuple(_dose(dose, hours) for dose, hours in zip(due, row, strict=True) if hours == hours)
            for row in taken.hours.tolist()
        )
    own = {of: occasions(of, people.seed, persons, len(due)) for of in ("F", "ka")}
    changes = [_changed(dose) for dose in due]
    found = []
    for i, row in enumerate(taken.hours.tolist()):
        records: list[Record] = []
        for k, (dose, hours) in enumerate(zip(due, row, strict=True)):
            if hours != hours:
                continue
            for symbol, of in changes[k]:
                value = float(drawn[symbol][i] * own[of][i, k])
                records.append(Change(hours, symbol, _held(symbol, value)))
            records.append(_dose(dose, hours))
        found.append(tuple(records))
    return tuple(found)


def _dose(dose: ScheduledDose, hours: float) -> Dose:
    route = routes()[dose.form.route]
    return Dose(hours, dose.amount_mg, route.state, bioavailability=route.bioavailability or 1.0)


def _changed(dose: ScheduledDose) -> tuple[tuple[str, str], ...]:
    """Which parameters differ from one such dose to the next: nothing is known of doses that are not swallowed."""
    if routes()[dose.form.route].first_pass == "none":
        return ()
    table = parameters()
    rates = [(symbol, "ka") for symbol in occasional(table, "ka") if table[symbol].route == dose.form.route]
    return (("F", "F"), *rates)


def _held(symbol: str, value: float) -> float:
    limits = parameters()[symbol].limits
    return value if limits is None else min(max(value, limits[0]), limits[1])
