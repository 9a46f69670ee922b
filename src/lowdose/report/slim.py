"""A picture in fewer letters: what a page with its own style and no editor does not need."""

from __future__ import annotations

import re
from itertools import pairwise

# What the page's own style says already, what only an editor or a standalone picture needs, and defaults.
_NEEDLESS = re.compile(
    r' (?:font-family|class|role|aria-[a-z]+|xmlns:xlink|pointer-events|stroke-miterlimit)="[^"]*"'
    r'| opacity="1"| y2="0"| transform="translate\(0,0\)"| stroke-width="1"'
    r"|<path[^>]* d=\"(?:M0,0h0v0h0Z)?\"[^>]*/>"
)
_POLYLINE = re.compile(r' d="(M-?[\d.]+,-?[\d.]+(?:L-?[\d.]+,-?[\d.]+)+)(Z?)"')
_POINT = re.compile(r"[ML](-?[\d.]+),(-?[\d.]+)")


def slim(svg: str, name: str) -> str:
    """The same picture for the inside of a page; its clips are called after ``name``, for the page holds several.

    Examples
    --------
    >>> slim('<path class="line" clip-path="url(#clip0)" d="M10.5,100.2L11,99.8L12.5,99.8"/>', "drug")
    '<path clip-path="url(#drug-0)" d="M10.5,100.2l.5-.4 1.5 0"/>'
    """
    text = _NEEDLESS.sub("", svg).replace('id="clip', f'id="{name}-').replace("#clip", f"#{name}-")
    return _POLYLINE.sub(lambda found: f' d="{_relative(found[1])}{found[2]}"', text)


def _relative(path: str) -> str:
    """Each point as the step from the one before, in tenths of a pixel, so that no rounding adds up."""
    points = [(round(10 * float(x)), round(10 * float(y))) for x, y in _POINT.findall(path)]
    numbers = [_tenths(place) for place in points[0]]
    start = f"M{numbers[0]},{numbers[1]}l"
    steps = [
        _tenths(place) for before, after in pairwise(points) for place in (after[0] - before[0], after[1] - before[1])
    ]
    # A minus sign separates two numbers as well as a blank does.
    return start + " ".join(steps).replace(" -", "-")


def _tenths(number: int) -> str:
    whole, rest = divmod(abs(number), 10)
    text = f"{whole or ''}.{rest}" if rest else str(whole)
    return f"-{text}" if number < 0 else text
