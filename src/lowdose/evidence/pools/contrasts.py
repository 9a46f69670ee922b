"""A contrast of the data as an entry: its numbers looked up, converted, and described for the rules."""

from __future__ import annotations

from collections.abc import Mapping

from lowdose.errors import InvalidInput, LowdoseError
from lowdose.evidence.pools.effects.sizes import effect_size, measures
from lowdose.evidence.pools.entry import Entry, Unusable
from lowdose.evidence.pools.numbers import Measure
from lowdose.evidence.records.derive import number_at
from lowdose.evidence.records.labels import label
from lowdose.evidence.records.schema import AdverseEvent, Contrast, Outcome, Study

INACTIVE = ("placebo", "sugar pill", "sham", "no treatment", "usual care", "waiting list")
"""Words of a comparator that is no drug; an add-on to both arms stands beside one of them."""


def gives(contrast: Contrast, measure: Measure) -> bool:
    """Whether a contrast can be told in this measure.

    Examples
    --------
    >>> gives(Contrast(pool="pain", kind="change", method="published_smd"), "MD")
    False
    """
    return bool(contrast.method) and measure in measures(contrast.method)


def entry_of(
    study: Study, outcome: Outcome | AdverseEvent, contrast: Contrast, measure: Measure, *, correlation: float = 0.5
) -> Entry:
    """One contrast as an entry.

    Parameters
    ----------
    study, outcome, contrast
        The contrast, the outcome or adverse event it belongs to, and the study.
    measure : str
        What is wanted; see `gives`.
    correlation : float
        Between the periods of a crossover trial.

    Raises
    ------
    InvalidInput
        If the numbers are missing or cannot be converted; the message names the study.

    Examples
    --------
    >>> from lowdose.evidence.records.registry import registry
    >>> final = registry().studies["bruun2024_FINAL"]
    >>> made = entry_of(final, final.outcomes[0], final.outcomes[0].contrasts[0], "SMD")
    >>> made.label, made.estimate, made.dose_mg
    ('Due Bruun 2024 (FINAL)', -0.23, 6.0)
    """
    numbers = _numbers(study, outcome, contrast)
    effect = effect_size(contrast.method, measure, numbers, correlation=correlation)
    is_event = isinstance(outcome, AdverseEvent)
    recalled = _recalled(study, outcome, contrast)
    treated, control = _sizes(study, outcome, contrast, numbers)
    counts = tuple(int(numbers[name]) for name in ("e1", "n1", "e2", "n2")) if contrast.method == "events" else None
    dose = study.intervention.dose_mg_per_day.range_mg
    return Entry(
        study=study.id,
        label=label(study),
        year=study.citation.year,
        measure=measure,
        estimate=effect.estimate,
        variance=effect.variance,
        kind=contrast.kind,
        better="lower" if isinstance(outcome, AdverseEvent) else outcome.better,
        design=study.design,
        controlled=study.is_controlled and "baseline" not in contrast.control,
        active_control=_is_active(study, outcome, contrast),
        comparator=study.comparator or contrast.control,
        dose_mg=dose[1] if dose else None,
        dose_class=study.intervention.dose_class,
        drug=study.intervention.drug,
        patient_set=study.patient_set,
        risk_of_bias=study.rob.overall,
        tag=_tag(outcome, contrast, recalled),
        recalled=recalled,
        n_treated=treated,
        n_control=control,
        events=counts,  # type: ignore[arg-type]
        percentages=_percentages(outcome, contrast),
        correlation=effect.correlation,
        method=contrast.method,
        sensitivity_only=study.use.meta_analysis == "sensitivity only",
        timepoint_wk=study.intervention.duration_wk if is_event else outcome.timepoint_wk,  # type: ignore[union-attr]
        outcome=outcome.event if isinstance(outcome, AdverseEvent) else outcome.name,
        scale="" if isinstance(outcome, AdverseEvent) else outcome.scale or outcome.instrument,
        group=study.condition,
        note="; ".join(dict.fromkeys(said for said in (contrast.note, outcome.note, effect.note) if said)),
    )


