"""Ways over an imported network against pyroutelib3, a routing engine that no one here wrote.

``python benchmarks/roads_against_pyroutelib.py EXTRACT.osm.pbf --peer PYTHON [--pairs 500] [--seed 1]``

PYTHON is the interpreter of an environment that has pyroutelib3 (it is not in ours). It reads the extract by
itself, contracts nothing, keeps everything, and obeys turn restrictions, which an import does not look at.
Both look for the best way between the same pairs of junctions:

- the shortest, over the great roads and over all, each engine with its own rules of who may drive where;
- the shortest and the fastest over all roads, with our rules and speeds: what is left is graph and search.
"""

from __future__ import annotations

import argparse
import heapq
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import osmium

from overland.roads.network import Network
from overland.roads.osm.road_import import Wanted, import_network, parse_classes
from overland.roads.osm.speeds import read_speeds
from overland.roads.osm.tags import HIGHWAYS, road

SPEEDS = read_speeds()
TOP = 200.0  # km/h: pyroutelib3 wants penalties of at least 1, so they are measured against a speed none has
PEER = """
import json, pathlib, sys, pyroutelib3
asked = json.load(sys.stdin)
class Asked(pyroutelib3.osm.HighwayProfile):
    def way_penalty(self, tags):
        if asked["penalties"] is None:
            return super().way_penalty(tags)
        return asked["penalties"].get(json.dumps(sorted(tags.items())))
access = ["access", "vehicle", "motor_vehicle", "motorcar"]
profile = Asked("asked", {value: 1.0 for value in asked["highways"]}, access)
with pathlib.Path(asked["file"]).open("rb") as file:
    graph = pyroutelib3.osm.Graph.from_file(profile, file, "pbf")
own = [node for node in graph.nodes.values() if node.id == node.external_id]
at = {(round(node.position[1], 7), round(node.position[0], 7)): node.id for node in own}
answers = []
for a, b in asked["pairs"]:
    start, end = at.get(tuple(a)), at.get(tuple(b))
    route = pyroutelib3.find_route(graph, start, end) if start and end else []
    answers.append(sum(dict(graph.get_edges(p))[q] for p, q in zip(route, route[1:])) if route else None)
json.dump(answers, sys.stdout)
"""


def penalties(extract: Path, *, fastest: bool) -> dict[str, float]:
    """What a kilometre costs by all the tags of a road, where we let vehicles drive."""
    result = {}
    for way in osmium.FileProcessor(str(extract), osmium.osm.WAY).with_filter(
        osmium.filter.KeyFilter("highway")
    ):
        tags = dict(way.tags)
        if (means := road(tags, SPEEDS)) is not None:
            cost = TOP / max(means.along, means.against) if fastest else 1.0
            result[json.dumps(sorted(tags.items()))] = cost
    return result


def arcs_of(network: Network, *, fastest: bool) -> list[list[tuple[int, float]]]:
    """Arcs out of each node with what they cost: seconds or metres."""
    cost = network.millis / 1000 if fastest else network.segments.metres[network.segment]
    bounds = zip(network.first[:-1], network.first[1:], strict=True)
    return [[(int(network.head[arc]), float(cost[arc])) for arc in range(low, high)] for low, high in bounds]


def best(arcs: list[list[tuple[int, float]]], source: int, target: int) -> float:
    """Cost of the best way: Dijkstra as in the textbook."""
    queue, done = [(0.0, source)], set()
    while queue:
        cost, node = heapq.heappop(queue)
        if node == target:
            return cost
        if node not in done:
            done.add(node)
            for to, more in arcs[node]:
                heapq.heappush(queue, (cost + more, to))
    return float("inf")


def ask(peer: str, question: dict[str, Any]) -> list[float | None]:
    """What pyroutelib3 answers: cost of the best way for each pair, in kilometres or as penalties say."""
    command = [peer, "-W", "ignore", "-c", PEER]
    answer = subprocess.run(command, input=json.dumps(question), capture_output=True, text=True, check=False)
    if answer.returncode:
        sys.exit(f"skipped: pyroutelib3 does not run with {peer}: {answer.stderr.strip().splitlines()[-1:]}")
    answers: list[float | None] = json.loads(answer.stdout)
    return answers


def compare(options: argparse.Namespace, classes: str, *, fastest: bool, our_rules: bool) -> None:
    """Print how far the two engines are apart."""
    chosen = parse_classes(classes)
    network, _ = import_network(options.extract, Wanted(chosen, SPEEDS), lambda *_: None)
    drawn = np.random.default_rng(options.seed).integers(len(network), size=(options.pairs, 2))
    drawn = drawn[drawn[:, 0] != drawn[:, 1]]
    place = np.column_stack([network.longitude, network.latitude]).round(7)
    arcs = arcs_of(network, fastest=fastest)
    ours = np.array([best(arcs, int(a), int(b)) for a, b in drawn])
    answers = ask(
        options.peer,
        {
            "file": str(options.extract),
            "highways": [value for value, name in HIGHWAYS.items() if name in chosen],
            "penalties": penalties(options.extract, fastest=fastest) if our_rules else None,
            "pairs": [[place[a].tolist(), place[b].tolist()] for a, b in drawn],
        },
    )
    unit = 3600 / TOP if fastest else 1000.0
    theirs = np.array([cost * unit if cost else np.nan for cost in answers])
    found = np.isfinite(theirs)
    apart = ours[found] / theirs[found] - 1
    half, most, nearly_all = np.percentile(np.abs(apart), [50, 90, 99])
    kind, rules = "fastest" if fastest else "shortest", "our rules" if our_rules else "each its own rules"
    print(
        f"{kind}, {classes}, {rules}: {len(network):,} nodes, {len(drawn)} pairs, {found.sum()} found by both"
    )
    print(f"  apart: median {half:.3%}, 90 % under {most:.3%}, 99 % under {nearly_all:.3%}")
    print(f"  ours more than 2 % more: {(apart > 0.02).sum()}, more than 2 % less: {(apart < -0.02).sum()}")
    for i in np.argsort(-np.abs(apart))[:3]:
        a, b = place[drawn[found][i]].tolist()
        print(f"    {apart[i]:+8.2%}  {ours[found][i]:8.0f} {'s' if fastest else 'm'}  {a} → {b}")


def main() -> None:
    """Compare on the great roads and on all."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("extract", type=Path)
    parser.add_argument("--peer", default=sys.executable)
    parser.add_argument("--pairs", type=int, default=500)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    compare(options, "motorway,trunk,primary,secondary,tertiary", fastest=False, our_rules=False)
    compare(options, "motorway..minor", fastest=False, our_rules=False)
    compare(options, "motorway..minor", fastest=False, our_rules=True)
    compare(options, "motorway..minor", fastest=True, our_rules=True)


if __name__ == "__main__":
    main()
