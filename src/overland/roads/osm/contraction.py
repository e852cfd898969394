"""Compiled: the largest part of a graph in which all reach all, and rows of pieces made into one.

Contraction keeps every shortest time between the nodes that stay: a node goes only if exactly two pieces
meet there, of one kind, both to be driven in the same directions: whoever comes by one leaves by the other.
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from overland.roads.network import NEVER

Ints = NDArray[np.int64]
Nodes = NDArray[np.int32]
Bools = NDArray[np.bool_]


def strong_parts(nodes: int, start: Nodes, end: Nodes, along: Nodes, against: Nodes) -> Nodes:
    """The strongly connected part each node is in: int32 (nodes,), numbered from 0."""
    there, back = along != NEVER, against != NEVER
    tail = np.concatenate([start[there], end[back]])
    head = np.concatenate([end[there], start[back]])
    order = np.argsort(tail, kind="stable")
    first = np.searchsorted(tail[order], np.arange(nodes + 1)).astype(np.int64)
    return np.asarray(_tarjan(first, head[order]))


def contract(
    nodes: int, start: Nodes, end: Nodes, along: Nodes, against: Nodes, kind: Ints, stays: Bools
) -> tuple[Ints, Ints, Bools]:
    """Rows of pieces that become one segment each.

    Parameters
    ----------
    nodes : int
    start, end, along, against : int32 (pieces,)
        Ends of pieces, times between them in ms.
    kind : int64 (pieces,)
        Only pieces of one kind are joined.
    stays : bool (nodes,)
        Nodes that must not go.

    Returns
    -------
    first, piece : int64 (rows + 1,), int64 (pieces,)
        Pieces of a row, from its start to its end.
    turned : bool (pieces,)
        Whether a row runs through a piece from its end to its start.
    """
    sides = np.concatenate([start, end])
    order = np.argsort(sides, kind="stable").astype(np.int64)
    at = np.searchsorted(sides[order], np.arange(nodes + 1)).astype(np.int64)
    goes = _can_go(at, order, along != NEVER, against != NEVER, kind, stays)
    first, piece, turned = _rows(at, order, start, end, goes)
    return first, piece, turned


@njit(cache=True, nogil=True)
def _tarjan(first: Ints, head: Nodes) -> Nodes:
    """Strongly connected parts (Tarjan 1972), without recursion."""
    n = len(first) - 1
    part = np.full(n, -1, dtype=np.int32)
    index = np.full(n, -1, dtype=np.int32)
    low = np.zeros(n, dtype=np.int32)
    next_arc = first[:-1].copy()
    stack = np.empty(n, dtype=np.int32)  # nodes not yet in a part
    path = np.empty(n, dtype=np.int32)  # from the root of the search to the node at hand
    on_stack, parts, seen = 0, 0, 0
    for root in range(n):
        if index[root] >= 0:
            continue
        path[0] = root
        depth = 1
        while depth > 0:
            node = path[depth - 1]
            if index[node] < 0:
                index[node] = low[node] = seen
                seen += 1
                stack[on_stack] = node
                on_stack += 1
            descended = False
            while next_arc[node] < first[node + 1]:
                to = head[next_arc[node]]
                if index[to] < 0:
                    path[depth] = to
                    depth += 1
                    descended = True
                    break
                if part[to] < 0:
                    low[node] = min(low[node], low[to])
                next_arc[node] += 1
            if descended:
                continue
            depth -= 1
            if low[node] == index[node]:
                while True:
                    on_stack -= 1
                    part[stack[on_stack]] = parts
                    if stack[on_stack] == node:
                        break
                parts += 1
    return part


@njit(cache=True, nogil=True)
def _can_go(at: Ints, side: Ints, there: Bools, back: Bools, kind: Ints, stays: Bools) -> Bools:
    """Nodes that may go. ``side`` is a piece at its start, or, after all of those, at its end."""
    pieces = len(there)
    goes = np.zeros(len(stays), dtype=np.bool_)
    for node in range(len(stays)):
        if stays[node] or at[node + 1] - at[node] != 2:
            continue
        a, b = side[at[node]], side[at[node] + 1]
        p, q = a % pieces, b % pieces
        if kind[p] != kind[q]:
            continue
        into_a, from_a = (back[p], there[p]) if a < pieces else (there[p], back[p])
        into_b, from_b = (back[q], there[q]) if b < pieces else (there[q], back[q])
        goes[node] = into_a == from_b and into_b == from_a
    return goes


@njit(cache=True, nogil=True)
def _rows(at: Ints, side: Ints, start: Nodes, end: Nodes, goes: Bools) -> tuple[Ints, Ints, Bools]:
    """Walk from every node that stays along nodes that go; a ring of which none stays begins anywhere."""
    pieces, nodes = len(start), len(goes)
    done = np.zeros(pieces, dtype=np.bool_)
    first = np.empty(pieces + 1, dtype=np.int64)
    piece = np.empty(pieces, dtype=np.int64)
    turned = np.empty(pieces, dtype=np.bool_)
    rows, count = 0, 0
    first[0] = 0
    for rings in (False, True):
        for origin in range(nodes):
            if goes[origin] != rings:
                continue
            for i in range(at[origin], at[origin + 1]):
                s = side[i]
                if done[s % pieces]:
                    continue
                while True:
                    p = s % pieces
                    done[p] = True
                    piece[count] = p
                    turned[count] = s >= pieces
                    count += 1
                    node = start[p] if s >= pieces else end[p]
                    if not goes[node] or node == origin:
                        break
                    a, b = side[at[node]], side[at[node] + 1]
                    s = b if a % pieces == p else a
                rows += 1
                first[rows] = count
    return first[: rows + 1], piece, turned
