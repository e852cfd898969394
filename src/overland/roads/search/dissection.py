"""Nested dissection of a network by inertial flow: an order of its nodes for a contraction hierarchy.

A cell of nodes is cut in two by few nodes between its first and last quarter along a line (Schild & Sommer
2015, "On balanced separators in road networks"), each part is cut in turn, and what cuts a cell stands after
all that it parts (George 1973). The fewest roads between the quarters are found as a flow (Dinic 1970).
"""

from __future__ import annotations

from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from overland.roads.network import Floats, Ints, Network, Nodes
from overland.roads.search.threads import threads

_WHOLE = 30_000  # nodes: a cell no larger is dissected to the end in one go, larger ones are shared out
_QUARTER = 0.25  # of a cell's nodes that stay on either side of a cut at least
_LEAF = 6  # nodes of a cell that is left as it is


@dataclass(frozen=True, slots=True, eq=False)
class Neighbours:
    """Who is next to whom, without directions, loops or parallel roads.

    Attributes
    ----------
    first : int64 (nodes + 1,)
    head : int32 (links,)
        Neighbours of node ``i``, ascending: ``first[i]`` … ``first[i + 1] - 1``.
    back : int32 (links,)
        Number of the same link seen from the other end.
    """

    first: Ints
    head: Nodes
    back: Nodes

    @classmethod
    def of(cls, first: Ints, head: Nodes) -> Neighbours:
        """Those of a network's arcs."""
        count = len(first) - 1
        tail = np.repeat(np.arange(count, dtype=np.int64), np.diff(first))
        low, high = np.minimum(tail, head), np.maximum(tail, head)
        pairs = np.unique((low * count + high)[low != high])
        low, high = pairs // max(count, 1), pairs % max(count, 1)
        tails, heads = np.concatenate([low, high]), np.concatenate([high, low])
        order = np.argsort(tails * count + heads, kind="stable")
        place = np.empty(len(order), dtype=np.int32)
        place[order] = np.arange(len(order), dtype=np.int32)
        twin = np.concatenate([place[len(pairs) :], place[: len(pairs)]])
        starts = np.concatenate([[0], np.cumsum(np.bincount(tails, minlength=count))])
        return cls(starts.astype(np.int64), heads[order].astype(np.int32), twin[order])


def dissected(network: Network) -> Nodes:
    """Nodes in the order in which to contract them: int32 (nodes,)."""
    count, near = len(network), Neighbours.of(network.first, network.head)
    stretch = np.cos(np.radians(network.latitude.mean())) if count else 1.0
    order = np.arange(count, dtype=np.int32)
    state = _State.of(near, network.longitude * stretch, network.latitude)
    with ThreadPoolExecutor(threads(count)) as pool:
        waiting: set[Future[list[tuple[int, int]]]] = {pool.submit(_dissect, order, 0, count, state)}
        while waiting:
            done, waiting = wait(waiting, return_when=FIRST_COMPLETED)
            for cells in done:
                waiting |= {pool.submit(_dissect, order, *cell, state) for cell in cells.result()}
    return order


@dataclass(frozen=True, slots=True, eq=False)
class _State:
    """What all cells share; each touches only what belongs to its own nodes."""

    near: Neighbours
    x: Floats
    y: Floats
    cell: Nodes  # of each node: where its cell begins in the order; -1 once it is in a cut
    side: NDArray[np.int8]
    level: Nodes
    cursor: Nodes
    flow: NDArray[np.int8]

    @classmethod
    def of(cls, near: Neighbours, x: Floats, y: Floats) -> _State:
        n = len(x)
        zeros = np.zeros(n, np.int8), np.zeros(n, np.int32), np.zeros(n, np.int32)
        return cls(near, x, y, np.zeros(n, np.int32), *zeros, np.zeros(len(near.head), np.int8))

    def arrays(self) -> tuple[NDArray[Any], ...]:
        """As kernels take them."""
        links = self.near.first, self.near.head, self.near.back
        return *links, self.x, self.y, self.cell, self.side, self.level, self.cursor, self.flow


def _dissect(order: Nodes, start: int, end: int, state: _State) -> list[tuple[int, int]]:
    """Dissect a cell, to the end if it is small, else once; returns the cells still to do."""
    if end - start <= _WHOLE:
        _dissect_whole(order, start, end, *state.arrays())
        return []
    middle, cut = _bisect(order, start, end, *state.arrays())
    return [(start, middle), (middle, cut)]


@njit(cache=True, nogil=True)
def _dissect_whole(
    order: Any, start: int, end: int, first: Any, head: Any, back: Any, x: Any, y: Any,
    cell: Any, side: Any, level: Any, cursor: Any, flow: Any,
) -> None:  # fmt: skip
    stack = [(start, end)]
    while len(stack) > 0:
        low, high = stack.pop()
        if high - low <= _LEAF:
            continue
        middle, cut = _bisect(order, low, high, first, head, back, x, y, cell, side, level, cursor, flow)
        stack.append((low, middle))
        stack.append((middle, cut))


