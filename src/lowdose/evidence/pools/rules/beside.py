"""What must be said beside a pool: each rule is one named check, its first line the rule in words."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lowdose.evidence.pools.pooled import Pool

ENOUGH_FOR_SMALL_STUDY_TESTS = 10
ENOUGH_FOR_PREDICTION = 3


def one_trial_is_no_pool(pool: Pool) -> str | None:
    """A single trial is shown as it is.

    Examples
    --------
    >>> from lowdose.evidence.pools.entry import Entry
    >>> from lowdose.evidence.pools.pooling import pool
    >>> one_trial_is_no_pool(pool([Entry("a", "A 2020", 2020, "MD", 0.0, 0.1)]))
    'one trial: nothing is pooled, its own interval is shown'
    """
    return "one trial: nothing is pooled, its own interval is shown" if pool.k == 1 else None


def two_trials_are_fragile(pool: Pool) -> str | None:
    """With two trials both are shown, with the common-effect and the Hartung-Knapp interval, and the pool is fragile.

    Examples
    --------
    >>> from lowdose.evidence.pools.entry import Entry
    >>> from lowdose.evidence.pools.pooling import pool
    >>> two = [Entry("a", "A 2020", 2020, "MD", 0.0, 0.1), Entry("b", "B 2020", 2020, "MD", 0.0, 0.1)]
    >>> two_trials_are_fragile(pool(two)).split(":")[0]
    'two trials'
    """
    if pool.k != 2:
        return None
    return "two trials: the pool is fragile; look at each, at the common-effect pool and at the Hartung-Knapp interval"


def prediction_rule_is_stated(pool: Pool) -> str | None:
    """A prediction interval says which quantile it uses: t with k - 2 degrees of freedom, from three trials on.

    Examples
    --------
    >>> from lowdose.evidence.pools.entry import Entry
    >>> from lowdose.evidence.pools.pooling import pool
    >>> trials = [Entry(name, name, 2020, "MD", 0.0, 0.1) for name in "abc"]
    >>> prediction_rule_is_stated(pool(trials))
    'prediction interval: estimate ± t(k−2) · √(τ² + SE²), SE being that of the interval shown; from three studies on'
    >>> prediction_rule_is_stated(pool(trials[:2]))
    'no prediction interval: it needs three trials'
    """
    if pool.model != "random":
        return None
    if pool.prediction is None:
        return "no prediction interval: it needs three trials" if pool.k < ENOUGH_FOR_PREDICTION else None
    return f"prediction interval: {pool.prediction_rule}"


def small_study_tests_need_ten(pool: Pool) -> str | None:
    """Under ten studies a warning stands in place of funnel plots and tests of small-study effects.

    Examples
    --------
    >>> from lowdose.evidence.pools.entry import Entry
    >>> from lowdose.evidence.pools.pooling import pool
    >>> trials = [Entry(name, name, 2020, "MD", 0.0, 0.1) for name in "abc"]
    >>> small_study_tests_need_ten(pool(trials))
    'fewer than 10 studies: missing small studies cannot be tested for, nor ruled out'
    """
    if pool.k >= ENOUGH_FOR_SMALL_STUDY_TESTS or pool.k < 2:
        return None
    return (
        f"fewer than {ENOUGH_FOR_SMALL_STUDY_TESTS} studies: missing small studies cannot be tested for, nor ruled out"
    )


def recalled_values_are_named(pool: Pool) -> str | None:
    """A pool that holds recalled values says whose.

    Examples
    --------
    >>> from lowdose.evidence.pools.entry import Entry
    >>> from lowdose.evidence.pools.pooling import pool
    >>> recalled_values_are_named(pool([Entry("a", "A 2020", 2020, "MD", 0.0, 0.1, recalled=("n",))]))
    'recalled values (from memory, not read in the source): A 2020 (n)'
    """
    who = [f"{entry.label} ({', '.join(entry.recalled)})" for entry in pool.entries if entry.recalled]
    return f"recalled values (from memory, not read in the source): {'; '.join(who)}" if who else None


def active_comparators_are_named(pool: Pool) -> str | None:
    """A comparison with another active drug says so.

    Examples
    --------
    >>> from lowdose.evidence.pools.entry import Entry
    >>> from lowdose.evidence.pools.pooling import pool
    >>> trial = Entry("a", "A 2021", 2021, "MD", 0.0, 0.1, active_control=True, comparator="amitriptyline")
    >>> active_comparators_are_named(pool([trial]))
    'set against another drug, not placebo: A 2021 (amitriptyline)'
    """
    who = [f"{entry.label} ({entry.comparator})" for entry in pool.entries if entry.active_control]
    return f"set against another drug, not placebo: {'; '.join(who)}" if who else None


def risk_difference_ends_at_one(pool: Pool) -> str | None:
    """An interval of a risk difference that reaches beyond -1 or 1 says so: no such difference exists.

    Examples
    --------
    >>> from lowdose.evidence.pools.entry import Entry
    >>> from lowdose.evidence.pools.pooling import pool
    >>> two = [Entry("a", "A 2020", 2020, "RD", 0.1, 0.02), Entry("b", "B 2020", 2020, "RD", -0.2, 0.02)]
    >>> risk_difference_ends_at_one(pool(two)).split(":")[0]
    'the interval reaches beyond −1 or 1, where a risk difference ends'
    """
    ends = (*pool.interval, *(pool.prediction or ()))
    if pool.measure != "RD" or max(map(abs, ends)) <= 1:
        return None
    return "the interval reaches beyond −1 or 1, where a risk difference ends: too few trials to tell"


POOL_RULES: tuple[Callable[[Pool], str | None], ...] = (
    one_trial_is_no_pool,
    two_trials_are_fragile,
    prediction_rule_is_stated,
    small_study_tests_need_ten,
    risk_difference_ends_at_one,
    active_comparators_are_named,
    recalled_values_are_named,
)


def pool_warnings(pool: Pool) -> tuple[str, ...]:
    """Every sentence that must stand beside a pool.

    Examples
    --------
    >>> from lowdose.evidence.pools.entry import Entry
    >>> from lowdose.evidence.pools.pooling import pool
    >>> pool_warnings(pool([Entry("a", "A 2020", 2020, "MD", 0.0, 0.1)]))
    ('one trial: nothing is pooled, its own interval is shown',)
    """
    return tuple(said for rule in POOL_RULES if (said := rule(pool)))
