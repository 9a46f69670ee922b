"""A layered drawing of boxes in groups: left to right, lines only where there is no text.

Groups stand in columns by who acts on whom, and boxes in columns within their group; a line that passes a column goes
through a place of its own there. No kept library fits: those in pure Python (grandalf, pyelk) are under copyleft
licences, the permissive ones (graph-layout, fast-sugiyama) are compiled and keep no boxes within groups. The method is
that of Sugiyama, Tagawa & Toda 1981 (IEEE Trans. SMC 11:109), with the order of Eades, Lin & Smyth 1993 (Inf. Process.
Lett. 47:319) where boxes act on each other in a circle.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

Point = tuple[float, float]
_GAP, _LANE, _PADDING, _BETWEEN = 12.0, 11.0, 14.0, 26.0
"""Pixels between boxes, for a line that passes, inside the frame of a group, and between groups."""
_CHANNEL, _PER_LINE, _SWEEPS = 26.0, 3.0, 24
_DEEPEST = 4
"""Columns a group may have; boxes of one column that act on each other are joined by a bow at their right."""


@dataclass(frozen=True)
class Group:
    """A frame: its name, the pixels its heading takes in a frame so wide, and its boxes with their heights."""

    name: str
    heading: Callable[[float], float]
    boxes: Mapping[str, float]


@dataclass(frozen=True)
class Edge:
    """A line from one box to another; lines of one box in one ``style`` share their way as far as they can."""

    source: str
    target: str
    style: str = ""


@dataclass(frozen=True)
class Rect:
    """A place on the sheet."""

    x: float
    y: float
    width: float
    height: float


@dataclass
class Placed:
    """Where everything stands: boxes and groups by name, a path for each edge in the order given, and the size."""

    boxes: dict[str, Rect] = field(default_factory=dict)
    groups: dict[str, Rect] = field(default_factory=dict)
    paths: list[list[Point]] = field(default_factory=list)
    width: float = 0.0
    height: float = 0.0


@dataclass
class _Item:
    """A box, or the place of a passing line, in a column."""

    column: int
    band: Hashable
    size: float
    is_box: bool
    y: float = 0.0
    neighbours: list[_Item] = field(default_factory=list)


def place(groups: Sequence[Group], edges: Sequence[Edge], width: float) -> Placed:
    """Place boxes of one ``width``.

    Examples
    --------
    >>> found = place([Group("g", lambda width: 20, {"a": 30, "b": 30})], [Edge("a", "b")], 100)
    >>> found.boxes["a"].x < found.boxes["b"].x
    True
    """
    drawing = _Drawing(groups, edges, width)
    drawing.order()
    return drawing.placed()


def acyclic(names: Sequence[str], edges: Iterable[tuple[str, str]]) -> list[str]:
    """The names in an order against which few edges run.

    Examples
    --------
    >>> acyclic(["c", "a", "b"], [("a", "b"), ("b", "c")])
    ['a', 'b', 'c']
    """
    left: list[str] = []
    right: list[str] = []
    rest = list(names)
    links = {(a, b) for a, b in edges if a != b and a in rest and b in rest}
    while rest:
        out = {name: sum(a == name for a, _ in links) for name in rest}
        into = {name: sum(b == name for _, b in links) for name in rest}
        sources = [name for name in rest if not into[name]]
        sinks = [name for name in rest if not out[name]]
        if sources:
            chosen = sources[0]
        elif sinks:
            chosen = sinks[-1]
        else:
            chosen = max(rest, key=lambda name: out[name] - into[name])
        if not sources and sinks:
            right.insert(0, chosen)
        else:
            left.append(chosen)
        rest.remove(chosen)
        links = {link for link in links if chosen not in link}
    return left + right


def _depths(order: Sequence[str], edges: Iterable[tuple[str, str]]) -> dict[str, int]:
    """The longest way to each name along edges, each taken in the direction of the order."""
    rank = {name: place for place, name in enumerate(order)}
    forward = {(min(a, b, key=rank.__getitem__), max(a, b, key=rank.__getitem__)) for a, b in edges if a != b}
    depth = dict.fromkeys(order, 0)
    for name in order:
        for a, b in forward:
            if a == name:
                depth[b] = max(depth[b], depth[a] + 1)
    return depth


class _Drawing:
    def __init__(self, groups: Sequence[Group], edges: Sequence[Edge], width: float) -> None:
        self.groups, self.edges, self.width = {group.name: group for group in groups}, edges, width
        self.home = {box: group.name for group in groups for box in group.boxes}
        links = [(edge.source, edge.target) for edge in edges]
        outer = [(self.home[a], self.home[b]) for a, b in links]
        self.layer = _depths([group.name for group in groups], outer)
        inner: dict[str, int] = {}
        self.headings: dict[Hashable, float] = {}
        for group in groups:
            own = [(a, b) for a, b in links if self.home[a] == self.home[b] == group.name]
            depths = _depths(acyclic(list(group.boxes), own), own)
            deepest = max(depths.values()) + 1
            columns = min(_DEEPEST, deepest)
            inner |= {box: depth * columns // deepest for box, depth in depths.items()}
            frame = columns * width + (columns - 1) * _CHANNEL + 2 * _PADDING
            self.headings[group.name] = group.heading(frame)
        self.spans = [
            max(inner[box] for group in groups if self.layer[group.name] == layer for box in group.boxes) + 1
            for layer in range(max(self.layer.values()) + 1)
        ]
        base = [sum(self.spans[:layer]) for layer in range(len(self.spans))]
        self.layer_of_column = [layer for layer, span in enumerate(self.spans) for _ in range(span)]
        self.items: dict[Hashable, _Item] = {}
        for box, home in self.home.items():
            column = base[self.layer[home]] + inner[box]
            self.items[box] = _Item(column, home, self.groups[home].boxes[box], is_box=True)
        self.routes = [self.route(edge) for edge in edges]
        self.bands = [list(dict.fromkeys(i.band for i in self.in_layer(n))) for n in range(len(self.spans))]

    def in_layer(self, layer: int) -> list[_Item]:
        return [item for item in self.items.values() if self.layer_of_column[item.column] == layer]

    def route(self, edge: Edge) -> list[Hashable]:
        """Keys of the items an edge goes through, from left to right."""
        first, last = sorted((edge.source, edge.target), key=lambda box: self.items[box].column)  # keeps ties
        begin, end = self.items[first], self.items[last]
        is_forward = first == edge.source
        keys: list[Hashable] = [first]
        for column in range(begin.column + 1, end.column):
            layer = self.layer_of_column[column]
            band: Hashable = ("lane", edge.source, edge.style, is_forward or edge.target)
            for home in (begin.band, end.band):
                if self.layer[str(home)] == layer:
                    band = home
            key = (edge.source, edge.style, column, band) if is_forward else (edge.source, edge.target, column, band)
            self.items.setdefault(key, _Item(column, band, _LANE, is_box=False))
            keys.append(key)
        keys.append(last)
        for a, b in pairwise(keys):
            self.items[a].neighbours.append(self.items[b])
            self.items[b].neighbours.append(self.items[a])
        return keys

    def order(self) -> None:
        """Sort bands and items by where their neighbours are, and keep the arrangement with the fewest crossings."""
        self.stack()
        best, fewest = {key: item.y for key, item in self.items.items()}, self.crossings()
        orders = [list(bands) for bands in self.bands]
        for sweep in range(_SWEEPS):
            layers = range(len(self.spans)) if sweep % 2 == 0 else range(len(self.spans) - 1, -1, -1)
            for layer in layers:
                own = self.in_layer(layer)
                wanted = {
                    band: [_mean(i) for i in own if i.band == band and i.neighbours] for band in self.bands[layer]
                }
                middle = {band: sum(found) / len(found) if found else 0.0 for band, found in wanted.items()}
                self.bands[layer].sort(key=middle.__getitem__)
                self.stack()
            if (found := self.crossings()) < fewest:
                best, fewest = {key: item.y for key, item in self.items.items()}, found
                orders = [list(bands) for bands in self.bands]
        self.bands = orders
        for key, y in best.items():
            self.items[key].y = y
        for _ in range(4):
            self.stack()

    def stack(self) -> None:
        """Give every item its height: bands below each other, in a band each as near to its neighbours as it fits."""
        heights = [self.layer_height(layer) for layer in range(len(self.spans))]
        self.height = max(heights)
        self.tops: dict[tuple[int, Hashable], tuple[float, float]] = {}
        for layer, bands in enumerate(self.bands):
            top = (self.height - heights[layer]) / 2
            for band in bands:
                size = self.band_height(layer, band)
                self.tops[layer, band] = (top, size)
                self.fill(layer, band, top, size)
                top += size + _BETWEEN

    def layer_height(self, layer: int) -> float:
        sizes = [self.band_height(layer, band) for band in self.bands[layer]]
        return sum(sizes) + _BETWEEN * (len(sizes) - 1)

    def band_height(self, layer: int, band: Hashable) -> float:
        columns: dict[int, float] = {}
        for item in self.in_layer(layer):
            if item.band == band:
                columns[item.column] = columns.get(item.column, -_GAP) + item.size + _GAP
        return max(columns.values()) + (self.headings[band] + 2 * _PADDING if band in self.headings else 0.0)

    def fill(self, layer: int, band: Hashable, top: float, size: float) -> None:
        low, high = top, top + size
        if band in self.headings:
            low, high = low + self.headings[band] + _PADDING, high - _PADDING
        own = [item for item in self.in_layer(layer) if item.band == band]
        for column in sorted({item.column for item in own}):
            items = sorted((item for item in own if item.column == column), key=_mean)
            _spread(items, low, high)

    def crossings(self) -> int:
        lines: dict[int, set[tuple[float, float]]] = {}
        for item in self.items.values():
            for other in item.neighbours:
                if other.column > item.column:
                    lines.setdefault(item.column, set()).add((item.y, other.y))
        return sum((a[0] - b[0]) * (a[1] - b[1]) < 0 for found in lines.values() for a in found for b in found if a < b)

    def placed(self) -> Placed:
        lefts = self.lefts()
        found = Placed(width=lefts[-1] + self.width + _PADDING, height=self.height)
        for name in self.home:
            item = self.items[name]
            found.boxes[name] = Rect(lefts[item.column], item.y - item.size / 2, self.width, item.size)
        for name, layer in self.layer.items():
            columns = [item.column for item in self.items.values() if item.band == name and item.is_box]
            top, size = self.tops[layer, name]
            left = lefts[min(columns)] - _PADDING
            found.groups[name] = Rect(left, top, lefts[max(columns)] + self.width + _PADDING - left, size)
        ports = self.ports()
        found.paths = [self.path(edge, keys, lefts, ports) for edge, keys in zip(self.edges, self.routes, strict=True)]
        return found

    def lefts(self) -> list[float]:
        """Left edge of each column: the channel before it is as wide as its lines need."""
        lefts = [_PADDING]
        for column in range(1, len(self.layer_of_column)):
            lines = {pair for keys in self.routes for pair in pairwise(keys) if self.items[pair[1]].column == column}
            new_layer = self.layer_of_column[column] != self.layer_of_column[column - 1]
            channel = _CHANNEL + _PER_LINE * len(lines) + (2 * _PADDING + 6 if new_layer else 0.0)
            lefts.append(lefts[-1] + self.width + channel)
        return lefts

    def ports(self) -> dict[tuple[Hashable, Hashable], float]:
        """Height at which a line leaves or enters a box, by the box's key and the key of the line there."""
        sides: dict[tuple[Hashable, int], dict[Hashable, float]] = {}
        for edge, keys in zip(self.edges, self.routes, strict=True):
            bow = self.items[keys[0]].column == self.items[keys[-1]].column
            for at, to, side in ((0, 1, 1), (-1, -2, 1 if bow else -1)):
                line = self.line(edge, keys, at)
                sides.setdefault((keys[at], side), {})[line] = self.items[keys[to]].y
        found: dict[tuple[Hashable, Hashable], float] = {}
        for (box, side), lines in sides.items():
            step = min(9.0, (self.items[box].size - 6) / max(1, len(lines)))
            for number, line in enumerate(sorted(lines, key=lines.__getitem__)):
                found[box, (side, line)] = self.items[box].y + step * (number - (len(lines) - 1) / 2)
        return found

    def bow(
        self,
        edge: Edge,
        keys: Sequence[Hashable],
        lefts: Sequence[float],
        ports: Mapping[tuple[Hashable, Hashable], float],
    ) -> list[Point]:
        """A line between two boxes of one column, through the channel at their right."""
        x = lefts[self.items[keys[0]].column] + self.width
        y = ports[keys[0], (1, self.line(edge, keys, 0))]
        y2 = ports[keys[1], (1, self.line(edge, keys, -1))]
        reach = min(_CHANNEL - 4, 12 + abs(y2 - y) / 8)
        steps = [step / 14 for step in range(15)]
        return [(x + reach * 4 * t * (1 - t), y + (y2 - y) * (3 * t**2 - 2 * t**3)) for t in steps]

    def line(self, edge: Edge, keys: Sequence[Hashable], at: int) -> Hashable:
        """Lines of one source and style share the port they start from; at every other end each has its own."""
        shares = keys[at] == edge.source and at == 0
        return (edge.source, edge.style) if shares else (edge.source, edge.target, edge.style)

    def path(
        self,
        edge: Edge,
        keys: Sequence[Hashable],
        lefts: Sequence[float],
        ports: Mapping[tuple[Hashable, Hashable], float],
    ) -> list[Point]:
        """Points of an edge from its source to its target."""
        if self.items[keys[0]].column == self.items[keys[-1]].column:
            return self.bow(edge, keys, lefts, ports)
        heights = [self.items[key].y for key in keys]
        heights[0] = ports[keys[0], (1, self.line(edge, keys, 0))]
        heights[-1] = ports[keys[-1], (-1, self.line(edge, keys, -1))]
        points: list[Point] = []
        for (key, y), (after, y2) in pairwise(zip(keys, heights, strict=True)):
            x, x2 = lefts[self.items[key].column] + self.width, lefts[self.items[after].column]
            points += _curve((x, y), (x2, y2))
        return points if keys[0] == edge.source else points[::-1]


def _mean(item: _Item) -> float:
    return sum(other.y for other in item.neighbours) / len(item.neighbours) if item.neighbours else item.y


def _spread(items: Sequence[_Item], low: float, high: float) -> None:
    """Items between two heights, in order, none over another, each as near to its neighbours as that allows."""
    edge = low
    for item in items:
        item.y = max(_mean(item), edge + item.size / 2)
        edge = item.y + item.size / 2 + _GAP
    edge = high
    for item in reversed(items):
        item.y = min(item.y, edge - item.size / 2)
        edge = item.y - item.size / 2 - _GAP


def _curve(start: Point, end: Point, steps: int = 14) -> list[Point]:
    """A curve that leaves and arrives level, and never turns back."""
    (x, y), (x2, y2) = start, end
    found = []
    for step in range(steps + 1):
        t = step / steps
        found.append((x + (x2 - x) * (1.5 * t - 1.5 * t**2 + t**3), y + (y2 - y) * (3 * t**2 - 2 * t**3)))
    return found
