"""Fastest times on a made-up country of a million junctions: ours, and what others need for the same.

``python benchmarks/routing.py [--peers PYTHON] [--side NODES] [plain] [hierarchy] [peers]``

PYTHON is an interpreter that has scipy, networkit, igraph and rustworkx, or some of them: a virtual
environment made for the purpose, since the project needs none of them. Everything runs in a process of its
own, one after the other; what a slow peer needs for all sources is extrapolated from a few. On a machine with
other work, compare processor time too: ``cpu``, seconds of all threads.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

SOURCES, ENDS = 100, (200, 60)
KEPT, ONE_WAY = 0.684, 0.1  # shares of a full grid's roads, and of those kept: 2.6 million arcs
PEERS = {"scipy": 100, "networkit": 100, "igraph": 1, "rustworkx": 1}  # sources that each is run for
SHUFFLED = {"scipy": 10, "networkit": 10}  # the same with nodes numbered at random


def made(side: int, seed: int = 0) -> Any:
    """A perturbed grid: a third of the roads is missing, a tenth one-way, at 30 to 110 km/h."""
    from overland.roads.network import NEVER, Network, Segments

    random = np.random.default_rng(seed)
    number = np.arange(side * side).reshape(side, side)
    place = np.stack(np.meshgrid(np.arange(side), np.arange(side)), axis=-1).reshape(-1, 2) / 200
    place = place + random.uniform(-0.3, 0.3, place.shape) / 200
    across, along = np.stack([number[:, :-1], number[:, 1:]], -1), np.stack([number[:-1], number[1:]], -1)
    pairs = np.concatenate([across.reshape(-1, 2), along.reshape(-1, 2)])
    pairs = pairs[random.random(len(pairs)) < KEPT]
    metres = np.hypot(*(place[pairs[:, 0]] - place[pairs[:, 1]]).T) * 111_200
    millis = (metres * 3600 / random.choice([30, 50, 50, 70, 90, 110], len(pairs))).astype(np.int32) + 1
    count = len(pairs)
    segments = Segments(
        start=pairs[:, 0].astype(np.int32),
        end=pairs[:, 1].astype(np.int32),
        metres=metres,
        along=millis,
        against=np.where(random.random(count) < ONE_WAY, NEVER, millis).astype(np.int32),
        road_class=np.zeros(count, np.int8),
        marks=np.zeros(count, np.uint8),
        name=("",) * count,
        way_first=np.arange(count + 1),
        way=np.arange(count),
        point_first=np.arange(0, 2 * count + 1, 2),
        point=place[pairs].reshape(-1, 2),
    )
    return Network.of(place[:, 0], place[:, 1], segments)


def loaded(file: Path) -> Any:
    """The network of a file of arrays, without its segments: searches do not look at them."""
    from overland.roads.network import Network

    a = dict(np.load(file))
    nothing: Any = None
    return Network(a["longitude"], a["latitude"], a["first"], a["head"], a["millis"], *[nothing] * 3)


def written(folder: Path, side: int) -> None:
    """Write the network in its own order and, for comparison, in a random one."""
    network, random = made(side), np.random.default_rng(1)
    count = len(network)
    ends = {"ends": random.integers(0, count, SOURCES + sum(ENDS))}
    place = {"longitude": network.longitude, "latitude": network.latitude}
    arcs = {"first": network.first, "head": network.head, "millis": network.millis}
    np.savez(folder / "curve.npz", **arcs, **place, **ends)
    number = random.permutation(count).astype(np.int32)
    back = np.argsort(number)
    tail = number[np.repeat(np.arange(count), np.diff(network.first))]
    order = np.argsort(tail, kind="stable")
    arcs = {
        "first": np.searchsorted(tail[order], np.arange(count + 1)),
        "head": number[network.head][order],
        "millis": network.millis[order],
    }
    place, ends = {k: v[back] for k, v in place.items()}, {"ends": number[ends["ends"]]}
    np.savez(folder / "random.npz", **arcs, **place, **ends)
    print(f"{count:,} nodes, {len(network.head):,} arcs")


def timed(work: Callable[[], Any], times: int = 1) -> tuple[float, Any]:
    """Median seconds of some runs, and what the last returned."""
    seconds = []
    for _ in range(times):
        started = time.perf_counter()
        result = work()
        seconds.append(time.perf_counter() - started)
    return statistics.median(seconds), result


def peak() -> float:
    """Most memory of this process so far, in MB; getrusage would count that of its parent too."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM"))


