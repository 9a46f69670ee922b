"""Checks of what refers to something: ids, conditions, sources, scales, units, and the marks of memory."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from lowdose.blocks import Block
from lowdose.evidence.checks.issue import Issue, contrasts, dangling
from lowdose.evidence.records.library import Ongoing, Review
from lowdose.evidence.records.registry import Registry
from lowdose.evidence.records.schema import ArmResult, Provenance, Study

UNITS = frozenset(
    "points,mg,s,%,% of baseline,days/week,drinks/day,cells/mm3,IU,ng/mL,DDD,DDD or users,stimulus".split(",")
)


def check_ids(known: Registry) -> Iterator[Issue]:
    """No id stands for two things: studies, reviews and ongoing trials share one name space.

    Examples
    --------
    >>> from lowdose.evidence.records.registry import registry
    >>> list(check_ids(registry()))
    []
    """
    counted = Counter(name for kind in (known.studies, known.reviews, known.ongoing) for name in kind)
    for name in (name for name, times in counted.items() if times > 1):
        what = f"the id {name!r} stands for two things"
        yield Issue("ids", "error", name, what, "give one of the two another id")


def check_conditions(known: Registry) -> Iterator[Issue]:
    """Every condition is one of ``conditions.yaml``; what a pool left out is a study.

    Examples
    --------
    >>> from lowdose.evidence.records.registry import registry
    >>> list(check_conditions(registry()))
    []
    """
    for record in _records(known):
        for name in (record.condition, *record.also):
            if name not in known.conditions:
                yield dangling("conditions", f"{record.id}, condition", "condition", name, known.conditions)
    for review in known.reviews.values():
        for left_out in review.left_out:
            if left_out.study not in known.studies:
                yield dangling("conditions", f"{review.id}, left_out", "study", left_out.study, known.studies)


def check_sources(known: Registry) -> Iterator[Issue]:
    """Every source that a provenance or a text names is one of ``sources.yaml``.

    Examples
    --------
    >>> from lowdose.evidence.records.registry import registry
    >>> list(check_sources(registry()))
    []
    """
    for where, value in _everything(known):
        named = value.src if isinstance(value, Provenance) else ()
        if isinstance(value, str) and " " in value:
            named = tuple(re.findall(r"\bS\d{2,3}\b", value))
        for name in named:
            if name not in known.sources:
                yield dangling("sources", where, "source", name, known.sources)


def check_found(known: Registry) -> Iterator[Issue]:
    """What is called found says where.

    Examples
    --------
    >>> from lowdose.evidence.records.registry import registry
    >>> list(check_found(registry()))
    []
    """
    for where, value in _everything(known):
        if isinstance(value, Provenance) and value.tag == "found" and not value.src:
            yield Issue("found", "error", where, "found, but no source is named", "write src: and the id of the source")


def check_recalled(known: Registry) -> Iterator[Issue]:
    """What rests on memory is marked: doses, contrasts, and what a contrast takes from a derivation.

    Examples
    --------
    >>> from lowdose.evidence.records.registry import registry
    >>> list(check_recalled(registry()))
    []
    """
    for study in known.studies.values():
        dose = study.intervention.dose_mg_per_day
        if any("recalled" in str(part) for part in dose.text) != dose.recalled:
            where = f"{study.id}, intervention.dose_mg_per_day"
            yield Issue("recalled", "error", where, "the words and the mark of the dose differ", "write recalled: true")
        for where, block, contrast in contrasts(study):
            tag = (contrast.prov or block.prov).tag
            resting = {
                name for one in block.derivations for name in one.recalled if one.field in contrast.using.values()
            }
            if contrast.recalled and tag != "recalled":
                what = "part of it is recalled, its provenance says otherwise"
                yield Issue("recalled", "error", where, what, "write prov: {tag: recalled}")
            if tag == "recalled" and not contrast.recalled:
                yield Issue("recalled", "error", where, "recalled, but not said what of it", "write recalled: [what]")
            if resting - set(contrast.recalled):
                what = f"it rests on what is recalled: {', '.join(sorted(resting))}"
                yield Issue("recalled", "error", where, what, "name it in recalled:")


def check_scales(known: Registry) -> Iterator[Issue]:
    """Values on a scale name the scale; every scale has a direction, and its outcomes have the same.

    Examples
    --------
    >>> from lowdose.evidence.records.registry import registry
    >>> list(check_scales(registry()))
    []
    """
    for name, instrument in known.instruments.items():
        if instrument.better == "neither":
            what = f"the scale {name!r} has no direction"
            yield Issue("scales", "error", f"instruments, {name}", what, "write better: lower or higher")
    for study in known.studies.values():
        for number, outcome in enumerate(study.outcomes):
            where = f"{study.id}, outcomes.{number}"
            scale = known.instruments.get(outcome.scale)
            if outcome.scale and scale is None:
                yield dangling("scales", where, "scale", outcome.scale, known.instruments)
            elif scale and scale.better != outcome.better:
                what = f"better is {outcome.better} here, {scale.better} on the scale {scale.id}"
                yield Issue("scales", "error", where, what, f"write better: {scale.better}, or another scale")
            elif not scale and any(_on_a_scale(arm) for arm in outcome.arms.values()) and outcome.better != "neither":
                what = f"values of {outcome.instrument!r} without a scale, so without a direction"
                yield Issue("scales", "error", where, what, "write scale: and an id of instruments.yaml")


def check_units(known: Registry) -> Iterator[Issue]:
    """Every unit is one we know.

    Examples
    --------
    >>> from lowdose.evidence.records.registry import registry
    >>> list(check_units(registry()))
    []
    """
    units = [(f"instruments, {one.id}", one.unit) for one in known.instruments.values()]
    units += [(f"instruments, {one.id}, mid", mid.unit) for one in known.instruments.values() for mid in one.mid]
    for study in known.studies.values():
        for number, outcome in enumerate(study.outcomes):
            if outcome.effect and outcome.effect.unit:
                units.append((f"{study.id}, outcomes.{number}.effect.unit", outcome.effect.unit))
    for where, unit in units:
        if unit not in UNITS:
            yield dangling("units", where, "unit", unit, UNITS)


def check_pools(known: Registry) -> Iterator[Issue]:
    """A comparison with numbers that no question asks for would be left out in silence: worth a note.

    Examples
    --------
    >>> from lowdose.evidence.records.registry import registry
    >>> list(check_pools(registry()))
    []
    """
    from lowdose.evidence.pools.questions import questions

    asked = {question.outcome for question in questions().values()}
    for study in known.studies.values():
        for where, _, contrast in contrasts(study):
            if contrast.method and contrast.pool not in asked:
                found = dangling("pools", where, "pool", contrast.pool, asked)
                yield Issue("pools", "note", where, f"no question asks for the pool {contrast.pool!r}", found.remedy)


def _on_a_scale(arm: ArmResult) -> bool:
    return any(
        one is not None
        for one in (arm.mean, arm.mean_change, arm.mean_pct_change, arm.baseline, arm.end, arm.baseline_mean)
    )


def _records(known: Registry) -> tuple[Study | Review | Ongoing, ...]:
    return (*known.studies.values(), *known.reviews.values(), *known.ongoing.values())


def _everything(known: Registry) -> Iterator[tuple[str, Any]]:
    for record in _records(known):
        yield from _inside(record, f"{record.id}, ")


def _inside(value: Any, where: str) -> Iterator[tuple[str, Any]]:
    """Every block, text and number inside, each with its path."""
    yield where.rstrip("., "), value
    if isinstance(value, Block):
        value = {name: getattr(value, name) for name in type(value).model_fields}
    if isinstance(value, tuple | list):
        value = dict(enumerate(value))
    if isinstance(value, Mapping):
        for name, one in value.items():
            yield from _inside(one, f"{where}{name}.")
