"""Departures at every step: those of single searches, kept once, and lasting as long as it is said."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from overland.roads.search.departures import all_departures, arc_tails, lasting, risky_arcs
from overland.roads.search.earliest import single_departure
from overland.roads.search.graph import NOWHERE
from tests.roads.graphs import Arc, arrivals, graph_of, networks


@settings(max_examples=400, deadline=None, derandomize=True)
@given(networks(), st.sampled_from([3, 15, 30]))
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
    arrival, via, _, _ = single_departure(0, depart, graph, np.ones(nodes, dtype=np.bool_))
    spare = min(lasting(0, graph, arc_tails(graph), risky_arcs(graph), arrival, via), 400)
    for later in range(depart, depart + spare + 1):
        then = arrivals(0, later, graph)
        assert np.array_equal(then == NOWHERE, arrival == NOWHERE)
        there = arrival < NOWHERE
        assert np.array_equal(then[there] - later, arrival[there] - depart)
