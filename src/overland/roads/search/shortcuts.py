"""Which shortcuts a contraction hierarchy needs, whatever the times of the roads are.

Contracting nodes in an order links all later neighbours of each: this is the fill of a sparse Cholesky
factorisation, and its elimination tree (Liu 1990, "The role of elimination trees in sparse factorization")
says what depends on what: all later neighbours of a node are its ancestors.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numba import njit

from overland.roads.network import Ints, Network, Nodes
from overland.roads.search.buckets import tails
from overland.roads.search.dissection import Neighbours


@dataclass(frozen=True, slots=True, eq=False)
class Shortcuts:
    """Links from each node to its later neighbours; nodes go by their rank in the order of contraction.

    A subtree of the elimination tree is a stretch of ranks that ends with its root.

    Attributes
    ----------
    rank : int32 (nodes,)
        Of each node of the network.
    parent : int32 (nodes,)
        Next node up in the elimination tree, by rank; -1 at its roots.
    first : int64 (nodes + 1,)
    head : int32 (links,)
        Later neighbours of rank ``r``, ascending: ``first[r]`` … ``first[r + 1] - 1``.
    low_first : int64 (nodes + 1,)
    low : int32 (links,)
        Earlier neighbours of rank ``r``, ascending.
    low_link : int32 (links,)
        Number of the link from there.
    way : int32 (arcs,)
        Of each arc of the network: twice the number of its link, and one more if it leads down in rank; -1
        for a loop.
    """

    rank: Nodes
    parent: Nodes
    first: Ints
    head: Nodes
    low_first: Ints
    low: Nodes
    low_link: Nodes
    way: Nodes

    @classmethod
    def of(cls, network: Network, order: Nodes) -> Shortcuts:
        """The shortcuts that contraction in an order makes, int32 (nodes,).

        Nodes are ranked along the elimination tree, which changes neither the shortcuts nor what they mean.
        """
        count = len(network)
        rank = np.empty(count, dtype=np.int32)
        rank[order] = np.arange(count, dtype=np.int32)
        near = Neighbours.of(network.first, network.head)
        place = _tree_order(_elimination_tree(order, rank, near.first, near.head))
        rank = place[rank]
        order = np.empty(count, dtype=np.int32)
        order[rank] = np.arange(count, dtype=np.int32)
        parent = _elimination_tree(order, rank, near.first, near.head)
        first, head = _filled(order, rank, parent, near)
        if len(head) >= 1 << 30:
            raise ValueError(f"the network needs {len(head)} shortcuts; links are counted to {1 << 30}")
        low_first = np.concatenate([[0], np.cumsum(np.bincount(head, minlength=count))]).astype(np.int64)
        low, low_link = np.empty(len(head), np.int32), np.empty(len(head), np.int32)
        _turn(first, head, low_first[:-1].copy(), low, low_link)
        tail = tails(network)
        way = np.empty(len(tail), dtype=np.int32)
        _ways(rank[tail], rank[network.head], first, head, way)
        return cls(rank, parent, first, head, low_first, low, low_link, way)

    def __len__(self) -> int:
        """Number of nodes."""
        return len(self.rank)


def _filled(order: Nodes, rank: Nodes, parent: Nodes, near: Neighbours) -> tuple[Ints, Nodes]:
    """Later neighbours of every rank, with those that contraction adds."""
    count = len(order)
    first, head = np.zeros(count + 1, dtype=np.int64), np.empty(8 * count + 16, dtype=np.int32)
    child, sibling = np.full(count, -1, np.int32), np.full(count, -1, np.int32)
    mark, done = np.full(count, -1, np.int32), 0
    while done < count:
        done = _fill(done, order, rank, parent, near.first, near.head, first, head, child, sibling, mark)
        if done < count:
            head = np.concatenate([head, np.empty(len(head) // 2 + count, dtype=np.int32)])
    return first, head[: first[count]].copy()


@njit(cache=True, nogil=True)
def _elimination_tree(order: Any, rank: Any, first: Any, head: Any) -> Any:
    """Parent of each rank, int32 (nodes,), without making the shortcuts (Liu's algorithm)."""
    count = len(order)
    parent = np.full(count, -1, dtype=np.int32)
    ancestor = np.full(count, -1, dtype=np.int32)
    for node in range(count):
        for a in range(first[order[node]], first[order[node] + 1]):
            below = rank[head[a]]
            while below < node:
                above = ancestor[below]
                ancestor[below] = node
                if above < 0:
                    parent[below] = node
                    break
                if above == node:
                    break
                below = above
    return parent


@njit(cache=True, nogil=True)
def subtree_sizes(parent: Any) -> Any:
    """Number of ranks in the subtree of each, itself included: int32 (nodes,)."""
    size = np.ones(len(parent), dtype=np.int32)
    for node in range(len(parent)):
        if parent[node] >= 0:
            size[parent[node]] += size[node]
    return size


@njit(cache=True, nogil=True)
def _tree_order(parent: Any) -> Any:
    """New ranks, int32 (nodes,), by which each subtree is a stretch that ends with its root."""
    count = len(parent)
    size = subtree_sizes(parent)
    end = count
    place = np.empty(count, dtype=np.int32)
    free = np.empty(count, dtype=np.int32)
    for node in range(count - 1, -1, -1):
        above = parent[node]
        if above < 0:
            place[node] = end - 1
            end -= size[node]
        else:
            place[node] = free[above] - 1
            free[above] -= size[node]
        free[node] = place[node]
    return place


@njit(cache=True, nogil=True)
def _fill(
    done: int, order: Any, rank: Any, parent: Any, near_first: Any, near_head: Any,
    first: Any, head: Any, child: Any, sibling: Any, mark: Any,
) -> int:  # fmt: skip
    """List later neighbours from rank ``done`` on; returns the rank at which there was no more room.

    A node's later neighbours are its own and those of its children in the elimination tree.
    """
    for node in range(done, len(order)):
        start = end = first[node]
        most = near_first[order[node] + 1] - near_first[order[node]]
        below = child[node]
        while below >= 0:
            most += first[below + 1] - first[below]
            below = sibling[below]
        if start + most > len(head):
            return node
        mark[node] = node
        for a in range(near_first[order[node]], near_first[order[node] + 1]):
            to = rank[near_head[a]]
            if to > node and mark[to] != node:
                mark[to] = node
                head[end] = to
                end += 1
        below = child[node]
        while below >= 0:
            for a in range(first[below], first[below + 1]):
                to = head[a]
                if mark[to] != node:
                    mark[to] = node
                    head[end] = to
                    end += 1
            below = sibling[below]
        head[start:end].sort()
        first[node + 1] = end
        if parent[node] >= 0:
            sibling[node] = child[parent[node]]
            child[parent[node]] = node
    return len(order)


@njit(cache=True, nogil=True)
def _turn(first: Any, head: Any, free: Any, low: Any, low_link: Any) -> None:
    """List links by their later ends; ``free`` counts up from where each list begins."""
    for node in range(len(first) - 1):
        for link in range(first[node], first[node + 1]):
            place = free[head[link]]
            free[head[link]] = place + 1
            low[place] = node
            low_link[place] = link


@njit(cache=True, nogil=True)
def _ways(tail: Any, to: Any, first: Any, head: Any, way: Any) -> None:
    """Write the link and direction of each arc, of whose ends the ranks are given."""
    for arc in range(len(tail)):
        if tail[arc] == to[arc]:
            way[arc] = -1
        elif tail[arc] < to[arc]:
            way[arc] = 2 * link_between(tail[arc], to[arc], first, head)
        else:
            way[arc] = 2 * link_between(to[arc], tail[arc], first, head) + 1


@njit(cache=True, nogil=True)
def link_between(low: int, high: int, first: Any, head: Any) -> int:
    """Number of the link between two ranks; -1 if there is none."""
    start, end = first[low], first[low + 1]
    while start < end:
        middle = (start + end) // 2
        if head[middle] < high:
            start = middle + 1
        else:
            end = middle
    return start if start < first[low + 1] and head[start] == high else -1
