"""The layered drawing keeps its promise: no text under a line, no box over another, arrows from left to right."""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lowdose.charts import to_svg
from lowdose.charts.diagram import Arrow, Box, Frame, diagram
from lowdose.charts.layered import Edge, Group, Rect, acyclic, place
from lowdose.errors import InvalidInput

WIDE = 100.0


@st.composite
def networks(draw):
    sizes = draw(st.lists(st.integers(1, 5), min_size=1, max_size=5))
    groups, names = [], []
    for number, size in enumerate(sizes):
        own = [f"{number}.{box}" for box in range(size)]
        names += own
        heights = {name: draw(st.sampled_from([26.0, 54.0])) for name in own}
        groups.append(Group(f"g{number}", lambda width: 40.0, heights))
    pairs = [(a, b) for a in names for b in names if a != b]
    chosen = draw(st.lists(st.sampled_from(pairs), unique=True, max_size=14)) if pairs else []
    return groups, [Edge(a, b, draw(st.sampled_from(["solid", "dashed"]))) for a, b in chosen]


def _inside(point: tuple[float, float], area: Rect, margin: float = 0.0) -> bool:
    x, y = point
    across = area.x + margin < x < area.x + area.width - margin
    return across and area.y + margin < y < area.y + area.height - margin


def _overlap(a: Rect, b: Rect) -> bool:
    return a.x < b.x + b.width and b.x < a.x + a.width and a.y < b.y + b.height and b.y < a.y + a.height


@settings(max_examples=120, deadline=None)
@given(networks())
def test_no_line_crosses_a_box_or_a_heading_and_nothing_overlaps(network):
    groups, edges = network
    found = place(groups, edges, WIDE)
    assert not [pair for pair in combinations(found.boxes.values(), 2) if _overlap(*pair)]
    assert not [pair for pair in combinations(found.groups.values(), 2) if _overlap(*pair)]
    for group in groups:
        frame = found.groups[group.name]
        heading = Rect(frame.x, frame.y, frame.width, 40.0)
        assert all(frame.x < found.boxes[box].x and found.boxes[box].y >= frame.y + 40.0 for box in group.boxes)
        assert not [point for path in found.paths for point in path if _inside(point, heading)]
    for path in found.paths:
        assert not [point for point in path for box in found.boxes.values() if _inside(point, box, 0.5)]


@settings(max_examples=60, deadline=None)
@given(networks())
def test_every_line_joins_its_two_boxes(network):
    groups, edges = network
    found = place(groups, edges, WIDE)
    for edge, path in zip(edges, found.paths, strict=True):
        for name, point in ((edge.source, path[0]), (edge.target, path[-1])):
            box = found.boxes[name]
            assert point[0] == pytest.approx(box.x) or point[0] == pytest.approx(box.x + box.width)
            assert box.y <= point[1] <= box.y + box.height


def test_a_chain_flows_to_the_right_and_a_circle_has_one_line_back():
    found = place([Group("g", lambda width: 0.0, dict.fromkeys("abc", 20.0))], [Edge("a", "b"), Edge("b", "c")], WIDE)
    assert found.boxes["a"].x < found.boxes["b"].x < found.boxes["c"].x
    order = acyclic(list("abc"), [("a", "b"), ("b", "c"), ("c", "a")])
    assert sum(order.index(a) > order.index(b) for a, b in [("a", "b"), ("b", "c"), ("c", "a")]) == 1


def test_a_picture_of_nothing_is_refused():
    with pytest.raises(InvalidInput, match="nothing to draw"):
        diagram("none", "", [], [])


def test_weak_links_are_dashed_and_the_legend_names_only_what_is_drawn():
    frames = [Frame("g", "Drug", "What it says.", [Box("a", ["capsule"]), Box("b", ["blood"], is_state=False)])]
    known, weak = (to_svg(diagram("m", "", frames, [Arrow("a", "b", kind)])) for kind in ("known", "weak"))
    assert "stroke-dasharray" not in known
    assert "stroke-dasharray" in weak
    assert "assumed, from animals only" in weak
    assert "assumed, from animals only" not in known
