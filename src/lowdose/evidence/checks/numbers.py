"""Checks of the numbers: people, shares, intervals, doses, and every sum done again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from lowdose.errors import LowdoseError
from lowdose.evidence.checks.issue import Issue, blocks
from lowdose.evidence.pools.numbers import IMPLAUSIBLE_SMD, possible_percentage
from lowdose.evidence.records.derive import agrees, number_at, recompute
from lowdose.evidence.records.registry import Registry
from lowdose.evidence.records.schema import AdverseEvent, ArmResult, DoseClass, Outcome, People, Study

CLASSES: Mapping[DoseClass, tuple[float, float]] = {
    "ULDN": (0, 0.001),
    "VLDN": (0.001, 1),
    "LDN": (1, 6),
    "intermediate": (7, 49),
    "standard": (50, float("inf")),
}
"""Daily dose in mg of each class (the conventions of the data set)."""
COMPUTED = ("rebuilt", "derived", "computed", "by subtraction")
"""Words of a note that tell of arithmetic."""
COUNTS = ("randomised", "enrolled", "started", "analysed", "evaluable", "returned", "persistent", "combined")


def check_people(known: Registry) -> Iterator[Issue]:
    """Nobody is counted who was not there: no count of zero, arms add up, no more analysed than entered.

    Examples
    --------
    >>> from lowdose.evidence.records.registry import registry
    >>> list(check_people(registry()))
    []
    """
    for study in known.studies.values():
        where, n = f"{study.id}, n", study.n
        counts = {name: value for name in (*COUNTS, "mailed") if (value := getattr(n, name)) is not None}
        for name, value in (*counts.items(), *((f"arms.{arm}", value) for arm, value in n.arms.items())):
            if value <= 0:
                yield Issue("people", "error", f"{where}.{name}", f"n is {value}", "write how many there were, above 0")
        entered = [one for one in (n.mailed, n.randomised, n.enrolled) if one is not None]
        for name in ("started", "analysed", "evaluable", "returned", "persistent"):
            if entered and counts.get(name, 0) > max(entered):
                what = f"{name} {counts[name]}, but {max(entered)} entered"
                yield Issue("people", "error", where, what, "look again at the source")
        whole = [counts[name] for name in ("randomised", "enrolled", "analysed") if name in counts]
        if n.arms and whole and sum(n.arms.values()) not in whole:
            what = f"the arms add up to {sum(n.arms.values())}, not to {' or '.join(map(str, whole))}"
            yield Issue("people", "error", where, what, "look again at the arms")


def check_arms(known: Registry) -> Iterator[Issue]:
    """No arm is empty, none has more events than people, none has more people than the study.

    Examples
    --------
    >>> from lowdose.evidence.records.registry import registry
    >>> list(check_arms(registry()))
    []
    """
    for study, where, block in _blocks(known):
        most = max((value for name in COUNTS if (value := getattr(study.n, name))), default=None)
        for name, arm in block.arms.items():
            place = f"{where}.arms.{name}"
            for field, value in (("total", arm.total), ("n", arm.n)):
                if value is not None and value <= 0:
                    yield Issue("arms", "error", place, f"{field} is {value}", "write how many there were, above 0")
                if value is not None and most is not None and value > most:
                    what = f"{field} is {value}, but the study has {most}"
                    yield Issue("arms", "error", place, what, "look again at the source")
            if arm.events is not None and (arm.events < 0 or (arm.total is not None and arm.events > arm.total)):
                what = f"{arm.events} events of {arm.total if arm.total is not None else 'an unknown number'}"
                yield Issue("arms", "error", place, what, "events are some of the total")


def check_ranges(known: Registry) -> Iterator[Issue]:
    """Percentages lie in 0 to 100, p in 0 to 1, intervals around their estimate; no deviation is negative.

    Examples
    --------
    >>> from lowdose.evidence.records.registry import registry
    >>> list(check_ranges(registry()))
    []
    """
    for _, where, block in _blocks(known):
        for name, arm in block.arms.items():
            yield from _arm_ranges(f"{where}.arms.{name}", arm)
        effect = block.effect if isinstance(block, Outcome) else None
        p = effect.p if effect else block.p if isinstance(block, AdverseEvent) else None
        if isinstance(p, float) and not 0 <= p <= 1:
            yield Issue("ranges", "error", where, f"p is {p:g}", "write a p between 0 and 1")
        if effect:
            yield from _interval(f"{where}.effect", effect.ci, effect.est)
            if effect.se is not None and effect.se <= 0:
                yield Issue("ranges", "error", where, f"the standard error is {effect.se:g}", "write one above 0")
    for review in known.reviews.values():
        for number, result in enumerate(review.results):
            yield from _interval(f"{review.id}, results.{number}", result.ci, result.est)


def _arm_ranges(where: str, arm: ArmResult) -> Iterator[Issue]:
    if arm.pct is not None and not 0 <= arm.pct <= 100:
        yield Issue("ranges", "error", where, f"{arm.pct:g} % is no share", "write a percentage from 0 to 100")
    pairs = [one[1] for one in (arm.baseline, arm.end) if isinstance(one, tuple)]
    for deviation in (arm.sd, *pairs):
        if deviation is not None and deviation <= 0:
            yield Issue("ranges", "error", where, f"the deviation is {deviation:g}", "write one above 0")
    yield from _interval(where, arm.ci, arm.mean_change if arm.mean is None else arm.mean)


def _interval(where: str, interval: tuple[float, float] | None, middle: float | None) -> Iterator[Issue]:
    if interval is None:
        return
    low, high = interval
    if not low < high:
        yield Issue("ranges", "error", where, f"{low:g} to {high:g} is no interval", "give the lower limit first")
    elif middle is not None and not low <= middle <= high:
        what = f"{middle:g} does not lie between {low:g} and {high:g}"
        yield Issue("ranges", "error", where, what, "look again at the source")


def check_doses(known: Registry) -> Iterator[Issue]:
    """The daily dose lies in its class; a range that reaches beyond it is worth a note.

    Examples
    --------
    >>> from lowdose.evidence.records.registry import registry
    >>> [issue.where for issue in check_doses(registry()) if issue.level == "error"]
    []
    """
    for study in known.studies.values():
        dose, name = study.intervention.dose_mg_per_day.range_mg, study.intervention.dose_class
        if dose is None:
            continue
        where = f"{study.id}, intervention.dose_mg_per_day"
        low, high = CLASSES[name]
        if not 0 < dose[0] <= dose[1]:
            yield Issue("doses", "error", where, f"{dose[0]:g} to {dose[1]:g} mg is no range", "lowest first, above 0")
        elif dose[1] < low or dose[0] > high:
            what = f"{dose[0]:g} to {dose[1]:g} mg a day is not {name}"
            yield Issue("doses", "error", where, what, f"{name} is {low:g} to {high:g} mg")
        elif dose[0] < low or dose[1] > high:
            what = f"{dose[0]:g} to {dose[1]:g} mg a day reaches beyond {name} ({low:g} to {high:g} mg)"
            yield Issue("doses", "note", where, what, "read its result with that in mind")


def check_derivations(known: Registry) -> Iterator[Issue]:
    """Every computed number is what its arithmetic gives, to the digits it is written with.

    Examples
    --------
    >>> from lowdose.evidence.records.registry import registry
    >>> list(check_derivations(registry()))
    []
    """
    for study, where, block in _blocks(known):
        for derivation in block.derivations:
            place = f"{where}.{derivation.field}"
            try:
                stored = number_at(derivation.field, block, study)
                computed = recompute(derivation, block, study)
            except LowdoseError as error:
                yield Issue("derivations", "error", place, error.what, error.remedy or "look again at the derivation")
                continue
            if not agrees(stored, computed):
                what = f"{stored:g} is written, {derivation.by} gives {computed:.6g}"
                yield Issue("derivations", "error", place, what, "correct the number or its derivation")


def check_told(known: Registry) -> Iterator[Issue]:
    """A note that says a number was computed has the sum beside it.

    Examples
    --------
    >>> from lowdose.evidence.records.registry import registry
    >>> list(check_told(registry()))
    []
    """
    for _, where, block in _blocks(known):
        word = next((word for word in COMPUTED if word in block.note), None)
        if word and not block.derivations:
            what = f"the note says {word!r}, but no derivation stands beside it"
            yield Issue("told", "error", where, what, "write derivations: with the function and its numbers")


def check_percentages(known: Registry) -> Iterator[Issue]:
    """A percentage that no whole number of the people counted can give is worth a note.

    Examples
    --------
    >>> from lowdose.evidence.records.registry import registry
    >>> [issue.what for issue in check_percentages(registry()) if "smith2007" in issue.where][0]
    '89 % is no whole number of 17'
    """
    for study, where, block in _blocks(known):
        for name, arm in block.arms.items():
            totals = {arm.total} if arm.total else {arm.n} if arm.n else _likely(study.n, name)
            if arm.pct is None or not totals or any(possible_percentage(arm.pct, total) for total in totals if total):
                continue
            numbers = " or ".join(str(total) for total in sorted(total for total in totals if total))
            what = f"{arm.pct:g} % is no whole number of {numbers}"
            yield Issue("percentages", "note", f"{where}.arms.{name}", what, "another number may have been counted")


def _likely(n: People, arm: str) -> set[int | None]:
    return {n.arms[arm]} if arm in n.arms else {getattr(n, name) for name in COUNTS} - {None}


def check_plausible(known: Registry) -> Iterator[Issue]:
    """A standardised difference beyond 3 is worth a note: a standard error may have been taken for a deviation.

    Examples
    --------
    >>> from lowdose.evidence.records.registry import registry
    >>> [issue.where for issue in check_plausible(registry())]
    ['oalib_ma2023, results.0']
    """
    sizes = [
        (f"{where}.effect.cohen_d", block.effect.cohen_d)
        for _, where, block in _blocks(known)
        if isinstance(block, Outcome) and block.effect and block.effect.cohen_d is not None
    ]
    for review in known.reviews.values():
        for number, result in enumerate(review.results):
            if result.measure in ("SMD", "d") and result.est is not None:
                sizes.append((f"{review.id}, results.{number}", result.est))
    for where, size in sizes:
        if abs(size) > IMPLAUSIBLE_SMD:
            what = f"a standardised difference of {size:g} is not credible"
            yield Issue("plausible", "note", where, what, "a standard error may have been taken for a deviation")


def _blocks(known: Registry) -> Iterator[tuple[Study, str, Outcome | AdverseEvent]]:
    for study in known.studies.values():
        yield from ((study, where, block) for where, block in blocks(study))
