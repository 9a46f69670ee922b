"""Sentences generated from a run: hypothesis, band and grade are in them; none is written by hand."""

from __future__ import annotations

from collections.abc import Sequence

from lowdose.report.measured import measured_or_not
from lowdose.report.trust import confidence, weakest
from lowdose.report.words import RANGES, days_words, number, person_words, range_words, value_words
from lowdose.results import KIND_WORDS, Metric, Result

BRAIN = "mu_occupancy_central"
ARTICLES = "equilibrium-parent"
"""The kinetics the two popular articles assume."""
_ALL_DAY, _NO_TIME = 23.5, 0.05


def headline(result: Result) -> str:
    """What the run predicts, in one sentence.

    Examples
    --------
    >>> from lowdose import simulate
    >>> print(headline(simulate("50 mg nightly at 22:00 for 3 days")))
    In a typical adult, 50 mg nightly at 22:00 for 3 days is predicted to keep about 9... % of the brain's µ opioid
    receptors blocked around the clock by the last day.
    """
    subject = f"In {person_words(result)}, {result.regimen.canonical} is predicted to"
    if not result.regimen.doses:
        return f"In {person_words(result)}, no dose is given: no receptor is blocked."
    return f"{subject} {_blocks(result)}."


def _blocks(result: Result) -> str:
    metrics = result.metrics[BRAIN]
    when = "in the 24 hours after the dose" if result.timing.single else "by the last day"
    hours = metrics["hours_above_50_last_day"]
    if hours.value is not None and hours.value >= _ALL_DAY:
        mean = metrics["mean_last_day"]
        ranged = _ranged(result, mean, share=True)
        share = value_words(mean.value, mean.unit, share=True)
        return f"keep about {share} of the brain's µ opioid receptors blocked around the clock {when}{ranged}"
    if hours.value is not None and hours.value > _NO_TIME:
        a_day = "" if result.timing.single else " a day"
        return (
            f"block more than half of the brain's µ opioid receptors for about {number(hours.value, 2)} h{a_day} "
            f"{when}{_ranged(result, hours)}"
        )
    peak = metrics["peak"]
    share = value_words(peak.value, peak.unit, share=True)
    return (
        f"block less than half of the brain's µ opioid receptors, at most about {share} "
        f"{when}{_ranged(result, peak, share=True)}"
    )


def _ranged(result: Result, metric: Metric, share: bool = False) -> str:
    if result.drawn not in metric.bands:
        return ""
    return f" ({RANGES[result.drawn]}: {range_words(metric, result.drawn, share)})"


def basis(result: Result) -> str:
    """Hypothesis, band and grade of the headline.

    Examples
    --------
    >>> from lowdose import simulate
    >>> print(basis(simulate("50 mg once")))
    Hypothesis: kinetics 'effect-site' (brain follows blood slowly). Band: none, the typical person only.
    Confidence: medium.
    """
    kinetics, mechanism = result.kinetics, result.hypothesis.mechanism
    also = f", mechanism '{mechanism.name}' ({mechanism.short})" if mechanism else ""
    band = "none, the typical person only"
    if result.drawn in result.metrics[BRAIN]["peak"].bands:
        band = f"{KIND_WORDS[result.drawn]}, {result.people} persons"
    return (
        f"Hypothesis: kinetics '{kinetics.name}' ({kinetics.short}){also}. Band: {band}. "
        f"Confidence: {_graded(result, BRAIN)}."
    )


def _graded(result: Result, output: str) -> str:
    grade, reasons = confidence(result, output), weakest(result, output)
    if grade != "low" or not reasons:
        return grade
    return f"{grade}, because of {reasons[0].name} ({reasons[0].provenance})"


