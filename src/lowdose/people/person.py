"""One person's covariates, as a clinic knows them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from lowdose.errors import InvalidInput

ChildPugh = Literal["A", "B", "C"]


@dataclass(frozen=True)
class Person:
    """An adult, described by what changes the model's predictions.

    Parameters
    ----------
    age : float
        Years; 18 to 100 are accepted.
    sex : {"F", "M"} or None
        No pharmacokinetic effect is known.
    weight : float
        Kilograms, 30 to 250.
    crcl : float or None
        Creatinine clearance, mL/min, 5 to 200; None means 100.
    child_pugh : {"A", "B", "C"} or None
        Class of liver cirrhosis; None means a healthy liver.

    Raises
    ------
    InvalidInput
        If a value lies outside what the model can speak of.

    Examples
    --------
    >>> Person(weight=82, child_pugh="B").child_pugh
    'B'
    """

    age: float = 45.0
    sex: Literal["F", "M"] | None = None
    weight: float = 70.0
    crcl: float | None = None
    child_pugh: ChildPugh | None = None

    def __post_init__(self) -> None:
        _within("age", self.age, 18, 100, "years", "no data and no dose convention exist for children here")
        _within("weight", self.weight, 30, 250, "kg", "give the body weight in kilograms")
        if self.crcl is not None:
            _within("creatinine clearance", self.crcl, 5, 200, "mL/min", "give it in mL/min, e.g. 60")
        if self.sex not in (None, "F", "M"):
            raise InvalidInput(f"sex {self.sex!r} is not known", remedy="write F or M, or leave it out")
        if self.child_pugh not in (None, "A", "B", "C"):
            raise InvalidInput(f"Child–Pugh class {self.child_pugh!r} is not known", remedy="write A, B or C")

    @property
    def caveats(self) -> tuple[str, ...]:
        """What the model cannot say about this person.

        Examples
        --------
        >>> Person(age=80).caveats
        ('age 80: no study of naltrexone concentrations in people over 65 was found; age has no effect in the model',)
        """
        said = []
        if self.age > 65:
            said.append(
                f"age {self.age:g}: no study of naltrexone concentrations in people over 65 was found; "
                "age has no effect in the model"
            )
        if self.sex == "F":
            said.append(
                "women have a larger cortisol response to 50 mg (Lovallo 2012); its size was not retrievable, "
                "so sex has no effect in the model"
            )
        if self.weight < 45 or self.weight > 130:
            said.append(f"weight {self.weight:g} kg: scaled by convention, never estimated for naltrexone")
        if self.crcl is not None and self.crcl < 50:
            said.append(
                f"creatinine clearance {self.crcl:g} mL/min: no naltrexone study in moderate or severe renal "
                "impairment was found; renal clearance of 6β-naltrexol is taken as proportional"
            )
        if self.child_pugh is not None:
            said.append(_CIRRHOSIS[self.child_pugh])
        return tuple(said)


_CIRRHOSIS = {
    "A": "Child–Pugh A: one source says no change (depot injection), another about 5-fold; 2.2-fold is between them",
    "B": "Child–Pugh B: about 5-fold by mouth from memory of a label; a depot injection, without first pass, "
    "showed no change",
    "C": "Child–Pugh C: 8-fold in six patients (Bertolotti 1997), 5 to 10-fold in a label; "
    "bioavailability cannot exceed 1, which caps it at 7.5-fold",
}


def _within(name: str, value: float, low: float, high: float, unit: str, remedy: str) -> None:
    if not low <= value <= high:
        raise InvalidInput(f"{name} {value:g} is outside {low:g} to {high:g} {unit}", where=name, remedy=remedy)
