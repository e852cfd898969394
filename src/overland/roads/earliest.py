"""Earliest arrival with closures: Dijkstra over flat arrays, compiled.

Waiting is allowed at every node, so leaving earlier never means arriving later (first in, first out), and
Dijkstra's algorithm is exact for time-dependent roads (Kaufman & Smith 1993).
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


@njit(cache=True, nogil=True)
def _entry(now: float, minutes: float, closed: Floats, start: int, end: int) -> float:
    """The earliest moment from ``now`` on at which a road can be entered and left again before it closes."""
    for i in range(start, end):
        if now + minutes <= closed[i, 0]:
            return now
        now = max(now, closed[i, 1])
    return now


@njit(cache=True, nogil=True)
def single_departure(
    source: int,
    depart: float,
    first: Ints,
    head: Ints,
    minutes: Floats,
    closed_first: Ints,
    closed: Floats,
    terminal: Bools,
) -> tuple[Floats, Ints]:
    """Earliest arrivals from one node at one moment.

    Returns
    -------
    arrival : float64 (nodes,)
        Minutes after the start of the case; infinity where there is no way.
    previous : int64 (nodes,)
        Node before, on the way; -1 at the source and where there is no way.
    """
    n = len(first) - 1
    arrival = np.full(n, np.inf)
    previous = np.full(n, -1, dtype=np.int64)
    done = np.zeros(n, dtype=np.bool_)
    heap_key = np.empty(len(head) + 1)
    heap_node = np.empty(len(head) + 1, dtype=np.int64)
    heap_key[0] = depart
    heap_node[0] = source
    size = 1
    arrival[source] = depart
    while size > 0:
        node = heap_node[0]
        size -= 1
        key, moved = heap_key[size], heap_node[size]
        i = 0
        while 2 * i + 1 < size:  # sift down
            child = 2 * i + 1
            if child + 1 < size and heap_key[child + 1] < heap_key[child]:
                child += 1
            if heap_key[child] >= key:
                break
            heap_key[i], heap_node[i] = heap_key[child], heap_node[child]
            i = child
        heap_key[i], heap_node[i] = key, moved
        if done[node]:
            continue
        done[node] = True
        if terminal[node] and node != source:
            continue
        for arc in range(first[node], first[node + 1]):
            to = head[arc]
            enter = _entry(arrival[node], minutes[arc], closed, closed_first[arc], closed_first[arc + 1])
            reached = enter + minutes[arc]
            if reached < arrival[to]:
                arrival[to] = reached
                previous[to] = node
                i = size
                size += 1
                while i > 0 and heap_key[(i - 1) // 2] > reached:  # sift up
                    heap_key[i], heap_node[i] = heap_key[(i - 1) // 2], heap_node[(i - 1) // 2]
                    i = (i - 1) // 2
                heap_key[i], heap_node[i] = reached, to
    return arrival, previous


@njit(cache=True, nogil=True)
def all_departures(
    source: int,
    steps: int,
    step_minutes: float,
    first: Ints,
    head: Ints,
    minutes: Floats,
    closed_first: Ints,
    closed: Floats,
    terminal: Bools,
) -> NDArray[np.int16]:
    """Travel steps from one node to all, for departures at every step; -1 where not within the horizon."""
    n = len(first) - 1
    result = np.full((steps, n), -1, dtype=np.int16)
    settled = 0.0  # from here on nothing changes any more
    for i in range(len(closed)):
        settled = max(settled, closed[i, 0])
        if closed[i, 1] < np.inf:
            settled = max(settled, closed[i, 1])
    arrival = np.empty(n)
    fresh = True
    for t in range(steps):
        depart = t * step_minutes
        if fresh:
            arrival, _ = single_departure(
                source, depart, first, head, minutes, closed_first, closed, terminal
            )
            base = depart
            fresh = depart < settled
        for node in range(n):
            if arrival[node] < np.inf:
                travel = int(np.ceil((arrival[node] - base) / step_minutes - 1e-9))
                if t + travel <= steps:
                    result[t, node] = travel
    return result
