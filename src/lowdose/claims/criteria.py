"""The criteria by which claims are computed: written before the run, dated, hashed, with their history."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING

from pydantic import ValidationError

from lowdose.blocks import data
from lowdose.claims.files import read
from lowdose.claims.schema import Criterion
from lowdose.errors import InvalidInput

if TYPE_CHECKING:
    from lowdose.claims.scenarios.schema import Scenario

_REMEDY = "move the old hash, date and the reason to `history`, and write the new date and hash"


def hash_of(criterion: Criterion) -> str:
    """Fingerprint of a criterion: everything it says but its hash and its history.

    Returns
    -------
    str
        SHA-256, in hexadecimal.

    Examples
    --------
    >>> criterion = criteria()["C075"]
    >>> hash_of(criterion) == criterion.hash
    True
    >>> hash_of(criterion.model_copy(update={"reason": "another"})) == criterion.hash
    False
    """
    content = criterion.model_dump(mode="json", exclude={"hash", "history"})
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def parse(text: str, where: str = "criteria.yaml") -> Mapping[str, Criterion]:
    """Read criteria and refuse one that is not what its hash says, or that has neither a part nor a reason for none.

    Raises
    ------
    InvalidInput
        A field is wrong, an id stands twice, or a criterion was changed without saying so.

    Examples
    --------
    >>> parse("criteria: []")
    {}
    """
    found: dict[str, Criterion] = {}
    for block in data(text)["criteria"]:
        try:
            criterion = Criterion.model_validate(block)
        except ValidationError as error:
            first = error.errors()[0]
            place = f"{where}, {block.get('id', '?')}, {'.'.join(map(str, first['loc']))}"
            raise InvalidInput(f"not a criterion: {first['msg']}", where=place) from None
        _check(criterion, f"{where}, {criterion.id}")
        if criterion.id in found:
            raise InvalidInput(f"two criteria for {criterion.id}", where=where, remedy="keep one of them")
        found[criterion.id] = criterion
    return found


def _check(criterion: Criterion, where: str) -> None:
    if bool(criterion.parts) == bool(criterion.cannot) or (criterion.kind == "none") != bool(criterion.cannot):
        remedy = "give parts, or kind none with the words why it cannot be computed"
        raise InvalidInput("a criterion has parts or says why it has none", where=where, remedy=remedy)
    true = hash_of(criterion)
    if true != criterion.hash:
        what = f"the criterion is not the one that was hashed: its hash is {true}, not {criterion.hash}"
        raise InvalidInput(what, where=where, remedy=_REMEDY)
    dates = [change.written_on for change in criterion.history] + [criterion.written_on]
    if dates != sorted(dates):
        raise InvalidInput("the history of a criterion goes back in time", where=where, remedy=_REMEDY)


@cache
def criteria() -> Mapping[str, Criterion]:
    """Every criterion by the id of its claim.

    Examples
    --------
    >>> criteria()["C075"].parts[0].bound
    'ULDN'
    """
    return parse(read("criteria.yaml"))


def rules() -> Mapping[str, Criterion | Scenario]:
    """By what each claim is put to the test: its criterion, else its scenario.

    Examples
    --------
    >>> rules()["C016"].basis
    'independent'
    """
    from lowdose.claims.scenarios.files import scenarios

    return {**scenarios(), **criteria()}


def unaccounted(noted: Mapping[str, str], now: Mapping[str, Criterion | Scenario] | None = None) -> dict[str, str]:
    """Criteria and scenarios that differ from those of the last noted run although their history does not say so.

    Parameters
    ----------
    noted : mapping
        Claim id to the hash its criterion had when results were last noted.
    now : mapping, optional
        The criteria and scenarios; those of the package when left out.

    Returns
    -------
    dict
        Claim id to what is wrong; empty when every change is in a history.

    Examples
    --------
    >>> unaccounted({"C075": criteria()["C075"].hash})
    {}
    >>> list(unaccounted({"C075": "0123456789abcdef"}))
    ['C075']
    """
    known = rules() if now is None else now
    found = {}
    for claim, old in noted.items():
        criterion = known.get(claim)
        if criterion is None:
            found[claim] = "its criterion was taken away"
        elif criterion.hash != old and old not in {change.hash for change in criterion.history}:
            found[claim] = f"its criterion was changed and its history has no entry for {old}"
    return found
