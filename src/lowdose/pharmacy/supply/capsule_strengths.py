"""Which capsule strengths a whole titration needs: the fewest, by exact search, and then the fewest capsules."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from math import gcd

from lowdose.pharmacy.amounts.exact import exact, exactly, plain, trimmed, whole
from lowdose.pharmacy.amounts.refusals import CannotBeMade

MOST_AT_ONCE = 4
"""Capsules at one time a patient is asked to swallow (assumed; the pharmacist may choose another number)."""
MOST_SEARCHED = 4
"""Larger sets of strengths are not searched: then every dose gets a capsule of its own (assumed: nobody wants five)."""
_PARTS = 120
"""Where the doses have a finer common divisor than this part of the largest, its multiples are not searched."""


@dataclass(frozen=True)
class Chosen:
    """Strengths, largest first, how each dose is made up of them, and why these."""

    strengths: tuple[Decimal, ...]
    made_of: Mapping[Decimal, tuple[int, ...]]
    why: str


@exactly
def choose(doses: Mapping[Decimal, int], *, most: int = MOST_AT_ONCE) -> Chosen:
    """Find the fewest strengths that give every dose in at most ``most`` whole capsules.

    Searched are sets of up to four, of the equal parts of each dose and, for up to three where these are no more than
    120, of all multiples of the doses' common divisor; the last of a set may be any whole number of micrograms.

    Parameters
    ----------
    doses : mapping of Decimal to int
        Dose, mg, and how often it is taken: of equally few strengths, those with fewest capsules in all are chosen.
    most : int
        Capsules at one time.

    Raises
    ------
    InvalidInput
        If there is no dose, or a number is not above zero.

    Examples
    --------
    >>> found = choose({Decimal("1.5"): 14, Decimal(3): 14, Decimal("4.5"): 28})
    >>> found.strengths, found.made_of[Decimal("4.5")]
    ((Decimal('1.5'),), (3,))
    >>> choose({Decimal(n) / 2: 14 for n in range(1, 10)}).strengths
    (Decimal('2'), Decimal('0.5'))
    """
    scale, counted = _scaled(doses)
    most = whole(most, "the number of capsules at one time")
    own = tuple(sorted(counted, reverse=True))
    sets = (_best(counted, size, most) for size in range(1, min(len(counted), MOST_SEARCHED + 1)))
    found = next((one for one in sets if one), own)
    return _written(found, counted, scale, most, _why(found, counted, scale, most))


@exactly
def with_strengths(doses: Mapping[Decimal, int], strengths: Iterable[Decimal], *, most: int = MOST_AT_ONCE) -> Chosen:
    """Make every dose from the strengths that are named.

    Raises
    ------
    CannotBeMade
        If a dose is no sum of at most ``most`` of them; the nearest doses that are come with it.

    Examples
    --------
    >>> with_strengths({Decimal(2): 7}, [Decimal("1.5")])
    Traceback (most recent call last):
    lowdose.pharmacy.amounts.refusals.CannotBeMade: 2 mg is not made of at most 4 capsules of 1.5 mg
      remedy: nearest that can be made: 1.5 mg or 3 mg...
    """
    given = tuple(exact(one, "a strength") for one in strengths)
    scale, counted = _scaled(doses, given)
    set_ = tuple(sorted({int(one * scale) for one in given}, reverse=True))
    most = whole(most, "the number of capsules at one time")
    for dose in counted:
        if _fewest(dose, set_, most) is None:
            raise _cannot(dose, set_, most, scale)
    return _written(set_, counted, scale, most, "the strengths that were asked for")


def _scaled(doses: Mapping[Decimal, int], others: Sequence[Decimal] = ()) -> tuple[int, dict[int, int]]:
    """Doses as whole numbers of the finest decimal among them, a microgram or finer."""
    checked = {exact(dose, "the dose"): whole(times, "the number of doses") for dose, times in doses.items()}
    places = max([3, *(-int(one.as_tuple().exponent) for one in (*checked, *others))])
    scale: int = 10**places
    whole(len(checked), "the number of different doses")
    return scale, {int(dose * scale): times for dose, times in sorted(checked.items())}


def _best(counted: Mapping[int, int], size: int, most: int) -> tuple[int, ...] | None:
    """Of all sets of this size that give every dose, the one with fewest capsules; then with the largest strengths."""
    found: set[tuple[int, ...]] = set()
    seen: set[tuple[int, ...]] = set()
    candidates = _candidates(tuple(counted), most, size)

    def grow(chosen: tuple[int, ...]) -> None:
        if chosen in seen:
            return
        seen.add(chosen)
        sums = _sums(chosen, most)
        lacking = [dose for dose in counted if dose not in sums[most]]
        if not lacking:
            found.add(chosen)
        elif len(chosen) == size - 1:
            for last in _completing(lacking, sums, most):
                found.add(tuple(sorted((*chosen, last), reverse=True)))
        else:  # the smallest dose that lacks holds at least one strength that is not chosen yet
            for new in candidates:
                if new <= lacking[0] and new not in chosen:
                    grow(tuple(sorted((*chosen, new), reverse=True)))

    grow(())
    return min(found, key=lambda one: (_capsules(one, counted, most), [-s for s in one]), default=None)


def _candidates(doses: Sequence[int], most: int, size: int) -> list[int]:
    common = gcd(*doses)
    parts = {dose // n for dose in doses for n in range(1, most + 1) if dose % n == 0}
    if size < MOST_SEARCHED and max(doses) // common <= _PARTS:
        parts |= set(range(common, max(doses) + 1, common))
    return sorted(parts)


def _sums(strengths: tuple[int, ...], most: int) -> list[set[int]]:
    """What can be taken with at most 0, 1, ... capsules."""
    sums = [{0}]
    for _ in range(most):
        sums.append(sums[-1] | {had + one for had in sums[-1] for one in strengths})
    return sums


def _completing(lacking: Sequence[int], sums: Sequence[set[int]], most: int) -> set[int]:
    """Every strength that, alone or with those already chosen, gives all of these doses."""
    found: set[int] | None = None
    for dose in lacking:
        fits = {
            (dose - rest) // count
            for count in range(1, most + 1)
            for rest in sums[most - count]
            if rest < dose and (dose - rest) % count == 0
        }
        found = fits if found is None else found & fits
        if not found:
            return set()
    return found or set()


def _capsules(strengths: tuple[int, ...], counted: Mapping[int, int], most: int) -> int:
    return sum(times * sum(_fewest(dose, strengths, most) or ()) for dose, times in counted.items())


@lru_cache(maxsize=100_000)
def _fewest(dose: int, strengths: tuple[int, ...], most: int) -> tuple[int, ...] | None:
    """How many of each strength (largest first) make up a dose with fewest capsules; None where none does."""
    if not strengths:
        return () if dose == 0 else None
    best: tuple[int, ...] | None = None
    for count in range(min(most, dose // strengths[0]), -1, -1):
        rest = _fewest(dose - count * strengths[0], strengths[1:], most - count)
        if rest is not None and (best is None or count + sum(rest) < sum(best)):
            best = (count, *rest)
    return best


def _written(found: tuple[int, ...], counted: Mapping[int, int], scale: int, most: int, why: str) -> Chosen:
    """Back to milligrams; a strength that no dose uses is left out."""
    made = {dose: _fewest(dose, found, most) or () for dose in counted}
    used = [i for i in range(len(found)) if any(counts[i] for counts in made.values())]
    return Chosen(
        strengths=tuple(_mg(found[i], scale) for i in used),
        made_of={_mg(dose, scale): tuple(counts[i] for i in used) for dose, counts in made.items()},
        why=why,
    )


def _why(found: tuple[int, ...], counted: Mapping[int, int], scale: int, most: int) -> str:
    names = " and ".join(f"{plain(_mg(one, scale))} mg" for one in found)
    if len(found) > MOST_SEARCHED:
        return f"{names}: a capsule for every dose; no {MOST_SEARCHED} strengths were found that give all of them"
    fewer = "; no smaller set of those searched would do" if len(found) > 1 else ""
    return (
        f"{names}: the fewest strengths that give every dose in at most {_so_many(most)}{fewer}; "
        f"{_capsules(found, counted, most)} capsules in all, the fewest with so many strengths"
    )


def _cannot(dose: int, strengths: tuple[int, ...], most: int, scale: int) -> CannotBeMade:
    names = " and ".join(f"{plain(_mg(one, scale))} mg" for one in strengths)
    sums = {0}
    for _ in range(most):
        sums |= {had + one for had in sums for one in strengths}
    lower = [one for one in sums if 0 < one < dose]
    upper = [one for one in sums if one > dose]
    nearest = [*([max(lower)] if lower else []), *([min(upper)] if upper else [])]
    return CannotBeMade(
        f"{plain(_mg(dose, scale))} mg is not made of at most {_so_many(most)} of {names}",
        nearest=tuple(f"{plain(_mg(one, scale))} mg" for one in nearest),
        asked={"dose": f"{plain(_mg(dose, scale))} mg", "strengths": names},
        remedy="or name other strengths; the prescriber decides about another dose",
    )


def _mg(number: int, scale: int) -> Decimal:
    return trimmed(Decimal(number) / scale)


def _so_many(count: int) -> str:
    return "1 capsule" if count == 1 else f"{count} capsules"