def total(times: Any) -> int:
    """Sum of all times that are any, to compare: others give infinity, ours is -1."""
    return sum(int(row[(row >= 0) & (row < 1e15)].sum(dtype=np.int64)) for row in np.asarray(times))


def plain(file: Path, count: int) -> dict[str, Any]:
    """Our searches without preparation."""
    from overland.roads.search.alternatives import Alternatives
    from overland.roads.search.fastest import times_between, times_to_all

    small, network, ends = made(5), loaded(file), np.load(file)["ends"]
    times_to_all(small, [0])
    times_between(small, [0], [1])
    busy = time.process_time()
    seconds, times = timed(lambda: times_to_all(network, ends[:count]))
    busy = time.process_time() - busy
    memory = peak()
    one, _ = timed(lambda: times_to_all(network, ends[:1]), 5)
    between, _ = timed(lambda: times_between(network, ends[SOURCES:][: ENDS[0]], ends[-ENDS[1] :]), 3)
    finder = Alternatives(network)
    finder.between(0, 1)
    found = [timed(lambda i=i: finder.between(*ends[2 * i : 2 * i + 2])) for i in range(20)]  # type: ignore[misc]
    other = statistics.mean(len(ways) - 1 for _, ways in found if ways)
    return {
        "to all": seconds, "cpu": busy, "sources": count, "memory": memory, "total": total(times),
        "one to all": one, "200 x 60": between, "alternatives": statistics.median(s for s, _ in found),
        "found": other,
    }  # fmt: skip


def hierarchy(file: Path, _: int) -> dict[str, Any]:
    """Our searches after preparation."""
    from overland.roads.search.dissection import dissected
    from overland.roads.search.fastest import times_between
    from overland.roads.search.hierarchy import Hierarchy

    network, ends = loaded(file), np.load(file)["ends"]
    sources, targets = ends[SOURCES:][: ENDS[0]], ends[-ENDS[1] :]
    small = Hierarchy.of(made(30)).customized()
    small.changed(np.arange(len(small.millis)) == 3).times_between([0], [1])
    small.fastest_path(0, 1)
    ordering, order = timed(lambda: dissected(network))
    linking, prepared = timed(lambda: Hierarchy.of(network, order))
    memory = peak()
    customizing, metric = timed(prepared.customized, 3)
    query, times = timed(lambda: metric.times_between(sources, targets), 5)
    path, _way = timed(lambda: metric.fastest_path(sources[0], targets[0]), 5)
    figures = {
        "order": ordering, "shortcuts": linking, "links": len(prepared.tail), "memory": memory,
        "customized": customizing, "200 x 60": query, "path": path,
        "exact": bool((times == times_between(network, sources, targets)).all()),
    }  # fmt: skip
    random = np.random.default_rng(2)
    for count in (1, 10, 100, 10_000):
        closed = np.zeros(len(network.head), dtype=np.bool_)
        closed[random.choice(len(closed), count, replace=False)] = True
        figures[f"{count} closed"], changed = timed(lambda c=closed: metric.changed(c), 3)  # type: ignore[misc]
        times = changed.times_between(sources, targets)
        figures["exact"] &= bool((times == times_between(network, sources, targets, closed)).all())
    return figures


