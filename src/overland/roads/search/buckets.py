"""Dijkstra's algorithm with buckets, compiled, on a network that stays as it is.

Labels wait in a ring of buckets by time (Dial 1969); a bucket is emptied last in, first out, and a node that
improves meanwhile is looked at again, so buckets may be wider than the shortest arc (Cherkassky, Goldberg &
Radzik 1996, "Shortest paths algorithms"). Times are exact. Three things make it quick: an arc's head and time
share one 64-bit word; indices are unsigned (Python's negative ones cost a test at each access); and no array
is made or named anew inside the search, which would make numba count references at every node. Together they
are worth a factor of four over a heap written without them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from overland.roads.network import Bools, Ints, Network, Nodes

Words = NDArray[np.uint64]
Counts = NDArray[np.uint32]

FARTHEST = 2**30 - 1
"""Milliseconds (12.4 days) from which on a drive counts as no way: two such times can be added in 32 bits."""

_MOST_BUCKETS = 1 << 16
_POOL = 1 << 14  # labels that a search has room for at first; it starts again with twice the room if need be


@dataclass(frozen=True, slots=True, eq=False)
class Graph:
    """Arcs packed for searching, in the direction of driving or against it.

    Attributes
    ----------
    first : uint32 (nodes + 1,)
        Arcs out of node ``i`` are ``first[i]`` … ``first[i + 1] - 1``.
    arc : uint64 (arcs,)
        Head in the low half, milliseconds in the high half; ``FARTHEST`` where it is closed.
    number : int32 (arcs,)
        Number of the arc in the network.
    shift : int
        A bucket holds times that agree but for this many bits.
    buckets : int
        A power of two; all labels waiting at any moment fit into one round.
    """

    first: Counts
    arc: Words
    number: Nodes
    shift: int
    buckets: int

    @classmethod
    def of(cls, network: Network, closed: Bools | None = None, *, backward: bool = False) -> Graph:
        """The arcs of a network to search forward or backward, but those closed (bool, one for each arc)."""
        millis = open_millis(network, closed)
        if not backward:
            return cls._packed(network.first, network.head, millis, np.arange(len(millis), dtype=np.int32))
        first = np.concatenate([[0], np.cumsum(np.bincount(network.head, minlength=len(network)))])
        number = _by_head(network.head, first.astype(np.int64))
        return cls._packed(first, tails(network)[number], millis[number], number)

    @classmethod
    def _packed(cls, first: Ints, head: Nodes, millis: Nodes, number: Nodes) -> Graph:
        passable = millis[millis < FARTHEST]
        longest, mean = (int(passable.max()), float(passable.mean())) if len(passable) else (0, 0.0)
        shift = max(int(mean / 8).bit_length(), (longest // (_MOST_BUCKETS // 2)).bit_length())
        return cls(
            first=first.astype(np.uint32),
            arc=(millis.astype(np.uint64) << np.uint64(32)) | head.astype(np.uint64),
            number=number,
            shift=shift,
            buckets=1 << ((longest >> shift) + 1).bit_length(),
        )

    def __len__(self) -> int:
        """Number of nodes."""
        return len(self.first) - 1


def open_millis(network: Network, closed: Bools | None = None) -> Nodes:
    """Time of each arc, int32 (arcs,): ``FARTHEST`` where it is closed, which no search ever passes."""
    if closed is not None and closed.shape != network.millis.shape:
        raise ValueError(f"closed is for {len(closed)} arcs; the network has {len(network.millis)}")
    millis = np.minimum(network.millis, FARTHEST).astype(np.int32)
    return millis if closed is None else np.where(closed, np.int32(FARTHEST), millis)


def tails(network: Network) -> Nodes:
    """Node that each arc leaves: int32 (arcs,)."""
    return np.repeat(np.arange(len(network), dtype=np.int32), np.diff(network.first))


class Search:
    """Searches of one thread, one after the other, in work arrays that they share."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self._wanted = np.zeros(len(graph), dtype=np.uint8)
        self._bucket = np.empty(graph.buckets, dtype=np.uint32)
        self._make_room(_POOL)

    def _make_room(self, labels: int) -> None:
        self._label = np.empty(labels, dtype=np.uint64)
        self._next = np.empty(labels, dtype=np.uint32)

    def run(
        self, source: int, targets: Nodes, reached: Nodes, before: Nodes | None = None, limit: int = FARTHEST
    ) -> None:
        """Write the times from a node to all others, int32 (nodes,), ``FARTHEST`` where it has found no way.

        Parameters
        ----------
        targets : int32
            The search may end when it has reached all of them; other times are then not sure. Empty: all.
        before : int32 (nodes,), optional
            Receives the number of the arc before each node on the way.
        limit : int
            Milliseconds beyond which times need not be sure.
        """
        graph = self._graph
        arrays = reached.view(np.uint32), np.empty(0, np.int32) if before is None else before
        while not _search(
            np.uint32(source), targets, np.uint32(limit), graph.first, graph.arc, graph.number,
            np.uint32(graph.shift), *arrays, self._wanted, self._bucket, self._label, self._next,
        ):  # fmt: skip
            self._make_room(2 * len(self._label))


