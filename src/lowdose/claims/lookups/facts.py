"""Look-ups and rules that need no study: dates, products, dose classes, ratios, clock times."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from lowdose.blocks import data
from lowdose.claims.files import read
from lowdose.claims.lookups.found import Found
from lowdose.claims.schema import Fact
from lowdose.errors import NotFound
from lowdose.regimen.clocks import read_clock

_BORDERS = ("ultra-low-dose-upper", "very-low-dose-upper", "low-dose-upper", "intermediate-dose-upper")
_CLASSES = ("ULDN", "VLDN", "LDN", "intermediate", "standard")


@cache
def facts() -> Mapping[str, Fact]:
    """Every fact by its name.

    Examples
    --------
    >>> facts()["naltrexone-us-approval"].value
    1984
    """
    return {name: Fact.model_validate(block) for name, block in data(read("facts.yaml"))["facts"].items()}


def fact(name: str) -> Found:
    """Value of a fact.

    Raises
    ------
    NotFound
        No fact has this name.

    Examples
    --------
    >>> fact("naltrexone-first-made").value
    1963
    """
    found = _fact(name)
    return Found(found.value, (_words(name),))


def fact_count(name: str) -> Found:
    """How many things a fact lists.

    Examples
    --------
    >>> fact_count("naltrexone-products-besides-50-mg").value
    5
    """
    value = _fact(name).value
    assert isinstance(value, tuple)
    return Found(len(value), (_words(name), ", ".join(map(str, value))))


def dose_class(milligrams: float) -> Found:
    """Class of a daily dose (mg): ULDN under 0.001, VLDN to 1, LDN above it to 6, intermediate to 49, standard from 50.

    Examples
    --------
    >>> [dose_class(dose).value for dose in (0.0001, 0.5, 4.5, 25, 50)]
    ['ULDN', 'VLDN', 'LDN', 'intermediate', 'standard']
    """
    borders = [float(_fact(name).value) for name in _BORDERS]  # type: ignore[arg-type]
    # The lowest class ends below its border, the others at theirs.
    position = 0 if milligrams < borders[0] else 1 + sum(milligrams > border for border in borders[1:])
    border = _BORDERS[min(position, len(_BORDERS) - 1)]
    return Found(_CLASSES[position], (_words(border),))


def ratio(numerator: float, denominator: float) -> Found:
    """One number over another.

    Examples
    --------
    >>> ratio(4.5, 50).value
    0.09
    """
    return Found(numerator / denominator, (f"{numerator:g} / {denominator:g}",))


def dose_for_weight(milligrams_a_kilogram: float, pounds: float) -> Found:
    """Dose (mg) for a body weight in pounds.

    Examples
    --------
    >>> round(dose_for_weight(0.5, 66).value, 2)
    14.97
    """
    kilograms = pounds * float(_fact("kilogram-per-pound").value)  # type: ignore[arg-type]
    words = f"{milligrams_a_kilogram:g} mg/kg x {kilograms:.1f} kg"
    return Found(milligrams_a_kilogram * kilograms, (words, _words("kilogram-per-pound")))


def clock_hour(clock: str) -> Found:
    """Hour of the day (0 to 24) that a clock time means as written.

    Examples
    --------
    >>> clock_hour("12 pm").value, clock_hour("9 pm").value
    (12.0, 21.0)
    """
    read_as = read_clock(clock)
    return Found(read_as.hour + read_as.minute / 60, (f"{clock} is {read_as:%H:%M}",))


def _fact(name: str) -> Fact:
    known = facts()
    if name not in known:
        raise NotFound.among("fact", name, known)
    return known[name]


def _words(name: str) -> str:
    found = _fact(name)
    return f"{found.says} ({', '.join((found.tag, *found.source))})"
