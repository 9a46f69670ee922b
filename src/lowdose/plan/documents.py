"""A plan as JSON, its hash, and reading it back: whole, or not at all."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any, Literal

from pydantic import TypeAdapter, ValidationError

from lowdose.audit import Professional
from lowdose.errors import InvalidInput
from lowdose.plan.records import Approval, Plan

SCHEMA: Literal["lowdose.plan/1"] = "lowdose.plan/1"
_REMEDY = "make the plan again with lowdose plan"


def document(plan: Plan) -> dict[str, Any]:
    """The JSON form: numbers of mg as text, so that none is rounded; days and times in ISO 8601."""
    return {"schema": SCHEMA, **_adapter().dump_python(plan, mode="json")}


def canonical(found: Mapping[str, Any]) -> bytes:
    """The one text of a plan's JSON without its approval, UTF-8: what is hashed.

    Examples
    --------
    >>> canonical({"b": "µ", "a": 1, "approval": {"by": "somebody"}}).decode()
    '{"a":1,"b":"µ"}'
    """
    kept = {key: value for key, value in found.items() if key != "approval"}
    return _text(kept)


def digest(plan: Plan) -> str:
    """sha256 of the canonical JSON without the approval, 64 hexadecimal digits."""
    return sha256(canonical(document(plan))).hexdigest()


def seal(plan: Plan, by: Professional, at: datetime) -> str:
    """sha256 of the plan with who approved it and when: none of the three can change without the others."""
    content = {**document(plan), "approved_by": str(by), "approved_at": at.isoformat()}
    return sha256(canonical(content)).hexdigest()


def approve(plan: Plan, by: Professional, at: datetime) -> Plan:
    """Freeze the plan as it is: any later change un-approves it.

    Its steps must be its protocol's, and it must not be stale. The hash shows a change; it is no signature. Who
    approved what is also kept in the audit log.

    Parameters
    ----------
    plan : Plan
        As it is to be handed out.
    by : Professional
        Who answers for it.
    at : datetime
        With its time zone.

    Raises
    ------
    InvalidInput
        If the time has no zone, a step is not the protocol's, or the plan is stale.

    Examples
    --------
    >>> from lowdose.plan import example
    >>> approve(example.plan(), example.BY, example.AT).is_approved
    True
    """
    from lowdose.plan.consistency import check

    if at.tzinfo is None:
        raise InvalidInput("the time of approval has no time zone", where="at", remedy="give it with its zone")
    at = at.astimezone(UTC).replace(microsecond=0)
    check(plan, on=at.date())
    return replace(plan, approval=Approval(by, at, seal(plan, by, at)))


def approve_file(path: Path | str, by: Professional, at: datetime) -> Plan:
    """Read a plan's file, and `approve` it.

    Parameters
    ----------
    path : Path or str
        As `read_plan` reads it.
    by : Professional
        Who answers for it.
    at : datetime
        With its time zone.

    Raises
    ------
    InvalidInput
        If it cannot be read, was changed so that it is no plan of its protocol any more, or is stale.

    Examples
    --------
    >>> from lowdose.plan import example
    >>> approve_file("nowhere.json", example.BY, example.AT)
    Traceback (most recent call last):
    lowdose.errors.InvalidInput: nowhere.json cannot be read as a plan: ...
    """
    return approve(read_plan(path), by, at)


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
    try:
        plan: Plan = _adapter().validate_python(
            {key: value for key, value in found.items() if key != "schema"}, context={"from": "json"}
        )
    except (ValidationError, InvalidInput) as error:
        first = error.errors()[0] if isinstance(error, ValidationError) else {"loc": (), "msg": error.what}
        place = ".".join(map(str, first["loc"])) or where
        what = f"this is no plan as lowdose writes it: {first['msg']}"
        raise InvalidInput(what, where=place, remedy=_REMEDY) from error
    if not _same(document(plan), found):
        raise InvalidInput(
            "this plan is not written as lowdose writes it: it would change on being read", where=where, remedy=_REMEDY
        )
    return plan


@cache
def _adapter() -> TypeAdapter[Plan]:
    return TypeAdapter(Plan)


def _text(found: Mapping[str, Any]) -> bytes:
    return json.dumps(found, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False).encode()


def _same(ours: Mapping[str, Any], found: Mapping[str, Any]) -> bool:
    """Whether two documents are the same text: to Python 1 and true would be equal."""
    try:
        return _text(ours) == _text(found)
    except ValueError:  # an infinite number, or half a character
        return False


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is no number of a plan")


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a field stands twice")
    return found
