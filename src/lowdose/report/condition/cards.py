"""Study cards: what one study did, found and left open, with where each statement comes from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lowdose.evidence.plain.results import arm_words, effect_words, way_words
from lowdose.evidence.plain.told import is_dose_recalled
from lowdose.evidence.records.labels import RECALLED

if TYPE_CHECKING:
    from lowdose.evidence.records.registry import Registry
    from lowdose.evidence.records.schema import AdverseEvent, Outcome, Study

DERIVED = "derived"


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
    >>> from lowdose.evidence.records.registry import registry
    >>> [card.label for card in cards(["younger2013_fm", "bruun2024_FINAL"], registry())]
    ['Due Bruun 2024 (FINAL)', 'Younger 2013']
    """
    studies = sorted(
        (known.studies[name] for name in names),
        key=lambda one: (not one.is_controlled, -(one.n.took_part or 0), one.id),
    )
    return tuple(_card(study, known) for study in studies)


def _card(study: Study, known: Registry) -> Card:
    from lowdose.evidence.records.labels import dose_words, label
    from lowdose.evidence.records.registry import provenance

    counted = study.n.took_part
    cited = study.citation
    mark = " " + RECALLED if provenance(study, "n").tag == "recalled" else ""
    events = tuple(_event(one) for one in study.adverse_events)
    results = tuple(_result(study, one) for one in study.outcomes)
    facts = tuple(_facts(study))
    return Card(
        id=study.id,
        label=label(study) + (f" {RECALLED}" if provenance(study, "citation").tag == "recalled" else ""),
        design=study.design,
        people=f"{counted} {'person' if counted == 1 else 'people'}{mark}"
        if counted
        else "number of people not stated",
        dose=dose_words(study) + (f" {RECALLED}" if is_dose_recalled(study) else ""),
        controlled=study.is_controlled,
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
    from lowdose.evidence.records.registry import provenance

    return {"recalled": RECALLED, "derived": DERIVED}.get(provenance(study, field).tag, "")


def _result(study: Study, one: Outcome) -> Line:
    when = f"{one.timepoint_wk:g} weeks" if one.timepoint_wk else ""
    arms = "; ".join(f"{_arm(name)}{text}" for name, arm in one.arms.items() if (text := arm_words(arm)))
    numbers = ". ".join(filter(None, (arms, effect_words(one.effect), one.note)))
    name = one.name if one.instrument.lower() in one.name.lower() else f"{one.name} ({one.instrument})"
    return Line(name, when, way_words(one.direction, study.is_controlled), numbers, _tag(one), one.primary)


def _event(one: AdverseEvent) -> Line:
    arms = "; ".join(f"{_arm(name)}{text}" for name, arm in one.arms.items() if (text := arm_words(arm)))
    return Line(one.event, "", "", ". ".join(filter(None, (arms, one.note))), _tag(one))


def _arm(name: str) -> str:
    return f"{'LDN' if name == 'ldn' else name.replace('_', ' ')}: "


def _tag(one: Outcome | AdverseEvent) -> str:
    if one.prov.tag == "recalled" or any(made.recalled for made in one.derivations):
        return RECALLED
    return DERIVED if one.prov.tag == "derived" or one.derivations else ""


def _sources(study: Study, known: Registry) -> tuple[tuple[str, str], ...]:
    """Title and address of everything the record was read in."""
    blocks = [*study.prov.values(), *(one.prov for one in study.outcomes), *(one.prov for one in study.adverse_events)]
    if study.safety_prov:
        blocks.append(study.safety_prov)
    names = dict.fromkeys(name for block in blocks for name in block.src)
    found = [known.sources[name] for name in names if name in known.sources]
    return tuple((one.title, one.url if one.url.startswith(("http://", "https://")) else "") for one in found)
