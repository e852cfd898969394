"""Larger extracts than are at hand: copies of one side by side, joined by roads.

``python benchmarks/tiling.py EXTRACT.osm.pbf COPIES OUTPUT.osm.pbf``
"""

from __future__ import annotations

import sys
from pathlib import Path

import osmium
from osmium.osm.mutable import Node, Way

APART = 0.4  # degrees between copies: more than a small country is wide
COLUMNS = 16


def tile(extract: Path, copies: int, output: Path) -> int:
    """Write copies of an extract as one file, nodes first and sorted; returns its number of nodes."""
    nodes, ways = [], []
    for entity in osmium.FileProcessor(str(extract), osmium.osm.NODE | osmium.osm.WAY):
        tags = dict(entity.tags)
        if entity.is_node():
            nodes.append((entity.id, entity.location.lon, entity.location.lat, tags))
        else:
            ways.append((entity.id, [node.ref for node in entity.nodes], tags))
    number = {identifier: i + 1 for i, (identifier, *_) in enumerate(nodes)}
    ways = [(w, [number[r] for r in refs if r in number], tags) for w, refs, tags in ways]
    gate = next(refs[0] for _, refs, tags in ways if tags.get("highway") == "primary" and refs)
    output.unlink(missing_ok=True)
    with osmium.SimpleWriter(str(output)) as writer:
        for copy in range(copies):
            east, north = APART * (copy % COLUMNS), APART * (copy // COLUMNS)
            for i, (_, lon, lat, tags) in enumerate(nodes):
                identifier = copy * len(nodes) + i + 1
                writer.add_node(Node(id=identifier, location=(lon + east, lat + north), tags=tags))
        for copy in range(copies):
            for i, (_, refs, tags) in enumerate(ways):
                shifted = [copy * len(nodes) + ref for ref in refs]
                writer.add_way(Way(id=copy * len(ways) + i + 1, nodes=shifted, tags=tags))
        for copy in range(copies - 1):
            ends = [copy * len(nodes) + gate, (copy + 1) * len(nodes) + gate]
            writer.add_way(
                Way(
                    id=copies * len(ways) + copy + 1, nodes=ends, tags={"highway": "primary", "name": "joint"}
                )
            )
    return copies * len(nodes)


if __name__ == "__main__":
    print(tile(Path(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3])), "nodes")
