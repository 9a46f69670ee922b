"""What to do when something happens, where sources disagree, and what to do about side effects.

Words, sources and provenance come from the rules of the safety room; how often from the evidence room.
"""

from __future__ import annotations

from collections.abc import Collection
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Literal

from pydantic import Field

from lowdose.blocks import Block, data
from lowdose.plan.foreseen.computed import computed
from lowdose.plan.records.parts import Advice, Conflict, Provenance, Side, SideEffect, Source
from lowdose.plan.scheme.adapt import provenance_of, sources_of

Kind = Literal["hold", "step down", "sleep", "missed", "stop", "counselling"]


class _IfFired(Block):
    when: tuple[str, ...]
    kind: Kind
    rule: str


class _LowDose(Block):
    topic: str
    up_to_mg: Decimal


class _FromYears(Block):
    years: int
    why: str
    provenance: Provenance


class _OneDose(Block):
    clinician: str = ""
    patient: str = ""
    provenance: Provenance


class _Guidance(Block):
    schema_: Literal["lowdose.guidance/1"] = Field(alias="schema")
    rules: dict[Kind, tuple[str, ...]]
    if_fired: tuple[_IfFired, ...]
    from_years: dict[str, _FromYears]
    one_dose: dict[str, _OneDose]
    called: dict[str, str]
    low_dose: _LowDose

    def is_for(self, rule: str, age: float | None) -> bool:
        """Whether a rule is for someone of that age; one that nobody knows is not young."""
        return age is None or rule not in self.from_years or age >= self.from_years[rule].years


class _Effect(Block):
    name: str
    concept: str | None
    rules: tuple[str, ...]


class _Effects(Block):
    schema_: Literal["lowdose.side-effects/1"] = Field(alias="schema")
    effects: tuple[_Effect, ...]


def advice(fired: Collection[str], *, age: float | None = None, is_stepped: bool = True) -> tuple[Advice, ...]:
    """Hold, step down, sleep, missed dose, stop, counselling: for everyone, and for those whose rules fired.

    Parameters
    ----------
    fired : collection of str
        Rules that fired.
    age : float, optional
        Years; what is for older people alone is left out.
    is_stepped : bool
        Whether the plan has more doses than one; otherwise no advice speaks of steps.

    Examples
    --------
    >>> [one.rule for one in advice(()) if one.kind == "missed"]
    ['MIS-002', 'MIS-001']
    """
    named = [(kind, name) for kind, names in _guidance().rules.items() for name in names]
    named += [(one.kind, one.rule) for one in _guidance().if_fired if set(one.when) & set(fired)]
    found = (_advice(kind, name, is_stepped) for kind, name in named if _guidance().is_for(name, age))
    return tuple(one for one in found if one.clinician)


def conflicts(fired: Collection[str], *, lowest_mg: Decimal) -> tuple[Conflict, ...]:
    """Disagreements between sources that touch this plan, every side shown.

    Parameters
    ----------
    fired : collection of str
        Rules that fired; those of the advice count too.
    lowest_mg : Decimal
        The lowest dose of the plan: sources disagree on what very low doses are called.

    Examples
    --------
    >>> [one.about for one in conflicts({"THY-001"}, lowest_mg=Decimal("1.5"))]
    ['thyroid dose', 'sleep first step']
    """
    from lowdose.safety import conflicts as known

    touched = {*fired, *(one.rule for one in advice(fired))}
    low = _guidance().low_dose
    return tuple(
        Conflict(
            about=one.topic.replace("-", " "),
            question=one.title,
            sides=tuple(Side(side.says, tuple(map(_source, side.sources))) for side in one.sides),
            here=one.here,
        )
        for one in known()
        if set(one.shown_with) & touched or (one.topic == low.topic and lowest_mg <= low.up_to_mg)
    )


def side_effects(*, age: float | None = None) -> tuple[SideEffect, ...]:
    """What someone of that age does about each side effect, with its rates in studies of low doses.

    Examples
    --------
    >>> dreams = side_effects()[0]
    >>> dreams.name, dreams.rates[0].study, dreams.rates[0].recalled
    ('vivid dreams', 'Younger 2013', True)
    """
    from lowdose.safety.rules.rule_set import rule

    found = []
    for one in _effects().effects:
        named = tuple(name for name in one.rules if _guidance().is_for(name, age))
        rules = [rule(name) for name in named]
        seen = computed().rates.get(one.concept or "", ())
        found.append(
            SideEffect(
                name=one.name,
                do=" ".join(dict.fromkeys(fires.text for fires in rules)),
                patient=" ".join(dict.fromkeys(fires.patient_text for fires in rules)),
                rules=named,
                rates=seen,
                not_known="" if seen else "no study of a low dose here gives how often",
                sources=tuple(dict.fromkeys(source for fires in rules for source in sources_of(fires))),
                provenance="; ".join(dict.fromkeys(provenance_of(fires) for fires in rules)),
            )
        )
    return tuple(found)


def _advice(kind: Kind, name: str, is_stepped: bool) -> Advice:
    """A rule's words, or those for a plan of one dose, which are empty where the rule has nothing to say to it."""
    from lowdose.safety.rules.rule_set import rule

    fires = rule(name)
    words, patient, provenance = fires.text, fires.patient_text, provenance_of(fires)
    if not is_stepped and (other := _guidance().one_dose.get(name)):
        words, patient, provenance = other.clinician, other.patient, f"{other.provenance}, not yet confirmed"
    return Advice(kind, name, _guidance().called.get(name, fires.title), words, patient, sources_of(fires), provenance)


def _source(name: str) -> Source:
    """A source of the rule set, or a page with its address."""
    from lowdose.safety import rule_set

    found = rule_set().sources.get(name)
    return Source(found.title, found.url or "") if found else Source(name, name)


@cache
def _guidance() -> _Guidance:
    return _Guidance.model_validate(data(files("lowdose.plan.making").joinpath("guidance.yaml").read_text("utf-8")))


@cache
def _effects() -> _Effects:
    return _Effects.model_validate(data(files("lowdose.plan.making").joinpath("side_effects.yaml").read_text("utf-8")))
