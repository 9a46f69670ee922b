"""The same entries looked at in other ways: without each trial, as they came in, by group, by another correlation."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lowdose.errors import InvalidInput, NotFound
from lowdose.evidence.pools.entries import entries as gather
from lowdose.evidence.pools.entry import Entry
from lowdose.evidence.pools.meta_analysis import inverse_variance
from lowdose.evidence.pools.pooled import Pool
from lowdose.evidence.pools.pooling import pool
from lowdose.evidence.pools.questions import Question

GROUPINGS = (
    "risk_of_bias",
    "design",
    "dose_class",
    "dose_mg",
    "group",
    "comparator",
    "active_control",
    "kind",
    "scale",
    "tag",
    "timepoint_wk",
    "year",
)
"""Fields of an entry by which studies may be grouped; ``group`` is the condition, or the column of one's own table."""


def leave_one_out(entries: Sequence[Entry], **options: Any) -> tuple[tuple[Entry, Pool], ...]:
    """Pools without each entry in turn; ``options`` are those of `pool`.

    Returns
    -------
    tuple
        Of (entry left out, pool of the others); empty for fewer than two entries.

    Examples
    --------
    >>> trials = [Entry("a", "A 2020", 2020, "MD", -1.0, 0.1), Entry("b", "B 2021", 2021, "MD", 0.0, 0.1)]
    >>> [(left.label, made.estimate) for left, made in leave_one_out(trials)]
    [('A 2020', 0.0), ('B 2021', -1.0)]
    """
    if len(entries) < 2:
        return ()
    return tuple((left, pool([entry for entry in entries if entry is not left], **options)) for left in entries)


def cumulative(entries: Sequence[Entry], by: str = "year", **options: Any) -> tuple[tuple[Entry, Pool], ...]:
    """Pools as the studies came in: (entry added, pool of all so far). Ties keep the order given.

    Examples
    --------
    >>> trials = [Entry("b", "B 2021", 2021, "MD", 0.0, 0.1), Entry("a", "A 2020", 2020, "MD", -1.0, 0.1)]
    >>> [(added.label, made.k) for added, made in cumulative(trials)]
    [('A 2020', 1), ('B 2021', 2)]
    """
    order = sorted(entries, key=_key(by))
    return tuple((entry, pool(order[: at + 1], **options)) for at, entry in enumerate(order))


@dataclass(frozen=True)
class Subgroups:
    """Pools by group, each with a τ² of its own, and the test whether they differ (Q between groups)."""

    groups: Mapping[str, Pool]
    q_between: float
    df: int
    p: float


def subgroup(entries: Sequence[Entry], key: str, *, level: float = 0.95, **options: Any) -> Subgroups:
    """Pools by one of `GROUPINGS`, such as ``risk_of_bias``, ``design`` or ``group``.

    Raises
    ------
    NotFound
        If entries are not grouped by that; near misses are named.

    Examples
    --------
    >>> trials = [Entry("a", "A 2020", 2020, "MD", -1.0, 0.1, group="x"), Entry("b", "B 2021", 2021, "MD", 0.0, 0.1)]
    >>> found = subgroup(trials, "group")
    >>> found.df, round(found.q_between, 6), sorted(found.groups)
    (1, 5.0, ['', 'x'])
    """
    if key not in GROUPINGS:
        raise NotFound.among("field to group by", key, GROUPINGS)
    value = _key(key)
    names = list(dict.fromkeys(str(value(entry)) for entry in entries))
    groups = {name: pool([e for e in entries if str(value(e)) == name], level=level, **options) for name in names}
    if len(groups) < 2:
        return Subgroups(groups, 0.0, 0, 1.0)
    # The test weighs each group by its standard variance, whatever interval is shown.
    waldly = {**options, "ci": "wald"}
    plain = [pool(made.entries, level=level, **waldly) for made in groups.values()]
    test = inverse_variance(
        [made.estimate for made in plain], [made.standard_error**2 for made in plain], model="common"
    ).heterogeneity
    return Subgroups(groups, float(test.q), int(test.df), float(test.pvalue))


def _key(name: str) -> Callable[[Entry], Any]:
    if name not in Entry.__dataclass_fields__:
        raise InvalidInput(f"an entry has no {name!r}", remedy=f"choose one of {', '.join(Entry.__dataclass_fields__)}")
    return lambda entry: getattr(entry, name)


def by_correlation(
    asked: Question | str, correlations: Sequence[float] = (0.3, 0.5, 0.7), **options: Any
) -> Mapping[float, Pool]:
    """Pools of a question under several correlations between the periods of its crossover trials.

    Examples
    --------
    >>> {rho: round(made.estimate, 3) for rho, made in by_correlation("fibromyalgia.pain").items()}
    {0.3: -0.193, 0.5: -0.177, 0.7: -0.157}
    """
    return {rho: pool(gather(asked, correlation=rho).entries, **options) for rho in correlations}
