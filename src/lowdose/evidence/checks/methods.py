"""Checks of method: risk of bias in the words of its tool, and comparisons that can be made into a number."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from lowdose.errors import LowdoseError
from lowdose.evidence.checks.issue import Issue, contrasts
from lowdose.evidence.pools.effects.sizes import NEEDS
from lowdose.evidence.records.derive import number_at
from lowdose.evidence.records.registry import Registry

DOMAINS: Mapping[str, tuple[str, ...]] = {
    "RoB 2": ("randomisation", "deviations", "missing data", "measurement", "reporting"),
    "ROBINS-I": (
        "confounding",
        "selection",
        "classification",
        "deviations",
        "missing data",
        "measurement",
        "reporting",
    ),
}
CROSSOVER_DOMAIN = "period and carry-over"
WORDS: Mapping[str, tuple[str, ...]] = {
    "RoB 2": ("low", "some concerns", "high"),
    "ROBINS-I": ("low", "moderate", "serious", "critical"),
}
"""Judgements of each tool, mildest first; both also know "no information"."""


def check_bias(known: Registry) -> Iterator[Issue]:
    """Risk of bias uses the domains and words of its tool, and overall is no milder than the worst domain.

    Examples
    --------
    >>> from lowdose.evidence.records.registry import registry
    >>> list(check_bias(registry()))
    []
    """
    for study in known.studies.values():
        where, rob = f"{study.id}, rob", study.rob
        tool = "RoB 2" if study.design.endswith("RCT") else "ROBINS-I"
        if rob.tool != tool:
            yield Issue("bias", "error", where, f"{rob.tool} does not fit a {study.design}", f"write tool: {tool}")
            continue
        asked = set(DOMAINS[tool]) | ({CROSSOVER_DOMAIN} if study.design == "crossover RCT" else set())
        for name in sorted(asked ^ set(rob.domains)):
            what = f"the domain {name!r} is {'missing' if name in asked else f'not one of {tool}'}"
            yield Issue("bias", "error", where, what, f"{tool} asks for {', '.join(sorted(asked))}")
        words = WORDS[tool]
        wrong = sorted({*rob.domains.values(), rob.overall} - {*words, "no information"})
        for word in wrong:
            yield Issue("bias", "error", where, f"{word!r} is no judgement of {tool}", f"write {', '.join(words)}")
        if wrong or rob.overall == "no information":
            continue
        worst = max((words.index(word) for word in rob.domains.values() if word in words), default=0)
        if words.index(rob.overall) < worst:
            what = f"overall is {rob.overall}, a domain is {words[worst]}"
            yield Issue("bias", "error", where, what, f"write overall: {words[worst]}")


def check_contrasts(known: Registry) -> Iterator[Issue]:
    """Every comparison gives its method the numbers it needs, or says what is missing.

    Examples
    --------
    >>> from lowdose.evidence.records.registry import registry
    >>> list(check_contrasts(registry()))
    []
    """
    for study in known.studies.values():
        for where, block, contrast in contrasts(study):
            if not contrast.method:
                if not contrast.missing or contrast.using:
                    what = "there is no method, and not said what is missing"
                    yield Issue("contrasts", "error", where, what, "write missing: what is not known")
                continue
            if frozenset(contrast.using) not in NEEDS[contrast.method]:
                needed = " or ".join(", ".join(sorted(one)) for one in NEEDS[contrast.method])
                what = f"{contrast.method} is given {', '.join(sorted(contrast.using)) or 'nothing'}"
                yield Issue("contrasts", "error", where, what, f"it needs {needed}")
            if (contrast.method == "events") != (contrast.kind == "events"):
                what = f"the method {contrast.method} does not give {contrast.kind} values"
                yield Issue("contrasts", "error", where, what, "let kind and method agree")
            for name, one in contrast.using.items():
                try:
                    number_at(one, block, study)
                except LowdoseError as error:
                    yield Issue("contrasts", "error", f"{where}, {name}", error.what, "write a number or a path to one")
