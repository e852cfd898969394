"""An independent road graph and list of crossings, where they are at hand beside the project.

The graph is drawn from OpenStreetMap; it is read by tests only and nothing of it is in the case.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.cases.network import Network, Position, network, straight_km

SHARED = Path(__file__).parents[3] / "shared" / "data" / "ukraine-2022"
GRAPH = SHARED / "roads" / "ua_osm_main_roads"
CROSSINGS = SHARED / "borders" / "ukr_border_crossings_2022-04-14.csv"

_JOINED_WITHIN_KM = 10.0
_WINDING_IN_TOWN = 1.25  # km of road to a straight km
_WINDING = 1.2


@dataclass(frozen=True)
class Node:
    """A node of the reference: a town, a crossing or a junction."""

    id: str
    kind: str
    position: Position
    population: int


@dataclass
class Reference:
    """The reference graph; towns and gaps can be joined to it."""

    nodes: dict[str, Node]
    stretches: list[tuple[str, str, float]]

    @property
    def graph(self) -> Network:
        """The network as it is now."""
        return network(self.stretches)

    def town(self, position: Position) -> Node | None:
        """The largest town within 6 km."""
        near = (node for node in self.nodes.values() if node.kind == "city")
        near = (node for node in near if straight_km(node.position, position) < 6)
        return max(near, key=lambda node: node.population, default=None)

    def nearest(self, position: Position, kind: str | None = None) -> Node:
        """The nearest node, of a kind if given."""
        nodes = (node for node in self.nodes.values() if kind in (None, node.kind))
        return min(nodes, key=lambda node: straight_km(node.position, position))

    def join_town(self, town: Node) -> None:
        """Join the roads that end at the edge of a town to its centre."""
        for node in self.nodes.values():
            straight = straight_km(node.position, town.position)
            if node is not town and straight < _JOINED_WITHIN_KM:
                self.stretches.append((town.id, node.id, straight * _WINDING_IN_TOWN))

    def close_gap(self, a: Node, b: Node) -> None:
        """Add a road that is missing, by its straight line, so that nothing is taken from the case."""
        self.stretches.append((a.id, b.id, straight_km(a.position, b.position) * _WINDING))


def read_reference() -> Reference:
    """Read the graph; the test is skipped where it is absent."""
    if not GRAPH.is_dir():
        pytest.skip("the reference road graph (../shared/data) is not at hand")
    nodes = {
        row["node_id"]: Node(
            id=row["node_id"],
            kind=row["kind"],
            position=(float(row["lat"]), float(row["lon"])),
            population=int(float(row["population"] or 0)),
        )
        for row in _rows(GRAPH / "graph_nodes.csv")
    }
    edges = [(row["from"], row["to"], float(row["km"])) for row in _rows(GRAPH / "graph_edges.csv")]
    return Reference(nodes, edges)


def read_crossings() -> dict[str, Position]:
    """Border points of the independent list by name; the test is skipped where it is absent."""
    if not CROSSINGS.is_file():
        pytest.skip("the list of border crossings (../shared/data) is not at hand")
    return {row["name_en"].strip(): (float(row["lat"]), float(row["lon"])) for row in _rows(CROSSINGS)}


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