@njit(cache=True, nogil=True)
def _bisect(
    order: Any, start: int, end: int, first: Any, head: Any, back: Any, x: Any, y: Any,
    cell: Any, side: Any, level: Any, cursor: Any, flow: Any,
) -> tuple[int, int]:  # fmt: skip
    """Cut the cell ``order[start:end]``: returns where its second part and, after it, the cut begin."""
    nodes = order[start:end].copy()
    count = end - start
    ranked = np.argsort(_along(nodes, x, y))
    quarter = max(1, int(count * _QUARTER))
    for i in range(count):
        node = nodes[ranked[i]]
        side[node] = 1 if i < quarter else (2 if i >= count - quarter else 0)
        for a in range(first[node], first[node + 1]):
            flow[a] = 0
    sources = _edge(nodes, start, first, head, cell, side)
    queue = np.empty(count, dtype=np.int32)
    trail = np.empty(count + 1, dtype=np.int32)
    while _levels(nodes, sources, start, first, head, cell, side, level, cursor, flow, queue):
        _block(sources, start, first, head, back, cell, side, level, cursor, flow, trail)
    return _parted(order, start, nodes, first, head, cell, side, level)


@njit(cache=True, nogil=True)
def _edge(nodes: Any, label: int, first: Any, head: Any, cell: Any, side: Any) -> Any:
    """Those of the first quarter from which flow can leave it."""
    edge = [np.int32(0) for _ in range(0)]
    for node in nodes:
        if side[node] == 1:
            for a in range(first[node], first[node + 1]):
                if cell[head[a]] == label and side[head[a]] != 1:
                    edge.append(node)
                    break
    return np.array(edge, dtype=np.int32)


@njit(cache=True, nogil=True)
def _along(nodes: Any, x: Any, y: Any) -> Any:
    """How far nodes lie along that one of four lines on which they lie farthest apart: float64 (nodes,)."""
    best = np.zeros(len(nodes))
    widest = -1.0
    for line in range(4):
        a, b = ((1.0, 0.0), (0.0, 1.0), (0.70710678, 0.70710678), (0.70710678, -0.70710678))[line]
        low, high = np.inf, -np.inf
        for node in nodes:
            at = a * x[node] + b * y[node]
            low, high = min(low, at), max(high, at)
        if high - low > widest * (1.0 if line < 2 else 1.05):  # a square is wider across its corners
            widest = high - low
            for i in range(len(nodes)):
                best[i] = a * x[nodes[i]] + b * y[nodes[i]]
    return best


@njit(cache=True, nogil=True)
def _levels(
    nodes: Any, sources: Any, label: int, first: Any, head: Any, cell: Any, side: Any,
    level: Any, cursor: Any, flow: Any, queue: Any,
) -> bool:  # fmt: skip
    """Set each node's ``level``: links from the first quarter where flow can pass, -1 where it cannot.

    Returns whether the last quarter was reached.
    """
    for node in nodes:
        level[node] = 0 if side[node] == 1 else -1
        cursor[node] = 0
    size = len(sources)
    queue[:size] = sources
    i, reached = 0, 1 << 30
    while i < size:
        node = queue[i]
        i += 1
        if level[node] >= reached:
            break
        for a in range(first[node], first[node + 1]):
            to = head[a]
            if cell[to] == label and level[to] < 0 and flow[a] < 1:
                level[to] = level[node] + 1
                if side[to] == 2:
                    reached = level[to]
                else:
                    queue[size] = to
                    size += 1
    return reached < 1 << 30


@njit(cache=True, nogil=True)
def _block(
    sources: Any, label: int, first: Any, head: Any, back: Any, cell: Any, side: Any,
    level: Any, cursor: Any, flow: Any, trail: Any,
) -> None:  # fmt: skip
    """Send flow along ways of ascending level until every such way is full."""
    for source in sources:
        while True:
            node, length = source, 0
            while side[node] != 2:
                a = first[node] + cursor[node]
                if a == first[node + 1]:
                    if length == 0:
                        break
                    length -= 1
                    node = head[back[trail[length]]]
                    cursor[node] += 1
                    continue
                to = head[a]
                if cell[to] == label and flow[a] < 1 and level[to] == level[node] + 1:
                    trail[length] = a
                    length += 1
                    node = to
                else:
                    cursor[node] += 1
            if side[node] != 2:
                break
            for k in range(length):
                flow[trail[k]] += 1
                flow[back[trail[k]]] -= 1


@njit(cache=True, nogil=True)
def _parted(
    order: Any, start: int, nodes: Any, first: Any, head: Any, cell: Any, side: Any, level: Any
) -> tuple[int, int]:
    """Order a cell by what the flow has reached: those within, those without, and the nodes of the cut."""
    ends = np.zeros(2, dtype=np.int64)
    for node in nodes:
        within = level[node] >= 0
        side[node] = 1 if within else 0
        for a in range(first[node], first[node + 1]):
            to = head[a]
            if cell[to] == start and (level[to] >= 0) != within:
                side[node] += 2
                ends[1 if within else 0] += 1
                break
    chosen = 3 if ends[1] <= ends[0] else 2
    at = start
    for part in (1, 0):
        middle = at
        for node in nodes:
            if side[node] != chosen and side[node] % 2 == part:
                order[at] = node
                cell[node] = middle
                at += 1
        if part == 1:
            between = at
    cut = at
    for node in nodes:
        if side[node] == chosen:
            order[at] = node
            cell[node] = -1
            at += 1
    return between, cut
