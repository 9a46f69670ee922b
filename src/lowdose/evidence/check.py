"""Every check of the data: each looks at one thing and says what is wrong, where, and what to do."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, Literal

from lowdose.blocks import Block
from lowdose.errors import LowdoseError
from lowdose.evidence.derive import number_at
from lowdose.evidence.library import Ongoing, Review
from lowdose.evidence.registry import Registry
from lowdose.evidence.schema import AdverseEvent, ArmResult, Contrast, Outcome, Provenance, Study

Level = Literal["error", "note"]

METHODS: Mapping[str, tuple[frozenset[str], ...]] = {
    "published_smd": (frozenset({"d", "n1", "n2", "sign"}),),
    "paired_p": (frozenset({"p", "n", "sign"}),),
    "published_md": (frozenset({"est", "low", "high"}), frozenset({"est", "se"}), frozenset({"est", "p", "df"})),
    "arm_means": (frozenset({"mean1", "sd1", "n1", "mean2", "sd2", "n2"}),),
    "arm_changes": (frozenset({"change1", "low1", "high1", "n1", "change2", "low2", "high2", "n2"}),),
    "events": (frozenset({"e1", "n1", "e2", "n2"}),),
}
"""Which numbers a contrast gives to each method."""
DOMAINS: Mapping[str, tuple[str, ...]] = {
    "RoB 2": ("randomisation", "deviations", "missing data", "measurement", "reporting"),
    "ROBINS-I": (
        "confounding",
        "selection",
        "classification",
        "deviations",
        "missing data",
        "measurement",
        "reporting",
    ),
}
CROSSOVER_DOMAIN = "period and carry-over"
WORDS: Mapping[str, tuple[str, ...]] = {
    "RoB 2": ("low", "some concerns", "high"),
    "ROBINS-I": ("low", "moderate", "serious", "critical"),
}
"""Judgements of each tool, mildest first; both also know "no information"."""
UNITS = frozenset(
    "points,mg,s,%,% of baseline,days/week,drinks/day,cells/mm3,IU,ng/mL,DDD,DDD or users,stimulus".split(",")
)


@dataclass(frozen=True)
class Issue:
    """One thing that is wrong (``error``), or that a reader should know (``note``)."""

    check: str
    level: Level
    where: str
    what: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.level}: {self.what}\n  where: {self.where}\n  remedy: {self.remedy}"


Check = Callable[[Registry], Iterator[Issue]]


def check(known: Registry) -> tuple[Issue, ...]:
    """Run every check; errors first.

    Examples
    --------
    >>> from lowdose.evidence.registry import registry
    >>> [issue.what for issue in check(registry()) if issue.level == "error"]
    []
    """
    found = [issue for one in checks() for issue in one(known)]
    return tuple(sorted(found, key=lambda issue: issue.level))


def checks() -> tuple[Check, ...]:
    """All checks, in the order they run.

    Examples
    --------
    >>> [one.__name__ for one in checks()][:2]
    ['check_ids', 'check_conditions']
    """
    from lowdose.evidence import check_numbers as numbers

    return (
        check_ids,
        check_conditions,
        check_sources,
        check_found,
        check_recalled,
        check_scales,
        check_units,
        check_bias,
        check_contrasts,
        numbers.check_people,
        numbers.check_arms,
        numbers.check_ranges,
        numbers.check_doses,
        numbers.check_derivations,
        numbers.check_percentages,
        numbers.check_plausible,
    )


def check_ids(known: Registry) -> Iterator[Issue]:
    """No id stands for two things: studies, reviews and ongoing trials share one name space.

    Examples
    --------
    >>> from lowdose.evidence.registry import registry
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
    >>> from lowdose.evidence.registry import registry
    >>> list(check_conditions(registry()))
    []
    """
    for record in _records(known):
        for name in (record.condition, *record.also):
            if name not in known.conditions:
                yield _dangling("conditions", f"{record.id}, condition", "condition", name, known.conditions)
    for review in known.reviews.values():
        for left_out in review.left_out:
            if left_out.study not in known.studies:
                yield _dangling("conditions", f"{review.id}, left_out", "study", left_out.study, known.studies)


def check_sources(known: Registry) -> Iterator[Issue]:
    """Every source that a provenance or a text names is one of ``sources.yaml``.

    Examples
    --------
    >>> from lowdose.evidence.registry import registry
    >>> list(check_sources(registry()))
    []
    """
    for where, value in _everything(known):
        named = value.src if isinstance(value, Provenance) else ()
        if isinstance(value, str) and " " in value:
            named = tuple(re.findall(r"\bS\d{2,3}\b", value))
        for name in named:
            if name not in known.sources:
                yield _dangling("sources", where, "source", name, known.sources)


def check_found(known: Registry) -> Iterator[Issue]:
    """What is called found says where.

    Examples
    --------
    >>> from lowdose.evidence.registry import registry
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
    >>> from lowdose.evidence.registry import registry
    >>> list(check_recalled(registry()))
    []
    """
    for study in known.studies.values():
        dose = study.intervention.dose_mg_per_day
        if any("recalled" in str(part) for part in dose.text) != dose.recalled:
            where = f"{study.id}, intervention.dose_mg_per_day"
            yield Issue("recalled", "error", where, "the words and the mark of the dose differ", "write recalled: true")
        for where, block, contrast in _contrasts(study):
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
    >>> from lowdose.evidence.registry import registry
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
                yield _dangling("scales", where, "scale", outcome.scale, known.instruments)
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
    >>> from lowdose.evidence.registry import registry
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
            yield _dangling("units", where, "unit", unit, UNITS)


def check_bias(known: Registry) -> Iterator[Issue]:
    """Risk of bias uses the domains and words of its tool, and overall is no milder than the worst domain.

    Examples
    --------
    >>> from lowdose.evidence.registry import registry
    >>> list(check_bias(registry()))
    []
    """
    for study in known.studies.values():
        where, rob = f"{study.id}, rob", study.rob
        tool = "RoB 2" if study.design.endswith("RCT") else "ROBINS-I"
        if rob.tool != tool:
            yield Issue("bias", "error", where, f"{rob.tool} does not fit a {study.design}", f"write tool: {tool}")
            continue
        asked = set(DOMAINS[tool]) | ({CROSSOVER_DOMAIN} if study.design == "crossover RCT" else set())
        for name in sorted(asked ^ set(rob.domains)):
            what = f"the domain {name!r} is {'missing' if name in asked else f'not one of {tool}'}"
            yield Issue("bias", "error", where, what, f"{tool} asks for {', '.join(sorted(asked))}")
        words = WORDS[tool]
        wrong = sorted({*rob.domains.values(), rob.overall} - {*words, "no information"})
        for word in wrong:
            yield Issue("bias", "error", where, f"{word!r} is no judgement of {tool}", f"write {', '.join(words)}")
        if wrong or rob.overall == "no information":
            continue
        worst = max((words.index(word) for word in rob.domains.values() if word in words), default=0)
        if words.index(rob.overall) < worst:
            what = f"overall is {rob.overall}, a domain is {words[worst]}"
            yield Issue("bias", "error", where, what, f"write overall: {words[worst]}")


def check_contrasts(known: Registry) -> Iterator[Issue]:
    """Every comparison gives its method the numbers it needs, or says what is missing.

    Examples
    --------
    >>> from lowdose.evidence.registry import registry
    >>> list(check_contrasts(registry()))
    []
    """
    for study in known.studies.values():
        for where, block, contrast in _contrasts(study):
            if not contrast.method:
                if not contrast.missing or contrast.using:
                    what = "there is no method, and not said what is missing"
                    yield Issue("contrasts", "error", where, what, "write missing: what is not known")
                continue
            if frozenset(contrast.using) not in METHODS[contrast.method]:
                needed = " or ".join(", ".join(sorted(one)) for one in METHODS[contrast.method])
                what = f"{contrast.method} is given {', '.join(sorted(contrast.using)) or 'nothing'}"
                yield Issue("contrasts", "error", where, what, f"it needs {needed}")
            if (contrast.method == "events") != (contrast.kind == "events"):
                what = f"the method {contrast.method} does not give {contrast.kind} values"
                yield Issue("contrasts", "error", where, what, "let kind and method agree")
            for name, one in contrast.using.items():
                try:
                    number_at(one, block, study)
                except LowdoseError as error:
                    yield Issue("contrasts", "error", f"{where}, {name}", error.what, "write a number or a path to one")


def _contrasts(study: Study) -> Iterator[tuple[str, Outcome | AdverseEvent, Contrast]]:
    for where, block in blocks(study):
        for position, contrast in enumerate(block.contrasts):
            yield f"{where}.contrasts.{position}", block, contrast


def blocks(study: Study) -> Iterator[tuple[str, Outcome | AdverseEvent]]:
    """Outcomes and adverse events of a study, each with where it stands.

    Examples
    --------
    >>> from lowdose.evidence.registry import registry
    >>> [where for where, _ in blocks(registry().studies["driver2023_mayo"])]
    ['driver2023_mayo, outcomes.0', 'driver2023_mayo, outcomes.1', 'driver2023_mayo, adverse_events.0']
    """
    yield from ((f"{study.id}, outcomes.{number}", block) for number, block in enumerate(study.outcomes))
    yield from ((f"{study.id}, adverse_events.{number}", block) for number, block in enumerate(study.adverse_events))


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


def _dangling(check: str, where: str, kind: str, name: str, known: Any) -> Issue:
    near = get_close_matches(name, list(known), n=1)
    remedy = f"did you mean {near[0]}?" if near else f"add it, or write a {kind} that is known"
    return Issue(check, "error", where, f"no {kind} is named {name!r}", remedy)
