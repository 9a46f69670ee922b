"""Numbers and words of one study: each test looks one of them up and says how it is known."""

from __future__ import annotations

from typing import Any

from lowdose.claims.lookups.found import Found, UnknownValue, how_known
from lowdose.errors import NotFound
from lowdose.evidence.records.registry import provenance, registry
from lowdose.evidence.records.schema import AdverseEvent, ArmResult, Outcome, Study


def study_named(name: str) -> Study:
    """The study of this id.

    Raises
    ------
    NotFound
        No study has this id; near misses are suggested.

    Examples
    --------
    >>> study_named("kariv2006_ibs").citation.year
    2006
    """
    return registry().study(name)


def outcome_named(study: str, outcome: str) -> Outcome:
    """The outcome of this name in a study.

    Raises
    ------
    NotFound
        The study, or its outcome, is not known.

    Examples
    --------
    >>> outcome_named("kariv2006_ibs", "global assessment improved").primary
    True
    """
    outcomes = {one.name: one for one in study_named(study).outcomes}
    if outcome not in outcomes:
        raise NotFound.among(f"outcome of {study}", outcome, outcomes)
    return outcomes[outcome]


def people(study: str, field: str) -> Found:
    """How many people a study had at one step: ``randomised``, ``enrolled``, ``analysed``.

    Examples
    --------
    >>> people("kariv2006_ibs", "enrolled").value
    42
    """
    found = study_named(study)
    number = getattr(found.n, field)
    if number is None:
        raise UnknownValue(f"{study} does not say how many were {field}")
    return Found(number, (_of_study(found, f"people {field}", f"n.{field}"),))


def duration_weeks(study: str) -> Found:
    """Weeks on treatment.

    Examples
    --------
    >>> duration_weeks("kariv2006_ibs").value
    4.0
    """
    found = study_named(study)
    if found.intervention.duration_wk is None:
        raise UnknownValue(f"{study} does not say how long it ran")
    return Found(found.intervention.duration_wk, (_of_study(found, "duration", "intervention.duration_wk"),))


def drug_given(study: str) -> Found:
    """Drug that a study gave: naltrexone or naloxone.

    Examples
    --------
    >>> drug_given("bihari1986_hiv").value
    'naltrexone'
    """
    found = study_named(study)
    return Found(found.intervention.drug, (_of_study(found, "drug", "intervention.drug"),))


def formulation(study: str) -> Found:
    """Form in which a study gave the drug.

    Examples
    --------
    >>> formulation("mccandless_cream").value
    'transdermal cream'
    """
    found = study_named(study)
    return Found(found.intervention.formulation, (_of_study(found, "formulation", "intervention.formulation"),))


def outcome_direction(study: str, outcome: str) -> Found:
    """Which way an outcome points, in the register's words.

    Examples
    --------
    >>> outcome_direction("younger2013_fm", "fatigue").value
    'no_difference'
    """
    found = outcome_named(study, outcome)
    return Found(found.direction, (f"{study}, {outcome} ({how_known(found.prov)})",))


def outcome_number(study: str, outcome: str, path: str) -> Found:
    """A number of an outcome; ``path`` is a field of it, or an arm and a field (``ldn.events``).

    Examples
    --------
    >>> outcome_number("guttuso2010_pd", "motor", "ldn.mean_pct_change").value
    15.0
    """
    found = outcome_named(study, outcome)
    first, _, rest = path.partition(".")
    number = _field(found.arms[first], rest) if first in found.arms else getattr(found, first, None)
    if number is None:
        raise UnknownValue(f"{study} gives no {path} of {outcome}")
    known = how_known(found.prov, found.derivations, f"arms.{path}")
    return Found(number, (f"{study}, {outcome}, {path} ({known})",))


def outcome_percent(study: str, outcome: str, arm: str = "ldn") -> Found:
    """Share of an arm with an outcome, from its counts where they are known (%).

    Examples
    --------
    >>> round(outcome_percent("lie2014_ibd_series", "no response").value)
    15
    """
    found = outcome_named(study, outcome)
    share, words = _percent(found.arms.get(arm), f"{study}, {outcome}, {arm}")
    known = how_known(found.prov, found.derivations, f"arms.{arm}.events")
    return Found(share, (f"{words} ({known})",))


def outcome_ratio(study: str, outcome: str, treated: str, control: str) -> Found:
    """Share of the treated with an outcome over that of the controls.

    Examples
    --------
    >>> round(outcome_ratio("ray2021_smoking", "abstinence at 26 weeks", "ldn", "control").value, 2)
    0.59
    """
    one, two = outcome_percent(study, outcome, treated), outcome_percent(study, outcome, control)
    return Found(_number(one) / _number(two), one.records + two.records)


def event_percent(study: str, event: str, arm: str = "ldn") -> Found:
    """Share of an arm with an adverse event, by its name or its concept (%).

    Examples
    --------
    >>> round(event_percent("smith2007_crohn", "sleep").value)
    41
    """
    found = _event(study, event)
    share, words = _percent(found.arms.get(arm), f"{study}, {found.event}, {arm}")
    known = how_known(found.prov, found.derivations, f"arms.{arm}.events")
    return Found(share, (f"{words} ({known})",))


def event_difference(study: str, event: str, treated: str = "ldn", control: str = "placebo") -> Found:
    """How many more of a hundred had an adverse event on treatment than on control (percentage points).

    Examples
    --------
    >>> round(event_difference("bruun2024_FINAL", "stopped").value, 1)
    2.2
    """
    one, two = event_percent(study, event, treated), event_percent(study, event, control)
    return Found(_number(one) - _number(two), one.records + two.records)


def event_number(study: str, event: str, arm: str = "ldn") -> Found:
    """How many people of an arm had an adverse event.

    Examples
    --------
    >>> event_number("bruun2024_FINAL", "serious").value
    0
    """
    found = _event(study, event)
    result = found.arms.get(arm)
    if result is None or result.events is None:
        raise UnknownValue(f"{study} does not count: {found.event}, {arm}")
    known = how_known(found.prov, found.derivations, f"arms.{arm}.events")
    return Found(result.events, (f"{study}, {found.event}, {arm} ({known})",))


def _event(study: str, event: str) -> AdverseEvent:
    events = study_named(study).adverse_events
    for one in events:
        if event in (one.event, one.concept):
            return one
    raise UnknownValue(f"{study} does not report this adverse event: {event}")


def _field(result: ArmResult, name: str) -> Any:
    return result.others[name] if name in result.others else getattr(result, name, None)


def _percent(result: ArmResult | None, words: str) -> tuple[float, str]:
    if result is None:
        raise UnknownValue(f"no such arm: {words}")
    if result.events is not None and result.total:
        return 100 * result.events / result.total, f"{words}: {result.events} of {result.total}"
    if result.pct is None:
        raise UnknownValue(f"no share is known: {words}")
    return result.pct, words


def _number(found: Found) -> float:
    assert isinstance(found.value, int | float)
    return found.value


def _of_study(study: Study, what: str, field: str) -> str:
    return f"{study.id}, {what} ({how_known(provenance(study, field))})"
