"""Whether what a plan says follows from its screen and its protocol: what is cheap to find again is found again."""

from __future__ import annotations

from typing import Any

from lowdose.errors import NotFound
from lowdose.plan.catalogue import library, protocol
from lowdose.plan.records.plan import Plan
from lowdose.plan.saying.guidance import conflicts, guidance_of_any_age
from lowdose.plan.saying.monitoring import checks

_CHILD = "PED-001"
"""The rule that fires under 18 years; the age itself is not in a plan."""


def mismatch(plan: Plan) -> str | None:
    """What in a plan is not what making it would give, in words; None where all of it is.

    Parameters
    ----------
    plan : Plan
        Screened with the rules as they are now.

    Examples
    --------
    >>> from dataclasses import replace
    >>> from lowdose.plan import example
    >>> mismatch(example.plan())
    >>> mismatch(replace(example.plan(), advice=()))
    'its advice is not that of the rules that fired'
    """
    from lowdose.safety import rule_set

    is_reviewed = rule_set().reviewed_by is not None
    if (plan.reviewed, plan.screen.get("reviewed")) != (is_reviewed, is_reviewed):
        return "it is not as it says whether a clinician has reviewed the rules"
    try:
        fired, outcome = _outcome(plan.screen)
    except (KeyError, TypeError, NotFound):
        return "what fired in its screen cannot be read"
    if plan.screen.get("outcome") != outcome:
        return "the outcome of its screen does not follow from the rules that fired"
    return _words(plan, fired) or _time(plan)


def _outcome(screen: Any) -> tuple[set[str], str]:
    """The rules that fired, and the outcome by their severities as the rule set has them, not as the file does."""
    from lowdose.safety.rules.rule_set import STOPPING, rule
    from lowdose.safety.screening.result import outcome_of

    fired = [(rule(one["id"]), one["override"]) for one in screen["fired"]]
    severities = {one.severity for one, _ in fired}
    waiting = {rule(one["id"]).severity for one in screen["not_checked"]}
    strange = screen["unrecognised"] and any("meds.list" in one["missing"] for one in screen["not_checked"])
    found = outcome_of(severities, waiting, is_unsettled=bool(strange or screen["contradicted"]))
    overridden = all(reason and one.override == "reason" for one, reason in fired if one.severity in STOPPING)
    return {one.id for one, _ in fired}, found if overridden else "no plan"


def _words(plan: Plan, fired: set[str]) -> str | None:
    """Advice, side effects, checks and disagreements are of the rules that fired; notes are of the protocol."""
    source = protocol(plan.protocol)
    guidance = guidance_of_any_age(fired, is_child=_CHILD in fired, is_stepped=len(plan.steps) > 1)
    if plan.advice not in [advice for advice, _ in guidance]:
        return "its advice is not that of the rules that fired"
    if (plan.advice, plan.side_effects) not in guidance:
        return "what it says about side effects is not that of the rules"
    if plan.checks != checks(source, plan.steps, made_on=plan.made_on, review=plan.review, fired=fired):
        return "its checks are not those of the rules that fired"
    if plan.conflicts != conflicts(fired, lowest_mg=min(step.dose_mg for step in plan.steps)):
        return "its disagreements between sources are not those of the rules that fired"
    if (plan.indication, plan.note, plan.not_known) != (source.indication, source.note, source.not_known):
        return "what it says of its protocol is not what the source has"
    return None


def _time(plan: Plan) -> str | None:
    """Every dose is at the hour that was chosen, and that is the source's or the usual one where it says so."""
    chosen = [one for one in plan.chosen if one.what == "time"]
    if {step.time_of_day for step in plan.steps} != {one.value for one in chosen} or len(chosen) != 1:
        return "the time of day is not the one that was chosen"
    own = {"protocol": protocol(plan.protocol).timing.time, "usual": library().timing.usual}
    if own.get(chosen[0].origin, chosen[0].value) != chosen[0].value:
        return "the time of day is not the one of its scheme"
    return None
