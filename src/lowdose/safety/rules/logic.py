"""Three truth values after Kleene (1938): true, false, not known; and the tests a rule is put together from.

Not known is ``None``. A test on a fact nobody stated is not known, never false: so a rule that could still be
true is told from one that cannot.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeAlias

from lowdose.safety.excipients import holds

Truth: TypeAlias = bool | None

OPERATIONS: Mapping[str, Callable[[Any, Any], Truth]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "==": operator.eq,
    "!=": operator.ne,
    "in": lambda value, among: value in among,
    "contains": holds,
}
_ORDERS = ("<", "<=", ">", ">=")
NOT_APPLICABLE = "not applicable"
"""An answer that is known, and to which no threshold applies: every comparison with it is false."""


class Facts(Protocol):
    """What a test asks about one person: answers that count today, and medicines."""

    def value(self, name: str) -> Any:
        """The value of a field; None when it is not known or too old to count."""

    def is_fresh(self, name: str, max_age_days: int | None = None) -> Truth:
        """Whether there is an answer no older than that (or than the field allows)."""

    def medicine_truths(self, test: Taken) -> Sequence[tuple[str, Truth]]:
        """Whether each medicine is such a one, with the field that settles it."""


def all_of(truths: Iterable[Truth]) -> Truth:
    """Conjunction: false when one is false, else not known when one is not known.

    Examples
    --------
    >>> all_of([True, None]), all_of([False, None])
    (None, False)
    """
    seen = set(truths)
    return False if False in seen else (None if None in seen else True)


def any_of(truths: Iterable[Truth]) -> Truth:
    """Disjunction: true when one is true, else not known when one is not known.

    Examples
    --------
    >>> any_of([True, None]), any_of([False, None])
    (True, None)
    """
    seen = set(truths)
    return True if True in seen else (None if None in seen else False)


def negation(truth: Truth) -> Truth:
    """True for false, false for true; what is not known stays so."""
    return None if truth is None else not truth


@dataclass(frozen=True)
class All:
    """True when every part is."""

    parts: tuple[Test, ...]

    def truth(self, facts: Facts) -> Truth:
        """Conjunction of the parts."""
        return all_of(part.truth(facts) for part in self.parts)

    def gaps(self, facts: Facts) -> tuple[str, ...]:
        """Fields whose answers could make it true; none when it is settled."""
        return _gaps(self, self.parts, facts)

    def absences(self, facts: Facts) -> tuple[str, ...]:
        """Fields whose absence makes it true."""
        return _absences(self, self.parts, facts)


@dataclass(frozen=True)
class AnyOf:
    """True when one part is."""

    parts: tuple[Test, ...]

    def truth(self, facts: Facts) -> Truth:
        """Disjunction of the parts."""
        return any_of(part.truth(facts) for part in self.parts)

    def gaps(self, facts: Facts) -> tuple[str, ...]:
        """Fields whose answers could make it true; none when it is settled."""
        return _gaps(self, self.parts, facts)

    def absences(self, facts: Facts) -> tuple[str, ...]:
        """Fields whose absence makes it true."""
        return _absences(self, self.parts, facts)


@dataclass(frozen=True)
class Not:
    """True when its part is false."""

    part: Test

    def truth(self, facts: Facts) -> Truth:
        """Negation of the part."""
        return negation(self.part.truth(facts))

    def gaps(self, facts: Facts) -> tuple[str, ...]:
        """Fields whose answers could make it true; none when it is settled."""
        return _gaps(self, (self.part,), facts)

    def absences(self, facts: Facts) -> tuple[str, ...]:
        """None: no absence under a negation makes it true."""
        return ()


@dataclass(frozen=True)
class Compare:
    """A stated value against a threshold or an allowed value."""

    field: str
    op: str
    value: Any

    def truth(self, facts: Facts) -> Truth:
        """Whether it holds; not known without a value that counts, or where a filler is not recognised."""
        value = facts.value(self.field)
        if value is None:
            return None
        if value == NOT_APPLICABLE:
            return False
        if value == "never" and self.op in _ORDERS:
            value = float("inf")
        return OPERATIONS[self.op](value, self.value)

    def gaps(self, facts: Facts) -> tuple[str, ...]:
        """The field, when its value is not known."""
        return (self.field,) if self.truth(facts) is None else ()

    def absences(self, facts: Facts) -> tuple[str, ...]:
        """None: without a value it is not known."""
        return ()


@dataclass(frozen=True)
class Missing:
    """Nothing was stated, or too long ago. Not known only where there is a value whose age nobody knows."""

    field: str
    max_age_days: int | None

    def truth(self, facts: Facts) -> Truth:
        """Whether there is no answer that is fresh enough."""
        return negation(facts.is_fresh(self.field, self.max_age_days))

    def gaps(self, facts: Facts) -> tuple[str, ...]:
        """The field, when its age is not known; an absence is always known."""
        return (self.field,) if self.truth(facts) is None else ()

    def absences(self, facts: Facts) -> tuple[str, ...]:
        """The field, when it is missing."""
        return (self.field,) if self.truth(facts) else ()


@dataclass(frozen=True)
class Taken:
    """A medicine of a set: taken now, or (with ``days``) now or less than so many days ago, in one of ``forms``."""

    set: str
    days: int | None = None
    washout_class: str | None = None
    forms: tuple[str, ...] = ()

    def truth(self, facts: Facts) -> Truth:
        """True when one entry surely is such a medicine; not known when the list or an entry leaves it open."""
        return any_of(found for _, found in facts.medicine_truths(self))

    def gaps(self, facts: Facts) -> tuple[str, ...]:
        """The medicine list, or the date of the last opioid, when they leave the test open."""
        if self.truth(facts) is not None:
            return ()
        return tuple(dict.fromkeys(field for field, found in facts.medicine_truths(self) if found is None))

    def absences(self, facts: Facts) -> tuple[str, ...]:
        """None: without a list it is not known."""
        return ()


Test: TypeAlias = All | AnyOf | Not | Compare | Missing | Taken


def _gaps(test: All | AnyOf | Not, parts: Sequence[Test], facts: Facts) -> tuple[str, ...]:
    if test.truth(facts) is not None:
        return ()
    return tuple(dict.fromkeys(field for part in parts for field in part.gaps(facts)))


def _absences(test: All | AnyOf, parts: Sequence[Test], facts: Facts) -> tuple[str, ...]:
    if test.truth(facts) is not True:
        return ()
    return tuple(dict.fromkeys(field for part in parts for field in part.absences(facts)))
