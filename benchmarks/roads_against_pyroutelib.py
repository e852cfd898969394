"""Shortest ways over an imported network against pyroutelib3, a routing engine that no one here wrote.

``python benchmarks/roads_against_pyroutelib.py EXTRACT.osm.pbf --peer PYTHON [--pairs 500] [--seed 1]``

PYTHON is the interpreter of an environment that has pyroutelib3 (it is not in ours). Both engines look for
the way of fewest metres between the same pairs of junctions, over the same classes of roads; pyroutelib3
reads the extract itself, contracts nothing, and obeys turn restrictions, which an import does not look at.
"""

from __future__ import annotations

import argparse
import heapq
import json
import subprocess
import sys
import time
from pathlib import Path

PEER = """
import json, pathlib, sys, pyroutelib3
asked = json.load(sys.stdin)
class Shortest(pyroutelib3.osm.HighwayProfile):
    def way_penalty(self, tags):
        said = [tags[key] for key in self.access if key in tags]
        closed = said[-1:] and said[-1] in asked["closed"]
        closed = closed or any(tags.get(key) in values for key, values in asked["left_out"].items())
        return None if closed else super().way_penalty(tags)
profile = Shortest("shortest", {value: 1.0 for value in asked["highways"]}, asked["access"])
with pathlib.Path(asked["file"]).open("rb") as file:
    graph = pyroutelib3.osm.Graph.from_file(profile, file, "pbf")
own = [node for node in graph.nodes.values() if node.id == node.external_id]
at = {(round(node.position[1], 7), round(node.position[0], 7)): node.id for node in own}
answers = []
for a, b in asked["pairs"]:
    start, end = at.get(tuple(a)), at.get(tuple(b))
    route = pyroutelib3.find_route(graph, start, end) if start and end else []
    places = [graph.get_node(n).position for n in route]
    metres = 1000 * sum(pyroutelib3.haversine_earth_distance(p, q) for p, q in zip(places, places[1:]))
    answers.append([metres if route else None, [list(reversed(p)) for p in places]])
json.dump(answers, sys.stdout)
"""


def shortest(arcs: list[list[tuple[int, float]]], source: int, target: int) -> float:
    """Metres of the shortest way: Dijkstra as in the textbook."""
    queue, done = [(0.0, source)], set()
    while queue:
        metres, node = heapq.heappop(queue)
        if node == target:
            return metres
        if node not in done:
            done.add(node)
            for to, more in arcs[node]:
                heapq.heappush(queue, (metres + more, to))
    return float("inf")


def compare(extract: Path, classes: str, peer: str, pairs: int, seed: int, *, same_access: bool) -> None:
    """Print how far the two engines are apart, each with its own rules of access or both with ours."""
    import numpy as np

    from overland.roads.road_import import Wanted, import_network, parse_classes
    from overland.roads.speeds import read_speeds
    from overland.roads.tags import CLOSED, HIGHWAYS, PRIVATE_SERVICE, VEHICLES

    chosen = parse_classes(classes)
    network, _ = import_network(extract, Wanted(chosen, read_speeds()), lambda *_: None)
    drawn = np.random.default_rng(seed).integers(len(network), size=(pairs, 2))
    drawn = drawn[drawn[:, 0] != drawn[:, 1]]
    place = np.column_stack([network.longitude, network.latitude]).round(7)
    arcs: list[list[tuple[int, float]]] = [
        [
            (int(network.head[arc]), float(network.segments.metres[network.segment[arc]]))
            for arc in range(network.first[node], network.first[node + 1])
        ]
        for node in range(len(network))
    ]
    ours = np.array([shortest(arcs, int(a), int(b)) for a, b in drawn])
    asked = {
        "file": str(extract),
        "highways": [value for value, name in HIGHWAYS.items() if name in chosen],
        "access": VEHICLES,
        "closed": sorted(CLOSED) if same_access else [],
        "left_out": {"service": sorted(PRIVATE_SERVICE), "tracktype": ["grade4", "grade5"]}
        if same_access
        else {},
        "pairs": [[place[a].tolist(), place[b].tolist()] for a, b in drawn],
    }
    started = time.monotonic()
    answer = subprocess.run(
        [peer, "-W", "ignore", "-c", PEER],
        input=json.dumps(asked),
        capture_output=True,
        text=True,
        check=False,
    )
    if answer.returncode:
        sys.exit(f"skipped: pyroutelib3 does not run with {peer}: {answer.stderr.strip().splitlines()[-1:]}")
    theirs = np.array([metres if metres is not None else np.inf for metres, _ in json.loads(answer.stdout)])
    found = np.isfinite(theirs) & (theirs > 0)
    apart = ours[found] / theirs[found] - 1
    access = "as ours" if same_access else "each its own"
    print(f"{extract.name}, {classes}, access {access}: {len(network):,} nodes")
    print(f"  pyroutelib3 took {time.monotonic() - started:.0f} s")
    print(f"  pairs {len(drawn)}, found by both {found.sum()}, only by us {(~found).sum()}")
    half, most, nearly_all = np.percentile(np.abs(apart), [50, 90, 99])
    print(f"  apart, of the distance: median {half:.3%}, 90 % under {most:.3%}, 99 % under {nearly_all:.3%}")
    print(f"  more than 2 % longer {(apart > 0.02).sum()}, more than 2 % shorter {(apart < -0.02).sum()}")
    for i in np.argsort(-np.abs(apart))[:5]:
        a, b = drawn[found][i]
        print(f"    {apart[i]:+8.2%}  {ours[found][i]:8.0f} m  {place[a].tolist()} → {place[b].tolist()}")


def main() -> None:
    """Compare on the great roads and on all."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("extract", type=Path)
    parser.add_argument("--peer", default=sys.executable)
    parser.add_argument("--pairs", type=int, default=500)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    great, every = "motorway,trunk,primary,secondary,tertiary", "motorway..minor"
    for classes, same_access in ((great, False), (every, False), (every, True)):
        asked = (arguments.peer, arguments.pairs, arguments.seed)
        compare(arguments.extract, classes, *asked, same_access=same_access)


if __name__ == "__main__":
    main()
