"""Fastest times and paths on networks of roads."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings

from overland.roads.network import NEVER, Bools, Network
from overland.roads.search import buckets
from overland.roads.search.buckets import FARTHEST, Graph, Search
from overland.roads.search.fastest import fastest_paths, times_between, times_to_all
from tests.roads.networks import grid_network, network_of
from tests.roads.oracles import drive, networks, times_by_relaxing


@settings(max_examples=150, deadline=None, derandomize=True)
@given(networks())
def test_times_are_those_of_relaxing_every_arc_until_nothing_improves(made: tuple[Network, Bools]) -> None:
    network, closed = made
    everywhere = range(len(network))
    for shut in (None, closed):
        expected = times_by_relaxing(network, everywhere, shut)
        assert times_to_all(network, everywhere, shut).tolist() == expected
        assert times_to_all(network, everywhere, shut, backward=True).T.tolist() == expected


@settings(max_examples=60, deadline=None, derandomize=True)
@given(networks())
def test_times_between_are_the_same_whichever_side_is_smaller(made: tuple[Network, Bools]) -> None:
    network, closed = made
    whole = np.array(times_by_relaxing(network, range(len(network)), closed))
    few, many = [0, len(network) - 1], [*range(len(network)), 0]
    assert times_between(network, few, many, closed).tolist() == whole[np.ix_(few, many)].tolist()
    assert times_between(network, many, few, closed).tolist() == whole[np.ix_(many, few)].tolist()


@settings(max_examples=60, deadline=None, derandomize=True)
@given(networks())
def test_a_path_is_drivable_open_and_takes_the_fastest_time(made: tuple[Network, Bools]) -> None:
    network, closed = made
    times = times_by_relaxing(network, [0], closed)[0]
    for target, path in enumerate(fastest_paths(network, 0, range(len(network)), closed)):
        if path is None:
            assert times[target] == NEVER
            continue
        assert drive(network, 0, path.arcs.tolist()) == (target, times[target])
        assert path.millis == times[target]
        assert not closed[path.arcs].any()


def test_a_closed_road_is_not_a_slow_one() -> None:
    network = network_of([(0, 0), (0, 0.1)], [(0, 1, 5, 5)])
    assert times_to_all(network, [0], np.ones(2, dtype=np.bool_)).tolist() == [[0, NEVER]]


def test_a_drive_of_a_fortnight_is_no_way_and_one_of_twelve_days_is() -> None:
    half = FARTHEST // 2
    network = network_of([(0, 0), (0, 0.1), (0, 0.2)], [(0, 1, half, NEVER), (1, 2, half, NEVER)])
    assert times_to_all(network, [0]).tolist() == [[0, half, 2 * half]]
    longer = network_of([(0, 0), (0, 0.1), (0, 0.2)], [(0, 1, half, NEVER), (1, 2, half + 1, NEVER)])
    assert times_to_all(longer, [0]).tolist() == [[0, half, NEVER]]


def test_a_network_without_roads_or_without_nodes_can_be_searched() -> None:
    assert times_to_all(network_of([(20, 50)], []), [0, 0]).tolist() == [[0], [0]]
    assert times_to_all(network_of([], []), []).shape == (0, 0)
    assert times_between(network_of([(20, 50)], []), [], [0]).shape == (0, 1)


def test_a_ferry_of_ten_hours_among_streets_of_seconds_is_timed_to_the_millisecond() -> None:
    roads = [(i, i + 1, 3, 3) for i in range(200)] + [(200, 201, 36_000_001, NEVER)]
    network = network_of([(i / 100, 0) for i in range(202)], roads)
    assert times_to_all(network, [0])[0, [200, 201]].tolist() == [600, 36_000_601]


def test_a_node_that_is_not_there_is_named() -> None:
    with pytest.raises(ValueError, match="no node 7"):
        times_between(network_of([(20, 50)], []), [0], [7])
    with pytest.raises(ValueError, match="closed is for 3 arcs"):
        times_to_all(network_of([(20, 50)], []), [0], np.zeros(3, dtype=np.bool_))


def test_a_search_that_runs_out_of_room_starts_again_with_more(monkeypatch: pytest.MonkeyPatch) -> None:
    network = grid_network(30, 30, seed=3)
    expected = times_to_all(network, [450])
    monkeypatch.setattr(buckets, "_POOL", 4)
    assert (times_to_all(network, [450]) == expected).all()
    assert (times_between(network, [450], range(900)) == expected).all()


def test_within_its_limit_a_search_is_sure() -> None:
    network = grid_network(30, 30, seed=4)
    expected = times_to_all(network, [0])[0]
    limit = int(np.median(expected))
    reached = np.empty(len(network), dtype=np.int32)
    Search(Graph.of(network)).run(0, np.zeros(0, dtype=np.int32), reached, limit=limit)
    near = (expected != NEVER) & (expected <= limit)
    assert (reached[near] == expected[near]).all()
    assert (reached[~near] > limit).all()
