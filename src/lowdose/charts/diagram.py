"""The model as a picture: modules as frames, quantities as boxes, a line for each link, dashed where it is weak."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from lowdose.charts.layered import Edge, Group, Placed, Point, place
from lowdose.charts.look import HAIRLINE, INK, MUTED, NIGHT, ORANGE, SLATE, WEAK_DASH, Spec
from lowdose.charts.sheet import LINE, SIZE, SMALL, Row, boxes, dots, footnotes, rules, something, whole, words, wrapped

_BOX, _INSIDE, _TOP = 122.0, 112.0, 8.0
_HEAD, _MARGIN = 16.0, 12.0
_STYLES: Mapping[str, Row] = {
    "known": {"color": SLATE, "strokeWidth": 1.6},
    "weak": {"color": ORANGE, "strokeWidth": 1.4, "strokeDash": WEAK_DASH},
    "defined": {"color": "#9aa7b2", "strokeWidth": 1.1},
}
_SAYS = {
    "known": "acts through numbers found in or derived for people, grade high or medium",
    "weak": "acts through a number that is assumed, from animals only, or graded low",
    "defined": "acts by definition, no number in it",
}


@dataclass(frozen=True)
class Box:
    """Quantities that stand together; ``is_state`` if they have a memory (a rate of change) of their own."""

    name: str
    labels: Sequence[str]
    is_state: bool = True


@dataclass(frozen=True)
class Frame:
    """A module: its title, what it says, and its boxes."""

    name: str
    title: str
    sentence: str
    boxes: Sequence[Box]


@dataclass(frozen=True)
class Arrow:
    """A link from one box to another: ``known``, ``weak`` or ``defined``."""

    source: str
    target: str
    kind: str


def diagram(title: str, subtitle: str, frames: Sequence[Frame], arrows: Sequence[Arrow]) -> Spec:
    """Draw a network from left to right.

    Raises
    ------
    InvalidInput
        If there is no frame.

    Examples
    --------
    >>> frames = [Frame("pk", "Drug", "", [Box("a", ["capsule"]), Box("b", ["blood"])])]
    >>> diagram("A model", "", frames, [Arrow("a", "b", "known")])["title"]["text"]
    'A model'
    """
    something(frames, "model")
    groups = [
        Group(frame.name, partial(_heading, frame), {box.name: _height(box) for box in frame.boxes}) for frame in frames
    ]
    found = place(groups, [Edge(arrow.source, arrow.target, arrow.kind) for arrow in arrows], _BOX)
    foot, height = _foot(found.width, found.height + 30, {arrow.kind for arrow in arrows})
    layers = [*_frames(frames, found), *_lines(arrows, found), *_boxes(frames, found), *foot]
    return whole(layers, height, title, wrapped(subtitle, found.width, SMALL), found.width)


def _heading(frame: Frame, wide: float) -> float:
    """Pixels for the title and the sentence in a frame so wide."""
    room = wide - 2 * _MARGIN
    return _TOP + _HEAD * len(wrapped(frame.title, room, SIZE)) + LINE * len(wrapped(frame.sentence, room, SMALL))


def _height(box: Box) -> float:
    return LINE * len(_label(box)) + 12


def _label(box: Box) -> list[str]:
    """Lines of a box; where it holds several quantities each begins with a dot."""
    mark = "• " if len(box.labels) > 1 else ""
    return [line for label in box.labels for line in wrapped(mark + label, _INSIDE, SMALL)]


def _frames(frames: Iterable[Frame], found: Placed) -> list[Spec]:
    areas, titles, sentences = [], [], []
    for frame in frames:
        area = found.groups[frame.name]
        areas.append({"x": area.x, "y": area.y, "x2": area.x + area.width, "y2": area.y + area.height})
        left, y, room = area.x + _MARGIN, area.y + _TOP + 8, area.width - 2 * _MARGIN
        for line in wrapped(frame.title, room, SIZE):
            titles.append({"x": left, "y": y, "text": line})
            y += _HEAD
        for line in wrapped(frame.sentence, room, SMALL):
            sentences.append({"x": left, "y": y, "text": line})
            y += LINE
    return [
        boxes(areas, color="#f4f6f8", stroke=HAIRLINE, strokeWidth=1.2, cornerRadius=8),
        words(titles, bold=True),
        words(sentences, size=SMALL, colour=MUTED),
    ]


def _boxes(frames: Iterable[Frame], found: Placed) -> list[Spec]:
    areas: dict[bool, list[Row]] = {True: [], False: []}
    labels = []
    for box in (box for frame in frames for box in frame.boxes):
        area = found.boxes[box.name]
        areas[box.is_state].append({"x": area.x, "y": area.y, "x2": area.x + area.width, "y2": area.y + area.height})
        for number, line in enumerate(_label(box)):
            labels.append({"x": area.x + area.width / 2, "y": area.y + 6 + LINE * (number + 0.5), "text": line})
    return [
        boxes(areas[True], color="white", stroke=SLATE, strokeWidth=1.2, cornerRadius=4),
        boxes(areas[False], color=NIGHT, stroke=NIGHT, strokeWidth=1.2, cornerRadius=10),
        words(labels, size=SMALL, colour=INK, align="center"),
    ]


def _lines(arrows: Sequence[Arrow], found: Placed) -> list[Spec]:
    layers: list[Spec] = []
    for kind, style in _STYLES.items():
        paths = [path for arrow, path in zip(arrows, found.paths, strict=True) if arrow.kind == kind]
        layers.append(_paths([[*path[:-1], _short_of(path)] for path in paths], style))
        for right in (True, False):
            tips = [path[-1] for path in paths if (path[-1][0] > path[-2][0]) == right]
            rows = [{"x": x - 3.5 if right else x + 3.5, "y": y} for x, y in tips]
            shape = "triangle-right" if right else "triangle-left"
            layers.append(dots(rows, shape=shape, size=46, filled=True, color=style["color"], strokeWidth=0))
    return layers


def _short_of(path: Sequence[Point]) -> Point:
    """The end of a line, left free for its arrowhead."""
    (x, _), (end, y) = path[-2], path[-1]
    return (end - 4 if end > x else end + 4), y


def _paths(paths: Sequence[Sequence[Point]], style: Row) -> Spec:
    rows = [
        {"line": line, "step": step, "x": round(x, 1), "y": round(y, 1)}
        for line, path in enumerate(paths)
        for step, (x, y) in enumerate(path)
    ]
    axis = {"type": "quantitative", "scale": None, "axis": None}
    return {
        "data": {"values": rows},
        "mark": {"type": "line", "strokeJoin": "round", **style},
        "encoding": {
            "x": {"field": "x", **axis},
            "y": {"field": "y", **axis},
            "detail": {"field": "line", "type": "nominal"},
            "order": {"field": "step", "type": "quantitative"},
        },
    }


def _foot(wide: float, y: float, kinds: set[str]) -> tuple[list[Spec], float]:
    """The legend: what each kind of line and of box means."""
    layers, said = [], []
    for kind in (kind for kind in _SAYS if kind in kinds):
        style = dict(_STYLES[kind])
        layers.append(rules([{"x": 14, "y": y, "x2": 46, "y2": y}], **style))
        layers.append(dots([{"x": 49, "y": y}], shape="triangle-right", size=46, filled=True, color=style["color"]))
        said.append({"x": 62, "y": y, "text": _SAYS[kind]})
        y += LINE + 4
    for is_state, text in ((True, "has a memory: a state that rises and falls"), (False, "follows at once")):
        area = {"x": 14, "y": y - 6, "x2": 46, "y2": y + 6}
        kind_of = {"color": "white", "stroke": SLATE} if is_state else {"color": NIGHT, "stroke": NIGHT}
        layers.append(boxes([area], cornerRadius=4 if is_state else 6, strokeWidth=1.2, **kind_of))
        said.append({"x": 62, "y": y, "text": text})
        y += LINE + 4
    note = "Quantities that act, and are acted on, alike share a box. What a quantity does to itself is not drawn."
    small, y = footnotes([note], 14, y + 2, wide - 28)
    return [*layers, words(said, size=SMALL, colour=INK), small], y
