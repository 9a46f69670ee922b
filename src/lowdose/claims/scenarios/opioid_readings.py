"""What a scenario may read of other opioids: effect left, receptors held, naloxone; never a dose of an opioid."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from lowdose.claims.lookups.found import UnknownValue

if TYPE_CHECKING:
    from lowdose.model import Parameter
    from lowdose.opioids import EffectLeft, Reversal, Withdrawal
NAMES = ("naloxone_duration", "naloxone_onset", "opioid_effect_back", "opioid_effect_left", "opioid_held")
"""What can be read here."""


def opioid_effect_left(*, opioid: str, after: str, hours: float, hypothesis: str) -> float:
    """Share of an opioid's effect that is left so many hours after the last naltrexone dose.

    Examples
    --------
    >>> 0 < opioid_effect_left(opioid="oxycodone 10 mg", after="50 mg once", hours=8, hypothesis="effect-site") < 1
    True
    """
    rival = next(one for one in _left(opioid, after, hours).rivals if one.kinetics == hypothesis)
    return _known(rival.left.typical, "share of effect left")


def opioid_effect_back(*, opioid: str, after: str, hypothesis: str) -> float:
    """Hours after the last naltrexone dose from which four fifths of the effect are back.

    Examples
    --------
    >>> opioid_effect_back(opioid="oxycodone 10 mg", after="50 mg once", hypothesis="effect-site") > 24
    True
    """
    rival = next(one for one in _left(opioid, after, 8.0).rivals if one.kinetics == hypothesis)
    return _known(rival.back_hours.typical, "effect back within 30 days")


def opioid_held(*, opioid: str, hours: float, hypothesis: str, overrides: Mapping[str, float] | None = None) -> float:
    """Share of µ receptors in the brain that an opioid still holds so many hours after its last dose.

    ``overrides`` are other values of the opioid's own parameters.

    Examples
    --------
    >>> 0 < opioid_held(opioid="methadone 40 mg daily", hours=24, hypothesis="effect-site") < 1
    True
    """
    answer = _then(opioid, hours, tuple(sorted((overrides or {}).items())))
    rival = next(one for one in answer.rivals if one.kinetics == hypothesis)
    return _known(rival.held_before.typical, "share held")


def naloxone_onset(*, naloxone: str, naltrexone: str, hypothesis: str) -> float:
    """Hours to half of naloxone's largest block in the brain, over the same of naltrexone.

    Examples
    --------
    >>> naloxone_onset(naloxone="naloxone 4 mg intranasal", naltrexone="50 mg once", hypothesis="effect-site") > 0
    True
    """
    from lowdose.claims.scenarios.readings import hours_to_half_of_peak

    other = hours_to_half_of_peak(output="mu_occupancy_central", regimen=naltrexone, hypothesis=hypothesis)
    return _known(_naloxone(naloxone).onset_minutes.typical, "onset of naloxone") / 60.0 / other


def naloxone_duration(*, naloxone: str, naltrexone: str, hypothesis: str) -> float:
    """Hours for which naloxone blocks more than half of the receptors, over those of naltrexone's first day.

    Examples
    --------
    >>> naloxone_duration(naloxone="naloxone 4 mg intranasal", naltrexone="50 mg once", hypothesis="effect-site") > 0
    True
    """
    from lowdose.claims.scenarios.readings import metric

    name = "hours_above_50_first_day"
    other = metric(output="mu_occupancy_central", name=name, regimen=naltrexone, hypothesis=hypothesis)
    return _known(_naloxone(naloxone).above_half_hours.typical, "block by naloxone") / other


@lru_cache(maxsize=64)
def _left(opioid: str, after: str, hours: float) -> EffectLeft:
    from lowdose.opioids import effect_left

    return effect_left(opioid, after, hours)


@lru_cache(maxsize=64)
def _then(opioid: str, hours: float, overrides: tuple[tuple[str, float], ...]) -> Withdrawal:
    from lowdose.opioids import opioid_dose, withdrawal

    dose = opioid_dose(opioid, on_board=True)
    table = dose.opioid.table(dose.route)
    others = {symbol: table[symbol].model_copy(update={"value": value}) for symbol, value in overrides}
    changed = dose.opioid.model_copy(update={"parameters": {**dose.opioid.parameters, **others}})
    # Which dose of naltrexone follows does not matter to what the opioid holds before it.
    return withdrawal(replace(dose, opioid=changed), "1 mg once", hours)


def opioid_table(opioid: str) -> Mapping[str, Parameter]:
    """Every parameter of an opioid by its usual route.

    Examples
    --------
    >>> "CL_agonist" in opioid_table("methadone 40 mg daily")
    True
    """
    from lowdose.opioids import opioid_dose

    dose = opioid_dose(opioid, on_board=True)
    return dose.opioid.table(dose.route)


@lru_cache(maxsize=8)
def _naloxone(text: str) -> Reversal:
    from lowdose.opioids import naloxone

    return naloxone(text)


def _known(value: Any, what: str) -> float:
    if value is None:
        raise UnknownValue(f"{what}: not within the time that is looked at")
    return float(value)
