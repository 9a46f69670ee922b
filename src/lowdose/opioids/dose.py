"""What was typed about an opioid: its name, how much, by which route, how often."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Literal

from lowdose import engine
from lowdose.errors import InvalidInput, NotFound, SafetyStop
from lowdose.opioids.data import Opioid, OpioidRoute, brand, opioid

if TYPE_CHECKING:
    from lark import Lark

DAY = 24.0
_LEAST = 0.01
"""Share of the largest single dose under which a dose is taken for a slip of the unit."""
_EVERY: dict[str, float] = {"once": 0.0, "daily": DAY, "twice": 12.0, "thrice": 8.0}
_EXAMPLE = "write a name, an amount and a unit, e.g. 'oxycodone 10 mg' or 'fentanyl 25 mcg/h patch'"


@dataclass(frozen=True)
class OpioidDose:
    """An opioid dose as it was typed.

    Attributes
    ----------
    text : str
        As typed, blanks tidied.
    opioid : Opioid
        Which one.
    route : str
        By which route.
    amount : float
        Milligrams; micrograms an hour for a patch.
    every : float
        Hours between doses; 0 for a single one.
    """

    text: str
    opioid: Opioid
    route: str
    amount: float
    every: float

    @property
    def way(self) -> OpioidRoute:
        """Its route, with where it enters."""
        return self.opioid.routes[self.route]

    @property
    def milligrams(self) -> float:
        """What one dose brings in all; a patch gives it over the time it is worn."""
        return self.amount * self.way.hours / 1000.0 if self.way.hours else self.amount

    @property
    def a_day(self) -> float:
        """Milligrams a day when repeated (the single dose when not); a patch keeps its micrograms an hour."""
        return self.amount * (DAY / self.every if self.every and not self.way.hours else 1.0)

    def at(self, hour: float) -> engine.Dose:
        """The record of one dose at ``hour``."""
        share = "salt_factor_agonist" if self.way.into == "agonist_central" else 1.0
        return engine.Dose(hour, self.milligrams, self.way.into, duration=self.way.hours, bioavailability=share)


@dataclass(frozen=True)
class Written:
    """A dose as the language has it, before anyone knows whether there is such a drug."""

    name: str
    amount: float
    unit: Literal["mg", "mcg/h"]
    route: str | None
    every: float


def read(text: str) -> Written:
    """Name, amount, unit, route and schedule of a typed dose.

    Raises
    ------
    InvalidInput
        If it does not parse.

    Examples
    --------
    >>> read("fentanyl 100 mcg iv").amount
    0.1
    """
    from lark.exceptions import UnexpectedInput

    tidy = " ".join(text.split())
    try:
        tree = _parser().parse(tidy)
    except UnexpectedInput as error:
        place = " " * max(0, (error.column or 1) - 1)
        raise InvalidInput(
            f"{text!r} is not an opioid dose", where=f"{tidy}\n         {place}^", remedy=_EXAMPLE
        ) from None
    name, number, *rest = tree.children
    parts: dict[str, Any] = {}
    for part in rest:
        assert not isinstance(part, str)
        kind = "unit" if str(part.data).startswith(("milligram", "microgram")) else ""
        parts[kind or ("route" if str(part.data) in _ROUTES else "schedule")] = part
    amount, unit = float(str(number)), str(parts["unit"].data)
    schedule = parts.get("schedule")
    every = 0.0
    if schedule is not None:
        every = float(str(schedule.children[0])) if schedule.data == "every" else _EVERY[str(schedule.data)]
        if schedule.data == "every" and not 1.0 <= every <= 168.0:
            raise InvalidInput(f"every {every:g} hours", where=text, remedy="give 1 to 168 hours")
    return Written(
        str(name).lower(),
        amount / 1000.0 if unit == "microgram" else amount,
        "mcg/h" if unit == "microgram_per_hour" else "mg",
        str(parts["route"].data) if "route" in parts else None,
        every,
    )


def opioid_dose(text: str, *, on_board: bool = False, for_validation: bool = False) -> OpioidDose:
    """Read an opioid dose such as ``"oxycodone 10 mg"`` and refuse what cannot be answered.

    Parameters
    ----------
    text : str
        Name, amount, unit, and when wanted route and schedule.
    on_board : bool
        Whether it is what someone already takes (maintenance), rather than a dose that is asked about.
    for_validation : bool
        Whether opioids of the published challenges are allowed.

    Raises
    ------
    InvalidInput
        If it does not parse, or the route is not known for this opioid.
    NotFound, NotEnoughData
        If there is no such opioid, or too little is known about it.
    SafetyStop
        If the dose is above the largest that is computed: no prediction is made there.

    Examples
    --------
    >>> opioid_dose("Oxycodone 10 mg").route
    'oral'
    """
    first = text.split()[0].lower() if text.split() else ""
    with suppress(NotFound):  # what is no name at all is for the parser to refuse
        opioid(first, for_validation=for_validation)  # refused for what is missing, however its amount is written
    written = read(text)
    found = opioid(written.name, for_validation=for_validation)
    route = _route(found, written, text)
    dose = OpioidDose(" ".join(text.split()), found, route, written.amount, written.every)
    if written.amount <= 0.0:
        raise InvalidInput("the dose is zero", where=text, remedy=_EXAMPLE)
    if on_board and dose.way.hours and not dose.every:
        dose = OpioidDose(dose.text, found, route, written.amount, dose.way.hours)
    _check_amount(dose, on_board)
    return dose


def _check_amount(dose: OpioidDose, on_board: bool) -> None:
    if on_board and dose.a_day > dose.way.on_board_a_day:
        raise SafetyStop(
            f"no prediction is made for {dose.text}: it is more a day than the model was looked at with",
            where=dose.text,
            remedy="no naltrexone with it on board; whoever prescribes it, or an addiction service, plans any change",
        )
    if not on_board and dose.amount > dose.way.usual_single:
        raise SafetyStop(
            f"no prediction is made for {dose.text}: it is above the largest single dose that is computed here",
            where=dose.text,
            remedy="this program is not a means to search for an amount that gets through a block",
        )
    if not on_board and dose.amount < _LEAST * dose.way.usual_single:
        raise InvalidInput(
            f"{dose.text} is under a hundredth of what is given at once by this route",
            where=dose.text,
            remedy="look at the unit: milligrams (mg) or micrograms (mcg)?",
        )


def _route(found: Opioid, written: Written, text: str) -> str:
    patch = written.unit == "mcg/h"
    made_for = brand(written.name).routes or tuple(found.routes)
    route = written.route or ("patch" if patch else made_for[0])
    if route not in made_for and route in found.routes:
        raise InvalidInput(
            f"{written.name} is {found.name} made to be taken {' or '.join(made_for)}, not {route}",
            where=text,
            remedy=f"write {found.name} with its route if another product is meant",
        )
    if route not in found.routes or patch != bool(found.routes[route].hours):
        known = ", ".join(found.routes)
        unit = "a patch is given in mcg/h, everything else in mg or mcg"
        raise InvalidInput(
            f"{found.name} is not known {route} in {written.unit}", where=text, remedy=f"known: {known}; {unit}"
        )
    return route


_ROUTES = ("oral", "intravenous", "sublingual", "patch", "intramuscular", "intranasal")


@cache
def _parser() -> Lark:
    from lark import Lark

    return Lark(files("lowdose.opioids").joinpath("dose.lark").read_text(encoding="utf-8"), parser="earley")
