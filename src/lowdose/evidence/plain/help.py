"""Does it help, and how many of 100: the answers of the plain layer, from the rows of a condition."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from lowdose.evidence.plain.told import (
    DID,
    FELT,
    FULL,
    NO_ILLNESS,
    SURE,
    Point,
    Told,
    against_words,
    drug_plain,
    is_clear,
    is_more,
    many,
    number_words,
    of_a_hundred,
    sign,
    upper,
)
from lowdose.evidence.pools.numbers import OF_EVENTS, no_difference
from lowdose.evidence.records.labels import RECALLED

if TYPE_CHECKING:
    from lowdose.evidence.grading.findings import Finding
    from lowdose.evidence.records.schema import Study

_NOT_SHOWN, _UNCLEAR = "Not shown to help.", "Trials gave no clear answer."
HELPS: Mapping[str, str] = {
    "high": "It helps.",
    "moderate": "It likely helps.",
    "low": "It may help.",
    "very low": "It may help, but the proof is very weak.",
}


def headline(told: Told) -> str:
    """The answer in a few words, with GRADE's words for how sure it is.

    Examples
    --------
    >>> from lowdose.evidence.plain.told import told
    >>> headline(told("vulvodynia")), headline(told("fibromyalgia"))
    ('Not put to the test.', 'Not shown to help.')
    """
    if told.condition.group in NO_ILLNESS:
        if any(one.direction == "harm" for study in told.studies for one in study.outcomes):
            return "People came to harm."
        return "About safety, not about help." if told.condition.group == "safety" else "About people who were not ill."
    shown = told.own or told.shared
    if not shown:
        ways = {main_way(study) for study in told.trials}
        by_way = {"favours_ldn": HELPS["very low"], "no_difference": _NOT_SHOWN}
        return by_way.get(ways.pop(), _UNCLEAR) if len(ways) == 1 else _UNCLEAR if ways else "Not put to the test."
    finding = shown[0]
    question = told.questions[finding.question]
    if not is_clear(finding):
        return _NOT_SHOWN
    if any(one["direction"].startswith("no_") for one in question["unusable"]):
        return "Trials do not agree."
    if is_more(finding) != (question["question"]["better"] == "higher"):
        return (
            "People did worse on a full dose."
            if drug_plain(question["question"]) == FULL
            else "People did worse with it."
        )
    return HELPS[finding.certainty]


def help_words(told: Told) -> Iterator[str]:
    """Sentences on whether it helps; one of one trial is a `Point`.

    Examples
    --------
    >>> from lowdose.evidence.plain.told import told
    >>> next(help_words(told("vulvodynia")))
    'We do not know.'
    """
    if told.condition.group in NO_ILLNESS:
        yield "This page cannot tell. Each illness has a page of its own."
        return
    if told.own:
        yield from _first(told, told.own[0])
        yield from (Point(_further(told, one)) for one in told.own[1:])
    elif told.trials:
        yield from _without_numbers(told)
    else:
        yield "We do not know."
        yield "No trial here has put LDN to the test against a dummy pill."
        yield from _untested(told)
    for one in told.shared:
        question = told.questions[one.question]
        way = _way(one, question["question"], against_words(question))
        yield f"Then we put trials in more than one illness together, {one.participants} people in all."
        yield f"There, too: {way}" if told.own else f"There: {way}"
    if any(one.recalled for one in (*told.own, *told.shared)):
        yield f"{RECALLED} means recalled: some of the numbers come from memory, and were not read in the source."


def _first(told: Told, finding: Finding) -> Iterator[str]:
    question = told.questions[finding.question]
    asked, against = question["question"], against_words(question)
    trials = upper(many(finding.k, "trial", "trials"))
    yield f"{trials} with {finding.participants} people gave numbers we can use{sign(finding.recalled)}."
    if drug_plain(asked) == FULL:
        yield "They took a full dose, which is not LDN."
    yield _way(finding, asked, against)
    if finding.k > 1:
        yield from (Point(_of_one_trial(entry, asked, against)) for entry in question["entries"])
    yield from _left_out(question)
    yield SURE[finding.certainty]
    if finding.probability_beyond_mid is not None and finding.certainty != "very low":
        chance = of_a_hundred(100 * finding.probability_beyond_mid)
        yield f"The chance that it helps enough to matter is {chance} in 100."


def _of_one_trial(entry: Mapping[str, Any], asked: Mapping[str, Any], against: str) -> str:
    """What one trial of several saw: a gain, a loss, or which way it leaned."""
    shown, null = entry["shown"], no_difference(entry["measure"])
    side = "LDN" if (shown["estimate"] > null) == (asked["better"] == "higher") else against
    people = max(entry["n_treated"] or 0, entry["n_control"] or 0)
    if "crossover" not in entry["design"]:
        people = (entry["n_treated"] or 0) + (entry["n_control"] or 0)
    counted = f"{entry['label']} ({people} people){sign(bool(entry['recalled']))}"
    if shown["low"] <= null <= shown["high"]:
        return f"{counted} leaned to {side}, but that could be chance."
    return f"{counted} came out for {side}."


def _left_out(question: Mapping[str, Any]) -> Iterator[str]:
    """Trials without numbers: they are not in the sum, and what they say must not be lost."""
    left = question["unusable"]
    if not left:
        return
    trials = many(len(left), "more trial", "more trials")
    yield f"{upper(trials)} gave no numbers we could use{sign(any(one['recalled'] for one in left))}."
    if all(one["direction"].startswith("no_") for one in left):
        yield f"{'It' if len(left) == 1 else 'They'} saw no clear gain."


def _further(told: Told, finding: Finding) -> str:
    question = told.questions[finding.question]
    way = _way(finding, question["question"], against_words(question))
    return f"{way[:-1]}{sign(finding.recalled)}."


def _way(finding: Finding, asked: Mapping[str, Any], against: str) -> str:
    """Which way a result points, from its interval alone."""
    drug, outcome = drug_plain(asked), asked["outcome"]
    chance = "" if is_clear(finding) else ", but this could be chance"
    if finding.measure in OF_EVENTS:
        did = DID.get(outcome, f"had this: {finding.outcome}")
        return f"{'More' if is_more(finding) else 'Fewer'} people {did} on {drug} than on {against}{chance}."
    felt = FELT.get(outcome, finding.outcome)
    if chance:
        return f"{upper(drug)} did not clearly beat {against} for {felt}."
    good = is_more(finding) == (asked["better"] == "higher")
    return f"People did {'better' if good else 'worse'} on {drug} than on {against} for {felt}."


def _without_numbers(told: Told) -> Iterator[str]:
    trials = told.trials
    people = sum(study.n.took_part or 0 for study in trials)
    counted = f" with {people} people" if people else ""
    yield f"{upper(many(len(trials), 'trial', 'trials'))}{counted} set the drug against something else."
    ways = [main_way(study) for study in trials]
    for way, said in (
        ("favours_ldn", "saw a gain"),
        ("no_difference", "saw no clear gain"),
        ("favours_placebo", "did better without it"),
        ("other", "had mixed or unclear results"),
    ):
        count = ways.count(way)
        if count:
            which = "It" if len(trials) == 1 else f"{upper(number_words(count))} of them"
            yield f"{which} {said}."
    if not told.shared:
        yield "The reports we read gave no numbers that we could put side by side."
    yield SURE["very low"]
    classes = {study.intervention.dose_class for study in trials}
    if classes == {"VLDN"}:
        yield "They took a very low dose, less than LDN."
    if classes & {"standard", "intermediate"}:
        yield "Some of them used a larger dose than LDN."


def main_way(study: Study) -> str:
    """Which way the main results of a trial point; other where they differ or say nothing.

    Examples
    --------
    >>> from lowdose.evidence.records.registry import registry
    >>> main_way(registry().studies["bruun2024_FINAL"])
    'no_difference'
    """
    results = [one for one in study.outcomes if one.primary] or list(study.outcomes)
    kinds = {
        next(
            (
                kind
                for kind, starts in (
                    ("favours_ldn", ("favours_ldn", "favours_drug", "favours_combination")),
                    ("favours_placebo", ("favours_placebo", "favours_control", "worse", "harm")),
                    ("no_difference", ("no_difference", "no_clear", "no_change", "little_change")),
                )
                if one.direction.startswith(starts) and "not_significant" not in one.direction
            ),
            "other",
        )
        for one in results
    }
    return kinds.pop() if len(kinds) == 1 else "other"


def _untested(told: Told) -> Iterator[str]:
    studies = told.studies
    people = sum(study.n.took_part or 0 for study in studies)
    if not studies:
        yield "We found no study at all."
        return
    yield f"We found {many(len(studies), 'report', 'reports')} on {many(people, 'person', 'people')}."
    yield "There was no dummy pill to compare with, so we cannot tell what the drug did."


def counted_words(told: Told) -> Iterator[str]:
    """Sentences on how many of 100 people, for the first two counts.

    Examples
    --------
    >>> from lowdose.evidence.plain.told import told
    >>> list(counted_words(told("vulvodynia")))
    ['We cannot say. No trial of this illness gave such a count.']
    """
    counted = [one for one in told.own if one.absolute]
    for finding in counted[:2]:
        risk = finding.absolute
        assert risk is not None
        question = told.questions[finding.question]
        asked, mark = question["question"], sign(risk.recalled)
        did = DID.get(asked["outcome"], f"had this: {finding.outcome}")
        yield f"Of 100 people on {against_words(question)}, {of_a_hundred(risk.without)} {did}{mark}."
        yield f"Of 100 people on {drug_plain(asked)}, it may be {of_a_hundred(risk.with_drug)}{mark}."
        yield f"It could be as few as {risk.low:.0f} and as many as {risk.high:.0f}{mark}."
        yield f"The first count comes from {risk.control_total} people on {against_words(question)}."
    if not counted:
        yield "We cannot say. No trial of this illness gave such a count."
