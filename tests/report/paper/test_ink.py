"""No letters lie on other letters, and none outside the page: measured as ink, not as text."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import pytest

from lowdose.report.paper import press, preview
from tests.report.paper.ink import Box, boxes, overlapping
from tests.report.paper.sheets import ALL

LETTER = '<symbol id="a"><path d="M 0 0h 5v 7h -5Z"/></symbol>'
WIDEST = "f" * 64
"""A digest whose letters are not narrow."""


def drawn(x: float) -> bytes:
    group = (
        '<g transform="translate({},9)"><g transform="matrix(1 0 0 -1 0 0)"><use xlink:href="#a" x="0" y="0"/></g></g>'
    )
    root = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink">'
    return f"{root}<defs>{LETTER}</defs>{group.format(0)}{group.format(x)}</svg>".encode()


def test_the_measure_sees_what_overlaps():
    assert boxes(drawn(9)) == [Box(0, 2, 5, 9), Box(9, 2, 14, 9)]
    assert overlapping(drawn(9)) == []
    assert len(overlapping(drawn(4))) == 1


@pytest.mark.parametrize("name", ["plan, draft", "leaflet, approved", "label, approved", "surgery, draft"])
def test_no_letters_lie_on_others(name):
    for page in preview(ALL[name](), "svg"):
        assert boxes(page)
        assert not overlapping(page)


@pytest.mark.parametrize("digest", ["", WIDEST])
@pytest.mark.parametrize("version", ["0.1.0", "12.34.56rc7"])
@pytest.mark.parametrize("name", ["wallet-card, approved", "wallet-card to cut, approved"])
def test_a_wallet_card_keeps_its_foot_apart_and_inside(monkeypatch, name, version, digest):
    monkeypatch.setattr(press, "version", lambda _: version)
    sheet = ALL[name]()
    sheet = replace(sheet, digest=digest or sheet.digest)
    pages = preview(sheet, "svg")
    assert len(pages) == sheet.pages
    wide, high = (242.65, 153.08) if sheet.size == "card" else (595.3, 841.9)
    for page in pages:
        found = boxes(page)
        assert not overlapping(page)
        assert all(8 < box.left and box.right < wide - 8 and 8 < box.top and box.bottom < high - 5 for box in found)
        if sheet.size == "card":
            foot = [box for box in found if box.bottom > high - 24]
            assert min(gap(one, other) for one, other in combinations(foot, 2)) > 2


def gap(one: Box, other: Box) -> float:
    """How far apart two boxes on one line are; far, if they are on different lines."""
    if min(one.bottom, other.bottom) - max(one.top, other.top) <= 0:
        return 99.0
    return max(one.left, other.left) - min(one.right, other.right)
