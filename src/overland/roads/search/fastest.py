"""Fastest times and paths on a network that stays as it is: from nodes to all, between some, and along roads.

Searches are those of :mod:`overland.roads.search.buckets`: one for each node of the smaller side, shared
among threads. Where the same network is asked again and again, :mod:`overland.roads.search.hierarchy`
prepares it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numba import njit

from overland.roads.network import NEVER, Bools, Ints, Network, Nodes
from overland.roads.search.buckets import FARTHEST, Graph, Search, tails
from overland.roads.search.threads import shared


@dataclass(frozen=True, slots=True, eq=False)
class Path:
    """A way through a network: the numbers of its arcs, int32 (arcs,), and its time in milliseconds.

    ``network.segment[path.arcs]`` and ``network.forward[path.arcs]`` say which roads it drives along.
    """

    arcs: Nodes
    millis: int


def times_to_all(
    network: Network, sources: Sequence[int] | Ints, closed: Bools | None = None, *, backward: bool = False
) -> Nodes:
    """Fastest times from some nodes to all (from all to them, if backward): int32 (sources, nodes) ms.

    ``NEVER`` where there is no way. ``closed`` (bool, one for each arc) are arcs that cannot be used.
    """
    graph, start = Graph.of(network, closed, backward=backward), checked_nodes(network, sources)
    times = np.empty((len(start), len(network)), dtype=np.int32)
    nobody = np.zeros(0, dtype=np.int32)

    def work(rows: range) -> None:
        search = Search(graph)
        for row in rows:
            search.run(int(start[row]), nobody, times[row])
            _say_never(times[row])

    shared(work, len(start))
    return times


def times_between(
    network: Network,
    sources: Sequence[int] | Ints,
    targets: Sequence[int] | Ints,
    closed: Bools | None = None,
) -> Nodes:
    """Fastest times from some nodes to some others: int32 (sources, targets) ms, ``NEVER`` for no way.

    Searches start from the side with fewer nodes and end when the other side is reached.
    """
    start, goal = checked_nodes(network, sources), checked_nodes(network, targets)
    backward = len(goal) < len(start)
    graph = Graph.of(network, closed, backward=backward)
    if backward:
        start, goal = goal, start
    times = np.empty((len(start), len(goal)), dtype=np.int32)

    def work(rows: range) -> None:
        search = Search(graph)
        reached = np.empty(len(graph), dtype=np.int32)
        for row in rows:
            search.run(int(start[row]), goal, reached)
            times[row] = reached[goal]
            _say_never(times[row])

    shared(work, len(start))
    return np.ascontiguousarray(times.T) if backward else times


def fastest_paths(
    network: Network, source: int, targets: Sequence[int] | Ints, closed: Bools | None = None
) -> list[Path | None]:
    """The fastest path from one node to each of some others; None where there is no way."""
    start, goal = int(checked_nodes(network, [source])[0]), checked_nodes(network, targets)
    reached = np.empty(len(network), dtype=np.int32)
    before = np.full(len(network), -1, dtype=np.int32)
    Search(Graph.of(network, closed)).run(start, goal, reached, before)
    tail = tails(network)
    return [
        None
        if reached[node] == FARTHEST
        else Path(trail(node, start, before, tail)[::-1].copy(), int(reached[node]))
        for node in goal
    ]


def checked_nodes(network: Network, nodes: Sequence[int] | Ints) -> Nodes:
    """Numbers of nodes as kernels take them: these do not notice when they leave an array."""
    numbers = np.asarray(nodes, dtype=np.int64).reshape(-1)
    wrong = numbers[(numbers < 0) | (numbers >= len(network))]
    if len(wrong):
        raise ValueError(f"there is no node {wrong[0]}: the network has {len(network)} nodes, from 0 on")
    return numbers.astype(np.int32)


@njit(cache=True, nogil=True)
def _say_never(times: Any) -> None:
    """Replace what stands for no way inside searches by what does outside."""
    for i in range(len(times)):
        if times[i] == FARTHEST:
            times[i] = NEVER


@njit(cache=True, nogil=True)
def trail(node: int, stop: int, before: Any, end: Any) -> Any:
    """Arcs from a node by ``before`` of each to its ``end``, until a node is reached: int32 (arcs,)."""
    count, at = 0, node
    while at != stop:
        at = end[before[at]]
        count += 1
    arcs, at = np.empty(count, dtype=np.int32), node
    for i in range(count):
        arcs[i] = before[at]
        at = end[arcs[i]]
    return arcs
