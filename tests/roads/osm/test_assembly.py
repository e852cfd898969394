"""Contraction and assembly: no shortest time may change, as a plain Dijkstra over pieces finds it."""

from __future__ import annotations

import heapq
from collections import defaultdict

import numpy as np
from hypothesis import example, given, settings
from hypothesis import strategies as st

from overland.roads.network import BRIDGE, NEVER, Segments
from overland.roads.osm.assembly import Graph, Lengths
from overland.roads.osm.extract import Ways
from overland.roads.osm.pieces import course

Way = tuple[list[int], str, int]  # vertices, directions (both, along, against), marks
VERTICES = 8
AT = np.array([(20 + 0.01 * i, 50 + 0.003 * (i * i % 7)) for i in range(VERTICES)])

WAYS = st.lists(
    st.tuples(
        st.lists(st.integers(0, VERTICES - 1), min_size=2, max_size=6),
        st.sampled_from(["both", "both", "along", "against"]),
        st.sampled_from([0, 0, 0, BRIDGE]),
    ),
    min_size=1,
    max_size=9,
)


def ways_of(drawn: list[Way]) -> Ways:
    allowed = np.array([[way[1] != "against", way[1] != "along"] for way in drawn], dtype=float)
    speed = 30.0 + 7 * np.arange(len(drawn))
    return Ways(
        identifier=np.arange(100, 100 + len(drawn)),
        first=np.concatenate([[0], np.cumsum([len(way[0]) for way in drawn])]),
        node=np.concatenate([way[0] for way in drawn]),
        road_class=np.full(len(drawn), 2, dtype=np.int8),
        marks=np.array([way[2] for way in drawn], dtype=np.uint8),
        along=speed * allowed[:, 0],
        against=speed * allowed[:, 1],
        seconds=np.zeros(len(drawn)),
        name=np.arange(len(drawn), dtype=np.int32),
        names=tuple(f"way {i}" for i in range(len(drawn))),
        points=[],
    )


def graph_of(ways: Ways, forced: list[int]) -> Graph:
    whole = course(ways.first, ways.node.astype(np.int32), np.ones(VERTICES, dtype=np.bool_))
    lengths = Lengths.of(whole, AT[:, 0], AT[:, 1], len(ways.identifier))
    return Graph.of(ways, whole, lengths, VERTICES, np.array(forced, dtype=np.int64))


def all_times(
    start: list[int], end: list[int], along: list[int], against: list[int]
) -> dict[int, dict[int, int]]:
    """Shortest times between all pairs of nodes: Dijkstra as in the textbook."""
    arcs: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for a, b, there, back in zip(start, end, along, against, strict=True):
        arcs[a] += [(b, there)] if there != NEVER else []
        arcs[b] += [(a, back)] if back != NEVER else []
    times = {}
    for source in {*start, *end}:
        reached: dict[int, int] = {}
        queue = [(0, source)]
        while queue:
            time, node = heapq.heappop(queue)
            if node not in reached:
                reached[node] = time
                for to, millis in arcs[node]:
                    heapq.heappush(queue, (time + millis, to))
        times[source] = reached
    return times


def contracted(ways: Ways, graph: Graph, forced: list[int]) -> tuple[Segments, list[int], list[int]]:
    """Segments, and the vertices of their starts and ends."""
    segments, vertex = graph.segments(ways, np.array(forced, dtype=np.int64), AT[:, 0], AT[:, 1])
    return segments, vertex[segments.start].tolist(), vertex[segments.end].tolist()


RING: list[Way] = [([0, 1, 2], "both", 0), ([2, 3, 0], "both", 0)]
ONE_WAY_RING: list[Way] = [([0, 1, 2], "along", 0), ([0, 3, 2], "against", 0)]
LOLLIPOP: list[Way] = [([0, 1, 2, 3, 1], "along", 0)]
PARALLEL: list[Way] = [([0, 1], "both", 0), ([0, 2, 1], "both", 0), ([1, 0], "along", 0)]
SELF_LOOP: list[Way] = [([0, 0], "both", 0), ([1, 2, 1, 3], "both", 0)]