def peer(name: str, file: Path, count: int) -> dict[str, Any]:
    """A peer's searches to all nodes; its graph is made before the clock starts."""
    a = dict(np.load(file))
    first, head, millis, sources = a["first"], a["head"], a["millis"], a["ends"][:count].tolist()
    nodes, tail = len(first) - 1, np.repeat(np.arange(len(first) - 1), np.diff(first))
    run: Callable[[], Any]
    if name == "scipy":
        from scipy.sparse import csr_array
        from scipy.sparse.csgraph import dijkstra

        matrix = csr_array((millis.astype(float), head, first.astype(np.int32)), shape=(nodes, nodes))
        run = lambda: dijkstra(matrix, indices=sources)  # noqa: E731
    elif name == "networkit":
        import networkit

        links = (millis.astype(float), (tail, head.astype(np.int64)))
        network = networkit.GraphFromCoo(links, n=nodes, weighted=True, directed=True)
        search = networkit.distance.SPSP(network, sources)
        run = lambda: search.run().getDistances(True)  # noqa: E731
    elif name == "igraph":
        import igraph

        country = igraph.Graph(n=nodes, edges=np.column_stack([tail, head]), directed=True)
        run = lambda: country.distances(sources, weights=millis.tolist())  # noqa: E731
    else:
        import rustworkx

        roads: Any = rustworkx.PyDiGraph()
        roads.add_nodes_from(range(nodes))
        roads.add_edges_from(list(zip(tail.tolist(), head.tolist(), millis.tolist(), strict=True)))
        search_all = rustworkx.dijkstra_shortest_path_lengths
        run = lambda: [list(search_all(roads, s, float).values()) for s in sources]  # noqa: E731
    busy = time.process_time()
    seconds, times = timed(run)
    busy, memory = time.process_time() - busy, peak()
    return {"to all": seconds, "cpu": busy, "sources": count, "memory": memory, "total": total(times)}


def apart(python: str, what: str, file: Path, count: int) -> dict[str, Any] | None:
    """Measure in a process of its own; None, with a message, where the peer is not installed."""
    command = [python, str(Path(__file__).resolve()), "--measure", what, str(file), str(count)]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    if done.returncode and "ModuleNotFoundError" in done.stderr:
        print(f"{what}: skipped, not installed for {python}")
        return None
    if done.returncode:
        raise SystemExit(f"{what} failed:\n{done.stderr}")
    figures: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    shown = "  ".join(f"{k} {v:,.3f}" if isinstance(v, float) else f"{k} {v:,}" for k, v in figures.items())
    print(f"{what:10} {file.stem:7} {shown}", flush=True)
    return figures


def compared(python: str, folder: Path, ours: dict[str, Any] | None) -> None:
    """Run the peers, and say what they need for all sources in terms of ours."""
    for order, counts in (("curve", PEERS), ("random", SHUFFLED)):
        for name, count in counts.items():
            figures = apart(python, name, folder / f"{order}.npz", count)
            if figures and ours:
                whole = figures["to all"] * SOURCES / count
                ratio = ours["to all"] / whole
                print(f"{'':18} {whole:,.1f} s for {SOURCES} sources; ours {ratio:.3f} of it")
                if count == SOURCES and figures["total"] != ours["total"]:
                    raise SystemExit(f"{name} disagrees with ours")


def main() -> None:
    """Measure what is asked for: all of it if nothing is."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("parts", nargs="*", help="plain, hierarchy, peers")
    parser.add_argument("--peers", default=sys.executable, metavar="PYTHON")
    parser.add_argument("--side", type=int, default=1000, help="nodes along a side of the grid")
    parser.add_argument("--measure", nargs=3, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.measure:
        what, file, count = arguments.measure
        measure = {"plain": plain, "hierarchy": hierarchy}.get(what, lambda f, c: peer(what, f, c))
        print(json.dumps(measure(Path(file), int(count))))
        return
    parts = arguments.parts or ["plain", "hierarchy", "peers"]
    with tempfile.TemporaryDirectory() as folder:
        written(Path(folder), arguments.side)
        ours = None
        if "plain" in parts:
            ours = apart(sys.executable, "plain", Path(folder, "curve.npz"), SOURCES)
            apart(sys.executable, "plain", Path(folder, "random.npz"), 10)
        if "hierarchy" in parts:
            apart(sys.executable, "hierarchy", Path(folder, "curve.npz"), 0)
        if "peers" in parts:
            compared(arguments.peers, Path(folder), ours)


if __name__ == "__main__":
    main()
