"""Small graphs whose roads close and open, for tests of searches in time."""

from __future__ import annotations

import numpy as np
from hypothesis import strategies as st
from numpy.typing import NDArray

from overland.roads.search.earliest import single_departure
from overland.roads.search.graph import NOWHERE, RoadGraph

Closed = list[tuple[int, int]]
Arc = tuple[int, int, int, Closed]  # from, to, time, closed


def graph_of(nodes: int, arcs: list[Arc], terminal: tuple[int, ...] = ()) -> RoadGraph:
    """A graph in which each arc is a road of its own."""
    closed_first = np.cumsum([0, *(len(arc[3]) for arc in arcs)]).astype(np.int64)
    closed = np.array([one for arc in arcs for one in arc[3]], dtype=np.int64).reshape(-1, 2)
    tail, head, time = (np.array([arc[i] for arc in arcs], dtype=np.int64) for i in range(3))
    return RoadGraph.of(nodes, (tail, head, time, np.arange(len(arcs))), (closed_first, closed), terminal)


def arrivals(source: int, depart: int, graph: RoadGraph) -> NDArray[np.int64]:
    """Earliest arrivals at all nodes."""
    return single_departure(source, depart, graph, np.ones(len(graph.terminal), dtype=np.bool_))[0]


@st.composite
def networks(draw: st.DrawFn) -> tuple[int, list[Arc], tuple[int, ...]]:
    """Up to twelve nodes, fifty arcs that may close three times, and some ends of roads."""
    nodes = draw(st.integers(2, 12))
    node = st.integers(0, nodes - 1)
    arcs = []
    for _ in range(draw(st.integers(1, 50))):
        start, end = draw(node), draw(node)
        times = sorted(draw(st.lists(st.integers(-30, 300), max_size=6, unique=True)))
        closed: Closed = list(zip(times[::2], times[1::2], strict=False))
        if len(times) % 2:
            closed.append((times[-1], NOWHERE))
        if start != end:
            arcs.append((start, end, draw(st.integers(1, 60)), closed))
    return nodes, arcs, tuple(draw(st.sets(node, max_size=3)))
