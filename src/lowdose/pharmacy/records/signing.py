"""Records as JSON, and the rule that only a pharmacist signs them."""

from __future__ import annotations

import json
from collections.abc import Hashable, Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from lowdose.audit import Approval, Professional
from lowdose.audit.approval import approve
from lowdose.errors import InvalidInput, SafetyStop

if TYPE_CHECKING:
    from pydantic import TypeAdapter

Record = TypeVar("Record", bound=Hashable)


def sign(what: str, content: Mapping[str, Any], by: Professional, at: datetime) -> Approval:
    """Sign what only a pharmacist answers for: a master, a worksheet and with it its labels.

    Raises
    ------
    SafetyStop
        If it is not a pharmacist.
    InvalidInput
        If the time has no time zone.

    Examples
    --------
    >>> from datetime import UTC
    >>> green = Professional("B. Green", "technician", "T 1")
    >>> sign("the worksheet", {}, green, datetime(2026, 12, 1, 9, tzinfo=UTC))
    Traceback (most recent call last):
    lowdose.errors.SafetyStop: the worksheet is approved by a pharmacist; B. Green, technician, T 1 is not one
      remedy: have a pharmacist approve it: --by "NAME, pharmacist, REGISTRATION"
    """
    if not by.is_pharmacist:
        raise SafetyStop(
            f"{what} is approved by a pharmacist; {by} is not one",
            remedy='have a pharmacist approve it: --by "NAME, pharmacist, REGISTRATION"',
        )
    return approve(content, by, at)


def is_signed(approval: Approval | None, content: Mapping[str, Any]) -> bool:
    """Whether a pharmacist signed exactly this.

    Examples
    --------
    >>> is_signed(None, {})
    False
    """
    return approval is not None and approval.by.is_pharmacist and approval.holds(content)


def document(record: Hashable, schema: str) -> dict[str, Any]:
    """The JSON form of a record: exact numbers as text, dates in ISO 8601.

    Examples
    --------
    >>> document(Professional("A. Brown", "pharmacist", "GPhC 0000000"), "who/1")["schema"]
    'who/1'
    """
    return {"schema": schema, **_adapter(type(record)).dump_python(record, mode="json")}


def same_person(one: Professional, other: Professional) -> bool:
    """Whether two entries are one person: the same registration, or the same name, points and spaces aside.

    Examples
    --------
    >>> brown = Professional("A. Brown", "pharmacist", "GPhC 0000000")
    >>> same_person(brown, Professional("a brown", "technician", "T 1"))
    True
    """
    return _bare(one.registration) == _bare(other.registration) or _bare(one.name) == _bare(other.name)


def _bare(written: str) -> str:
    return "".join(filter(str.isalnum, written.casefold()))


def read(path: Path, kind: type[Record], schema: str) -> Record:
    """Read a record back, whole or not at all.

    Raises
    ------
    InvalidInput
        If there is no such file, it is another document, or a field is not as this version writes it.

    Examples
    --------
    >>> read(Path("nowhere.json"), Approval, "approval/1")
    Traceback (most recent call last):
    lowdose.errors.InvalidInput: nowhere.json cannot be read as JSON
    ...
    """
    from pydantic import ValidationError

    remedy = "give a file that lowdose compound wrote"
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeError, ValueError) as error:
        raise InvalidInput(f"{path.name} cannot be read as JSON", where=str(path), remedy=remedy) from error
    found = content.pop("schema", None) if isinstance(content, dict) else None
    if found != schema:
        raise InvalidInput(f"{path.name} is no {schema}", where=f"schema: {found}", remedy=remedy)
    try:
        record: Record = _adapter(kind).validate_python(content)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"]))
        raise InvalidInput(f"{path.name}: {first['msg']}", where=where, remedy=remedy) from error
    return record


@cache
def _adapter(kind: type[Record]) -> TypeAdapter[Record]:
    """What reads and writes a record: it takes longer to make than to use."""
    from pydantic import TypeAdapter

    return TypeAdapter(kind)
