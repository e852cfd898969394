"""How to get from one point to another on real roads, leaving then: the way, its times, where one waits."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from overland.roads.network import Network
from overland.roads.search.alternatives import Alternatives
from overland.roads.search.earliest import arcs_of_way, single_departure
from overland.roads.search.graph import NOWHERE, RoadGraph

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of a route along one road.

    Attributes
    ----------
    name : str
        Of the road; empty where the map has none.
    metres : float
    enter, leave : float
        Minutes after the start of the case.
    """

    name: str
    metres: float
    enter: float
    leave: float


@dataclass(frozen=True, slots=True, eq=False)
class Route:
    """A way in space and time.

    Attributes
    ----------
    line : float64 (points, 2)
        Longitude and latitude.
    stretches : tuple of Stretch
        Road by road.
    depart, arrive : float
        Minutes after the start of the case.
    """

    line: Floats
    stretches: tuple[Stretch, ...]
    depart: float
    arrive: float

    @property
    def metres(self) -> float:
        """Length of the way."""
        return sum(stretch.metres for stretch in self.stretches)

    @property
    def waiting(self) -> float:
        """Minutes spent waiting for roads to open."""
        moments = [self.depart, *(stretch.leave for stretch in self.stretches)]
        return sum(
            max(0.0, stretch.enter - before) for stretch, before in zip(self.stretches, moments, strict=False)
        )


def fastest_route(
    network: Network, graph: RoadGraph, source: int, target: int, depart: float
) -> Route | None:
    """The fastest route between two nodes of a graph over a network; None if there is none.

    Parameters
    ----------
    graph : RoadGraph
        Of the network, with whatever closures hold; see :func:`overland.roads.snapping.graph_with`.
    depart : float
        Minutes after the start of the case.
    """
    wanted = np.arange(len(graph.terminal)) == target
    arrival, via, _, _ = single_departure(source, round(depart * 60_000), graph, wanted)
    if arrival[target] >= NOWHERE:
        return None
    arcs = arcs_of_way(graph, via, source, target)
    return _route(network, graph, arcs, arrival[graph.head[arcs]], depart)


def alternative_routes(
    network: Network, graph: RoadGraph, source: int, target: int, fastest: Route, count: int
) -> list[Route]:
    """Routes that differ from the fastest and among each other, on roads that stay open all the while.

    They leave when it does. :mod:`overland.roads.search.alternatives` says what counts as different, and how
    much longer they may take.
    """
    depart = round(fastest.depart * 60_000)
    until = depart + round(2 * 60_000 * (fastest.arrive - fastest.depart))
    shut = (graph.closed[:, 0] < until) & (graph.closed[:, 1] > depart)
    shut_before = np.concatenate([[0], np.cumsum(shut)])
    closed = np.diff(shut_before[graph.closed_first])[graph.segment] > 0
    nodes = len(graph.terminal)
    plain = Network(
        np.zeros(nodes), np.zeros(nodes), graph.first, graph.head, graph.millis, graph.segment,
        closed, network.segments,
    )  # fmt: skip
    found = Alternatives(plain, closed).between(source, target, count)
    line = [tuple(point) for point in fastest.line.tolist()]
    routes = []
    for path in found:
        leave = depart + np.cumsum(graph.millis[path.arcs], dtype=np.int64)
        routes.append(_route(network, graph, path.arcs.astype(np.int64), leave, fastest.depart))
    return [route for route in routes if [tuple(point) for point in route.line.tolist()] != line]


def _route(network: Network, graph: RoadGraph, arcs: Ints, leave: Ints, depart: float) -> Route:
    """The route along some arcs, each left at a moment (ms)."""
    legs = []
    for arc, moment in zip(arcs.tolist(), leave.tolist(), strict=True):
        share, segment = abs(graph.share[arc, 1] - graph.share[arc, 0]), int(graph.segment[arc])
        if share > 0:
            metres = float(network.segments.metres[segment] * share)
            name = network.segments.name[segment]
            legs.append(Stretch(name, metres, (moment - int(graph.millis[arc])) / 60_000, moment / 60_000))
    arrive = leave[-1] / 60_000 if len(leave) else depart
    return Route(line_of_arcs(network, graph, arcs), tuple(_joined(legs)), depart, float(arrive))


def _joined(legs: list[Stretch]) -> list[Stretch]:
    """Neighbouring stretches of the same road as one, unless one waits between them."""
    joined: list[Stretch] = []
    for leg in legs:
        last = joined[-1] if joined else None
        if last is not None and (last.name, last.leave) == (leg.name, leg.enter):
            joined[-1] = Stretch(leg.name, last.metres + leg.metres, last.enter, leg.leave)
        else:
            joined.append(leg)
    return joined


def line_of_arcs(network: Network, graph: RoadGraph, arcs: NDArray[np.int64]) -> Floats:
    """Longitude and latitude along some consecutive arcs of a graph: float64 (points, 2)."""
    pieces = []
    for arc in arcs.tolist():
        start, end = graph.share[arc].tolist()
        if start != end:
            pieces.append(network.segments.part(int(graph.segment[arc]), start, end))
    line = np.concatenate(pieces) if pieces else np.empty((0, 2))
    different = np.ones(len(line), dtype=np.bool_)
    different[1:] = np.any(line[1:] != line[:-1], axis=1)
    return line[different]
