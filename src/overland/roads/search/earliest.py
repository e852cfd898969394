"""Earliest arrival with closures: Dijkstra over flat arrays, compiled.

A road may be entered only if it stays open until one has left it, so a closure never catches anybody on the
road: who would be caught waits at the node before it. Waiting is allowed at every node, so leaving earlier
never means arriving later (first in, first out), and Dijkstra's algorithm is exact for time-dependent roads
(Kaufman & Smith 1993).
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from overland.roads.search.graph import NOWHERE, RoadGraph

Ints = NDArray[np.int64]
Nodes = NDArray[np.int32]
Bools = NDArray[np.bool_]


@njit(cache=True, nogil=True, inline="always")
def entry(now: int, millis: int, closed: Ints, start: int, end: int) -> int:
    """The earliest moment from ``now`` on at which a road can be entered and left again before it closes."""
    for i in range(start, end):
        if now + millis <= closed[i, 0]:
            break
        now = max(now, closed[i, 1])
    return now


@njit(cache=True, nogil=True, inline="always")
def push(heap_key: Ints, heap_node: Nodes, size: int, key: int, node: int) -> int:
    """Put a node into a binary heap of some size; returns the size then."""
    i = size
    while i > 0 and heap_key[(i - 1) // 2] > key:
        heap_key[i], heap_node[i] = heap_key[(i - 1) // 2], heap_node[(i - 1) // 2]
        i = (i - 1) // 2
    heap_key[i], heap_node[i] = key, node
    return size + 1


@njit(cache=True, nogil=True, inline="always")
def drop_first(heap_key: Ints, heap_node: Nodes, size: int) -> int:
    """Take the first node out of a heap; returns the size then."""
    size -= 1
    key, moved = heap_key[size], heap_node[size]
    i = 0
    while 2 * i + 1 < size:
        child = 2 * i + 1
        if child + 1 < size and heap_key[child + 1] < heap_key[child]:
            child += 1
        if heap_key[child] >= key:
            break
        heap_key[i], heap_node[i] = heap_key[child], heap_node[child]
        i = child
    heap_key[i], heap_node[i] = key, moved
    return size


@njit(cache=True, nogil=True)
def single_departure(
    source: int, depart: int, graph: RoadGraph, wanted: Bools
) -> tuple[Ints, Nodes, Bools, int]:
    """Earliest arrivals from one node at one moment.

    Parameters
    ----------
    source, depart
        Node, and moment in milliseconds after the start.
    wanted : bool (nodes,)
        The search ends as soon as these are reached.

    Returns
    -------
    arrival : int64 (nodes,)
        Milliseconds after the start; ``NOWHERE`` where there is no way. Final for the nodes in ``settled``.
    via : int32 (nodes,)
        Arc by which a node is reached; -1 at the source and where there is no way.
    settled : bool (nodes,)
        All nodes reached before the search ended.
    last : int
        Arrival at the last of them.
    """
    first, head, millis, segment = graph.first, graph.head, graph.millis, graph.segment
    closed_first, closed, terminal = graph.closed_first, graph.closed, graph.terminal
    n = len(first) - 1
    arrival = np.full(n, NOWHERE, dtype=np.int64)
    via = np.full(n, -1, dtype=np.int32)
    settled = np.zeros(n, dtype=np.bool_)
    heap_key = np.empty(len(head) + 1, dtype=np.int64)
    heap_node = np.empty(len(head) + 1, dtype=np.int32)
    heap_key[0], heap_node[0] = depart, source
    size, missing, last = 1, wanted.sum(), depart
    arrival[source] = depart
    while size > 0 and missing > 0:
        node = heap_node[0]
        size = drop_first(heap_key, heap_node, size)
        if settled[node]:
            continue
        settled[node], last = True, arrival[node]
        if wanted[node]:
            missing -= 1
        if terminal[node] and node != source:
            continue
        for arc in range(first[node], first[node + 1]):
            to, road = head[arc], segment[arc]
            enter = entry(last, millis[arc], closed, closed_first[road], closed_first[road + 1])
            reached = enter + millis[arc]
            if enter < NOWHERE and reached < arrival[to]:
                arrival[to], via[to] = reached, arc
                size = push(heap_key, heap_node, size, reached, to)
    return arrival, via, settled, last


def arcs_of_way(graph: RoadGraph, via: Nodes, source: int, target: int) -> Ints:
    """Arcs from a source to a node it reaches, in order: int64 (arcs,)."""
    arcs, node = [], target
    while node != source:
        arc = int(via[node])
        arcs.append(arc)
        node = int(np.searchsorted(graph.first, arc, side="right")) - 1
    return np.array(arcs[::-1], dtype=np.int64)
