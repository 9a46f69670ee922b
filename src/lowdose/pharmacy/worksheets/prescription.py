"""A prescription draft, from the same numbers as worksheet and labels. It is never signed here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from lowdose.errors import InvalidInput
from lowdose.pharmacy.amounts.exact import counted, plain
from lowdose.pharmacy.amounts.line import Line
from lowdose.pharmacy.supply.dispensing import Dispensed, Item
from lowdose.pharmacy.worksheets.direction import Direction
from lowdose.pharmacy.worksheets.label import DRUG, check_style, syringe_words
from lowdose.spoken import day_only

UNSIGNED = "UNSIGNED DRAFT: a prescription only once the prescriber has checked, completed and signed it."
RELEASE = {"capsules": "immediate-release "}
"""What a prescriber says besides: other capsules would release slowly."""
OFF_LABEL = "Off-label use of a compounded preparation. Strengths and doses are of the hydrochloride."


@dataclass(frozen=True)
class PrescriptionDraft:
    """What is to be prescribed for a whole titration; to be checked, completed and signed by the prescriber.

    Attributes
    ----------
    patient : str
        The pseudonym of the plan; the name is written in by hand.
    items : tuple of Item
        What is to be supplied in all.
    fills : tuple of str
        When it is made and handed over where one batch would outlast its date.
    directions : tuple of Direction
        Every step.
    days : int
        Days' supply.
    approved_by : str
        Who approved the plan and when, in words.
    plan_sha256 : str
        Of the approved plan.
    syringe : str
        What a liquid is measured with, supplied with it.
    """

    patient: str
    form: str
    items: tuple[Item, ...]
    fills: tuple[str, ...]
    directions: tuple[Direction, ...]
    days: int
    start: date
    made_on: date
    lines: tuple[Line, ...]
    approved_by: str
    plan_sha256: str
    syringe: str = ""

    def __post_init__(self) -> None:
        if not self.approved_by:
            raise InvalidInput(
                "a prescription is drafted only from an approved plan",
                remedy='lowdose plan approve PLAN.json --by "NAME, ROLE, REGISTRATION"',
            )
        check_style(self.text)

    @property
    def supply(self) -> tuple[str, ...]:
        """What is to be supplied, one line a strength, and what a liquid is measured with."""
        return (
            *(f"{DRUG} {plain(one.strength)} {one.strength_unit} {self.form}: {counted(one.amount, one.unit)}"
              for one in self.items),
            *((f"{self.syringe[0].upper()}{self.syringe[1:]}: 1",) if self.syringe else ()),
        )  # fmt: skip

    @property
    def text(self) -> tuple[str, ...]:
        """The whole draft as lines of plain text."""
        return (
            UNSIGNED,
            f"Patient: {self.patient}",
            *(f"Supply: {one}" for one in self.supply),
            *self.fills,
            *map(str, self.directions),
            f"Days' supply: {self.days}, from {day_only(self.start)}",
            OFF_LABEL,
            f"Plan {self.approved_by}",
            "Prescriber, date and signature: ______________________",
        )


def directions(dispensed: Dispensed, times: Sequence[str], *, whens: Sequence[str] = ()) -> tuple[Direction, ...]:
    """How each step is taken.

    Parameters
    ----------
    dispensed : Dispensed
        From `dispense`.
    times : sequence of str
        Time of day of each step, in words such as "at bedtime".
    whens : sequence of str
        Dates of each step, in words; days of the plan where they are not given.

    Raises
    ------
    InvalidInput
        If there are not as many times or dates as steps.

    Examples
    --------
    >>> from decimal import Decimal
    >>> from lowdose.pharmacy.supply.dispensing import DoseStep, dispense
    >>> found = dispense([DoseStep(Decimal(3), 14)], form="capsules", strengths=[Decimal("1.5")])
    >>> print(*directions(found, ["at bedtime"]))
    Take 3 mg (2 capsules of 1.5 mg) by mouth at bedtime, days 1 to 14.
    """
    whens = whens or _days(dispensed)
    if not len(times) == len(whens) == len(dispensed.doses):
        raise InvalidInput(f"{len(dispensed.doses)} steps have {len(times)} times of day and {len(whens)} dates")
    return tuple(
        Direction(dose.step.dose_mg, dose.items, dose.step.per_day, time, "by mouth", when)
        for dose, time, when in zip(dispensed.doses, times, whens, strict=True)
    )


def prescription_draft(
    dispensed: Dispensed,
    taken: Sequence[Direction],
    *,
    patient: str,
    start: date,
    made_on: date,
    approved_by: str,
    plan_sha256: str,
    form: str,
) -> PrescriptionDraft:
    """Draft the prescription of a whole titration; ``form`` is what the pharmacy calls it, as `Batch.form_words`.

    Raises
    ------
    InvalidInput
        If nobody approved the plan.

    Examples
    --------
    >>> from decimal import Decimal
    >>> from lowdose.pharmacy.supply.dispensing import DoseStep, dispense
    >>> found = dispense([DoseStep(Decimal(3), 14)], form="capsules", strengths=[Decimal("1.5")])
    >>> day = date(2026, 12, 1)
    >>> prescription_draft(found, directions(found, ["at bedtime"]), patient="P-17", start=day, made_on=day,
    ...                    approved_by="", plan_sha256="", form="capsules")
    Traceback (most recent call last):
    lowdose.errors.InvalidInput: a prescription is drafted only from an approved plan
    ...
    """
    fills = tuple(
        f"Fill {one.number}, {one.when} of the plan: {' and '.join(map(str, one.items))}, made fresh"
        for one in dispensed.fills
    )
    return PrescriptionDraft(
        patient=patient, form=RELEASE.get(form, "") + form, items=dispensed.items,
        fills=fills if len(dispensed.fills) > 1 else (), directions=tuple(taken), days=dispensed.use_days, start=start,
        made_on=made_on, lines=dispensed.lines, approved_by=approved_by, plan_sha256=plan_sha256,
        syringe=syringe_words(dispensed),
    )  # fmt: skip


def _days(dispensed: Dispensed) -> list[str]:
    said, first = [], 1
    for step in dispensed.steps:
        said.append(f"days {first} to {first + step.days - 1}")
        first += step.days
    return said
