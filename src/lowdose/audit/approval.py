"""Who approved what, and when: one hash of all three, so that none of them can change alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, ClassVar

from lowdose.audit.canonical import digest
from lowdose.audit.professional import Professional
from lowdose.errors import InvalidInput

NOT_APPROVED = "DRAFT – NOT APPROVED"
"""What every page says of what nobody approved, or of what was changed since."""


@dataclass(frozen=True)
class Approval:
    """Who approved something, when, and the hash of what was approved with both.

    The hash shows a change; it is no signature. Who approved what is also kept in the audit log.

    Attributes
    ----------
    by : Professional
    at : datetime
        UTC, to the second.
    sha256 : str
        Of the content, of who and of when; `approve` makes it.

    Examples
    --------
    >>> brown = Professional("A. Brown", "pharmacist", "GPhC 0000000")
    >>> Approval(brown, datetime(2026, 12, 1, 9, tzinfo=UTC), "3f9c").words
    'approved by A. Brown, pharmacist, GPhC 0000000 on 2026-12-01 09:00 UTC'
    """

    __pydantic_config__: ClassVar[Mapping[str, str]] = {"extra": "forbid"}
    by: Professional
    at: datetime
    sha256: str

    @property
    def words(self) -> str:
        """As every document says it."""
        return f"approved by {self.by} on {self.at:%Y-%m-%d %H:%M} {self.at:%Z}".rstrip()

    def holds(self, content: Mapping[str, Any]) -> bool:
        """Whether exactly this content was approved, by this person at this time.

        Examples
        --------
        >>> brown = Professional("A. Brown", "pharmacist", "GPhC 0000000")
        >>> approval = approve({"dose_mg": "1.5"}, brown, datetime(2026, 12, 1, 9, tzinfo=UTC))
        >>> approval.holds({"dose_mg": "1.5"}), approval.holds({"dose_mg": "15"})
        (True, False)
        """
        return self.sha256 == _seal(content, self.by, self.at)


def approve(content: Mapping[str, Any], by: Professional, at: datetime) -> Approval:
    """Approve a document as it is: any later change takes the approval away.

    Parameters
    ----------
    content : mapping
        The document in its JSON form, without an approval of its own.
    by : Professional
        Who answers for it.
    at : datetime
        With its time zone.

    Raises
    ------
    InvalidInput
        If the time has no zone: nobody can tell later when it was.

    Examples
    --------
    >>> brown = Professional("A. Brown", "pharmacist", "GPhC 0000000")
    >>> approve({"dose_mg": "1.5"}, brown, datetime(2026, 12, 1))
    Traceback (most recent call last):
    lowdose.errors.InvalidInput: the time of approval has no time zone
      where: at
      remedy: give one, such as UTC
    """
    if at.tzinfo is None:
        raise InvalidInput("the time of approval has no time zone", where="at", remedy="give one, such as UTC")
    moment = at.astimezone(UTC).replace(microsecond=0)
    return Approval(by, moment, _seal(content, by, moment))


def standing(approval: Approval | None, content: Mapping[str, Any]) -> str:
    """What every page says: who approved exactly this and when, or that nobody did.

    Examples
    --------
    >>> standing(None, {"dose_mg": "1.5"})
    'DRAFT – NOT APPROVED'
    """
    return approval.words if approval is not None and approval.holds(content) else NOT_APPROVED


def _seal(content: Mapping[str, Any], by: Professional, at: datetime) -> str:
    return digest({"approved": content, "by": by, "at": at})
