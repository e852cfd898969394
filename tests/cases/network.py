"""A plain road network for the tests, independent of the planner's."""

from __future__ import annotations

import heapq
import math
from collections import defaultdict
from collections.abc import Iterable, Mapping

from overland.case.model import Case, Road

Position = tuple[float, float]  # latitude, longitude
Network = Mapping[str, list[tuple[str, float]]]  # node → (neighbour, length)


def straight_km(a: Position, b: Position) -> float:
    """Great-circle distance."""
    (lat_a, lon_a), (lat_b, lon_b) = (tuple(map(math.radians, point)) for point in (a, b))
    h = math.sin((lat_b - lat_a) / 2) ** 2
    h += math.cos(lat_a) * math.cos(lat_b) * math.sin((lon_b - lon_a) / 2) ** 2
    return 2 * 6371 * math.asin(math.sqrt(h))


def positions(case: Case) -> dict[str, Position]:
    """Where each place and crossing is."""
    return {node.id: (node.latitude, node.longitude) for node in (*case.places, *case.crossings)}


def network(stretches: Iterable[tuple[str, str, float]]) -> Network:
    """The network of stretches passable both ways."""
    graph: dict[str, list[tuple[str, float]]] = defaultdict(list)
    for a, b, length in stretches:
        graph[a].append((b, length))
        graph[b].append((a, length))
    return graph


def road_network(roads: Iterable[Road]) -> Network:
    """The network of roads with their lengths in km."""
    return network((road.start, road.end, road.km) for road in roads)


def distances(graph: Network, start: str, ends: frozenset[str] = frozenset()) -> dict[str, float]:
    """Shortest distance to every node (Dijkstra); nodes in `ends` are never passed through."""
    found = {start: 0.0}
    queue = [(0.0, start)]
    while queue:
        so_far, node = heapq.heappop(queue)
        if so_far > found[node] or (node in ends and node != start):
            continue
        for neighbour, length in graph[node]:
            if so_far + length < found.get(neighbour, math.inf):
                found[neighbour] = so_far + length
                heapq.heappush(queue, (so_far + length, neighbour))
    return found
