"""The model handed to others: as a picture, as equations to read, as code for other programs."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from lowdose.errors import NotFound
from lowdose.exchange.mrgsolve import mrgsolve
from lowdose.exchange.nonmem import nonmem
from lowdose.exchange.rxode2 import rxode2
from lowdose.exchange.structure import Structure, structure
from lowdose.exchange.writing import CannotBeWritten

FORMATS: Mapping[str, Callable[[Structure], str]] = {
    "sbml": lambda model: model.sbml,
    "mrgsolve": mrgsolve,
    "rxode2": rxode2,
    "nonmem": nonmem,
}
"""Formats a model can be exported in, each with what writes it."""

__all__ = ["FORMATS", "CannotBeWritten", "Structure", "export", "structure"]


def export(name: str | None = None, form: str = "sbml") -> str:
    """The hypothesis called ``name`` (the default when None) in a format of `FORMATS`.

    Raises
    ------
    NotFound
        If there is no such hypothesis or format.
    CannotBeWritten
        If the format cannot hold the model; the message says why.

    Examples
    --------
    >>> export("effect-site", "nonmem").splitlines()[1]
    '$PROBLEM lowdose effect-site'
    >>> export("imposed", "mrgsolve")
    Traceback (most recent call last):
    lowdose.exchange.writing.CannotBeWritten: imposed cannot be written as mrgsolve code: each dose switches ...
    """
    if form not in FORMATS:
        raise NotFound.among("format", form, FORMATS)
    return FORMATS[form](structure(name))
