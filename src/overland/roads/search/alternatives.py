"""Other good ways: paths that differ from the fastest, take little longer and nowhere make a needless detour.

An alternative drives by a via node: fastest to it, fastest on from it (Abraham, Delling, Goldberg & Werneck
2013, "Alternative routes in road networks"). Candidates are plateaus: stretches that the trees of fastest
paths from the source and to the target have in common. A part of the path lies in one of the two trees, hence
is itself a fastest path, unless it reaches beyond its plateau at both ends; so no detour is shorter than the
plateau and the arcs before and after it, and there is none to test for.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numba import njit

from overland.roads.network import Bools, Network, Nodes
from overland.roads.search.buckets import FARTHEST, Graph, Search, tails
from overland.roads.search.fastest import Path, checked_nodes, trail

_NOBODY = np.zeros(0, dtype=np.int32)


@dataclass(frozen=True, slots=True)
class Limits:
    """What makes a path an alternative; times relative to that of the fastest path.

    Attributes
    ----------
    shared : float
        Most time on arcs of the fastest path or of an alternative chosen before.
    stretch : float
        Most time; also of what differs from those paths, relative to what it replaces.
    local : float
        Parts up to this time are fastest paths between their ends.
    """

    shared: float = 0.65
    stretch: float = 1.3
    local: float = 0.2


class Alternatives:
    """Finds alternatives on a network where some arcs are closed (bool, one for each arc)."""

    def __init__(self, network: Network, closed: Bools | None = None) -> None:
        self._network = network
        self._tail = tails(network)
        self._forward = Search(Graph.of(network, closed))
        self._backward = Search(Graph.of(network, closed, backward=True))
        self._reached = np.empty((2, len(network)), dtype=np.int32)
        self._before = np.full((2, len(network)), -1, dtype=np.int32)

    def between(self, source: int, target: int, count: int = 3, limits: Limits | None = None) -> list[Path]:
        """The fastest path and up to ``count`` alternatives, best first; empty where there is no way."""
        start, goal = (int(n) for n in checked_nodes(self._network, [source, target]))
        limits = limits or Limits()
        there, back = self._reached
        self._forward.run(start, np.array([goal], dtype=np.int32), there, self._before[0])
        if there[goal] == FARTHEST:
            return []
        fastest = Path(trail(goal, start, self._before[0], self._tail)[::-1].copy(), int(there[goal]))
        most = int(min(fastest.millis * limits.stretch, FARTHEST - 1))
        self._forward.run(start, _NOBODY, there, self._before[0], limit=most)
        self._backward.run(goal, _NOBODY, back, self._before[1], limit=most)
        self._before[0, start] = self._before[1, goal] = -1  # an earlier search may have left its own
        via, length = _plateaus(
            there, back, self._before[0], self._before[1], self._tail, self._network.head, most,
            int(fastest.millis * limits.local),
        )  # fmt: skip
        ways = [self._by(start, int(node), goal) for node in via]
        return self._chosen(fastest, ways, length, count, limits)

    def _by(self, start: int, via: int, goal: int) -> Path:
        """The fastest path to a node and on from it."""
        arcs = trail(via, start, self._before[0], self._tail)[::-1]
        onward = trail(via, goal, self._before[1], self._network.head)
        millis = self._reached[0, via] + self._reached[1, via]
        return Path(np.concatenate([arcs, onward]), int(millis))

    def _chosen(
        self, fastest: Path, ways: list[Path], plateau: Nodes, count: int, limits: Limits
    ) -> list[Path]:
        """Alternatives in the order of Abraham et al.: short ones that differ, with a long plateau, first."""
        used = np.zeros(len(self._network.head), dtype=np.bool_)
        used[fastest.arcs] = True
        worth = [2 * w.millis + self._shared(w, used) - int(p) for w, p in zip(ways, plateau, strict=True)]
        chosen = [fastest]
        for i in np.argsort(worth, kind="stable"):
            if len(chosen) > count:
                break
            if self._admissible(ways[i], fastest, self._shared(ways[i], used), limits):
                chosen.append(ways[i])
                used[ways[i].arcs] = True
        return chosen

    def _shared(self, way: Path, used: Bools) -> int:
        """Milliseconds of a path on arcs already used."""
        return int(self._network.millis[way.arcs[used[way.arcs]]].sum(dtype=np.int64))

    def _admissible(self, way: Path, fastest: Path, shared: int, limits: Limits) -> bool:
        """Whether a path of a plateau is different enough, nowhere much slower, and visits no node twice."""
        heads = self._network.head[way.arcs]
        return (
            shared <= limits.shared * fastest.millis
            and way.millis - shared <= limits.stretch * (fastest.millis - shared)
            and len(np.unique(heads)) == len(heads)
        )


@njit(cache=True, nogil=True)
def _plateaus(
    there: Any, back: Any, before: Any, after: Any, tail: Any, head: Any, most: int, least: int
) -> tuple[Any, Any]:
    """Plateaus of paths that take at most ``most``, longer themselves than ``least`` milliseconds.

    Returns
    -------
    via, length : int32 (plateaus,)
        First node of each, and the milliseconds along it and the arcs before and after it; ``most`` where the
        plateau begins at the source or ends at the target.
    """
    via = [np.int32(0) for _ in range(0)]
    length = [np.int32(0) for _ in range(0)]
    for node in range(len(there)):
        total = np.int64(there[node]) + back[node]
        if total > most:
            continue
        arc = before[node]
        if arc >= 0 and after[tail[arc]] == arc:
            continue  # within a plateau
        onward = after[node]
        while onward >= 0 and before[head[onward]] == onward:
            onward = after[head[onward]]
        whole = np.int64(most)
        if arc >= 0 and onward >= 0:
            whole = total - there[tail[arc]] - back[head[onward]]
        if whole > least:
            via.append(np.int32(node))
            length.append(np.int32(whole))
    return np.array(via, dtype=np.int32), np.array(length, dtype=np.int32)
