"""The real roads under a case: its network, and where its places and crossings meet the road."""

from __future__ import annotations

from dataclasses import dataclass

from overland.case.model import Case
from overland.errors import NetworkError
from overland.roads.closings import closed_arrays, closings_of, unknown_ways
from overland.roads.network import Network
from overland.roads.search.graph import RoadGraph
from overland.roads.snapping import Snap, graph_with, snap

NAMED = 10  # ways named in a message


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
        ground = cls(network, tuple(snap(network, points)))
        if unknown := unknown_ways(network, closings_of(case)):
            listed = ", ".join(f"way/{way}" for way in unknown[:NAMED])
            more = f" and {len(unknown) - NAMED:,} more" if len(unknown) > NAMED else ""
            raise NetworkError(
                f"{case.network.path.name} has no {listed}{more}, named in closures.csv or corridors.csv; "
                "look the numbers up on the map, or import it with more classes of roads"
            )
        return ground

    def graph(self, case: Case, avoids_level: int | None, slower: float) -> RoadGraph:
        """The graph of the network with the nodes of the case after its own; see :func:`graph_with`."""
        closed = closed_arrays(self.network, closings_of(case, avoids_level))
        crossings = range(len(case.places), len(self.snaps))
        return graph_with(self.network, self.snaps, closed, slower, terminal=crossings)
