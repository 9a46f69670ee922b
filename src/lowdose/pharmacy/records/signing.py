"""Records as JSON, their hash, and who signed exactly that."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any, TypeVar

from lowdose.audit import Professional
from lowdose.errors import InvalidInput
from lowdose.pharmacy.amounts.refusals import SafetyStop

NOT_APPROVED = "DRAFT – NOT APPROVED"
Record = TypeVar("Record")


@dataclass(frozen=True)
class Signature:
    """Who signed, when, and the sha256 of what was signed.

    Examples
    --------
    >>> from datetime import UTC
    >>> brown = Professional("A. Brown", "pharmacist", "GPhC 0000000")
    >>> Signature(brown, datetime(2026, 12, 1, 9, tzinfo=UTC), "3f9c").words
    'approved by A. Brown, pharmacist, GPhC 0000000 on 2026-12-01 09:00 UTC'
    """

    by: Professional
    at: datetime
    sha256: str

    @property
    def words(self) -> str:
        """As every page says it."""
        return f"approved by {self.by} on {self.at:%Y-%m-%d %H:%M} {self.at:%Z}".rstrip()


def sign(what: str, by: Professional, at: datetime, sha256: str) -> Signature:
    """Sign what only a pharmacist answers for: a master, a worksheet and with it its labels.

    Raises
    ------
    SafetyStop
        If it is not a pharmacist.
    InvalidInput
        If the time has no time zone: nobody can tell later when it was.

    Examples
    --------
    >>> from datetime import UTC
    >>> green = Professional("B. Green", "technician", "T 1")
    >>> sign("the worksheet", green, datetime(2026, 12, 1, 9, tzinfo=UTC), "3f9c")
    Traceback (most recent call last):
    lowdose.pharmacy.amounts.refusals.SafetyStop: the worksheet is approved by a pharmacist; B. Green, technician, T 1 is not one
      remedy: have a pharmacist approve it: --by "NAME, pharmacist, REGISTRATION"
    """  # noqa: E501
    if not by.is_pharmacist:
        raise SafetyStop(
            f"{what} is approved by a pharmacist; {by} is not one",
            remedy='have a pharmacist approve it: --by "NAME, pharmacist, REGISTRATION"',
        )
    if at.tzinfo is None:
        raise InvalidInput("the time of a signature has no time zone", remedy="give one, such as UTC")
    return Signature(by, at, sha256)


def document(record: object, schema: str) -> dict[str, Any]:
    """The JSON form of a record: exact numbers as text, dates in ISO 8601.

    Examples
    --------
    >>> document(Professional("A. Brown", "pharmacist", "GPhC 0000000"), "who/1")["schema"]
    'who/1'
    """
    from pydantic import TypeAdapter

    return {"schema": schema, **TypeAdapter(type(record)).dump_python(record, mode="json")}


def digest(content: Mapping[str, Any]) -> str:
    """sha256 of the one text of a JSON object.

    Examples
    --------
    >>> digest({"b": 1, "a": "µ"}) == digest({"a": "µ", "b": 1})
    True
    """
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return sha256(text.encode()).hexdigest()


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
    >>> read(Path("nowhere.json"), Signature, "signature/1")
    Traceback (most recent call last):
    lowdose.errors.InvalidInput: nowhere.json cannot be read as JSON
    ...
    """
    from pydantic import TypeAdapter, ValidationError

    remedy = "give a file that lowdose compound wrote"
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeError, ValueError) as error:
        raise InvalidInput(f"{path.name} cannot be read as JSON", where=str(path), remedy=remedy) from error
    found = content.pop("schema", None) if isinstance(content, dict) else None
    if found != schema:
        raise InvalidInput(f"{path.name} is no {schema}", where=f"schema: {found}", remedy=remedy)
    try:
        return TypeAdapter(kind).validate_python(content)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"]))
        raise InvalidInput(f"{path.name}: {first['msg']}", where=where, remedy=remedy) from error
