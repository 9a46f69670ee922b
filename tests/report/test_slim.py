"""A slim picture is the same picture."""

from __future__ import annotations

import re

from lowdose import Result, charts
from lowdose.report.slim import slim

NUMBER = re.compile(r"-?\d*\.?\d+")


def corners(path: str) -> list[tuple[float, float]]:
    """Absolute points of a path of straight lines, whether written absolutely or as steps."""
    numbers = [float(found) for found in NUMBER.findall(path)]
    pairs = list(zip(numbers[::2], numbers[1::2], strict=True))
    if "l" not in path:
        return pairs
    places = pairs[:1]
    for dx, dy in pairs[1:]:
        places.append((round(places[-1][0] + dx, 1), round(places[-1][1] + dy, 1)))
    return places


def lines(svg: str) -> list[str]:
    return [path for path in re.findall(r' d="([^"]+)"', svg) if path.count("L") + path.count(" ") > 20]


def test_curves_keep_every_point_to_a_tenth_of_a_pixel(crowd: Result) -> None:
    whole = charts.to_svg(charts.blockade(crowd))
    small = slim(whole, "blockade")
    assert len(small) < 0.6 * len(whole)
    assert len(lines(whole)) >= 12
    longest = sorted(lines(whole), key=len)[-6:]
    found = [corners(path) for path in lines(small)]
    for path in longest:
        assert corners(path) in found


def test_words_stay(crowd: Result) -> None:
    whole = charts.to_svg(charts.drug(crowd))
    said = re.findall(r">([^<]+)</text>", whole)
    assert re.findall(r">([^<]+)</text>", slim(whole, "drug")) == said