@given(WAYS, st.lists(st.integers(0, VERTICES - 1), max_size=2))
@example(RING, [])
@example(RING, [1, 3])
@example(ONE_WAY_RING, [])
@example(LOLLIPOP, [])
@example(PARALLEL, [])
@example(SELF_LOOP, [2])
@settings(max_examples=300, derandomize=True, deadline=None)
def test_contraction_changes_no_shortest_time(drawn: list[Way], forced: list[int]) -> None:
    ways = ways_of(drawn)
    graph = graph_of(ways, forced)
    if not len(graph.pieces):
        return
    segments, start, end = contracted(ways, graph, forced)
    before = all_times(
        graph.vertex[graph.start].tolist(),
        graph.vertex[graph.end].tolist(),
        graph.along.tolist(),
        graph.against.tolist(),
    )
    after = all_times(start, end, segments.along.tolist(), segments.against.tolist())
    stay = set(after)
    assert stay <= set(before)
    assert set(forced) & set(before) <= stay
    for source in stay:
        assert after[source] == {node: time for node, time in before[source].items() if node in stay}


@given(WAYS, st.lists(st.integers(0, VERTICES - 1), max_size=2))
@settings(max_examples=150, derandomize=True, deadline=None)
def test_segments_are_made_of_all_the_road_and_drawn_from_start_to_end(
    drawn: list[Way], forced: list[int]
) -> None:
    ways = ways_of(drawn)
    graph = graph_of(ways, forced)
    if not len(graph.pieces):
        return
    segments, start, end = contracted(ways, graph, forced)
    assert np.isclose(segments.metres.sum(), graph.metres.sum())
    assert (segments.along != NEVER).any() or (segments.against != NEVER).any()
    for i in range(len(segments)):
        line = segments.line(i)
        assert line[0].tolist() == AT[start[i]].tolist()
        assert line[-1].tolist() == AT[end[i]].tolist()
        drawn_from = {drawn[way - 100][2] for way in segments.ways(i)}
        assert drawn_from == {segments.marks[i]}  # marks do not change along the way
        assert segments.name[i] in {f"way {way - 100}" for way in segments.ways(i)}
    steps = sum(a != b for way in drawn for a, b in zip(way[0], way[0][1:], strict=False))
    assert len(segments.point) - len(segments) == steps


def test_a_row_of_ways_becomes_one_segment() -> None:
    ways = ways_of([([0, 1, 2], "both", 0), ([3, 2], "both", 0), ([3, 4, 5], "both", 0)])
    segments, start, end = contracted(ways, graph_of(ways, []), [])
    assert (len(segments), {start[0], end[0]}) == (1, {0, 5})
    assert sorted(segments.ways(0)) == [100, 101, 102]
    assert len(segments.line(0)) == 6


def test_contraction_stops_where_a_bridge_begins_and_where_a_road_becomes_one_way() -> None:
    ways = ways_of([([0, 1], "both", 0), ([1, 2], "both", BRIDGE), ([2, 3], "both", 0), ([3, 4], "along", 0)])
    _, start, end = contracted(ways, graph_of(ways, []), [])
    assert sorted(map(sorted, zip(start, end, strict=True))) == [[0, 1], [1, 2], [2, 3], [3, 4]]


def test_a_ring_road_without_a_junction_keeps_one_node() -> None:
    ways = ways_of(RING)
    segments, start, end = contracted(ways, graph_of(ways, []), [])
    assert len(segments) == 1
    assert start == end
    assert len(segments.line(0)) == 5


def test_the_largest_part_is_the_one_with_the_most_road() -> None:
    loop = ([0, 7, 6, 0], "along", 0)  # 3 nodes, but longer than the two-way road of the other part
    dead_end = ([6, 5], "along", 0)
    ways = ways_of([loop, dead_end, ([1, 2], "both", 0), ([2, 3], "both", 0), ([3, 4], "both", 0)])
    graph = graph_of(ways, [])
    assert graph.way[graph.largest_part()].tolist() == [0, 0]
