"""What turns the answer of an independent scenario: a rival, or a parameter at the end of its published range."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from lowdose.claims.scenarios.judge import decide, outcome
from lowdose.claims.scenarios.opioid_readings import opioid_table
from lowdose.claims.scenarios.readings import run
from lowdose.claims.scenarios.schema import Flip, Scenario

if TYPE_CHECKING:
    from lowdose.model import Parameter

_NORMAL = 1.959963984540054
"""Quantile of the normal distribution that leaves 2.5 % on each side."""
_BEHIND = ("beta_endorphin", "mu_receptors_central", "mu_occupancy_central")
"""What readings without an output of their own are made of."""


def range_of(parameter: Parameter) -> tuple[float, float] | None:
    """Range of a parameter as its table has it; the middle 95 % of a distribution. None for one without a range.

    Examples
    --------
    >>> from lowdose.model import parameters
    >>> range_of(parameters()["IC50_TLR4"]), range_of(parameters()["two_pi"])
    ((30000.0, 1000000.0), None)
    """
    from lowdose.model.parameters import Lognormal

    spread = parameter.uncertainty
    if spread is None:
        return None
    if not isinstance(spread, Lognormal):
        return spread.low, spread.high
    factor = math.exp(_NORMAL * math.sqrt(math.log1p(spread.cv**2)))
    return parameter.value / factor, parameter.value * factor


def is_inside(scenario: Scenario, flip: Flip) -> bool:
    """Whether the value of a flip lies within the range of its parameter; a rival by itself has none to leave.

    Examples
    --------
    >>> from lowdose.claims.scenarios.files import scenarios
    >>> is_inside(scenarios()["C159"], Flip(parameter="IC50_TLR4", value=5.0))
    False
    """
    if not flip.parameter or flip.value is None:
        return not flip.parameter
    ends = range_of(_table(scenario)[flip.parameter])
    return ends is not None and ends[0] * 0.999 <= flip.value <= ends[1] * 1.001


def _table(scenario: Scenario) -> Mapping[str, Parameter]:
    """The parameters whose values may be changed: the model's, and those of the opioid where one is asked about."""
    from lowdose.model import parameters

    opioids = {part.arguments["opioid"] for part in scenario.parts if "opioid" in part.arguments}
    return {**parameters(), **(opioid_table(opioids.pop()) if opioids else {})}


def turns(scenario: Scenario, flip: Flip) -> bool:
    """Whether a flip gives another answer than the scenario's default hypothesis, by running both.

    Examples
    --------
    >>> from lowdose.claims.scenarios.files import scenarios
    >>> turns(scenarios()["C019"], Flip(hypothesis="equilibrium-parent"))
    True
    """
    usual = decide(outcome(scenario, scenario.hypotheses[0]))[0]
    values = {flip.parameter: flip.value} if flip.parameter and flip.value is not None else {}
    other = decide(outcome(scenario, flip.hypothesis or scenario.hypotheses[0], values))[0]
    return other != usual and "cannot be computed" not in (usual, other)


def candidates(scenario: Scenario, hypothesis: str) -> Iterator[Flip]:
    """Each end of the range of every parameter that a scenario's numbers rest on, under a hypothesis.

    Parameters that the scenario sets itself are what it asks about, and are left as they are.

    Examples
    --------
    >>> from lowdose.claims.scenarios.files import scenarios
    >>> Flip(hypothesis="effect-site", parameter="ke0", value=0.0) in candidates(
    ...     scenarios()["C016"], "effect-site")
    False
    """
    table, symbols = _table(scenario), set()
    own = {symbol for part in scenario.parts for symbol in part.arguments.get("overrides", {})}
    for part in scenario.parts:
        if part.read == "opioid_held":
            symbols |= {symbol for symbol in opioid_table(part.arguments["opioid"]) if "agonist" in symbol}
        elif "regimen" in part.arguments:
            result = run(part.arguments["regimen"], hypothesis)
            names = [part.arguments[key] for key in ("output",) if key in part.arguments]
            symbols |= {symbol for name in names or _BEHIND for symbol in result.inputs(name)}
    for symbol in sorted(symbols - own):
        for value in range_of(table[symbol]) or ():
            yield Flip(hypothesis=hypothesis, parameter=symbol, value=value)


def search(scenario: Scenario) -> list[Flip]:
    """Everything that turns a scenario: rivals as they are, then one parameter at a time under each hypothesis.

    Examples
    --------
    >>> from lowdose.claims.scenarios.files import scenarios
    >>> Flip(hypothesis="equilibrium-parent") in search(scenarios()["C006"])
    True
    """
    first, *rivals = scenario.hypotheses
    found = [flip for name in rivals if turns(scenario, flip := Flip(hypothesis=name))]
    already = {flip.hypothesis for flip in found}
    for name in (first, *rivals):
        if name not in already:
            found += [flip for flip in candidates(scenario, name) if turns(scenario, flip)]
    return found
