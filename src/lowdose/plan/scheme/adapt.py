"""What the safety rules that fired ask of a scheme for this person. They only restrict."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Literal

from pydantic import Field

from lowdose.blocks import Block, data
from lowdose.pharmacy.amounts.exact import plain
from lowdose.plan.catalogue import TimeOfDay
from lowdose.plan.records.parts import Adaptation, Source
from lowdose.plan.scheme.choices import Limits, Settled

if TYPE_CHECKING:
    from lowdose.safety.rules.rule_set import Rule


class _Restriction(Block):
    rule: str
    who: str
    start_max_mg: str | None = None
    ceiling_max_mg: str | None = None
    interval_min_days: str | None = None
    only: tuple[str, ...] = ()
    acknowledged: Literal["lifts", "stays"]
    advice: bool = False

    @property
    def numbers(self) -> tuple[str | None, ...]:
        """The params of the rule that it reads: first dose, ceiling, interval."""
        return self.start_max_mg, self.ceiling_max_mg, self.interval_min_days


class _Sleep(Block):
    rule: str
    field: str
    param: str
    who: str
    time: TimeOfDay
    note: str


class _File(Block):
    schema_: Literal["lowdose.adaptations/1"] = Field(alias="schema")
    adaptations: tuple[_Restriction, ...]
    sleep: _Sleep


@dataclass(frozen=True)
class Asked:
    """One restriction, as a number and in words."""

    restriction: _Restriction
    rule: Rule
    start: Decimal | None
    ceiling: Decimal | None
    interval: Decimal | None

    @property
    def words(self) -> str:
        """What is asked, for whom."""
        parts = []
        if self.start is not None:
            parts.append(f"start at {plain(self.start)} mg or less")
        if self.ceiling is not None:
            parts.append(f"no dose above {plain(self.ceiling)} mg")
        if self.interval is not None:
            parts.append(f"at least {plain(self.interval)} days at each dose")
        if self.restriction.only:
            parts.append(f"only {', '.join(self.restriction.only)}, which was studied in them")
        return f"{self.restriction.who}: {', '.join(parts)}"

    @property
    def provenance(self) -> str:
        """How far to trust the rule, and its numbers where one has a provenance of its own."""
        own = [self.rule.params[name].provenance for name in self.restriction.numbers if name]
        return provenance_of(self.rule, " and ".join(sorted({one for one in own if one})))


def asked_of(fired: Collection[str], acknowledged: Collection[str]) -> tuple[Asked, ...]:
    """What each rule that fired asks; a warning that was acknowledged with a reason asks nothing any more.

    Examples
    --------
    >>> [one.words for one in asked_of({"HEP-003"}, {"HEP-003"})]
    ['people with compensated cirrhosis: no dose above 0.9 mg']
    >>> asked_of({"DOS-006"}, {"DOS-006"})
    ()
    """
    from lowdose.safety.rules.rule_set import rule

    found = []
    for one in _file().adaptations:
        if one.rule not in fired or (one.acknowledged == "lifts" and one.rule in acknowledged):
            continue
        fires = rule(one.rule)
        found.append(
            Asked(one, fires, *(Decimal(str(fires.params[name].value)) if name else None for name in one.numbers))
        )
    return tuple(found)


def limits(asked: Collection[Asked], *, bad_nights: int | None) -> Limits:
    """The strictest of what is asked, advice left out; poor sleep that is known already moves the dose.

    Examples
    --------
    >>> limits(asked_of({"DOS-006", "THY-001"}, ()), bad_nights=None).start_max
    (Decimal('0.5'), 'DOS-006')
    """
    binding = [one for one in asked if not one.restriction.advice]
    starts = [(one.start, one.rule.id) for one in binding if one.start is not None]
    ceilings = [(one.ceiling, one.rule.id) for one in binding if one.ceiling is not None]
    intervals = [(int(one.interval), one.rule.id) for one in binding if one.interval is not None]
    only = [(one.restriction.only, one.rule.id) for one in binding if one.restriction.only]
    sleep = _file().sleep
    return Limits(
        start_max=min(starts, default=None),
        ceiling_max=min(ceilings, default=None),
        interval_min=max(intervals, default=None),
        only=only[0] if only else None,
        time=(sleep.time, sleep.rule) if sleeps_badly(bad_nights) else None,
    )


def sleeps_badly(bad_nights: int | None) -> bool:
    """Whether sleep is poor before the start, by the number of nights of rule SLP-001; False where nobody knows."""
    from lowdose.safety.rules.rule_set import rule

    sleep = _file().sleep
    return bad_nights is not None and bad_nights >= rule(sleep.rule).params[sleep.param].value


def sleep_field() -> str:
    """The field that holds how many of the last seven nights were bad."""
    return _file().sleep.field


def listed(asked: Collection[Asked], settled: Settled) -> tuple[Adaptation, ...]:
    """Every adaptation with its rule and sources, and what the scheme does about it."""
    from lowdose.safety.rules.rule_set import rule

    found = [
        Adaptation(
            rule=one.rule.id,
            title=one.rule.title,
            asks=one.words,
            kept=_kept(one, settled),
            is_advice=one.restriction.advice,
            sources=sources_of(one.rule),
            provenance=one.provenance,
        )
        for one in asked
    ]
    sleep = _file().sleep
    if any(one.what == "time" and one.origin == "adaptation" for one in settled.chosen):
        fires = rule(sleep.rule)
        asks = f"{sleep.who}: the dose in the morning ({sleep.note})"
        found.append(
            Adaptation(fires.id, fires.title, asks, f"taken in the {sleep.time}", False, sources_of(fires),
                       provenance_of(fires))
        )  # fmt: skip
    return tuple(found)


def sources_of(rule: Rule) -> tuple[Source, ...]:
    """The sources of a rule, as a plan keeps them."""
    return tuple(Source(one.title, one.url or "") for one in rule.sources.values())


def provenance_of(rule: Rule, number: str = "") -> str:
    """How far to trust it: the rule's provenance, that of its numbers where they have their own, and the label."""
    said = f"{rule.provenance}, number {number}" if number and number != rule.provenance else rule.provenance
    return f"{said}; {rule.label}" if rule.label else said


def _kept(one: Asked, settled: Settled) -> str:
    start, top = settled.doses[0], settled.doses[-1]
    said = []
    if one.start is not None:
        fits = start <= one.start
        said.append(f"starts at {plain(start)} mg" + ("" if fits else ", which is more: advice, not enforced"))
    if one.ceiling is not None:
        said.append(f"ends at {plain(top)} mg")
    if one.interval is not None:
        said.append(f"{settled.interval_days} days" if settled.interval_days else "one dose, no steps")
    return ", ".join(said) or "kept"


@cache
def _file() -> _File:
    return _File.model_validate(data(files("lowdose.plan.scheme").joinpath("adaptations.yaml").read_text("utf-8")))
