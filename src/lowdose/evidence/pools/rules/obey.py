"""What may enter a pool: the rules in the order they are asked. Each is one named check with the rule in words.

A rule sees what was gathered for a question and says what it refuses or flags; nothing is left out without a reason.
What must be said beside a pool is in ``beside``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from lowdose.evidence.pools.entry import Entry, Removed
from lowdose.evidence.pools.rules.beside import (
    active_comparators_are_named,
    one_trial_is_no_pool,
    prediction_rule_is_stated,
    recalled_values_are_named,
    risk_difference_ends_at_one,
    small_study_tests_need_ten,
    two_trials_are_fragile,
)
from lowdose.evidence.pools.rules.numbers import (
    crossover_is_paired,
    effect_suits_the_scales,
    plausible,
    smallest_difference_has_a_source,
    smd_never_mixes_change_and_final,
    usual_measure,
    zero_cells,
)
from lowdose.evidence.pools.rules.studies import (
    active_comparators_stay_apart,
    before_after_stays_out,
    certainty_starts_by_design,
    dose_classes_stay_apart,
    naltrexone_only,
    one_patient_set_once,
    recalled_leaves_on_one_switch,
)
from lowdose.evidence.pools.rules.verdict import Verdict

if TYPE_CHECKING:
    from lowdose.evidence.pools.questions import Question

__all__ = [
    "NUMBERED",
    "RULES",
    "Rule",
    "Verdict",
    "active_comparators_stay_apart",
    "before_after_stays_out",
    "certainty_starts_by_design",
    "crossover_is_paired",
    "dose_classes_stay_apart",
    "effect_suits_the_scales",
    "naltrexone_only",
    "obey",
    "one_patient_set_once",
    "plausible",
    "recalled_leaves_on_one_switch",
    "smallest_difference_has_a_source",
    "smd_never_mixes_change_and_final",
    "usual_measure",
    "zero_cells",
]

Rule = Callable[[Sequence[Entry], "Question"], tuple[Verdict, ...]]

RULES: tuple[Rule, ...] = (
    naltrexone_only,
    before_after_stays_out,
    active_comparators_stay_apart,
    dose_classes_stay_apart,
    one_patient_set_once,
    smd_never_mixes_change_and_final,
    effect_suits_the_scales,
    plausible,
    crossover_is_paired,
    zero_cells,
    certainty_starts_by_design,
    smallest_difference_has_a_source,
)
"""In the order they are asked; `recalled_leaves_on_one_switch` comes before one_patient_set_once when it is on."""

NUMBERED: Mapping[int, tuple[Callable[..., object], ...]] = {
    1: (effect_suits_the_scales, smd_never_mixes_change_and_final),
    2: (two_trials_are_fragile, one_trial_is_no_pool, small_study_tests_need_ten),
    3: (prediction_rule_is_stated,),
    4: (crossover_is_paired,),
    5: (before_after_stays_out, active_comparators_stay_apart, active_comparators_are_named),
    6: (dose_classes_stay_apart, naltrexone_only),
    7: (one_patient_set_once,),
    8: (plausible,),
    9: (zero_cells, risk_difference_ends_at_one),
    10: (certainty_starts_by_design,),
    11: (smallest_difference_has_a_source,),
    12: (recalled_leaves_on_one_switch, recalled_values_are_named),
}
"""The twelve rules of the evidence room by their numbers, each with its checks (first the one that is the rule)."""


def obey(
    entries: Sequence[Entry], question: Question, *, only_found: bool = False
) -> tuple[tuple[Entry, ...], tuple[Removed, ...], tuple[str, ...]]:
    """Ask every rule in turn.

    Returns
    -------
    tuple
        Entries that stay, what was removed by which rule, and what the rules flagged, one sentence each.

    Examples
    --------
    >>> from lowdose.evidence.pools.questions import question
    >>> trials = [Entry("a", "A 2020", 2020, "SMD", -11.0, 2.6, kind="change")]
    >>> kept, removed, notes = obey(trials, question("fibromyalgia.pain"))
    >>> kept, removed[0].rule
    ((), 'plausible')
    """
    kept, removed, notes = tuple(entries), [], []
    rules = list(RULES)
    if only_found:
        rules.insert(rules.index(one_patient_set_once), recalled_leaves_on_one_switch)
    for rule in rules:
        labels = {entry.study: entry.label for entry in kept}
        verdicts = rule(kept, question)
        refused = {one.study: one for one in verdicts if one.action == "refuse"}
        removed += [Removed(one.study, labels[one.study], one.reason, one.rule) for one in refused.values()]
        notes += [
            f"{labels[one.study]}: {one.reason}" if one.study else one.reason
            for one in verdicts
            if one.action == "flag" and one.study not in refused
        ]
        kept = tuple(entry for entry in kept if entry.study not in refused)
    return kept, tuple(removed), tuple(notes)
