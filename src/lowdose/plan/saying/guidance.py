"""What to do when something happens, where sources disagree, and what to do about side effects.

Words, sources and provenance come from the rules of the safety room; how often from the evidence room.
"""

from __future__ import annotations

from collections.abc import Collection
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Literal, NamedTuple

from pydantic import Field

from lowdose.blocks import Block, data
from lowdose.plan.foreseen.computed import computed
from lowdose.plan.records.parts import Advice, Conflict, Provenance, Side, SideEffect, Source
from lowdose.plan.scheme.adapt import provenance_of, sources_of

if TYPE_CHECKING:
    from lowdose.safety.rules.rule_set import Rule

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
    title: str = ""
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


def guidance_of_any_age(
    fired: Collection[str], *, is_child: bool, is_stepped: bool
) -> tuple[tuple[tuple[Advice, ...], tuple[SideEffect, ...]], ...]:
    """Advice and side effects of each age that differs: all that a plan can say after these rules fired.

    Examples
    --------
    >>> len(guidance_of_any_age((), is_child=False, is_stepped=True))
    1
    """
    ages = [one.years - 1 for one in _guidance().from_years.values()] if is_child else [None]
    return tuple(
        (advice(fired, age=age, is_stepped=is_stepped), side_effects(age=age, is_stepped=is_stepped)) for age in ages
    )


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


def side_effects(*, age: float | None = None, is_stepped: bool = True) -> tuple[SideEffect, ...]:
    """What someone of that age does about each side effect, with its rates in studies of low doses.

    Parameters
    ----------
    age : float, optional
        Years; what is for older people alone is left out.
    is_stepped : bool
        Whether the plan has more doses than one; otherwise nothing is said of steps.

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
        said = [_said(fires, is_stepped) for fires in rules]
        seen = computed().rates.get(one.concept or "", ())
        found.append(
            SideEffect(
                name=one.name,
                do=" ".join(dict.fromkeys(words.clinician for words in said)),
                patient=" ".join(dict.fromkeys(words.patient for words in said)),
                rules=named,
                rates=seen,
                not_known="" if seen else "no study of a low dose here gives how often",
                sources=tuple(dict.fromkeys(source for fires in rules for source in sources_of(fires))),
                provenance="; ".join(dict.fromkeys(words.provenance for words in said)),
            )
        )
    return tuple(found)


def _advice(kind: Kind, name: str, is_stepped: bool) -> Advice:
    from lowdose.safety.rules.rule_set import rule

    fires = rule(name)
    said = _said(fires, is_stepped)
    return Advice(kind, name, said.title, said.clinician, said.patient, sources_of(fires), said.provenance)


class _Said(NamedTuple):
    title: str
    clinician: str
    patient: str
    provenance: str


def _said(fires: Rule, is_stepped: bool) -> _Said:
    """A rule's words, or those for a plan of one dose: none for the clinician where it has nothing to say to it."""
    title = _guidance().called.get(fires.id, fires.title)
    other = None if is_stepped else _guidance().one_dose.get(fires.id)
    if other is None:
        return _Said(title, fires.text, fires.patient_text, provenance_of(fires))
    numbers = {name: one.value for name, one in fires.params.items()}
    return _Said(
        other.title.format(**numbers) or title,
        other.clinician,
        other.patient or fires.patient_text,
        f"{other.provenance}, not yet confirmed",
    )


def _source(name: str) -> Source:
    """A source of the rule set, or a page with its address."""
    from lowdose.safety import rule_set

    found = rule_set().sources.get(name)
    return Source(found.title, found.url or "") if found else Source(name, name)


@cache
def _guidance() -> _Guidance:
    return _Guidance.model_validate(data(files("lowdose.plan.saying").joinpath("guidance.yaml").read_text("utf-8")))


@cache
def _effects() -> _Effects:
    return _Effects.model_validate(data(files("lowdose.plan.saying").joinpath("side_effects.yaml").read_text("utf-8")))
