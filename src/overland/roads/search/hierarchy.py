"""Fastest times and paths at once, on a network prepared beforehand, with closures that come and go.

A customizable contraction hierarchy (Dibbelt, Strasser & Wagner 2014). What takes long, an order of the nodes
and the shortcuts it needs, depends on how roads hang together only: :meth:`Hierarchy.of`, once for a network.
Times and closures come in afterwards, in a moment: :meth:`Hierarchy.customized`, :meth:`Metric.changed`. All
that a query looks at are the ancestors of its ends in the elimination tree.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numba import njit

from overland.roads.network import NEVER, Bools, Ints, Network, Nodes
from overland.roads.search.buckets import FARTHEST, open_millis
from overland.roads.search.customization import customize, recustomize, take_arcs, unpacked
from overland.roads.search.dissection import dissected
from overland.roads.search.fastest import Path, checked_nodes
from overland.roads.search.shortcuts import Shortcuts, subtree_sizes
from overland.roads.search.threads import shared, threads

_FEW = 25  # arcs: up to so many changes, following them is quicker than beginning again


@dataclass(frozen=True, slots=True, eq=False)
class Hierarchy:
    """What is prepared once for a network, whatever is open.

    Attributes
    ----------
    network : Network
    shortcuts : Shortcuts
    tail : int32 (links,)
        Lower rank of each link.
    way_order : int32 (arcs,)
        Arcs of the network in the order of their links and directions.
    """

    network: Network
    shortcuts: Shortcuts
    tail: Nodes
    way_order: Nodes

    @classmethod
    def of(cls, network: Network, order: Nodes | None = None) -> Hierarchy:
        """The hierarchy of a network: tens of seconds for a million nodes.

        ``order``, int32 (nodes,), is that of contraction; it is found by nested dissection if none is given.
        """
        if order is None:
            order = dissected(network)
        elif not np.array_equal(np.sort(order), np.arange(len(network))):
            raise ValueError(f"an order must have each of the network's {len(network)} nodes once")
        shortcuts = Shortcuts.of(network, order)
        return cls(
            network,
            shortcuts,
            np.repeat(np.arange(len(network), dtype=np.int32), np.diff(shortcuts.first)),
            np.argsort(shortcuts.way, kind="stable").astype(np.int32),
        )

    def customized(self, closed: Bools | None = None, millis: Nodes | None = None) -> Metric:
        """Times of all shortcuts where some arcs are closed (bool, one for each arc of the network).

        ``millis`` (int32, one for each arc) are times to use instead of the network's own.
        """
        network = self.network if millis is None else replace(self.network, millis=millis)
        millis, cut = open_millis(network, closed), self.shortcuts
        times = np.full((2, len(cut.head)), FARTHEST, dtype=np.int32)
        take_arcs(cut.way, millis, times)
        apart, together = _dealt(cut.parent)

        def work(ranks: Nodes) -> None:
            place = np.empty(len(cut), dtype=np.uint32)
            links = cut.first, cut.head, cut.low_first, cut.low, cut.low_link
            customize(ranks, *links, times[0], times[1], place)

        with ThreadPoolExecutor(threads(len(apart))) as pool:
            list(pool.map(work, apart))
        work(together)
        return Metric(self, millis, times)


@dataclass(frozen=True, slots=True, eq=False)
class Metric:
    """A hierarchy with times: answers queries.

    Attributes
    ----------
    hierarchy : Hierarchy
    millis : int32 (arcs,)
        Time of each arc; ``FARTHEST`` where it is closed.
    times : int32 (2, links)
        Time of each link up and down in rank; ``FARTHEST`` where there is none.
    """

    hierarchy: Hierarchy
    millis: Nodes
    times: Nodes

    def changed(self, closed: Bools | None, millis: Nodes | None = None) -> Metric:
        """The metric with these arcs closed and these times instead; a few changes are quickly followed."""
        network = self.hierarchy.network
        network = network if millis is None else replace(network, millis=millis)
        new, cut = open_millis(network, closed), self.hierarchy.shortcuts
        arcs = np.flatnonzero(new != self.millis)
        if len(arcs) > _FEW:
            return self.hierarchy.customized(closed, millis)
        times, ways = self.times.copy(), np.unique(cut.way[arcs])
        recustomize(
            ways[ways >= 0], self.hierarchy.way_order, cut.way, new, cut.first, cut.head, cut.low_first,
            cut.low, cut.low_link, self.hierarchy.tail, times,
        )  # fmt: skip
        return Metric(self.hierarchy, new, times)

    def times_between(self, sources: Sequence[int] | Ints, targets: Sequence[int] | Ints) -> Nodes:
        """Fastest times, int32 (sources, targets) ms; ``NEVER`` where there is no way.

        Every target leaves its times at its ancestors; sources gather them there (Knopp et al. 2007,
        "Computing many-to-many shortest paths using highway hierarchies").
        """
        cut, network = self.hierarchy.shortcuts, self.hierarchy.network
        start = cut.rank[checked_nodes(network, sources)]
        goal = cut.rank[checked_nodes(network, targets)]
        rank, target, time = self._left(goal)
        where, first = np.unique(rank, return_index=True)
        place = np.full(len(cut) + 1, -1, dtype=np.int32)
        place[where] = np.arange(len(where), dtype=np.int32)
        first = np.append(first, len(rank))
        result = np.full((len(start), len(goal)), FARTHEST, dtype=np.int32)

        def work(rows: range) -> None:
            reached = np.full(len(cut), FARTHEST, dtype=np.int32)
            for row in rows:
                _climb(start[row], cut.parent, cut.first, cut.head, self.times[0], reached, _NO_LINKS)
                _gather(start[row], cut.parent, reached, place, first, target, time, result[row])

        shared(work, len(start))
        result[result == FARTHEST] = NEVER
        return result

    def _left(self, goal: Nodes) -> tuple[Nodes, Nodes, Nodes]:
        """Ancestors of targets, ascending, with the number of the target and the time from there to it."""
        cut = self.hierarchy.shortcuts
        left: list[Nodes] = [np.zeros((3, 0), dtype=np.int32)] * len(goal)

        def work(rows: range) -> None:
            reached = np.full(len(cut), FARTHEST, dtype=np.int32)
            for row in rows:
                _climb(goal[row], cut.parent, cut.first, cut.head, self.times[1], reached, _NO_LINKS)
                left[row] = _emptied(goal[row], cut.parent, reached, row)

        shared(work, len(goal))
        rank, target, time = np.concatenate([np.zeros((3, 0), dtype=np.int32), *left], axis=1)
        order = np.argsort(rank, kind="stable")
        return rank[order], target[order], time[order]

    def fastest_path(self, source: int, target: int) -> Path | None:
        """The fastest path; None where there is no way."""
        cut, tail = self.hierarchy.shortcuts, self.hierarchy.tail
        ends = cut.rank[checked_nodes(self.hierarchy.network, [source, target])]
        reached = np.full((2, len(cut)), FARTHEST, dtype=np.int32)
        via = np.full((2, len(cut)), -1, dtype=np.int32)
        for side in (0, 1):
            _climb(ends[side], cut.parent, cut.first, cut.head, self.times[side], reached[side], via[side])
        both = reached[0].astype(np.int64) + reached[1]
        meet = int(both.argmin())
        if both[meet] >= FARTHEST:
            return None
        ways: list[int] = []
        for side in (0, 1):
            node = meet
            while node != ends[side]:
                ways.append(2 * int(via[side, node]) + side)
                node = int(tail[via[side, node]])
            if side == 0:
                ways.reverse()
        legs = [
            unpacked(
                way, self.hierarchy.way_order, cut.way, self.millis, cut.first, cut.head, cut.low_first,
                cut.low, cut.low_link, tail, self.times,
            )
            for way in ways
        ]  # fmt: skip
        return Path(np.concatenate([np.zeros(0, np.int32), *legs]), int(both[meet]))


def _dealt(parent: Nodes) -> tuple[list[Nodes], Nodes]:
    """Stretches of whole subtrees, for threads to deal with apart; the ranks that come after them all."""
    size = subtree_sizes(parent)
    share = len(parent) // (8 * threads(8)) + 1  # small enough for nobody to wait long for the others
    small = size <= share
    below, ends = np.flatnonzero(small).astype(np.int32), small & ~np.append(small, False)[parent]
    done = np.flatnonzero(ends[below]) + 1  # ranks up to the end of each subtree
    cuts = np.unique(done[np.searchsorted(done, np.arange(share, len(below), share))])
    return np.split(below, cuts), np.flatnonzero(~small).astype(np.int32)


_NO_LINKS = np.zeros(0, dtype=np.int32)


@njit(cache=True, nogil=True)
def _climb(rank: int, parent: Any, first: Any, head: Any, times: Any, reached: Any, via: Any) -> None:
    """Times from a rank to its ancestors by ascending links; ``via``, unless empty, receives the last one."""
    reached[rank] = 0
    node = rank
    while node >= 0:
        time = reached[node]
        if time < FARTHEST:
            for link in range(np.uint64(first[node]), np.uint64(first[node + 1])):
                to, then = np.uint32(head[link]), np.int32(time + times[link])
                if then < reached[to]:
                    reached[to] = then
                    if len(via) > 0:
                        via[to] = link
        node = parent[node]


@njit(cache=True, nogil=True)
def _emptied(rank: int, parent: Any, reached: Any, target: int) -> Any:
    """Rank, target and time of all ancestors reached, int32 (3, ancestors); forgets what was reached."""
    count, node = 0, rank
    while node >= 0:
        count += reached[node] < FARTHEST
        node = parent[node]
    rows = np.empty((3, count), dtype=np.int32)
    count, node = 0, rank
    while node >= 0:
        if reached[node] < FARTHEST:
            rows[0, count], rows[1, count], rows[2, count] = node, target, reached[node]
            count += 1
            reached[node] = FARTHEST
        node = parent[node]
    return rows


@njit(cache=True, nogil=True)
def _gather(
    rank: int, parent: Any, reached: Any, place: Any, first: Any, target: Any, time: Any, best: Any
) -> None:
    """Least sums of times to an ancestor and from there to each target; forgets what was reached."""
    node = rank
    while node >= 0:
        here = reached[node]
        if here < FARTHEST and place[node] >= 0:
            for i in range(first[place[node]], first[place[node] + 1]):
                over = np.int32(here + time[i])
                if over < best[target[i]]:
                    best[target[i]] = over
        reached[node] = FARTHEST
        node = parent[node]
