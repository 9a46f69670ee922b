"""Which numbers may stand together in a pool: each rule is one named check, its first line the rule in words."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from statistics import NormalDist
from typing import TYPE_CHECKING

from lowdose.evidence.pools.entry import Entry
from lowdose.evidence.pools.numbers import IMPLAUSIBLE_SMD, Measure, possible_percentage
from lowdose.evidence.pools.rules.verdict import Verdict, flagged, refused

if TYPE_CHECKING:
    from lowdose.evidence.pools.questions import Question

LOOKS_LIKE_SE = 1 / 3
"""An implied standard deviation below this share of the others' is likely a standard error written as one."""
CHANGES = ("change", "percent change")
CROSSOVER_METHODS = ("paired_p", "paired_t", "paired_differences", "published_md", "")
"""How both periods of a crossover trial may be compared; events are flagged, arms refused."""


def smd_never_mixes_change_and_final(entries: Sequence[Entry], question: Question) -> tuple[Verdict, ...]:
    """A standardised difference never mixes change and final values; a change in percent counts as a change.

    Examples
    --------
    >>> from lowdose.evidence.pools.questions import question
    >>> trial = Entry("a", "A 2020", 2020, "SMD", 0.0, 0.1, kind="final")
    >>> smd_never_mixes_change_and_final([trial], question("fibromyalgia.pain"))[0].reason
    'final values, the question is about change'
    """
    rule, verdicts = smd_never_mixes_change_and_final, []
    for entry in entries:
        if entry.measure != "SMD" or entry.kind == "generic":
            continue
        kind = "change" if entry.kind in CHANGES else entry.kind
        if kind != question.kind:
            verdicts.append(refused(rule, entry, f"{kind} values, the question is about {question.kind}"))
        elif entry.kind == "percent change":
            verdicts.append(flagged(rule, entry, "a change in percent of baseline, pooled as a change"))
    return tuple(verdicts)


def effect_suits_the_scales(entries: Sequence[Entry], question: Question) -> tuple[Verdict, ...]:
    """A difference of means only where all trials share the scale, else Hedges' g; RR for yes or no, RD for harms.

    Examples
    --------
    >>> trials = [Entry("a", "A 2020", 2020, "MD", 0.0, 0.1, scale="NRS 0-10"),
    ...           Entry("b", "B 2020", 2020, "MD", 0.0, 0.1, scale="VAS 0-100")]
    >>> effect_suits_the_scales(trials, None)[0].reason
    'measured by VAS 0-100, the others by NRS 0-10: ask for SMD'
    """
    of_means = [entry for entry in entries if entry.measure == "MD"]
    scales = Counter(entry.scale for entry in of_means)
    if len(scales) < 2:
        return ()
    usual = scales.most_common(1)[0][0]
    return tuple(
        refused(effect_suits_the_scales, entry, f"measured by {entry.scale}, the others by {usual}: ask for SMD")
        for entry in of_means
        if entry.scale != usual
    )


def usual_measure(entries: Sequence[Entry], *, harms: bool = False) -> Measure:
    """The measure to pool by when none is named.

    Examples
    --------
    >>> usual_measure([Entry("a", "A 2020", 2020, "MD", 0.0, 0.1, kind="change", scale="NRS 0-10")])
    'MD'
    >>> usual_measure([Entry("a", "A 2020", 2020, "RR", 0.0, 0.1, kind="events")], harms=True)
    'RD'
    """
    if any(entry.kind == "events" for entry in entries):
        return "RD" if harms else "RR"
    return "MD" if len({entry.scale for entry in entries}) < 2 else "SMD"


