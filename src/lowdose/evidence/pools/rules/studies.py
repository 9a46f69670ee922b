"""Which studies may enter a pool: each rule is one named check, its first line the rule in words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from lowdose.evidence.pools.entry import Entry
from lowdose.evidence.pools.rules.verdict import Verdict, flagged, refused

if TYPE_CHECKING:
    from lowdose.evidence.pools.questions import Question


def naltrexone_only(entries: Sequence[Entry], question: Question) -> tuple[Verdict, ...]:
    """Studies of naloxone, or of any drug but naltrexone, are refused.

    Examples
    --------
    >>> trial = Entry("a", "A 2020", 2020, "MD", 0.0, 0.1, drug="naloxone")
    >>> naltrexone_only([trial], None)[0].reason
    'naloxone is another drug than naltrexone'
    """
    return tuple(
        refused(naltrexone_only, entry, f"{entry.drug} is another drug than naltrexone")
        for entry in entries
        if entry.drug != "naltrexone"
    )


def before_after_stays_out(entries: Sequence[Entry], question: Question) -> tuple[Verdict, ...]:
    """Before-after numbers never enter a controlled pool.

    Examples
    --------
    >>> trial = Entry("a", "A 2020", 2020, "MD", 0.0, 0.1, controlled=False, design="single arm")
    >>> before_after_stays_out([trial], None)[0].reason
    'before and after in the same people, without a control (single arm)'
    """
    return tuple(
        refused(
            before_after_stays_out,
            entry,
            f"before and after in the same people, without a control ({entry.design or 'design unknown'})",
        )
        for entry in entries
        if not entry.controlled
    )


def active_comparators_stay_apart(entries: Sequence[Entry], question: Question) -> tuple[Verdict, ...]:
    """Trials against another active drug stay apart from those against placebo.

    Examples
    --------
    >>> from lowdose.evidence.pools.questions import question
    >>> trial = Entry("a", "A 2020", 2020, "SMD", 0.0, 0.1, active_control=True, comparator="amitriptyline")
    >>> active_comparators_stay_apart([trial], question("fibromyalgia.pain"))[0].reason
    'set against amitriptyline, the question is about placebo'
    """
    wanted = question.comparator == "active"
    asked = "another drug" if wanted else "placebo"
    return tuple(
        refused(
            active_comparators_stay_apart,
            entry,
            f"set against {entry.comparator or 'something else'}, the question is about {asked}",
        )
        for entry in entries
        if entry.active_control != wanted
    )


def dose_classes_stay_apart(entries: Sequence[Entry], question: Question) -> tuple[Verdict, ...]:
    """Ultra-low, very low, low, intermediate and standard doses are never pooled together.

    Examples
    --------
    >>> from lowdose.evidence.pools.questions import question
    >>> trial = Entry("a", "A 2020", 2020, "SMD", 0.0, 0.1, dose_class="standard", dose_mg=50.0)
    >>> dose_classes_stay_apart([trial], question("fibromyalgia.pain"))[0].reason
    'standard dose (50 mg), the question is about LDN'
    """
    verdicts = []
    for entry in entries:
        amount = f" ({entry.dose_mg:g} mg)" if entry.dose_mg is not None else ""
        if entry.dose_class and entry.dose_class not in question.dose_classes:
            reason = f"{entry.dose_class} dose{amount}, the question is about {' or '.join(question.dose_classes)}"
            verdicts.append(refused(dose_classes_stay_apart, entry, reason))
        elif question.most_mg is not None and entry.dose_mg is not None and entry.dose_mg > question.most_mg:
            reason = f"{entry.dose_mg:g} mg a day, the question is about {question.most_mg:g} mg at most"
            verdicts.append(refused(dose_classes_stay_apart, entry, reason))
    return tuple(verdicts)


def recalled_leaves_on_one_switch(entries: Sequence[Entry], question: Question) -> tuple[Verdict, ...]:
    """No number without a tag; recalled numbers are marked, and leave the pool on one switch.

    Examples
    --------
    >>> trial = Entry("a", "A 2013", 2013, "SMD", -0.5, 0.04, recalled=("n analysed",))
    >>> recalled_leaves_on_one_switch([trial], None)[0].reason
    'recalled, not read in the source: n analysed'
    """
    return tuple(
        refused(recalled_leaves_on_one_switch, entry, f"recalled, not read in the source: {', '.join(entry.recalled)}")
        for entry in entries
        if entry.recalled
    )


def one_patient_set_once(entries: Sequence[Entry], question: Question) -> tuple[Verdict, ...]:
    """One patient set, one entry: of papers on the same people the largest counts, then the earliest.

    Examples
    --------
    >>> trials = [Entry("a", "A 2009", 2009, "MD", 0.0, 0.1, patient_set="x", n_treated=50, n_control=50),
    ...           Entry("b", "A 2012", 2012, "MD", 0.0, 0.1, patient_set="x", n_treated=40, n_control=40)]
    >>> [(one.study, one.reason) for one in one_patient_set_once(trials, None)]
    [('b', 'the same people as A 2009')]
    """
    kept: dict[str, Entry] = {}
    verdicts = []
    for entry in sorted(entries, key=lambda one: (-(one.n_treated or 0) - (one.n_control or 0), one.year)):
        name = entry.patient_set or entry.study
        if name in kept:
            verdicts.append(refused(one_patient_set_once, entry, f"the same people as {kept[name].label}"))
        kept.setdefault(name, entry)
    return tuple(verdicts)


def certainty_starts_by_design(entries: Sequence[Entry], question: Question) -> tuple[Verdict, ...]:
    """Certainty starts high where every study is randomised, else low.

    Examples
    --------
    >>> trial = Entry("a", "A 2009", 2009, "SMD", -1.2, 0.2, design="fixed-order crossover")
    >>> certainty_starts_by_design([trial], None)[0].reason
    'not randomised: certainty starts low'
    """
    return tuple(
        flagged(certainty_starts_by_design, entry, "not randomised: certainty starts low")
        for entry in entries
        if entry.design and "RCT" not in entry.design
    )
