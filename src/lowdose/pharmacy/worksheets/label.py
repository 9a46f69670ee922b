"""The text of a label, with every number written so that it cannot be read ten-fold.

A label that tells a patient how much to take exists only with the approval of a named professional.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from lowdose.errors import InvalidInput, SafetyStop
from lowdose.pharmacy.amounts.exact import exactly, plain, trimmed
from lowdose.pharmacy.amounts.quantities import unsafe_formats
from lowdose.pharmacy.materials.formulas import Storage
from lowdose.pharmacy.supply.dispensing import Item

DRUG = "naltrexone hydrochloride"
KIND = "Compounded preparation"
STORED: dict[Storage, str] = {
    "room": "Store at room temperature, at most 25 °C.",
    "refrigerator": "Store in a refrigerator, 2 to 8 °C. Do not freeze.",
}
SHAKE = "Shake well before use."
DARK = "Protect from light. Keep in this container."
CHILDREN = "Keep out of the reach of children."
STOCK = "Stock for compounding. Not for a patient."
_EQUAL_WITHIN_MG = Decimal("1e-9")


@dataclass(frozen=True)
class Direction:
    """One dose as the patient reads it: milligrams, and millilitres or capsules that hold exactly so much.

    Raises
    ------
    SafetyStop
        If dose, amount and strength disagree by more than a millionth of a microgram.

    Examples
    --------
    >>> half = Item(Decimal(1), "mg/mL", Decimal("0.5"), "mL")
    >>> print(Direction(Decimal("0.5"), (half,), 1, "at bedtime", "by mouth", "days 1 to 14"))
    Take 0.5 mg (0.5 mL) by mouth at bedtime, days 1 to 14.
    >>> Direction(Decimal(5), (half,), 1, "at bedtime", "by mouth")
    Traceback (most recent call last):
    lowdose.errors.SafetyStop: 5 mg is not what 0.5 mL of 1 mg/mL holds, which is 0.5 mg (rule DOS-008)
      remedy: no label is written; check dose, volume and strength
    """

    dose_mg: Decimal
    items: tuple[Item, ...]
    per_day: int
    time: str
    route: str
    when: str = ""

    @exactly
    def __post_init__(self) -> None:
        holds = sum((one.mg for one in self.items), Decimal(0))
        if abs(holds - self.dose_mg) > _EQUAL_WITHIN_MG:
            amount = " and ".join(map(str, self.items))
            raise SafetyStop(
                f"{plain(self.dose_mg)} mg is not what {amount} holds, which is {plain(holds)} mg (rule DOS-008)",
                remedy="no label is written; check dose, volume and strength",
            )

    @property
    def amount(self) -> str:
        """Millilitres, or capsules with their strength where there are several strengths."""
        if all(one.unit == "mL" for one in self.items):
            return " and ".join(
                f"{plain(one.amount)} mL" + (f" of {plain(one.strength)} mg/mL" if len(self.items) > 1 else "")
                for one in self.items
            )
        return " and ".join(map(str, self.items))

    def __str__(self) -> str:
        often = "" if self.per_day == 1 else f" {self.per_day} times a day"
        when = f", {self.when}" if self.when else ""
        return f"Take {plain(self.dose_mg)} mg ({self.amount}) {self.route}{often} {self.time}{when}."


@dataclass(frozen=True)
class Label:
    """What stands on one container.

    Parameters
    ----------
    items : tuple of Item
        What is in it: so much of a strength.
    form : str
        "capsules", "oral solution" and so on.
    lot : str
        The batch's own lot number.
    beyond_use : date
        Not to be used after it.
    storage : {"room", "refrigerator"}
        Where it is kept.
    pharmacy, prescriber, patient : str
        A patient is a name or pseudonym; what is not known stays empty, to be filled in by hand.
    directions : tuple of Direction
        Doses; only with `approved_by`.
    approved_by : str
        Who approved the doses and when, in words.
    stop_hours : float, optional
        The stop before an operation, as the plan has it; the hours of rule OPI-018 by default.

    Raises
    ------
    SafetyStop
        If doses are not approved, or a number is written in a way that has been misread (rule DOS-010).

    Examples
    --------
    >>> bottle = Item(Decimal(1), "mg/mL", Decimal(120), "mL")
    >>> label = Label((bottle,), "oral solution", "LDN-7", date(2027, 1, 5), "refrigerator")
    >>> for line in label.lines[:4]:
    ...     print(line)
    naltrexone hydrochloride oral solution
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
    def strength(self) -> str:
        """Milligrams of the hydrochloride in a capsule; for a liquid in one millilitre and in the whole."""
        return "; ".join(map(_strength, self.items))

    @property
    def quantity(self) -> str:
        """How much is in the container."""
        return " and ".join(
            str(one) if len(self.items) > 1 else f"{plain(one.amount)} {one.unit}" for one in self.items
        )

    @property
    def warnings(self) -> tuple[str, ...]:
        """What must stand on every container."""
        if self.is_stock:
            return (STOCK, DARK)
        return (
            "Do not take with opioids (strong painkillers, some cough and diarrhoea medicines).",
            f"Stop {stop_words(self.stop_hours)} before surgery, and tell the surgical team.",
            *((SHAKE,) if self.is_liquid and self.form != "cream" else ()),
            DARK,
            CHILDREN,
        )

    @property
    def lines(self) -> tuple[str, ...]:
        """The whole text in the order of print."""
        before, after = self.warnings[:2], self.warnings[2:]
        return (
            f"{DRUG} {self.form}",
            f"Strength: {self.strength}",
            f"Quantity: {self.quantity}",
            KIND,
            *map(str, self.directions),
            *before,
            f"Lot: {self.lot}",
            f"Do not use after: {self.beyond_use}",
            STORED[self.storage],
            *after,
            *(f"{what}: {who}" for what, who in (
                ("Patient", self.patient), ("Prescriber", self.prescriber), ("Pharmacy", self.pharmacy)) if who),
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


def _strength(item: Item) -> str:
    if item.unit == "mL":
        each = plain(item.strength)
        return f"{each} mg in each mL ({each} mg/mL); {plain(trimmed(item.mg))} mg in {plain(item.amount)} mL"
    if item.unit == "mg":
        return f"{plain(item.strength)} mg in each gram ({plain(item.strength)} mg/g)"
    return f"{plain(item.strength)} mg in each capsule"