def plausible(entries: Sequence[Entry], question: Question | None = None) -> tuple[Verdict, ...]:
    """Over 3 standard deviations is refused; a standard error as a deviation, or an impossible percentage, flagged.

    Examples
    --------
    >>> plausible([Entry("a", "A 2024", 2024, "SMD", -10.77, 2.65)], None)[0].reason
    'a difference of 10.77 standard deviations is not plausible'
    """
    verdicts = []
    implied = {entry.study: spread for entry in entries if (spread := _implied_sd(entry)) is not None}
    for entry in entries:
        if entry.measure == "SMD" and abs(entry.estimate) > IMPLAUSIBLE_SMD:
            reason = f"a difference of {abs(entry.estimate):.4g} standard deviations is not plausible"
            verdicts.append(refused(plausible, entry, reason))
        others = sorted(spread for study, spread in implied.items() if study != entry.study)
        own = implied.get(entry.study)
        if own is not None and others and own < LOOKS_LIKE_SE * others[len(others) // 2]:
            reason = f"its standard deviation ({own:.3g}) is far below the others': a standard error?"
            verdicts.append(flagged(plausible, entry, reason))
        for percent, total in entry.percentages:
            if not possible_percentage(percent, total):
                reason = f"{percent:g} % of {total} is no whole number of people"
                verdicts.append(flagged(plausible, entry, reason))
    return tuple(verdicts)


def _implied_sd(entry: Entry) -> float | None:
    """Standard deviation that would give this variance, in two arms; of an SMD it should be about 1."""
    if (
        entry.measure not in ("MD", "SMD")
        or not entry.n_treated
        or not entry.n_control
        or entry.correlation is not None
    ):
        return None
    of_estimate = entry.estimate**2 / (2 * (entry.n_treated + entry.n_control)) if entry.measure == "SMD" else 0.0
    spread = (entry.variance - of_estimate) / (1 / entry.n_treated + 1 / entry.n_control)
    return float(max(spread, 0.0) ** 0.5)


def crossover_is_paired(entries: Sequence[Entry], question: Question) -> tuple[Verdict, ...]:
    """Crossover trials enter as paired differences, correlation stated and varied; never both periods as two arms.

    Examples
    --------
    >>> trial = Entry("a", "A 2020", 2020, "SMD", -0.2, 0.1, design="crossover RCT", method="arm_means")
    >>> crossover_is_paired([trial], None)[0].reason
    'both periods of a crossover trial as if they were two groups of people'
    """
    verdicts = []
    for entry in entries:
        if "crossover" not in entry.design:
            continue
        if entry.method == "events":
            reason = "both periods counted as two arms, pairing not known: wider than it need be"
            verdicts.append(flagged(crossover_is_paired, entry, reason))
        elif entry.method not in CROSSOVER_METHODS:
            reason = "both periods of a crossover trial as if they were two groups of people"
            verdicts.append(refused(crossover_is_paired, entry, reason))
            continue
        if entry.correlation is not None:
            reason = (
                f"crossover: a correlation of {entry.correlation:g} between periods is assumed; 0.3, 0.5, 0.7 shown"
            )
            verdicts.append(flagged(crossover_is_paired, entry, reason))
        if "unequal" in entry.note:
            verdicts.append(flagged(crossover_is_paired, entry, "periods of unequal length: higher risk of bias"))
        if entry.design == "fixed-order crossover":
            verdicts.append(flagged(crossover_is_paired, entry, "the order was not random: higher risk of bias"))
    return tuple(verdicts)


def zero_cells(entries: Sequence[Entry], question: Question | None = None) -> tuple[Verdict, ...]:
    """Half is added only to the trial with a zero cell; Peto's odds ratio and the risk difference stand beside it.

    Examples
    --------
    >>> trial = Entry("a", "A 1986", 1986, "RR", -2.7, 2.08, events=(0, 22, 5, 16))
    >>> print(zero_cells([trial], None)[0].reason)
    a cell is zero: 1/2 added to this trial only; Peto's odds ratio 0.07 (0.01 to 0.46), risk difference −30 per 100
    """
    from lowdose.evidence.pools.effects.sizes import events, peto

    verdicts = []
    for entry in entries:
        if entry.events is None:
            continue
        had1, total1, had2, total2 = entry.events
        if 0 not in (had1, had2, total1 - had1, total2 - had2):
            continue
        reason = "a cell is zero: 1/2 added to this trial only"
        if (had1, had2) not in ((0, 0), (total1, total2)):
            odds = peto(*entry.events)
            margin = NormalDist().inv_cdf(0.975) * math.sqrt(odds.variance)
            shown = [math.exp(odds.estimate + side * margin) for side in (0, -1, 1)]
            reason += "; Peto's odds ratio {:.2f} ({:.2f} to {:.2f})".format(*shown)
        per_hundred = f"{round(100 * events(*entry.events, measure='RD').estimate):+d}".replace("-", "−")
        verdicts.append(flagged(zero_cells, entry, f"{reason}, risk difference {per_hundred} per 100"))
    return tuple(verdicts)


def smallest_difference_has_a_source(entries: Sequence[Entry], question: Question) -> tuple[Verdict, ...]:
    """The minimal important difference is data with a source and a tag, to be edited.

    Examples
    --------
    >>> from lowdose.evidence.pools.questions import question
    >>> asked = question("fibromyalgia.pain")
    >>> smallest_difference_has_a_source([], asked)[0].reason.split(":")[0]
    'smallest difference that matters'
    >>> smallest_difference_has_a_source([], asked.model_copy(update={"mids": {}}))[0].reason
    'no smallest difference that matters is fixed for SMD'
    """
    rule, mid = smallest_difference_has_a_source, question.mid
    if mid is None:
        reason = f"no smallest difference that matters is fixed for {question.measure}"
    else:
        reason = f"smallest difference that matters: {mid.value:g} {mid.unit} ({mid.tag}; {mid.source})"
    return (Verdict(rule.__name__, "", "flag", reason),)
