"""What can go wrong in the engine: each error says what is wrong, where, and what to do."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


class EngineError(Exception):
    """Base of every error the engine raises on purpose.

    Parameters
    ----------
    what : str
        What is wrong, in one sentence that names the value.
    where : str, optional
        Model element, event or argument in which it was found.
    remedy : str, optional
        What the caller can do about it.

    Examples
    --------
    >>> print(EngineError("times must increase", where="times[3]", remedy="sort them"))
    times must increase
      where: times[3]
      remedy: sort them
    """

    exit_code = 3

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

    def __reduce__(self) -> tuple[object, ...]:
        return _rebuild, (type(self), self.what, self.where, self.remedy)


def _rebuild(kind: type[EngineError], what: str, where: str, remedy: str) -> EngineError:
    return kind(what, where=where, remedy=remedy)


class InvalidModel(EngineError):
    """The SBML text cannot be read, or contradicts itself."""


class UnsupportedModel(EngineError):
    """The SBML text is valid but uses a feature the engine does not solve; the feature is named."""


class BadEvent(EngineError):
    """A dose, reset or change makes no sense as written."""


class UnknownName(EngineError):
    """A name the model does not have; near misses are suggested (exit code 4).

    Examples
    --------
    >>> print(UnknownName.among("parameter", "CLm2", ["CL", "CLm"]))
    no parameter is named 'CLm2'
      remedy: did you mean CLm or CL?
    """

    exit_code = 4

    @classmethod
    def among(cls, kind: str, name: str, known: Iterable[str], *, where: str = "") -> UnknownName:
        """Build the error for ``name``, suggesting the nearest of ``known``.

        Examples
        --------
        >>> UnknownName.among("state", "Gutt", ["Gut"]).remedy
        'did you mean Gut?'
        """
        known = list(known)
        near = get_close_matches(name, known, n=3, cutoff=0.5)
        remedy = f"did you mean {' or '.join(near)}?" if near else f"known: {', '.join(known) or 'none'}"
        return cls(f"no {kind} is named {name!r}", where=where, remedy=remedy)
