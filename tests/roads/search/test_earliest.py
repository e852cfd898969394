"""The compiled search: exact for roads that close and reopen, first in, first out."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from overland.roads.search.earliest import single_departure
from overland.roads.search.graph import NOWHERE
from tests.roads.graphs import Arc, arrivals, graph_of, networks


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
