"""The balance: the least it can weigh, how a weight is rounded to it, and dilution where the need is smaller."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_CEILING, Decimal
from math import prod
from typing import Literal

from lowdose.errors import InvalidInput, SafetyStop
from lowdose.pharmacy.amounts.exact import HUNDRED, exact, exactly, plain, rounded, shown, trimmed
from lowdose.pharmacy.amounts.line import Line, percent_off
from lowdose.pharmacy.amounts.refusals import CannotBeMade

Maker = Literal["pharmacy", "patient"]

LARGEST_STEP = Decimal(100)
"""The weakest powder rubbed down in one stage is one part in a hundred (assumed, as stock triturates are)."""
MOST_ERROR_PERCENT = Decimal(5)
"""The error that may be accepted on one weighing (recalled, as rule CMP-007: 6 mg / 5 % = 120 mg; USP not read)."""
_SHOWN = "to what the balance shows"
_FIRST_STEPS = (Decimal(10), Decimal(100))


@dataclass(frozen=True)
class Balance:
    """A balance and the error that is accepted on it.

    Parameters
    ----------
    sensitivity_mg : Decimal
        The smallest change it shows reliably (the sensitivity requirement of a torsion balance).
    readability_mg : Decimal
        The step it is read in: what is weighed is rounded to it.
    error_percent : Decimal
        The error accepted on one weighing, 5 at most: a larger one would let any weight pass rule CMP-007, which
        nobody may override.

    Raises
    ------
    InvalidInput
        If a number is not above zero, the balance cannot show what it is said to, or the error is above 5 %.

    Examples
    --------
    >>> torsion = Balance(Decimal(6), Decimal(1))
    >>> torsion.minimum_mg
    Decimal('120')
    >>> print(torsion.line)
    Least that may be weighed: 6 mg ÷ 5 % = 120 mg
    """

    sensitivity_mg: Decimal
    readability_mg: Decimal
    error_percent: Decimal = Decimal(5)

    def __post_init__(self) -> None:
        for name in ("sensitivity_mg", "readability_mg", "error_percent"):
            what = f"the balance's {name.replace('_', ' ')}"
            object.__setattr__(self, name, exact(getattr(self, name), what))
        if self.readability_mg > 2 * self.sensitivity_mg:
            raise InvalidInput(
                f"a balance read in steps of {plain(self.readability_mg)} mg does not show "
                f"{plain(self.sensitivity_mg)} mg",
                remedy="read sensitivity and readability off the balance again",
            )
        if self.error_percent > MOST_ERROR_PERCENT:
            raise InvalidInput(
                f"an error of {plain(self.error_percent)} % on a weight is above {plain(MOST_ERROR_PERCENT)} %: rule "
                "CMP-007 rests on it and cannot be overridden",
                remedy=f"write {plain(MOST_ERROR_PERCENT)} or less; dilute the powder, or use a finer balance",
            )

    @property
    @exactly
    def minimum_mg(self) -> Decimal:
        """Minimum weighable quantity, mg: below it the balance's own error is above the accepted one."""
        return trimmed(self.sensitivity_mg / (self.error_percent / HUNDRED))

    @property
    @exactly
    def least_mg(self) -> Decimal:
        """The least weight that it shows and that may be weighed, mg.

        Examples
        --------
        >>> coarse = Balance(Decimal("0.72"), Decimal(1))
        >>> coarse.minimum_mg, coarse.least_mg
        (Decimal('14.4'), Decimal('15'))
        """
        step = self.readability_mg
        return (self.minimum_mg / step).to_integral_value(rounding=ROUND_CEILING) * step

    @property
    def line(self) -> Line:
        """The minimum weighable quantity, as it stands on the worksheet."""
        formula = f"{plain(self.sensitivity_mg)} mg ÷ {plain(self.error_percent)} %"
        return Line("Least that may be weighed", formula, self.minimum_mg, "mg")

    @exactly
    def weigh(self, what: str, wanted: Decimal) -> tuple[Decimal, Line]:
        """Round a mass to what the balance shows, with the error that makes.

        Examples
        --------
        >>> weight, line = Balance(Decimal(1), Decimal("0.1")).weigh("the powder", Decimal("479.695431472"))
        >>> print(line)
        Weigh the powder: 479.695431 mg to the nearest 0.1 mg (+0.001 %) = 479.7 mg
        """
        weight = rounded(exact(wanted, f"the mass of {what}, mg,", computed=True), self.readability_mg)
        formula = f"{shown(wanted)[0]} mg to the nearest {plain(self.readability_mg)} mg"
        return weight, Line(f"Weigh {what}", f"{formula} ({percent_off(weight, wanted)})", weight, "mg")

    @exactly
    def ratio(self, weight: Decimal) -> Decimal:
        """Hold a weight against the minimum: below 1 it must not be weighed (rule CMP-007).

        Examples
        --------
        >>> Balance(Decimal(6), Decimal(1)).ratio(Decimal(90))
        Decimal('0.75')
        """
        return trimmed(weight / self.minimum_mg)


