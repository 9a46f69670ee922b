"""What a rule says of a study."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from lowdose.evidence.pools.entry import Entry


@dataclass(frozen=True)
class Verdict:
    """What a rule says of one study: leave it out, or say something beside it."""

    rule: str
    study: str
    action: Literal["refuse", "flag"]
    reason: str


def refused(rule: Callable[..., object], entry: Entry, reason: str) -> Verdict:
    """Leave this entry out.

    Examples
    --------
    >>> refused(print, Entry("a", "A 2020", 2020, "MD", 0.0, 0.1), "too old").action
    'refuse'
    """
    return Verdict(rule.__name__, entry.study, "refuse", reason)


def flagged(rule: Callable[..., object], entry: Entry, reason: str) -> Verdict:
    """Say something beside this entry.

    Examples
    --------
    >>> flagged(print, Entry("a", "A 2020", 2020, "MD", 0.0, 0.1), "quite old").action
    'flag'
    """
    return Verdict(rule.__name__, entry.study, "flag", reason)
