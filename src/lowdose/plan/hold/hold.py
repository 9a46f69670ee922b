"""The hours without naltrexone before an operation: the default, or what a site chose and why."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar

from pydantic import ConfigDict

from lowdose.audit import Professional
from lowdose.errors import InvalidInput
from lowdose.plan.hold.intervals import intervals

SCHEMA = "lowdose.surgery.site/1"
_FIELDS = ("schema", "hold_hours", "reason", "by")
_LONGEST = 30 * 24


@dataclass(frozen=True)
class Hold:
    """How long naltrexone is stopped before an operation.

    Parameters
    ----------
    hours : float
        At most 720. Under the default only with a reason and a named professional; over it with a reason.
    reason : str
        Why it is not the default; empty for the default.
    by : Professional, optional
        Who answers for it.

    Raises
    ------
    InvalidInput
        If it is not the default and nobody says why, or it is shorter and nobody answers for it.

    Examples
    --------
    >>> Hold().words
    '72 hours, the default'
    >>> Hold(96, reason="as the anaesthetist asks").words
    '96 hours (as the anaesthetist asks)'
    >>> Hold(48, reason="practice of this site")
    Traceback (most recent call last):
    lowdose.errors.InvalidInput: a stop of 48 hours is shorter than the default of 72, and nobody answers for it...
    """

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")
    hours: float = field(default_factory=lambda: intervals().default.hours)
    reason: str = ""
    by: Professional | None = None

    def __post_init__(self) -> None:
        default, asked = intervals().default.hours, f"a stop of {self.hours:g} hours"
        object.__setattr__(self, "hours", float(self.hours))  # 96 and 96.0 have one JSON form
        object.__setattr__(self, "reason", " ".join(self.reason.split()))
        if not 0 < self.hours <= _LONGEST:
            raise InvalidInput(f"{asked} before surgery", where="hold_hours", remedy=f"give 1 to {_LONGEST} hours")
        if self.hours < default and (self.by is None or not self.reason):
            lacking = "nobody answers for it" if self.by is None else "no reason is given"
            raise InvalidInput(
                f"{asked} is shorter than the default of {default:g}, and {lacking}",
                where="hold_hours",
                remedy=f"keep {default:g} hours, or give the reason and the professional who decides it: "
                'reason, and by "NAME, ROLE, REGISTRATION"',
            )
        if self.hours < default and self.by is not None:
            self.by.decides(f"a stop of {self.hours:g} hours")
        if self.hours != default and not self.reason:
            raise InvalidInput(
                f"{asked} is not the default of {default:g}, and no reason is given",
                where="hold_hours",
                remedy="give the reason",
            )

    @property
    def words(self) -> str:
        """The hours, with reason and name where they are not the default's."""
        if self.hours == intervals().default.hours and not self.reason:
            return f"{self.hours:g} hours, the default"
        who = f"; {self.by}" if self.by else ""
        return f"{self.hours:g} hours ({self.reason}{who})"


def read_hold(path: Path | str) -> Hold:
    """Read a site's choice: YAML with ``schema: lowdose.surgery.site/1``, ``hold_hours``, ``reason`` and ``by``.

    Raises
    ------
    InvalidInput
        If the file cannot be read, holds something else, or `Hold` refuses it.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = Path(folder) / "site.yaml"
    ...     _ = file.write_text("{schema: lowdose.surgery.site/1, hold_hours: 96, reason: agreed with anaesthesia}")
    ...     read_hold(file).hours
    96.0
    """
    import yaml

    from lowdose.blocks import data

    try:
        found = data(Path(path).read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise InvalidInput(f"the settings cannot be read: {error}", where=str(path)) from error
    if not isinstance(found, dict) or found.get("schema") != SCHEMA:
        raise InvalidInput(
            "these are no settings for surgery", where=str(path), remedy=f"begin with 'schema: {SCHEMA}'"
        )
    if unknown := sorted(str(name) for name in found if name not in _FIELDS):
        raise InvalidInput(
            f"unknown field {', '.join(unknown)}", where=str(path), remedy=f"known: {', '.join(_FIELDS)}"
        )
    hours = found.get("hold_hours")
    if isinstance(hours, bool) or not isinstance(hours, int | float):
        raise InvalidInput("hold_hours is no number of hours", where=str(path), remedy="write it, such as 72")
    by = found.get("by")
    return Hold(float(hours), str(found.get("reason") or ""), Professional.parse(str(by)) if by else None)
