"""Every check of the data: each looks at one thing and says what is wrong, where, and what to do."""

from __future__ import annotations

from dataclasses import replace

from lowdose.evidence.checks import methods, numbers, references
from lowdose.evidence.checks.issue import Check, Issue
from lowdose.evidence.records.registry import Registry


def check(known: Registry) -> tuple[Issue, ...]:
    """Run every check; errors first.

    Examples
    --------
    >>> from lowdose.evidence.records.registry import registry
    >>> [issue.what for issue in check(registry()) if issue.level == "error"]
    []
    """
    files = {**known.files, "instruments": "instruments.yaml"}
    found = [
        replace(issue, file=files.get(issue.where.partition(",")[0], "")) for one in checks() for issue in one(known)
    ]
    return tuple(sorted(found, key=lambda issue: issue.level))


def checks() -> tuple[Check, ...]:
    """All checks, in the order they run.

    Examples
    --------
    >>> [one.__name__ for one in checks()][:2]
    ['check_ids', 'check_conditions']
    """
    return (
        references.check_ids,
        references.check_conditions,
        references.check_sources,
        references.check_found,
        references.check_recalled,
        references.check_scales,
        references.check_units,
        references.check_pools,
        methods.check_bias,
        methods.check_contrasts,
        numbers.check_people,
        numbers.check_arms,
        numbers.check_ranges,
        numbers.check_doses,
        numbers.check_derivations,
        numbers.check_told,
        numbers.check_percentages,
        numbers.check_plausible,
    )
