"""The linear system of a step, solved symbolically: block-triangular order, then sparse LU inside each block.

States that do not feed back on each other lie in different blocks; only what is inside a block is eliminated, so the
entries between blocks enter the solution as they are (Davis & Palamadai Natarajan 2010, doi:10.1145/1824801.1824814).
Inside a block the pivot with the least fill is taken next (Markowitz 1957); pivots stay on the diagonal, where a small
enough step makes them large.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lowdose.engine.native.graph import Graph, Node

__all__ = ["Factors", "blocks", "factorise"]

Matrix = dict[tuple[int, int], Node]


@dataclass(frozen=True, slots=True)
class Factors:
    """A matrix ready to solve with.

    Attributes
    ----------
    order : tuple of int
        The pivots, first to last.
    block : tuple of int
        Number of each row's block.
    entries : dict
        Inside a block the entries of L (below, unit diagonal) and U (above), elsewhere those of the matrix.
    inverse : dict of int to Node
        One over each pivot.
    """

    order: tuple[int, ...]
    block: tuple[int, ...]
    entries: Matrix
    inverse: dict[int, Node]

    def solve(self, graph: Graph, right: Sequence[Node]) -> list[Node]:
        """Nodes of the solution x of A x = ``right``."""
        place = {row: position for position, row in enumerate(self.order)}
        rows: dict[int, list[int]] = {row: [] for row in self.order}
        for row, column in self.entries:
            rows[row].append(column)
        solution: dict[int, Node] = {}
        for block in _runs(self.order, self.block):
            inside = set(block)
            partial: dict[int, Node] = {}
            for row in block:
                value = right[row]
                for column in sorted(rows[row], key=place.__getitem__):
                    if column not in inside:
                        value = graph.subtract(value, graph.multiply(self.entries[row, column], solution[column]))
                    elif place[column] < place[row]:
                        value = graph.subtract(value, graph.multiply(self.entries[row, column], partial[column]))
                partial[row] = value
            for row in reversed(block):
                value = partial[row]
                for column in sorted(rows[row], key=place.__getitem__, reverse=True):
                    if column in inside and place[column] > place[row]:
                        value = graph.subtract(value, graph.multiply(self.entries[row, column], solution[column]))
                solution[row] = graph.multiply(value, self.inverse[row])
        return [solution[row] for row in range(len(right))]


def factorise(graph: Graph, size: int, matrix: Mapping[tuple[int, int], Node]) -> Factors:
    """Factorise a sparse matrix whose diagonal is full.

    Examples
    --------
    >>> graph = Graph()
    >>> entries = {(0, 0): graph.input("given", 0), (1, 1): graph.input("given", 1), (1, 0): graph.input("given", 2)}
    >>> factorise(graph, 2, entries).order
    (0, 1)
    """
    entries: Matrix = dict(matrix)
    inverse: dict[int, Node] = {}
    order: list[int] = []
    number = [0] * size
    for count, block in enumerate(blocks(size, entries)):
        for row in block:
            number[row] = count
        order += _eliminate(graph, block, entries, inverse)
    return Factors(tuple(order), tuple(number), {k: v for k, v in entries.items() if k[0] != k[1]}, inverse)


def _eliminate(graph: Graph, block: Sequence[int], entries: Matrix, inverse: dict[int, Node]) -> list[int]:
    """LU inside one block, in place; the pivots in their order."""
    left = set(block)
    order = []
    while left:
        below = {c: [r for r in sorted(left) if r != c and (r, c) in entries] for c in left}
        right = {r: [c for c in sorted(left) if c != r and (r, c) in entries] for r in left}
        pivot = min(sorted(left), key=lambda p: (len(below[p]) * len(right[p]), len(below[p]) + len(right[p])))
        inverse[pivot] = graph.pivot(entries[pivot, pivot])
        for row in below[pivot]:
            share = entries[row, pivot] = graph.multiply(entries[row, pivot], inverse[pivot])
            for column in right[pivot]:
                old = entries.get((row, column), graph.number(0.0))
                entries[row, column] = graph.subtract(old, graph.multiply(share, entries[pivot, column]))
        left.remove(pivot)
        order.append(pivot)
    return order


def blocks(size: int, pattern: Mapping[tuple[int, int], object]) -> list[list[int]]:
    """Rows that feed back on each other, each block after those it needs (Tarjan 1972, without recursion).

    Examples
    --------
    >>> blocks(3, {(0, 1): "", (1, 0): "", (0, 2): ""})
    [[2], [0, 1]]
    """
    uses: list[list[int]] = [[] for _ in range(size)]
    for row, column in sorted(pattern):
        if row != column:
            uses[row].append(column)
    index: dict[int, int] = {}
    low: dict[int, int] = {}
    stack: list[int] = []
    waiting: set[int] = set()
    found: list[list[int]] = []
    for root in range(size):
        if root in index:
            continue
        path = [(root, iter(uses[root]))]
        index[root] = low[root] = len(index)
        stack.append(root)
        waiting.add(root)
        while path:
            row, rest = path[-1]
            for column in rest:
                if column not in index:
                    index[column] = low[column] = len(index)
                    stack.append(column)
                    waiting.add(column)
                    path.append((column, iter(uses[column])))
                    break
                if column in waiting:
                    low[row] = min(low[row], index[column])
            else:
                path.pop()
                if path:
                    low[path[-1][0]] = min(low[path[-1][0]], low[row])
                if low[row] == index[row]:
                    block: list[int] = []
                    while not block or block[-1] != row:
                        block.append(stack.pop())
                        waiting.discard(block[-1])
                    found.append(sorted(block))
    return found


def _runs(order: Sequence[int], block: Sequence[int]) -> list[list[int]]:
    runs: list[list[int]] = []
    for row in order:
        if runs and block[runs[-1][0]] == block[row]:
            runs[-1].append(row)
        else:
            runs.append([row])
    return runs
