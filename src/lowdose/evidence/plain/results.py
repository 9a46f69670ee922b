"""What a study found, in words and numbers as its record has them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lowdose.evidence.records.schema import ArmResult, Effect

_WAYS: Mapping[str, str] = {
    "no_difference": "no difference",
    "no_clear_difference": "no clear difference",
    "no_change": "no change",
    "favours_placebo": "favours placebo",
    "favours_control": "favours the control",
    "favours_ldn_not_significant": "towards LDN, could be chance",
    "favours_ldn_exploratory": "favours LDN, one of many looked at",
    "not_comparative": "nothing compared",
    "not_randomised": "groups not made by lot",
    "descriptive": "counted, nothing compared",
    "favours_combination": "favours the combination",
    "favours_bundle": "favours all that was given together",
    "no_difference_v_varenicline": "no difference to varenicline alone",
    "no_difference_trend_for_combination": "no difference; towards the combination, could be chance",
    "sponsor_reported": "told by the sponsor, not seen",
    "predictive": "looked at who responds",
    "dose_response": "looked at the dose, nothing compared",
    "pk": "amount in the blood",
    "fell": "fell",
    "declined": "fell: worse than before",
    "worse": "worse than before",
    "worse_or_unchanged": "worse than before, or the same",
    "against_use": "advises against use",
}
_CONTROLLED_WAYS = {"favours_ldn": "favours LDN", "favours_drug": "favours the drug"}
_FAVOURS = ("favours_ldn", "favours_drug", "favours_combination", "favours_bundle")
_BEFORE_ONLY = "better than before; not against the control group"
_BEFORE = "better than before; no control group"


def way_words(direction: str, controlled: bool) -> str:
    """Which way a result points, in words; without a control group it never favours anything.

    Examples
    --------
    >>> way_words("favours_ldn", True), way_words("favours_ldn", False)
    ('favours LDN', 'better than before; no control group')
    """
    if direction.endswith("_before_after"):
        return _BEFORE_ONLY if controlled else _BEFORE
    if direction in _FAVOURS and not controlled:
        return _BEFORE
    if direction in _CONTROLLED_WAYS:
        return _CONTROLLED_WAYS[direction]
    return _WAYS.get(direction, direction.replace("_", " "))


def arm_words(arm: ArmResult) -> str:
    """What one arm showed.

    Examples
    --------
    >>> from lowdose.evidence.records.schema import ArmResult
    >>> arm_words(ArmResult(events=15, total=18)), arm_words(ArmResult(mean_change=-1.3, ci=(-1.7, -0.8)))
    ('15 of 18', 'change −1.3 (−1.7 to −0.8)')
    """
    parts = []
    if arm.events is not None:
        parts.append(f"{arm.events} of {arm.total}" if arm.total else f"{arm.events}")
    if arm.pct is not None:
        parts.append(f"{arm.pct:g} %")
    if arm.mean is not None:
        parts.append(f"mean {_number(arm.mean)}")
    if arm.mean_change is not None:
        parts.append(f"change {_number(arm.mean_change)}{_between(arm.ci)}")
    if arm.mean_pct_change is not None:
        parts.append(f"change {_number(arm.mean_pct_change)} %")
    if arm.sd is not None:
        parts.append(f"SD {arm.sd:g}")
    before = [one for one in (arm.baseline, arm.baseline_mean) if one is not None]
    if before:
        parts.append(f"before {_pair(before[0])}{f' ± {arm.baseline_spread:g}' if arm.baseline_spread else ''}")
    if arm.end is not None:
        parts.append(f"after {_pair(arm.end)}{f' ± {arm.end_spread:g}' if arm.end_spread else ''}")
    parts += [f"{name.replace('_', ' ')} {_any(value)}" for name, value in arm.others.items()]
    return ", ".join(parts)


def effect_words(effect: Effect | None) -> str:
    """What the source says of the difference.

    Examples
    --------
    >>> from lowdose.evidence.records.schema import Effect
    >>> effect_words(Effect(measure="MD", est=-0.34, ci=(-0.95, 0.27), p=0.27))
    'MD −0.34 (−0.95 to 0.27), p 0.27'
    """
    if effect is None:
        return ""
    parts = []
    if effect.est is not None:
        named = f"{effect.measure or 'difference'} {_number(effect.est)}{_between(effect.ci)}"
        parts.append(f"{named} {effect.unit}".strip())
    if effect.se is not None:
        parts.append(f"standard error {effect.se:g}")
    if effect.cohen_d is not None:
        parts.append(f"Cohen's d {_number(effect.cohen_d)}")
    if effect.p is not None:
        parts.append(f"p {str(effect.p).replace('<', '< ')}")
    parts += [f"{name.replace('_', ' ')} {_any(value)}" for name, value in effect.others.items()]
    return ", ".join(parts)


def _any(value: Any) -> str:
    if isinstance(value, Mapping):
        return "(" + ", ".join(f"{key} {_any(one)}" for key, one in value.items()) + ")"
    if isinstance(value, (tuple, list)):
        return " to ".join(_any(one) for one in value)
    return _number(value) if isinstance(value, (int, float)) else str(value)


def _number(value: float) -> str:
    return f"{value:g}".replace("-", "−")


def _between(ends: tuple[float, float] | None) -> str:
    return f" ({_number(ends[0])} to {_number(ends[1])})" if ends else ""


def _pair(value: tuple[float, float] | float) -> str:
    return f"{_number(value[0])} ({_number(value[1])})" if isinstance(value, tuple) else _number(value)
