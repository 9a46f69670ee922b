"""NONMEM-style dosing rows: TIME in hours, AMT in mg; what a regimen can hold, and nothing else silently."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import time, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

from lowdose.errors import InvalidInput
from lowdose.regimen.amounts import exact_mg, plain
from lowdose.regimen.clocks import DAY, HOUR, LONGEST, MINUTE, MORNING, clock_of, since_midnight
from lowdose.regimen.forms import Form
from lowdose.regimen.regimen import Regimen, ScheduledDose
from lowdose.regimen.steps import BadStep, Step, Written, join

COLUMNS = ("ID", "TIME", "AMT", "II", "ADDL", "EVID", "CMT")
#: Columns that must be empty or zero, and what they would mean.
_NOT_HELD = {
    "RATE": "an infusion",
    "DUR": "an infusion",
    "SS": "a steady-state dose",
    "MDV": "a missing observation",
    "DV": "an observation",
}
_EVENTS = {0: "an observation", 2: "another event", 3: "a reset", 4: "a reset and dose", 101: "a replacement"}
_TOLERANCE = Decimal("0.05")


@dataclass(frozen=True)
class Row:
    """One dosing record, checked.

    Parameters
    ----------
    number : int
        Which row, from 1.
    start : timedelta
        TIME.
    amount_mg : Decimal
        AMT, mg.
    every : timedelta
        II; zero for a single dose.
    count : int
        1 + ADDL.
    form : Form
        CMT.
    """

    number: int
    start: timedelta
    amount_mg: Decimal
    every: timedelta
    count: int
    form: Form

    @property
    def last(self) -> timedelta:
        """Time of the last dose."""
        return self.start + (self.count - 1) * self.every


def to_rows(regimen: Regimen) -> list[dict[str, Any]]:
    """Rows of the doses taken; CMT is the name of the route.

    Examples
    --------
    >>> for row in to_rows(Regimen.parse("3 mg daily for 5 days missing day 3")):
    ...     print(row)
    {'ID': 1, 'TIME': 0.0, 'AMT': 3.0, 'II': 24.0, 'ADDL': 1, 'EVID': 1, 'CMT': 'capsule'}
    {'ID': 1, 'TIME': 72.0, 'AMT': 3.0, 'II': 24.0, 'ADDL': 1, 'EVID': 1, 'CMT': 'capsule'}
    """
    runs: list[list[ScheduledDose]] = []
    for dose in regimen.doses:
        run = runs[-1] if runs else None
        if run and _continues(run, dose):
            run.append(dose)
        else:
            runs.append([dose])
    return [
        {
            "ID": 1,
            "TIME": run[0].hours,
            "AMT": run[0].amount_mg,
            "II": _gap(run[0], run[1]) / 60 if len(run) > 1 else 0.0,
            "ADDL": len(run) - 1,
            "EVID": 1,
            "CMT": run[0].form.route,
        }
        for run in runs
    ]


def _continues(run: list[ScheduledDose], dose: ScheduledDose) -> bool:
    """Whether a dose goes on with a run: the same amount and form, after the same time (an hour at least)."""
    gap = _gap(run[-1], dose)
    same = (run[0].amount_mg, run[0].form) == (dose.amount_mg, dose.form)
    return same and gap >= 60 and (len(run) == 1 or gap == _gap(run[0], run[1]))


def _gap(first: ScheduledDose, second: ScheduledDose) -> int:
    """Whole minutes between two doses."""
    return round((second.hours - first.hours) * 60)


def from_csv(text: str) -> Regimen:
    r"""Read rows from comma-separated text with a header; ``.`` is an empty cell.

    Examples
    --------
    >>> print(from_csv("id,time,amt,ii,addl\n1,0,4.5,24,83"))
    4.5 mg daily for 12 weeks
    """
    try:
        table = list(csv.reader(io.StringIO(text), strict=True))
    except csv.Error as problem:
        raise InvalidInput(f"not a table: {problem}", remedy="separate the cells by commas, one row a line") from None
    table = [row for row in table if any(cell.strip() for cell in row)]
    if len(table) < 2:
        raise InvalidInput("no rows", remedy=f"write a header ({','.join(COLUMNS)}) and a row for each dose")
    header = [name.strip().upper() for name in table[0]]
    for name in header:
        if header.count(name) > 1:
            raise InvalidInput(f"column {name} stands there twice", where="header", remedy="leave one of them out")
    for number, row in enumerate(table[1:], start=1):
        if len(row) != len(header):
            what = f"{len(row)} cells under {len(header)} columns"
            raise InvalidInput(what, where=f"row {number}", remedy="write one cell for each column")
    return from_rows([dict(zip(header, row, strict=True)) for row in table[1:]])


def from_rows(rows: Iterable[Mapping[str, Any]], clock: str = "") -> Regimen:
    """Read dosing rows.

    Parameters
    ----------
    rows : iterable of mapping
        Dosing records, in order of time.
    clock : str
        Clock time of the first dose; 08:00 is assumed without it.

    Raises
    ------
    InvalidInput
        Something a regimen cannot hold, or rows whose doses overlap.

    Examples
    --------
    >>> from_rows([{"TIME": 0, "AMT": 3, "RATE": 1}])
    Traceback (most recent call last):
    lowdose.errors.InvalidInput: RATE is an infusion, which a regimen cannot hold
      where: row 1, RATE
      remedy: leave the column out or set it to 0
    """
    records = [{str(name).strip().upper(): cell for name, cell in row.items()} for row in rows]
    people = {_cell(record, "ID") for record in records} - {None}
    if len(people) > 1:
        raise InvalidInput(f"{len(people)} people in ID", where="ID", remedy="write one file for each person")
    read = [_row(number, record) for number, record in enumerate(records, start=1)]
    if not read:
        raise InvalidInput("no rows", remedy="write a row with TIME and AMT for each dose")
    for before, row in pairwise(read):
        if row.start < before.start:
            raise InvalidInput("TIME goes back", where=f"row {row.number}, TIME", remedy="sort the rows by TIME")
        if row.start <= before.last:
            what = f"rows {before.number} and {row.number} overlap: both dose at or after {_hours(row.start)} h"
            remedy = f"lower ADDL of row {before.number}, or start row {row.number} after it has ended"
            raise InvalidInput(what, where=f"row {row.number}, TIME", remedy=remedy)
    return _regimen(read, clock)


def _regimen(rows: list[Row], clock: str) -> Regimen:
    """Steps that start exactly at the rows' times, with pauses between."""
    notes = []
    if rows[0].start:
        notes.append(f"TIME starts at {_hours(rows[0].start)} h: counted from the first dose")
    first, assumed = _first_clock(clock)
    if assumed:
        notes.append(f"no clock time given: {first:%H:%M} assumed")
    steps: list[Step] = []
    numbers: list[int] = []
    for row, following in zip(rows, [*rows[1:], None], strict=True):
        lasts = DAY if row.count == 1 else row.count * row.every
        room = following.start - row.start if following else lasts
        begins = since_midnight(first) + row.start - rows[0].start
        every: timedelta | None = row.every if row.count > 1 else None
        if every is None and room < DAY:
            every = room  # one dose, and the next within a day
        spans = min(lasts, room)
        steps.append(Step(row.amount_mg, every, clock_of(begins), spans, row.form, assumed))
        numbers.append(row.number)
        if room > spans:
            ends = clock_of(begins + spans)
            steps.append(Step(Decimal(0), every, ends, room - spans, row.form, assumed))
            numbers.append(row.number)
    try:
        return Regimen(tuple(steps), (), tuple(notes))
    except BadStep as problem:
        column = {"amount": "AMT", "how_often": "II", "for": "ADDL"}.get(problem.field, "TIME")
        where = f"row {numbers[max(problem.step, 0)]}, {column}"
        raise InvalidInput(problem.what, where=where, remedy=problem.remedy) from None


