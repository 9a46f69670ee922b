"""What can go wrong, one class per kind: each says what is wrong, where, and what to do.

The command line turns ``exit_code`` into its exit status; nothing else reads it.
"""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


class LowdoseError(Exception):
    """Base of every error lowdose raises on purpose.

    Parameters
    ----------
    what : str
        What is wrong, in one sentence that names the value.
    where : str, optional
        File, row, column, option or text in which it was found.
    remedy : str, optional
        What the user can do about it.

    Examples
    --------
    >>> print(LowdoseError("no dose", where="step 2", remedy="write an amount such as 4.5 mg"))
    no dose
      where: step 2
      remedy: write an amount such as 4.5 mg
    """

    exit_code = 1

    def __init__(self, what: str, *, where: str = "", remedy: str = "") -> None:
        super().__init__(what)
        self.what, self.where, self.remedy = what, where, remedy

    def __str__(self) -> str:
        lines = [self.what]
        if self.where:
            lines.append(f"  where: {self.where}")
        if self.remedy:
            lines.append(f"  remedy: {self.remedy}")
        return "\n".join(lines)


class InvalidInput(LowdoseError):
    """Something the user wrote is not valid (exit code 3)."""

    exit_code = 3


class NotFound(LowdoseError):
    """A name is not known; near misses are suggested (exit code 4).

    Examples
    --------
    >>> print(NotFound.among("parameter", "CLm2", ["CL", "CLm"]))
    no parameter is named 'CLm2'
      remedy: did you mean CLm or CL?
    """

    exit_code = 4

    @classmethod
    def among(cls, kind: str, name: str, known: Iterable[str]) -> NotFound:
        """Build the error for ``name``, suggesting the nearest of ``known``."""
        known = list(known)
        near = get_close_matches(name, known, n=3, cutoff=0.5)
        remedy = f"did you mean {' or '.join(near)}?" if near else f"known: {', '.join(known)}"
        return cls(f"no {kind} is named {name!r}", remedy=remedy)


class SafetyStop(LowdoseError):
    """What is asked would itself do harm, or nobody who may decide it has (exit code 5).

    Examples
    --------
    >>> SafetyStop("stop").exit_code
    5
    """

    exit_code = 5