def articles(result: Result, rivals: Sequence[Result]) -> str:
    """What the articles' assumption would make of the same regimen; empty when it was not run.

    Examples
    --------
    >>> from lowdose import simulate
    >>> result, rival = simulate("50 mg once"), simulate("50 mg once", hypothesis_name="equilibrium-parent")
    >>> print(articles(result, [rival]))
    Under the articles' assumption ('equilibrium-parent') the same regimen would block more than half of them for
    about ... h, not 24 h.
    """
    rival = next((one for one in rivals if one.kinetics.name == ARTICLES), None)
    if rival is None or result.kinetics.name == ARTICLES or not result.regimen.doses:
        return ""
    hours, here = (one.metrics[BRAIN]["hours_above_50_last_day"].value or 0.0 for one in (rival, result))
    a_day = "" if result.timing.single else " a day"
    start = f"Under {rival.kinetics.short} ('{rival.kinetics.name}') the same regimen would"
    if hours <= _NO_TIME:
        peak = rival.metrics[BRAIN]["peak"]
        return f"{start} at no time block more than half of them (at most {value_words(peak.value, '1', share=True)})."
    instead = f", not {number(here, 2)} h" if abs(here - hours) > 1 else ""
    return f"{start} block more than half of them for about {number(hours, 2)} h{a_day}{instead}."


def quotation(result: Result, rivals: Sequence[Result]) -> tuple[str, ...]:
    """What a clinician can quote: prediction, its basis, whether it was measured, what the articles assume.

    Examples
    --------
    >>> from lowdose import simulate
    >>> len(quotation(simulate("3 mg once"), []))
    3
    """
    found = (headline(result), basis(result), measured_or_not(result), articles(result, rivals))
    return tuple(sentence for sentence in found if sentence)


def wash_out(result: Result) -> str:
    """When the block is over.

    Examples
    --------
    >>> from lowdose import simulate
    >>> print(wash_out(simulate("50 mg once")))
    After the last dose, the block of brain receptors is under 20 % for good after about ... days.
    """
    metric = result.metrics[BRAIN]["hours_to_below_20_after_last_dose"]
    start = "After the last dose, the block of brain receptors"
    if metric.value is None:
        return f"{start} is not under 20 % within the {number(result.typical.time[-1] / 24)} days of this run."
    return f"{start} is under 20 % for good after about {days_words(metric.value)}{_days(result, metric)}."


def _days(result: Result, metric: Metric) -> str:
    """The range of a length of time, in hours or days like the time itself."""
    band = metric.bands.get(result.drawn)
    if band is None or band["p05"] is None:
        return ""
    late = "beyond the run" if band["p95"] is None else days_words(band["p95"])
    return f" ({RANGES[result.drawn]}: {days_words(band['p05'])} to {late})"


def in_blood(result: Result) -> str:
    """Highest level of the drug.

    Examples
    --------
    >>> from lowdose import simulate
    >>> print(in_blood(simulate("50 mg once")))
    Naltrexone in blood is highest about ... h after a dose, at about ... ng/mL; 6β-naltrexol, its metabolite,
    at about ... ng/mL.
    """
    drug, metabolite = (result.metrics[name] for name in ("naltrexone_plasma", "naltrexol_plasma"))
    peak, other = drug["cmax"], metabolite["cmax"]
    since = drug["tmax"].value or 0.0
    return (
        f"Naltrexone in blood is highest about {number(since, 2)} h after a dose, at about "
        f"{value_words(peak.value, peak.unit)}{_ranged(result, peak)}; 6β-naltrexol, its metabolite, at about "
        f"{value_words(other.value, other.unit)}."
    )


def own_opioids(result: Result) -> str:
    """What happens to β-endorphin and to opioid tone, with how far to trust it.

    Examples
    --------
    >>> from lowdose import simulate
    >>> print(own_opioids(simulate("50 mg once")))
    Own β-endorphin averages about ... times its level without the drug on the last day; opioid tone in the brain,
    about ... times. Confidence: low, because of ...
    """
    fold = result.metrics["beta_endorphin"]["fold_last_day"]
    tone = result.metrics["opioid_tone_central"]["fold_last_day"]
    if fold.value is None or tone.value is None:
        return ""
    return (
        f"Own β-endorphin averages about {number(fold.value, 2)} times its level without the drug on the last day"
        f"{_ranged(result, fold)}; opioid tone in the brain, about {number(tone.value, 2)} times"
        f"{_ranged(result, tone)}. Confidence: {_graded(result, 'beta_endorphin')}."
    )


def plain(result: Result) -> tuple[str, ...]:
    """Three sentences below the headline.

    Examples
    --------
    >>> from lowdose import simulate
    >>> len(plain(simulate("3 mg once")))
    3
    """
    if not result.regimen.doses:
        return ()
    return tuple(filter(None, (wash_out(result), in_blood(result), own_opioids(result))))
