"""The regimen: when and how much, as an immutable value."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lowdose.errors import InvalidInput
from lowdose.regimen import canonical
from lowdose.regimen.checks import check, low_dose_warnings
from lowdose.regimen.clocks import DAY, HOUR, MIDNIGHT
from lowdose.regimen.forms import Form
from lowdose.regimen.steps import Step, dose_times, settled, starts

if TYPE_CHECKING:
    from lowdose.regimen.dated import DatedRegimen


@dataclass(frozen=True)
class ScheduledDose:
    """One dose.

    Parameters
    ----------
    hours : float
        Hours after the first scheduled dose.
    amount_mg : float
        mg of naltrexone hydrochloride as labelled.
    form : Form
        In what form it is taken.
    """

    hours: float
    amount_mg: float
    form: Form


@dataclass(frozen=True)
class Regimen:
    """Steps that follow each other, and the days on which nothing was taken. Immutable; equal if they mean the same.

    Parameters
    ----------
    steps : tuple of Step
        In order.
    missing_days : tuple of int
        Days not taken; day 1 is the calendar day of the first scheduled dose.
    notes : tuple of str
        How what was written was understood; no part of what the regimen is.

    Raises
    ------
    InvalidInput
        Outside 1 microgram to 150 mg a day, negative, no length, longer than ten years, a day to miss that
        is not there.

    Examples
    --------
    >>> regimen = Regimen.parse("1.5 mg nightly for 2 weeks, then 3 mg for 2 weeks, then 4.5 mg for 8 weeks")
    >>> print(regimen)
    1.5 mg nightly for 2 weeks, then 3 mg for 2 weeks, then 4.5 mg for 8 weeks
    >>> len(regimen.doses), regimen.doses[14]
    (84, ScheduledDose(hours=336.0, amount_mg=3.0, form=<Form.CAPSULE: 'capsule'>))
    >>> regimen.notes
    ('no clock time given: 22:00 assumed',)
    """

    steps: tuple[Step, ...]
    missing_days: tuple[int, ...] = ()
    notes: tuple[str, ...] = field(default=(), compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "steps", tuple(self.steps))
        object.__setattr__(self, "missing_days", tuple(sorted(set(self.missing_days))))
        check(self.steps, self.missing_days)
        object.__setattr__(self, "steps", settled(self.steps))

    def __str__(self) -> str:
        return self.canonical

    @classmethod
    def parse(cls, text: str) -> Regimen:
        """Read the regimen language (``docs/reference/regimen.md``).

        Raises
        ------
        InvalidInput
            Not understood or not allowed; shows the text with a caret and what would be valid there.

        Examples
        --------
        >>> Regimen.parse("4,5 mg at bedtime for 12 weeks").canonical
        '4.5 mg nightly for 12 weeks'
        """
        from lowdose.regimen import language

        return language.parse(text)

    @classmethod
    def none(cls, duration: str | float) -> Regimen:
        """No dose at all: the baseline. The language cannot say this, so that nobody writes it by accident.

        Parameters
        ----------
        duration : str or float
            ``"12 weeks"``, or hours.

        Raises
        ------
        InvalidInput
            Not a length of time, or zero.

        Examples
        --------
        >>> Regimen.none("12 weeks").duration_hours, Regimen.none(48.0).doses
        (2016.0, ())
        """
        if isinstance(duration, str):
            from lowdose.regimen import language

            span, notes = language.read_length(duration)
        else:
            from lowdose.regimen.clocks import length

            span, notes = length(Decimal(str(duration)), HOUR), []
        return cls((Step(Decimal(0), None, MIDNIGHT, span, clock_assumed=True),), notes=tuple(notes))

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Regimen:
        """Read the YAML/JSON form, schema ``lowdose.regimen/1``.

        Raises
        ------
        InvalidInput
            An unknown or missing field, overlapping steps, or anything the language would refuse.

        Examples
        --------
        >>> step = {"amount": "4.5 mg", "how_often": "nightly", "for": "12 weeks"}
        >>> Regimen.from_dict({"schema": "lowdose.regimen/1", "steps": [step]}).canonical
        '4.5 mg nightly for 12 weeks'
        """
        from lowdose.regimen import tables

        return tables.from_dict(data)

    @classmethod
    def from_rows(cls, rows: Iterable[Mapping[str, Any]], clock: str = "") -> Regimen:
        """Read NONMEM-style rows: TIME (h), AMT (mg), and optionally II, ADDL, EVID, CMT, ID.

        Parameters
        ----------
        rows : iterable of mapping
            One dosing record each; column names in any case.
        clock : str
            Clock time of the first dose, e.g. ``"22:00"``; 08:00 is assumed without it.

        Raises
        ------
        InvalidInput
            Something a regimen cannot hold (RATE, SS, resets, several people), or overlapping rows.

        Examples
        --------
        >>> Regimen.from_rows([{"TIME": 0, "AMT": 4.5, "II": 24, "ADDL": 83}], clock="22:00").canonical
        '4.5 mg nightly at 22:00 for 12 weeks'
        """
        from lowdose.regimen import nonmem

        return nonmem.from_rows(rows, clock)

    @classmethod
    def load(cls, path: Path | str) -> Regimen:
        """Read a regimen from a ``.yaml``, ``.yml``, ``.json`` or ``.csv`` (NONMEM rows) file.

        Raises
        ------
        InvalidInput
            Not readable, or not a regimen.

        Examples
        --------
        >>> import json, tempfile
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     file = Path(folder) / "mine.json"
        ...     _ = file.write_text(json.dumps(Regimen.parse("50 mg once").to_dict()))
        ...     print(Regimen.load(file))
        50 mg once
        """
        from lowdose.regimen import tables

        return tables.load(Path(path))

    def to_dict(self) -> dict[str, Any]:
        """The YAML/JSON form; ``from_dict`` reads it back as the same regimen.

        Examples
        --------
        >>> Regimen.parse("50 mg once").to_dict()
        {'schema': 'lowdose.regimen/1', 'steps': [{'amount': '50 mg', 'how_often': 'once'}]}
        """
        data: dict[str, Any] = {"schema": "lowdose.regimen/1", "steps": canonical.phrases(self.steps)}
        if self.missing_days:
            data["missing_days"] = canonical.day_ranges(self.missing_days)
        return data

    def to_rows(self) -> list[dict[str, Any]]:
        """NONMEM-style rows of the doses taken, repeated doses folded into II and ADDL.

        Examples
        --------
        >>> Regimen.parse("4.5 mg nightly for 12 weeks").to_rows()
        [{'ID': 1, 'TIME': 0.0, 'AMT': 4.5, 'II': 24.0, 'ADDL': 83, 'EVID': 1, 'CMT': 'capsule'}]
        """
        from lowdose.regimen import nonmem

        return nonmem.to_rows(self)

    def starting(self, when: datetime) -> DatedRegimen:
        """Put the regimen on the calendar.

        Parameters
        ----------
        when : datetime
            The first dose falls at the first stated clock time at or after this; at this very minute where
            no clock time was stated.

        Examples
        --------
        >>> Regimen.parse("3 mg daily at 08:00").starting(datetime(2026, 3, 2, 9)).first_dose.isoformat()
        '2026-03-03T08:00:00'
        """
        from lowdose.regimen.dated import starting

        return starting(self, when)

    @cached_property
    def canonical(self) -> str:
        """The one text for this regimen; ``parse`` reads it back as the same."""
        return canonical.text(self.steps, self.missing_days)

    @cached_property
    def warnings(self) -> tuple[str, ...]:
        """What a reader must see before anything else: doses of 10 mg a day or more.

        Examples
        --------
        >>> Regimen.parse("45 mg nightly").warnings
        ('45 mg in a day is not a low dose: possible ten-fold error; did you mean 4.5 mg?',)
        """
        return low_dose_warnings(self.steps)

    @property
    def form(self) -> Form:
        """The form of every dose.

        Raises
        ------
        InvalidInput
            The steps differ; each dose has its own ``form``.
        """
        if len(self.forms) > 1:
            names = ", ".join(form.value for form in self.forms)
            raise InvalidInput(f"the regimen has several forms: {names}", remedy="ask each dose for its form")
        return self.forms[0]

    @cached_property
    def forms(self) -> tuple[Form, ...]:
        """The forms taken, each once, in order.

        Examples
        --------
        >>> Regimen.parse("3 mg daily for 1 week as capsule, then 3 mg for 1 week as cream").forms
        (<Form.CAPSULE: 'capsule'>, <Form.CREAM: 'cream'>)
        """
        doses = [step for step in self.steps if not step.is_pause] or self.steps
        return tuple(dict.fromkeys(step.form for step in doses))

    @property
    def clock_start(self) -> float:
        """Clock time of the first scheduled dose, decimal hours.

        Examples
        --------
        >>> Regimen.parse("4.5 mg nightly at 22:30").clock_start
        22.5
        """
        return self.steps[0].clock.hour + self.steps[0].clock.minute / 60

    @property
    def clock_assumed(self) -> bool:
        """Whether the clock time of the first dose was not stated."""
        return self.steps[0].clock_assumed

    @cached_property
    def duration_hours(self) -> float:
        """Hours from the first scheduled dose to the end of the last step.

        Examples
        --------
        >>> Regimen.parse("4.5 mg nightly for 12 weeks").duration_hours
        2016.0
        """
        begun = starts(self.steps)
        return (begun[-1] - begun[0] + self.steps[-1].duration) / HOUR

    @property
    def doses(self) -> tuple[ScheduledDose, ...]:
        """The doses taken, in order.

        Examples
        --------
        >>> [dose.hours for dose in Regimen.parse("3 mg daily for 4 days missing days 2-3").doses]
        [0.0, 72.0]
        """
        return self._taken_and_missed[0]

    @property
    def missed(self) -> tuple[ScheduledDose, ...]:
        """The doses that were scheduled on a missing day.

        Examples
        --------
        >>> [dose.hours for dose in Regimen.parse("3 mg daily for 4 days missing days 2-3").missed]
        [24.0, 48.0]
        """
        return self._taken_and_missed[1]

    @cached_property
    def _taken_and_missed(self) -> tuple[tuple[ScheduledDose, ...], tuple[ScheduledDose, ...]]:
        taken: list[ScheduledDose] = []
        missed: list[ScheduledDose] = []
        first = timedelta(hours=self.steps[0].clock.hour, minutes=self.steps[0].clock.minute)
        absent = frozenset(self.missing_days)
        amounts = [float(step.amount_mg) for step in self.steps]
        for when, index in dose_times(self.steps):
            dose = ScheduledDose((when - first) / HOUR, amounts[index], self.steps[index].form)
            (missed if when // DAY + 1 in absent else taken).append(dose)
        return tuple(taken), tuple(missed)
