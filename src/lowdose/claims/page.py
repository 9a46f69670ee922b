"""The page of the documentation on claims and the model: counts by basis, and every scenario in a table."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from lowdose.claims.criteria import criteria
from lowdose.claims.noted import noted
from lowdose.claims.register import register
from lowdose.claims.scenarios.files import scenarios
from lowdose.claims.schema import BASES, OUTCOMES, Claim, Computed
from lowdose.claims.words import flip_words, found_words, rival_words

FROM_RECORDS = "answered from records"
NO_SCENARIO = "no scenario possible"
_GROUPS = (*BASES, FROM_RECORDS, NO_SCENARIO)
_MEANS: Mapping[str, str] = {
    "independent": "the model was free to say otherwise; only these may hold or fail",
    "calibrated-to": "a datum on this very point set a parameter, so agreeing or disagreeing with the claim is no test",
    "built-in": "a module assumes it, so it comes out by construction",
    FROM_RECORDS: "the trial or the pool itself answers it; a run would be set by the same numbers",
    NO_SCENARIO: "the model lacks what the claim speaks of; the reason is told",
}


def group(claim: str) -> str:
    """How a claim that the model could address is accounted for.

    Examples
    --------
    >>> group("C020"), group("C010"), group("C073"), group("C025")
    ('independent', 'calibrated-to', 'answered from records', 'no scenario possible')
    """
    if claim in criteria():
        return FROM_RECORDS
    return scenarios()[claim].basis or NO_SCENARIO


def counts(results: Mapping[str, Computed]) -> Mapping[str, Counter[str]]:
    """Results by basis: how many claims of each group came to each outcome.

    Examples
    --------
    >>> sum(counts({claim: noted().results[claim] for claim in scenarios()})["independent"].values()) > 20
    True
    """
    found: dict[str, Counter[str]] = {name: Counter() for name in _GROUPS}
    for claim, result in results.items():
        found[group(claim)][result.computed] += 1
    return found


def counted(results: Mapping[str, Computed]) -> str:
    """The counts in one line.

    Examples
    --------
    >>> counted({"C020": noted().results["C020"], "C025": noted().results["C025"]})
    '1 independent (1 fails), 1 no scenario possible (1 cannot be computed)'
    """
    said = []
    for name, outcomes in counts(results).items():
        if outcomes:
            inside = ", ".join(f"{outcomes[outcome]} {outcome}" for outcome in OUTCOMES if outcomes[outcome])
            said.append(f"{outcomes.total()} {name} ({inside})")
    return ", ".join(said)


def page() -> str:
    """The page as Markdown, made of the noted results and the scenario files alone.

    Examples
    --------
    >>> page().splitlines()[0]
    '# The articles against the model'
    """
    results = {claim: noted().results[claim] for claim in scenarios()}
    return "\n".join([*_opening(results), *_tables(results)]) + "\n"


def _opening(results: Mapping[str, Computed]) -> list[str]:
    table = counts(results)
    rows = [
        f"| {name} | {_MEANS[name]} | {table[name].total()} | "
        + " | ".join(str(table[name][outcome] or "–") for outcome in OUTCOMES)
        + " |"
        for name in _GROUPS
    ]
    return [
        "# The articles against the model",
        "",
        f"Of the {len(register())} statements in the register, {len(results)} are such that a model could address "
        "them. Each has a scenario that is run, or the reason why none is possible. `lowdose claims test` runs them; "
        "`lowdose claims show C020` tells all of one. Made by `python tools/claims_page.py`; a test fails when it is "
        "out of date.",
        "",
        "What the literature says (`verdict`) and what the program computes (`computed`) are two fields and are never "
        "merged.",
        "",
        "## How they are accounted for",
        "",
        "| basis | what it means | claims | " + " | ".join(OUTCOMES) + " |",
        "|---|---|--:|" + "--:|" * len(OUTCOMES),
        *rows,
        "",
        "**Fails** means that a bound which was written down before the run is not met; it proves no opposite. "
        "**Depends on hypothesis** means that rival kinetics or mechanisms, each of which somebody holds, disagree. "
        "**Consistent by construction** says nothing for or against the claim. A claim that the model was set "
        "*against*, by a datum, reads *cannot be computed*: that is no test either.",
        "",
        "## How far to trust it",
        "",
        "- The bounds come from the words of the claims and were dated and hashed before the first run; a change needs "
        "an entry in its history. Whoever wrote them had read the tables of the science dossier, so they are not "
        "blind.",
        "- Every result is the typical person's. Bands over people and parameters are not asked for here.",
        "- “What turns it” names a rival, or a parameter inside its published range, that gives the other answer; each "
        "is run by a test. One parameter is moved at a time, so two that move together may turn what none turns alone.",
        "- Immune cells, growth, myelin and symptoms follow assumed exponents; a claim that holds there holds of "
        "assumptions whose direction alone is known.",
    ]


def _tables(results: Mapping[str, Computed]) -> list[str]:
    claims, lines = register(), [""]
    for name in BASES:
        lines += [f"## {name.capitalize()}", ""]
        lines += ["| claim | says | literature | computed | what decided | " + _last(name) + " |", "|---" * 6 + "|"]
        for claim, result in results.items():
            if group(claim) == name:
                lines.append(_row(claims[claim], result))
        lines.append("")
    for name in (FROM_RECORDS, NO_SCENARIO):
        lines += [
            f"## {name.capitalize()}",
            "",
            "| claim | says | computed | why there is no scenario |",
            "|---|---|---|---|",
        ]
        lines += [
            f"| {claim} | {_safe(claims[claim].claim)} | {result.computed} | {_safe(scenarios()[claim].none)} |"
            for claim, result in results.items()
            if group(claim) == name
        ]
        lines.append("")
    return lines[:-1]


def _last(basis: str) -> str:
    return "what turns it" if basis == "independent" else "rests on"


def _row(claim: Claim, result: Computed) -> str:
    scenario = scenarios()[claim.id]
    turned = "; ".join(map(flip_words, scenario.flips)) or f"nothing found: {scenario.no_flip}"
    last = turned if scenario.basis == "independent" else scenario.rests_on
    decided = found_words(result) + (f" ({result.hypothesis})" if result.hypothesis else "")
    if result.computed == "depends on hypothesis":
        decided += f"; {rival_words(result)}"
    last += f". {scenario.remark}" if scenario.remark else ""
    last += f" **Why the two differ:** {claim.explanation}" if claim.explanation else ""
    cells = (claim.id, claim.claim, claim.verdict, result.computed, decided, last)
    return "| " + " | ".join(map(_safe, cells)) + " |"


def _safe(text: str) -> str:
    """Text that does not end a cell of a table."""
    return " ".join(text.split()).replace("|", "\\|")
