"""A scenario under its rivals: what each says, and what that comes to."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

from lowdose.claims.bounds import meets
from lowdose.claims.lookups.found import UnknownValue
from lowdose.claims.scenarios import opioid_readings, readings
from lowdose.claims.scenarios.schema import Scenario, ScenarioPart
from lowdose.claims.schema import Computed, Outcome, PartResult, RivalResult
from lowdose.claims.words import criterion_words
from lowdose.errors import InvalidInput, LowdoseError

READINGS: Mapping[str, Callable[..., float]] = {
    reading.__name__: reading
    for reading in (
        opioid_readings.naloxone_duration,
        opioid_readings.naloxone_onset,
        opioid_readings.opioid_effect_back,
        opioid_readings.opioid_effect_left,
        opioid_readings.opioid_held,
        readings.answer_to_own_release,
        readings.at_hour,
        readings.between,
        readings.hours_to_half_of_peak,
        readings.least_making,
        readings.metric,
        readings.rise,
        readings.share_made_between,
    )
}
"""Every reading a scenario may name."""
BY_CONSTRUCTION: Outcome = "consistent by construction"


def judge(scenario: Scenario) -> Computed:
    """Run a scenario under all its rivals.

    Only an independent one may hold or fail; where rivals disagree it depends on the hypothesis. One that the model
    was set to, or assumes, is consistent by construction, or is no test at all where the model was set otherwise.

    Examples
    --------
    >>> from lowdose.claims.scenarios.files import scenarios
    >>> found = judge(scenarios()["C019"])
    >>> found.computed, found.hypothesis
    ('depends on hypothesis', 'effect-site')
    """
    if not scenario.parts:
        return Computed(id=scenario.id, computed="cannot be computed", reason=scenario.none)
    independent = scenario.basis == "independent"
    asked = scenario.hypotheses if independent else scenario.hypotheses[:1]
    tried = _side_by_side(scenario, asked)
    default = tried[asked[0]]
    state, deciding = decide(default)
    reason = deciding.reason or scenario.caution
    if not independent:
        computed: Outcome = BY_CONSTRUCTION if state == "holds" else "cannot be computed"
        said = f"{scenario.basis}: {scenario.rests_on}"
        reason = said if state == "holds" else f"no test: the model says otherwise by construction ({said})"
    else:
        states = {decide(parts)[0] for parts in tried.values()} - {"cannot be computed"}
        computed = "depends on hypothesis" if len(states) > 1 and state != "cannot be computed" else state
    return Computed(
        id=scenario.id,
        hypothesis=asked[0],
        metric=deciding.metric,
        value=deciding.value,
        unit=deciding.unit,
        criterion="; ".join(part.criterion for part in default),
        computed=computed,
        basis=scenario.basis,
        rests_on=scenario.rests_on,
        reason=reason,
        parts=default,
        rivals=tuple(_rival(name, parts) for name, parts in tried.items()) if len(tried) > 1 else (),
    )


def _side_by_side(scenario: Scenario, asked: tuple[str, ...]) -> dict[str, tuple[PartResult, ...]]:
    """What each rival says; the engine lets go of the interpreter while it solves, and rivals share no run.

    Antimony holds one model at a time and crashes when two threads use it, so models are joined and kept beforehand.
    Where nothing can be kept, or a reading joins models of its own, rivals go one by one.
    """
    from lowdose import cache
    from lowdose.model import assemble, hypothesis

    for name in asked:
        assemble(hypothesis(name))
    alone = cache.folder() is None or any(part.read in opioid_readings.NAMES for part in scenario.parts)
    with ThreadPoolExecutor(max_workers=1 if alone else os.cpu_count()) as pool:
        return dict(zip(asked, pool.map(partial(_as_asked, scenario), asked), strict=True))


def _as_asked(scenario: Scenario, hypothesis: str) -> tuple[PartResult, ...]:
    """Every part for the default, which is shown whole; of a rival, no more than decides."""
    return outcome(scenario, hypothesis, whole=hypothesis == scenario.hypotheses[0])


def outcome(
    scenario: Scenario, hypothesis: str, overrides: Mapping[str, float] | None = None, *, whole: bool = False
) -> tuple[PartResult, ...]:
    """What each part of a scenario comes to under one hypothesis, with other values of parameters when given.

    Parts after the first that fails are left out, unless the ``whole`` is wanted.

    Raises
    ------
    InvalidInput
        A part names a reading, an output or a parameter that is not there.

    Examples
    --------
    >>> from lowdose.claims.scenarios.files import scenarios
    >>> [part.holds for part in outcome(scenarios()["C016"], "effect-site")]
    [False]
    """
    results: list[PartResult] = []
    for part in scenario.parts:
        results.append(_try(part, hypothesis, overrides or {}, scenario.id))
        if results[-1].holds is False and not whole:
            break
    return tuple(results)


def decide(parts: tuple[PartResult, ...]) -> tuple[Outcome, PartResult]:
    """A part that fails decides, else one that is not known, else it holds by its last part.

    Examples
    --------
    >>> decide((PartResult(metric="a", value=1, unit="", criterion="", holds=True),))[0]
    'holds'
    """
    for state, name in ((False, "fails"), (None, "cannot be computed")):
        for part in parts:
            if part.holds is state:
                return name, part  # type: ignore[return-value]
    return "holds", parts[-1]


def _try(part: ScenarioPart, hypothesis: str, overrides: Mapping[str, float], claim: str) -> PartResult:
    words = criterion_words(part)
    try:
        value = _read(part, part.arguments, hypothesis, overrides)
        if part.relative_to:
            other = _read(part, {**part.arguments, **part.relative_to}, hypothesis, overrides)
            value = _against(value, other, part.by)
    except UnknownValue as unknown:
        return PartResult(
            metric=part.metric, value=None, unit=part.unit, criterion=words, holds=None, reason=str(unknown)
        )
    except (LowdoseError, TypeError, KeyError) as error:
        what = f"{part.read} cannot be run: {getattr(error, 'what', error)}"
        raise InvalidInput(what, where=f"scenario {claim}", remedy=getattr(error, "remedy", "")) from error
    holds = meets(value, part.holds, part.bound)
    return PartResult(metric=part.metric, value=value, unit=part.unit, criterion=words, holds=holds)


def _read(part: ScenarioPart, arguments: dict[str, Any], hypothesis: str, overrides: Mapping[str, float]) -> float:
    """One number; the flip's values go over the scenario's own, and readings of opioids have no parameters to set."""
    if part.read not in READINGS:
        raise InvalidInput(f"no reading is named {part.read!r}", remedy=", ".join(sorted(READINGS)))
    more = (
        {"overrides": {**arguments.get("overrides", {}), **overrides}} if overrides or "overrides" in arguments else {}
    )
    return READINGS[part.read](**{**arguments, **more}, hypothesis=hypothesis)


def _against(value: float, other: float, by: str) -> float:
    if by == "difference":
        return value - other
    if other == 0.0:
        raise UnknownValue("nothing to compare with: the second number is 0")
    return value / other


def _rival(hypothesis: str, parts: tuple[PartResult, ...]) -> RivalResult:
    state, deciding = decide(parts)
    return RivalResult(
        hypothesis=hypothesis, computed=state, metric=deciding.metric, value=deciding.value, unit=deciding.unit
    )
