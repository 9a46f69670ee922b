"""Reading a plan from JSON: whole, or not at all."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from lowdose.audit.canonical import canonical
from lowdose.errors import InvalidInput
from lowdose.plan.records.plan import SCHEMA, Plan, adapter

NOT_WRITTEN = "not_written"
"""A field beside a plan's own in printed JSON: what was asked for and not written. It is no part of the plan."""
_REMEDY = "make the plan again with lowdose plan"


def read_plan(path: Path | str) -> Plan:
    """Read a plan's JSON file; what was changed in it is read, and the plan is then not approved.

    Raises
    ------
    InvalidInput
        If it cannot be read, or is not a plan as this program writes it.

    Examples
    --------
    >>> read_plan("nowhere.json")
    Traceback (most recent call last):
    lowdose.errors.InvalidInput: nowhere.json cannot be read as a plan: ...
    """
    where = Path(path)
    try:
        found = json.loads(where.read_text("utf-8"), parse_constant=_no_constant, object_pairs_hook=_once)
    except (OSError, UnicodeDecodeError, ValueError, RecursionError) as error:
        what = f"{where.name} cannot be read as a plan: {error}"
        raise InvalidInput(what, where=str(where), remedy=_REMEDY) from error
    return plan_of(found, where=str(where))


def plan_of(found: Any, *, where: str = "plan") -> Plan:
    """The plan of a JSON object.

    Raises
    ------
    InvalidInput
        If it is not a plan as this program writes it.

    Examples
    --------
    >>> from lowdose.plan import example
    >>> plan_of(example.plan().document()) == example.plan()
    True
    """
    if not isinstance(found, dict) or found.get("schema") != SCHEMA:
        raise InvalidInput(f"this is no plan: its schema is not {SCHEMA}", where=where, remedy=_REMEDY)
    found = {key: value for key, value in found.items() if key != NOT_WRITTEN}
    try:
        plan: Plan = adapter().validate_python(
            {key: value for key, value in found.items() if key != "schema"}, context={"from": "json"}
        )
    except (ValidationError, InvalidInput) as error:
        first = error.errors()[0] if isinstance(error, ValidationError) else {"loc": (), "msg": error.what}
        place = ".".join(map(str, first["loc"])) or where
        what = f"this is no plan as lowdose writes it: {first['msg']}"
        raise InvalidInput(what, where=place, remedy=_REMEDY) from error
    if not _same(plan.document(), found):
        raise InvalidInput(
            "this plan is not written as lowdose writes it: it would change on being read", where=where, remedy=_REMEDY
        )
    if not _fits(plan):
        what = "this is no plan as lowdose writes it: what is predicted is not of its steps and its stop"
        raise InvalidInput(what, where=where, remedy=_REMEDY)
    return plan


def _fits(plan: Plan) -> bool:
    """Whether there are steps, and what is predicted is one number a step and one at the stop before an operation."""
    after = plan.block_after
    of_its_steps = len(plan.blockade) in (0, len(plan.steps))
    of_its_stop = after is None or plan.hold.hours in [one.hours for one in after.at]
    return bool(plan.steps) and of_its_steps and of_its_stop


def _same(ours: Mapping[str, Any], found: Mapping[str, Any]) -> bool:
    """Whether two documents are the same text: to Python 1 and true would be equal."""
    try:
        json.dumps(found, ensure_ascii=False).encode()
        return canonical(ours) == canonical(found)
    except (ValueError, InvalidInput):  # half a character, or an infinite number
        return False


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is no number of a plan")


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a field stands twice")
    return found