@dataclass(frozen=True)
class Bench:
    """Where and when a batch is made, and with what.

    Parameters
    ----------
    on : date
        Day of making.
    balance : Balance
        The balance that is used.
    maker : {"pharmacy", "patient"}
        Who makes it.
    measure_step_mL : Decimal
        Graduation of the measure for liquids; each is rounded to it, and must be large enough for the error of half a
        step to be within the balance's accepted error.

    Raises
    ------
    SafetyStop
        If a patient would make it (rule CMP-009).

    Examples
    --------
    >>> Bench(date(2026, 12, 1), Balance(Decimal(1), Decimal("0.1")), maker="patient")
    Traceback (most recent call last):
    lowdose.errors.SafetyStop: no worksheet is written for preparation at home (rule CMP-009)
      remedy: ask a compounding pharmacy; home dilution is where dosing errors come from
    """

    on: date
    balance: Balance
    maker: Maker = "pharmacy"
    measure_step_mL: Decimal = Decimal("0.1")

    def __post_init__(self) -> None:
        if self.maker == "patient":
            raise SafetyStop(
                "no worksheet is written for preparation at home (rule CMP-009)",
                remedy="ask a compounding pharmacy; home dilution is where dosing errors come from",
            )
        if self.maker != "pharmacy":
            raise InvalidInput(f"{self.maker!r} makes no medicines here", remedy="write pharmacy")
        if not isinstance(self.on, date) or isinstance(self.on, datetime):
            raise InvalidInput(f"the day of making is {self.on!r}, no date", remedy="write it as 2026-12-01")
        object.__setattr__(self, "measure_step_mL", exact(self.measure_step_mL, "the graduation of the measure, mL,"))

    @property
    @exactly
    def least_measure_mL(self) -> Decimal:
        """The least volume of which half a step is within the accepted error, mL.

        Examples
        --------
        >>> Bench(date(2026, 12, 1), Balance(Decimal(1), Decimal("0.1"))).least_measure_mL
        Decimal('1')
        """
        return trimmed(self.measure_step_mL / 2 / (self.balance.error_percent / HUNDRED))


@dataclass(frozen=True)
class Stage:
    """One rubbing down: so much goes in, diluent up to the total."""

    weigh_mg: Decimal
    total_mg: Decimal

    @property
    def diluent_mg(self) -> Decimal:
        """Diluent that is weighed, mg."""
        return self.total_mg - self.weigh_mg