@njit(cache=True, nogil=True)
def _search(
    source: Any, targets: Any, limit: Any, first: Any, arc: Any, number: Any, shift: Any,
    reached: Any, before: Any, wanted: Any, bucket: Any, label: Any, after: Any,
) -> bool:  # fmt: skip
    """Dijkstra with buckets; False if there was no room for a label.

    ``label[e]`` is time and node, ``after[e]`` the next label in the same bucket or in the list of free ones.
    Label 0 stands for none.
    """
    low, half, one = np.uint64(0xFFFFFFFF), np.uint64(32), np.uint32(1)
    mask, room, none = np.uint32(len(bucket) - 1), np.uint32(len(label)), np.uint32(0)
    tracing = len(before) > 0
    reached[:] = np.uint32(FARTHEST)
    bucket[:] = none
    missing = np.int64(0)
    for target in targets:
        missing += 1 - np.int64(wanted[target])
        wanted[target] = 1
    reached[source] = 0
    label[1], after[1], bucket[0] = np.uint64(source), none, one
    free, used, waiting, slot, now = none, np.uint32(2), 1, np.uint32(0), np.uint64(0)
    while waiting > 0 and (now << np.uint64(shift)) <= limit and (missing > 0 or len(targets) == 0):
        entry = bucket[slot]
        while entry != none:
            word = label[entry]
            bucket[slot] = after[entry]
            after[entry] = free
            free = entry
            waiting -= 1
            time, node = np.uint32(word >> half), np.uint32(word & low)
            if reached[node] == time:
                if missing > 0 and wanted[node]:
                    wanted[node] = 0
                    missing -= 1
                for a in range(first[node], first[np.uint32(node + one)]):
                    word = arc[a]
                    to, then = np.uint32(word & low), np.uint32(time + np.uint32(word >> half))
                    if then < reached[to]:
                        reached[to] = then
                        if tracing:
                            before[to] = number[a]
                        entry = free
                        if entry != none:
                            free = after[entry]
                        else:
                            if used == room:
                                wanted[:] = 0
                                return False
                            entry = used
                            used = np.uint32(used + one)
                        place = np.uint32((then >> shift) & mask)
                        label[entry] = (np.uint64(then) << half) | np.uint64(to)
                        after[entry] = bucket[place]
                        bucket[place] = entry
                        waiting += 1
            entry = bucket[slot]
        slot = np.uint32((slot + one) & mask)
        now += np.uint64(1)
    if missing > 0:
        wanted[:] = 0
    return True


@njit(cache=True, nogil=True)
def _by_head(head: Any, free: Any) -> Any:
    """Arcs in the order of their heads, int32 (arcs,): a counting sort; each head's begin at ``free``."""
    number = np.empty(len(head), dtype=np.int32)
    for arc in range(len(head)):
        number[free[head[arc]]] = arc
        free[head[arc]] += 1
    return number
