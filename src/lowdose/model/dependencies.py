"""Which parameters an output rests on, read from the model text itself."""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import cache

from lowdose.model.files import read
from lowdose.model.hypotheses import hypothesis, routes
from lowdose.model.parameters import EXPOSURE_PER_DOSE, Parameter, parameters

_WORD = re.compile(r"[A-Za-z_]\w*")
_COMMENT = re.compile(r"//.*")
_RULE = re.compile(r"^\s*(\w+)\s*'?\s*:?=(.*)$", re.DOTALL)


@cache
def _graph(name: str) -> dict[str, frozenset[str]]:
    """Words on the right-hand sides of each quantity's rules."""
    words: dict[str, set[str]] = {}
    for module in hypothesis(name).modules:
        for statement in _COMMENT.sub("", read(f"modules/{module}.ant")).split(";"):
            rule = _RULE.match(statement)
            if rule:
                words.setdefault(rule[1], set()).update(_WORD.findall(rule[2]))
    return {quantity: frozenset(found) for quantity, found in words.items()}


def rests_on(output: str, name: str, used_routes: Collection[str]) -> frozenset[str]:
    """Symbols of every parameter that ``output`` depends on, directly or through others.

    Parameters of routes that are not dosed are left out: their depots stay empty.

    Examples
    --------
    >>> "ka_cream" in rests_on("naltrexone_plasma", "effect-site", ["capsule"])
    False
    >>> sorted(rests_on("cortisol", "imposed", ["capsule"]))[:3]
    ['ACTH0', 'BE0', 'G_R']
    """
    graph, table = _graph(name), parameters().parameters
    empty = {route.state for label, route in routes().items() if label not in used_routes} & set(routes())
    seen, waiting = set(), [output]
    while waiting:
        word = waiting.pop()
        if word in seen or word in empty:
            continue
        seen.add(word)
        waiting.extend(graph.get(word, ()))
    return frozenset(
        symbol for symbol in seen & set(table) if table[symbol].route is None or table[symbol].route in used_routes
    )


def inputs(
    output: str, name: str, used_routes: Collection[str], covariates: Collection[str] = ()
) -> dict[str, Parameter]:
    """The parameters that ``output`` rests on and that move it, by symbol: no constants, none that is minor.

    ``covariates`` are the covariate numbers in force. What raises or lowers exposure at a dose moves no blockade
    whose potency was fitted to scans at that dose (``fitted_through_exposure``), so such a covariate is left out.

    Examples
    --------
    >>> low = ["F_low_dose_ratio"]
    >>> "F_low_dose_ratio" in inputs("naltrexone_plasma", "effect-site", ["capsule"], low)
    True
    >>> "F_low_dose_ratio" in inputs("mu_occupancy_central", "effect-site", ["capsule"], low)
    False
    """
    table, direct = parameters().parameters, rests_on(output, name, used_routes)
    swallowed = all(routes()[route].first_pass == "whole" for route in used_routes)
    immovable = {None: False, "all": True, "swallowed": swallowed}
    acting = {symbol for symbol in covariates if direct & set(table[symbol].acts_on)}
    if any(table[symbol].fitted_through_exposure for symbol in direct):
        acting -= set(EXPOSURE_PER_DOSE)
    return {
        symbol: parameter
        for symbol, parameter in table.items()
        if symbol in direct | acting and not parameter.constant and not immovable[parameter.minor]
    }
