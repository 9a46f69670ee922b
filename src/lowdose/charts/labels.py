"""Names beside bubbles: each at the nearest free place, with a thin line where it had to move away."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import hypot

from lowdose.charts import sheet
from lowdose.charts.sheet import SMALL

Box = tuple[float, float, float, float]
"""Left, top, right, bottom, in pixels."""

_HALF = 7.0
"""Half the height of a line of small type."""


@dataclass(frozen=True)
class Bubble:
    """A disc with a name."""

    x: float
    y: float
    radius: float
    text: str


@dataclass(frozen=True)
class Name:
    """Where a name begins, or ends when ``align`` is right; ``far`` when it needs a line to its disc."""

    x: float
    y: float
    align: str
    far: bool


def named(bubbles: Sequence[Bubble], inside: Box, lines: Sequence[Box] = ()) -> list[Name]:
    """A place for each name, the larger discs first; no name on another, nor on a disc or line while there is room.

    Examples
    --------
    >>> [name.align for name in named([Bubble(50, 50, 8, "A"), Bubble(52, 50, 4, "B")], (0, 0, 200, 100))]
    ['left', 'right']
    """
    taken: list[Box] = list(lines)
    found: dict[int, Name] = {}
    for n in sorted(range(len(bubbles)), key=lambda n: (-bubbles[n].radius, n)):
        others = [other for m, other in enumerate(bubbles) if m != n]
        choices = [(name, _box(name, bubbles[n].text)) for name in _choices(bubbles[n])]
        free = [one for one in choices if _within(one[1], inside) and not any(_meet(one[1], box) for box in taken)]
        bubble = bubbles[n]
        name, box = min(free or choices, key=lambda one: (_crossed(one, bubble, others, taken), _far(one[0], bubble)))
        found[n] = name
        taken += [box, *_leader(bubble, name)]
    return [found[n] for n in range(len(bubbles))]


def _choices(bubble: Bubble) -> Iterator[Name]:
    gap = bubble.radius + 5
    for down in (0, *(side * step for step in range(10, 131, 10) for side in (1, -1))):
        for more in (0, 30, 60, 100, 150):
            out = max(gap, 14) + more if abs(down) > bubble.radius or more else gap
            for align, x in (("left", bubble.x + out), ("right", bubble.x - out)):
                yield Name(x, bubble.y + down, align, bool(more) or abs(down) > bubble.radius + 8)


def _far(name: Name, bubble: Bubble) -> float:
    return hypot(name.x - bubble.x, name.y - bubble.y) + (0.5 if name.align == "right" else 0)


def _box(name: Name, text: str) -> Box:
    wide = sheet.width(text, SMALL)
    left = name.x if name.align == "left" else name.x - wide
    return left, name.y - _HALF, left + wide, name.y + _HALF


def _within(box: Box, inside: Box) -> bool:
    return box[0] >= inside[0] and box[1] >= inside[1] and box[2] <= inside[2] and box[3] <= inside[3]


def _meet(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _crossed(one: tuple[Name, Box], bubble: Bubble, others: Sequence[Bubble], taken: Sequence[Box]) -> int:
    """How many discs or names a name and the line to it would lie on; discs below its own do not count."""
    name, box = one
    discs = [
        (other.x - other.radius, other.y - other.radius, other.x + other.radius, other.y + other.radius)
        for other in others
    ]
    under = sum(_meet(box, disc) for disc in discs)
    if not name.far:
        return under
    apart = [other for other in others if hypot(other.x - bubble.x, other.y - bubble.y) > other.radius]
    under += sum(_meet(point, box) for point in _leader(bubble, name) for box in taken)
    return under + sum(_distance(other, bubble, name) < other.radius for other in apart)


def _leader(bubble: Bubble, name: Name) -> list[Box]:
    """The line from a disc to its name, as a row of small boxes."""
    if not name.far:
        return []
    shares = [step / 20 for step in range(1, 20)]
    points = [(bubble.x + share * (name.x - bubble.x), bubble.y + share * (name.y - bubble.y)) for share in shares]
    return [(x - 1, y - 1, x + 1, y + 1) for x, y in points if hypot(x - bubble.x, y - bubble.y) > bubble.radius]


def _distance(disc: Bubble, start: Bubble, end: Name) -> float:
    """From the middle of a disc to the line between another disc and its name."""
    dx, dy = end.x - start.x, end.y - start.y
    share = ((disc.x - start.x) * dx + (disc.y - start.y) * dy) / (dx * dx + dy * dy or 1.0)
    held = min(max(share, 0.0), 1.0)
    return hypot(start.x + held * dx - disc.x, start.y + held * dy - disc.y)
