"""The text of a label, with every number written so that it cannot be read ten-fold.

A label that tells a patient how much to take exists only with the approval of a named professional.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from lowdose.errors import InvalidInput, SafetyStop
from lowdose.pharmacy.amounts.exact import counted, plain, trimmed
from lowdose.pharmacy.amounts.quantities import unsafe_formats
from lowdose.pharmacy.materials.formulas import Storage
from lowdose.pharmacy.supply.dispensing import NOT_SWALLOWED, Dispensed, Item
from lowdose.pharmacy.worksheets.direction import Direction
from lowdose.spoken import day_only

DRUG = "naltrexone hydrochloride"
KIND = "Compounded preparation"
STORED: dict[Storage, str] = {
    "room": "Store at room temperature, at most 25 °C.",
    "refrigerator": "Store in a refrigerator, 2 to 8 °C. Do not freeze.",
}
SHAKE = "Shake well before use."
DARK = "Protect from light. Keep in this container."
CHILDREN = "Keep out of the reach of children."
BLANK = "____________"
"""Where something is filled in by hand."""
STOCK = "Stock for compounding. Not for a patient."


@dataclass(frozen=True)
class Label:
    """What stands on one container.

    Parameters
    ----------
    items : tuple of Item
        What is in it: so much of a strength.
    form : str
        "capsules", "oral suspension" and so on, as `Batch.form_words` has it.
    lot : str
        The batch's own lot number.
    beyond_use : date
        Not to be used after it.
    storage : {"room", "refrigerator"}
        Where it is kept.
    pharmacy, prescriber, patient : str
        The patient by pseudonym: the name is written in by hand, and whatever else is not known.
    directions : tuple of Direction
        Doses; only with `approved_by`.
    approved_by : str
        Who approved the doses and when, in words.
    stop_hours : float, optional
        The stop before an operation, as the plan has it; the hours of rule OPI-018 by default.
    syringe : str
        What a liquid is measured with, from `syringe_words`.

    Raises
    ------
    SafetyStop
        If doses are not approved, or a number is written in a way that has been misread (rule DOS-010).

    Examples
    --------
    >>> from decimal import Decimal
    >>> bottle = Item(Decimal(1), "mg/mL", Decimal(120), "mL")
    >>> label = Label((bottle,), "oral solution", "LDN-7", date(2027, 1, 5), "refrigerator")
    >>> for line in label.lines[:4]:
    ...     print(line)
    naltrexone hydrochloride 1 mg/mL oral solution
    Strength: 1 mg in each mL (1 mg/mL); 120 mg in 120 mL
    Quantity: 120 mL
    Compounded preparation
    """

    items: tuple[Item, ...]
    form: str
    lot: str
    beyond_use: date
    storage: Storage
    pharmacy: str = ""
    prescriber: str = ""
    patient: str = ""
    directions: tuple[Direction, ...] = ()
    approved_by: str = ""
    stop_hours: float | None = None
    syringe: str = ""

    def __post_init__(self) -> None:
        if not self.items:
            raise InvalidInput("a label needs what is in the container")
        if self.directions and not self.approved_by:
            raise SafetyStop(
                "a label with doses is written only from a plan that a named professional approved",
                remedy='lowdose plan approve PLAN.json --by "NAME, ROLE, REGISTRATION"',
            )
        check_style(self.lines)

    @property
    def is_liquid(self) -> bool:
        """Whether it is measured in millilitres."""
        return any(one.unit == "mL" for one in self.items)

    @property
    def is_stock(self) -> bool:
        """Whether it is an ingredient of other products, and nothing to be taken."""
        return any(one.strength_unit == "mg/g" for one in self.items)

    @property
    def title(self) -> str:
        """The medicine with its strength: two bottles of one medicine differ in it."""
        strengths = " and ".join(f"{plain(one.strength)} {one.strength_unit}" for one in self.items)
        return f"{DRUG} {strengths} {self.form}"

    @property
    def told(self) -> tuple[str, ...]:
        """The doses as they stand on this container."""
        return tuple(one.on([item.strength for item in self.items]) for one in self.directions)

    @property
    def people(self) -> tuple[tuple[str, str], ...]:
        """Patient, prescriber and pharmacy, with what is known of each; nobody on a stock."""
        if self.is_stock:
            return ()
        return ("Patient", self.patient), ("Prescriber", self.prescriber), ("Pharmacy", self.pharmacy)

    @property
    def strength(self) -> str:
        """Milligrams of the hydrochloride in a capsule; for a liquid in one millilitre and in the whole."""
        return "; ".join(map(_strength, self.items))

    @property
    def quantity(self) -> str:
        """How much is in the container."""
        return " and ".join(str(one) if len(self.items) > 1 else counted(one.amount, one.unit) for one in self.items)

    @property
    def use(self) -> str:
        """Where it is used, of a form that is not swallowed; empty for the others, whose doses say so."""
        where = next((words for form, words in NOT_SWALLOWED.items() if self.form.endswith(form)), "")
        return f"For use {where}." if where else ""

    @property
    def warnings(self) -> tuple[str, ...]:
        """What must stand on every container."""
        if self.is_stock:
            return (STOCK, DARK)
        return (
            "Do not take with opioids (strong painkillers, some cough and diarrhoea medicines).",
            f"Stop at least {stop_words(self.stop_hours)} before surgery, and tell the surgical team.",
            *((SHAKE,) if self.is_liquid and self.form != "cream" else ()),
            DARK,
            CHILDREN,
        )

    @property
    def lines(self) -> tuple[str, ...]:
        """The whole text in the order of print."""
        before, after = self.warnings[:2], self.warnings[2:]
        return (
            self.title,
            f"Strength: {self.strength}",
            f"Quantity: {self.quantity}",
            KIND,
            *((self.use,) if self.use else ()),
            *self.told,
            *((f"Measure with an {self.syringe}.",) if self.syringe else ()),
            *before,
            f"Lot: {self.lot}",
            f"Do not use after: {day_only(self.beyond_use)}",
            STORED[self.storage],
            *after,
            *(f"{what}: {_by_hand(what, who)}" for what, who in self.people),
            *((f"Doses {self.approved_by}",) if self.directions else ()),
        )  # fmt: skip

    @property
    def facts(self) -> dict[str, object]:
        """What rule DOS-010 asks about the text; where no unit is unsafe, the unit it does use."""
        found = unsafe_formats("\n".join(self.lines))
        return {
            **found.facts,
            **({} if found.abbreviations else {"label.unit_abbrev": "mL" if self.is_liquid else "mg"}),
        }


def stop_words(hours: float | None = None) -> str:
    """The stop before an operation as a patient reads it: in days where they are whole, else in hours.

    Parameters
    ----------
    hours : float, optional
        Those of the plan; the hours of rule OPI-018 by default.

    Examples
    --------
    >>> stop_words(), stop_words(96), stop_words(24), stop_words(60)
    ('3 days', '4 days', '1 day', '60 hours')
    """
    if hours is None:
        from lowdose.safety import rule

        hours = float(rule("OPI-018").params["hold_hours"].value)
    days, rest = divmod(hours, 24)
    return f"{hours:g} hours" if rest else f"{days:g} day{'s' if days > 1 else ''}"


def check_style(lines: Sequence[str]) -> None:
    """Refuse a text with a number that can be read ten-fold, or a unit that has been misread.

    Raises
    ------
    SafetyStop
        With what was found.

    Examples
    --------
    >>> check_style(["Take 1.0 mg"])
    Traceback (most recent call last):
    lowdose.errors.SafetyStop: written in a way that has been misread: '1.0 mg' (rule DOS-010)
      remedy: write 1 mg and not 1.0 mg, 0.5 mg and not .5 mg, micrograms in full, and mL
    """
    found = unsafe_formats("\n".join(lines))
    if found:
        bad = (*found.trailing_zeros, *found.naked_decimals, *found.abbreviations)
        raise SafetyStop(
            f"written in a way that has been misread: {', '.join(map(repr, bad))} (rule DOS-010)",
            remedy="write 1 mg and not 1.0 mg, 0.5 mg and not .5 mg, micrograms in full, and mL",
        )


def syringe_words(dispensed: Dispensed | None) -> str:
    """Which oral syringe is handed over with a liquid: its marks, and what it must hold; empty for other forms.

    Examples
    --------
    >>> from decimal import Decimal
    >>> from lowdose.pharmacy.supply.dispensing import DoseStep, dispense
    >>> steps = [DoseStep(Decimal(1), 14), DoseStep(Decimal("4.5"), 14)]
    >>> syringe_words(dispense(steps, form="solution", graduation_ml=Decimal("0.1"), strengths=[Decimal(1)]))
    'oral syringe marked every 0.1 mL that holds at least 4.5 mL'
    """
    if dispensed is None or dispensed.graduation_ml is None:
        return ""
    most = max(item.amount for dose in dispensed.doses for item in dose.items)
    return f"oral syringe marked every {plain(dispensed.graduation_ml)} mL that holds at least {plain(most)} mL"


def _by_hand(what: str, who: str) -> str:
    """The patient's name is never known here: it is written in before the pseudonym."""
    if what == "Patient" and who:
        return f"{BLANK} ({who})"
    return who or BLANK


def _strength(item: Item) -> str:
    if item.unit == "mL":
        each = plain(item.strength)
        return f"{each} mg in each mL ({each} mg/mL); {plain(trimmed(item.mg))} mg in {plain(item.amount)} mL"
    if item.unit == "mg":
        return f"{plain(item.strength)} mg in each gram ({plain(item.strength)} mg/g)"
    return f"{plain(item.strength)} mg in each capsule"
