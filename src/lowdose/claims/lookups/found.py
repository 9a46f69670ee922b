"""What a test brings back: a value and the records behind it, or the reason why there is none."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from lowdose.claims.schema import Value
from lowdose.evidence.records.schema import Derivation, Provenance


@dataclass(frozen=True)
class Found:
    """A value and its ``records``: the records it was taken from, each with how it is known."""

    value: Value
    records: tuple[str, ...]


class UnknownValue(Exception):
    """The records do not hold what a test asks for; the words say what is missing."""


def how_known(prov: Provenance, derivations: Iterable[Derivation] = (), field: str = "") -> str:
    """How a value is known, in the words shown behind it: found with its sources, derived, or recalled.

    Parameters
    ----------
    prov : Provenance
        Of the outcome or event.
    derivations : iterable of Derivation, optional
        Of the same.
    field : str, optional
        Path of the value inside it, e.g. ``arms.ldn.events``.

    Examples
    --------
    >>> how_known(Provenance(tag="found", src=("S47",)))
    'found, S47'
    >>> how_known(Provenance(tag="recalled"))
    'recalled'
    """
    for derivation in derivations:
        if derivation.field == field:
            recalled = derivation.recalled or (("its inputs",) if prov.tag == "recalled" else ())
            words = ", ".join(("derived", *prov.src))
            return f"{words}; recalled: {', '.join(recalled)}" if recalled else words
    return ", ".join((prov.tag, *prov.src))
