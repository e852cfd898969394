"""The compiled search: exact for roads that close and reopen, first in, first out."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from overland.roads.earliest import all_departures, lasting, single_departure
from overland.roads.graph import NOWHERE, RoadGraph

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


def by_correction(
    nodes: int, arcs: list[Arc], terminal: tuple[int, ...], source: int, depart: int
) -> list[int]:
    """Correct labels until none changes; each road is tried at every moment at which it could be entered."""
    label = [NOWHERE] * nodes
    label[source] = depart
    changed = True
    while changed:
        changed = False
        for start, end, time, closed in arcs:
            if label[start] == NOWHERE or (start in terminal and start != source):
                continue
            moments = [label[start], *(reopens for _, reopens in closed if reopens > label[start])]
            entries = [
                moment
                for moment in moments
                if all(moment + time <= shuts or moment >= reopens for shuts, reopens in closed)
            ]
            reached = min(entries, default=NOWHERE) + time
            if reached < label[end]:
                label[end], changed = reached, True
    return label


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


@settings(max_examples=200, deadline=None, derandomize=True)
@given(networks(), st.data())
def test_arrivals_are_those_of_a_search_that_corrects_labels(
    network: tuple[int, list[Arc], tuple[int, ...]], data: st.DataObject
) -> None:
    nodes, arcs, terminal = network
    source, depart = data.draw(st.integers(0, nodes - 1)), data.draw(st.integers(0, 300))
    everywhere = np.ones(nodes, dtype=np.bool_)
    arrival, via, _, _ = single_departure(source, depart, graph_of(nodes, arcs, terminal), everywhere)
    assert arrival.tolist() == by_correction(nodes, arcs, terminal, source, depart)
    assert [way >= 0 for way in via] == [
        reached < NOWHERE and node != source for node, reached in enumerate(arrival)
    ]


@settings(max_examples=100, deadline=None, derandomize=True)
@given(networks(), st.data())
def test_who_leaves_later_never_arrives_earlier(
    network: tuple[int, list[Arc], tuple[int, ...]], data: st.DataObject
) -> None:
    nodes, arcs, terminal = network
    graph, source = graph_of(nodes, arcs, terminal), data.draw(st.integers(0, nodes - 1))
    departures = sorted(data.draw(st.lists(st.integers(0, 400), min_size=2, max_size=8)))
    reached = [arrivals(source, depart, graph) for depart in departures]
    assert all(np.all(earlier <= later) for earlier, later in pairwise(reached))


@settings(max_examples=100, deadline=None, derandomize=True)
@given(networks(), st.sampled_from([15, 30]))
def test_all_departures_are_the_single_ones_rounded_up_to_steps(
    network: tuple[int, list[Arc], tuple[int, ...]], step: int
) -> None:
    nodes, arcs, terminal = network
    graph, steps = graph_of(nodes, arcs, terminal), 360 // step
    targets = np.flatnonzero(np.arange(nodes) % 3 != 1)
    travel, row = all_departures(0, steps, step, 2, graph, targets)
    for t in range(steps):
        alone = arrivals(0, t * step, graph)[targets]
        whole = [
            -1 if one == NOWHERE else min(steps + 1, -(-max(0, one - t * step - 2) // step)) for one in alone
        ]
        assert travel[row[t]].tolist() == whole
    assert not any(np.array_equal(*travel[at : at + 2]) for at in range(len(travel) - 1)), "kept twice"


@settings(max_examples=200, deadline=None, derandomize=True)
@given(networks(), st.data())
def test_travel_times_last_as_long_as_it_is_said(
    network: tuple[int, list[Arc], tuple[int, ...]], data: st.DataObject
) -> None:
    nodes, arcs, terminal = network
    graph, depart = graph_of(nodes, arcs, terminal), data.draw(st.integers(0, 300))
    wanted = np.isin(np.arange(nodes), list(data.draw(st.sets(st.integers(0, nodes - 1), min_size=1))))
    found = single_departure(0, depart, graph, wanted)
    spare = min(lasting(0, graph, *found), 400)
    for later in range(depart, depart + spare + 1):
        then = arrivals(0, later, graph)
        for node in np.flatnonzero(wanted):
            if found[0][node] == NOWHERE:
                assert then[node] == NOWHERE
            else:
                assert then[node] - later == found[0][node] - depart


def reached(arc: Arc, depart: int) -> int:
    return int(arrivals(0, depart, graph_of(2, [arc]))[1])


def test_a_road_is_left_before_it_closes() -> None:
    road: Arc = (0, 1, 30, [(60, 90)])
    assert reached(road, 30) == 60  # just in time
    assert reached(road, 31) == 120  # waits until it opens again
    assert reached(road, 90) == 120


def test_a_gap_between_closures_that_is_too_short_is_no_gap() -> None:
    assert reached((0, 1, 30, [(0, 60), (89, 120)]), 0) == 150
    assert reached((0, 1, 29, [(0, 60), (89, 120)]), 0) == 89


def test_a_road_closed_for_good_leads_nowhere() -> None:
    assert reached((0, 1, 30, [(60, NOWHERE)]), 30) == 60
    assert reached((0, 1, 30, [(60, NOWHERE)]), 31) == NOWHERE


def test_waiting_for_a_short_road_can_be_better_than_a_detour() -> None:
    arcs: list[Arc] = [(0, 1, 10, [(0, 45)]), (0, 2, 30, []), (2, 1, 30, [])]
    graph = graph_of(3, arcs)
    arrival, via, _, _ = single_departure(0, 0, graph, np.ones(3, dtype=np.bool_))
    assert (arrival[1], via[1]) == (55, 0)  # by the first arc


def test_an_end_of_roads_is_reached_but_not_passed_through() -> None:
    arcs: list[Arc] = [(0, 1, 10, []), (1, 2, 10, [])]
    through = arrivals(0, 0, graph_of(3, arcs, terminal=(1,)))
    assert through.tolist() == [0, 10, NOWHERE]
    back = arrivals(1, 0, graph_of(3, arcs, terminal=(1,)))
    assert back.tolist() == [NOWHERE, 0, 10]
