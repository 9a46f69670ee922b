"""The scenario files: read, and refused when a scenario is not the one that was hashed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from pydantic import ValidationError

from lowdose.blocks import data
from lowdose.claims.scenarios.schema import Scenario
from lowdose.errors import InvalidInput

SCHEMA = "lowdose.scenario/1"
_AFTER_THE_RUN = {"hash", "history", "remark", "caution", "flips", "no_flip"}
_REMEDY = "move the old hash, date and the reason to `history`, and write the new date and hash"


def hash_of(scenario: Scenario) -> str:
    """Fingerprint of what was written before the run: all but the hash, its history, remarks, cautions and flips.

    Examples
    --------
    >>> found = scenarios()["C016"]
    >>> hash_of(found) == found.hash, hash_of(found.model_copy(update={"reason": "another"})) == found.hash
    (True, False)
    """
    content = scenario.model_dump(mode="json", exclude=_AFTER_THE_RUN)
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def parse(text: str, where: str) -> Mapping[str, Scenario]:
    """Read scenarios.

    Raises
    ------
    InvalidInput
        A field is wrong, an id stands twice, a scenario was changed without saying so, or one has neither parts nor
        the reason why it has none.

    Examples
    --------
    >>> parse("{schema: lowdose.scenario/1, scenarios: []}", "a file")
    {}
    """
    content = data(text)
    if not isinstance(content, dict) or content.get("schema") != SCHEMA:
        raise InvalidInput("these are no scenarios", where=where, remedy=f"begin with schema: {SCHEMA}")
    found: dict[str, Scenario] = {}
    for block in content["scenarios"]:
        try:
            scenario = Scenario.model_validate(block)
        except ValidationError as error:
            first = error.errors()[0]
            place = f"{where}, {block.get('id', '?')}, {'.'.join(map(str, first['loc']))}"
            raise InvalidInput(f"not a scenario: {first['msg']}", where=place) from None
        if scenario.id in found:
            raise InvalidInput(f"two scenarios for {scenario.id}", where=where, remedy="keep one of them")
        check(scenario, f"{where}, {scenario.id}")
        found[scenario.id] = scenario
    return found


def check(scenario: Scenario, where: str) -> None:
    """Refuse a scenario that lacks what one must say, or that is not the one that was hashed.

    Raises
    ------
    InvalidInput
        As above.

    Examples
    --------
    >>> check(scenarios()["C016"], "here")
    """
    if bool(scenario.parts) == bool(scenario.none) or bool(scenario.parts) != bool(scenario.basis):
        raise InvalidInput("parts with a basis, or the reason for none", where=where, remedy="give one of the two")
    if scenario.parts and not scenario.reason:
        raise InvalidInput("a criterion without its reason", where=where, remedy="say why this bound")
    if scenario.basis in ("calibrated-to", "built-in") and not scenario.rests_on:
        remedy = "name the datum and the parameter it set, or the module"
        raise InvalidInput(f"{scenario.basis}, and nobody says to what", where=where, remedy=remedy)
    if scenario.basis == "independent" and bool(scenario.flips) == bool(scenario.no_flip):
        raise InvalidInput("an independent scenario says what turns it", where=where, remedy="give flips or no_flip")
    if hash_of(scenario) != scenario.hash:
        what = f"the scenario is not the one that was hashed: its hash is {hash_of(scenario)}, not {scenario.hash}"
        raise InvalidInput(what, where=where, remedy=_REMEDY)


@cache
def scenarios() -> Mapping[str, Scenario]:
    """Every scenario by the id of its claim, in the order of the claims.

    Examples
    --------
    >>> scenarios()["C016"].basis
    'independent'
    """
    found: dict[str, Scenario] = {}
    folder = files("lowdose.claims") / "data" / "scenarios"
    for path in sorted(folder.iterdir(), key=lambda one: one.name):
        if path.name.endswith(".yaml"):
            more = parse(path.read_text(encoding="utf-8"), path.name)
            if twice := set(found) & set(more):
                raise InvalidInput(f"two scenarios for {min(twice)}", where=path.name, remedy="keep one of them")
            found |= more
    return dict(sorted(found.items()))
