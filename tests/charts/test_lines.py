"""Named curves: every name has a place of its own, and odd numbers do not break the picture."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lowdose.charts.lines import Line, lines
from lowdose.charts.render import to_svg
from lowdose.errors import InvalidInput

VALUES = st.floats(-1e3, 1e3)


@given(st.lists(st.lists(VALUES, min_size=3, max_size=3), min_size=1, max_size=6))
def test_no_two_names_touch_and_all_stay_beside_the_picture(found):
    spec = lines("t", [], "x", "y", [Line(f"curve {i}", [0, 1, 2], values) for i, values in enumerate(found)])
    heights = [row["y"] for row in spec["layer"][-1]["data"]["values"]]
    assert all(after - before >= 15 - 1e-6 for before, after in pairwise(heights))
    assert len(heights) == len(found)


def test_it_is_drawn_and_weak_curves_are_dashed():
    spec = lines(
        "Growth", ["typical"], "hours", "1 = none", [Line("a", [0, 1], [1, 2]), Line("b", [0, 1], [1, 1], False)]
    )
    assert "Growth" in to_svg(spec)
    dashed = ["strokeDash" in layer["mark"] for layer in spec["layer"] if layer["mark"]["type"] == "line"]
    assert dashed == [True, False]


def test_nothing_to_draw_is_refused():
    with pytest.raises(InvalidInput, match="curve"):
        lines("t", [], "x", "y", [])
