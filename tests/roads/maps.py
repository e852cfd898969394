"""Small maps for tests, written as real extracts, and networks made of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import osmium
import pytest
from osmium.osm.mutable import Node, Way

from overland.roads.network import Network
from overland.roads.osm.road_import import DEFAULT_CLASSES, Dropped, Wanted, import_network
from overland.roads.osm.speeds import Speeds, read_speeds

REAL = Path(__file__).parents[3] / "shared" / "data" / "osm_pbf"
SPEEDS = read_speeds()

Tags = Mapping[str, str]
PRIMARY: Tags = {"highway": "primary"}


def write_map(
    path: Path,
    nodes: Mapping[int, tuple[float, float]],
    ways: Sequence[tuple[Sequence[int], Tags]],
    tagged: Mapping[int, Tags] | None = None,
    *,
    packing: str = "pbf_compression=zlib",
) -> Path:
    """An extract of nodes (longitude, latitude), ways (nodes, tags; numbered from 100) and tags of nodes."""
    tagged = tagged or {}
    with osmium.SimpleWriter(osmium.io.File(str(path), f"pbf,{packing}"), overwrite=True) as writer:
        for number, place in sorted(nodes.items()):
            writer.add_node(Node(id=number, location=place, tags=dict(tagged.get(number, {}))))
        for number, (through, tags) in enumerate(ways, start=100):
            writer.add_way(Way(id=number, nodes=list(through), tags=dict(tags)))
    return path


def imported(
    path: Path, classes: tuple[str, ...] = DEFAULT_CLASSES, speeds: Speeds = SPEEDS
) -> tuple[Network, Dropped]:
    return import_network(path, Wanted(classes, speeds), lambda _stage, _done, _total: None)


def real_map(name: str) -> Path:
    """A real extract; the test is skipped where it is absent."""
    path = REAL / name
    if not path.is_file():
        pytest.skip(f"the extract {name} (../shared/data/osm_pbf) is not at hand")
    return path


def arcs(network: Network) -> set[tuple[int, int, int]]:
    """Arcs of a network: from, to, milliseconds."""
    return {
        (node, int(network.head[arc]), int(network.millis[arc]))
        for node in range(len(network))
        for arc in range(network.first[node], network.first[node + 1])
    }
