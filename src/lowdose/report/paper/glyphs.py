"""Which characters the bundled typeface can draw: Typst sets an empty box for one it cannot, and says nothing."""

from __future__ import annotations

import struct
import unicodedata
from collections.abc import Iterator
from functools import cache as remember
from importlib.resources import files
from pathlib import Path

from lowdose.errors import InvalidInput

FONTS = Path(str(files("lowdose.report.paper").joinpath("fonts")))
"""The folder of Inter: regular, italic, semibold, bold."""

_WINDOWS_FULL_UNICODE = (3, 10)
"""The one table of characters that every font here has and that holds all of them."""
_BINDING = frozenset("\u00a0")


def check(text: str, *, where: str = "") -> None:
    """Refuse a text that could not be printed whole.

    Parameters
    ----------
    text : str
        What is to be printed, on one line.
    where : str, optional
        What it is, for the message.

    Raises
    ------
    InvalidInput
        If a character is not in every style of the bundled typeface, or cannot be seen.

    Examples
    --------
    >>> check("4.5 mg ≤ 6 mg, 6β-naltrexol")
    >>> check("tick ☐ here", where="item 2")
    Traceback (most recent call last):
    lowdose.errors.InvalidInput: the character '☐' (BALLOT BOX, U+2610) cannot be printed
      where: item 2: 'tick ☐ here'
      remedy: write it in other words; the typeface of the documents does not have it
    """
    for character in text:
        if character in _BINDING or (character.isprintable() and ord(character) in covered()):
            continue
        shown = f"{character!r} " if character.isprintable() else ""
        name = unicodedata.name(character, "a control character")
        raise InvalidInput(
            f"the character {shown}({name}, U+{ord(character):04X}) cannot be printed",
            where=f"{where}: {text[:60]!r}" if where else repr(text[:60]),
            remedy="write it in other words; the typeface of the documents does not have it",
        )


@remember
def covered() -> frozenset[int]:
    """Code points that every style of the bundled typeface has.

    Examples
    --------
    >>> ord("≥") in covered(), 0x2611 in covered()
    (True, False)
    """
    return frozenset.intersection(*(frozenset(_mapped(font.read_bytes())) for font in sorted(FONTS.glob("*.ttf"))))


def _mapped(font: bytes) -> Iterator[int]:
    """Code points in the character map of an OpenType font (its format 12: groups of start, end, first glyph)."""
    (tables,) = struct.unpack_from(">H", font, 4)
    records = [struct.unpack_from(">4sIII", font, 12 + 16 * number) for number in range(tables)]
    start = next(offset for tag, _, offset, _ in records if tag == b"cmap")
    (maps,) = struct.unpack_from(">H", font, start + 2)
    entries = [struct.unpack_from(">HHI", font, start + 4 + 8 * number) for number in range(maps)]
    table = start + next(offset for platform, coding, offset in entries if (platform, coding) == _WINDOWS_FULL_UNICODE)
    (groups,) = struct.unpack_from(">I", font, table + 12)
    for number in range(groups):
        first, last, glyph = struct.unpack_from(">III", font, table + 16 + 12 * number)
        yield from (code for code in range(first, last + 1) if glyph + code - first)
