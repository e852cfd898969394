"""Plain ways to do what the kernels do on networks, for tests: slow, and without a trick."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from hypothesis import strategies as st

from overland.roads.network import NEVER, Bools, Network
from overland.roads.search.buckets import FARTHEST
from tests.roads.networks import network_of


def arcs_of(network: Network, closed: Bools | None = None) -> list[tuple[int, int, int]]:
    """Open arcs as (tail, head, milliseconds)."""
    tail = np.repeat(np.arange(len(network)), np.diff(network.first))
    usable = np.ones(len(tail), dtype=np.bool_) if closed is None else ~closed
    rows = zip(
        tail[usable].tolist(), network.head[usable].tolist(), network.millis[usable].tolist(), strict=True
    )
    return list(rows)


def times_by_relaxing(
    network: Network, sources: Iterable[int], closed: Bools | None = None
) -> list[list[int]]:
    """Fastest times from each source to all nodes (Bellman & Ford: relax all arcs until nothing improves)."""
    arcs, rows = arcs_of(network, closed), []
    for source in sources:
        best: list[float] = [float("inf")] * len(network)
        best[source] = 0
        improved = True
        while improved:
            improved = False
            for tail, head, millis in arcs:
                if best[tail] + millis < best[head]:
                    best[head], improved = best[tail] + millis, True
        rows.append([NEVER if t >= FARTHEST else int(t) for t in best])
    return rows


def drive(network: Network, source: int, arcs: Iterable[int]) -> tuple[int, int]:
    """Node at the end of a drive along some arcs, and its time; each must start where the last ended."""
    node, millis = source, 0
    for arc in arcs:
        assert network.first[node] <= arc < network.first[node + 1], f"arc {arc} does not start at {node}"
        node, millis = int(network.head[arc]), millis + int(network.millis[arc])
    return node, millis


@st.composite
def networks(draw: st.DrawFn, most: int = 14) -> tuple[Network, Bools]:
    """A small network with one-ways, parallel roads, loops, roads of no time, parts apart; closed arcs."""
    count = draw(st.integers(1, most))
    node = st.integers(0, count - 1)
    time = st.one_of(
        st.just(NEVER), st.integers(0, 12), st.integers(1, 90_000), st.sampled_from([36_000_000, 400_000_000])
    )
    roads = draw(st.lists(st.tuples(node, node, time, time), max_size=3 * most))
    places = draw(st.permutations(range(count)))
    network = network_of([(p % 4 + 0.1 * p, p // 4 + 0.01 * p) for p in places], roads)
    shut = draw(st.lists(st.booleans(), min_size=len(network.head), max_size=len(network.head)))
    return network, np.array(shut, dtype=np.bool_)
