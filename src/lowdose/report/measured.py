"""What scans have measured, and whether a run lies within it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from itertools import pairwise
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field

from lowdose.report.words import joined, number
from lowdose.results import Result

_HIGHEST_LOW_DOSE_MG = 10.0


class Scan(BaseModel):
    """One study and dose: which receptor, how many hours after the last dose, how much was blocked."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    receptor: str
    dose_mg: float
    repeated: bool
    hours: tuple[float, float]
    people: int | None
    blocked: tuple[float, float]
    source: str
    url: str = ""
    note: str = ""

    @property
    def words(self) -> str:
        """The scan in one phrase.

        Examples
        --------
        >>> scans()[1].words
        'single dose of 5 mg, 0 to 8 h after it: 43 to 58 % of µ receptors (Rabiner 2011, 3 people)'
        """
        dose = f"{number(self.dose_mg)} mg daily" if self.repeated else f"single dose of {number(self.dose_mg)} mg"
        low, high = self.hours
        when = f"{low:g} h" if low == high else f"{low:g} to {high:g} h"
        less, more = (f"{100 * share:.0f}" for share in self.blocked)
        share = less if less == more else f"{less} to {more}"
        crowd = "" if self.people is None else f", {self.people} {'person' if self.people == 1 else 'people'}"
        return f"{dose}, {when} after it: {share} % of {self.receptor} receptors ({self.source}{crowd})"


class _Measured(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)
    schema_: Literal["lowdose.measured/1"] = Field(alias="schema")
    scans: tuple[Scan, ...]


@cache
def scans() -> tuple[Scan, ...]:
    """Every scan on record.

    Examples
    --------
    >>> min(scan.dose_mg for scan in scans() if scan.repeated)
    50.0
    """
    text = files(__package__).joinpath("measured.yaml").read_text(encoding="utf-8")
    return _Measured.model_validate(yaml.safe_load(text)).scans


def scans_of(result: Result) -> tuple[Scan, ...]:
    """Scans of µ receptors at exactly this dose, taken this way (once or repeatedly).

    Examples
    --------
    >>> from lowdose import simulate
    >>> [scan.source for scan in scans_of(simulate("5 mg once"))]
    ['Rabiner 2011']
    """
    amounts = {dose.amount_mg for dose in result.regimen.doses}
    repeated = len(result.regimen.doses) > 1
    return tuple(
        scan for scan in scans() if scan.receptor == "µ" and {scan.dose_mg} == amounts and scan.repeated == repeated
    )


def measured_or_not(result: Result) -> str:
    """Whether anybody has been scanned on this regimen, in a sentence or two.

    Examples
    --------
    >>> from lowdose import simulate
    >>> print(measured_or_not(simulate("4.5 mg nightly for 3 days")))
    Predicted, not measured: no one has scanned people on nightly low doses.
    """
    if not result.regimen.doses:
        return ""
    found = scans_of(result)
    if found:
        return f"Scans at this dose: {'; '.join(scan.words for scan in found)}. All other hours are predicted."
    return f"Predicted, not measured: no one has scanned people on {_regimen_words(result)}."


def nearest_scans(result: Result) -> tuple[Scan, ...]:
    """The scans of µ receptors closest in dose: of each way of dosing the nearest above and below.

    Examples
    --------
    >>> from lowdose import simulate
    >>> [scan.dose_mg for scan in nearest_scans(simulate("4.5 mg nightly for 3 days"))]
    [2.0, 5.0, 50.0]
    """
    if not result.regimen.doses:
        return ()
    amount = max(dose.amount_mg for dose in result.regimen.doses)
    chosen: dict[Scan, None] = {}
    for repeated in (False, True):
        known = [scan for scan in scans() if scan.receptor == "µ" and scan.repeated == repeated]
        below = max((scan.dose_mg for scan in known if scan.dose_mg <= amount), default=None)
        above = min((scan.dose_mg for scan in known if scan.dose_mg >= amount), default=None)
        chosen |= dict.fromkeys(scan for scan in known if scan.dose_mg in (below, above))
    return tuple(chosen)


def _regimen_words(result: Result) -> str:
    doses = result.regimen.doses
    amounts = sorted({dose.amount_mg for dose in doses})
    low = amounts[-1] < _HIGHEST_LOW_DOSE_MG
    size = "low doses" if low else f"doses of {joined([f'{number(amount)} mg' for amount in amounts])}"
    if len(doses) == 1:
        return f"a single dose of {number(amounts[0])} mg"
    return f"{_how_often([dose.hours for dose in doses], result.clock_start)} {size}"


def _how_often(hours: Sequence[float], clock_start: float) -> str:
    steps = {round(after - before, 6) for before, after in pairwise(hours)}
    if steps != {24.0}:
        return "repeated"
    return "nightly" if clock_start >= 18 or clock_start < 4 else "daily"
