"""One text for one meaning, and its hash: what the log, an approval and a digest of inputs are made of."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from hashlib import sha256

from lowdose.audit.professional import Professional
from lowdose.errors import InvalidInput


def canonical(content: object) -> str:
    """One text for one meaning: JSON in ASCII, with its names in order and nothing to spare.

    Raises
    ------
    InvalidInput
        If there is something in it that JSON cannot hold.

    Examples
    --------
    >>> canonical({"b": Decimal("1.50"), "a": (date(2026, 12, 1), None)})
    '{"a":["2026-12-01",null],"b":"1.50"}'
    """
    try:
        plain = json.loads(json.dumps(content, allow_nan=False, default=_plain))  # its names as they are read again
        return json.dumps(plain, sort_keys=True, ensure_ascii=True, allow_nan=False, separators=(",", ":"))
    except (TypeError, ValueError) as error:
        raise InvalidInput(f"this cannot be recorded: {error}", remedy="give plain values and dates") from error


def digest(content: object) -> str:
    """SHA-256 of the one text, 64 hexadecimal digits.

    Raises
    ------
    InvalidInput
        If there is something in it that JSON cannot hold.

    Examples
    --------
    >>> digest({"b": 1, "a": "µ"}) == digest({"a": "µ", "b": 1})
    True
    """
    return sha256(canonical(content).encode()).hexdigest()


def _plain(value: object) -> object:
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, date):  # a datetime is one too
        return value.isoformat()
    if isinstance(value, Professional):
        return str(value)
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"{type(value).__name__} is no plain value")
