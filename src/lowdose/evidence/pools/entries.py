"""What is known about a question, gathered from the data and put before the rules."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from lowdose.errors import InvalidInput
from lowdose.evidence.pools.contrasts import entry_of, gives, unusable_of
from lowdose.evidence.pools.entry import Entry, Gathered, Removed, Unusable
from lowdose.evidence.pools.numbers import Measure, correlation_of
from lowdose.evidence.pools.questions import Question, question
from lowdose.evidence.pools.rules.obey import obey
from lowdose.evidence.records.registry import Registry
from lowdose.evidence.records.registry import registry as package_data
from lowdose.evidence.records.schema import AdverseEvent, Contrast, Outcome, Study

__all__ = ["Entry", "Gathered", "Removed", "Unusable", "entries"]

_Found = tuple[Study, "Outcome | AdverseEvent", Contrast]


def entries(
    asked: Question | str,
    *,
    measure: Measure | None = None,
    correlation: float = 0.5,
    only_found: bool = False,
    include_sensitivity: bool = False,
    studies: Sequence[str] | None = None,
    registry: Registry | None = None,
) -> Gathered:
    """Gather the entries of a question.

    Parameters
    ----------
    asked : Question or str
        A question or its id, such as ``fibromyalgia.pain``.
    measure : str, optional
        Another measure than the question's own.
    correlation : float
        Between the periods of crossover trials.
    only_found : bool
        Leave out whatever rests on a recalled value.
    include_sensitivity : bool
        Take in the studies that are for sensitivity analyses only.
    studies : sequence of str, optional
        Look at these studies alone (their ids).
    registry : Registry, optional
        Other data than the package's.

    Returns
    -------
    Gathered
        With a reason for all that is not used.

    Raises
    ------
    InvalidInput
        If the correlation cannot be.

    Examples
    --------
    >>> found = entries("fibromyalgia.pain")
    >>> [entry.label for entry in found.entries]
    ['Younger 2013', 'Due Bruun 2024 (FINAL)', 'Rodriguez-Freire 2026 (INNOVA)']
    >>> [left.label for left in found.removed]
    ['Younger 2009']
    """
    correlation = correlation_of(correlation)  # refused here: below, it would only make trials without numbers
    asked = question(asked) if isinstance(asked, str) else asked
    if measure is not None:
        asked = asked.by(measure)
    known = registry or package_data()
    include_sensitivity = include_sensitivity or asked.include_sensitivity
    found: list[Entry] = []
    unusable: list[Unusable] = []
    removed: list[Removed] = []
    for study in sorted(known.studies.values(), key=lambda one: (one.citation.year, one.id)):
        if studies is not None and study.id not in studies:
            continue
        made = _of_study(study, asked, correlation)
        if isinstance(made, Unusable):
            unusable.append(made)
        elif isinstance(made, Entry) and (reason := _not_for_pools(study, made, asked, include_sensitivity)):
            removed.append(Removed(study.id, made.label, reason, "use"))
        elif isinstance(made, Entry):
            found.append(made)
    kept, refused, notes = obey(found, asked, only_found=only_found)
    return Gathered(
        entries=kept,
        unusable=tuple(unusable),
        removed=(*removed, *refused),
        notes=notes,
        options={"correlation": correlation, "only_found": only_found, "include_sensitivity": include_sensitivity},
    )


def _of_study(study: Study, asked: Question, correlation: float) -> Entry | Unusable | None:
    """The one answer of a study: at the best time, by the first contrast that gives the measure."""
    if asked.conditions and not {study.condition, *study.also} & set(asked.conditions):
        return None
    found = [one for one in _contrasts(study) if one[2].pool == asked.outcome]
    if not found:
        return None
    for _, outcome, contrast in sorted(
        (one for one in found if gives(one[2], asked.measure)), key=lambda one: _lateness(one[1], asked)
    ):
        if _lateness(outcome, asked)[0] > len(asked.time_order):
            return unusable_of(study, outcome, contrast, "nothing was measured at a time the question asks about")
        try:
            return entry_of(study, outcome, contrast, asked.measure, correlation=correlation)
        except InvalidInput as error:
            return unusable_of(study, outcome, contrast, error.what)
    _, outcome, contrast = found[0]
    numbers = f"no {asked.measure} can be told" if contrast.method and not contrast.missing else ""
    return unusable_of(study, outcome, contrast, numbers)


def _contrasts(study: Study) -> Iterator[_Found]:
    measured: tuple[Outcome | AdverseEvent, ...] = (*study.outcomes, *study.adverse_events)
    for outcome in measured:
        for contrast in outcome.contrasts:
            yield study, outcome, contrast


def _lateness(outcome: Outcome | AdverseEvent, asked: Question) -> tuple[int, float, bool]:
    """Sorts outcomes: by window, by distance from its time, primary first. Adverse events have no time."""
    if isinstance(outcome, AdverseEvent) or not asked.time_order:
        return 0, 0.0, True
    if outcome.timepoint_wk is None:
        return len(asked.time_order), 0.0, not outcome.primary
    for rank, window in enumerate(asked.time_order):
        if window.earliest <= outcome.timepoint_wk <= window.latest:
            return rank, abs(outcome.timepoint_wk - window.weeks), not outcome.primary
    return len(asked.time_order) + 1, 0.0, True


def _not_for_pools(study: Study, entry: Entry, asked: Question, include_sensitivity: bool) -> str:
    """Why a study with numbers stays out by what its record says it may be used for; empty where it may go in."""
    words = study.use.meta_analysis_words or study.use.meta_analysis
    if entry.sensitivity_only and not include_sensitivity:
        return f"joins the sensitivity analysis only: {study.design_words}, risk of bias {study.rob.overall}"
    if study.use.meta_analysis == "no" and study.id not in asked.shown_alone:
        return f"not for pooling: {words}" if words != "no" else f"not for pooling: {study.design_words}"
    return ""
