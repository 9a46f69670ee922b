"""How long a plan runs at its last dose: as its source has it, or by a rule, and then said to be our choice."""

from __future__ import annotations

from lowdose.plan.catalogue import Protocol
from lowdose.plan.records.parts import Chosen
from lowdose.plan.scheme.adapt import provenance_of

_RULE, _WEEKS = "EFF-001", "weeks"
"""The rule that asks after so many weeks at the target dose whether it helps, and its number."""


def review_after(protocol: Protocol) -> tuple[int, Chosen]:
    """Weeks at the last dose until the review, which ends the plan, and where they come from.

    Examples
    --------
    >>> from lowdose.plan.catalogue import protocol
    >>> weeks, chosen = review_after(protocol("PED"))
    >>> weeks, chosen.origin
    (8, 'protocol')
    >>> weeks, chosen = review_after(protocol("standard"))
    >>> weeks, chosen.origin
    (12, 'our choice')
    """
    from lowdose.safety.rules.rule_set import rule

    source = protocol.length_weeks
    said = source.words("weeks")
    if source.high is not None:
        weeks = int(source.high)
        because = f"{protocol.id}: the effect is judged after {said}" if source.is_range else protocol.id
        return weeks, Chosen("review", f"{weeks} weeks at the last dose", "protocol", because, said)
    fires = rule(_RULE)
    weeks = int(fires.params[_WEEKS].value)
    because = f"rule {_RULE} [{provenance_of(fires)}]; the source names no length"
    return weeks, Chosen("review", f"{weeks} weeks at the last dose", "our choice", because, said)
