"""The most people who can be safe by a step, worked out the slow way: a maximum flow for each step by itself.

Here people may wait anywhere on the road, which the engine does not let them: it must not help.
"""

from __future__ import annotations

from collections import deque

from overland.plan.massflow.flow_network import FlowNetwork

Place = tuple[str, int, int]
MANY = 10**9


def most_out(network: FlowNetwork, last: int) -> int:
    """Maximum flow in the network over time, by shortest augmenting paths."""
    room: dict[Place, dict[Place, int]] = {}

    def link(a: Place, b: Place, capacity: int) -> None:
        room.setdefault(a, {})[b] = room.setdefault(a, {}).get(b, 0) + capacity
        room.setdefault(b, {}).setdefault(a, 0)

    start, end = ("start", 0, 0), ("end", 0, 0)
    for v, people in enumerate(network.supply.tolist()):
        if people:
            link(start, ("waits", v, 0), people)
            for step in range(int(network.release[v]), last + 1):
                link(("waits", v, 0), ("at", v, step), MANY)
    for step in range(last + 1):
        link(("at", network.sink, step), end, MANY)
        for v in range(len(network)):
            if step < last and v != network.sink:
                link(("at", v, step), ("at", v, step + 1), MANY)
        for u, v, capacity, transit in zip(
            *(a.tolist() for a in (network.tail, network.head, network.capacity, network.transit)),
            strict=True,
        ):
            if step + transit <= last:
                link(("at", u, step), ("at", v, step + transit), capacity)
    flow = 0
    while path := _path(room, start, end):
        most = min(room[a][b] for a, b in path)
        for a, b in path:
            room[a][b] -= most
            room[b][a] += most
        flow += most
    return flow


def _path(room: dict[Place, dict[Place, int]], start: Place, end: Place) -> list[tuple[Place, Place]]:
    before: dict[Place, Place] = {start: start}
    waiting = deque([start])
    while waiting:
        a = waiting.popleft()
        for b, left in room.get(a, {}).items():
            if left and b not in before:
                before[b] = a
                waiting.append(b)
    if end not in before:
        return []
    path, b = [], end
    while b != start:
        path.append((before[b], b))
        b = before[b]
    return path
