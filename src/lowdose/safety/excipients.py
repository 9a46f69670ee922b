"""Excipients by any name: which substances a written filler holds, and whether nobody can say.

A name that is not recognised may hold anything, so a test on it is not known, never false.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Literal

from pydantic import Field as Setting

from lowdose.blocks import Block
from lowdose.safety.tables import table

Release = Literal["immediate", "slow"]

_BETWEEN = re.compile(r"(?:[+/&;]|\b(?:and|with|plus)\b)(?![^()]*\))", re.IGNORECASE)
_BETWEEN_IN_BRACKETS = re.compile(r"[+/&;,]|\b(?:and|with|plus)\b", re.IGNORECASE)
_BRACKETS = re.compile(r"([^()]*)\(([^()]*)\)\s*")
_PHARMACOPOEIA = re.compile(r"[\s,]+(?:usp|nf|usp-nf|bp|ep|jp|fcc|ph\.?\s*eur\.?)(?=[\s,]|$)", re.IGNORECASE)


class _Excipient(Block):
    also: tuple[str, ...] = ()
    inside: tuple[str, ...] = ()
    grade_of: str = ""
    release: Release | None = None


class _Table(Block):
    schema_: Literal["lowdose.safety-excipients/1"] = Setting(alias="schema")
    source: str
    provenance: Literal["found", "derived", "recalled", "assumed"]
    excipients: dict[str, _Excipient]


@dataclass(frozen=True)
class Part:
    """One substance that a written name holds.

    Attributes
    ----------
    name : str
        What the rules call it; what was written where nobody knows what that is.
    grade : str
        The same with its grade, where it is known by one.
    is_recognised : bool
    release : {"immediate", "slow"} or None
        What it does to a capsule filled with it; None where that is not known.
    """

    name: str
    grade: str
    is_recognised: bool
    release: Release | None = None


def parts(written: str) -> tuple[Part, ...]:
    """Everything that a written name holds, a mixture in its parts.

    Brackets behind a name that is not known say what it is made of.

    Examples
    --------
    >>> [one.name for one in parts("CaCO3 heavy + Avicel PH-301")]
    ['calcium carbonate', 'microcrystalline cellulose']
    >>> [(one.name, one.is_recognised) for one in parts("Galen IQ (isomalt)") + parts("Galen IQ")]
    [('isomalt', True), ('Galen IQ', False)]
    """
    whole = _named(written)
    pieces = [written] if whole else [piece for piece in _BETWEEN.split(written) if _letters(piece)]
    names = [name for piece in pieces for name in _of_piece(piece)] or [written]
    return tuple(map(_part, dict.fromkeys((*names, *_inside(written)))))


def called(written: str) -> str:
    """What an excipient is called here, where the whole name is one for it; else the name as it was written.

    Examples
    --------
    >>> called("avicel ph102"), called("calcium carbonate  (precipitated)")
    ('microcrystalline cellulose', 'calcium carbonate (precipitated)')
    """
    return _named(written) or " ".join(written.split())


def holds(written: Iterable[str], name: str) -> bool | None:
    """Whether one of these holds a substance; None, not known, where one is not recognised and none surely does.

    Examples
    --------
    >>> holds(["MCC", "precipitated chalk"], "calcium carbonate")
    True
    >>> holds(["MCC", "Mixture 7"], "calcium carbonate") is None, holds([], "calcium carbonate")
    (True, False)
    """
    found = [part for one in written for part in parts(one)]
    if any(part.name == name for part in found):
        return True
    return False if all(part.is_recognised for part in found) else None


def is_slow(written: Iterable[str]) -> bool:
    """Whether one of these is known to hold the drug back.

    Examples
    --------
    >>> is_slow(["MCC", "Methocel K100M"]), is_slow(["MCC"])
    (True, False)
    """
    return any(part.release == "slow" for one in written for part in parts(one))


def questions(written: Iterable[str]) -> list[str]:
    """What to ask about those that are not recognised.

    Examples
    --------
    >>> questions(["MCC", "Mixture 7"])
    ["'Mixture 7' is not recognised: what is in it? Write every part of it in brackets behind the name."]
    """
    return [
        f"{part.name!r} is not recognised: what is in it? Write every part of it in brackets behind the name."
        for one in written
        for part in parts(one)
        if not part.is_recognised
    ]


@cache
def _table() -> _Table:
    return _Table.model_validate(table("excipients.yaml"))


@cache
def _names() -> dict[str, str]:
    """Every name as letters, and the excipient it stands for."""
    return {_letters(also): name for name, one in _table().excipients.items() for also in (name, *one.also)}


def _letters(name: str) -> str:
    """Letters and digits alone: "CaCO₃", "Ca CO3" and "calcium-carbonate" are not told apart by their marks."""
    return "".join(filter(str.isalnum, unicodedata.normalize("NFKC", name).casefold()))


def _named(written: str) -> str:
    """The excipient that the whole name is one for, a pharmacopoeia behind it aside; "" where there is none."""
    return _names().get(_letters(written)) or _names().get(_letters(_PHARMACOPOEIA.sub("", written)), "")


def _inside(written: str) -> list[str]:
    """Excipients whose letters stand anywhere in a name."""
    letters = _letters(written)
    return [name for name, one in _table().excipients.items() if any(_letters(word) in letters for word in one.inside)]


def _of_piece(piece: str) -> list[str]:
    if found := _named(piece):
        return [found]
    if inside := _inside(piece):
        return inside
    if brackets := _BRACKETS.fullmatch(piece):
        before, within = brackets.groups()
        if found := _named(before):
            return [found]
        made_of = [_named(one) for one in _BETWEEN_IN_BRACKETS.split(within) if _letters(one)]
        if made_of and all(made_of):
            return made_of
    return [" ".join(piece.split())]


def _part(name: str) -> Part:
    found = _table().excipients.get(name)
    return Part(found.grade_of or name, name, True, found.release) if found else Part(name, name, False)
