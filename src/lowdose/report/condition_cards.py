"""Study cards: what one study did, found and left open, with where each statement comes from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lowdose.evidence.registry import Registry
    from lowdose.evidence.schema import AdverseEvent, ArmResult, Effect, Outcome, Study

RECALLED = "‡"
DERIVED = "derived"
LEGEND = f"{RECALLED} recalled: from memory, not read in the source"

_WAYS: Mapping[str, str] = {
    "no_difference": "no difference",
    "no_clear_difference": "no clear difference",
    "no_change": "no change",
    "favours_placebo": "favours placebo",
    "favours_control": "favours the control",
    "favours_ldn_not_significant": "towards LDN, could be chance",
    "favours_ldn_exploratory": "favours LDN, one of many looked at",
    "not_comparative": "nothing compared",
    "descriptive": "counted, nothing compared",
}
_CONTROLLED_WAYS = {"favours_ldn": "favours LDN", "favours_drug": "favours the drug"}
_BEFORE_ONLY = "better than before; not against the control group"
_BEFORE = "better than before; no control group"


@dataclass(frozen=True)
class Fact:
    """One statement about a study, and its mark: recalled, derived or nothing."""

    term: str
    text: str
    mark: str


@dataclass(frozen=True)
class Line:
    """One result or adverse event: what, when, which way, numbers, mark."""

    name: str
    when: str
    way: str
    numbers: str
    mark: str
    primary: bool = False


@dataclass(frozen=True)
class Card:
    """Everything a page shows of one study."""

    id: str
    label: str
    design: str
    people: str
    dose: str
    controlled: bool
    title: str
    published: str
    url: str
    facts: tuple[Fact, ...]
    results: tuple[Line, ...]
    events: tuple[Line, ...]
    bias: str
    bias_tool: str
    domains: tuple[tuple[str, str], ...]
    remarks: tuple[str, ...]
    sources: tuple[tuple[str, str], ...]
    recalled: bool


def cards(names: Sequence[str], known: Registry) -> tuple[Card, ...]:
    """Cards of studies, controlled trials first, the largest first among equals.

    Examples
    --------
    >>> from lowdose.evidence.registry import registry
    >>> [card.label for card in cards(["younger2013_fm", "bruun2024_FINAL"], registry())]
    ['Due Bruun 2024 (FINAL)', 'Younger 2013']
    """
    from lowdose.evidence.find import people

    studies = sorted(
        (known.studies[name] for name in names), key=lambda one: (not is_controlled(one), -(people(one) or 0), one.id)
    )
    return tuple(_card(study, known) for study in studies)


def is_controlled(study: Study) -> bool:
    """Whether the drug was set against something else in a trial, by lot or in a fixed order.

    Examples
    --------
    >>> from lowdose.evidence.registry import registry
    >>> is_controlled(registry().studies["kariv2006_ibs"])
    False
    """
    return "RCT" in study.design or study.design == "fixed-order crossover"


def _card(study: Study, known: Registry) -> Card:
    from lowdose.evidence.contrasts import label_of
    from lowdose.evidence.find import people
    from lowdose.evidence.harms import dose_words
    from lowdose.evidence.registry import provenance

    counted = people(study)
    cited = study.citation
    mark = " " + RECALLED if provenance(study, "n").tag == "recalled" else ""
    events = tuple(_event(one) for one in study.adverse_events)
    results = tuple(_result(study, one) for one in study.outcomes)
    facts = tuple(_facts(study))
    return Card(
        id=study.id,
        label=label_of(study) + (f" {RECALLED}" if provenance(study, "citation").tag == "recalled" else ""),
        design=study.design,
        people=f"{counted} {'person' if counted == 1 else 'people'}{mark}"
        if counted
        else "number of people not stated",
        dose=dose_words(study) + (f" {RECALLED}" if study.intervention.dose_mg_per_day.recalled else ""),
        controlled=is_controlled(study),
        title=cited.title,
        published=", ".join(filter(None, (cited.first_author, cited.journal, str(cited.year)))),
        url=_address(cited.doi, cited.pmid),
        facts=facts,
        results=results,
        events=events,
        bias=study.rob.overall,
        bias_tool=study.rob.tool,
        domains=tuple(study.rob.domains.items()),
        remarks=(*study.rob.remarks, study.rob.basis),
        sources=_sources(study, known),
        recalled=RECALLED in "".join([mark, *(one.mark for one in facts), *(one.mark for one in (*results, *events))]),
    )


def _address(doi: str, pmid: str) -> str:
    if doi:
        return f"https://doi.org/{doi}"
    return f"https://pubmed.ncbi.nlm.nih.gov/{pmid}/" if pmid else ""


def _facts(study: Study) -> Iterator[Fact]:
    given = study.intervention
    weeks = f"{given.duration_wk:g} weeks" if given.duration_wk else ""
    blinding = study.blinding and f"blinded: {study.blinding}"
    rows = (
        ("Design", f"{study.design_words}{'; ' if blinding else ''}{blinding}", "design_words"),
        ("People", study.population, "population"),
        ("Given", "; ".join(filter(None, (given.formulation, given.schedule, given.titration))), "intervention"),
        ("Dose class", given.dose_class, "intervention"),
        ("For how long", weeks, "intervention.duration_wk"),
        ("With", given.co_treatment, "intervention"),
        ("Compared with", study.comparator, "comparator"),
        ("Before and between", study.washout_run_in, "washout_run_in"),
        ("Left early", study.dropouts, "dropouts"),
        ("Safety in words", study.safety_summary, "safety_summary"),
        ("Paid by", study.funding or "not stated in what was read", "funding"),
        ("Registered", ", ".join(study.registration), "registration"),
    )
    for term, text, field in rows:
        if text:
            yield Fact(term, text, _mark(study, field) if getattr(study, field.split(".")[0]) else "")


def _mark(study: Study, field: str) -> str:
    from lowdose.evidence.registry import provenance

    return {"recalled": RECALLED, "derived": DERIVED}.get(provenance(study, field).tag, "")


def _result(study: Study, one: Outcome) -> Line:
    when = f"{one.timepoint_wk:g} weeks" if one.timepoint_wk else ""
    arms = "; ".join(f"{_arm(name)}{text}" for name, arm in one.arms.items() if (text := arm_words(arm)))
    numbers = ". ".join(filter(None, (arms, effect_words(one.effect), one.note)))
    name = one.name if one.instrument.lower() in one.name.lower() else f"{one.name} ({one.instrument})"
    return Line(name, when, way_words(one.direction, is_controlled(study)), numbers, _tag(one), one.primary)


def _event(one: AdverseEvent) -> Line:
    arms = "; ".join(f"{_arm(name)}{text}" for name, arm in one.arms.items() if (text := arm_words(arm)))
    return Line(one.event, "", "", ". ".join(filter(None, (arms, one.note))), _tag(one))


def _arm(name: str) -> str:
    return f"{'LDN' if name == 'ldn' else name.replace('_', ' ')}: "


def _tag(one: Outcome | AdverseEvent) -> str:
    if one.prov.tag == "recalled" or any(made.recalled for made in one.derivations):
        return RECALLED
    return DERIVED if one.prov.tag == "derived" or one.derivations else ""


def way_words(direction: str, controlled: bool) -> str:
    """Which way a result points, in words; without a control group it never favours anything.

    Examples
    --------
    >>> way_words("favours_ldn", True), way_words("favours_ldn", False)
    ('favours LDN', 'better than before; no control group')
    """
    if direction.endswith("_before_after"):
        return _BEFORE_ONLY if controlled else _BEFORE
    if direction in _CONTROLLED_WAYS:
        return _CONTROLLED_WAYS[direction] if controlled else _BEFORE
    return _WAYS.get(direction, direction.replace("_", " "))


def arm_words(arm: ArmResult) -> str:
    """What one arm showed.

    Examples
    --------
    >>> from lowdose.evidence.schema import ArmResult
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
    >>> from lowdose.evidence.schema import Effect
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


def _sources(study: Study, known: Registry) -> tuple[tuple[str, str], ...]:
    """Title and address of everything the record was read in."""
    blocks = [*study.prov.values(), *(one.prov for one in study.outcomes), *(one.prov for one in study.adverse_events)]
    if study.safety_prov:
        blocks.append(study.safety_prov)
    names = dict.fromkeys(name for block in blocks for name in block.src)
    found = [known.sources[name] for name in names if name in known.sources]
    return tuple((one.title, one.url if one.url.startswith(("http://", "https://")) else "") for one in found)
