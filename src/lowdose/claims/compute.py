"""What the program itself computes of a claim: each part of its criterion, on our own pools, records, rules and runs.

The verdict of the literature plays no part here, and the two are never merged.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache

from lowdose.claims.bounds import meets
from lowdose.claims.criteria import criteria
from lowdose.claims.lookups import counts, facts, pools, studies
from lowdose.claims.lookups.found import Found, UnknownValue
from lowdose.claims.register import register
from lowdose.claims.scenarios.files import scenarios
from lowdose.claims.schema import Claim, Computed, Criterion, Outcome, Part, PartResult
from lowdose.claims.words import criterion_words
from lowdose.errors import InvalidInput, LowdoseError

TESTS: Mapping[str, Callable[..., Found]] = {
    test.__name__: test
    for test in (
        counts.count_ongoing,
        counts.count_outcomes,
        counts.count_studies,
        counts.first_year,
        counts.share_favouring,
        counts.share_of_doses,
        counts.share_of_studies,
        facts.clock_hour,
        facts.dose_class,
        facts.dose_for_weight,
        facts.fact,
        facts.fact_count,
        facts.ratio,
        pools.pool_number,
        pools.review_number,
        studies.drug_given,
        studies.duration_weeks,
        studies.event_difference,
        studies.event_number,
        studies.event_percent,
        studies.formulation,
        studies.outcome_direction,
        studies.outcome_number,
        studies.outcome_percent,
        studies.outcome_ratio,
        studies.people,
    )
}
"""Every test a criterion may name."""


def compute(claim: str) -> Computed:
    """Put one claim to the test.

    Parameters
    ----------
    claim : str
        Its id.

    Raises
    ------
    NotFound
        There is no such claim.
    InvalidInput
        Its criterion names a test or a record that is not there.

    Examples
    --------
    >>> compute("C075").computed, compute("C075").value
    ('fails', 'VLDN')
    >>> compute("C023").computed
    'fails'
    """
    found = register()[claim]
    criterion = criteria().get(claim)
    if criterion is not None:
        return judge(criterion)
    if claim in scenarios():
        return _run(claim)
    how = "" if found.testable.how == "-" else f" ({found.testable.how})"
    return Computed(id=claim, computed="cannot be computed", reason=f"no scenario, pool or rule can settle it{how}")


@cache
def _run(claim: str) -> Computed:
    """A scenario's result: the same within a process, because scenarios and model are."""
    from lowdose.claims.scenarios.judge import judge as run

    return run(scenarios()[claim])


def compute_all() -> Mapping[str, Computed]:
    """Put every claim to the test, by id.

    Examples
    --------
    >>> len(compute_all())
    175
    """
    return {claim: compute(claim) for claim in register()}


def judge(criterion: Criterion) -> Computed:
    """Put a criterion to the test: a part that fails decides, else one that is not known; else it holds.

    Where it holds, the value told is that of the last part, which is the one about the outcome.

    Examples
    --------
    >>> judge(criteria()["C004"]).computed
    'holds'
    """
    if not criterion.parts:
        return Computed(id=criterion.id, computed="cannot be computed", reason=criterion.cannot)
    results = tuple(_try(part, criterion.id) for part in criterion.parts)
    outcome: Outcome = "holds"
    deciding = results[-1]
    for state, name in ((None, "cannot be computed"), (False, "fails")):
        for result in reversed(results):
            if result.holds is state:
                outcome, deciding = name, result  # type: ignore[assignment]
    return Computed(
        id=criterion.id,
        metric=deciding.metric,
        value=deciding.value,
        unit=deciding.unit,
        criterion="; ".join(result.criterion for result in results),
        computed=outcome,
        basis=None if outcome == "cannot be computed" else "independent",
        records=deciding.records if outcome != "holds" else tuple(one for result in results for one in result.records),
        reason=deciding.reason,
        parts=results,
    )


def opposite(claim: Claim, computed: Computed) -> bool:
    """Whether verdict and computed result point opposite ways, which needs a written explanation.

    Examples
    --------
    >>> opposite(register()["C075"], compute("C075"))
    False
    """
    if claim.verdict == "supported":
        return computed.computed == "fails"
    return claim.verdict in ("contradicted", "mis-stated") and computed.computed == "holds"


def _try(part: Part, claim: str) -> PartResult:
    words = criterion_words(part)
    try:
        found = TESTS[part.test](**part.arguments)
        holds = meets(found.value, part.holds, part.bound)
    except UnknownValue as unknown:
        return PartResult(
            metric=part.metric, value=None, unit=part.unit, criterion=words, holds=None, reason=str(unknown)
        )
    except KeyError:
        known = ", ".join(sorted(TESTS))
        raise InvalidInput(f"no test is named {part.test!r}", where=f"criterion {claim}", remedy=known) from None
    except (LowdoseError, TypeError) as error:
        what = f"{part.test} cannot be run: {getattr(error, 'what', error)}"
        raise InvalidInput(what, where=f"criterion {claim}", remedy=getattr(error, "remedy", "")) from error
    return PartResult(
        metric=part.metric, value=found.value, unit=part.unit, criterion=words, holds=holds, records=found.records
    )
