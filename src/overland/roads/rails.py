"""The railways under a case: along which rails its services run between their stops."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from overland.case.model import Case
from overland.roads.network import Network
from overland.roads.search.earliest import arcs_of_way, single_departure
from overland.roads.search.graph import NOWHERE, RoadGraph
from overland.roads.snapping import graph_with, snap

FARTHEST_METRES = 20_000.0  # from a stop to the rails: a stop is a town as often as its station


@dataclass(frozen=True, slots=True, eq=False)
class Rails:
    """A network of railways with the stops of a case on it. Make one with :meth:`of`.

    Attributes
    ----------
    index : dict of str to int
        Stop → node of the graph.
    """

    network: Network
    graph: RoadGraph
    index: dict[str, int]
    _ways: dict[tuple[str, str], tuple[str, ...]] = field(default_factory=dict)

    @classmethod
    def of(cls, case: Case) -> Rails:
        """Read the railways of a case and put its stops on them.

        Raises
        ------
        NetworkError
            If they cannot be read, or a stop is too far from any of them.
        """
        from overland.roads.network_file import read_network

        assert case.railways is not None
        network = read_network(case.railways.path)
        at = {p.id: (p.longitude, p.latitude) for p in case.places}
        at |= {x.id: (x.longitude, x.latitude) for x in case.crossings}
        stops = list(dict.fromkeys(stop.stop for stop in case.service_stops))
        snaps = snap(network, [(stop, *at[stop]) for stop in stops], FARTHEST_METRES)
        graph = graph_with(network, snaps)
        return cls(network, graph, {stop: len(network) + i for i, stop in enumerate(stops)})

    def way(self, a: str, b: str) -> tuple[str, ...]:
        """Nodes from one stop to the next, both included; only these two if no rails join them.

        ``rail-17`` is node 17 of the network; :meth:`position` says where it is.
        """
        if (a, b) not in self._ways:
            self._ways[a, b] = (a, *self._between(self.index[a], self.index[b]), b)
        return self._ways[a, b]

    def _between(self, source: int, target: int) -> list[str]:
        wanted = np.arange(len(self.graph.terminal)) == target
        arrival, via, _, _ = single_departure(source, 0, self.graph, wanted)
        if arrival[target] >= NOWHERE:
            return []
        heads = self.graph.head[arcs_of_way(self.graph, via, source, target)].tolist()
        return [f"rail-{node}" for node in heads if node < len(self.network)]

    def position(self, node: str) -> tuple[float, float]:
        """Longitude and latitude of a node ``rail-17``."""
        number = int(node.removeprefix("rail-"))
        return float(self.network.longitude[number]), float(self.network.latitude[number])
