"""Times of a hierarchy's shortcuts from times of roads: all of them, or those that some closures change.

A link between two ranks carries two times, up and down in rank. They are exact minima over the arcs between
its ends and over all ways through lower ranks; a link's time is final once those of both sides of each
triangle below it are (Dibbelt, Strasser & Wagner 2014, "Customizable contraction hierarchies").
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

from overland.roads.search.buckets import FARTHEST
from overland.roads.search.shortcuts import link_between


@njit(cache=True, nogil=True)
def take_arcs(way: Any, millis: Any, times: Any) -> None:
    """Start from the arcs: ``times`` (links, 2), all ``FARTHEST`` before."""
    for arc in range(len(way)):
        if way[arc] >= 0:
            link, down = way[arc] >> 1, way[arc] & 1
            times[down, link] = min(times[down, link], millis[arc])


@njit(cache=True, nogil=True)
def customize(
    ranks: Any, first: Any, head: Any, low_first: Any, low: Any, low_link: Any, up: Any, down: Any, place: Any
) -> None:
    """Make final the links out of some ranks, ascending, of which all earlier neighbours are final.

    ``place`` is work space, uint32 (nodes,). Links that a rank and an earlier neighbour have in common are
    often all links of the rank: then both stand in the same order and are compared without a look-up.
    """
    one = np.uint64(1)
    for rank in ranks:
        start, end = np.uint64(first[rank]), np.uint64(first[rank + 1])
        for link in range(start, end):
            place[np.uint32(head[link])] = np.uint32(link)
        for i in range(np.uint64(low_first[rank]), np.uint64(low_first[rank + 1])):
            below = np.uint64(low_link[i])
            towards, away = down[below], up[below]
            if towards >= FARTHEST and away >= FARTHEST:
                continue
            begin, stop = np.uint64(below + one), np.uint64(first[np.uint64(low[i]) + one])
            if stop - begin == end - start:
                for k in range(np.uint64(end - start)):
                    over = np.int32(towards + up[begin + k])
                    up[start + k] = min(up[start + k], over)
                for k in range(np.uint64(end - start)):
                    over = np.int32(away + down[begin + k])
                    down[start + k] = min(down[start + k], over)
            else:
                for other in range(begin, stop):
                    link = place[np.uint32(head[other])]
                    up[link] = min(up[link], np.int32(towards + up[other]))
                    down[link] = min(down[link], np.int32(away + down[other]))


@njit(cache=True, nogil=True)
def recustomize(
    ways: Any, way_order: Any, way: Any, millis: Any, first: Any, head: Any, low_first: Any, low: Any,
    low_link: Any, tail: Any, times: Any,
) -> int:  # fmt: skip
    """Make final again all links that depend on some ways (twice the link, and one for down), sorted.

    Returns how many times were looked at. Links are dealt with in the order of their numbers, so that
    whatever a link depends on is final before it.
    """
    heap: Any = [np.int64(w) for w in ways]  # sorted, hence a heap
    looked, last = 0, -1
    while len(heap) > 0:
        this = _pop(heap)
        if this == last:
            continue
        last = this
        looked += 1
        link, side = this >> 1, this & 1
        before = times[side, link]
        now = _time(this, way_order, way, millis, first, head, low_first, low, low_link, tail, times)
        if now == before:
            continue
        times[side, link] = now
        end, node = head[link], tail[link]
        for other in range(first[node], first[node + 1]):
            across = head[other]
            if across == end or times[1 - side, other] >= FARTHEST:
                continue
            above = link_between(min(across, end), max(across, end), first, head)
            # up: across → node → end; down: end → node → across
            direction = 0 if (across < end) == (side == 0) else 1
            old, beside = times[direction, above], times[1 - side, other]
            if old == before + beside or now + beside < old:
                _push(heap, 2 * np.int64(above) + direction)
    return looked


@njit(cache=True, nogil=True)
def _time(
    this: int, way_order: Any, way: Any, millis: Any, first: Any, head: Any, low_first: Any, low: Any,
    low_link: Any, tail: Any, times: Any,
) -> int:  # fmt: skip
    """Time of one link in one direction, from arcs and lower triangles."""
    link, side = this >> 1, this & 1
    best = FARTHEST
    for i in range(_first_arc(this, way_order, way), len(way_order)):
        if way[way_order[i]] != this:
            break
        best = min(best, int(millis[way_order[i]]))
    start, end = tail[link], head[link]
    for i in range(low_first[start], low_first[start + 1]):
        near = times[1 - side, low_link[i]]
        if near < best:
            far = link_between(low[i], end, first, head)
            if far >= 0:
                best = min(best, int(near) + int(times[side, far]))
    return best


@njit(cache=True, nogil=True)
def _first_arc(this: int, way_order: Any, way: Any) -> int:
    """Where the arcs of a link and direction begin among all, ordered by them."""
    start, end = 0, len(way_order)
    while start < end:
        middle = (start + end) // 2
        if way[way_order[middle]] < this:
            start = middle + 1
        else:
            end = middle
    return start


@njit(cache=True, nogil=True)
def unpacked(
    this: int, way_order: Any, way: Any, millis: Any, first: Any, head: Any, low_first: Any, low: Any,
    low_link: Any, tail: Any, times: Any,
) -> Any:  # fmt: skip
    """Arcs of the network, in order, that one link stands for in one direction."""
    arcs: Any = [np.int32(0) for _ in range(0)]
    stack: Any = [np.int64(this)]
    while len(stack) > 0:
        way_here = stack.pop()
        link, side = way_here >> 1, way_here & 1
        time, found = times[side, link], False
        for i in range(_first_arc(way_here, way_order, way), len(way_order)):
            if way[way_order[i]] != way_here:
                break
            if millis[way_order[i]] == time:
                arcs.append(np.int32(way_order[i]))
                found = True
                break
        i = low_first[tail[link]]
        while not found:
            near, far = 2 * int(low_link[i]), link_between(low[i], head[link], first, head)
            if far >= 0 and int(times[1 - side, near // 2]) + int(times[side, far]) == time:
                # up: tail → low → head, so the last pushed, done first, is the link from the tail
                legs = (near + 1, 2 * far) if side == 0 else (2 * far + 1, near)
                stack.append(legs[1])
                stack.append(legs[0])
                found = True
            i += 1
    return np.array(arcs, dtype=np.int32)


@njit(cache=True, nogil=True)
def _push(heap: Any, value: Any) -> None:
    heap.append(value)
    i = len(heap) - 1
    while i > 0 and heap[(i - 1) // 2] > value:
        heap[i] = heap[(i - 1) // 2]
        i = (i - 1) // 2
    heap[i] = value


@njit(cache=True, nogil=True)
def _pop(heap: Any) -> int:
    top, last = heap[0], heap.pop()
    if len(heap) > 0:
        i = 0
        while 2 * i + 1 < len(heap):
            child = 2 * i + 1
            if child + 1 < len(heap) and heap[child + 1] < heap[child]:
                child += 1
            if heap[child] >= last:
                break
            heap[i] = heap[child]
            i = child
        heap[i] = last
    return top
