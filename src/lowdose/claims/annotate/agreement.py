"""Numbers of a claim beside those of a sentence: which agree, and which is another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from lowdose.claims.annotate.numbers import Quantity, quantities

#: How far apart two numbers of a kind may lie and still be the same: a share of the larger, or (percent) points.
_TOLERANCE = {"mg": 0.02, "hours": 0.11, "span": 0.11, "factor": 0.02, "fraction": 0.1}
#: A week: what is longer is no answer to "how many hours".
_DAYS_TOLD_IN_HOURS = 7.0
_POINTS = 1.5
_ROUGH_POINTS = 3.0


@dataclass(frozen=True)
class Registered:
    """A number of a claim; each pair of ``values`` is one that agrees, ``every`` of the sentence's has to."""

    kind: str
    values: tuple[tuple[float, float], ...]
    shown: str
    every: bool = False


def registered(block: dict[str, Any], every: bool = False) -> tuple[Registered, ...]:
    """Numbers of a claim as they stand in phrases.yaml.

    Examples
    --------
    >>> registered({"mg": "3-5", "year": "1960s"})[0]
    Registered(kind='mg', values=((3.0, 5.0),), shown='3-5 mg', every=False)
    """
    return tuple(
        Registered(kind, tuple(_pair(kind, one) for one in _listed(value)), _shown(kind, value), every)
        for kind, value in block.items()
    )


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _shown(kind: str, value: Any) -> str:
    text = " or ".join(str(one) for one in _listed(value))
    units = {"percent": "%", "mg": " mg", "hours": " h"}
    before = {"n": "n = ", "factor": "x "}
    return f"{before.get(kind, '')}{text}{units.get(kind, '')}"


def _pair(kind: str, value: Any) -> tuple[float, float]:
    text = str(value)
    if kind == "span":
        found = [one for one in quantities(text) if one.kind == "span"]
        return found[0].low, found[0].high
    if kind == "ratio":
        top, bottom = text.split("/")
        return float(top), float(bottom)
    if text.endswith("s"):
        return float(text[:-1]), float(text[:-1]) + 9
    low, _, high = text.partition("-")
    return float(low), float(high or low)


def agrees(claim: Registered, said: Quantity) -> bool:
    """Whether a quantity is (one of) the claim's of that kind.

    A single number within the claim's range agrees; a range agrees when both its ends do, or when it holds the
    claim's single number.

    Examples
    --------
    >>> hours = registered({"hours": 3})[0]
    >>> agrees(hours, quantities("about three hours")[0]), agrees(hours, quantities("12 hours")[0])
    (True, False)
    """
    return any(_same(claim.kind, low, high, said) for low, high in claim.values)


def _same(kind: str, low: float, high: float, said: Quantity) -> bool:
    if kind == "ratio":
        return low == said.low and high == said.high
    slack = _slack(kind, high, said)
    if said.low == said.high:
        return low - slack <= said.low <= high + slack
    if kind == "year":
        return said.low <= low and high <= said.high
    if low == high:
        return said.low - slack <= low <= said.high + slack
    return abs(low - said.low) <= _slack(kind, low, said) and abs(high - said.high) <= slack


def _slack(kind: str, value: float, said: Quantity) -> float:
    if kind == "percent":
        return _ROUGH_POINTS if said.rough else _POINTS
    return _TOLERANCE.get(kind, 0.0) * abs(value)


def in_hours(span: Quantity) -> Quantity:
    """A span of days as hours, so that "two days" can be told from "3 hours".

    Examples
    --------
    >>> in_hours(quantities("two days")[0]).high
    48.0
    """
    return replace(span, kind="hours", low=24 * span.low, high=24 * span.high)


def compare(numbers: Sequence[Registered], found: Sequence[Quantity]) -> tuple[int, str, str]:
    """1 where the numbers of the claim's kinds agree, -1 where one differs, 0 where there are none; and both as shown.

    Examples
    --------
    >>> from lowdose.claims.annotate.numbers import quantities
    >>> compare(registered({"n": 96, "mg": 4.5}), quantities("60 people took 4.5 mg"))
    (-1, '60', 'n = 96')
    """
    seen = 0
    for number in numbers:
        said = [one for one in found if one.kind == number.kind]
        if not said and number.kind == "hours":
            said = [in_hours(one) for one in found if one.kind == "span" and one.high <= _DAYS_TOLD_IN_HOURS]
        if number.kind == "n" and number.every and len(number.values) > 1:
            # "One did well, five did less well and six died": people, though none are named.
            said += [one for one in found if one.kind == "count"]
        if not said:
            continue
        fits = [agrees(number, one) for one in said]
        if not (all(fits) if number.every else any(fits)):
            wrong = said[fits.index(False)]
            return -1, wrong.said, number.shown
        seen = 1
    return seen, "", ""
