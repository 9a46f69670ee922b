"""What a document is made of: words, tables, ticks, pictures. The layout is all in `sheet.typ`."""

from __future__ import annotations

from dataclasses import dataclass, fields, is_dataclass
from typing import Any, Literal

Tone = Literal["note", "warning", "stop"]
Mark = Literal["", "step", "check", "both"]


@dataclass(frozen=True)
class Heading:
    """The title of a section."""

    text: str


@dataclass(frozen=True)
class Paragraph:
    """A paragraph: its `start` is printed in bold before the text; a `small` one is a remark."""

    text: str
    start: str = ""
    small: bool = False


@dataclass(frozen=True)
class Bullets:
    """Short items, one a line."""

    items: tuple[str, ...]


@dataclass(frozen=True)
class Numbered:
    """Items in the order in which they are done."""

    items: tuple[str, ...]


@dataclass(frozen=True)
class Checklist:
    """Items with a box to tick; the box is drawn, since the typeface has none."""

    items: tuple[str, ...]
    columns: int = 1


@dataclass(frozen=True)
class KeyValues:
    """Names and their values, in one or more columns."""

    pairs: tuple[tuple[str, str], ...]
    columns: int = 1


@dataclass(frozen=True)
class Column:
    """A column of a table: `share` is of the width that the others leave, 0 for as wide as its words need."""

    title: str
    align: Literal["left", "right"] = "left"
    share: float = 0
    strong: bool = False


@dataclass(frozen=True)
class Table:
    """A table; a cell that is empty stays empty, to be filled in by hand where the table is `ruled`.

    One that says what is printed where it goes on `overleaf` leaves no row alone on a page.
    """

    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    note: str = ""
    ruled: bool = False
    overleaf: str = ""


@dataclass(frozen=True)
class Entries:
    """Short entries, each with its name in bold, set in two columns of equal height; `small` ones are remarks."""

    entries: tuple[tuple[str, str], ...]
    small: bool = False


@dataclass(frozen=True)
class Due:
    """What is due: its name, when in words, a box to tick for each day that is shown, and what follows in words."""

    rows: tuple[tuple[str, str, tuple[str, ...], str], ...]
    wide: bool = False
    """Whether all of a row stands on one line."""


@dataclass(frozen=True)
class Callout:
    """What must not be missed; how much it weighs is said by its title and its frame, never by a colour alone.

    The text of a `brief` one stands on the line of its title.
    """

    title: str
    text: str = ""
    items: tuple[str, ...] = ()
    tone: Tone = "note"
    brief: bool = False


@dataclass(frozen=True)
class Figure:
    """A picture as SVG text, with what it shows in words for those who cannot see it."""

    svg: str
    alternative: str
    caption: str = ""


@dataclass(frozen=True)
class Month:
    """A month of a calendar: its days in weeks from Monday, 0 for a day of another month, each with its mark."""

    title: str
    weeks: tuple[tuple[tuple[int, Mark], ...], ...]


@dataclass(frozen=True)
class Calendar:
    """Months side by side, each day with its mark; `also` says what lies outside, and which months are left out."""

    months: tuple[Month, ...]
    step: str
    check: str
    alternative: str
    both: str = ""
    also: str = ""


@dataclass(frozen=True)
class Blanks:
    """What is written in by hand, each after its name; what stands before the lines stays on their page."""

    names: tuple[str, ...]
    columns: int = 1
    before: str = ""


@dataclass(frozen=True)
class Ruled:
    """Empty lines to write on."""

    lines: int


@dataclass(frozen=True)
class Signature:
    """Lines to sign on, side by side."""

    lines: tuple[str, ...]


@dataclass(frozen=True)
class Side:
    """Blocks side by side with others."""

    left: tuple[Any, ...]
    right: tuple[Any, ...]
    share: float = 0.5
    """Of the width that the left ones take."""


@dataclass(frozen=True)
class Size:
    """The size of what is cut out, in millimetres, and how many stand in a row on the page."""

    width: float
    height: float
    across: int


@dataclass(frozen=True)
class Cut:
    """Pieces to cut out, each drawn with its edge: all in the first size that holds every one in readable type."""

    pieces: tuple[tuple[Any, ...], ...]
    sizes: tuple[Size, ...]


@dataclass(frozen=True)
class Fold:
    """The sides of a card, two in a row, to cut out and fold; sizes of one side in millimetres."""

    sides: tuple[tuple[Any, ...], ...]
    width: float = 85.6
    height: float = 54.0


@dataclass(frozen=True)
class PageBreak:
    """What follows begins a new page."""


def plain(block: Any) -> Any:
    """A block as plain data for the template, with its kind.

    Examples
    --------
    >>> plain(Heading("Steps"))
    {'block': 'Heading', 'text': 'Steps'}
    """
    if is_dataclass(block):
        return {
            "block": type(block).__name__,
            **{each.name: plain(getattr(block, each.name)) for each in fields(block)},
        }
    if isinstance(block, (tuple, list)):
        return [plain(each) for each in block]
    return block
