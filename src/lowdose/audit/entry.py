"""One line of the log: what was decided, and its place in the chain."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from lowdose.audit.canonical import canonical, digest
from lowdose.audit.professional import Professional, says_nothing
from lowdose.errors import InvalidInput

SCHEMA = "lowdose.audit/1"
START = "0" * 64
"""What the first line follows."""


@dataclass(frozen=True)
class Overridden:
    """A rule that was overridden: which, why, and by whom.

    Raises
    ------
    InvalidInput
        If there is no reason: nothing is overridden in silence.

    Examples
    --------
    >>> Overridden("CMP-001", "no other filler to be had", Professional.parse("A. Brown, pharmacist, GPhC 0")).rule
    'CMP-001'
    """

    rule: str
    reason: str
    by: Professional

    def __post_init__(self) -> None:
        object.__setattr__(self, "reason", " ".join(self.reason.split()))
        if says_nothing(self.reason):
            raise InvalidInput(f"rule {self.rule} was overridden without a reason", remedy="write the reason")


@dataclass(frozen=True)
class Entry:
    """What was decided.

    Attributes
    ----------
    number : int
        Place in the log, from 1.
    previous : str
        Hash of the line before; 64 zeros for the first.
    at : str
        UTC, ISO 8601.
    what : str
        "screen", "plan", "compound", "erase", ...
    outcome : str
        What came of it.
    who : str or None
        The professional, "NAME, ROLE, REGISTRATION", where one was named.
    account : str
        Login name of the session; it says which account, and proves no person.
    subject : str
        Pseudonym drawn for whom it is about; the person's own id is in the erasable part alone. Empty: nobody.
    fired, not_checked : tuple of str
        Ids of rules.
    overrides : tuple of mapping
        rule, reason, by.
    versions : mapping
        Of lowdose, the rule set, the model.
    digest : str
        Keyed digest (HMAC-SHA256) of the inputs, whose key lies beside the inputs; empty without inputs.
    """

    number: int
    previous: str
    at: str
    what: str
    outcome: str
    who: str | None = None
    account: str = ""
    subject: str = ""
    fired: tuple[str, ...] = ()
    not_checked: tuple[str, ...] = ()
    overrides: tuple[Mapping[str, str], ...] = ()
    versions: Mapping[str, str] = field(default_factory=dict)
    digest: str = ""

    def document(self) -> dict[str, Any]:
        """The line as plain values, its hash last to be made.

        Examples
        --------
        >>> sorted(Entry(1, START, "2026-12-01T09:00:00Z", "screen", "block").document())[:4]
        ['account', 'at', 'digest', 'fired']
        """
        return {"schema": SCHEMA, **asdict(self), "hash": self.hash}

    @property
    def hash(self) -> str:
        """SHA-256 of everything else in the line, the hash of the line before included."""
        return digest({"schema": SCHEMA, **asdict(self)})

    @property
    def line(self) -> bytes:
        """The line as it is written, its end included."""
        return canonical(self.document()).encode() + b"\n"


def read(line: bytes) -> tuple[Entry | None, str]:
    """Read a line, and say what is wrong with it by itself; a line in another form than ours was changed.

    Examples
    --------
    >>> first = Entry(1, START, "2026-12-01T09:00:00Z", "screen", "block")
    >>> read(first.line.rstrip())[1]
    ''
    >>> read(first.line.rstrip().replace(b"block", b"clear"))[1]
    'it was changed: its content does not give its hash'
    """
    try:
        found = json.loads(line)
        claimed, schema = found.pop("hash"), found.pop("schema")
        lists = {name: tuple(found[name]) for name in ("fired", "not_checked", "overrides")}
        entry = Entry(**{**found, **lists})
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None, "it is no line of this log"
    if schema != SCHEMA or claimed != entry.hash:
        return entry, "it was changed: its content does not give its hash"
    if entry.line.rstrip(b"\n") != line:
        return entry, "it was changed: it is not in the form in which it was written"
    return entry, ""
