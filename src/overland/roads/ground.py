"""The real roads under a case: its network, and where its places and crossings meet the road."""

from __future__ import annotations

from dataclasses import dataclass

from overland.case.model import Case
from overland.roads.closings import check_ways, closed_intervals, closings_of
from overland.roads.network import Network
from overland.roads.search.graph import RoadGraph
from overland.roads.snapping import Snap, graph_with, snap


@dataclass(frozen=True, slots=True, eq=False)
class Ground:
    """A network with the places, then the crossings, of a case on it.

    Attributes
    ----------
    snaps : tuple of Snap
        In the order of places and crossings.
    """

    network: Network
    snaps: tuple[Snap, ...]

    @classmethod
    def of(cls, case: Case) -> Ground:
        """Read the network of a case and put its places on the road.

        Raises
        ------
        NetworkError
            If the network cannot be read, a place is too far from any road, or a closure or a corridor names
            a way that is not among the roads.
        """
        from overland.roads.network_file import read_network

        assert case.network is not None
        network = read_network(case.network.path)
        points = [(p.id, p.longitude, p.latitude) for p in case.places]
        points += [(x.id, x.longitude, x.latitude) for x in case.crossings]
        check_ways(network, case)
        return cls(network, tuple(snap(network, points)))

    def graph(self, case: Case, avoids_level: int | None, slower: float, escorted: str = "") -> RoadGraph:
        """The graph of the network with the nodes of the case after its own; see :func:`graph_with`."""
        closed = closed_intervals(self.network, closings_of(case, avoids_level, escorted))
        crossings = range(len(case.places), len(self.snaps))
        return graph_with(self.network, self.snaps, closed, slower, terminal=crossings)
