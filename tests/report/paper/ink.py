"""Where ink of text lies on a page, from its SVG: one box a run of letters, in points."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import combinations
from xml.etree import ElementTree

from fontTools.pens.boundsPen import BoundsPen
from fontTools.svgLib.path import parse_path

_SVG = "{http://www.w3.org/2000/svg}"
_LINK = "{http://www.w3.org/1999/xlink}href"
_MOVED = re.compile(r"(translate|scale|matrix|rotate)\(([^)]*)\)")
_SLACK = 0.15
"""Points by which letters may touch: what rounding leaves."""


@dataclass(frozen=True)
class Box:
    left: float
    top: float
    right: float
    bottom: float

    def overlaps(self, other: Box) -> bool:
        return (
            min(self.right, other.right) - max(self.left, other.left) > _SLACK
            and min(self.bottom, other.bottom) - max(self.top, other.top) > _SLACK
        )


def boxes(svg: bytes) -> list[Box]:
    """The ink of every run of letters that stands upright; what is turned is the watermark behind them."""
    root = ElementTree.fromstring(svg)
    shapes = {symbol.get("id"): _bounds(symbol) for symbol in root.iter(f"{_SVG}symbol")}
    return list(_runs(root, (1.0, 0.0, 0.0, 1.0, 0.0, 0.0), shapes))


def overlapping(svg: bytes) -> list[tuple[Box, Box]]:
    """Runs of letters that lie on each other."""
    return [(one, other) for one, other in combinations(boxes(svg), 2) if one.overlaps(other)]


def _bounds(symbol):
    pen = BoundsPen(None)
    for path in symbol.iter(f"{_SVG}path"):
        parse_path(path.get("d"), pen)
    return pen.bounds


def _runs(element, at, shapes):
    if element.tag == f"{_SVG}defs":
        return
    at = _times(at, _matrix(element.get("transform", "")))
    glyphs = [each for each in element if each.tag == f"{_SVG}use"]
    if glyphs and abs(at[1]) < 1e-9 and abs(at[2]) < 1e-9:
        ink = [_placed(at, shapes[each.get(_LINK)[1:]], each) for each in glyphs if shapes[each.get(_LINK)[1:]]]
        if ink:
            yield Box(*(pick(side) for pick, side in zip((min, min, max, max), zip(*ink, strict=True), strict=True)))
    for each in element:
        yield from _runs(each, at, shapes)


def _placed(at, bounds, use):
    dx, dy = float(use.get("x", 0)), float(use.get("y", 0))
    corners = [(x + dx, y + dy) for x in (bounds[0], bounds[2]) for y in (bounds[1], bounds[3])]
    xs = [at[0] * x + at[2] * y + at[4] for x, y in corners]
    ys = [at[1] * x + at[3] * y + at[5] for x, y in corners]
    return min(xs), min(ys), max(xs), max(ys)


def _matrix(written):
    found = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
    for name, numbers in _MOVED.findall(written):
        given = [float(one) for one in re.split(r"[\s,]+", numbers.strip())]
        found = _times(found, _one(name, given))
    return found


def _one(name, given):
    if name == "translate":
        return (1.0, 0.0, 0.0, 1.0, given[0], given[1] if len(given) > 1 else 0.0)
    if name == "scale":
        return (given[0], 0.0, 0.0, given[-1], 0.0, 0.0)
    return tuple(given) if name == "matrix" else (0.0, 1.0, -1.0, 0.0, 0.0, 0.0)  # turned: not looked at


def _times(one, other):
    a, b, c, d, e, f = one
    p, q, r, s, t, u = other
    return (a * p + c * q, b * p + d * q, a * r + c * s, b * r + d * s, a * t + c * u + e, b * t + d * u + f)
