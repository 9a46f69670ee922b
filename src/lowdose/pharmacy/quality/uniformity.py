"""Is the drug evenly spread over the units: the acceptance value of USP <905>, from assayed contents only.

A weighed capsule shows how much powder is in it, not how much drug. Weights can reject a batch and never release it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Any, Literal

from lowdose.blocks import data
from lowdose.errors import InvalidInput
from lowdose.pharmacy.amounts.exact import exact, exactly, plain, rounded, trimmed
from lowdose.pharmacy.amounts.line import Line

Verdict = Literal["pass", "next stage", "reject"]
NOT_CONTENT = "weight variation, not content uniformity"
_HUNDREDTH = Decimal("0.01")


@dataclass(frozen=True)
class Uniformity:
    """The acceptance value of one stage, what follows from it, and the arithmetic."""

    units: int
    mean: Decimal
    deviation: Decimal
    reference: Decimal
    factor: Decimal
    acceptance_value: Decimal
    verdict: Verdict
    reason: str
    lines: tuple[Line, ...]

    def facts(self) -> dict[str, object]:
        """What the safety rules ask of a batch."""
        return {"qc.av": self.acceptance_value, "qc.potency_pct": self.mean}


@dataclass(frozen=True)
class WeightVariation:
    """How far weighed capsules are from their target. It is never a release."""

    units: int
    mean_mg: Decimal
    worst_percent: Decimal
    rejects: bool
    reason: str
    lines: tuple[Line, ...]
    is_called: str = NOT_CONTENT


@cache
def limits() -> Mapping[str, Any]:
    """Every limit with its edition, source and provenance.

    Examples
    --------
    >>> limits()["content"]["first_limit"], limits()["weight"]["provenance"]
    (15, 'recalled')
    """
    content: Mapping[str, Any] = data(files(__package__).joinpath("uniformity.yaml").read_text(encoding="utf-8"))
    return content


def mean_bounds() -> tuple[Decimal, Decimal]:
    """Lowest and highest mean content of a batch, per cent of the label (rule CMP-008).

    Examples
    --------
    >>> mean_bounds()
    (Decimal('90'), Decimal('110'))
    """
    return _number(limits()["mean"]["low"]), _number(limits()["mean"]["high"])


@exactly
def acceptance_value(contents: Sequence[Decimal]) -> Uniformity:
    """Judge assayed contents of 10 units (first stage) or of all 30 (second stage).

    Parameters
    ----------
    contents : sequence of Decimal
        Content of each unit by assay, per cent of the labelled strength.

    Raises
    ------
    InvalidInput
        If there are not 10 or 30 of them, or one is not a decimal number of at least zero.

    Examples
    --------
    >>> found = acceptance_value([Decimal(x) for x in (98, 101, 99, 102, 97, 100, 103, 96, 101, 99)])
    >>> str(round(found.acceptance_value, 2)), found.verdict
    ('5.33', 'pass')
    """
    rules = limits()["content"]
    count = len(contents)
    if count not in rules["factor"]:
        raise InvalidInput(
            f"{count} assayed contents were given; the test takes 10, or 30 in all at the second stage",
            remedy="assay 10 units; if they do not pass, 20 more, and give all 30",
        )
    given = [exact(one, "an assayed content", least=Decimal(0)) for one in contents]
    mean = sum(given, Decimal(0)) / count
    deviation = (sum(((one - mean) ** 2 for one in given), Decimal(0)) / (count - 1)).sqrt()
    low, high = (_number(rules["reference"][end]) for end in ("low", "high"))
    reference = min(max(mean, low), high)
    factor = _number(rules["factor"][count])
    value = trimmed(abs(reference - mean) + factor * deviation)
    verdict, reason = _judge(given, mean, reference, value)
    sum_shown = f"|{_two(reference)} − {_two(mean)}| + {plain(factor)} × {_two(deviation)}"
    return Uniformity(count, mean, deviation, reference, factor, value, verdict, reason, (
        Line("mean content", f"sum of {count} contents ÷ {count}", mean, "%"),
        Line("standard deviation s", f"√(sum of squares about the mean ÷ {count - 1})", deviation, "%"),
        Line("reference value M", f"mean, or the nearer of {plain(low)} and {plain(high)} %", reference, "%"),
        Line("acceptance value", sum_shown, value, "%"),
    ))  # fmt: skip


def _judge(given: Sequence[Decimal], mean: Decimal, reference: Decimal, value: Decimal) -> tuple[Verdict, str]:
    rules = limits()["content"]
    first, single = _number(rules["first_limit"]), _number(rules["single_limit"]) / 100
    low, high = mean_bounds()
    if not low <= mean <= high:
        return "reject", f"the mean is {_two(mean)} %, outside {plain(low)} to {plain(high)} %"
    second = len(given) > 10
    bounds = (
        (reference, reference) if second else (_number(rules["reference"]["low"]), _number(rules["reference"]["high"]))
    )
    least, most = (1 - single) * bounds[0], (1 + single) * bounds[1]
    outside = [one for one in given if not least <= one <= most]
    if outside:
        return "reject", f"one unit holds {plain(outside[0])} %, outside {_two(least)} to {_two(most)} %"
    if value <= first:
        return "pass", f"acceptance value {_two(value)}, not above {plain(first)}"
    reason = f"acceptance value {_two(value)}, above {plain(first)}"
    return ("reject", reason) if second else ("next stage", f"{reason}: assay 20 more units and judge all 30")


@exactly
def weight_variation(weights_mg: Sequence[Decimal], target_mg: Decimal) -> WeightVariation:
    """Hold the net weight of capsules against their target; it may reject a batch and never releases one.

    Parameters
    ----------
    weights_mg : sequence of Decimal
        Content of powder of each capsule, mg: full capsule less its empty shell.
    target_mg : Decimal
        What each should hold, mg.

    Raises
    ------
    InvalidInput
        If there are fewer than 10, or one is not a number of at least zero.

    Examples
    --------
    >>> found = weight_variation([Decimal(x) for x in (90, 91, 89, 90, 92, 88, 90, 91, 89, 79)], Decimal(90))
    >>> found.rejects, found.is_called
    (True, 'weight variation, not content uniformity')
    """
    rules = limits()["weight"]
    if len(weights_mg) < rules["least_units"]:
        raise InvalidInput(f"{len(weights_mg)} weights were given", remedy=f"weigh {rules['least_units']} or more")
    target = exact(target_mg, "the target weight", computed=True)
    given = [exact(one, "a capsule weight", least=Decimal(0)) for one in weights_mg]
    mean, within = sum(given, Decimal(0)) / len(given), _number(rules["within"])
    worst = max(given, key=lambda one: abs(one - target))
    off = abs(worst - target) / target * 100
    verdict = "rejects the batch" if off > within else "does not reject the batch, and does not release it"
    return WeightVariation(
        units=len(given),
        mean_mg=mean,
        worst_percent=off,
        rejects=off > within,
        reason=f"{_two(worst)} mg is {_two(off)} % off; {plain(within)} % are allowed: {verdict}",
        lines=(
            Line("mean weight", f"sum of {len(given)} weights ÷ {len(given)}", mean, "mg"),
            Line("worst capsule", f"|{_two(worst)} − {_two(target)}| ÷ {_two(target)} × 100", off, "%"),
        ),
    )


def _number(value: object) -> Decimal:
    return Decimal(str(value))


def _two(value: Decimal) -> str:
    return plain(rounded(value, _HUNDREDTH))
