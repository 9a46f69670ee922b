"""A regimen on the calendar: the same doses with dates. Wall-clock time; no summer-time arithmetic."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from lowdose.regimen.clocks import DAY, HOUR, MINUTE
from lowdose.regimen.forms import Form
from lowdose.regimen.steps import next_clock

if TYPE_CHECKING:
    from lowdose.regimen.regimen import Regimen


@dataclass(frozen=True)
class DatedDose:
    """One dose at its date.

    Parameters
    ----------
    when : datetime
        Wall-clock time.
    amount_mg : float
        mg of naltrexone hydrochloride as labelled.
    form : Form
        In what form.
    """

    when: datetime
    amount_mg: float
    form: Form


@dataclass(frozen=True)
class DatedRegimen:
    """A regimen and the date and time of its first scheduled dose.

    Parameters
    ----------
    regimen : Regimen
        What is taken; its clock times are those of the dates.
    first_dose : datetime
        When the first scheduled dose falls.

    Examples
    --------
    >>> from lowdose.regimen import Regimen
    >>> dated = Regimen.parse("4.5 mg nightly at 22:00 for 12 weeks").starting(datetime(2026, 3, 2, 9, 30))
    >>> dated.first_dose.isoformat(), dated.ends.isoformat()
    ('2026-03-02T22:00:00', '2026-05-25T22:00:00')
    """

    regimen: Regimen
    first_dose: datetime

    @property
    def ends(self) -> datetime:
        """End of the last step."""
        return self.when(self.regimen.duration_hours)

    @property
    def doses(self) -> tuple[DatedDose, ...]:
        """The doses taken, with their dates.

        Examples
        --------
        >>> from lowdose.regimen import Regimen
        >>> Regimen.parse("50 mg once").starting(datetime(2026, 3, 2, 9, 30)).doses[0].when.isoformat()
        '2026-03-02T09:30:00'
        """
        return tuple(DatedDose(self.when(dose.hours), dose.amount_mg, dose.form) for dose in self.regimen.doses)

    def when(self, hours: float) -> datetime:
        """Date and time of an hour after the first scheduled dose.

        Examples
        --------
        >>> from lowdose.regimen import Regimen
        >>> Regimen.parse("50 mg once at 08:00").starting(datetime(2026, 3, 2)).when(36.0).isoformat()
        '2026-03-03T20:00:00'
        """
        return self.first_dose + timedelta(hours=hours)

    def hours(self, when: datetime) -> float:
        """Hours from the first scheduled dose to ``when``.

        Examples
        --------
        >>> from lowdose.regimen import Regimen
        >>> dated = Regimen.parse("50 mg once at 08:00").starting(datetime(2026, 3, 2))
        >>> dated.hours(datetime(2026, 3, 3))
        16.0
        """
        return (when - self.first_dose) / HOUR


def starting(regimen: Regimen, when: datetime) -> DatedRegimen:
    """Put a regimen on the calendar.

    Parameters
    ----------
    regimen : Regimen
        What is taken.
    when : datetime
        The earliest moment. With a stated clock time the first dose falls at that time, on this day or the
        next; with an assumed one it falls now (to the minute), and so do those that follow it.

    Raises
    ------
    InvalidInput
        At the new time of day the doses of one calendar day exceed 150 mg, or all fall on missing days.

    Examples
    --------
    >>> from lowdose.regimen import Regimen
    >>> print(starting(Regimen.parse("4.5 mg nightly for 2 weeks"), datetime(2026, 3, 2, 21, 15)).regimen)
    4.5 mg nightly at 21:15 for 2 weeks
    """
    first = regimen.steps[0]
    if not first.clock_assumed:
        dose = datetime.combine(when.date(), first.clock, tzinfo=when.tzinfo)
        return DatedRegimen(regimen, dose if dose >= when else dose + DAY)
    dose = when.replace(second=0, microsecond=0)
    if dose < when:
        dose += MINUTE
    steps = [replace(first, clock=dose.time(), clock_assumed=False)]
    following = True
    for before, step in zip(regimen.steps, regimen.steps[1:], strict=False):
        following = following and step.clock_assumed and step.clock == next_clock(before)
        clock = next_clock(steps[-1]) if following else step.clock
        steps.append(replace(step, clock=clock, clock_assumed=False))
    return DatedRegimen(replace(regimen, steps=tuple(steps)), dose)
