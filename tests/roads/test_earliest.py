"""The compiled search: exact for roads that close and reopen, first in, first out."""

from __future__ import annotations

from itertools import pairwise
from typing import NamedTuple

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from overland.roads.earliest import all_departures, single_departure

FOREVER = float("inf")
Closed = list[tuple[float, float]]
Arc = tuple[int, int, float, Closed]  # from, to, minutes, closed


class Graph(NamedTuple):
    """The arguments of the kernels."""

    first: NDArray[np.int64]
    head: NDArray[np.int64]
    minutes: NDArray[np.float64]
    closed_first: NDArray[np.int64]
    closed: NDArray[np.float64]
    terminal: NDArray[np.bool_]


def graph_of(nodes: int, arcs: list[Arc], terminal: tuple[int, ...] = ()) -> Graph:
    arcs = sorted(arcs, key=lambda arc: arc[0])
    return Graph(
        first=np.array([sum(arc[0] < node for arc in arcs) for node in range(nodes + 1)], dtype=np.int64),
        head=np.array([arc[1] for arc in arcs], dtype=np.int64),
        minutes=np.array([arc[2] for arc in arcs], dtype=np.float64),
        closed_first=np.cumsum([0, *(len(arc[3]) for arc in arcs)]).astype(np.int64),
        closed=np.array([one for arc in arcs for one in arc[3]], dtype=np.float64).reshape(-1, 2),
        terminal=np.isin(np.arange(nodes), terminal),
    )


def by_correction(
    nodes: int, arcs: list[Arc], terminal: tuple[int, ...], source: int, depart: float
) -> list[float]:
    """Correct labels until none changes; each road is tried at every moment at which it could be entered."""
    label = [FOREVER] * nodes
    label[source] = depart
    changed = True
    while changed:
        changed = False
        for start, end, minutes, closed in arcs:
            if label[start] == FOREVER or (start in terminal and start != source):
                continue
            moments = [label[start], *(reopens for _, reopens in closed if reopens > label[start])]
            entries = [
                moment
                for moment in moments
                if all(moment + minutes <= shuts or moment >= reopens for shuts, reopens in closed)
            ]
            reached = min(entries, default=FOREVER) + minutes
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
        closed: Closed = [(float(a), float(b)) for a, b in zip(times[::2], times[1::2], strict=False)]
        if len(times) % 2:
            closed.append((float(times[-1]), FOREVER))
        if start != end:
            arcs.append((start, end, draw(st.integers(1, 240)) / 4, closed))
    return nodes, arcs, tuple(draw(st.sets(node, max_size=3)))


@settings(max_examples=200, deadline=None, derandomize=True)
@given(networks(), st.data())
def test_arrivals_are_those_of_a_search_that_corrects_labels(
    network: tuple[int, list[Arc], tuple[int, ...]], data: st.DataObject
) -> None:
    nodes, arcs, terminal = network
    source, depart = data.draw(st.integers(0, nodes - 1)), float(data.draw(st.integers(0, 300)))
    arrival, previous = single_departure(source, depart, *graph_of(nodes, arcs, terminal))
    assert arrival.tolist() == by_correction(nodes, arcs, terminal, source, depart)
    assert [way >= 0 for way in previous] == [
        reached < FOREVER and node != source for node, reached in enumerate(arrival)
    ]


@settings(max_examples=100, deadline=None, derandomize=True)
@given(networks(), st.data())
def test_who_leaves_later_never_arrives_earlier(
    network: tuple[int, list[Arc], tuple[int, ...]], data: st.DataObject
) -> None:
    nodes, arcs, terminal = network
    graph, source = graph_of(nodes, arcs, terminal), data.draw(st.integers(0, nodes - 1))
    departures = sorted(data.draw(st.lists(st.integers(0, 400), min_size=2, max_size=8)))
    arrivals = [single_departure(source, float(depart), *graph)[0] for depart in departures]
    assert all(np.all(earlier <= later) for earlier, later in pairwise(arrivals))


@settings(max_examples=100, deadline=None, derandomize=True)
@given(networks(), st.sampled_from([15, 30]))
def test_all_departures_are_the_single_ones_rounded_up_to_steps(
    network: tuple[int, list[Arc], tuple[int, ...]], step: int
) -> None:
    nodes, arcs, terminal = network
    graph, steps = graph_of(nodes, arcs, terminal), 360 // step
    together = all_departures(0, steps, float(step), *graph)
    for t in range(steps):
        arrival, _ = single_departure(0, float(t * step), *graph)
        alone = [
            -1 if reached == FOREVER or -(-reached // step) > steps else -(-reached // step) - t
            for reached in arrival
        ]
        assert together[t].tolist() == alone


def reached(arc: Arc, depart: float) -> float:
    arrival, _ = single_departure(0, depart, *graph_of(2, [arc]))
    return float(arrival[1])


def test_a_road_is_left_before_it_closes() -> None:
    road: Arc = (0, 1, 30.0, [(60.0, 90.0)])
    assert reached(road, 30) == 60  # just in time
    assert reached(road, 31) == 120  # waits until it opens again
    assert reached(road, 90) == 120


def test_a_gap_between_closures_that_is_too_short_is_no_gap() -> None:
    assert reached((0, 1, 30.0, [(0.0, 60.0), (89.0, 120.0)]), 0) == 150
    assert reached((0, 1, 29.0, [(0.0, 60.0), (89.0, 120.0)]), 0) == 89


def test_a_road_closed_for_good_leads_nowhere() -> None:
    assert reached((0, 1, 30.0, [(60.0, FOREVER)]), 30) == 60
    assert reached((0, 1, 30.0, [(60.0, FOREVER)]), 31) == FOREVER


def test_waiting_for_a_short_road_can_be_better_than_a_detour() -> None:
    arcs: list[Arc] = [(0, 1, 10.0, [(0.0, 45.0)]), (0, 2, 30.0, []), (2, 1, 30.0, [])]
    arrival, previous = single_departure(0, 0.0, *graph_of(3, arcs))
    assert (arrival[1], previous[1]) == (55, 0)


def test_an_end_of_roads_is_reached_but_not_passed_through() -> None:
    arcs: list[Arc] = [(0, 1, 10.0, []), (1, 2, 10.0, [])]
    through, _ = single_departure(0, 0.0, *graph_of(3, arcs, terminal=(1,)))
    assert through.tolist() == [0, 10, FOREVER]
    back, _ = single_departure(1, 0.0, *graph_of(3, arcs, terminal=(1,)))
    assert back.tolist() == [FOREVER, 0, 10]