@dataclass(frozen=True)
class Dilution:
    """A powder rubbed down in one or more stages, of which an aliquot is taken.

    Parameters
    ----------
    stages : tuple of Stage
        Each stage takes what it weighs from the one before.
    aliquot_mg : Decimal
        What is taken of the last.
    wanted_mg : Decimal
        Powder that the aliquot shall hold.
    """

    stages: tuple[Stage, ...]
    aliquot_mg: Decimal
    wanted_mg: Decimal

    @property
    @exactly
    def holds_mg(self) -> Decimal:
        """Powder that the aliquot does hold, after the totals were rounded to the balance: one division, at the end."""
        taken = prod((stage.weigh_mg for stage in self.stages), start=Decimal(1))
        return self.aliquot_mg * taken / prod((stage.total_mg for stage in self.stages), start=Decimal(1))

    @property
    @exactly
    def lines(self) -> tuple[Line, ...]:
        """The dilution, as it stands on the worksheet; what is rounded to the balance says so."""
        told = []
        *earlier, last = self.stages
        for number, stage in enumerate(self.stages, start=1):
            what = "the powder" if number == 1 else f"triturate {number - 1}"
            name = f"triturate {number}" if earlier else "the triturate"
            times = plain(stage.total_mg / stage.weigh_mg)
            formula = self._total(earlier) if stage is last else f"{times} × {plain(stage.weigh_mg)} mg"
            told.append(Line(f"Total of {name}", formula, stage.total_mg, "mg"))
            formula = f"{plain(stage.total_mg)} mg − {plain(stage.weigh_mg)} mg of {what}"
            told.append(Line(f"Diluent of {name}", formula, stage.diluent_mg, "mg"))
        if self.aliquot_mg != last.weigh_mg:
            formula = f"{shown(self.wanted_mg)[0]} mg × {plain(last.total_mg)} ÷ {plain(last.weigh_mg)}, {_SHOWN}"
            told.append(Line("Aliquot", formula, self.aliquot_mg, "mg"))
        formula = f"{plain(self.aliquot_mg)} mg × {_parts(self.stages)}"
        off = percent_off(self.holds_mg, self.wanted_mg)
        return (*told, Line(f"Powder in the aliquot ({off})", formula, self.holds_mg, "mg"))

    def _total(self, earlier: list[Stage]) -> str:
        """How the total of the last stage came about."""
        last = self.stages[-1]
        if self.aliquot_mg != last.weigh_mg:
            return f"2 × {plain(last.weigh_mg)} mg, so that the diluent can be weighed"
        before = f" × {_parts(earlier)}" if earlier else ""
        weights = f"{plain(last.weigh_mg)} mg × {plain(self.aliquot_mg)} mg"
        return f"{weights}{before} ÷ {shown(self.wanted_mg)[0]} mg, {_SHOWN}"


def _parts(stages: Sequence[Stage]) -> str:
    return " × ".join(f"({plain(stage.weigh_mg)} ÷ {plain(stage.total_mg)})" for stage in stages)


@exactly
def dilute(need_mg: Decimal, balance: Balance) -> Dilution:
    """Work out how a mass below the balance's minimum is taken as an aliquot of a weaker powder.

    The least that may be weighed goes into a total of least × least ÷ need, and the least is taken of that. Where the
    total is over a hundred times what goes in, it is done in two stages; where it would be less than twice, it is made
    twice, since the diluent must be weighable too, and more than the least is taken.

    Raises
    ------
    CannotBeMade
        If two stages are not enough.

    Examples
    --------
    >>> torsion = Balance(Decimal(6), Decimal(1))
    >>> dilution = dilute(Decimal(3), torsion)
    >>> print(dilution.stages[0].weigh_mg, dilution.stages[0].total_mg, dilution.aliquot_mg, dilution.holds_mg)
    120 4800 120 3
    >>> [str(stage.total_mg) for stage in dilute(Decimal("0.3"), torsion).stages]
    ['1200', '4800']
    """
    need = exact(need_mg, "the need, mg,", computed=True)
    step, least = balance.readability_mg, balance.least_mg
    weakening = least / need
    if weakening <= 1:
        raise InvalidInput(f"{shown(need)[0]} mg can be weighed as it is", remedy="weigh it; dilute only what is less")
    first = () if weakening <= LARGEST_STEP else tuple(x for x in _FIRST_STEPS if weakening / x <= LARGEST_STEP)[:1]
    if weakening > LARGEST_STEP and not first:
        nearest = least / (LARGEST_STEP * LARGEST_STEP)
        raise CannotBeMade(
            f"{shown(need)[0]} mg is below what two dilutions from {plain(least)} mg can give",
            nearest=(f"{plain(nearest)} mg",),
            asked={"need_mg": need_mg, "balance": balance},
            remedy="make more units, start from a stock triturate, or use a finer balance",
        )
    stages = [Stage(least, least * ratio) for ratio in first]
    last = max(rounded(least * weakening / prod(first, start=Decimal(1)), step), 2 * least)
    aliquot = rounded(need * 2, step) if last == 2 * least else least
    return Dilution((*stages, Stage(least, last)), aliquot, need)
