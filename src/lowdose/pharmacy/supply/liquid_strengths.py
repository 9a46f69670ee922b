"""Which liquid a titration needs: the fewest published strengths of which every dose stands on the syringe's marks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal
from itertools import combinations

from lowdose.pharmacy.amounts.exact import below, exact, exactly, plain, trimmed
from lowdose.pharmacy.amounts.refusals import CannotBeMade
from lowdose.pharmacy.materials.formulas import formulas

LEAST_ML = Decimal("0.1")
"""The smallest volume anybody is asked to draw up (rule DOS-009)."""
MOST_ML = Decimal(20)
"""The largest (assumed): above it another strength is meant."""


@dataclass(frozen=True)
class ChosenLiquid:
    """The strength each dose is drawn up of, mg/mL, and why these."""

    strength_of: Mapping[Decimal, Decimal]
    why: str

    @exactly
    def volume(self, dose_mg: Decimal) -> Decimal:
        """What is drawn up for a dose, mL."""
        return trimmed(dose_mg / self.strength_of[dose_mg])


@exactly
def choose_liquid(doses: Iterable[Decimal], graduation_ml: Decimal, strengths: Sequence[Decimal] = ()) -> ChosenLiquid:
    """Find the fewest strengths of which every dose is a whole number of marks.

    Parameters
    ----------
    doses : iterable of Decimal
        mg.
    graduation_ml : Decimal
        Marks of the syringe, mL.
    strengths : sequence of Decimal
        mg/mL to make do with; by default those of the published formulas.

    Raises
    ------
    InvalidInput
        If a number is not above zero.
    CannotBeMade
        If a dose does not stand on a mark; the nearest that do come with it.

    Examples
    --------
    >>> choose_liquid([Decimal("0.25"), Decimal("4.5")], Decimal("0.01")).volume(Decimal("0.25"))
    Decimal('0.25')
    >>> choose_liquid([Decimal("0.25")], Decimal("0.1"))
    Traceback (most recent call last):
    lowdose.pharmacy.amounts.refusals.CannotBeMade: 0.25 mg cannot be drawn up of 1 mg/mL or 5 mg/mL with 0.1 mL marks
      remedy: nearest that can be made: 0.2 mg or 0.3 mg...
    """
    mark = exact(graduation_ml, "the graduation")
    wanted = sorted({exact(one, "the dose") for one in doses})
    published = [one.strength for one in formulas().values() if one.form == "solution" and one.strength is not None]
    candidates = list(dict.fromkeys(exact(one, "a strength") for one in strengths)) or published
    lacking = [dose for dose in wanted if not any(_stands(dose, one, mark) for one in candidates)]
    if lacking:
        raise _refused(lacking[0], candidates, mark)
    for size in range(1, len(candidates) + 1):
        for chosen in combinations(candidates, size):
            found = {dose: next((one for one in chosen if _stands(dose, one, mark)), None) for dose in wanted}
            given = {dose: one for dose, one in found.items() if one is not None}
            if len(given) == len(wanted):
                return ChosenLiquid(given, _why(chosen, mark, strengths))
    raise AssertionError("every dose stands on a mark of some candidate, so all of them together do")


def _stands(dose: Decimal, strength: Decimal, mark: Decimal) -> bool:
    """Whether the volume is one that stands on the syringe: whole marks, neither too little nor too much."""
    volume = (dose / (strength * mark)).to_integral_value() * mark
    return volume * strength == dose and LEAST_ML <= volume <= MOST_ML


def _why(chosen: Sequence[Decimal], mark: Decimal, asked: Sequence[Decimal]) -> str:
    names = " and ".join(f"{plain(one)} mg/mL" for one in chosen)
    how = "of those that were asked for" if asked else "the fewest published formulas"
    return f"{names}: {how}; every dose is whole marks of a syringe with {plain(mark)} mL marks"


def _refused(dose: Decimal, candidates: Sequence[Decimal], mark: Decimal) -> CannotBeMade:
    near = set()
    for strength in candidates:
        lower = below(dose / strength, mark)
        first = (LEAST_ML / mark).to_integral_value(rounding=ROUND_CEILING) * mark
        near |= {volume * strength for volume in (lower, lower + mark, first) if LEAST_ML <= volume <= MOST_ML}
    nearest = sorted(sorted(near, key=lambda one: abs(one - dose))[:2])
    names = " or ".join(f"{plain(one)} mg/mL" for one in candidates)
    return CannotBeMade(
        f"{plain(dose)} mg cannot be drawn up of {names} with {plain(mark)} mL marks",
        nearest=tuple(f"{plain(one)} mg" for one in nearest),
        asked={"dose": f"{plain(dose)} mg", "strengths": names, "graduation": f"{plain(mark)} mL"},
        remedy="or choose a finer syringe or another strength; the prescriber decides about another dose",
    )
