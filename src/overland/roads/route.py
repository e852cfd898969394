"""How to get from one point to another on real roads, leaving then: the way, its times, where one waits."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from overland.roads.earliest import arcs_of_way, single_departure
from overland.roads.graph import NOWHERE, RoadGraph
from overland.roads.network import Network

Floats = NDArray[np.float64]


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
    legs = []
    for arc in arcs.tolist():
        leave = int(arrival[graph.head[arc]])
        share, segment = abs(graph.share[arc, 1] - graph.share[arc, 0]), int(graph.segment[arc])
        if share > 0:
            metres = float(network.segments.metres[segment] * share)
            name = network.segments.name[segment]
            legs.append(Stretch(name, metres, (leave - int(graph.millis[arc])) / 60_000, leave / 60_000))
    line = line_of_arcs(network, graph, arcs)
    return Route(line, tuple(_joined(legs)), depart, int(arrival[target]) / 60_000)


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