def _numbers(study: Study, outcome: Outcome | AdverseEvent, contrast: Contrast) -> dict[str, float]:
    try:
        return {name: float(number_at(path, outcome, study)) for name, path in contrast.using.items()}
    except LowdoseError as error:
        name = outcome.event if isinstance(outcome, AdverseEvent) else outcome.name
        raise InvalidInput(error.what, where=f"{study.id}, {name}", remedy="mend the contrast's using") from error


def unusable_of(study: Study, outcome: Outcome | AdverseEvent, contrast: Contrast, why: str = "") -> Unusable:
    """A contrast without numbers, as a row without a marker; ``why``, where there are numbers that cannot be used.

    Examples
    --------
    >>> from lowdose.evidence.records.registry import registry
    >>> trial = registry().studies["sharaf2010_ms"]
    >>> found = [(o, c) for o in trial.outcomes for c in o.contrasts]
    >>> unusable_of(trial, *found[0]).why.split(":")[0]
    'means and standard deviations'
    """
    return Unusable(
        study=study.id,
        label=label(study),
        year=study.citation.year,
        why=why or contrast.missing or "numbers",
        direction=getattr(outcome, "direction", ""),
        n=study.n.behind_results,
        recalled=outcome.prov.tag == "recalled" or bool(contrast.recalled),
        design=study.design,
        seen=bool(why),
    )


def _is_active(study: Study, outcome: Outcome | AdverseEvent, contrast: Contrast) -> bool:
    """Whether the control is another drug: by the study's words, else by the name of an arm that was reported."""
    known = [study.comparator.lower()]
    if contrast.control in outcome.arms or not study.comparator:
        known.append(contrast.control.lower())
    return not any(word in words for words in known for word in INACTIVE)


def _recalled(study: Study, outcome: Outcome | AdverseEvent, contrast: Contrast) -> tuple[str, ...]:
    used = {path for path in contrast.using.values() if isinstance(path, str)}
    found = list(contrast.recalled)
    found += [said for one in outcome.derivations if one.field in used for said in one.recalled]
    if outcome.prov.tag == "recalled" or (contrast.prov and contrast.prov.tag == "recalled" and not found):
        found.insert(0, outcome.event if isinstance(outcome, AdverseEvent) else outcome.name)
    return tuple(dict.fromkeys(found))


def _tag(outcome: Outcome | AdverseEvent, contrast: Contrast, recalled: tuple[str, ...]) -> str:
    if recalled:
        return "recalled"
    rebuilt = {one.field for one in outcome.derivations} & {str(path) for path in contrast.using.values()}
    return "derived" if rebuilt else (contrast.prov or outcome.prov).tag


def _sizes(
    study: Study, outcome: Outcome | AdverseEvent, contrast: Contrast, numbers: Mapping[str, float]
) -> tuple[int | None, int | None]:
    """People of both arms: from the numbers used, the arms of the outcome, or those of the study."""
    if "crossover" in study.design:
        own = numbers.get("n") or numbers.get("n1") or (numbers["df"] + 1 if "df" in numbers else None)
        people = int(own) if own else study.n.behind_results
        return people, people
    both = []
    for key, name in (("n1", contrast.treated), ("n2", contrast.control)):
        arm = outcome.arms.get(name)
        own = numbers.get(key) or (arm and (arm.n or arm.total)) or study.n.arms.get(name)
        both.append(int(own) if own else None)
    return both[0], both[1]


def _percentages(outcome: Outcome | AdverseEvent, contrast: Contrast) -> tuple[tuple[float, int], ...]:
    arms = [outcome.arms[name] for name in (contrast.treated, contrast.control) if name in outcome.arms]
    return tuple((arm.pct, arm.total) for arm in arms if arm.pct is not None and arm.total)