def _first_clock(clock: str) -> tuple[time, bool]:
    if not clock:
        return MORNING, True
    from lowdose.regimen.language import Reader

    reader = Reader(clock, "clock")
    at, part = reader.time_of_day(reader.tree("time_of_day"))
    (step,), _ = join([Written(Decimal(1), at=at, part=part or "morning", length=DAY)])
    return step.clock, step.clock_assumed


def _row(number: int, record: Mapping[str, Any]) -> Row:
    """Check one record."""
    for name in record:
        if name not in COLUMNS and name not in _NOT_HELD:
            raise InvalidInput(
                f"column {name} is no part of a regimen",
                where=f"row {number}, {name}",
                remedy=f"leave it out; a regimen holds {', '.join(COLUMNS)}",
            )
    for name, meaning in _NOT_HELD.items():
        cell = _cell(record, name)
        if cell is not None and _number(number, name, cell):
            raise InvalidInput(
                f"{name} is {meaning}, which a regimen cannot hold",
                where=f"row {number}, {name}",
                remedy="leave the column out or set it to 0",
            )
    evid = _whole(number, record, "EVID", 1)
    if evid != 1:
        meaning = _EVENTS.get(evid, "unknown")
        raise InvalidInput(
            f"EVID {evid} is {meaning}; a regimen holds doses only (EVID 1)",
            where=f"row {number}, EVID",
            remedy="leave the row out",
        )
    start = _time(number, "TIME", _required(number, record, "TIME"))
    amount = exact_mg(_number(number, "AMT", _required(number, record, "AMT")))
    if not amount:
        raise InvalidInput(
            "the dose is zero", where=f"row {number}, AMT", remedy="write 1 microgram to 150 mg a day, in mg"
        )
    additional = _whole(number, record, "ADDL", 0)
    interval = _cell(record, "II")
    every = _time(number, "II", interval) if interval is not None and additional else timedelta()
    if additional < 0 or additional > LONGEST // HOUR:
        raise InvalidInput(
            f"ADDL is {additional}", where=f"row {number}, ADDL", remedy="write how many doses follow, 0 or more"
        )
    if additional and every <= timedelta():
        raise InvalidInput(
            "ADDL needs a time between doses", where=f"row {number}, II", remedy="write II in hours, e.g. 24"
        )
    return Row(number, start, amount, every, additional + 1, _route(number, _cell(record, "CMT")))


