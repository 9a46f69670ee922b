"""What to look at, and on which days: why, source and provenance come from the rule behind each check."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, timedelta
from functools import cache
from importlib.resources import files
from typing import Literal

from pydantic import Field

from lowdose.blocks import Block, data
from lowdose.plan.catalogue import Protocol
from lowdose.plan.records.parts import Check, Source, Step
from lowdose.plan.scheme.adapt import provenance_of, sources_of


class _Check(Block):
    id: str
    what: str
    patient: str
    rule: str
    when: str
    why: str = ""
    added: str = ""
    if_fired: tuple[str, ...] = ()
    unless: str = ""
    before_start: bool = False
    weeks: tuple[int, ...] = ()
    every_weeks: int | None = None
    until_weeks: int | None = None
    at_changes: bool = False
    at_review: bool = False


class _File(Block):
    schema_: Literal["lowdose.monitoring/1"] = Field(alias="schema")
    checks: tuple[_Check, ...]


def checks(
    protocol: Protocol, steps: Sequence[Step], *, made_on: date, review: date, fired: Collection[str]
) -> tuple[Check, ...]:
    """Every check of a plan, with its days in order.

    Parameters
    ----------
    protocol : Protocol
        Its source may say when the effect can be judged.
    steps : sequence of Step
        With their days.
    made_on : date
        Nothing is asked for before it.
    review : date
        The day on which the plan ends.
    fired : collection of str
        Rules that fired in the screen.

    Examples
    --------
    >>> from decimal import Decimal
    >>> from lowdose.plan.catalogue import protocol
    >>> first = Step(1, date(2026, 12, 1), None, Decimal("4.5"), 1, "bedtime")
    >>> found = checks(protocol("IBD"), [first], made_on=date(2026, 11, 20), review=date(2027, 2, 23), fired=())
    >>> [str(day) for day in found[1].on]
    ['2026-11-30', '2027-03-02', '2028-02-29']
    """
    from lowdose.safety.rules.rule_set import rule

    applies = [one for one in _file().checks if not one.if_fired or set(one.if_fired) & set(fired)]
    named = {one.id for one in applies}
    found = []
    for one in applies:
        if one.unless in named:
            continue
        fires = rule(one.rule)
        days = _days(one, steps, made_on, review)
        when = one.when.format(weeks=(review - steps[-1].first).days // 7)
        provenance = f"{provenance_of(fires)}; {one.added}" if one.added else provenance_of(fires)
        why = one.why or fires.text
        found.append(Check(one.what, days, when, why, fires.id, sources_of(fires), provenance, one.patient))
    return (*found, *_judged(protocol, steps[-1].first))


def _days(one: _Check, steps: Sequence[Step], made_on: date, review: date) -> tuple[date, ...]:
    start = steps[0].first
    weeks = list(one.weeks)
    while one.every_weeks and one.until_weeks and weeks[-1] + one.every_weeks <= one.until_weeks:
        weeks.append(weeks[-1] + one.every_weeks)
    found = [start + timedelta(weeks=week) for week in weeks]
    if one.before_start:
        found.append(max(made_on, start - timedelta(days=1)))
    if one.at_changes:
        found += [step.first for step in steps]
    if one.at_review:
        found.append(review)
    return tuple(sorted(set(found)))


def _judged(protocol: Protocol, target_from: date) -> tuple[Check, ...]:
    """When the protocol's own source says the effect can be judged."""
    source = protocol.length_weeks
    if source.from_ is None:
        return ()
    return (
        Check(
            what="first look at the benefit",
            on=(target_from + timedelta(weeks=int(source.from_)),),
            when=f"{source.words('weeks')} at the last dose",
            why=f"The source of {protocol.id} judges the effect then.",
            rule="",
            sources=tuple(Source(one.title, one.url) for one in protocol.cited),
            provenance=protocol.provenance,
            patient="A talk: does it help so far?",
        ),
    )


@cache
def _file() -> _File:
    return _File.model_validate(data(files("lowdose.plan.saying").joinpath("monitoring.yaml").read_text("utf-8")))
