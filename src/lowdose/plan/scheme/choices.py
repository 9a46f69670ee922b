"""The scheme of one plan: what the prescriber chose, what the rules ask, and what came of both."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import pairwise
from typing import Literal

from lowdose.errors import InvalidInput
from lowdose.plan.catalogue import TimeOfDay
from lowdose.plan.records.parts import Chosen
from lowdose.safety.rules.logic import NOT_APPLICABLE

_OF_THE_PHARMACY = (
    "plan.mg_ml_mismatch_pct", "plan.min_volume_ml", "plan.graduation_error_pct", "plan.capsule_remainder_mg",
)  # fmt: skip
"""What is measured out is not in a plan: these are checked when the product is made."""
INTENT = "ldn"
"""What every plan here is for, in the words of the safety rules."""


@dataclass(frozen=True)
class Choices:
    """What the prescriber chose inside what the source leaves open; None leaves it to the cautious end of the range.

    Examples
    --------
    >>> Choices(ceiling_mg=Decimal("3")).ceiling_mg
    Decimal('3')
    """

    scheme: str | None = None
    start_mg: Decimal | None = None
    step_mg: Decimal | None = None
    interval_days: int | None = None
    ceiling_mg: Decimal | None = None
    time_of_day: TimeOfDay | None = None
    form: Literal["capsule", "solution"] | None = None
    weight_kg: Decimal | None = None


@dataclass(frozen=True)
class Limits:
    """What the rules that fired ask of a scheme for this person, each with its rule. They only restrict."""

    start_max: tuple[Decimal, str] | None = None
    ceiling_max: tuple[Decimal, str] | None = None
    interval_min: tuple[int, str] | None = None
    time: tuple[TimeOfDay, str] | None = None
    only: tuple[tuple[str, ...], str] | None = None


@dataclass(frozen=True)
class Settled:
    """The scheme of one plan: doses in order, days for each but the last, and where each value comes from."""

    name: str
    doses: tuple[Decimal, ...]
    interval_days: int | None
    time_of_day: TimeOfDay
    form: Literal["capsule", "solution"] | None
    chosen: tuple[Chosen, ...] = field(repr=False)

    def facts(self, weight_kg: Decimal | None) -> Mapping[str, object]:
        """The scheme as the safety rules read it."""
        days = [self.interval_days or 0] * (len(self.doses) - 1)
        return facts(self.doses, days, per_day=1, time_of_day=self.time_of_day, weight_kg=weight_kg)


class OutsideSource(InvalidInput):
    """What a rule asks of this person lies outside what the protocol's source has: no plan is made (exit code 5).

    Examples
    --------
    >>> OutsideSource("no plan").exit_code
    5
    """

    exit_code = 5


def facts(
    doses: Sequence[Decimal],
    days: Sequence[int],
    *,
    per_day: int,
    time_of_day: TimeOfDay,
    weight_kg: Decimal | None,
) -> Mapping[str, object]:
    """Fields ``plan.*`` of the safety rules; what a plan does not have, such as steps or volumes, is not applicable.

    Examples
    --------
    >>> doses = [Decimal(1), Decimal(2), Decimal("4.5")]
    >>> found = facts(doses, [7, 7], per_day=1, time_of_day="bedtime", weight_kg=None)
    >>> found["plan.max_step_mg"], found["plan.max_step_ratio_above_1mg"], found["plan.min_step_days"]
    (2.5, 2.25, 7)
    """
    pairs = list(pairwise(doses))
    found: dict[str, object] = {
        "plan.intent": INTENT,
        "plan.start_dose_mg": float(doses[0] * per_day),
        "plan.max_dose_mg": float(max(doses) * per_day),
        "plan.max_step_mg": float(max((after - before for before, after in pairs), default=Decimal(0))),
        "plan.max_step_ratio_above_1mg": float(
            max((after / before for before, after in pairs if after > 1 and before >= 1), default=Decimal(1))
        ),
        "plan.min_step_days": min(days) if days else NOT_APPLICABLE,
        "plan.doses_per_day": per_day,
        "plan.time_of_day": time_of_day,
        **dict.fromkeys(_OF_THE_PHARMACY, NOT_APPLICABLE),
    }
    if weight_kg is not None:
        found["plan.dose_mg_per_kg"] = float(max(doses) * per_day / weight_kg)
    return found
