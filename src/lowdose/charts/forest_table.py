"""The table half of a forest plot: its rows, its columns, and how high each row is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from lowdose.charts import sheet
from lowdose.charts.sheet import LINE, SMALL, wrapped

STEP = 26
"""Pixels of a row with one line."""


@dataclass(frozen=True)
class ForestRow:
    """One study, on the scale shown (a ratio is not a logarithm).

    Without ``estimate`` it is a row without a marker, and ``note`` says why; ``weight`` is a share of 1.
    """

    label: str
    detail: str = ""
    estimate: float | None = None
    low: float | None = None
    high: float | None = None
    weight: float | None = None
    note: str = ""
    recalled: bool = False
    bias: str = ""
    group: str = ""


@dataclass(frozen=True)
class ForestPool:
    """What studies come to together; below the rows of its ``group``, or below all of them."""

    label: str
    estimate: float
    low: float
    high: float
    prediction: tuple[float, float] | None = None
    text: str = ""
    group: str = ""


@dataclass(frozen=True)
class Forest:
    """All that stands in a forest plot; ``mid`` are the smallest differences that matter, ``log`` is for ratios.

    ``is_mid_recalled`` marks the smallest difference as recalled.
    """

    title: str
    subtitle: str
    rows: Sequence[ForestRow]
    pools: Sequence[ForestPool] = ()
    log: bool = False
    null: float = 0.0
    left: str = "favours LDN"
    right: str = "favours placebo"
    axis: str = ""
    mid: tuple[float, ...] = ()
    is_mid_recalled: bool = False
    certainty: str = ""
    level: float = 0.95

    @property
    def has_axis(self) -> bool:
        """Whether there is anything to draw on an axis."""
        return any(row.estimate is not None for row in self.rows) or bool(self.pools)


@dataclass(frozen=True)
class Columns:
    """Where the columns stand, in pixels: label, detail, plot from left to right, effect, weight, bias."""

    detail: float
    left: float
    right: float
    effect: float
    weight: float
    bias: float

    @classmethod
    def fitting(cls, plot: Forest) -> Columns:
        """Columns as wide as what stands in them; the plot takes the rest.

        Examples
        --------
        >>> plot = Forest("Pain", "", [ForestRow("Younger 2013", estimate=-0.5)])
        >>> Columns.fitting(plot).left < 120
        True
        """
        gap = 14.0
        named = min(max([90.0, *(sheet.width(_label(row)) + 1 for row in plot.rows)]), 200.0)
        detailed = min(max([0.0, *(sheet.width(row.detail, SMALL) + 1 for row in plot.rows if row.detail)]), 150.0)
        bias = sheet.WIDTH - 10.0
        weight = (bias - 24) if any(row.bias for row in plot.rows) else float(sheet.WIDTH)
        ends = weight - (56 if any(row.weight is not None for row in plot.rows) else 0)
        effect = ends - sheet.width("−0.00 (−0.00 to −0.00)") - 4
        left = named + gap + (detailed + gap if detailed else 0)
        return cls(named + gap, left, effect - gap, effect, weight, bias)


@dataclass(frozen=True)
class Place:
    """One row of the picture: a heading, a study or a pool, and the middle of its first line."""

    what: str | ForestRow | ForestPool
    y: float
    label: list[str]
    detail: list[str]
    small: list[str]


def _label(row: ForestRow) -> str:
    return row.label + (" ‡" if row.recalled else "")


def laid_out(plot: Forest, columns: Columns) -> tuple[list[Place], float]:
    """All rows from the top, each as high as its longest column; and where they end.

    Examples
    --------
    >>> plot = Forest("Pain", "", [ForestRow("Younger 2013", "4.5 mg", -0.5, -0.9, -0.1)])
    >>> [place.label for place in laid_out(plot, Columns.fitting(plot))[0]]
    [['Younger 2013']]
    """
    places, y = [], 2.0 * STEP - 4
    for what in _order(plot):
        label, detail, small = _texts(what, columns)
        lines = [len(label) + len(small) * (not is_unusable(what)), len(detail)]
        if isinstance(what, ForestPool):
            lines += [2 if what.prediction else 1]
        elif is_unusable(what):
            lines += [len(small)]
        places.append(Place(what, y, label, detail, small))
        y += STEP + LINE * (max(lines) - 1) + (4 if isinstance(what, ForestPool) else 0)
    return places, y - STEP / 2 + 4


def _order(plot: Forest) -> Iterator[str | ForestRow | ForestPool]:
    groups = list(dict.fromkeys(row.group for row in plot.rows))
    rows = sorted(plot.rows, key=lambda row: groups.index(row.group))
    for group, members in groupby(rows, key=lambda row: row.group):
        if group:
            yield group
        yield from members
        yield from (pool for pool in plot.pools if group and pool.group == group)
    yield from (pool for pool in plot.pools if pool.group not in groups or not pool.group)


def is_unusable(what: object) -> bool:
    """Whether a row is a study without numbers that can be drawn.

    Examples
    --------
    >>> is_unusable(ForestRow("Bested 2023", note="no means reported"))
    True
    """
    return isinstance(what, ForestRow) and what.estimate is None


def _texts(what: str | ForestRow | ForestPool, columns: Columns) -> tuple[list[str], list[str], list[str]]:
    """Lines of the label, of the detail, and of the small text."""
    if isinstance(what, str):
        return [what], [], []
    named = columns.detail - 14
    if isinstance(what, ForestPool):
        room = columns.left - 14
        return wrapped(what.label, room), [], wrapped(what.text, room, SMALL)
    reason = sheet.WIDTH - columns.left - (40 if what.bias else 0)
    room = reason if is_unusable(what) else columns.left - 14
    detail = wrapped(what.detail, columns.left - columns.detail - 14, SMALL)
    return wrapped(_label(what), named), detail, wrapped(what.note, room, SMALL)
