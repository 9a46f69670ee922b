"""Does it help, and how many of 100: the answers of the plain layer, from the rows of a condition."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from lowdose.evidence.plain.phrases import DID, DUMMY, FELT, FULL, SURE, Point, listed, many, of_a_hundred, sign, upper
from lowdose.evidence.plain.told import NO_ILLNESS, Told, against_words, drug_plain, is_clear, is_more
from lowdose.evidence.plain.trials import (
    given_too,
    kindred,
    main_way,
    other_trials,
    untested,
    without_numbers,
    worse_on,
)
from lowdose.evidence.pools.numbers import OF_EVENTS, no_difference
from lowdose.evidence.records.labels import RECALLED

if TYPE_CHECKING:
    from lowdose.evidence.grading.findings import Finding

_NOT_SHOWN, _UNCLEAR = "Not shown to help.", "Trials gave no clear answer."
_BENT = ("high", "serious", "critical")
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
        return _headline_of_trials(told)
    finding = shown[0]
    question = told.questions[finding.question]
    if not is_clear(finding):
        return _NOT_SHOWN if question["question"]["comparator"] != "active" else "Not shown to beat another drug."
    if any(one["direction"].startswith("no_") for one in question["unusable"]):
        return "Trials do not agree."
    if is_more(finding) != (question["question"]["better"] == "higher"):
        return (
            "People did worse on a full dose."
            if drug_plain(question["question"]) == FULL
            else "People did worse with it."
        )
    return HELPS[finding.certainty]


def _headline_of_trials(told: Told) -> str:
    """The answer where no trial gave a number: only what the reports say of themselves."""
    trials = told.trials
    if not trials:
        kin = kindred(told)
        return f"Put to the test in {listed(kin)} only." if kin else "Not put to the test."
    classes = {study.intervention.dose_class for study in trials}
    if not classes & {"LDN", "VLDN"}:
        return "LDN was not put to the test."
    ways = {main_way(study) for study in trials}
    way = ways.pop() if len(ways) == 1 else "other"
    if way == "favours_ldn":
        return HELPS["very low"] if "LDN" in classes else HELPS["very low"].replace("It", "A very low dose", 1)
    if way == "no_difference":
        return _NOT_SHOWN
    return "One trial gave no clear answer." if len(trials) == 1 else _UNCLEAR


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
        if len(told.own) > 2 and not is_clear(told.own[0]) and any(map(is_clear, told.own[1:])):
            yield "With so many things looked at, one can come out well by chance."
        yield from other_trials(told)
    elif told.trials:
        yield from without_numbers(told)
    else:
        yield "We do not know."
        yield "No trial here has put LDN to the test against a dummy pill."
        yield from untested(told)
    yield from worse_on(told)
    for one in told.shared:
        question = told.questions[one.question]
        way = _way(one, question["question"], against_words(question, told.known))
        people = f"{one.participants} people in all{sign(one.recalled)}"
        yield f"Then we put the trials in {_illnesses(question, told)} together, {people}."
        yield f"There, too: {way}" if told.own else f"There: {way}"
    if any(one.recalled for one in (*told.own, *told.shared)):
        yield f"{RECALLED} means recalled: some of the numbers come from memory, and were not read in the source."


def _first(told: Told, finding: Finding) -> Iterator[str]:
    question = told.questions[finding.question]
    asked, against, mark = question["question"], against_words(question, told.known), sign(finding.recalled)
    trials = upper(many(finding.k, "trial", "trials"))
    yield f"{trials} with {finding.participants} people gave numbers we can use{mark}."
    if any(study.condition != told.condition.id for study in told.behind):
        yield f"They were in people with {_illnesses(question, told, last='or')}."
    if drug_plain(asked) == FULL:
        yield "They took a full dose, which is not LDN."
    yield from given_too([told.known.studies[entry["study"]] for entry in question["entries"]])
    yield f"{_way(finding, asked, against)[:-1]}{mark}."
    if all(entry["risk_of_bias"] in _BENT for entry in question["entries"]):
        which = "this trial was" if finding.k == 1 else "these trials were"
        yield f"The way {which} done makes the result hard to trust."
    if finding.k > 1:
        yield from (Point(_of_one_trial(entry, asked, against)) for entry in question["entries"])
    yield from _left_out(question)
    if asked["comparator"] == "active" and not any("placebo" in study.comparator for study in told.trials):
        yield "No trial has set it against a dummy pill."
    yield SURE[finding.certainty]
    if finding.probability_beyond_mid is not None and finding.certainty != "very low":
        chance = of_a_hundred(100 * finding.probability_beyond_mid)
        yield f"The chance that it helps enough to matter is {chance} in 100."


def _illnesses(question: Mapping[str, Any], told: Told, last: str = "and") -> str:
    """The illnesses of the trials behind a row, by name."""
    ids = dict.fromkeys(told.known.studies[entry["study"]].condition for entry in question["entries"])
    return listed([told.known.conditions[one].name.lower() for one in ids], last)


def _of_one_trial(entry: Mapping[str, Any], asked: Mapping[str, Any], against: str) -> str:
    """What one trial of several saw: a gain, a loss, or which way it leaned."""
    shown, null = entry["shown"], no_difference(entry["measure"])
    side = (
        "LDN"
        if (shown["estimate"] > null) == (asked["better"] == "higher")
        else against.replace(DUMMY, "the dummy pill")
    )
    people = max(entry["n_treated"] or 0, entry["n_control"] or 0)
    if "crossover" not in entry["design"]:
        people = (entry["n_treated"] or 0) + (entry["n_control"] or 0)
    counted = f"{entry['label']} ({people} people){sign(bool(entry['recalled']))}".replace(") (", ", ")
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
    way = _way(finding, question["question"], against_words(question, told.known))
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


def counted_words(told: Told) -> Iterator[str]:
    """Sentences on how many of 100 people, for the first two counts.

    Examples
    --------
    >>> from lowdose.evidence.plain.told import told
    >>> list(counted_words(told("vulvodynia")))
    ['We cannot say. No trial of this illness gave such counts for both groups in a form we could use.']
    """
    counted = [one for one in told.own if one.absolute]
    for finding in counted[:2]:
        risk = finding.absolute
        assert risk is not None
        question = told.questions[finding.question]
        asked, mark = question["question"], sign(risk.recalled)
        drug, against = drug_plain(asked), against_words(question, told.known)
        did = DID.get(asked["outcome"], f"had this: {finding.outcome}")
        yield f"Of 100 people on {against}, {of_a_hundred(risk.without)} {did}{mark}."
        yield f"Of 100 people on {drug}, it may be {of_a_hundred(risk.with_drug)}{mark}."
        yield f"On {drug} it could be as few as {risk.low:.0f} and as many as {risk.high:.0f}{mark}."
        yield f"The first count comes from {risk.control_total} people on {against}{mark}."
    if not counted:
        yield "We cannot say. No trial of this illness gave such counts for both groups in a form we could use."
