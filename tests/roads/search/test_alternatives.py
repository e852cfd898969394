"""Alternatives to the fastest path differ from it, take little longer and make no needless detour."""

from __future__ import annotations

import numpy as np
import pytest

from overland.roads.network import NEVER, Bools, Network
from overland.roads.search.alternatives import Alternatives, Limits
from overland.roads.search.fastest import Path, fastest_paths, times_between
from tests.roads.networks import grid_network, network_of
from tests.roads.oracles import drive

# Three roads from 0 to 4, by 1, 2 and 3: ten, eleven and fifteen minutes; and a way round one block of the
# first, without 5.
TOWN = [(20.0, 50.0), (20.1, 50.1), (20.1, 50.0), (20.1, 49.9), (20.2, 50.0), (20.02, 50.03), (20.04, 50.05)]
ROADS = [
    (0, 5, 60_000, 60_000), (5, 6, 60_000, 60_000), (6, 1, 180_000, 180_000), (1, 4, 300_000, 300_000),
    (0, 2, 330_000, 330_000), (2, 4, 330_000, 330_000),
    (0, 3, 450_000, 450_000), (3, 4, 450_000, 450_000),
    (0, 6, 130_000, 130_000),
]  # fmt: skip


def _placed(network: Network, places: list[int]) -> list[int]:
    """Numbers that nodes of the town have in its network."""
    longitude, latitude = network.longitude, network.latitude
    return [int(np.argmin(np.hypot(longitude - x, latitude - y))) for x, y in np.array(TOWN)[places]]


def _minutes(ways: list[Path]) -> list[float]:
    return [way.millis / 60_000 for way in ways]


def test_a_road_a_tenth_slower_is_an_alternative_one_half_slower_and_a_way_round_a_block_are_not() -> None:
    network = network_of(TOWN, ROADS)
    start, goal = _placed(network, [0, 4])
    assert _minutes(Alternatives(network).between(start, goal)) == [10, 11]
    assert _minutes(Alternatives(network).between(start, goal, limits=Limits(stretch=1.5))) == [10, 11, 15]
    assert _minutes(Alternatives(network).between(start, goal, 1, Limits(stretch=1.5))) == [10, 11]


def test_a_closed_road_is_no_alternative() -> None:
    network = network_of(TOWN, ROADS)
    start, goal, second = _placed(network, [0, 4, 2])
    assert _minutes(Alternatives(network, network.head == second).between(start, goal)) == [10]


def test_where_there_is_no_way_there_is_no_alternative_and_to_stay_is_a_way() -> None:
    network = network_of([(20, 50), (21, 50)], [(0, 1, 5, NEVER)])
    finder = Alternatives(network)
    assert [way.arcs.tolist() for way in finder.between(0, 0)] == [[]]
    assert [len(finder.between(a, b)) for a, b in ((0, 1), (1, 0))] in ([1, 0], [0, 1])


@pytest.mark.parametrize("limits", [Limits(), Limits(0.4, 1.25, 0.25), Limits(0.7, 1.4, 0.1)])
@pytest.mark.parametrize("shut", [0.0, 0.1])
def test_alternatives_are_what_they_are_defined_to_be(limits: Limits, shut: float) -> None:
    network = grid_network(40, 40, seed=11, kept=0.8)
    random = np.random.default_rng(12)
    closed = random.random(len(network.head)) < shut
    finder, found = Alternatives(network, closed), 0
    for start, goal in random.integers(0, len(network), (12, 2)).tolist():
        ways = finder.between(start, goal, 3, limits)
        fastest = fastest_paths(network, start, [goal], closed)[0]
        assert (fastest is None) == (not ways)
        if fastest is not None:
            assert ways[0].millis == fastest.millis
            _assert_admissible(network, closed, start, goal, ways, limits)
            found += len(ways) - 1
    assert found > 5


def _assert_admissible(
    network: Network, closed: Bools, start: int, goal: int, ways: list[Path], limits: Limits
) -> None:
    best, used = ways[0].millis, set(ways[0].arcs.tolist())
    assert len(ways) <= 4
    for way in ways:
        assert drive(network, start, way.arcs.tolist()) == (goal, way.millis)
        assert not closed[way.arcs].any()
    for way in ways[1:]:
        shared = sum(int(network.millis[arc]) for arc in way.arcs if int(arc) in used)
        used |= set(way.arcs.tolist())
        assert shared <= limits.shared * best
        assert way.millis <= limits.stretch * best
        assert way.millis - shared <= limits.stretch * (best - shared)
        _assert_no_detour(network, closed, start, way, limits.local * best)


def _assert_no_detour(network: Network, closed: Bools, start: int, way: Path, part: float) -> None:
    """Every part of a path up to some time is a fastest path between its ends."""
    nodes = np.concatenate([[start], network.head[way.arcs]])
    passed = np.concatenate([[0], np.cumsum(network.millis[way.arcs])])
    assert len(set(nodes.tolist())) == len(nodes)
    times = times_between(network, nodes, nodes, closed)
    last = np.searchsorted(passed, passed + part, side="right") - 1
    for i, j in enumerate(last):
        assert times[i, j] == passed[j] - passed[i]