def _cell(record: Mapping[str, Any], name: str) -> str | None:
    """A cell as text; None where it is empty."""
    cell = record.get(name)
    text = "" if cell is None else str(cell).strip()
    return None if text in ("", ".") else text


def _required(number: int, record: Mapping[str, Any], name: str) -> str:
    cell = _cell(record, name)
    if cell is None:
        raise InvalidInput(f"no {name}", where=f"row {number}, {name}", remedy="write TIME in hours, AMT in mg")
    return cell


def _number(number: int, name: str, cell: str) -> Decimal:
    try:
        value = Decimal(cell)
    except ArithmeticError:
        value = Decimal("nan")
    if not value.is_finite() or abs(value.adjusted()) > 9 or len(value.as_tuple().digits) > 20:
        raise InvalidInput(f"{name} is not a number: {cell!r}", where=f"row {number}, {name}", remedy="write e.g. 24")
    return value


def _whole(number: int, record: Mapping[str, Any], name: str, default: int) -> int:
    cell = _cell(record, name)
    if cell is None:
        return default
    value = _number(number, name, cell)
    if value % 1:
        raise InvalidInput(f"{name} is not whole: {cell}", where=f"row {number}, {name}", remedy="write e.g. 1")
    return int(value)


def _time(number: int, name: str, cell: str) -> timedelta:
    """Hours, to the minute."""
    minutes = _number(number, name, cell) * 60
    whole = round(minutes)
    if abs(minutes - whole) > _TOLERANCE:
        what = f"{name} is not a whole number of minutes: {cell} h"
        raise InvalidInput(what, where=f"row {number}, {name}", remedy="round it")
    if not 0 <= whole <= LONGEST // MINUTE:
        raise InvalidInput(f"{name} is {cell} h", where=f"row {number}, {name}", remedy="write 0 h to ten years")
    return whole * MINUTE


def _route(number: int, cell: str | None) -> Form:
    """CMT: the name of a form or route; 1, the usual depot, is a capsule."""
    if cell is None or cell in ("1", "1.0"):
        return Form.CAPSULE
    try:
        return Form.read(cell)
    except InvalidInput as problem:
        what = f"CMT names no form: {cell!r}"
        raise InvalidInput(what, where=f"row {number}, CMT", remedy=problem.remedy) from None


def _hours(when: timedelta) -> str:
    return plain(Decimal(str(when / HOUR)))
