"""One dose as a patient reads it: on a prescription whole, on a container only what is taken from it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal

from lowdose.errors import SafetyStop
from lowdose.pharmacy.amounts.exact import exactly, plain
from lowdose.pharmacy.supply.dispensing import Item

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

    @property
    def how(self) -> str:
        """By what route, how often and when in the day."""
        often = "" if self.per_day == 1 else f" {self.per_day} times a day"
        return f"{self.route}{often} {self.time}"

    def taken(self, strengths: Collection[Decimal] = ()) -> str:
        """What is taken; on a container of one of several strengths, only what is taken from it, and what goes with it.

        Examples
        --------
        >>> parts = Item(Decimal(2), "mg", Decimal(1), "capsules"), Item(Decimal("0.5"), "mg", Decimal(1), "capsules")
        >>> Direction(Decimal("2.5"), parts, 1, "at bedtime", "by mouth").taken([Decimal(2)])
        '1 capsule from this bottle, with 1 capsule from the 0.5 mg bottle: together 2.5 mg'
        """
        here = [one for one in self.items if one.strength in strengths]
        others = [one for one in self.items if one.strength not in strengths]
        if not here or not others:
            return f"{plain(self.dose_mg)} mg ({self.amount})"
        ours = " and ".join(map(_count, here))
        theirs = " and ".join(
            f"{_count(one)} from the {plain(one.strength)} {one.strength_unit} bottle" for one in others
        )
        return f"{ours} from this bottle, with {theirs}: together {plain(self.dose_mg)} mg"

    def on(self, strengths: Collection[Decimal]) -> str:
        """The direction as it stands on a container of these strengths."""
        return self._said(self.taken(strengths), apart=any(one.strength not in strengths for one in self.items))

    def __str__(self) -> str:
        return self._said(self.taken())

    def _said(self, taken: str, *, apart: bool = False) -> str:
        when = f", {self.when}" if self.when else ""
        return f"Take {taken}{',' if apart else ''} {self.how}{when}."


def _count(item: Item) -> str:
    unit = "capsule" if item.unit == "capsules" and item.amount == 1 else item.unit
    return f"{plain(item.amount)} {unit}"
