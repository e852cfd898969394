"""Travel steps for departures at every step: one search, then repairs of its tree as the departure moves on.

When one leaves a little later, most arrivals move along with the departure. They change otherwise only behind
roads that close or open meanwhile, so only these parts of the tree are searched again (after Ramalingam &
Reps 1996, "An incremental algorithm for a generalization of the shortest-path problem"). Where nothing
changes for a while, departures are skipped altogether.
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from overland.roads.search.earliest import drop_first, entry, push, single_departure
from overland.roads.search.graph import NOWHERE, RoadGraph

Ints = NDArray[np.int64]
Nodes = NDArray[np.int32]
Bools = NDArray[np.bool_]

NOT_A_WAY = -1  # travel steps where there is none


@njit(cache=True, nogil=True)
def all_departures(
    source: int, steps: int, step_millis: int, grace_millis: int, graph: RoadGraph, targets: Ints
) -> tuple[NDArray[np.int16], Nodes]:
    """Travel steps from one node to some others, for departures at every step, only where they differ.

    Returns
    -------
    travel : int16 (rows, targets)
        Travel steps, rounded up but for ``grace_millis``; ``NOT_A_WAY`` where there is none.
    row : int32 (steps,)
        Row of ``travel`` that holds for each departure.
    """
    nodes = len(graph.first) - 1
    tail, risky = arc_tails(graph), risky_arcs(graph)
    arrival, via, _, _ = single_departure(source, 0, graph, np.ones(nodes, dtype=np.bool_))
    room = nodes + 2 * len(graph.head) + 1  # nodes cut off, roads come nearer, and every arc once
    heap_key, heap_node = np.empty(room, dtype=np.int64), np.empty(room, dtype=np.int32)
    travel = np.empty((steps, len(targets)), dtype=np.int16)
    row = np.empty(steps, dtype=np.int32)
    rows, t, moment = 0, 0, 0
    while t < steps:
        depart = t * step_millis
        if depart > moment:
            _move_on(source, depart - moment, graph, tail, risky, arrival, via, heap_key, heap_node)
            moment = depart
        spare = lasting(source, graph, tail, risky, arrival, via)
        alike = rows > 0
        for i in range(len(targets)):
            travel[rows, i] = NOT_A_WAY
            if arrival[targets[i]] < NOWHERE:  # beyond the horizon, the length does not matter
                millis = max(0, arrival[targets[i]] - depart - grace_millis)
                travel[rows, i] = min(steps + 1, -(-millis // step_millis))
            alike = alike and travel[rows, i] == travel[rows - 1, i]
        rows += not alike
        row[t] = rows - 1
        t += 1
        while t < steps and t * step_millis - depart <= spare:
            row[t] = rows - 1
            t += 1
    return travel[:rows].copy(), row


@njit(cache=True, nogil=True)
def arc_tails(graph: RoadGraph) -> Nodes:
    """Node that each arc leaves."""
    tail = np.empty(len(graph.head), dtype=np.int32)
    for node in range(len(graph.first) - 1):
        tail[graph.first[node] : graph.first[node + 1]] = node
    return tail


@njit(cache=True, nogil=True)
def risky_arcs(graph: RoadGraph) -> Nodes:
    """Arcs of roads that are ever closed."""
    closed_first, segment = graph.closed_first, graph.segment
    risky = np.empty(len(segment), dtype=np.int32)
    count = 0
    for arc in range(len(segment)):
        if closed_first[segment[arc]] < closed_first[segment[arc] + 1]:
            risky[count] = arc
            count += 1
    return risky[:count].copy()


@njit(cache=True, nogil=True)
def lasting(source: int, graph: RoadGraph, tail: Nodes, risky: Nodes, arrival: Ints, via: Nodes) -> int:
    """How much later one can leave so that all travel times stay exactly as they are (ms).

    All arrivals move with the departure as long as no road on the fastest ways closes meanwhile, and no road
    one would have to wait for becomes quicker than they are.
    """
    head, millis, segment = graph.head, graph.millis, graph.segment
    closed_first, closed, terminal = graph.closed_first, graph.closed, graph.terminal
    spare = NOWHERE
    for arc in risky:
        node, to = tail[arc], head[arc]
        now = arrival[node]
        if now >= NOWHERE or (terminal[node] and node != source):
            continue
        begin, end = closed_first[segment[arc]], closed_first[segment[arc] + 1]
        enter = entry(now, millis[arc], closed, begin, end)
        if enter == now:
            if via[to] == arc:
                for i in range(begin, end):
                    if closed[i, 0] >= now + millis[arc]:
                        spare = min(spare, closed[i, 0] - millis[arc] - now)
                        break
        elif via[to] == arc:
            return 0
        elif enter < NOWHERE and now + millis[arc] < arrival[to]:
            spare = min(spare, enter + millis[arc] - arrival[to])
    return spare


@njit(cache=True, nogil=True)
def _move_on(
    source: int,
    later: int,
    graph: RoadGraph,
    tail: Nodes,
    risky: Nodes,
    arrival: Ints,
    via: Nodes,
    heap_key: Ints,
    heap_node: Nodes,
) -> None:
    """Turn the arrivals of a departure, in place, into those of a later one (ms later)."""
    head, millis, segment = graph.head, graph.millis, graph.segment
    closed_first, closed, terminal = graph.closed_first, graph.closed, graph.terminal
    for node in range(len(arrival)):
        if arrival[node] < NOWHERE:
            arrival[node] += later
    broken = _broken_branches(graph, tail, risky, arrival, via)
    size = 0
    if broken.any():
        for arc in range(len(head)):
            node, to = tail[arc], head[arc]
            if broken[to] and not broken[node] and arrival[node] < NOWHERE:
                if terminal[node] and node != source:
                    continue
                road = segment[arc]
                enter = entry(arrival[node], millis[arc], closed, closed_first[road], closed_first[road + 1])
                if enter < NOWHERE and enter + millis[arc] < arrival[to]:
                    arrival[to], via[to] = enter + millis[arc], arc
    for node in range(len(arrival)):
        if broken[node] and arrival[node] < NOWHERE:
            size = push(heap_key, heap_node, size, arrival[node], node)
    for arc in risky:  # those one waits for come nearer
        node, to = tail[arc], head[arc]
        if broken[node] or arrival[node] >= NOWHERE or (terminal[node] and node != source):
            continue
        road = segment[arc]
        enter = entry(arrival[node], millis[arc], closed, closed_first[road], closed_first[road + 1])
        if enter < NOWHERE and enter + millis[arc] < arrival[to]:
            arrival[to], via[to] = enter + millis[arc], arc
            size = push(heap_key, heap_node, size, arrival[to], to)
    _search_on(source, graph, arrival, via, heap_key, heap_node, size)


@njit(cache=True, nogil=True)
def _broken_branches(graph: RoadGraph, tail: Nodes, risky: Nodes, arrival: Ints, via: Nodes) -> Bools:
    """Nodes whose way, moved on, meets a closed road; they lose arrival and way."""
    head, millis, segment = graph.head, graph.millis, graph.segment
    closed_first, closed = graph.closed_first, graph.closed
    nodes = len(arrival)
    state = np.zeros(nodes, dtype=np.int8)  # 0 not known, 1 whole, 2 broken
    count = 0
    for arc in risky:
        if via[head[arc]] == arc:
            now, road = arrival[tail[arc]], segment[arc]
            enter = entry(now, millis[arc], closed, closed_first[road], closed_first[road + 1])
            if enter + millis[arc] > arrival[head[arc]]:
                state[head[arc]] = 2
                count += 1
    broken = np.zeros(nodes, dtype=np.bool_)
    if count == 0:
        return broken
    for node in range(nodes):
        at = node
        while state[at] == 0 and via[at] >= 0:  # up to where it is known
            at = tail[via[at]]
        known = state[at] if state[at] != 0 else 1
        at = node
        while state[at] == 0:
            state[at] = known
            if via[at] < 0:
                break
            at = tail[via[at]]
    for node in range(nodes):
        if state[node] == 2:
            broken[node], arrival[node], via[node] = True, NOWHERE, -1
    return broken


@njit(cache=True, nogil=True)
def _search_on(
    source: int, graph: RoadGraph, arrival: Ints, via: Nodes, heap_key: Ints, heap_node: Nodes, size: int
) -> None:
    """Dijkstra's search, on from the nodes in a heap."""
    first, head, millis, segment = graph.first, graph.head, graph.millis, graph.segment
    closed_first, closed, terminal = graph.closed_first, graph.closed, graph.terminal
    while size > 0:
        node, key = heap_node[0], heap_key[0]
        size = drop_first(heap_key, heap_node, size)
        if key != arrival[node] or (terminal[node] and node != source):
            continue
        for arc in range(first[node], first[node + 1]):
            to, road = head[arc], segment[arc]
            enter = entry(key, millis[arc], closed, closed_first[road], closed_first[road + 1])
            if enter < NOWHERE and enter + millis[arc] < arrival[to]:
                arrival[to], via[to] = enter + millis[arc], arc
                size = push(heap_key, heap_node, size, arrival[to], to)
